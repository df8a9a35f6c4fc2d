"""Seeded ledgers of any size, to measure and to test with.

Theory. A ledger of n transfers has n / 10 accounts (at least 10), each transfer between two different ones drawn
evenly, which is the worst case for memory. Amounts are lognormal cents, median 200 yuan. Openings are the least with
which no account falls below zero, so that money turns over as fast as it can. Seeds are drawn from the first half.
"""

import numpy as np

from wuzha.tracing.engine.columns import I32, I64, Columns, SeedColumns

TRANSFERS_PER_ACCOUNT = 10
CHUNK = 1 << 20  # transfers drawn at a time, so that a ledger of 10^8 needs no more than its own columns
MEDIAN_MINOR = 20_000
SIGMA = 1.4
AMOUNT_MAX = 50_000_000


def ledger(transfers: int, seed: int = 1, accounts: int | None = None) -> Columns:
    """A complete ledger of `transfers` payments between `accounts` (default: a tenth as many)."""
    from wuzha.tracing.engine.passes import least_openings

    random = np.random.default_rng(seed)
    accounts = max(10, transfers // TRANSFERS_PER_ACCOUNT) if accounts is None else accounts
    payer, payee = np.empty(transfers, np.int32), np.empty(transfers, np.int32)
    amount = np.empty(transfers, np.int64)
    for start in range(0, transfers, CHUNK):
        stop = min(start + CHUNK, transfers)
        payer[start:stop] = random.integers(0, accounts, stop - start)
        step = random.integers(1, accounts, stop - start)
        payee[start:stop] = (payer[start:stop] + step) % accounts
        drawn = MEDIAN_MINOR * np.exp(SIGMA * random.standard_normal(stop - start, np.float32))
        amount[start:stop] = np.clip(drawn, 100, AMOUNT_MAX)
    return Columns(payer, payee, amount, least_openings(payer, payee, amount, accounts))


def seeds(columns: Columns, victims: int, seed: int = 2) -> SeedColumns:
    """One payment for each of `victims`, drawn from the first half of the ledger."""
    random = np.random.default_rng(seed)
    half = max(1, len(columns) // 2)
    transfer = np.sort(random.choice(half, size=min(victims, half), replace=False)).astype(np.int64)
    count = len(transfer)
    owner = np.arange(1, count + 1, dtype=np.int32)
    nobody: I32 = np.empty(0, np.int32)
    limit: I64 = np.full(count, 2**62, np.int64)
    return SeedColumns(transfer, np.arange(count, dtype=np.int64), owner, limit, nobody, nobody, count)
