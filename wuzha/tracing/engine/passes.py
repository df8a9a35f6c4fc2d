"""Small compiled passes over columns: openings, sums by account, exposure, a late answer."""

import numpy as np
from numpy.typing import NDArray

from wuzha.tracing.engine.jit import I32, I64, compiled


def least_openings(payer: I32, payee: I32, amount: I64, accounts: int) -> I64:
    """The least opening of each account (cents) with which it never falls below zero."""
    openings = Openings(accounts)
    openings.add(payer, payee, amount)
    return openings.least()


class Openings:
    """Least openings of a ledger that arrives in chunks."""

    def __init__(self, accounts: int) -> None:
        self.balance, self.lowest = np.zeros(accounts, np.int64), np.zeros(accounts, np.int64)

    def add(self, payer: I32, payee: I32, amount: I64) -> None:
        """The next transfers in ledger order."""
        _lower(payer, payee, amount, self.balance, self.lowest)

    def least(self) -> I64:
        """The least opening of each account, cents."""
        return -self.lowest


@compiled
def _lower(payer: I32, payee: I32, amount: I64, balance: I64, lowest: I64) -> None:
    for t in range(len(amount)):
        p, q = payer[t], payee[t]
        if p != q:
            balance[p] -= amount[t]
            lowest[p] = min(lowest[p], balance[p])
            balance[q] += amount[t]


@compiled
def held_now(balance: I64, head: I32, owner: I32, cents: I64, following: I32) -> I64:
    """Stolen cents by account, from the arrays of a state."""
    held = np.zeros(len(balance), np.int64)
    for a in range(len(balance)):
        if balance[a] & 1:
            lot = head[a]
            while lot != -1:
                if owner[lot] > 0:
                    held[a] += cents[lot]
                lot = following[lot]
    return held


@compiled
def exposed(payer: I32, payee: I32, seeds: I64) -> NDArray[np.bool_]:
    """Transfers that any stolen money may have passed through: poison that never clears. seeds: ascending positions."""
    touched = np.zeros(max(payer.max(), payee.max()) + 1, np.bool_)
    found = np.zeros(len(payer), np.bool_)
    seed = 0
    for t in range(len(payer)):
        here = touched[payer[t]]
        if seed < len(seeds) and seeds[seed] == t:
            here = True
            seed += 1
        if here:
            found[t] = True
            touched[payee[t]] = True
    return found


@compiled
def merge_late(
    at: I64,
    payer: I32,
    payee: I32,
    amount: I64,
    late_at: I64,
    late_payer: I32,
    late_payee: I32,
    late_amount: I64,
    opening: I64,
) -> tuple[I64, I32, I32, I64, I64, I64]:
    """Merge a late answer into a ledger, both ascending in time, the ledger first at the same instant.

    (at, payer, payee, amount, opening, new position of each transfer known before); openings are raised where needed.
    """
    n, extra = len(at), len(late_at)
    new_at, new_amount = np.empty(n + extra, np.int64), np.empty(n + extra, np.int64)
    new_payer, new_payee = np.empty(n + extra, np.int32), np.empty(n + extra, np.int32)
    moved = np.empty(n, np.int64)
    balance, lowest = opening.copy(), np.zeros(len(opening), np.int64)
    old = late = 0
    for t in range(n + extra):
        if late == extra or (old < n and at[old] <= late_at[late]):
            new_at[t], new_payer[t], new_payee[t], new_amount[t] = at[old], payer[old], payee[old], amount[old]
            moved[old] = t
            old += 1
        else:
            new_at[t], new_payer[t] = late_at[late], late_payer[late]
            new_payee[t], new_amount[t] = late_payee[late], late_amount[late]
            late += 1
        p, q = new_payer[t], new_payee[t]
        if p != q:
            balance[p] -= new_amount[t]
            lowest[p] = min(lowest[p], balance[p])
            balance[q] += new_amount[t]
    return new_at, new_payer, new_payee, new_amount, opening - lowest, moved
