"""Numbers as Chinese speakers write and say them: 85,000; 八万五; 4万7千; 1万2; 6.5w; 十几万; 三四千.

Theory. A number is a row of digits and units (ten, hundred, thousand, 万, 亿). Reading left to right keeps a
section below 万, and closes it at 万 or 亿. Two habits of speech matter to money:
- the unit of the last digit is dropped: 八万五 is 85,000 and 一千八 1,800 - unless 零 stands before it;
- two neighbouring digits give a range: 三四千 is 3,000 to 4,000; 十几, 十多, 十来 mean "ten and something".
The value of an uncertain number is its lower end; `upper` is set when the words give one.
The scan is bounded by NUMBER_LENGTH_MAX characters from its start, so a text is read in linear time.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

NUMBER_LENGTH_MAX = 48

_DIGIT_OF = {
    **dict(zip("零〇一二三四五六七八九", range(-1, 10), strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    **dict(zip("貳參陸两俩", (2, 3, 6, 2, 2), strict=True)),
    "零": 0, "〇": 0,
}  # fmt: skip
_SMALL_OF = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000, "K": 1000}
_LARGE_OF = {"万": 10**4, "w": 10**4, "W": 10**4, "亿": 10**8, "兆": 10**12}
_TENS_OF = {"廿": 20, "卅": 30}
FUZZ = "多余来几数"
# The full-width comma of Chinese keyboards also ends clauses: it groups digits only where nothing else fits.
_ARABIC = re.compile(
    r"\d{1,3}(?:,\d{3}){1,5}(?!\d|，\d{3},)(?:\.\d{1,8})?|\d{1,3}(?:[,，]\d{3}){2,5}(?!\d)(?:\.\d{1,8})?"
    r"|(?<=[\u4e00-\u9fff])\d{1,4}\. \d{1,2}(?=[万亿])"  # a scanner's space
    r"|\d{1,3}，\d{3}\.\d{1,2}(?!\d)|\d{1,3}，000(?!\d)|\d{1,24}(?:\.\d{1,8})?"
)

_MEASURE = re.compile(r"[天年次晚周笔单]|个月")
# 八百一张, 一万七千六两笔: what one or two of are counted, behind a sum.
_EACH = re.compile(r"[份张只条台件瓶盒套斤吨个人股局箱袋双根枚本把杯支平米位名对度克注节趟回组笔周天年月次晚单壶]")
_ONE_GOES_ON = re.compile("[起共直并般定样些齐]")
_CLIPPED_AFTER = tuple("二三四五六七八九")
CHINESE_DIGITS = "".join(_DIGIT_OF)
CHINESE_NUMERALS = CHINESE_DIGITS + "十拾百佰千仟万亿廿卅"


@dataclass(frozen=True, slots=True)
class Number:
    """`end`: where it stops; `unit`: the largest unit said (1 when none); `written`: "arabic", "chinese", "mixed".

    `is_clipped`: the unit of its last digit was dropped (八万五, 1万2, 三百八).
    """

    value: Decimal
    end: int
    unit: int = 1
    upper: Decimal | None = None
    is_vague: bool = False
    written: str = "arabic"
    last_unit: int = 1
    is_clipped: bool = False


class _Reading:
    """The state of one left-to-right reading."""

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.section = Decimal(0)
        self.pending: Decimal | None = None
        self.pending_digits = 0
        self.upper_step = Decimal(0)
        self.last_unit = 1
        self.largest = 1
        self.last_large = 0
        self.after_zero = False
        self.is_vague = False
        self.is_clipped = False

    def take_unit(self, unit: int) -> bool:
        """Close what is pending with `unit`; False when Chinese would not say it so."""
        if unit < 10**4:
            if self.pending is None and (self.section or self.total) and unit >= self.last_unit:
                return False
            if self.section and unit >= self.last_unit and self.last_unit < 10**4:
                return False
            self.section += (Decimal(1) if self.pending is None else self.pending) * unit
        else:
            section = self.section + (self.pending or 0)
            if self.last_unit >= 10**4 and not section:
                if unit <= self.last_unit and not (self.last_unit == 10**4 and unit == 10**8):
                    return False
                self.total *= unit
            elif (not section and self.pending is None) or unit == self.last_large:
                return False
            elif self.total and unit > self.largest:
                self.total = (self.total + section) * unit
            else:
                self.total += section * unit
            self.section = Decimal(0)
            self.last_large = unit
        if self.upper_step:
            self.upper_step *= unit
        self.pending = None
        self.last_unit = unit
        self.largest = max(self.largest, unit)
        self.after_zero = False
        return True

    def finish(self) -> Decimal:
        """The value, giving a last bare digit the unit that speech dropped."""
        rest = self.pending or Decimal(0)
        if rest and self.last_unit > 10 and self.pending_digits == 1 and not self.after_zero and rest == int(rest):
            rest *= self.last_unit // 10
            self.is_clipped = True
            if self.upper_step:
                self.upper_step *= self.last_unit // 10
        return self.total + self.section + rest


def read_number(face: str, start: int) -> Number | None:
    """The number that begins at `start` of a plain face, as long as it makes sense; None when there is none."""
    at, limit = start, min(len(face), start + NUMBER_LENGTH_MAX)
    digits_at = start
    reading = _Reading()
    kinds: set[str] = set()
    while at < limit:
        char = face[at]
        if char.isascii() and char.isdigit():
            match = _ARABIC.match(face, at, limit)
            if match is None or reading.pending is not None or (reading.last_unit == 10 and reading.section):
                break
            digits_at = at
            value = Decimal(match.group().replace(",", "").replace("，", "").replace(" ", ""))
            if reading.last_unit > 1 and value >= reading.last_unit:
                break
            reading.pending, reading.pending_digits = value, len(match.group())
            kinds.add("arabic")
            at = match.end()
        elif char in _DIGIT_OF:
            taken = _take_chinese_digits(face, at, limit, reading)
            if taken == at:
                break
            kinds.add("chinese")
            digits_at, at = at, taken
        elif char in _TENS_OF and reading.pending is None and not reading.section:
            reading.section += _TENS_OF[char]
            reading.last_unit = reading.largest = 10
            kinds.add("chinese")
            at += 1
        else:
            taken = _take_unit_or_fuzz(face, at, limit, reading, started=at > start)
            if taken == at:
                # "一万两万" is two sums: digits whose unit does not fit belong to the next number.
                is_unit = char in _LARGE_OF or char in _SMALL_OF
                if is_unit and reading.pending is not None and reading.last_unit > 1 and digits_at > start:
                    reading.pending, reading.upper_step, at = None, Decimal(0), digits_at
                break
            if char not in "kKwW":
                kinds.add("chinese")
            at = taken
    if at == start or not kinds:
        return None
    is_word = face[at - 1] == "一" and _ONE_GOES_ON.match(face, at) is not None  # 10万一起转
    is_measured = is_word or _MEASURE.match(face, at) is not None
    if reading.pending_digits == 1 and reading.last_unit > 10 and digits_at > start and is_measured:
        # 10万一天: the digit counts days, it is not the dropped thousand.
        reading.pending, reading.upper_step, at = None, Decimal(0), digits_at
    elif _counts_behind(face, at, reading) and digits_at > start:
        at -= 1
        reading.pending = reading.pending and (reading.pending // 10 or None)
        reading.pending_digits -= 1
    value = reading.finish()
    upper = value + reading.upper_step if reading.upper_step else None
    written = kinds.pop() if len(kinds) == 1 else "mixed"
    return Number(value, at, reading.largest, upper, reading.is_vague, written, reading.last_unit, reading.is_clipped)


def _counts_behind(face: str, at: int, reading: _Reading) -> bool:
    """Whether the last digit read, one or two, counts what stands behind it and is none of the number's."""
    if reading.pending is None or reading.last_unit <= 10 or reading.after_zero or reading.pending_digits > 2:
        return False
    return face[at - 1] in "一两" and not reading.upper_step and _EACH.match(face, at) is not None


def _take_chinese_digits(face: str, at: int, limit: int, reading: _Reading) -> int:
    """Read a row of digit characters: one digit, 零, a neighbouring pair (a range) or digits read one by one."""
    if reading.pending is not None:
        return at
    end = at
    while end < limit and face[end] in _DIGIT_OF:
        end += 1
    row = [_DIGIT_OF[char] for char in face[at:end]]
    if row[0] == 0 and len(row) <= 2 and reading.last_unit > 1:
        reading.after_zero = True
        if len(row) == 1:
            return end
        row = row[1:]
    elif row == [0] and not (end < limit and face[end] in "点."):
        reading.pending, reading.pending_digits = Decimal(0), 1
        return end
    if len(row) == 2 and 0 < row[0] < row[1] and row[1] - row[0] in (1, 2):
        reading.pending, reading.pending_digits = Decimal(row[0]), 1
        reading.upper_step = Decimal(row[1] - row[0])
        reading.is_vague = True
    else:
        reading.pending = Decimal("".join(map(str, row)))
        reading.pending_digits = len(row)
        if end + 1 < limit and face[end] in "点." and face[end + 1] in _DIGIT_OF:
            return _take_spoken_fraction(face, end, limit, reading)
    return end


def _take_spoken_fraction(face: str, point: int, limit: int, reading: _Reading) -> int:
    end = point + 1
    while end < limit and face[end] in _DIGIT_OF:
        end += 1
    # 三点五万 is a number, 三点五十 a time: only a unit of 百 or above makes the point a decimal one.
    if end >= limit or face[end] not in "百千万亿元块美":
        return point
    fraction = "".join(str(_DIGIT_OF[char]) for char in face[point + 1 : end])
    reading.pending = Decimal(f"{reading.pending}.{fraction}")
    reading.pending_digits = 2
    return end


def _take_unit_or_fuzz(face: str, at: int, limit: int, reading: _Reading, *, started: bool) -> int:
    char = face[at]
    following = face[at + 1] if at + 1 < limit else ""
    if char == " " and started and (following in _LARGE_OF or (following and following in "千百")):
        return _take_unit_or_fuzz(face, at + 1, limit, reading, started=True)
    if char == "个" and following in _LARGE_OF and (reading.pending is not None or reading.section):
        return _take_unit_or_fuzz(face, at + 1, limit, reading, started=True)
    if char in FUZZ and started and char != "数":
        if following in _SMALL_OF or following in _LARGE_OF:
            if char == "几" and reading.pending is not None:
                return at
            reading.is_vague = True
            return at + 1
        return at
    unit = _SMALL_OF.get(char) or _LARGE_OF.get(char)
    if unit is None or (char in "kKwW" and (not started or not _is_letter_unit(face, at))):
        return at
    if not started and unit != 10 and not _begins_number(face, at, following, unit):
        return at
    if not started and (unit >= 10**4 or following in _CLIPPED_AFTER):
        reading.pending = Decimal(1)
    return at + 1 if reading.take_unit(unit) else at


def _begins_number(face: str, at: int, following: str, unit: int) -> bool:
    """近百万元, 近万元 and 万五 leave the one unsaid."""
    if following and following in _CLIPPED_AFTER and unit in (1000, 10**4):
        return True
    if unit in (100, 1000):
        return following in "万亿" and following != ""
    return unit == 10**4 and face[at - 1 : at] in tuple("近上过超逾")


def _is_letter_unit(face: str, at: int) -> bool:
    """w and k are units when no word goes on: 6.5w, and 8w8, but not 3wx."""
    following = face[at + 1 : at + 3]
    if following[:1] in ("u", "U") and not (following[1:].isascii() and following[1:].isalnum()):
        return True  # 1wu
    if not following[:1].isascii() or not following[:1].isalnum():
        return True
    return following[0].isdigit() and not (following[1:].isascii() and following[1:].isalnum())


def decimal_text(value: Decimal) -> str:
    """`value` without exponent and without trailing zeros: 85000, 40000.37."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
