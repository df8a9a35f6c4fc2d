"""The outbox and its rules: leases, retries until the deadline, the breaker; three kinds of failure."""

from datetime import timedelta

import pytest

from tests.centre import NOW, filed, order, partner
from wuzha.control import answers
from wuzha.control.models import Order
from wuzha.partners import outbox, rules
from wuzha.partners.codes import DIALECTS, Failure, failure_of, outcome_of
from wuzha.partners.models import Outbox, Partner
from wuzha.partners.protocol import OrderReceipt, Outcome


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (None, Failure.TRY_AGAIN),
        (500, Failure.TRY_AGAIN),
        (503, Failure.TRY_AGAIN),
        (429, Failure.TRY_AGAIN),
        (408, Failure.TRY_AGAIN),
        (400, Failure.NEVER_AGAIN),
        (403, Failure.NEVER_AGAIN),
        (302, Failure.NEVER_AGAIN),
        (409, Failure.ALREADY_DONE),
    ],
)
def test_three_kinds_of_failure(status, kind):
    assert failure_of(status) is kind


@pytest.mark.parametrize(
    ("dialect", "code", "outcome"),
    [
        ("standard", "done", Outcome.DONE),
        ("numeric4", "0000", Outcome.DONE),
        ("numeric4", "0001", Outcome.ALREADY),
        ("numeric4", "1002", Outcome.NO_MATCH),
        ("numeric4", "7777", Outcome.REFUSED),
        ("standard", "", Outcome.REFUSED),
    ],
)
def test_dialects_come_down_to_few_outcomes(dialect, code, outcome):
    assert outcome_of(dialect, code) is outcome


def test_every_dialect_can_say_the_outcomes_that_matter():
    for table in DIALECTS.values():
        assert {Outcome.DONE, Outcome.NO_MATCH, Outcome.REFUSED, Outcome.TRY_AGAIN} <= set(table.values())


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 0.5), (2, 1), (3, 2), (6, 16), (7, 20), (500, 20)])
def test_the_wait_doubles_up_to_its_limit(attempts, seconds):
    assert rules.retry_at(NOW, attempts) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(("failures", "seconds"), [(0, None), (4, None), (5, 2), (6, 4), (50, 60)])
def test_the_breaker_opens_after_five_failures_in_a_row(failures, seconds):
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert rules.open_until(NOW, failures) == expected


@pytest.fixture
def case(db):
    """A case with two orders to ICBC in the outbox."""
    partner("ICBC")
    return filed()


def test_a_claim_leases_orders_so_that_no_other_worker_sends_them(case):
    parcels = outbox.claim(now=NOW)
    assert [len(parcel.order_ids) for parcel in parcels] == [2]
    assert outbox.claim(now=NOW) == []
    again = outbox.claim(now=NOW + timedelta(seconds=rules.LEASE_S + 1))
    assert [len(parcel.order_ids) for parcel in again] == [2]  # the first worker died


def test_a_busy_partner_is_left_out(case):
    assert outbox.claim(now=NOW, busy=["ICBC"]) == []


def test_a_dead_partner_opens_the_breaker_and_orders_wait(case):
    now = NOW
    for _try in range(rules.FAILURES_TO_OPEN):
        now += timedelta(seconds=30)
        (parcel,) = outbox.claim(now=now)
        outbox.postpone(parcel, now=now, error="connection refused")
    bank = Partner.objects.get(code="ICBC")
    assert bank.failures == 5
    assert bank.last_error == "connection refused"
    assert outbox.claim(now=now + timedelta(seconds=1)) == []
    (probe,) = outbox.claim(now=now + timedelta(seconds=30))
    outbox.partner_answered("ICBC", now=now)
    assert Partner.objects.get(code="ICBC").open_until is None
    assert set(Outbox.objects.values_list("state", flat=True)) == {"due"}
    assert len(probe.order_ids) == 2


def test_receipts_settle_what_was_taken_and_refuse_what_was_not(case):
    (parcel,) = outbox.claim(now=NOW)
    taken, refused = parcel.order_ids
    receipts = [
        OrderReceipt(order_id=taken, status="accepted"),
        OrderReceipt(order_id=refused, status="rejected", code="law", message="no paper"),
    ]
    answers.record_receipts(parcel, receipts, now=NOW)
    assert Order.objects.get(pk=taken).state == "delivered"
    gone = Order.objects.get(pk=refused)
    assert (gone.state, gone.outcome_message) == ("refused", "law no paper")
    assert dict(Outbox.objects.values_list("id", "state")) == {taken: "done", refused: "dead"}


def test_an_order_without_a_receipt_stays_due(case):
    (parcel,) = outbox.claim(now=NOW)
    answers.record_receipts(parcel, [OrderReceipt(order_id=parcel.order_ids[0], status="duplicate")], now=NOW)
    assert Outbox.objects.get(pk=parcel.order_ids[1]).state == "due"


def test_a_message_that_is_never_taken_refuses_its_orders(case):
    (parcel,) = outbox.claim(now=NOW)
    answers.never_delivered(parcel, "HTTP 403", now=NOW)
    assert set(Order.objects.values_list("state", flat=True)) == {"refused"}


def test_urgent_orders_and_large_sums_go_first(db):
    partner("ICBC")
    small, large = filed("100", narrative="a"), filed("90000", narrative="b")
    bodies = outbox.claim(now=NOW)[0].order_ids
    assert bodies.index(order(large, "stop").id) < bodies.index(order(small, "stop").id)
