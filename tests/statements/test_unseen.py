"""Layouts that were written before anybody looked whether they are read (`layouts_unseen`)."""

import pytest

from tests.statements.layouts_later import LATER, REFUSED
from tests.statements.layouts_unseen import UNSEEN
from wuzha.kernel.refusals import Refusal
from wuzha.tracing.statements import Precision, markup, read_bytes
from wuzha.tracing.statements.model import decimal_text

ALL = {**UNSEEN, **LATER}


def shown(row):
    amount = decimal_text(row.amount_minor, row.currency)
    balance = "-" if row.balance_minor is None else decimal_text(row.balance_minor, row.currency)
    at = f"{row.at:%Y%m%d}" if row.precision is Precision.DAY else f"{row.at:%Y%m%d %H:%M:%S}"
    ends = f"{row.peer_account or '-'} | {row.peer_name or '-'}"
    return f"{row.account} | {row.line} {at} | {row.direction} {amount} {balance} | {ends}"


@pytest.mark.row("R-505")
@pytest.mark.parametrize("name", ALL)
def test_an_unseen_layout_is_read_right(name):
    layout = ALL[name]
    rows = [row for statement in read_bytes("a file", layout.data) for row in statement.rows]
    assert tuple(map(shown, rows)) == layout.rows
    assert tuple(row.line for row in rows if row.failed) == layout.failed
    assert {row.currency for row in rows} == {layout.currency}


@pytest.mark.row("R-505")
@pytest.mark.parametrize("name", REFUSED)
def test_an_unseen_layout_that_cannot_be_read_is_refused_with_line_and_reason(name):
    text, line, word = REFUSED[name]
    with pytest.raises(Refusal) as caught:
        read_bytes("a file", text.encode())
    assert caught.value.values.get("line", 0) == line
    assert word in str(caught.value.values.get("text", ""))


PAGE = "<table><tr><th>日期</th><th>摘要</th><th>支出金额</th><th>收入金额</th><th>余额</th></tr>%s</table>"


def read_page(rows):
    return [row for statement in read_bytes("a.xls", (PAGE % rows).encode()) for row in statement.rows]


def test_a_day_over_several_lines_holds_for_each_and_a_sum_over_several_lines_moved_once():
    first = "<tr><td rowspan=2>2024-07-01</td><td>甲</td><td rowspan=2>5.00</td><td></td><td>95.00</td></tr>"
    rows = read_page(first + "<tr><td>乙</td><td>5.00</td><td>100.00</td></tr>")
    assert [(f"{row.at:%m%d}", row.direction, row.amount_minor) for row in rows] == [
        ("0701", "out", 5_00),
        ("0701", "in", 5_00),
    ]


def test_cells_that_cover_a_whole_page_end_at_a_limit(monkeypatch):
    monkeypatch.setattr(markup, "COVERED_CELLS_MAX", 100)
    tall = '<tr><td rowspan="99999">2024-07-01</td><td>甲</td><td>5.00</td><td></td><td>95.00</td></tr>'
    with pytest.raises(Refusal) as caught:
        read_page(tall + "<tr></tr>" * 200)
    assert caught.value.code == "statement.damaged"


@pytest.mark.parametrize(
    ("above", "title", "minor"),
    [
        ("单位：万元", "支出金额", 50_000_00),
        ("单位：元", "支出金额", 5_00),
        ("单位名称：甲公司", "支出金额", 5_00),
        ("单位：,万元", "支出金额", 50_000_00),
        ("付款单位,分行营业部", "支出金额", 5_00),
        ("付款单位：元宝公司", "支出金额", 5_00),
        ("单位：万元", "支出金额(元)", 5_00),
    ],
)
def test_the_unit_above_a_table_holds_for_its_sums_unless_a_title_states_another(above, title, minor):
    text = f"{above}\n日期,{title},收入金额,余额\n2024-01-02,5.00,,95.00\n2024-01-03,,1.00,96.00\n"
    (statement,) = read_bytes("a file", text.encode())
    assert statement.rows[0].amount_minor == minor
    assert (minor == 50_000_00) is any(note.code == "unit_above" for note in statement.notes)


def test_a_month_between_the_lines_gives_its_year_to_the_days_below():
    text = "日期,摘要,支出金额,收入金额\n2023年12月,,,\n12-31,甲,5.00,\n2024年1月,,,\n01-01,乙,,7.00\n"
    (statement,) = read_bytes("a file", text.encode())
    assert [f"{row.at:%Y-%m-%d}" for row in statement.rows] == ["2023-12-31", "2024-01-01"]
    with pytest.raises(Refusal) as caught:  # with a sum beside it, it is a movement without its day
        read_bytes("a file", text.replace("2024年1月,,", "2024年1月,丙,3.00").encode())
    assert (caught.value.code, caught.value.values["line"]) == ("statement.day", 4)


@pytest.mark.parametrize("between", ["    ", "\u3000\u3000"])
def test_columns_by_spaces_are_places_on_the_line(between):
    """Sums set to the right under their titles; a remark of several words stays one cell; totals are no movement."""
    text = (
        f"户名:{between}白素贞      账号:{between}6217 0000 0000 1112 223\n"
        "  日期            摘要         支出金额      存入金额          余额\n"
        "2024-12-01   现存 网点 0021                 10,000.00     10,000.00\n"
        "2024-12-02   转账              2,500.00                    7,500.00\n"
        "   合计                        2,500.00     10,000.00\n"
    )
    (statement,) = read_bytes("a file", text.encode())
    told = [(row.line, row.direction, row.amount_minor, row.balance_minor, row.summary) for row in statement.rows]
    assert told == [
        (3, "in", 10_000_00, 10_000_00, "现存 网点 0021"),
        (4, "out", 2_500_00, 7_500_00, "转账"),
    ]


def test_a_print_that_ends_in_the_middle_of_a_line_is_refused():
    whole = LATER["savings bank, fixed columns by spaces"].data.decode("gb18030")
    cut = whole[: whole.index("7,501.00") - 4]
    with pytest.raises(Refusal) as caught:
        read_bytes("a file", cut.encode())
    assert (caught.value.code, caught.value.values["line"]) == ("statement.cut", 8)
