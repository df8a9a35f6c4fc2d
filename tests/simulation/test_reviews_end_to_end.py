"""The running centre and the simulated banks: a card that passed stolen money on is used again, and its money waits."""

import json
from uuid import uuid4

import pytest

from tests.centre import reacting_at_once
from tests.simulation.build import T0, empty_world
from tests.simulation.test_watching_end_to_end import CONNECTED, HOUSE, Both
from wuzha.control.listings import let_go
from wuzha.control.models import HeldPayment, Order
from wuzha.intake.actions import file_report
from wuzha.intake.models import Case
from wuzha.partners.protocol import AccountKind, AccountRef, Report, ReportedTransfer
from wuzha.simulation import reviews
from wuzha.simulation.auditor import audit
from wuzha.simulation.chance import instant
from wuzha.simulation.claims import read_claims
from wuzha.simulation.ledger import bank_of
from wuzha.simulation.people import open_account
from wuzha.simulation.state import Payment, Theft
from wuzha.simulation.truth import truth_of
from wuzha.tracing.chase import Reach

pytestmark = pytest.mark.django_db
FIRST, SECOND = 50_000_00, 20_000_00


def ref(key):
    return AccountRef(bank=bank_of(key), number=key.partition(":")[2])


def theft_of(world, theft_id, victim, mule, amount, at):
    theft = Theft(theft_id, 0, "fast", "", None, victim, "", "", 3, 1, [Payment(mule, amount, at, at)], at)
    world.state.thefts[theft_id] = theft
    world.post(victim, mule, amount, at, theft=theft_id)
    return theft


def told_by(both, theft, victim, mule, yuan, at, n):
    transfer = ReportedTransfer(payer=ref(victim), payee=ref(mule), amount=str(yuan), at=instant(at))
    told = Report(victim_name="张三", narrative="", transfers=[transfer], external_id=f"110-{n}")
    case, _made = file_report(case_id=uuid4(), report=told, by="test", now=instant(both.at))
    theft.case_number, theft.external_id, theft.reported_at = case.number, f"110-{n}", both.at
    return case


@pytest.fixture
def used_again(monkeypatch):
    """A mule passed a first victim's money on and is listed; a second victim has just paid it."""
    reacting_at_once(monkeypatch)
    monkeypatch.setattr("wuzha.tracing.actions.reach_of", lambda _now: Reach(HOUSE))
    both = Both(empty_world())
    world, chance = both.world, both.world.chance("test")
    both.victims = [open_account(world, "ABC", AccountKind.PERSONAL, 90_000_00, T0 - 1, chance) for _n in range(2)]
    both.mule = open_account(world, CONNECTED, AccountKind.PERSONAL, 0, T0 - 1, chance)
    both.following = open_account(world, "ABC", AccountKind.PERSONAL, 0, T0 - 1, chance)
    both.first = theft_of(world, "t0", both.victims[0], both.mule, FIRST, T0)
    world.post(both.mule, both.following, FIRST, T0 + 30)
    both.at = T0 + 60
    told_by(both, both.first, both.victims[0], both.mule, 50_000, T0, 1)
    both.until(T0 + 90)
    both.second = theft_of(world, "t1", both.victims[1], both.mule, SECOND, T0 + 100)
    both.went = reviews.pay(world, both.mule, both.following, SECOND, T0 + 110)
    return both


@pytest.mark.row("R-203", "R-310", "R-504")
def test_money_on_a_card_that_is_used_again_waits_until_its_victim_has_called(used_again):
    both = used_again
    listing = Order.objects.get(kind="review-outflows")
    assert (listing.state, listing.partner_id) == ("in_force", CONNECTED)
    assert not both.went
    both.until(T0 + 120)
    payment = HeldPayment.objects.get()
    assert (payment.state, payment.amount_minor) == ("waiting", SECOND)
    assert {came["amount_minor"] for came in payment.came} == {FIRST, SECOND}
    both.until(T0 + 600)
    case = told_by(both, both.second, both.victims[1], both.mule, 20_000, T0 + 100, 2)
    both.until(T0 + 620)
    stop = Order.objects.get(case=case, kind="stop", partner_id=CONNECTED)
    assert (stop.state, stop.held_minor) == ("in_force", SECOND)
    payment.refresh_from_db()
    assert payment.state == "stopped"


@pytest.mark.row("R-310")
def test_both_sides_agree_to_the_cent_when_all_is_settled(used_again):
    both = used_again
    both.until(T0 + 300)
    told_by(both, both.second, both.victims[1], both.mule, 20_000, T0 + 100, 2)
    both.until(T0 + 900)
    found = audit(json.loads(json.dumps(truth_of(both.world, both.at))), read_claims())
    assert [finding for finding in found.findings if finding.law != "report.lost"] == []
    assert found.fates["t1"]["held"] == SECOND
    assert sum(Case.objects.values_list("held_minor", flat=True)) == found.fates["t0"]["held"] + SECOND


def test_an_officer_lets_it_go_and_it_goes(used_again):
    both = used_again
    both.until(T0 + 120)
    let_go(payment_id=HeldPayment.objects.get().pk, reason="nothing known", by="chakong", now=instant(both.at))
    both.until(T0 + 140)
    assert (HeldPayment.objects.get().state, Order.objects.get(kind="review-pass").state) == ("passed", "done")
    assert both.world.ledger.accounts[both.mule].balance_minor == 0


def test_nobody_decides_and_it_goes_by_itself(used_again):
    both = used_again
    both.until(T0 + 110 + 1_810)
    assert HeldPayment.objects.get().state == "lapsed"
    assert both.world.ledger.accounts[both.mule].balance_minor == 0
