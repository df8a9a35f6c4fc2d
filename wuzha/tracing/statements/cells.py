"""One cell of a statement: blank or not, days and clocks as banks write them (sums: `sums`).

Theory. A cell is either blank (in one of a dozen habits), readable, or wrong; wrong raises ValueError and the
caller names the line. Nothing is guessed here that needs the whole column: whether 03/04/2024 is March or April is
asked of the caller by `order`.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

from wuzha.kernel.identifiers.digits import narrow
from wuzha.tracing.statements.limits import (
    CELL_LENGTH_MAX,
    REMEMBERED_CELLS_MAX,
    YEARS_MAX,
    YEARS_MIN,
)
from wuzha.tracing.statements.meanings import DateOrder
from wuzha.tracing.statements.model import CHINA, Precision

BLANKS = frozenset(
    {"", "-", "--", "---", "—", "——", "/", "\\", "//", "n/a", "na", "null", "none", "nan", "无", "空", "."}
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028\u2029\ufeff]+")
BLANK_LENGTH_MAX = max(map(len, BLANKS))
_RULE_MARKS = "-—–_="
_TRICKS = "='`‘’"
_RULE = re.compile(r"[-—–_=]{2,}")
_FORMULA_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)


def clean(text: str) -> str:
    """A cell without tabs, control characters, Excel's text tricks (="622...", '622..., `622...) and outer spaces."""
    if text.isprintable() and len(text) <= CELL_LENGTH_MAX:
        text = text.strip()
        if text[:1] not in _TRICKS:  # as nearly all cells are
            return text
    elif not text.isprintable():
        text = _CONTROL.sub(" ", text[: CELL_LENGTH_MAX + 1])
    text = text[: CELL_LENGTH_MAX + 1].strip()
    if text.startswith('="') and (trick := _FORMULA_TEXT.match(text)):
        text = trick[1].strip()
    if len(text) > 1 and text[0] in "'`‘’":
        text = text[1:].strip().rstrip("'’" if text[0] in "'‘" else "").strip()
    return text


def _plain(text: str) -> str:
    cleaned = clean(text)
    return cleaned if cleaned.isascii() else narrow(cleaned)


def is_blank(text: str) -> bool:
    """Whether a cleaned cell says nothing; a rule of any length ("----------") says nothing either."""
    if len(text) > BLANK_LENGTH_MAX:
        return text[0] in _RULE_MARKS and _RULE.fullmatch(text) is not None
    return text.lower() in BLANKS or _RULE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class When:
    """A written moment. day is None for a bare clock; year 1 of `day` stands for "no year printed"."""

    day: date | None
    clock: time | None
    precision: Precision


NO_YEAR = 4  # a leap year outside every statement: 02/29 without its year must be storable
_MONTHS = {
    m: i + 1 for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
}
_CLOCK = (
    r"(?:(?P<ap1>上午|下午|am|pm)\s*)?(?P<H>\d{1,2})[:.时時](?P<M>\d{1,2})"
    r"(?:[:.分](?P<S>\d{1,2})(?:[.,:]\d{1,9})?)?[分秒]?\s*(?P<ap2>am|pm)?\s*(?P<zone>z|utc|[+-]\d{2}:?\d{2})?"
)
_GAP = r"(?:\s*[tT_]\s*|\s*-\s*|\s+|\s*,\s*)"
_Y4 = r"(?P<y>\d{4})"
_FORMS = tuple(
    re.compile(form + rf"(?:{gap}{_CLOCK})?", re.IGNORECASE)
    for form, gap in (
        (_Y4 + r"\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})\s?日?", r"(?:" + _GAP + r"|(?<=日))"),
        (_Y4 + r"(?P<m>\d{2})(?P<d>\d{2})", _GAP),
        (r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<yy>\d{4}|\d{2})", _GAP),
        (r"(?P<d>\d{1,2})[-/ ]?(?P<mon>[A-Za-z]{3})[a-z]{0,6}[-/, ]{0,2}(?P<yy>\d{4}|\d{2})", _GAP),
        (r"(?P<mon>[A-Za-z]{3})[a-z]{0,6}[. ]{1,2}(?P<d>\d{1,2}),? (?P<y>\d{4})", _GAP),
        (r"(?P<m>\d{1,2})\s?[-/月]\s?(?P<d>\d{1,2})日?", _GAP),
        (r"(?P<d>\d{1,2})[- ]?(?P<mon>[A-Za-z]{3})", _GAP),
    )
)
_PACKED = re.compile(_Y4 + r"(?P<m>\d{2})(?P<d>\d{2})[ -]?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?(?:\.?\d{3,6})?")
_CLOCK_ONLY = re.compile(_CLOCK, re.IGNORECASE)
_PACKED_CLOCK = re.compile(r"\d{3,6}")
_WEEKDAY = re.compile(
    r"\s*(?:[(（]?(?:星期|周|週)[一二三四五六日天][)）]?|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b,?)\s*", re.I
)
_SERIAL_DAY = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_EPOCH = re.compile(r"1[0-9]{9}(?:\d{3})?")  # seconds or milliseconds since 1970, 2001 to 2033
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=CHINA)


@lru_cache(maxsize=REMEMBERED_CELLS_MAX)
def read_when(text: str, order: DateOrder | None = None) -> When | None:
    """The moment in a cell, None when blank; ValueError when unreadable or when `order` is needed and None.

    Reads 20240102, 20240102153000, 2024-01-02 15:30:00, 2024/1/2 15:30, 2024年1月2日, 2024-01-02-15.30.00.123456,
    02-Jan-2024, Excel day numbers such as 45293.5, and with `order` 02/01/2024; 12/29 has NO_YEAR for its year.
    """
    text = _plain(text).strip("[]").strip()
    if not any(mark.isdigit() for mark in text) and not is_blank(text):
        raise ValueError(text[:40])
    if is_blank(text) or re.fullmatch(r"[0:. /-]+", text):
        return None if re.search(r"0000|^$", text) or is_blank(text) else _clock_only(text)
    if len(text) > 48:
        raise ValueError(text[:40])
    if any(mark.isalpha() for mark in text):
        text = _WEEKDAY.sub(" ", text).strip()
    if match := _PACKED.fullmatch(text):
        return _moment(match.groupdict(), order)
    if _EPOCH.fullmatch(text):
        moment = datetime.fromtimestamp(int(text[:10]), CHINA)
        return _when(moment.date(), moment.time(), Precision.SECOND)
    if _SERIAL_DAY.fullmatch(text):
        moment = _EXCEL_EPOCH + timedelta(seconds=round(float(text) * 86_400))
        return _when(moment.date(), moment.time() if "." in text else None, Precision.SECOND)
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _moment(match.groupdict(), order)
    return _clock_only(text)


@lru_cache(maxsize=REMEMBERED_CELLS_MAX)
def read_clock(text: str) -> time | None:
    """The time of day in a cell that has only that: 15:30:00, 153000, 93605 (its first zero lost), 0.5 (Excel)."""
    text = _plain(text)
    if is_blank(text) or text == "0":
        return None
    if _PACKED_CLOCK.fullmatch(text):
        digits = text.rjust(6 if len(text) > 4 else 4, "0")
        return time(int(digits[:2]), int(digits[2:4]), int(digits[4:6] or 0))
    if re.fullmatch(r"\d{1,2}-\d{1,2}-\d{1,2}", text):
        return _clock_only(text.replace("-", ":")).clock
    if re.fullmatch(r"0?\.\d+", text):
        seconds = round(float(text) * 86_400)
        return time(seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
    return _clock_only(text).clock


def _clock_only(text: str) -> When:
    match = _CLOCK_ONLY.fullmatch(text)
    if match is None:
        raise ValueError(text[:40])
    clock, precision = _clock_of(match.groupdict())
    return When(None, clock, precision)


def _clock_of(parts: dict[str, str | None]) -> tuple[time | None, Precision]:
    if not parts.get("H"):
        return None, Precision.DAY
    hour = int(parts["H"] or 0)
    half = (parts.get("ap1") or parts.get("ap2") or "").lower()
    if half in ("pm", "下午") and hour < 12:
        hour += 12
    elif half in ("am", "上午") and hour == 12:
        hour = 0
    second = parts.get("S")
    return time(hour, int(parts["M"] or 0), int(second or 0)), Precision.SECOND if second else Precision.MINUTE


def _moment(parts: dict[str, str | None], order: DateOrder | None) -> When:
    year = int(parts.get("y") or 0) or _full_year(parts.get("yy"))
    if parts.get("a"):
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        if order is DateOrder.YEAR_FIRST and len(parts["yy"] or "") == 2:
            year, month, day = 2000 + first, second, int(parts["yy"] or 0)
        elif order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST):
            month, day = (second, first) if order is DateOrder.DAY_FIRST else (first, second)
        else:
            raise ValueError("order")
    elif parts.get("mon"):
        month = _MONTHS.get((parts["mon"] or "").lower(), 0)
        day = int(parts["d"] or 0)
    else:
        month, day = int(parts["m"] or 0), int(parts["d"] or 0)
    clock, precision = _clock_of(parts)
    when = _when(date(year or NO_YEAR, month, day), clock, precision)
    return _in_china(when, parts.get("zone"))


def _when(day: date, clock: time | None, precision: Precision) -> When:
    if day.year != NO_YEAR and not YEARS_MIN <= day.year <= YEARS_MAX:
        raise ValueError(str(day))
    return When(day, clock, precision if clock is not None else Precision.DAY)


def _full_year(text: str | None) -> int:
    if not text:
        return 0
    return int(text) if len(text) == 4 else 2000 + int(text)


def _in_china(when: When, zone: str | None) -> When:
    if not zone or when.day is None or when.clock is None:
        return when
    sign = -1 if zone.startswith("-") else 1
    digits = re.sub(r"\D", "", zone).rjust(4, "0") if zone[0] in "+-" else "0000"
    offset = timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
    moved = datetime.combine(when.day, when.clock, offset).astimezone(CHINA)
    return When(moved.date(), moved.time(), when.precision)
