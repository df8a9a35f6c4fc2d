"""The grey list's rules as tables."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.centre import NOW
from wuzha.control import rules
from wuzha.control.listing_rules import (
    Listed,
    Mule,
    check_listing_extension,
    check_payment,
    listing_intent,
    verdict_on,
)
from wuzha.control.policy import POLICIES, policy_at
from wuzha.kernel.refusals import Refusal
from wuzha.partners.protocol import Kind

POLICY = policy_at(NOW)
DAY = timedelta(days=1)
MULE = Mule("ICBC", "622", "", "CNY", 2, 20_000_00, NOW - timedelta(hours=3))


@pytest.mark.row("R-504")
@pytest.mark.parametrize(
    ("told", "mule", "earlier", "do"),
    [
        ("nobody ever listed it", MULE, [], "list"),
        ("another case listed it", MULE, [Listed("in_force", None)], "add"),
        ("its listing is on its way to the bank", MULE, [Listed("queued", None)], "add"),
        ("its listing waits for an approver", MULE, [Listed("proposed", None)], "add"),
        ("less than five hundred yuan passed", replace(MULE, passed_on_minor=499_99), [], "leave"),
        ("five hundred yuan passed", replace(MULE, passed_on_minor=500_00), [], "list"),
        ("taken off since, after an objection", MULE, [Listed("released", NOW - timedelta(hours=1))], "leave"),
        ("new stolen money came after it was taken off", MULE, [Listed("released", NOW - DAY)], "list"),
        ("it lapsed before the money came", MULE, [Listed("lapsed", NOW - DAY)], "list"),
        ("an approver declined it since", MULE, [Listed("declined", NOW)], "leave"),
        ("the bank knows a shop and refused", MULE, [Listed("refused", NOW)], "leave"),
    ],
)
def test_who_is_put_on_the_grey_list(told, mule, earlier, do):
    assert verdict_on(mule, earlier, POLICY) == do


def test_a_bank_that_cannot_do_this_is_not_asked_again():
    assert verdict_on(MULE, [], POLICY, able=False) == "leave"
    assert verdict_on(MULE, [Listed("in_force", None)], POLICY, able=False) == "add"


def test_before_the_law_nobody_is_listed():
    assert verdict_on(MULE, [], POLICIES[0]) == "leave"
    assert (POLICIES[0].review_term_s, POLICY.review_term_s) == (0, 30 * 86_400)


def test_a_listing_takes_nothing_and_ends_by_itself():
    intent = listing_intent(MULE, n=1, why="w", policy=POLICY, now=NOW)
    assert (intent.kind, intent.bank, intent.amount_minor, intent.urgent) == ("review-outflows", "ICBC", None, False)
    assert intent.ends_at == NOW + 30 * DAY


@pytest.mark.row("R-209")
@pytest.mark.parametrize(
    ("kind", "limits", "layer", "covered"),
    [
        ("review-outflows", True, 3, True),
        ("review-outflows", True, 99, False),
        ("review-outflows", False, 1, False),
        ("review-extend", True, 1, False),  # a second officer looks at it
        ("review-pass", False, 1, True),
        ("review-release", False, 99, True),  # giving freedom back waits for nobody
    ],
)
def test_what_an_authorisation_covers_of_the_list(kind, limits, layer, covered):
    given = rules.Limits(12, 50_000_00, NOW + DAY) if limits else None
    assert rules.covers(
        given, kind=kind, layer=layer, amount_cny_minor=0 if kind != "review-pass" else 9**12, now=NOW
    ) is (covered)


def test_an_authorisation_whose_hours_are_over_lists_nobody():
    over = rules.Limits(12, 50_000_00, NOW)
    assert not rules.covers(over, kind="review-outflows", layer=1, amount_cny_minor=None, now=NOW)


@pytest.mark.row("R-210")
def test_a_listing_is_extended_once_to_sixty_days_in_all():
    ends_at = NOW + 30 * DAY
    assert check_listing_extension(NOW, ends_at, 0, POLICY) == NOW + 60 * DAY
    with pytest.raises(Refusal) as refused:
        check_listing_extension(NOW, ends_at, 1, POLICY)
    assert refused.value.code == "listing.extended"


@pytest.mark.parametrize(
    ("state", "left_s", "waits"), [("waiting", 1, True), ("waiting", 0, False), ("passed", 60, False)]
)
def test_only_what_still_waits_can_be_decided(state, left_s, waits):
    if waits:
        check_payment(state, NOW + timedelta(seconds=left_s), NOW)
        return
    with pytest.raises(Refusal):
        check_payment(state, NOW + timedelta(seconds=left_s), NOW)


def test_a_bank_needs_not_hurry_with_the_list_but_with_letting_go():
    limits = {kind: rules.limit_s(kind, urgent=False, local=True, policy=POLICY) for kind in Kind}
    assert limits[Kind.REVIEW_OUTFLOWS] == 3_600
    assert limits[Kind.REVIEW_PASS] == limits[Kind.STOP_RELEASE] == 900
