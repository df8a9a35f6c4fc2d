"""How far a sum on an account rests on a convention: the least and the most that can be said of it.

Theory. Two things are conventions. The rule: every rule is traced, and the sums they give are the ends. An unknown
opening: more clean money on an account keeps stolen money there longer, lets less of it pass, and lets it pass with
another payment, so the ends do not lie where all openings are least or all are ample; both are traced, and what depends
on an unknown opening is bounded beside them. At most, each payment carries all stolen money that can have come to its
payer until then. At least, an account still has what a seed surely brought it, less all that it paid since.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from wuzha.tracing.engine.balances import Ledger
from wuzha.tracing.engine.model import Rule, Seed, Trace
from wuzha.tracing.engine.seeds import Claims

PLAIN_PYTHON_MAX = 20_000  # transfers, as for the traces themselves
Tracer = Callable[[Ledger, Rule], Trace]


@dataclass(frozen=True, slots=True)
class Interval:
    """The least and the most stolen cents on an account that some rule, or some unknown opening, gives."""

    account: str
    low_minor: int
    high_minor: int

    @property
    def disputed(self) -> bool:
        """Whether the sum rests on a convention."""
        return self.low_minor != self.high_minor


def ledger_intervals(
    ledger: Ledger,
    with_openings: Callable[[Mapping[str, int]], Ledger],
    seeds: Sequence[Seed],
    rules: Sequence[Rule],
    trace: Tracer,
    also: Iterable[Trace] = (),
) -> dict[str, Interval]:
    """Account -> interval of stolen cents held. with_openings: the same ledger with these openings known; also: traces
    already made whose sums belong to it."""
    found = [*also, *(trace(ledger, rule) for rule in rules)]
    unknown = ledger.ample_openings()
    most: dict[str, int] = {}
    least: dict[str, int] = {}
    if unknown:
        ample = with_openings(unknown)
        found += [trace(ample, rule) for rule in rules]
        if len(ledger.transfers) > PLAIN_PYTHON_MAX and ledger.is_plain and ledger.is_exact:
            from wuzha.tracing.engine.doubt_columns import column_bounds

            least, most = column_bounds(ledger, seeds, unknown.keys())
        else:
            least, most = bounds(ledger, seeds, unknown.keys())
    held = [{account: one.stolen_minor for account, one in trace.holdings.items()} for trace in found]
    seeded = max((sum(fate.seed_minor for fate in one.fates.values()) for one in found), default=0)
    intervals = {}
    for account in sorted({account for one in held for account in one} | {a for a, cents in most.items() if cents}):
        sums = [one.get(account, 0) for one in held]
        if account in most:
            sums += [least[account], min(most[account], seeded)]
        intervals[account] = Interval(account, min(sums), max(sums))
    return intervals


def bounds(ledger: Ledger, seeds: Sequence[Seed], unknown: Collection[str]) -> tuple[dict[str, int], dict[str, int]]:
    """(least, most) stolen cents on each account whose sum rests on an unknown opening, its own or one before it."""
    claims = Claims(ledger, seeds)
    everybody = frozenset(range(1, len(claims.victims) + 1))
    came: dict[tuple[str, bool], int] = {}  # to an account's line (False), or to where it ended (True)
    sure: dict[str, int] = {}
    doubtful: set[tuple[str, bool]] = set()
    starts = claims.by_transfer.keys() | claims.by_account.keys()
    brought: dict[str, tuple[str, bool]] = {}  # transfer -> where its pieces may be asked for
    for transfer in ledger.transfers:
        payer, payee, amount = transfer.payer, transfer.payee, transfer.amount_minor
        sources = {(payer, False)} | {brought[t] for t in (transfer.reverses, transfer.earmark) if t in brought}
        known = sum(came.get(source, 0) for source in sources)
        if payer == payee or (not known and payer not in starts and transfer.id not in starts):
            continue
        claimed = 0
        for claim in claims.on(transfer):
            part = min(amount - claimed, claim.left)
            claim.left -= part
            claimed += part
        carried = min(amount, known + claimed)
        if payer in sure:
            sure[payer] = max(0, sure[payer] - amount)
        if not carried or claims.homes.get(payee) == everybody:
            continue
        place = payee, ledger.absorbs(transfer)
        came[place] = came.get(place, 0) + carried
        brought[transfer.id] = place
        if sources & doubtful or (payee in unknown and not place[1]):
            doubtful.add(place)
        if not place[1]:
            sure[payee] = sure.get(payee, 0) + (0 if payee in claims.homes else claimed)
    held = {account for account, ended in doubtful if not ended}
    return {account: sure[account] for account in held}, {account: came[account, False] for account in held}
