"""Why an order stands where it stands: money still there, how young it is, how long the bank usually takes.

For open orders about accounts on stolen money's way, two reads for a whole table. What a bank usually takes is learned
from its answers (`control.paces`); the money and its age are those of the trace as it stands now.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wuzha.analysis.saved_words import span_text
from wuzha.control.models import Order
from wuzha.control.paces import paces_at
from wuzha.partners.protocol import Kind
from wuzha.tracing.models import TracedAccount
from wuzha.tracing.views import about

ENDING = (Kind.STOP_RELEASE.value, Kind.WATCH_RELEASE.value)  # these save nothing: money's age does not matter

Row = dict[str, Any]


def with_reasons(rows: Sequence[Row], *, now: datetime) -> Sequence[Row]:
    """The rows of `control.selectors`, the open ones with "next": {"still_minor", "age", "usual"} ("" when unknown)."""
    still_open = {row["id"]: row for row in rows if row["is_open"] and row["target_kind"] == "account"}
    if not still_open:
        return rows
    orders = list(Order.objects.filter(pk__in=list(still_open)).defer("transfer"))
    keys = {order.pk: about(order) for order in orders}
    traced = TracedAccount.objects.filter(case_id__in={o.case_id for o in orders}, key__in=set(keys.values()))
    known = {(account.case_id, account.key): account for account in traced}
    paces = paces_at(now)
    for order in orders:
        account, usual_s = known.get((order.case_id, keys[order.pk])), paces.get((order.partner_id, order.kind))
        came_at = account.last_in_at if account and order.kind not in ENDING else None
        if came_at is None and usual_s is None:
            continue
        still_open[order.pk]["next"] = {
            "still_minor": max(0, account.stolen_now_minor - account.held_minor) if account and came_at else 0,
            "age": span_text(max(0.0, (now - came_at).total_seconds())) if came_at else "",
            "usual": span_text(usual_s) if usual_s is not None else "",
        }
    return rows
