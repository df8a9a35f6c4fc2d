"""Setting up a real centre, and the commands at its machine, each as the program that an administrator starts."""

import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

INIT = ["init", "--code", "XZ", "--name", "锡州市反诈中心", "--admin", "fangzheng", "--password-stdin"]


@pytest.fixture
def centre_dir():
    """A data folder that PostgreSQL's own user can reach."""
    with tempfile.TemporaryDirectory(prefix="wuzha-centre-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def wuzha(folder, *arguments, stdin=""):
    """Run one command in a centre of its own; returns the finished process."""
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "WUZHA_DEMO")}
    environment |= {"WUZHA_DATA": str(folder), "LANG": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "wuzha", *arguments],
        input=stdin, text=True, capture_output=True, env=environment, timeout=90, check=False,
    )  # fmt: skip


def test_a_centre_is_set_up_once_with_keys_of_its_own(centre_dir):
    done = wuzha(centre_dir, *INIT, stdin="moon-teapot-7781\n")
    assert done.returncode == 0, done.stderr
    keys_file = centre_dir / "keys" / "centre.json"
    keys = json.loads(keys_file.read_text())
    assert keys["code"] == "XZ"
    assert len(keys["secret_key"]) > 50
    assert stat.S_IMODE(keys_file.stat().st_mode) == 0o600
    again = wuzha(centre_dir, *INIT, stdin="moon-teapot-7781\n")
    assert again.returncode == 2
    assert "Nothing was changed" in again.stderr
    assert json.loads(keys_file.read_text()) == keys
    added = wuzha(centre_dir, "user", "add", "linxiao", "--role", "call_taker")
    assert "one-time password" in added.stdout
    listed = wuzha(centre_dir, "user", "list").stdout
    assert "fangzheng" in listed
    assert "linxiao" in listed
    verified = wuzha(centre_dir, "journal", "verify")
    assert (verified.returncode, "whole" in verified.stdout) == (0, True)


def test_a_weak_password_leaves_a_centre_that_can_be_set_up_again(centre_dir):
    refused = wuzha(centre_dir, *INIT, stdin="123\n")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    assert not (centre_dir / "keys").exists()
    assert wuzha(centre_dir, *INIT, stdin="moon-teapot-7781\n").returncode == 0


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_centre_without_keys_does_not_serve(centre_dir, command):
    refused = wuzha(centre_dir, command)
    assert refused.returncode == 2
    assert "wuzha init" in refused.stderr
