"""The command line: its overview is whole and light, and what is refused is said without a traceback."""

import argparse
import importlib
import shlex
import subprocess
import sys
import types

import pytest

from wuzha import cli
from wuzha.kernel.refusals import Refusal, Refusals
from wuzha.pg_place import PostgresError

FOR_MODULES = [command for command in cli.COMMANDS if command.module]


@pytest.fixture
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def standing_in(monkeypatch, run):
    """Let the command `worker` do what `run` does."""
    module = types.SimpleNamespace(add_arguments=lambda parser: parser.add_argument("--n", type=int), run=run)
    monkeypatch.setattr(cli.importlib, "import_module", lambda name: module)


def test_overview_names_every_command_with_an_example(english, capsys):
    assert cli.main(["--help"]) == 0
    said = capsys.readouterr().out
    for command in cli.COMMANDS:
        assert f"  {command.name} " in said
        assert f"$ {command.example}" in said
        assert command.example.startswith(f"wuzha {command.name}")


def test_overview_loads_nothing_heavy():
    probe = "import sys; from wuzha import cli; cli.main(['--help']); print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    for heavy in ("django", "numpy", "numba", "psycopg", "aiohttp", "asyncio"):
        assert f"'{heavy}'" not in loaded


@pytest.mark.parametrize("command", FOR_MODULES, ids=lambda command: command.name)
def test_the_example_of_each_command_is_understood(command):
    parser = argparse.ArgumentParser()
    importlib.import_module(command.module).add_arguments(parser)
    parser.parse_args(shlex.split(command.example)[2:])


def test_a_command_gets_its_arguments_and_gives_the_exit_code(monkeypatch):
    standing_in(monkeypatch, lambda args: args.n)
    assert cli.main(["worker", "--n", "7"]) == 7


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (Refusal("x", "%(what)s is closed.", what="100% bank"), 2, "wuzha: 100% bank is closed.\n"),
        (Refusal("x", "A rate of 5% is too high."), 2, "wuzha: A rate of 5% is too high.\n"),
        (Refusals([Refusal("x", "One."), Refusal("x", "Two.")]), 2, "wuzha: One.\nwuzha: Two.\n"),
        (PostgresError("PostgreSQL was not found."), 1, "wuzha: PostgreSQL was not found.\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_a_refusal_is_a_message_and_no_traceback(english, monkeypatch, capsys, raised, code, said):
    def run(_args):
        raise raised

    standing_in(monkeypatch, run)
    assert cli.main(["worker"]) == code
    assert capsys.readouterr().err == said


def test_a_fault_of_the_program_is_not_hidden(monkeypatch):
    def run(_args):
        raise RuntimeError("a fault")

    standing_in(monkeypatch, run)
    with pytest.raises(RuntimeError, match="a fault"):
        cli.main(["worker"])


def test_an_unknown_command_is_refused(english, capsys):
    assert cli.main(["chase"]) == 2
    assert "There is no command “chase”" in capsys.readouterr().err


def test_a_closed_reader_is_no_fault():
    command = f"{shlex.quote(sys.executable)} -m wuzha.cli --help | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
