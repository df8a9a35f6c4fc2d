"""Puts the world together: which event does what, how a world begins, what it forgets.

Theory. A world begins with honest people, gangs and their first thefts. It forgets in the order of the journal:
entries older than KEPT_S or beyond ENTRIES_KEPT_MAX are folded into opening balances, their thefts are forgotten with
them, and accounts of mules and victims that nothing happened on since are closed, unless a hold is still live. Answered
orders go after ORDER_KEPT_S. So a country that runs for weeks stays the size it reached after days.
"""

import heapq
from collections.abc import Iterable, Mapping

from wuzha.partners.protocol import Kind
from wuzha.simulation import (
    arrivals,
    bank_orders,
    clerks,
    desk,
    honest,
    launderers,
    number_orders,
    reviews,
    seeing,
    victims,
)
from wuzha.simulation.config import CountryConfig
from wuzha.simulation.desk import Carry
from wuzha.simulation.persistence import Left, Noted
from wuzha.simulation.state import State
from wuzha.simulation.world import EVENTS_PER_STEP_MAX, Handler, World

KEPT_S = 52 * 3600.0
ENTRIES_KEPT_MAX = 150_000
ORDER_KEPT_S = 100 * 3600.0
ORDERS_KEPT_MAX = 40_000
TIDY_EVERY_S = 300.0

TERMS = frozenset({"lapse", "listing-over"})  # run by the clock of the law, whether the world does or not

_BY_KIND: Mapping[str, Mapping[Kind, Carry]] = {
    "bank": bank_orders.CARRY,
    "payment": bank_orders.CARRY,
    "operator": number_orders.OPERATOR_CARRY,
    "platform": number_orders.PLATFORM_CARRY,
    "clearing": seeing.TRACING_CARRY,
    "police": {},
}


def _carry_out(world: World, at: float, partner: str, order_id: str) -> None:
    desk.carry_out(world, at, partner, order_id, _BY_KIND[world.partners[partner].kind])


def _watch_changed(world: World, at: float, partner: str, order_id: str) -> None:
    if world.partners[partner].kind == "clearing":
        world.schedule(world.later(at, number_orders.SEEN_AFTER_S), "clearing-answer", partner, order_id)
    else:
        bank_orders.watch_changed(world, at, partner, order_id)


def tidy(world: World, at: float) -> None:
    """Forget what is old; see the theory above."""
    ledger, state = world.ledger, world.state
    for theft_id in ledger.forget_before(at - KEPT_S, ENTRIES_KEPT_MAX):
        if theft_id in state.thefts:
            state.thefts[theft_id].forgotten = True
    for theft in [theft for theft in state.thefts.values() if theft.forgotten and not theft.moves_pending]:
        del state.thefts[theft.theft_id]
    # An unpaid theft's accounts have no entry yet and must not be taken for old ones.
    lasting = {*state.honest, *state.merchants, *state.dealers}
    for theft in state.thefts.values():
        lasting |= {theft.victim_account, *(payment.payee for payment in theft.payments)}
    for key, account in list(ledger.accounts.items()):
        if key not in lasting and not account.live_holds and account.moved_at and ledger.is_forgotten(account):
            ledger.close(key, at)
    for office in state.desks.values():
        done = [(order_id, record) for order_id, record in office.orders.items() if record.done_at]
        spare = len(done) - ORDERS_KEPT_MAX
        for place, (order_id, record) in enumerate(done):
            if record.done_at < at - ORDER_KEPT_S or place < spare:
                del office.orders[order_id]
    world.schedule(at + TIDY_EVERY_S, "tidy")


HANDLERS: dict[str, Handler] = {
    "carry-out": _carry_out,
    "clerk-free": clerks.look,
    "watch-push": _watch_changed,
    "watch-answer": bank_orders.watch_answer,
    "hold-push": bank_orders.hold_changed,
    "hold-answer": bank_orders.hold_answer,
    "arrived": arrivals.arrived,
    "arrivals-answer": arrivals.arrivals_answer,
    "delay-over": arrivals.delay_over,
    "review-over": reviews.review_over,
    "review-answer": reviews.review_answer,
    "listing-over": reviews.listing_over,
    "clearing-answer": number_orders.clearing_answer,
    "theft": victims.next_theft,
    "pay": victims.pay,
    "report": victims.report,
    "move-on": launderers.move_on,
    "take-out": launderers.take_out,
    "went-on": launderers.went_on,
    "went-out": launderers.went_out,
    "traffic": honest.traffic,
    "lapse": bank_orders.lapse,
    "tidy": tidy,
}


def begin(config: CountryConfig, now: float) -> World:
    """A new world at `now`."""
    world = World(config, HANDLERS, state=State(config.seed, now))
    world.state.gangs = victims.make_gangs(world)
    honest.settle(world, now)
    for name in ("theft", "traffic", "tidy"):
        world.schedule(now, name)
    return world


def play_back(config: CountryConfig, left: Left, noted: Iterable[Noted]) -> Left:
    """The world as it was when the last of `noted` was written down."""
    was = config.model_copy(update={"speed": left.speed or config.speed})
    world, at = World(was, HANDLERS, state=left.state, ledger=left.ledger), left.at
    for each in noted:
        at = max(at, each.at)
        while world.step(at) == EVENTS_PER_STEP_MAX:
            pass
        if each.order is not None and each.partner in world.partners:
            desk.take(world, each.partner, each.order, each.at)
        if each.worklist is not None and each.partner in world.partners:
            clerks.ranked(world, each.partner, each.worklist, each.at)
    return Left(world.state, world.ledger, at, left.speed)


def resume(config: CountryConfig, left: Left, now: float) -> World:
    """A world that was left goes on at `now`: it stood still meanwhile, but for the legal terms."""
    gap_s, state = max(now - left.at, 0.0), left.state
    state.started_at += gap_s
    state.events = [
        (at if name in TERMS else at + gap_s, number, name, arguments) for at, number, name, arguments in state.events
    ]
    heapq.heapify(state.events)
    for office in state.desks.values():
        office.clerks = [free_at + gap_s for free_at in office.clerks]
        for order_id in office.waiting:
            office.orders[order_id].ready_at += gap_s
    return World(config, HANDLERS, state=state, ledger=left.ledger)


def pending(world: World) -> dict[str, int]:
    """What is still to come, by kind; all zero means that the world is settled."""
    thefts = world.state.thefts.values()
    return {
        "thefts_to_come": sum(event[2] == "theft" for event in world.state.events) if world.config.thefts_max else 0,
        "payments": sum(not payment.paid_at for theft in thefts for payment in theft.payments),
        "moves": sum(theft.moves_pending for theft in thefts),
        "reports": sum(
            bool(theft.report_at) and not theft.reported_at and not theft.report_refused for theft in thefts
        ),
        "delays": sum(hold.delay for account in world.ledger.accounts.values() for hold in account.live_holds),
        "orders": sum(not r.done_at for office in world.state.desks.values() for r in office.orders.values()),
        "answers": sum(len(office.outbox) for office in world.state.desks.values()),
        "pushes": sum(r.push_pending for office in world.state.desks.values() for r in office.orders.values()),
    }
