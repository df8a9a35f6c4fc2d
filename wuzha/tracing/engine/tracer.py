"""The door of the engine: transfers and seeds in, a trace out."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from wuzha.tracing.engine.balances import Ledger, complete
from wuzha.tracing.engine.doubt import Interval, ledger_intervals
from wuzha.tracing.engine.exposure import expose
from wuzha.tracing.engine.model import (
    CONSERVING_RULES,
    Among,
    BalanceAt,
    Rule,
    Seed,
    Trace,
    Transfer,
)
from wuzha.tracing.engine.seeds import check_seeds
from wuzha.tracing.engine.spec import fold

SPEC_TRANSFERS_MAX = 20_000  # below this, loading the compiled engine costs more than it saves


def trace(
    transfers: Iterable[Transfer],
    seeds: Iterable[Seed],
    rule: Rule = Rule.FIFO,
    *,
    among: Among | None = None,
    openings: Mapping[str, int] | None = None,
    stated: Iterable[BalanceAt] = (),
    terminals: Collection[str] = (),
    holders: Mapping[str, str] | None = None,
    until: int | None = None,
    smallest_minor: int = 0,
) -> Trace:
    """Where the seeds' money went and is, under one rule. The result does not depend on the order of any argument.

    openings: account -> minor units before the first transfer, where known. stated: balances told by banks.
    terminals: accounts where a chase ends (hubs, merchants, exchanges). holders: account -> person, for layers.
    until: transfers after this instant are ignored. among: sub-rule between victims (see `Among`).
    smallest_minor: stolen lots below it are not tracked further.
    Raises Refusal when a transfer or a seed contradicts the ledger.
    """
    transfers, seeds = list(transfers), list(seeds)
    check_seeds(seeds, transfers)
    ledger = complete(transfers, openings=openings, stated=stated, terminals=terminals, until=until)
    return trace_ledger(ledger, seeds, rule, among=among, holders=holders, smallest_minor=smallest_minor)


def trace_ledger(
    ledger: Ledger,
    seeds: Iterable[Seed],
    rule: Rule = Rule.FIFO,
    *,
    among: Among | None = None,
    holders: Mapping[str, str] | None = None,
    smallest_minor: int = 0,
) -> Trace:
    """The same over a ledger completed once, for several rules.

    Small ledgers go through the specification itself; above SPEC_TRANSFERS_MAX the compiled engines take over, unless
    the sums are larger than they compute exactly.
    """
    if rule is Rule.POISON:
        return expose(ledger, seeds)
    if len(ledger.transfers) > SPEC_TRANSFERS_MAX and ledger.is_exact:
        from wuzha.tracing.engine.fast import trace_fast, trace_lines

        if among is None and not smallest_minor and ledger.is_plain:
            return trace_fast(ledger, list(seeds), rule, holders)
        return trace_lines(ledger, list(seeds), rule, holders, among=among, smallest_minor=smallest_minor)
    return fold(ledger, seeds, rule, among=among, holders=holders, smallest_minor=smallest_minor)


def intervals(
    transfers: Iterable[Transfer],
    seeds: Iterable[Seed],
    rules: Sequence[Rule] = CONSERVING_RULES,
    *,
    openings: Mapping[str, int] | None = None,
    stated: Iterable[BalanceAt] = (),
    terminals: Collection[str] = (),
    until: int | None = None,
) -> dict[str, Interval]:
    """Account -> interval of stolen cents held, over the rules and over every possible unknown opening (`doubt`)."""
    transfers, seeds, stated = list(transfers), list(seeds), list(stated)
    check_seeds(seeds, transfers)

    def completed(more: Mapping[str, int]) -> Ledger:
        known = dict(openings or {}) | dict(more)
        return complete(transfers, openings=known, stated=stated, terminals=terminals, until=until)

    return ledger_intervals(
        completed({}), completed, seeds, rules, lambda ledger, rule: trace_ledger(ledger, seeds, rule)
    )
