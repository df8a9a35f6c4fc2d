"""The running centre and the simulated partners together, on one virtual clock: orders go out over the protocol's own
messages, partners carry them out, their answers come home, and the auditor looks at both sides."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.centre import partner
from tests.simulation.build import T0, empty_world
from wuzha.control.answers import Told, record_answers
from wuzha.control.models import Order
from wuzha.intake.actions import file_report
from wuzha.intake.models import Case
from wuzha.partners.models import Outbox, Partner
from wuzha.partners.protocol import AccountKind, AccountRef, Kind, Report, ReportedTransfer
from wuzha.partners.protocol import Order as WireOrder
from wuzha.simulation import desk
from wuzha.simulation.auditor import audit
from wuzha.simulation.chance import instant
from wuzha.simulation.claims import read_claims
from wuzha.simulation.launderers import take_out
from wuzha.simulation.ledger import bank_of
from wuzha.simulation.people import open_account
from wuzha.simulation.state import Payment, Theft
from wuzha.simulation.truth import truth_of
from wuzha.tracing.chase import Reach

pytestmark = pytest.mark.django_db

CONNECTED, SLOW, HOUSE = "ICBC", "CMBC", "NUCC"
PAID = 50_000_00
SENT = 30_000_00


class Both:
    """The centre in the database and a world, stepped together."""

    def __init__(self, world):
        self.world, self.at = world, T0
        for code in (CONNECTED, SLOW, "ABC"):
            partner(code)
        partner(HOUSE, kind="clearing")
        for code in (CONNECTED, SLOW, "ABC", HOUSE):
            Partner.objects.filter(code=code).update(dialect=world.partners[code].dialect)

    def until(self, at):
        """Go on until `at`, second by second."""
        while self.at < at:
            self.at += 1
            self._deliver()
            self.world.step(self.at)
            self._bring_home()

    def _deliver(self):
        for row in Outbox.objects.filter(state="due").order_by("-priority"):
            desk.take(self.world, row.partner_id, WireOrder.model_validate(row.body), self.at)
            Outbox.objects.filter(pk=row.pk).update(state="done")
            Order.objects.filter(pk=row.pk, state="queued").update(state="delivered", delivered_at=instant(self.at))

    def _bring_home(self):
        for code, office in self.world.state.desks.items():
            due = [outgoing for outgoing in office.outbox if outgoing.send_at <= self.at]
            told = [Told(code, self.world.partners[code].dialect, outgoing.answer) for outgoing in due]
            if told:
                record_answers(told, by=f"partner:{code}", now=instant(self.at))
                for answer in told:
                    self.world.record(code, str(answer.answer.order_id)).answers_taken += 1
                office.outbox[:] = [outgoing for outgoing in office.outbox if outgoing not in due]

    def kinds(self, **wanted):
        """Kinds of the centre's orders, with their partners."""
        return sorted(Order.objects.filter(**wanted).values_list("kind", "partner_id"))


@pytest.fixture
def stolen(monkeypatch):
    """A victim paid 50,000 yuan to a mule at a bank that takes minutes, and told a minute later."""
    monkeypatch.setattr("wuzha.tracing.actions.reach_of", lambda _now: Reach(HOUSE, frozenset({CONNECTED})))
    world = empty_world()
    both = Both(world)
    chance = world.chance("test")
    victim = open_account(world, "ABC", AccountKind.PERSONAL, 90_000_00, T0 - 1, chance)
    mule = open_account(world, SLOW, AccountKind.PERSONAL, 0, T0 - 1, chance)
    following = open_account(world, CONNECTED, AccountKind.PERSONAL, 4_000_00, T0 - 1, chance)
    theft = Theft("t0", 0, "fast", "", None, victim, "", "", 3, 1, [Payment(mule, PAID, T0, T0)], T0 + 60)
    world.state.thefts["t0"] = theft
    world.post(victim, mule, PAID, T0, theft="t0")
    both.at = T0 + 60

    def ref(key):
        return AccountRef(bank=bank_of(key), number=key.partition(":")[2])

    transfer = ReportedTransfer(payer=ref(victim), payee=ref(mule), amount="50000", at=instant(T0))
    told = Report(victim_name="张三", narrative="", transfers=[transfer], external_id="110-1")
    case, _made = file_report(case_id=uuid4(), report=told, by="test", now=instant(T0 + 60))
    theft.case_number, theft.external_id, theft.reported_at = case.number, "110-1", T0 + 60
    both.theft, both.mule, both.following = theft, mule, following
    return both


def test_watch_and_trace_go_out_with_the_stop_and_are_answered(stolen):
    stolen.until(T0 + 66)
    made = stolen.kinds()
    assert (Kind.TRACE_OUTFLOWS.value, HOUSE) in made
    assert (Kind.WATCH_ARRIVALS.value, CONNECTED) in made
    assert (Kind.STOP.value, SLOW) in made
    assert stolen.kinds(state="in_force") == [
        (Kind.TRACE_OUTFLOWS.value, HOUSE), (Kind.WATCH_ARRIVALS.value, CONNECTED),
    ]  # fmt: skip


@pytest.mark.row("R-203")
def test_money_from_a_tainted_sender_is_held_on_arrival_at_a_connected_bank_and_then_stopped(stolen):
    stolen.until(T0 + 120)
    world = stolen.world
    world.post(stolen.mule, stolen.following, SENT, T0 + 120)
    world.step(T0 + 120)
    account = world.ledger.accounts[stolen.following]
    assert (account.held_minor, account.available_minor) == (
        SENT,
        4_000_00,
    )
    assert [hold.delay for hold in account.live_holds] == [True]
    take_out(world, T0 + 121, stolen.following, "t0", 3, SENT, "0", "cash")  # the mule is too late
    assert account.balance_minor == SENT + 4_000_00
    stolen.until(T0 + 130)
    assert [(hold.delay, hold.caught_minor) for hold in account.live_holds] == [(False, SENT)]
    stop = Order.objects.get(kind=Kind.STOP.value, partner_id=CONNECTED)
    assert (stop.state, stop.held_minor, stop.amount_minor, stop.layer) == ("in_force", SENT, SENT, 2)
    assert Order.objects.get(kind=Kind.STOP.value, partner_id=SLOW).state == "delivered"  # its bank still thinks


@pytest.mark.row("R-203")
def test_both_sides_agree_to_the_cent_when_all_is_settled(stolen):
    stolen.until(T0 + 120)
    world = stolen.world
    world.post(stolen.mule, stolen.following, SENT, T0 + 120)
    stolen.until(T0 + 4_200)
    stolen.theft.moves_pending = 0
    case = Case.objects.get()
    assert case.held_minor == PAID
    truth = json.loads(json.dumps(truth_of(world, stolen.at)))
    found = audit(truth, read_claims())
    assert [finding for finding in found.findings if finding.law != "report.lost"] == []
    assert found.fates["t0"]["held"] == PAID
    watch = Order.objects.get(kind=Kind.WATCH_ARRIVALS.value)
    assert (watch.state, watch.held_minor) == ("released", 0)


def test_money_of_others_passes_the_watching_bank(stolen):
    stolen.until(T0 + 120)
    world = stolen.world
    other = open_account(world, "ABC", AccountKind.PERSONAL, 80_000_00, T0, world.chance("other"))
    world.post(other, stolen.following, 80_000_00, T0 + 120)
    stolen.until(T0 + 130)
    assert world.ledger.accounts[stolen.following].held_minor == 0


def test_a_mule_of_a_clearing_house_case_is_found_before_its_bank_answers(stolen):
    seen = None
    stolen.until(T0 + 120)
    world = stolen.world
    for place in range(8):  # it sees nine of ten payments; one of eight is surely seen
        third = open_account(world, "ABC", AccountKind.PERSONAL, 0, T0, world.chance("third", place))
        world.post(stolen.mule, third, 5_000_00, T0 + 121 + place)
        seen = third
    stolen.until(T0 + 140)
    assert seen is not None
    found = Order.objects.filter(kind=Kind.STOP.value, partner_id="ABC")
    assert 5 <= found.count() <= 8
    assert {stop.amount_minor for stop in found} == {5_000_00}
    assert instant(T0 + 140) - min(stop.created_at for stop in found) < timedelta(seconds=20)
