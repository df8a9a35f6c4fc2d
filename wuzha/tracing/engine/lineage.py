"""One pass over any complete ledger, with reversals, earmarks, size limits and a chosen share among victims.

Theory. The specification in machine code, step by step over whole `lines`: slower than the sweep, which leaves out what
it can, and a hundred times as fast as plain Python. Every ledger that is not plain comes here when it is large.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wuzha.tracing.engine.balances import Ledger
from wuzha.tracing.engine.columns import Columns, Side
from wuzha.tracing.engine.jit import I32, I64, compiled, share
from wuzha.tracing.engine.lines import (
    BY_ARRIVAL,
    BY_SHARE,
    NODE_ROOM,
    NODES,
    TRAYS,
    Lines,
    RawLines,
    drop,
    emptied,
    move_all,
    move_front,
    move_share,
    new_lines,
    new_piece,
    push_back,
    push_by_owner,
    push_front,
    raw_lines,
    roomier,
    sort_by_owner,
    tidy,
    total,
    turned,
)
from wuzha.tracing.engine.lots import (
    FIFO,
    LIFO,
    LIVE,
    LOTS,
    NONE,
    OUT,
    PRO_RATA,
    RESERVE,
    ROWS,
    TAINTED_FIRST,
    Paint,
    RawPaint,
    at_home,
    raw_paint,
)
from wuzha.tracing.engine.model import UNSEEN_PREFIX, Kind

Flags = NDArray[np.bool_]
LINE, CLEAN_END, UNSEEN_END = range(3)  # what an account is: it keeps a line, or what it pays comes from elsewhere


class Relations(NamedTuple):
    """By transfer: the earlier one whose pieces it takes (or -1), its number from 0 if it may itself be asked for them
    (or -1), and whether it undoes."""

    source: I32
    number: I32
    undoes: I32


class Ends(NamedTuple):
    """By account: what it is when it pays (LINE, ..), and whether what it receives ends there."""

    what: I32
    ends: Flags


def relations(ledger: Ledger) -> Relations:
    """Which transfer takes whose pieces."""
    place = {t.id: i for i, t in enumerate(ledger.transfers) if t.payer != t.payee}
    asked = {t.reverses for t in ledger.transfers} | {t.earmark for t in ledger.transfers}
    count = len(ledger.transfers)
    source, number, undoes = np.full(count, NONE, np.int32), np.full(count, NONE, np.int32), np.zeros(count, np.int32)
    numbered = 0
    for i, transfer in enumerate(ledger.transfers):
        if transfer.id in asked and transfer.payer != transfer.payee:
            number[i] = numbered
            numbered += 1
        original = place.get(transfer.reverses or "", count) if transfer.kind is Kind.REVERSAL else count
        if original < i:
            source[i], undoes[i] = original, 1
        elif place.get(transfer.earmark or "", count) < i:
            source[i] = place[transfer.earmark or ""]
    return Relations(source, number, undoes)


def ends_of(names: list[Side]) -> Ends:
    """What the accounts of a ledger's columns are."""
    what, ends = np.zeros(len(names), np.int32), np.zeros(len(names), np.bool_)
    for place, (name, side) in enumerate(names):
        if side == "pays":
            what[place] = UNSEEN_END if name.startswith(UNSEEN_PREFIX) else CLEAN_END
        ends[place] = side == "ends"
    return Ends(what, ends)


def fold_lines(
    rule: int,
    among: int,
    smallest: int,
    related: Relations,
    columns: Columns,
    accounts: Ends,
    paint: Paint,
    owners: int,
) -> Lines:
    """The lines after a whole ledger. among: as in `lines`; smallest: cents, 0 for no limit."""
    number, what = related.number, accounts.what
    marks = int(number.max(initial=NONE)) + 1
    lines = new_lines(rule, np.where(what == LINE, columns.opening, 0), marks, owners)
    needed = RESERVE + 4 * len(paint.claim)
    at = seed = 0
    lines = roomier(lines, needed)
    arrays = columns.payer, columns.payee, columns.amount, *related, *accounts
    while True:
        at, seed = _fold(rule, among, smallest, marks > 0, *arrays, lines, paint, at, seed, needed)
        if at >= len(columns):
            return lines
        lines = roomier(lines, needed)


@compiled
def _fold(
    rule: int,
    among: int,
    smallest: int,
    marks: bool,
    payer: I32,
    payee: I32,
    amount: I64,
    source: I32,
    number: I32,
    undoes: I32,
    what: I32,
    ends: Flags,
    lines: Lines,
    paint_arrays: Paint,
    start: int,
    seed: int,
    needed: int,
) -> tuple[int, int]:
    """Go on at a transfer and a seed row; where there is no room, or (number of transfers, ..) when done."""
    raw, paint = raw_lines(lines), raw_paint(paint_arrays)
    ctl = raw.ctl
    tray = 2 * len(what)
    for t in range(start, len(payer)):
        p, q, cents = payer[t], payee[t], amount[t]
        room = ctl[LIVE] + needed
        if ctl[LOTS] - ctl[LIVE] <= room or ctl[ROWS] - ctl[OUT] <= room or ctl[NODE_ROOM] - ctl[NODES] <= room:
            return t, seed
        first = seed
        while seed < paint.rows and paint.transfer[seed] == t:
            seed += 1
        if p == q:
            continue
        original, undone = source[t], undoes[t] == 1
        ended = NONE
        if original != NONE and ends[payee[original]]:
            ended = tray + TRAYS + number[original]
        found = _take_asked(raw, p, what[p] == LINE, cents, original, ended, undone, tray)
        _take_by_rule(raw, rule, among, p, what[p], cents - found, undone, tray)
        for row in range(first, seed):
            _paint(raw, paint, row, cents, tray)
        _emit(raw, t, tray)
        if number[t] != NONE:
            _mark(raw, t, tray)
        elif marks and not undone:
            _unmark(raw, tray)
            tidy(raw, tray)
        if smallest > 0 and what[p] == LINE:
            _forget(raw, rule, p, smallest)
        if ends[q]:
            if number[t] != NONE:
                move_all(raw, tray, tray + TRAYS + number[t])
            else:
                _drop_all(raw, tray)
            continue
        _come_home(raw, paint, q, tray)
        _join(raw, rule, among, q, undone, tray)
        raw.balance[q] += cents
        if smallest > 0:
            _forget(raw, rule, q, smallest)
    return len(payer), seed


@compiled
def _take_asked(
    raw: RawLines, p: int, has_line: bool, cents: int, original: int, ended: int, undone: bool, tray: int
) -> int:
    """Put the pieces that `original` brought, here or to where it ended, into the tray; their cents."""
    found = 0
    if ended != NONE:
        whole = total(raw, ended, NONE)
        found = min(cents, whole)
        if found > 0:
            move_share(raw, ended, tray, found, whole, (0, 0), NONE)
            _emit_back(raw, original, tray)
    elif original != NONE and has_line:
        whole = total(raw, 2 * p, original) + total(raw, 2 * p + 1, original)
        found = min(cents, whole)
        if found > 0:
            place = move_share(raw, 2 * p, tray, found, whole, (0, 0), original)
            move_share(raw, 2 * p + 1, tray, found, whole, place, original)
            raw.balance[p] -= found
    if undone:
        lot = raw.head[tray]
        while lot != NONE:
            raw.via[lot] = raw.node_before[raw.via[lot]]
            lot = raw.next[lot]
        tidy(raw, tray)
    return found


@compiled
def _take_by_rule(raw: RawLines, rule: int, among: int, p: int, what: int, cents: int, undone: bool, tray: int) -> None:
    """Put what the rule takes from an account behind what is in the tray."""
    if what != LINE:
        if cents > 0:
            push_back(raw, tray + 1, new_piece(raw, -1 if what == UNSEEN_END else 0, cents, 0))
    else:
        _leave(raw, rule, among, p, cents, tray + 1, tray + 2)
        raw.balance[p] -= cents
        if undone:
            _unmark(raw, tray + 1)
    move_all(raw, tray + 1, tray)


@compiled
def _leave(raw: RawLines, rule: int, among: int, p: int, cents: int, to: int, spare: int) -> None:
    first, second, whole = 2 * p, 2 * p + 1, raw.balance[p]
    if rule == PRO_RATA and among != BY_ARRIVAL:
        if cents > 0:
            place = move_share(raw, first, to, cents, whole, (0, 0), NONE)
            move_share(raw, second, to, cents, whole, place, NONE)
        return
    if rule in (FIFO, LIFO) or (rule != PRO_RATA and among != BY_SHARE):
        move_front(raw, second, to, move_front(raw, first, to, cents))
        return
    clean_list = second if rule == TAINTED_FIRST else first
    stolen_list = first + second - clean_list
    clean = total(raw, clean_list, NONE)
    if rule == PRO_RATA:
        from_clean = share(cents, clean, whole) if cents > 0 else 0
    elif rule == TAINTED_FIRST:
        from_clean = max(0, cents - (whole - clean))
    else:
        from_clean = min(cents, clean)
    if rule != TAINTED_FIRST:
        move_front(raw, clean_list, to, from_clean)
    if among == BY_SHARE:
        sort_by_owner(raw, stolen_list)
        if cents > from_clean:
            move_share(raw, stolen_list, to, cents - from_clean, whole - clean, (0, 0), NONE)
    else:
        move_front(raw, stolen_list, to, cents - from_clean)
    if rule == TAINTED_FIRST:
        move_front(raw, clean_list, to, from_clean)


@compiled
def _paint(raw: RawLines, paint: RawPaint, row: int, amount: int, tray: int) -> None:
    """Let a seed row claim the clean cents of the payment, the first ones first."""
    claim = paint.claim[row]
    left = min(paint.left[claim], amount)
    lot = raw.head[tray]
    while lot != NONE and left > 0:
        if raw.owner[lot] <= 0:
            if raw.cents[lot] > left:
                rest = new_piece(raw, raw.owner[lot], raw.cents[lot] - left, raw.via[lot])
                raw.next[rest] = raw.next[lot]
                raw.next[lot] = rest
                raw.cents[lot] = left
                if raw.tail[tray] == lot:
                    raw.tail[tray] = rest
            raw.owner[lot] = paint.owner[claim]
            left -= raw.cents[lot]
            paint.left[claim] -= raw.cents[lot]
            paint.claimed[row] += raw.cents[lot]
        lot = raw.next[lot]
    tidy(raw, tray)


@compiled
def _emit(raw: RawLines, t: int, tray: int) -> None:
    lot = raw.head[tray]
    row = raw.ctl[OUT]
    while lot != NONE:
        if raw.owner[lot] > 0:
            raw.out_transfer[row], raw.out_owner[row], raw.out_cents[row] = t, raw.owner[lot], raw.cents[lot]
            row += 1
        lot = raw.next[lot]
    raw.ctl[OUT] = row


@compiled
def _emit_back(raw: RawLines, original: int, tray: int) -> None:
    row = raw.ctl[OUT]
    _emit(raw, original, tray)
    while row < raw.ctl[OUT]:
        raw.out_cents[row] = -raw.out_cents[row]
        row += 1


@compiled
def _mark(raw: RawLines, t: int, tray: int) -> None:
    lot = raw.head[tray]
    while lot != NONE:
        node = raw.ctl[NODES]
        raw.ctl[NODES] = node + 1
        raw.node_transfer[node], raw.node_before[node] = t, raw.via[lot]
        raw.via[lot] = node
        lot = raw.next[lot]


@compiled
def _unmark(raw: RawLines, tray: int) -> None:
    lot = raw.head[tray]
    while lot != NONE:
        raw.via[lot] = 0
        lot = raw.next[lot]


@compiled
def _drop_all(raw: RawLines, tray: int) -> None:
    lot = emptied(raw, tray)
    while lot != NONE:
        following = raw.next[lot]
        drop(raw, lot)
        lot = following


@compiled
def _come_home(raw: RawLines, paint: RawPaint, q: int, tray: int) -> None:
    if paint.homes and paint.home[q] != 0:
        lot = raw.head[tray]
        while lot != NONE:
            if raw.owner[lot] > 0 and at_home(paint, q, raw.owner[lot]):
                raw.returned[raw.owner[lot]] += raw.cents[lot]
                raw.owner[lot] = 0
            lot = raw.next[lot]
        tidy(raw, tray)


@compiled
def _join(raw: RawLines, rule: int, among: int, q: int, front: bool, tray: int) -> None:
    """Put the tray into an account's line. front: as if it had never left."""
    front = front or rule == LIFO
    lot = turned(raw, tray) if front else emptied(raw, tray)
    while lot != NONE:
        following = raw.next[lot]
        to = _list_of(rule, q, raw.owner[lot])
        if rule == PRO_RATA and (among != BY_ARRIVAL or raw.owner[lot] <= 0):
            push_by_owner(raw, to, lot, front)
        elif front:
            push_front(raw, to, lot)
        else:
            push_back(raw, to, lot)
        lot = following


@compiled
def _list_of(rule: int, account: int, owner: int) -> int:
    """Which of an account's two lists holds the lots of an owner."""
    if rule in (FIFO, LIFO):
        return 2 * account
    return 2 * account + ((owner > 0) != (rule == TAINTED_FIRST))


@compiled
def _forget(raw: RawLines, rule: int, account: int, smallest: int) -> None:
    """Count the stolen lots below the limit as untracked; they are clean from now on, and join their like."""
    stolen_list, clean_list = _list_of(rule, account, 1), _list_of(rule, account, 0)
    lot = emptied(raw, stolen_list) if rule != TAINTED_FIRST else turned(raw, stolen_list)
    while lot != NONE:
        following = raw.next[lot]
        small = raw.owner[lot] > 0 and raw.cents[lot] < smallest
        if small:
            raw.untracked[raw.owner[lot]] += raw.cents[lot]
            raw.owner[lot] = 0
        if rule == TAINTED_FIRST:
            push_front(raw, clean_list if small else stolen_list, lot)
        else:
            push_back(raw, clean_list if small else stolen_list, lot)
        lot = following
