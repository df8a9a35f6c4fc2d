"""Handles as people write them: QQ, WeChat, Telegram, Alipay, DingTalk and order numbers, made equal and masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.kernel.identifiers import HANDLE_KINDS, mask_handle, parse_handle
from wuzha.kernel.refusals import Refusal

SAME = [
    ("qq", "12345678", ["１２３４５６７８", "1234 5678", "QQ:12345678", "qq号12345678", "12345678@QQ.com"]),
    ("wechat", "zhang_li88", ["Zhang_Li88", "微信号：zhang_li88", " zhang_li88 "]),
    ("wechat", "qq123456", ["QQ123456"]),
    ("wechat", "13912345678", ["139 1234 5678", "微信13912345678"]),
    ("telegram", "bob_99", ["@Bob_99", "https://t.me/bob_99", "t.me/Bob_99/", "tg://resolve?domain=bob_99"]),
    ("alipay", "lin@example.com", ["LIN@Example.com", "支付宝账号:lin@example.com"]),
    ("alipay", "13912345678", ["139-1234-5678", "+86 139 1234 5678"]),
    ("dingtalk", "ding-77", ["Ding-77"]),
    ("order", "SF1234567890123", ["sf1234567890123", "SF 1234 5678 90123", "订单号：SF1234567890123"]),
]
REFUSED = [
    ("qq", "0123456"), ("qq", "1234"), ("qq", "123456789012"), ("qq", "一二三四五"), ("wechat", "1abc"),
    ("wechat", "<b>abcdef</b>"), ("telegram", "bob"), ("telegram", "a b!"), ("alipay", "@"), ("order", "abcdef"),
    ("order", "12-"), ("dingtalk", "钉钉"), ("qq", "1" * 1000), ("order", "1" * 129),
]  # fmt: skip


@pytest.mark.row("R-104")
@pytest.mark.parametrize(("kind", "canonical", "writings"), SAME)
def test_every_writing_of_a_handle_is_one_handle(kind, canonical, writings):
    assert {parse_handle(kind, text) for text in [canonical, *writings]} == {canonical}


@pytest.mark.parametrize(("kind", "text"), REFUSED)
def test_what_cannot_be_one_is_refused_with_its_form(kind, text):
    with pytest.raises(Refusal) as refused:
        parse_handle(kind, text, field="handles-0")
    assert (refused.value.code, refused.value.field) == (f"handle.{kind}", "handles-0")
    assert str(refused.value)


def test_an_unknown_kind_is_refused():
    with pytest.raises(Refusal, match="Choose"):
        parse_handle("icq", "12345678")


@given(st.sampled_from(HANDLE_KINDS), st.text(max_size=200))
def test_any_text_is_read_to_a_fixed_point_or_refused(kind, text):
    try:
        value = parse_handle(kind, text)
    except Refusal:
        return
    assert parse_handle(kind, value) == value
    assert not set(value) & set("<>&\"' \n")


@pytest.mark.parametrize("handle", ["12345678", "zhang_li88", "13912345678", "lin@example.com", "SF1234567890123"])
def test_a_mask_keeps_less_than_it_hides_from(handle):
    masked = mask_handle(handle)
    assert "****" in masked
    assert handle not in masked
