"""Genuine export formats of banks and wallets: exact counts and sums, and what each file does not say."""

import csv
from decimal import Decimal

import pytest

from tests.shared_data import shared_path
from wuzha.tracing.statements import Kind, build_ledger, read_path

GENUINE = {
    # path: (rows, fen in, fen out, neutral rows, failed rows, first line, last line), what it lacks
    "alipay/example-alipay-records.csv": ((10, 22_229_453, 21_164, 2, 1, 26, 35), ("balance",)),
    "wechat/example-wechat-records.csv": ((27, 332_849, 2_306_941, 2, 0, 18, 44), ("account", "balance")),
    "icbc/debit-v2/example-icbc-debit-v2-records.csv": (
        (11, 284_174, 424_108, 0, 0, 8, 18),
        ("clock", "balance", "serial"),
    ),
    "cmb/debit/example-cmb-records.csv": ((5, 123_400, 201_314, 0, 0, 2, 6), ("account", "clock", "serial")),
    "cmb/credit/example-cmb-records.csv": (
        (6, 38_080, 805_678, 0, 0, 3, 8),
        ("clock", "balance", "counterparty", "serial"),
    ),
    "ccb": ((6, 0, 70_326, 0, 0, 7, 12), ("account", "serial")),
}


def only_file(relative):
    path = shared_path(f"statements/{relative}")
    return path if path.is_file() else next(path.iterdir())


def flows(rows):
    live = [row for row in rows if not row.failed]
    ways = [sum(row.amount_minor for row in live if row.direction == way) for way in ("in", "out")]
    neutral, failed = sum(row.direction == "neutral" for row in rows), sum(row.failed for row in rows)
    return (len(rows), *ways, neutral, failed, rows[0].line, rows[-1].line)


@pytest.mark.row("R-505")
@pytest.mark.parametrize("relative", GENUINE)
def test_a_genuine_export_is_read_to_the_fen(relative):
    (statement,) = read_path(only_file(relative))
    assert (flows(statement.rows), statement.lacks) == GENUINE[relative]


def test_a_chain_export_is_read_to_the_millionth():
    path = only_file("oklink/example-oklink-token-transfer.csv")
    (statement,) = read_path(path)
    with path.open(encoding="utf-8") as lines:
        printed = list(csv.DictReader(lines))
    assert len(statement.rows) == len(printed) == 1855
    for row, line in zip(statement.rows, printed, strict=True):
        out = row.direction == "out"
        assert Decimal(row.amount_minor).scaleb(-6) == Decimal(line["数量"])
        assert (row.account, row.peer_account) == (
            (line["发送方"], line["接收方"]) if out else (line["接收方"], line["发送方"])
        )
        assert row.at.strftime("%Y/%m/%d %H:%M:%S") == line["本地时间(UTC+8)"]


def test_a_card_statement_without_years_takes_them_from_its_title():
    (statement,) = read_path(only_file("cmb/credit/example-cmb-records.csv"))
    assert [row.at.date().isoformat() for row in statement.rows][:4] == [
        "2023-12-29",
        "2023-12-30",
        "2024-01-01",
        "2024-01-02",
    ]
    assert [row.kind for row in statement.rows][:3] == [Kind.REPAYMENT] * 3


def test_the_xls_of_a_bank_shows_its_gap():
    statements = read_path(only_file("ccb"))
    assert statements[0].rows[0].balance_minor == 217_691
    (gap,) = build_ledger(statements).gaps
    assert (gap.expected_minor, gap.printed_minor) == (162_511, 157_911)
    assert gap.before.endswith(":10")


def test_police_feedback_headers_are_known_to_the_last_column():
    from wuzha.tracing.statements.vocabulary import meaning_of

    headers = shared_path("statements/police_headers.txt").read_text("utf-8").split()
    assert [len(header.split(",")) for header in headers] == [34, 19, 25]
    for header in headers:
        assert [title for title in header.split(",") if meaning_of(title) is None] == []
