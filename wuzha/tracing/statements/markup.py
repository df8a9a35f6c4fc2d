"""Tables in markup that banks call ".xls": HTML tables and Excel 2003 XML.

One forgiving parser for both: a row is <tr> or <Row>, a cell <td>, <th> or <Cell>. Entities are resolved by the
parser's own fixed table only; nothing is fetched and no document type is obeyed.
"""

import re
from html.parser import HTMLParser

from wuzha.kernel.refusals import Refusal
from wuzha.tracing.statements.limits import COLUMNS_MAX, COVERED_CELLS_MAX, ROWS_MAX, SHEETS_MAX
from wuzha.tracing.statements.tables import OnRows, Table, damaged, gather

_LOOKS = re.compile(r"<\s*(?:table|tr|\w*:?workbook|html)\b", re.IGNORECASE)
_CLOSED = re.compile(r"</\s*(?:table|html|\w*:?workbook)\s*>", re.IGNORECASE)
_SUM_LIKE = re.compile(r"\D{0,3}[\d,]+(?:\.\d+)?\D{0,2}")
_NO_SUM = re.compile(r"(?:19|20)\d{6}|\d{10,}")  # a day, a number of an account
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})


def looks_like_markup(text: str) -> bool:
    """Whether a text file is markup: a tag stands first and a table, row or workbook follows."""
    head = text[:20_000].lstrip()
    return head.startswith("<") and _LOOKS.search(head) is not None


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[tuple[str, list[tuple[int, list[str]]]]] = [("", [])]
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = self._depth = 1
        self._hanging: dict[int, tuple[int, str]] = {}  # column -> (rows still covered by a cell above, what they show)
        self._covered: dict[int, str] = {}
        self._repeated = 0
        self._rows = 0
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.rpartition(":")[2]
        found = {name.rpartition(":")[2]: value or "" for name, value in attrs}
        if tag in ("worksheet", "table") and self._row is None:
            if len(self.sheets) < SHEETS_MAX and (self.sheets[-1][1] or tag == "worksheet"):
                self._hanging = {}
                self.sheets.append((found.get("name", self.sheets[-1][0] if tag == "table" else ""), []))
        elif tag in _ROWS:
            self.close_row()
            if self._rows <= ROWS_MAX:
                self._row = []
                self._rows += 1
                self._covered = {column: shown for column, (_left, shown) in self._hanging.items()}
                self._hanging = {c: (left - 1, shown) for c, (left, shown) in self._hanging.items() if left > 1}
        elif tag in _CELLS and self._row is not None:
            self._close_cell()
            position = _number(found.get("index"))
            while len(self._row) < min(position - 1, COLUMNS_MAX):
                self._row.append("")
            self._pass_covered()
            self._depth = min(max(1, _number(found.get("rowspan"))), ROWS_MAX)
            self._span = min(max(1, _number(found.get("colspan")), 1 + _number(found.get("mergeacross"))), COLUMNS_MAX)
            self._cell = []
        elif tag in ("br", "p", "div") and self._cell:
            self._cell.append(" ")
        elif tag in ("script", "style"):
            self._skip += 1

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _CELLS:
            self._close_cell()
        elif tag in _ROWS or tag in ("table", "worksheet"):
            self.close_row()
        elif tag in ("script", "style"):
            self._skip = max(0, self._skip - 1)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._skip:
            self._cell.append(data)

    def _close_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            text, column = " ".join("".join(self._cell).split()), len(self._row)
            self._row.append(text)
            self._row.extend([""] * (self._span - 1))
            if self._depth > 1 and len(self._row) <= COLUMNS_MAX:
                below = "" if _repeated_sum(text) else text
                self._hanging[column] = (self._depth - 1, below)
                self._hanging |= dict.fromkeys(range(column + 1, len(self._row)), (self._depth - 1, ""))
        self._cell = None

    def _pass_covered(self) -> None:
        """Columns that a cell above covers: a day or a name holds for each of its rows."""
        while self._row is not None and len(self._row) in self._covered:
            self._row.append(self._covered[len(self._row)])
            self._repeated += 1
        if self._repeated > COVERED_CELLS_MAX:
            raise ValueError("covered cells")

    def close_row(self) -> None:
        self._close_cell()
        if self._row is not None:
            self._pass_covered()
            rows = self.sheets[-1][1]
            rows.append((len(rows) + 1, self._row))
        self._row = None


def _repeated_sum(text: str) -> bool:
    """Whether a cell over several rows may be a sum, which moved once: then only its first row has it."""
    return _SUM_LIKE.fullmatch(text) is not None and _NO_SUM.fullmatch(text) is None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def read_markup(file: str, text: str, encoding: str, on_rows: OnRows | None = None) -> list[Table]:
    """Every table of an HTML or Excel 2003 XML file; lines count the rows of each table from 1."""
    if _CLOSED.search(text[-4_000:]) is None and text.rstrip()[-1:] != ">":
        raise damaged(file)
    parser = _Tables()
    try:
        parser.feed(text)
        parser.close()
    except Refusal:
        raise
    except (Exception, RecursionError) as error:
        raise damaged(file) from error
    parser.close_row()
    form = "xml" if re.search(r"<\?mso-application|schemas-microsoft-com:office:spreadsheet", text[:4000]) else "html"
    return [Table(name, form, encoding, gather(file, rows, len(rows), on_rows)) for name, rows in parser.sheets if rows]
