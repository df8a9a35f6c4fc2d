"""Layouts nobody told the reader about: each is read as an officer would read it, row by row."""

import pytest

from tests.statements.layouts import LAYOUTS
from tests.statements.layouts_wallets import WALLETS
from wuzha.tracing.statements import read_bytes
from wuzha.tracing.statements.model import decimal_text

ALL = {**LAYOUTS, **WALLETS}


def shown(row):
    balance = "-" if row.balance_minor is None else decimal_text(row.balance_minor, row.currency)
    amount = decimal_text(row.amount_minor, row.currency)
    return f"{row.line} {row.direction} {amount} {balance} | {row.peer_account or '-'} | {row.peer_name or '-'}"


@pytest.mark.row("R-505")
@pytest.mark.parametrize("name", ALL)
def test_a_layout_is_read_right(name):
    layout = ALL[name]
    rows = [row for statement in read_bytes("a file", layout.text.encode(layout.encoding)) for row in statement.rows]
    assert tuple(map(shown, rows)) == layout.rows
    assert {row.account for row in rows} == {layout.account}
    assert {row.currency for row in rows} == {layout.currency}
    assert {row.file for row in rows} == {"a file"}


@pytest.mark.parametrize("name", ALL)
def test_columns_in_another_order_mean_the_same(name):
    """Position tells nothing: the columns of simple tables are turned about and read again."""
    layout = ALL[name]
    lines = layout.text.split("\n")
    if "\t" in layout.text or '"' in layout.text or "<" in layout.text or name.startswith(("postal", "no header")):
        return
    mark = "|" if "|" in layout.text else ","
    turned = "\n".join(mark.join(reversed(line.split(mark))) if line.count(mark) > 2 else line for line in lines)
    rows = [row for statement in read_bytes("a file", turned.encode(layout.encoding)) for row in statement.rows]
    told = [(row.line, row.direction, row.amount_minor, row.balance_minor) for row in rows]
    plain = [row for statement in read_bytes("a file", layout.text.encode(layout.encoding)) for row in statement.rows]
    assert told == [(row.line, row.direction, row.amount_minor, row.balance_minor) for row in plain]


def rows_of(text, **options):
    return [row for statement in read_bytes("f", text.encode(), **options) for row in statement.rows]


# which word means out and which means in
HABITS = (
    "借/贷 借方/贷方 出/进 出/入 支/收 支出/收入 付/收 往账/来账 取/存 转出/转入 流出/流入 "
    "1-借/2-贷 借Dr/贷Cr D/C DR/CR Debit/Credit -/+"
)


@pytest.mark.parametrize("pair", HABITS.split())
def test_marks_of_every_habit(pair):
    out, into = pair.split("/")
    text = (
        "交易时间,金额,收付标志,对方账号\n"
        f"2024-01-01 10:00:00,5.00,{out},6222021001000000002\n2024-01-02 10:00:00,5.00,{into},6222021001000000002\n"
    )
    assert [row.direction for row in rows_of(text)] == ["out", "in"]


def test_red_ink_takes_back_what_its_mark_says():
    text = "交易日期,借贷,发生额\n2024-01-01,借,100.00\n2024-01-02,借,-40.00\n2024-01-03,贷,5.00\n"
    assert [(row.direction, row.amount_minor, row.reverses) for row in rows_of(text)] == [
        ("out", 10000, False),
        ("in", 4000, True),
        ("in", 500, False),
    ]


def test_signs_that_only_repeat_the_mark_are_no_red_ink():
    text = "交易日期,收支,金额\n2024-01-01,支出,-100.00\n2024-01-02,收入,40.00\n2024-01-03,支出,-1.00\n"
    assert [(row.direction, row.reverses) for row in rows_of(text)] == [("out", False), ("in", False), ("out", False)]


def test_the_balance_overrules_marks_written_from_the_other_side():
    text = "交易日期,借方,贷方,余额\n2024-01-01,100,,100\n2024-01-02,50,,150\n2024-01-03,,30,120\n2024-01-04,7,,127\n"
    (statement,) = read_bytes("f", text.encode())
    assert [row.direction for row in statement.rows] == ["in", "in", "out", "in"]
    assert "turned_by_balance" in {note.code for note in statement.notes}


@pytest.mark.parametrize(
    ("title", "printed", "amount_minor"),
    [("金额(万元)", "1.50", 1_500_000), ("金额（分）", "150", 150), ("金额(元)", "1.50", 150), ("金额", "1.50", 150)],
)
def test_units_in_titles(title, printed, amount_minor):
    assert [row.amount_minor for row in rows_of(f"交易日期,{title},收支\n2024-01-01,{printed},收入\n")] == [
        amount_minor
    ]
