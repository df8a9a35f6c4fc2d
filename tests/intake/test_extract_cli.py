"""`wuzha extract` and `wuzha kinds`: what goes in, what comes out, what is refused."""

import argparse
import io
import json
from pathlib import Path
from typing import Any

import pytest

from wuzha import cli
from wuzha.intake import extract_cli, kinds_cli
from wuzha.kernel.refusals import Refusal


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUZHA_DATA", str(tmp_path / "centre"))


def run(module: Any, *words: str) -> int:
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(list(words))))


@pytest.mark.row("R-101")
def test_one_object_a_line_for_texts_and_json_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "calls.txt"
    source.write_text(
        '昨天下午3点被骗八万五\n{"text": "昨天转了两w", "now": "2024-03-01T10:00"}\n\n{不是JSON\n', encoding="utf-8"
    )
    assert run(extract_cli, str(source), "--now", "2026-11-21T14:30", "--json") == 0
    first, second, empty, plain = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert [(lead["kind"], lead["value"]) for lead in first["leads"]] == [
        ("time", "2026-11-20T15"),
        ("amount", "85000"),
    ]
    assert set(first["leads"][0]) >= {"kind", "text", "start", "end", "value", "confidence"}
    assert first["leads"][1]["currency"] == "CNY"
    assert second["leads"][0]["value"] == "2024-02-29"
    assert empty["leads"] == plain["leads"] == []
    assert len(first["fraud_kind"]) == 3
    assert {"kind", "p"} <= set(first["fraud_kind"][0])


def test_standard_input_and_half_a_surrogate_pair(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"text": "\\ud800电话13812345678"}\n'))
    assert run(extract_cli) == 0
    assert json.loads(capsys.readouterr().out)["leads"][0]["value"] == "13812345678"


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        run(extract_cli, str(tmp_path / "none.txt"))
    assert refused.value.code == "extract.file"
    with pytest.raises(Refusal) as refused:
        run(extract_cli, "--now", "tomorrow")
    assert refused.value.code == "extract.now"
    binary = tmp_path / "photo.jpg"
    binary.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" * 50)
    with pytest.raises(Refusal) as refused:
        run(extract_cli, str(binary))
    assert refused.value.code == "extract.binary"


def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "calls.jsonl"
    lines = (
        '{"text": "转了3万"}',
        '{"text": "转了',
        '{"text": 5}',
        '{"text": "转了5万", "now": "tomorrow"}',
        '{"told": "x"}',
        '{"text": "转了4万"}',
    )
    source.write_text("\n".join(lines), encoding="utf-8")
    assert run(extract_cli, str(source), "--json") == 2
    captured = capsys.readouterr()
    answers = [json.loads(line) for line in captured.out.splitlines()]
    assert [[lead["value"] for lead in answer["leads"]] for answer in answers] == [["30000"], [], [], [], [], ["40000"]]
    assert [answer.get("line") for answer in answers] == [None, 2, 3, 4, 5, None]
    assert all(f"{number}" in said for number, said in zip((2, 3, 4, 5), captured.err.splitlines(), strict=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_files_of_every_usual_encoding_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    source = tmp_path / "call.txt"
    source.write_text("我给他转了八万五\r\n电话13812345678", encoding=encoding)
    assert run(extract_cli, str(source)) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert [first["leads"][0]["value"], second["leads"][0]["value"]] == ["85000", "13812345678"]


def test_a_stray_byte_spoils_its_own_place_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "call.txt"
    source.write_bytes("昨天转了八万五\n".encode() + b"\xff\xfa" + "电话13812345678\n".encode() + "又转了3万".encode())
    assert run(extract_cli, str(source), "--now", "2026-03-05T14:30") == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [[lead["value"] for lead in answer["leads"]] for answer in answers] == [
        ["2026-03-04", "85000"],
        ["13812345678"],
        ["30000"],
    ]


@pytest.mark.parametrize("now", ["", " ", "0", "明天", "2026-13-01", "25:00"])
def test_a_moment_that_is_none_is_refused(now: str) -> None:
    with pytest.raises(Refusal) as refused:
        run(extract_cli, "--now", now)
    assert refused.value.code == "extract.now"


def test_odd_lines_have_their_answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (
        '{"text": "3万", "now": null}',
        '{"text": "3万", "now": ""}',
        '{"text": "3万", "now": 0}',
        '{"text": null}',
        '{"text": "3万", "more": {"a": [1, NaN]}}',
        '  {"text": "3万"}  ',
        '["text"]',
        "[" * 100_000,
        '{"text": "a"} and more',
        '{"a": ' * 50_000,
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert run(extract_cli, "-") == 2
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ["error" in answer for answer in answers] == [
        False, True, True, True, False, False, False, False, True, True,
    ]  # fmt: skip
    assert [len(answer["leads"]) for answer in answers] == [1, 0, 0, 0, 1, 1, 0, 0, 0, 0]


def test_a_reader_that_leaves_is_no_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "call.txt"
    source.write_text("转了3万\n", encoding="utf-8")

    class Left(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Left())
    with pytest.raises(BrokenPipeError):
        run(extract_cli, str(source))


def test_a_line_of_a_million_characters_is_one_text_and_a_longer_one_than_can_be_read_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "long.txt"
    source.write_text("一" * 1_000_000 + "。电话13812345678\n转了3万\n", encoding="utf-8")
    assert run(extract_cli, str(source)) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["leads"][-1]["value"] == "13812345678"
    assert second["leads"][0]["value"] == "30000"
    monkeypatch.setattr(extract_cli, "TEXT_LENGTH_MAX", 1000)
    assert run(extract_cli, str(source)) == 2
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert "error" in first
    assert second["leads"][0]["value"] == "30000"


def test_what_the_commands_say_is_said_in_the_terminals_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "speak", lambda text: f"«{text}»")
    lines = [
        {"text": f"第{n}个人收到{'蓝色' if n % 2 else '红色'}的信封{n}", "kind": "loan" if n % 2 else "gaming"}
        for n in range(200)
    ]
    source = tmp_path / "decided.jsonl"
    source.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    for action in ("train", "train", "evaluate"):
        assert run(kinds_cli, action, str(source)) == 0
        assert all("«" in line for line in capsys.readouterr().out.splitlines())


@pytest.mark.row("R-502")
def test_a_trained_model_is_used_by_extract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        {"text": f"第{n}个人收到{'蓝色' if n % 2 else '红色'}的信封{n * 7919}", "kind": "loan" if n % 2 else "gaming"}
        for n in range(400)
    ]
    source = tmp_path / "decided.jsonl"
    source.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    assert run(kinds_cli, "train", str(source), "--json") == 0
    training = json.loads(capsys.readouterr().out)
    assert training["replaced"] is True
    assert kinds_cli.model_path().exists()
    assert run(kinds_cli, "evaluate", str(source)) == 0
    assert "right 1.000" in capsys.readouterr().out
    told = tmp_path / "told.txt"
    told.write_text("他收到蓝色的信封\n", encoding="utf-8")
    assert run(extract_cli, str(told)) == 0
    assert json.loads(capsys.readouterr().out)["fraud_kind"][0]["code"] == "loan"
