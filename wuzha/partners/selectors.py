"""What the pages read of partners: names, choices, and how well each can be reached."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from wuzha.partners.models import Partner
from wuzha.people.selectors import unit_name

BANK_KINDS = ("bank", "payment", "clearing")
NUMBER_KINDS = ("operator", "platform")


def partner_name(partner: Partner) -> str:
    """A partner's name in the reader's language."""
    return unit_name(partner.unit)


def partner_names() -> dict[str, str]:
    """Names by code, of all partners."""
    return {partner.code: partner_name(partner) for partner in Partner.objects.select_related("unit")}


def choices(*kinds: str) -> list[tuple[str, str]]:
    """(code, name) of the active partners, of these kinds when any are named."""
    partners = Partner.objects.filter(active=True).select_related("unit").order_by("code")
    return [(p.code, partner_name(p)) for p in (partners.filter(kind__in=kinds) if kinds else partners)]


def bank_choices() -> list[tuple[str, str]]:
    """(code, name) of whoever keeps accounts."""
    return choices(*BANK_KINDS)


def health(*, now: datetime) -> list[dict[str, Any]]:
    """Each partner with its breaker, what waits for it and when it last answered."""
    partners = Partner.objects.select_related("unit").annotate(
        due=Count("outbox", filter=Q(outbox__state="due"), distinct=True),
        dead=Count("outbox", filter=Q(outbox__state="dead"), distinct=True),
        attempts=Max("outbox__attempts", filter=Q(outbox__state="due")),
    )
    rows = []
    for partner in partners.order_by("-failures", "code"):
        rows.append(
            {
                "code": partner.code,
                "name": partner_name(partner),
                "kind": partner.kind,
                "mode": partner.mode,
                "active": partner.active,
                "breaker_open": bool(partner.open_until and partner.open_until > now),
                "open_until": partner.open_until,
                "failures": partner.failures,
                "last_ok_at": partner.last_ok_at,
                "last_error": partner.last_error,
                "due": partner.due,
                "dead": partner.dead,
                "attempts": partner.attempts or 0,
            }
        )
    return rows
