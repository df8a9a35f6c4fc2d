"""Whom the chase can ask beside the bank of an account: the clearing house, and the banks that answer within seconds.

Theory. A bank counts as connected to the watch when its answers are usually there within QUICK_S: only then can it
delay money on arrival. That is measured, not configured, over the latest orders; a bank that answered that it does not
do this kind of order is not asked again. Watches go to the WATCHING_MAX banks that keep most of the latest accounts
that stolen money was traced to. Known for KEPT_S by each process, since it changes slowly and is asked at every answer;
what is looked at has a limit, since all of it is within one step.
"""

from datetime import datetime

from django.db import connection

from wuzha.control.models import Order
from wuzha.kernel.kept import Kept
from wuzha.partners.models import Partner
from wuzha.partners.protocol import Kind, Outcome
from wuzha.tracing.chase import Reach

QUICK_S = 20.0
ANSWERS_MIN = 5  # so many answers must be known of a bank
ORDERS_LOOKED_AT_MAX = 5_000
ACCOUNTS_LOOKED_AT_MAX = 5_000
WATCHING_MAX = 12
KEPT_S = 60.0


_QUICK = """
    SELECT partner_id FROM (
        SELECT partner_id, extract(epoch FROM answered_at - queued_at) AS waited_s FROM control_order
        WHERE kind = 'stop' AND answered_at IS NOT NULL AND queued_at IS NOT NULL ORDER BY created_at DESC LIMIT %s
    ) latest
    WHERE partner_id = ANY(%s) GROUP BY partner_id
    HAVING count(*) >= %s AND percentile_cont(0.5) WITHIN GROUP (ORDER BY waited_s) <= %s
"""
_KEEPERS = """
    SELECT bank FROM (SELECT bank FROM tracing_tracedaccount ORDER BY id DESC LIMIT %s) latest
    WHERE bank = ANY(%s) GROUP BY bank ORDER BY count(*) DESC, bank LIMIT %s
"""


def measure() -> Reach:
    """The reach, from the partners and their latest answers."""
    kinds = dict(
        Partner.objects.filter(active=True, mode="api", kind__in=("bank", "payment", "clearing"))
        .order_by("code")
        .values_list("code", "kind")
    )
    clearing = next((code for code, kind in kinds.items() if kind == "clearing"), "")
    banks = [code for code, kind in kinds.items() if kind != "clearing"]
    cannot = Order.objects.filter(outcome=Outcome.UNSUPPORTED.value, kind=Kind.WATCH_ARRIVALS.value)
    unable = set(cannot.values_list("partner_id", flat=True).distinct())
    with connection.cursor() as cursor:
        cursor.execute(_QUICK, [ORDERS_LOOKED_AT_MAX, banks, ANSWERS_MIN, QUICK_S])
        quick = {code for (code,) in cursor.fetchall()} - unable
        cursor.execute(_KEEPERS, [ACCOUNTS_LOOKED_AT_MAX, sorted(quick), WATCHING_MAX])
        return Reach(clearing, frozenset(code for (code,) in cursor.fetchall()))


_kept = Kept(measure, KEPT_S)
forget = _kept.forget


def reach_of(now: datetime) -> Reach:
    """The reach of the centre as of now, or of up to KEPT_S ago."""
    return _kept.at(now)
