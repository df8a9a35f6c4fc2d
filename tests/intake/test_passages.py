"""Leads of passages that a person wrote and labelled: sums, times, numbers and handles, kind by kind.

The figures that count are those of the day a set was new (docs/extraction.md); here the sets keep what was reached.
"""

from collections import Counter
from pathlib import Path

import pytest

from bench.passages import Passage, judge, read_passages
from wuzha.intake.leads import extract

FOLDER = Path(__file__).parent / "passages"
SETS = sorted(FOLDER.glob("*.txt"))
PASSAGES_MIN = 30
F1_MIN = {"amount": 0.97, "time": 0.97, "time value": 0.97}
F1_MIN_OF_NUMBERS = 0.97  # cards, identity numbers, orders, handles, links, phones


def told(path: Path) -> list[Passage]:
    return list(read_passages(path))


@pytest.mark.row("R-101")
@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_every_kind_is_found_where_a_person_found_it(path: Path) -> None:
    passages = told(path)
    assert len(passages) >= PASSAGES_MIN
    tally = judge(passages)
    kinds = tally.right.keys() | tally.extra.keys() | tally.missed.keys()
    assert {"amount", "time"} <= kinds
    is_prose_alone = {passage.section for passage in passages} in ({"news", "nothing"}, {"chat", "nothing"})
    assert is_prose_alone or {"card", "order", "url"} <= kinds
    low = {kind: tally.f1(kind) for kind in kinds if tally.f1(kind) < F1_MIN.get(kind, F1_MIN_OF_NUMBERS)}
    assert not low, "\n".join(tally.notes)


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_words_that_name_nothing_give_no_number_to_act_on(path: Path) -> None:
    nothing = [passage for passage in told(path) if passage.section == "nothing"]
    assert len(nothing) >= 4
    found = Counter(lead.kind for passage in nothing for lead in extract(passage.text, passage.now))
    assert not {"card", "account", "id_number", "phone", "qq", "amount"} & set(found), found


def test_a_passage_is_read_with_its_marks_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(
        "# of a test\n== chat\n@now 2026-01-02T03:04\n转〖amount 30000|3万〗到⏎〖phone 13812345678〗\n",
        encoding="utf-8",
    )
    (passage,) = read_passages(path)
    assert (passage.section, passage.text, passage.now.year) == ("chat", "转3万到\n13812345678", 2026)
    assert [(lead.kind, passage.text[lead.start : lead.end], lead.value) for lead in passage.told] == [
        ("amount", "3万", "30000"),
        ("phone", "13812345678", "13812345678"),
    ]
    assert judge([passage]).f1("amount") == 1
    assert judge([Passage("", "转3万", passage.now, ())]).extra["amount"] == 1
