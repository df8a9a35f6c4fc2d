"""The pro rata rule in flat arrays: each tainted account keeps its victims' cents in the order of their numbers.

Theory. The clean part is implicit (balance less the list), and lies first on the ruler; the list is cut with the same
ruler as in `line`. Because the ruler's first end is the clean part, the stolen total of each payment does not depend on
how it is split between victims: a run with all victims as one owner gives the exact totals at a fraction of the cost,
and the split can be computed later, on demand.

Four tainted accounts in five have money of one victim only. While a sweep runs, such an account has no list: its head
names the owner (ALONE - owner), its cents are what the account holds, and a payment touches two arrays instead of six.
It gets a list when a second victim's money comes, and at the end of the sweep (`settled`).
"""

from wuzha.tracing.engine.jit import compiled, share
from wuzha.tracing.engine.lots import (
    LIVE,
    LOTS,
    NONE,
    OUT,
    PRO_RATA,
    RESERVE,
    RawPaint,
    RawState,
    State,
    at_home,
    drop_lot,
    grown,
    new_lot,
    raw_state,
)

ALONE = NONE - 1  # head of an account that holds money of one owner: ALONE - owner, below ALONE itself


def settled(code: int, state: State) -> State:
    """The state as its readers know it, each tainted account with its list."""
    if code != PRO_RATA:
        return state
    alone = _count_alone(state)
    if int(state.ctl[LOTS]) - int(state.ctl[LIVE]) < alone + RESERVE:
        state = grown(state, alone + RESERVE)
    _list_all(state)
    return state


@compiled
def _count_alone(state: State) -> int:
    count = 0
    for account in range(len(state.balance)):
        count += state.balance[account] & 1 == 1 and state.head[account] < ALONE
    return count


@compiled
def _list_all(state_arrays: State) -> None:
    state = raw_state(state_arrays)
    for account in range(len(state_arrays.balance)):
        if state.balance[account] & 1:
            as_list(state, account)


@compiled
def as_list(state: RawState, account: int) -> None:
    """Give a tainted account its list, where it has none."""
    if state.head[account] < ALONE:
        state.head[account] = new_lot(state, ALONE - state.head[account], state.held[account])
        state.size[account] = 1


@compiled
def sweep_pro_rata(state: RawState, paint: RawPaint, t: int, p: int, q: int, amount: int) -> int:
    """`step_pro_rata` in a sweep, where p or q may have no list."""
    balance = state.balance
    if balance[p] & 1 and state.head[p] < ALONE:
        whole, held, head = balance[p] >> 1, state.held[p], state.head[p]
        clean = share(amount, whole - held, whole)
        cents = amount - clean
        if cents == 0:
            return clean
        write(state, t, ALONE - head, cents)
        state.held[p] = held - cents
        if cents == held:
            balance[p] &= ~1
        if at_home(paint, q, ALONE - head):
            state.returned[ALONE - head] += cents
        else:
            put_alone(state, q, ALONE - head, cents)
        return clean
    if balance[q] & 1:
        as_list(state, q)
    return step_pro_rata(state, paint, t, p, q, amount)


@compiled
def put_alone(state: RawState, account: int, owner: int, cents: int) -> None:
    """Add an owner's cents to an account that may have no list."""
    if state.balance[account] & 1 == 0:
        state.balance[account] |= 1
        state.head[account] = ALONE - owner
        state.held[account] = cents
    elif state.head[account] == ALONE - owner:
        state.held[account] += cents
    else:
        as_list(state, account)
        put_owner(state, account, owner, cents, NONE)


@compiled
def step_pro_rata(state: RawState, paint: RawPaint, t: int, p: int, q: int, amount: int) -> int:
    """Move the stolen shares of a payment from p's list to q's; the clean cents of the payment. Balances stay."""
    if state.balance[p] & 1 == 0:
        return amount
    whole = state.balance[p] >> 1
    end = whole - state.held[p]
    clean = share(amount, end, whole)
    cut = clean
    before_q = NONE
    before, lot = NONE, state.head[p]
    while lot != NONE:
        following = state.next[lot]
        end += state.cents[lot]
        next_cut = amount if end == whole else share(amount, end, whole)  # most lists have one lot
        cents = next_cut - cut
        cut = next_cut
        if cents > 0:
            owner = state.owner[lot]
            write(state, t, owner, cents)
            if at_home(paint, q, owner):
                state.returned[owner] += cents
            else:
                before_q = put_owner(state, q, owner, cents, before_q)
            state.held[p] -= cents
            state.cents[lot] -= cents
        if state.cents[lot] == 0:
            if before == NONE:
                state.head[p] = following
            else:
                state.next[before] = following
            drop_lot(state, lot)
            state.size[p] -= 1
        else:
            before = lot
        lot = following
    if state.head[p] == NONE:
        state.balance[p] &= ~1
    return clean


@compiled
def seed_pro_rata(state: RawState, paint: RawPaint, t: int, p: int, q: int, amount: int, seed: int) -> None:
    """The same for a transfer that seeds claim: its clean cents become the claimants', in their order."""
    clean = sweep_pro_rata(state, paint, t, p, q, amount)
    row = seed
    while row < paint.rows and paint.transfer[row] == t:
        claim = paint.claim[row]
        owner = paint.owner[claim]
        cents = min(clean, paint.left[claim])
        if cents > 0:
            paint.left[claim] -= cents
            paint.claimed[row] = cents
            clean -= cents
            write(state, t, owner, cents)
            if at_home(paint, q, owner):
                state.returned[owner] += cents
            else:
                put_alone(state, q, owner, cents)
        row += 1


@compiled
def write(state: RawState, t: int, owner: int, cents: int) -> None:
    """One output row."""
    row = state.ctl[OUT]
    state.out_transfer[row] = t
    state.out_owner[row] = owner
    state.out_cents[row] = cents
    state.ctl[OUT] = row + 1


@compiled
def put_owner(state: RawState, account: int, owner: int, cents: int, before: int) -> int:
    """Add an owner's cents to a sorted list, searching from the lot `before` on; the lot where they are now."""
    if state.balance[account] & 1 == 0:
        state.balance[account] |= 1
        state.head[account] = NONE
        state.held[account] = 0
        state.size[account] = 0
    state.held[account] += cents
    lot = state.head[account] if before == NONE else before
    while lot != NONE and state.owner[lot] < owner:
        before = lot
        lot = state.next[lot]
    if lot != NONE and state.owner[lot] == owner:
        state.cents[lot] += cents
        return lot
    fresh = new_lot(state, owner, cents)
    state.next[fresh] = lot
    if before == NONE:
        state.head[account] = fresh
    else:
        state.next[before] = fresh
    state.size[account] += 1
    return fresh
