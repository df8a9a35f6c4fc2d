"""A narrative of a million characters: typed in, mended, painted where it is seen, read, kept and refused in place."""

import random

import pytest
from django.urls import reverse

from tests.web.test_axe import faults
from tests.web.test_browser import PASTE
from wuzha.intake.models import Case
from wuzha.people.rules import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINES = [f"09:{n % 60:02} 小丽: 第{n}句，再转{n + 1000}元到 6222021001{n:09}，电话138{n:08}" for n in range(2_000)]
TEXT = "\n".join(LINES)
VALUE = """() => { const field = document.querySelector("[name=narrative]");
field.dispatchEvent(new CustomEvent("wuzha:settle")); return field.value; }"""


def soon(page, condition):
    """Whether a condition of the page comes true within some seconds."""
    for _n in range(100):
        if page.evaluate(condition):
            return True
        page.wait_for_timeout(100)
    return False


@pytest.fixture
def intake(desk):
    """The intake page with the text of LINES in its narrative, the caret at its end."""
    page = desk(Role.CALL_TAKER, reverse("intake"), language="en")
    page.fill("[name=victim_name]", "王建国")
    page.focus("[name=narrative]")
    page.evaluate(PASTE, TEXT)
    page.locator("[data-long-text]").wait_for()
    page.keyboard.press("Control+End")
    return page


def test_only_blocks_in_view_are_laid_out_and_the_field_has_what_is_typed(intake):
    assert intake.evaluate("document.activeElement.matches('[data-long-text]')")
    intake.keyboard.type("他还说")
    intake.keyboard.press("Enter")
    intake.keyboard.press("Enter")
    intake.keyboard.type("完了")
    assert intake.evaluate(VALUE) == TEXT + "他还说\n\n完了"
    looks = (
        "[...document.querySelectorAll('[data-long-text] > div')].map((one) => getComputedStyle(one).contentVisibility)"
    )
    blocks = intake.evaluate(looks)
    assert len(blocks) > 20
    assert set(blocks) == {"auto"}
    assert not intake.locator("[name=narrative]").is_visible()
    assert faults(intake) == []


def test_edits_anywhere_give_the_text_that_a_plain_field_would_give(intake):
    """The same keys in a plain textarea beside it: both hold the same words in the end."""
    intake.evaluate(
        """(text) => { const plain = document.createElement("textarea"); plain.id = "plain"; plain.value = text;
        document.body.append(plain); }""",
        TEXT,
    )
    chance = random.Random(7)
    keys = []
    for _n in range(40):
        keys += [chance.choice(["ArrowUp", "ArrowLeft", "Home", "End", "ArrowRight"])] * chance.randrange(1, 4)
        keys += [chance.choice(["Enter", "Backspace", "Delete", "x", "7", "y"])]
    for field in ("[data-long-text]", "#plain"):
        intake.focus(field)
        intake.keyboard.press("Control+End")
        for key in keys:
            # A plain field wraps lines elsewhere: up and down are told apart from edits by going to the line's end.
            intake.keyboard.press("End" if key == "ArrowUp" else key)
    assert intake.evaluate(VALUE) == intake.evaluate("document.getElementById('plain').value")


def test_lines_are_joined_and_parted_across_blocks(intake):
    first = intake.evaluate("document.querySelector('[data-long-text] > div').textContent.split('\\n').length")
    intake.evaluate(
        """() => { const block = document.querySelectorAll("[data-long-text] > div")[1];
        getSelection().collapse(block.firstChild, 0); }"""
    )
    intake.keyboard.press("Backspace")
    joined = [*LINES[: first - 1], LINES[first - 1] + LINES[first], *LINES[first + 1 :]]
    assert intake.evaluate(VALUE) == "\n".join(joined)
    intake.keyboard.press("Enter")
    assert intake.evaluate(VALUE) == TEXT


def test_much_is_pasted_into_the_middle_and_the_caret_stands_behind_it(intake):
    intake.evaluate(
        """(text) => { const block = document.querySelectorAll("[data-long-text] > div")[3];
        getSelection().collapse(block.firstChild, 5); const data = new DataTransfer(); data.setData("text/plain", text);
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true,
        cancelable: true})); }""",
        "甲\r\n" * 9_000,
    )
    value = intake.evaluate(VALUE)
    at = value.index("甲\n")
    assert value == TEXT[:at] + "甲\n" * 9_000 + TEXT[at:]
    intake.keyboard.type("乙")
    assert intake.evaluate(VALUE) == TEXT[:at] + "甲\n" * 9_000 + "乙" + TEXT[at:]


def test_a_single_line_of_great_length_stays_one_line(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"), language="en")
    page.focus("[name=narrative]")
    text = "骗😀" * 30_000
    page.evaluate(PASTE, text)
    page.keyboard.press("Control+End")
    page.keyboard.type("完")
    assert page.evaluate(VALUE) == text + "完"


@pytest.mark.row("R-502")
def test_leads_in_view_are_painted_and_each_is_listed_with_its_key(intake):
    intake.locator("[data-leads] li").nth(8).wait_for()
    words = "[...CSS.highlights.get('wuzha-found')].map((range) => range.toString())"
    assert soon(intake, f"{words}.length > 0")
    said = intake.evaluate(words)
    assert any(one.startswith("6222021001") for one in said)
    assert len(said) < 2_000
    assert "+ " in intake.inner_text("[data-leads]")
    intake.keyboard.press("Alt+1")
    assert intake.input_value("[name=transfers-0-amount]") == "1000"
    intake.keyboard.press("Control+Home")
    assert soon(intake, "CSS.highlights.get('wuzha-confirmed').size > 0")


def test_it_is_refused_where_it_stands_kept_over_a_reload_and_saved_once_short(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"), language="en")
    page.fill("[name=victim_name]", "王建国")
    page.focus("[name=narrative]")
    text = "09:41 小丽: 今天有空吗，我们聊聊投资的事情好不好\n" * 20_000
    page.evaluate(PASTE, text)
    page.keyboard.press("Control+End")
    page.keyboard.type("完")
    page.keyboard.press("Control+Enter")
    page.locator("[data-too-long]:visible").wait_for()
    assert page.evaluate("document.activeElement.matches('[data-long-text]')")
    assert Case.objects.count() == 0
    page.wait_for_timeout(1_800)  # a long draft is kept when the hand rests
    page.reload()
    page.locator("[data-long-text]").wait_for()
    assert page.evaluate(VALUE) == text + "完"
    assert page.input_value("[name=victim_name]") == "王建国"
    page.keyboard.press("Alt+N")
    page.keyboard.press("Control+a")
    page.keyboard.type("要点")
    page.locator("[data-too-long]").wait_for(state="hidden")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases/*")
    assert Case.objects.get().narrative == "要点"


def test_the_key_to_the_narrative_does_not_type_over_it(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"), language="en")
    page.focus("[name=narrative]")
    page.keyboard.type("对方自称客服")
    page.keyboard.press("Alt+V")
    page.keyboard.press("Alt+N")
    page.keyboard.type("，让我转账")
    assert page.input_value("[name=narrative]") == "对方自称客服，让我转账"
