"""What the running centre learned, and the order of worth of a bank's open orders, against PostgreSQL."""

from datetime import timedelta

import pytest

from tests.centre import FIRST, NOW, PAID_AT, SECOND, answer, filed, forget_measures, line, order, partner, tell
from wuzha.control import paces
from wuzha.control.models import Order
from wuzha.partners.protocol import WORKLIST_MAX
from wuzha.tracing import learning, worklist
from wuzha.tracing.dispatch import UNSEEN_PRIOR, rule_of_thumb
from wuzha.tracing.models import TracedAccount
from wuzha.tracing.worth import Why

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _partners():
    for code in ("ICBC", "CCB", "ABC"):
        partner(code)
    forget_measures()
    yield
    forget_measures()


def card(n):
    """An account of its own."""
    return f"62220202003355{n:02d}"


def theft(n, amount="50000", *, minutes=20, now=NOW):
    """A case whose victim paid so long ago."""
    return filed(amount, payee=card(n), at=now - minutes * MINUTE, now=now)


def first_stops(code="ICBC", *, now=NOW):
    """Accounts of the stops in the order of the work list."""
    kept = {row.pk: row for row in Order.objects.all()}
    return [kept[i].account for i in worklist.worklist_of(code, now=now).order_ids if kept[i].kind == "stop"]


@pytest.mark.row("R-203", "R-202")
def test_more_and_younger_money_stands_first_and_emptied_accounts_last():
    theft(1, "20000", minutes=10)
    theft(2, "90000", minutes=10)
    theft(3, "90000", minutes=300)
    emptied = theft(4, "200000", minutes=30)
    out = [line("9", "out", 200_000_00, s=60, to=SECOND)]
    tell(answer(order(emptied, "query-transactions", card(4)), lines=out))
    assert first_stops() == [card(2), card(1), card(3), card(4)]
    (last,) = [p for p in worklist.partner_ranking("ICBC", now=NOW).values() if p.why is Why.EMPTY]
    assert last.worth_minor == 0


def test_the_order_changes_with_the_hour_although_nothing_was_told():
    theft(1, "50000", minutes=1)
    theft(2, "130000", minutes=120)
    assert first_stops() == [card(1), card(2)]
    assert first_stops(now=NOW + timedelta(hours=6)) == [card(2), card(1)]


@pytest.mark.parametrize(
    ("told", "lines", "share"),
    [
        ("a statement since it came showed it all there", [], 1.0),
        ("a statement showed the rest there", [line("9", "out", 30_000_00, s=300, to=SECOND)], 0.4),
    ],
)
def test_what_a_statement_shows_to_be_there_counts_as_there(told, lines, share):
    case = theft(1)
    before = worth_of(case)
    tell(answer(order(case, "query-transactions", card(1)), lines=lines))
    place = place_of(case)
    assert (place.why, place.waiting.money.amount_minor) == (Why.REST, round(50_000_00 * share)), told
    assert place.worth_minor > before * share


def place_of(case, kind="stop", account=None, *, now=NOW):
    """Where an order of a case stands."""
    row = order(case, kind, account or Order.objects.filter(case=case, kind=kind).earliest("layer").account)
    return worklist.ranked(worklist.read(Order.objects.filter(pk=row.pk)), now=now)[row.pk]


def worth_of(case, kind="stop"):
    """What an order of a case is worth."""
    return place_of(case, kind).worth_minor


@pytest.mark.row("R-203")
def test_what_the_clearing_house_saw_leave_makes_the_rest_unlikely():
    partner("NUCC", kind="clearing")
    forget_measures()
    case = theft(1)
    before = place_of(case)
    assert before.why is Why.REST
    tell(
        answer(order(case, "trace-outflows", f"ICBC:{card(1)}"), lines=[line("N", "out", 30_000_00, s=90, to=SECOND)]),
        partner="NUCC",
    )
    after = place_of(case)
    assert (after.why, after.waiting.money.traced) == (Why.LEAVING, True)
    assert after.worth_minor < before.worth_minor / 4
    assert place_of(case, "query-transactions").worth_minor > 0


def test_a_stop_that_did_not_find_it_leaves_the_question_worth_asking():
    case = theft(1)
    tell(answer(order(case, "stop", card(1)), held_minor=10_000_00))
    place = place_of(case, "query-transactions")
    assert (place.why, place.waiting.money.amount_minor) == (Why.MISSED, 40_000_00)
    assert place.worth_minor > 0


def test_a_stop_that_caught_all_it_was_for_has_missed_nothing_of_what_is_found_later():
    case = theft(1)
    tell(answer(order(case, "stop", card(1)), held_minor=50_000_00))
    TracedAccount.objects.filter(case=case).update(stolen_in_minor=70_000_00, stolen_now_minor=70_000_00)
    place = place_of(case, "query-transactions")
    assert (place.why, place.free_minor) == (Why.REST, 20_000_00)


def test_an_honest_sellers_account_is_worth_no_clerk():
    case = theft(1)
    TracedAccount.objects.filter(case=case).update(kind="merchant")
    assert (place_of(case).why, worth_of(case)) == (Why.HONEST, 0.0)


def test_a_release_that_sets_money_free_goes_first():
    case, other = theft(1), theft(2, "400000")
    tell(answer(order(case, "stop", card(1)), held_minor=50_000_00))
    tell(answer(order(case, "query-transactions", card(1)), kind="merchant"))
    release = order(case, "stop-release", card(1))
    assert worklist.worklist_of("ICBC", now=NOW).order_ids[0] == release.pk
    assert order(other, "stop", card(2)).pk in worklist.worklist_of("ICBC", now=NOW).order_ids


def test_a_partner_gets_its_own_open_orders_only_and_no_more_than_the_limit(monkeypatch):
    cases = [theft(n) for n in range(6)]
    filed(payee=SECOND, bank="CCB")
    tell(answer(order(cases[0], "stop", card(0)), held_minor=0))
    told = worklist.worklist_of("ICBC", now=NOW)
    mine = set(Order.objects.filter(partner_id="ICBC", state="queued").values_list("pk", flat=True))
    assert (set(told.order_ids), told.open_n) == (mine, 11)
    assert worklist.worklist_of("NOBODY", now=NOW).order_ids == []
    monkeypatch.setattr(worklist, "WORKLIST_MAX", 3)
    assert worklist.worklist_of("ICBC", now=NOW).order_ids == told.order_ids[:3]
    assert WORKLIST_MAX == 100


def test_of_very_many_orders_those_are_looked_at_that_may_be_worth_most(monkeypatch):
    theft(1, "400000", minutes=5)
    for n in range(2, 6):
        theft(n, "300", minutes=60 * n)
    monkeypatch.setattr(worklist, "CONSIDERED_MAX", 2)
    kept = {row.pk: row.account for row in Order.objects.all()}
    assert {kept[order_id] for order_id in worklist.partner_ranking("ICBC", now=NOW)} == {card(1)}


def test_asked_twice_nothing_moves():
    for n in range(5):
        theft(n)
    assert worklist.worklist_of("ICBC", now=NOW) == worklist.worklist_of("ICBC", now=NOW)


def test_however_many_orders_are_open_the_database_is_asked_as_often(django_assert_num_queries):
    for n in range(8):
        theft(n)
    worklist.worklist_of("ICBC", now=NOW)
    with django_assert_num_queries(3):
        worklist.worklist_of("ICBC", now=NOW)


# What was learned


def leave(n, minutes, now=NOW):
    """Money that the bank tells to have left so long after it came."""
    case = theft(n, now=now)
    out = [line("9", "out", 50_000_00, s=60 * minutes, to=SECOND)]
    tell(answer(order(case, "query-transactions", card(n)), lines=out), now=now)


def test_nothing_learned_is_the_rule_of_thumb():
    known = learning.learned_at(NOW)
    assert known.dwell.share(3_600) == pytest.approx(rule_of_thumb(3_600), rel=0.1)
    assert known.unseen_share == UNSEEN_PRIOR
    assert known.pace.usual_s("ICBC", "stop") == 900


def test_how_long_money_rests_is_learned_from_the_ledger():
    before = learning.learned_at(NOW).dwell.share(600)
    for n in range(12):
        leave(n, 2)
    learning.forget()
    assert learning.learned_at(NOW).dwell.share(600) < before - 0.2
    assert learning.learned_at(NOW).dwell.share(20) > 0.9


def test_money_that_is_held_was_still_there():
    before = learning.learned_at(NOW).dwell.share(1_200)
    for n in range(12):
        tell(answer(order(theft(n, minutes=30), "stop", card(n)), held_minor=50_000_00))
    learning.forget()
    assert learning.learned_at(NOW).dwell.share(1_200) > before + 0.1


def test_what_the_clearing_house_does_not_show_is_learned():
    partner("NUCC", kind="clearing")
    for n in range(20):
        case = theft(n)
        tell(answer(order(case, "trace-outflows", f"ICBC:{card(n)}")), partner="NUCC")
        tell(answer(order(case, "query-transactions", card(n)), lines=[line("9", "out", 50_000_00, s=60, to=SECOND)]))
    learning.forget()
    assert learning.learned_at(NOW).unseen_share > UNSEEN_PRIOR + 0.2


def test_a_banks_pace_is_learned_from_its_answers():
    for n in range(paces.ANSWERS_MIN):
        at = NOW + 4 * MINUTE
        tell(answer(order(theft(n), "stop", card(n)), held_minor=0, now=at), now=at)
    forget_measures()
    assert learning.learned_at(NOW).pace.usual_s("ICBC", "stop") == pytest.approx(240)


def test_it_is_measured_anew_only_after_a_while(django_assert_num_queries):
    learning.learned_at(NOW)
    with django_assert_num_queries(0):
        learning.learned_at(NOW + 50 * timedelta(seconds=1))
    with django_assert_num_queries(1):  # the paces, which are known for a minute
        learning.learned_at(NOW + 2 * MINUTE)
    leave(1, 2)
    assert learning.learned_at(NOW).dwell.left != learning.learned_at(NOW + 6 * MINUTE).dwell.left


@pytest.mark.parametrize(
    ("told", "came", "left", "known_there", "expected"),
    [
        ("it came and left", [0], [7], [], [(7, True)]),
        ("what came last before it left", [0, 5, 9], [7], [], [(2, True)]),
        ("it was there when it was last seen", [0, 5], [], [8, 6], [(3, False)]),
        ("nobody looked since it came", [5], [], [3], []),
        ("what left before anything stolen came is not stolen", [5], [3], [9], [(4, False)]),
        ("nothing came", [], [3], [9], []),
    ],
)
def test_what_one_account_teaches(told, came, left, known_there, expected):
    def at(minutes):
        return [PAID_AT + minute * MINUTE for minute in minutes]

    moved = learning.Movements(at(came), at(left))
    stays = learning.stay(moved, at(known_there), traced=False)
    assert [(stay.for_s / 60, stay.left) for stay in stays] == expected, told


@pytest.mark.parametrize(
    ("told", "moved", "traced", "expected"),
    [
        ("its bank told, the clearing house did, too", {"told": True, "shown": True}, True, True),
        ("its bank told, the clearing house did not", {"told": True}, True, False),
        ("the clearing house was not asked", {"told": True}, False, None),
        ("only the clearing house told", {"shown": True}, True, None),
    ],
)
def test_what_an_account_teaches_of_the_clearing_house(told, moved, traced, expected):
    (stay,) = learning.stay(learning.Movements([PAID_AT], [NOW], **moved), [], traced=traced)
    assert stay.shown is expected, told


def test_the_first_account_is_that_of_the_report():
    assert place_of(filed(), account=FIRST).waiting.money.amount_minor == 50_000_00
