"""Whole lines in flat arrays: the compiled form of `line` where every lot counts, clean ones too, with its trail.

Theory. A reversal takes back the very pieces that its original brought, and an earmark spends them; so a lot must know
how it came, and clean lots must be kept apart as long as somebody may ask for them. `lots` leaves out what a rule makes
certain and is faster; here nothing is left out. An account has two lists, which one after the other are its line:
under FIFO and LIFO all is in the first, under tainted first the stolen lots are, under clean first and pro rata the
clean ones. A trail is a node (transfer, the node before); node 0 is no trail. Neighbours with one owner and one node
are one lot.

Behind the lists of the accounts lie three trays (the payment, what the rule takes, spare) and one list for each payment
that ended somewhere and may still be taken back.
"""

from typing import Any, NamedTuple

import numpy as np

from wuzha.tracing.engine.jit import I32, I64, compiled, pointer, share
from wuzha.tracing.engine.lots import FREE, FRESH, LIVE, LOTS, NONE, OUT, ROWS, TAINTED_FIRST

NODES, NODE_ROOM = 6, 7  # places in Lines.ctl behind those of `lots`
BY_RULE, BY_ARRIVAL, BY_SHARE = range(3)  # how victims share: the rule's own way, Among.FIFO, Among.PRO_RATA
TRAYS = 3


class Lines(NamedTuple):
    """head, tail: two lists for each of m accounts, then trays and ends. balance: m, cents.

    owner (-1 clean of unknown source, 0 clean, 1.. victims), cents, via, next: the pool. node_transfer, node_before.
    ctl as in `lots`. out_*: what transfers carried; negative cents were taken back from where that transfer had ended.
    returned, untracked: cents by owner.
    """

    head: I32
    tail: I32
    balance: I64
    owner: I32
    cents: I64
    via: I32
    next: I32
    node_transfer: I32
    node_before: I32
    ctl: I64
    out_transfer: I32
    out_owner: I32
    out_cents: I64
    returned: I64
    untracked: I64


class RawLines(NamedTuple):
    """The same as bare addresses."""

    head: Any
    tail: Any
    balance: Any
    owner: Any
    cents: Any
    via: Any
    next: Any
    node_transfer: Any
    node_before: Any
    ctl: Any
    out_transfer: Any
    out_owner: Any
    out_cents: Any
    returned: Any
    untracked: Any


def new_lines(rule: int, opening: I64, ends: int, owners: int) -> Lines:
    """Lines of accounts that hold their openings, clean; room for `ends` payments that may be taken back."""
    accounts = len(opening)
    pool = 2 * accounts + 64
    held = np.nonzero(opening)[0].astype(np.int32)
    lists = np.full(2 * accounts + TRAYS + ends, NONE, np.int32)
    head, tail = lists, lists.copy()
    slot = 2 * held + (rule == TAINTED_FIRST)
    head[slot] = tail[slot] = np.arange(len(held))
    cents = np.empty(pool, np.int64)
    cents[: len(held)] = opening[held]
    return Lines(
        head,
        tail,
        np.asarray(opening, np.int64).copy(),
        np.zeros(pool, np.int32),
        cents,
        np.zeros(pool, np.int32),
        np.full(pool, NONE, np.int32),
        np.zeros(pool, np.int32),
        np.zeros(pool, np.int32),
        np.array([NONE, len(held), len(held), 0, pool, pool, 1, pool], np.int64),
        np.empty(pool, np.int32),
        np.empty(pool, np.int32),
        np.empty(pool, np.int64),
        np.zeros(owners + 1, np.int64),
        np.zeros(owners + 1, np.int64),
    )


def roomier(lines: Lines, needed: int) -> Lines:
    """The same with room for any one payment."""
    ctl, live = lines.ctl, int(lines.ctl[LIVE])
    want = {LOTS: 2 * live + needed, ROWS: int(ctl[OUT]) + live + needed, NODE_ROOM: int(ctl[NODES]) + live + needed}
    names = {
        LOTS: ("owner", "cents", "via", "next"),
        ROWS: ("out_transfer", "out_owner", "out_cents"),
        NODE_ROOM: ("node_transfer", "node_before"),
    }
    changes: dict[str, Any] = {}
    for place, least in want.items():
        if int(ctl[place]) <= least:
            ctl[place] = 2 * least
            for name in names[place]:
                old = getattr(lines, name)
                changes[name] = np.empty(2 * least, old.dtype)
                changes[name][: len(old)] = old
    return lines._replace(**changes)


@compiled
def raw_lines(lines: Lines) -> RawLines:
    """Addresses of lines that their caller keeps alive."""
    return RawLines(
        pointer(lines.head),
        pointer(lines.tail),
        pointer(lines.balance),
        pointer(lines.owner),
        pointer(lines.cents),
        pointer(lines.via),
        pointer(lines.next),
        pointer(lines.node_transfer),
        pointer(lines.node_before),
        pointer(lines.ctl),
        pointer(lines.out_transfer),
        pointer(lines.out_owner),
        pointer(lines.out_cents),
        pointer(lines.returned),
        pointer(lines.untracked),
    )


@compiled
def new_piece(raw: RawLines, owner: int, cents: int, via: int) -> int:
    """A lot that is in no list."""
    ctl = raw.ctl
    lot = ctl[FREE]
    if lot == NONE:
        lot = ctl[FRESH]
        ctl[FRESH] += 1
    else:
        ctl[FREE] = raw.next[lot]
    ctl[LIVE] += 1
    raw.owner[lot], raw.cents[lot], raw.via[lot], raw.next[lot] = owner, cents, via, NONE
    return lot  # type: ignore[no-any-return]


@compiled
def drop(raw: RawLines, lot: int) -> None:
    """Give a lot back."""
    raw.next[lot] = raw.ctl[FREE]
    raw.ctl[FREE] = lot
    raw.ctl[LIVE] -= 1


@compiled
def alike(raw: RawLines, one: int, other: int) -> bool:
    """Whether two neighbours are one lot."""
    return raw.owner[one] == raw.owner[other] and raw.via[one] == raw.via[other]  # type: ignore[no-any-return]


@compiled
def push_back(raw: RawLines, to: int, lot: int) -> None:
    """Put a lot at the end of a list."""
    last = raw.tail[to]
    raw.next[lot] = NONE
    if raw.head[to] == NONE:
        raw.head[to] = raw.tail[to] = lot
    elif alike(raw, last, lot):
        raw.cents[last] += raw.cents[lot]
        drop(raw, lot)
    else:
        raw.next[last] = lot
        raw.tail[to] = lot


@compiled
def push_front(raw: RawLines, to: int, lot: int) -> None:
    """Put a lot at the front of a list."""
    first = raw.head[to]
    if first == NONE:
        raw.next[lot] = NONE
        raw.head[to] = raw.tail[to] = lot
    elif alike(raw, first, lot):
        raw.cents[first] += raw.cents[lot]
        drop(raw, lot)
    else:
        raw.next[lot] = first
        raw.head[to] = lot


@compiled
def push_by_owner(raw: RawLines, to: int, lot: int, front: bool) -> None:
    """Put a lot among those of its owner in a list sorted by owner: behind them, or before them."""
    owner = raw.owner[lot]
    before, place = NONE, raw.head[to]
    while place != NONE and (raw.owner[place] < owner or (raw.owner[place] == owner and not front)):
        before, place = place, raw.next[place]
    if before == NONE:
        push_front(raw, to, lot)
    elif place == NONE:
        push_back(raw, to, lot)
    elif alike(raw, before, lot):
        raw.cents[before] += raw.cents[lot]
        drop(raw, lot)
    elif alike(raw, place, lot):
        raw.cents[place] += raw.cents[lot]
        drop(raw, lot)
    else:
        raw.next[before], raw.next[lot] = lot, place


@compiled
def emptied(raw: RawLines, of: int) -> int:
    """The first lot of a list, which is empty afterwards: whoever walks on asks each lot for the next one first."""
    lot = raw.head[of]
    raw.head[of] = raw.tail[of] = NONE
    return lot  # type: ignore[no-any-return]


@compiled
def tidy(raw: RawLines, of: int) -> None:
    """Join neighbours that have become alike."""
    lot = emptied(raw, of)
    while lot != NONE:
        following = raw.next[lot]
        push_back(raw, of, lot)
        lot = following


@compiled
def move_all(raw: RawLines, of: int, to: int) -> None:
    """Put one list behind another."""
    lot = emptied(raw, of)
    while lot != NONE:
        following = raw.next[lot]
        push_back(raw, to, lot)
        lot = following


@compiled
def turned(raw: RawLines, of: int) -> int:
    """The last lot of a list, from which `next` leads to the first; the list is empty afterwards."""
    lot = emptied(raw, of)
    before = NONE
    while lot != NONE:
        following = raw.next[lot]
        raw.next[lot] = before
        before, lot = lot, following
    return before


@compiled
def move_front(raw: RawLines, of: int, to: int, cents: int) -> int:
    """Move cents from the front of a list; those that it lacks."""
    while cents > 0 and raw.head[of] != NONE:
        lot = raw.head[of]
        held = raw.cents[lot]
        if held <= cents:
            raw.head[of] = raw.next[lot]
            if raw.head[of] == NONE:
                raw.tail[of] = NONE
            push_back(raw, to, lot)
            cents -= held
        else:
            raw.cents[lot] = held - cents
            push_back(raw, to, new_piece(raw, raw.owner[lot], cents, raw.via[lot]))
            cents = 0
    return cents


@compiled
def move_share(
    raw: RawLines, of: int, to: int, cents: int, whole: int, place: tuple[int, int], source: int
) -> tuple[int, int]:
    """Cut cents from a list on the ruler of `whole`; only lots that transfer `source` brought, unless it is NONE.

    place: (end, cut) where this list begins on the ruler; where the next one does.
    """
    end, cut = place
    lot = emptied(raw, of)
    while lot != NONE:
        following = raw.next[lot]
        part = 0
        if source == NONE or (raw.via[lot] != 0 and raw.node_transfer[raw.via[lot]] == source):
            end += raw.cents[lot]
            after = share(cents, end, whole)
            part = after - cut
            cut = after
        if part == raw.cents[lot]:
            push_back(raw, to, lot)
        else:
            if part > 0:
                raw.cents[lot] -= part
                push_back(raw, to, new_piece(raw, raw.owner[lot], part, raw.via[lot]))
            push_back(raw, of, lot)
        lot = following
    return end, cut


@compiled
def total(raw: RawLines, of: int, source: int) -> int:
    """Cents in a list; only those that transfer `source` brought, unless it is NONE."""
    found = 0
    lot = raw.head[of]
    while lot != NONE:
        if source == NONE or (raw.via[lot] != 0 and raw.node_transfer[raw.via[lot]] == source):
            found += raw.cents[lot]
        lot = raw.next[lot]
    return found


@compiled
def sort_by_owner(raw: RawLines, of: int) -> None:
    """Sort a list by owner, keeping the order of each owner's lots."""
    lot = emptied(raw, of)
    while lot != NONE:
        following = raw.next[lot]
        push_by_owner(raw, of, lot, False)
        lot = following
