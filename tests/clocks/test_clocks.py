"""Clocks: ladders frozen at the start, fired once each by compare-and-set, late to the second."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.centre import NOW
from wuzha.clocks import actions
from wuzha.clocks.models import Clock
from wuzha.clocks.rules import Ladder, RungName, late_s
from wuzha.journal.append import on_case
from wuzha.journal.models import Event

R, D, E = RungName.REMINDER, RungName.DUE, RungName.ESCALATION


@pytest.mark.parametrize(
    ("ladder", "rungs"),
    [
        (Ladder(600), [(600, D)]),
        (Ladder(600, (300, 120), (300,)), [(300, R), (480, R), (600, D), (900, E)]),
        (Ladder(60, (300,)), [(60, D)]),  # a reminder that would lie before the start is left out
    ],
)
def test_a_ladder_is_a_list_of_instants(ladder, rungs):
    assert ladder.rungs(NOW) == [(NOW + timedelta(seconds=s), name) for s, name in rungs]


@pytest.mark.parametrize(("after_s", "late"), [(-5, 0), (0, 0), (1, 1), (61, 61)])
def test_late_is_counted_from_the_limit(after_s, late):
    assert late_s(NOW, NOW + timedelta(seconds=after_s)) == late


@pytest.fixture
def case_id(db):
    """A case with one clock: reminder after 300 s, due after 600, escalation after 900."""
    case = uuid4()
    with on_case(case, by="tester", now=NOW) as log:
        actions.start_many(log, "answer", [("order:1", Ladder(600, (300,), (300,)))])
    return case


def fired(case):
    """The rungs that fired, in order."""
    return [kind for kind in Event.objects.filter(case_id=case).values_list("kind", flat=True) if "clock." in kind]


@pytest.mark.row("R-202")
def test_each_rung_fires_once_in_its_order(case_id):
    for after_s, expected in [(299, 0), (300, 1), (300, 0), (601, 1), (950, 1), (5000, 0)]:
        assert actions.fire_due(now=NOW + timedelta(seconds=after_s)) == expected
    assert fired(case_id) == ["clock.reminder", "clock.due", "clock.escalation"]


def test_a_clock_that_was_met_fires_no_more_and_knows_how_late_it_was(case_id):
    with on_case(case_id, by="tester", now=NOW + timedelta(seconds=660)) as log:
        assert actions.settle(log, "answer", ["order:1"]) == {"order:1": 60}
    assert actions.fire_due(now=NOW + timedelta(days=1)) == 0
    assert Clock.objects.get().state == "met"


def test_a_sweeper_that_comes_late_fires_what_it_missed_one_after_the_other(case_id):
    late = NOW + timedelta(hours=1)
    assert [actions.fire_due(now=late) for _try in range(4)] == [1, 1, 1, 0]


def test_a_subject_has_one_running_clock_of_a_kind(case_id):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError), on_case(case_id, by="tester", now=NOW) as log:
        actions.start_many(log, "answer", [("order:1", Ladder(600))])
