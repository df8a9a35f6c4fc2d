"""Seeded ledgers of any size, to measure and to test with.

Theory. A ledger of n transfers has n / 10 accounts (at least 10), each transfer between two different ones drawn
evenly, which is the worst case for memory. Amounts are lognormal cents, median 200 yuan. Openings are the least with
which no account falls below zero, so that money turns over as fast as it can. Seeds are drawn from the first half.
"""

from collections.abc import Iterator

import numpy as np

from wuzha.tracing.engine.columns import I32, I64, Columns, SeedColumns
from wuzha.tracing.engine.passes import least_openings

TRANSFERS_PER_ACCOUNT = 10
CHUNK = 1 << 20  # transfers drawn at a time, so that a ledger of 10^8 needs no more than its own columns
MEDIAN_MINOR = 20_000
SIGMA = 1.4
AMOUNT_MIN, AMOUNT_MAX = 100, 50_000_000


def chunks(transfers: int, accounts: int, seed: int) -> Iterator[tuple[I32, I32, I64]]:
    """(payer, payee, amount) of `transfers` payments, CHUNK at a time."""
    random = np.random.default_rng(seed)
    for start in range(0, transfers, CHUNK):
        size = min(CHUNK, transfers - start)
        payer = random.integers(0, accounts, size, np.int32)
        payee = (payer + random.integers(1, accounts, size, np.int32)) % accounts
        drawn = MEDIAN_MINOR * np.exp(SIGMA * random.standard_normal(size, np.float32))
        yield payer, payee.astype(np.int32), np.clip(drawn, AMOUNT_MIN, AMOUNT_MAX).astype(np.int64)


def ledger(transfers: int, seed: int = 1, accounts: int | None = None) -> Columns:
    """A complete ledger of `transfers` payments between `accounts` (default: a tenth as many)."""
    accounts = max(10, transfers // TRANSFERS_PER_ACCOUNT) if accounts is None else accounts
    parts = list(zip(*chunks(transfers, accounts, seed), strict=True))
    payer, payee, amount = (np.concatenate(part) for part in parts)
    return Columns(payer, payee, amount, least_openings(payer, payee, amount, accounts))


def seeds(columns: Columns, victims: int, seed: int = 2) -> SeedColumns:
    """One payment for each of `victims`, drawn from the first half of the ledger."""
    half = max(1, len(columns) // 2)
    return seeds_at(np.random.default_rng(seed).choice(half, size=min(victims, half), replace=False))


def seeds_at(places: I64) -> SeedColumns:
    """Each of these payments is a victim's, wholly."""
    transfer = np.sort(places).astype(np.int64)
    count = len(transfer)
    owner = np.arange(1, count + 1, dtype=np.int32)
    nobody: I32 = np.empty(0, np.int32)
    limit: I64 = np.full(count, 2**62, np.int64)
    return SeedColumns(transfer, np.arange(count, dtype=np.int64), owner, limit, nobody, nobody, count)
