"""The bounds of `doubt` over columns, for a large plain ledger: the same pass in machine code."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from wuzha.tracing.engine.balances import Ledger
from wuzha.tracing.engine.columns import seed_columns
from wuzha.tracing.engine.jit import I32, I64, compiled
from wuzha.tracing.engine.model import Seed

Flags = NDArray[np.bool_]


def column_bounds(
    ledger: Ledger, seeds: Sequence[Seed], unknown: Collection[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """As `doubt.bounds`, of a ledger in which no transfer refers to another."""
    columns, names = ledger.columns
    seeded = seed_columns(ledger, columns, names, seeds)
    owners = np.bincount(seeded.home_account, minlength=len(names))
    came, sure, doubtful = _bounds(
        columns.payer,
        columns.payee,
        columns.amount,
        seeded.transfer,
        seeded.claim,
        seeded.limit.copy(),
        np.array([name in unknown and side == "" for name, side in names], np.bool_),
        owners > 0,
        (owners > 0) & (owners == seeded.owners),
    )
    places = [place for place in np.nonzero(doubtful)[0].tolist() if names[place][1] == ""]
    return (
        {names[place][0]: int(sure[place]) for place in places},
        {names[place][0]: int(came[place]) for place in places},
    )


@compiled
def _bounds(
    payer: I32,
    payee: I32,
    amount: I64,
    seed_transfer: I64,
    claim: I64,
    left: I64,
    unknown: Flags,
    home: Flags,
    everybodys_home: Flags,
) -> tuple[I64, I64, Flags]:
    came, sure = np.zeros(len(unknown), np.int64), np.zeros(len(unknown), np.int64)
    doubtful = np.zeros(len(unknown), np.bool_)
    seed = 0
    for t in range(len(amount)):
        p, q, a = payer[t], payee[t], amount[t]
        claimed = 0
        while seed < len(seed_transfer) and seed_transfer[seed] == t:
            part = min(a - claimed, left[claim[seed]])
            left[claim[seed]] -= part
            claimed += part
            seed += 1
        carried = min(a, came[p] + claimed)
        if p == q or (came[p] == 0 and claimed == 0):
            continue
        sure[p] = max(0, sure[p] - a)
        if carried > 0 and not everybodys_home[q]:
            came[q] += carried
            if doubtful[p] or unknown[q]:
                doubtful[q] = True
            if not home[q]:
                sure[q] += claimed
    return came, sure, doubtful
