"""Single cells: sums, days, clocks, currencies, masked numbers and names as banks write them."""

from datetime import date, time
from decimal import Decimal

import pytest

from wuzha.tracing.statements.accounts import canonical_account, may_be_same, names_agree, names_contradict
from wuzha.tracing.statements.cells import NO_YEAR, clean, read_clock, read_when
from wuzha.tracing.statements.currencies import currency_of
from wuzha.tracing.statements.meanings import DateOrder
from wuzha.tracing.statements.model import decimal_text, digits_of_currency
from wuzha.tracing.statements.sums import MASKED, read_sum

SUMS = [
    ("1,234.50", "1234.50"),
    ("１，２３４．５０", "1234.50"),
    ("-3.00", "-3.00"),
    ("+3", "3"),
    ("(12.00)", "-12.00"),
    ("（12.00）", "-12.00"),
    ("12.00-", "-12.00"),
    ("¥-3.00", "-3.00"),
    ("-¥3.00", "-3.00"),
    ("¥ 3.00", "3.00"),
    ("HK$5", "5"),
    ("8.5元", "8.5"),
    (".5", "0.5"),
    ("5.", "5"),
    ("1 234.56", "1234.56"),
    ("8,000.00(CN)", "8000.00"),
    ("100.00(已全额退款)", "100.00"),
    ("1.9E-4", "0.00019"),
    ("\t7.00 ", "7.00"),
    ("−7.00", "-7.00"),
    ("CNY 7.00", "7.00"),
    ("7.00CNY", "7.00"),
    ("RMB7.00", "7.00"),
    ('="7.00"', "7.00"),
    ("1,234,567.89", "1234567.89"),
]


@pytest.mark.parametrize(("text", "value"), SUMS)
def test_sums(text, value):
    assert read_sum(text).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "mark"), [("12.00 CR", "cr"), ("12.00DR", "dr"), ("12.00借", "dr"), ("12.00 贷", "cr")]
)
def test_marks_behind_sums(text, mark):
    assert (read_sum(text).value, read_sum(text).mark) == (Decimal("12.00"), mark)


@pytest.mark.parametrize("text", ["", "-", "--", " / ", "—", "null", "N/A", "无", "\t"])
def test_blank_sums(text):
    assert read_sum(text) is None


@pytest.mark.parametrize("text", ["xx,yyyy.zz", "***", "1**.00", "*,***.**"])
def test_masked_sums(text):
    assert read_sum(text) is MASKED


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1.234,56",
        "1.2E+5",
        "1,2345.00",
        "12.00.00",
        "--5",
        "(5",
        "5)",
        "-5-",
        "5 apples",
        "1" * 60,
        "２ｘ",
        "+-5",
    ],
)
def test_what_is_no_sum(text):
    with pytest.raises(ValueError):
        assert read_sum(text) is MASKED


WHENS = [
    ("20240102", (2024, 1, 2), None),
    ("2024-01-02", (2024, 1, 2), None),
    ("2024/1/2", (2024, 1, 2), None),
    ("2024.01.02", (2024, 1, 2), None),
    ("2024年1月2日", (2024, 1, 2), None),
    ("２０２４年１月２日", (2024, 1, 2), None),
    ("20240102153045", (2024, 1, 2), (15, 30, 45)),
    ("202401021530", (2024, 1, 2), (15, 30, 0)),
    ("20240102 153045", (2024, 1, 2), (15, 30, 45)),
    ("20240102 15:30:45", (2024, 1, 2), (15, 30, 45)),
    ("2024-01-02 15:30:45", (2024, 1, 2), (15, 30, 45)),
    ("2024-01-02T15:30:45", (2024, 1, 2), (15, 30, 45)),
    ("2024/1/2 15:30", (2024, 1, 2), (15, 30, 0)),
    ("2024-01-02 15:30:45.123", (2024, 1, 2), (15, 30, 45)),
    ("2024-01-02-15.30.45.123456", (2024, 1, 2), (15, 30, 45)),
    ("2024年01月02日15时30分45秒", (2024, 1, 2), (15, 30, 45)),
    ("2024-01-02 下午3:30", (2024, 1, 2), (15, 30, 0)),
    ("2024-01-02 3:30 PM", (2024, 1, 2), (15, 30, 0)),
    ("2024-01-02T07:30:45Z", (2024, 1, 2), (15, 30, 45)),
    ("2024-01-02T15:30:45+08:00", (2024, 1, 2), (15, 30, 45)),
    ("2024-01-02 星期二", (2024, 1, 2), None),
    ("2024-01-02 星期二 15:30:45", (2024, 1, 2), (15, 30, 45)),
    ("02-Jan-2024", (2024, 1, 2), None),
    ("2 Jan 2024", (2024, 1, 2), None),
    ("02JAN24", (2024, 1, 2), None),
    ("Jan 2, 2024", (2024, 1, 2), None),
    ("[2024-01-02 15:30:45]", (2024, 1, 2), (15, 30, 45)),
    ("45293", (2024, 1, 2), None),
    ("45293.5", (2024, 1, 2), (12, 0, 0)),
    ("1704160800", (2024, 1, 2), (10, 0, 0)),
    ("1704160800000", (2024, 1, 2), (10, 0, 0)),
    ("12/29", (NO_YEAR, 12, 29), None),
    ("12月29日", (NO_YEAR, 12, 29), None),
    ("02/29", (NO_YEAR, 2, 29), None),
]


@pytest.mark.parametrize(("text", "day", "clock"), WHENS)
def test_moments(text, day, clock):
    when = read_when(text)
    assert (when.day, when.clock) == (date(*day), time(*clock) if clock else None)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("03/04/2024", DateOrder.DAY_FIRST, (2024, 4, 3)),
        ("03/04/2024", DateOrder.MONTH_FIRST, (2024, 3, 4)),
        ("24-01-02", DateOrder.YEAR_FIRST, (2024, 1, 2)),
        ("03/04/24 10:00", DateOrder.DAY_FIRST, (2024, 4, 3)),
    ],
)
def test_days_whose_order_must_be_told(text, order, day):
    assert read_when(text, order).day == date(*day)
    with pytest.raises(ValueError):
        read_when(text)


@pytest.mark.parametrize(
    "text",
    ["abc", "2024-13-01", "2024-02-30", "20241301", "1024-01-01", "2024-01-02 25:00", "99", "123456789012345678"],
)
def test_what_is_no_moment(text):
    with pytest.raises(ValueError):
        read_when(text)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("153045", (15, 30, 45)),
        ("93605", (9, 36, 5)),
        ("15:30", (15, 30, 0)),
        ("1530", (15, 30, 0)),
        ("0.5", (12, 0, 0)),
        ("15.30.45", (15, 30, 45)),
    ],
)
def test_clocks(text, clock):
    assert read_clock(text) == time(*clock)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('="6222"', "6222"),
        ("'6222", "6222"),
        ("`6222", "6222"),
        ("'6222'", "6222"),
        ("\t6222 \u3000", "6222"),
        ("a\tb", "a b"),
    ],
)
def test_cells_are_cleaned(text, plain):
    assert clean(text) == plain


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("人民币", "CNY"),
        ("RMB", "CNY"),
        ("156", "CNY"),
        ("港币", "HKD"),
        ("美元", "USD"),
        ("usdt", "USDT"),
        ("0xb7**d", "0xb7**d"),
    ],
)
def test_currencies(text, code):
    assert currency_of(text) == code


def test_tokens_are_counted_in_millionths():
    assert (
        digits_of_currency("CNY"),
        digits_of_currency("JPY"),
        digits_of_currency("USDT"),
        digits_of_currency("?"),
    ) == (2, 0, 6, 6)
    assert (decimal_text(-150, "CNY"), decimal_text(1_500_000, "USDT"), decimal_text(5, "JPY")) == (
        "-1.50",
        "1.500000",
        "5",
    )


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("6222 0210 0100 0000 001", "6222021001000000001"),
        ("6222-0210", "62220210"),
        ("6222xxxx1234", "6222****1234"),
        ("６２２２＊＊＊＊１２３４", "6222****1234"),
        ("尾号1234", "*1234"),
        ("6.22202E+18", "622202*************"),
        ("0x12AB", "0x12AB"),
        ("a@b.c", "a@b.c"),
        ("[6222]", "6222"),
    ],
)
def test_accounts_have_one_text(text, account):
    assert canonical_account(text) == account


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("6222****1234", "6222021001000001234", 8),
        ("6222****1234", "6222021001000009999", 0),
        ("6222****1234", "622202*********1234", 8),
        ("*1234", "6222021001000001234", 4),
        ("***", "6222021001000001234", 0),
        ("6222021001", "6222021002", 0),
        ("6222****1234", "62221234", 8),
        ("6222****1234", "6221234", 0),
        ("622202*********1234", "6222021001234", 0),
        ("", "6222", 0),
    ],
)
def test_whether_two_numbers_may_be_one(one, other, shared):
    assert may_be_same(one, other) == may_be_same(other, one) == shared


@pytest.mark.parametrize(
    ("one", "other", "agree", "contradict"),
    [
        ("张三", "张三", True, False),
        ("张*", "张三", True, False),
        ("*三", "张三", True, False),
        ("李*", "张三", False, True),
        ("张三", "李四", False, True),
        ("", "张三", False, False),
        ("深圳市**科技有限公司", "深圳市某某科技有限公司", True, False),
        ("**", "张三", False, False),
        ("甲公司", "甲公司北京分公司", False, False),
    ],
)
def test_names(one, other, agree, contradict):
    assert (names_agree(one, other), names_contradict(one, other)) == (agree, contradict)
