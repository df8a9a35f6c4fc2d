"""What an order that waits at a bank is worth now: which one a clerk takes next. Pure.

Theory. A bank's clerks are scarce, and what an order saves changes by the minute and with every answer: money leaves,
another stop catches it, a statement shows it gone. So the order of a queue is not written on the orders when they are
sent; it is asked for when a clerk is free. The running centre and the chase benchmark ask the same function, `worth`.

- A stop is worth what it is expected to hold, a question what it helps to find (`dispatch`).
- A change of a measure in force and a release that sets money or a payment free go first: it is at stake already, or
  somebody waits for it.
- What saves nothing by itself (a holder's name, a number to suspend, a release of nothing) is for a clerk who would
  else take an order of next to nothing: BESIDE_MINOR.
- Under WORTH_A_CLERK_MINOR nothing is worth a clerk's minutes: it stands last.

`standing` reads from what is kept of an account what the worth needs, `why` says it in one word for the pages.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wuzha.partners.protocol import Kind
from wuzha.tracing.chase import HONEST
from wuzha.tracing.dispatch import Learned, Standing, question_saves, stop_saves

AT_ONCE = math.inf
WORTH_A_CLERK_MINOR = 500.0
BESIDE_MINOR = WORTH_A_CLERK_MINOR + 1.0
CHANGES = frozenset({Kind.STOP_AMEND.value, Kind.STOP_EXTEND.value, Kind.REVIEW_EXTEND.value})
GIVES_BACK = frozenset({Kind.REVIEW_PASS.value, Kind.REVIEW_RELEASE.value})  # somebody's payment waits
SAVING = frozenset({Kind.STOP.value, Kind.QUERY_TRANSACTIONS.value})


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that a bank has and has not done. waited_s: since it was sent. money: on its account, None when no
    stolen money is known there. honest: the holder sells honestly. caught: a stop holds all of it. frees_minor: what a
    release would set free."""

    kind: str
    bank: str
    waited_s: float
    money: Standing | None = None
    honest: bool = False
    frees_minor: int = 0
    caught: bool = False


def worth(order: Waiting, learned: Learned, *, work_s: float = 0.0) -> float:
    """Minor units that an order is expected to save if a clerk takes it next; AT_ONCE before all sums.

    work_s: what a clerk needs for it, where that is known; the bank's usual time is learned.
    """
    if order.kind == Kind.STOP_RELEASE.value:
        return AT_ONCE if order.frees_minor else BESIDE_MINOR
    if order.kind in CHANGES or order.kind in GIVES_BACK:
        return AT_ONCE
    if order.kind not in SAVING or order.money is None:
        return BESIDE_MINOR
    if order.honest:
        return 0.0
    wait_s = max(work_s, learned.pace.usual_s(order.bank, order.kind) - order.waited_s)
    saves = stop_saves if order.kind == Kind.STOP.value else question_saves
    return saves(order.money, wait_s, learned)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is kept of an account that stolen money reached; sums in minor units of its currency.

    left_at: when stolen money was last seen to leave. missed_at: when a stop took effect that caught less than it was
    for. traced: the clearing house shows what leaves it.
    """

    kind: str
    claim_minor: int
    held_minor: int
    last_in_at: datetime
    as_of: datetime | None = None
    left_at: datetime | None = None
    missed_at: datetime | None = None
    traced: bool = False
    currency: str = "CNY"

    @property
    def honest(self) -> bool:
        """Whether the holder sells honestly, so that nothing is chased there."""
        return self.kind in HONEST


def standing(facts: Facts, now: datetime) -> Standing:
    """The money that no stop has caught yet, as far as it is known.

    It moved when some of it was seen to leave after it came and after the last statement; a statement since then knows
    what is left. It is gone when a stop took effect after it came and caught less than it was for.
    """
    came, free_minor = facts.last_in_at, max(0, facts.claim_minor - facts.held_minor)
    age_s = max(0.0, (now - came).total_seconds())
    known_s = (facts.as_of - came).total_seconds() if facts.as_of else 0.0
    left_at = facts.left_at
    return Standing(
        amount_minor=free_minor,
        age_s=age_s,
        known_s=min(max(0.0, known_s), age_s),
        traced=facts.traced,
        moved=left_at is not None and left_at >= came and (facts.as_of is None or left_at > facts.as_of),
        gone=free_minor > 0 and facts.missed_at is not None and facts.missed_at >= came,
    )


class Why(StrEnum):
    """Why an order stands where it stands."""

    REST = "rest"  # money may be there
    LEAVING = "leaving"  # part of it was seen to leave
    MISSED = "missed"  # the stop did not find it
    EMPTY = "empty"  # no stolen money is left there
    CAUGHT = "caught"  # a stop holds all that is there
    HONEST = "honest"  # its holder sells honestly
    HOLD = "hold"  # it changes a measure in force
    FREES = "frees"  # it gives somebody back what is held or waits
    BESIDE = "beside"  # nobody's money waits for it, as far as is known


def why(order: Waiting) -> Why:
    """The one word for `worth`."""
    if order.kind in CHANGES:
        return Why.HOLD
    if order.kind == Kind.STOP_RELEASE.value or order.kind in GIVES_BACK:
        return Why.FREES if order.frees_minor or order.kind in GIVES_BACK else Why.BESIDE
    if order.kind not in SAVING or order.money is None:
        return Why.BESIDE
    if order.honest:
        return Why.HONEST
    if order.money.amount_minor == 0:
        return Why.CAUGHT if order.caught else Why.EMPTY
    if order.money.gone:
        return Why.MISSED
    return Why.LEAVING if order.money.moved else Why.REST
