"""The pro rata rule in flat arrays: each tainted account keeps its victims' cents in the order of their numbers.

Theory. The clean part is implicit (balance less the list), and lies first on the ruler; the list is cut with the same
ruler as in `line`. Because the ruler's first end is the clean part, the stolen total of each payment does not depend on
how it is split between victims: a run with all victims as one owner gives the exact totals at a fraction of the cost,
and the split can be computed later, on demand.
"""

from wuzha.tracing.engine.jit import compiled, share
from wuzha.tracing.engine.lots import NONE, OUT, RawPaint, RawState, at_home, drop_lot, new_lot


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
    clean = step_pro_rata(state, paint, t, p, q, amount)
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
                put_owner(state, q, owner, cents, NONE)
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
