"""The standing index: FIFO and LIFO look at no owner, so who paid whom with which cents is known before any seed.

Theory. FIFO is geometry. Lay the credits of each account (its opening first) end to end on one line of cents, and its
debits on the same segment: the i-th cent in is the i-th cent out, and a transfer moves an interval of its payer's
segment to its payee's. A trace is repeated binary search; there is no time loop and no state, and any seed, any date
and both directions cost the same. LIFO is one match of parentheses: each debit is cut from the newest unspent credits,
which gives at most two rows a transfer, and the same walk follows them.

An interval of a transfer t, [lo, hi) of its cents in the order in which they left, is the unit of both.
"""

from typing import Any, NamedTuple

import numpy as np

from wuzha.tracing.engine.columns import Columns, SeedColumns
from wuzha.tracing.engine.jit import I32, I64, compiled
from wuzha.tracing.engine.lots import Paint, new_paint
from wuzha.tracing.engine.model import Rule
from wuzha.tracing.engine.walk import back, solo, walk

ROWS_FIRST = 1024
EMPTY = np.zeros(1, np.int64)


class Walk(NamedTuple):
    """transfer, owner, cents: what transfers carried. account, holder, rest: cents by owner that rest on accounts.

    returned: cents by owner (from 0, unused) that came home. claimed: cents of each seed row.
    """

    transfer: I64
    owner: I64
    cents: I64
    account: I64
    holder: I64
    rest: I64
    returned: I64
    claimed: I64


class StandingIndex:
    """An index over a complete ledger for FIFO or LIFO. Building is one pass; tracing touches only what it follows."""

    def __init__(self, columns: Columns, rule: Rule = Rule.FIFO) -> None:
        if rule not in (Rule.FIFO, Rule.LIFO):
            raise ValueError("only FIFO and LIFO look at no owner")
        self.columns, self.rule, self.lifo = columns.checked(), rule, rule is Rule.LIFO
        payer, payee, amount = columns.payer, columns.payee, columns.amount
        if self.lifo:
            rows = _match(payer, payee, amount, len(columns.opening))
            self.out_from, self.out_at, self.out_other, self.out_into, self.out_cents = _by(rows, 0, len(columns))
            self.in_from, self.in_at, self.in_other, self.in_into, self.in_cents = _by(rows, 2, len(columns))
            self.into, self.base = EMPTY, EMPTY
            self.out_of = EMPTY
        else:
            self.base, self.into, self.out_of = _geometry(payer, payee, amount, columns.opening)
            self.out_from, self.out_other, self.out_at = _grouped(payer, payee, self.out_of, len(columns.opening))
            self.in_from, self.in_other, self.in_at = _grouped(payee, payer, self.into, len(columns.opening))
            self.out_into = self.out_cents = self.in_into = self.in_cents = EMPTY
        self.size = ROWS_FIRST
        self._room()

    @property
    def bytes_per_transfer(self) -> float:
        """Memory of the forward index, beside the ledger itself."""
        parts = (self.out_from, self.out_at, self.out_other, self.out_into, self.out_cents, self.into)
        return sum(part.nbytes for part in parts) / max(1, len(self.columns))

    def forward(self, seeds: SeedColumns, until: int | None = None) -> Walk:
        """All victims together, up to and including the transfer at position `until`."""
        stop = len(self.columns) - 1 if until is None else until
        while True:
            paint = new_paint(seeds, len(self.columns.opening))
            returned = np.zeros(seeds.owners + 1, np.int64)
            heads = np.full(len(paint.transfer), -1, np.int64)
            rows, rests = walk(self.addresses, self.lifo, stop, paint, returned, _group(paint), heads)
            if rows >= 0:
                break
            self._room(grow=True)
        work = self.work
        return Walk(
            work[0][:rows].copy(),
            work[1][:rows].copy(),
            work[2][:rows].copy(),
            work[3][:rests].copy(),
            work[4][:rests].copy(),
            work[5][:rests].copy(),
            returned,
            paint.claimed,
        )

    def one(self, transfer: int) -> tuple[I64, I64, I64, I64]:
        """One victim's whole payment: (transfers, cents, accounts, resting cents), views until the next call."""
        while True:
            rows, rests = solo(self.addresses, self.lifo, transfer)
            if rows >= 0:
                return self.work[0][:rows], self.work[2][:rows], self.work[3][:rests], self.work[5][:rests]
            self._room(grow=True)

    def backward(self, transfer: int, lo: int = 0, hi: int | None = None) -> tuple[I64, I64, I64, I64]:
        """Where the cents [lo, hi) of a transfer came from: (transfers, cents, accounts, cents of their openings)."""
        hi = int(self.columns.amount[transfer]) if hi is None else hi
        while True:
            rows, rests = back(self.addresses, self.lifo, transfer, lo, hi)
            if rows >= 0:
                work = self.work
                return work[0][:rows].copy(), work[2][:rows].copy(), work[3][:rests].copy(), work[5][:rests].copy()
            self._room(grow=True)

    def _room(self, *, grow: bool = False) -> None:
        self.size *= 4 if grow else 1
        self.work = [np.empty(self.size, np.int64) for _ in range(12)]
        columns = self.columns
        held: list[Any] = [columns.payer, columns.payee, columns.amount, self.out_from, self.out_other, self.out_at]
        held += [self.out_into, self.out_cents, self.in_from, self.in_other, self.in_at, self.in_into, self.in_cents]
        held += [self.into, self.out_of, *self.work]
        addresses = [array.ctypes.data for array in held]
        self.addresses = np.array([*addresses, self.size], np.int64)


def _group(paint: Paint) -> I64:
    """For each seed row the first row of the same transfer."""
    return np.searchsorted(paint.transfer, paint.transfer).astype(np.int64)


@compiled
def _geometry(payer: I32, payee: I32, amount: I64, opening: I64) -> tuple[I64, I64, I64]:
    """(start of each account's segment, start of each transfer's interval at its payee, at its payer)."""
    accounts = len(opening)
    base = np.zeros(accounts + 1, np.int64)
    for t in range(len(amount)):
        if payer[t] != payee[t]:
            base[payee[t] + 1] += amount[t]
    for a in range(accounts):
        base[a + 1] += base[a] + opening[a]
    inward, outward = base[:-1] + opening, base[:-1].copy()
    into, out_of = np.empty(len(amount), np.int64), np.empty(len(amount), np.int64)
    for t in range(len(amount)):
        p, q = payer[t], payee[t]
        into[t] = inward[q]
        out_of[t] = outward[p]
        if p != q:
            inward[q] += amount[t]
            outward[p] += amount[t]
    return base, into, out_of


@compiled
def _grouped(key: I32, other: I32, value: I64, groups: int) -> tuple[I64, I32, I64]:
    """(start of each group, transfers by group, their values), payments to oneself left out."""
    start = np.zeros(groups + 1, np.int64)
    for t in range(len(key)):
        if key[t] != other[t]:
            start[key[t] + 1] += 1
    for g in range(groups):
        start[g + 1] += start[g]
    place = start[:-1].copy()
    transfer, values = np.empty(start[groups], np.int32), np.empty(start[groups], np.int64)
    for t in range(len(key)):
        if key[t] != other[t]:
            row = place[key[t]]
            place[key[t]] += 1
            transfer[row] = t
            values[row] = value[t]
    return start, transfer, values


@compiled
def _match(payer: I32, payee: I32, amount: I64, accounts: int) -> tuple[I32, I64, I32, I64, I64]:
    """LIFO rows (credit, offset in it, debit, offset in it, cents) in the order of debits."""
    n = len(amount)
    top = np.full(accounts, -1, np.int32)
    under, spent = np.empty(n, np.int32), np.zeros(n, np.int64)
    credit, debit = np.empty(2 * n, np.int32), np.empty(2 * n, np.int32)
    credit_at, debit_at = np.empty(2 * n, np.int64), np.empty(2 * n, np.int64)
    cents = np.empty(2 * n, np.int64)
    rows = 0
    for t in range(n):
        p, q = payer[t], payee[t]
        if p == q:
            continue
        offset = 0
        while offset < amount[t] and top[p] >= 0:
            newest = top[p]
            part = min(amount[newest] - spent[newest], amount[t] - offset)
            credit[rows], credit_at[rows] = newest, spent[newest]
            debit[rows], debit_at[rows] = t, offset
            cents[rows] = part
            rows += 1
            offset += part
            spent[newest] += part
            if spent[newest] == amount[newest]:
                top[p] = under[newest]
        under[t] = top[q]
        top[q] = t
    return credit[:rows], credit_at[:rows], debit[:rows], debit_at[:rows], cents[:rows]


def _by(rows: tuple[I32, I64, I32, I64, I64], key: int, groups: int) -> tuple[I64, I64, I32, I64, I64]:
    """LIFO rows by credit (key 0) or by debit (key 2): (start, offset here, other transfer, offset there, cents)."""
    here, here_at, other, other_at = (rows[0], rows[1], rows[2], rows[3]) if key == 0 else (*rows[2:4], *rows[0:2])
    start, order = _stable_order(here, groups)
    return start, here_at[order], other[order], other_at[order], rows[4][order]


@compiled
def _stable_order(key: I32, groups: int) -> tuple[I64, I64]:
    """(start of each group, rows by group in their order)."""
    start = np.zeros(groups + 1, np.int64)
    for row in range(len(key)):
        start[key[row] + 1] += 1
    for g in range(groups):
        start[g + 1] += start[g]
    place, order = start[:-1].copy(), np.empty(len(key), np.int64)
    for row in range(len(key)):
        order[place[key[row]]] = row
        place[key[row]] += 1
    return start, order
