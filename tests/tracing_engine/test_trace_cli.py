"""`wuzha trace`: what an analyst types and gets, without a server."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wuzha import cli
from wuzha.tracing import trace_large

LEDGER = """time,from,to,amount,note
2026-01-01 10:00:00,V,A,1000.00,hello
2026-01-01 10:05:00,X,A,500,world
2026-01-01 10:06:00,A,B,1200,
2026-01-01 10:07:00,B,cash:9,"1,000",
2026-01-01 10:08:00,B,C,50,
"""


@pytest.fixture(autouse=True, params=["row by row", "in one pass"])
def _english_and_both_readers(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Every file is read by the careful reader, and again as if it were large."""
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(trace_large, "LARGE_BYTES", 1 << 60 if request.param == "row by row" else 0)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.csv"
    path.write_text(LEDGER)
    return path


def traced(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert cli.main(["trace", *map(str, arguments), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def carried(found: dict[str, Any]) -> dict[int, str]:
    return {flow["row"]: flow["stolen"] for flow in found["flows"]}


@pytest.mark.row("R-501")
@pytest.mark.parametrize(
    ("rule", "flows", "holdings"),
    [
        ("fifo", {1: "1000.00", 3: "1000.00", 4: "1000.00"}, {}),
        # under LIFO A pays X's 500 first, so at B they stand in front of the 700 stolen
        ("lifo", {1: "1000.00", 3: "700.00", 4: "500.00", 5: "50.00"}, {"A": "300.00", "B": "150.00", "C": "50.00"}),
        ("pro-rata", {1: "1000.00", 3: "800.00", 4: "666.67", 5: "33.34"}, None),
        ("LIBR", {1: "1000.00", 3: "700.00", 4: "500.00", 5: "50.00"}, {"A": "300.00", "B": "150.00", "C": "50.00"}),
        ("worst case", {1: "1000.00", 3: "1000.00", 4: "1000.00"}, {}),
    ],
)
def test_each_rule_lists_flows_and_holdings_as_decimal_strings(
    ledger: Path, capsys: pytest.CaptureFixture[str], rule: str, flows: dict[int, str], holdings: dict[str, str] | None
) -> None:
    found = traced(capsys, ledger, "--from", "V", "--rule", rule)
    assert carried(found) == flows
    assert holdings is None or found["holdings"] == holdings
    assert found["conserved"]
    assert found["flows"][0] | {"fields": 0} == {
        "row": 1,
        "line": 2,
        "time": "2026-01-01 10:00:00",
        "from": "V",
        "to": "A",
        "amount": "1000.00",
        "stolen": "1000.00",
        "by_victim": {"V": "1000.00"},
        "kind": "transfer",
        "layer": 1,
        "fields": 0,
    }
    assert found["flows"][0]["fields"]["note"] == "hello"


@pytest.mark.parametrize(
    ("start", "stolen"),
    [
        ("V", "1000.00"),
        ("V@2026-01-01 10:00:00", "1000.00"),
        ("V=250", "250.00"),
        ("V@2026-01-01T10:00=250.50", "250.50"),
    ],
)
def test_a_start_may_have_a_time_and_a_sum(
    ledger: Path, capsys: pytest.CaptureFixture[str], start: str, stolen: str
) -> None:
    assert traced(capsys, ledger, "--from", start)["victims"]["V"]["seed"] == stolen


def test_an_account_may_look_like_an_address_or_a_sum(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "l.csv"
    path.write_text("time,from,to,amount\n1,li@163.com,B,5\n2,li@163.com,B,7\n3,a=1,B,9\n")
    assert list(carried(traced(capsys, path, "--from", "li@163.com@2"))) == [2]
    assert list(carried(traced(capsys, path, "--from", "a=1", "--from", "li@163.com=5"))) == [1, 3]


@pytest.mark.row("R-501")
def test_columns_have_other_names_other_encodings_and_other_separators(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "l.csv"
    path.write_bytes("交易时间;谁付;谁收;交易金额\n2026年1月2日 3时4分;甲;乙;１，２３４．５\n".encode("gb18030"))
    found = traced(capsys, path, "--from", "甲", "--from-column", "谁付", "--to-column", "谁收")
    assert carried(found) == {1: "1234.50"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2026-01-01 10:05:00,X,A,-5", "“-5” is not a positive amount"),
        ("2026-01-01 10:05:00,X,A,0", "“0” is not a positive amount"),
        ("2026-01-01 10:05:00,X,A,", "the amount is empty"),
        ("2026-01-01 10:05:00,X,A,1e5", "“1e5” is not a positive amount"),
        ("2026-13-01,X,A,5", "“2026-13-01” is not a time"),
        ("yesterday,X,A,5", "“yesterday” is not a time"),
        ("17,X,A,5", "not of the same kind as above"),
        ("2026-01-01 10:05:00,,A,5", "the column “from” is empty"),
        ("2026-01-01 10:05:00,X", "the row is too short"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, reason: str
) -> None:
    path = tmp_path / "l.csv"
    path.write_text(f"time,from,to,amount\n2026-01-01 10:00:00,V,A,10\n\n{line}\n")
    assert cli.main(["trace", str(path), "--from", "V"]) == 2
    said = capsys.readouterr()
    assert "l.csv, line 4" in said.err
    assert reason in said.err
    assert said.out == ""
    assert cli.main(["trace", str(path), "--from", "V", "--skip-bad-rows", "--json"]) == 0
    said = capsys.readouterr()
    assert reason in said.err
    assert carried(json.loads(said.out)) == {1: "10.00"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--from", "nobody"], "does not name an account"),
        (["--from", "V@soon"], "“soon” is neither a time nor a positive amount"),
        (["--from", "V=-5"], "“-5” is neither a time nor a positive amount"),
        (["--from", "V", "--to-column", "from"], "cannot be both from and to"),
        ([], "Say where the stolen money starts"),
        (["--from", "V", "--rule", "best"], "There is no rule"),
        (["--from", "V", "--until", "soon"], "is not a time"),
        (["--from", "V", "--amount-column", "sum"], "has no column “sum”"),
        (["--from", "V", "--openings", "none.csv"], "cannot be read"),
    ],
)
def test_what_cannot_be_understood_is_refused(
    ledger: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    assert cli.main(["trace", str(ledger), *arguments]) == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("time,from,to,amount,currency\n1,V,A,5,人民币\n2,A,B,5,CNY\n3,A,B,5,USD\n", "line 4: the currency is USD"),
        ("time,from,to,amount\n1,V,A,¥5\n2,A,B,$5\n", "line 3: the currency is $, above it is ¥"),
        ("time,from,to,amount\n2026-01-01 10:00+08:00,V,A,5\n2026-01-01 10:00,A,B,5\n", "line 3: the time"),
        ("time,from,to,amount,Amount\n1,V,A,5,6\n", "more than one column “amount”"),
        ('time,from,to,amount\n1,V,"A,5\n2,A,B,5\n', "Is every quotation mark closed?"),
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("time,from,to,amount\n", "has no transfers"),
        ("1,V,A,5\n", "has no column “time”"),
        ("time,from,to,amount\n1,V,A,1.234,50\n", "line 2: the row has more cells than the first line"),
        ("time,from,to,amount\n1,V,A,5\n2,V,A,0.123456789\n", "line 3: “0.123456789” has more than 8 decimals"),
        ("time,from,to,amount\n1,V,A,99999999999999999999\n", "“99999999999999999999” is not a positive amount"),
        ("time,from,to,amount\n1,V,A,5\0\n", "is not a text file"),
    ],
)
def test_a_file_that_says_no_one_thing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, reason: str
) -> None:
    path = tmp_path / "l.csv"
    path.write_text(text)
    assert cli.main(["trace", str(path), "--from", "V"]) == 2
    said = capsys.readouterr()
    assert reason in said.err
    assert said.out == ""


def test_a_folder_and_a_file_with_two_openings_of_one_account_are_refused(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["trace", str(ledger.parent), "--from", "V"]) == 2
    assert "cannot be read" in capsys.readouterr().err
    openings = ledger.parent / "o.csv"
    openings.write_text("account,balance\nA,5\nA,5.00\nA,6\n")
    assert cli.main(["trace", str(ledger), "--from", "V", "--openings", str(openings)]) == 2
    assert "o.csv, line 4: A has two different opening balances" in capsys.readouterr().err


def test_who_names_more_than_was_paid_is_told_what_was_followed(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for start in ("V=5000", "V@2027-01-01"):
        assert cli.main(["trace", str(ledger), "--from", start]) == 0
        assert "V: less was paid than is said to be stolen" in capsys.readouterr().err


def test_names_from_a_file_do_not_steer_the_terminal(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger.write_text(LEDGER.replace(",B,", ",B\x1b[31m\u202e,"))
    assert cli.main(["trace", str(ledger), "--from", "V", "--rule", "lifo"]) == 0
    said = capsys.readouterr().out
    assert "B\ufffd[31m\ufffd" in said
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_openings_balances_terminals_and_a_last_instant(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ledger.parent
    (folder / "o.csv").write_text("account,balance\nA,0\nB,100\n")
    (folder / "b.csv").write_text("account,time,balance\nC,2026-01-01 11:00:00,20\n")
    found = traced(
        capsys, ledger, "--from", "V", "--rule", "tainted-first", "--openings", folder / "o.csv",
        "--balances", folder / "b.csv", "--terminal", "B", "--until", "2026-01-01 10:06:00",
    )  # fmt: skip
    assert found["holdings"] == {}
    assert found["victims"]["V"]["terminal"] == "1000.00"
    assert list(carried(found)) == [1, 3]
    assert found["openings"]["A"] == {"amount": "0.00", "method": "given"}


def test_seeds_come_from_a_file_with_or_without_a_header(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, table = ledger.parent / "plain.txt", ledger.parent / "seeds.csv"
    plain.write_text("V=100\nnobody\n")
    table.write_text("victim,row,account,time,amount\nMr Li,1,,,\nMs Wu,,X,2026-01-01,200\n")
    assert carried(traced(capsys, ledger, "--seeds", plain))[1] == "100.00"
    found = traced(capsys, ledger, "--seeds", table)
    assert {name: fate["seed"] for name, fate in found["victims"].items()} == {"Mr Li": "1000.00", "Ms Wu": "200.00"}


def test_the_rows_of_the_file_may_stand_in_any_order(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = traced(capsys, ledger, "--from", "V")
    head, *rows = LEDGER.splitlines()
    ledger.write_text("\n".join([head, *reversed(rows)]))
    again = traced(capsys, ledger, "--from", "V")
    assert [f | {"row": 0, "line": 0} for f in again["flows"]] == [f | {"row": 0, "line": 0} for f in first["flows"]]
    assert again["victims"] == first["victims"]


@pytest.mark.row("R-501")
def test_the_report_names_layers_holdings_cash_outs_and_what_rests_on_a_convention(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["trace", str(ledger), "--from", "V", "--rule", "clean-first"]) == 0
    text = capsys.readouterr().out
    for expected in ("Rule: clean-first", "300.00  A  [0.00 – 1000.00]", "B → cash:9", "opening balances are unknown"):
        assert expected in text


@pytest.mark.row("R-501")
def test_the_interval_spans_every_rule_and_every_possible_unknown_opening(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With A's opening known to be nothing, no rule leaves more than 300 there; unknown, it may be all of the 1000."""
    openings = ledger.parent / "o.csv"
    openings.write_text("account,balance\nA,0\n")
    assert traced(capsys, ledger, "--from", "V")["intervals"]["A"] == ["0.00", "1000.00"]
    found = traced(capsys, ledger, "--from", "V", "--openings", openings)
    assert found["intervals"]["A"] == ["0.00", "300.00"]


def test_a_small_ledger_loads_no_compiler(ledger: Path) -> None:
    script = (
        "import sys; from wuzha import cli; code = cli.main(sys.argv[1:]);"
        "heavy = {'numba', 'numpy', 'django'} & set(sys.modules); assert not heavy, heavy; sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script, "trace", str(ledger), "--from", "V"], check=False)
    assert done.returncode == 0


@pytest.mark.row("R-501")
def test_the_picture_is_one_file_without_any_address_and_text_stays_text(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "</script><img src=x onerror=alert(1)>"
    ledger.write_text(LEDGER.replace("cash:9", evil))
    target = ledger.parent / "flow.html"
    assert cli.main(["trace", str(ledger), "--from", "V", "--html", str(target)]) == 0
    page = target.read_text()
    assert evil not in page
    assert page.count("</script>") == 2
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page
    data = page.split('id="data">', 1)[1].split("</script>", 1)[0]
    assert json.loads(data)["flows"][0]["stolen"] == 100_000


@pytest.mark.browser
@pytest.mark.row("R-501")
def test_the_picture_of_one_file_shows_a_window_of_time(ledger: Path, page: Any) -> None:
    target = ledger.parent / "flow.html"
    assert cli.main(["trace", str(ledger), "--from", "V", "--html", str(target)]) == 0
    page.goto(target.as_uri())

    def amounts() -> list[str]:
        found: list[str] = page.locator("#rows tr td:nth-child(5)").all_inner_texts()
        return found

    whole = amounts()
    assert len(whole) == 3
    page.locator("#since").fill("1")
    assert amounts() == whole[1:]
    assert "10:06:00 – 2026-01-01 10:07:00" in page.inner_text("#caption")
    assert page.inner_text("#clock-since") == page.get_attribute("#since", "aria-valuetext") == "2026-01-01 10:06:00"
    page.locator("#until").fill("1")
    assert amounts() == whole[1:2]
    page.locator("#until").press("Home")
    assert page.locator("#until").input_value() == "1"
    page.click("#play")
    page.locator("#play", has_text="Play").wait_for()
    assert [page.locator(f"#{name}").input_value() for name in ("since", "until")] == ["1", "2"]
    page.locator("#since").press("Home")
    assert amounts() == whole
    assert page.inner_text("#caption") == "3 of 3 transfers shown."
