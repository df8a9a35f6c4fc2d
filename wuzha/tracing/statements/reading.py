"""One table read into statements: sections found, columns mapped, lines drafted, conventions settled, rows made.

Theory. A sheet may hold several sections, each with its own preamble and header (one per account or currency); a
header repeated by page breaks is no new section. A section is read whole or the file is refused. The path is always
the same: header -> mapping -> drafts -> conventions -> rows.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statements import templates
from wuzha.tracing.statements.accounts import VISIBLE_MIN, canonical_account, visible
from wuzha.tracing.statements.conventions import date_order_of, settle_comma, settle_directions, settle_years
from wuzha.tracing.statements.currencies import KNOWN, currency_of
from wuzha.tracing.statements.drafts import Draft, Reader
from wuzha.tracing.statements.headerless import map_without_header
from wuzha.tracing.statements.limits import PROGRESS_ROWS, SAMPLE_ROWS_MAX, SKIPPED_KEPT_MAX
from wuzha.tracing.statements.meanings import Mapping, Meaning
from wuzha.tracing.statements.model import Note, Preamble, Precision, Statement, StatementRow, digits_of_currency
from wuzha.tracing.statements.preambles import read_preamble, unit_above
from wuzha.tracing.statements.recognition import SUMS, TIMES, Header, find_header, header_at, map_columns, same_header
from wuzha.tracing.statements.rows import (
    own_account_of_ends,
    reopen_refunded,
    row_of,
    settle_ends,
    status_note,
    words_of,
)
from wuzha.tracing.statements.sums import Sum, read_sum
from wuzha.tracing.statements.tables import Line, OnRows, Table
from wuzha.tracing.statements.vocabulary import has_unit, meaning_of
from wuzha.tracing.statements.whose import settle_whose
from wuzha.tracing.statements.witness import settle_marks

CURRENCY_ASSUMED = "CNY"


def read_table(
    file: str,
    table: Table,
    *,
    template: templates.Template | None = None,
    account: str = "",
    on_rows: OnRows | None = None,
) -> list[Statement]:
    """Every section of a table. Refusal when it has no header, lacks a needed column, or a line cannot be read."""
    statements: list[Statement] = []
    lines = table.lines
    if template is not None and template.headerless:
        mapping, drift = templates.apply(template, file, (), 0)
        return [_read_section(file, table, (), lines, mapping, template, account, drift, on_rows)]
    header = _header_for(lines, 0, template)
    if header is None:
        mapping = map_without_header(file, table)
        return [_read_section(file, table, (), lines, mapping, None, account, templates.Drift(), on_rows)]
    start = 0
    while header is not None:
        first = header.index + header.height
        preamble_lines = lines[start : header.index]
        end, following = _section_end(lines, header, first)
        body = lines[first:end]
        if template is not None:
            mapping, drift = templates.apply(template, file, header.titles, lines[header.index].number)
        else:
            mapping, drift = map_columns(header, _sample(header, body)), templates.Drift()
            mapping = replace(mapping, header_line=lines[header.index].number)
            _require(file, table, mapping)
        statements.append(_read_section(file, table, preamble_lines, body, mapping, template, account, drift, on_rows))
        start, header = end, following
    return statements


def _header_for(lines: Sequence[Line], start: int, template: templates.Template | None) -> Header | None:
    if template is None:
        return find_header(lines, start)
    for index, line in enumerate(lines[start:], start=start):
        if line.filled >= 2 and templates.fits(template, line.cells):
            return Header(index, 1, line.cells, tuple(meaning_of(cell) for cell in line.cells))
    return find_header(lines, start)


def _sample(header: Header, body: Sequence[Line]) -> Sequence[Line]:
    """Lines spread over the section, so that a column filled late still shows what it holds."""
    titles = {title for title in header.titles if title}
    filled = [line for line in body[: SAMPLE_ROWS_MAX * 10] if line.filled > 2 and not _repeats(line, titles)]
    typical = sorted(line.filled for line in filled)[len(filled) // 2] if filled else 0
    filled = [line for line in filled if line.filled * 2 > typical]  # totals are no movements
    step = max(1, len(filled) // SAMPLE_ROWS_MAX)
    return filled[::step][:SAMPLE_ROWS_MAX]


def _section_end(lines: Sequence[Line], header: Header, first: int) -> tuple[int, Header | None]:
    """(index where the section's lines end, the next section's header). A repeated header ends nothing by itself."""
    width = sum(1 for title in header.titles if title)
    printed = lines[header.index].cells
    last_full = first
    for index in range(first, len(lines)):
        line = lines[index]
        if same_header(line, header, printed):
            between = read_preamble(lines[last_full:index])
            if between.account and index > first:
                return last_full, header_at(lines, index) or replace(header, index=index)
            continue
        if line.filled >= 3 and not any(cell[:1].isdigit() for cell in line.cells):
            following = header_at(lines, index)
            if following is not None and following.worth >= 3:
                return last_full, following
        if line.filled * 2 >= width and not _names_account(line, header):
            last_full = index + 1
    return len(lines), None


def _unit_told(
    mapping: Mapping, above: Sequence[Line], template: templates.Template | None
) -> tuple[Mapping, list[Note]]:
    """The unit that stands above the table, where no title and no template states another one."""
    summed = [p for meaning in SUMS for p in mapping.columns.get(meaning, ())]
    unit = None if template else unit_above(above)
    if unit in (None, 1) or any(has_unit(mapping.title_of(p)) for p in summed):
        return mapping, []
    note = Note(
        "unit_above", _("Sums are in units of %(unit)s yuan, as stands above the table."), (("unit", str(unit)),)
    )
    return replace(mapping, scale=unit or mapping.scale), [note]


def _names_account(line: Line, header: Header) -> bool:
    """Whether a line belongs to the next section: words stand where the day should, and they say whose account."""
    times = [p for p, found in enumerate(header.meanings) if found and found[0] in TIMES and p < len(line.cells)]
    told = "".join(line.cells[p] for p in times)
    return told != "" and not any(mark.isdigit() for mark in told) and read_preamble([line]).account != ""


def _require(file: str, table: Table, mapping: Mapping) -> None:
    """Refuse, naming what is lacking, a table whose columns do not make a statement."""
    for meanings, template in (
        (
            TIMES,
            _("%(file)s, line %(line)s: none of the columns %(titles)s holds days. Name the columns in a template."),
        ),
        (
            SUMS,
            _("%(file)s, line %(line)s: none of the columns %(titles)s holds sums. Name the columns in a template."),
        ),
    ):
        if not mapping.has(*meanings):
            raise Refusal(
                "statement.lacks_columns",
                template,
                file=f"{file}, {table.name}" if table.name else file,
                line=mapping.header_line,
                titles=", ".join(title for title in mapping.header if title)[:200],
            )


def _read_section(
    file: str,
    table: Table,
    preamble_lines: Sequence[Line],
    body: Sequence[Line],
    mapping: Mapping,
    template: templates.Template | None,
    account: str,
    drift: templates.Drift,
    on_rows: OnRows | None,
) -> Statement:
    preamble = read_preamble(preamble_lines)
    own = account or (template.account if template else "") or preamble.account
    own = canonical_account(own)
    preamble = replace(preamble, account=own if visible(own) >= VISIBLE_MIN else "")
    mapping = replace(mapping, date_order=date_order_of(file, mapping, body))
    mapping, notes = settle_comma(mapping, body)
    mapping, told = _unit_told(mapping, preamble_lines, template)
    notes += told
    if template is None:
        mapping, told = settle_whose(mapping, preamble, body)
        notes += told
    mapping, told = settle_marks(mapping, body)
    notes += told
    reader = Reader(file, table.name, mapping)
    drafts = _drafts(reader, body, preamble, table.cut, on_rows)
    notes += settle_years(file, drafts, preamble)
    if reader.names_ends:
        settle_ends(reader, drafts, preamble.account or own_account_of_ends(reader, drafts))
    mapping, found = settle_directions(file, mapping, preamble, drafts, [words_of(reader, draft) for draft in drafts])
    currency, told = _currency(table, mapping, preamble, template)
    unclear: set[str] = set()
    statuses = [reader.cell(draft.line, Meaning.STATUS) for draft in drafts] if mapping.has(Meaning.STATUS) else []
    rows: list[StatementRow] = []
    drafts.reverse()
    while drafts:  # each draft goes as its row comes: a million of both would take twice the room
        rows.append(row_of(reader, drafts.pop(), preamble, currency, unclear))
    rows = reopen_refunded(rows, statuses) if statuses else rows
    notes += [*found, *told, *status_note(unclear), *_remarks(table, reader, drift, rows)]
    mapping = replace(mapping, lacks=_lacks(mapping, preamble, rows))
    opening = _opening(reader, preamble, rows, currency)
    return Statement(
        file,
        table.name,
        table.form,
        table.encoding,
        preamble,
        mapping,
        tuple(rows),
        opening,
        tuple(reader.skipped[:SKIPPED_KEPT_MAX]),
        tuple(notes),
        mapping.lacks,
    )


def _drafts(reader: Reader, body: Sequence[Line], preamble: Preamble, cut: int, on_rows: OnRows | None) -> list[Draft]:
    drafts = []
    titles = [cell for cell in reader.mapping.header if cell]
    for done, line in enumerate(body, start=1):
        if titles and line.filled >= 2 and line.cells[0] and _repeats(line, titles):
            continue
        draft = reader.draft(line)
        if draft is not None and line.number == cut:
            raise reader.refusal(
                line, "statement.cut", _("%(place)s: the file ends in the middle of this line. Ask for it again.")
            )
        if draft is not None:
            own = (Meaning.ACCOUNT,) if preamble.merchant else (Meaning.CARD, Meaning.ACCOUNT)
            draft.account = canonical_account(reader.cell(line, *own)) or preamble.account
            drafts.append(draft)
        if on_rows and done % PROGRESS_ROWS == 0:
            on_rows(done, len(body))
    return drafts


def _repeats(line: Line, titles: Collection[str]) -> bool:
    known = [cell for cell in line.cells if cell]
    return known[0] in titles and sum(1 for cell in known if cell in titles) * 2 > len(known) > 1


def _currency(
    table: Table, mapping: Mapping, preamble: Preamble, template: templates.Template | None
) -> tuple[str, list[Note]]:
    if template and template.currency:
        return currency_of(template.currency), []
    summed = [
        p
        for m in (Meaning.AMOUNT, Meaning.IN_AMOUNT, Meaning.OUT_AMOUNT, Meaning.BALANCE)
        for p in mapping.columns.get(m, ())
    ]
    for position in summed:
        title = mapping.title_of(position)
        for word in title.replace("（", "(").replace("）", ")").replace("(", " ").replace(")", " ").split():
            code = currency_of(word)
            if code in KNOWN and word not in ("USDC", "USDT"):
                return code, []
    if preamble.currency:
        return preamble.currency, []
    if mapping.has(Meaning.CURRENCY):
        return CURRENCY_ASSUMED, []
    return CURRENCY_ASSUMED, [Note("currency_assumed", _("No currency is printed; yuan was assumed."))]


def _remarks(table: Table, reader: Reader, drift: templates.Drift, rows: Sequence[StatementRow]) -> list[Note]:
    notes = []
    if table.unreadable:
        notes.append(
            Note(
                "characters_lost",
                _("%(count)s characters were broken in the file and are lost."),
                (("count", str(table.unreadable)),),
            )
        )
    if reader.filled_down:
        notes.append(
            Note(
                "days_filled",
                _("%(count)s lines without a day were given the day above them."),
                (("count", str(reader.filled_down)),),
            )
        )
    if drift:
        values = (("missing", ", ".join(drift.missing) or "-"), ("added", ", ".join(drift.added) or "-"))
        notes.append(
            Note(
                "template_drift",
                _(
                    "The layout differs from the template (gone: %(missing)s; new: %(added)s; or columns "
                    "moved). Check it."
                ),
                values,
            )
        )
    without_sum = sum(1 for skipped in reader.skipped if skipped.reason == "no_sum")
    if without_sum:
        notes.append(
            Note(
                "rows_without_sum",
                _("%(count)s lines have a day and no sum, or a sum of zero; they move no money."),
                (("count", str(without_sum)),),
            )
        )
    if failed := sum(1 for row in rows if row.failed):
        notes.append(
            Note(
                "rows_failed",
                _("%(count)s rows are printed as failed or closed; they move no money."),
                (("count", str(failed)),),
            )
        )
    if neutral := sum(1 for row in rows if row.direction.value == "neutral"):
        notes.append(
            Note(
                "rows_neutral",
                _("%(count)s rows are neither in nor out; they stay out of the ledger."),
                (("count", str(neutral)),),
            )
        )
    return notes


def _lacks(mapping: Mapping, preamble: Preamble, rows: Sequence[StatementRow]) -> tuple[str, ...]:
    lacks = []
    if not all(row.account for row in rows):
        lacks.append("account")
    if rows and all(row.precision is Precision.DAY for row in rows):
        lacks.append("clock")
    if not any(row.balance_minor is not None for row in rows):
        lacks.append("balance")
    if not any(row.peer_account or row.peer_name for row in rows):
        lacks.append("counterparty")
    if not any(row.serial for row in rows):
        lacks.append("serial")
    return tuple(lacks)


def _opening(reader: Reader, preamble: Preamble, rows: Sequence[StatementRow], currency: str) -> int | None:
    value: Decimal | None = reader.opening
    if value is None and preamble.opening:
        try:
            read = read_sum(preamble.opening, reader.mapping.comma)
        except ValueError:
            return None
        value = read.value if isinstance(read, Sum) else None
    return None if value is None else int(value.scaleb(digits_of_currency(currency)))
