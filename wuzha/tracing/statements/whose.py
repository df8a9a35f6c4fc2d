"""Whose a column "account" or "name" is when its title names no side: the statement's own, or the other end's.

Theory. Under a statement that says above whose it is, a column of ever different accounts can only be the other side.
The running balance is the better witness: where the account changes from one line to the next and the balance goes on
as if it were one account's, the lines are one account's and the column is the other end. A list of many accounts, as
police feedback is, keeps a balance for each and so stays what it is.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from wuzha.kernel.refusals import _
from wuzha.tracing.statements.accounts import canonical_account, may_be_same, names_contradict
from wuzha.tracing.statements.cells import is_blank
from wuzha.tracing.statements.limits import SAMPLE_ROWS_MAX
from wuzha.tracing.statements.meanings import Mapping, Meaning
from wuzha.tracing.statements.model import Note, Preamble
from wuzha.tracing.statements.sums import Sum, read_sum
from wuzha.tracing.statements.tables import Line

STRANGERS_MIN = 3  # different accounts under a statement of one, where no balance tells
SWITCHES_MIN = 1
LINES_ASKED_MAX = SAMPLE_ROWS_MAX * 10
_NAMED_SIDES = (
    Meaning.PEER_ACCOUNT,
    Meaning.PEER_CARD,
    Meaning.PEER_TEXT,
    Meaning.PAYER_ACCOUNT,
    Meaning.PAYER_CARD,
    Meaning.PAYEE_ACCOUNT,
    Meaning.PAYEE_CARD,
)
_OTHER_SIDE = {
    Meaning.ACCOUNT: Meaning.PEER_ACCOUNT,
    Meaning.CARD: Meaning.PEER_CARD,
    Meaning.HOLDER: Meaning.PEER_NAME,
    Meaning.BANK: Meaning.PEER_BANK,
}


def settle_whose(mapping: Mapping, preamble: Preamble, body: Sequence[Line]) -> tuple[Mapping, list[Note]]:
    """The mapping with its nameless columns given to the other side where the lines prove it, and a note of that."""
    lines = [line for line in body[:LINES_ASKED_MAX] if line.filled > 2]
    numbers = _column(mapping, lines, Meaning.CARD) or _column(mapping, lines, Meaning.ACCOUNT)
    if any(numbers):
        if mapping.has(*_NAMED_SIDES) or not _are_strangers(mapping, preamble, lines, numbers):
            return mapping, []
        turned = tuple(_OTHER_SIDE)
    else:
        names = _column(mapping, lines, Meaning.HOLDER)
        if mapping.has(Meaning.PEER_NAME, Meaning.PAYER_NAME, Meaning.PAYEE_NAME) or not _are_people(preamble, names):
            return mapping, []
        turned = (Meaning.HOLDER, Meaning.BANK)
    columns = dict(mapping.columns)
    titles = []
    for meaning in turned:
        if held := columns.pop(meaning, ()):
            columns[_OTHER_SIDE[meaning]] = (*columns.get(_OTHER_SIDE[meaning], ()), *held)
            titles += [mapping.title_of(position) for position in held]
    note = Note(
        "other_side",
        _("%(titles)s: these change from line to line of one account's statement and were read as the other side."),
        (("titles", ", ".join(titles)[:200]),),
    )
    return replace(mapping, columns=columns), [note]


def _column(mapping: Mapping, lines: Sequence[Line], meaning: Meaning) -> list[str]:
    """The column's cells, "" where nothing stands; [] when there is no such column."""
    position = next(iter(mapping.columns.get(meaning, ())), None)
    if position is None:
        return []
    cells = [line.cells[position] if position < len(line.cells) else "" for line in lines]
    return ["" if is_blank(cell) else canonical_account(cell) for cell in cells]


def _are_strangers(mapping: Mapping, preamble: Preamble, lines: Sequence[Line], numbers: Sequence[str]) -> bool:
    told = {number for number in numbers if number}
    own = preamble.account
    if any(own and (number == own or may_be_same(number, own)) for number in told):
        return False
    switches, kept = _continuity(mapping, lines, numbers)
    if switches >= SWITCHES_MIN:
        return kept * 2 > switches
    names = [name for name in _column(mapping, lines, Meaning.HOLDER) if name]
    if own and names and preamble.holder:
        return all(names_contradict(name, preamble.holder) for name in names)
    return bool(own) and not mapping.has(Meaning.BALANCE) and len(told) >= STRANGERS_MIN


def _continuity(mapping: Mapping, lines: Sequence[Line], numbers: Sequence[str]) -> tuple[int, int]:
    """(neighbouring lines of different accounts with balances, those among them where the balance goes on)."""
    sums = [p for m in (Meaning.AMOUNT, Meaning.IN_AMOUNT, Meaning.OUT_AMOUNT) for p in mapping.columns.get(m, ())]
    balances = mapping.columns.get(Meaning.BALANCE, ())[:1]
    told = [
        (number, _value(mapping, line, balances), _value(mapping, line, sums))
        for number, line in zip(numbers, lines, strict=True)
    ]
    switches = kept = 0
    for (one, before, amount), (other, after, later) in pairwise(told):
        if one != other and before is not None and after is not None:
            switches += 1
            kept += abs(after - before) in {abs(size) for size in (amount, later) if size}
    return switches, kept


def _value(mapping: Mapping, line: Line, positions: Sequence[int]) -> Decimal | None:
    for position in positions:
        try:
            read = read_sum(line.cells[position], mapping.comma) if position < len(line.cells) else None
        except ValueError:
            continue
        if isinstance(read, Sum) and (read.value or len(positions) == 1):
            return read.value
    return None


def _are_people(preamble: Preamble, names: Sequence[str]) -> bool:
    """Whether a column of names is of ever other people than the holder."""
    told = {name for name in names if name}
    return len(told) >= 2 and all(not preamble.holder or names_contradict(name, preamble.holder) for name in told)
