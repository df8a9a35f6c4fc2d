"""One pass over an ordered ledger for all victims together, at the speed of memory.

Theory. Between two accounts without stolen money a transfer is two additions. Only a tainted payer (under LIFO also a
tainted payee) or a seed needs the lists of `lots` or `prorata`. The pass is resumable: state in, state out; it stops
where the pool is nearly full, the caller grows it, and it goes on at the same transfer.
"""

from typing import Any

import numpy as np

from wuzha.tracing.engine.jit import I32, I64, compiled, pointer, prefetch
from wuzha.tracing.engine.lots import (
    LIFO,
    LIVE,
    LOTS,
    NONE,
    OUT,
    PRO_RATA,
    RESERVE,
    ROWS,
    Paint,
    RawPaint,
    RawState,
    State,
    at_home,
    grown,
    join,
    new_lot,
    raw_paint,
    raw_state,
    take,
)
from wuzha.tracing.engine.prorata import seed_pro_rata, settled, sweep_pro_rata

AHEAD = 24  # transfers: far enough for memory to answer, near enough to stay in the cache
AHEAD_LIST, AHEAD_LOT = 14, 7  # transfers: then its list is asked for, when the balance is here; then its first lot
SMALL_LEDGER = 300_000  # accounts: below this their balances stay in the cache, and asking ahead only costs


def sweep(code: int, payer: I32, payee: I32, amount: I64, state: State, paint: Paint, start: int, stop: int) -> State:
    """The state after transfers start..stop-1. Rows: transfer index, owner and cents, in ledger order."""
    return settled(code, advanced(code, payer, payee, amount, state, paint, start, stop))


def advanced(
    code: int, payer: I32, payee: I32, amount: I64, state: State, paint: Paint, start: int, stop: int
) -> State:
    """`sweep` without its end: more transfers can follow; `prorata.settled` makes the state ready to be read."""
    seed = int(np.searchsorted(paint.transfer, start))
    far = len(state.balance) > SMALL_LEDGER
    needed = RESERVE + 4 * len(paint.claim)
    place = start
    state = grown(state, needed)
    while True:
        place, seed = _run(code, payer, payee, amount, state, paint, place, stop, seed, needed, far)
        if place >= stop:
            return state
        state = grown(state, needed + int(state.ctl[LIVE]))


@compiled
def _run(
    code: int,
    payer_array: I32,
    payee_array: I32,
    amount_array: I64,
    state_arrays: State,
    paint_arrays: Paint,
    start: int,
    stop: int,
    seed: int,
    needed: int,
    far: bool,
) -> tuple[int, int]:
    payer, payee, amount = pointer(payer_array), pointer(payee_array), pointer(amount_array)
    state, paint = raw_state(state_arrays), raw_paint(paint_arrays)
    balance = state.balance
    last = len(payer_array) - 1
    t = start
    while t < stop:
        until = stop
        if seed < paint.rows:
            until = min(stop, paint.transfer[seed])
        while t < until:
            if far:
                soon = min(t + AHEAD, last)
                prefetch(balance, payer[soon])
                prefetch(balance, payee[soon])
                if code == PRO_RATA:
                    ask_ahead(state, payer, payee, t, last)
            p, q = payer[t], payee[t]
            flags = balance[p]
            if code == LIFO:
                flags |= balance[q]
            if flags & 1 == 0:
                balance[p] -= amount[t] << 1
                balance[q] += amount[t] << 1
            elif not step(code, state, paint, t, p, q, amount[t], needed):
                return t, seed
            t += 1
        if t < stop:
            if not seed_step(code, state, paint, t, payer[t], payee[t], amount[t], seed, needed):
                return t, seed
            while seed < paint.rows and paint.transfer[seed] == t:
                seed += 1
            t += 1
    return t, seed


@compiled
def ask_ahead(state: RawState, payer: Any, payee: Any, t: int, last: int) -> None:
    """Ask the memory for the lists that transfers soon to come will cut, where their balances have arrived."""
    soon = min(t + AHEAD_LIST, last)
    p, q = payer[soon], payee[soon]
    if state.balance[p] & 1:
        prefetch(state.head, p)
        prefetch(state.held, p)
        prefetch(state.head, q)
        prefetch(state.held, q)
    soon = min(t + AHEAD_LOT, last)
    p, q = payer[soon], payee[soon]
    if state.balance[p] & 1:
        lot = state.head[p]
        if lot >= 0:
            prefetch(state.size, p)
            prefetch(state.owner, lot)
            prefetch(state.cents, lot)
            prefetch(state.next, lot)
        lot = state.head[q]
        if state.balance[q] & 1 and lot >= 0:
            prefetch(state.size, q)
            prefetch(state.owner, lot)
            prefetch(state.next, lot)


@compiled
def has_room(code: int, state: RawState, p: int, q: int, needed: int) -> bool:
    """Whether lots and output rows suffice for any payment from p to q."""
    extra = needed
    if code == PRO_RATA and state.balance[p] & 1 and state.head[p] >= 0:
        extra += state.size[p]
    if state.ctl[LOTS] - state.ctl[LIVE] < extra:
        return False
    return state.ctl[ROWS] - state.ctl[OUT] > state.ctl[LIVE] + needed  # type: ignore[no-any-return]


@compiled
def step(code: int, state: RawState, paint: RawPaint, t: int, p: int, q: int, amount: int, needed: int) -> bool:
    """One transfer between accounts of which one is tainted; False when there is no room (nothing has changed)."""
    balance = state.balance
    if p == q or (code <= LIFO and clean_step(code, state, p, q, amount)):
        return True
    if not has_room(code, state, p, q, needed):
        return False
    if code == PRO_RATA:
        sweep_pro_rata(state, paint, t, p, q, amount)
    else:
        first, _last, before, after = take(code, state, p, amount)
        emit(state, t, first)
        come_home(state, paint, q, first)
        join(code, state, q, first, before, after)
    balance[p] -= amount << 1
    balance[q] += amount << 1
    return True


@compiled
def clean_step(code: int, state: RawState, p: int, q: int, amount: int) -> bool:
    """The frequent payment of clean cents that lie in front and join their like; False when it is another one."""
    balance = state.balance
    if code == LIFO and balance[q] & 1:
        into = state.head[q]
        if state.owner[into] != 0:
            return False
    else:
        into = NONE
    if balance[p] & 1:
        lot = state.head[p]
        if state.owner[lot] != 0 or state.cents[lot] <= amount:
            return False
        state.cents[lot] -= amount
        state.held[p] -= amount
    if into != NONE:
        state.cents[into] += amount
        state.held[q] += amount
    balance[p] -= amount << 1
    balance[q] += amount << 1
    return True


@compiled
def seed_step(
    code: int, state: RawState, paint: RawPaint, t: int, p: int, q: int, amount: int, seed: int, needed: int
) -> bool:
    """One transfer that a seed claims: its clean cents become the victim's, up to what the claim has left."""
    if p == q:
        return True
    if not has_room(code, state, p, q, needed):
        return False
    if code == PRO_RATA:
        seed_pro_rata(state, paint, t, p, q, amount, seed)
    else:
        first, last, before, after = take(code, state, p, amount)
        first = with_clean(state, first, last, before, after)
        claim = seed
        while claim < paint.rows and paint.transfer[claim] == t:
            paint_chain(state, paint, first, claim)
            claim += 1
        emit(state, t, first)
        come_home(state, paint, q, first)
        join(code, state, q, first, 0, 0)
    state.balance[p] -= amount << 1
    state.balance[q] += amount << 1
    return True


@compiled
def emit(state: RawState, t: int, first: int) -> None:
    """Write one row for each stolen lot of a payment."""
    lot = first
    row = state.ctl[OUT]
    while lot != NONE:
        if state.owner[lot] > 0:
            state.out_transfer[row] = t
            state.out_owner[row] = state.owner[lot]
            state.out_cents[row] = state.cents[lot]
            row += 1
        lot = state.next[lot]
    state.ctl[OUT] = row


@compiled
def with_clean(state: RawState, first: int, last: int, before: int, after: int) -> int:
    """The payment as one chain, its clean cents made into lots, so that they can be painted."""
    if after > 0:
        lot = new_lot(state, 0, after)
        if first == NONE:
            first = lot
        else:
            state.next[last] = lot
    if before > 0:
        lot = new_lot(state, 0, before)
        state.next[lot] = first
        first = lot
    return first


@compiled
def paint_chain(state: RawState, paint: RawPaint, first: int, row: int) -> None:
    """Let seed row `row` claim the clean cents of a payment, the first ones first."""
    claim = paint.claim[row]
    left = paint.left[claim]
    lot = first
    while lot != NONE and left > 0:
        if state.owner[lot] == 0:
            if state.cents[lot] > left:
                rest = new_lot(state, 0, state.cents[lot] - left)
                state.next[rest] = state.next[lot]
                state.next[lot] = rest
                state.cents[lot] = left
            state.owner[lot] = paint.owner[claim]
            left -= state.cents[lot]
        lot = state.next[lot]
    paint.claimed[row] = paint.left[claim] - left
    paint.left[claim] = left


@compiled
def come_home(state: RawState, paint: RawPaint, account: int, first: int) -> None:
    """Repaint as clean, and count as returned, what owners at home on `account` get back."""
    if not paint.homes or paint.home[account] == 0:
        return
    lot = first
    while lot != NONE:
        if state.owner[lot] > 0 and at_home(paint, account, state.owner[lot]):
            state.returned[state.owner[lot]] += state.cents[lot]
            state.owner[lot] = 0
        lot = state.next[lot]
