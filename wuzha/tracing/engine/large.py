"""A complete ledger made of columns, for files too large to be made into objects.

Theory. The same ledger as `balances.complete` makes, where that is a matter of sorting and adding: plain payments whose
openings are unknown or sufficient. Transfers become objects when somebody looks at them. Ties are settled by `order`
itself, for the few payments of one instant that share accounts.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np

from wuzha.tracing.engine.balances import Ledger, is_terminal
from wuzha.tracing.engine.columns import Columns, Side
from wuzha.tracing.engine.jit import I32, I64
from wuzha.tracing.engine.model import Opening, OpeningMethod, Tie, Transfer
from wuzha.tracing.engine.order import total_order
from wuzha.tracing.engine.passes import least_openings


@dataclass(frozen=True)
class Table(Sequence[Transfer]):
    """Payments by row: instant, payer and payee (numbers of `names`), amount. `row` says which rows, in which order.

    A payment's id is the number of its row, from 1, as text.
    """

    names: Sequence[str]
    at: I64
    payer: I32
    payee: I32
    amount: I64
    row: I64

    def __len__(self) -> int:
        return len(self.row)

    @overload
    def __getitem__(self, place: int) -> Transfer: ...

    @overload
    def __getitem__(self, place: slice) -> list[Transfer]: ...

    def __getitem__(self, place: int | slice) -> Transfer | list[Transfer]:
        if isinstance(place, slice):
            return [self.transfer(int(row)) for row in self.row[place]]
        return self.transfer(int(self.row[place]))

    def __iter__(self) -> Iterator[Transfer]:
        return (self.transfer(row) for row in self.row.tolist())

    def transfer(self, row: int) -> Transfer:
        """The payment of a row."""
        payer, payee = self.names[self.payer[row]], self.names[self.payee[row]]
        return Transfer(str(row + 1), int(self.at[row]), payer, payee, int(self.amount[row]))

    @property
    def payers(self) -> set[str]:
        """Accounts that pay somewhere."""
        return {self.names[number] for number in np.unique(self.payer[self.row]).tolist()}

    def row_of(self, transfer_id: str) -> int | None:
        """The row of an id, when it is one of this table."""
        row = int(transfer_id) - 1 if transfer_id.isascii() and transfer_id.isdigit() else -1
        return row if 0 <= row < len(self.at) and str(row + 1) == transfer_id and (self.row == row).any() else None

    def witnesses(self, ids: Collection[str], payers: Collection[str]) -> list[Transfer]:
        """The payments with these ids, and one payment out of each of these accounts that pays."""
        found = [self.transfer(row) for row in map(self.row_of, ids) if row is not None]
        wanted = set(payers)
        paying = self.payer[self.row]
        for number, name in enumerate(self.names):
            if name in wanted and (places := np.nonzero(paying == number)[0]).size:
                found.append(self[int(places[0])])
        return found


@dataclass(frozen=True)
class LargeLedger(Ledger):
    """A ledger over a `Table` in total order. It is plain, and its columns are made with it."""

    table: Table

    @property
    def is_plain(self) -> bool:
        """No payment refers to another one."""
        return True

    @property
    def is_exact(self) -> bool:
        """Whether the compiled engines compute its sums exactly."""
        return self.columns[0].is_exact

    def ample_openings(self) -> dict[str, int]:
        """As in `Ledger`, by adding columns."""
        columns, sides = self.columns
        paid = np.where(columns.payer != columns.payee, columns.amount, 0)
        spent = np.bincount(columns.payer, weights=paid, minlength=len(sides)).astype(np.int64).tolist()
        return {
            name: cents
            for name, cents in zip(self.table.names, spent, strict=False)
            if cents and name in self.openings and self.openings[name].method is OpeningMethod.LEAST
        }

    def reopened(self, openings: Mapping[str, int]) -> "LargeLedger":
        """The same ledger with these openings, none of them lower than now."""
        columns, sides = self.columns
        opening = columns.opening.copy()
        for number, name in enumerate(self.table.names):
            if name in openings and name in self.openings:
                opening[number] = openings[name]
        known = {name: Opening(cents, OpeningMethod.GIVEN) for name, cents in openings.items()}
        again = replace(self, openings=dict(self.openings) | known)
        again.__dict__["columns"] = replace(columns, opening=opening), sides
        return again

    def payers_of(self, ids: Collection[str]) -> dict[str, str]:
        """Transfer id -> payer, of these transfers."""
        return {transfer.id: transfer.payer for transfer in self.table.witnesses(ids, ())}

    def places(self, ids: Collection[str], payers: Collection[str]) -> list[int]:
        """Positions of the transfers with these ids or from these payers, ascending."""
        wanted = set(payers)
        numbers = [number for number, name in enumerate(self.table.names) if name in wanted]
        rows = [row for row in map(self.table.row_of, ids) if row is not None]
        table = self.table
        return np.nonzero(np.isin(table.payer[table.row], numbers) | np.isin(table.row, rows))[0].tolist()


def complete_table(
    table: Table, openings: Mapping[str, int], terminals: Collection[str], until: int | None
) -> LargeLedger | None:
    """The complete ledger of a table; None where a given opening does not suffice, which proves silence."""
    rows = table.row if until is None else table.row[table.at[table.row] <= until]
    ordered, ties = _ordered(table, rows)
    table = Table(table.names, table.at, table.payer, table.payee, table.amount, ordered)
    columns, sides = _columns(table, terminals)
    found: dict[str, Opening] = {}
    own = columns.payer == columns.payee
    moved = np.zeros(len(sides), bool)
    moved[columns.payer[~own]] = moved[columns.payee[~own]] = True
    for number in sorted(np.nonzero(moved[: len(table.names)])[0].tolist(), key=lambda n: table.names[n]):
        name, least = table.names[number], int(columns.opening[number])
        given = openings.get(name)
        if given is not None and given < least:
            return None
        found[name] = Opening(least, OpeningMethod.LEAST) if given is None else Opening(given, OpeningMethod.GIVEN)
        columns.opening[number] = found[name].amount_minor
    ends = frozenset(terminals)
    for name, amount in openings.items():
        if not is_terminal(name, ends):
            found.setdefault(name, Opening(amount, OpeningMethod.GIVEN))
    ledger = LargeLedger(table, found, ends, tuple(ties), (), table)  # type: ignore[arg-type]
    ledger.__dict__["columns"] = columns, sides
    return ledger


def _ordered(table: Table, rows: I64) -> tuple[I64, list[Tie]]:
    """Rows in the total order of `order.total_order`, and the ties that had to be decided."""
    order = rows[np.argsort(table.at[rows], kind="stable")]
    at = table.at[order]
    starts = np.flatnonzero(np.append(True, at[1:] != at[:-1])) if len(at) else np.empty(0, np.int64)
    sizes = np.diff(np.append(starts, len(at)))
    ties: list[Tie] = []
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        group = order[start : start + size].tolist()
        payer, payee = table.payer[group].tolist(), table.payee[group].tolist()
        if len({*payer, *payee}) == 2 * size:  # none of them touches another
            names = table.names
            keys = zip(payer, payee, table.amount[group].tolist(), group, strict=True)
            listed = sorted((names[p], names[q], cents, str(row + 1), row) for p, q, cents, row in keys)
            order[start : start + size] = [key[-1] for key in listed]
        else:
            knots, decided = total_order([table.transfer(row) for row in group])
            order[start : start + size] = [int(transfer.id) - 1 for transfer in knots]
            ties += decided
    return order, ties


def _columns(table: Table, terminals: Collection[str]) -> tuple[Columns, list[Side]]:
    """As `columns.columns_of`: a terminal is one account that only pays and one that only receives."""
    ends = frozenset(terminals)
    terminal = np.array([is_terminal(name, ends) for name in table.names], bool)
    count, closed = len(table.names), np.nonzero(terminal)[0]
    rank = np.cumsum(terminal) - 1
    payer, payee = table.payer[table.row], table.payee[table.row]
    own = payer == payee
    out = np.where(terminal[payer] & ~own, count + rank[payer], payer).astype(np.int32)
    into = np.where(terminal[payee] & ~own, count + len(closed) + rank[payee], payee).astype(np.int32)
    sides: list[Side] = [(name, "") for name in table.names]
    sides += [(table.names[place], side) for side in ("pays", "ends") for place in closed.tolist()]
    amount = table.amount[table.row]
    return Columns(out, into, amount, least_openings(out, into, amount, len(sides))), sides
