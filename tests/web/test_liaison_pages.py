"""The liaisons: their own organisation's orders and no other, answered by a form."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.centre import FIRST, PAID_AT, SECOND, answer, filed, forget_measures, order, tell
from wuzha.control.models import Order, OrderAnswer
from wuzha.control.pasted import read_lines
from wuzha.journal.models import Event
from wuzha.kernel.refusals import Refusal, Refusals
from wuzha.partners.protocol import AccountRef, Transaction
from wuzha.people.rules import Role
from wuzha.tracing.models import TracedAccount

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of):
    return client_of(Role.BANK_LIAISON)


def answer_url(order):
    return reverse("liaison-order", args=[order.id])


@pytest.mark.row("R-801")
def test_a_liaison_sees_the_orders_to_the_own_bank_whole_and_no_other(client):
    mine, other = filed(), filed(payee=SECOND, bank="CCB")
    text = client.get(reverse("liaison")).content.decode()
    assert FIRST in text
    assert SECOND not in text
    assert other.number not in text
    assert mine.number in text


@pytest.mark.row("R-801")
def test_asking_for_another_banks_order_by_its_id_finds_nothing_and_is_noted(client):
    other = order(filed(payee=SECOND, bank="CCB"), "stop", SECOND)
    assert client.get(answer_url(other)).status_code == 404
    assert client.post(answer_url(other), {"outcome": "done", "held": "1"}).status_code == 404
    assert client.get(reverse("liaison-order", args=[uuid4()])).status_code == 404
    assert Event.objects.filter(kind="access.refused", by="yinhang@ICBC").count() == 3
    other.refresh_from_db()
    assert other.answered_at is None


@pytest.mark.row("R-201", "R-202")
def test_a_stop_is_answered_with_what_it_caught(client):
    stop = order(filed(), "stop")
    response = client.post(answer_url(stop), {"outcome": "done", "held": "30,000", "balance": "30000"}, follow=True)
    assert "答复已送达中心" in response.content.decode()
    stop.refresh_from_db()
    assert (stop.state, stop.held_minor) == ("in_force", 30_000_00)
    assert stop.effective_at is not None


def test_the_same_answer_sent_twice_counts_once(client):
    stop = order(filed(), "stop")
    body = {"outcome": "done", "held": "1", "answer_id": str(uuid4())}
    client.post(answer_url(stop), body)
    client.post(answer_url(stop), body)
    assert OrderAnswer.objects.filter(order=stop).count() == 1


@pytest.mark.row("R-203")
def test_a_pasted_statement_sends_the_chase_to_the_next_layer(client):
    case = filed()
    query = order(case, "query-transactions")
    paid = timezone.localtime(PAID_AT)
    lines = (
        "时间\t收支\t金额\t对方账号\t对方户名\t对方银行\t余额\n"
        f"{paid:%Y-%m-%d %H:%M}:00\t收\t50,000.00\t6228480012345678911\t张三\tABC\t50000.00\n"
        f"{paid:%Y-%m-%d %H:%M}:59\t支\t50000\t{SECOND}\t赵六\tCCB\t0\n"
    )
    response = client.post(
        answer_url(query),
        {"outcome": "done", "holder_name": "李四", "holder_kind": "personal", "lines": lines, "balance": "0"},
    )
    assert response.status_code == 302
    assert TracedAccount.objects.get(case=case, number=SECOND).layer == 2
    assert order(case, "stop", SECOND).amount_minor == 50_000_00
    assert TracedAccount.objects.get(case=case, number=FIRST).name == "李四"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"outcome": "done", "held": ""}, "不是金额"),
        ({"outcome": "done", "held": "-1"}, "不是金额"),
        ({"outcome": "refused"}, "请简单说明原因"),
        ({"outcome": "whatever"}, "请选择办理结果"),
    ],
    ids=str,
)
def test_faults_of_an_answer_stand_beside_their_field(client, body, text):
    stop = order(filed(), "stop")
    response = client.post(answer_url(stop), body | {"message": ""})
    assert response.status_code == 422
    assert text in response.content.decode()
    assert not OrderAnswer.objects.exists()


def test_lines_that_cannot_be_read_are_told_by_number(client):
    query = order(filed(), "query-transactions")
    lines = "2026-11-20 09:00\tin\t5\nyesterday\tin\t5\n2026-11-20 09:00\tsideways\t5\n2026-11-20 09:01\tin\t1e9"
    text = client.post(answer_url(query), {"outcome": "done", "lines": lines}).content.decode()
    for n in (2, 3, 4):
        assert f"第 {n} 行" in text
    assert "第 1 行" not in text
    assert "yesterday" in text


def test_an_order_is_refused_with_a_reason(client):
    stop = order(filed(), "stop")
    client.post(answer_url(stop), {"outcome": "no_match", "message": "没有这笔转账"})
    stop.refresh_from_db()
    assert (stop.state, stop.outcome, stop.outcome_message) == ("refused", "no_match", "没有这笔转账")


def test_an_api_partners_liaison_may_answer_too(client_of, officers):
    stop = order(filed(payee=SECOND, bank="CCB"), "stop", SECOND)
    officers[Role.BANK_LIAISON].unit = stop.partner.unit
    officers[Role.BANK_LIAISON].save()
    client_of(Role.BANK_LIAISON).post(answer_url(stop), {"outcome": "done", "held": "50000"})
    assert Order.objects.get(pk=stop.pk).state == "in_force"


GOOD = {
    "tabs": ("2026-11-20 09:00\tin\t85,000.50\t6222020200112230\t张三\tICBC\t0", ("in", 8_500_050, 0)),
    "commas with grouped sums": ("2026-11-20 09:00, out, 85,000.50, 6222020200112230", ("out", 8_500_050, None)),
    "semicolons": ("2026/11/20 09:00:30; 支; 12", ("out", 1200, None)),
    "bank's compact time": ("20261120090030\t贷\t1.5", ("in", 150, None)),
}


@pytest.mark.parametrize("case", GOOD, ids=str)
def test_a_pasted_line_is_read(case):
    text, wanted = GOOD[case]
    (line,) = read_lines(text, currency="CNY", zone=UTC)
    assert (line.direction, line.amount_minor, line.balance_minor) == wanted


def test_pasted_lines_are_sorted_headed_and_the_same_line_is_the_same_transaction():
    text = "时间\t收支\t金额\n2026-11-20 10:00\tin\t2\n\n2026-11-20 09:00\tin\t1\n2026-11-20 09:00\tin\t1"
    lines = read_lines(text, currency="CNY", zone=UTC)
    assert [line.amount_minor for line in lines] == [100, 100, 200]
    assert lines[0].at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert len({line.serial for line in lines}) == 2


def test_too_many_lines_are_refused():
    with pytest.raises(Refusal, match="at most"):
        read_lines("2026-11-20 10:00\tin\t2\n" * 2001, currency="CNY", zone=UTC)
    with pytest.raises(Refusals):
        read_lines("2026-11-20 10:00", currency="CNY", zone=UTC)


@pytest.fixture(autouse=True)
def _nothing_learned():
    forget_measures()
    yield
    forget_measures()


def paid(n, amount, minutes):
    """A theft to an account of the liaison's bank, so long ago."""
    now = timezone.now()
    return filed(amount, payee=f"62220202005577{n:02d}", at=now - timedelta(minutes=minutes), now=now)


def empty(case, amount_minor):
    """The bank of account 01 tells that all of it left five minutes ago."""
    now = timezone.now()
    left = Transaction(
        serial="9", at=now - timedelta(minutes=5), direction="out", amount_minor=amount_minor,
        counterparty=AccountRef(bank="CCB", number=SECOND),
    )  # fmt: skip
    tell(answer(order(case, "query-transactions", "6222020200557701"), lines=[left], now=now), now=now)


def rows_of(client, kind="stop"):
    """(account, reason) of the rows of a kind, as the page shows them."""
    text = client.get(reverse("liaison"), {"part": "rows"}).content.decode()
    rows = re.findall(r'<tr id="o.*?</tr>', text, re.S)
    kept = {str(row.pk): row.kind for row in Order.objects.all()}
    found = []
    for row in rows:
        if kept[re.match(r'<tr id="o([0-9a-f-]+)"', row)[1]] == kind:
            reason = re.search(r'class="next-why"[^>]*>(.*?)</span>', row)
            found.append((re.search(r'class="account">(.*?)</span>', row)[1], reason[1] if reason else ""))
    return found


@pytest.mark.row("R-801", "R-203")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "about <b>SUM</b> of ¥90K still there · came 12 min ago",
                "about <b>SUM</b> of ¥20K still there · came 12 min ago",
                "about <b>SUM</b> of ¥30K still there · came 2 h 59 min ago",
                "no stolen money is left here",
            ],
        ),
        (
            "zh-hans",
            [
                "¥9万中预计仍有 <b>SUM</b> · 12分钟前到账",
                "¥2万中预计仍有 <b>SUM</b> · 12分钟前到账",
                "¥3万中预计仍有 <b>SUM</b> · 2小时59分前到账",
                "账上已无涉案资金",
            ],
        ),
    ],
)
def test_what_saves_most_now_stands_first_with_its_reason_and_empty_accounts_last(client_of, language, said):
    emptied = paid(1, "400000", 12)
    paid(2, "30000", 179)
    paid(3, "20000", 12)
    paid(4, "90000", 12)
    empty(emptied, 400_000_00)
    rows = rows_of(client_of(Role.BANK_LIAISON, language))
    assert [account[-2:] for account, _reason in rows] == ["04", "03", "02", "01"]
    assert [re.sub(r"<b>¥[\d.,万K]+</b>", "<b>SUM</b>", reason) for _account, reason in rows] == said


def test_the_list_is_ranked_anew_when_something_is_told(client):
    large, small = paid(1, "90000", 12), paid(2, "20000", 12)
    assert [account[-2:] for account, _reason in rows_of(client)] == ["01", "02"]
    empty(large, 90_000_00)
    assert [account[-2:] for account, _reason in rows_of(client)] == ["02", "01"]
    assert order(small, "stop", "6222020200557702").state == "delivered"


def test_what_was_given_up_stands_behind_what_is_open(client):
    given_up, fresh = paid(1, "90000", 12), paid(2, "20000", 12)
    Order.objects.filter(case=given_up).update(state="unanswered")
    text = client.get(reverse("liaison"), {"part": "rows"}).content.decode()
    assert text.index(fresh.number) < text.index(given_up.number)


def test_the_list_asks_the_database_no_more_for_more_orders(client, django_assert_max_num_queries):
    for n in range(12):
        paid(n, "20000", 12)
    client.get(reverse("liaison"))
    with django_assert_max_num_queries(10):
        client.get(reverse("liaison"), {"part": "rows"})
