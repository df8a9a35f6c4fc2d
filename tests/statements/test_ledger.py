"""One ledger of many statements: repeats, pairs, masked numbers, order by balance, gaps, fees, reversals."""

import csv
import io
import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wuzha.tracing.statements import COLUMNS, OrderBasis, build_ledger, read_bytes, write_csv
from wuzha.tracing.statements.balances import breaks, chain_of
from wuzha.tracing.statements.model import CHINA

A, B, C = "6222021001000000001", "6217001001000000002", "6228480012345670003"
HEADER = "交易时间,账号,户名,收支,金额,余额,对方账号,对方户名,摘要,流水号\n"


def statement(name, *lines, header=HEADER):
    return read_bytes(name, (header + "\n".join(lines) + "\n").encode())


def ledger_of(*files):
    return build_ledger([one for file in files for one in file])


def ends(ledger):
    return [(t.payer, t.payee, t.amount_minor, t.both_sides) for t in ledger.transfers]


@pytest.mark.row("R-505")
def test_the_same_transfer_from_both_sides_is_one():
    ledger = ledger_of(
        statement("a.csv", f"2024-01-02 10:00:00,{A},张三,支出,100,900,{B},李四,转账,S1"),
        statement("b.csv", f"2024-01-02 10:03:00,{B},李四,收入,100,150,{A},张三,转账,T9"),
    )
    (transfer,) = ledger.transfers
    assert (transfer.payer, transfer.payee, transfer.both_sides, ledger.merged) == (A, B, True, 1)
    assert (transfer.payer_balance_minor, transfer.payee_balance_minor) == (90_000, 15_000)
    assert (transfer.payer_serial, transfer.payee_serial) == ("S1", "T9")
    assert transfer.sources == ("a.csv:2", "b.csv:2")
    assert transfer.at == datetime(2024, 1, 2, 10, tzinfo=CHINA)


def pair_of(out_peer="", out_name="", in_peer="", in_name="", lag="10:03:00", amount="100"):
    return ledger_of(
        statement("a.csv", f"2024-01-02 10:00:00,{A},张三,支出,100,900,{out_peer},{out_name},转账,"),
        statement("b.csv", f"2024-01-02 {lag},{B},李四,收入,{amount},150,{in_peer},{in_name},转账,"),
    )


PAIRS = [
    # what the two sides say of each other, whether they are one
    ({"out_peer": B, "in_peer": A}, True),
    ({"out_peer": B}, True),
    ({"in_peer": A, "in_name": "张三"}, True),
    ({"out_peer": "6217****0002", "out_name": "李*"}, True),
    ({"out_peer": "621700*********0002"}, True),
    ({"out_peer": "6217****0002", "out_name": "王五"}, False),  # the mask fits, the name speaks against it
    ({"out_peer": "6217****9999", "out_name": "李四"}, False),  # the name fits, the mask speaks against it
    ({"out_name": "李四", "in_name": "张三"}, True),
    ({"out_name": "李四", "in_name": "张三", "lag": "10:59:00"}, False),
    ({}, False),  # sum and time alone never pair
    ({"out_peer": B, "in_peer": C}, False),  # the payee names another payer
    ({"out_peer": B, "in_peer": A, "amount": "99"}, False),
    ({"out_peer": B, "in_peer": A, "lag": "08:00:00"}, False),  # money does not arrive before it left
    ({"out_peer": B, "in_peer": A, "lag": "23:00:00"}, True),  # both name each other in full: a night batch
]


@pytest.mark.parametrize(("said", "one"), PAIRS)
def test_what_makes_two_rows_one(said, one):
    ledger = pair_of(**said)
    assert ledger.merged == one
    assert len(ledger.transfers) == (1 if one else 2)


def test_equal_sums_are_paired_in_order_not_by_the_nearest_clock():
    ledger = ledger_of(
        statement(
            "a.csv", *(f"2024-01-02 10:0{m}:00,{A},张三,支出,100,{900 - m}00,{B},李四,转账,S{m}" for m in (0, 1, 2))
        ),
        statement(
            "b.csv", *(f"2024-01-02 10:0{m}:50,{B},李四,收入,100,{m + 1}00,{A},张三,转账,T{m}" for m in (0, 1, 2))
        ),
    )
    assert [(t.payer_serial, t.payee_serial) for t in ledger.transfers] == [("S0", "T0"), ("S1", "T1"), ("S2", "T2")]


def test_a_payment_that_fits_two_accounts_is_left_and_shown():
    ledger = ledger_of(
        statement("a.csv", f"2024-01-02 10:00:00,{A},张三,支出,100,900,6217****0002,,转账,"),
        statement("b.csv", "2024-01-02 10:00:30,6217001001000000002,,收入,100,150,,,转账,"),
        statement("c.csv", "2024-01-02 10:00:30,6217999999990000002,,收入,100,150,,,转账,"),
    )
    assert ledger.merged == 0
    assert {"ambiguous_pair", "ambiguous_mask"} <= {conflict.code for conflict in ledger.conflicts}
    assert ledger.transfers[0].payee == "6217****0002"


def test_a_masked_number_is_completed_when_only_one_account_can_be_meant():
    ledger = ledger_of(
        statement("a.csv", f"2024-01-02 10:00:00,{A},张三,支出,100,900,621700*********0002,,转账,"),
        statement("b.csv", f"2024-03-02 10:00:00,{B},李四,支出,7,150,{C},,转账,"),
    )
    assert ends(ledger)[0] == (A, B, 10_000, False)
    assert ledger.transfers[0].payee_name == "李四"
    assert dict(ledger.completed) == {"621700*********0002": B}


def test_a_weak_mask_without_a_name_is_not_completed():
    ledger = ledger_of(
        statement("a.csv", f"2024-01-02 10:00:00,{A},张三,支出,100,900,*0002,,转账,"),
        statement("b.csv", f"2024-03-02 10:00:00,{B},李四,支出,7,150,{C},,转账,"),
    )
    assert ends(ledger)[0] == (A, "*0002", 10_000, False)


def test_card_and_account_number_of_one_account_are_one_key():
    header = "交易卡号,交易账号,交易时间,收付标志,交易金额,交易余额,交易对手账卡号,对手户名\n"
    first = read_bytes("a", f"{header}{A},0200001,20240102100000,出,100,900,{B},\n".encode())
    second = read_bytes("b", f"{header}{B},,20240102100005,进,100,900,0200001,\n".encode())
    assert ends(ledger_of(first, second)) == [(A, B, 10_000, True)]


@pytest.mark.row("R-505")
def test_a_row_told_by_two_files_counts_once_and_is_completed():
    days = "交易日期,账号,借方,贷方,余额,摘要\n2024-01-02,{0},100,,900,转账\n2024-01-03,{0},100,,800,转账\n"
    ledger = ledger_of(
        read_bytes("days.csv", days.format(A).encode()),
        statement("full.csv", f"2024-01-02 10:00:00,{A},张三,支出,100,900,{B},李四,转账,S1"),
    )
    assert (ledger.rows, ledger.repeats) == (3, 1)
    assert [(t.payee, t.precision) for t in ledger.transfers] == [(B, "second"), (f"unknown-out:{A}", "day")]


def test_equal_rows_of_one_file_are_two_movements():
    line = f"2024-01-02 10:00:00,{A},张三,支出,100,,{B},李四,转账,"
    assert len(ledger_of(statement("a.csv", line, line)).transfers) == 2


@pytest.mark.row("R-505")
def test_rows_of_one_instant_are_ordered_so_that_the_balances_are_true():
    at = "2024-01-02 10:00:00"
    (chain,) = ledger_of(
        statement(
            "a.csv",
            f"2024-01-02 09:00:00,{A},张三,收入,500,500,,,存,",
            f"{at},{A},张三,支出,50,430,,,b,",
            f"{at},{A},张三,收入,20,450,,,c,",
            f"{at},{A},张三,支出,20,480,,,a,",
            f"{at},{A},张三,收入,30,480,,,d,",
        )
    ).chains
    assert chain.basis is OrderBasis.BALANCE or chain.gaps == ()
    deltas = {row.place: row.delta_minor for row in chain.rows}
    assert breaks(chain.rows, lambda row: deltas[row.place]) == 0


def test_times_that_contradict_the_balances_inside_a_day_are_told():
    (chain,) = ledger_of(
        statement(
            "a.csv",
            f"2024-01-02 09:00:00,{A},张三,收入,500,500,,,,",
            f"2024-01-02 11:00:00,{A},张三,支出,100,400,,,,",
            f"2024-01-02 10:00:00,{A},张三,支出,50,350,,,,",
        )
    ).chains
    assert (chain.basis, chain.gaps, chain.moved) == (OrderBasis.DAY, (), ("a.csv:4",))


@pytest.mark.parametrize("turn", [False, True])
def test_newest_first_is_turned(turn):
    lines = [f"2024-01-0{d},{A},5,,{100 - 5 * d}" for d in (1, 2, 3)]
    text = "交易日期,账号,支出,收入,余额\n" + "\n".join(lines[::-1] if turn else lines) + "\n"
    (chain,) = ledger_of(read_bytes("a", text.encode())).chains
    assert [row.balance_minor for row in chain.rows] == [9500, 9000, 8500]
    assert chain.gaps == ()


@pytest.mark.row("R-505")
def test_a_missing_row_is_a_gap_with_its_sum():
    ledger = ledger_of(
        statement(
            "a.csv",
            f"2024-01-02 09:00:00,{A},张三,收入,500,500,,,,",
            f"2024-01-02 11:00:00,{A},张三,支出,100,250,,,,",
            f"2024-01-02 12:00:00,{A},张三,支出,50,200,,,,",
        )
    )
    (gap,) = ledger.gaps
    assert (gap.after, gap.before, gap.missing_minor) == ("a.csv:2", "a.csv:3", -15_000)


def test_a_printed_opening_balance_is_held_against_the_first_row():
    text = "账号：{0}\n交易日期,支出,收入,余额,摘要\n2024-01-01,,,1000.00,期初余额\n2024-01-02,100,,800,转账\n"
    ledger = ledger_of(read_bytes("a", text.format(A).encode()))
    assert [gap.missing_minor for gap in ledger.gaps] == [-10_000]


def test_a_fee_that_the_balance_shows_is_its_own_transfer_after_the_principal():
    text = (
        "交易时间,账号,户名,开户行,收支,金额,手续费,余额,对方账号\n"
        "2024-01-02 09:00:00,{0},张三,工商银行,收入,500,0,500,\n"
        "2024-01-02 10:00:00,{0},张三,工商银行,支出,100,2,398,{1}\n"
    )
    ledger = ledger_of(read_bytes("a", text.format(A, B).encode()))
    told = [(t.payer, t.payee, t.amount_minor, t.kind) for t in ledger.transfers][1:]
    assert told == [(A, B, 10_000, "other"), (A, "fee:工商银行", 200, "fee")]
    assert ledger.gaps == ()


@pytest.mark.row("R-505")
def test_reversals_and_refunds_point_at_what_they_take_back():
    ledger = ledger_of(
        statement(
            "a.csv",
            f"2024-01-02 09:00:00,{A},张三,支出,100,900,{B},李四,转账,S1",
            f"2024-01-02 09:30:00,{A},张三,支出,100,800,{B},李四,转账,S2",
            f"2024-01-02 10:00:00,{A},张三,收入,100,900,{B},李四,冲正,S3",
            f"2024-01-03 10:00:00,{A},张三,收入,30,930,{B},李四,退款,S4",
            f"2024-01-04 10:00:00,{A},张三,收入,70,1000,{C},王五,退款,S5",
        )
    )
    first, second, whole, part, stray = ledger.transfers
    assert (whole.reverses, part.reverses, stray.reverses) == (second.id, first.id, "")
    assert [conflict.code for conflict in ledger.conflicts] == ["reversal_unmatched"]


def test_a_reversal_without_a_name_finds_its_payment_by_the_sum():
    ledger = ledger_of(
        statement(
            "a.csv",
            f"2024-01-02 09:00:00,{A},张三,支出,100,900,{B},李四,转账,",
            f"2024-01-02 10:00:00,{A},张三,收入,100,1000,,,退汇,",
        )
    )
    assert ledger.transfers[1].reverses == ledger.transfers[0].id
    assert ledger.transfers[1].payer == B


def test_failed_and_neutral_rows_stay_out():
    text = (
        "交易时间,收/支,金额,交易对方,交易状态\n2024-01-02 09:00:00,支出,100,店,交易关闭\n"
        "2024-01-02 10:00:00,不计收支,100,余额宝,交易成功\n2024-01-02 11:00:00,支出,5,店,交易成功\n"
    )
    ledger = ledger_of(read_bytes("a", text.encode()))
    assert ([t.amount_minor for t in ledger.transfers], ledger.left_out) == ([500], 2)


def test_money_in_and_money_out_of_the_unknown_never_share_a_key():
    ledger = ledger_of(
        statement("a.csv", f"2024-01-02 09:00:00,{A},,支出,100,900,,,,", f"2024-01-02 10:00:00,{A},,收入,70,970,,,,")
    )
    assert ends(ledger) == [(A, f"unknown-out:{A}", 10_000, False), (f"unknown-in:{A}", A, 7_000, False)]


def test_the_csv_is_for_trace_and_safe_in_a_spreadsheet():
    ledger = ledger_of(statement("a.csv", f"2024-01-02 09:00:00,{A},=cmd(),支出,1234.50,900,{B},@李四,-转账,S1"))
    out = io.StringIO()
    write_csv(ledger, out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert tuple(row) == COLUMNS
    assert COLUMNS[:4] == ("time", "from", "to", "amount")
    assert (row["time"], row["from"], row["to"], row["amount"], row["balance"]) == (
        "2024-01-02 09:00:00", A, B, "1234.50", "900.00",
    )  # fmt: skip
    assert (row["from_name"], row["to_name"], row["summary"]) == ("'=cmd()", "'@李四", "'-转账")
    assert row["sources"] == "a.csv:2"


def world(seed, accounts=5, transfers=40):
    """A small closed world: its true transfers, and every account's statement of them."""
    chance = random.Random(seed)
    numbers = [f"62220210010000{i:05d}" for i in range(accounts)]
    names = [f"人{chr(0x4E00 + i)}" for i in range(accounts)]
    balance = dict.fromkeys(numbers, 100_000)
    rows = {number: [] for number in numbers}
    at = datetime(2024, 1, 1, tzinfo=CHINA)
    for n in range(transfers):
        at += timedelta(seconds=chance.choice([0, 0, 7, 600]))
        i, j = chance.sample(range(accounts), 2)
        amount = chance.randint(1, 400) * 100
        for me, you, way, sign in ((i, j, "支出", -1), (j, i, "收入", 1)):
            balance[numbers[me]] += sign * amount
            rows[numbers[me]].append(
                f"{at:%Y-%m-%d %H:%M:%S},{numbers[me]},{names[me]},{way},{amount / 100:.2f},"
                f"{balance[numbers[me]] / 100:.2f},{numbers[you]},{names[you]},转账,N{n:09d}"
            )
    return {number: lines for number, lines in rows.items() if lines}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_ledger_does_not_depend_on_the_order_of_files_and_rows(seed, shuffle):
    told = world(seed)
    files = [statement(f"{number}.csv", *lines) for number, lines in told.items()]
    ledger = ledger_of(*files)
    shuffled = files[:]
    shuffle.shuffle(shuffled)
    assert ledger_of(*shuffled) == ledger
    assert (ledger.merged, len(ledger.transfers), ledger.gaps) == (40, 40, ())
    mixed = []
    for number, lines in told.items():
        shuffle.shuffle(lines)
        mixed.append(statement(f"{number}.csv", *lines))
    again = ledger_of(*mixed)
    assert again.gaps == ()
    assert sorted(t.id for t in again.transfers) == sorted(t.id for t in ledger.transfers)
    assert all(conflict.code == "order" for conflict in again.conflicts)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.data())
def test_every_row_taken_away_is_seen_as_a_gap(seed, data):
    told = world(seed)
    number = data.draw(st.sampled_from([n for n, lines in told.items() if len(lines) > 3]))
    position = data.draw(st.integers(1, len(told[number]) - 2))
    lines = told[number][:position] + told[number][position + 1 :]
    (one,) = statement("a.csv", *lines)
    gone = statement("b.csv", told[number][position])[0].rows[0]
    chain = chain_of(number, "CNY", [replace(row) for row in one.rows], None)
    assert sum(gap.missing_minor for gap in chain.gaps) == gone.delta_minor
    assert chain.gaps
