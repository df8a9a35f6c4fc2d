"""What is shown and kept of statements that were read: plain JSON, made from what the importer concluded. Pure.

Words are kept as templates with values and become the reader's language on the page. Cells are kept as printed, a few
lines of them and only while a file waits to be imported; account numbers of gaps are kept whole, because their bank is
asked with them, and are masked where they are shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from wuzha.kernel.refusals import Refusal
from wuzha.tracing.statements.archives import is_archive, members_of, tables_of
from wuzha.tracing.statements.ledger import Ledger
from wuzha.tracing.statements.meanings import Meaning
from wuzha.tracing.statements.model import Note, Statement
from wuzha.tracing.statements.tables import Line

TABLES_MAX = 40
PREVIEW_ROWS = 8
PREVIEW_COLUMNS_MAX = 60
CELL_SHOWN_MAX = 60
NOTES_MAX = 60
GAPS_MAX = 200
CONFLICTS_MAX = 100
HEADER_SOUGHT_LINES = 40

Row = dict[str, Any]


def tidy(value: Any) -> Any:
    """A JSON value without the marks that the database takes in no text: NUL and halves of characters."""
    if isinstance(value, str):
        return "".join("\ufffd" if mark == "\0" or "\ud800" <= mark <= "\udfff" else mark for mark in value)
    if isinstance(value, dict):
        return {tidy(name): tidy(one) for name, one in value.items()}
    if isinstance(value, list):
        return [tidy(one) for one in value]
    return value


def described(statements: Sequence[Statement]) -> list[Row]:
    """Each table of a file, as recognised."""
    return [_table(statement) for statement in statements[:TABLES_MAX]]


def _table(statement: Statement) -> Row:
    mapping, rows = statement.mapping, statement.rows
    times = [row.at for row in rows]
    return {
        "file": statement.file,
        "sheet": statement.sheet,
        "form": statement.form,
        "encoding": statement.encoding,
        "header": [title[:CELL_SHOWN_MAX] for title in mapping.header[:PREVIEW_COLUMNS_MAX]],
        "header_line": mapping.header_line,
        "columns": mapping_json(statement),
        "positive": mapping.positive.value,
        "date_order": mapping.date_order.value if mapping.date_order else "",
        "template": mapping.template,
        "rows": len(rows),
        "first": min(times).isoformat() if times else "",
        "last": max(times).isoformat() if times else "",
        "accounts": list(statement.accounts[:5]),
        "lacks": list(statement.lacks),
        "skipped": len(statement.skipped),
        "notes": [note_json(note) for note in statement.notes[:NOTES_MAX]],
        "preview": [_cells(row.raw) for row in rows[:PREVIEW_ROWS]],
    }


def mapping_json(statement: Statement) -> dict[str, list[int]]:
    """Meaning -> positions of its columns, without what no column has."""
    held = statement.mapping.columns
    return {meaning.value: list(at) for meaning, at in held.items() if meaning is not Meaning.OTHER and at}


def note_json(note: Note) -> Row:
    """A note as JSON."""
    return {"code": note.code, "template": note.template, "values": dict(note.values)}


def concluded(ledger: Ledger) -> Row:
    """What became of the rows when they were laid together: repeats, pairs, gaps, conflicts."""
    return {
        "rows": ledger.rows,
        "transfers": len(ledger.transfers),
        "repeats": ledger.repeats,
        "merged": ledger.merged,
        "left_out": ledger.left_out,
        "completed": len(ledger.completed),
        "gaps": [
            {
                "account": gap.account,
                "currency": gap.currency,
                "after_at": gap.after_at.isoformat() if gap.after_at else "",
                "before_at": gap.before_at.isoformat(),
                "before": gap.before,
                "missing_minor": gap.missing_minor,
            }
            for gap in ledger.gaps[:GAPS_MAX]
        ],
        "conflicts": [
            {"template": one.template, "values": dict(one.values), "places": list(one.places[:4])}
            for one in ledger.conflicts[:CONFLICTS_MAX]
        ],
        "gaps_more": max(0, len(ledger.gaps) - GAPS_MAX),
        "conflicts_more": max(0, len(ledger.conflicts) - CONFLICTS_MAX),
    }


def glance(name: str, data: bytes) -> Row | None:
    """The first lines of a file that could not be read, so that a person can name its columns; None when there are
    none to be seen."""
    try:
        parts = members_of(name, data) if is_archive(data) else iter([(name, data)])
        for part, content in parts:
            for table in tables_of(part, content):
                filled = [line for line in table.lines if line.filled >= 2]
                if filled:
                    return _glance(table.lines, filled)
    except Refusal:
        return None
    return None


def _glance(lines: Sequence[Line], filled: Sequence[Line]) -> Row:
    head = max(filled[:HEADER_SOUGHT_LINES], key=lambda line: (line.filled, -line.number))
    below = [line for line in lines if line.number > head.number and line.filled >= 2]
    return {
        "header": _cells(head.cells),
        "header_line": head.number,
        "columns": {},
        "positive": "in",
        "date_order": "",
        "preview": [_cells(line.cells) for line in below[:PREVIEW_ROWS]],
    }


def _cells(cells: Sequence[str]) -> list[str]:
    return [cell[:CELL_SHOWN_MAX] for cell in cells[:PREVIEW_COLUMNS_MAX]]


def refusal_json(refusal: Refusal) -> Row:
    """A refusal as JSON; values that are no text or number become text."""
    values: Mapping[str, object] = refusal.values
    plain = {name: value if isinstance(value, (int, str)) else str(value) for name, value in values.items()}
    return {"code": refusal.code, "template": refusal.template, "values": plain, "field": refusal.field}
