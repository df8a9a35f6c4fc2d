"""What was typed at intake outlives signing out, a session that ended meanwhile, and a refusal after both."""

import pytest
from django.urls import reverse

from tests.web.people import USERNAMES, password_of
from tests.web.test_browser import type_report
from wuzha.intake.models import Case
from wuzha.people.rules import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DRAFT_MS = 600


def sign_out(page):
    page.click(".menu summary")
    page.locator(".menu form[action$='sign-out'] button").click()
    page.wait_for_url(lambda url: "sign-in" in url)


def sign_in(page, role=Role.CALL_TAKER):
    username = USERNAMES[role]
    page.fill("[name=username]", username)
    page.fill("[name=password]", password_of(username))
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def saved(page):
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases/*")
    case = Case.objects.get()
    assert (case.victim_name, case.reported_minor) == ("王建国", 50_000_00)
    assert "快递" in case.narrative


@pytest.fixture
def typed(desk):
    """The intake page with a report typed and not saved."""
    page = desk(Role.CALL_TAKER, reverse("intake"))
    type_report(page)
    page.wait_for_timeout(DRAFT_MS)
    return page


def test_signing_out_and_in_again_finds_the_report_as_it_was(typed):
    sign_out(typed)
    sign_in(typed)
    typed.goto(typed.url.split("/", 3)[0] + "//" + typed.url.split("/", 3)[2] + reverse("intake"))
    typed.locator("[data-kept]:visible").wait_for()
    assert typed.input_value("[name=transfers-0-amount]") == "50,000"
    saved(typed)


def test_another_officer_at_the_same_screen_does_not_see_it(typed):
    sign_out(typed)
    sign_in(typed, Role.CONTROL_OFFICER)
    typed.goto(typed.url.split("/", 3)[0] + "//" + typed.url.split("/", 3)[2] + reverse("intake"))
    assert typed.input_value("[name=victim_name]") == ""
    assert typed.input_value("[name=narrative]") == ""


def test_saving_after_the_session_ended_elsewhere_leads_over_the_sign_in_back_to_the_report(typed):
    other = typed.context.new_page()
    other.goto(typed.url)
    sign_out(other)
    typed.keyboard.press("Control+Enter")
    typed.wait_for_url(lambda url: "sign-in" in url)
    sign_in(typed)
    typed.wait_for_url("**" + reverse("intake"))
    typed.locator("[data-kept]:visible").wait_for()
    saved(typed)


def test_saving_after_signing_in_again_elsewhere_asks_only_to_save_again(typed):
    other = typed.context.new_page()
    other.goto(typed.url)
    sign_out(other)
    sign_in(other)
    with typed.expect_navigation():
        typed.keyboard.press("Control+Enter")
    if "/cases/" not in typed.url:
        typed.locator("[data-kept]:visible").wait_for()
        saved(typed)
    assert Case.objects.count() == 1
