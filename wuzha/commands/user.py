"""`wuzha user`: add an officer or set a new password, at the machine itself."""

import argparse

from wuzha.kernel.refusals import Refusal, _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`add NAME --role ROLE [--unit CODE]`, `password NAME`, `list`."""
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="add an officer; prints a password to be changed at the first sign-in")
    add.add_argument("username")
    add.add_argument("--role", required=True)
    add.add_argument("--unit", default="CENTRE", help="code of the unit")
    add.add_argument("--name", default="", help="full name")
    password = actions.add_parser("password", help="give an officer a new one-time password")
    password.add_argument("username")
    actions.add_parser("list", help="list the officers")


def run(args: argparse.Namespace) -> int:
    """Act on the centre's database (the embedded one is started if need be)."""
    from wuzha.commands import centre

    with centre():
        return _act(args)


def _act(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from wuzha.people import actions
    from wuzha.people.models import Officer, Unit

    now = timezone.now()
    if args.action == "list":
        for officer in Officer.objects.select_related("unit").order_by("username"):
            state = "" if officer.is_active else " (disabled)"
            print(f"{officer.username:<20} {officer.role:<18} {officer.unit.code if officer.unit else '-'}{state}")
        return 0
    if args.action == "add":
        unit = Unit.objects.filter(code=args.unit).first()
        if unit is None:
            raise Refusal("unit.unknown", _("There is no unit %(code)s."), code=args.unit)
        password = actions.one_time_password()
        actions.add_officer(
            username=args.username, password=password, role=args.role, unit=unit, full_name=args.name,
            must_change=True, by="terminal", now=now,
        )  # fmt: skip
    else:
        officer = Officer.objects.filter(username=args.username).first()
        if officer is None:
            raise Refusal("officer.unknown", _("There is no officer %(name)s."), name=args.username)
        password = actions.one_time_password()
        actions.set_password(officer=officer, password=password, must_change=True, by="terminal", now=now)
    print(f"{args.username}: one-time password {password}")
    return 0
