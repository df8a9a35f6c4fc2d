"""Orders from their making to their end, against PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.centre import FIRST, NOW, answer, filed, order, partner, tell
from wuzha.clocks.actions import fire_due
from wuzha.clocks.models import Clock
from wuzha.control import actions, answers, rules
from wuzha.control.models import Authorisation, Order, OrderAnswer
from wuzha.journal.models import Event
from wuzha.kernel.refusals import Refusal
from wuzha.partners.models import Outbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank():
    partner("ICBC")


def stopped(held=50_000_00, **more):
    """A case whose first stop is in force."""
    case = filed(**more)
    stop = order(case, "stop")
    tell(answer(stop, held_minor=held, balance_minor=held))
    return case, Order.objects.get(pk=stop.pk)


@pytest.mark.row("R-102", "R-201")
def test_a_saved_report_has_its_query_and_its_stop_out_at_once():
    case = filed()
    made = {o.kind: o for o in Order.objects.filter(case=case)}
    assert set(made) == {"query-transactions", "stop"}
    assert all(o.state == "queued" and o.approved_by == "standing-order" for o in made.values())
    assert made["stop"].amount_minor == 50_000_00
    assert Outbox.objects.filter(case_id=case.id, state="due").count() == 2
    wire = Outbox.objects.get(pk=made["stop"].pk).body
    assert wire["transfer"]["amount_minor"] == 50_000_00
    assert wire["victim"]["name"] == "张三"
    assert {"case_number", "legal_basis", "asked_by", "approved_by", "reason", "starts_at", "ends_at"} <= set(wire)


@pytest.mark.row("R-202")
def test_clock_reminds_escalates_and_the_record_says_who_was_late():
    case = filed()
    stop = order(case, "stop")
    for minutes in (6, 9, 11, 16):
        while fire_due(now=NOW + timedelta(minutes=minutes)):
            pass
    told = Event.objects.filter(subject=stop.subject, kind__startswith="clock.").values_list("kind", flat=True)
    assert list(told) == ["clock.reminder", "clock.reminder", "clock.due", "clock.escalation"]
    tell(answer(stop, held_minor=1, balance_minor=1), now=NOW + timedelta(minutes=17))
    stop.refresh_from_db()
    assert stop.late_s == 7 * 60
    assert Clock.objects.get(subject=stop.subject, kind="answer").state == "met"


@pytest.mark.row("R-201")
def test_a_report_over_the_standing_limit_waits_for_one_approval_of_the_case():
    case = filed("600000")
    assert set(Order.objects.filter(case=case).values_list("state", flat=True)) == {"proposed"}
    actions.authorise(
        case_id=case.id, layers_max=5, amount_minor_max=600_000_00, hours=24, reason="ok", by="shenpi", now=NOW
    )
    assert set(Order.objects.filter(case=case).values_list("state", flat=True)) == {"queued"}
    assert Outbox.objects.filter(case_id=case.id).count() == 2


def test_what_lies_outside_the_authorisation_goes_on_waiting():
    case = filed("600000")
    actions.authorise(
        case_id=case.id, layers_max=5, amount_minor_max=100_000_00, hours=24, reason="", by="shenpi", now=NOW
    )
    assert order(case, "query-transactions").state == "queued"
    stop = order(case, "stop")
    assert stop.state == "proposed"
    assert actions.approve_orders(order_ids=[stop.id], case_id=case.id, by="shenpi", now=NOW) == 1
    assert order(case, "stop").approved_by == "shenpi"


@pytest.mark.parametrize(
    ("layers", "amount", "hours"), [(0, 1, 1), (21, 1, 1), (1, 0, 1), (1, -5, 1), (1, 1, 0), (1, 1, 97)]
)
def test_limits_of_an_authorisation_are_limited_themselves(layers, amount, hours):
    case = filed()
    with pytest.raises(Refusal):
        actions.authorise(
            case_id=case.id, layers_max=layers, amount_minor_max=amount, hours=hours, reason="", by="s", now=NOW
        )
    assert Authorisation.objects.get(case=case, state="live").kind == "standing"


def test_who_asked_for_an_order_does_not_approve_it():
    case = filed("600000")
    intent = rules.Intent("query-holder", "ICBC", FIRST, "CNY", 1, 1, False, 0, "by hand")
    asked = actions.order_by_hand(case_id=case.id, intent=intent, by="gao", now=NOW)
    with pytest.raises(Refusal, match="another officer"):
        actions.approve_orders(order_ids=[asked.id], case_id=case.id, by="gao", now=NOW)


def test_a_declined_order_never_goes_out():
    case = filed("600000")
    stop = order(case, "stop")
    actions.decline_orders(order_ids=[stop.id], case_id=case.id, reason="not now", by="shenpi", now=NOW)
    assert order(case, "stop").state == "declined"
    assert not Outbox.objects.exists()


def test_a_queued_order_can_be_taken_back_until_a_worker_has_it():
    case = filed()
    stop, query = order(case, "stop"), order(case, "query-transactions")
    actions.withdraw_orders(order_ids=[stop.id], case_id=case.id, reason="typing error", by="chakong", now=NOW)
    assert order(case, "stop").state == "withdrawn"
    assert Outbox.objects.get(pk=stop.pk).state == "dead"
    Outbox.objects.filter(pk=query.pk).update(attempts=1)
    with pytest.raises(Refusal, match="on its way"):
        actions.withdraw_orders(order_ids=[query.id], case_id=case.id, reason="too late", by="chakong", now=NOW)


def test_a_second_live_stop_on_one_account_cannot_be_stored():
    from django.db import IntegrityError, transaction

    case = filed()
    stop = order(case, "stop")
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.create(**{**_values(stop), "id": uuid4()})


def _values(row):
    """The columns of a row, for a copy."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_more_than_the_disputed_amount_cannot_be_stored():
    from django.db import IntegrityError, transaction

    stop = order(filed(), "stop")
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=stop.pk).update(held_minor=stop.amount_minor + 1)


def test_planning_twice_orders_once():
    case = filed()
    before = Order.objects.count()
    intent = rules.Intent("stop", "ICBC", FIRST, "CNY", 1, 1, False, 0, "again", amount_minor=1)
    from wuzha.journal.append import on_case

    with on_case(case.id, by="tester", now=NOW) as log:
        assert actions.make_orders(log, case, [intent, intent], asked_by="chase") == []
    assert Order.objects.count() == before


@pytest.mark.row("R-201", "R-210")
def test_a_release_is_as_quick_as_the_stop_and_ends_it():
    case, stop = stopped()
    assert (stop.state, stop.held_minor) == ("in_force", 50_000_00)
    case.refresh_from_db()
    assert case.held_minor == 50_000_00
    actions.release_stop(order_id=stop.id, reason="money is the holder's own", by="chakong", now=NOW)
    release = order(case, "stop-release")
    assert release.state == "queued"
    tell(answer(release))
    stop.refresh_from_db()
    case.refresh_from_db()
    assert (stop.state, stop.held_minor, case.held_minor) == ("released", 0, 0)
    assert Clock.objects.get(subject=stop.subject, kind="term").state == "met"
    assert not Order.objects.filter(case=case, kind="stop").exclude(pk=stop.pk).exists()


@pytest.mark.row("R-201")
def test_an_extension_moves_the_end_once():
    case, stop = stopped()
    actions.extend_stop(order_id=stop.id, reason="case being filed", by="chakong", now=NOW)
    tell(answer(order(case, "stop-extend")))
    stop.refresh_from_db()
    assert stop.ends_at == NOW + timedelta(hours=96)
    assert Clock.objects.get(subject=stop.subject, kind="term", state="running").due_at == stop.ends_at
    with pytest.raises(Refusal, match="96 hours"):
        actions.extend_stop(order_id=stop.id, reason="once more", by="chakong", now=NOW)


@pytest.mark.row("R-210")
def test_a_stop_lapses_by_itself_after_48_hours():
    case, stop = stopped()
    while fire_due(now=NOW + timedelta(hours=47, minutes=59)):
        pass
    assert Order.objects.get(pk=stop.pk).state == "in_force"
    while fire_due(now=NOW + timedelta(hours=48)):
        pass
    stop.refresh_from_db()
    case.refresh_from_db()
    assert (stop.state, stop.held_minor, case.held_minor) == ("lapsed", 0, 0)
    assert Event.objects.filter(subject=stop.subject, kind="clock.reminder").count() >= 1


def test_a_third_stop_on_one_account_is_refused():
    case, stop = stopped()
    Order.objects.filter(pk=stop.pk).update(state="lapsed")
    Order.objects.create(**{**_values(stop), "id": uuid4(), "state": "lapsed"})
    intent = rules.Intent("stop", "ICBC", FIRST, "CNY", 1, 1, False, 0, "again", amount_minor=1)
    with pytest.raises(Refusal, match="2 times"):
        actions.order_by_hand(case_id=case.id, intent=intent, by="chakong", now=NOW)


@pytest.mark.row("R-203")
def test_answers_that_come_twice_late_or_against_each_other_are_kept_and_visible():
    case = filed()
    stop = order(case, "stop")
    first = answer(stop, seq=2, held_minor=30_00, balance_minor=30_00)
    older = answer(stop, seq=1, held_minor=0, balance_minor=0)
    back = answer(stop, seq=3, code="refused")
    assert [receipt.status for receipt in tell(first)] == ["recorded"]
    assert [receipt.status for receipt in tell(first)] == ["duplicate"]
    assert [receipt.status for receipt in tell(replace_body(first))] == ["conflict"]
    assert [receipt.status for receipt in tell(older)] == ["recorded"]
    assert Order.objects.get(pk=stop.pk).held_minor == 30_00
    tell(back)
    stop.refresh_from_db()
    assert (stop.state, stop.contradiction != "") == ("refused", True)
    verdicts = OrderAnswer.objects.filter(order=stop).order_by("id").values_list("verdict", flat=True)
    assert list(verdicts) == ["fresh", "stale", "contradiction"]
    kinds = set(Event.objects.filter(subject=stop.subject).values_list("kind", flat=True))
    assert {"answer.duplicate", "answer.conflict", "answer.contradiction"} <= kinds


def replace_body(message):
    """The same answer id with another sum."""
    return message.model_copy(update={"held_minor": 99_00})


@pytest.mark.row("R-201")
def test_another_bank_cannot_answer_an_order_nor_learn_that_it_exists():
    partner("CCB")
    stop = order(filed(), "stop")
    mine, none = answer(stop, held_minor=1), answer(replace_id(stop), held_minor=1)
    first, second = tell(mine, none, partner="CCB")
    assert (first.status, first.code, first.message) == (second.status, second.code, second.message)
    assert first.status == "rejected"
    assert Event.objects.filter(kind="answer.rejected").count() == 2
    assert Order.objects.get(pk=stop.pk).answer_seq == 0


def replace_id(stop):
    """An order that does not exist."""
    return Order(id=uuid4(), kind=stop.kind)


def test_an_order_that_was_never_delivered_or_answered_is_given_up_and_may_still_be_answered():
    case = filed()
    stop, query = order(case, "stop"), order(case, "query-transactions")
    Order.objects.filter(pk=query.pk).update(state="delivered")
    Outbox.objects.filter(pk=query.pk).update(state="done")
    assert answers.give_up(now=NOW + timedelta(hours=49)) == 2
    assert (order(case, "stop").state, order(case, "query-transactions").state) == ("undelivered", "unanswered")
    tell(answer(stop, held_minor=1, balance_minor=1), now=NOW + timedelta(hours=50))
    assert order(case, "stop").state == "in_force"


def test_an_order_to_a_liaison_is_on_the_page_at_once_and_not_in_the_outbox():
    partner("JSBANK", mode="liaison")
    case = filed(bank="JSBANK")
    assert set(Order.objects.filter(case=case).values_list("state", flat=True)) == {"delivered"}
    assert not Outbox.objects.exists()


def test_an_order_for_a_bank_that_is_not_connected_is_told_to_the_desk():
    case = filed(bank="NOBANK")
    assert not Order.objects.filter(case=case).exists()
    assert Event.objects.filter(case_id=case.id, kind="order.unaddressed").exists()


def test_intents_differ_by_round():
    intent = rules.Intent("stop", "ICBC", FIRST, "CNY", 1, 1, False, 0, "x")
    case_id = uuid4()
    assert rules.order_id(case_id, intent) == rules.order_id(case_id, replace(intent, amount_minor=5))
    assert rules.order_id(case_id, intent) != rules.order_id(case_id, replace(intent, round=2))


@pytest.mark.row("R-103")
def test_a_foreign_bank_asks_for_documents_and_the_order_stays_open_until_it_acts():
    partner("DBSSG", local=False)
    case = filed("1000", bank="DBSSG")
    stop = order(case, "stop")
    asked = answer(stop, code="needs_papers", message="police certificate and court stamp, please")
    tell(asked, partner="DBSSG")
    stop.refresh_from_db()
    assert (stop.state, stop.outcome, stop.outcome_message) == (
        "queued", "needs_papers", "police certificate and court stamp, please",
    )  # fmt: skip
    assert Clock.objects.get(subject=stop.subject, kind="answer").state == "running"
    with pytest.raises(Refusal, match="Say which"):
        actions.supply_papers(order_id=stop.id, note=" ", by="chakong", now=NOW)
    actions.supply_papers(order_id=stop.id, note="certificate 2026-118, stamp 7", by="chakong", now=NOW)
    papers = order(case, "papers")
    assert Outbox.objects.get(pk=papers.pk).body["reason"] == "certificate 2026-118, stamp 7"
    tell(answer(stop, seq=2, held_minor=1000_00, balance_minor=1000_00), answer(papers), partner="DBSSG")
    stop.refresh_from_db()
    assert (stop.state, stop.held_minor) == ("in_force", 1000_00)
    with pytest.raises(Refusal):
        actions.supply_papers(order_id=stop.id, note="once more", by="chakong", now=NOW)


@pytest.mark.row("R-103")
def test_a_company_with_four_foreign_transfers_gets_every_cent_back():
    from datetime import timedelta

    from tests.centre import PAID_AT, VICTIM
    from wuzha.intake.actions import file_report
    from wuzha.partners.protocol import AccountRef, Report, ReportedTransfer, Transaction

    partner("DBSSG", local=False)
    sums = ["240000.00", "250000.00", "230000.50", "249999.50"]
    report = Report(
        victim_kind="company", victim_name="天津远航贸易有限公司", jurisdiction="天津",
        transfers=[
            ReportedTransfer(
                payer=AccountRef(bank="ABC", number=VICTIM), payee=AccountRef(bank="DBSSG", number="003-9-412207"),
                amount=amount, currency="USD", at=PAID_AT + timedelta(minutes=n),
            )
            for n, amount in enumerate(sums)
        ],
    )  # fmt: skip
    case, _made = file_report(case_id=uuid4(), report=report, by="test", now=NOW)
    assert case.reported == {"USD": 970_000_00}
    actions.authorise(
        case_id=case.id, layers_max=3, amount_minor_max=700_000_000, hours=48, reason="", by="shenpi", now=NOW
    )
    account = Order.objects.get(case=case, kind="stop").account
    told = [
        Transaction(
            serial=f"{way}{n}", at=PAID_AT + timedelta(minutes=n + later), direction=way, currency="USD",
            amount_minor=round(float(amount) * 100), counterparty=AccountRef(bank="ABC", number=VICTIM),
        )
        for way, later in (("in", 0), ("out", 300))
        for n, amount in enumerate(sums)
    ]  # fmt: skip
    query = order(case, "query-transactions", account)
    tell(answer(query, lines=told, kind="corporate"), partner="DBSSG")
    case.refresh_from_db()
    assert (case.returned_minor, case.at_risk_minor, case.currency) == (970_000_00, 0, "USD")
