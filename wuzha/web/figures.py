"""The commander's first screen as plain values: what is at risk now, what is due next, what is held today.

Sums are of CNY cases: other currencies cannot be added honestly and stand on their own cases' pages.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMinute
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
SLOTS_SHOWN = 24
YOUNG_S = 3 * 3_600

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
            **_answered(midnight, orders["late"]),
        },
        "money": [{"tone": tone, "name": name, "amount_minor": sums[tone]} for tone, name in names.items()],
        "sums": sums,
        "due": control.due_next(now=now, limit=DUE_SHOWN),
        "due_late": orders["late"],
        "bars": _bars(now),
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


def _answered(since: datetime, overdue: int) -> Row:
    """How many orders were answered since an instant, and the share in time of those answered or overdue (percent)."""
    answered = Order.objects.filter(answered_at__gte=since).aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(late_s__gt=0))
    )
    counted = answered["all"] + overdue
    share = round(100 * (answered["all"] - answered["late"]) / counted) if counted else None
    return {"answered": answered["all"], "in_time_share": share}


def _unknown(since: datetime) -> int:
    return unknown_minor(TracedAccount.objects.filter(case__opened_at__gte=since, currency="CNY"))


def _bars(now: datetime) -> Row:
    """Reported and held over time, oldest first (CNY minor units): by hour over a day, or, while the centre is younger
    than YOUNG_S, by five minutes over two hours. {"by": "hour" or "minutes", "slots": [...]}"""
    first = Case.objects.order_by("opened_at").values_list("opened_at", flat=True).first()
    young = first is None or (now - first).total_seconds() < YOUNG_S
    slot = timedelta(minutes=5) if young else timedelta(hours=1)
    local = timezone.localtime(now).replace(second=0, microsecond=0)
    start = local.replace(minute=local.minute // 5 * 5 if young else 0) - slot * (SLOTS_SHOWN - 1)
    slots = [start + slot * n for n in range(SLOTS_SHOWN)]
    reported = Case.objects.filter(opened_at__gte=start, currency="CNY").annotate(minute=TruncMinute("opened_at"))
    held = Order.objects.filter(effective_at__gte=start, kind="stop", currency="CNY").annotate(
        minute=TruncMinute("effective_at")
    )
    sums = {
        "reported": reported.order_by().values_list("minute").annotate(sum=Sum("reported_minor")),
        "held": held.order_by().values_list("minute").annotate(sum=Sum("held_minor")),
    }
    bars: list[Row] = [
        {
            "label": date_format(at, "H" if not young else "H:i") if not young or at.minute % 15 == 0 else "",
            "title": date_format(at, "H:i"),
            "reported": 0,
            "held": 0,
        }
        for at in slots
    ]
    for name, rows in sums.items():
        for minute, amount in rows:
            bars[min(SLOTS_SHOWN - 1, int((minute - start) / slot))][name] += amount or 0
    return {"by": "minutes" if young else "hour", "slots": bars}
