"""The running balance of one account: the order that keeps it true, and the gaps it shows.

Theory. A row that prints its balance says two numbers: the balance before it (after minus movement) and after it.
Rows are edges from one balance to the next; an order that keeps every printed balance true is a trail through all
edges (Euler, Hierholzer). Time decides first; among rows of one instant, or of one day where only days are printed,
the trail decides; where no trail exists rows are missing, and each break is a gap: so much net money came or went
between these two rows that no file shows. Which witness decided is recorded, never hidden.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby, pairwise

from wuzha.tracing.statements.model import StatementRow

TRAIL_ROWS_MAX = 20_000


class OrderBasis(StrEnum):
    """What decided the order of an account's rows."""

    TIME = "time"  # no two rows share an instant
    PRINTED = "printed"  # same instants: the order of the file, which keeps the balances true or prints none
    BALANCE = "balance"  # same instants: the order that keeps printed balances true
    DAY = "balance_in_day"  # printed times contradict the balances inside a day; the balances were followed
    FILE = "file"  # printed times contradict the balances; the file's own order keeps them true


@dataclass(frozen=True, slots=True)
class Gap:
    """Between two rows the printed balances do not meet: missing_minor net came in unseen (or went, if minus)."""

    account: str
    currency: str
    after: str  # places of the rows on either side; "" before the first row
    before: str
    after_at: datetime | None
    before_at: datetime
    expected_minor: int
    printed_minor: int

    @property
    def missing_minor(self) -> int:
        return self.printed_minor - self.expected_minor


@dataclass(frozen=True, slots=True)
class Chain:
    """Rows of one account and currency in the order found. moved: places of rows that stand before earlier times."""

    account: str
    currency: str
    rows: tuple[StatementRow, ...]
    basis: OrderBasis
    gaps: tuple[Gap, ...]
    opening_minor: int | None
    fee_on_top: bool
    moved: tuple[str, ...] = ()


Delta = Callable[[StatementRow], int]


def chain_of(account: str, currency: str, rows: Sequence[StatementRow], opening_minor: int | None) -> Chain:
    """The chain of an account's rows, whatever order they come in."""
    fee_on_top = _fee_on_top(rows)

    def delta(row: StatementRow) -> int:
        return row.delta_minor - (row.fee_minor if fee_on_top else 0)

    blocks = _blocks(rows, delta)
    by_time = sorted((row for block in blocks for row in block), key=lambda row: row.at)
    ties = len({row.at for row in by_time}) < len(by_time)
    best, basis = by_time, OrderBasis.PRINTED if ties else OrderBasis.TIME
    if breaks(best, delta):
        for candidate, name in (
            (_by_trails(by_time, delta, lambda row: row.at), OrderBasis.BALANCE),
            (_by_trails(by_time, delta, lambda row: row.at.date()), OrderBasis.DAY),
            (blocks[0] if len(blocks) == 1 else by_time, OrderBasis.FILE),
        ):
            # An order against printed times must mend more than it moves: a missing row whose neighbours close a
            # circle of balances would else be explained away by turning the circle.
            if breaks(best, delta) - breaks(candidate, delta) > len(_moved(candidate)):
                best, basis = candidate, name
    moved = _moved(best)
    gaps = _gaps(account, currency, best, delta, opening_minor)
    first = best[0] if best else None
    if opening_minor is None and first is not None and first.balance_minor is not None:
        opening_minor = first.balance_minor - delta(first)
    return Chain(account, currency, tuple(best), basis, gaps, opening_minor, fee_on_top, moved)


def _moved(rows: Sequence[StatementRow]) -> tuple[str, ...]:
    """Places of rows that stand after a later printed time."""
    return tuple(late.place for early, late in pairwise(rows) if late.at < early.at)


def breaks(rows: Sequence[StatementRow], delta: Delta) -> int:
    """How many printed balances contradict the rows before them, in this order."""
    count, known = 0, None
    for row in rows:
        if known is not None:
            known += delta(row)
        if row.balance_minor is not None:
            count += known is not None and known != row.balance_minor
            known = row.balance_minor
    return count


def _blocks(rows: Sequence[StatementRow], delta: Delta) -> list[list[StatementRow]]:
    """Rows of each file and sheet in its own order, turned where it is printed newest first."""
    found: dict[tuple[str, str], list[StatementRow]] = defaultdict(list)
    for row in rows:
        found[row.file, row.sheet].append(row)
    blocks = []
    for key in sorted(found):
        block = sorted(found[key], key=lambda row: row.line)
        turned = block[::-1]
        rising = sum(a.at < b.at for a, b in pairwise(block))
        falling = sum(a.at > b.at for a, b in pairwise(block))
        if falling > rising or (falling == rising and breaks(turned, delta) < breaks(block, delta)):
            block = turned
        blocks.append(block)
    return blocks


def _by_trails(
    rows: Sequence[StatementRow], delta: Delta, key: Callable[[StatementRow], datetime | date]
) -> list[StatementRow]:
    ordered: list[StatementRow] = []
    known: int | None = None
    for _moment, members in groupby(rows, key=key):
        group = list(members)
        if 1 < len(group) <= TRAIL_ROWS_MAX and all(row.balance_minor is not None for row in group):
            group = _best_trail(group, delta, known)
        ordered += group
        for row in group:
            known = (
                row.balance_minor if row.balance_minor is not None else None if known is None else known + delta(row)
            )
    return ordered


def _best_trail(group: list[StatementRow], delta: Delta, known: int | None) -> list[StatementRow]:
    def cost(order: Sequence[StatementRow]) -> int:
        first = order[0].balance_minor
        enters = known is not None and first is not None and first - delta(order[0]) != known
        return breaks(order, delta) + enters

    return min((group, _trail(group, delta, known), _greedy(group, delta, known)), key=cost)


def _edges(group: Sequence[StatementRow], delta: Delta) -> dict[int, list[int]]:
    """Balance before -> positions of the rows that start there, last first (they are popped from the end)."""
    edges: dict[int, list[int]] = defaultdict(list)
    for position in range(len(group) - 1, -1, -1):
        edges[(group[position].balance_minor or 0) - delta(group[position])].append(position)
    return edges


def _start(group: Sequence[StatementRow], delta: Delta, known: int | None) -> int:
    before = [(row.balance_minor or 0) - delta(row) for row in group]
    if known is not None and known in before:
        return known
    degree: dict[int, int] = defaultdict(int)
    for row, balance in zip(group, before, strict=True):
        degree[balance] += 1
        degree[row.balance_minor or 0] -= 1
    return next((balance for balance in before if degree[balance] > 0), before[0])


def _trail(group: list[StatementRow], delta: Delta, known: int | None) -> list[StatementRow]:
    """Hierholzer's trail from the balance known before the group; the group itself when it has no single trail."""
    edges = _edges(group, delta)
    stack: list[tuple[int, int]] = [(_start(group, delta, known), -1)]
    trail: list[int] = []
    while stack:
        balance, arrived = stack[-1]
        if edges.get(balance):
            position = edges[balance].pop()
            stack.append((group[position].balance_minor or 0, position))
        else:
            stack.pop()
            if arrived >= 0:
                trail.append(arrived)
    return [group[position] for position in reversed(trail)] if len(trail) == len(group) else group


def _greedy(group: list[StatementRow], delta: Delta, known: int | None) -> list[StatementRow]:
    """Follow balances as far as they go; where a row is missing, go on at the next start."""
    edges = _edges(group, delta)
    after: dict[int, int] = defaultdict(int)
    for row in group:
        after[row.balance_minor or 0] += 1
    balance = _start(group, delta, known)
    left = dict.fromkeys(range(len(group)))
    order: list[StatementRow] = []
    while left:
        waiting = edges.get(balance)
        position = waiting.pop() if waiting else _next_start(group, delta, left, after)
        if not waiting and position in edges.get((group[position].balance_minor or 0) - delta(group[position]), []):
            edges[(group[position].balance_minor or 0) - delta(group[position])].remove(position)
        del left[position]
        order.append(group[position])
        balance = group[position].balance_minor or 0
        after[balance] -= 1
    return order


def _next_start(group: Sequence[StatementRow], delta: Delta, left: dict[int, None], after: dict[int, int]) -> int:
    for position in left:
        if after[(group[position].balance_minor or 0) - delta(group[position])] <= 0:
            return position
    return next(iter(left))


def _gaps(
    account: str, currency: str, rows: Sequence[StatementRow], delta: Delta, opening_minor: int | None
) -> tuple[Gap, ...]:
    gaps = []
    known = opening_minor
    last: StatementRow | None = None
    for row in rows:
        if known is not None:
            known += delta(row)
        if row.balance_minor is not None:
            if known is not None and known != row.balance_minor:
                place, at = (last.place, last.at) if last else ("", None)
                gaps.append(Gap(account, currency, place, row.place, at, row.at, known, row.balance_minor))
            known, last = row.balance_minor, row
    return tuple(gaps)


def _fee_on_top(rows: Sequence[StatementRow]) -> bool:
    """Whether printed fees lower the balance beside the sum: the balances of neighbouring rows decide."""
    with_fee = without = 0
    for early, late in pairwise(rows):
        for row, before in ((late, early), (early, late)):
            if row.fee_minor and row.balance_minor is not None and before.balance_minor is not None:
                change = row.balance_minor - before.balance_minor
                without += change == row.delta_minor
                with_fee += change == row.delta_minor - row.fee_minor
    return with_fee > without
