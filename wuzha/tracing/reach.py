"""Whom the chase can ask beside the bank of an account: the clearing house, and the banks that answer within seconds.

Theory. A bank counts as connected to the watch when its answers are usually there within QUICK_S: only then can it
delay money on arrival. That is measured, not configured, over the latest orders; a bank that answered that it does not
do this kind of order is not asked again. Watches go to the WATCHING_MAX banks that keep most of the accounts that
stolen money was ever traced to. Known for KEPT_S by each process, since it changes slowly and is asked at every answer.
"""

from datetime import datetime
from statistics import median

from django.db.models import Count

from wuzha.control.models import Order
from wuzha.kernel.kept import Kept
from wuzha.partners.models import Partner
from wuzha.partners.protocol import Kind, Outcome
from wuzha.tracing.chase import Reach
from wuzha.tracing.models import TracedAccount

QUICK_S = 20.0
ANSWERS_MIN = 5  # so many answers must be known of a bank
ORDERS_LOOKED_AT_MAX = 5_000
WATCHING_MAX = 12
KEPT_S = 60.0


def measure() -> Reach:
    """The reach, from the partners and their latest answers."""
    kinds = dict(
        Partner.objects.filter(active=True, mode="api", kind__in=("bank", "payment", "clearing"))
        .order_by("code")
        .values_list("code", "kind")
    )
    clearing = next((code for code, kind in kinds.items() if kind == "clearing"), "")
    cannot = Order.objects.filter(outcome=Outcome.UNSUPPORTED.value, kind=Kind.WATCH_ARRIVALS.value)
    unable = set(cannot.values_list("partner_id", flat=True).distinct())
    latest = Order.objects.filter(kind=Kind.STOP.value).exclude(answered_at=None).exclude(queued_at=None)
    waits: dict[str, list[float]] = {}
    for code, queued_at, answered_at in latest.order_by("-created_at").values_list(
        "partner_id", "queued_at", "answered_at"
    )[:ORDERS_LOOKED_AT_MAX]:
        waits.setdefault(code, []).append((answered_at - queued_at).total_seconds())
    quick = {
        code
        for code, seconds in waits.items()
        if kinds.get(code) in ("bank", "payment") and len(seconds) >= ANSWERS_MIN and median(seconds) <= QUICK_S
    } - unable
    kept = TracedAccount.objects.filter(bank__in=quick).values("bank").annotate(n=Count("id")).order_by("-n", "bank")
    return Reach(clearing, frozenset(row["bank"] for row in kept[:WATCHING_MAX]))


_kept = Kept(measure, KEPT_S)
forget = _kept.forget


def reach_of(now: datetime) -> Reach:
    """The reach of the centre as of now, or of up to KEPT_S ago."""
    return _kept.at(now)
