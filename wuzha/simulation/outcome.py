"""What came of a drill, in figures: from the auditor's books, not from either side's own sums."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from wuzha.simulation.auditor import Audit, Claims

EXITS = ("cash", "crypto", "abroad", "merchant", "fees")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Sums in minor units. `reported` thefts are those whose report the centre has; first_order_s by reported case,
    `_standing` where no approver had to be waited for. Seconds of the clock, which no drill makes faster."""

    thefts: int
    reported: int
    stolen_minor: int
    stolen_reported_minor: int
    unreported_minor: int
    held_minor: int
    resting_minor: int
    returned_minor: int
    lost_minor: Mapping[str, int]
    innocent_held_minor: int
    accounts_touched: int
    orders: Mapping[str, int]
    outcomes: Mapping[str, int]
    answers: int
    first_order_s_median: float | None
    first_order_s_max: float | None
    first_order_s_standing_max: float | None


def outcome_of(truth: Mapping[str, Any], claims: Claims, found: Audit) -> Outcome:
    """The figures of a settled drill."""
    thefts = [theft for theft in truth["thefts"] if theft["stolen_minor"] and not theft["forgotten"]]
    reported = [theft for theft in thefts if theft["case_number"]]
    sums: Counter[str] = Counter()
    for theft in thefts:
        sums.update(found.fates.get(theft["theft_id"], {}))
    opened = {case.case_number: case.opened_at for case in claims.cases}
    first: dict[str, float] = {}
    for order in truth["orders"]:
        number = order["case_number"]
        first[number] = min(first.get(number, order["received_at"]), order["received_at"])
    waits = [first[number] - at for number, at in opened.items() if number in first]
    unapproved = {case.case_number for case in claims.cases if case.standing}
    at_once = [first[number] - at for number, at in opened.items() if number in first and number in unapproved]
    stolen_minor = sum(theft["stolen_minor"] for theft in thefts)
    stolen_reported_minor = sum(theft["stolen_minor"] for theft in reported)
    return Outcome(
        thefts=len(thefts),
        reported=len(reported),
        stolen_minor=stolen_minor,
        stolen_reported_minor=stolen_reported_minor,
        unreported_minor=stolen_minor - stolen_reported_minor,
        held_minor=sums["held"],
        resting_minor=sums["resting"],
        returned_minor=sums["returned"],
        lost_minor={name: sums[name] for name in EXITS},
        innocent_held_minor=found.books.innocent_held_minor() if found.books else 0,
        accounts_touched=sum(len(keys) for keys in found.books.touched.values()) if found.books else 0,
        orders=dict(Counter(order["kind"] for order in truth["orders"])),
        outcomes=dict(Counter(order["outcome"] for order in truth["orders"])),
        answers=sum(claim.answers_n for claim in claims.orders),
        first_order_s_median=round(median(waits), 3) if waits else None,
        first_order_s_max=round(max(waits), 3) if waits else None,
        first_order_s_standing_max=round(max(at_once), 3) if at_once else None,
    )
