"""The compiled sweep behind the same door: a complete ledger in, a `Trace` out, equal to the specification to the cent.

One thing is told less finely than by the specification: clean money of unknown source is shown as clean.
"""

from collections.abc import Sequence

import numpy as np

from wuzha.tracing.engine.balances import Ledger
from wuzha.tracing.engine.columns import SeedColumns, Side, seed_columns
from wuzha.tracing.engine.lots import CLEAN_FIRST, NONE, PRO_RATA, RULE_CODE, Paint, State, new_paint, new_state
from wuzha.tracing.engine.model import Competing, Fate, Flow, Holding, Lot, Rule, Seed, Trace
from wuzha.tracing.engine.spec import ending, ranked_gaps
from wuzha.tracing.engine.sweep import sweep

POOL_FIRST = 4096  # lots to begin with; the pool doubles when it is full


def trace_fast(ledger: Ledger, seeds: Sequence[Seed], rule: Rule, holders: dict[str, str] | None = None) -> Trace:
    """The trace of a plain ledger (see `columns.is_plain`) under a conserving rule."""
    columns, names = ledger.columns
    columns.checked()
    seeded = seed_columns(ledger, columns, names, seeds)
    paint = new_paint(seeded, len(columns.opening))
    state = new_state(columns.opening, seeded.owners, POOL_FIRST)
    state = sweep(RULE_CODE[rule], columns.payer, columns.payee, columns.amount, state, paint, 0, len(columns))
    return _Reader(ledger, names, seeds, seeded, paint, state, rule, holders or {}).trace()


class _Reader:
    """Turns the arrays of one run back into names."""

    def __init__(
        self,
        ledger: Ledger,
        names: list[Side],
        seeds: Sequence[Seed],
        seeded: SeedColumns,
        paint: Paint,
        state: State,
        rule: Rule,
        holders: dict[str, str],
    ) -> None:
        self.ledger, self.names, self.seeded, self.paint, self.state = ledger, names, seeded, paint, state
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
            self.fates[name]["returned_minor"] = int(self.state.returned[place + 1])
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
        count = int(self.state.ctl[3])
        carried: dict[int, dict[str, int]] = {}
        rows = zip(
            self.state.out_transfer[:count].tolist(),
            self.state.out_owner[:count].tolist(),
            self.state.out_cents[:count].tolist(),
            strict=True,
        )
        for index, owner, cents in rows:
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
            step = layers[transfer.payer] + (not same)
            layers[transfer.payee] = min(step, layers.get(transfer.payee, step))
            if self.ledger.absorbs(transfer):
                for name, cents in carried[index].items():
                    self.fates[name][ending(transfer)] += cents
        return tuple(flows), layers

    def _holdings(self, layers: dict[str, int]) -> dict[str, Holding]:
        holdings = {}
        tainted = np.nonzero(self.state.balance & 1)[0].tolist()
        for place in sorted(tainted, key=lambda account: self.names[account][0]):
            name, side = self.names[place]
            if side == "ends":
                continue
            lots = self._lots(place)
            for lot in lots:
                if lot.victim is not None:
                    self.fates[lot.victim]["held_minor"] += lot.amount_minor
            holdings[name] = Holding(name, tuple(lots), layers.get(name))
        return holdings

    def _lots(self, account: int) -> list[Lot]:
        state = self.state
        lots: list[Lot] = []
        lot = int(state.head[account])
        while lot != NONE:
            owner = int(state.owner[lot])
            lots.append(Lot(self.victims[owner - 1] if owner else None, int(state.cents[lot])))
            lot = int(state.next[lot])
        clean = (int(state.balance[account]) >> 1) - sum(item.amount_minor for item in lots)
        if clean and RULE_CODE[self.rule] in (CLEAN_FIRST, PRO_RATA):
            return [Lot(None, clean), *lots]
        return [*lots, Lot(None, clean)] if clean else lots

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
