"""The grey list against PostgreSQL: listed once across cases, told payments, decided, lapsed, objected to, ended."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.centre import FIRST, NOW, SECOND, VICTIM, answer, filed, line, order, partner, reacting_at_once, report, tell
from wuzha import tasks
from wuzha.clocks.actions import fire_due
from wuzha.control import actions, listings
from wuzha.control.models import HeldPayment, ListingObjection, ListingReason, Order
from wuzha.intake.actions import file_report
from wuzha.journal.models import Event
from wuzha.kernel.refusals import Refusal
from wuzha.partners.models import Outbox
from wuzha.partners.protocol import AccountRef, PaymentHeld
from wuzha.tracing.models import LedgerTransfer, TracedAccount

pytestmark = pytest.mark.django_db
LISTING = "review-outflows"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _banks(monkeypatch):
    reacting_at_once(monkeypatch)
    for code in ("ICBC", "CCB"):
        partner(code)


def passed_on(case=None, *, kind="personal", out=48_000_00, account=FIRST, **more):
    """A case whose first account sent the victim's money on, as its bank tells."""
    case = case or filed(**more)
    lines = [
        line("i1", "in", 50_000_00, to=VICTIM, bank="ABC"),
        line("o1", "out", out, s=60, to=SECOND, balance=50_000_00 - out),
    ]
    tell(answer(order(case, "query-transactions", account), lines=lines, kind=kind))
    return case


def listed(**more):
    """A listing in force."""
    passed_on(**more)
    listing = Order.objects.get(kind=LISTING)
    tell(answer(listing, ends_at=NOW + timedelta(days=90)))
    listing.refresh_from_db()
    return listing


def waiting(serial="p1", amount=9_000_00, *, until=24 * HOUR, state="waiting"):
    return PaymentHeld(
        serial=serial, at=NOW, amount_minor=amount, payee=AccountRef(bank="CCB", number=SECOND, name="王五"),
        until_at=NOW + until, state=state,
    )  # fmt: skip


def told_of(listing, *payments, seq=2, now=NOW, **more):
    return tell(answer(listing, seq=seq, payments=list(payments), now=now, **more), now=now)


@pytest.mark.row("R-504", "R-203")
def test_who_passed_stolen_money_on_is_listed_at_its_own_bank_and_nobody_else_is_told():
    case = passed_on()
    listing = Order.objects.get(kind=LISTING)
    assert (listing.partner_id, listing.account, listing.state) == ("ICBC", FIRST, "queued")
    assert (listing.case_id, listing.approved_by, listing.amount_minor) == (case.id, "standing-order", None)
    wire = Outbox.objects.get(pk=listing.pk)
    assert wire.partner_id == "ICBC"
    assert (wire.body["delay_s"], wire.body["free_minor"]) == (86_400, 500_00)
    assert wire.body["spare"] == ["merchant", "crypto-dealer"]
    assert listing.ends_at == NOW + timedelta(days=30)
    assert [(r.case_id, r.passed_on_minor) for r in listing.reasons.all()] == [(case.id, 48_000_00)]
    assert TracedAccount.objects.get(number=FIRST).listed_at == NOW


@pytest.mark.parametrize(
    ("kind", "out"), [("merchant", 48_000_00), ("crypto-dealer", 48_000_00), ("personal", 20_000_00)]
)
def test_who_sells_honestly_or_kept_most_of_it_is_not_listed(kind, out):
    passed_on(kind=kind, out=out)
    assert not Order.objects.filter(kind=LISTING).exists()


def test_the_same_answer_again_lists_nobody_twice():
    case = passed_on()
    tell(answer(order(case, "query-transactions"), seq=2, lines=[line("i1", "in", 50_000_00)]))
    assert Order.objects.filter(kind=LISTING).count() == 1
    assert ListingReason.objects.count() == 1


def test_a_second_case_is_a_further_reason_and_no_second_listing():
    first = passed_on()
    second = passed_on(filed(payer="6228480099999999999"))
    listing = Order.objects.get(kind=LISTING)
    assert listing.case_id == first.id
    assert set(listing.reasons.values_list("case_id", flat=True)) == {first.id, second.id}
    assert Event.objects.filter(kind="listing.reason", case_id=second.id).count() == 1


def test_the_database_refuses_a_second_live_listing():
    listing = listed()
    twin = {f.attname: getattr(listing, f.attname) for f in Order._meta.concrete_fields} | {"id": uuid4()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.create(**twin)


def test_outside_an_authorisation_a_listing_waits_for_an_approver():
    case = filed("900000")
    actions.authorise(case_id=case.id, layers_max=3, amount_minor_max=10**9, hours=1, reason="x", by="boss", now=NOW)
    query = order(case, "query-transactions")
    late = NOW + 2 * HOUR
    lines = [line("i1", "in", 900_000_00), line("o1", "out", 900_000_00, s=60, to=SECOND)]
    tell(answer(query, lines=lines, now=late), now=late)
    assert Order.objects.get(kind=LISTING).state == "proposed"


@pytest.mark.row("R-210")
def test_a_listing_lapses_by_itself_at_the_end_of_our_term_whatever_the_bank_says():
    listing = listed()
    assert (listing.state, listing.ends_at) == ("in_force", NOW + timedelta(days=30))
    told_of(listing, waiting())
    while fire_due(now=NOW + timedelta(days=29)):
        pass
    listing.refresh_from_db()
    assert listing.state == "in_force"
    while fire_due(now=NOW + timedelta(days=30, seconds=1)):
        pass
    listing.refresh_from_db()
    assert listing.state == "lapsed"
    assert Event.objects.filter(subject=listing.subject, kind="order.lapsed").exists()


@pytest.mark.row("R-310")
def test_a_waiting_payment_is_told_with_where_the_money_came_from():
    listing = listed()
    told_of(listing, waiting(), lines=[line("n1", "in", 9_500_00, s=900, to="6228", bank="ABC")])
    payment = HeldPayment.objects.get()
    assert (payment.state, payment.amount_minor, payment.payee, payment.payee_bank) == (
        "waiting", 9_000_00, SECOND, "CCB",
    )  # fmt: skip
    assert [(came["bank"], came["number"], came["amount_minor"]) for came in payment.came] == [
        ("ABC", "6228", 9_500_00)
    ]
    assert Event.objects.filter(kind="payment.waits", subject=payment.subject).exists()


def test_what_came_in_before_a_waiting_payment_is_not_laid_into_the_case():
    listing = listed()
    before = LedgerTransfer.objects.filter(case=listing.case).count()
    told_of(listing, waiting(), lines=[line("n1", "in", 9_500_00, s=900, to="6228", bank="ABC")])
    assert not TracedAccount.objects.filter(number="6228").exists()
    assert LedgerTransfer.objects.filter(case=listing.case).count() == before


@pytest.mark.row("R-310", "R-309")
def test_if_nobody_decides_the_payment_goes_by_itself():
    listing = listed()
    told_of(listing, waiting())
    while fire_due(now=NOW + 23 * HOUR):
        pass
    assert HeldPayment.objects.get().state == "waiting"
    while fire_due(now=NOW + 24 * HOUR):
        pass
    assert HeldPayment.objects.get().state == "lapsed"
    with pytest.raises(Refusal):
        listings.let_go(payment_id=HeldPayment.objects.get().pk, reason="late", by="a", now=NOW + 25 * HOUR)


@pytest.mark.row("R-310")
def test_an_officer_lets_a_payment_go_and_the_bank_says_that_it_went():
    listing = listed()
    told_of(listing, waiting())
    payment = HeldPayment.objects.get()
    listings.let_go(payment_id=payment.pk, reason="pays his rent", by="chakong", now=NOW)
    passing = Order.objects.get(kind="review-pass")
    assert (passing.partner_id, passing.state, passing.ref_id) == ("ICBC", "queued", listing.id)
    assert passing.transfer["serial"] == "p1"
    with pytest.raises(Refusal, match="decided"):
        listings.let_go(payment_id=payment.pk, reason="again", by="chakong", now=NOW)
    tell(answer(passing))
    told_of(listing, waiting(state="passed"), seq=3)
    payment.refresh_from_db()
    listing.refresh_from_db()
    assert (payment.state, payment.decision, payment.decided_by) == ("passed", "pass", "chakong")
    assert listing.state == "in_force"  # one payment went; the account stays on the list


def test_a_payment_is_stopped_for_a_case_with_the_line_that_brought_it():
    listing = listed()
    told_of(listing, waiting(), lines=[line("n1", "in", 9_500_00, s=900, to="6228", bank="ABC")])
    payment = HeldPayment.objects.get()
    earlier = order(listing.case, "stop")
    actions.withdraw_orders(order_ids=[earlier.id], case_id=listing.case_id, reason="x", by="a", now=NOW)
    stop = listings.stop_for(
        payment_id=payment.pk, case_id=listing.case_id, reason="the victim called", by="chakong", now=NOW
    )
    assert (stop.kind, stop.amount_minor, stop.account, stop.state) == ("stop", 9_000_00, FIRST, "queued")
    assert (stop.transfer["serial"], stop.transfer["amount_minor"]) == ("n1", 9_500_00)
    told_of(listing, waiting(state="stopped"), seq=3)
    payment.refresh_from_db()
    assert (payment.state, payment.decision) == ("stopped", "stop")


def test_a_payment_is_stopped_for_no_case_that_has_nothing_to_do_with_it():
    listing = listed()
    told_of(listing, waiting(), lines=[line("n1", "in", 9_500_00, s=900, to="6228", bank="ABC")])
    stranger = filed(payee="6222020200999999", payer="6228480099999999999")
    with pytest.raises(Refusal) as refused:
        listings.stop_for(
            payment_id=HeldPayment.objects.get().pk, case_id=stranger.id, reason="r", by="chakong", now=NOW
        )
    assert refused.value.code == "payment.case"


@pytest.mark.parametrize(
    ("states", "ends"),
    [
        (["waiting", "lapsed"], "lapsed"),
        (["waiting", "stopped"], "stopped"),
        (["lapsed"], "lapsed"),
        (["waiting", "passed", "waiting"], "passed"),  # networks reorder what is told later with a lower number
    ],
)
def test_a_payment_becomes_what_its_bank_says(states, ends):
    listing = listed()
    for place, state in enumerate(states):
        told_of(listing, waiting(state=state), seq=2 + place)
    assert HeldPayment.objects.get().state == ends


def test_an_older_answer_takes_nothing_back():
    listing = listed()
    told_of(listing, waiting(), seq=2)
    told_of(listing, waiting(state="stopped"), seq=5)
    told_of(listing, waiting(state="passed"), seq=4)
    payment = HeldPayment.objects.get()
    assert (payment.state, payment.seq) == ("stopped", 5)


@pytest.mark.row("R-210", "R-808")
def test_an_objection_that_is_right_takes_the_account_off_at_once_and_new_cases_must_bring_new_money():
    listing = listed()
    told_of(listing, waiting(), objection="I sold my old phone to him; receipt attached")
    assert ListingObjection.objects.get().answer == ""
    listings.end_listing(order_id=listing.id, reason="A sale, proven by the chat", by="chakong", now=NOW)
    ended = Order.objects.get(kind="review-release")
    assert (ended.partner_id, ended.state) == ("ICBC", "queued")
    tell(answer(ended))
    listing.refresh_from_db()
    assert listing.state == "released"
    assert (HeldPayment.objects.get().state, ListingObjection.objects.get().answered_by) == ("lapsed", "chakong")
    passed_on(filed(payer="6228480099999999999"))
    assert Order.objects.filter(kind=LISTING).count() == 1


def test_an_objection_is_answered_with_words_when_the_account_stays():
    listing = listed()
    told_of(listing, objection="not me")
    with pytest.raises(Refusal):
        listings.reject_objection(order_id=listing.id, reason=" ", by="chakong", now=NOW)
    listings.reject_objection(order_id=listing.id, reason="Four victims paid in within an hour", by="chakong", now=NOW)
    assert ListingObjection.objects.get().answer.startswith("Four victims")
    listing.refresh_from_db()
    assert listing.state == "in_force"
    with pytest.raises(Refusal):
        listings.reject_objection(order_id=listing.id, reason="again", by="chakong", now=NOW)


def test_one_more_term_needs_a_second_officer_and_is_given_once():
    listing = listed()
    listings.extend_listing(order_id=listing.id, reason="same gang", by="chakong", now=NOW)
    wanted = Order.objects.get(kind="review-extend")
    assert wanted.state == "proposed"
    with pytest.raises(Refusal):
        actions.approve_orders(order_ids=[wanted.id], case_id=listing.case_id, by="chakong", now=NOW)
    actions.approve_orders(order_ids=[wanted.id], case_id=listing.case_id, by="shenpi", now=NOW)
    tell(answer(wanted))
    listing.refresh_from_db()
    assert (listing.ends_at, listing.extended) == (NOW + timedelta(days=60), 1)
    with pytest.raises(Refusal):
        listings.extend_listing(order_id=listing.id, reason="again", by="chakong", now=NOW)


def test_a_listing_by_hand_is_refused_where_the_account_is_listed():
    listing = listed()
    intent = listings._about(listing, listings.Kind.REVIEW_OUTFLOWS, "seen at the counter")
    with pytest.raises(Refusal) as refused:
        listings.list_by_hand(case_id=listing.case_id, intent=intent, by="chakong", now=NOW)
    assert refused.value.code == "listing.live"


def test_another_banks_answer_to_a_listing_is_refused_like_one_that_does_not_exist():
    listing = listed()
    receipts = tell(answer(listing, seq=2, payments=[waiting()]), partner="CCB")
    assert [(r.status, r.code) for r in receipts] == [("rejected", "order.unknown")]
    assert not HeldPayment.objects.exists()


def test_a_new_report_of_money_on_a_listed_account_stops_it_at_once():
    listing = listed()
    told_of(listing, waiting())
    fresh = report("9500", payer="6228480077777777777", at=NOW)
    case, _made = file_report(case_id=uuid4(), report=fresh, by="110", now=NOW + HOUR)
    stop = order(case, "stop")
    assert (stop.account, stop.partner_id, stop.state) == (FIRST, "ICBC", "queued")


def test_a_payment_is_stopped_for_the_case_of_a_payer_who_has_reported():
    listing = listed()
    told_of(listing, waiting(), lines=[line("n1", "in", 9_500_00, s=900, to="6228480055555555555", bank="ABC")])
    reported = filed(payee="6222020200999999", payer="6228480055555555555")
    stop = listings.stop_for(
        payment_id=HeldPayment.objects.get().pk, case_id=reported.id, reason="he called", by="chakong", now=NOW
    )
    assert (stop.case_id, stop.account, stop.amount_minor) == (reported.id, FIRST, 9_000_00)


def test_no_order_that_is_to_hold_money_waits_for_the_list(monkeypatch):
    left = []
    monkeypatch.setattr(tasks, "queue_reaction", lambda *job: left.append(job))
    case = passed_on()
    assert order(case, "stop", SECOND).state == "queued"
    assert not Order.objects.filter(kind=LISTING).exists()
    assert [(name, case_id) for name, case_id, _subject in left] == [("list-mules", case.id)]
    tasks.run_reaction(left[0][0], str(case.id), left[0][2])
    assert Order.objects.get(kind=LISTING).case_id == case.id


def test_a_bank_that_cannot_do_this_is_asked_once():
    passed_on()
    tell(answer(Order.objects.get(kind=LISTING), code="unsupported"))
    passed_on(filed(payee="6222020200888888", payer="6228480099999999999"), account="6222020200888888")
    assert Order.objects.filter(kind=LISTING).count() == 1
