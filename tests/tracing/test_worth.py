"""What a waiting order is worth, as tables an officer can read."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.centre import NOW
from wuzha.tracing.dispatch import Dwell, Learned, Pace, Standing
from wuzha.tracing.worth import (
    AT_ONCE,
    BESIDE_MINOR,
    WORTH_A_CLERK_MINOR,
    Facts,
    Waiting,
    Why,
    standing,
    why,
    worth,
)

YUAN = 100
MINUTE_S = 60.0
FRESH = Standing(50_000 * YUAN, age_s=10 * MINUTE_S)
STOP = Waiting("stop", "ICBC", 0.0, FRESH)
QUERY = Waiting("query-transactions", "ICBC", 0.0, FRESH)
GONE, MOVED, NOTHING = replace(FRESH, gone=True), replace(FRESH, moved=True), replace(FRESH, amount_minor=0)
NUMBER = Waiting("suspend-number", "CMCC", 0.0)


def learned(**expected_s):
    """Nothing was learned yet; banks are expected to need ten minutes."""
    return Learned(Dwell(), Pace({"stop": 600.0, "query-transactions": 600.0} | expected_s))


@pytest.mark.row("R-203")
@pytest.mark.parametrize(
    ("told", "more", "less"),
    [
        ("more money", STOP, replace(STOP, money=replace(FRESH, amount_minor=40_000 * YUAN))),
        ("younger money", STOP, replace(STOP, money=replace(FRESH, age_s=60 * MINUTE_S))),
        (
            "a statement showed it still there",
            replace(STOP, money=replace(FRESH, age_s=60 * MINUTE_S, known_s=50 * MINUTE_S)),
            replace(STOP, money=replace(FRESH, age_s=60 * MINUTE_S)),
        ),
        (
            "the clearing house would have seen most of it leave",
            replace(STOP, money=replace(FRESH, traced=True)),
            STOP,
        ),
        ("part of it was seen to leave", STOP, replace(STOP, money=MOVED)),
        ("a stop did not find it", replace(STOP, money=MOVED), replace(STOP, money=GONE)),
        ("a change of a hold before any sum", Waiting("stop-amend", "ICBC", 0.0), STOP),
        ("longer hold before any sum", Waiting("stop-extend", "ICBC", 0.0), STOP),
        ("a payment that waits to be let go before any sum", Waiting("review-pass", "ICBC", 0.0), STOP),
        ("a release of held money before any sum", Waiting("stop-release", "ICBC", 0.0, frees_minor=1), STOP),
        ("any sum before a release of nothing", STOP, Waiting("stop-release", "ICBC", 0.0)),
        ("any sum before a number", STOP, NUMBER),
        ("any sum before an account without known money", STOP, Waiting("query-holder", "ICBC", 0.0)),
        ("a number before an empty account", NUMBER, replace(STOP, money=NOTHING)),
        ("a number before an honest seller", NUMBER, replace(STOP, honest=True)),
        ("money that left unseen makes the question worth more", replace(QUERY, money=GONE), QUERY),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_which_order_is_worth_more(told, more, less):
    assert worth(more, learned()) > worth(less, learned()), told


def test_an_order_that_waits_at_a_bank_that_answers_soon_is_worth_more():
    quick, slow = learned(stop=120.0), learned(stop=3_600.0)
    assert worth(STOP, quick) > worth(STOP, slow)
    assert worth(replace(STOP, waited_s=3_000.0), slow) > worth(STOP, slow), "most of the bank's time is over"
    assert worth(STOP, quick, work_s=1_200.0) < worth(STOP, quick), "a clerk needs longer than the bank usually takes"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Waiting("stop", "ICBC", 0.0), BESIDE_MINOR),
        (Waiting("stop-release", "ICBC", 0.0), BESIDE_MINOR),
        (Waiting("stop-release", "ICBC", 0.0, frees_minor=1), AT_ONCE),
        (replace(STOP, money=GONE), 0.0),
        (replace(QUERY, honest=True), 0.0),
    ],
)
def test_places_beside_the_sums(order, expected):
    assert worth(order, learned()) == expected
    assert BESIDE_MINOR > WORTH_A_CLERK_MINOR


standings = st.builds(
    Standing,
    amount_minor=st.integers(0, 10**12),
    age_s=st.floats(0, 10**6),
    traced=st.booleans(),
    moved=st.booleans(),
    gone=st.booleans(),
)


@given(standings, st.floats(0, 1), st.sampled_from(["stop", "query-transactions"]), st.floats(0, 10**6))
def test_an_order_is_never_worth_more_than_the_money(money, known, kind, waited_s):
    money = replace(money, known_s=known * money.age_s)
    saved = worth(Waiting(kind, "ICBC", waited_s, money), learned())
    assert 0.0 <= saved <= money.amount_minor * (1 + 1e-9)


CAME = Facts("personal", 500_00, 0, last_in_at=NOW - timedelta(minutes=60))
AGO = {minutes: NOW - timedelta(minutes=minutes) for minutes in (10, 20, 30, 90)}


@pytest.mark.parametrize(
    ("told", "facts", "expected"),
    [
        ("it came an hour ago", CAME, {}),
        ("a stop holds part of it", replace(CAME, held_minor=200_00), {"amount_minor": 300_00}),
        ("a stop holds all of it", replace(CAME, held_minor=500_00), {"amount_minor": 0}),
        ("a stop holds more than is claimed", replace(CAME, held_minor=600_00), {"amount_minor": 0}),
        ("a statement showed it there", replace(CAME, as_of=AGO[20]), {"known_s": 2_400.0}),
        ("a statement from before it came", replace(CAME, as_of=AGO[90]), {"known_s": 0.0}),
        ("a statement from tomorrow", replace(CAME, as_of=NOW + timedelta(days=1)), {"known_s": 3_600.0}),
        ("some of it left", replace(CAME, left_at=AGO[20]), {"moved": True}),
        ("some left, and a statement came later", replace(CAME, left_at=AGO[20], as_of=AGO[10]), {"known_s": 3_000.0}),
        (
            "some left after the statement", replace(CAME, left_at=AGO[10], as_of=AGO[20]),
            {"moved": True, "known_s": 2_400.0},
        ),
        ("what left was gone before this came", replace(CAME, left_at=AGO[90]), {}),
        (
            "the stop took effect and found less", replace(CAME, held_minor=200_00, missed_at=AGO[30]),
            {"amount_minor": 300_00, "gone": True},
        ),
        ("the stop took effect before it came", replace(CAME, missed_at=AGO[90]), {}),
        ("the stop found all", replace(CAME, held_minor=500_00, missed_at=AGO[30]), {"amount_minor": 0}),
        ("the clearing house follows it", replace(CAME, traced=True), {"traced": True}),
        ("another clock is ahead", replace(CAME, last_in_at=NOW + timedelta(minutes=5)), {"age_s": 0.0}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_known_of_the_money_that_no_stop_has_caught(told, facts, expected):
    assert standing(facts, NOW) == replace(Standing(500_00, 3_600.0), **expected), told


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (STOP, Why.REST),
        (QUERY, Why.REST),
        (replace(STOP, money=MOVED), Why.LEAVING),
        (replace(QUERY, money=GONE), Why.MISSED),
        (replace(STOP, money=NOTHING), Why.EMPTY),
        (replace(QUERY, money=NOTHING, caught=True), Why.CAUGHT),
        (replace(STOP, honest=True), Why.HONEST),
        (Waiting("stop-amend", "ICBC", 0.0), Why.HOLD),
        (Waiting("stop-release", "ICBC", 0.0, frees_minor=1), Why.FREES),
        (Waiting("review-release", "ICBC", 0.0), Why.FREES),
        (Waiting("stop-release", "ICBC", 0.0), Why.BESIDE),
        (Waiting("stop", "ICBC", 0.0), Why.BESIDE),
        (NUMBER, Why.BESIDE),
    ],
)
def test_why_it_stands_there(order, expected):
    assert why(order) is expected
