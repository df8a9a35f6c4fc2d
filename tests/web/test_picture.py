"""The picture of cases of any size: all of it is there, and told where it is not drawn; also on a phone."""

import pytest
from django.urls import reverse

from tests.web.picture_case import case_of
from wuzha.people.rules import Role
from wuzha.tracing import selectors
from wuzha.tracing.models import TracedAccount

FLOW = "document.querySelector('[data-flow]').flow"
COUNT = f"{FLOW}.plan.cards.reduce((n, one) => n + one.count, 0)"


@pytest.mark.django_db
@pytest.mark.parametrize(("accounts", "limit", "left_out"), [(60, 3_000, 0), (60, 60, 0), (60, 25, 35)])
def test_what_is_beyond_the_limit_is_counted(monkeypatch, accounts, limit, left_out):
    monkeypatch.setattr(selectors, "ACCOUNTS_DRAWN_MAX", limit)
    case = case_of(accounts)
    graph = selectors.flow(case.id)
    assert graph["left_out"] == left_out
    assert sum(node["layer"] > 0 for node in graph["nodes"]) == accounts - left_out
    assert TracedAccount.objects.filter(case=case).count() == accounts


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.row("R-501")
@pytest.mark.parametrize("accounts", [5, 300, 1_500])
def test_a_picture_of_any_size_is_whole_and_works(desk, accounts):
    case = case_of(accounts)
    page = desk(Role.ANALYST, reverse("case", args=[case.id]))
    page.locator(".flow-node").nth(1).wait_for()
    assert page.evaluate(COUNT) == accounts + 1
    crowds = page.locator("[data-crowds]")
    assert crowds.is_enabled() is (accounts > 5)
    if accounts > 5:
        crowds.click()
        assert page.evaluate(f"{FLOW}.plan.cards.length") == accounts + 1
        crowds.click()
    slider = "document.querySelector('[data-until]')"
    page.evaluate(f"(() => {{ {slider}.value = '0'; {slider}.dispatchEvent(new Event('input')); }})()")
    assert page.evaluate(COUNT) == 2  # the victim and the first account
    page.locator("[data-play]").click()
    page.locator("[data-play]:not(.is-playing)").wait_for(timeout=25_000)
    assert page.evaluate(f"{slider}.value === {slider}.max")
    assert page.evaluate(COUNT) == accounts + 1
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


SEEN = f"""(() => {{
  const flow = {FLOW}, height = flow.svg.getBoundingClientRect().height;
  return flow.plan.columns.map((column) => {{
    const most = column.cards.reduce((best, one) => (one.stolen_in > best.stolen_in ? one : best));
    const [top, end] = [most.y, most.y + most.h].map((y) => flow.view.y + y * flow.view.k);
    return top >= 0 && end <= height;
  }});
}})()"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("accounts", "columns"), [(60, 2), (1_500, 5)])
def test_the_first_view_has_the_victim_and_the_heaviest_accounts_of_every_layer(desk, accounts, columns):
    """Unfolded, a picture is many screens tall; where a column is a list, each begins with its largest sum."""
    case = case_of(accounts)
    page = desk(Role.ANALYST, reverse("case", args=[case.id]))
    page.locator(".flow-node").nth(1).wait_for()
    page.locator("[data-crowds]").click()
    assert page.evaluate(f"{FLOW}.plan.height") > 3 * page.locator("[data-picture]").bounding_box()["height"]
    assert page.evaluate(SEEN)[:columns] == [True] * columns
    page.evaluate(f"{FLOW}.look({{ ...{FLOW}.view, y: -900 }})")
    top = page.locator("[data-picture]").bounding_box()["y"]
    assert top <= page.locator(".flow-heads text").first.bounding_box()["y"] < top + 20  # the heads stay in view


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_not_drawn_is_said_under_the_picture(desk, monkeypatch, language):
    monkeypatch.setattr(selectors, "ACCOUNTS_DRAWN_MAX", 25)
    case = case_of(60)
    page = desk(Role.ANALYST, reverse("case", args=[case.id]), language=language)
    told = page.locator("[data-left-out]", has_text="35")
    told.wait_for()
    assert page.evaluate(COUNT) == 26
