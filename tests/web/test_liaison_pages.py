"""The liaisons: their own organisation's orders and no other, answered by a form."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.centre import FIRST, PAID_AT, SECOND, filed, order
from wuzha.control.models import Order, OrderAnswer
from wuzha.control.pasted import read_lines
from wuzha.journal.models import Event
from wuzha.kernel.refusals import Refusal, Refusals
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
