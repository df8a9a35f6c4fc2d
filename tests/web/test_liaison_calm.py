"""The liaison's list in a browser: it is ordered anew by itself, and not under a moving cursor."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.centre import filed, forget_measures
from wuzha.people.rules import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FEED = """
window.EventSource = class extends EventTarget {
  constructor() { super(); window.feed = this; setTimeout(() => this.onopen?.()); }
  close() {}
};
window.tell = (events) => window.feed.dispatchEvent(new MessageEvent("journal", { data: events }));
"""


@pytest.fixture(autouse=True)
def _nothing_learned():
    forget_measures()
    yield
    forget_measures()


def paid(n, amount):
    """A theft to an account of the liaison's bank."""
    now = timezone.now()
    return filed(amount, payee=f"62220202005577{n:02d}", at=now - timedelta(minutes=12), now=now)


@pytest.fixture
def liaison(desk, browser):
    """The list with one account in it, its time standing still; (page, requests for its rows)."""
    browser.add_init_script(FEED)
    browser.clock.install()
    paid(1, "20000")
    page = desk(Role.BANK_LIAISON, reverse("liaison"))
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "part=rows" in request.url else None)
    page.clock.pause_at(page.evaluate("Date.now()") + 10_000)
    asked.clear()
    return page, asked


def hear_of_another(page):
    """More is stolen, and the page is told that something was ordered."""
    paid(2, "90000")
    page.evaluate("(events) => tell(events)", json.dumps([{"case": "", "kinds": ["order.queued"]}]))


def comes_first(page, account):
    """Wait until an account stands first."""
    page.clock.resume()
    page.locator("#orders tbody tr:first-child .account").filter(has_text=account).wait_for()


@pytest.mark.row("R-801")
def test_a_new_order_takes_its_place_when_the_cursor_rests(liaison):
    page, asked = liaison
    box = page.locator("#orders tbody tr").first.bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 10)
    hear_of_another(page)
    for step in range(5):
        page.clock.run_for(1_000)
        page.mouse.move(box["x"] + 50 + step, box["y"] + 10)
        assert asked == []
    page.clock.run_for(3_000)
    comes_first(page, "557702")
    assert len(asked) == 1


def test_a_cursor_that_never_rests_holds_the_list_back_for_a_while_only(liaison):
    page, asked = liaison
    box = page.locator("#orders tbody tr").first.bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 10)
    hear_of_another(page)
    for step in range(12):
        page.clock.run_for(1_000)
        page.mouse.move(box["x"] + 50 + step, box["y"] + 10)
    comes_first(page, "557702")
    assert len(asked) == 1


def test_without_a_cursor_in_it_the_list_follows_at_once(liaison):
    page, asked = liaison
    page.mouse.move(1, 1)
    hear_of_another(page)
    page.clock.run_for(300)
    comes_first(page, "557702")
    assert len(asked) == 1
