"""What the environment may say: a slip is a sentence that names the variable, not a traceback."""

import subprocess
import sys

import pytest

from wuzha import environment
from wuzha.kernel.refusals import Refusal
from wuzha.tracing.engine import Rule


@pytest.mark.parametrize(
    ("told", "name", "text", "fine"),
    [
        ("a port", "WUZHA_PORT", "8100", True),
        ("no number", "WUZHA_PORT", "abc", False),
        ("nothing at all", "WUZHA_PORT", "", False),
        ("no port of any machine", "WUZHA_PORT", "70000", False),
        ("a long number", "WUZHA_PORT", "9" * 5_000, False),
        ("digits of another script", "WUZHA_PORT", "八千", False),
        ("below the least", "WUZHA_ASKED_FROM_MINOR", "0", False),
        ("a rule", "WUZHA_TRACING_RULE", "pro-rata", True),
        ("no rule", "WUZHA_TRACING_RULE", "best", False),
        ("a switch", "WUZHA_HTTPS", "1", True),
        ("no switch", "WUZHA_HTTPS", "yes", False),
        ("PostgreSQL", "DATABASE_URL", "postgresql://centre@db/wuzha", True),
        ("the embedded one", "DATABASE_URL", "", True),
        ("another database", "DATABASE_URL", "mysql://root:secret@db/x", False),
        ("not ours", "PATH", "anything", True),
    ],
)
def test_each_variable_is_looked_at(told, name, text, fine):
    if fine:
        environment.check({name: text})
        return
    with pytest.raises(Refusal) as refused:
        environment.check({name: text})
    said = str(refused.value)
    assert name in said, told
    assert "secret" not in said, told


def test_every_rule_of_the_engine_may_be_chosen():
    assert set(environment.CHOICES["WUZHA_TRACING_RULE"]) <= {rule.value for rule in Rule}


def test_a_command_says_it_without_a_traceback():
    done = subprocess.run(
        [sys.executable, "-m", "wuzha", "run", "--demo"],
        env={"WUZHA_PORT": "abc", "LC_ALL": "zh_CN.UTF-8", "PYTHONPATH": "."},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "WUZHA_PORT" in done.stderr
    assert "Traceback" not in done.stderr
