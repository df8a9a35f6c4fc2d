"""The kind of fraud on the pages: chosen with the report, changed on the case, filtered in the list, compared."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.centre import FIRST, SECOND, filed
from wuzha.intake.actions import decide_kind
from wuzha.intake.models import Case
from wuzha.people.rules import Role

pytestmark = pytest.mark.django_db

BRUSHING = "他让我在群里做任务，先垫付再返佣金，派单员说要做连单才能提现"
MAY_DECIDE = {Role.CALL_TAKER, Role.CONTROL_OFFICER, Role.ANALYST}
SEE_CASES = {Role.CALL_TAKER, Role.CONTROL_OFFICER, Role.ANALYST, Role.APPROVER, Role.COMMANDER}


def fields(**more):
    at = timezone.localtime(timezone.now() - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M")
    return {
        "case_id": str(uuid4()), "victim_kind": "person", "victim_name": "王建国", "narrative": BRUSHING,
        "transfers-0-payee_account": FIRST, "transfers-0-amount": "50,000", "transfers-0-currency": "CNY",
        "transfers-0-at": at, **more,
    }  # fmt: skip


@pytest.mark.row("R-101", "R-502")
def test_the_choice_is_saved_with_the_report_and_stays_after_a_fault(client_of):
    client = client_of(Role.CALL_TAKER, "en")
    refused = client.post("/intake", fields(fraud_kind="dating", **{"transfers-0-amount": "-3"}))
    assert refused.status_code == 422
    assert '<option value="dating" selected>Online romance</option>' in refused.content.decode()
    client.post("/intake", fields(fraud_kind="dating"))
    kind = Case.objects.get().fraud_kind
    assert (kind.kind, kind.decided_by, kind.proposed_kind) == ("dating", "jiejing@CENTRE", "brushing")


def test_a_kind_that_is_none_is_marked_at_its_field(client_of):
    refused = client_of(Role.CALL_TAKER, "en").post("/intake", fields(fraud_kind="x" * 5_000))
    assert refused.status_code == 422
    assert "Choose a kind of fraud from the list." in refused.content.decode()
    assert not Case.objects.exists()


@pytest.mark.row("R-101", "R-104", "R-502")
def test_the_answer_to_a_narrative_tells_payments_kind_and_earlier_cases(client_of):
    earlier = filed(phones=["13912345678"], urls=["http://shua.example.com/A"])
    words = (
        f"{BRUSHING}。昨天下午3点我用农行卡6228480012345678911转了5万元到工行卡{FIRST}，户名李四，"
        f"今天又转了3万元到建行卡{SECOND}。电话+86 139-1234-5678，网址hxxps://Shua.Example[.]com/A"
    )
    answer = client_of(Role.CALL_TAKER, "en").post(reverse("intake-leads"), {"text": words}).json()
    first, second = answer["transfers"]
    assert (first["payer_account"], first["payee_account"], first["payee_name"]) == (
        "6228480012345678911", FIRST, "李四",
    )  # fmt: skip
    assert (first["amount"], first["at"][10:], first["channel_text"]) == ("50000", "T15:00", "bank transfer")
    assert (second["payee_account"], second["amount"], second["at"][10:]) == (SECOND, "30000", "T00:00")
    assert answer["fraud_kind"]["unsure"] is False
    kinds = answer["fraud_kind"]["kinds"]
    assert [kinds[0]["code"], kinds[0]["name"], len(kinds)] == ["brushing", "Task and rebate scam", 3]
    assert all(word in words for word in kinds[0]["words"])
    seen = {lead["kind"]: [case["text"] for case in lead["earlier"]] for lead in answer["leads"]}
    assert seen["phone"] == seen["url"] == [earlier.number]
    assert {lead["value"]: bool(lead["earlier"]) for lead in answer["leads"] if lead["kind"] == "card"} == {
        "6228480012345678911": False, FIRST: True, SECOND: False,
    }  # fmt: skip
    card = next(lead for lead in answer["leads"] if lead["kind"] == "card")
    assert "the check digit is right" in card["why"]


@pytest.mark.parametrize("want", ["leads", "kind", "", "nonsense", 7, ["leads"]])
def test_a_long_text_asks_for_leads_and_kind_apart(client_of, want):
    client = client_of(Role.CALL_TAKER)
    body = {"text": BRUSHING, "want": want}
    answer = client.post(reverse("intake-leads"), body, content_type="application/json").json()
    expected = {"leads": {"leads", "transfers"}, "kind": {"fraud_kind"}}
    whole = {"leads", "transfers", "fraud_kind"}
    assert set(answer) == (expected.get(want, whole) if isinstance(want, str) else whole)


@pytest.mark.parametrize(
    "body", ["", "[]", "7", "{", '{"text": null}', '{"text": "\\ud800 电话13912345678"}', "[" * 9_000]
)
def test_any_body_is_answered(client_of, body):
    answer = client_of(Role.CALL_TAKER).post(reverse("intake-leads"), body, content_type="application/json")
    assert answer.status_code == 200
    assert set(json.loads(answer.content)) == {"leads", "transfers", "fraud_kind"}


@pytest.mark.row("R-502", "R-801")
@pytest.mark.parametrize("role", sorted(SEE_CASES))
def test_who_may_decide_sees_the_choice_and_who_may_not_only_reads(client_of, role):
    case = filed(narrative=BRUSHING)
    client = client_of(role, "en")
    text = client.get(reverse("case", args=[case.id])).content.decode()
    assert "Task and rebate scam" in text
    assert (f'action="{reverse("decide-kind", args=[case.id])}"' in text) is (role in MAY_DECIDE)
    answer = client.post(reverse("decide-kind", args=[case.id]), {"fraud_kind": "loan"})
    assert answer.status_code == (302 if role in MAY_DECIDE else 403)
    case.fraud_kind.refresh_from_db()
    assert case.fraud_kind.kind == ("loan" if role in MAY_DECIDE else "")


@pytest.mark.row("R-502")
def test_a_decision_stands_on_the_case_with_who_and_in_its_timeline(client_of):
    case = filed(narrative=BRUSHING)
    client = client_of(Role.ANALYST, "en")
    page = client.post(reverse("decide-kind", args=[case.id]), {"fraud_kind": "loan"}, follow=True).content.decode()
    assert "Fake loan" in page
    assert "yanpan@CENTRE" in page
    assert "Kind of fraud decided: Fake loan" in page
    wrong = client.post(reverse("decide-kind", args=[case.id]), {"fraud_kind": "<b>"}, follow=True).content.decode()
    assert "Choose a kind of fraud from the list." in wrong
    assert "<b>" not in wrong.split("<main", 1)[1].split("Choose a kind", 1)[1][:200]


@pytest.mark.row("R-502")
def test_the_list_shows_and_filters_by_kind(client_of):
    proposed, decided = filed(narrative=BRUSHING), filed(narrative="你好")
    decide_kind(case_id=decided.id, kind="loan", by="x", now=timezone.now())
    client = client_of(Role.CONTROL_OFFICER, "en")
    whole = client.get(reverse("cases"), {"show": "all"}).content.decode()
    assert proposed.number in whole
    assert decided.number in whole
    only = client.get(reverse("cases"), {"show": "all", "kind": "loan"}).content.decode()
    assert decided.number in only
    assert proposed.number not in only
    assert "show=open&amp;kind=loan" in only
    odd = client.get(reverse("cases"), {"show": "all", "kind": "'; DROP"}).content.decode()
    assert proposed.number in odd


@pytest.mark.row("R-502")
@pytest.mark.parametrize("days", ["7", "30", "", "8", "x"])
def test_kinds_are_compared_with_the_period_before(client_of, days):
    now = timezone.now()
    for ago in (1, 2, 8):
        filed(narrative=BRUSHING, now=now - timedelta(days=ago), at=now - timedelta(days=9))
    text = client_of(Role.ANALYST, "en").get(reverse("fraud-kinds"), {"days": days}).content.decode()
    row = text.split("Task and rebate scam", 1)[1].split("</tr>", 1)[0]
    counts = (3, 0, "+3") if days == "30" else (2, 1, "+1")
    for count in counts:
        assert f">{count}<" in row
    assert "kind=brushing" in text
    part = client_of(Role.COMMANDER, "en").get(reverse("fraud-kinds"), {"days": days, "part": "rows"})
    assert "<html" not in part.content.decode()
