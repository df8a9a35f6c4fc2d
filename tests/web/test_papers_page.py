"""A partner that wants documents before it acts, on the pages of both sides."""

import pytest
from django.urls import reverse

from tests.centre import answer, filed, order, tell
from wuzha.control.models import Order
from wuzha.people.rules import Role

pytestmark = pytest.mark.django_db


@pytest.mark.row("R-103")
def test_documents_are_asked_for_by_the_bank_and_supplied_by_the_desk(client_of):
    liaison, desk = client_of(Role.BANK_LIAISON), client_of(Role.CONTROL_OFFICER)
    stop = order(filed(), "stop")
    page = reverse("liaison-order", args=[stop.id])
    liaison.post(page, {"outcome": "needs_papers", "message": "请出具立案决定书"})
    shown = desk.get(reverse("order", args=[stop.id])).content.decode()
    assert "请出具立案决定书" in shown
    assert "补充材料" in shown
    act = reverse("order-act", args=[stop.id])
    assert "请写明提交了哪些材料" in desk.post(act, {"do": "papers", "reason": ""}, follow=True).content.decode()
    desk.post(act, {"do": "papers", "reason": "立案决定书 2026-118"})
    papers = Order.objects.get(kind="papers")
    assert papers.ref_id == stop.id
    told = liaison.get(reverse("liaison-order", args=[papers.id])).content.decode()
    assert "立案决定书 2026-118" in told
    stop.refresh_from_db()
    tell(answer(stop, seq=5, held_minor=50_000_00, balance_minor=50_000_00))
    assert 'data-dialog="papers"' not in desk.get(reverse("order", args=[stop.id])).content.decode()
