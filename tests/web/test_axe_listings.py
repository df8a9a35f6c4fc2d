"""The grey list's pages in the browser: axe finds no serious fault, nothing runs off a phone; empty and long."""

import pytest
from django.urls import reverse

from tests.centre import reacting_at_once
from tests.web.test_axe import PHONE, faults, overflow
from tests.web.test_listing_pages import STRANGER, listed, waits
from wuzha.people.rules import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "我卖了旧手机，对方付的货款。" * 60 + "x" * 300


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    reacting_at_once(monkeypatch)


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "dark")])
@pytest.mark.parametrize("role", [Role.CONTROL_OFFICER, Role.BANK_LIAISON])
def test_the_grey_list_is_accessible_and_fits_a_phone(desk, role, language, theme):
    own = role is Role.BANK_LIAISON
    pages = ("own-listings", "own-listing") if own else ("grey-list", "listing")
    page = desk(role, reverse(pages[0]), language=language)
    page.emulate_media(color_scheme=theme)
    assert faults(page) == []
    listing = listed()
    for number in range(2, 8):
        waits(listing, seq=number, serial=f"p{number}", amount=10**11 + number, objection=LONG, came=STRANGER)
    for name, ids in zip(pages, ([], [listing.id]), strict=True):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + reverse(name, args=ids))
        page.set_viewport_size({"width": 1366, "height": 900})
        assert faults(page) == [], name
        page.set_viewport_size(PHONE)
        assert overflow(page) <= 0, name
