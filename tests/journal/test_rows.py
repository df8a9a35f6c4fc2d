"""Rows written and read in the tables' own words are the rows that Django's own queries write and read."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.centre import NOW, filed, partner
from wuzha.clocks.models import Clock
from wuzha.control.models import Order, OrderAnswer
from wuzha.intake.models import Lead
from wuzha.journal.rows import in_one_trip, insert_rows, read_rows, read_together, update_rows

pytestmark = pytest.mark.django_db

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=100)
PLAIN = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT
JSON = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
INSTANT = st.integers(-(10**15), 10**16).map(lambda micros: NOW + timedelta(microseconds=micros))


def clock(subject, **more):
    """A clock of no case in particular."""
    values = {"kind": "test", "case_id": uuid4(), "started_at": NOW, "due_at": NOW, "ladder": [], "next_at": None}
    return Clock(subject=subject, **{**values, **more})


def facts(row):
    """The values of a row by column, as they are stored."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def plain(values):
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in values.items()}


class Laws(TestCase):
    """With hypothesis, each example in a transaction of its own."""

    @given(subject=TEXT, ladder=JSON.filter(lambda told: told is not None), at=INSTANT, late=st.integers(0, 2**31 - 1))
    @settings(max_examples=60, deadline=None)
    def test_what_is_written_is_what_is_read(self, subject, ladder, at, late):
        row = clock(subject, ladder=ladder, started_at=at, next_at=at + timedelta(microseconds=1), late_s=late)
        insert_rows([row], keys=True)
        stored = Clock.objects.get(pk=row.pk)
        assert facts(stored) == facts(row)
        assert [facts(one) for one in read_rows(Clock, "WHERE t.subject = %s", [subject])] == [facts(stored)]


@pytest.mark.parametrize(
    "text", ["", "'", '"', "\\", "\\x00", "\\u0000", "%s %", "{}", "NULL", "null", "\n\t\r", "天下无诈", "😀", "a'||'b"]
)
def test_texts_that_mean_something_to_a_parser_are_texts(text):
    insert_rows([row := clock(text, ladder=[text, {text: text}])], keys=True)
    stored = Clock.objects.get(pk=row.pk)
    assert (stored.subject, stored.ladder) == (text, [text, {text: text}])


def test_a_whole_order_and_its_answer_come_back_as_django_keeps_them():
    partner()
    case = filed()
    kept = Order.objects.filter(case=case).first()
    copy = Order(**{**facts(kept), "id": uuid4(), "state": "done", "transfer": None, "held_minor": 2**60})
    copy.amount_minor = 2**60
    answer = OrderAnswer(
        order=copy, answer_id=uuid4(), seq=1, at=NOW, received_at=NOW, outcome="done", code="done",
        body={"lines": [1, "二", None]}, digest=bytes(range(256)), verdict="fresh",
    )  # fmt: skip
    insert_rows([copy])
    insert_rows([answer], keys=True)
    assert facts(Order.objects.get(pk=copy.pk)) == facts(copy)
    assert plain(facts(OrderAnswer.objects.get(pk=answer.pk))) == facts(answer)
    read = {row.pk: facts(row) for row in read_rows(Order, "WHERE t.case_id = %s", [case.id])}
    assert read == {row.pk: facts(row) for row in Order.objects.filter(case=case)}
    assert [plain(facts(row)) for row in read_rows(OrderAnswer, "WHERE t.order_id = %s", [copy.id])] == [facts(answer)]


def test_each_row_gets_the_key_that_the_database_made_for_it():
    rows = [clock(f"order:{n}") for n in range(200)]
    insert_rows(rows, keys=True)
    assert {row.pk: row.subject for row in rows} == dict(Clock.objects.values_list("pk", "subject"))
    rows[7].late_s = 5
    rows[7].save()  # it is known as stored
    assert Clock.objects.count() == 200


def test_a_row_that_is_there_already_is_refused_or_left_out():
    insert_rows([clock("order:1")])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([clock("order:1")])
    insert_rows([clock("order:1"), clock("order:2")], ignore_conflicts=True)
    assert Clock.objects.count() == 2


def test_a_text_too_long_for_its_column_is_refused():
    partner()
    case = filed()
    with pytest.raises(DataError):
        insert_rows([Lead(case=case, kind="k" * 17, value="v", source="report", seen_at=NOW)])


def test_nothing_is_sent_for_no_rows(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows([])
        update_rows([], ["state"])


@pytest.mark.parametrize("count", [1, 3])
def test_one_row_and_several_are_changed_alike(count):
    rows = [clock(f"order:{n}") for n in range(count + 1)]
    insert_rows(rows, keys=True)
    for row in rows[:count]:
        row.state, row.settled_at, row.ladder = "met", NOW, ["a'b"]
    update_rows(rows[:count], ["state", "settled_at", "ladder"])
    stored = {row.pk: facts(row) for row in Clock.objects.all()}
    assert stored == {row.pk: facts(row) for row in rows}


def test_several_models_are_read_in_one_trip():
    insert_rows([clock("order:1"), clock("order:2")])
    partner()
    case = filed()
    clocks, orders, none = read_together(
        (Clock, "WHERE t.kind = %s ORDER BY t.subject", ["test"]),
        (Order, "WHERE t.case_id = %s", [case.id]),
        (Lead, "WHERE false", []),
    )
    assert [row.subject for row in clocks] == ["order:1", "order:2"]
    assert {row.pk for row in orders} == {row.pk for row in Order.objects.filter(case=case)}
    assert none == []


def test_what_travels_together_is_done_in_its_order():
    with in_one_trip():
        insert_rows([clock("order:1")])
        (row,) = read_rows(Clock, "WHERE t.subject = %s", ["order:1"])
        row.late_s = 7
        update_rows([row], ["late_s"])
        with in_one_trip():  # a part of the step that makes a trip of its own where nobody has
            insert_rows([clock("order:2", late_s=9)])
    assert dict(Clock.objects.values_list("subject", "late_s")) == {"order:1": 7, "order:2": 9}


def test_a_fault_on_the_way_is_told_at_the_end_as_django_tells_it_and_nothing_of_it_stays():
    insert_rows([clock("order:1")])

    def step():
        with transaction.atomic(), in_one_trip():
            for subject in ("order:2", "order:1", "order:3"):
                insert_rows([clock(subject)])

    with pytest.raises(IntegrityError):
        step()
    assert list(Clock.objects.values_list("subject", flat=True)) == ["order:1"]


def test_a_refusal_on_the_way_undoes_what_was_sent():
    def step():
        with transaction.atomic(), in_one_trip():
            insert_rows([clock("order:1")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        step()
    assert not Clock.objects.exists()
