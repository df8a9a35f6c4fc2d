"""What an order that waits at a bank is worth now: which one a clerk takes next. Pure.

Theory. A bank's clerks are scarce, and what an order saves changes by the minute and with every answer: money leaves,
another stop catches it, a statement shows it gone. So the order of a queue is not written on the orders when they are
sent; it is asked for when a clerk is free. The running centre and the chase benchmark ask the same function, `worth`.

- A stop is worth what it is expected to hold, a question what it helps to find (`dispatch`).
- A change of a hold in force and a release that sets money free go first: somebody has the money or waits for it.
- What saves nothing by itself (a holder's name, a number to suspend, a release of nothing) is for a clerk who would
  else take an order of next to nothing: BESIDE_MINOR.
- Under WORTH_A_CLERK_MINOR nothing is worth a clerk's minutes: it stands last.
"""

import math
from dataclasses import dataclass

from wuzha.partners.protocol import Kind
from wuzha.tracing.dispatch import Learned, Standing, question_saves, stop_saves

AT_ONCE = math.inf
WORTH_A_CLERK_MINOR = 500.0
BESIDE_MINOR = WORTH_A_CLERK_MINOR + 1.0
CHANGES = frozenset({Kind.STOP_AMEND.value, Kind.STOP_EXTEND.value})


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that a bank has and has not done. waited_s: since it was sent. money: on its account, None when no
    stolen money is known there. honest: the holder sells honestly. frees_minor: what a release would set free."""

    kind: str
    bank: str
    waited_s: float
    money: Standing | None = None
    honest: bool = False
    frees_minor: int = 0


def worth(order: Waiting, learned: Learned, *, work_s: float = 0.0) -> float:
    """Minor units that an order is expected to save if a clerk takes it next; AT_ONCE before all sums.

    work_s: what a clerk needs for it, where that is known; the bank's usual time is learned.
    """
    if order.kind == Kind.STOP_RELEASE.value:
        return AT_ONCE if order.frees_minor else BESIDE_MINOR
    if order.kind in CHANGES:
        return AT_ONCE
    if order.kind not in (Kind.STOP.value, Kind.QUERY_TRANSACTIONS.value) or order.money is None:
        return BESIDE_MINOR
    if order.honest:
        return 0.0
    wait_s = max(work_s, learned.pace.usual_s(order.bank, order.kind) - order.waited_s)
    saves = stop_saves if order.kind == Kind.STOP.value else question_saves
    return saves(order.money, wait_s, learned)
