"""A case file in memory: traced whole whenever anything changes, because at this size that is faster than being clever.

Theory. A late answer may change everything after it, so the file is merged in order and traced anew. What a commander
wants at once is totals: stolen cents by account now, cash-outs, the flow of each transfer. They do not depend on how
the stolen part is split between victims (see `sums`), so all victims are traced as one owner; the split is a second
question (`by_victim`). Only where money comes home must it be known whose it is: a run as one owner shows whether any
does, and the case is then traced by victim.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wuzha.tracing.engine.columns import I32, I64, Columns, SeedColumns
from wuzha.tracing.engine.lots import OUT, PRO_RATA, State, new_paint, new_state
from wuzha.tracing.engine.passes import held_now, merge_late
from wuzha.tracing.engine.sums import SUMMED, Sums, sums
from wuzha.tracing.engine.sweep import sweep

POOL_FIRST = 1 << 16


class Totals(NamedTuple):
    """transfer, cents: stolen cents carried, in ledger order. held: m, by account. cash: rows that became banknotes."""

    transfer: I32
    cents: I64
    held: I64
    cash: I64


@dataclass
class CaseFile:
    """A complete ledger, the instant of each transfer (ascending) and which accounts are cash desks (m)."""

    columns: Columns
    at: I64
    is_cash: NDArray[np.bool_]
    tainted: float = 0.0

    def totals(self, code: int, seeds: SeedColumns) -> Totals:
        """The trace of all victims together under a rule (`lots.RULE_CODE`)."""
        nobody = np.empty(0, np.int32)
        together = replace(
            seeds, owner=np.ones(len(seeds.owner), np.int32), owners=1, home_account=nobody, home_owner=nobody
        )
        if code in SUMMED:
            found = sums(code, self.columns, together)
            self.tainted = float((found.held > 0).mean())
        else:
            found = self._summed(self._swept(code, together))
        payee = self.columns.payee[found.transfer]
        if len(seeds.home_account) and np.isin(payee, seeds.home_account).any():
            found = self._summed(self._swept(code, seeds))
            payee = self.columns.payee[found.transfer]
        return Totals(found.transfer, found.cents, found.held, np.nonzero(self.is_cash[payee])[0])

    def _summed(self, state: State) -> Sums:
        count = int(state.ctl[OUT])
        held = held_now(state.balance, state.head, state.owner, state.cents, state.next)
        return Sums(state.out_transfer[:count], state.out_cents[:count], held)

    def by_victim(self, code: int, seeds: SeedColumns) -> tuple[I32, I32, I64]:
        """(transfer, owner, cents) of what each transfer carried of each victim."""
        state = self._swept(code, seeds)
        count = int(state.ctl[OUT])
        return state.out_transfer[:count], state.out_owner[:count], state.out_cents[:count]

    def _swept(self, code: int, seeds: SeedColumns) -> State:
        columns = self.columns
        state = new_state(columns.opening, seeds.owners, POOL_FIRST if code != PRO_RATA else 4 * POOL_FIRST)
        paint = new_paint(seeds, len(columns.opening))
        state = sweep(code, columns.payer, columns.payee, columns.amount, state, paint, 0, len(columns))
        self.tainted = float((state.balance & 1).mean())
        return state

    def merged(self, payer: I32, payee: I32, amount: I64, at: I64) -> tuple[I64, "CaseFile"]:
        """(new position of each transfer known so far, the file with a late answer, ascending in `at`, merged in).

        Known openings stay where they suffice, and are raised to the least possible ones where the answer shows more.
        """
        columns = self.columns
        new_at, new_payer, new_payee, new_amount, opening, moved = merge_late(
            self.at, columns.payer, columns.payee, columns.amount, at, payer, payee, amount, columns.opening
        )
        return moved, CaseFile(Columns(new_payer, new_payee, new_amount, opening), new_at, self.is_cash)
