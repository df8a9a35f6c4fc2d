"""Why an order stands where it stands: what of the money is still there, how young it is, how long its bank takes.

The words for `tracing.worklist`: the same worth by which a bank's clerks are told what comes first, so that the board,
the liaison's page and the clerks' list never say two things. What a bank usually takes is learned from its answers.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wuzha.analysis.saved_words import span_text
from wuzha.control.models import Order
from wuzha.control.paces import paces_at
from wuzha.control.selectors import time_level
from wuzha.tracing.worklist import Ranked, ranked, read
from wuzha.tracing.worth import Why

ROUGH_DIGITS = 2  # an expectation is told no more exactly than it is known
WITH_AGE = frozenset({Why.REST, Why.LEAVING, Why.MISSED})

Row = dict[str, Any]


def with_reasons(rows: Sequence[Row], *, now: datetime, known: Mapping[UUID, Ranked] | None = None) -> Sequence[Row]:
    """The rows of `control.selectors`, the open ones about accounts with "next": {"why", "all_minor", "still_minor",
    "left_minor", "age", "usual"} (texts "" when unknown). known: places that were worked out already."""
    still_open = {row["id"]: row for row in rows if row["is_open"] and row["target_kind"] == "account"}
    if not still_open:
        return rows
    if known is None:
        known = ranked(read(Order.objects.filter(pk__in=list(still_open))), now=now)
    paces = paces_at(now)
    for order_id, row in still_open.items():
        if order_id in known and (reason := _reason(known[order_id], paces.get((row["partner_code"], row["kind"])))):
            row["next"] = reason
    return rows


def most_worth_first(rows: Sequence[Row], *, now: datetime) -> Sequence[Row]:
    """Open rows as the board shows them: late, then soon due, and in each what saves most at this moment; with reasons.

    `control.selectors.board` sorts by what was at stake when an order was sent; since then money came and went.
    """
    known = ranked(read(Order.objects.filter(pk__in=[row["id"] for row in rows])), now=now)
    worth = {order_id: place.worth_minor for order_id, place in known.items()}
    first = sorted(rows, key=lambda row: (time_level(row["due_at"], now), -worth.get(row["id"], 0.0)))
    return with_reasons(first, now=now, known=known)


def _reason(place: Ranked, usual_s: float | None) -> Row | None:
    if place.why is Why.BESIDE and usual_s is None:
        return None
    still_minor = min(place.free_minor, _rough(place.free_minor * place.there))
    return {
        "why": place.why.value,
        "all_minor": place.free_minor,
        "still_minor": still_minor,
        "left_minor": _rough(place.free_minor - still_minor),
        "age": span_text(place.came_s) if place.why in WITH_AGE else "",
        "usual": span_text(usual_s) if usual_s is not None else "",
    }


def _rough(minor: float) -> int:
    """A sum to ROUGH_DIGITS digits."""
    return round(round(minor), ROUGH_DIGITS - len(str(round(minor))))
