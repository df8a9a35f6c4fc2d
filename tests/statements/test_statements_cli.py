"""`wuzha statements`: what it prints, writes and refuses."""

import csv
import json

import pytest

from wuzha.cli import main

A, B = "6222021001000000001", "6217001001000000002"
HEADER = "交易时间,账号,户名,收支,金额,余额,对方账号,对方户名,摘要\n"


@pytest.fixture
def files(tmp_path):
    one, other, bad = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "bad.csv"
    one.write_text(
        f"{HEADER}2024-01-02 10:00:00,{A},张三,支出,100,900,{B},李四,转账\n2024-01-02 "
        f"11:00:00,{A},张三,支出,100,700,{B},,转账\n",
        "utf-8",
    )
    other.write_text(f"{HEADER}2024-01-02 10:01:00,{B},李四,收入,100,100,{A},张三,转账\n", "utf-8")
    bad.write_text(f"{HEADER}2024-01-02 10:01:00,{B},李四,收入,abc,100,{A},张三,转账\n", "utf-8")
    return one, other, bad


@pytest.mark.row("R-505")
def test_a_ledger_is_written(files, tmp_path, capsys):
    out = tmp_path / "ledger.csv"
    assert main(["statements", str(files[0]), str(files[1]), "--out", str(out)]) == 0
    with out.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["from"], row["to"], row["amount"], row["both_sides"]) for row in rows] == [
        (A, B, "100.00", "1"),
        (A, B, "100.00", ""),
    ]
    said = capsys.readouterr().out
    assert "a.csv: 2 rows" in said
    assert "Gap in" in said
    assert "-100.00 CNY" in said


@pytest.mark.row("R-505")
def test_a_refused_file_is_named_with_its_line_and_leaves_nothing(files, tmp_path, capsys):
    out = tmp_path / "ledger.csv"
    assert main(["statements", str(files[2]), str(files[0]), "--out", str(out)]) == 2
    assert "bad.csv, 2: “abc”" in capsys.readouterr().err
    with out.open(encoding="utf-8") as lines:
        assert {row["from"] for row in csv.DictReader(lines)} == {A}
    assert main(["statements", str(files[2]), "--out", str(tmp_path / "none.csv")]) == 2
    assert not (tmp_path / "none.csv").exists()


def test_json_is_one_object(files, capsys):
    assert main(["statements", *map(str, files), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert [entry["file"] for entry in told["files"]] == ["a.csv", "b.csv", "bad.csv"]
    assert told["files"][2]["refused"]["line"] == 2
    assert (told["rows"], told["merged"], told["transfers"]) == (3, 1, 2)
    assert told["gaps"][0]["missing"] == "-100.00"
    assert told["files"][0]["statements"][0]["columns"]["amount"] == ["金额"]


def test_a_template_is_saved_and_used(files, tmp_path, capsys):
    saved = tmp_path / "t.json"
    assert main(["statements", str(files[0]), "--save-template", str(saved)]) == 0
    assert json.loads(saved.read_text("utf-8"))["columns"]["amount"] == ["金额"]
    assert main(["statements", str(files[1]), "--template", str(saved)]) == 0
    files[1].write_text(files[1].read_text("utf-8").replace("金额", "数目"), "utf-8")
    capsys.readouterr()
    assert main(["statements", str(files[1]), "--template", str(saved)]) == 2
    assert "数目" in capsys.readouterr().err


def test_whose_a_statement_is_can_be_said(tmp_path, capsys):
    path = tmp_path / "june.csv"
    path.write_text("交易时间,收支,金额,对方账号\n2024-01-02 10:00:00,支出,5," + B + "\n", "utf-8")
    assert main(["statements", str(path), "--account", f"june.csv={A}", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["statements"][0]["accounts"] == [A]
    assert main(["statements", str(path), "--account", "nonsense"]) == 2


def test_missing_files_and_templates_are_refused(tmp_path, capsys):
    assert main(["statements", str(tmp_path / "none.csv")]) == 2
    assert main(["statements", str(tmp_path / "none.csv"), "--template", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
