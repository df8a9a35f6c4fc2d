"""Payments of one story that are alike in everything: each has its own row."""

import pytest
from django.urls import reverse

from tests.centre import FIRST
from wuzha.intake.models import Case
from wuzha.people.models import Role


@pytest.mark.row("R-101")
def test_equal_payments_of_a_story_fill_a_row_each(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"), language="en")
    page.keyboard.type("王建国")
    page.keyboard.press("Alt+N")
    page.keyboard.insert_text(f"昨天下午3点用手机银行往{FIRST}转了三笔，每笔5000元")
    page.locator("[data-leads] li[data-kind=payment]").nth(2).wait_for()
    for key in ("Alt+1", "Alt+2", "Alt+3"):
        page.keyboard.press(key)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases/*")
    case = Case.objects.get()
    assert [(one.payee_account, one.amount_minor) for one in case.payments.order_by("n")] == [(FIRST, 5_000_00)] * 3
