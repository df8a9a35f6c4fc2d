"""A partner's office: takes orders, carries each out once, answers as often as it learns more.

Theory. An order is taken when its receipt says so, and carried out when the partner's mode lets it. The same id with
the same body is a duplicate and gets the same answer; with another body it is a conflict. Nothing an order does can
happen twice: `effects` counts, and the auditor looks at it. What each kind does is in `bank_orders` and
`number_orders`; here is what they share.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from wuzha.partners.codes import DIALECTS
from wuzha.partners.protocol import AccountRef, Answer, Holder, Kind, Order, Outcome, PaymentHeld, Transaction
from wuzha.simulation import clerks, latency
from wuzha.simulation.chance import instant, uuid_of
from wuzha.simulation.faults import disturb
from wuzha.simulation.state import OrderRecord, Outgoing
from wuzha.simulation.world import World

ORDERS_WAITING_MAX = 20_000
MESSAGE_LENGTH_MAX = 500
ENDED_AHEAD_MAX = 5_000
SEQ_MAX = 90_000


@dataclass(frozen=True, slots=True)
class Result:
    """What carrying out an order came to; `effect`: it changed something. account: what it is about, if another."""

    outcome: Outcome
    message: str = ""
    effect: bool = False
    held_minor: int | None = None
    balance_minor: int | None = None
    currency: str = "CNY"
    effective_at: float | None = None
    ends_at: float | None = None
    as_of: float | None = None
    holder: Holder | None = None
    transactions: tuple[Transaction, ...] = ()
    truncated: bool = False
    account: AccountRef | None = None
    payments: tuple[PaymentHeld, ...] = ()


Carry = Callable[[World, OrderRecord, float], Result]
Taken = Literal["accepted", "duplicate", "conflict"]


def digest_of(order: Order) -> str:
    """Digest of an order's body."""
    return hashlib.sha256(order.model_dump_json().encode()).hexdigest()


def take(world: World, partner: str, order: Order, now: float) -> Taken:
    """Take an order in; it will be carried out later by the event "carry-out"."""
    desk, order_id = world.state.desks[partner], str(order.order_id)
    known = desk.orders.get(order_id)
    if known is not None:
        if known.digest != digest_of(order):
            known.conflicts_n += 1
            return "conflict"
        known.received_n += 1
        return "duplicate"
    record = desk.orders[order_id] = OrderRecord(partner, order, digest_of(order), now)
    world.state.taken_n += 1
    if order_id in desk.ended_ahead:
        desk.ended_ahead.remove(order_id)
        record.withdrawn = True
    config = world.partners[partner]
    takes_s = latency.answer_s(
        config.mode,
        order.kind,
        local=config.local,
        hour=world.hour(now),
        chance=world.chance("answer", partner, order.kind, order.account.number),
    )
    if latency.work_s(config.mode, order.kind):
        clerks.wait(world, record, takes_s, now)
    else:
        world.schedule(world.later(now, takes_s), "carry-out", partner, order_id)
    return "accepted"


def end_ahead(world: World, partner: str, order_id: str) -> Result:
    """The end of an order came before the order did, as networks have it: when it comes it is not carried out."""
    ended = world.state.desks[partner].ended_ahead
    if order_id not in ended:
        ended.append(order_id)
        del ended[:-ENDED_AHEAD_MAX]
    return Result(Outcome.DONE, "所指指令尚未收到，收到后不再执行", effect=True, held_minor=0)


def is_full(world: World, partner: str) -> bool:
    """Whether the partner has so many orders in hand that it takes no more for the moment."""
    waiting = sum(not record.done_at for record in world.state.desks[partner].orders.values())
    return waiting >= ORDERS_WAITING_MAX


def carry_out(world: World, at: float, partner: str, order_id: str, carry: Mapping[Kind, Carry]) -> None:
    """Do what the order says, once, and answer."""
    record = world.record(partner, order_id)
    if record is None or record.done_at:
        return
    record.done_at = at
    if record.withdrawn:
        result = Result(Outcome.REFUSED, "撤回：执行前已收到解除指令")
    elif record.order.kind in carry:
        result = carry[record.order.kind](world, record, at)
    else:
        result = Result(Outcome.UNSUPPORTED, "本机构不办理此类指令")
    record.outcome = result.outcome.value
    record.effects += result.effect
    answer(world, record, result, at)


def answer(world: World, record: OrderRecord, result: Result, at: float) -> None:
    """Make an answer of `result` and put it into the receipt that waits for it, or on its way.

    Nobody confirms a receipt. If it was lost the centre asks again - unless a later answer tells it that the order
    arrived; so the one that rode in the receipt is sent again before the next.
    """
    right = _next_answer(world, record, result, at)
    said, send_at = right, at
    further: tuple[tuple[float, Answer], ...] = ()
    outbox = world.state.desks[record.partner].outbox
    if world.config.faults:
        chance = world.chance("fault", record.order.order_id, right.seq)
        disturbed = disturb(right, _next_answer(world, record, result, at), chance)
        said, send_at, further = disturbed.said, world.later(at, disturbed.delay_s), disturbed.further
    record.answers_made += 1 + sum(more.answer_id != right.answer_id for _delay_s, more in further)
    outbox += [Outgoing(world.later(at, delay_s), more) for delay_s, more in further]
    if record.first_answer is None:
        record.first_answer = said
        if record.waiting and not further:
            record.unconfirmed = True
            return
    elif record.unconfirmed:
        outbox.append(Outgoing(at, record.first_answer))
        record.unconfirmed = False
    outbox.append(Outgoing(send_at, said))


def _next_answer(world: World, record: OrderRecord, result: Result, at: float) -> Answer:
    record.seq += 1
    return Answer(
        answer_id=uuid_of(world.chance("answer-id", record.partner, record.order.order_id, record.seq)),
        order_id=record.order.order_id,
        seq=record.seq,
        at=instant(at),
        code=code_of(world, record.partner, result.outcome),
        message=result.message[:MESSAGE_LENGTH_MAX],
        held_minor=result.held_minor,
        balance_minor=result.balance_minor,
        currency=result.currency,
        effective_at=None if result.effective_at is None else instant(result.effective_at),
        ends_at=None if result.ends_at is None else instant(result.ends_at),
        as_of=None if result.as_of is None else instant(result.as_of),
        holder=result.holder,
        account=result.account,
        transactions=list(result.transactions),
        truncated=result.truncated,
        payments=list(result.payments),
    )


def code_of(world: World, partner: str, outcome: Outcome) -> str:
    """The partner's own code for an outcome."""
    dialect = DIALECTS[world.partners[partner].dialect]
    return next(code for code, known in dialect.items() if known is outcome)


def push(world: World, record: OrderRecord, name: str, at: float) -> None:
    """Schedule one push of news about `record`, however much happens until then."""
    if not record.push_pending:
        record.push_pending = True
        mode = world.partners[record.partner].mode
        world.schedule(world.later(at, latency.PACES[mode].push_s), name, record.partner, str(record.order.order_id))
