"""CSV, TSV and their cousins (| ; ^): the delimiter is the one under which a header can be read.

Physical line numbers are kept, since a quoted cell may run over several lines.
"""

import csv
import re
from collections.abc import Iterator
from itertools import islice

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statements.limits import CELL_LENGTH_MAX, HEADER_SEARCH_ROWS_MAX, RECORD_LINES_MAX
from wuzha.tracing.statements.spaced import TITLES_MIN, cut_line, spaced_header, spaced_records
from wuzha.tracing.statements.tables import OnRows, Table, gather
from wuzha.tracing.statements.vocabulary import meaning_of

DELIMITERS = (",", "\t", "|", ";", "^", "~")
NEIGHBOURS = 3  # the last line and those that it is compared with
PLAIN_HEADER_TITLES = 5  # a line with so many known titles is the header; no need to look further
_LINES = re.compile(r"\r\n|\r|\n")


def read_delimited(file: str, text: str, encoding: str, lost: int, on_rows: OnRows | None = None) -> Table:
    """The one table of a text file; Excel's `sep=` line is obeyed. Refusal with the line of an unclosed quote."""
    head = list(islice(_physical(text), HEADER_SEARCH_ROWS_MAX * 2))
    delimiter = _delimiter(head)
    titles = spaced_header(head) if _header_worth(head, delimiter) < TITLES_MIN else ()
    if titles:
        printed = list(_physical(text))
        lines = gather(file, spaced_records(file, printed, titles), len(printed), on_rows)
        return Table("", "text", encoding, lines, lost, cut_line(printed))
    skipped = 1 if re.fullmatch(r"\s*sep=.\s*", head[0]) else 0
    records = _records(file, islice(_physical(text), skipped, None), skipped, delimiter)
    form = {",": "csv", "\t": "tsv"}.get(delimiter, "text")
    estimate = max(text.count("\n"), text.count("\r")) + 1
    lines = gather(file, records, estimate, on_rows)
    return Table("", form, encoding, lines, lost, estimate if _is_cut(text, delimiter) else 0)


def _physical(text: str) -> Iterator[str]:
    """The lines of a text without their ends, one by one: a list of them would take as much room again."""
    start = 0
    for end in _LINES.finditer(text):
        yield text[start : end.start()]
        start = end.end()
    yield text[start:]


def _is_cut(text: str, delimiter: str) -> bool:
    """Whether the last line has no end of line and fewer cells than those before it."""
    lines = _LINES.split(text[-CELL_LENGTH_MAX:])[-NEIGHBOURS:]
    if not lines[-1].strip() or len(lines) < NEIGHBOURS:
        return False
    *before, last = (_width(line, delimiter) for line in lines)
    return all(width > last for width in before)


def _width(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), ()))
    except csv.Error:
        return 0


def _delimiter(lines: list[str]) -> str:
    if lines and (declared := re.fullmatch(r"\s*sep=(.)\s*", lines[0])):
        return declared[1]
    return max(DELIMITERS, key=lambda mark: (_header_worth(lines, mark), _evenness(lines, mark)))


def _header_worth(head: list[str], mark: str) -> float:
    best = 0.0
    for line in head:
        if mark in line and len(line) < 8_000:
            titles = [title.strip(' "\t') for title in line.split(mark)[:80]]
            found = {meaning[0] for title in titles if title and (meaning := meaning_of(title))}
            best = max(best, float(len(found)))
            if best >= PLAIN_HEADER_TITLES:
                break
    return best


def _evenness(head: list[str], mark: str) -> float:
    counts = [line.count(mark) for line in head if line.strip()]
    if not counts or not max(counts):
        return 0.0
    typical = max(set(counts), key=counts.count)
    return counts.count(typical) / len(counts) if typical else 0.0


def _records(file: str, lines: Iterator[str], start: int, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, skipinitialspace=False)
    first = start + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _quote_refusal(file, first) from error
        last = start + reader.line_num
        if last - first >= RECORD_LINES_MAX:
            raise _quote_refusal(file, first)
        yield first, cells
        first = last + 1


def _quote_refusal(file: str, line: int) -> Refusal:
    return Refusal(
        "statement.quote",
        _(
            "%(file)s, line %(line)s: a quotation mark opens here and does not close. Mend the line or "
            "ask for the file again."
        ),
        file=file,
        line=line,
    )
