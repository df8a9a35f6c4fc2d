"""The tracing engine: a pure function of transfers, seeds and a rule. No framework, no clock, no I/O.

    trace(transfers, seeds, Rule.FIFO) -> Trace

`line` and `spec` are the executable specification; the compiled engines beside them load on first use and are tested
to equal it to the cent.
"""

from wuzha.tracing.engine.balances import Ledger, complete
from wuzha.tracing.engine.doubt import Interval, ledger_intervals
from wuzha.tracing.engine.model import (
    CONSERVING_RULES,
    Among,
    BalanceAt,
    Competing,
    Fate,
    Flow,
    Gap,
    Holding,
    Kind,
    Lot,
    Opening,
    OpeningMethod,
    Rule,
    Seed,
    Tie,
    TieMethod,
    Trace,
    Transfer,
    recoverable_minor,
)
from wuzha.tracing.engine.tracer import intervals, trace, trace_ledger

__all__ = [
    "CONSERVING_RULES",
    "Among",
    "BalanceAt",
    "Competing",
    "Fate",
    "Flow",
    "Gap",
    "Holding",
    "Interval",
    "Kind",
    "Ledger",
    "Lot",
    "Opening",
    "OpeningMethod",
    "Rule",
    "Seed",
    "Tie",
    "TieMethod",
    "Trace",
    "Transfer",
    "complete",
    "intervals",
    "ledger_intervals",
    "recoverable_minor",
    "trace",
    "trace_ledger",
]
