"""The running balance as a witness: what it says of directions, signs and a bank's own marks.

Theory. Neighbouring printed balances differ by the sum between them; the sign of the difference is the direction. Which
neighbour comes first is told by the days; only where all days are equal are both orders tried, and the order in which
the table is true as written is preferred: a row of equal sums fits both ways, and would turn the whole table round.
"""

from collections import Counter
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from itertools import pairwise

from wuzha.kernel.refusals import _
from wuzha.tracing.statements.cells import read_when
from wuzha.tracing.statements.drafts import Draft
from wuzha.tracing.statements.marks import direction_of_mark
from wuzha.tracing.statements.meanings import DateOrder, Direction, Mapping, Meaning
from wuzha.tracing.statements.model import Note
from wuzha.tracing.statements.recognition import TIMES
from wuzha.tracing.statements.sums import Sum, read_sum
from wuzha.tracing.statements.tables import Line

HITS_MIN = 2
HIT_SHARE_MIN = 0.6
MARK_CODES_MAX = 4


def steps_of(moments: Sequence[datetime]) -> tuple[int, ...]:
    """(1,) when lines stand oldest first, (-1,) when newest first, (1, -1) when the moments do not tell."""
    rising = sum(early < late for early, late in pairwise(moments))
    falling = sum(early > late for early, late in pairwise(moments))
    if rising == falling:
        return 1, -1
    return (1,) if rising > falling else (-1,)


def steps_of_lines(mapping: Mapping, lines: Sequence[Line]) -> tuple[int, ...]:
    """`steps_of` for lines not yet read."""
    moments = (_moment(mapping, line) for line in lines)
    return steps_of([moment for moment in moments if moment is not None])


def _moment(mapping: Mapping, line: Line) -> datetime | None:
    """When a line not yet read happened; None for a line without a day, as totals are."""
    for position in (p for meaning in TIMES for p in mapping.columns.get(meaning, ())):
        try:
            when = read_when(line.cells[position], mapping.date_order or DateOrder.DAY_FIRST)
        except (ValueError, OverflowError, IndexError):
            continue
        if when is not None and when.day is not None:
            return datetime.combine(when.day, when.clock or time())
    return None


def _steps(drafts: Sequence[Draft]) -> tuple[int, ...]:
    return steps_of([datetime.combine(draft.day, draft.clock or time()) for draft in drafts])


def _changes(drafts: Sequence[Draft], step: int) -> list[tuple[int, Decimal]]:
    """(position, change of balance) of every draft whose account's previous balance is printed too."""
    changes = []
    last: dict[str, Decimal | None] = {}
    for position in range(len(drafts))[::step]:
        draft = drafts[position]
        before = last.get(draft.account)
        if before is not None and draft.balance is not None:
            changes.append((position, draft.balance - before))
        last[draft.account] = draft.balance
    return changes


def balance_hits(drafts: Sequence[Draft]) -> tuple[int, int, int]:
    """(hits as written, hits if turned, pairs compared): how far the balances agree with the drafts' directions."""
    best = (0, 0, 0)
    for step in _steps(drafts):
        hits = turned = 0
        changes = _changes(drafts, step)
        for position, change in changes:
            size = abs(drafts[position].value)
            signed = {Direction.IN: size, Direction.OUT: -size}.get(drafts[position].direction or Direction.NEUTRAL)
            hits += change == signed
            turned += signed is not None and change == -signed
        best = max(best, (hits, turned, len(changes)))
    return best


def read_off_balance(drafts: Sequence[Draft]) -> bool:
    """Give directions by the balance if it explains at least HIT_SHARE_MIN of the pairs; whether it did."""
    best: list[tuple[int, Direction]] = []
    pairs = 0
    for step in _steps(drafts):
        changes = _changes(drafts, step)
        found = [
            (position, Direction.IN if change > 0 else Direction.OUT)
            for position, change in changes
            if abs(change) == abs(drafts[position].value)
        ]
        if len(found) > len(best):
            best, pairs = found, len(changes)
    if len(best) < HITS_MIN or len(best) < HIT_SHARE_MIN * pairs:
        return False
    for position, direction in best:
        drafts[position].direction = direction
    return True


def settle_marks(mapping: Mapping, lines: Sequence[Line]) -> tuple[Mapping, list[Note]]:
    """Learn a bank's own codes of direction (1 and 2) from the running balance, when it proves every one of them."""
    places = [mapping.columns.get(m, ())[:1] for m in (Meaning.MARK, Meaning.AMOUNT, Meaning.BALANCE)]
    if not all(places) or mapping.marks:
        return mapping, []
    columns = [place[0] for place in places]
    full = [line for line in lines if len(line.cells) > max(columns) and _moment(mapping, line) is not None]
    rows = [tuple(line.cells[p] for p in columns) for line in full]
    strange = {mark for mark, _amount, _balance in rows if mark and direction_of_mark(mark) is None}
    codes = {mark for mark, amount, _balance in rows if mark in strange and _number(mapping, amount)}
    if not 1 <= len(codes) <= MARK_CODES_MAX:
        return mapping, []
    votes: Counter[tuple[str, Direction]] = Counter()
    for step in steps_of_lines(mapping, full):
        found: Counter[tuple[str, Direction]] = Counter()
        for (_m, _a, before), (mark, amount, after) in pairwise(rows[::step]):
            old, size, new = (_number(mapping, text) for text in (before, amount, after))
            if mark in codes and old is not None and size and new is not None and abs(new - old) == abs(size):
                found[mark, Direction.IN if new > old else Direction.OUT] += 1
        if found.total() > votes.total():
            votes = found
    learned = {mark: direction for mark, direction in votes if not votes[mark, direction.turned()]}
    left = codes - set(learned)
    if len(left) == 1 and len(codes) == 2 and len(learned) == 1:  # the first line has no balance before it
        learned[left.pop()] = next(iter(learned.values())).turned()
    if set(learned) != codes:
        return mapping, []
    note = Note(
        "marks_by_balance",
        _("The bank's own marks were read off the running balance: in is %(into)s, out is %(out)s."),
        (("into", _marks_of(learned, Direction.IN)), ("out", _marks_of(learned, Direction.OUT))),
    )
    return replace(mapping, marks=learned), [note]


def _marks_of(learned: MappingOf[str, Direction], way: Direction) -> str:
    return ", ".join(sorted(mark for mark, direction in learned.items() if direction is way)) or "–"


def _number(mapping: Mapping, text: str) -> Decimal | None:
    try:
        read = read_sum(text, mapping.comma)
    except ValueError:
        return None
    return read.value if isinstance(read, Sum) else None
