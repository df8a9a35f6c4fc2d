"""Names of roles and what each does, in words for the pages."""

from django.utils.translation import gettext

from wuzha.kernel.refusals import _
from wuzha.people.rules import Role

ROLES: dict[Role, tuple[str, str]] = {
    Role.CALL_TAKER: (_("Call taker"), _("Takes reports while the victim speaks")),
    Role.CONTROL_OFFICER: (_("Control officer"), _("Watches the orders and the clocks")),
    Role.APPROVER: (_("Approver"), _("Authorises cases, approves single orders")),
    Role.BANK_LIAISON: (_("Bank liaison"), _("Answers the orders to one bank")),
    Role.OPERATOR_LIAISON: (_("Operator liaison"), _("Answers orders about numbers and links")),
    Role.STATION_OFFICER: (_("Station officer"), _("Sees the cases of the own jurisdiction")),
    Role.ANALYST: (_("Analyst"), _("Looks for what cases have in common")),
    Role.COMMANDER: (_("Commander"), _("Sees the whole situation")),
    Role.ADMINISTRATOR: (_("Administrator"), _("Officers, partners, the journal")),
}


def role_name(role: str) -> str:
    """A role's name in the reader's language."""
    return gettext(ROLES[Role(role)][0]) if role in list(Role) else role


def role_does(role: str) -> str:
    """What a role does, in a few words."""
    return gettext(ROLES[Role(role)][1]) if role in list(Role) else ""


def role_choices() -> list[tuple[str, str]]:
    """(value, name) of all roles."""
    return [(role.value, gettext(name)) for role, (name, _does) in ROLES.items()]
