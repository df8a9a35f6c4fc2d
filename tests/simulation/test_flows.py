"""Flow files of real thefts: what is read, what is refused and why, and how addresses become accounts."""

import json
import os
import subprocess
import sys

import pytest

from tests.shared_data import shared_path
from tests.simulation.build import T0, config
from wuzha.commands.replay import banks, terminals_reached
from wuzha.kernel.refusals import Refusal
from wuzha.simulation.auditor import audit
from wuzha.simulation.flows import (
    Case,
    Flow,
    bank_of_address,
    in_order,
    openings,
    read_addresses,
    read_case,
    read_flows,
    world_of,
    world_of_flows,
    write_case,
)
from wuzha.simulation.truth import truth_of

HEAD = "Timestamp,Block,Tx_hash,From,From_label,To,To_label,Value_in_USD\n"
A, B, C, D = (f"0x{letter * 40}" for letter in "abcd")


def row(at, payer, payee, value, tx="0x1"):
    return f"{at},1,{tx},{payer},,{payee},,{value}\n"


def write(tmp_path, text, name="flows.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_rows_are_sorted_and_equal_ones_count_once(tmp_path):
    text = HEAD + row("2023-06-03 00:00:00", B, C, "7.5", "0x2") + row("2023-06-02 21:49:23", A, B, "10") * 2
    flows = read_flows(write(tmp_path, text.rstrip("\n")))
    assert [(flow.payer, flow.payee, flow.amount_minor) for flow in flows] == [(A, B, 1_000), (B, C, 750)]


def test_addresses_are_one_whatever_their_case_and_nothing_to_oneself_counts(tmp_path):
    text = HEAD + row("2023-06-02 21:49:23", A.upper().replace("0X", "0x"), B, "10") + row("2023-06-02", B, B, "5")
    text += row("2023-06-02", B, C, "0.00")
    (flow,) = read_flows(write(tmp_path, text))
    assert (flow.payer, flow.payee) == (A, B)


def test_columns_may_stand_anywhere_and_others_are_not_needed(tmp_path):
    text = f"\ufeffvalue_in_usd,TO,from,Timestamp\r\n1.005,{B},{A},2023-06-02T00:00:00Z\r\n\r\n"
    (flow,) = read_flows(write(tmp_path, text))
    assert (flow.payer, flow.payee, flow.amount_minor) == (A, B, 100)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "must name the columns"),
        ("a,b\n", "must name the columns"),
        (HEAD, "has no transfers"),
        (HEAD + row("yesterday", A, B, "1"), "flows.csv:2: “yesterday” is no time"),
        (HEAD + row("2023-06-02", A, B, "1") + row("2023-06-02", A, B, "-3"), "flows.csv:3: “-3” is no value"),
        (HEAD + row("2023-06-02", A, B, "NaN"), "flows.csv:2: “NaN” is no value"),
        (HEAD + row("2023-06-02", A, B, "1e30"), "too many to be true"),
        (HEAD + row("2023-06-02", A, "<script>", "1"), "flows.csv:2: “<script>” is no address"),
        (HEAD + row("2023-06-02", "", B, "1"), "is no address"),
        (HEAD + "2023-06-02,1\n", "flows.csv:2: the line has 2 cells"),
        (HEAD.encode() + b"\xff\xfe\n", "flows.csv:2: this is not UTF-8 text"),
        (HEAD + '2023-06-02,"1', "flows.csv:2"),
    ],
)
def test_a_broken_file_is_refused_with_line_and_reason(tmp_path, text, reason):
    with pytest.raises(Refusal) as refused:
        read_flows(write(tmp_path, text))
    assert refused.value.code == "flows.broken"
    assert reason in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refusal, match=r"nowhere\.csv"):
        read_addresses(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    "text",
    [f"{A}\n{B}", f"address\n{A}\n{B}\n", f"Source addresses\r\n\r\n{A.upper().replace('0X', '0x')}\r\n{B}\r\n{A}",
     f"\ufeff{A},Exploiter 1\n{B},\n", f"n,address\n1,{A}\n2,{B}\n"],
)  # fmt: skip
def test_a_list_of_addresses_may_have_a_heading_or_none(tmp_path, text):
    assert read_addresses(write(tmp_path, text)) == (A, B)


@pytest.mark.parametrize(
    ("text", "reason"), [("", "lists no address"), ("address\n", "lists no address"), (f"{A}\n<b>\n", "list.csv:2")]
)
def test_a_broken_list_is_refused(tmp_path, text, reason):
    with pytest.raises(Refusal) as refused:
        read_addresses(write(tmp_path, text, "list.csv"))
    assert reason in str(refused.value)


def test_listed_addresses_that_do_not_occur_are_left_out_but_some_must_occur(tmp_path):
    flows = write(tmp_path, HEAD + row("2023-06-02", A, B, "1"))
    listed = {name: write(tmp_path, text, name) for name, text in (("s", f"{A}\n{D}"), ("t", f"{B}\n{C}"), ("d", D))}
    case = read_case(flows, listed["s"], listed["t"])
    assert (case.sources, case.terminals) == ((A,), (B,))
    for sources, terminals in ((listed["d"], listed["t"]), (listed["s"], listed["d"])):
        with pytest.raises(Refusal, match="no listed"):
            read_case(flows, sources, terminals)


def test_within_one_second_money_comes_before_it_goes_and_circles_end():
    same = [Flow(1.0, B, C, 5), Flow(1.0, A, B, 5), Flow(1.0, C, D, 5), Flow(0.0, D, A, 5)]
    assert [flow.payer for flow in in_order(same)] == [D, A, B, C]
    circle = [Flow(1.0, A, B, 1), Flow(1.0, B, A, 1), Flow(1.0, A, C, 1)]
    assert sorted(map(repr, in_order(circle))) == sorted(map(repr, circle))


def test_what_an_address_lacked_was_there_before():
    assert openings([Flow(1, A, B, 10), Flow(2, B, C, 25), Flow(3, A, B, 5), Flow(4, B, C, 5)]) == {A: 15, B: 15}


def test_an_address_is_always_at_the_same_bank_and_banks_are_used_evenly():
    codes = [spec.code for spec in banks() if spec.kind == "bank"]
    numbers = [f"0x{number:040x}" for number in range(3_000)]
    places = [bank_of_address(number, codes) for number in numbers]
    assert places == [bank_of_address(number, codes) for number in numbers]
    assert all(200 <= places.count(code) <= 400 for code in codes)
    assert len(codes) == 10


def small_case():
    """A source without inflow pays 100, one with inflow 50; the money meets, passes on and partly comes back."""
    flows = (
        Flow(0.0, D, "0x" + "e" * 40, 5_000),
        Flow(100.0, A, B, 10_000),
        Flow(200.0, "0x" + "e" * 40, B, 5_000),
        Flow(300.0, B, C, 14_000),
        Flow(400.0, C, A, 1_000),
    )
    return Case(flows, (A, "0x" + "e" * 40), (C,))


def test_sources_are_reported_with_what_they_got_and_no_more(tmp_path):
    case = small_case()
    path = tmp_path / "case.csv"
    write_case(case, path)
    world = world_of_flows(config(), path, T0)
    (theft,) = world.state.thefts.values()
    told = [(t.payee.number, t.amount, t.currency) for t in theft.report.transfers]
    assert told == [(A, "100.00", "USD"), ("0x" + "e" * 40, "50.00", "USD")]
    assert all(0 < T0 - transfer.at.timestamp() < 2 * 86_400 for transfer in theft.report.transfers)
    assert "terminal" not in path.read_text()
    found = audit(truth_of(world, T0), None)
    assert found.clean, found.findings
    balances = {account.number: account.balance_minor for account in world.ledger.accounts.values()}
    assert (balances[B], balances[C], balances[A]) == (1_000, 13_000, 1_000)


def test_the_calendar_moves_by_whole_days_to_just_before_now():
    world = world_of(config(), small_case(), T0)
    last = max(line.at for account in world.ledger.accounts.values() for line in account.lines)
    assert 0 <= T0 - last < 86_400
    assert (last - 400.0) % 86_400 == 0


@pytest.mark.parametrize(
    ("stolen_in", "recall", "share"),
    [({C: 14_000}, 1.0, 1.0), ({C: 7_000}, 1.0, 0.5), ({C: 99_000}, 1.0, 1.0), ({B: 5}, 0.0, 0.0), ({}, 0.0, 0.0)],
)
def test_recall_and_explained_share_of_the_terminals(stolen_in, recall, share):
    assert terminals_reached(small_case(), stolen_in) == (recall, share)


@pytest.mark.slow
@pytest.mark.row("R-203")
def test_a_real_theft_is_found_through_the_partner_protocol_alone():
    folder = shared_path("money/mftracer/LIFI")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "WUZHA_"))}
    command = [sys.executable, "-m", "wuzha", "replay", str(folder / "LIFI.csv"), "--json"]
    command += ["--sources", str(folder / "source addresses.csv")]
    command += ["--terminals", str(folder / "terminal addresses.csv")]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=240, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told) == {
        "accounts_found", "layers", "orders_sent", "answers", "terminal_recall", "terminal_value_share", "seconds",
    }  # fmt: skip
    assert told["terminal_recall"] >= 0.97
    assert told["terminal_value_share"] >= 0.99
    assert told["accounts_found"] >= 70
