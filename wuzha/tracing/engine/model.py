"""The words of tracing: transfers, seeds, rules, and what a trace says.

Theory. Money on an account is fungible, so "where is the victim's money" has no answer until a *rule* says which
cents leave first. Courts use several; each is offered, and each trace names its own:

FIFO (Clayton's case 1816), LIFO, tainted first (the worst case, used by a chase), clean first (the lowest
intermediate balance rule: Roscoe v Winder 1915, in the spirit of Re Hallett 1880), pro rata (the haircut; Barlow Clowes
v Vaughan 1992), and poison, which is an exposure: a set of victims, never a sum.

Money is an integer of minor units. An instant is an integer in any one unit; only its order matters.
A trace is a value: nothing here reads a clock or a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

CASH_PREFIX = "cash:"
UNSEEN_PREFIX = "unseen:"


class Rule(Enum):
    """Which cents leave an account first."""

    FIFO = "fifo"
    LIFO = "lifo"
    TAINTED_FIRST = "tainted-first"
    CLEAN_FIRST = "clean-first"
    PRO_RATA = "pro-rata"
    POISON = "poison"


CONSERVING_RULES = (Rule.FIFO, Rule.LIFO, Rule.TAINTED_FIRST, Rule.CLEAN_FIRST, Rule.PRO_RATA)


class Among(Enum):
    """How victims share inside the stolen part of one account, where the rule leaves it open."""

    FIFO = "fifo"
    PRO_RATA = "pro-rata"


class Kind(Enum):
    """What a transfer is. CASH (taken out at the payee) and FEE end the chase at the payee; a REVERSAL undoes
    the transfer named by `reverses`, wholly or in part; UNSEEN is put in by the engine where a bank is silent."""

    TRANSFER = "transfer"
    CASH = "cash"
    FEE = "fee"
    REVERSAL = "reversal"
    UNSEEN = "unseen"


class TieMethod(Enum):
    """What decided the order of transfers of the same instant on the same accounts."""

    SERIAL = "serial"
    BALANCE = "balance"
    CREDITS_FIRST = "credits-first"


class OpeningMethod(Enum):
    """Where an opening balance comes from."""

    GIVEN = "given"
    PRINTED = "printed"
    LEAST = "least"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment. `id` is unique in the ledger; two transfers with one id must be equal and count once.

    at: instant. serial: the bank's own order inside an instant. reverses: id of the transfer undone.
    earmark: id of the credit that this payment spends, when the hub has said so (overrides the rule).
    payer_balance_minor, payee_balance_minor: balances printed after this transfer, when known.
    """

    id: str
    at: int
    payer: str
    payee: str
    amount_minor: int
    kind: Kind = Kind.TRANSFER
    serial: int | None = None
    reverses: str | None = None
    earmark: str | None = None
    payer_balance_minor: int | None = None
    payee_balance_minor: int | None = None

    def is_cash(self) -> bool:
        """Whether the money becomes banknotes here."""
        return self.kind is Kind.CASH or self.payee.startswith(CASH_PREFIX)


@dataclass(frozen=True, slots=True)
class BalanceAt:
    """A balance that a bank stated for an account after all its transfers up to and including `at`."""

    account: str
    at: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Seed:
    """Where stolen money starts.

    By transfer: the victim's payment `transfer_id`; its clean cents become the victim's, the first `amount_minor`
    of them when given. What comes back to the payer's account is *returned*.
    By account: payments out of `account` at or after `at`, until `amount_minor` cents are claimed (all when None).
    """

    victim: str
    transfer_id: str | None = None
    account: str | None = None
    at: int | None = None
    amount_minor: int | None = None

    def __post_init__(self) -> None:
        if (self.transfer_id is None) == (self.account is None):
            raise ValueError("a seed names either a transfer or an account")
        if self.amount_minor is not None and self.amount_minor <= 0:
            raise ValueError("a seed's amount is positive")


@dataclass(frozen=True, slots=True)
class Tie:
    """Transfers of one instant whose order had to be decided, in the order used, and what decided it."""

    at: int
    transfer_ids: tuple[str, ...]
    method: TieMethod


@dataclass(frozen=True, slots=True)
class Opening:
    """What an account held before its first known transfer, and how that is known."""

    amount_minor: int
    method: OpeningMethod


@dataclass(frozen=True, slots=True)
class Lot:
    """A run of cents on an account: `victim` is None for clean money; `unseen` marks clean money of unknown source."""

    victim: str | None
    amount_minor: int
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A transfer that carried stolen money: cents by victim (for poison: victims with 0, an exposure has no sum)."""

    transfer: Transfer
    stolen: Mapping[str, int]

    @property
    def stolen_minor(self) -> int:
        """Cents of all victims."""
        return sum(self.stolen.values())


@dataclass(frozen=True, slots=True)
class Holding:
    """What rests on an account after the last transfer, as lots in the order in which they would leave."""

    account: str
    lots: tuple[Lot, ...]
    layer: int | None

    @property
    def stolen(self) -> dict[str, int]:
        """Cents by victim."""
        sums: dict[str, int] = {}
        for lot in self.lots:
            if lot.victim is not None:
                sums[lot.victim] = sums.get(lot.victim, 0) + lot.amount_minor
        return sums

    @property
    def stolen_minor(self) -> int:
        """Cents of all victims."""
        return sum(lot.amount_minor for lot in self.lots if lot.victim is not None)

    @property
    def balance_minor(self) -> int:
        """All cents, stolen and clean."""
        return sum(lot.amount_minor for lot in self.lots)


@dataclass(frozen=True, slots=True)
class Competing:
    """Cents of a seed that already belonged to an earlier victim, and stay theirs."""

    transfer_id: str
    claimant: str
    owner: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Money that came or went unseen on an account: the question for its bank.

    incoming: a credit is missing (else a debit). at, transfer_id: the moment and the transfer where it shows.
    stake_minor: stolen cents that left through a missing debit; for a missing credit into an account where stolen
    money was, the cents that may be more of it (never above all money stolen).
    """

    account: str
    at: int
    transfer_id: str
    incoming: bool
    amount_minor: int
    stake_minor: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one victim's money. seed = held + returned + cashed + fees + terminal + unseen + untracked.

    untracked: what fell below the size limit of the trace, when one was set.
    """

    seed_minor: int = 0
    held_minor: int = 0
    returned_minor: int = 0
    cashed_minor: int = 0
    fees_minor: int = 0
    terminal_minor: int = 0
    unseen_minor: int = 0
    untracked_minor: int = 0

    @property
    def conserved(self) -> bool:
        """Whether not one cent is lost or made."""
        found = self.held_minor + self.returned_minor + self.cashed_minor + self.fees_minor
        return self.seed_minor == found + self.terminal_minor + self.unseen_minor + self.untracked_minor


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything one rule says about a ledger.

    flows: in ledger order. holdings: accounts with stolen money now (for poison: exposed accounts).
    layers: account -> steps from a victim (0). fates: by victim. gaps: the most at stake first.
    exposure: only for poison, account -> victims it is exposed to.
    """

    rule: Rule
    flows: tuple[Flow, ...]
    holdings: Mapping[str, Holding]
    layers: Mapping[str, int]
    fates: Mapping[str, Fate]
    competing: tuple[Competing, ...] = ()
    gaps: tuple[Gap, ...] = ()
    ties: tuple[Tie, ...] = ()
    openings: Mapping[str, Opening] = field(default_factory=dict)
    exposure: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def cash_outs(self) -> tuple[Flow, ...]:
        """Stolen money that became banknotes."""
        return tuple(flow for flow in self.flows if flow.transfer.is_cash())

    @property
    def frontier(self) -> tuple[Holding, ...]:
        """Accounts with stolen money, the most first, ties by name."""
        return tuple(sorted(self.holdings.values(), key=lambda held: (-held.stolen_minor, held.account)))

    @property
    def conserved(self) -> bool:
        """Whether each victim's money is accounted for to the cent."""
        return all(fate.conserved for fate in self.fates.values())


def recoverable_minor(stolen_minor: int, printed_minor: int | None, frozen_elsewhere_minor: int = 0) -> int:
    """Cents that a stop can still hold: the stolen part, within the last printed balance, less what others froze."""
    if printed_minor is None:
        return stolen_minor
    return max(0, min(stolen_minor, printed_minor - frozen_elsewhere_minor))
