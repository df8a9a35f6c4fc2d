"""On a phone of 360 pixels: no page of any role runs off its side, in either language, connected or not.

The pages are taken from the addresses themselves, so that a new page is in this test without being named here.
"""

import pytest
from django.urls import get_resolver, reverse

from tests.centre import SECOND, answer, filed, line, order, tell
from tests.web.people import STATION
from tests.web.test_browser import TWO_PAYMENTS
from wuzha.control.models import Order
from wuzha.partners.protocol import Handle
from wuzha.people.rules import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 360, "height": 740}
PAGE_KINDS = ("text/html",)
# A copy of the lamp, since the page goes on trying to connect and would change its own.
LOST = """() => { const lamp = document.querySelector("[data-lamp]"); if (!lamp) return;
const copy = lamp.cloneNode(true); delete copy.dataset.lamp; copy.dataset.state = "lost";
copy.querySelector("[data-lamp-word]").textContent = copy.dataset.wordLost; lamp.replaceWith(copy); }"""
# What stands beyond the right edge and is not scrolled or cut inside something of its own.
OVER = """() => { const width = document.documentElement.clientWidth;
const cut = (one) => { for (let up = one.parentElement; up && up !== document.body; up = up.parentElement)
  if (getComputedStyle(up).overflowX !== "visible") return true; return false; };
const out = [...document.body.querySelectorAll("*")].filter((one) => one.getClientRects().length
  && one.getBoundingClientRect().right > width + 1 && !cut(one)
  && !one.closest("svg, .skip, .visually-hidden, dialog:not([open])"));
for (const desk of document.querySelectorAll(".desks a"))  // the bar under the thumb cuts what does not fit
  if (desk.scrollWidth > desk.clientWidth + 1 || desk.getBoundingClientRect().right > width + 1) out.push(desk);
const told = (one) => `${one.tagName.toLowerCase()}.${one.className} ${one.textContent.trim().slice(0, 40)}`;
return { over: document.documentElement.scrollWidth - innerWidth, out: out.slice(0, 5).map(told) }; }"""
LONG_NAME = "一位名字很长很长的值班民警"


@pytest.fixture
def full(desk):
    """desk, at a centre where something stands on every page, some of it long."""
    case = filed(
        "88888888.88",
        jurisdiction=STATION,
        victim_kind="company",
        victim_name="锡州市某某国际进出口贸易有限责任公司第一分公司",
        victim_phone="13800138000",
        victim_id_number="11010519491231002X",
        narrative="对方自称客服" * 60 + "https://" + "a" * 300 + ".example.com",
        phones=["13912345678", "+85291234567"],
        urls=["https://shua.example.com/" + "abc" * 60],
        handles=[Handle(kind="telegram", value="a" * 32), Handle(kind="order", value="1" * 40)],
    )
    filed("900000", jurisdiction=STATION)
    filed("5000", payee=SECOND, bank="CCB", jurisdiction=STATION)
    lines = [
        line("a", "in", 88_888_888_88, to="6228480012345678911", bank="ABC"),
        line("b", "out", 20_000_000_00, s=9, to=SECOND),
    ]
    tell(answer(order(case, "query-transactions"), lines=lines, name="某某" * 40))
    tell(answer(order(case, "stop"), held_minor=30_000_00, balance_minor=30_000_00))
    for officer in desk.people.values():
        officer.full_name = LONG_NAME
        officer.save()
    desk.case = case
    return desk


def addresses(desk):
    """(name, path) of every address that can be opened with what the centre of this test has."""
    given = {
        "case_id": desk.case.id,
        "order_id": Order.objects.filter(case=desk.case, kind="stop").latest("created_at").id,
        "officer_id": desk.people[Role.ANALYST].pk,
        "pk": desk.people[Role.ANALYST].pk,
    }
    found = []
    for name, entries in sorted(get_resolver().reverse_dict.lists(), key=str):
        if not isinstance(name, str):
            continue
        wanted = entries[0][0][0][1]
        if set(wanted) <= set(given):
            found.append((name, reverse(name, kwargs={one: given[one] for one in wanted})))
    return found


def pages_of(page, desk):
    """Of all addresses those that show a page to the one signed in."""
    base = "/".join(page.url.split("/", 3)[:3])
    for name, path in addresses(desk):
        response = page.request.get(base + path, max_redirects=0)
        kind = response.headers.get("content-type", "").partition(";")[0]
        if response.status == 200 and kind in PAGE_KINDS and "<main" in response.text():
            yield name, base + path


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("role", list(Role))
def test_no_page_of_a_role_runs_off_a_narrow_phone(full, role, language):
    page = full(role, language=language)
    page.set_viewport_size(NARROW)
    seen, beyond = [], []
    for name, url in pages_of(page, full):
        page.goto(url)
        page.wait_for_load_state("load")
        page.evaluate(LOST)
        seen.append(name)
        if (found := page.evaluate(OVER)) != {"over": 0, "out": []}:
            beyond.append((name, found))
    assert beyond == []
    assert "password" in seen
    assert len(seen) >= 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_signing_in_and_a_wrong_address_fit_a_narrow_phone(transactional_db, live_server, page, language):
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.set_viewport_size(NARROW)
    for path in ("/sign-in", "/no-such-page/"):
        page.goto(live_server.url + path)
        assert page.evaluate(OVER) == {"over": 0, "out": []}, path


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_lost_connection_is_told_in_the_bar_and_everything_in_it_can_be_pressed(full, language):
    page = full(Role.STATION_OFFICER, language=language)
    page.set_viewport_size(NARROW)
    page.evaluate(LOST)
    lamp = page.locator(".lamp")
    assert lamp.inner_text().strip()
    menu = page.locator(".menu summary")
    box = menu.bounding_box()
    assert box["x"] + box["width"] <= NARROW["width"]
    menu.click()
    sheet = page.locator(".menu > div").bounding_box()
    assert sheet["x"] >= 0
    assert sheet["x"] + sheet["width"] <= NARROW["width"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_intake_with_leads_and_faults_fits_a_narrow_phone(full, language):
    page = full(Role.CALL_TAKER, reverse("intake"), language=language)
    page.set_viewport_size(NARROW)
    page.fill("[name=narrative]", TWO_PAYMENTS + "，QQ 12345678，链接 " + "a" * 60 + ".example.com/" + "b" * 200)
    page.locator("[data-leads] li").nth(4).wait_for()
    page.locator("[data-kinds] button").nth(2).wait_for()
    page.locator("[data-leads] li .leads-pick").first.click()
    page.fill("[name=transfers-0-amount]", "-3")
    page.fill("[name=phones-0]", "12")
    page.click("[data-submit]")
    page.locator("[aria-invalid]").nth(2).wait_for()
    page.evaluate(LOST)
    assert page.evaluate(OVER) == {"over": 0, "out": []}
