"""One pass over the bytes of an ordinary ledger file: columns of numbers, or a plain no.

Theory. A file of a million rows made into a million objects takes half a minute; nearly all such files are ordinary:
no quotation marks, every row as long as the header, dates in one usual form, amounts in digits. Such a file is read
here in machine code. Whatever is not ordinary (a bad row, a mark, another form of date) makes the pass say no, and the
careful reader (`trace_input`) decides, so that nothing is read in two ways and every refusal has one source.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wuzha.tracing.engine.jit import I32, I64, compiled, pointer

I8 = NDArray[np.int8]
U8 = NDArray[np.uint8]
WHOLE_DIGITS_MAX = 12
FRACTION_DIGITS_MAX = 8
VALUE_DIGITS_MAX = 18
YEAR_MIN, YEAR_MAX = 1900, 2999
NUMBER_DIGITS_MAX = 12
COMPACT_DATES = (8, 14)  # lengths of digits that may be a date
MICROSECONDS = 1_000_000


class Scan(NamedTuple):
    """rows: how many (-1: not ordinary). By row: start and end of its line, its line's number, at (microseconds), payer
    and payee (numbers of names), value * 10**-places of the amount. numeric: whether times are bare numbers. names:
    how many; by name: where it stands."""

    rows: int
    numeric: bool
    start: I64
    end: I64
    line: I32
    at: I64
    payer: I32
    payee: I32
    value: I64
    places: I8
    names: int
    name_start: I64
    name_end: I64


def scan(raw: U8, begin: int, separator: int, width: int, columns: tuple[int, int, int, int], most: int) -> Scan:
    """The rows from byte `begin` on, at most `most`. columns: places of time, payer, payee, amount in `width` cells."""
    size = 1024
    while size < 4 * most:
        size *= 2
    table, names = np.full(size, -1, np.int32), (np.empty(2 * most, np.int64), np.empty(2 * most, np.int64))
    return _scan(raw, begin, separator, width, *columns, most, table, *names)


@compiled
def _scan(
    raw: U8,
    begin: int,
    separator: int,
    width: int,
    time: int,
    payer_at: int,
    payee_at: int,
    amount: int,
    most: int,
    table: I32,
    name_start: I64,
    name_end: I64,
) -> Scan:
    size = len(table)
    start, end = np.empty(most, np.int64), np.empty(most, np.int64)
    line, at = np.empty(most, np.int32), np.empty(most, np.int64)
    payer, payee = np.empty(most, np.int32), np.empty(most, np.int32)
    value, places = np.empty(most, np.int64), np.empty(most, np.int8)
    cell_start, cell_end = np.empty(width, np.int64), np.empty(width, np.int64)
    data, slots, from_byte, to_byte = pointer(raw), pointer(table), pointer(name_start), pointer(name_end)
    rows = names = 0
    kind = -1
    number = 1
    here = begin
    ordinary = True
    while here < len(raw) and ordinary:
        number += 1
        first = here
        cell = 0
        cell_start[0] = here
        while here < len(raw) and data[here] != 10:
            byte = data[here]
            if byte == separator:
                cell_end[min(cell, width - 1)] = here
                cell += 1
                cell_start[min(cell, width - 1)] = here + 1
            elif byte == 34 or byte == 0 or (byte == 13 and here + 1 < len(raw) and data[here + 1] != 10):
                ordinary = False
            here += 1
        last = here - 1 if here > first and data[here - 1] == 13 else here
        here += 1
        if last == first:
            continue
        cell_end[min(cell, width - 1)] = last
        if cell != width - 1 or rows >= most or not ordinary:
            ordinary = False
            break
        for i in range(width):
            while cell_start[i] < cell_end[i] and data[cell_start[i]] in (32, 9):
                cell_start[i] += 1
            while cell_start[i] < cell_end[i] and data[cell_end[i] - 1] in (32, 9):
                cell_end[i] -= 1
        told, form = _instant(data, cell_start[time], cell_end[time])
        kind = form if kind < 0 else kind
        cents, fraction = _amount(data, cell_start[amount], cell_end[amount])
        ordinary = form == kind and form >= 0 and cents > 0
        ordinary = ordinary and cell_end[payer_at] > cell_start[payer_at] and cell_end[payee_at] > cell_start[payee_at]
        if ordinary:
            code, names = _name(
                data, cell_start[payer_at], cell_end[payer_at], slots, size - 1, from_byte, to_byte, names
            )
            payer[rows] = code
            code, names = _name(
                data, cell_start[payee_at], cell_end[payee_at], slots, size - 1, from_byte, to_byte, names
            )
            payee[rows] = code
            start[rows], end[rows], line[rows], at[rows] = first, last, number, told
            value[rows], places[rows] = cents, fraction
            rows += 1
    return Scan(
        rows if ordinary else -1,
        kind == 1,
        start[:rows],
        end[:rows],
        line[:rows],
        at[:rows],
        payer[:rows],
        payee[:rows],
        value[:rows],
        places[:rows],
        names,
        name_start[:names],
        name_end[:names],
    )


@compiled
def _name(
    raw: Any, start: int, end: int, table: Any, mask: int, name_start: Any, name_end: Any, names: int
) -> tuple[int, int]:
    """(number of a name, how many names there are then)."""
    mixed = np.uint64(14695981039346656037)
    for place in range(start, end):
        mixed = (mixed ^ np.uint64(raw[place])) * np.uint64(1099511628211)
    mixed ^= mixed >> np.uint64(29)
    slot = np.int64(mixed & np.uint64(mask))
    while table[slot] >= 0:
        known = table[slot]
        length = name_end[known] - name_start[known]
        same = length == end - start
        i = 0
        while same and i < length:
            same = raw[name_start[known] + i] == raw[start + i]
            i += 1
        if same:
            return known, names  # type: ignore[return-value]
        slot = (slot + 1) & mask
    table[slot] = names
    name_start[names], name_end[names] = start, end
    return names, names + 1


@compiled
def _number(raw: Any, start: int, end: int) -> int:
    """The digits as a number; -1 when there are none or others."""
    if end <= start:
        return -1
    found = 0
    for place in range(start, end):
        digit = int(raw[place]) - 48
        if digit < 0 or digit > 9:
            return -1
        found = found * 10 + digit
    return found


@compiled
def _amount(raw: Any, start: int, end: int) -> tuple[int, int]:
    """(value, decimals) of an amount in plain digits; value 0 when it is none."""
    point = start
    while point < end and raw[point] != 46:
        point += 1
    stop = end
    while stop > point + 1 and raw[stop - 1] == 48:
        stop -= 1
    if point - start > WHOLE_DIGITS_MAX or end - point - 1 > FRACTION_DIGITS_MAX or end == point + 1:
        return 0, 0
    whole = _number(raw, start, point)
    if whole < 0 or point >= end or stop == point + 1:
        return max(0, whole), 0
    fraction = _number(raw, point + 1, stop)
    if fraction < 0 or point - start + stop - point - 1 > VALUE_DIGITS_MAX:
        return 0, 0
    for _digit in range(stop - point - 1):
        whole *= 10
    return whole + fraction, stop - point - 1


@compiled
def _instant(raw: Any, start: int, end: int) -> tuple[int, int]:
    """(microseconds since 1970, 0 for a date or 1 for a bare number); -1 when it is neither in its usual form."""
    length = end - start
    if length in (10, 16, 19) and (raw[start + 4] == 45 or raw[start + 4] == 47) and raw[start + 7] == raw[start + 4]:
        year, month = _number(raw, start, start + 4), _number(raw, start + 5, start + 7)
        day = _number(raw, start + 8, start + 10)
        if year < YEAR_MIN or year > YEAR_MAX or month < 1 or month > 12 or day < 1 or day > _days(year, month):
            return 0, -1
        hour = minute = second = 0
        if length > 10:
            if (raw[start + 10] != 32 and raw[start + 10] != 84) or raw[start + 13] != 58:
                return 0, -1
            hour, minute = _number(raw, start + 11, start + 13), _number(raw, start + 14, start + 16)
        if length == 19:
            if raw[start + 16] != 58:
                return 0, -1
            second = _number(raw, start + 17, start + 19)
        if hour < 0 or hour > 23 or minute < 0 or minute > 59 or second < 0 or second > 59:
            return 0, -1
        return (((_day_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * MICROSECONDS, 0
    if length <= NUMBER_DIGITS_MAX and length not in COMPACT_DATES:
        found = _number(raw, start, end)
        if found >= 0:
            return found * MICROSECONDS, 1
    return 0, -1


@compiled
def _days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


@compiled
def _day_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01: whole years before, leap days among them, days of the months before."""
    before = year - 1
    days = (year - 1970) * 365 + (before // 4 - 1969 // 4) - (before // 100 - 1969 // 100) + before // 400 - 1969 // 400
    for earlier in range(1, month):
        days += _days(year, earlier)
    return days + day - 1
