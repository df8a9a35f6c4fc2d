"""Evidence from the case page: who takes it, what the journal keeps, and the picture's tools in a browser."""

import pytest
from django.urls import reverse

from tests.centre import FIRST, SECOND, answer, filed, line, order, tell
from tests.web.people import STATION
from wuzha.journal.models import Event
from wuzha.people.rules import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def chased(officers):
    """A case whose money went on in two payments, one hour apart, and as cash."""
    return a_chased_case()


def a_chased_case(**more):
    case = filed(jurisdiction=STATION, **more)
    lines = [
        line("a", "in", 50_000_00, to="6228480012345678911", bank="ABC", balance=50_000_00),
        line("b", "out", 20_000_00, s=60, to=SECOND, balance=30_000_00),
        line("c", "out", 5_000_00, s=3660, kind="cash", balance=25_000_00),
    ]
    tell(answer(order(case, "query-transactions"), lines=lines, balance_minor=25_000_00))
    return case


def take(client, case, form, **more):
    return client.get(reverse(f"evidence-{form}", args=[case.id]), more)


@pytest.mark.row("R-701")
@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF"), ("xlsx", b"PK")])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_evidence_is_taken_and_the_journal_says_by_whom_and_under_which_rule(client_of, chased, form, start, language):
    response = take(client_of(Role.ANALYST, language), chased, form, rule="lifo")
    assert response.content.startswith(start)
    assert "no-store" in response["Cache-Control"]
    assert f"{chased.number}-lifo" in response["Content-Disposition"]
    event = Event.objects.get(kind="evidence.exported")
    assert (event.by, event.body["form"], event.body["rule"]) == ("yanpan@CENTRE", form, "lifo")
    assert event.seq == event.body["journal_seq"] + 1


@pytest.mark.row("R-801")
def test_evidence_is_for_who_may_see_personal_data_of_the_case(client_of, chased):
    other = filed(jurisdiction="别处", payee=SECOND, bank="CCB")
    for role in (Role.BANK_LIAISON, Role.OPERATOR_LIAISON, Role.ADMINISTRATOR):
        assert take(client_of(role), chased, "pdf").status_code == 403
    station = client_of(Role.STATION_OFFICER)
    assert take(station, chased, "xlsx").status_code == 200
    assert take(station, other, "xlsx").status_code == 404
    assert client_of(Role.BANK_LIAISON).get(reverse("lots", args=[chased.id])).status_code == 403


def test_a_currency_in_which_nothing_was_paid_goes_back_to_the_case(client_of, chased):
    response = take(client_of(Role.ANALYST), chased, "pdf", currency="USD")
    assert response.status_code == 302
    assert not Event.objects.filter(kind="evidence.exported").exists()


@pytest.mark.row("R-501")
def test_lots_of_the_picture_name_no_account_whole(client_of, chased):
    response = client_of(Role.CALL_TAKER, "en").get(reverse("lots", args=[chased.id]))
    assert {lots[0][1] for lots in response.json().values()} == {25_000_00, 20_000_00}
    assert FIRST not in response.content.decode()


@pytest.fixture
def picture(desk):
    page = desk(Role.ANALYST, reverse("case", args=[a_chased_case().id]), language="en")
    page.locator(".flow-node").nth(3).wait_for()
    return page


browsing = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def shown(page):
    return page.evaluate("document.querySelector('[data-flow]').flow.plan.cards.map((one) => one.node.label).sort()")


@pytest.mark.row("R-501")
class TestTools:
    pytestmark = browsing

    def test_time_is_turned_back_and_replayed(self, picture):
        whole = shown(picture)
        assert len(whole) == 4
        slider = picture.locator("[data-until]")
        slider.fill("0")
        assert len(shown(picture)) == 2
        slider.fill("1")
        assert "6217****5220" in shown(picture)
        first = "document.querySelector('[data-flow]').flow.plan.cards.find((one) => one.layer === 1).stolen_now"
        assert picture.evaluate(first) == 30_000_00
        slider.fill("0")
        picture.click("[data-play]")
        picture.locator("[data-play]:not(.is-playing)").wait_for()
        assert shown(picture) == whole
        assert not picture.locator("[data-flow].is-past").count()

    def test_a_window_of_time_is_drawn_and_what_is_saved_says_so(self, picture):
        drawn = picture.locator("[data-drawn]")
        assert drawn.is_hidden()
        picture.locator("[data-since]").fill("1")
        assert not any("张" in label for label in shown(picture))  # nothing left the victim's account in this time
        assert len(shown(picture)) == 3
        assert "2 of 3 payments drawn" in drawn.inner_text()
        assert "PDF or XLSX always has the whole flow" in drawn.inner_text()
        picture.locator(".flow-node", has_text="6222****2230").hover()
        for told in ("There before", "¥50,000", "Left in this time", "¥25,000"):
            assert told in picture.inner_text("[data-hover]")
        with picture.expect_download() as saved:
            picture.click("[data-flow-export=svg]")
        assert "2 of 3 payments drawn" in saved.value.path().read_text("utf-8")
        picture.locator("[data-until]").fill("1")
        assert shown(picture) == ["6217****5220", "6222****2230"]
        assert "1 of 3" in drawn.inner_text()
        picture.click("[data-whole-time]")
        assert len(shown(picture)) == 4
        assert drawn.is_hidden()
        assert picture.locator("[data-whole-time]").is_disabled()
        with picture.expect_download() as saved:
            picture.click("[data-flow-export=svg]")
        assert "payments drawn" not in saved.value.path().read_text("utf-8")

    def test_the_handles_of_time_go_by_keyboard_and_never_cross(self, picture):
        since, until = picture.locator("[data-since]"), picture.locator("[data-until]")
        for _ in range(5):
            since.press("ArrowRight")
        assert since.input_value() == until.input_value() == "2"
        assert since.get_attribute("aria-valuetext") == picture.inner_text("[data-since-text]")
        since.press("Home")
        until.press("Home")
        assert (since.input_value(), until.input_value()) == ("0", "0")
        assert len(shown(picture)) == 2
        since.press("End")
        assert since.input_value() == "0"
        names = [one.get_attribute("aria-label") for one in (since, until)]
        assert names == ["Show the flow from", "Show the flow until"]

    def test_the_replay_begins_at_the_first_handle(self, picture):
        picture.locator("[data-since]").fill("1")
        picture.click("[data-play]")
        picture.locator("[data-play]:not(.is-playing)").wait_for()
        assert picture.locator("[data-since]").input_value() == "1"
        assert picture.locator("[data-until]").input_value() == "2"
        assert len(shown(picture)) == 3

    def test_both_handles_on_one_place_can_be_taken_apart_with_the_mouse(self, picture):
        since, until = picture.locator("[data-since]"), picture.locator("[data-until]")
        since.fill("2")
        box = since.bounding_box()
        y = box["y"] + box["height"] / 2
        picture.mouse.move(box["x"] + box["width"] - 8, y)
        picture.mouse.down()
        picture.mouse.move(box["x"] + 8, y, steps=5)
        picture.mouse.up()
        assert (since.input_value(), until.input_value()) == ("0", "2")

    def test_the_nearer_handle_comes_to_where_the_line_is_pressed(self, picture):
        since, until = picture.locator("[data-since]"), picture.locator("[data-until]")
        box = since.bounding_box()
        y = box["y"] + box["height"] / 2
        until.fill("1")
        picture.mouse.click(box["x"] + box["width"] - 3, y)
        assert (since.input_value(), until.input_value()) == ("0", "2")
        since.fill("1")
        picture.mouse.click(box["x"] + 3, y)
        assert (since.input_value(), until.input_value()) == ("0", "2")

    def test_small_payments_are_left_out(self, picture):
        picture.fill("[data-least]", "10000")
        assert len(shown(picture)) == 3
        assert "at least ¥10,000 each" in picture.inner_text("[data-drawn]")
        picture.fill("[data-least]", "")
        assert len(shown(picture)) == 4

    def test_an_account_is_found_by_its_whole_number_and_by_its_end(self, picture):
        field = picture.locator("[data-seek] input")
        for text in (SECOND, "5220"):
            field.fill(text)
            field.press("Enter")
            assert "6217****5220" in picture.evaluate("document.activeElement.getAttribute('aria-label')")
        field.fill("000000")
        assert picture.inner_text("[data-found]")

    def test_the_hover_card_has_the_lots(self, picture):
        picture.locator(".flow-node", has_text="6222****2230").hover()
        picture.locator("[data-hover] .flow-lots").wait_for()
        assert "25,000" in picture.inner_text("[data-hover]")

    def test_the_picture_is_saved_as_svg_that_stands_alone_and_as_png(self, picture):
        with picture.expect_download() as saved:
            picture.click("[data-flow-export=svg]")
        text = saved.value.path().read_text("utf-8")
        assert text.startswith("<svg")
        assert "6217****5220" in text
        assert "class=" not in text
        assert "icons.svg" not in text
        assert 'id="pattern-asking"' in text
        with picture.expect_download() as saved:
            picture.click("[data-flow-export=png]")
        assert saved.value.path().read_bytes().startswith(b"\x89PNG")
        assert saved.value.suggested_filename.endswith(".png")
