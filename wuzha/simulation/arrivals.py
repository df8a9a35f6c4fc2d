"""How a connected bank watches for what an account elsewhere sends it: it delays the sum on arrival, and tells.

Theory. 反电信网络诈骗法 art. 18 lets a bank delay a payment that it suspects. The order names the payer and a sum; of
what arrives from there up to that sum is caught at once, before anybody can move it, and told with the account where it
is. A delay is not a stop: it lasts ARRIVAL_DELAY_S_MAX of the world's time, and the stop of the same case takes over
what it caught. Accounts that the bank knows as shops or crypto sellers are told of and not touched. Ending the watch
ends the watching; what is delayed stays so until its stop or its time comes. Only a connected bank can do this.
"""

from collections.abc import Sequence

from wuzha.partners.protocol import ARRIVAL_DELAY_S_MAX, AccountKind, AccountRef, Outcome
from wuzha.simulation.desk import SEQ_MAX, Result, answer, push
from wuzha.simulation.ledger import HOLDS_PER_ACCOUNT_MAX, Account, Hold, Line, bank_of, key_of
from wuzha.simulation.state import OrderRecord
from wuzha.simulation.statements import holder_of, transaction_of
from wuzha.simulation.world import World

WATCHED_MAX = 20_000
ARRIVALS_TOLD_MAX = 200  # the latest lines of one payer on one account
SPARED = frozenset({AccountKind.MERCHANT, AccountKind.CRYPTO_DEALER})


def watch(world: World, record: OrderRecord, at: float) -> Result:
    """Carry out the order: watch from now on, and tell of what came before."""
    named = record.order.account
    desk, payer = world.state.desks[record.partner], key_of(named.bank, named.number)
    if world.partners[record.partner].mode != "api":
        return Result(Outcome.UNSUPPORTED, "本机构不能在到账时延迟支付")
    if not record.order.amount_minor or named.bank == record.partner:
        return Result(Outcome.REFUSED, "须写明涉案金额和他行付款账户")
    if len(desk.watched) >= WATCHED_MAX:
        return Result(Outcome.TRY_AGAIN, "到账监测已满")
    desk.watched.setdefault(payer, []).append(str(record.order.order_id))
    record.watch_open = True
    paid = world.ledger.accounts.get(payer)
    sent = {line.other for line in paid.lines if line.amount_minor < 0} if paid else set()
    for key in sorted(sent):
        if bank_of(key) == record.partner and key in world.ledger.accounts:
            _has_news(world, record, key, at)
    return Result(Outcome.DONE, "已监测", effect=True, held_minor=0)


def unwatch(world: World, watched: OrderRecord) -> Result:
    """End a watch; one that was not carried out yet is withdrawn."""
    if not watched.done_at:
        watched.withdrawn = True
        return Result(Outcome.DONE, "监测尚未执行，已撤回", effect=True)
    if not watched.watch_open:
        return Result(Outcome.ALREADY)
    _close(world, watched)
    return Result(Outcome.DONE, effect=True)


def _close(world: World, watched: OrderRecord) -> None:
    desk, named = world.state.desks[watched.partner], watched.order.account
    payer, watched.watch_open = key_of(named.bank, named.number), False
    desk.watched[payer].remove(str(watched.order.order_id))
    if not desk.watched[payer]:
        del desk.watched[payer]


def arrived(world: World, at: float, payer: str, payee: str, amount_minor: int) -> None:
    """Money came from one account to another: delay it where its bank watches for that."""
    desk = world.state.desks.get(bank_of(payee))
    account = world.ledger.accounts.get(payee)
    if desk is None or account is None:
        return
    for order_id in list(desk.watched.get(payer, ())):
        record = world.record(account.bank, order_id)
        if record is None:  # forgotten since
            desk.watched[payer].remove(order_id)
            continue
        if record.order.ends_at is not None and record.order.ends_at.timestamp() < at:
            _close(world, record)
            continue
        if account.shown_kind not in SPARED:
            _delay(world, record, account, amount_minor, at)
        _has_news(world, record, payee, at)


def _delay(world: World, record: OrderRecord, account: Account, amount_minor: int, at: float) -> None:
    order_id = str(record.order.order_id)
    room_minor = (record.order.amount_minor or 0) - held_minor(world, record)
    amount_minor = min(amount_minor, room_minor, account.available_minor)
    if amount_minor <= 0:
        return
    ends_at = world.later(at, ARRIVAL_DELAY_S_MAX)
    earlier = next((hold for hold in account.holds if hold.delay and hold.order_id == order_id), None)
    if earlier is not None:
        earlier.ends_at, earlier.over = ends_at, ""
        world.ledger.amend_hold(account.key, earlier, earlier.caught_minor + amount_minor, at)
    elif len(account.holds) < HOLDS_PER_ACCOUNT_MAX:
        hold = Hold(order_id, record.order.case_number, amount_minor, at, ends_at, delay=True)
        world.ledger.place_hold(account.key, hold, at)
    world.count("arrivals_delayed")
    world.schedule(ends_at, "delay-over", account.key, order_id)


def _delay_of(account: Account, order_id: str) -> Hold | None:
    return next((hold for hold in account.live_holds if hold.delay and hold.order_id == order_id), None)


def held_minor(world: World, record: OrderRecord) -> int:
    """What a watch has delayed by now, on all accounts together."""
    order_id = str(record.order.order_id)
    accounts = (world.ledger.accounts.get(key) for key in record.arrived)
    holds = (hold for account in accounts if account for hold in account.live_holds)
    return sum(hold.caught_minor for hold in holds if hold.delay and hold.order_id == order_id)


def delays_for(account: Account, case_number: str) -> list[Hold]:
    """What is delayed on an account for a case: its stop takes that over."""
    return [hold for hold in account.live_holds if hold.delay and hold.case_number == case_number]


def taken_over(world: World, account: Account, delays: Sequence[Hold], at: float) -> None:
    """A stop has taken over: the watches tell that they delay this no more."""
    for hold in delays:
        record = world.record(account.bank, hold.order_id)
        if record is not None:
            _has_news(world, record, account.key, at)


def delay_over(world: World, at: float, key: str, order_id: str) -> None:
    """The time of a delay is over and no stop came."""
    account = world.ledger.accounts.get(key)
    hold = _delay_of(account, order_id) if account else None
    if account is None or hold is None or hold.ends_at > at:
        return
    world.count("delays_run_out")
    caught = world.ledger.end_hold(account.key, hold, "lapsed", at)
    world.tell([change for change in caught if change.order_id != hold.order_id], at)
    taken_over(world, account, [hold], at)


def delayed_until(account: Account) -> float:
    """When the last delay on an account ends by itself; 0 when there is none."""
    return max((hold.ends_at for hold in account.live_holds if hold.delay), default=0.0)


def _has_news(world: World, record: OrderRecord, key: str, at: float) -> None:
    if key not in record.arrived:
        record.arrived.append(key)
    if key not in record.news:
        record.news.append(key)
    push(world, record, "arrivals-answer", at)


def arrivals_answer(world: World, at: float, partner: str, order_id: str) -> None:
    """Tell of each account where something came from the watched payer, or was taken over or set free."""
    record = world.record(partner, order_id)
    if record is None:
        return
    record.push_pending = False
    named = record.order.account
    payer, keys = key_of(named.bank, named.number), list(record.news)
    record.news.clear()
    for key in keys:
        account = world.ledger.accounts.get(key)
        if account is None or record.seq >= SEQ_MAX:
            continue
        lines: list[Line] = [line for line in account.lines if line.other == payer and line.amount_minor > 0]
        told = [transaction_of(line, account.currency) for line in lines[-ARRIVALS_TOLD_MAX:]]
        result = Result(
            Outcome.DONE,
            "到账延迟" if _delay_of(account, order_id) else "到账",
            held_minor=held_minor(world, record),
            currency=account.currency,
            as_of=at,
            holder=holder_of(account),
            account=AccountRef(bank=account.bank, number=account.number, name=account.name),
            transactions=tuple(told),
        )
        answer(world, record, result, at)
