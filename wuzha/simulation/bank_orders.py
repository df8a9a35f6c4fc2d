"""What a bank does with each kind of order.

Theory. 银发〔2016〕86号: the bank matches payee account, amount and time of the named transfer; no match, no stop. A
stop lets money in and the held amount not out, lasts 48 hours from the moment of stopping, and one account is stopped
at most twice; an extension adds 48 hours once. Here the stop is of the disputed amount, not of the account. A release
that comes before the stop was carried out withdraws it. An account that the bank knows as one of the kinds that the
order spares is not stopped. A release that comes before its stop does ends it before it begins.
"""

from dataclasses import replace

from wuzha.partners.protocol import Kind, Order, Outcome
from wuzha.simulation import arrivals, reviews
from wuzha.simulation.desk import SEQ_MAX, Carry, Result, answer, end_ahead, push
from wuzha.simulation.ledger import Account, Hold, key_of
from wuzha.simulation.state import OrderRecord
from wuzha.simulation.statements import holder_of, latest, statement
from wuzha.simulation.world import World

STOP_TERM_S = 48 * 3600
STOPS_PER_ACCOUNT_MAX = 2
MATCH_TOLERANCE_S = 15 * 60
WATCHES_PER_ACCOUNT_MAX = 50


def account_of(world: World, record: OrderRecord) -> Account | None:
    """The account that an order is about, at the bank that got the order."""
    return world.ledger.accounts.get(key_of(record.partner, record.order.account.number))


def hold_of(account: Account, order_id: str) -> Hold | None:
    """The hold that the stop `order_id` placed."""
    return next((hold for hold in account.holds if hold.order_id == order_id and not hold.delay), None)


def _no_account(_record: OrderRecord) -> Result:
    return Result(Outcome.NO_ACCOUNT, "本行无此账户")


def matches(account: Account, order: Order) -> bool:
    """Whether the transfer that the order names came in on this account."""
    named = order.transfer
    if named is None or named.payee.number != account.number or named.currency != account.currency:
        return False
    at = named.at.timestamp()
    return any(
        line.amount_minor == named.amount_minor and abs(line.at - at) <= MATCH_TOLERANCE_S for line in account.lines
    )


def _held(account: Account, hold: Hold, outcome: Outcome, *, effect: bool = False, message: str = "") -> Result:
    return Result(
        outcome,
        message,
        effect,
        held_minor=0 if hold.over else hold.caught_minor,
        balance_minor=account.balance_minor,
        currency=account.currency,
        effective_at=hold.placed_at,
        ends_at=hold.ends_at,
        holder=holder_of(account),
    )


def _stop(world: World, record: OrderRecord, at: float) -> Result:
    account, order = account_of(world, record), record.order
    if account is None:
        return _no_account(record)
    told = {"balance_minor": account.balance_minor, "currency": account.currency, "holder": holder_of(account)}
    if not order.amount_minor or order.currency != account.currency:
        return Result(Outcome.REFUSED, "止付须写明涉案金额和账户币种", **told)  # type: ignore[arg-type]
    if account.shown_kind in order.spare:
        return Result(Outcome.REFUSED, "该账户属指令所列免予止付类型", **told)  # type: ignore[arg-type]
    if not matches(account, order):
        return Result(Outcome.NO_MATCH, "未匹配到指令所列转账，不得止付", **told)  # type: ignore[arg-type]
    if account.stops >= STOPS_PER_ACCOUNT_MAX:
        return Result(Outcome.REFUSED, "该账户止付已达两次", **told)  # type: ignore[arg-type]
    ends_at = at + STOP_TERM_S
    if order.ends_at is not None:
        ends_at = min(ends_at, order.ends_at.timestamp())
    if ends_at <= at:
        return Result(Outcome.REFUSED, "止付期限已过", **told)  # type: ignore[arg-type]
    hold = Hold(str(order.order_id), order.case_number, order.amount_minor, at, ends_at)
    waiting = reviews.waiting_for(account)
    delays = [delay for delay in arrivals.delays_for(account, order.case_number) if delay not in waiting]
    caught = world.ledger.place_hold(account.key, hold, at, instead_of=[*delays, *waiting])
    world.tell([change for change in caught if change.order_id != hold.order_id], at)
    arrivals.taken_over(world, account, delays, at)
    reviews.taken_over(world, account, at)
    world.schedule(ends_at, "lapse", account.key, hold.order_id)
    return _held(account, hold, Outcome.DONE, effect=True, message="已止付")


def _stopped(world: World, record: OrderRecord) -> tuple[Account, Hold] | Result:
    """The live hold that an amendment, extension or release is about, or why there is none."""
    account = account_of(world, record)
    if account is None:
        return _no_account(record)
    hold = hold_of(account, str(record.order.ref_order_id))
    if hold is None:
        return Result(Outcome.REFUSED, "未找到所指止付", held_minor=0, balance_minor=account.balance_minor)
    if hold.over:
        outcome = Outcome.ALREADY if record.order.kind is Kind.STOP_RELEASE else Outcome.REFUSED
        return _held(account, hold, outcome, message="所指止付已结束")
    return account, hold


def _amend(world: World, record: OrderRecord, at: float) -> Result:
    found = _stopped(world, record)
    if isinstance(found, Result):
        return found
    account, hold = found
    limit_minor = record.order.amount_minor
    if not limit_minor:
        return _held(account, hold, Outcome.REFUSED, message="调整后的金额须大于零；解除请用解除指令")
    if limit_minor == hold.limit_minor:
        return _held(account, hold, Outcome.ALREADY)
    world.tell(world.ledger.amend_hold(account.key, hold, limit_minor, at), at)
    return _held(account, hold, Outcome.DONE, effect=True, message="金额已调整")


def _extend(world: World, record: OrderRecord, at: float) -> Result:
    found = _stopped(world, record)
    if isinstance(found, Result):
        return found
    account, hold = found
    if hold.extended:
        return _held(account, hold, Outcome.REFUSED, message="止付已延期一次")
    hold.extended = True
    hold.ends_at += STOP_TERM_S
    world.schedule(max(hold.ends_at, at), "lapse", account.key, hold.order_id)
    return _held(account, hold, Outcome.DONE, effect=True, message="止付已延期四十八小时")


def _release(world: World, record: OrderRecord, at: float) -> Result:
    stop = world.record(record.partner, str(record.order.ref_order_id))
    if stop is not None and not stop.done_at and stop.order.kind is Kind.STOP:
        stop.withdrawn = True
        return Result(Outcome.DONE, "止付尚未执行，已撤回", effect=True, held_minor=0)
    found = _stopped(world, record)
    if isinstance(found, Result):
        if stop is None and found.outcome is Outcome.REFUSED:
            return end_ahead(world, record.partner, str(record.order.ref_order_id))
        return found
    account, hold = found
    caught = world.ledger.end_hold(account.key, hold, "released", at)
    world.tell([change for change in caught if change.order_id != hold.order_id], at)
    return _held(account, hold, Outcome.DONE, effect=True, message="已解除止付")


def lapse(world: World, at: float, key: str, order_id: str) -> None:
    """The term of a stop is over: it ends by itself."""
    account = world.ledger.accounts.get(key)
    hold = hold_of(account, order_id) if account else None
    if hold is not None and not hold.over and hold.ends_at <= at:
        caught = world.ledger.end_hold(key, hold, "lapsed", at)
        world.tell([change for change in caught if change.order_id != order_id], at)


def _query_transactions(world: World, record: OrderRecord, at: float) -> Result:
    account = account_of(world, record)
    if account is None:
        return _no_account(record)
    since = record.order.since.timestamp() if record.order.since else 0.0
    lines, truncated = statement(account, since)
    return Result(
        Outcome.DONE,
        balance_minor=account.balance_minor,
        currency=account.currency,
        as_of=at,
        holder=holder_of(account),
        transactions=tuple(lines),
        truncated=truncated,
    )


def _query_holder(world: World, record: OrderRecord, at: float) -> Result:
    account = account_of(world, record)
    if account is None:
        return _no_account(record)
    return Result(
        Outcome.DONE,
        balance_minor=account.balance_minor,
        currency=account.currency,
        as_of=at,
        holder=holder_of(account),
    )


def _watch(world: World, record: OrderRecord, at: float) -> Result:
    account = account_of(world, record)
    if account is None:
        return _no_account(record)
    if len(account.watches) >= WATCHES_PER_ACCOUNT_MAX:
        return Result(Outcome.TRY_AGAIN, "该账户动态查询已满")
    result = _query_transactions(world, record, at)
    record.watch_open, record.watched_n = True, account.lines_n
    account.watches.append(f"{record.partner}/{record.order.order_id}")
    return replace(result, effect=True)


def _watch_release(world: World, record: OrderRecord, _at: float) -> Result:
    watch = world.record(record.partner, str(record.order.ref_order_id))
    if watch is not None and watch.order.kind is Kind.WATCH_ARRIVALS:
        return arrivals.unwatch(world, watch)
    if watch is None:
        return end_ahead(world, record.partner, str(record.order.ref_order_id))
    account = account_of(world, record)
    if account is None:
        return Result(Outcome.REFUSED, "未找到所指动态查询")
    if not watch.watch_open:
        return Result(Outcome.ALREADY)
    _end_watch(account, watch)
    return Result(Outcome.DONE, effect=True)


def _end_watch(account: Account, watch: OrderRecord) -> None:
    watch.watch_open = False
    account.watches.remove(f"{watch.partner}/{watch.order.order_id}")


def watch_changed(world: World, at: float, partner: str, order_id: str) -> None:
    """An account that is watched moved: send the new lines soon."""
    record = world.record(partner, order_id)
    if record is not None and record.watch_open:
        push(world, record, "watch-answer", at)


def watch_answer(world: World, at: float, partner: str, order_id: str) -> None:
    """Send what moved since the last answer to a watch; a watch whose term is over ends."""
    record = world.record(partner, order_id)
    if record is None or not record.watch_open:
        return
    record.push_pending = False
    account = account_of(world, record)
    if account is None:
        return
    over = record.order.ends_at is not None and record.order.ends_at.timestamp() < at
    if over or record.seq >= SEQ_MAX:
        _end_watch(account, record)
        return
    count, record.watched_n = account.lines_n - record.watched_n, account.lines_n
    answer(
        world,
        record,
        Result(
            Outcome.DONE,
            balance_minor=account.balance_minor,
            currency=account.currency,
            as_of=at,
            transactions=tuple(latest(account, count)),
        ),
        at,
    )


def hold_changed(world: World, at: float, partner: str, order_id: str) -> None:
    """A hold caught more or lost some: tell soon."""
    record = world.record(partner, order_id)
    if record is not None and record.first_answer is not None and record.seq < SEQ_MAX:
        push(world, record, "hold-answer", at)


def hold_answer(world: World, at: float, partner: str, order_id: str) -> None:
    """Tell what a hold has by now."""
    record = world.record(partner, order_id)
    account = account_of(world, record) if record else None
    if record is None or account is None:
        return
    record.push_pending = False
    hold = hold_of(account, order_id)
    if hold is not None:
        answer(world, record, _held(account, hold, Outcome.DONE, message="止付金额变动"), at)


CARRY: dict[Kind, Carry] = {
    Kind.STOP: _stop,
    Kind.STOP_AMEND: _amend,
    Kind.STOP_EXTEND: _extend,
    Kind.STOP_RELEASE: _release,
    Kind.QUERY_TRANSACTIONS: _query_transactions,
    Kind.QUERY_HOLDER: _query_holder,
    Kind.WATCH: _watch,
    Kind.WATCH_RELEASE: _watch_release,
    Kind.WATCH_ARRIVALS: arrivals.watch,
    Kind.REVIEW_OUTFLOWS: reviews.put_on,
    Kind.REVIEW_EXTEND: reviews.extend,
    Kind.REVIEW_PASS: reviews.let_go,
    Kind.REVIEW_RELEASE: reviews.take_off,
}
