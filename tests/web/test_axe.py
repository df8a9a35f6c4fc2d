"""Every page in the browser: axe finds no serious fault, nothing runs off a phone; both languages, both themes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.centre import SECOND, answer, filed, line, order, tell
from tests.web.people import STATION
from wuzha.people.rules import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SERIOUS = ("serious", "critical")
PHONE = {"width": 390, "height": 844}
DESKS = {
    Role.CALL_TAKER: ["intake", "cases", "case", "search"],
    Role.CONTROL_OFFICER: ["board", "order", "new-order"],
    Role.APPROVER: ["approvals", "case"],
    Role.BANK_LIAISON: ["liaison", "liaison-order"],
    Role.OPERATOR_LIAISON: ["liaison"],
    Role.STATION_OFFICER: ["cases", "case"],
    Role.ANALYST: ["search", "situation", "fraud-kinds", "saved", "case"],
    Role.COMMANDER: ["situation", "approvals", "fraud-kinds", "saved"],
    Role.ADMINISTRATOR: ["officers", "officer", "partners", "journal", "policy", "password"],
}


@pytest.fixture
def busy(desk):
    """desk, at a centre where something is on every page."""
    case = filed(jurisdiction=STATION, phones=["13912345678"], urls=["shua.example.com"])
    filed("900000", jurisdiction=STATION)
    lines = [
        line("a", "in", 50_000_00, to="6228480012345678911", bank="ABC"),
        line("b", "out", 20_000_00, s=9, to=SECOND),
    ]
    tell(answer(order(case, "query-transactions"), lines=lines))
    desk.case = case
    return desk


def address(name, busy):
    ids = {
        "case": [busy.case.id], "new-order": [busy.case.id], "order": [order(busy.case, "stop").id],
        "liaison-order": [order(busy.case, "stop").id], "officer": [busy.people[Role.ANALYST].pk],
    }  # fmt: skip
    return reverse(name, args=ids.get(name, []))


def faults(page):
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {fault['help']} {[node['html'][:160] for node in fault['nodes'][:3]]}"
        for fault in found
        if fault["impact"] in SERIOUS
    ]


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "dark")])
def test_desks_have_no_serious_fault(busy, role, language, theme):
    page = busy(role, language=language)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    base = page.url.split("/", 3)
    for name in DESKS[role]:
        page.goto("/".join(base[:3]) + address(name, busy))
        page.wait_for_load_state("load")
        assert faults(page) == [], name
        page.set_viewport_size(PHONE)
        assert overflow(page) <= 0, f"{name} runs off a phone"
        page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_signing_in_and_error_pages_have_no_serious_fault(transactional_db, live_server, page, theme):
    page.emulate_media(color_scheme=theme)
    for path in ("/sign-in", "/no-such-page/"):
        page.goto(live_server.url + path)
        assert faults(page) == []
        page.set_viewport_size(PHONE)
        assert overflow(page) <= 0


def test_a_phone_has_its_desks_under_the_thumb(busy):
    page = busy(Role.STATION_OFFICER)
    page.set_viewport_size(PHONE)
    box = page.locator("nav.desks").bounding_box()
    assert box["y"] + box["height"] == PHONE["height"]
    assert page.locator("nav.desks a").first.bounding_box()["height"] >= 44
