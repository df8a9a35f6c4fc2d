"""The shell around every page: the centre's name, the desks of one's role with what waits there, theme, live feed.

One lazy object of the context: a fragment that shows none of it asks the database nothing.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from wuzha.control import selectors as control
from wuzha.control.selectors import partner_code
from wuzha.kernel.refusals import _
from wuzha.people.models import Officer, Unit
from wuzha.people.rules import Can, Role, may
from wuzha.people.selectors import unit_name
from wuzha.people.words import role_name

HTMX = "vendor/htmx-2.0.11/htmx.min.js"
IDIOMORPH = "vendor/idiomorph-0.8.0/idiomorph-ext.min.js"
LIVE_URL = "/live"
THEME_COOKIE = "wuzha_theme"
DARK_MEDIA = {"dark": "all", "light": "not all"}
DARK_BY_SYSTEM = "(prefers-color-scheme: dark)"


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of the top bar: shown to who holds one of `needs`; `letter` follows g."""

    url: str
    name: str
    letter: str
    needs: tuple[Can, ...]


DESKS: tuple[Desk, ...] = (
    Desk("situation", _("Situation"), "h", (Can.SEE_FIGURES,)),
    Desk("intake", _("New report"), "n", (Can.TAKE_REPORT,)),
    Desk("board", _("Control board"), "b", (Can.SEE_ORDERS,)),
    Desk("batches", _("Batch verification"), "v", (Can.ORDER,)),
    Desk("grey-list", _("Grey list"), "m", (Can.IMPORT,)),
    Desk("approvals", _("Approvals"), "a", (Can.APPROVE,)),
    Desk("cases", _("Cases"), "c", (Can.SEE_CASES, Can.SEE_OWN_CASES)),
    Desk("search", _("Search"), "s", (Can.SEARCH,)),
    Desk("fraud-kinds", _("Kinds of fraud"), "k", (Can.SEE_FIGURES,)),
    Desk("liaison", _("Orders to us"), "l", (Can.ANSWER,)),
    Desk("officers", _("Officers"), "o", (Can.MANAGE_PEOPLE,)),
    Desk("partners", _("Partners"), "p", (Can.MANAGE_PARTNERS,)),
    Desk("journal", _("Journal"), "j", (Can.VERIFY_JOURNAL,)),
    Desk("policy", _("Limits and law"), "y", (Can.MANAGE_PEOPLE,)),
)

# Where a role starts: the desk of its one next action.
HOMES: dict[str, str] = {
    Role.CALL_TAKER: "intake",
    Role.CONTROL_OFFICER: "board",
    Role.APPROVER: "approvals",
    Role.BANK_LIAISON: "liaison",
    Role.OPERATOR_LIAISON: "liaison",
    Role.STATION_OFFICER: "cases",
    Role.ANALYST: "situation",
    Role.COMMANDER: "situation",
    Role.ADMINISTRATOR: "officers",
}


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: {"shell": ...}."""
    return {"shell": SimpleLazyObject(lambda: build(request))}


def build(request: HttpRequest) -> dict[str, Any]:
    """The shell's values for one reader."""
    dark = DARK_MEDIA.get(request.COOKIES.get(THEME_COOKIE, ""), DARK_BY_SYSTEM)
    base = {"centre": centre_name(), "dark_media": dark, "demo": settings.DEMO, "htmx": HTMX, "idiomorph": IDIOMORPH}
    officer = getattr(request, "user", None)
    if not isinstance(officer, Officer):
        return base
    return base | {
        "person": officer.full_name or officer.username,
        "role": role_name(officer.role),
        "unit": unit_name(officer.unit),
        "live": LIVE_URL,
        "now": timezone.now().isoformat(),
        "here": here(request),
        "desks": desks_of(officer, here(request)),
    }


def here(request: HttpRequest) -> str:
    """The desk that a page belongs to: its address' name, or the one the fragment was asked for."""
    match = request.resolver_match
    if match and match.url_name == "desks":
        return request.GET.get("here", "")[:20]
    name = match.url_name or "" if match else ""
    within = {"case": "cases", "statements": "cases", "batch": "batches", "new-batch": "batches"}
    within |= {"listing": "grey-list", "own-listings": "liaison", "own-listing": "liaison"}
    within |= {"order": "board", "liaison-order": "liaison", "officer": "officers", "saved": "situation"}
    return within.get(name, name)


def desks_of(officer: Officer, current: str) -> list[dict[str, Any]]:
    """The desks of a role, each with its key and how much waits there."""
    waiting = waiting_of(officer)
    return [
        {
            "url": reverse(desk.url),
            "name": gettext(desk.name),
            "letter": desk.letter,
            "keys": f"g {desk.letter}",
            "here": desk.url == current,
            "count": waiting.get(desk.url, (0, False))[0],
            "late": waiting.get(desk.url, (0, False))[1],
        }
        for desk in DESKS
        if any(may(officer.role, capability) for capability in desk.needs)
    ]


def waiting_of(officer: Officer) -> dict[str, tuple[int, bool]]:
    """What waits at the desks of one person: url name -> (count, whether some is late)."""
    now = timezone.now()
    if may(officer.role, Can.ANSWER):
        return {"liaison": control.partner_counts(partner_code(officer), now=now)}
    if not (may(officer.role, Can.SEE_ORDERS) or may(officer.role, Can.APPROVE)):
        return {}
    counts = control.counts(now=now)
    return {"board": (counts["open"], counts["late"] > 0), "approvals": (counts["proposed"], False)}


def centre_name() -> str:
    """The name of this centre in the reader's language."""
    return unit_name(Unit.objects.filter(kind="centre").first()) or gettext("Anti-fraud centre")
