"""Feasts and lunar dates: days that every calendar of these years gives."""

from datetime import date, timedelta

import pytest

from wuzha.intake.leads.feasts import feast_day, lunar_date, lunar_day

NEW_YEAR_DAYS = (
    "2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 "
    "2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2035-02-08"
)
MID_AUTUMN_DAYS = (
    "2015-09-27 2016-09-15 2017-10-04 2018-09-24 2019-09-13 2020-10-01 2021-09-21 2022-09-10 2023-09-29 2024-09-17 "
    "2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12"
)
DRAGON_BOAT_DAYS = "2020-06-25 2021-06-14 2022-06-03 2023-06-22 2024-06-10 2025-05-31 2026-06-19 2027-06-09 2028-05-28"


@pytest.mark.parametrize(
    ("feast", "days"), [("春节", NEW_YEAR_DAYS), ("中秋节", MID_AUTUMN_DAYS), ("端午", DRAGON_BOAT_DAYS)]
)
def test_moving_feasts_fall_on_the_days_of_the_calendar(feast: str, days: str) -> None:
    for day in map(date.fromisoformat, days.split()):
        assert feast_day(feast, day.year, day) == day
        assert feast_day(feast, None, day) == day
        assert feast_day(feast, None, day - timedelta(days=1)) != day


@pytest.mark.parametrize(
    ("feast", "day"),
    [
        ("除夕", "2026-02-16"),
        ("大年三十", "2026-02-16"),
        ("大年初三", "2026-02-19"),
        ("元宵节", "2026-03-03"),
        ("七夕", "2025-08-29"),
        ("腊八", "2026-01-26"),
        ("双十一", "2025-11-11"),
        ("情人节", "2026-02-14"),
    ],
)
def test_a_feast_without_a_year_is_the_last_one_that_was(feast: str, day: str) -> None:
    assert feast_day(feast, None, date(2026, 5, 1)) == date.fromisoformat(day)


def test_lunar_dates_around_a_doubled_month() -> None:
    # 2025 has its sixth month twice: the seventh begins on 23 August.
    assert lunar_day(2025, 6, 1) == date(2025, 6, 25)
    assert lunar_day(2025, 7, 1) == date(2025, 8, 23)
    assert lunar_date(12, 23, None, date(2026, 3, 1)) == date(2026, 2, 10)
    assert lunar_day(2011, 1, 1) is None
    assert lunar_day(2026, 13, 1) is None
