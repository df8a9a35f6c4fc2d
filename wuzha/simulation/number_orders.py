"""What operators and platforms do (cut off a number, block an address) and what the clearing house sees.

Theory. The clearing house keeps no accounts. Asked to follow one, it sees SEEN_SHARE of the interbank payments that
leave it, a few seconds late, and answers with each.
"""

from wuzha.partners.protocol import Kind, Outcome
from wuzha.simulation.desk import Carry, Result, answer
from wuzha.simulation.ledger import bank_of, is_internal, key_of
from wuzha.simulation.state import Desk, OrderRecord
from wuzha.simulation.statements import transaction_of
from wuzha.simulation.world import World

SEEN_SHARE = 0.9
SEEN_AFTER_S = 3.0
CUT_OFF_MAX = 50_000


def _cut(listed: list[str], target: str) -> Result:
    if target in listed:
        return Result(Outcome.ALREADY)
    if len(listed) >= CUT_OFF_MAX:
        return Result(Outcome.TRY_AGAIN)
    listed.append(target)
    return Result(Outcome.DONE, effect=True)


def _desk(world: World, record: OrderRecord) -> Desk:
    return world.state.desks[record.partner]


def _suspend(world: World, record: OrderRecord, _at: float) -> Result:
    return _cut(_desk(world, record).suspended, record.order.account.number)


def _block(world: World, record: OrderRecord, _at: float) -> Result:
    return _cut(_desk(world, record).blocked, record.order.account.number)


def _follow(world: World, record: OrderRecord, _at: float) -> Result:
    account = world.ledger.accounts.get(key_of(record.order.account.bank, record.order.account.number))
    if account is None:
        return Result(Outcome.NO_ACCOUNT)
    record.watch_open, record.watched_n = True, account.lines_n
    account.watches.append(f"{record.partner}/{record.order.order_id}")
    return Result(Outcome.DONE, effect=True)


def _unfollow(world: World, record: OrderRecord, _at: float) -> Result:
    followed = world.record(record.partner, str(record.order.ref_order_id))
    if followed is None:
        return Result(Outcome.REFUSED)
    if not followed.watch_open:
        return Result(Outcome.ALREADY)
    followed.watch_open = False
    account = world.ledger.accounts.get(key_of(followed.order.account.bank, followed.order.account.number))
    if account is not None:
        account.watches.remove(f"{followed.partner}/{followed.order.order_id}")
    return Result(Outcome.DONE, effect=True)


def clearing_answer(world: World, at: float, partner: str, order_id: str) -> None:
    """Tell of the interbank payments out of a followed account that the clearing house saw since the last time."""
    record = world.record(partner, order_id)
    if record is None or not record.watch_open:
        return
    account = world.ledger.accounts.get(key_of(record.order.account.bank, record.order.account.number))
    if account is None or account.lines_n == record.watched_n:
        return
    count, record.watched_n = account.lines_n - record.watched_n, account.lines_n
    seen = [
        transaction_of(line, account.currency).model_copy(update={"balance_minor": None})
        for line in list(account.lines)[-count:]
        if line.amount_minor < 0
        and not is_internal(line.other)
        and bank_of(line.other) != account.bank
        and world.chance("clearing", line.serial).random() < SEEN_SHARE
    ]
    if seen:
        answer(world, record, Result(Outcome.DONE, currency=account.currency, transactions=tuple(seen)), at)


OPERATOR_CARRY: dict[Kind, Carry] = {Kind.SUSPEND_NUMBER: _suspend, Kind.BLOCK_URL: _block}
PLATFORM_CARRY: dict[Kind, Carry] = {Kind.BLOCK_URL: _block}
CLEARING_CARRY: dict[Kind, Carry] = {Kind.WATCH: _follow, Kind.WATCH_RELEASE: _unfollow}
