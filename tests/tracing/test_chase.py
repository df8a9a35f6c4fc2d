"""The chase as a table an officer can read: what is known of an account, and which orders follow."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.centre import NOW
from wuzha.tracing import chase

AGO = timedelta(minutes=20)
STOP = chase.Stop(UUID(int=1), "in_force", 100_00, 100_00, NOW, covers_from=NOW)
SEEN = chase.Account(
    bank="ICBC", number="1", name="", currency="CNY", kind="unknown", layer=1, stolen_in_minor=100_00,
    claim_minor=100_00, first_in_at=NOW - AGO, last_in_at=NOW - AGO,
)  # fmt: skip
ANSWERED = replace(SEEN, kind="personal", as_of=NOW, queries=1)
HELD = replace(ANSWERED, stop=STOP, stops=1)


def orders(account, *, stops_max=2):
    """(kind, amount) of the orders that follow, sorted by kind."""
    made = chase.next_intents([account], now=NOW, urgent_age_s=7200, stops_max=stops_max)
    return sorted((intent.kind, intent.amount_minor) for intent in made)


@pytest.mark.row("R-203")
@pytest.mark.parametrize(
    ("told", "account", "expected"),
    [
        ("stolen money just reached it", SEEN, [("query-transactions", None), ("stop", 100_00)]),
        ("both are under way", replace(SEEN, query_open=True, stop=replace(STOP, state="queued")), []),
        ("its bank is not known", replace(SEEN, bank=""), []),
        ("a sum not worth touching anybody", replace(SEEN, stolen_in_minor=999, claim_minor=999), []),
        ("answered: all has left", replace(ANSWERED, claim_minor=0), []),
        ("answered: some is still there", replace(ANSWERED, claim_minor=40_00), [("stop", 40_00)]),
        ("all of it is held", HELD, []),
        ("less is stolen than was held", replace(HELD, claim_minor=60_00), [("stop-amend", 60_00)]),
        ("more stolen money came", replace(HELD, claim_minor=130_00), [("stop-amend", 130_00)]),
        ("the bank does not change it", replace(HELD, claim_minor=60_00, stop=replace(STOP, amend_refused=True)), []),
        ("nothing stolen is left", replace(HELD, claim_minor=0), [("stop-release", None)]),
        ("the holder is an honest merchant", replace(HELD, kind="merchant"), [("stop-release", None)]),
        ("an honest dealer, not stopped yet", replace(ANSWERED, kind="crypto-dealer"), []),
        ("a change is under way", replace(HELD, claim_minor=1_000, stop=replace(STOP, changing=True)), []),
        ("the bank refused the stop", replace(ANSWERED, stop_refused=True), []),
        ("stopped as often as the law allows", replace(ANSWERED, stops=2), []),
        ("the bank refused the query", replace(SEEN, query_refused=True, stop=STOP, stops=1), []),
        (
            "the stop caught less than was there",
            replace(HELD, as_of=NOW - AGO, stop=replace(STOP, held_minor=30_00)),
            [("query-transactions", None)],
        ),
        (
            "more came after the statement",
            replace(HELD, as_of=NOW - timedelta(hours=1), first_in_at=NOW - timedelta(hours=2)),
            [("query-transactions", None)],
        ),
        ("it came earlier than asked for", replace(HELD, asked_since=NOW - AGO / 2), [("query-transactions", None)]),
        ("asked too often", replace(HELD, as_of=NOW - timedelta(hours=1), queries=chase.QUERIES_PER_ACCOUNT_MAX), []),
        ("the statement was cut", replace(HELD, truncated=True), [("query-transactions", None)]),
    ],
)  # fmt: skip
def test_orders_that_follow(told, account, expected):
    assert orders(account) == expected, told


@pytest.mark.parametrize(
    ("told", "stolen", "asked_from", "expected"),
    [
        ("a cent too little to ask", 9_99, 10_00, []),
        ("an investigation goes on to the last cent, but holds nothing", 9_99, 1, [("query-transactions", None)]),
        ("enough for both", 10_00, 1, [("query-transactions", None), ("stop", 10_00)]),
    ],
)
def test_small_sums_may_be_asked_for_and_are_never_held(told, stolen, asked_from, expected):
    account = replace(SEEN, stolen_in_minor=stolen, claim_minor=stolen)
    made = chase.next_intents([account], now=NOW, urgent_age_s=7200, stops_max=2, asked_from_minor=asked_from)
    assert sorted((intent.kind, intent.amount_minor) for intent in made) == expected, told


def test_money_still_there_and_young_goes_first():
    young = replace(SEEN, number="young", claim_minor=50_00, stolen_in_minor=50_00, last_in_at=NOW)
    old = replace(SEEN, number="old", claim_minor=90_00, stolen_in_minor=90_00, last_in_at=NOW - timedelta(hours=5))
    made = chase.next_intents([old, young], now=NOW, urgent_age_s=7200, stops_max=2)
    assert [intent.account for intent in made] == ["young", "young", "old", "old"]
    assert [intent.urgent for intent in made] == [True, True, False, False]


REACH = chase.Reach(connected=frozenset({"CCB", "ABC"}))
LOOKOUTS = (("ABC", UUID(int=7)), ("CCB", UUID(int=8)))


@pytest.mark.row("R-203")
@pytest.mark.parametrize(
    ("told", "yuan", "watches", "expected"),
    [
        ("five hundred yuan are worth a dozen lookouts", 500, (), ["watch-arrivals", "watch-arrivals"]),
        ("a fen less is not", 499.99, (), []),
        ("lookouts that stand go on when little is left", 20, LOOKOUTS, []),
        ("and end when nothing is left that is chased", 9.99, LOOKOUTS, ["watch-release", "watch-release"]),
    ],
)
def test_banks_are_asked_to_watch_only_for_what_is_worth_it(told, yuan, watches, expected):
    claim = round(yuan * 100)
    account = replace(SEEN, stolen_in_minor=claim + 100_00, claim_minor=claim, watches=watches)
    made = chase.next_intents([account], now=NOW, urgent_age_s=7200, stops_max=2, reach=REACH)
    asked = [intent for intent in made if intent.kind.startswith("watch")]
    assert [intent.kind for intent in asked] == expected, told
    assert {intent.bank for intent in asked} == (set(REACH.connected) if expected else set())


def test_a_sum_too_small_for_a_watch_is_stopped_and_asked_about_all_the_same():
    claim = chase.WATCH_MIN_MINOR - 1
    account = replace(SEEN, stolen_in_minor=claim, claim_minor=claim)
    made = chase.next_intents([account], now=NOW, urgent_age_s=7200, stops_max=2, reach=REACH)
    assert sorted(intent.kind for intent in made) == ["query-transactions", "stop"]


@pytest.mark.parametrize(("hours", "share"), [(0, 1.0), (1, 0.35), (8, 0.037)])
def test_what_is_at_stake_decays_with_age(hours, share):
    assert chase.at_stake(1_000_000, hours * 3600) == pytest.approx(1_000_000 * share, rel=0.02)


@given(
    st.builds(
        replace,
        st.sampled_from([SEEN, ANSWERED, HELD]),
        claim_minor=st.integers(0, 10**9),
        stolen_in_minor=st.integers(0, 10**9),
        queries=st.integers(0, 9),
        stops=st.integers(0, 3),
    )
)
def test_a_hold_is_never_larger_than_what_is_stolen_and_still_there(account):
    for intent in chase.next_intents([account], now=NOW, urgent_age_s=7200, stops_max=2):
        assert intent.amount_minor is None or intent.amount_minor == account.claim_minor
        assert intent.at_stake_minor >= 0
