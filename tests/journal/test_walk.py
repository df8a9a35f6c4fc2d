"""The walk over the journal in parts: every part bounded, the same faults whatever the size, growth is no fault."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.centre import NOW
from tests.journal.test_journal import unguarded, wrote
from wuzha.journal.models import Event
from wuzha.journal.verify import Position, seal, step, verify
from wuzha.web import journal_page

pytestmark = pytest.mark.django_db

HARM = {
    "nothing": "SELECT 1",
    "a changed row in the middle": "UPDATE journal_event SET by = 'nobody' WHERE seq = 3",
    "a deleted row": "DELETE FROM journal_event WHERE seq = 2",
    "cut-off tails": "DELETE FROM journal_event WHERE seq >= 4",
    "every row of a chain": "DELETE FROM journal_event WHERE chain = (SELECT max(chain) FROM journal_event)",
    "a lost head": "DELETE FROM journal_chain WHERE key = (SELECT min(key) FROM journal_chain)",
    "all rows": "DELETE FROM journal_event",
}


def walked(rows_max):
    at, found = Position(), []
    while not at.done:
        at, faults = step(at, rows_max=rows_max)
        found += faults
    return at, found


@pytest.mark.parametrize("harm", HARM)
def test_parts_of_any_size_find_what_one_walk_finds(harm):
    for _n in range(4):
        wrote(uuid4(), *"abcde")
    seal(NOW.date(), now=NOW + timedelta(days=1))
    unguarded(HARM[harm])
    whole = sorted(map(str, verify()))
    assert bool(whole) is (harm != "nothing")
    for rows_max in (1, 2, 3, 5, 7, 20):
        assert sorted(map(str, walked(rows_max)[1])) == whole, rows_max


def test_a_part_reads_no_more_than_its_rows_in_a_fixed_number_of_questions():
    for _n in range(10):
        wrote(uuid4(), *"abc")
    with CaptureQueriesContext(
        connection,
    ) as questions:
        at, _faults = step(Position(), rows_max=7)
    assert at.events == 7
    assert len(questions) == 1


def test_what_is_written_during_the_walk_is_no_fault():
    cases = sorted((uuid4() for _n in range(3)), key=str)
    for case in cases:
        wrote(case, *"abc")
    at, found = Position(), []
    while not at.done:
        at, faults = step(at, rows_max=2)
        found += faults
        for case in cases if at.events < 9 else ():
            wrote(case, "later")
    assert found == []
    assert at.events >= 9


def test_the_page_goes_on_where_it_was_and_notes_the_result(monkeypatch):
    monkeypatch.setattr(journal_page, "PART_S", 0)
    monkeypatch.setattr(journal_page, "ROWS_AT_ONCE", 2)
    wrote(uuid4(), *"abcde")
    seal(NOW.date(), now=NOW)
    said, parts = {"at": "", "done": False}, 0
    while not said["done"]:
        said, parts = journal_page.check_on(said["at"], by="guanli", now=NOW), parts + 1
        assert said["percent"] <= 100
    assert parts >= 5
    assert (said["events"], said["chains"], said["faults"]) == (5, 1, [])
    noted = Event.objects.get(kind="journal.checked")
    assert (noted.by, noted.body) == ("guanli", {"events": 5, "chains": 1, "faults": 0})


def test_a_position_that_was_not_signed_here_begins_anew():
    wrote(uuid4(), *"ab")
    forged = signing.dumps({"at": {"chain": "zzz"}, "total": 1, "faults": []}, salt="other")
    for token in ("", "x", forged):
        assert journal_page.check_on(token, by="guanli", now=timezone.now())["events"] >= 2


def test_a_fault_found_early_is_still_told_at_the_end(monkeypatch):
    monkeypatch.setattr(journal_page, "PART_S", 0)
    monkeypatch.setattr(journal_page, "ROWS_AT_ONCE", 1)
    for _n in range(3):
        wrote(uuid4(), *"ab")
    unguarded("UPDATE journal_event SET by = 'nobody' WHERE chain = (SELECT min(chain) FROM journal_event) AND seq = 1")
    said = {"at": "", "done": False}
    while not said["done"]:
        said = journal_page.check_on(said["at"], by="guanli", now=NOW)
    assert [(fault["seq"], fault["what"]) for fault in said["faults"]] == [(1, "changed")]
