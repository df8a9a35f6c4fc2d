"""`wuzha init`: set up a real centre: its name, its own keys, its first administrator; no sample, no default secret."""

import argparse
import getpass
import sys
from pathlib import Path

from wuzha.commands import centre, data_dir
from wuzha.kernel.refusals import Refusal, _

CODE_LENGTH_MAX = 16
TRIES_MAX = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is not given is asked for at the terminal; the password may come on standard input instead."""
    parser.add_argument("--code", help="short code of the centre, e.g. XZ (letters, digits, -)")
    parser.add_argument("--name", help="name of the centre in Chinese")
    parser.add_argument("--name-en", default="", help="name of the centre in English")
    parser.add_argument("--admin", help="user name of the first administrator")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def run(args: argparse.Namespace) -> int:
    """Make keys and the first administrator; refuses a centre that has them."""
    data = data_dir()
    if (data / "keys" / "centre.json").exists():
        raise Refusal("init.done", _("This centre has its keys already (%(where)s). Nothing was changed."), where=data)
    code = args.code or _ask("Code of the centre (e.g. XZ): ")
    if not code or len(code) > CODE_LENGTH_MAX or not code.replace("-", "").isalnum() or not code.isascii():
        raise Refusal("init.code", _("A centre's code has up to 16 letters, digits and -."), field="code")
    name = args.name or _ask("Name of the centre: ")
    admin = args.admin or _ask("User name of the first administrator: ")
    password = sys.stdin.readline().rstrip("\n") if args.password_stdin else _ask_password()
    with centre():
        _set_up(data, code, name, args.name_en, admin, password)
    print(f"{name} is set up; its keys are in {data / 'keys'}. Start it with: wuzha run")
    return 0


def _set_up(data: Path, code: str, name: str, name_en: str, admin: str, password: str) -> None:
    from django.utils import timezone

    from wuzha.commands.keys import make_keys
    from wuzha.commands.setup import lay_out_centre
    from wuzha.people.actions import add_officer
    from wuzha.people.models import Officer

    if Officer.objects.exists():
        raise Refusal(
            "init.database",
            _("The database has officers already. A new centre needs an empty database (DATABASE_URL, WUZHA_DATA)."),
        )
    unit = lay_out_centre(name, name_en)
    add_officer(
        username=admin, password=password, role="administrator", unit=unit, full_name=admin,
        by="init", now=timezone.now(),
    )  # fmt: skip
    # Keys come last: a centre whose first administrator was refused has none and can be set up again.
    make_keys(data / "keys" / "centre.json", code)


def _ask(question: str) -> str:
    return input(question).strip()


def _ask_password() -> str:
    for _attempt in range(TRIES_MAX):
        first = getpass.getpass("Password (at least 10 characters): ")
        if first == getpass.getpass("The same again: "):
            return first
        print("The two differ; once more.")
    raise Refusal("init.password", _("The passwords differed. Start again."))
