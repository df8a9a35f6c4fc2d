"""The centre of the benchmark: the rules that production calls, with their state in memory instead of a database.

Theory. One `Desk` for each case keeps what production keeps in rows: the ledger, the accounts, the orders. A step is
the step of `wuzha.tracing.actions.advance`: read the answers, lay statements into the ledger, follow the money, ask the
chase what comes next, send what the authorisation covers. What answers mean is decided by `control.rules`, whose order
a clerk takes next by `tracing.worth`; nothing of either is repeated here.
"""

from collections.abc import Iterable
from heapq import heappop, heappush
from uuid import uuid5

from bench.chase.banks import Country
from bench.chase.messages import AMEND, QUERY, RELEASE, STOP, TRACE, Line, Task, Told
from bench.chase.state import (
    CASES,
    CLEARING,
    DECISION_S,
    KINDS,
    POLICY,
    START,
    WAYS,
    Answer,
    Desk,
    Ref,
    Row,
    Traced,
    Transaction,
    bank_code,
    instant,
)
from bench.chase.world import BANKS, WORK_S, Case, Node
from wuzha.control import rules
from wuzha.control.kinds import ORDER
from wuzha.partners.protocol import Kind, Outcome, TransactionKind
from wuzha.tracing import chase
from wuzha.tracing.dispatch import Dwell, Learned, Pace
from wuzha.tracing.follower import Follower
from wuzha.tracing.ledger import Ledger, Movement, account_key
from wuzha.tracing.views import ASKED_BY, is_account, live_stops, view
from wuzha.tracing.worth import WORTH_A_CLERK_MINOR, Facts, Waiting, standing, worth


class Centre:
    """The strategy that production runs."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.desks: dict[int, Desk] = {}
        modes = country.scenario.modes
        self.reach = chase.Reach(
            CLEARING, frozenset(bank_code(n) for n in range(BANKS) if modes[n] == "api"), onward=True
        )
        pace = Pace({"stop": float(POLICY.stop_limit_s), "query-transactions": float(POLICY.query_limit_s)})
        self.learned = Learned(Dwell(), pace)
        self._queues: list[list[tuple[float, int, Row]]] = [[] for _ in range(BANKS)]
        self._serial = 0

    # What the country calls

    def on_report(self, case: Case, now: float) -> None:
        """Open a desk with what the victim paid, and take the first step."""
        at = instant(now)
        limits = rules.standing({"CNY": case.amount}, POLICY, at)
        desk = Desk(case, uuid5(CASES, str(case.number)), limits, Ledger(), Follower(str(case.number)))
        self.desks[case.number] = desk
        for node in case.nodes:
            if node.parent is None:
                desk.ledger.add_reported(
                    Movement(
                        id=f"report|{node.index}",
                        payer=f"victim:{case.number}",
                        payee=account_key(bank_code(node.bank), node.number),
                        amount_minor=node.stolen,
                        currency="CNY",
                        at=instant(node.arrive),
                        reported=True,
                    )
                )
        self._wake(desk, now)

    def on_told(self, told: Told, now: float) -> None:
        """Answers that come within one decision's time are read together."""
        assert told.node.case is not None
        desk = self.desks[told.node.case.number]
        desk.unread.append(told)
        self._wake(desk, now)

    def on_review(self, case: Case, node: Node, now: float) -> None:
        """An officer releases what an honest holder rightly complained of."""
        desk = self.desks[case.number]
        account = desk.accounts[account_key(bank_code(node.bank), node.number)]
        if account.stop is not None and not account.stop.changing:
            intent = rules.Intent(
                kind=Kind.STOP_RELEASE.value, bank=account.bank, account=account.number, currency="CNY",
                layer=account.layer, round=9, urgent=False, at_stake_minor=0, why="",
                ref_order_id=account.stop.order_id,
            )  # fmt: skip
            self._order(desk, [intent], "officer", now)
            account.stop = live_stops(account.orders).get(account.key)

    def waits(self, bank: int, task: Task, now: float) -> None:
        """An order reached a bank whose clerks take one after the other."""
        row = task.own
        assert isinstance(row, Row)
        self._rank(bank, row, now)

    def choose(self, bank: int, now: float) -> Task | None:
        """What saves most; values only sink while nothing is told, so the first that keeps its place is the best."""
        queue = self._queues[bank]
        while queue:
            _value, serial, row = heappop(queue)
            if row.started or row.ranked != serial:
                continue
            saves = self._worth(row, now)
            if saves < WORTH_A_CLERK_MINOR:
                continue
            if queue and saves < -queue[0][0] * 0.999:
                self._put(bank, row, saves)
                continue
            row.started = True
            return row.task
        return None

    # The step

    def _wake(self, desk: Desk, now: float) -> None:
        if not desk.waits:
            desk.waits = True
            self.country.at(now + DECISION_S, self._step, desk, now + DECISION_S)

    def _step(self, desk: Desk, now: float) -> None:
        desk.waits = False
        touched: dict[str, Traced] = {}
        for told in desk.unread:
            self._read(desk, told, touched, now)
        desk.unread.clear()
        self._follow(desk, touched)
        desk.ledger.added.clear()
        desk.ledger.changed.clear()
        views = []
        for account in touched.values():
            if account.inflow is not None and is_account(account.key):
                views.append(view(account, account.orders, account.stop, account.inflow))
                if self.country.silent_list and chase.is_mule(views[-1], from_minor=POLICY.review_from_minor):
                    self.country.list_silently(self._node(account))
        intents = chase.next_intents(
            views, now=instant(now), urgent_age_s=POLICY.urgent_age_s, stops_max=POLICY.stop_times_max,
            reach=self.reach,
        )  # fmt: skip
        self._order(desk, intents, ASKED_BY, now)
        for account in touched.values():
            self._rank_again(account, now)

    def _read(self, desk: Desk, told: Told, touched: dict[str, Traced], now: float) -> None:
        row = told.task.own
        assert isinstance(row, Row)
        if told.seq in row.seen:
            return
        row.seen.add(told.seq)
        answer = Answer(told.seq, instant(told.at), told.held, told.balance)
        known = rules.Known(row.kind, row.state, row.amount_minor, row.held_minor, row.answer_seq, row.effective_at)
        outcome = Outcome.REFUSED if told.refused else Outcome.DONE
        reading = rules.read_answer(known, answer, outcome, POLICY)  # type: ignore[arg-type]
        if row.answer_seq == 0 and told.task.kind in (STOP, QUERY):
            self.learned.pace.saw(row.partner_id, row.kind, told.at - row.sent_at)
        if reading.fresh:
            row.answer_seq, row.held_minor, row.effective_at = told.seq, reading.held_minor, reading.effective_at
        if reading.event:
            row.state = ORDER.step(row.state, reading.event)
        account = row.traced
        touched[account.key] = account
        if told.task.kind in (RELEASE, AMEND) and row.state == "done" and row.ref_id is not None:
            _changed(desk.rows[row.ref_id], row, reading)
        account.followed |= told.task.kind == TRACE
        if told.kind and told.node.number == account.number and told.kind != account.kind:
            account.kind, account.stale = told.kind, account.stale or told.kind in chase.HONEST
        if told.lines is not None:
            self._lay(desk, told, account)
        if told.task.kind == STOP and row.state == "in_force" and row.held_minor and not account.learned_from:
            account.learned_from = True
            self.learned.dwell.saw_stay(told.at - account.in_s)
        if told.task.kind in (STOP, RELEASE, AMEND):
            account.stop = live_stops(account.orders).get(account.key)
            account.stale |= account.moved

    def _lay(self, desk: Desk, told: Told, account: Traced) -> None:
        assert told.lines is not None
        node = told.node
        own = Ref(bank_code(node.bank), node.number)
        lines = [_line(node, line) for line in told.lines]
        if told.task.kind == TRACE:
            desk.ledger.add_seen(own, lines)  # type: ignore[arg-type]
            return
        desk.ledger.add_statement(own, "CNY", lines)  # type: ignore[arg-type]
        if told.task.kind == QUERY:
            account.as_of = instant(told.at)
            outs = [line for line in told.lines if line.out]
            if outs:
                self.learned.saw_departure(seen=account.moved)
            elif not account.learned_from:
                self.learned.dwell.saw_stay(told.at - account.in_s)

    def _follow(self, desk: Desk, touched: dict[str, Traced]) -> None:
        """Where the money is now; accounts of which anything changed are touched."""
        new = [*desk.ledger.added.values(), *desk.ledger.changed.values()]
        retold = {key for key, account in touched.items() if account.stale}
        if not new and not retold:
            return
        for key, known in touched.items():
            if known.kind in chase.HONEST:
                desk.honest.add(key)
            if known.stop is not None:
                desk.stops[key] = known.stop
            else:
                desk.stops.pop(key, None)
        follower = desk.follower
        for key in sorted(follower.add(new, honest=desk.honest, stops=desk.stops, touched=retold)):
            place = follower.places[key]
            account = desk.accounts.get(key)
            if account is None:
                bank, _colon, number = key.partition(":")
                account = desk.accounts[key] = Traced(key, bank if is_account(key) else "", number)
            account.layer, account.stolen_in_minor = place.layer, place.stolen_in
            account.stolen_now_minor = place.stolen_now
            if place.inflows:
                account.first_in_at, account.inflow = place.inflows[0].at, place.inflows[-1]
                account.in_s = (account.inflow.at - START).total_seconds()
            touched[key] = account
            for movement in place.inflows:
                self._learn_move(desk, movement)
        for key in retold:
            desk.accounts[key].stale = False

    def _learn_move(self, desk: Desk, movement: Movement) -> None:
        payer = desk.accounts.get(movement.payer)
        if payer is not None:
            payer.left_at = max(payer.left_at or movement.at, movement.at)
        if payer is not None and not payer.moved:
            payer.moved = True
            if not payer.learned_from:
                payer.learned_from = True
                self.learned.dwell.saw_leave((movement.at - START).total_seconds() - payer.in_s)

    # Orders

    def _order(self, desk: Desk, intents: Iterable[rules.Intent], by: str, now: float) -> None:
        at = instant(now)
        grouped: dict[tuple[str, str], list[Row]] = {}
        for intent in intents:
            order_id = rules.order_id(desk.id, intent)
            if order_id in desk.rows:
                continue
            if not rules.covers(
                desk.limits, kind=intent.kind, layer=intent.layer, amount_cny_minor=intent.amount_minor, now=at
            ):
                continue
            account = self._account_of(desk, intent)
            row = Row(
                order_id, intent.kind, intent.bank, intent.account, intent.amount_minor, intent.ref_order_id, by,
                account, now, since=intent.since, spare=intent.kind == Kind.STOP.value,
            )  # fmt: skip
            desk.rows[order_id] = row
            account.orders.append(row)
            if intent.kind == Kind.STOP.value:
                account.stop = live_stops(account.orders).get(account.key)
                if account.stop is not None:
                    desk.stops[account.key] = account.stop
            grouped.setdefault((intent.kind, account.key), []).append(row)
        for (kind, _key), rows in grouped.items():
            self._send(desk, KINDS[kind], rows, now)

    def _account_of(self, desk: Desk, intent: rules.Intent) -> Traced:
        if ":" in intent.account:
            return desk.accounts[intent.account]
        return desk.accounts[account_key(intent.bank, intent.account)]

    def _send(self, desk: Desk, kind: str, rows: list[Row], now: float) -> None:
        """One order to one partner, or the same watch to all connected banks."""
        row = rows[0]
        node = self._node(row.traced)
        ref = desk.rows[row.ref_id].task if row.ref_id else None
        task = Task(kind, node, row.amount_minor or 0, ref, row, len(rows))
        task.covered = rules.covers(
            desk.limits, kind=row.kind, layer=row.traced.layer, amount_cny_minor=row.amount_minor, now=instant(now)
        )
        for each in rows:
            each.task = task
        desk.first_order_s = min(desk.first_order_s, now)
        self.country.send(task, now)

    def _node(self, account: Traced) -> Node:
        number, _dash, index = account.number.partition("-")
        return self.country.cases[int(number)].nodes[int(index)]

    # The order of work at banks whose clerks are scarce

    def _rank(self, bank: int, row: Row, now: float) -> None:
        saves = self._worth(row, now)
        if saves >= WORTH_A_CLERK_MINOR:
            self._put(bank, row, saves)

    def _put(self, bank: int, row: Row, saves: float) -> None:
        """Only a row's latest place in the queue counts."""
        self._serial += 1
        row.ranked = self._serial
        heappush(self._queues[bank], (-saves, row.ranked, row))

    def _rank_again(self, account: Traced, now: float) -> None:
        """Something was told about an account: its waiting orders may be worth more now."""
        bank = int(account.bank[1:]) if account.bank else -1
        ranked = False
        for row in account.orders:
            task = row.task
            if task is None or row.started or row.state != "queued" or row.partner_id != account.bank:
                continue
            if self.country.scenario.modes[bank] != "api" and task.sent_at <= now:
                self._rank(bank, row, now)
                ranked = True
        if ranked:
            self.country.clerks_look(bank)

    def _worth(self, row: Row, now: float) -> float:
        """Fen that an order at a bank with clerks is expected to save if it is done next."""
        account = row.traced
        stop = desk_stop(row)
        assert account.inflow is not None
        held, missed_at = 0, None
        if account.stop is not None and account.stop.state == "in_force":
            held = account.stop.held_minor
            missed_at = account.stop.effective_at if held < account.stop.amount_minor else None
        facts = Facts(
            account.kind,
            account.stolen_now_minor,
            held,
            account.inflow.at,
            account.as_of,
            account.left_at,
            missed_at,
            account.followed or bool(account.inflow.seen_serial),
        )
        order = Waiting(
            row.kind, account.bank, now - row.sent_at, standing(facts, instant(now)), facts.honest,
            frees_minor=stop.held_minor if stop is not None else 0,
        )  # fmt: skip
        return worth(order, self.learned, work_s=WORK_S[self.country.scenario.modes[int(account.bank[1:])]])


def desk_stop(row: Row) -> Row | None:
    """The stop that a release is about."""
    return next((order for order in row.traced.orders if order.id == row.ref_id), None)


def _changed(stop: Row, row: Row, reading: rules.Reading) -> None:
    """What a release or an amendment that was done means for its stop."""
    if stop.state != "in_force":
        return
    if row.kind == Kind.STOP_RELEASE.value:
        stop.state, stop.held_minor = ORDER.step(stop.state, "release"), 0
    elif row.amount_minor is not None:
        stop.amount_minor, stop.held_minor = row.amount_minor, min(reading.held_minor, row.amount_minor)


def _line(node: Node, line: Line) -> Transaction:
    other = Ref(bank_code(line.other.bank), line.other.number) if line.other else None
    far = line.other.index if line.other else line.way
    return Transaction(
        serial=f"{'o' if line.out else 'i'}{node.number}/{far}",
        at=instant(line.at),
        direction="out" if line.out else "in",
        amount_minor=line.amount,
        kind=WAYS.get(line.way, TransactionKind.TRANSFER),
        counterparty=other,
    )
