"""Accounts that gangs use again, and the silent list of them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bench.chase.banks import FREE_FEN, LISTED_DELAY_S, LISTING_S, Country
from bench.chase.centre import Centre
from bench.chase.run import held_fen
from bench.chase.world import REUSE, SCENARIOS, SMALLEST_FEN, TRIAL_FEN, cases_of
from wuzha.partners.protocol import AccountKind
from wuzha.tracing.chase import Account, is_mule

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PASSED_ON = Account(
    bank="ICBC", number="62", name="", currency="CNY", kind="personal", layer=1, stolen_in_minor=50_000_00,
    claim_minor=0, first_in_at=NOW, last_in_at=NOW,
)  # fmt: skip


@pytest.mark.parametrize(
    ("told", "account", "listed"),
    [
        ("it passed everything on", PASSED_ON, True),
        ("it passed some of it on", replace(PASSED_ON, claim_minor=10_000_00), True),
        ("all of it is still there", replace(PASSED_ON, claim_minor=50_000_00), False),
        ("most of it is still there", replace(PASSED_ON, claim_minor=25_000_01), False),
        ("half of it was passed on", replace(PASSED_ON, claim_minor=25_000_00), True),
        ("less than is chased was passed on", replace(PASSED_ON, stolen_in_minor=999), False),
        ("a merchant pays suppliers", replace(PASSED_ON, kind=AccountKind.MERCHANT.value), False),
        ("an honest seller of coins", replace(PASSED_ON, kind=AccountKind.CRYPTO_DEALER.value), False),
        ("nobody knows which bank", replace(PASSED_ON, bank=""), False),
    ],
)
def test_who_is_listed_as_a_mule(told, account, listed):
    assert is_mule(account) is listed


def small(seed=5):
    """A few days' thefts with cards."""
    return cases_of(seed, REUSE, 2, 10)


def test_the_trees_are_those_of_the_mixed_scenario_and_only_mules_have_cards():
    plain = cases_of(5, SCENARIOS["C"], 2, 10)
    for case, same in zip(small(), plain, strict=True):
        assert [(n.amount, n.bank, n.leave) for n in case.nodes] == [(n.amount, n.bank, n.leave) for n in same.nodes]
        assert not any(n.card for n in case.nodes if n.honest)
    assert any(n.card for case in small() for n in case.nodes)


def two_thefts(tested, test_draw=0.5, trial_fen=FREE_FEN + 1):
    """A country in which the same card is used today and tomorrow; it was listed in between."""
    cases = small()
    first, second = cases[0], next(case for case in reversed(cases) if case.nodes[0].children)
    early, late = first.nodes[0], second.nodes[0]
    for case in cases:
        for node in case.nodes:
            node.card = ""
    early.card = late.card = "0/1/2"
    early.dwell_s = late.dwell_s = 60.0
    late.leave, late.test_draw, late.trial_fen = late.arrive + 60.0, test_draw, trial_fen
    country = Country(cases, REUSE, silent_list=True, tested_share=tested)
    country.now = first.stolen_at
    country._use_cards(first)
    country.list_silently(early)
    return country, early, late, second


def test_what_a_listed_account_pays_is_looked_at_first():
    country, _early, late, second = two_thefts(tested=0.0)
    country.now = second.stolen_at
    country._use_cards(second)
    assert late.leave == pytest.approx(late.arrive + LISTED_DELAY_S)
    assert {n.arrive for n in second.nodes if n.parent is late} == {late.leave}


def test_a_card_that_was_tried_and_found_listed_is_replaced_by_one_that_nobody_knows():
    country, early, late, second = two_thefts(tested=0.9)
    country.now = second.stolen_at
    country._use_cards(second)
    assert late.leave == late.arrive + 60.0
    assert (early.card, late.card) == ("0/1/2#0", "0/1/2#1")


@pytest.mark.parametrize("trial_fen", [1, FREE_FEN])
def test_a_trial_with_no_more_than_goes_unlooked_at_tells_a_gang_nothing(trial_fen):
    country, _early, late, second = two_thefts(tested=1.0, trial_fen=trial_fen)
    country.now = second.stolen_at
    country._use_cards(second)
    assert late.leave == pytest.approx(late.arrive + LISTED_DELAY_S)
    assert late.card == "0/1/2#0"


def test_no_piece_of_the_world_is_so_small_that_it_goes_unlooked_at():
    assert SMALLEST_FEN[0] > FREE_FEN
    assert TRIAL_FEN[0] < FREE_FEN < TRIAL_FEN[1]


def test_a_list_needs_its_time_to_reach_the_banks():
    country, early, late, second = two_thefts(tested=0.0)
    country._listed.clear()
    country.now = second.stolen_at - LISTING_S + 1
    country.list_silently(early)
    country.now = second.stolen_at
    country._use_cards(second)
    assert late.leave == late.arrive + 60.0


@pytest.mark.row("R-203")
def test_a_silent_list_holds_more_unless_every_card_is_tried():
    held = []
    for silent_list, tested, free_fen in ((False, 0.0, 0), (True, 1.0, 0), (True, 1.0, FREE_FEN), (True, 0.0, 0)):
        cases = cases_of(3, REUSE, 2, 12)
        country = Country(cases, REUSE, silent_list=silent_list, tested_share=tested, free_fen=free_fen)
        country.run(Centre(country))
        held.append(held_fen(cases))
        assert (country.count.duplicates, country.count.unauthorised) == (0, 0)
        assert all(sum(n.held for n in case.nodes) <= case.amount for case in cases)
    assert held[0] == held[1] < held[2] <= held[3]
