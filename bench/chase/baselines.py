"""Two baselines: how centres work without the chase.

S0: one order at a time, each with its paper work, the next one when the last is answered.
S1: every answer starts all next orders, first come first served at the banks: a question for each account that money
went to, a stop where the answer says that some is left. Neither knows a clearing house, a watch or priorities; both
release what turns out to be an honest seller's.
"""

from collections import deque

from bench.chase.banks import Country
from bench.chase.messages import QUERY, RELEASE, STOP, Task, Told
from bench.chase.world import BANKS, Case, Node

PAPER_S = 1_200.0
DECISION_S = 0.05
QUERIES_MAX = 6
SELLERS = ("merchant", "crypto-dealer")


class S1:
    """Everything at once, first come first served."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.stops: dict[Node, Task] = {}
        self.queries: dict[Node, int] = {}
        self.released: set[Node] = set()
        self._waiting: list[deque[Task]] = [deque() for _ in range(BANKS)]

    def on_report(self, case: Case, now: float) -> None:
        """Ask about the accounts that the victim paid."""
        for node in case.nodes:
            if node.parent is None:
                self._query(node, now)

    def _query(self, node: Node, now: float) -> None:
        asked = self.queries.get(node, 0)
        if asked < QUERIES_MAX:
            self.queries[node] = asked + 1
            self._order(Task(QUERY, node), now)

    def _order(self, task: Task, now: float) -> None:
        self.country.send(task, now + DECISION_S)

    def on_told(self, told: Told, now: float) -> None:
        """The next layer; a question again where a stop came too late; freedom for honest sellers."""
        node = told.node
        if told.kind in SELLERS:
            self._release(node, now)
        elif told.task.kind == STOP and told.held is not None and told.held < told.task.amount:
            self._query(node, now)
        elif told.task.kind == QUERY and told.seq == 1:
            if told.balance and node not in self.stops:
                self.stops[node] = Task(STOP, node, node.stolen)
                self._order(self.stops[node], now)
            for line in told.lines or ():
                if line.out and line.other is not None and line.other not in self.queries:
                    self._query(line.other, now)

    def _release(self, node: Node, now: float) -> None:
        stop = self.stops.get(node)
        if stop is not None and stop.seq and node not in self.released:
            self.released.add(node)
            self._order(Task(RELEASE, node, ref=stop), now)

    def on_review(self, case: Case, node: Node, now: float) -> None:
        """An upheld complaint."""
        self._release(node, now)

    def waits(self, bank: int, task: Task, now: float) -> None:
        """At the end of the line."""
        self._waiting[bank].append(task)

    def choose(self, bank: int, now: float) -> Task | None:
        """First come, first served."""
        return self._waiting[bank].popleft() if self._waiting[bank] else None


class S0(S1):
    """One order at a time with its paper work."""

    def __init__(self, country: Country) -> None:
        super().__init__(country)
        self._desks: dict[int, deque[Task]] = {}
        self._busy: set[int] = set()

    def _order(self, task: Task, now: float) -> None:
        assert task.node.case is not None
        number = task.node.case.number
        self._desks.setdefault(number, deque()).append(task)
        self._go_on(number, now)

    def _go_on(self, number: int, now: float) -> None:
        if number not in self._busy and self._desks.get(number):
            self._busy.add(number)
            self.country.send(self._desks[number].popleft(), now + PAPER_S)

    def on_told(self, told: Told, now: float) -> None:
        """The desk is free for the next order."""
        super().on_told(told, now)
        if told.seq == 1 and told.node.case is not None:
            self._busy.discard(told.node.case.number)
            self._go_on(told.node.case.number, now)
