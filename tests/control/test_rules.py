"""Rules of control as tables: what an authorisation covers, what an answer means, how long a stop may last."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.centre import NOW, answer
from wuzha.control import rules
from wuzha.control.kinds import KINDS, ORDER
from wuzha.control.policy import POLICIES, policy_at, to_cny_minor
from wuzha.kernel.refusals import Refusal
from wuzha.partners.protocol import Kind, Outcome

POLICY = policy_at(NOW)
LIMITS = rules.Limits(layers_max=3, amount_minor_max=1_000_00, until_at=NOW + timedelta(hours=1))


@pytest.mark.row("R-202")
@pytest.mark.parametrize(
    ("kind", "urgent", "local", "minutes"),
    [
        ("query-transactions", False, True, 10),
        ("query-transactions", True, False, 10),
        ("stop", False, True, 15),
        ("stop", False, False, 15),
        ("stop", True, True, 10),
        ("stop", True, False, 20),
    ],
)
def test_limits_of_practice(kind, urgent, local, minutes):
    assert rules.limit_s(kind, urgent=urgent, local=local, policy=POLICY) == minutes * 60


@pytest.mark.parametrize(
    ("why", "kind", "layer", "amount", "after_h", "covered"),
    [
        ("within all limits", "stop", 3, 1_000_00, 0, True),
        ("a layer too deep", "stop", 4, 1_000_00, 0, False),
        ("a fen too much", "stop", 1, 1_000_01, 0, False),
        ("too late", "stop", 1, 1_00, 1, False),
        ("a sum of unknown value", "stop", 1, None, 0, False),
        ("a query asks for no sum", "query-transactions", 3, 0, 0, True),
        ("a query too deep", "query-transactions", 4, 0, 0, False),
        ("a release waits for nobody", "stop-release", 9, None, 9, True),
    ],
)
def test_what_an_authorisation_covers(why, kind, layer, amount, after_h, covered):
    now = NOW + timedelta(hours=after_h)
    assert rules.covers(LIMITS, kind=kind, layer=layer, amount_cny_minor=amount, now=now) is covered, why
    if kind != "stop-release":
        assert not rules.covers(None, kind=kind, layer=layer, amount_cny_minor=amount, now=now)


@pytest.mark.parametrize(
    ("reported", "covered_minor"),
    [
        ({"CNY": 50_000_000}, 50_000_000),  # 500,000 yuan: the standing limit
        ({"CNY": 50_000_001}, None),
        ({"USD": 1_000_000}, 7_100_000),
        ({"CNY": 40_000_000, "USD": 2_000_000}, None),
        ({"XAU": 1}, None),  # no rate is kept: nobody knows what it is worth
        ({}, 0),
    ],
)
def test_reports_under_the_set_amount_are_covered_by_standing_order(reported, covered_minor):
    limits = rules.standing(reported, POLICY, NOW)
    assert (limits.amount_minor_max if limits else None) == covered_minor


def known(state="delivered", *, kind="stop", amount=100, held=0, seq=0, effective_at=None):
    """An order as the rules know it."""
    return rules.Known(kind, state, amount, held, seq, effective_at)


def said(*, seq=1, held=None, balance=None, **more):
    """An answer to it."""
    order = SimpleNamespace(id=uuid4(), kind="stop")
    return answer(order, seq=seq, held_minor=held, balance_minor=balance, **more)


@pytest.mark.parametrize(
    ("case", "before", "told", "outcome", "event", "held", "against"),
    [
        ("held", known(), said(held=100, balance=500), Outcome.DONE, "take_effect", 100, ""),
        ("done before is done", known(), said(held=40), Outcome.ALREADY, "take_effect", 40, ""),
        ("the answer overtook the receipt", known("queued"), said(held=40), Outcome.DONE, "take_effect", 40, ""),
        ("no such transfer", known(), said(), Outcome.NO_MATCH, "refuse", 0, ""),
        ("try again is no answer", known(), said(), Outcome.TRY_AGAIN, "", 0, ""),
        ("late, after it was given up", known("unanswered"), said(held=1), Outcome.DONE, "take_effect", 1, ""),
        ("more was caught later", known("in_force", held=40, seq=1), said(seq=2, held=90), Outcome.DONE, "", 90, ""),
        (
            "an older one changes nothing",
            known("in_force", held=90, seq=5),
            said(seq=2, held=0),
            Outcome.DONE,
            "",
            90,
            "",
        ),
        ("a query", known(kind="query-transactions", amount=None), said(), Outcome.DONE, "complete", 0, ""),
        ("more than disputed is cut", known(), said(held=150), Outcome.DONE, "take_effect", 100, "more than"),
        ("held beyond the balance", known(), said(held=90, balance=10), Outcome.DONE, "take_effect", 90, "larger"),
        ("taken back", known("in_force", held=90, seq=1), said(seq=2), Outcome.REFUSED, "refuse", 0, "now refuses"),
        ("done after all", known("refused", seq=1), said(seq=2, held=5), Outcome.DONE, "take_effect", 5, "had refused"),
        ("two of one number", known("in_force", held=9, seq=3), said(seq=3, held=8), Outcome.DONE, "", 9, "differ"),
    ],
)
def test_what_an_answer_means(case, before, told, outcome, event, held, against):
    reading = rules.read_answer(before, told, outcome, POLICY)
    assert (reading.event, reading.held_minor) == (event, held), case
    assert against in reading.contradiction if against else not reading.contradiction, case


def test_a_stop_never_outlasts_its_48_hours_whatever_the_bank_says():
    forever = said(held=1, ends_at=NOW + timedelta(days=365))
    reading = rules.read_answer(known(), forever, Outcome.DONE, POLICY)
    assert reading.ends_at == NOW + timedelta(hours=48)


def test_a_stop_is_extended_once_to_96_hours_in_all():
    ends_at = NOW + timedelta(hours=48)
    assert rules.check_extension(NOW, ends_at, 0, POLICY) == NOW + timedelta(hours=96)
    with pytest.raises(Refusal, match="96 hours"):
        rules.check_extension(NOW, NOW + timedelta(hours=96), 1, POLICY)


@pytest.mark.parametrize(("times", "allowed"), [(0, True), (1, True), (2, False), (3, False)])
def test_an_account_is_stopped_twice_at_most(times, allowed):
    if allowed:
        rules.check_stop_times(times, POLICY)
    else:
        with pytest.raises(Refusal):
            rules.check_stop_times(times, POLICY)


def test_every_kind_of_the_protocol_has_a_row_with_its_law():
    assert set(KINDS) == {kind.value for kind in Kind}
    assert all(row.law for row in KINDS.values())


def test_the_machine_has_the_states_an_officer_knows():
    assert {"declined", "withdrawn", "released", "lapsed"} <= ORDER.finals
    assert ORDER.reachable() == ORDER.states


def test_policies_are_in_the_order_of_their_dates():
    dates = [policy.effective_from for policy in POLICIES]
    assert dates == sorted(dates)


@pytest.mark.parametrize(
    ("amount", "currency", "fen"), [(100, "CNY", 100), (100, "USD", 710), (1000, "JPY", 5000), (1, "GOLD", None)]
)
def test_rough_value_for_comparing_with_a_limit(amount, currency, fen):
    assert to_cny_minor(amount, currency, POLICY) == fen


@pytest.mark.parametrize(
    ("why", "counts", "amount", "held"),
    [
        ("nobody counted: what was known stays", [], 10_00, 5_00),
        ("one count", [(0, 7_00)], 10_00, 7_00),
        ("the later count of an amendment", [(0, 7_00), (5, 4_00)], 10_00, 4_00),
        ("an amendment's answer that was overtaken", [(9, 7_00), (5, 4_00)], 10_00, 7_00),
        ("one instant: the amendment came second", [(5, 7_00), (5, 4_00)], 10_00, 4_00),
        ("never above the disputed amount", [(0, 70_00)], 10_00, 10_00),
        ("a stop without a sum", [(0, 70_00)], None, 70_00),
    ],
)
def test_the_latest_count_says_what_a_stop_holds(why, counts, amount, held):
    counts = [(NOW + timedelta(seconds=at), minor) for at, minor in counts]
    assert rules.held_of(counts, 5_00, amount) == held, why
