"""The control desk: the board, approvals by one key, an order with its papers, orders by hand, the limits."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.centre import FIRST, SECOND, answer, filed, order, tell
from wuzha.control.models import Order
from wuzha.people.rules import Role

pytestmark = pytest.mark.django_db


def board(client, **query):
    return client.get(reverse("board"), query).content.decode()


@pytest.fixture
def stopped(officers):
    """A stop in force that was answered just now."""
    now = timezone.now()
    case = filed(now=now)
    stop = order(case, "stop")
    tell(answer(stop, held_minor=50_000_00, balance_minor=50_000_00, now=now), now=now)
    return Order.objects.get(pk=stop.pk)


@pytest.mark.row("R-202")
def test_the_board_puts_late_orders_first_then_what_is_due_then_the_most_money(client_of):
    now = timezone.now()
    big, small, late = filed("90000", now=now), filed("10000", now=now), filed("5000", now=now)
    Order.objects.filter(case=late).update(due_at=now - timedelta(minutes=1))
    rows = re.findall(r"XF\d+-\d+", board(client_of(Role.CONTROL_OFFICER), kind="stop"))
    assert rows == [case.number for case in (late, big, small)]
    only_late = board(client_of(Role.CONTROL_OFFICER), show="late")
    assert big.number not in only_late
    assert late.number in only_late


@pytest.mark.row("R-202")
def test_each_open_order_counts_down_and_says_when_it_was_late(client_of, stopped):
    client = client_of(Role.CONTROL_OFFICER)
    text = board(client)
    assert "data-due=" in text
    Order.objects.filter(pk=stopped.pk).update(due_at=stopped.answered_at - timedelta(seconds=125), late_s=125)
    assert "超时 02:05" in client.get(reverse("order", args=[stopped.pk])).content.decode()


@pytest.mark.row("R-201")
@pytest.mark.parametrize("filter_", ["open", "late", "in_force", "trouble", "all", "nonsense"])
def test_every_filter_of_the_board_answers(client_of, stopped, filter_):
    text = board(client_of(Role.ANALYST), show=filter_, partner="ICBC")
    assert ('data-tone="held"' in text) == (filter_ in ("in_force", "all"))


def test_board_masks_accounts_and_the_papers_show_them(client_of, stopped):
    client = client_of(Role.CONTROL_OFFICER)
    assert FIRST not in board(client, show="all")
    papers = client.get(reverse("order", args=[stopped.pk])).content.decode()
    for fact in (FIRST, "银发〔2016〕86号", "常设授权", "自动追踪", "¥50,000.00", stopped.case.number):
        assert fact in papers, fact


def test_papers_are_masked_for_who_neither_orders_nor_approves(client_of, stopped):
    papers = client_of(Role.ANALYST).get(reverse("order", args=[stopped.pk])).content.decode()
    assert "6222****2230" in papers
    assert FIRST not in papers
    assert "6228480012345678911" not in papers


@pytest.mark.row("R-203")
def test_an_approver_approves_one_order_and_declines_another(client_of):
    case = filed("900000")
    client = client_of(Role.APPROVER)
    queue = client.get(reverse("approvals")).content.decode()
    assert queue.count('data-row-key="a"') == 2
    query, stop = order(case, "query-transactions"), order(case, "stop")
    url = reverse("decide", args=[case.id])
    client.post(url, {"order": str(query.id), "do": "approve"})
    client.post(url, {"order": str(stop.id), "do": "decline", "reason": "受害人已自行追回"})
    query.refresh_from_db()
    stop.refresh_from_db()
    assert (query.state, query.approved_by) == ("delivered", "shenpi@CENTRE")
    assert (stop.state, stop.outcome_message) == ("declined", "受害人已自行追回")
    assert "没有待审批" in client.get(reverse("approvals")).content.decode()


def test_declining_needs_a_reason_and_odd_ids_do_nothing(client_of):
    case = filed("900000")
    client = client_of(Role.APPROVER)
    url = reverse("decide", args=[case.id])
    told = client.post(url, {"order": str(order(case, "stop").id), "do": "decline"}, follow=True).content.decode()
    assert "请说明原因" in told
    client.post(url, {"order": ["x", str(uuid4())], "do": "approve"})
    assert set(Order.objects.filter(case=case).values_list("state", flat=True)) == {"proposed"}


def test_who_asked_cannot_approve(client_of):
    case = filed("900000")
    asked = Order.objects.filter(pk=order(case, "stop").pk)
    asked.update(asked_by="shenpi@CENTRE")
    client = client_of(Role.APPROVER)
    assert "须由他人审批" in client.get(reverse("approvals")).content.decode()
    told = client.post(reverse("decide", args=[case.id]), {"order": str(asked.get().id), "do": "approve"}, follow=True)
    assert "须由他人审批" in told.content.decode()
    assert asked.get().state == "proposed"


@pytest.mark.row("R-201")
@pytest.mark.parametrize(("do", "kind"), [("release", "stop-release"), ("extend", "stop-extend")])
def test_release_and_extend_by_a_button_with_a_reason(client_of, stopped, do, kind):
    client = client_of(Role.CONTROL_OFFICER)
    url = reverse("order-act", args=[stopped.pk])
    refused = client.post(url, {"do": do, "reason": ""}, follow=True).content.decode()
    assert "请说明" in refused
    client.post(url, {"do": do, "reason": "依据充分"})
    made = Order.objects.get(kind=kind)
    assert (made.ref_id, made.asked_by) == (stopped.pk, "chakong@CENTRE")


def test_a_queued_order_is_taken_back_or_sent_again(client_of):
    case = filed(payee=SECOND, bank="CCB")
    stop = order(case, "stop", SECOND)
    client = client_of(Role.CONTROL_OFFICER)
    url = reverse("order-act", args=[stop.pk])
    assert "已立即重发" in client.post(url, {"do": "resend"}, follow=True).content.decode()
    client.post(url, {"do": "withdraw", "reason": "账号有误"})
    stop.refresh_from_db()
    assert stop.state == "withdrawn"
    assert "请直接致电联络员" in client.post(url, {"do": "resend"}, follow=True).content.decode()


@pytest.mark.row("R-201")
def test_an_order_by_hand_goes_out_inside_the_authorisation_and_waits_outside_it(client_of):
    case = filed()
    client = client_of(Role.CONTROL_OFFICER)
    url = reverse("new-order", args=[case.id])
    values = {"kind": "query-holder", "account": FIRST, "currency": "CNY", "layer": "1", "why": "核实户主"}
    client.post(url, values)
    assert order(case, "query-holder").state == "delivered"
    stop = {"kind": "stop", "account": SECOND, "bank": "CCB", "amount": "8,000,000", "currency": "CNY", "layer": "2"}
    client.post(url, stop)
    assert order(case, "stop", SECOND).state == "proposed"
    again = client.post(url, stop)
    assert again.status_code == 422
    assert "已有同类指令" in again.content.decode()


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"account": "??"}, "这不是账户"),
        ({"kind": "stop", "amount": "-3"}, "不是金额"),
        ({"kind": "stop-release"}, "请从列表中选择"),
        ({"account": "ABCDEFGH12345678", "bank": ""}, "请选择由谁办理"),
        ({"bank": "NOBODY"}, "尚未接入"),
        ({"layer": "0"}, "层级是"),
        ({"kind": "suspend-number", "account": "12"}, "电话号码"),
    ],
    ids=str,
)
def test_faults_of_an_order_by_hand_are_told_and_nothing_is_lost(client_of, changed, text):
    case = filed()
    values = {"kind": "query-holder", "account": SECOND, "bank": "CCB", "layer": "1", "why": "理由在此"} | changed
    response = client_of(Role.CONTROL_OFFICER).post(reverse("new-order", args=[case.id]), values)
    assert response.status_code == 422
    assert text in response.content.decode()
    assert "理由在此" in response.content.decode()


def test_an_order_that_is_not_there_is_not_found(client_of):
    client = client_of(Role.CONTROL_OFFICER)
    for name in ("order", "order-act"):
        method = client.get if name == "order" else client.post
        assert method(reverse(name, args=[uuid4()])).status_code == 404


def test_the_limits_stand_with_their_source(client_of):
    text = client_of(Role.ADMINISTRATOR).get(reverse("policy")).content.decode()
    for value in ("10 分钟", "15 分钟", "48 小时", "2 次", "银发〔2016〕86号", "各地中心惯例"):
        assert value in text, value
