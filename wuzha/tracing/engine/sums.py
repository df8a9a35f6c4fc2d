"""Totals without lots: how much stolen money is where, when nobody asks whose.

Theory. Under tainted first, clean first and pro rata the stolen part of a payment depends on two numbers of its payer
alone, the balance and the stolen part of it, because the victims among themselves share what the rule has already cut
off. So a case is traced as two sums by account: no lots, no lists, and at most one row a transfer. FIFO and LIFO go by
the order of arrival, and need their lots.
"""

from typing import NamedTuple

import numpy as np

from wuzha.tracing.engine.columns import Columns, SeedColumns
from wuzha.tracing.engine.jit import I32, I64, compiled, pointer, share
from wuzha.tracing.engine.lots import CLEAN_FIRST, PRO_RATA, TAINTED_FIRST

SUMMED = frozenset({TAINTED_FIRST, CLEAN_FIRST, PRO_RATA})


class Sums(NamedTuple):
    """transfer, cents: stolen cents carried, in ledger order. held: m, stolen cents by account at the end."""

    transfer: I32
    cents: I64
    held: I64


def sums(code: int, columns: Columns, seeds: SeedColumns) -> Sums:
    """The totals of a trace under a rule in SUMMED, as if nobody's money could come home."""
    n = len(columns)
    balance, held = columns.opening.copy(), np.zeros(len(columns.opening), np.int64)
    transfer, cents = np.empty(n, np.int32), np.empty(n, np.int64)
    count = _sums(
        code,
        columns.payer,
        columns.payee,
        columns.amount,
        balance,
        held,
        seeds.transfer,
        seeds.claim,
        seeds.limit.copy(),
        transfer,
        cents,
    )
    return Sums(transfer[:count], cents[:count], held)


@compiled
def _sums(
    code: int,
    payer_array: I32,
    payee_array: I32,
    amount_array: I64,
    balance_array: I64,
    held_array: I64,
    seed_transfer: I64,
    claim: I64,
    left: I64,
    out_transfer: I32,
    out_cents: I64,
) -> int:
    payer, payee, amount = pointer(payer_array), pointer(payee_array), pointer(amount_array)
    balance, held = pointer(balance_array), pointer(held_array)
    rows = seed = 0
    waiting = seed_transfer[0] if len(seed_transfer) else len(amount_array)
    for t in range(len(amount_array)):
        p, q, a = payer[t], payee[t], amount[t]
        if held[p] == 0 and t != waiting:
            balance[p] -= a
            balance[q] += a
            continue
        stolen = 0
        if held[p] > 0 and p != q:
            clean = balance[p] - held[p]
            if code == TAINTED_FIRST:
                stolen = min(a, held[p])
            elif code == CLEAN_FIRST:
                stolen = max(0, a - clean)
            else:
                stolen = a - share(a, clean, balance[p])
            held[p] -= stolen
        while seed < len(seed_transfer) and seed_transfer[seed] == t:
            if p != q:
                mine = min(a - stolen, left[claim[seed]])
                left[claim[seed]] -= mine
                stolen += mine
            seed += 1
        waiting = seed_transfer[seed] if seed < len(seed_transfer) else len(amount_array)
        balance[p] -= a
        balance[q] += a
        if stolen > 0:
            held[q] += stolen
            out_transfer[rows] = t
            out_cents[rows] = stolen
            rows += 1
    return rows
