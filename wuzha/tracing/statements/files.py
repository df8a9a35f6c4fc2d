"""Files into statements, all or nothing: the one door of the importer.

A file is one text, one workbook or one zip of them. Sheets and members that hold no statement at all (a cover sheet,
a PDF beside the tables) are named in the notes as long as something else was read; a table that begins like a
statement and cannot be read to its end refuses the whole file.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statements.archives import is_archive, members_of, tables_of
from wuzha.tracing.statements.limits import FILE_BYTES_MAX, FILES_MAX, NOTES_MAX, ROWS_MAX
from wuzha.tracing.statements.model import Note, OnProgress, Progress, Statement
from wuzha.tracing.statements.reading import read_table
from wuzha.tracing.statements.tables import OnRows
from wuzha.tracing.statements.templates import Template

NOT_STATEMENTS = frozenset({"statement.no_header", "statement.unsupported", "statement.empty"})


def read_bytes(
    file: str,
    data: bytes,
    *,
    template: Template | None = None,
    account: str = "",
    on_progress: OnProgress | None = None,
) -> tuple[Statement, ...]:
    """The statements in one file's bytes; `file` is the name they will carry. account: whose it is, if it does not say.

    Raises Refusal (with line where there is one) and returns nothing when any part of it cannot be read.
    """
    if is_archive(data):
        parts: Iterable[tuple[str, bytes]] = members_of(file, data)
    else:
        parts = [(file, data)]
    statements: list[Statement] = []
    aside: list[Refusal] = []
    for name, content in parts:
        _read_part(name, content, template, account, on_progress, statements, aside)
        if sum(len(statement.rows) for statement in statements) > ROWS_MAX:
            raise Refusal(
                "statement.too_many_rows",
                _("%(file)s has more than %(rows_max)s rows; split it into smaller files."),
                file=file,
                rows_max=ROWS_MAX,
                line=0,
            )
    if not statements:
        raise aside[0] if aside else Refusal("statement.empty", _("%(file)s is empty. Ask for it again."), file=file)
    if aside:
        notes = tuple(
            Note("not_a_statement", _("Left aside: %(why)s"), (("why", str(refusal)[:300]),))
            for refusal in aside[:NOTES_MAX]
        )
        statements[0] = replace(statements[0], notes=(*statements[0].notes, *notes))
    return tuple(statements)


def _read_part(
    name: str,
    content: bytes,
    template: Template | None,
    account: str,
    on_progress: OnProgress | None,
    statements: list[Statement],
    aside: list[Refusal],
) -> None:
    try:
        tables = tables_of(name, content, _reporter(on_progress, "open", name))
    except Refusal as refusal:
        if refusal.code not in NOT_STATEMENTS:
            raise
        aside.append(refusal)
        return
    for table in tables:
        if not any(line.filled for line in table.lines):
            continue
        try:
            found = read_table(
                name, table, template=template, account=account, on_rows=_reporter(on_progress, "read", name)
            )
        except Refusal as refusal:
            if refusal.code not in NOT_STATEMENTS:
                raise
            aside.append(refusal)
            continue
        statements += found


def _reporter(on_progress: OnProgress | None, stage: str, file: str) -> OnRows | None:
    if on_progress is None:
        return None
    return lambda done, estimate: on_progress(Progress(stage, file, done, estimate))


def read_path(
    path: Path,
    *,
    name: str = "",
    template: Template | None = None,
    account: str = "",
    on_progress: OnProgress | None = None,
) -> tuple[Statement, ...]:
    """The statements of a file on disk, carrying `name` or its own. Refusal when it is missing or too large."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= FILE_BYTES_MAX and path.is_file() else None
    except OSError as error:
        raise Refusal(
            "statement.missing",
            _("%(file)s cannot be opened: no such file, or no right to read it."),
            file=name or path.name,
        ) from error
    if data is None:
        raise Refusal(
            "statement.too_large",
            _("%(file)s is larger than %(megabytes)s MB; split it into smaller files."),
            file=name or path.name,
            megabytes=FILE_BYTES_MAX // 2**20,
        )
    return read_bytes(name or path.name, data, template=template, account=account, on_progress=on_progress)


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file of many: its statements, or the refusal that kept it out."""

    file: str
    statements: tuple[Statement, ...] = ()
    refusal: Refusal | None = None


def read_paths(
    paths: Sequence[Path],
    *,
    template: Template | None = None,
    accounts: dict[str, str] | None = None,
    on_progress: OnProgress | None = None,
) -> list[Reading]:
    """Each file read by itself; one that is refused keeps no other out. accounts: file name -> whose it is."""
    if len(paths) > FILES_MAX:
        raise Refusal(
            "statement.too_many_files",
            _("More than %(files_max)s files at once; give them in parts."),
            files_max=FILES_MAX,
        )
    shared = {name for name, times in Counter(path.name for path in paths).items() if times > 1}
    readings = []
    for path in paths:
        name = str(path) if path.name in shared else path.name
        owner = (accounts or {}).get(path.name, "")
        try:
            found = read_path(path, name=name, template=template, account=owner, on_progress=on_progress)
            readings.append(Reading(name, found))
        except Refusal as refusal:
            readings.append(Reading(name, (), refusal))
    return readings
