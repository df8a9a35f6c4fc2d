"""A large file read in one compiled pass is the same file: the same rows, the same ledger, the same words."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wuzha import cli
from wuzha.kernel.refusals import Refusal, Refusals
from wuzha.tracing import trace_large
from wuzha.tracing.engine import tracer
from wuzha.tracing.trace_input import read_ledger
from wuzha.tracing.trace_large import read_large

TIMES = ["2026-01-02 10:00:00", "2026/01/02 10:00:01", "2024-02-29T23:59", "2026-01-02", " 2026-01-02 "]
BAD_TIMES = ["2026-02-30", "2026-01-02 24:00:00", "20260102", "5", "1767225600.5", "2026-1-2", "x", "", "2026-01-02Z"]
AMOUNTS = ["1", "12.50", " 7.125 ", "0.01", "100.00", "999999999999.99", "00012", "3."]
BAD_AMOUNTS = ["0", "-1", "1,000", "1e5", "", ".5", "１２", "9999999999999", "0.000000001", "¥5"]
ACCOUNTS = ["6222", "甲", "a b", " x ", "cash:1", "li@163.com"]
BAD_ACCOUNTS = ["", "\u3000", "\u3000乙", "n" * 300]


@pytest.fixture(autouse=True)
def _all_files_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(trace_large, "LARGE_BYTES", 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(data=st.data())
def test_an_odd_file_is_left_to_the_careful_reader_and_an_ordinary_one_says_the_same(
    data: st.DataObject, tmp_path: Path
) -> None:
    def cell(good: list[str], bad: list[str]) -> str:
        return data.draw(st.sampled_from(good if data.draw(st.integers(0, 40)) else bad))

    separator, end = data.draw(st.sampled_from([",", ";", "\t"])), data.draw(st.sampled_from(["\n", "\r\n"]))
    lines = [separator.join(("note", "time", "from", "to", "amount"))]
    for _ in range(data.draw(st.integers(0, 6))):
        cells = [
            data.draw(st.sampled_from(["", "hello", "字"])) if data.draw(st.integers(0, 40)) else '"a"',
            cell(TIMES, BAD_TIMES),
            cell(ACCOUNTS, BAD_ACCOUNTS),
            cell(ACCOUNTS, BAD_ACCOUNTS),
            cell(AMOUNTS, BAD_AMOUNTS),
        ]
        if data.draw(st.integers(0, 40)) == 0:
            cells = cells[:3] if data.draw(st.booleans()) else [*cells, "more"]
        lines.append(separator.join(cells))
        lines += [""] * (data.draw(st.integers(0, 20)) == 0)
    path = tmp_path / "l.csv"
    text = end.join(lines) + end * data.draw(st.integers(0, 2))
    path.write_bytes(text.encode(data.draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))))
    large = read_large(path, {}, None)
    if large is None:
        return
    try:
        careful = read_ledger(path, {})
    except (Refusal, Refusals) as refused:
        raise AssertionError("what the careful reader refuses is not ordinary") from refused
    assert list(large.table) == careful.transfers
    assert (large.header, large.digits, large.time_place) == (careful.header, careful.digits, careful.time_place)
    assert {transfer.id: large.rows.get(transfer.id) for transfer in large.table} == careful.rows
    assert large.rows.get("0") is None
    assert large.rows.get("01") is None


def test_ordinary_files_are_read_in_one_pass(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("time,from,to,amount\r\n" + "".join(f"{time.strip()},A,B,{AMOUNTS[0]}\r\n" for time in TIMES))
    large = read_large(path, {}, None)
    assert large is not None
    assert len(large.table) == len(TIMES)


def ledger(path: Path, seed: int) -> None:
    """Payments of few accounts at few instants, so that ties, circles and own payments are frequent."""
    draw = random.Random(seed)
    accounts = [*(f"a{i}" for i in range(9)), "cash:1", "hub"]
    rows = [
        f"2026-01-01 10:{draw.randrange(60):02}:00,{draw.choice(accounts)},{draw.choice(accounts)},"
        f"{draw.randrange(1, 99_999) / 100:.2f},n{i}"
        for i in range(300)
    ]
    path.write_text("time,from,to,amount,note\n" + "\n".join(rows) + "\n")


@pytest.mark.row("R-501")
@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("rule", ["fifo", "lifo", "tainted-first", "clean-first", "pro-rata", "poison"])
@pytest.mark.parametrize(
    "more",
    [
        [],
        ["--until", "2026-01-01 10:40", "--since", "2026-01-01 10:05", "--terminal", "hub"],
        ["--openings", "o.csv", "--smallest", "20"],
    ],
)
def test_the_report_is_the_same_to_the_letter(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    rule: str,
    more: list[str],
    compiled: bool,
) -> None:
    (tmp_path / "o.csv").write_text("account,balance\na1,99999999\na2,88888888.88\nnobody,5\nhub,3\n")
    (tmp_path / "s.csv").write_text("victim,row,account,amount\nLi,30,,\nWu,,a3,500\n")
    if compiled:
        monkeypatch.setattr(tracer, "SPEC_TRANSFERS_MAX", 0)
    for seed in range(3):
        path = tmp_path / "l.csv"
        ledger(path, seed)
        arguments = ["trace", str(path), "--seeds", str(tmp_path / "s.csv"), "--rule", rule, "--json"]
        arguments += [str(tmp_path / word) if word.endswith(".csv") else word for word in more]
        said: list[Any] = []
        for large in (1 << 60, 0):
            monkeypatch.setattr(trace_large, "LARGE_BYTES", large)
            assert cli.main(arguments) == 0
            said.append(json.loads(capsys.readouterr().out))
        assert read_large(path, {}, None) is not None
        assert said[0] == said[1]
        assert said[0]["flows"]


def test_an_opening_that_does_not_suffice_is_left_to_the_careful_reader_which_shows_the_gap(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "l.csv"
    path.write_text("time,from,to,amount\n1,A,B,10\n2,B,C,30\n")
    (tmp_path / "o.csv").write_text("account,balance\nB,5\n")
    assert cli.main(["trace", str(path), "--from", "A", "--openings", str(tmp_path / "o.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ask"][0] | {"at_stake": ""} == {
        "account": "B", "row": 2, "missing": "credit", "amount": "15.00", "at_stake": "",
    }  # fmt: skip
