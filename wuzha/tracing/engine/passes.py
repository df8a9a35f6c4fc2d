"""Small compiled passes over columns that need no lots: openings, layers."""

import numpy as np

from wuzha.tracing.engine.jit import I32, I64, compiled


@compiled
def least_openings(payer: I32, payee: I32, amount: I64, accounts: int) -> I64:
    """The least opening of each account (cents) with which it never falls below zero."""
    balance = np.zeros(accounts, np.int64)
    lowest = np.zeros(accounts, np.int64)
    for t in range(len(amount)):
        p, q = payer[t], payee[t]
        if p != q:
            balance[p] -= amount[t]
            lowest[p] = min(lowest[p], balance[p])
            balance[q] += amount[t]
    return -lowest


@compiled
def first_deficit(payer: I32, payee: I32, amount: I64, opening: I64) -> int:
    """Position of the first debit above its balance, or -1 when the ledger is complete."""
    balance = opening.copy()
    for t in range(len(amount)):
        p, q = payer[t], payee[t]
        if p != q:
            balance[p] -= amount[t]
            if balance[p] < 0:
                return t
            balance[q] += amount[t]
    return -1


NO_LAYER = 2**30


@compiled
def layers(payer: I32, payee: I32, flows: I32, seeds: I64, accounts: int) -> I32:
    """Layer of each account (NO_LAYER where no stolen money came). flows, seeds: ascending positions of transfers."""
    layer = np.full(accounts, NO_LAYER, np.int32)
    row = seed = 0
    while row < len(flows):
        t = flows[row]
        if seed < len(seeds) and seeds[seed] <= t:
            layer[payer[seeds[seed]]] = 0
            seed += 1
            continue
        layer[payee[t]] = min(layer[payee[t]], layer[payer[t]] + 1)
        row += 1
    return layer
