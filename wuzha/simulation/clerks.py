"""A partner's clerks: who is free takes the next order.

Theory. Where orders are not carried out by a computer, each waits for one of the partner's few clerks, and is done when
both the clerk's work and the partner's own time since it arrived are over. While no more orders wait than clerks are
free there is nothing to choose. Otherwise the partner asks the centre which of its orders is worth most just then (the
work list of the protocol); the clerk takes the first of them that waits here, and goes by what was named the last time
where the centre does not answer. A country that does not ask (`worklists` off) takes what came first.
"""

from collections.abc import Sequence

from wuzha.simulation import latency
from wuzha.simulation.state import Desk, OrderRecord
from wuzha.simulation.world import World


def wait(world: World, record: OrderRecord, takes_s: float, at: float) -> None:
    """Lay an order to those that wait for a clerk. takes_s: the partner's own time, in the world's seconds."""
    office = world.state.desks[record.partner]
    if not office.clerks:
        office.clerks = [at] * latency.CLERKS_PER_BANK
    record.ready_at = world.later(at, takes_s)
    office.waiting.append(str(record.order.order_id))
    look(world, at, record.partner)


def look(world: World, at: float, partner: str) -> None:
    """Clerks who are free take what waits, or ask which of it comes first."""
    office = world.state.desks[partner]
    free = len(_free(office, at))
    if not free or not office.waiting:
        return
    if world.config.worklists and len(office.waiting) > free:
        office.asks = True
    else:
        _take_up(world, partner, office.waiting[:free], at)


def ranked(world: World, partner: str, order_ids: Sequence[str], at: float) -> None:
    """The centre named orders, the most worth doing first; what it did not name comes after them, as it arrived.

    No orders: it did not answer, and what it named before counts.
    """
    office = world.state.desks[partner]
    office.asks, office.named = False, list(order_ids) or office.named
    place = {order_id: n for n, order_id in enumerate(office.named)}
    first = sorted(office.waiting, key=lambda order_id: place.get(order_id, len(place)))
    _take_up(world, partner, first[: len(_free(office, at))], at)


def _free(office: Desk, at: float) -> list[int]:
    return [place for place, free_at in enumerate(office.clerks) if free_at <= at]


def _take_up(world: World, partner: str, order_ids: Sequence[str], at: float) -> None:
    office = world.state.desks[partner]
    work_s = latency.PACES[world.partners[partner].mode].work_s
    for order_id, place in zip(order_ids, _free(office, at), strict=False):
        office.waiting.remove(order_id)
        done_at = office.clerks[place] = world.later(at, work_s)
        world.schedule(max(done_at, office.orders[order_id].ready_at), "carry-out", partner, order_id)
        world.schedule(done_at, "clerk-free", partner)
