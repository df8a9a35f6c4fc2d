"""Sums and accounts in rows of pasted lists: 9/9 10:21 | 1000 | 6222... | 王某; 07-29 22:11  -300.00  转账-1772....

Theory. In a list copied from a bank's application a sum has neither currency nor word of paying: its place in the row
says what it is. A row begins with a time (after a number or the name of a channel) or has an account, and holds one
number that stands alone in its cell. A single row counts when it has both; rows with a time alone need another such
row beside them. A cell of twelve digits or more beside a sum is an account.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from wuzha.intake.leads.lead import Kind, Lead

ROW_LENGTH_MAX = 160
ROWS_MIN = 2
TIME_AT_MAX = 8  # characters before a row's time: its number, the name of a channel
ACCOUNT_DIGITS_MIN, ACCOUNT_DIGITS_MAX = 12, 21

_ACCOUNTS = frozenset({Kind.CARD, Kind.ACCOUNT, Kind.ALIPAY, Kind.PHONE})
_CELL = re.compile(
    r"(?:(?<=[|,，\t :：→>、])|(?<=^))(?P<sign>[+-]?)(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,8}(?:\.\d{1,2})?)"
    r"(?= *(?:[|,，\t→(（、]|->|$)| {1,4}(?![\d年月日点时号余多万亿元块个版名位人家岁]))"
)
_LONG_CELL = re.compile(rf"(?<=[|,，\t ])\d{{{ACCOUNT_DIGITS_MIN},{ACCOUNT_DIGITS_MAX}}}(?=[|,，\t ]|$)")
_SERIAL_MAX = 2  # digits of a row's number
_CONFIDENCE, _ACCOUNT_CONFIDENCE = 0.75, 0.7
WHY = "row"


def find_table_sums(text: str, face: str, leads: Sequence[Lead], is_free: Callable[[int, int], bool]) -> list[Lead]:
    """Sums (and unlabelled accounts) of rows, in order of place; the sign stays in the words of the lead."""
    if "\n" not in face and "→" not in face:
        return []
    rows: list[tuple[int, int, list[Lead], bool]] = []  # start, end, leads within, begins with a time
    ordered = sorted(leads, key=lambda lead: lead.start)
    index, start = 0, 0
    for line in face.split("\n"):
        end = start + len(line)
        while index < len(ordered) and ordered[index].start < start:
            index += 1
        within = []
        while index < len(ordered) and ordered[index].start < end:
            within.append(ordered[index])
            index += 1
        if 0 < len(line) <= ROW_LENGTH_MAX and within:
            first = next((lead for lead in within if lead.kind is Kind.TIME), None)
            rows.append((start, end, within, first is not None and first.start - start <= TIME_AT_MAX))
        start = end + 1
    timed = sum(has_time for _start, _end, _within, has_time in rows)
    found: list[Lead] = []
    for start, end, within, has_time in rows:
        has_account = any(lead.kind in _ACCOUNTS for lead in within)
        if has_time and (has_account or timed >= ROWS_MIN):
            found.extend(_row(text, face, start, end, within, is_free))
        elif has_account and timed:
            found.extend(_list_of(text, face, start, end, within, is_free))
    return found


def _row(
    text: str, face: str, start: int, end: int, within: Sequence[Lead], is_free: Callable[[int, int], bool]
) -> list[Lead]:
    if any(lead.kind is Kind.AMOUNT for lead in within):
        return []
    cells = [match for match in _CELL.finditer(face, start, end) if _is_cell(face, match, start, is_free)]
    if len(cells) != 1:
        return []
    found = [_sum(text, cells[0])]
    for match in _LONG_CELL.finditer(face, start, end):
        if is_free(*match.span()):
            said = match.group()
            found.append(
                Lead(Kind.ACCOUNT, text[match.start() : match.end()], *match.span(), said, _ACCOUNT_CONFIDENCE, (WHY,))
            )
    return found


def _list_of(
    text: str, face: str, start: int, end: int, within: Sequence[Lead], is_free: Callable[[int, int], bool]
) -> list[Lead]:
    """卡6217...（鲁某某）：35000、5000, below a line with the day."""
    colon = max(face.rfind(":", start, end), face.rfind("：", start, end))
    if colon < 0 or any(lead.kind is Kind.AMOUNT and lead.start > colon for lead in within):
        return []
    cells = [match for match in _CELL.finditer(face, colon, end) if _is_cell(face, match, start, is_free)]
    return [_sum(text, match) for match in cells]


def _is_cell(face: str, match: re.Match[str], start: int, is_free: Callable[[int, int], bool]) -> bool:
    number = match["number"]
    is_serial = len(number) <= _SERIAL_MAX and not face[start : match.start()].strip()
    is_serial = is_serial or (number[0] == "0" and number[1:2] != ".")
    is_small = len(number) < 2 or number.strip("0,.") == ""
    return not is_serial and not is_small and is_free(match.start("number"), match.end())


def _sum(text: str, match: re.Match[str]) -> Lead:
    start, end = match.start("number"), match.end("number")
    value = Decimal(match["number"].replace(",", "")).normalize()
    return Lead(Kind.AMOUNT, text[start:end], start, end, f"{value:f}", _CONFIDENCE, (WHY,), currency="CNY")
