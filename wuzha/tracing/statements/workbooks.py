"""Excel workbooks: XLSX through openpyxl (read only), XLS through xlrd; both parse bytes from strangers.

Theory. Whatever those parsers raise on damaged bytes becomes one refusal: their errors are not a language for
people. Numbers become text without an exponent. Excel keeps 15 digits: a card number stored as a number has lost
its end, so the lost digits become stars and the number is matched as a masked one, never as a wrong one.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statements.limits import COLUMNS_MAX, ROWS_MAX, SHEETS_MAX, XLS_BYTES_MAX
from wuzha.tracing.statements.tables import OnRows, Table, damaged, gather, protected

EXACT_DIGITS = 15  # of a double; Excel shows zeros beyond them
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # an XLSX under a password, inside an OLE file
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_BARE_FORMULA = re.compile(
    rb"<c\b[^>]*\br=\"([A-Z]{1,3}(\d{1,7}))\"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_PIECE_BYTES = 2**20
_CELL_BYTES_MAX = 16_000
_GAP_ROWS_MAX = 10_000  # empty rows in a run before a sheet counts as ended


def number_text(value: float) -> str:
    """Plain text of a number cell: 67.0 is "67", 0.1 + 0.2 is "0.3", a card number keeps its first 15 digits."""
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value == int(value):
        digits = str(abs(int(value)))
        if len(digits) > EXACT_DIGITS and len(digits) <= 32:
            digits = digits[:EXACT_DIGITS] + "*" * (len(digits) - EXACT_DIGITS)
        return ("-" if value < 0 else "") + digits
    return format(Decimal(f"{value:.15g}"), "f")


def cell_text(value: object) -> str:
    """Text of an XLSX value: numbers exactly, days and moments in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return number_text(float(value)) if abs(value) < 1e300 else ""
    if isinstance(value, datetime):
        if value.microsecond:
            value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        text = value.isoformat(" ")
        return text.removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def read_xlsx(file: str, data: bytes, on_rows: OnRows | None = None) -> list[Table]:
    """The sheets of an XLSX workbook, hidden ones too. The caller has bounded its size (archives.check_zip)."""
    import openpyxl

    tables = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _check_formulas(file, data)
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets[:SHEETS_MAX]:
                sheet.reset_dimensions()
                tables.append(Table(sheet.title, "xlsx", "", gather(file, _xlsx_rows(sheet), 0, on_rows)))
            book.close()
    except Refusal:
        raise
    except (Exception, RecursionError) as error:
        raise damaged(file) from error
    return tables


def _check_formulas(file: str, data: bytes) -> None:
    """Refuse a workbook whose formulas carry no values: a program wrote it, and nobody has calculated it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if not _SHEET.fullmatch(name):
                continue
            kept = b""
            with archive.open(name) as member:
                while piece := member.read(_PIECE_BYTES):
                    kept = kept[-_CELL_BYTES_MAX:] + piece
                    if bare := _BARE_FORMULA.search(kept):
                        raise Refusal(
                            "statement.formula",
                            _(
                                "%(file)s, cell %(cell)s: a formula stands here without its value. Open the file in a "
                                "spreadsheet program, save it and give it again."
                            ),
                            file=file,
                            cell=bare[1].decode(),
                            line=int(bare[2]),
                        )


def _xlsx_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    gap = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=COLUMNS_MAX), start=1):
        cells = [cell_text(value) for value in row]
        gap = 0 if any(cells) else gap + 1
        if gap > _GAP_ROWS_MAX:
            return
        if gap <= 1:
            yield number, cells


def read_xls(file: str, data: bytes, on_rows: OnRows | None = None) -> list[Table]:
    """The sheets of an XLS workbook (BIFF)."""
    if len(data) > XLS_BYTES_MAX:
        raise Refusal(
            "statement.xls_too_large",
            _("%(file)s is an XLS of more than %(megabytes)s MB; save it as XLSX or CSV."),
            file=file,
            megabytes=XLS_BYTES_MAX // 2**20,
        )
    import xlrd

    tables = []
    try:
        with xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=True) as book:
            for index in range(min(book.nsheets, SHEETS_MAX)):
                sheet = book.sheet_by_index(index)
                rows = _xls_rows(sheet, book.datemode)
                tables.append(Table(sheet.name, "xls", book.encoding or "", gather(file, rows, sheet.nrows, on_rows)))
                book.unload_sheet(index)
    except Refusal:
        raise
    except (Exception, RecursionError) as error:
        if "ncrypt" in str(error) or _ENCRYPTED in data:
            raise protected(file) from error
        raise damaged(file) from error
    return tables


def _xls_rows(sheet: Any, datemode: int) -> Iterator[tuple[int, list[str]]]:
    for index in range(min(sheet.nrows, ROWS_MAX + 1)):
        yield index + 1, [_xls_text(cell, datemode) for cell in sheet.row(index)[: COLUMNS_MAX + 1]]


def _xls_text(cell: Any, datemode: int) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return number_text(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        if 0 <= cell.value < 1:
            seconds = round(cell.value * 86_400)
            return f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        return cell_text(xlrd.xldate.xldate_as_datetime(cell.value, datemode))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    return str(cell.value) if cell.ctype == xlrd.XL_CELL_TEXT else ""
