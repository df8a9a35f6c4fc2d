"""The intake page: a report typed, mended and saved; what is known of a value while it is typed."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.centre import FIRST, SECOND, filed
from wuzha.control.models import Order
from wuzha.intake.models import Case, CaseLink
from wuzha.journal.models import Event
from wuzha.people.rules import Role

URL = "/intake"
HAN_NAME = "王建国"


def local(minutes_ago=20):
    return timezone.localtime(timezone.now() - timedelta(minutes=minutes_ago)).strftime("%Y-%m-%dT%H:%M")


def fields(**more):
    """What the page posts for a simple report."""
    return {
        "case_id": str(uuid4()),
        "victim_kind": "person",
        "victim_name": HAN_NAME,
        "victim_phone": "13800138000",
        "narrative": "对方自称客服",
        "transfers-0-payee_account": FIRST,
        "transfers-0-amount": "50,000",
        "transfers-0-currency": "CNY",
        "transfers-0-at": local(),
        **more,
    }


@pytest.fixture
def client(client_of):
    return client_of(Role.CALL_TAKER)


@pytest.mark.row("R-101", "R-102")
def test_a_saved_report_leads_to_the_case_where_orders_are_out_already(client):
    response = client.post(URL, fields(), follow=True)
    case = Case.objects.get()
    assert response.redirect_chain[-1][0] == reverse("case", args=[case.id])
    text = response.content.decode()
    assert case.number in text
    assert "指令已发出" in text
    assert set(Order.objects.filter(case=case).values_list("kind", flat=True)) == {"query-transactions", "stop"}


def test_a_double_click_makes_one_case(client):
    body = fields()
    first, second = client.post(URL, body), client.post(URL, body)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_the_same_id_with_another_report_is_refused_and_nothing_is_lost(client):
    body = fields()
    client.post(URL, body)
    response = client.post(URL, body | {"victim_name": "李小红"})
    assert response.status_code == 422
    assert "李小红" in response.content.decode()


@pytest.mark.row("R-103")
def test_a_company_with_four_payments_in_dollars(client):
    body = fields(victim_kind="company", victim_name="天津某某贸易有限公司")
    sums = ("250,000", "250,000.00", "２５００００", "220000")
    for n, amount in enumerate(sums):
        body |= {
            f"transfers-{n}-payee_account": f"HSBC-88100{n}",
            f"transfers-{n}-payee_bank": "CCB",
            f"transfers-{n}-amount": amount,
            f"transfers-{n}-currency": "USD",
            f"transfers-{n}-at": local(60 + n),
        }
    assert client.post(URL, body).status_code == 302
    case = Case.objects.get()
    assert (case.victim_kind, case.reported) == ("company", {"USD": 97_000_000})
    assert case.payments.count() == 4


@pytest.mark.row("R-105")
def test_a_victim_of_elsewhere_is_taken(client):
    assert client.post(URL, fields(jurisdiction="外省某地")).status_code == 302
    assert Case.objects.get().jurisdiction == "外省某地"


FAULTS = {
    "card with a wrong check digit is kept as an account": ({"transfers-0-payee_account": "abc!"}, "t0a", 1),
    "exponent": ({"transfers-0-amount": "1e9"}, "t0m", 1),
    "negative": ({"transfers-0-amount": "-3"}, "t0m", 1),
    "future": ({"transfers-0-at": "2099-01-01T00:00"}, "t0t", 1),
    "no time at all": ({"transfers-0-at": "yesterday"}, "t0t", 1),
    "amount missing": ({"transfers-0-amount": ""}, "t0m", 1),
    "account missing": ({"transfers-0-payee_account": ""}, "t0a", 1),
    "name missing": ({"victim_name": "  "}, "id_victim_name", 1),
    "html in the name": ({"victim_name": "<b>x</b>"}, "id_victim_name", 1),
    "phone": ({"victim_phone": "12"}, "id_victim_phone", 1),
    "identity number": ({"victim_id_number": "110101199913011234"}, "id_victim_id_number", 1),
    "two at once": ({"victim_phone": "12", "transfers-0-amount": "-3"}, "t0m", 2),
    "a number that called": ({"phones-7": "1"}, "", 1),
    "a link": ({"urls-3": "not a link"}, "", 1),
    "missing and wrong at once": ({"victim_name": "", "victim_phone": "12", "urls-3": "x y"}, "id_victim_phone", 3),
    "a wrong second row behind one without amount": (
        {"transfers-0-amount": "", "transfers-1-payee_account": SECOND, "transfers-1-amount": "1e9"},
        "t1m",
        2,
    ),
}


@pytest.mark.parametrize("case", FAULTS, ids=str)
def test_every_fault_stands_beside_its_field_and_every_value_stays(client, case):
    changed, field, count = FAULTS[case]
    body = fields(jurisdiction="城西派出所") | changed
    response = client.post(URL, body)
    text = response.content.decode()
    assert response.status_code == 422
    assert f"有 {count} 处需要改正" in text
    assert len(re.findall(r'aria-invalid="true"', text)) == count
    if field:
        marked = re.search(rf'<(?:input|select|textarea)[^>]*id="{field}"[^>]*>', text)
        assert marked
        assert "aria-invalid" in marked[0]
    for value in (body["case_id"], body["narrative"], "城西派出所"):
        assert value in text
    assert Case.objects.count() == 0
    noted = Event.objects.get(kind="report.refused")
    assert (len(noted.body["codes"]), noted.by) == (count, "jiejing@CENTRE")


@pytest.mark.parametrize("case", FAULTS, ids=str)
def test_every_refusal_is_told_in_the_readers_language(client_of, case):
    changed, _field, count = FAULTS[case]
    said = {}
    for language in ("en", "zh-hans"):
        text = client_of(Role.CALL_TAKER, language).post(URL, fields() | changed).content.decode()
        said[language] = re.findall(r'<p class="error".*?<span>(.*?)</span>', text)
        assert len(said[language]) == count
    assert all(len(re.findall("[A-Za-z]{2,}", one)) >= 4 for one in said["en"])
    assert all(re.search("[一-鿿]", one) for one in said["zh-hans"])


def test_a_long_narrative_is_refused_kindly(client):
    response = client.post(URL, fields(narrative="骗" * 1_000_000))
    assert response.status_code == 422
    assert "请保留要点" in response.content.decode()
    assert Case.objects.count() == 0


def test_what_was_typed_is_shown_again_escaped(client):
    trap = '"><script>alert(1)</script>'
    text = client.post(URL, fields(victim_phone=trap, narrative=trap)).content.decode()
    assert trap not in text
    assert "&lt;script&gt;alert(1)" in text


def test_over_long_values_are_faults_not_failures(client):
    response = client.post(URL, fields(**{"transfers-0-payee_name": "长" * 500, "transfers-0-payee_bank": "X" * 99}))
    assert response.status_code == 422


def test_the_bank_is_recognised_while_typing(client):
    found = client.get(reverse("intake-look"), {"kind": "account", "value": "6222 0202 0011 2230"}).json()
    assert (found["bank"], found["level"], found["value"]) == ("ICBC", "good", FIRST)
    slip = client.get(reverse("intake-look"), {"kind": "account", "value": FIRST[:-1] + "1"}).json()
    assert (slip["bank"], slip["level"]) == ("ICBC", "bad")
    wrong = client.get(reverse("intake-look"), {"kind": "phone", "value": "123456789012345678901234567890"}).json()
    assert (wrong["level"], wrong["earlier"]) == ("bad", [])
    assert wrong["hint"]


@pytest.mark.row("R-104")
def test_an_earlier_case_with_the_same_account_number_or_link_shows_and_becomes_a_link(client):
    earlier = filed(phones=["13912345678"], urls=["http://shua.example.com/a"], victim_name="别人")
    for kind, value in (("account", FIRST), ("phone", "139 1234 5678"), ("url", "shua.example.com/a")):
        found = client.get(reverse("intake-look"), {"kind": kind, "value": value}).json()
        assert [case["number"] for case in found["earlier"]] == [earlier.number], kind
        assert found["earlier"][0]["url"] == reverse("case", args=[earlier.id])
    response = client.post(URL, fields(), follow=True)
    assert CaseLink.objects.filter(earlier=earlier).exists()
    assert earlier.number in response.content.decode()


def test_the_victims_own_account_is_no_lead(client):
    filed()
    assert client.get(reverse("intake-look"), {"kind": "own", "value": FIRST}).json()["earlier"] == []


@pytest.mark.row("R-101")
def test_leads_are_picked_out_of_the_words(client):
    words = f"骗子让我转了5万元到{SECOND}，他的电话是13912345678"
    found = client.post(reverse("intake-leads"), {"text": words}).json()["leads"]
    kinds = {lead["kind"]: lead["value"] for lead in found}
    assert kinds["card"] == SECOND
    assert kinds["phone"] == "13912345678"
    assert "amount" in kinds
    as_json = client.post(reverse("intake-leads"), {"text": words}, content_type="application/json").json()["leads"]
    assert as_json == found
