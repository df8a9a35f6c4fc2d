"""Times as callers tell them, understood: a row of parts becomes an ISO 8601 text cut to what was said.

Theory. A caller speaks of the past: 12月3日 is the last third of December that was, 20日 the last twentieth, 周三
the last Wednesday. A narrative goes forward: once it has named a year or a day, later parts without one belong to
it (2022年10月6日 ... 10月8日), 当天 and 次日 point at the last day named, and January after December is the next
year. `Memory` keeps what was named. The value never claims more than the words: 昨天下午 is a date, 3点多 an hour.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wuzha.intake.leads.numbers import read_number
from wuzha.intake.leads.times import Row

_SPRING_FESTIVAL = (
    "2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 "
    "2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03"
)
_DRAGON_BOAT = (
    "2015-06-20 2016-06-09 2017-05-30 2018-06-18 2019-06-07 2020-06-25 2021-06-14 2022-06-03 2023-06-22 2024-06-10 "
    "2025-05-31 2026-06-19 2027-06-09 2028-05-28 2029-06-16 2030-06-05"
)
_MID_AUTUMN = (
    "2015-09-27 2016-09-15 2017-10-04 2018-09-24 2019-09-13 2020-10-01 2021-09-21 2022-09-10 2023-09-29 2024-09-17 "
    "2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12"
)


def _by_year(days: str) -> dict[int, date]:
    return {int(day[:4]): date.fromisoformat(day) for day in days.split()}


_LUNAR_FEASTS = {
    "春节": (_by_year(_SPRING_FESTIVAL), 0),
    "除夕": (_by_year(_SPRING_FESTIVAL), -1),
    "元宵": (_by_year(_SPRING_FESTIVAL), 14),
    "端午": (_by_year(_DRAGON_BOAT), 0),
    "中秋": (_by_year(_MID_AUTUMN), 0),
}
_FIXED_FEASTS = {
    "元旦": (1, 1), "清明": (4, 5), "五一": (5, 1), "国庆": (10, 1), "双十一": (11, 11), "双11": (11, 11),
    "双十二": (12, 12), "双12": (12, 12), "圣诞": (12, 25),
}  # fmt: skip
_DAYS_OFF = {
    "大前天": -3, "前天": -2, "前日": -2, "前儿": -2, "前": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "昨": -1,
    "今天": 0, "今日": 0, "今儿": 0, "今": 0, "明天": 1, "明日": 1, "明": 1, "后天": 2,
}  # fmt: skip
_DAYS_ON = {
    "当天": 0, "当日": 0, "同日": 0, "那天": 0, "当": 0, "同": 0, "次日": 1, "次": 1, "第二天": 1, "翌日": 1, "隔天": 1,
    "隔日": 1, "第三天": 2, "第四天": 3, "第五天": 4,
}  # fmt: skip
_YEARS_OFF = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_YEARS_ON = {"当年": 0, "同年": 0, "次年": 1, "隔年": 1, "翌年": 1, "第二年": 1}
_EVENING = frozenset({"晚", "晚上", "晚间", "夜", "夜晚", "夜间", "大晚上"})
_NIGHT = frozenset({"半夜", "深夜", "午夜", "夜里", "大半夜", "前半夜", "后半夜"})
_AFTERNOON = frozenset({"下午", "午后", "傍晚", "黄昏"})
_NOON = frozenset({"中午", "正午", "晌午", "午间", "午", "大中午"})
_WEEK = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_VAGUE_COUNTS = "几数"


@dataclass(slots=True)
class Memory:
    """What the narrative has named so far: the last year said, and the last day said or meant."""

    year: int | None = None
    day: date | None = None


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
    if "ago" in parts:
        moment = _ago(parts["ago"], now)
        if len(parts) == 1 or moment.precision != "day":
            return moment
        day: _Day | None = _from_date(date.fromisoformat(moment.value))
        why.append("relative to the call")
    else:
        day = _day(parts, now, memory, why)
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


def _cut(day: _Day) -> str:
    year = f"{day.year:04d}"
    return {"year": year, "month": f"{year}-{day.month:02d}"}.get(
        day.precision, f"{year}-{day.month:02d}-{day.day:02d}"
    )


def _from_date(known: date, precision: str = "day") -> _Day:
    return _Day(known.year, known.month, known.day, precision)


def _number(said: str) -> int:
    number = read_number(said.lstrip(" 初"), 0)
    return int(number.value) if number else 0


def _day(parts: dict[str, str], now: datetime, memory: Memory, why: list[str]) -> _Day | None:
    if "iso" in parts:
        year, month, number = (
            int(x) for x in parts["iso"].rstrip("T日号").replace("/", "-").replace(".", "-").split("-")
        )
        memory.year = year
        return _Day(year, month, number, "day")
    if "compact" in parts:
        said = parts["compact"]
        memory.year = int(said[:4])
        return _Day(int(said[:4]), int(said[4:6]), int(said[6:8]), "day")
    if "relday" in parts:
        return _relative_day(parts["relday"], now, memory, why)
    if "weekday" in parts:
        why.append("relative to the call")
        return _from_date(_weekday(parts["weekday"], now))
    said_year = _year(parts["year"], now, memory) if "year" in parts else None
    feast = parts.get("feast") or parts.get("yearpart", "")
    if feast and (known := _feast(feast, said_year, now)):
        return _from_date(known)
    if "month" in parts:
        return _month(parts, said_year, now, memory, why)
    if said_year is not None:
        return _Day(said_year)
    if "day" in parts:
        return _day_alone(_number(parts["day"]), now, memory, why)
    return None


def _year(said: str, now: datetime, memory: Memory) -> int:
    if said in _YEARS_OFF:
        year = now.year + _YEARS_OFF[said]
    elif said in _YEARS_ON:
        year = (memory.year or now.year) + _YEARS_ON[said]
    else:
        number = _number(said)
        year = number if number >= 100 else (2000 + number if number < 70 else 1900 + number)
    memory.year = min(max(year, 1), 9998)
    return memory.year


def _month(parts: dict[str, str], year: int | None, now: datetime, memory: Memory, why: list[str]) -> _Day:
    said = parts["month"]
    number = _number(parts["day"]) if "day" in parts else 0
    precision = "day" if number else "month"
    if said[0] in "上这本下当同次" and not said[0].isdigit():
        base = memory.day or now.date() if said[0] in "当同次" else now.date()
        step = {"上": -1, "下": 1, "次": 1}.get(said[0], 0) * (2 if said.startswith("上上") else 1)
        index = base.year * 12 + base.month - 1 + step
        why.append("relative to the call")
        return _Day(index // 12, index % 12 + 1, number or 1, precision)
    is_lunar = said[0] in "正腊" or parts.get("day", "").strip().startswith("初")
    month = 1 if said[0] == "正" else 12 if said[0] == "腊" else (1 if said[0] == "元" else _number(said))
    if is_lunar:
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
    """The first lunar month follows from the Spring Festival; other lunar months only name their year."""
    feasts = _LUNAR_FEASTS["春节"][0]
    why.append("lunar")
    chosen = year or now.year
    if month == 1 and number and chosen in feasts:
        known = feasts[chosen] + timedelta(days=number - 1)
        if year is None and known > now.date() and chosen - 1 in feasts:
            known = feasts[chosen - 1] + timedelta(days=number - 1)
        return _from_date(known)
    return _Day(chosen)


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
    if said in _DAYS_OFF:
        why.append("relative to the call")
        return _from_date(now.date() + timedelta(days=_DAYS_OFF[said]))
    why.append("relative to the story")
    return _from_date((memory.day or now.date()) + timedelta(days=_DAYS_ON.get(said, 0)))


def _weekday(said: str, now: datetime) -> date:
    wanted = _WEEK.get(said[-1], int(said[-1]) - 1 if said[-1].isascii() and said[-1].isdigit() else 0)
    monday = now.date() - timedelta(days=now.weekday())
    if said.startswith("上"):
        return monday + timedelta(days=wanted - 7 * (2 if said.startswith("上上") else 1))
    if said.startswith("下"):
        return monday + timedelta(days=wanted + 7)
    this = monday + timedelta(days=wanted)
    return this if said.startswith(("本", "这")) or this <= now.date() else this - timedelta(days=7)


def _week_only(said: str, now: datetime) -> Instant | None:
    if said[-1] not in "周期拜":
        return None
    step = {"上": -7, "下": 7}.get(said[0], 0) * (2 if said.startswith("上上") else 1)
    year, week, _weekday_number = (now.date() + timedelta(days=step)).isocalendar()
    return Instant(f"{year:04d}-W{week:02d}", "week", 0.85, ("relative to the call",))


def _feast(said: str, year: int | None, now: datetime) -> date | None:
    for name, (month, number) in _FIXED_FEASTS.items():
        if said.startswith(name):
            known = date(year or now.year, month, number)
            return known if year or known <= now.date() else known.replace(year=known.year - 1)
    for name, (days, offset) in _LUNAR_FEASTS.items():
        if said.startswith(name):
            known_day = days.get(year or now.year)
            if known_day and not year and known_day + timedelta(days=offset) > now.date():
                known_day = days.get(now.year - 1)
            return known_day + timedelta(days=offset) if known_day else None
    return None


def _ago(said: str, now: datetime) -> Instant:
    unit = next(
        (u for u in ("小时", "钟头", "分钟", "秒", "分", "年", "月", "星期", "礼拜", "周", "天", "日") if u in said), ""
    )
    if not unit or any(char in said for char in _VAGUE_COUNTS):
        precision = "year" if unit == "年" else "day" if unit in ("小时", "钟头", "分钟", "秒", "分") else "month"
        return Instant(_cut(_from_date(now.date(), precision)), precision, 0.5, ("relative to the call", "vague"))
    body = said.lstrip("前上")
    number = read_number(body, 0)
    count = float(number.value) if number else 0.5 if body.startswith("半") else 1.0
    if number and "半" in body:
        count += 0.5
    return _minus(now, min(count, 4000.0), unit, is_half=count != int(count))


def _minus(now: datetime, count: float, unit: str, *, is_half: bool) -> Instant:
    why = ("relative to the call",)
    if unit in ("小时", "钟头", "分钟", "分", "秒"):
        seconds = count * {"小时": 3600, "钟头": 3600, "分钟": 60, "分": 60, "秒": 1}[unit]
        precision = "hour" if unit in ("小时", "钟头") and not is_half else "minute"
        moment = now - timedelta(seconds=seconds)
        return Instant(moment.strftime("%Y-%m-%dT%H" if precision == "hour" else "%Y-%m-%dT%H:%M"), precision, 0.9, why)
    if unit in ("年", "月"):
        months = int(count * 12) if unit == "年" else int(count)
        if unit == "月" and is_half:
            return Instant((now - timedelta(days=int(count * 30))).date().isoformat(), "day", 0.7, (*why, "about"))
        index = max(now.year * 12 + now.month - 1 - months, 12)
        day = _Day(index // 12, index % 12 + 1, 1, "month" if unit == "月" or is_half else "year")
        return Instant(_cut(day), day.precision, 0.85, why)
    days = count * (7 if unit in ("周", "星期", "礼拜") else 1)
    return Instant((now - timedelta(days=days)).date().isoformat(), "day", 0.9, why)


def _with_clock(day: _Day | None, said: str, part: str, now: datetime, memory: Memory, why: list[str]) -> Instant:
    hour, minute, second, precision = _read_clock(said)
    hour, next_day, part_why = _by_part(hour, part, said)
    why.extend(part_why)
    known = day.as_date() if day else None
    confidence = 0.95
    if known is None:
        known = memory.day or now.date()
        why.append("day from the story" if memory.day else "day of the call")
        confidence = 0.8
        if memory.day is None and (hour + 24 * next_day, minute) > (now.hour, now.minute):
            known -= timedelta(days=1)
    elif day and day.precision == "day":
        memory.day = known
    if hour >= 24:
        hour, next_day = hour - 24, True
    if next_day:
        known += timedelta(days=1)
    value = f"{known.isoformat()}T{min(hour, 23):02d}"
    if precision != "hour":
        value += f":{min(minute, 59):02d}"
    if precision == "second":
        value += f":{min(second, 59):02d}"
    return Instant(value, precision, confidence, tuple(why) or ("date and time",), part)


def _read_clock(said: str) -> tuple[int, int, int, str]:
    lowered = said.lower().replace(".", "").replace(" ", "")
    meridiem = lowered[-2:] if lowered.endswith(("am", "pm")) else ""
    if ":" in lowered:
        fields = [int("".join(filter(str.isdigit, x)) or 0) for x in lowered.split(":")]
        hour, minute, second = (*fields, 0)[:3] if len(fields) == 2 else fields[:3]
        if meridiem == "pm" and hour < 12:
            hour += 12
        elif meridiem == "am" and hour == 12:
            hour = 0
        return hour, minute, second, "second" if len(fields) == 3 else "minute"
    first = next((i for i, char in enumerate(lowered) if char in "点时钟"), len(lowered))
    hour, rest = _number(lowered[:first]), lowered[first + 1 :]
    if rest.startswith("半"):
        return hour, 30, 0, "minute"
    if "刻" in rest:
        return hour, 15 * max(_number(rest), 1), 0, "minute"
    minutes, _mark, seconds = rest.partition("分")
    minute = _number(minutes) if minutes.strip("钟整 ") else 0
    second = _number(seconds.rstrip("秒")) if seconds.endswith("秒") else 0
    has_minutes = bool(minutes.strip("钟整 "))
    return hour, minute, second, "second" if seconds.endswith("秒") else "minute" if has_minutes else "hour"


def _by_part(hour: int, part: str, said: str) -> tuple[int, bool, list[str]]:
    """The hour of 24, whether it falls on the next day, and what was doubtful."""
    if part in _AFTERNOON:
        return (hour + 12 if hour < 12 else hour), False, []
    if part in _NOON:
        return (hour + 12 if 1 <= hour <= 3 else hour), False, []
    if part in _EVENING:
        if hour == 12:
            return 0, True, []
        if 1 <= hour <= 4:
            return hour, True, ["after midnight"]
        return (hour + 12 if 5 <= hour < 12 else hour), False, []
    if part in _NIGHT:
        return (0, True, []) if hour == 12 else (hour + 12 if 7 <= hour < 12 else hour, False, [])
    if part == "凌晨" and hour == 12:
        return 0, False, []
    is_doubtful = not part and 1 <= hour <= 11 and ":" not in said and "时" not in said
    return hour, False, ["morning or evening not said"] if is_doubtful else []
