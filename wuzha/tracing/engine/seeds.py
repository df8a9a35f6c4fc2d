"""Seeds made ready for a ledger: who claims which payment.

Theory. Victims are numbered 1.. by name, so that integer shares, which are cut in the order of the numbers, do not
depend on who reported first. A claim is the right of one victim to the clean cents of some payments, up to a sum.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.engine.balances import Ledger
from wuzha.tracing.engine.model import Seed, Transfer

NO_LIMIT = 2**62  # cents; more than any ledger holds


@dataclass(slots=True)
class Claim:
    """`left` cents that victim number `owner` may still claim, from instant `since` on."""

    owner: int
    victim: str
    left: int
    since: int


def _order(seed: Seed) -> tuple[int, str, str, str, bool, int]:
    """A place for every seed that differs from another, so that the order in which they were given says nothing."""
    start = seed.transfer_id or "", seed.account or ""
    return seed.at or 0, seed.victim, *start, seed.at is None, seed.amount_minor or NO_LIMIT


class Claims:
    """The claims of seeds on a ledger. victims[k - 1] is the name of owner k; homes: account -> owners at home."""

    def __init__(self, ledger: Ledger, seeds: Iterable[Seed]) -> None:
        listed = sorted(set(seeds), key=_order)  # a seed given twice is one seed
        self.victims = tuple(sorted({seed.victim for seed in listed}))
        number = {name: place + 1 for place, name in enumerate(self.victims)}
        payers = ledger.payers_of({seed.transfer_id for seed in listed if seed.transfer_id is not None})
        self.by_transfer: dict[str, list[Claim]] = {}
        self.by_account: dict[str, list[Claim]] = {}
        homes: dict[str, set[int]] = {}
        first = ledger.transfers[0].at if ledger.transfers else 0
        for seed in listed:
            limit = NO_LIMIT if seed.amount_minor is None else seed.amount_minor
            claim = Claim(number[seed.victim], seed.victim, limit, first if seed.at is None else seed.at)
            if seed.account is not None:
                self.by_account.setdefault(seed.account, []).append(claim)
            elif seed.transfer_id in payers:
                claim.since = first
                self.by_transfer.setdefault(seed.transfer_id, []).append(claim)
                homes.setdefault(payers[seed.transfer_id], set()).add(claim.owner)
        self.homes = {account: frozenset(owners) for account, owners in homes.items()}

    def concern(self, transfer: Transfer) -> bool:
        """Whether any claim may be on this transfer."""
        return transfer.id in self.by_transfer or transfer.payer in self.by_account

    def on(self, transfer: Transfer) -> list[Claim]:
        """Claims on this transfer that are not yet satisfied, in the order in which they are met."""
        claims = self.by_transfer.get(transfer.id, []) + self.by_account.get(transfer.payer, [])
        return [claim for claim in claims if claim.left > 0 and claim.since <= transfer.at]


def check_seeds(seeds: Collection[Seed], transfers: Collection[Transfer]) -> None:
    """Refusal "seed.unknown" for a seed that no transfer can satisfy, "seed.amount" for more than its payment."""
    amounts = {transfer.id: transfer.amount_minor for transfer in transfers}
    payers = {transfer.payer for transfer in transfers}
    for seed in seeds:
        name = seed.transfer_id if seed.transfer_id is not None else seed.account
        if name not in (amounts if seed.transfer_id is not None else payers):
            raise Refusal(
                "seed.unknown",
                _("The stolen money is said to start at %(name)s, but no payment of the ledger starts there."),
                name=str(name)[:80],
            )
        if seed.transfer_id is not None and (seed.amount_minor or 0) > amounts[seed.transfer_id]:
            raise Refusal(
                "seed.amount",
                _("More is claimed of payment %(name)s than it carries; correct the amount."),
                name=str(name)[:80],
            )
