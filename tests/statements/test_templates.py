"""A mapping corrected by a person, saved, used again; and drift noticed when the file has changed."""

import json

import pytest

from wuzha.kernel.refusals import Refusal
from wuzha.tracing.statements import Direction, Template, read_bytes, template_of
from wuzha.tracing.statements.templates import drift_of, dump, load

STRANGE = "甲栏,乙栏,丙栏,丁栏\n2024-01-02,x,5.00,6222021001000000001\n2024-01-03,y,7.00,6222021001000000002\n"


def template(**changes):
    told = {
        "version": 1,
        "name": "strange bank",
        "header": ["甲栏", "乙栏", "丙栏", "丁栏"],
        "columns": {"time": ["甲栏"], "mark": ["乙栏"], "amount": ["丙栏"], "peer_account": ["丁栏"]},
        "marks": {"x": "out", "y": "in"},
        "currency": "USD",
        "account": "6222 0000 0000 0001",
    }
    return load(json.dumps({**told, **changes}))


def told(text, how=None):
    (statement,) = read_bytes("f", text.encode(), template=how)
    return [(row.direction, row.amount_minor, row.peer_account) for row in statement.rows], statement


def test_a_layout_without_a_known_word_is_refused_and_then_read_by_a_template():
    with pytest.raises(Refusal) as caught:
        read_bytes("f", STRANGE.encode())
    assert caught.value.code == "statement.no_header"
    rows, statement = told(STRANGE, template())
    assert rows == [("out", 500, "6222021001000000001"), ("in", 700, "6222021001000000002")]
    assert {(row.account, row.currency) for row in statement.rows} == {("6222000000000001", "USD")}
    assert (statement.mapping.template, statement.mapping.header_line) == ("strange bank", 1)


def test_a_correction_is_saved_and_read_again():
    text = "交易时间,收支,金额,备注金额\n2024-01-02 10:00:00,支出,5.00,6.00\n"
    rows, statement = told(text)
    assert rows[0][1] == 500
    corrected = statement.mapping.corrected(amount=3)
    saved = load(dump(template_of("mine", corrected)))
    assert told(text, saved)[0][0][1] == 600


def test_round_trip_of_the_json():
    assert load(dump(template())) == template()
    assert isinstance(template(), Template)
    assert template().marks["x"] is Direction.OUT


def test_columns_moved_and_added_are_read_and_told():
    text = "丁栏,新栏,丙栏,乙栏,甲栏\n6222021001000000001,?,5.00,x,2024-01-02\n"
    rows, statement = told(text, template())
    assert rows == [("out", 500, "6222021001000000001")]
    (note,) = [note for note in statement.notes if note.code == "template_drift"]
    assert "新栏" in str(note)


def test_a_needed_column_gone_is_refused_by_name():
    with pytest.raises(Refusal) as caught:
        read_bytes("f", STRANGE.replace("丙栏", "金额").encode(), template=template())
    assert (caught.value.code, caught.value.values["line"]) == ("statement.template_drift", 1)
    assert "丙栏" in str(caught.value)
    assert "金额" in str(caught.value)


def test_drift_is_nothing_when_nothing_changed():
    assert not drift_of(template(), ["甲栏", "乙栏", "丙栏", "丁栏"])
    drift = drift_of(template(), ["乙栏", "甲栏", "丙栏", "戊栏"])
    assert (drift.missing, drift.added, drift.moved) == (("丁栏",), ("戊栏",), True)


def test_a_table_without_header_has_its_columns_by_number():
    text = "2024-01-02,x,5.00,6222021001000000001\n2024-01-03,y,7.00,6222021001000000002\n"
    numbered = template(header=[], columns={"date": [1], "mark": [2], "amount": [3], "peer_account": [4]})
    assert told(text, numbered)[0] == [("out", 500, "6222021001000000001"), ("in", 700, "6222021001000000002")]


def test_what_was_ambiguous_can_be_said():
    text = "Date,Amount,Balance\n01/02/2024,-5,95\n01/02/2024,-5,90\n"
    said = load(
        json.dumps(
            {
                "version": 1,
                "header": ["Date", "Amount", "Balance"],
                "date_order": "dmy",
                "columns": {"date": ["Date"], "amount": ["Amount"], "balance": ["Balance"]},
            }
        )
    )
    (statement,) = read_bytes("f", text.encode(), template=said)
    assert statement.rows[0].at.date().isoformat() == "2024-02-01"


def test_positive_can_be_said_to_be_out():
    said = template(columns={"time": ["甲栏"], "amount": ["丙栏"]}, positive="out")
    text = STRANGE.replace("7.00", "-7.00")
    assert [row[0] for row in told(text, said)[0]] == ["out", "in"]


BAD = [
    {"version": 2},
    {"columns": {}},
    {"columns": {"no_such_meaning": ["甲栏"]}},
    {"columns": {"time": []}},
    {"columns": {"time": [0]}},
    {"columns": {"time": [True]}},
    {"marks": {"x": "sideways"}},
    {"positive": "up"},
    {"date_order": "ddd"},
    {"scale": 7},
    {"header": "甲栏"},
]


@pytest.mark.parametrize("change", BAD, ids=str)
def test_a_template_that_cannot_be_used_is_refused(change):
    with pytest.raises(Refusal) as caught:
        template(**change)
    assert caught.value.code == "statement.template"
    assert str(caught.value)
