"""Answers that come in a crowd cost one step of the chase, and none of them is forgotten."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from tests.centre import NOW, SECOND, VICTIM, answer, filed, line, order, partner, tell
from wuzha import reactions
from wuzha.control.models import Order, OrderAnswer
from wuzha.journal.append import ANNOUNCED, chain_of
from wuzha.tracing import actions as tracing

pytestmark = pytest.mark.django_db

STATEMENT = (
    line("1", "in", 50_000_00, s=2, to=VICTIM, bank="ABC", balance=50_000_00),
    line("2", "out", 50_000_00, s=90, to=SECOND, bank="CCB", balance=0),
)


@pytest.fixture(autouse=True)
def _banks():
    for code in ("ICBC", "CCB", "ABC"):
        partner(code)


class Another:
    """Another transaction of the centre that announces itself."""

    def __init__(self, link):
        self.link = link

    def waits_for(self, case):
        self.link.execute("SELECT pg_advisory_xact_lock_shared(%s, hashtext(%s))", [ANNOUNCED, chain_of(case.id)])

    def fails(self):
        self.link.rollback()


@pytest.fixture
def another():
    told = connection.settings_dict
    places = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    with psycopg.connect(**{name: told[key] for name, key in places.items() if told[key]}) as link:
        yield Another(link)


def next_layer(case):
    return Order.objects.filter(case=case, account=SECOND).count()


@pytest.mark.row("R-203")
def test_the_step_is_left_to_the_answer_that_waits_already(another):
    case = filed()
    another.waits_for(case)
    tell(answer(order(case, "query-transactions"), lines=STATEMENT, balance_minor=0))
    assert next_layer(case) == 0
    assert OrderAnswer.objects.filter(absorbed=False).count() == 1


def test_an_answer_for_another_case_takes_no_step_away(another):
    case, other = filed(), filed(payee="6222020200112233448")
    another.waits_for(other)
    tell(answer(order(case, "query-transactions"), lines=STATEMENT, balance_minor=0))
    assert next_layer(case) == 2


def test_a_crowd_without_end_does_not_put_the_step_off(another, monkeypatch):
    monkeypatch.setattr(reactions, "ANSWERS_TOGETHER_MAX", 2)
    case = filed()
    another.waits_for(case)
    tell(answer(order(case, "query-transactions"), lines=STATEMENT, balance_minor=0))
    assert next_layer(case) == 0
    tell(answer(order(case, "stop"), held_minor=0, balance_minor=0))
    assert next_layer(case) == 2


@pytest.mark.parametrize(
    ("told", "seconds", "orders"),
    [("the other may still come", 0.5, 0), ("it failed", 2.0, 2), ("tried for long enough", 500.0, 0)],
)
def test_a_step_left_to_one_that_failed_is_taken_soon(another, told, seconds, orders):
    case = filed()
    another.waits_for(case)
    tell(answer(order(case, "query-transactions"), lines=STATEMENT, balance_minor=0), now=NOW)
    another.fails()
    assert reactions.chase_left_over(now=NOW + timedelta(seconds=seconds)) == bool(orders)
    assert next_layer(case) == orders, told


def test_a_fault_in_one_case_does_not_keep_the_steps_of_others(another, monkeypatch):
    cases = [filed(), filed(payee="6222020200112233448")]
    for case in cases:
        another.waits_for(case)
        tell(answer(Order.objects.get(case=case, kind="query-transactions"), lines=STATEMENT, balance_minor=0), now=NOW)
    another.fails()
    wrong = min(cases, key=lambda case: case.id)
    advance = tracing.advance

    def faulty(log, case):
        if case.id == wrong.id:
            raise ValueError("a fault")
        return advance(log, case)

    monkeypatch.setattr(tracing, "advance", faulty)
    assert reactions.chase_left_over(now=NOW + timedelta(seconds=2)) == 2
    assert OrderAnswer.objects.filter(absorbed=False).values_list("order__case_id", flat=True).get() == wrong.id
