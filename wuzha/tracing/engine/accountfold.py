"""The account fold: what one account makes of its income, as a pure function, repeated until nothing changes.

Theory. account(events, incoming pieces) -> outgoing pieces. Run it for the accounts that seeds touch, then for those
whose income has changed, and so on; because a payment can only depend on earlier ones, this ends, and it ends at the
trace of the sweep. It is the incremental form (a late answer changes few accounts), the distributed form (`spark`), and
the explanation of one account to a court: everything that the function needs is that account's own statement.

A piece is (owner, cents); the pieces of a payment stand in the order in which they left, clean cents (owner 0) among
them, and a payment without stolen money has none.
"""

from dataclasses import dataclass

import numpy as np

from wuzha.tracing.engine.columns import Columns, SeedColumns
from wuzha.tracing.engine.frontier import events
from wuzha.tracing.engine.jit import I32, I64, compiled
from wuzha.tracing.engine.lots import (
    LIFO,
    LIVE,
    NONE,
    OUT,
    PRO_RATA,
    RESERVE,
    Paint,
    RawPaint,
    RawState,
    State,
    at_home,
    drop_lot,
    grown,
    join,
    new_lot,
    new_paint,
    new_state,
    raw_paint,
    raw_state,
    take,
)
from wuzha.tracing.engine.prorata import put_owner, step_pro_rata, write
from wuzha.tracing.engine.sweep import come_home, has_room, paint_chain, with_clean

ROUNDS_MAX = 100_000  # a chain of so many accounts inside one case does not exist
POOL_FIRST = 4096


@dataclass(frozen=True)
class Batch:
    """Some accounts and their events. start: k + 1; change: e, signed cents; opening: k, cents.

    pieces_from: e + 1; owner, cents: the incoming pieces of each credit, in order.
    """

    start: I64
    change: I64
    opening: I64
    pieces_from: I64
    owner: I32
    cents: I64


@dataclass(frozen=True)
class Folded:
    """What a batch pays and keeps. event, owner, cents: outgoing pieces in order. account, holder, rest: what rests."""

    event: I32
    owner: I32
    cents: I64
    account: I64
    holder: I64
    rest: I64
    returned: I64
    claimed: I64


def fold_batch(code: int, batch: Batch, paint: Paint, owners: int) -> Folded:
    """The outgoing pieces of each account of a batch. paint: seeds by event, homes by account of the batch."""
    accounts = len(batch.opening)
    state = new_state(np.append(batch.opening, 0), owners, POOL_FIRST)  # the last account is a tray for payments
    needed = RESERVE + 4 * len(paint.claim) + int(np.diff(batch.pieces_from).max(initial=0))
    state = grown(state, needed)
    place = (0, 0, 0)
    while True:
        place = _fold(
            code,
            batch.start,
            batch.change,
            batch.pieces_from,
            batch.owner,
            batch.cents,
            state,
            paint,
            place[0],
            place[1],
            place[2],
            needed,
        )
        if place[0] >= accounts:
            break
        state = grown(state, needed + int(state.ctl[LIVE]))
    count = int(state.ctl[OUT])
    account, holder, rest = rests(state, accounts)
    return Folded(
        state.out_transfer[:count],
        state.out_owner[:count],
        state.out_cents[:count],
        account,
        holder,
        rest,
        state.returned,
        paint.claimed,
    )


@compiled
def rests(state: State, accounts: int) -> tuple[I64, I64, I64]:
    """(account, owner, cents) of every stolen lot in a state, by account."""
    count = 0
    for a in range(accounts):
        lot = state.head[a] if state.balance[a] & 1 else NONE
        while lot != NONE:
            count += state.owner[lot] > 0
            lot = state.next[lot]
    account, owner, cents = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    row = 0
    for a in range(accounts):
        lot = state.head[a] if state.balance[a] & 1 else NONE
        while lot != NONE:
            if state.owner[lot] > 0:
                account[row], owner[row], cents[row] = a, state.owner[lot], state.cents[lot]
                row += 1
            lot = state.next[lot]
    return account, owner, cents


@compiled
def _fold(
    code: int,
    start: I64,
    change: I64,
    pieces_from: I64,
    piece_owner: I32,
    piece_cents: I64,
    state_arrays: State,
    paint_arrays: Paint,
    account: int,
    event: int,
    seed: int,
    needed: int,
) -> tuple[int, int, int]:
    """Go on at (account, event, seed row); account == k when done, else there is no room."""
    state, paint = raw_state(state_arrays), raw_paint(paint_arrays)
    tray = len(start) - 1
    while account < len(start) - 1:
        event = max(event, start[account])
        while event < start[account + 1]:
            if not has_room(code, state, account, tray, needed):
                return account, event, seed
            if change[event] > 0:
                lo, hi = pieces_from[event], pieces_from[event + 1]
                _receive(code, state, paint, account, change[event], piece_owner, piece_cents, lo, hi)
            else:
                _pay(code, state, paint, account, tray, event, -change[event], seed)
                while seed < paint.rows and paint.transfer[seed] <= event:
                    seed += 1
            event += 1
        account += 1
    return account, event, seed


@compiled
def _receive(
    code: int,
    state: RawState,
    paint: RawPaint,
    account: int,
    amount: int,
    owner: I32,
    cents: I64,
    lo: int,
    hi: int,
) -> None:
    if code == PRO_RATA:
        for piece in range(lo, hi):
            if owner[piece] > 0 and at_home(paint, account, owner[piece]):
                state.returned[owner[piece]] += cents[piece]
            elif owner[piece] > 0:
                put_owner(state, account, owner[piece], cents[piece], NONE)
    elif hi > lo or code == LIFO:
        first = last = NONE
        for piece in range(lo, hi):
            lot = new_lot(state, owner[piece], cents[piece])
            if first == NONE:
                first = lot
            else:
                state.next[last] = lot
            last = lot
        come_home(state, paint, account, first)
        join(code, state, account, first, amount if hi == lo else 0, 0)
    state.balance[account] += amount << 1


@compiled
def _pay(
    code: int, state: RawState, paint: RawPaint, account: int, tray: int, event: int, amount: int, seed: int
) -> None:
    """Write the pieces of a payment, the clean ones too when any is stolen."""
    row = seed
    if code == PRO_RATA:
        mark = state.ctl[OUT]
        clean = step_pro_rata(state, paint, event, account, tray, amount)
        state.ctl[OUT] = mark
        while row < paint.rows and paint.transfer[row] <= event:
            mine = min(clean, paint.left[paint.claim[row]])
            if paint.transfer[row] == event and mine > 0:
                paint.left[paint.claim[row]] -= mine
                paint.claimed[row] = mine
                clean -= mine
                put_owner(state, tray, paint.owner[paint.claim[row]], mine, NONE)
            row += 1
        first = state.head[tray] if state.balance[tray] & 1 else NONE
        state.balance[tray] = 0
        if first != NONE and clean > 0:
            write(state, event, 0, clean)
    else:
        first, last, before, after = take(code, state, account, amount)
        first = with_clean(state, first, last, before, after)
        while row < paint.rows and paint.transfer[row] <= event:
            if paint.transfer[row] == event:
                paint_chain(state, paint, first, row)
            row += 1
    stolen = False
    lot = first
    while lot != NONE:
        stolen |= state.owner[lot] > 0
        lot = state.next[lot]
    lot = first
    while lot != NONE:
        if stolen:
            write(state, event, state.owner[lot], state.cents[lot])
        following = state.next[lot]
        drop_lot(state, lot)
        lot = following
    state.balance[account] -= amount << 1


@dataclass(frozen=True)
class FixPoint:
    """The trace by account folds: transfer, owner, cents of stolen money carried; rests by account; rounds needed."""

    transfer: I64
    owner: I64
    cents: I64
    account: I64
    holder: I64
    rest: I64
    rounds: int


def fold_to_fixpoint(code: int, columns: Columns, seeds: SeedColumns) -> FixPoint:
    """Repeat the account fold over whoever's income changed, until nobody's does."""
    start, transfer, _before = events(columns.payer, columns.payee, columns.amount, columns.opening)
    account_of = np.repeat(np.arange(len(columns.opening)), np.diff(start))
    pays = columns.payer[transfer] == account_of
    pieces: dict[int, tuple[tuple[int, int], ...]] = {}
    kept: dict[int, list[tuple[int, int]]] = {}
    changed = set(columns.payer[seeds.transfer].tolist())
    rounds = 0
    while changed:
        rounds += 1
        if rounds > ROUNDS_MAX:
            raise RuntimeError("the account fold does not settle")
        batch_accounts = np.array(sorted(changed), np.int64)
        rows = np.concatenate([np.arange(start[a], start[a + 1]) for a in batch_accounts])
        batch = _batch(columns, batch_accounts, start, transfer[rows], pays[rows], pieces)
        folded = fold_batch(code, batch, _paint_of(seeds, batch_accounts, transfer[rows], pays[rows]), seeds.owners)
        paid: dict[int, list[tuple[int, int]]] = {int(t): [] for t in transfer[rows][pays[rows]]}
        for event, owner, cents in zip(
            folded.event.tolist(), folded.owner.tolist(), folded.cents.tolist(), strict=True
        ):
            paid[int(transfer[rows[event]])].append((owner, cents))
        changed = set()
        for t, now in paid.items():
            if pieces.get(t, ()) != tuple(now):
                pieces[t] = tuple(now)
                changed.add(int(columns.payee[t]))
        kept |= {int(a): [] for a in batch_accounts}
        for place, holder, cents in zip(
            folded.account.tolist(), folded.holder.tolist(), folded.rest.tolist(), strict=True
        ):
            kept[int(batch_accounts[place])].append((holder, cents))
    carried = [(t, o, c) for t, parts in sorted(pieces.items()) for o, c in parts if o > 0]
    rest = [(a, o, c) for a, parts in sorted(kept.items()) for o, c in parts]
    flows, held = np.array(carried, np.int64).reshape(-1, 3), np.array(rest, np.int64).reshape(-1, 3)
    return FixPoint(flows[:, 0], flows[:, 1], flows[:, 2], held[:, 0], held[:, 1], held[:, 2], rounds)


def _batch(
    columns: Columns,
    accounts: I64,
    start: I64,
    transfers: I32,
    pays: np.ndarray[tuple[int], np.dtype[np.bool_]],
    pieces: dict[int, tuple[tuple[int, int], ...]],
) -> Batch:
    sizes = (start[1:] - start[:-1])[accounts]
    incoming = [() if out else pieces.get(int(t), ()) for t, out in zip(transfers, pays, strict=True)]
    flat = [piece for listed in incoming for piece in listed]
    return Batch(
        np.append(0, np.cumsum(sizes)).astype(np.int64),
        np.where(pays, -columns.amount[transfers], columns.amount[transfers]),
        columns.opening[accounts],
        np.append(0, np.cumsum([len(listed) for listed in incoming])).astype(np.int64),
        np.array([piece[0] for piece in flat], np.int32),
        np.array([piece[1] for piece in flat], np.int64),
    )


def _paint_of(
    seeds: SeedColumns, accounts: I64, transfers: I32, pays: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Paint:
    """Seeds over the events of a batch."""
    event_of = {int(t): event for event, (t, out) in enumerate(zip(transfers, pays, strict=True)) if out}
    rows = sorted((event_of[int(t)], row) for row, t in enumerate(seeds.transfer) if int(t) in event_of)
    order = np.array([row for _event, row in rows], np.int64)
    local = {int(a): place for place, a in enumerate(accounts)}
    homes = sorted(
        (local[int(a)], int(o)) for a, o in zip(seeds.home_account, seeds.home_owner, strict=True) if int(a) in local
    )
    return new_paint(
        SeedColumns(
            np.array([event for event, _row in rows], np.int64),
            seeds.claim[order] if len(order) else np.empty(0, np.int64),
            seeds.owner,
            seeds.limit,
            np.array([home[0] for home in homes], np.int32),
            np.array([home[1] for home in homes], np.int32),
            seeds.owners,
        ),
        len(accounts) + 1,
    )
