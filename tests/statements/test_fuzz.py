"""Whatever bytes come in: rows, or a Refusal; never another error, and never a part of a file."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shared_data import shared_path
from tests.statements.layouts import LAYOUTS
from tests.statements.layouts_later import LATER
from tests.statements.layouts_unseen import UNSEEN
from tests.statements.layouts_wallets import WALLETS
from wuzha.kernel.refusals import Refusal
from wuzha.tracing.statements import build_ledger, csv_rows, read_bytes
from wuzha.tracing.statements.templates import load

ALL = [(layout.text.encode(layout.encoding), name) for name, layout in {**LAYOUTS, **WALLETS}.items()]
EVERY = ALL + [(layout.data, name) for name, layout in {**UNSEEN, **LATER}.items()]
STARTS = [
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x09\x08\x10\x00",
    b"<table><tr><td>",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
]
QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rows_or_refusal(data):
    try:
        statements = read_bytes("f", data)
    except Refusal as refusal:
        return str(refusal) and None
    for statement in statements:
        for row in statement.rows:
            assert row.amount_minor > 0
            assert row.line > 0
    list(csv_rows(build_ledger(statements)))
    return statements


@QUIET
@given(st.sampled_from(STARTS), st.binary(max_size=600))
def test_any_bytes(start, data):
    rows_or_refusal(start + data)


@QUIET
@given(st.text(alphabet="交易时间金额收支余额账号借贷0123456789-:.,/¥ \n\t\"'|;=()（），xX*", max_size=400))
def test_text_of_the_banks_own_characters(text):
    rows_or_refusal(text.encode())


@QUIET
@given(st.sampled_from(EVERY), st.data())
def test_a_good_file_with_bytes_changed(sample, data):
    changed = bytearray(sample[0])
    for _ in range(data.draw(st.integers(1, 6))):
        position = data.draw(st.integers(0, len(changed) - 1))
        how = data.draw(st.sampled_from(["set", "cut", "insert", "twice"]))
        if how == "set":
            changed[position] = data.draw(st.integers(0, 255))
        elif how == "cut":
            del changed[position : position + data.draw(st.integers(1, 40))]
        elif how == "insert":
            changed[position:position] = data.draw(st.binary(min_size=1, max_size=8))
        else:
            changed[position:position] = changed[position : position + 60]
        if not changed:
            break
    rows_or_refusal(bytes(changed))


@QUIET
@given(st.sampled_from(ALL), st.data())
def test_a_cell_spoilt_is_never_a_row_lost_in_silence(sample, data):
    """Replace one cell of a data row: the rows stay as many, or the line stands among the skipped, or it is refused."""
    raw, name = sample
    layout = {**LAYOUTS, **WALLETS}[name]
    lines = layout.text.split("\n")
    if "<" in layout.text:
        return
    row = data.draw(st.sampled_from(layout.rows))
    number = int(row.split()[0])
    mark = next((m for m in ("\t", "|", ",") if lines[number - 1].count(m) > 2), None)
    if mark is None or '"' in lines[number - 1]:
        return
    cells = lines[number - 1].split(mark)
    cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(
        st.sampled_from(["#REF!", "abc", "9-9", "2024-99-99", "1.2.3"])
    )
    lines[number - 1] = mark.join(cells)
    statements = rows_or_refusal("\n".join(lines).encode(layout.encoding))
    if statements is not None:
        told = {r.line for s in statements for r in s.rows} | {k.line for s in statements for k in s.skipped}
        assert {int(row.split()[0]) for row in layout.rows} <= told
    assert raw


@QUIET
@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_member_of_a_zip(data, name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name.replace("\x00", "") or "x", data)
    rows_or_refusal(out.getvalue())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_genuine_xls_with_bytes_changed(data):
    folder = shared_path("statements/ccb")
    changed = bytearray(next(folder.iterdir()).read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    rows_or_refusal(bytes(changed))


@QUIET
@given(
    st.text(max_size=200) | st.sampled_from(['{"version": 1}', '{"version": 1, "columns": {"time": 3}}', "[" * 5000])
)
def test_any_template(text):
    with suppress(Refusal):
        load(text)


@pytest.mark.parametrize("levels", [10])
def test_entities_of_markup_do_not_grow(levels):
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "x"}">' for i in range(levels))
    rows_or_refusal(
        f"<?xml version='1.0'?><!DOCTYPE a [{entities}]><table><tr><td>&e{levels - 1};</td></tr></table>".encode()
    )
