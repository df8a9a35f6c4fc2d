"""The `wuzha` command: one table of commands, each loaded only when it is asked for.

A command's module offers `add_arguments(parser)` and `run(args) -> int` (the exit code). What a command refuses is a
message on standard error and exit code 2, never a traceback. The terminal's language (LC_ALL, LC_MESSAGES, LANG)
chooses Chinese or English.
"""

import argparse
import gettext
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wuzha import __version__, environment
from wuzha.kernel.refusals import Refusal, Refusals, _

EXIT_FAILED = 1
EXIT_REFUSED = 2
EXIT_INTERRUPTED = 130
LOCALE_DIR = Path(__file__).resolve().parent / "locale"


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the table: the module is imported when the command is used."""

    name: str
    module: str
    help: str
    example: str


COMMANDS = (
    Command("run", "wuzha.commands.run", _("start the centre: database, pages, worker"), "wuzha run --demo"),
    Command("init", "wuzha.commands.init", _("set up a real centre: its keys and first administrator"), "wuzha init"),
    Command("web", "wuzha.commands.web", _("serve the pages and the partners' interface only"), "wuzha web"),
    Command("worker", "wuzha.commands.worker", _("deliver, react and watch the clocks only"), "wuzha worker"),
    Command(
        "user",
        "wuzha.commands.user",
        _("add an officer, or set a new password"),
        "wuzha user add linxiao --role call_taker",
    ),
    Command("migrate", "wuzha.commands.migrate", _("bring the database up to this version"), "wuzha migrate"),
    Command("journal", "wuzha.commands.journal", _("verify that no entry was changed"), "wuzha journal verify"),
    Command(
        "country",
        "wuzha.simulation.country_cli",
        _("run the simulated banks and operators only"),
        "wuzha country --config data/country.json",
    ),
    Command(
        "drill",
        "wuzha.commands.drill",
        _("run a drill without pages and print the auditor's verdict"),
        "wuzha drill --seed 7 --scenario mixed --report drill.html",
    ),
    Command(
        "replay",
        "wuzha.commands.replay",
        _("chase a real theft's flow file through the partner protocol"),
        "wuzha replay FLOWS.csv --sources SOURCES.csv --terminals TERMINALS.csv",
    ),
    Command(
        "trace",
        "wuzha.tracing.trace_cli",
        _("trace stolen money through a ledger file"),
        "wuzha trace LEDGER.csv --from ACCOUNT",
    ),
    Command(
        "statements",
        "wuzha.tracing.statements_cli",
        _("read statements of many banks into one ledger"),
        "wuzha statements FILES.zip",
    ),
    Command(
        "extract",
        "wuzha.intake.extract_cli",
        _("pick accounts, phones, addresses and sums out of free text"),
        "wuzha extract CALL.txt",
    ),
    Command(
        "kinds",
        "wuzha.intake.kinds_cli",
        _("train the kind of fraud on this centre's own decisions"),
        "wuzha kinds train DECIDED.jsonl",
    ),
    Command("bench", "wuzha.commands.bench", _("measure speed and the chase"), "wuzha bench --json"),
    Command("manage", "", _("Django's own commands on this centre's database"), "wuzha manage shell"),
)


def speak(text: str) -> str:
    """`text` in the terminal's language."""
    return gettext.translation("django", LOCALE_DIR, languages=_languages(), fallback=True).gettext(text)


def speaks_chinese() -> bool:
    """Whether the terminal's language is Chinese."""
    return _languages() == ["zh_Hans"]


def _languages() -> list[str]:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if wanted := os.environ.get(name):
            return ["zh_Hans"] if wanted.startswith("zh") else []
    return []


def overview() -> str:
    """What `wuzha --help` prints."""
    lines = [speak(_("Wuzha 天下无诈: the working software of an anti-fraud centre")), ""]
    lines += [speak(_("usage: wuzha COMMAND [options]; wuzha COMMAND --help tells more")), ""]
    for command in COMMANDS:
        lines += [f"  {command.name:<11} {speak(command.help)}", f"  {'':<11} $ {command.example}"]
    return "\n".join(lines)


def complain(text: str) -> None:
    """A message for the person, on standard error."""
    print(f"wuzha: {text}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    try:
        code = _dispatch(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
        return code
    except Refusal as refusal:
        complain(_said(refusal))
        return EXIT_REFUSED
    except Refusals as several:
        for each in several.refusals:
            complain(_said(each))
        return EXIT_REFUSED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of our output left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED
    except RuntimeError as error:
        if type(error).__name__ != "PostgresError":  # named, not imported: most commands need no database
            raise
        complain(str(error))
        return EXIT_FAILED


def _dispatch(given: list[str]) -> int:
    if not given or given[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    if given[0] in ("-V", "--version"):
        print(f"wuzha {__version__}")
        return 0
    command = next((command for command in COMMANDS if command.name == given[0]), None)
    if command is None:
        raise Refusal(
            "command.unknown", _("There is no command “%(name)s”; wuzha --help lists them."), name=given[0][:40]
        )
    environment.check(os.environ)
    return _manage(given[1:]) if command.name == "manage" else _run(command, given[1:])


def _run(command: Command, arguments: list[str]) -> int:
    module = importlib.import_module(command.module)
    parser = argparse.ArgumentParser(
        prog=f"wuzha {command.name}", description=speak(command.help), epilog=f"$ {command.example}"
    )
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(arguments)))


def _manage(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    from wuzha.commands import centre

    with centre():
        execute_from_command_line(["wuzha manage", *arguments])
    return 0


def _said(refusal: Refusal) -> str:
    text = speak(refusal.template)
    return text % refusal.values if refusal.values else text


if __name__ == "__main__":
    sys.exit(main())
