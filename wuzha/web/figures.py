"""The commander's first screen as plain values: what is at risk now, what is due next, what is held today.

Sums are of CNY cases: other currencies cannot be added honestly and stand on their own cases' pages.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncHour
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wuzha.control import selectors as control
from wuzha.control.models import Order
from wuzha.intake import selectors as intake
from wuzha.intake.models import Case
from wuzha.people.rules import Can, may
from wuzha.tracing.models import TracedAccount
from wuzha.tracing.selectors import unknown_minor

DUE_SHOWN = 8
CASES_SHOWN = 8
HOURS_SHOWN = 24

Row = dict[str, Any]


def situation(*, now: datetime, role: str) -> Row:
    """Everything of the first screen."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today, live = intake.totals(since=midnight), intake.totals()
    orders = control.counts(now=now)
    unknown = _unknown(midnight)
    lost_or_safe = today["held"] + today["gone"] + today["returned"]
    unknown = min(unknown, max(0, today["reported"] - lost_or_safe))
    at_risk = max(0, today["reported"] - lost_or_safe - unknown)
    names = {
        "held": _("Held"), "asking": _("At risk"), "gone": _("Gone"), "unknown": _("Unknown"), "moved": _("Came back"),
    }  # fmt: skip
    sums = {
        "held": today["held"], "asking": at_risk, "gone": today["gone"], "unknown": unknown, "moved": today["returned"],
    }  # fmt: skip
    return {
        "day": date_format(timezone.localtime(now), "DATE_FORMAT"),
        "next_action": _next_action(orders, role),
        "risk": {
            "amount_minor": max(0, live["reported"] - live["held"] - live["gone"] - live["returned"]),
            "cases": live["cases"],
            "orders": orders["open"],
        },
        "today": {
            "held_minor": today["held"],
            "accounts": control.accounts_held(since=midnight),
            "reported_minor": today["reported"],
            "cases": today["cases"],
            "held_share": round(100 * today["held"] / today["reported"]) if today["reported"] else 0,
            **_answered(midnight),
        },
        "money": [{"tone": tone, "name": name, "amount_minor": sums[tone]} for tone, name in names.items()],
        "sums": sums,
        "due": control.due_next(now=now, limit=DUE_SHOWN),
        "due_late": orders["late"],
        "hours": _hours(now),
        "cases": intake.cases_at_risk(limit=CASES_SHOWN),
    }


def _next_action(orders: Row, role: str) -> Row | None:
    if orders["proposed"] and may(role, Can.APPROVE):
        words = ngettext("%(n)s order waits for you", "%(n)s orders wait for you", orders["proposed"])
        return {"url": reverse("approvals"), "text": words % {"n": orders["proposed"]}}
    if orders["late"] and may(role, Can.SEE_ORDERS):
        words = ngettext("%(n)s order is late", "%(n)s orders are late", orders["late"])
        return {"url": reverse("board") + "?show=late", "text": words % {"n": orders["late"]}}
    return None


def _answered(since: datetime) -> Row:
    """How many orders were answered since an instant, and the share of them in time (percent, None when none were)."""
    answered = Order.objects.filter(answered_at__gte=since).aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(late_s__gt=0))
    )
    share = round(100 * (answered["all"] - answered["late"]) / answered["all"]) if answered["all"] else None
    return {"answered": answered["all"], "in_time_share": share}


def _unknown(since: datetime) -> int:
    return unknown_minor(TracedAccount.objects.filter(case__opened_at__gte=since, currency="CNY"))


def _hours(now: datetime) -> list[Row]:
    """Reported and held by hour over the last HOURS_SHOWN hours, oldest first (CNY minor units)."""
    start = timezone.localtime(now).replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS_SHOWN - 1)
    reported = (
        Case.objects.filter(opened_at__gte=start, currency="CNY")
        .annotate(hour=TruncHour("opened_at"))
        .values_list("hour")
        .annotate(sum=Sum("reported_minor"))
    )
    held = (
        Order.objects.filter(effective_at__gte=start, kind="stop", currency="CNY")
        .annotate(hour=TruncHour("effective_at"))
        .values_list("hour")
        .annotate(sum=Sum("held_minor"))
    )
    by_hour = {"reported": dict(reported), "held": dict(held)}
    hours = [start + timedelta(hours=n) for n in range(HOURS_SHOWN)]
    return [
        {
            "label": date_format(hour, "H"),
            "title": date_format(hour, "H:i"),
            "reported": by_hour["reported"].get(hour, 0),
            "held": by_hour["held"].get(hour, 0),
        }
        for hour in hours
    ]
