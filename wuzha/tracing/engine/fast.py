"""The compiled engines behind the same door: a complete ledger in, a `Trace` out, equal to the specification.

A plain ledger (`columns`) goes through the sweep. One thing is told less finely there than by the specification: clean
money of unknown source is shown as clean. Reversals, earmarks, a size limit or a chosen share among victims go through
whole lines (`lineage`).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from wuzha.tracing.engine.balances import Ledger
from wuzha.tracing.engine.columns import SeedColumns, Side, seed_columns
from wuzha.tracing.engine.jit import I32, I64
from wuzha.tracing.engine.lineage import ends_of, fold_lines, relations
from wuzha.tracing.engine.lines import BY_ARRIVAL, BY_RULE, BY_SHARE, Lines
from wuzha.tracing.engine.lots import CLEAN_FIRST, NONE, OUT, PRO_RATA, RULE_CODE, Paint, State, new_paint, new_state
from wuzha.tracing.engine.model import Among, Competing, Fate, Flow, Holding, Lot, Rule, Seed, Trace
from wuzha.tracing.engine.spec import ending, ranked_gaps
from wuzha.tracing.engine.sweep import sweep

POOL_FIRST = 4096  # lots to begin with; the pool doubles when it is full
AMONG = {None: BY_RULE, Among.FIFO: BY_ARRIVAL, Among.PRO_RATA: BY_SHARE}
Lots = Mapping[int, list[tuple[int, int]]]  # account -> (owner, cents) in the order in which they would leave


class _Found(NamedTuple):
    """What a compiled run says: rows of flows (cents below 0: taken back from an end), sums by owner, lines."""

    transfer: I32
    owner: I32
    cents: I64
    returned: I64
    untracked: I64
    lots: Lots
    source: I32 | None = None  # by transfer, the earlier one whose pieces it takes (or -1)


def trace_fast(ledger: Ledger, seeds: Sequence[Seed], rule: Rule, holders: Mapping[str, str] | None = None) -> Trace:
    """The trace of a plain ledger (see `Ledger.is_plain`) under a conserving rule."""
    columns, names = ledger.columns
    columns.checked()
    seeded = seed_columns(ledger, columns, names, seeds)
    paint = new_paint(seeded, len(columns.opening))
    state = new_state(columns.opening, seeded.owners, POOL_FIRST)
    state = sweep(RULE_CODE[rule], columns.payer, columns.payee, columns.amount, state, paint, 0, len(columns))
    return _Reader(ledger, names, seeds, seeded, paint, _of_state(rule, state, names), rule, holders or {}).trace()


def trace_lines(
    ledger: Ledger,
    seeds: Sequence[Seed],
    rule: Rule,
    holders: Mapping[str, str] | None = None,
    *,
    among: Among | None = None,
    smallest_minor: int = 0,
) -> Trace:
    """The trace of any ledger whose sums are exact (see `Ledger.is_exact`) under a conserving rule."""
    columns, names = ledger.columns
    columns.checked()
    seeded = seed_columns(ledger, columns, names, seeds)
    paint = new_paint(seeded, len(columns.opening))
    related = relations(ledger)
    code = RULE_CODE[rule]
    lines = fold_lines(code, AMONG[among], smallest_minor, related, columns, ends_of(names), paint, seeded.owners)
    found = _of_lines(lines, len(names))._replace(source=related.source)
    return _Reader(ledger, names, seeds, seeded, paint, found, rule, holders or {}).trace()


def _of_state(rule: Rule, state: State, names: Sequence[Side]) -> _Found:
    """The lines of tainted accounts, with the clean money that a state leaves out."""
    lots: dict[int, list[tuple[int, int]]] = {}
    for account in np.nonzero(state.balance & 1)[0].tolist():
        if names[account][1] == "ends":
            continue
        line: list[tuple[int, int]] = []
        lot = int(state.head[account])
        while lot != NONE:
            line.append((int(state.owner[lot]), int(state.cents[lot])))
            lot = int(state.next[lot])
        clean = (int(state.balance[account]) >> 1) - sum(cents for _owner, cents in line)
        if clean:
            line.insert(0 if RULE_CODE[rule] in (CLEAN_FIRST, PRO_RATA) else len(line), (0, clean))
        lots[account] = line
    count = int(state.ctl[OUT])
    rows = state.out_transfer[:count], state.out_owner[:count], state.out_cents[:count]
    return _Found(*rows, state.returned, np.zeros_like(state.returned), lots)


def _of_lines(lines: Lines, accounts: int) -> _Found:
    lots: dict[int, list[tuple[int, int]]] = {}
    for account in range(accounts):
        line = []
        for lot in (int(lines.head[2 * account]), int(lines.head[2 * account + 1])):
            while lot != NONE:
                line.append((int(lines.owner[lot]), int(lines.cents[lot])))
                lot = int(lines.next[lot])
        if any(owner > 0 for owner, _cents in line):
            lots[account] = line
    count = int(lines.ctl[OUT])
    rows = lines.out_transfer[:count], lines.out_owner[:count], lines.out_cents[:count]
    return _Found(*rows, lines.returned, lines.untracked, lots)


class _Reader:
    """Turns the arrays of one run back into names."""

    def __init__(
        self,
        ledger: Ledger,
        names: list[Side],
        seeds: Sequence[Seed],
        seeded: SeedColumns,
        paint: Paint,
        found: _Found,
        rule: Rule,
        holders: Mapping[str, str],
    ) -> None:
        self.ledger, self.names, self.seeded, self.paint, self.found = ledger, names, seeded, paint, found
        self.rule, self.holders = rule, holders
        self.victims = tuple(sorted({seed.victim for seed in seeds}))
        self.active = self._active()
        self.fates = {name: dict.fromkeys(Fate.__dataclass_fields__, 0) for name in self.victims}

    def trace(self) -> Trace:
        flows, layers = self._flows()
        holdings = self._holdings(layers)
        for row, claim in enumerate(self.paint.claim):
            self.fates[self.victims[self.paint.owner[claim] - 1]]["seed_minor"] += int(self.paint.claimed[row])
        for place, name in enumerate(self.victims):
            self.fates[name]["returned_minor"] = int(self.found.returned[place + 1])
            self.fates[name]["untracked_minor"] = int(self.found.untracked[place + 1])
        return Trace(
            rule=self.rule,
            flows=flows,
            holdings=holdings,
            layers=layers,
            fates={name: Fate(**sums) for name, sums in self.fates.items()},
            competing=self._competing(flows),
            gaps=ranked_gaps(self.ledger, flows, layers, sum(f["seed_minor"] for f in self.fates.values())),
            ties=self.ledger.ties,
            openings=self.ledger.openings,
        )

    def _flows(self) -> tuple[tuple[Flow, ...], dict[str, int]]:
        carried: dict[int, dict[str, int]] = {}
        found = self.found
        for index, owner, cents in zip(
            found.transfer.tolist(), found.owner.tolist(), found.cents.tolist(), strict=True
        ):
            if cents < 0:
                self.fates[self.victims[owner - 1]][ending(self.ledger.transfers[index])] += cents
                continue
            stolen = carried.setdefault(index, {})
            stolen[self.victims[owner - 1]] = stolen.get(self.victims[owner - 1], 0) + cents
        seeds = {row[0] for row in self.active}
        layers: dict[str, int] = {}
        flows = []
        for index in sorted(carried.keys() | seeds):
            transfer = self.ledger.transfers[index]
            if index in seeds:
                layers[transfer.payer] = 0
            if index not in carried:
                continue
            flows.append(Flow(transfer, carried[index]))
            holder = self.holders.get(transfer.payer)
            same = holder is not None and holder == self.holders.get(transfer.payee)
            before = transfer.payer
            if before not in layers and found.source is not None:
                before = self.ledger.transfers[found.source[index]].payee
            step = layers[before] + (not same)
            layers[transfer.payee] = min(step, layers.get(transfer.payee, step))
            if self.ledger.absorbs(transfer):
                for name, cents in carried[index].items():
                    self.fates[name][ending(transfer)] += cents
        return tuple(flows), layers

    def _holdings(self, layers: dict[str, int]) -> dict[str, Holding]:
        holdings = {}
        for place in sorted(self.found.lots, key=lambda account: self.names[account][0]):
            name = self.names[place][0]
            lots = []
            for owner, cents in self.found.lots[place]:
                victim = self.victims[owner - 1] if owner > 0 else None
                lots.append(Lot(victim, cents, owner < 0))
                if victim is not None:
                    self.fates[victim]["held_minor"] += cents
            holdings[name] = Holding(name, tuple(lots), layers.get(name))
        return holdings

    def _active(self) -> list[tuple[int, int, int, int]]:
        """(transfer, claimant, cents wanted, cents claimed) of each seed row whose claim was not yet satisfied."""
        left = self.seeded.limit.tolist()
        rows = []
        for index, claim, claimed in zip(
            self.paint.transfer.tolist(), self.paint.claim.tolist(), self.paint.claimed.tolist(), strict=True
        ):
            wanted = min(left[claim], self.ledger.transfers[index].amount_minor)
            left[claim] -= claimed
            if wanted:
                rows.append((index, int(self.paint.owner[claim]), wanted, claimed))
        return rows

    def _competing(self, flows: Sequence[Flow]) -> tuple[Competing, ...]:
        carried = {flow.transfer.id: flow.stolen for flow in flows}
        found: list[Competing] = []
        rows = self.active
        for place, (index, claimant, wanted, claimed) in enumerate(rows):
            transfer = self.ledger.transfers[index]
            short = wanted - claimed
            owned = dict(carried.get(transfer.id, {}))
            for later in rows[place:]:
                if later[0] != index:
                    break
                name = self.victims[later[1] - 1]
                owned[name] = owned.get(name, 0) - later[3]
            for owner, cents in sorted(owned.items()):
                if owner != self.victims[claimant - 1] and short > 0 and cents > 0:
                    found.append(Competing(transfer.id, self.victims[claimant - 1], owner, min(cents, short)))
                    short -= cents
        return tuple(found)
