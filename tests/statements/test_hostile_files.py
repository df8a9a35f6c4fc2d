"""Files that mean harm, or were harmed: refused with the reason, and quickly; what only looks strange is read."""

import io
import random
import re
import zipfile

import openpyxl
import pytest

from tests.statements.containers import ods, text_of, typed, xlsx, zipped
from tests.statements.corpus import expected, facts, grid
from tests.statements.houses import HOUSES
from tests.statements.test_corpus import check
from wuzha.kernel.refusals import Refusal
from wuzha.tracing.statements import build_ledger, opendocument, read_bytes, tables

HOUSE = HOUSES["abc corporate"]
FACTS = facts(4, 9)
GRID = grid(HOUSE, FACTS)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(data, name="f"):
    with pytest.raises(Refusal) as caught:
        read_bytes(name, data)
    assert str(caught.value)
    return caught.value


def test_a_bomb_of_one_file_or_of_many_is_not_opened():
    assert refused(zipped({"a.csv": b"0" * 60_000_000}), "a.zip").code == "statement.archive_too_large"
    layers = zipped({"a.csv": b"0" * 60_000_000})
    assert refused(zipped({f"{n}.zip": layers for n in range(50)}), "a.zip").code == "statement.archive_too_large"


def test_a_workbook_under_a_password_says_so():
    data = OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    assert refused(data, "a.xlsx").code == "statement.encrypted"


@pytest.mark.parametrize("make", [xlsx, ods, lambda rows: zipped({"a.csv": text_of(rows)})])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_container_cut_off_is_refused(make, share):
    data = make(GRID)
    assert refused(data[: int(len(data) * share)]).code in ("statement.damaged", "statement.no_header")


def test_markup_cut_off_is_refused():
    whole = "<table>" + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in GRID) + "</table>"
    check(HOUSE, read_bytes("f", whole.encode()), expected(HOUSE, FACTS))
    assert refused(whole[: len(whole) // 2 - 3].rstrip(">").encode()).code == "statement.damaged"


@pytest.mark.parametrize("seed", range(12))
def test_rubbish_that_is_called_csv_is_refused(seed):
    chance = random.Random(seed)
    assert refused(chance.randbytes(chance.randint(40, 20_000)), "流水.csv").code in (
        "statement.encoding",
        "statement.no_header",
        "statement.quote",
        "statement.damaged",
        "statement.too_many_columns",
        "statement.cell_too_long",
    )


def test_formulas_with_values_are_read_and_without_them_refused():
    book = openpyxl.Workbook()
    for row in typed(GRID):
        book.active.append(row)
    book.active["D5"] = "=1+1"
    out = io.BytesIO()
    book.save(out)
    refusal = refused(out.getvalue(), "a.xlsx")
    assert (refusal.code, refusal.values["cell"], refusal.values["line"]) == ("statement.formula", "D5", 5)
    (statement,) = read_bytes("a.xlsx", _calculated(out.getvalue()))
    assert {row.line: row.balance_minor for row in statement.rows}[5] == 2_00


def _calculated(data):
    """The workbook with the formula's value in it, as a spreadsheet program saves it."""
    members = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            members[name] = re.sub(rb"(<f>1\+1</f>)<v\s*(?:/>|></v>)", rb"\1<v>2</v>", archive.read(name))
    return zipped(members)


def test_an_ods_that_repeats_itself_ends_at_the_limit(monkeypatch):
    monkeypatch.setattr(opendocument, "ROWS_MAX", 500)
    monkeypatch.setattr(tables, "ROWS_MAX", 500)
    data = ods(GRID)
    inner = zipfile.ZipFile(io.BytesIO(data)).read("content.xml").decode()
    many = inner.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="2000000000">', 4)
    refusal = refused(zipped({"mimetype": "x", "content.xml": many}))
    assert refusal.code == "statement.too_many_rows"
    wide = inner.replace('number-columns-repeated="1000"/>', 'number-columns-repeated="9999"><text:p>x</text:p>')
    wide = wide.replace("x</text:p></table:table-row>", "x</text:p></table:table-cell></table:table-row>")
    assert refused(zipped({"mimetype": "x", "content.xml": wide})).code == "statement.too_many_columns"


def test_an_ods_under_a_password_or_with_a_document_type_is_refused():
    data = ods(GRID)
    inner = zipfile.ZipFile(io.BytesIO(data)).read("content.xml")
    manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    locked = zipped({"mimetype": "x", "content.xml": inner, "META-INF/manifest.xml": manifest})
    assert refused(locked).code == "statement.encrypted"
    bomb = '<!DOCTYPE a [<!ENTITY x "xxxxxxxx">]>'
    assert refused(ods(GRID, before=bomb)).code == "statement.damaged"


def test_a_pdf_says_what_to_ask_for():
    refusal = refused(b"%PDF-1.7 and so on", "流水.pdf")
    assert refusal.code == "statement.unsupported"
    assert "Excel" in str(refusal)


def test_one_row_missing_is_a_gap_of_its_sum_in_every_house_that_prints_balances():
    """What is left out of a file is found by the balance that goes on without it."""
    for name in ("abc corporate", "icbc corporate", "police 34", "german", "newest first", "mainframe"):
        house = HOUSES[name]
        known = facts(9, 12, house.decimals)
        missing = known[6]
        rows = grid(house, [fact for fact in known if fact is not missing])
        ledger = build_ledger(read_bytes("f", text_of(rows, ";" if house.sum == "european" else ",").encode()))
        (gap,) = ledger.gaps
        assert abs(gap.missing_minor) == int(missing.amount * 100), name
        assert (gap.missing_minor < 0) is missing.out
