"""The sweep over a ledger that does not fit in memory: chunk after chunk, with one state that lives across them."""

from collections.abc import Iterable

import numpy as np

from wuzha.tracing.engine.columns import I32, I64, SeedColumns
from wuzha.tracing.engine.lots import OUT, State, new_paint, new_state
from wuzha.tracing.engine.prorata import settled
from wuzha.tracing.engine.sweep import advanced

Chunk = tuple[I32, I32, I64]  # payer, payee, amount in ledger order
POOL_FIRST = 1 << 16


def sweep_chunks(code: int, chunks: Iterable[Chunk], opening: I64, seeds: SeedColumns) -> State:
    """The state after all chunks; output rows carry positions in the whole ledger (below 2**31)."""
    state = new_state(opening, seeds.owners, POOL_FIRST)
    whole = new_paint(seeds, len(opening))
    offset = 0
    for payer, payee, amount in chunks:
        first, last = np.searchsorted(whole.transfer, (offset, offset + len(amount)))
        part = whole._replace(
            transfer=whole.transfer[first:last] - offset,
            claim=whole.claim[first:last],
            claimed=whole.claimed[first:last],
        )
        row = int(state.ctl[OUT])
        state = advanced(code, payer, payee, amount, state, part, 0, len(amount))
        state.out_transfer[row : int(state.ctl[OUT])] += offset
        offset += len(amount)
    return settled(code, state)
