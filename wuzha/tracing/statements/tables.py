"""Tables as the readers hand them on: numbered lines of text cells, and the refusals that every reader shares."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statements.cells import clean
from wuzha.tracing.statements.limits import (
    CELL_LENGTH_MAX,
    COLUMNS_MAX,
    PROGRESS_ROWS,
    REMEMBERED_CELLS_MAX,
    ROWS_MAX,
)


class Line(NamedTuple):
    """One line of a table: its number in the file or sheet from 1, and its cleaned cells."""

    number: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        """How many cells say something."""
        return len(self.cells) - self.cells.count("")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or one text file. form: csv, tsv, text, xls, xlsx, ods, html, xml. unreadable: characters lost.

    cut: number of the last line where it ends before its time, 0 where it does not.
    """

    name: str
    form: str
    encoding: str
    lines: tuple[Line, ...]
    unreadable: int = 0
    cut: int = 0


OnRows = Callable[[int, int], None]  # rows done, estimate of all


def gather(
    file: str, rows: Iterable[tuple[int, Iterable[str]]], estimate: int, on_rows: OnRows | None
) -> tuple[Line, ...]:
    """Clean and bound the cells of `rows`; equal cells share one text, since statements repeat themselves."""
    pool: dict[str, str] = {}
    lines: list[Line] = []
    for number, cells in rows:
        if len(lines) >= ROWS_MAX:
            raise Refusal(
                "statement.too_many_rows",
                _("%(file)s has more than %(rows_max)s rows; split it into smaller files."),
                file=file,
                rows_max=ROWS_MAX,
                line=number,
            )
        cleaned = [clean(cell) for cell in cells]
        while cleaned and not cleaned[-1]:
            cleaned.pop()
        _check_line(file, number, cleaned)
        share = pool.setdefault if len(pool) < REMEMBERED_CELLS_MAX else pool.get
        lines.append(Line(number, tuple(share(cell, cell) for cell in cleaned)))
        if on_rows and len(lines) % PROGRESS_ROWS == 0:
            on_rows(len(lines), max(estimate, len(lines)))
    return tuple(lines)


def _check_line(file: str, number: int, cells: list[str]) -> None:
    if len(cells) > COLUMNS_MAX:
        raise Refusal(
            "statement.too_many_columns",
            _("%(file)s, line %(line)s has %(columns)s columns; a statement has at most %(columns_max)s."),
            file=file,
            line=number,
            columns=len(cells),
            columns_max=COLUMNS_MAX,
        )
    if cells and max(map(len, cells)) > CELL_LENGTH_MAX:
        raise Refusal(
            "statement.cell_too_long",
            _("%(file)s, line %(line)s has a cell of more than %(length_max)s characters; look for an unclosed quote."),
            file=file,
            line=number,
            length_max=CELL_LENGTH_MAX,
        )


BROKEN = _("cut off or damaged inside")


def damaged(file: str, reason: str = BROKEN) -> Refusal:
    """The refusal for a file whose container cannot be opened; `reason` is a msgid."""
    return Refusal(
        "statement.damaged",
        _("%(file)s cannot be opened (%(reason)s). Ask for it again, or save it anew as XLSX or CSV."),
        file=file,
        reason=reason,
    )


def protected(file: str) -> Refusal:
    """The refusal for a workbook under a password."""
    return Refusal(
        "statement.encrypted",
        _("%(file)s is protected by a password. Open it with the password, save it without one and give it again."),
        file=file,
    )


def unsupported(file: str, form: str) -> Refusal:
    """The refusal for a form that holds no table we read (PDF, pictures, OFD...)."""
    if form == "PDF":
        return Refusal(
            "statement.unsupported",
            _(
                "%(file)s is a PDF, a picture of a table and no table. Ask the bank for the same statement as Excel "
                "or CSV; what is typed off a PDF by hand is no evidence."
            ),
            file=file,
        )
    return Refusal(
        "statement.unsupported",
        _("%(file)s is %(form)s, which is not read. Ask the bank for CSV, XLS or XLSX, or save it as one of these."),
        file=file,
        form=form,
    )
