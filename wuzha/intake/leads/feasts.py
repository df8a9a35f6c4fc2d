"""Feast days and the lunar calendar, which callers date their story by: 除夕, 农历十一月初八, 去年618.

Theory. A lunar year is twelve or thirteen months of 29 or 30 days; no rule that fits in a few lines gives them, so
`_LUNAR_YEARS` lists them as facts of the calendar, one number a year: bits 4 to 15 say which of the twelve months
(bit 15: the first) have 30 days, the last digit is the month that comes twice, bit 16 that its second one has 30.
The first day of the first year listed fixes all others. Feasts follow from either calendar.
"""

import re
from datetime import date, timedelta

_FIRST_YEAR, _FIRST_DAY = 2012, date(2012, 1, 23)
_LUNAR_YEARS = (
    0x0BAA4, 0x0AD50, 0x055D9, 0x04BA0, 0x0A5B0, 0x15176, 0x052B0, 0x0A930, 0x07954, 0x06AA0, 0x0AD50, 0x05B52,
    0x04B60, 0x0A6E6, 0x0A4E0, 0x0D260, 0x0EA65, 0x0D530, 0x05AA0, 0x076A3, 0x096D0, 0x04AFB, 0x04AD0, 0x0A4D0,
)  # fmt: skip

_SOLAR = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "三八节": (3, 8), "愚人节": (4, 1), "清明": (4, 5),
    "劳动节": (5, 1), "五一": (5, 1), "儿童节": (6, 1), "六一": (6, 1), "618": (6, 18), "六一八": (6, 18),
    "教师节": (9, 10), "国庆": (10, 1), "十一国庆": (10, 1), "万圣节": (10, 31), "光棍节": (11, 11), "双十一": (11, 11),
    "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "平安夜": (12, 24), "圣诞": (12, 25), "跨年夜": (12, 31),
}  # fmt: skip
_LUNAR = {
    "春节": (1, 1), "大年初一": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中元": (7, 15),
    "中秋": (8, 15), "重阳": (9, 9), "腊八": (12, 8), "小年": (12, 23),
}  # fmt: skip
# The n-th such weekday (Monday 0) of a month.
_WEEKDAY_FEASTS = {"母亲节": (5, 6, 2), "父亲节": (6, 6, 3), "感恩节": (11, 3, 4)}
_EVES = ("除夕", "大年三十", "大年夜", "年三十")
_DAY_OF_YEAR_BEGIN = re.compile(r"大?年初(?P<day>[一二三四五六七八九十])")

# Needs the year before it, or it is a number or a road.
_NEEDS_YEAR = "618|六一八|五一|六一|小年"
_ALONE = (
    "大年初[一二三四五六七八九十]|年初[二三四五六七八九]|大年三十|大年夜|年三十|除夕|春节|元旦节?|元宵节|情人节|"
    "妇女节|三八节|"
    "愚人节|清明节?|劳动节|儿童节|端午节?|七夕节?|中元节|中秋节?|重阳节?|腊八节?|教师节|国庆节?|万圣节|光棍节|双十一|"
    "双11|双十二|"
    "双12|平安夜|圣诞节?|跨年夜|母亲节|父亲节|感恩节"
)
FEASTS = (
    rf"(?:{_ALONE}|(?:(?<=年)|(?<=年的)|(?=[一-龥0-9]{{2,3}}”?(?:当天|期间|前后|假期|前夕))|(?=五一节))"
    rf"(?:{_NEEDS_YEAR})节?)"
)
FEAST_BEGINS = "大年除春元情妇三愚清劳儿端七中重腊教国万光双平圣跨母父感6六五小"
# 春节红包, 国庆路, 元旦快乐: the feast of a thing, not a time.
NOT_A_FEAST = re.compile(
    r"红包|福利|活动|礼|快乐|晚会|联欢|促销|大促|优惠|特惠|购物|节目|档|档期|套餐|路|街|村|广场|小区|中学|小学|贺|"
    r"祝福|祝|慰问|补贴|"
    r"补助|奖|专场|专题|主题|宣传|特辑|版|票|机票|车票|返乡|出行|安全|防|反诈|将至|来临|临近|快到|即将|要到|是|"
    r"的(?:时候)?(?:习俗|传统)|"
    r"近|老人|阿姨|[、和及](?:春节|元旦|国庆|中秋|端午|清明|五一|元宵)|等"
)


def lunar_day(year: int, month: int, day: int) -> date | None:
    """The day of a lunar date, None outside the years listed; a doubled month counts as its first."""
    if not (_FIRST_YEAR <= year < _FIRST_YEAR + len(_LUNAR_YEARS) and 1 <= month <= 12 and 1 <= day <= 30):
        return None
    known = _FIRST_DAY
    for earlier in range(_FIRST_YEAR, year):
        known += timedelta(days=sum(_lengths(earlier)))
    leap = _LUNAR_YEARS[year - _FIRST_YEAR] & 0xF
    before = month - 1 + (1 if leap and leap < month else 0)
    return known + timedelta(days=sum(_lengths(year)[:before]) + day - 1)


def _lengths(year: int) -> list[int]:
    """Days of each month of a lunar year, the doubled one after its first."""
    facts = _LUNAR_YEARS[year - _FIRST_YEAR]
    lengths = [30 if facts & (0x10000 >> month) else 29 for month in range(1, 13)]
    if leap := facts & 0xF:
        lengths.insert(leap, 30 if facts & 0x10000 else 29)
    return lengths


def feast_day(said: str, year: int | None, today: date) -> date | None:
    """The day that a feast's name means: that of `year`, else the last one that was, counted from `today`."""
    if year is not None:
        return _in_year(said, year)
    for candidate in (today.year, today.year - 1):
        known = _in_year(said, candidate)
        if known and known <= today:
            return known
    return None


def lunar_date(month: int, day: int, year: int | None, today: date) -> date | None:
    """As `feast_day`, for a lunar month and day; lunar December mostly falls into the next solar year."""
    for candidate in (year,) if year is not None else (today.year, today.year - 1):
        known = lunar_day(candidate, month, day)
        if known and (year is not None or known <= today):
            return known
    return None


def _in_year(said: str, year: int) -> date | None:
    if match := _DAY_OF_YEAR_BEGIN.match(said):
        return lunar_day(year, 1, "一二三四五六七八九十".index(match["day"]) + 1)
    if said.startswith(_EVES):
        first = lunar_day(year, 1, 1)
        return first - timedelta(days=1) if first else None
    for name, (month, day) in _LUNAR.items():
        if said.startswith(name):
            # 腊八 and 小年 of a year are those before its Spring Festival.
            return lunar_day(year - 1 if month == 12 else year, month, day)
    for name, (month, weekday, count) in _WEEKDAY_FEASTS.items():
        if said.startswith(name):
            first = date(year, month, 1)
            return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))
    for name, (month, day) in _SOLAR.items():
        if said.startswith(name):
            return date(year, month, day)
    return None
