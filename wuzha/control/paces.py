"""How long each partner usually takes for each kind of order, learned from its latest answers.

Theory. The median from sending to answering, over the latest ORDERS_LOOKED_AT_MAX answered orders of the centre: a few
that were stuck for a day do not move it. Fewer than ANSWERS_MIN answers say nothing. Known for KEPT_S by each process,
since it changes slowly and pages ask for it often.
"""

from collections.abc import Mapping
from datetime import datetime
from statistics import median

from wuzha.control.models import Order
from wuzha.kernel.kept import Kept

ORDERS_LOOKED_AT_MAX = 5_000
ANSWERS_MIN = 3
KEPT_S = 60.0

Paces = Mapping[tuple[str, str], float]  # (partner, kind of order) -> seconds


def measure() -> Paces:
    """The usual seconds, from the latest answers."""
    answered = Order.objects.exclude(answered_at=None).exclude(queued_at=None).order_by("-created_at")
    waits: dict[tuple[str, str], list[float]] = {}
    for partner, kind, queued_at, answered_at in answered.values_list("partner_id", "kind", "queued_at", "answered_at")[
        :ORDERS_LOOKED_AT_MAX
    ]:
        waits.setdefault((partner, kind), []).append(max(0.0, (answered_at - queued_at).total_seconds()))
    return {key: median(seconds) for key, seconds in waits.items() if len(seconds) >= ANSWERS_MIN}


_kept = Kept(measure, KEPT_S)
forget = _kept.forget


def paces_at(now: datetime) -> Paces:
    """The usual seconds as of now, or of up to KEPT_S ago."""
    return _kept.at(now)
