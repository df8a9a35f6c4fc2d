"""What is said behind the whole units of a sum: 6角三分, 10块5, 五毛五, 三块半.

Theory. The unit of the last digit is dropped here, too: 10块5 is 10.5. A digit that counts something (批发30块一条) is
none of the sum's, but one before such a count is: 水4块5一吨.
"""

import re
from decimal import Decimal

from wuzha.intake.leads.numbers import CHINESE_DIGITS, read_number

_SUB = re.compile(
    rf"(?: {{0,1}}(?:又|零)?([\d{CHINESE_DIGITS}]) ?(?:角|毛))?(?: ?(?:又|零)?([\d{CHINESE_DIGITS}]{{1,2}}) "
    rf"?(?:美分|分(?![之成别不没都也未])|(?<=[角毛][\d{CHINESE_DIGITS}])(?![\d.{CHINESE_DIGITS}十百千万])))?"
)
_COUNTER = "个次笔条件张份瓶盒只吨度斤包双套台天晚人平米根枚本把杯支克股单局"
BLOCK_TAIL = re.compile(
    rf"(\d|[{CHINESE_DIGITS}])(?:(?=[一每][{_COUNTER}])"
    rf"|(?![\d.,{CHINESE_DIGITS}十百千万亿wW年月日号点时分秒:%{_COUNTER}]))"
)


def with_cents(face: str, end: int, value: Decimal, *, is_spoken: bool) -> tuple[Decimal, int]:
    """Add 三毛, 6角三分 or, after 块, a bare last digit (10块5)."""
    sub = _SUB.match(face, end)
    if sub and sub.end() > end:
        dimes = digit_said(sub.group(1))
        cents = digit_said(sub.group(2))
        if dimes is not None or cents is not None:
            return value + Decimal(dimes or 0) / 10 + Decimal(cents or 0) / 100, sub.end()
    if (
        is_spoken
        and face[end - 1] == "块"
        and face[end : end + 1] == "半"
        and face[end + 1 : end + 2] not in tuple("天年个")
    ):
        return value + Decimal("0.5"), end + 1
    tail = BLOCK_TAIL.match(face, end) if is_spoken and face[end - 1] == "块" else None
    if tail:
        digit = digit_said(tail.group(1))
        return value + Decimal(digit or 0) / 10, tail.end()
    return value, end


def digit_said(digits: str | None) -> int | None:
    """The value of a digit as said or written; None for none."""
    if not digits:
        return None
    number = read_number(digits, 0)
    return int(number.value) if number else None
