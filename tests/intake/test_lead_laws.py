"""Laws of leads: any text is read, places hold, reading again gives the same, every kind and reason has words."""

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wuzha.intake.leads import Kind, Lead, extract, propose_transfers
from wuzha.intake.leads.words import KIND_WORDS, WHY_WORDS

NOW = datetime.fromisoformat("2026-11-21T14:30")  # a Saturday

WORDS = (
    "卡号 账户 对公 订单号 QQ 微信： 电话 身份证 转了 充值 一万 八万五 3 . - 元 万 w U 昨天 下午 3点 2023年 10月 23日 "
    "前 后 几 * _ ① ❤ 微/信 三天后 大年初一 农历 差一刻 9.23 3/4 12:30 六四八 1.28 起 本金 号 "
    "http:// www. .com 。 [.] @ 点 6222 0210 138 1234 5678 ０ 〇 幺 收款人：张三 工行 “ ” APP 零 十 百 / : + ( ) "
    "\u200b \ufe0f \ud800 😀 \x00 \n"
)
PIECES = st.sampled_from(WORDS.split(" "))
ANY_TEXT = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))


def holds(text: str) -> list[Lead]:
    leads = extract(text, NOW)
    assert all(text[lead.start : lead.end] == lead.text and lead.start < lead.end for lead in leads)
    assert all(left.end <= right.start for left, right in pairwise(leads))
    assert all(0 < lead.confidence <= 1 and lead.value and lead.why for lead in leads)
    assert extract(text, NOW) == leads
    return leads


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT)
def test_any_text_is_read_places_hold_and_reading_again_gives_the_same(text: str) -> None:
    leads = holds(text)
    for proposal in propose_transfers(leads, text):
        assert 0 <= proposal.start < proposal.end <= len(text)


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT, st.datetimes() | st.sampled_from(["0001-01-01T00:00", "9999-12-31T23:59"]).map(datetime.fromisoformat))
def test_any_moment_of_the_call_will_do(text: str, now: datetime) -> None:
    extract("前几年 去年12月 明年 上周三 20日晚 三天前 半年前 2月29日 24时 次日 下个月" + text, now)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "一",
        "12 ",
        "1-",
        "a.",
        "http://",
        "“",
        "卡号:6222 ",
        "年月日时",
        "十万",
        "\n",
        "转了3",
        "1*234",
        "\n1234",
        "3/4 ",
        "微/",
        "充1返",
        "①",
    ],
)
def test_a_long_hostile_text_is_read_to_its_end(piece: str) -> None:
    text = (piece * 30_000)[:30_000] + "。电话13812345678"
    leads = extract(text, NOW)
    assert all(text[lead.start : lead.end] == lead.text for lead in leads)
    assert leads[-1].value == "13812345678"


@given(ANY_TEXT)
def test_every_kind_and_reason_has_words_for_the_page(text: str) -> None:
    for lead in extract(text, NOW):
        assert KIND_WORDS[lead.kind]
        assert all(why in WHY_WORDS or why.startswith("id_number.") for why in lead.why)


def test_every_kind_has_words() -> None:
    assert set(KIND_WORDS) == set(Kind)
