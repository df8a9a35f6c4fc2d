"""Spreadsheets of LibreOffice and WPS (ODS): the tables of content.xml, read as a stream by expat.

Theory. The file is a zip whose content.xml holds every sheet. A cell says its type and value in attributes; what is
shown is the text below it. Cells and lines may be repeated by number, a few bytes standing for a million lines, so
repeats count against the same limits as lines written out. A document type, which no such file needs, is refused: it
is where entities that grow would stand.
"""

import io
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from wuzha.tracing.statements.limits import CELL_LENGTH_MAX, COLUMNS_MAX, ROWS_MAX, SHEETS_MAX
from wuzha.tracing.statements.tables import BROKEN, OnRows, Table, damaged, gather, protected
from wuzha.tracing.statements.workbooks import number_text

_PIECE_BYTES = 2**16
_NUMBERS = frozenset({"float", "currency", "percentage"})
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})

Numbered = list[tuple[int, list[str]]]


class _Sheets:
    """Collects the sheets while expat walks through the file."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, Numbered]] = []
        self._line = 0
        self._row: list[str] | None = None
        self._row_times = self._times = 1
        self._text: list[str] | None = None
        self._value: str | None = None
        self._depth = 0  # of comments and drawings inside a cell, whose text is not the cell's
        self._length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag begins."""
        if tag == "table:table" and len(self.sheets) < SHEETS_MAX:
            self.sheets.append((attributes.get("table:name", ""), []))
            self._line = 0
        elif tag == "table:table-row" and self.sheets:
            self._row, self._row_times = [], _times(attributes.get("table:number-rows-repeated"))
        elif tag in _CELLS and self._row is not None:
            self._text, self._length = [], 0
            self._times = _times(attributes.get("table:number-columns-repeated"))
            self._value = None if tag == "table:covered-table-cell" else _value(attributes)
        elif self._text is not None:
            if tag in ("office:annotation", "draw:frame"):
                self._depth += 1
            elif (tag == "text:p" and self._text) or tag in ("text:s", "text:tab", "text:line-break"):
                self._text.append(" ")

    def end(self, tag: str) -> None:
        """A tag ends."""
        if tag in ("office:annotation", "draw:frame"):
            self._depth = max(0, self._depth - 1)
        elif tag in _CELLS and self._row is not None and self._text is not None:
            text = self._value if self._value is not None else "".join(self._text)
            room = max(0, COLUMNS_MAX + 1 - len(self._row))  # one beyond the limit, so that it is refused as too wide
            self._row += [text] * min(self._times, room)
            self._text = None
        elif tag == "table:table-row" and self._row is not None:
            self._close_row()

    def _close_row(self) -> None:
        cells = self._row or []
        while cells and not cells[-1]:
            cells.pop()
        rows = self.sheets[-1][1]
        if cells:
            for n in range(min(self._row_times, ROWS_MAX + 1 - len(rows))):
                rows.append((self._line + n + 1, cells))
        self._line += self._row_times
        self._row = None

    def data(self, text: str) -> None:
        """Text between tags."""
        if self._text is not None and not self._depth and self._length <= CELL_LENGTH_MAX:
            self._text.append(text)
            self._length += len(text)


def _times(text: str | None) -> int:
    return min(int(text), 2**31) if text and text.isascii() and text.isdigit() and len(text) < 11 and int(text) else 1


def _value(attributes: dict[str, str]) -> str | None:
    """The text of a cell that says its value in attributes; None when the text below it is the value."""
    kind = attributes.get("office:value-type", "")
    if kind in _NUMBERS:
        try:
            return number_text(float(attributes.get("office:value", "")))
        except (ValueError, OverflowError):
            return None
    if kind == "date":
        return attributes.get("office:date-value", "")[:32].replace("T", " ").removesuffix(" 00:00:00")
    if kind == "time":
        parts = attributes.get("office:time-value", "").removeprefix("PT").rstrip("S")
        clock = parts.replace("H", ":").replace("M", ":").partition(".")[0]
        return clock[:16] or None
    return None


def read_ods(file: str, data: bytes, on_rows: OnRows | None = None) -> list[Table]:
    """The sheets of an ODS file. Its size has been bounded (archives.check_zip)."""
    sheets = _Sheets()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = sheets.start, sheets.end
    parser.CharacterDataHandler = sheets.data
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        if _is_encrypted(archive):
            raise protected(file)
        for piece in _pieces(archive, "content.xml"):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise damaged(file, BROKEN) from error
    return [Table(name, "ods", "", gather(file, rows, len(rows), on_rows)) for name, rows in sheets.sheets]


def _no_doctype(*_told: object) -> None:
    raise ValueError("a document type")


def _is_encrypted(archive: zipfile.ZipFile) -> bool:
    if "META-INF/manifest.xml" not in archive.namelist():
        return False
    with archive.open("META-INF/manifest.xml") as manifest:
        return b"encryption-data" in manifest.read(2**20)


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as member:
        while piece := member.read(_PIECE_BYTES):
            yield piece
