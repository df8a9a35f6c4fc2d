"""Amounts and times as people and programs write them.

Theory. A sum becomes an integer of the file's smallest unit, exactly; what is not plainly a positive sum is refused,
never guessed. A time is a bare number, or a date with or without clock and zone; without a zone it is taken as it
stands, so within one file all must be told in one way.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from wuzha.kernel.refusals import _

MICROSECONDS = 1_000_000
_AMOUNT = re.compile(r"[¥￥$€]?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_PLAIN_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,8})?", re.ASCII)  # nearly all of them
_COMPACT = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])([0-2]\d[0-5]\d[0-5]\d)?")
_CHINESE = str.maketrans({"年": "-", "月": "-", "日": " ", "时": ":", "分": ":", "秒": "", "/": "-", "T": " "})
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_SIGN = re.compile(r"[¥￥$€]")


class Bad(Exception):
    """A cell that cannot be read; `template` % values says why."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template, self.values = template, values


class Clock(Enum):
    """How a time is told."""

    NUMBER = "number"
    PLAIN = "without zone"
    ZONED = "with zone"


def sign_of(text: str) -> str:
    """The currency sign in an amount, "" when it has none."""
    found = _SIGN.search(text)
    return found[0].replace("￥", "¥") if found else ""


def amount_minor(text: str, digits: int) -> int:
    """A positive sum in units of 10**-digits; Bad when it is none."""
    if _PLAIN_AMOUNT.fullmatch(text):
        whole, _dot, fraction = text.partition(".")
        fraction = fraction.rstrip("0")
        if len(fraction) <= digits and (plain := int(whole + fraction.ljust(digits, "0"))) > 0:
            return plain
    found = _AMOUNT.fullmatch(text.strip().translate(_FULL_WIDTH))
    if not text.strip():
        raise Bad(_("%(path)s, line %(line)s: the amount is empty."))
    if found is None:
        raise Bad(_("%(path)s, line %(line)s: “%(text)s” is not a positive amount."), text=text[:40])
    value = Decimal(found[1].replace(",", "") + (found[2] or "")).scaleb(digits)
    if value != value.to_integral_value():
        raise Bad(
            _("%(path)s, line %(line)s: “%(text)s” has more than %(digits)s decimals."), text=text[:40], digits=digits
        )
    if value <= 0 or value >= 10**18:
        raise Bad(_("%(path)s, line %(line)s: “%(text)s” is not a positive amount."), text=text[:40])
    return int(value)


@lru_cache(maxsize=65_536)
def instant(text: str) -> tuple[int, Clock]:
    """(the instant in millionths, how it was told); dates count from 1970. Bad when it is no time."""
    text = text.strip().translate(_FULL_WIDTH)
    if compact := _COMPACT.fullmatch(text):
        form = "%Y%m%d%H%M%S" if compact[4] else "%Y%m%d"
        return _microseconds(text, datetime.strptime, form)
    if re.fullmatch(r"-?\d{1,18}", text):
        return int(text) * MICROSECONDS, Clock.NUMBER
    if re.fullmatch(r"\d{1,12}\.\d{1,6}", text):
        return int(Decimal(text) * MICROSECONDS), Clock.NUMBER
    return _microseconds(_plain_date(text), lambda given, _form: datetime.fromisoformat(given), "")


def _plain_date(text: str) -> str:
    """A written date in ISO form: 2024/1/2 3:04, 2024年1月2日 3时4分, and what is ISO already."""
    plain = text.translate(_CHINESE).strip().rstrip(":")
    found = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:\s+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?", plain)
    if found is None:
        return text
    year, month, day, hour, minute, second = found.groups()
    rest = plain[found.end() :].strip().replace("Z", "+00:00").replace(" ", "")
    clock = f"T{int(hour):02}:{int(minute):02}:{int(second or 0):02}" if hour else ""
    return f"{year}-{int(month):02}-{int(day):02}{clock}{rest}"


def _microseconds(text: str, parse: Callable[[str, str], datetime], form: str) -> tuple[int, Clock]:
    try:
        moment = parse(text, form)
    except ValueError:
        raise Bad(_("%(path)s, line %(line)s: “%(text)s” is not a time."), text=text[:40]) from None
    clock = Clock.ZONED if moment.tzinfo else Clock.PLAIN
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds, clock
