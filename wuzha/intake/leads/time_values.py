"""Times as callers tell them, understood: a row of parts becomes an ISO 8601 text cut to what was said.

Theory. A caller speaks of the past: 12月3日 is the last third of December that was, 20日 the last twentieth, 周三
the last Wednesday. A narrative goes forward: once it has named a year or a day, later parts without one belong to
it (2022年10月6日 ... 10月8日), 当天 and 次日 point at the last day named, and January after December is the next
year. `Memory` keeps what was named. The value never claims more than the words: 昨天下午 is a date, 3点多 an hour.
"""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from wuzha.intake.leads.clock_values import by_part, is_spoken_half, likely_half, read_clock, spoken_integer
from wuzha.intake.leads.feasts import feast_day, lunar_date
from wuzha.intake.leads.numbers import read_number
from wuzha.intake.leads.times import DAY_BEFORE, Row

_DAYS_OFF = {
    "大前天": -3, "前天": -2, "前日": -2, "前儿": -2, "前": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "昨": -1,
    "今天": 0, "今日": 0, "今儿": 0, "今": 0, "刚才": 0, "刚刚": 0,
    "明天": 1, "明日": 1, "明": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
_DAYS_ON = {
    "当天": 0, "当日": 0, "同日": 0, "那天": 0, "当": 0, "同": 0, "次日": 1, "次": 1, "第二天": 1, "翌日": 1, "隔天": 1,
    "隔日": 1, "前一": -1, "第三天": 2, "第四天": 3, "第五天": 4,
}  # fmt: skip
_YEARS_OFF = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_YEARS_ON = {"当年": 0, "同年": 0, "次年": 1, "隔年": 1, "翌年": 1, "第二年": 1}
_NAMED_MONTHS = {"正": 1, "元": 1, "冬": 11, "腊": 12}
_MONTH_OF_YEARPART = {"初": 1, "底": 12, "末": 12}
_WEEK = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_VAGUE_COUNTS = "几数"


@dataclass(slots=True)
class Memory:
    """What the narrative has named so far: the last year said, the last day said or meant, the last clock."""

    year: int | None = None
    day: date | None = None
    clock: datetime | None = None


@dataclass(frozen=True, slots=True)
class Instant:
    """`value` ISO 8601 cut to `precision` (year, month, week, day, hour, minute, second)."""

    value: str
    precision: str
    confidence: float
    why: tuple[str, ...]
    part_of_day: str = ""


@dataclass(slots=True)
class _Day:
    """A date under construction: known down to `precision`."""

    year: int
    month: int = 1
    day: int = 1
    precision: str = "year"

    def as_date(self) -> date | None:
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None


def resolve(row: Row, now: datetime, memory: Memory) -> Instant:
    """What `row` means for somebody who speaks at `now` (naive local time), given what was named before."""
    parts = row.parts
    if "weekday" in parts and len(parts) == 1 and (week := _week_only(parts["weekday"], now)):
        return week
    why: list[str] = []
    confidence = 0.95
    if "ago" in parts and "feast" in parts:
        anchor = _day({name: said for name, said in parts.items() if name != "ago"}, now, memory, why, is_lunar=False)
        memory.day = anchor.as_date() if anchor else memory.day
        moment = _ago(parts["ago"], now, memory)
        memory.day = date.fromisoformat(moment.value)
        return moment
    if "ago" in parts or "later" in parts:
        moment = _ago(parts["ago"], now, memory) if "ago" in parts else _later(parts["later"], now, memory)
        if len(parts) == 1 or moment.precision != "day":
            return moment
        day: _Day | None = _from_date(date.fromisoformat(moment.value))
        why.extend(moment.why)
    else:
        day = _day(parts, now, memory, why, is_lunar=row.is_lunar)
        if day and row.is_ahead and _may_lie_ahead(parts, day):
            _move_ahead(day, now, by_year="month" in parts or "slash" in parts, by_month="day" in parts)
    part = parts.get("part", "")
    if "clock" in parts and (day is None or day.precision == "day"):
        return _with_clock(day, parts["clock"], part, now, memory, why)
    if day is None:
        return Instant(now.date().isoformat(), "day", 0.4, ("no day said",), part)
    known = day.as_date()
    if day.precision == "day" and known is None:
        day.precision = "month"
        why.append("no such day")
        confidence = 0.5
    if known and day.precision == "day":
        memory.day = known
        if known > now.date():
            confidence = min(confidence, 0.6)
            why.append("in the future")
    return Instant(_cut(day), day.precision, confidence, tuple(why) or ("date",), part)


def not_before(end: Instant, row: Row, begin: Instant) -> Instant:
    """The end of a range, a year later where it would lie before its beginning (2026年3月20日至3月21日 announced)."""
    is_free = "month" in row.parts and "year" not in row.parts and end.precision != "year"
    size = min(len(end.value), len(begin.value), len("2026-03-21"))
    if not is_free or end.value[:size] >= begin.value[:size]:
        return end
    later = f"{int(end.value[:4]) + 1:04d}{end.value[4:]}"
    is_day = end.value[5:10] != "02-29" and len(later) == len(end.value)
    return replace(end, value=later) if is_day and later[:size] >= begin.value[:size] else end


def _may_lie_ahead(parts: dict[str, str], day: _Day) -> bool:
    is_relative = parts.get("month", "")[:1] in tuple("上这本下当同次")
    return "year" not in parts and (day.precision == "day" or (day.precision == "month" and not is_relative))


def _move_ahead(day: _Day, now: datetime, *, by_year: bool, by_month: bool) -> None:
    """8月21日失效, 20号发工资: the next such day, not the last."""
    today = (now.year, now.month, now.day if day.precision == "day" else 1)
    if (day.year, day.month, day.day) >= today:
        return
    if by_year:
        day.year += 1
    elif by_month and day.month < 12 and day.day <= calendar.monthrange(day.year, day.month + 1)[1]:
        day.month += 1
    elif by_month and day.month == 12:
        day.year, day.month = day.year + 1, 1


def _cut(day: _Day) -> str:
    year = f"{day.year:04d}"
    return {"year": year, "month": f"{year}-{day.month:02d}"}.get(
        day.precision, f"{year}-{day.month:02d}-{day.day:02d}"
    )


def _from_date(known: date, precision: str = "day") -> _Day:
    return _Day(known.year, known.month, known.day, precision)


def _day(parts: dict[str, str], now: datetime, memory: Memory, why: list[str], *, is_lunar: bool) -> _Day | None:
    if "iso" in parts:
        year, month, number = (int(x) for x in re.split("[-/. ]", parts["iso"].rstrip("T日号")))
        year += 2000 if year < 100 else 0
        memory.year = year
        return _Day(year, month, number, "day")
    if "compact" in parts:
        said = parts["compact"]
        memory.year = int(said[:4])
        return _Day(int(said[:4]), int(said[4:6]), int(said[6:8]), "day")
    if "slash" in parts:
        month_said, number_said = re.split("[./-]", parts["slash"])
        month, number = int(month_said), int(number_said)
        return _Day(_year_of_month(month, number, now, memory), month, number, "day")
    if "relday" in parts:
        return _relative_day(parts["relday"], now, memory, why)
    if "weekday" in parts:
        why.append("relative to the call")
        return _from_date(_weekday(parts["weekday"], now))
    said_year = _year(parts["year"], now, memory) if "year" in parts else None
    feast = parts.get("feast") or parts.get("yearpart", "")
    if feast and (known := feast_day(feast, said_year, now.date())):
        return _from_date(known)
    if "month" in parts:
        return _month(parts, said_year, now, memory, why, is_lunar=is_lunar)
    if said_year is not None:
        turn = _MONTH_OF_YEARPART.get(parts.get("yearpart", "")[-1:])
        return _Day(said_year, turn, 1, "month") if turn else _Day(said_year)
    if "day" in parts:
        return _day_alone(spoken_integer(parts["day"]), now, memory, why)
    return None


def _year(said: str, now: datetime, memory: Memory) -> int:
    if said in _YEARS_OFF:
        year = now.year + _YEARS_OFF[said]
    elif said in _YEARS_ON:
        year = (memory.year or now.year) + _YEARS_ON[said]
    else:
        number = spoken_integer(said.rstrip("年 "))
        year = number if number >= 100 else (2000 + number if number < 70 else 1900 + number)
    memory.year = min(max(year, 1), 9998)
    return memory.year


def _month(
    parts: dict[str, str], year: int | None, now: datetime, memory: Memory, why: list[str], *, is_lunar: bool
) -> _Day:
    said = parts["month"]
    if year is not None and said[0] in "这本同":
        return _Day(year, now.month if said[0] != "同" else (memory.day or now.date()).month, 1, "month")
    number = spoken_integer(parts["day"]) if "day" in parts else 0
    precision = "day" if number else "month"
    if said[0] in "上这本下当同次" and not said[0].isdigit():
        base = memory.day or now.date() if said[0] in "当同次" else now.date()
        index = base.year * 12 + base.month - 1 + (1 if said[0] == "次" else _steps(said))
        why.append("relative to the call")
        return _Day(index // 12, index % 12 + 1, number or 1, precision)
    day_said = parts.get("day", "").strip()
    month = _NAMED_MONTHS.get(said[0]) or spoken_integer(said)
    if is_lunar or said[0] in "正腊冬" or day_said.startswith(("初", "廿")):
        return _lunar(month, number, year, now, why)
    if year is None:
        year = _year_of_month(month, number or 1, now, memory)
        why.append("last one past")
    return _Day(year, month, number or 1, precision)


def _year_of_month(month: int, number: int, now: datetime, memory: Memory) -> int:
    if memory.year is not None:
        year = memory.year
        if memory.day and memory.day.year == year and memory.day.month >= 9 and month <= 4:
            year += 1
        return year if (year, month, number) <= (now.year, now.month, now.day) else year - 1
    year = now.year if (month, number) <= (now.month, now.day) else now.year - 1
    if (month, number) == (2, 29):
        while not calendar.isleap(year):
            year -= 1
    return year


def _lunar(month: int, number: int, year: int | None, now: datetime, why: list[str]) -> _Day:
    """A lunar day is a day; a lunar month lies in two others, so that it names its year alone."""
    why.append("lunar")
    known = lunar_date(month, number, year, now.date()) if number else None
    return _from_date(known) if known else _Day(year or now.year)


def _day_alone(number: int, now: datetime, memory: Memory, why: list[str]) -> _Day:
    base = memory.day or now.date()
    why.append("month from the story" if memory.day else "last one past")
    index = base.year * 12 + base.month - 1
    for back in range(12):
        year, month = divmod(index - back, 12)
        if 1 <= number <= calendar.monthrange(max(year, 1), month + 1)[1]:
            known = date(max(year, 1), month + 1, number)
            if known <= now.date():
                return _from_date(known)
    return _Day(base.year, base.month, 1, "month")


def _relative_day(said: str, now: datetime, memory: Memory, why: list[str]) -> _Day:
    said = said.removesuffix("个")
    if said in _DAYS_OFF:
        why.append("relative to the call")
        return _from_date(now.date() + timedelta(days=_DAYS_OFF[said]))
    why.append("relative to the story")
    return _from_date((memory.day or now.date()) + timedelta(days=_DAYS_ON.get(said, 0)))


def _steps(said: str) -> int:
    """上 is one back, 上上 two, 下 one on."""
    return said.count("下") - said.count("上")


def _weekday(said: str, now: datetime) -> date:
    wanted = _WEEK.get(said[-1], int(said[-1]) - 1 if said[-1].isascii() and said[-1].isdigit() else 0)
    monday = now.date() - timedelta(days=now.weekday())
    if said[0] in "上下":
        return monday + timedelta(days=wanted + 7 * _steps(said))
    this = monday + timedelta(days=wanted)
    return this if said.startswith(("本", "这")) or this <= now.date() else this - timedelta(days=7)


def _week_only(said: str, now: datetime) -> Instant | None:
    if said[-1] not in "周期拜":
        return None
    year, week, _weekday_number = (now.date() + timedelta(days=7 * _steps(said))).isocalendar()
    return Instant(f"{year:04d}-W{week:02d}", "week", 0.85, ("relative to the call",))


def _ago(said: str, now: datetime, memory: Memory) -> Instant:
    unit = _unit_of_length(said)
    if not unit or any(char in said for char in _VAGUE_COUNTS):
        precision = "year" if unit == "年" else "day" if unit in _SECONDS else "month"
        return Instant(_cut(_from_date(now.date(), precision)), precision, 0.5, ("relative to the call", "vague"))
    if said in DAY_BEFORE and memory.day is not None:
        told = datetime.combine(memory.day, now.time())
        return _shifted(told, -1.0, "天", is_half=False, why="relative to the story")
    count = _length(said.lstrip("前上"))
    return _shifted(now, -min(count, 4000.0), unit, is_half=count != int(count), why="relative to the call")


def _later(said: str, now: datetime, memory: Memory) -> Instant:
    """三天后 goes on from the day that the story has reached, 半小时后 from its last clock."""
    unit, count = _unit_of_length(said), min(_length(said), 4000.0)
    base = memory.clock if unit in _SECONDS else None
    if base is None and memory.day is not None and unit not in _SECONDS:
        base = datetime.combine(memory.day, now.time())
    why = "relative to the call" if base is None else "relative to the story"
    moment = _shifted(base or now, count, unit, is_half=count != int(count), why=why)
    if moment.precision == "day":
        memory.day = date.fromisoformat(moment.value)
    return replace(moment, confidence=0.5) if base is None else moment


_SECONDS = {"小时": 3600, "钟头": 3600, "刻钟": 900, "分钟": 60, "分": 60, "秒": 1}
_UNITS_OF_LENGTH = (*_SECONDS, "年", "月", "星期", "礼拜", "周", "天", "日")


def _unit_of_length(said: str) -> str:
    return next((unit for unit in _UNITS_OF_LENGTH if unit in said), "")


def _length(said: str) -> float:
    number = read_number(said, 0)
    count = float(number.value) if number else 0.5 if said.startswith("半") else 1.0
    return count + 0.5 if number and "半" in said else count


def _shifted(base: datetime, count: float, unit: str, *, is_half: bool, why: str) -> Instant:
    """`base` moved by `count` units (back when negative), cut to what such words tell."""
    reasons = (why,)
    if unit in _SECONDS:
        precision = "hour" if unit in ("小时", "钟头") and not is_half else "minute"
        moment = base + timedelta(seconds=count * _SECONDS[unit])
        text = moment.strftime("%Y-%m-%dT%H" if precision == "hour" else "%Y-%m-%dT%H:%M")
        return Instant(text, precision, 0.9, reasons)
    if unit in ("年", "月"):
        months = int(count * 12) if unit == "年" else int(count)
        if unit == "月" and is_half:
            return Instant((base + timedelta(days=int(count * 30))).date().isoformat(), "day", 0.7, (*reasons, "about"))
        index = min(max(base.year * 12 + base.month - 1 + months, 12), 9999 * 12)
        day = _Day(index // 12, index % 12 + 1, 1, "month" if unit == "月" or is_half else "year")
        return Instant(_cut(day), day.precision, 0.85, reasons)
    days = count * (7 if unit in ("周", "星期", "礼拜") else 1)
    return Instant((base + timedelta(days=days)).date().isoformat(), "day", 0.9, reasons)


def _with_clock(day: _Day | None, said: str, part: str, now: datetime, memory: Memory, why: list[str]) -> Instant:
    hour, minute, second, precision = read_clock(said)
    known = day.as_date() if day else None
    is_told = known is not None
    confidence = 0.95
    if known is None:
        known = memory.day or now.date()
        why.append("day from the story" if memory.day else "day of the call")
        confidence = 0.8
    elif day and day.precision == "day":
        memory.day = known
    if part or not is_spoken_half(hour, said):
        hour, next_day = by_part(hour, part, why)
    else:
        hour, next_day = likely_half(hour, minute, known, now, memory.clock), False
        why.append("morning or evening not said")
        confidence = min(confidence, 0.75)
    told = memory.clock
    is_after_midnight = part == "凌晨" and not is_told and told is not None and told.date() == known < now.date()
    if is_after_midnight and told is not None and (hour, minute) < (told.hour, told.minute):
        known += timedelta(days=1)  # 昨天21:44 ... 凌晨00:12
    if not is_told and memory.day is None and (hour + 24 * next_day, minute) > (now.hour, now.minute):
        known -= timedelta(days=1)
    if hour >= 24:
        hour, next_day = hour - 24, True
    if next_day:
        known += timedelta(days=1)
    hour, minute, second = min(hour, 23), min(minute, 59), min(second, 59)
    memory.clock = datetime.combine(known, time(hour, minute))
    value = f"{known.isoformat()}T{hour:02d}"
    if precision != "hour":
        value += f":{minute:02d}"
    if precision == "second":
        value += f":{second:02d}"
    return Instant(value, precision, confidence, tuple(why) or ("date and time",), part)
