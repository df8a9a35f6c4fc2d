"""A centre whose programs are killed loses nothing and doubles nothing (the short form of `make crash-test`)."""

import json
import os
import subprocess
import sys

import pytest

KILLS = 6
LIMIT_S = 240


@pytest.mark.slow
@pytest.mark.row("R-203")
def test_six_kills_lose_and_double_nothing():
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "WUZHA_"))}
    command = [sys.executable, "-m", "wuzha.commands.crash_test", "--kills", str(KILLS)]
    command += ["--every-s", "2.5", "--seed", "5", "--json"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["verdict"] == {"clean": True, "findings_n": 0, "findings": []}
    assert sum(told[f"kills_{name}"] for name in ("worker", "web", "postgres")) == KILLS
    assert told["reported"] >= 3
    assert sum(told["orders"].values()) > 20
    assert told["held_minor"] > 0
