"""The journal: one door, chained, append-only; the chain finds what was changed, cut off or rewritten."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from tests.centre import NOW
from wuzha.journal import append
from wuzha.journal.models import Chain, Event, Seal
from wuzha.journal.verify import seal, verify

pytestmark = pytest.mark.django_db


def wrote(case_id, *kinds):
    """Write one event of each kind to a case."""
    with append.on_case(case_id, by="tester", now=NOW) as log:
        for kind in kinds:
            log.write(kind, "order:1", amount_minor=100, why="äöü 汉字")


def unguarded(sql, *parameters):
    """Change rows as somebody with the database's own password could."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, parameters)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_events_of_a_case_are_numbered_and_chained():
    case = uuid4()
    wrote(case, "one", "two")
    wrote(case, "three")
    assert list(Event.objects.filter(case_id=case).values_list("seq", "kind")) == [(1, "one"), (2, "two"), (3, "three")]
    assert list(verify()) == []


def test_an_action_that_fails_leaves_no_trace():
    case = uuid4()

    def fails():
        with append.on_case(case, by="tester", now=NOW) as log:
            log.write("one")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert not Event.objects.filter(case_id=case).exists()


def test_an_inner_action_on_the_same_case_joins_the_open_log():
    case = uuid4()
    with append.on_case(case, by="tester", now=NOW) as outer:
        outer.write("one")
        with append.on_case(case, by="somebody else", now=NOW) as inner:
            assert inner is outer
            inner.write("two")
    assert Event.objects.filter(case_id=case).count() == 2


def test_an_inner_action_on_another_case_is_a_fault_of_the_program():
    with (
        append.on_case(uuid4(), by="tester", now=NOW),
        pytest.raises(RuntimeError),
        append.on_case(uuid4(), by="tester", now=NOW),
    ):
        pass


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal_event SET by = 'nobody'",
        "DELETE FROM journal_event",
        "TRUNCATE journal_event",
    ],
)
def test_the_database_refuses_to_change_what_was_written(sql):
    wrote(uuid4(), "one")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("what", "sql", "fault"),
    [
        ("a changed body", "UPDATE journal_event SET body = '{}' WHERE seq = 2", (2, "changed")),
        ("a changed name", "UPDATE journal_event SET by = 'nobody' WHERE seq = 1", (1, "changed")),
        ("a changed time", "UPDATE journal_event SET at = at + interval '1 s' WHERE seq = 3", (3, "changed")),
        ("a deleted row", "DELETE FROM journal_event WHERE seq = 2", (2, "missing")),
        ("a cut-off tail", "DELETE FROM journal_event WHERE seq = 3", (3, "missing")),
    ],
)
def test_verify_finds_the_first_row_that_is_not_what_was_written(what, sql, fault):
    case = uuid4()
    wrote(case, "one", "two", "three")
    unguarded(sql)
    assert [(found.seq, found.what) for found in verify()] == [fault], what


def test_a_tail_cut_off_together_with_its_head_disagrees_with_the_seal():
    case = uuid4()
    wrote(case, "one", "two")
    seal(NOW.date(), now=NOW + timedelta(days=1))
    assert list(verify()) == []
    first = bytes(Event.objects.get(case_id=case, seq=1).hash)
    unguarded("DELETE FROM journal_event WHERE seq = 2")
    unguarded("UPDATE journal_chain SET seq = 1, hash = %s", first)
    assert [found.what for found in verify()] == ["sealed rows differ"]


def test_a_day_is_sealed_once():
    wrote(uuid4(), "one")
    first = seal(NOW.date(), now=NOW)
    wrote(uuid4(), "two")
    assert bytes(seal(NOW.date(), now=NOW).digest) == bytes(first.digest)
    assert Seal.objects.count() == 1


def test_the_head_of_a_chain_that_lost_all_its_rows_is_found():
    case = uuid4()
    wrote(case, "one")
    unguarded("DELETE FROM journal_event")
    assert [found.what for found in verify()] == ["missing"]
    assert Chain.objects.filter(key=append.chain_of(case)).exists()
