"""The list of cases and the page of one: what stands there, who sees it, what can be done on it."""

import inspect
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.centre import FIRST, NOW, PAID_AT, SECOND, answer, filed, line, order, tell
from tests.web.people import STATION
from wuzha.control.models import Authorisation, Order
from wuzha.intake.actions import file_report
from wuzha.intake.models import Case
from wuzha.journal.models import Event
from wuzha.partners.protocol import AccountRef, Report, ReportedTransfer
from wuzha.people.rules import Role
from wuzha.tracing.actions import _state
from wuzha.tracing.models import TracedAccount
from wuzha.tracing.words import STATES

pytestmark = pytest.mark.django_db


def page(client, case, part=""):
    return client.get(reverse("case", args=[case.id]), {"part": part} if part else {}).content.decode()


@pytest.fixture
def chased(officers):
    """A case whose money went half to a second layer; both ends are held."""
    case = filed()
    lines = [
        line("a", "in", 50_000_00, to="6228480012345678911", bank="ABC"),
        line("b", "out", 20_000_00, s=60, to=SECOND),
    ]
    tell(answer(order(case, "query-transactions"), lines=lines))
    tell(answer(order(case, "stop"), held_minor=30_000_00, balance_minor=30_000_00))
    tell(answer(order(case, "stop", SECOND), held_minor=20_000_00, balance_minor=20_000_00), partner="CCB")
    return case


@pytest.mark.row("R-501")
def test_the_picture_has_layers_accounts_amounts_and_what_is_held(client_of, chased):
    graph = client_of(Role.ANALYST).get(reverse("flow", args=[chased.id])).json()
    by_layer = {layer: [n for n in graph["nodes"] if n["layer"] == layer] for layer in (0, 1, 2)}
    assert [len(nodes) for nodes in by_layer.values()] == [1, 1, 1]
    first, second = by_layer[1][0], by_layer[2][0]
    assert (first["stolen_in"], first["held"], first["state"]) == (50_000_00, 30_000_00, "held")
    assert (second["stolen_in"], second["held"], second["state"]) == (20_000_00, 20_000_00, "held")
    edges = {(edge["from"], edge["to"]): edge["stolen"] for edge in graph["edges"]}
    assert edges == {(by_layer[0][0]["id"], first["id"]): 50_000_00, (first["id"], second["id"]): 20_000_00}
    assert (graph["currency"], graph["digits"]) == ("CNY", 2)


def test_the_picture_and_the_page_show_no_account_and_no_name_whole(client_of, chased):
    client = client_of(Role.COMMANDER)
    text = client.get(reverse("flow", args=[chased.id])).content.decode() + page(client, chased)
    assert FIRST not in text
    assert SECOND not in text
    assert "张三" not in text
    assert "6222****2230" in text


@pytest.mark.row("R-203", "R-501")
def test_the_table_stands_beside_the_picture_with_the_orders_of_each_account(client_of, chased):
    text = page(client_of(Role.CONTROL_OFFICER), chased, "accounts")
    assert text.count("data-account=") == 2
    assert "6217****5220" in text
    assert str(order(chased, "stop", SECOND).id) in text


def test_the_band_adds_up_to_what_was_reported(client_of, chased):
    text = page(client_of(Role.CONTROL_OFFICER), chased, "band")
    assert text.count("¥50,000.00") == 2  # reported, held
    assert "¥0.00" in text


def test_money_that_waits_for_an_approver_is_at_risk_not_unknown(client_of):
    case = filed("900000")
    graph = client_of(Role.APPROVER).get(reverse("flow", args=[case.id])).json()
    (account,) = [node for node in graph["nodes"] if node["layer"] == 1]
    assert (account["state"], account["stolen_now"], account["unknown"]) == ("asking", 900_000_00, 0)
    Order.objects.filter(case=case).update(state="declined")
    graph = client_of(Role.APPROVER).get(reverse("flow", args=[case.id])).json()
    (account,) = [node for node in graph["nodes"] if node["layer"] == 1]
    assert (account["state"], account["stolen_now"], account["unknown"]) == ("unknown", 0, 900_000_00)


@pytest.mark.row("R-801")
def test_a_station_officer_sees_the_own_jurisdiction_only(client_of):
    mine, other = filed(jurisdiction=STATION), filed(jurisdiction="别处", payee=SECOND, bank="CCB")
    client = client_of(Role.STATION_OFFICER)
    listed = client.get(reverse("cases"), {"show": "all"}).content.decode()
    assert mine.number in listed
    assert other.number not in listed
    assert client.get(reverse("case", args=[mine.id])).status_code == 200
    for name in ("case", "flow"):
        assert client.get(reverse(name, args=[other.id])).status_code == 404
    denied = client.post(reverse("unmask", args=[other.id]), {"field": "victim_name", "reason": "好奇看看"})
    assert denied.status_code == 404


def test_a_case_that_is_not_there_is_not_found(client_of):
    assert client_of(Role.ANALYST).get(reverse("case", args=[uuid4()])).status_code == 404


def test_personal_data_is_shown_once_with_a_reason_that_stays(client_of, chased):
    client = client_of(Role.CONTROL_OFFICER)
    url = reverse("unmask", args=[chased.id])
    without = client.post(url, {"field": "victim_name", "reason": ""})
    assert without.status_code == 422
    assert "张三" not in without.content.decode()
    shown = client.post(url, {"field": "victim_name", "reason": "回访受害人"})
    assert "张三" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    event = Event.objects.get(kind="personal.unmasked")
    assert (event.body["reason"], event.by) == ("回访受害人", "chakong@CENTRE")
    assert "张三" not in page(client, chased)
    assert client.post(url, {"field": "narrative", "reason": "别的字段"}).status_code == 422


@pytest.mark.row("R-203")
def test_an_approver_grants_changes_and_revokes_the_authorisation_of_a_case(client_of, settings):
    case = filed("900000")
    assert not Authorisation.objects.filter(case=case).exists()
    client = client_of(Role.APPROVER)
    assert "尚未授权" in page(client, case)
    url = reverse("authorise", args=[case.id])
    bad = client.post(url, {"layers_max": "99", "hours": "48", "amount": "900000"}, follow=True)
    assert "层级请选" in bad.content.decode()
    assert Order.objects.filter(case=case, state="proposed").count() == 2
    good = client.post(url, {"layers_max": "8", "hours": "48", "amount": "900,000", "reason": "已核"}, follow=True)
    assert "已授权" in good.content.decode()
    assert Order.objects.filter(case=case, state="proposed").count() == 0
    client.post(url, {"do": "revoke", "reason": "受害人撤回"})
    assert Authorisation.objects.get(case=case).state == "revoked"


def test_a_case_is_closed_with_a_reason(client_of, chased):
    client = client_of(Role.CONTROL_OFFICER)
    assert (
        "请说明结案原因"
        in client.post(reverse("close-case", args=[chased.id]), {"reason": " "}, follow=True).content.decode()
    )
    client.post(reverse("close-case", args=[chased.id]), {"reason": "款已全部止付"})
    assert Case.objects.get(pk=chased.pk).state == "closed"


def test_the_timeline_tells_the_story_in_both_languages(client_of, chased):
    chinese = page(client_of(Role.ANALYST), chased, "timeline")
    assert "已接警" in chinese
    assert "资金追到第 2 层" in chinese
    english = page(client_of(Role.ANALYST, "en"), chased, "timeline")
    assert "Report taken" in english
    assert "The money was followed to layer 2" in english


@pytest.mark.parametrize("query", ["number", FIRST, "6222 0202 0011 2230", "13912345678", "shua.example.com"])
def test_a_case_is_found_by_number_account_phone_and_link(client_of, query):
    wanted = filed(phones=["13912345678"], urls=["shua.example.com"])
    filed(payee=SECOND, bank="CCB")
    text = wanted.number[-6:] if query == "number" else query
    listed = client_of(Role.CALL_TAKER).get(reverse("cases"), {"q": text, "show": "all"}).content.decode()
    assert wanted.number in listed
    assert listed.count("data-row") == 1


def test_odd_addresses_of_the_list_do_not_fail(client_of):
    filed()
    client = client_of(Role.ANALYST)
    for query in ("page=0", "page=-3", "page=x", "page=99999999999", "show=%27", "q=" + "9" * 3000, "part=x"):
        assert client.get(f"{reverse('cases')}?{query}").status_code == 200, query


def test_a_nul_character_is_a_bad_request_not_a_failure(client_of, client):
    assert client_of(Role.ANALYST).get(f"{reverse('cases')}?q=%00").status_code == 400
    assert client.post("/sign-in", {"username": "a\0", "password": "b"}).status_code == 400


@pytest.mark.row("R-104")
def test_the_search_finds_an_account_on_any_layer_of_any_case(client_of, chased):
    client = client_of(Role.ANALYST)
    text = client.get(reverse("search"), {"q": SECOND}).content.decode()
    assert chased.number in text
    assert "中国" in text or "CCB" in text
    assert "没有案件" in client.get(reverse("search"), {"q": "6228480012345678911"}).content.decode()
    second = filed(payee=SECOND, bank="CCB")
    assert second
    assert "6217****5220" in client.get(reverse("search")).content.decode()


def test_the_situation_shows_what_is_held_and_at_risk(client_of, chased):
    filed("8000", payee=SECOND, bank="CCB")
    text = client_of(Role.COMMANDER).get(reverse("situation")).content.decode()
    assert "¥8,000" in text
    assert "data-due=" in text


def test_every_state_of_an_account_has_its_word(client_of, chased):
    client = client_of(Role.CONTROL_OFFICER)
    states = set(re.findall(r"[a-z]+", inspect.getdoc(_state).split(":")[1]))
    assert states <= set(STATES)
    for state in sorted(states):
        TracedAccount.objects.filter(case=chased).update(state=state)
        assert client.get(reverse("flow", args=[chased.id])).status_code == 200, state
        assert "data-account=" in page(client, chased, "accounts"), state


def test_money_that_came_back_is_an_arrow_back_to_the_victim(client_of):
    case = filed()
    lines = [
        line("a", "in", 50_000_00, to="6228480012345678911", bank="ABC"),
        line("b", "out", 10_000_00, s=60, to="6228480012345678911", bank="ABC"),
    ]
    tell(answer(order(case, "query-transactions"), lines=lines))
    graph = client_of(Role.ANALYST).get(reverse("flow", args=[case.id])).json()
    assert sorted(node["layer"] for node in graph["nodes"]) == [0, 1]
    assert sorted(edge["stolen"] for edge in graph["edges"]) == [10_000_00, 50_000_00]


@pytest.mark.row("R-103", "R-501")
def test_a_case_of_two_currencies_has_a_picture_of_each(client_of):
    transfers = [
        ReportedTransfer(payee=AccountRef(bank=bank, number=number), amount=amount, currency=currency, at=PAID_AT)
        for bank, number, amount, currency in (("ICBC", FIRST, "1000", "CNY"), ("CCB", SECOND, "500", "USD"))
    ]
    report = Report(victim_name="张三", transfers=transfers)
    case, _made = file_report(case_id=uuid4(), report=report, by="test", now=NOW)
    client = client_of(Role.ANALYST)
    for currency, amount in (("CNY", 1000_00), ("USD", 500_00)):
        graph = client.get(reverse("flow", args=[case.id]), {"currency": currency}).json()
        assert graph["currency"] == currency
        assert {node["stolen_in"] for node in graph["nodes"]} == {amount}
    text = client.get(reverse("case", args=[case.id]), {"currency": "USD"}).content.decode()
    assert "flow.json?currency=USD" in text
