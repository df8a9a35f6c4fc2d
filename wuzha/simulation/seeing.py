"""What the clearing house tells of an account that it is asked to trace: the payments that it saw leave, and will see.

Theory. The first answer carries the interbank payments since the order's `since`, later ones what leaves from then on
(`number_orders.clearing_answer`). A payment is seen or not once for all, whoever asks and however often.
"""

from collections.abc import Iterable

from wuzha.partners.protocol import TRANSACTIONS_PER_ANSWER_MAX, Kind, Outcome, Transaction
from wuzha.simulation.desk import Carry, Result
from wuzha.simulation.ledger import Account, Line, bank_of, is_internal, key_of
from wuzha.simulation.number_orders import CLEARING_CARRY, SEEN_SHARE
from wuzha.simulation.state import OrderRecord
from wuzha.simulation.statements import transaction_of
from wuzha.simulation.world import World


def seen_of(world: World, account: Account, lines: Iterable[Line]) -> tuple[Transaction, ...]:
    """The payments out of an account that pass the clearing house and were seen there; no balances."""
    return tuple(
        transaction_of(line, account.currency).model_copy(update={"balance_minor": None})
        for line in lines
        if line.amount_minor < 0
        and not is_internal(line.other)
        and bank_of(line.other) != account.bank
        and world.chance("clearing", line.serial).random() < SEEN_SHARE
    )


def _trace(world: World, record: OrderRecord, at: float) -> Result:
    account = world.ledger.accounts.get(key_of(record.order.account.bank, record.order.account.number))
    if account is None:
        return Result(Outcome.NO_ACCOUNT, "无此账户的清算记录")
    since = record.order.since.timestamp() if record.order.since else 0.0
    followed = CLEARING_CARRY[Kind.WATCH](world, record, at)
    seen = seen_of(world, account, [line for line in account.lines if line.at >= since])
    return Result(
        followed.outcome,
        effect=followed.effect,
        currency=account.currency,
        as_of=at,
        transactions=seen[-TRANSACTIONS_PER_ANSWER_MAX:],
    )


TRACING_CARRY: dict[Kind, Carry] = {**CLEARING_CARRY, Kind.TRACE_OUTFLOWS: _trace}
