"""Tables without a header: read only where the values themselves prove what the columns are.

Proof: a column of days, and a column that is a running balance of one signed sum, or of one sum in and one sum out,
in every line. Nothing less will do; a table without header and without balance is refused, and its columns are
described so that a person can name them in a template.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statements.limits import SAMPLE_ROWS_MAX
from wuzha.tracing.statements.meanings import Mapping, Meaning
from wuzha.tracing.statements.recognition import Evidence, evidence_of
from wuzha.tracing.statements.sums import Sum, comma_before_cents, read_sum
from wuzha.tracing.statements.tables import Line, Table
from wuzha.tracing.statements.witness import steps_of_lines

PROOF_PAIRS_MIN = 3
COLUMNS_TRIED_MAX = 12
COLUMNS_SHOWN_MAX = 40


def map_without_header(file: str, table: Table) -> Mapping:
    """The mapping that the values prove. Refusal "statement.no_header" describing the columns when they prove none."""
    lines = [line for line in table.lines if line.filled >= 3][:SAMPLE_ROWS_MAX]
    width = max((len(line.cells) for line in lines), default=0)
    seen = {p: evidence_of([line.cells[p] for line in lines if p < len(line.cells)]) for p in range(width)}
    days = [p for p, e in seen.items() if e.filled >= 0.9 * len(lines) and e.days >= 0.95]
    sums = [p for p, e in seen.items() if e.filled and e.sums >= 0.95 and p not in days][:COLUMNS_TRIED_MAX]
    if days and len(lines) > PROOF_PAIRS_MIN and (proved := _proved(lines, sums, _steps(lines, days[0]))):
        texts = [p for p, e in seen.items() if p not in days and p not in sums and e.filled and e.sums < 0.5]
        columns = {(Meaning.TIME if seen[days[0]].moments >= 0.95 else Meaning.DATE): (days[0],), **proved}
        if texts:
            columns[Meaning.SUMMARY] = tuple(texts[:2])
        return Mapping((), 0, columns)
    raise Refusal(
        "statement.no_header",
        _(
            "%(file)s: no line names a time and a sum among its columns. Columns of days: %(days)s; of sums: %(sums)s; "
            "of other text: %(texts)s. Name the columns in a template, or give another file."
        ),
        file=f"{file}, {table.name}" if table.name else file,
        **_described(seen),
    )


def _steps(lines: Sequence[Line], day: int) -> tuple[int, ...]:
    return steps_of_lines(Mapping((), 0, {Meaning.DATE: (day,)}), lines)


def _proved(lines: Sequence[Line], sums: Sequence[int], steps: Sequence[int]) -> dict[Meaning, tuple[int, ...]] | None:
    comma = comma_before_cents(line.cells[p] for line in lines for p in sums if p < len(line.cells))
    values = {position: [_value(line, position, comma) for line in lines] for position in sums}
    for balance in reversed(sums):
        if any(value is None for value in values[balance]):
            continue
        for first in sums:
            if first == balance:
                continue
            if _keeps(values[balance], values[first], None, steps):
                return {Meaning.AMOUNT: (first,), Meaning.BALANCE: (balance,)}
            for second in sums:
                if second not in (first, balance) and _keeps(values[balance], values[first], values[second], steps):
                    return {Meaning.IN_AMOUNT: (first,), Meaning.OUT_AMOUNT: (second,), Meaning.BALANCE: (balance,)}
    return None


def _keeps(
    balance: Sequence[Decimal | None],
    inward: Sequence[Decimal | None],
    outward: Sequence[Decimal | None] | None,
    steps: Sequence[int],
) -> bool:
    """Whether every line's balance is that of the line before it in time, plus in, minus out."""
    changes = [(inward[i] or Decimal(0)) - ((outward[i] or Decimal(0)) if outward else 0) for i in range(len(balance))]
    if sum(1 for change in changes if change) < PROOF_PAIRS_MIN or len(balance) <= PROOF_PAIRS_MIN:
        return False
    lines = list(zip([value or Decimal(0) for value in balance], changes, strict=True))
    return any(all(new == old + change for (old, _c), (new, change) in pairwise(lines[::step])) for step in steps)


def _value(line: Line, position: int, comma: bool) -> Decimal | None:
    try:
        read = read_sum(line.cells[position], comma) if position < len(line.cells) else None
    except ValueError:
        return None
    return read.value if isinstance(read, Sum) else None


def _described(seen: dict[int, Evidence]) -> dict[str, str]:
    """What the columns hold, by their numbers from 1."""
    found: dict[str, list[str]] = {"days": [], "sums": [], "texts": []}
    for position, evidence in list(seen.items())[:COLUMNS_SHOWN_MAX]:
        if evidence.filled:
            kind = "days" if evidence.days > 0.9 else "sums" if evidence.sums > 0.9 else "texts"
            found[kind].append(str(position + 1))
    return {kind: ", ".join(numbers) or "–" for kind, numbers in found.items()}
