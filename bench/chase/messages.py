"""What passes between a strategy and the simulated country: orders, statements, answers.

A strategy sees only what `Told` says. It is called back with `on_report`, `on_told` and `on_review`, and asked by
`choose` which order a free clerk takes next.
"""

import math
from dataclasses import dataclass
from typing import Protocol

from bench.chase.world import Case, Node

STOP, QUERY, RELEASE, AMEND, TRACE, WATCH, UNWATCH = "stop", "query", "release", "amend", "trace", "watch", "unwatch"


class Task:
    """One order as a bank has it. `ref`: the stop that a release or an amendment is about. `own`: the strategy's."""

    __slots__ = ("amount", "covered", "done_at", "fan_out", "kind", "node", "own", "ref", "sent_at", "seq")

    def __init__(
        self, kind: str, node: Node, amount: int = 0, ref: "Task | None" = None, own: object = None, fan_out: int = 1
    ) -> None:
        self.kind, self.node, self.amount, self.ref, self.own, self.fan_out = kind, node, amount, ref, own, fan_out
        self.seq = 0
        self.covered = True  # by the authorisation of its case
        self.sent_at = self.done_at = math.inf


@dataclass(slots=True)
class Line:
    """A line of a statement: `other` is the account at the far end, or None with the way out."""

    out: bool
    at: float
    amount: int
    other: Node | None
    way: str


@dataclass(slots=True)
class Told:
    """One answer. node: the account it is about. lines: None when it says nothing of movements."""

    task: Task
    seq: int
    at: float
    node: Node
    held: int | None = None
    kind: str = ""
    balance: int | None = None
    lines: list[Line] | None = None
    refused: bool = False


class Strategy(Protocol):
    """What the country asks of a centre."""

    def on_report(self, case: Case, now: float) -> None:
        """A report was taken in."""

    def on_told(self, told: Told, now: float) -> None:
        """A partner answered."""

    def on_review(self, case: Case, node: Node, now: float) -> None:
        """The complaint of an honest holder was upheld."""

    def waits(self, bank: int, task: Task, now: float) -> None:
        """An order waits for a clerk from now."""

    def choose(self, bank: int, now: float) -> Task | None:
        """The order that a free clerk takes next, out of those that wait."""
