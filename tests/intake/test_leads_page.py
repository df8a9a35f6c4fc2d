"""Leads beside the narrative, in a browser: painted, confirmed and rejected by one key, never in the way of typing."""

from typing import Any

import pytest

from tests.intake.leads_page import serve


def paste(page: Any, text: str) -> None:
    """Put `text` before all else, at once, as a paste does."""
    page.evaluate(
        """(text) => { const field = document.getElementById("n"); field.setRangeText(text, 0, 0, "end");
        field.dispatchEvent(new Event("input")); }""",
        text,
    )


@pytest.mark.row("R-101")
def test_leads_stand_beside_the_text_and_one_key_decides(page: Any) -> None:
    serve(page)
    page.locator("#n").fill("昨天下午3点转了八万五给13812345678，又转了13812345678")
    page.locator("#l li").nth(2).wait_for()
    assert page.locator("#l kbd").all_inner_texts() == ["Alt 1", "Alt 2", "Alt 3"]
    assert page.locator(".leads-layer mark").all_text_contents() == [
        "昨天下午3点", "八万五", "13812345678", "13812345678",
    ]  # fmt: skip
    page.keyboard.press("Alt+2")
    page.keyboard.press("Alt+Shift+1")
    page.keyboard.press("Alt+1")
    assert page.evaluate("window.done") == [["confirmed", "85000"], ["rejected", "2026-11-20T15"]]
    assert page.locator("#l kbd").all_inner_texts() == ["Alt 3"]
    assert page.locator('.leads-layer mark[data-state="confirmed"]').all_text_contents() == ["八万五"]
    page.locator("summary").click()
    page.get_by_role("button", name="Restore").click()
    page.locator("#l ol li").nth(1).wait_for()
    assert page.locator("#l kbd").all_inner_texts() == ["Alt 1", "Alt 3"]


def test_text_of_others_never_becomes_markup(page: Any) -> None:
    serve(page)
    page.locator("#n").fill('<img src=x onerror="window.bad=1"> 微信：abc_123<script>bad=1</script> 电话13812345678')
    page.locator("#l li").first.wait_for()
    assert page.locator("#l img, #l script, .leads-layer img, .leads-layer script").count() == 0
    assert page.evaluate("window.bad") is None


def test_marks_move_with_the_words_before_the_answer_comes(page: Any) -> None:
    serve(page)
    page.locator("#n").fill("电话13812345678。")
    page.locator(".leads-layer mark").first.wait_for()
    paste(page, "今天打来的😀")
    page.locator(".leads-layer mark").nth(1).wait_for()
    assert page.locator(".leads-layer mark").all_text_contents() == ["今天", "13812345678"]


def test_a_long_paste_goes_in_pieces_and_only_what_changed_goes_again(page: Any) -> None:
    posted = serve(page)
    lines = "\n".join(f"第{number}行 普通的聊天记录，没有什么内容，编号{number % 7}" for number in range(6000))
    text = lines + "\n客服电话4008372616"
    paste(page, text)
    page.locator("#l li").first.wait_for()
    assert "".join(posted) == text
    assert max(map(len, posted)) <= 20_000
    before = len(posted)
    paste(page, "对方卡号 ")
    page.wait_for_timeout(1500)
    assert len(posted) - before <= 2


def test_a_lost_connection_is_shown_and_asked_again(page: Any) -> None:
    serve(page)
    page.route("http://leads.test/leads", lambda route: route.abort(), times=1)
    page.locator("#n").fill("电话13812345678")
    page.locator('#l[data-state="lost"]').wait_for()
    page.locator("#l li").first.wait_for()
    assert page.locator("#l").get_attribute("data-state") == ""
