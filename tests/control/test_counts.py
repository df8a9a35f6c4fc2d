"""What a stop holds when its own answers and those of its amendments disagree, against PostgreSQL."""

from datetime import timedelta

import pytest

from tests.centre import FIRST, NOW, answer, filed, order, partner, tell
from wuzha.control import actions, rules
from wuzha.control.models import Order
from wuzha.journal.append import on_case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank():
    partner("ICBC")


def stopped():
    """A case whose first stop is in force."""
    case = filed()
    stop = order(case, "stop")
    tell(answer(stop, held_minor=50_000_00, balance_minor=50_000_00))
    return case, Order.objects.get(pk=stop.pk)


def amended(case, stop, amount_minor):
    """An amendment of a stop in force, on its way."""
    intent = rules.Intent(
        "stop-amend", "ICBC", FIRST, "CNY", 1, stop.followers.count() + 1, False, 0, "less",
        amount_minor=amount_minor, ref_order_id=stop.id,
    )  # fmt: skip
    with on_case(case.id, by="tester", now=NOW) as log:
        return actions.make_orders(log, case, [intent], asked_by="chase")[0]


@pytest.mark.row("R-201")
def test_an_older_count_of_a_late_amendment_does_not_win_over_a_newer_one():
    case, stop = stopped()
    amend = amended(case, stop, 40_000_00)
    older, newer = NOW + timedelta(seconds=10), NOW + timedelta(seconds=20)
    tell(answer(stop, seq=2, held_minor=35_000_00, balance_minor=35_000_00, now=newer), now=newer)
    tell(answer(amend, held_minor=40_000_00, balance_minor=40_000_00, now=older), now=newer)
    stop.refresh_from_db()
    assert (stop.amount_minor, stop.held_minor) == (40_000_00, 35_000_00)


def test_a_corrected_answer_to_an_amendment_reaches_its_stop():
    case, stop = stopped()
    amend = amended(case, stop, 40_000_00)
    tell(answer(amend, held_minor=9_00, balance_minor=9_00))
    stop.refresh_from_db()
    assert stop.held_minor == 9_00
    later = NOW + timedelta(seconds=5)
    tell(answer(amend, seq=2, held_minor=40_000_00, balance_minor=40_000_00, now=later), now=later)
    stop.refresh_from_db()
    case.refresh_from_db()
    assert (stop.held_minor, case.held_minor) == (40_000_00, 40_000_00)


@pytest.mark.row("R-201")
def test_a_count_that_overtakes_the_amendment_which_allowed_it_is_taken_whole():
    case, stop = stopped()
    lower, higher = amended(case, stop, 20_000_00), amended(case, stop, 40_000_00)
    first, second, third = (NOW + timedelta(seconds=seconds) for seconds in (10, 20, 30))
    tell(answer(lower, held_minor=20_000_00, balance_minor=50_000_00, now=first), now=first)
    tell(answer(stop, seq=2, held_minor=40_000_00, balance_minor=50_000_00, now=third), now=third)
    stop.refresh_from_db()
    assert (stop.held_minor, stop.contradiction) == (20_000_00, "")  # never above what is disputed
    tell(answer(higher, held_minor=35_000_00, balance_minor=50_000_00, now=second), now=third)
    stop.refresh_from_db()
    assert (stop.amount_minor, stop.held_minor) == (40_000_00, 40_000_00)


@pytest.mark.row("R-201")
def test_a_bank_mends_a_wrong_sum_with_a_newer_answer_that_names_an_older_instant():
    case, stop = stopped()
    older, newer = NOW + timedelta(seconds=10), NOW + timedelta(seconds=20)
    tell(answer(stop, seq=2, held_minor=9_60, balance_minor=9_60, now=newer), now=newer)
    tell(answer(stop, seq=3, held_minor=11_87, balance_minor=11_87, now=older), now=newer)
    stop.refresh_from_db()
    case.refresh_from_db()
    assert (stop.held_minor, case.held_minor) == (11_87, 11_87)


def test_a_mended_sum_of_before_an_amendment_does_not_undo_what_the_amendment_counted():
    case, stop = stopped()
    amend = amended(case, stop, 40_000_00)
    before, after = NOW + timedelta(seconds=10), NOW + timedelta(seconds=20)
    tell(answer(amend, held_minor=30_000_00, balance_minor=30_000_00, now=after), now=after)
    tell(answer(stop, seq=2, held_minor=45_000_00, balance_minor=45_000_00, now=before), now=after)
    stop.refresh_from_db()
    assert (stop.amount_minor, stop.held_minor) == (40_000_00, 30_000_00)
