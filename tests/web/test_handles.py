"""Handles (QQ, WeChat, Telegram, Alipay, orders): told on page or wire, joined to cases, masked, in the journal."""

import hashlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.centre import FIRST, filed, partner, report
from tests.partners.test_api import PRIVATE, PUBLIC, message, send
from wuzha.intake.models import Case, CaseLink
from wuzha.journal.models import Event
from wuzha.partners.protocol import REPORTS_PATH, Handle
from wuzha.partners.signing import Signer
from wuzha.people.rules import Role

HANDLES = [
    ("qq", "QQ 1234 5678", "12345678"),
    ("wechat", "Zhang_Li88", "zhang_li88"),
    ("telegram", "https://t.me/Bob_99", "bob_99"),
    ("alipay", "Lin@Example.com", "lin@example.com"),
    ("dingtalk", "Ding-77", "ding-77"),
    ("order", "sf1234567890123", "SF1234567890123"),
]


def fields(*handles, **more):
    body = {
        "case_id": str(uuid4()),
        "victim_kind": "person",
        "victim_name": "王建国",
        "narrative": "对方自称客服",
        "transfers-0-payee_account": FIRST,
        "transfers-0-amount": "5000",
        "transfers-0-currency": "CNY",
        "transfers-0-at": timezone.localtime(timezone.now() - timedelta(minutes=9)).strftime("%Y-%m-%dT%H:%M"),
        **more,
    }
    for n, (kind, value) in enumerate(handles):
        body |= {f"handles-{n}-kind": kind, f"handles-{n}": value}
    return body


@pytest.fixture
def client(client_of):
    return client_of(Role.CALL_TAKER)


@pytest.mark.row("R-101", "R-104")
@pytest.mark.parametrize(("kind", "typed", "kept"), HANDLES)
def test_a_handle_links_cases_shows_while_typing_and_stands_masked_on_both_pages(client, kind, typed, kept):
    earlier = filed(payee="6217001210024455220", bank="CCB", handles=[Handle(kind=kind, value=kept)])
    found = client.get(reverse("intake-look"), {"kind": kind, "value": typed}).json()
    assert [case["number"] for case in found["earlier"]] == [earlier.number]
    case = client.post("/intake", fields((kind, typed)), follow=True)
    mine = Case.objects.get(victim_name="王建国")
    link = CaseLink.objects.get(case=mine)
    assert (link.earlier_id, link.kind, link.value) == (earlier.id, kind, kept)
    for page, other in ((case, earlier), (client.get(reverse("case", args=[earlier.id])), mine)):
        text = page.content.decode()
        assert other.number in text
        assert kept not in text
    linked = Event.objects.get(kind="case.linked", case_id=mine.id)
    assert linked.body == {"count": 1, "kinds": [kind]}


@pytest.mark.row("R-104")
def test_a_handle_that_is_a_mobile_finds_the_number_that_called_and_the_payee(client):
    called = filed(phones=["139 1234 5678"])
    paid = filed(payee="lin@example.com", bank="")
    client.post("/intake", fields(("wechat", "13912345678"), ("alipay", "LIN@example.com")))
    mine = Case.objects.get(victim_name="王建国")
    links = {(link.earlier_id, link.kind) for link in CaseLink.objects.filter(case=mine).exclude(kind="account")}
    assert links == {(called.id, "wechat"), (paid.id, "alipay")}


@pytest.mark.row("R-104")
def test_another_kind_with_the_same_letters_is_no_link(client):
    filed(payee="6217001210024455220", bank="CCB", handles=[Handle(kind="telegram", value="zhang_li88")])
    assert client.get(reverse("intake-look"), {"kind": "wechat", "value": "zhang_li88"}).json()["earlier"] == []


@pytest.mark.row("R-101", "R-104")
def test_handles_of_a_told_story_come_with_their_earlier_cases(client):
    earlier = filed(handles=[Handle(kind="qq", value="12345678"), Handle(kind="wechat", value="zhang_li88")])
    words = "客服QQ：12345678，让我加微信号Zhang_Li88"
    leads = client.post(reverse("intake-leads"), {"text": words}).json()["leads"]
    seen = {lead["kind"]: [case["text"] for case in lead["earlier"]] for lead in leads}
    assert seen["qq"] == seen["wechat"] == [earlier.number]


def test_a_handle_is_found_by_search_in_any_writing(client):
    wanted = filed(handles=[Handle(kind="telegram", value="@Bob_99")])
    filed(handles=[Handle(kind="telegram", value="alice_1")])
    text = client.get(reverse("search"), {"q": "t.me/bob_99"}).content.decode()
    assert wanted.number in text
    assert Case.objects.exclude(pk=wanted.pk).get().number not in text


def test_a_wrong_handle_is_refused_at_its_field_noted_and_nothing_is_lost(client):
    response = client.post("/intake", fields(("qq", "12345678"), ("qq", "<b>1</b>")))
    text = response.content.decode()
    assert response.status_code == 422
    assert text.count('aria-invalid="true"') == 1
    assert 'name="handles-1" value="&lt;b&gt;1&lt;/b&gt;"' in text
    assert 'name="handles-0" value="12345678"' in text
    assert Event.objects.get(kind="report.refused").body["codes"] == ["handle.qq"]
    assert Case.objects.count() == 0


@pytest.mark.row("R-801")
def test_handles_and_numbers_are_whole_after_a_reason_that_stays_in_the_journal(client):
    case = filed(phones=["13912345678"], handles=[Handle(kind="qq", value="12345678")])
    page, url = reverse("case", args=[case.id]), reverse("unmask", args=[case.id])
    text = client.get(page).content.decode()
    assert "13912345678" not in text
    assert "12345678" not in text
    refused = client.post(url, {"field": "leads", "reason": ""})
    assert "13912345678" not in refused.content.decode()
    shown = client.post(url, {"field": "leads", "reason": "联系运营商停机"}).content.decode()
    assert "13912345678" in shown
    assert "12345678" in shown
    event = Event.objects.get(kind="personal.unmasked")
    assert event.body == {"field": "leads", "reason": "联系运营商停机"}


@pytest.mark.row("R-101", "R-104")
@pytest.mark.django_db
def test_the_110_room_sends_handles_and_gets_their_faults_named():
    partner("ICBC")
    police = Signer(partner("P110", kind="police", public_key=PUBLIC).key_id, PRIVATE)
    earlier = filed(handles=[Handle(kind="order", value="SF1234567890123")])
    status, said = send(police, REPORTS_PATH, message(handles=[{"kind": "order", "value": "sf 1234567890123"}]))
    assert status == 200
    case = Case.objects.get(number=said["case_number"])
    assert CaseLink.objects.filter(case=case, earlier=earlier, kind="order").exists()
    status, said = send(police, REPORTS_PATH, message(external_id="2", handles=[{"kind": "qq", "value": "12"}]))
    assert (status, [fault["field"] for fault in said["faults"]]) == (422, ["handles-0"])
    status, _said = send(police, REPORTS_PATH, message(external_id="3", handles=[{"kind": "icq", "value": "12"}]))
    assert status == 422
    described = json.loads(Client().get("/api/v1/openapi.json").content)
    assert "handles" in json.dumps(described)


@pytest.mark.django_db
def test_a_report_without_handles_keeps_the_digest_it_had_before_there_were_any():
    before = hashlib.sha256(report().model_dump_json(exclude={"handles"}).encode()).digest()
    assert bytes(filed().digest) == before
    assert bytes(filed(handles=[Handle(kind="qq", value="12345678")]).digest) != before


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.row("R-101", "R-104")
def test_handles_are_taken_over_by_keys_with_their_earlier_cases_and_reach_the_case(desk):
    earlier = filed(handles=[Handle(kind="qq", value="12345678")])
    page = desk(Role.CALL_TAKER, reverse("intake"))
    page.keyboard.type("王建国")
    page.keyboard.press("Alt+N")
    page.keyboard.type("客服QQ：12345678，让我加微信号Zhang_Li88")
    leads = page.locator("[data-leads] li")
    leads.nth(1).wait_for()
    assert page.locator("[data-leads] li[data-kind=qq] .leads-earlier").inner_text() == earlier.number
    page.keyboard.press("Alt+1")
    page.keyboard.press("Alt+2")
    assert (page.input_value("[name=handles-0-kind]"), page.input_value("[name=handles-0]")) == ("qq", "12345678")
    page.locator("[data-earlier-list] a", has_text=earlier.number).wait_for()
    page.keyboard.press("Alt+Q")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("SF1234567890123")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases/*")
    case = Case.objects.exclude(pk=earlier.pk).get()
    told = {("qq", "12345678"), ("wechat", "zhang_li88"), ("order", "SF1234567890123")}
    assert set(case.leads.values_list("kind", "value")) == told
    assert case.links.get().earlier_id == earlier.id
