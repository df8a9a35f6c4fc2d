"""Every house is read right: in its own words, in every container, its columns about, with noise around and inside."""

import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.statements.containers import CONTAINERS, text_of
from tests.statements.corpus import OWN, Read, expected, facts, grid
from tests.statements.houses import ABROAD, CHINA, HOUSES, PAYMENT
from wuzha.kernel.refusals import Refusal
from wuzha.tracing.statements import Precision, read_bytes
from wuzha.tracing.statements.model import decimal_text

SHOWN = {Precision.DAY: "%Y-%m-%d"}
LOCAL = ("european", "spaced", "narrow_spaced")


def told(row):
    """A row as an officer reads it off the paper."""
    balance = "-" if row.balance_minor is None else decimal_text(row.balance_minor, row.currency)
    return Read(
        row.at.strftime(SHOWN.get(row.precision, "%Y-%m-%d %H:%M:%S")),
        str(row.direction),
        decimal_text(row.amount_minor, row.currency),
        balance,
        row.peer_account,
        row.peer_name,
    )


def same(one, other, ends=True):
    """Whether two readings agree: sums by value, since currencies print different decimals."""
    values = [
        (r.at, r.way, Decimal(r.amount), r.balance if r.balance == "-" else Decimal(r.balance)) for r in (one, other)
    ]
    return values[0] == values[1] and (not ends or (one.peer, one.peer_name) == (other.peer, other.peer_name))


def check(house, statements, wanted):
    rows = [row for statement in statements for row in statement.rows]
    differing = [
        (told(row), want)
        for row, want in zip(rows, wanted, strict=True)
        if not same(told(row), want, "ends" not in house.kept)
    ]
    assert differing == []
    assert {row.currency for row in rows} == {house.currency}
    if house.has("own") or any(OWN in line for line in house.above):
        assert {row.account for row in rows} == {OWN}


def test_the_houses_are_many():
    assert len(CHINA) >= 40
    assert len(PAYMENT) >= 8
    assert len(ABROAD) >= 20
    assert len(set(HOUSES.values())) == len(HOUSES)


@pytest.mark.row("R-505")
@pytest.mark.parametrize("name", HOUSES)
def test_a_house_nobody_told_of_is_read_right(name):
    house = HOUSES[name]
    known = facts(7, 14, house.decimals)
    text = text_of(grid(house, known), ";" if house.sum in LOCAL else ",")
    check(house, read_bytes(name, text.encode()), expected(house, known))


@pytest.mark.row("R-505")
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("name", ["icbc corporate", "abc corporate", "two rows", "ping an", "police 34", "wallet"])
def test_the_container_changes_nothing(name, container):
    house = HOUSES[name]
    known = facts(3, 9)
    check(house, read_bytes("f", CONTAINERS[container](grid(house, known))), expected(house, known))


NOISE_ABOVE = (
    ["账户交易明细清单"],
    ["中国某某银行股份有限公司", "", "", "第1页/共3页"],
    ["查询日期：2026年01月01日 至 2026年12月31日"],
    ["温馨提示：本清单仅供参考，最终以银行记账为准。", "", ""],
    [],
    ["打印时间：2026-12-31 23:59:59", "打印柜员：A001"],
    ["总笔数：14", "支出总额：1,234.00", "收入总额：5,678.00"],
    ["-----------------------------------------------"],
)
NOISE_BELOW = (
    ["合计", "14", "12,345.00", "67,890.00"],
    ["本页小计", "", "1,234.00"],
    ["第 1 页 共 3 页"],
    ["*** 以下空白 ***"],
    ["--------------------------"],
    ["客户签字：", "", "经办：", "", "复核："],
    ["备注：1.本明细不作为记账凭证 2.如有疑问请致电95500"],
    ["收入合计：", "5,678.00 元", "支出合计：", "1,234.00 元"],
    [],
)
QUIET = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SIMPLE = sorted(name for name, house in {**CHINA, **PAYMENT}.items() if not house.second and "ends" not in house.kept)


@QUIET
@given(
    st.sampled_from(SIMPLE),
    st.lists(st.sampled_from(NOISE_ABOVE), max_size=5),
    st.lists(st.sampled_from(NOISE_BELOW), max_size=4),
    st.integers(0, 2**16),
    st.sampled_from(["", "pages", "blank lines", "subtotals"]),
)
def test_noise_around_a_table_changes_nothing(name, above, below, seed, inside):
    house = HOUSES[name]
    known = facts(seed % 997, 12)
    rows = grid(house, known)
    first = next(n for n, row in enumerate(rows) if row == house.titles)
    head, body = rows[first], rows[first + 1 : len(rows) - len(house.below)]
    between = {
        "pages": [["第1页"], head],
        "blank lines": [[], []],
        "subtotals": [["本页小计", "", "1,234.00"]],
    }.get(inside, [])
    noisy = [*above, *rows[:first], head, *body[:6], *between, *body[6:], *below]
    check(house, read_bytes("f", text_of(noisy).encode()), expected(house, known))


@QUIET
@given(st.sampled_from(SIMPLE), st.randoms(use_true_random=False), st.integers(0, 996))
def test_columns_about_and_strange_ones_between_change_nothing(name, chance, seed):
    house = HOUSES[name]
    known = facts(seed, 10)
    rows = grid(house, known)
    first = next(n for n, row in enumerate(rows) if row == house.titles)
    order = list(range(len(house.titles)))
    chance.shuffle(order)
    strange = chance.randrange(len(order) + 1)
    turned = [[row[p] for p in order] for row in rows[first:]]
    for n, row in enumerate(turned):
        row.insert(strange, "内部标识" if n == 0 else f"K{n * 7919 % 10_000:04d}Z")
    repeated = len({title for title in house.titles if title}) < len(house.titles)
    if repeated or (house.has("time") and house.has("day")):
        return
    check(house, read_bytes("f", text_of([*rows[:first], *turned]).encode()), expected(house, known))


@QUIET
@given(st.sampled_from(sorted(HOUSES)), st.integers(0, 2**16), st.data())
def test_a_file_cut_off_is_refused_or_read_as_far_as_its_lines_are_whole(name, seed, data):
    """Whatever is cut away: no row is told that was not, and no row is told differently."""
    house = HOUSES[name]
    known = facts(seed % 97, 10, house.decimals)
    whole = text_of(grid(house, known), ";" if house.sum in LOCAL else ",").encode()
    kept = whole[: data.draw(st.integers(len(whole) // 3, len(whole) - 3))]
    try:
        statements = read_bytes("f", kept)
    except Refusal:
        return
    if {"turned_by_words", "other_side"} & {note.code for statement in statements for note in statement.notes}:
        return
    last = kept.count(b"\n") + 1  # of this line alone nobody can know whether its end is there
    rows = [row for statement in statements for row in statement.rows if row.line != last]
    for row, want in zip(rows, expected(house, known), strict=False):
        assert same(told(row), want, "ends" not in house.kept)


def test_a_line_cut_in_its_middle_names_the_line():
    house = HOUSES["abc corporate"]
    text = text_of(grid(house, facts(5, 8))).rstrip()
    with pytest.raises(Refusal) as caught:
        read_bytes("f", text[:-30].encode())
    assert caught.value.code == "statement.cut"
    assert caught.value.values["line"] == text.count("\n") + 1


def test_a_last_line_without_its_end_of_line_is_whole():
    house = HOUSES["abc corporate"]
    known = facts(5, 8)
    check(house, read_bytes("f", text_of(grid(house, known)).rstrip().encode()), expected(house, known))


def test_the_generator_is_its_own_witness():
    """Movements keep their balance, whatever the seed."""
    for seed in random.Random(1).sample(range(1000), 20):
        balance = Decimal(10_000)
        for fact in facts(seed, 30):
            balance += -fact.amount if fact.out else fact.amount
            assert fact.amount > 0
            assert fact.balance == balance
