"""A complete ledger as columns of numbers, and seeds over it.

Theory. Accounts become numbers, victims become 1.., transfers become positions in the total order. What the plain
engines need not know is folded away here: a terminal becomes two accounts, one that only receives and one that only
pays from clean money, so that to the compiled code every account is alike. A ledger with reversals or earmarks is not
plain: only the specification traces it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wuzha.tracing.engine.balances import EXACT_MAX, Ledger
from wuzha.tracing.engine.model import Seed
from wuzha.tracing.engine.seeds import Claims

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
Side = tuple[str, str]  # account and, for a terminal, "pays" or "ends"


@dataclass(frozen=True)
class Columns:
    """n transfers in total order between m accounts: payer, payee (n), amount (n, cents), opening (m, cents).

    No debit exceeds its balance; payer[i] == payee[i] is allowed and has no effect.
    """

    payer: I32
    payee: I32
    amount: I64
    opening: I64

    def __len__(self) -> int:
        return len(self.amount)

    @property
    def is_exact(self) -> bool:
        """Whether its sums are small enough to be computed exactly."""
        return float(self.amount.sum(dtype=np.float64)) + float(self.opening.sum(dtype=np.float64)) < EXACT_MAX

    def checked(self) -> "Columns":
        """The same, after making sure that it is complete and exact; ValueError when it is not."""
        if len(self) and (int(self.amount.min()) <= 0 or int(self.opening.min()) < 0):
            raise ValueError("amounts are positive and openings not negative")
        if not self.is_exact:
            raise ValueError("the ledger's sum exceeds what the compiled engines compute exactly")
        return self


@dataclass(frozen=True)
class SeedColumns:
    """transfer: s ascending positions; claim: s, which claim; owner: by claim, 1..; limit: by claim, cents.

    home_account, home_owner: pairs, the owners whose money is clean again on an account.
    """

    transfer: I64
    claim: I64
    owner: I32
    limit: I64
    home_account: I32
    home_owner: I32
    owners: int


def columns_of(ledger: Ledger) -> tuple[Columns, list[Side]]:
    """Columns, and the name and side of each account."""
    number: dict[tuple[str, str], int] = {}
    payer, payee = [], []
    for transfer in ledger.transfers:
        out = "pays" if ledger.is_terminal(transfer.payer) else ""
        into = "ends" if ledger.absorbs(transfer) else ""
        if transfer.payer == transfer.payee:
            out = into = ""
        payer.append(number.setdefault((transfer.payer, out), len(number)))
        payee.append(number.setdefault((transfer.payee, into), len(number)))
    amount = np.array([t.amount_minor for t in ledger.transfers], np.int64)
    opening = np.zeros(len(number), np.int64)
    for (name, side), place in number.items():
        if side == "" and name in ledger.openings:
            opening[place] = ledger.openings[name].amount_minor
    paying = np.array([side == "pays" for _name, side in number], bool)
    columns = Columns(np.array(payer, np.int32), np.array(payee, np.int32), amount, opening)
    if paying.any():
        spent = np.bincount(columns.payer, weights=amount, minlength=len(number)).astype(np.int64)
        opening[paying] = spent[paying]
    return columns, list(number)


def seed_columns(ledger: Ledger, columns: Columns, names: Sequence[Side], seeds: Iterable[Seed]) -> SeedColumns:
    """Seeds of a ledger over its columns, each account seed spread over the payments that it may claim."""
    claims = Claims(ledger, seeds)
    rows: list[tuple[int, int]] = []
    numbers: dict[int, int] = {}
    owner: list[int] = []
    limit: list[int] = []
    for place in ledger.places(claims.by_transfer, claims.by_account):
        transfer = ledger.transfers[place]
        if transfer.payer == transfer.payee:
            continue
        for claim in claims.on(transfer):
            if id(claim) not in numbers:
                numbers[id(claim)] = len(numbers)
                owner.append(claim.owner)
                limit.append(claim.left)
            rows.append((place, numbers[id(claim)]))
    homes = sorted(
        (place, number)
        for place, (name, side) in enumerate(names if claims.homes else ())
        for number in (claims.homes.get(name, ()) if side == "" else ())
    )
    return SeedColumns(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        np.array(owner, np.int32),
        np.array(limit, np.int64),
        np.array([home[0] for home in homes], np.int32),
        np.array([home[1] for home in homes], np.int32),
        len(claims.victims),
    )
