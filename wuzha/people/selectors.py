"""What the pages read of officers and units."""

from typing import Any

from django.utils.translation import get_language

from wuzha.people.models import Officer, Unit
from wuzha.people.words import role_does, role_name

OFFICERS_SHOWN_MAX = 1_000
UNITS_SHOWN_MAX = 2_000


def unit_name(unit: Unit | None) -> str:
    """A unit's name in the reader's language."""
    if unit is None:
        return ""
    return unit.name_en if get_language() == "en" and unit.name_en else unit.name_zh


def unit_choices() -> list[tuple[str, str]]:
    """(code, name) of all units, the centre's own first."""
    order = {kind: n for n, kind in enumerate(("centre", "district", "station", "police"))}
    units = sorted(Unit.objects.all()[:UNITS_SHOWN_MAX], key=lambda unit: (order.get(unit.kind, 9), unit.code))
    return [(unit.code, f"{unit_name(unit)} ({unit.code})") for unit in units]


def officer_rows() -> list[dict[str, Any]]:
    """Everybody who may or might sign in."""
    officers = Officer.objects.select_related("unit").order_by("-is_active", "role", "username")
    return [officer_row(officer) for officer in officers[:OFFICERS_SHOWN_MAX]]


def officer_row(officer: Officer) -> dict[str, Any]:
    """One officer for a table or page."""
    return {
        "id": officer.pk,
        "username": officer.username,
        "full_name": officer.full_name,
        "badge": officer.badge,
        "role": officer.role,
        "role_name": role_name(officer.role),
        "unit": unit_name(officer.unit),
        "unit_code": officer.unit.code if officer.unit else "",
        "active": officer.is_active,
        "sample": officer.is_sample,
        "must_change": officer.must_change_password,
        "last_login": officer.last_login,
    }


def samples() -> list[dict[str, str]]:
    """The demo's sample accounts, for its sign-in page."""
    officers = {officer.role: officer for officer in Officer.objects.filter(is_sample=True, is_active=True)}
    return [
        {"username": officers[role].username, "role": role_name(role), "does": role_does(role)}
        for role in _ROLE_ORDER
        if role in officers
    ]


_ROLE_ORDER = (
    "commander", "call_taker", "control_officer", "approver", "bank_liaison", "operator_liaison", "station_officer",
    "analyst", "administrator",
)  # fmt: skip
