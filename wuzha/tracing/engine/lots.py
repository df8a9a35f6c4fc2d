"""Lines of lots in flat arrays: the compiled form of `line`, for accounts where stolen money is now.

Theory. Every account has a balance; only a *tainted* account has a list of lots. What the rule makes certain is not
stored: under FIFO and LIFO the clean money behind the last stolen lot, under tainted first and clean first all clean
money. So a list ends with a stolen lot, an account without one has no list, and a payment between two clean
accounts is two additions. The balance keeps the taint flag in its lowest bit: balance * 2 + tainted.

Lots live in one pool owned by the caller (owner, cents, next); a payment moves lots, it rarely makes them. Nothing
grows inside compiled code: when the pool or the output is nearly full, the driver returns, the caller grows it, and it
resumes.
"""

from typing import Any, NamedTuple

import numpy as np

from wuzha.tracing.engine.columns import SeedColumns
from wuzha.tracing.engine.jit import I32, I64, compiled, pointer
from wuzha.tracing.engine.model import Rule

FIFO, LIFO, TAINTED_FIRST, CLEAN_FIRST, PRO_RATA = range(5)
RULE_CODE = {
    Rule.FIFO: FIFO,
    Rule.LIFO: LIFO,
    Rule.TAINTED_FIRST: TAINTED_FIRST,
    Rule.CLEAN_FIRST: CLEAN_FIRST,
    Rule.PRO_RATA: PRO_RATA,
}
FREE, FRESH, LIVE, OUT, LOTS, ROWS = range(6)  # places in State.ctl
RESERVE = 64  # lots and output rows that one payment may need beyond those it moves
NONE = -1


class State(NamedTuple):
    """balance: m accounts, cents * 2 + tainted. head, tail, held, size: m, the list of a tainted account.

    owner, cents, next: the pool. ctl: free list, first unused lot, lots in use, output rows, room for lots, for rows.
    out_transfer, out_owner, out_cents: what each transfer carried. returned: cents by owner that came home.
    """

    balance: I64
    head: I32
    tail: I32
    held: I64
    size: I32
    owner: I32
    cents: I64
    next: I32
    ctl: I64
    out_transfer: I32
    out_owner: I32
    out_cents: I64
    returned: I64


class Paint(NamedTuple):
    """Seeds for compiled code. transfer: s ascending indices; claim: s, which claim; owner, left: by claim.
    claimed: s, the cents that each row got.

    home: m, 0 or the row (from 1) of home_from, whose slice of home_owner names the owners at home there.
    """

    transfer: I64
    claim: I64
    owner: I32
    left: I64
    claimed: I64
    home: I32
    home_from: I64
    home_owner: I32


def new_paint(seeds: SeedColumns, accounts: int) -> Paint:
    """Seeds made ready for one run (claims are used up by it)."""
    home = np.zeros(accounts if len(seeds.home_account) else 0, np.int32)
    places, first = np.unique(seeds.home_account, return_index=True)
    if len(places):
        home[places] = np.arange(1, len(places) + 1)
    return Paint(
        seeds.transfer,
        seeds.claim,
        seeds.owner,
        seeds.limit.copy(),
        np.zeros(len(seeds.transfer), np.int64),
        home,
        np.append(first, len(seeds.home_account)).astype(np.int64),
        seeds.home_owner,
    )


def new_state(opening: I64, owners: int, pool: int) -> State:
    """The state before the first transfer; `pool` lots and as many output rows to begin with."""
    accounts = len(opening)
    return State(
        np.asarray(opening, np.int64) << 1,
        np.empty(accounts, np.int32),
        np.empty(accounts, np.int32),
        np.empty(accounts, np.int64),
        np.empty(accounts, np.int32),
        np.empty(pool, np.int32),
        np.empty(pool, np.int64),
        np.empty(pool, np.int32),
        np.array([NONE, 0, 0, 0, pool, pool], np.int64),
        np.empty(pool, np.int32),
        np.empty(pool, np.int32),
        np.empty(pool, np.int64),
        np.zeros(owners + 1, np.int64),
    )


def grown(state: State, needed: int) -> State:
    """The state with room for at least `needed` more lots and as many more output rows as there may be lots."""
    lots, rows = int(state.ctl[LOTS]), int(state.ctl[ROWS])
    free = lots - int(state.ctl[LIVE])
    pool = lots if free > needed else 2 * (lots + needed)
    out = int(state.ctl[OUT]) + pool + needed
    out = rows if rows >= out else max(4 * rows, out)

    def longer(name: str, used: int, length: int) -> Any:
        array = getattr(state, name)
        if length == len(array):
            return array
        fresh = np.empty(length, array.dtype)
        fresh[:used] = array[:used]  # memory that nobody has written to costs nothing
        return fresh

    used, written = int(state.ctl[FRESH]), int(state.ctl[OUT])
    changes = {name: longer(name, used, pool) for name in ("owner", "cents", "next")}
    changes |= {name: longer(name, written, out) for name in ("out_transfer", "out_owner", "out_cents")}
    state.ctl[LOTS], state.ctl[ROWS] = pool, out
    return state._replace(**changes)


class RawState(NamedTuple):
    """A State for inner loops: the same names, bare addresses."""

    balance: Any
    head: Any
    tail: Any
    held: Any
    size: Any
    owner: Any
    cents: Any
    next: Any
    ctl: Any
    out_transfer: Any
    out_owner: Any
    out_cents: Any
    returned: Any


class RawPaint(NamedTuple):
    """A Paint for inner loops, with the number of seed rows and whether there are homes."""

    transfer: Any
    claim: Any
    owner: Any
    left: Any
    claimed: Any
    home: Any
    home_from: Any
    home_owner: Any
    rows: int
    homes: bool


@compiled
def raw_state(state: State) -> RawState:
    """Addresses of a state that its caller keeps alive."""
    return RawState(
        pointer(state.balance),
        pointer(state.head),
        pointer(state.tail),
        pointer(state.held),
        pointer(state.size),
        pointer(state.owner),
        pointer(state.cents),
        pointer(state.next),
        pointer(state.ctl),
        pointer(state.out_transfer),
        pointer(state.out_owner),
        pointer(state.out_cents),
        pointer(state.returned),
    )


@compiled
def raw_paint(paint: Paint) -> RawPaint:
    """Addresses of seeds that their caller keeps alive."""
    return RawPaint(
        pointer(paint.transfer),
        pointer(paint.claim),
        pointer(paint.owner),
        pointer(paint.left),
        pointer(paint.claimed),
        pointer(paint.home),
        pointer(paint.home_from),
        pointer(paint.home_owner),
        len(paint.transfer),
        len(paint.home) > 0,
    )


@compiled
def at_home(paint: RawPaint, account: int, owner: int) -> bool:
    """Whether `owner` paid a seed from this account, so that its money is returned and clean here."""
    if not paint.homes or paint.home[account] == 0:
        return False
    row = paint.home[account] - 1
    place = paint.home_from[row]
    while place < paint.home_from[row + 1] and paint.home_owner[place] != owner:
        place += 1
    return place < paint.home_from[row + 1]  # type: ignore[no-any-return]


@compiled
def new_lot(state: RawState, owner: int, cents: int) -> int:
    """A lot from the free list or the unused end of the pool."""
    ctl = state.ctl
    lot = ctl[FREE]
    if lot == NONE:
        lot = ctl[FRESH]
        ctl[FRESH] += 1
    else:
        ctl[FREE] = state.next[lot]
    ctl[LIVE] += 1
    state.owner[lot] = owner
    state.cents[lot] = cents
    state.next[lot] = NONE
    return lot  # type: ignore[no-any-return]


@compiled
def drop_lot(state: RawState, lot: int) -> None:
    """Give a lot back."""
    state.next[lot] = state.ctl[FREE]
    state.ctl[FREE] = lot
    state.ctl[LIVE] -= 1


@compiled
def take(rule: int, state: RawState, account: int, amount: int) -> tuple[int, int, int, int]:
    """Cut `amount` from an account's line: (first lot, last lot, clean cents before, clean cents after them).

    The balance itself is the caller's to reduce.
    """
    if state.balance[account] & 1 == 0:
        return NONE, NONE, amount, 0
    first, last, before, rest = NONE, NONE, 0, amount
    if rule == CLEAN_FIRST:
        before = min(amount, (state.balance[account] >> 1) - state.held[account])
        rest = amount - before
    lot = state.head[account]
    while rest > 0 and lot != NONE:
        cents = state.cents[lot]
        moved = lot
        if cents <= rest:
            lot = state.next[lot]
            rest -= cents
        else:
            moved = new_lot(state, state.owner[lot], rest)
            state.cents[lot] = cents - rest
            rest = 0
        if first == NONE:
            first = moved
        else:
            state.next[last] = moved
        last = moved
    if last != NONE:
        state.next[last] = NONE
    state.head[account] = lot
    state.held[account] -= amount - before - rest
    if lot == NONE:
        state.balance[account] &= ~1
    return first, last, before, rest


@compiled
def join(rule: int, state: RawState, account: int, first: int, before: int, after: int) -> None:
    """Put a payment into an account's line: lots from `first`, with clean cents before and after them.

    The balance is still the old one; the caller adds the amount afterwards. The taint flag is set here.
    """
    tainted = state.balance[account] & 1 == 1
    last_stolen = NONE
    lot = first
    while lot != NONE:
        if state.owner[lot] > 0:
            last_stolen = lot
        lot = state.next[lot]
    if last_stolen == NONE and not (rule == LIFO and tainted):
        _drop_chain(state, first)
        return
    if not tainted:
        state.head[account] = NONE
        state.tail[account] = NONE
        state.held[account] = 0
        state.balance[account] |= 1
    if rule == FIFO:
        _drop_chain(state, state.next[last_stolen])
        state.next[last_stolen] = NONE
        pad = (state.balance[account] >> 1) - state.held[account] + before
        if pad > 0:
            _append(state, account, new_lot(state, 0, pad))
        _append_chain(state, account, first)
    elif rule == LIFO:
        if not tainted:
            _drop_chain(state, state.next[last_stolen])
            state.next[last_stolen] = NONE
        elif after > 0:
            first = _push_last(state, first, new_lot(state, 0, after))
        if before > 0:
            lot = new_lot(state, 0, before)
            state.next[lot] = first
            first = lot
        _prepend_chain(state, account, first)
    else:
        lot = first
        while lot != NONE:
            following = state.next[lot]
            if state.owner[lot] > 0:
                state.next[lot] = NONE
                _append(state, account, lot)
            else:
                drop_lot(state, lot)
            lot = following


@compiled
def _drop_chain(state: RawState, lot: int) -> None:
    while lot != NONE:
        following = state.next[lot]
        drop_lot(state, lot)
        lot = following


@compiled
def _append(state: RawState, account: int, lot: int) -> None:
    """Put one lot at the end of a list, into its neighbour when both belong to one owner."""
    state.held[account] += state.cents[lot]
    tail = state.tail[account]
    if state.head[account] == NONE:
        state.head[account] = lot
        state.tail[account] = lot
    elif state.owner[tail] == state.owner[lot]:
        state.cents[tail] += state.cents[lot]
        drop_lot(state, lot)
    else:
        state.next[tail] = lot
        state.tail[account] = lot


@compiled
def _append_chain(state: RawState, account: int, first: int) -> None:
    lot = first
    while lot != NONE:
        following = state.next[lot]
        state.next[lot] = NONE
        _append(state, account, lot)
        lot = following


@compiled
def _push_last(state: RawState, first: int, extra: int) -> int:
    if first == NONE:
        return extra
    lot = first
    while state.next[lot] != NONE:
        lot = state.next[lot]
    state.next[lot] = extra
    return first


@compiled
def _prepend_chain(state: RawState, account: int, first: int) -> None:
    lot, last = first, first
    while lot != NONE:
        state.held[account] += state.cents[lot]
        last = lot
        lot = state.next[lot]
    head = state.head[account]
    if head == NONE:
        state.tail[account] = last
    elif state.owner[head] == state.owner[last]:
        state.cents[last] += state.cents[head]
        state.next[last] = state.next[head]
        drop_lot(state, head)
    else:
        state.next[last] = head
    state.head[account] = first
