"""The clock as callers tell it: 三点一刻, 差五分八点, 晚上12点, 14:22:05 become an hour of 24.

Theory. The part of the day moves the hour: 下午三点 is 15, 晚上十二点 the midnight after, 昨晚凌晨两点 the early hours
after that evening. Without one, 15点, 3时 and 3:00 are taken as said; 三点 leaves its half of the day open: it goes on
from the clock named before on the same day and never lies in the future; one to five alone are of the afternoon.
"""

from datetime import date, datetime
from functools import lru_cache

from wuzha.intake.leads.numbers import read_number

AFTERNOON_HOUR_MAX = 5
JUST_NOW_HOURS = 3  # 九点 said at 22:05 is the evening's
SPOKEN_KEPT = 4096
_EARLY_HOURS = ("凌晨", "半夜", "深夜", "夜里")
_EVENING = frozenset({"晚", "晚上", "晚间", "夜", "夜晚", "夜间", "大晚上"})
_NIGHT = frozenset({"半夜", "深夜", "午夜", "夜里", "大半夜", "前半夜", "后半夜"})
_AFTERNOON = frozenset({"下午", "午后", "傍晚", "黄昏"})
_NOON = frozenset({"中午", "正午", "晌午", "午间", "午", "大中午"})


@lru_cache(maxsize=SPOKEN_KEPT)
def spoken_integer(said: str) -> int:
    number = read_number(said.lstrip(" 初"), 0)
    return int(number.value) if number else 0


def read_clock(said: str) -> tuple[int, int, int, str]:
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
    if lowered.startswith("差"):
        return _quarter_to(lowered)
    first = next((i for i, char in enumerate(lowered) if char in "点时钟"), len(lowered))
    hour, rest = spoken_integer(lowered[:first]), lowered[first + 1 :]
    if rest.startswith("半"):
        return hour, 30, 0, "minute"
    if "刻" in rest:
        return hour, 15 * max(spoken_integer(rest), 1), 0, "minute"
    minutes, _mark, seconds = rest.partition("分")
    minute = spoken_integer(minutes) if minutes.strip("钟整 ") else 0
    second = spoken_integer(seconds.rstrip("秒")) if seconds.endswith("秒") else 0
    has_minutes = bool(minutes.strip("钟整 "))
    return hour, minute, second, "second" if seconds.endswith("秒") else "minute" if has_minutes else "hour"


def by_part(hour: int, part: str, why: list[str]) -> tuple[int, bool]:
    """The hour of 24 and whether it falls on the next day; adds to `why` what was inferred."""
    if part.startswith(tuple(_EVENING)) and part.endswith(_EARLY_HOURS) and hour <= 6:
        why.append("after midnight")
        return hour, True
    if part in _AFTERNOON:
        return (hour + 12 if hour < 12 else hour), False
    if part in _NOON:
        return (hour + 12 if 1 <= hour <= 3 else hour), False
    if part.startswith(tuple(_EVENING)):
        if hour == 12:
            return 0, True
        if 1 <= hour <= 4:
            why.append("after midnight")
            return hour, True
        return (hour + 12 if 5 <= hour < 12 else hour), False
    if part in _NIGHT:
        return (0, True) if hour == 12 else (hour + 12 if 7 <= hour < 12 else hour, False)
    return (0 if part == "凌晨" and hour == 12 else hour), False


def _quarter_to(said: str) -> tuple[int, int, int, str]:
    """差一刻十一点 is 10:45."""
    before, _mark, rest = said[1:].partition("刻" if "刻" in said else "分")
    minutes = spoken_integer(before) * (15 if "刻" in said else 1)
    hour = spoken_integer(rest.lstrip("钟到"))
    return (hour - 1) % 24, 60 - minutes, 0, "minute"


def is_spoken_half(hour: int, said: str) -> bool:
    """Whether the words leave open which half of the day: 三点 does, 15点, 3时 and 3:00 do not."""
    return 1 <= hour <= 11 and ":" not in said and "时" not in said


def likely_half(hour: int, minute: int, day: date, now: datetime, told: datetime | None) -> int:
    """The hour of 24 that a caller means: later than the clock named before on that day, never in the future; without
    such a clock one to five are of the afternoon.
    """

    def is_past(candidate: int) -> bool:
        return day != now.date() or (candidate, minute) <= (now.hour, now.minute)

    if told and told.date() == day:
        before = (told.hour, told.minute)
        for candidate in (hour, hour + 12):
            if (candidate, minute) >= before and is_past(candidate):
                return candidate
    is_just_now = day == now.date() and is_past(hour + 12) and now.hour - hour - 12 <= JUST_NOW_HOURS
    return hour + 12 if is_just_now or (hour <= AFTERNOON_HOUR_MAX and is_past(hour + 12)) else hour
