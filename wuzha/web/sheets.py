"""Workbooks that officers take away: plain values, and no text that a spreadsheet would run.

A text that begins like a formula gets an apostrophe before it; characters that no workbook takes are left out. Sums
are numbers with the decimals of their currency, times are shown in the centre's zone.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from wuzha.kernel.money import MINOR_DIGITS

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CELL_LENGTH_MAX = 2_000
WIDTH_MAX = 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | Decimal | datetime | None


def safe_text(text: str) -> str:
    """A text that no spreadsheet runs."""
    plain = ILLEGAL_CHARACTERS_RE.sub("", text)[:CELL_LENGTH_MAX]
    return f"'{plain}" if plain.startswith(FORMULA_STARTS) else plain


def sum_cell(amount_minor: int | None, currency: str) -> Decimal | None:
    """A sum of minor units as a number."""
    return None if amount_minor is None else Decimal(amount_minor).scaleb(-MINOR_DIGITS.get(currency, 2))


def workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """An XLSX file of sheets (title, header, rows)."""
    book = Workbook(write_only=True)
    for title, header, rows in sheets:
        sheet = book.create_sheet(ILLEGAL_CHARACTERS_RE.sub("", title)[:31])
        sheet.freeze_panes = "A2"
        for n, name in enumerate(header):
            sheet.column_dimensions[_letter(n)].width = min(WIDTH_MAX, max(12, 2 * len(name) + 4))
        sheet.append([_head(sheet, name) for name in header])
        for row in rows:
            sheet.append([_value(sheet, value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _letter(n: int) -> str:
    return chr(65 + n) if n < 26 else chr(64 + n // 26) + chr(65 + n % 26)


def _head(sheet: WriteOnlyWorksheet, name: str) -> "WriteOnlyCell":
    cell = WriteOnlyCell(sheet, safe_text(name))
    cell.font = Font(bold=True)
    return cell


def _value(sheet: WriteOnlyWorksheet, value: Cell) -> "WriteOnlyCell | None":
    if value is None:
        return None
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, timezone.localtime(value).replace(tzinfo=None, microsecond=0))
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
        return cell
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, safe_text(value))
        cell.data_type = "s"
        return cell
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, Decimal):
        digits = max(0, -int(value.as_tuple().exponent))
        cell.number_format = "#,##0" + ("." + "0" * digits if digits else "")
    return cell


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file for the reader to keep; never cached, because it holds personal data."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
