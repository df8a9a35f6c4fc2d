"""The chase against PostgreSQL: from the victim's call to held money, layer after layer."""

import pytest

from tests.centre import FIRST, NOW, SECOND, VICTIM, answer, filed, line, order, partner, tell
from wuzha.control.models import Order
from wuzha.intake.models import Case, Lead
from wuzha.journal.models import Event
from wuzha.journal.verify import verify
from wuzha.tracing.models import LedgerTransfer, TracedAccount

pytestmark = pytest.mark.django_db

STATEMENT = (
    line("1", "in", 50_000_00, s=2, to=VICTIM, bank="ABC", balance=50_000_00),
    line("2", "out", 30_000_00, s=90, to=SECOND, bank="CCB", balance=20_000_00),
    line("3", "out", 10_000_00, s=190, kind="cash", balance=10_000_00),
)


@pytest.fixture(autouse=True)
def _banks():
    for code in ("ICBC", "CCB", "ABC"):
        partner(code)


def states(case):
    """State of each account by number."""
    return dict(TracedAccount.objects.filter(case=case).values_list("number", "state"))


@pytest.mark.row("R-203", "R-102")
def test_an_answer_sends_the_next_layers_orders_at_once_until_the_money_is_held():
    case = filed()
    tell(answer(order(case, "query-transactions"), lines=STATEMENT, balance_minor=10_000_00))
    second = {o.kind: o for o in Order.objects.filter(case=case, account=SECOND)}
    assert set(second) == {"query-transactions", "stop"}
    assert (second["stop"].layer, second["stop"].amount_minor, second["stop"].state) == (2, 30_000_00, "queued")
    assert second["stop"].transfer["amount_minor"] == 30_000_00
    tell(answer(order(case, "stop"), held_minor=10_000_00, balance_minor=10_000_00))
    tell(answer(second["stop"], held_minor=30_000_00, balance_minor=30_000_00), partner="CCB")
    case.refresh_from_db()
    assert (case.held_minor, case.gone_minor, case.at_risk_minor, case.layers) == (40_000_00, 10_000_00, 0, 2)
    amended = order(case, "stop-amend")
    assert amended.amount_minor == 10_000_00  # the disputed amount only
    assert states(case) == {FIRST: "held", SECOND: "held", f"ICBC:{FIRST}": "exit"}
    assert list(verify()) == []


def test_the_account_that_paid_is_the_victims_and_is_not_chased():
    case = filed()
    back = line("2", "out", 5_000_00, s=60, to=VICTIM, bank="ABC", balance=45_000_00)
    tell(answer(order(case, "query-transactions"), lines=(STATEMENT[0], back), balance_minor=45_000_00))
    case.refresh_from_db()
    assert case.returned_minor == 5_000_00
    assert not Order.objects.filter(case=case, account=VICTIM).exists()
    assert states(case)[VICTIM] == "returned"


def test_an_honest_merchant_is_released_and_not_followed():
    case = filed()
    tell(answer(order(case, "stop"), held_minor=50_000_00, balance_minor=50_000_00))
    tell(answer(order(case, "query-transactions"), lines=STATEMENT, kind="merchant"))
    assert order(case, "stop-release").state == "queued"
    assert not Order.objects.filter(case=case, account=SECOND).exists()
    assert states(case)[FIRST] == "honest"


def test_a_stop_that_caught_less_than_was_there_asks_where_it_went():
    case = filed()
    tell(answer(order(case, "query-transactions"), lines=STATEMENT[:1], balance_minor=50_000_00))
    from datetime import timedelta

    later = NOW + timedelta(seconds=60)
    tell(answer(order(case, "stop"), held_minor=10_000_00, balance_minor=10_000_00, now=later), now=later)
    queries = Order.objects.filter(case=case, kind="query-transactions", account=FIRST)
    assert sorted(queries.values_list("state", flat=True)) == ["done", "queued"]


def test_no_layer_beyond_the_authorisation_goes_out_by_itself():
    from wuzha.control.models import Authorisation

    case = filed()
    Authorisation.objects.filter(case=case).update(layers_max=1)
    tell(answer(order(case, "query-transactions"), lines=STATEMENT, balance_minor=10_000_00))
    assert set(Order.objects.filter(case=case, account=SECOND).values_list("state", flat=True)) == {"proposed"}


def test_a_released_stop_is_not_put_back_by_the_chase():
    from wuzha.control.actions import release_stop

    case = filed()
    tell(answer(order(case, "query-transactions"), lines=STATEMENT[:1], balance_minor=50_000_00))
    stop = order(case, "stop")
    tell(answer(stop, held_minor=50_000_00, balance_minor=50_000_00))
    release_stop(order_id=stop.id, reason="wrong person", by="chakong", now=NOW)
    tell(answer(order(case, "stop-release")))
    assert Order.objects.get(pk=stop.pk).state == "released"
    assert Order.objects.filter(case=case, kind="stop", account=FIRST).count() == 1


@pytest.mark.row("R-104")
def test_cases_that_share_an_account_are_linked():
    first = filed()
    second = filed(narrative="又一个")
    link = second.links.get()
    assert (link.earlier_id, link.kind, link.value) == (first.id, "account", FIRST)
    assert Event.objects.filter(case_id=second.id, kind="case.linked").exists()


def test_accounts_found_on_the_way_become_leads_that_link_later_reports():
    case = filed()
    tell(answer(order(case, "query-transactions"), lines=STATEMENT, balance_minor=10_000_00))
    assert Lead.objects.filter(case=case, kind="account", value=SECOND, source="chase").exists()


def test_a_fault_of_the_chase_does_not_cost_the_report(monkeypatch):
    from procrastinate.contrib.django.models import ProcrastinateJob

    from wuzha.tracing import actions

    monkeypatch.setattr(actions, "follow", lambda *a, **k: 1 / 0)
    case = filed()
    assert Case.objects.filter(pk=case.pk).exists()
    assert Event.objects.filter(case_id=case.id, kind="reaction.failed").exists()
    assert not Order.objects.filter(case=case).exists()
    assert ProcrastinateJob.objects.filter(task_name="wuzha:run_reaction").exists() or ProcrastinateJob.objects.exists()
    monkeypatch.undo()
    from wuzha import reactions
    from wuzha.journal.append import on_case

    with on_case(case.id, by="worker", now=NOW) as log:
        reactions.run_again("chase-first-layer", log, case.id, "")
    assert Order.objects.filter(case=case).count() == 2
    assert LedgerTransfer.objects.filter(case=case).count() == 1


def test_amounts_of_another_currency_are_followed_in_it():
    case = filed("970000", bank="ICBC")
    assert case.currency == "CNY"
    from uuid import uuid4

    from tests.centre import PAID_AT, report
    from wuzha.intake.actions import file_report

    foreign = report("1000.50")
    transfer = foreign.transfers[0].model_copy(update={"currency": "USD", "at": PAID_AT})
    usd, _made = file_report(
        case_id=uuid4(), report=foreign.model_copy(update={"transfers": [transfer], "victim_kind": "company"}),
        by="test", now=NOW,
    )  # fmt: skip
    stop = order(usd, "stop")
    assert (stop.amount_minor, stop.currency, usd.reported) == (1_000_50, "USD", {"USD": 1_000_50})


def test_a_cut_statement_is_asked_for_again_from_where_it_was_cut():
    case = filed()
    query = order(case, "query-transactions")
    tell(answer(query, lines=STATEMENT[:2], balance_minor=20_000_00, truncated=True))
    account = TracedAccount.objects.get(case=case, number=FIRST)
    assert (account.truncated, account.as_of) == (True, STATEMENT[1].at)
    again = Order.objects.exclude(pk=query.pk).get(case=case, kind="query-transactions", account=FIRST)
    assert again.since < STATEMENT[1].at
    tell(answer(again, lines=STATEMENT[1:], balance_minor=10_000_00))
    account.refresh_from_db()
    assert (account.truncated, account.as_of) == (False, NOW)
    assert LedgerTransfer.objects.filter(case=case).count() == 3


@pytest.mark.row("R-203")
def test_what_a_bank_tells_of_an_account_is_kept_though_nothing_else_changed():
    case = filed()
    query = order(case, "query-transactions")
    tell(answer(order(case, "stop"), held_minor=50_000_00, balance_minor=50_000_00))
    told = line("1", "in", 50_000_00, s=2, to=VICTIM, bank="ABC", balance=50_000_00)
    tell(answer(query, lines=(told,), name="李四", balance_minor=50_000_00))
    account = TracedAccount.objects.get(case=case, number=FIRST)
    assert (account.state, account.as_of, account.name, account.kind) == ("held", NOW, "李四", "personal")
    assert Order.objects.filter(case=case, kind="query-transactions").count() == 1  # nothing is asked twice


@pytest.mark.row("R-210", "R-203")
def test_where_no_stolen_money_came_after_all_it_is_given_back():
    case = filed()
    query = order(case, "query-transactions")
    came = line("1", "in", 50_000_00, s=2, to=VICTIM, bank="ABC")
    left = line("2", "out", 30_000_00, s=90, to=SECOND, bank="CCB")
    tell(answer(query, lines=(came, left)))
    wrong = order(case, "stop", SECOND)
    tell(answer(wrong, held_minor=30_000_00, balance_minor=30_000_00), partner="CCB")
    tell(answer(order(case, "query-transactions", SECOND)), partner="CCB")
    # The bank corrects its statement: what left first had been there before the victim paid.
    earlier = line("0", "in", 30_000_00, s=-60, to="6228480011111111111", bank="ABC")
    tell(answer(query, seq=2, lines=(earlier, came, left)))
    account = TracedAccount.objects.get(case=case, number=SECOND)
    assert (account.stolen_in_minor, account.stolen_now_minor) == (0, 0)
    given_back = order(case, "stop-release", SECOND)
    assert (given_back.ref_id, given_back.state, given_back.asked_by) == (wrong.id, "queued", "chase")
    tell(answer(given_back), partner="CCB")
    account.refresh_from_db()
    assert (account.held_minor, account.state) == (0, "empty")
    assert Order.objects.filter(case=case, kind="stop", account=SECOND).count() == 1
