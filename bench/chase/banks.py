"""The simulated banks and the clearing house of the chase benchmark, under a virtual clock.

Theory. An order reaches a bank, waits there for one of its two clerks (a connected bank needs none), and takes effect
when both the clerk's work and the bank's own latency are over. Banks and money are lazy: an account's whole future is
known, so nothing happens until somebody asks, holds, or is to be told. Holding a sum takes it out of everything below.
What goes wrong on the way - time-outs, repeats, delays, wrong sums put right later - belongs to the account's draws.

What passes between a strategy and this country stands in messages.py.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush

from bench.chase.messages import AMEND, QUERY, RELEASE, STOP, TRACE, UNWATCH, WATCH, Line, Strategy, Task, Told
from bench.chase.oracle import HELD_WITHIN_S
from bench.chase.world import BANKS, CASH, WORK_S, Case, Node, Scenario
from wuzha.control.policy import POLICIES

INTAKE_S = 3.0
CLERKS = 2
CLEARING_S = 3.0
PUSH_S = 1.0
RESEND_S = 10.5  # our time-out and the first wait of the outbox
DELAY_ON_ARRIVAL_S = 1_800.0  # how long a bank delays what a watch caught, until the stop comes
REVIEW_S = 7_200.0  # an honest holder's complaint is decided at the bank's counter, and the release done there
LISTING_S = 3_600.0  # until all banks have an account on their list
LISTED_DELAY_S = float(POLICIES[-1].review_delay_s)  # a bank looks at what a listed account pays before it goes
FREE_FEN = POLICIES[-1].review_free_minor  # a day, unlooked at; no gang of this world moves a piece as small
TIMEOUT_SHARE, DUPLICATE_SHARE, OVERTAKEN_SHARE, WRONG_SHARE = 0.02, 0.01, 0.05, 0.01


@dataclass(slots=True)
class Count:
    """What was done."""

    orders: int = 0
    duplicates: int = 0  # a second order of a kind while the first is still open, or a second stop while one is live
    unauthorised: int = 0
    collateral_fen_s: float = 0.0


class Country:
    """Banks, clearing house and launderers of one run.

    silent_list: whether banks quietly delay what the accounts on the centre's list pay. tested_share: cards of their
    stock that launderers try before they use them. A card that was delayed at the trial, or on which money was held, is
    thrown away for another that nobody knows. free_fen: what a listed account pays in a day without being looked at; a
    trial with no more than that shows nothing.
    """

    def __init__(
        self,
        cases: list[Case],
        scenario: Scenario,
        *,
        silent_list: bool = False,
        tested_share: float = 0.0,
        free_fen: int = FREE_FEN,
    ) -> None:
        self.cases, self.scenario = cases, scenario
        self.silent_list, self.tested_share, self.free_fen = silent_list, tested_share, free_fen
        self._listed: dict[str, float] = {}  # card -> in force from
        self._cards_made: dict[str, int] = {}  # by place in a gang's stock
        self.now = 0.0
        self.count = Count()
        self._serial = 0
        self._heap: list[tuple[float, int, Callable[..., None], tuple[object, ...]]] = []
        self._free = [CLERKS] * BANKS
        self._strategy: Strategy
        self._honest_holds: list[Node] = []
        self._reviewed: set[Node] = set()
        self._open: set[tuple[str, Node]] = set()  # ordered and not answered; stops until they are released

    def run(self, strategy: Strategy) -> None:
        """Let everything happen."""
        self._strategy = strategy
        for case in self.cases:
            if self.scenario.reuse:
                self.at(case.stolen_at, self._use_cards, case)
            self.at(case.report_at + INTAKE_S, strategy.on_report, case, case.report_at + INTAKE_S)
        heap = self._heap
        while heap:
            self.now, _serial, do, args = heappop(heap)
            do(*args)
        for node in self._honest_holds:
            self._end_collateral(node, node.held_at + HELD_WITHIN_S)

    def at(self, at: float, do: Callable[..., None], *args: object) -> None:
        """Do something at a time."""
        self._serial += 1
        heappush(self._heap, (at, self._serial, do, args))

    def list_silently(self, node: Node) -> None:
        """The centre knows an account as a mule's: banks delay what it pays from now on, and tell nobody."""
        if self.silent_list and node.card:
            self._listed.setdefault(node.card, self.now + LISTING_S)

    def _use_cards(self, case: Case) -> None:
        """The gang takes the cards for a theft out of its stock, and tries some of them."""
        for node in case.nodes:
            place = node.card
            if not place:
                continue
            node.card = f"{place}#{self._cards_made.get(place, 0)}"
            if self._listed.get(node.card, math.inf) > self.now:
                continue
            if node.test_draw < self.tested_share and node.trial_fen > self.free_fen:
                node.card = self._another(node.card)
            elif node.dwell_s < LISTED_DELAY_S:
                _postpone(node, LISTED_DELAY_S - node.dwell_s)

    def _another(self, card: str) -> str:
        place, _sharp, number = card.partition("#")
        self._cards_made[place] = max(self._cards_made.get(place, 0), int(number) + 1)
        return f"{place}#{self._cards_made[place]}"

    def send(self, task: Task, at: float) -> None:
        """An order leaves the centre."""
        task.sent_at = at
        node = task.node
        if node.case and node.case.scored:
            self.count.orders += task.fan_out
            self.count.unauthorised += not task.covered
            self.count.duplicates += (task.kind, node) in self._open
        if task.kind != RELEASE:
            self._open.add((task.kind, node))
        fault = node.faults[0] if task.kind == STOP else node.faults[0] * 7.919 % 1.0
        at += RESEND_S if fault < TIMEOUT_SHARE else 0.0
        if task.kind == TRACE:
            self.at(at + CLEARING_S, self._trace, task)
        elif task.kind in (WATCH, UNWATCH):
            self.at(at + PUSH_S, self._watch, task)
        elif task.kind == RELEASE and node in self._reviewed:
            self.at(at, self._carry_out, task)
        elif self.scenario.modes[node.bank] == "api":
            self.at(at + (node.query_s if task.kind == QUERY else node.hold_s), self._carry_out, task)
        else:
            self.at(at, self._to_clerks, task, at)

    def _to_clerks(self, task: Task, arrived_at: float) -> None:
        bank = task.node.bank
        task.sent_at = arrived_at
        self._strategy.waits(bank, task, self.now)
        self.clerks_look(bank)

    def clerks_look(self, bank: int) -> None:
        """Clerks who are free take what waits."""
        while self._free[bank]:
            task = self._strategy.choose(bank, self.now)
            if task is None:
                return
            self._free[bank] -= 1
            work_s = WORK_S[self.scenario.modes[bank]]
            latency_s = task.node.query_s if task.kind == QUERY else task.node.hold_s
            self.at(self.now + work_s, self._clerk_free, bank)
            self.at(max(self.now + work_s, task.sent_at + latency_s), self._carry_out, task)

    def _clerk_free(self, bank: int) -> None:
        self._free[bank] += 1
        self.clerks_look(bank)

    def _carry_out(self, task: Task) -> None:
        node, now = task.node, self.now
        task.done_at = now
        told = Told(task, 0, now, node, kind=node.kind, balance=self._balance(node, now))
        if task.kind == QUERY:
            told.lines = self._statement(node, now)
        elif task.kind == STOP:
            self._stop(task, told)
        else:
            self._change(task, told)
        self._answer(told)

    def _balance(self, node: Node, now: float) -> int:
        return node.held if now >= node.leave else node.amount if now >= node.arrive else 0

    def _statement(self, node: Node, now: float) -> list[Line]:
        if now < node.arrive or node.amount == 0:
            return []
        lines = [Line(False, node.arrive, node.amount, node.parent, "")]
        return lines + self._outs(node) if now >= node.leave else lines

    def _outs(self, node: Node) -> list[Line]:
        if node.children:
            return [Line(True, node.leave, child.amount, child, "") for child in node.children if child.amount]
        rest = node.amount - node.held
        return [Line(True, node.leave, rest, None, node.way or CASH)] if rest else []

    def _stop(self, task: Task, told: Told) -> None:
        node, now = task.node, self.now
        if getattr(task.own, "spare", False) and node.kind in ("merchant", "crypto-dealer"):
            told.refused, told.held = True, 0
            return
        node.stop, node.limit = task, task.amount
        if now < node.arrive:
            self.at(node.arrive, self._catch, node, task)
        else:
            self._catch(node, task)
        told.held = node.held

    def _catch(self, node: Node, task: Task) -> None:
        if node.stop is not task or self.now >= node.leave or self.now < node.arrive:
            return
        more = min(node.limit, node.amount) - node.held
        if more <= 0:
            return
        case = node.case
        assert case is not None
        node.held += more
        node.held_at = min(node.held_at, self.now)
        if node.honest:
            self._honest_holds.append(node)
            self.at(self.now + REVIEW_S, self._review, node, task)
            return
        take_below(node, more)
        if node.card:
            self._another(node.card)
        self._alarm(case)

    def _review(self, node: Node, task: Task) -> None:
        if node.stop is task and node.held:
            assert node.case is not None
            self._reviewed.add(node)
            self._strategy.on_review(node.case, node, self.now)

    def _change(self, task: Task, told: Told) -> None:
        """A release, or another disputed amount. Money set free counts as lost: it goes at once."""
        node, stop = task.node, task.ref
        if stop is None or node.stop is not stop:
            told.refused = True
            return
        node.limit = task.amount if task.kind == AMEND else 0
        if task.kind == RELEASE:
            node.stop = None
        if node.held > node.limit:
            self._end_collateral(node, self.now)
            node.held = node.limit
            node.held_at = self.now if node.held else math.inf
        elif node.stop is not None:
            self._catch(node, stop)
        told.held = node.held

    def _end_collateral(self, node: Node, at: float) -> None:
        if node.honest and node.held and node.case and node.case.scored:
            hours_s = min(at, node.held_at + HELD_WITHIN_S) - node.held_at
            self.count.collateral_fen_s += node.held * hours_s

    def _answer(self, told: Told) -> None:
        """Send an answer with what goes wrong on its way."""
        if told.task.kind != STOP or told.refused:
            self._open.discard((told.task.kind, told.task.node))
        if told.task.kind in (RELEASE, UNWATCH) and not told.refused:
            self._open.discard((STOP if told.task.kind == RELEASE else WATCH, told.task.node))
        task, faults = told.task, told.node.faults
        again, late, wrong, size = (fault * (1.0 if task.kind == STOP else 7.919) % 1.0 for fault in faults)
        task.seq += 1
        told.seq = task.seq
        at = self.now + (5.0 + size * 55.0 if late < OVERTAKEN_SHARE else 0.0)
        if told.held and wrong < WRONG_SHARE:
            right, told.held = told.held, int(told.held * 2 * size)
            task.seq += 1
            correction = Told(task, task.seq, told.at, told.node, right, told.kind, told.balance, told.lines)
            self.at(self.now + 5.0 + size * 115.0, self._tell, correction)
        self.at(at, self._tell, told)
        if 0.5 < again < 0.5 + DUPLICATE_SHARE:
            self.at(at + 1.0 + size * 119.0, self._tell, told)

    def _tell(self, told: Told) -> None:
        self._strategy.on_told(told, self.now)

    def _trace(self, task: Task) -> None:
        """The clearing house was asked to follow an account, and onward what it sees it pay."""
        self._follow(task, task.node)
        for node, lines in self._seen_behind(task, task.node):
            if lines or node is task.node:
                self._answer(Told(task, 0, self.now, node, lines=lines))

    def _seen_behind(self, task: Task, first: Node) -> list[tuple[Node, list[Line]]]:
        """What it saw leave an account and those behind it until now; all of them are followed from now on."""
        seen, waiting = [], [first]
        while waiting:
            node = waiting.pop()
            lines = self._seen(node) if self.now >= node.leave else []
            seen.append((node, lines))
            for line in lines:
                assert line.other is not None
                if line.other.followed is None:
                    self._follow(task, line.other)
                    waiting.append(line.other)
        return seen

    def _follow(self, task: Task, node: Node) -> None:
        if node.followed is None and self.now < node.leave < math.inf:
            self.at(node.leave, self._sees_leave, node, node.leave)
        node.followed = node.followed or task

    def _seen(self, node: Node) -> list[Line]:
        return [line for line in self._outs(node) if line.other and line.other.bank != node.bank and line.other.covered]

    def _sees_leave(self, node: Node, leave: float) -> None:
        task = node.followed
        if node.leave != leave or not isinstance(task, Task):
            return
        for each, lines in self._seen_behind(task, node):
            if lines:
                task.seq += 1
                self.at(self.now + CLEARING_S, self._tell, Told(task, task.seq, self.now, each, lines=lines))

    def _watch(self, task: Task) -> None:
        """Connected banks tell what came from an account and delay what comes, until a stop or the delay's end."""
        node = task.node
        node.watched = task if task.kind == WATCH else None
        if task.kind == UNWATCH:
            return
        if self.now < node.leave < math.inf:
            self.at(node.leave, self._arrivals, node, node.leave)
        elif self.now >= node.leave:
            for child in self._connected(node):
                self._arrived(task, node, child)

    def _connected(self, node: Node) -> list[Node]:
        return [child for child in node.children if child.amount and self.scenario.modes[child.bank] == "api"]

    def _arrivals(self, node: Node, leave: float) -> None:
        task, case = node.watched, node.case
        if node.leave != leave or not isinstance(task, Task) or case is None:
            return
        for child in self._connected(node):
            if child.kind == "personal" and not child.honest:
                _postpone(child, DELAY_ON_ARRIVAL_S)
                self._alarm(case)
            self._arrived(task, node, child)

    def _arrived(self, task: Task, node: Node, child: Node) -> None:
        task.seq += 1
        line = Line(False, child.arrive, child.amount, node, "")
        told = Told(task, task.seq, self.now, child, kind=child.kind, lines=[line])
        self.at(self.now + PUSH_S, self._tell, told)

    def _alarm(self, case: Case) -> None:
        """The gang saw a hold: everything that still moves moves faster."""
        now, times = self.now, self.scenario.alarmed
        if times <= 1 or case.alarmed_at < math.inf:
            return
        case.alarmed_at = now
        for node in case.nodes:
            if node.parent is not None:
                node.arrive = node.parent.leave
            if node.leave <= now or node.honest:
                continue
            before = node.leave
            node.leave = now + (node.leave - now) / times if node.arrive <= now else node.arrive + node.dwell_s / times
            if node.leave != before:
                if node.followed is not None:
                    self.at(node.leave, self._sees_leave, node, node.leave)
                if node.watched is not None:
                    self.at(node.leave, self._arrivals, node, node.leave)


def take_below(node: Node, held: int) -> None:
    """What is held here does not reach the accounts below: each child gets its share of the rest."""
    before = sum(child.amount for child in node.children)
    if not before:
        return
    rest, given, end = max(0, before - held), 0, 0
    for child in node.children:
        end += child.amount
        part = rest * end // before - given
        given += part
        less, child.amount = child.amount - part, part
        if less:
            take_below(child, less)


def _postpone(node: Node, by_s: float) -> None:
    """Money that a bank delays on arrival: everything below happens so much later."""
    node.leave += by_s
    for child in node.children:
        child.arrive = node.leave
        if not child.honest:
            _postpone(child, by_s)
        else:
            child.arrive = node.leave
