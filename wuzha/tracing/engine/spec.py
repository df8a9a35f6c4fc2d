"""The specification of a whole trace: one pass over a complete ledger, plain Python, no shortcut.

Theory. A payment takes pieces from the payer's line and joins them to the payee's. Seeds repaint clean pieces as a
victim's; what already belongs to an earlier victim stays theirs (a competing claim). What comes back to the account
that a victim paid from is returned and clean again. A reversal takes back the pieces that its original brought, as far
as they are still there (pro rata knows no pieces: there it takes back the original's owners), and puts them in
front, as if they had never left. An account's layer is one more than the lowest layer of those who brought it stolen
money (victim 0); between accounts of one holder it does not grow. Termination is that of the ledger: time only
moves forward, so a circle of payments is nothing special.
"""

from collections.abc import Collection, Iterable, Mapping

from wuzha.tracing.engine.balances import Ledger
from wuzha.tracing.engine.line import CLEAN, UNSEEN, Piece, join, leave, leave_via, merge, total
from wuzha.tracing.engine.model import (
    UNSEEN_PREFIX,
    Among,
    Competing,
    Fate,
    Flow,
    Gap,
    Holding,
    Kind,
    Lot,
    Rule,
    Seed,
    Trace,
    Transfer,
)
from wuzha.tracing.engine.seeds import Claims


def fold(
    ledger: Ledger,
    seeds: Iterable[Seed],
    rule: Rule,
    *,
    among: Among | None = None,
    holders: Mapping[str, str] | None = None,
    smallest_minor: int = 0,
) -> Trace:
    """The trace of `seeds` over a complete ledger under a conserving rule. holders: account -> person.

    smallest_minor: a stolen lot below it is not tracked further once it rests on an account.
    """
    run = _Fold(ledger, Claims(ledger, seeds), rule, among, holders or {})
    run.smallest = smallest_minor
    for transfer in ledger.transfers:
        if transfer.payer != transfer.payee:
            run.apply(transfer)
    return run.result()


class _Fold:
    def __init__(
        self, ledger: Ledger, claims: Claims, rule: Rule, among: Among | None, holders: Mapping[str, str]
    ) -> None:
        self.ledger, self.claims, self.rule, self.among, self.holders = ledger, claims, rule, among, holders
        self.lines = {a: [Piece(CLEAN, o.amount_minor)] for a, o in ledger.openings.items() if o.amount_minor}
        self.layers: dict[str, int] = {}
        self.flows: list[Flow] = []
        self.fates = {name: dict.fromkeys(Fate.__dataclass_fields__, 0) for name in claims.victims}
        self.competing: list[Competing] = []
        self.asked = {t.reverses for t in ledger.transfers} | {t.earmark for t in ledger.transfers}
        self.asked.discard(None)
        self.smallest = 0
        self.arrived: dict[str, Transfer] = {}  # those of `asked` that have happened
        self.resting: dict[str, list[Piece]] = {}  # what those of `asked` brought to an end

    def apply(self, transfer: Transfer) -> None:
        pieces, undone = self._take(transfer)
        if self.claims.concern(transfer):
            pieces = self._claim(transfer, pieces)
        stolen = self._by_victim(pieces)
        if stolen:
            self.flows.append(Flow(transfer, stolen))
            step = self._layer_before(transfer) + (not self._same_holder(transfer))
            self.layers[transfer.payee] = min(step, self.layers.get(transfer.payee, step))
        if transfer.id in self.asked:
            self.arrived[transfer.id] = transfer
            pieces = [piece._replace(via=(transfer.id, piece.via)) for piece in pieces]
        elif self.asked and not undone:
            pieces = merge([piece._replace(via=None) for piece in pieces])
        if self.smallest:
            self._forget(transfer.payer)
        if self.ledger.absorbs(transfer):
            self._end(transfer, stolen, 1)
            if transfer.id in self.asked:
                self.resting[transfer.id] = pieces
            return
        line = self.lines.get(transfer.payee, [])
        pieces = self._return(transfer.payee, pieces)
        self.lines[transfer.payee] = join(self.rule, self.among, line, pieces, front=undone)
        if self.smallest:
            self._forget(transfer.payee)

    def _take(self, transfer: Transfer) -> tuple[list[Piece], bool]:
        """Pieces that leave the payer, and whether they go back to where they came from."""
        cents, payer = transfer.amount_minor, transfer.payer
        source = self._source(transfer)
        undoing = source is not None and transfer.kind is Kind.REVERSAL and source == transfer.reverses
        pieces: list[Piece] = []
        if source is not None and source in self.resting:
            pieces, self.resting[source] = leave_via(self.resting[source], source, cents)
            self._end(self.arrived[source], self._by_victim(pieces), -1)
        elif source is not None:
            pieces, self.lines[payer] = leave_via(self.lines.get(payer, []), source, cents)
        rest = cents - total(pieces)
        if self.ledger.is_terminal(payer):
            by_rule = [Piece(UNSEEN if payer.startswith(UNSEEN_PREFIX) else CLEAN, rest)]
        else:
            by_rule, self.lines[payer] = leave(self.rule, self.among, self.lines.get(payer, []), rest)
        if undoing:
            pieces = [piece._replace(via=piece.via[1] if piece.via else None) for piece in pieces]
            by_rule = [piece._replace(via=None) for piece in by_rule]
        return merge(pieces + by_rule), undoing

    def _source(self, transfer: Transfer) -> str | None:
        """The earlier transfer whose pieces this one takes, when it names one."""
        if transfer.kind is Kind.REVERSAL and transfer.reverses in self.arrived:
            return transfer.reverses
        return transfer.earmark if transfer.earmark in self.arrived else None

    def _layer_before(self, transfer: Transfer) -> int:
        """The layer that the money comes from: the payer's, or that of the account where it had ended (a hub may pay
        out from another account than it collects on)."""
        source = self._source(transfer)
        if transfer.payer in self.layers or source is None:
            return self.layers[transfer.payer]
        return self.layers[self.arrived[source].payee]

    def _claim(self, transfer: Transfer, pieces: list[Piece]) -> list[Piece]:
        """The pieces with the clean cents of a seed repainted as the victim's, the first ones first."""
        for claim in self.claims.on(transfer):
            wanted = min(claim.left, transfer.amount_minor)
            self.layers[transfer.payer] = 0
            painted: list[Piece] = []
            for piece in pieces:
                mine = min(wanted, piece.cents) if piece.owner <= CLEAN else 0
                painted += [piece._replace(owner=claim.owner, cents=mine), piece._replace(cents=piece.cents - mine)]
                wanted -= mine
                claim.left -= mine
                self.fates[claim.victim]["seed_minor"] += mine
            for owner, cents in sorted(self._by_victim(pieces).items()):
                if owner != claim.victim and wanted > 0:
                    self.competing.append(Competing(transfer.id, claim.victim, owner, min(cents, wanted)))
                    wanted -= cents
            pieces = merge(painted)
        return pieces

    def _return(self, account: str, pieces: list[Piece]) -> list[Piece]:
        """The pieces as they join: a victim's own money is clean at home."""
        at_home = self.claims.homes.get(account, frozenset())
        for piece in pieces:
            if piece.owner in at_home:
                self.fates[self.claims.victims[piece.owner - 1]]["returned_minor"] += piece.cents
        return [piece._replace(owner=CLEAN) if piece.owner in at_home else piece for piece in pieces]

    def _forget(self, account: str) -> None:
        """Stop tracking the stolen lots of an account that are below the size limit."""
        line = self.lines.get(account, [])
        kept = []
        for piece in line:
            if piece.owner > CLEAN and piece.cents < self.smallest:
                self.fates[self.claims.victims[piece.owner - 1]]["untracked_minor"] += piece.cents
                piece = piece._replace(owner=CLEAN)
            kept.append(piece)
        self.lines[account] = join(self.rule, self.among, [], kept)

    def _end(self, transfer: Transfer, stolen: Mapping[str, int], sign: int) -> None:
        for name, cents in stolen.items():
            self.fates[name][ending(transfer)] += sign * cents

    def _by_victim(self, pieces: Iterable[Piece]) -> dict[str, int]:
        sums: dict[str, int] = {}
        for piece in pieces:
            if piece.owner > CLEAN:
                name = self.claims.victims[piece.owner - 1]
                sums[name] = sums.get(name, 0) + piece.cents
        return sums

    def _same_holder(self, transfer: Transfer) -> bool:
        holder = self.holders.get(transfer.payer)
        return holder is not None and holder == self.holders.get(transfer.payee)

    def result(self) -> Trace:
        holdings: dict[str, Holding] = {}
        for account in sorted(self.lines):
            line = self.lines[account]
            held = self._by_victim(line)
            for name, cents in held.items():
                self.fates[name]["held_minor"] += cents
            if held:
                lots = tuple(Lot(self._name(p.owner), p.cents, p.owner == UNSEEN) for p in line)
                holdings[account] = Holding(account, lots, self.layers.get(account))
        return Trace(
            rule=self.rule,
            flows=tuple(self.flows),
            holdings=holdings,
            layers=self.layers,
            fates={name: Fate(**sums) for name, sums in self.fates.items()},
            competing=tuple(self.competing),
            gaps=ranked_gaps(self.ledger, self.flows, self.layers, sum(f["seed_minor"] for f in self.fates.values())),
            ties=self.ledger.ties,
            openings=self.ledger.openings,
        )

    def _name(self, owner: int) -> str | None:
        return self.claims.victims[owner - 1] if owner > CLEAN else None


def ending(transfer: Transfer) -> str:
    """The field of `Fate` that counts money absorbed by this transfer."""
    if transfer.is_cash():
        return "cashed_minor"
    if transfer.kind is Kind.FEE:
        return "fees_minor"
    return "unseen_minor" if transfer.payee.startswith(UNSEEN_PREFIX) else "terminal_minor"


def ranked_gaps(ledger: Ledger, flows: Iterable[Flow], tainted: Collection[str], seeded_minor: int) -> tuple[Gap, ...]:
    """The questions for silent banks, the most cents at stake first. tainted: accounts that ever held stolen money."""
    carried = {flow.transfer.id: flow.stolen_minor for flow in flows}
    gaps = []
    for silence in ledger.gaps:
        made = silence.transfer
        incoming = made.payer.startswith(UNSEEN_PREFIX)
        account = made.payee if incoming else made.payer
        stake = carried.get(made.id, 0)
        if incoming and account in tainted:
            stake = min(made.amount_minor, seeded_minor)
        gaps.append(Gap(account, made.at, silence.shown_by, incoming, made.amount_minor, stake))
    return tuple(sorted(gaps, key=lambda gap: (-gap.stake_minor, -gap.amount_minor, gap.account, gap.at)))
