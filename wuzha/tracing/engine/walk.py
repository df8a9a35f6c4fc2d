"""Walks over a standing index: forward for all victims, forward for one, backward. See `index`.

Seeds are taken in ledger order and each claim is followed to its end before the next, so an interval that an earlier
victim's money occupies in a later seed payment is known when that seed's turn comes: it stays the earlier victim's.
"""

from typing import Any, NamedTuple

from wuzha.tracing.engine.jit import I64, compiled, pointer, pointer32, pointer64
from wuzha.tracing.engine.lots import Paint, RawPaint, at_home, raw_paint


class Raw(NamedTuple):
    """Addresses of an index and its work arrays. rows: out_*; rests: rest_*; stack_*; taken_*, intervals in seeds."""

    payer: Any
    payee: Any
    amount: Any
    out_from: Any
    out_other: Any
    out_at: Any
    out_into: Any
    out_cents: Any
    in_from: Any
    in_other: Any
    in_at: Any
    in_into: Any
    in_cents: Any
    into: Any
    out_of: Any
    row_transfer: Any
    row_owner: Any
    row_cents: Any
    rest_account: Any
    rest_owner: Any
    rest_cents: Any
    stack_transfer: Any
    stack_lo: Any
    stack_hi: Any
    taken_lo: Any
    taken_hi: Any
    taken_next: Any
    size: int


class Count(NamedTuple):
    """How much of the work arrays is used. rows < 0: they were too short."""

    rows: int
    rests: int
    taken: int


@compiled
def raw(a: I64) -> Raw:
    """The addresses as typed pointers; their order is that of `StandingIndex._room`."""
    return Raw(
        pointer32(a[0]),
        pointer32(a[1]),
        pointer64(a[2]),
        pointer64(a[3]),
        pointer32(a[4]),
        pointer64(a[5]),
        pointer64(a[6]),
        pointer64(a[7]),
        pointer64(a[8]),
        pointer32(a[9]),
        pointer64(a[10]),
        pointer64(a[11]),
        pointer64(a[12]),
        pointer64(a[13]),
        pointer64(a[14]),
        pointer64(a[15]),
        pointer64(a[16]),
        pointer64(a[17]),
        pointer64(a[18]),
        pointer64(a[19]),
        pointer64(a[20]),
        pointer64(a[21]),
        pointer64(a[22]),
        pointer64(a[23]),
        pointer64(a[24]),
        pointer64(a[25]),
        pointer64(a[26]),
        a[27],
    )


@compiled
def last_at_most(values: Any, lo: int, hi: int, value: int) -> int:
    """The last place in lo..hi-1 of an ascending run whose value is at most `value`; lo - 1 when there is none."""
    while lo < hi:
        middle = (lo + hi) >> 1
        if values[middle] <= value:
            lo = middle + 1
        else:
            hi = middle
    return lo - 1


@compiled
def children(
    raw: Raw, lifo: bool, transfer: int, lo: int, hi: int, stop: int, stack: int, count: Count, owner: int
) -> tuple[int, Count]:
    """Push the parts of an interval that were paid on by position `stop`; what was not is a rest. Needs room."""
    account = raw.payee[transfer]
    rests = count.rests
    if lifo:
        first, end = raw.out_from[transfer], raw.out_from[transfer + 1]
        shift = 0
    else:
        first, end = raw.out_from[account], raw.out_from[account + 1]
        shift = raw.into[transfer]
    left = hi - lo
    row = max(first, last_at_most(raw.out_at, first, end, lo + shift))
    while row < end and raw.out_at[row] < hi + shift and stack < raw.size:
        other = raw.out_other[row]
        if other > stop:
            break
        cents = raw.out_cents[row] if lifo else raw.amount[other]
        start = max(lo + shift, raw.out_at[row])
        until = min(hi + shift, raw.out_at[row] + cents)
        if start < until:
            offset = start - raw.out_at[row] + (raw.out_into[row] if lifo else 0)
            raw.stack_transfer[stack] = other
            raw.stack_lo[stack] = offset
            raw.stack_hi[stack] = offset + until - start
            left -= until - start
            stack += 1
        row += 1
    if left > 0:
        raw.rest_account[rests] = account
        raw.rest_owner[rests] = owner
        raw.rest_cents[rests] = left
        rests += 1
    return stack, Count(count.rows, rests, count.taken)


@compiled
def solo(addresses: I64, lifo: bool, transfer: int) -> tuple[int, int]:
    """Follow one whole payment; (rows, rests), or (-1, 0) when the work arrays are too short."""
    index = raw(addresses)
    count = Count(0, 0, 0)
    stack = 1
    index.stack_transfer[0], index.stack_lo[0], index.stack_hi[0] = transfer, 0, index.amount[transfer]
    while stack > 0:
        stack -= 1
        t, lo, hi = index.stack_transfer[stack], index.stack_lo[stack], index.stack_hi[stack]
        if count.rows + 1 >= index.size or count.rests + 1 >= index.size:
            return -1, 0
        index.row_transfer[count.rows] = t
        index.row_cents[count.rows] = hi - lo
        count = Count(count.rows + 1, count.rests, 0)
        stack, count = children(index, lifo, t, lo, hi, 2**31, stack, count, 1)
        if stack >= index.size:
            return -1, 0
    return count.rows, count.rests


@compiled
def solos(addresses: I64, lifo: bool, transfers: I64) -> int:
    """Rows found when each payment is followed alone: for measuring; -1 when the work arrays are too short."""
    total = 0
    for place in range(len(transfers)):
        rows, _rests = solo(addresses, lifo, transfers[place])
        if rows < 0:
            return -1
        total += rows
    return total


@compiled
def walk(
    addresses: I64, lifo: bool, stop: int, paint_arrays: Paint, returned_array: I64, group_array: I64, heads: I64
) -> tuple[int, int]:
    """Follow every claim: (rows, rests), or (-1, 0) when the work arrays are too short. `heads`: -1 by seed row."""
    index, paint = raw(addresses), raw_paint(paint_arrays)
    returned, group, head = pointer(returned_array), pointer(group_array), pointer(heads)
    count = Count(0, 0, 0)
    for row in range(paint.rows):
        seed = paint.transfer[row]
        if seed > stop or index.payer[seed] == index.payee[seed]:
            continue
        claim = paint.claim[row]
        owner = paint.owner[claim]
        lo = 0
        while lo < index.amount[seed] and paint.left[claim] > 0:
            hi, lo = _gap(index, head[group[row]], lo, index.amount[seed])
            if hi <= lo:
                break
            hi = min(hi, lo + paint.left[claim])
            if count.taken + 1 >= index.size:
                return -1, 0
            count = _occupy(index, head, group[row], lo, hi, count)
            paint.left[claim] -= hi - lo
            paint.claimed[row] += hi - lo
            count = _follow(index, paint, lifo, stop, seed, lo, hi, owner, head, group, returned, count)
            if count.rows < 0:
                return -1, 0
            lo = hi
    return count.rows, count.rests


@compiled
def _follow(
    index: Raw,
    paint: RawPaint,
    lifo: bool,
    stop: int,
    transfer: int,
    lo: int,
    hi: int,
    owner: int,
    head: Any,
    group: Any,
    returned: Any,
    count: Count,
) -> Count:
    """Follow one interval of one owner to its rests, noting where it passes through later seeds."""
    stack = 1
    first = True
    index.stack_transfer[0], index.stack_lo[0], index.stack_hi[0] = transfer, lo, hi
    while stack > 0:
        stack -= 1
        t, lo, hi = index.stack_transfer[stack], index.stack_lo[stack], index.stack_hi[stack]
        if max(count.rows, count.rests, count.taken) + 2 >= index.size:
            return Count(-1, 0, 0)
        index.row_transfer[count.rows] = t
        index.row_owner[count.rows] = owner
        index.row_cents[count.rows] = hi - lo
        count = Count(count.rows + 1, count.rests, count.taken)
        if not first:
            row = last_at_most(paint.transfer, 0, paint.rows, t)
            if row >= 0 and paint.transfer[row] == t:
                count = _occupy(index, head, group[row], lo, hi, count)
        first = False
        if at_home(paint, index.payee[t], owner):
            returned[owner] += hi - lo
            continue
        stack, count = children(index, lifo, t, lo, hi, stop, stack, count, owner)
        if stack >= index.size:
            return Count(-1, 0, 0)
    return count


@compiled
def _occupy(index: Raw, head: Any, group: int, lo: int, hi: int, count: Count) -> Count:
    """Note an interval of a seed payment as somebody's, in the ascending list of its group."""
    fresh = count.taken
    index.taken_lo[fresh], index.taken_hi[fresh] = lo, hi
    before, place = -1, head[group]
    while place >= 0 and index.taken_lo[place] < lo:
        before, place = place, index.taken_next[place]
    index.taken_next[fresh] = place
    if before < 0:
        head[group] = fresh
    else:
        index.taken_next[before] = fresh
    return Count(count.rows, count.rests, fresh + 1)


@compiled
def _gap(index: Raw, place: int, lo: int, end: int) -> tuple[int, int]:
    """(end, start) of the first free interval of a seed payment at or after lo; end <= start when there is none."""
    while place >= 0:
        if index.taken_lo[place] > lo:
            return index.taken_lo[place], lo
        lo = max(lo, index.taken_hi[place])
        place = index.taken_next[place]
    return end, lo


@compiled
def back(addresses: I64, lifo: bool, transfer: int, lo: int, hi: int) -> tuple[int, int]:
    """Follow an interval of a transfer to the credits that paid for it; rests are cents of openings."""
    index = raw(addresses)
    rows = rests = 0
    stack = 1
    index.stack_transfer[0], index.stack_lo[0], index.stack_hi[0] = transfer, lo, hi
    while stack > 0:
        stack -= 1
        t, lo, hi = index.stack_transfer[stack], index.stack_lo[stack], index.stack_hi[stack]
        account = index.payer[t]
        if lifo:
            first, end = index.in_from[t], index.in_from[t + 1]
            shift = 0
        else:
            first, end = index.in_from[account], index.in_from[account + 1]
            shift = index.out_of[t]
        left = hi - lo
        row = max(first, last_at_most(index.in_at, first, end, lo + shift))
        while row < end and index.in_at[row] < hi + shift:
            if max(rows, rests, stack) + 2 >= index.size:
                return -1, 0
            other = index.in_other[row]
            start = max(lo + shift, index.in_at[row])
            until = min(hi + shift, index.in_at[row] + (index.in_cents[row] if lifo else index.amount[other]))
            if start < until:
                offset = start - index.in_at[row] + (index.in_into[row] if lifo else 0)
                index.stack_transfer[stack] = other
                index.stack_lo[stack] = offset
                index.stack_hi[stack] = offset + until - start
                index.row_transfer[rows] = other
                index.row_cents[rows] = until - start
                left -= until - start
                stack += 1
                rows += 1
            row += 1
        if left > 0:
            if rests + 2 >= index.size:
                return -1, 0
            index.rest_account[rests] = account
            index.rest_cents[rests] = left
            rests += 1
    return rows, rests
