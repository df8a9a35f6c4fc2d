"""The ledgers of all banks of the country: accounts, transfers, and holds of an amount.

Theory. Every movement is one `Entry` of one journal, written by one door (`post`). A movement between two banks
passes the clearing account of each, so each bank's accounts, its internal ones included, always sum to zero; money is
neither made nor lost. Internal accounts (`~opening`, `~clearing`, `~cash`, `~abroad`, `~fees`, `~closed`) stand for the
world outside and may be negative.

A hold of A catches min(A, what is free) and goes on catching what comes in until it has A. Money comes in; what is
caught does not go out. Hence: while a hold is not full, nothing on the account is free. Several holds catch in the
order in which they were placed. Catches and releases are entries too, so that books can be kept of them. A delay on
arrival is a hold that is no stop: it does not count among the account's stops.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from wuzha.partners.protocol import AccountKind, TransactionKind

LINES_PER_ACCOUNT_MAX = 2_500
HOLDS_PER_ACCOUNT_MAX = 200
INTERNAL = "~"
Internal = Literal["opening", "clearing", "cash", "abroad", "fees", "closed"]
What = Literal["post", "catch", "free"]


class LedgerError(ValueError):
    """A movement that the ledger does not allow."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to money. `seq` is the order of the journal, `at` epoch seconds.

    post: `amount_minor` from `payer` to `payee` (account keys); `theft` is set on a victim's payment to a thief.
    catch / free: a hold (`order_id`) on `payee` took or gave back `amount_minor`.
    """

    seq: int
    at: float
    what: What
    payer: str
    payee: str
    amount_minor: int
    via: str
    theft: str = ""
    order_id: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement: `amount_minor` is positive for money in, negative for money out."""

    serial: str
    at: float
    amount_minor: int
    balance_minor: int
    via: TransactionKind
    other: str
    other_name: str
    channel: str
    remark: str = ""


@dataclass(slots=True)
class Hold:
    """A stop (or a delay on arrival) of `limit_minor` that has caught `caught_minor` so far. `over`: how it ended."""

    order_id: str
    case_number: str
    limit_minor: int
    placed_at: float
    ends_at: float
    caught_minor: int = 0
    extended: bool = False
    over: Literal["", "released", "lapsed"] = ""
    delay: bool = False


@dataclass(slots=True)
class Account:
    """An account. `kind` is what its holder is, `shown_kind` what the bank takes the holder for."""

    bank: str
    number: str
    name: str
    kind: AccountKind
    shown_kind: AccountKind
    opened_at: float
    currency: str = "CNY"
    branch: str = ""
    phone: str = ""
    id_number: str = ""
    balance_minor: int = 0
    opening_minor: int = 0
    opening_caught: dict[str, int] = field(default_factory=dict)
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=LINES_PER_ACCOUNT_MAX))  # the latest of `lines_n`
    holds: list[Hold] = field(default_factory=list)
    stops: int = 0
    watches: list[str] = field(default_factory=list)  # "partner/order id" of who follows it
    listed: str = ""  # the order that put it on its bank's grey list
    lines_n: int = 0
    moved_at: float = 0.0

    @property
    def key(self) -> str:
        """Its name in the country: bank code and number."""
        return key_of(self.bank, self.number)

    @property
    def live_holds(self) -> list[Hold]:
        """Holds that are in force, oldest first."""
        return [hold for hold in self.holds if not hold.over]

    @property
    def held_minor(self) -> int:
        """What live holds have caught."""
        return sum(hold.caught_minor for hold in self.live_holds)

    @property
    def available_minor(self) -> int:
        """What may go out."""
        return self.balance_minor - self.held_minor


@dataclass(frozen=True, slots=True)
class Caught:
    """A hold's catch changed: the bank tells the centre."""

    key: str
    order_id: str
    delta_minor: int


def key_of(bank: str, number: str) -> str:
    """Key of an account."""
    return f"{bank}:{number}"


def internal(bank: str, name: Internal) -> str:
    """Key of a bank's internal account."""
    return f"{bank}:{INTERNAL}{name}"


def bank_of(key: str) -> str:
    """Bank code of a key."""
    return key.partition(":")[0]


def is_internal(key: str) -> bool:
    """Whether the key names an internal account."""
    return key.partition(":")[2].startswith(INTERNAL)


class Ledger:
    """All accounts and their journal. `at` of every call may not be earlier than the call before."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.internals: dict[str, int] = {}
        self.opening_internals: dict[str, int] = {}
        self.journal: deque[Entry] = deque()
        self.seq = 0

    def open(self, account: Account, opening_minor: int = 0) -> Account:
        """Open `account` with money of its own out of the bank's `~opening`; the key must be new."""
        if account.key in self.accounts:
            raise LedgerError(f"{account.key} is open already")
        self.accounts[account.key] = account
        if opening_minor:
            account.balance_minor = account.opening_minor = opening_minor
            for balances in (self.internals, self.opening_internals):
                source = internal(account.bank, "opening")
                balances[source] = balances.get(source, 0) - opening_minor
        return account

    def post(
        self,
        payer: str,
        payee: str,
        amount_minor: int,
        at: float,
        via: TransactionKind = TransactionKind.TRANSFER,
        *,
        theft: str = "",
        channel: str = "",
        remark: str = "",
        serial: str = "",
    ) -> list[Caught]:
        """Move money between two keys; what holds on the payee's account caught of it."""
        if amount_minor <= 0 or payer == payee:
            raise LedgerError(f"{amount_minor} from {payer} to {payee} is no movement")
        source, target = self.accounts.get(payer), self.accounts.get(payee)
        if (source is None and not is_internal(payer)) or (target is None and not is_internal(payee)):
            raise LedgerError(f"{payer} or {payee} is not open")
        if source is not None and source.available_minor < amount_minor:
            raise LedgerError(f"{payer} has only {source.available_minor} free of {amount_minor}")
        entry = self._write(at, "post", payer, payee, amount_minor, via=via.value, theft=theft)
        serial = serial or f"{entry.seq:012d}"
        self._move(payer, -amount_minor)
        if bank_of(payer) != bank_of(payee):
            self._move(internal(bank_of(payer), "clearing"), amount_minor)
            self._move(internal(bank_of(payee), "clearing"), -amount_minor)
        self._move(payee, amount_minor)
        if source is not None:
            self._line(source, serial, at, -amount_minor, via, payee, channel, remark)
        if target is None:
            return []
        self._line(target, serial, at, amount_minor, via, payer, channel, remark)
        return self._catch(target, at)

    def place_hold(self, key: str, hold: Hold, at: float, *, instead_of: Sequence[Hold] = ()) -> list[Caught]:
        """Put a hold on an account; it takes over what `instead_of` have caught, and catches at once what is free."""
        account = self.accounts[key]
        if hold.limit_minor <= 0 or hold.caught_minor or len(account.holds) >= HOLDS_PER_ACCOUNT_MAX:
            raise LedgerError(f"{key} takes no such hold")
        account.holds.append(hold)
        account.stops += not hold.delay
        for earlier in instead_of:
            amount_minor, earlier.over = earlier.caught_minor, "released"
            self._free(key, earlier, amount_minor, at)
            if taken := min(hold.limit_minor - hold.caught_minor, amount_minor):
                hold.caught_minor += taken
                self._write(at, "catch", "", key, taken, order_id=hold.order_id)
        return self._catch(account, at)

    def amend_hold(self, key: str, hold: Hold, limit_minor: int, at: float) -> list[Caught]:
        """Change what a hold may catch; what it has above that is free again."""
        if limit_minor <= 0:
            raise LedgerError("a hold of nothing is a release")
        hold.limit_minor = limit_minor
        freed = self._free(key, hold, hold.caught_minor - limit_minor, at)
        return freed + self._catch(self.accounts[key], at)

    def end_hold(self, key: str, hold: Hold, over: Literal["released", "lapsed"], at: float) -> list[Caught]:
        """End a hold and free what it caught, which other holds that are not full may catch."""
        freed = self._free(key, hold, hold.caught_minor, at)
        hold.over = over
        return freed + self._catch(self.accounts[key], at)

    def close(self, key: str, at: float) -> None:
        """Close an account that has no live hold and no entry left in the journal; its money goes to `~closed`."""
        account = self.accounts[key]
        if account.live_holds or not self.is_forgotten(account):
            raise LedgerError(f"{key} is held or has moved lately")
        if account.balance_minor:
            self.post(key, internal(account.bank, "closed"), account.balance_minor, at)
            self.opening_internals[key] = account.opening_minor
        del self.accounts[key]

    def is_forgotten(self, account: Account) -> bool:
        """Whether all that happened on the account is folded into its opening balance."""
        return not self.journal or account.moved_at < self.journal[0].at

    def forget_before(self, at: float, entries_max: int) -> list[str]:
        """Fold the journal's oldest entries into opening balances; the thefts whose payments were among them."""
        thefts = []
        while self.journal and (len(self.journal) > entries_max or self.journal[0].at < at):
            entry = self.journal.popleft()
            if entry.theft:
                thefts.append(entry.theft)
            if entry.what == "post":
                self._fold(entry)
            elif (account := self.accounts.get(entry.payee)) is not None:
                sign = 1 if entry.what == "catch" else -1
                caught = account.opening_caught.get(entry.order_id, 0) + sign * entry.amount_minor
                account.opening_caught[entry.order_id] = caught
                if not caught:
                    del account.opening_caught[entry.order_id]
        return thefts

    def _fold(self, entry: Entry) -> None:
        legs = [(entry.payer, -entry.amount_minor), (entry.payee, entry.amount_minor)]
        if bank_of(entry.payer) != bank_of(entry.payee):
            legs.append((internal(bank_of(entry.payer), "clearing"), entry.amount_minor))
            legs.append((internal(bank_of(entry.payee), "clearing"), -entry.amount_minor))
        for key, delta in legs:
            if key in self.accounts:
                self.accounts[key].opening_minor += delta
            else:
                # An internal account, or a closed one whose opening stays until its closing entry is folded.
                self.opening_internals[key] = self.opening_internals.get(key, 0) + delta
                if not is_internal(key) and not self.opening_internals[key]:
                    del self.opening_internals[key]

    def _write(
        self, at: float, what: What, payer: str, payee: str, amount_minor: int, *, via: str = "", theft: str = "",
        order_id: str = "",
    ) -> Entry:  # fmt: skip
        self.seq += 1
        entry = Entry(self.seq, round(at, 3), what, payer, payee, amount_minor, via, theft, order_id)
        self.journal.append(entry)
        for key in (payer, payee):
            if key in self.accounts:
                self.accounts[key].moved_at = entry.at
        return entry

    def _move(self, key: str, delta_minor: int) -> None:
        if key in self.accounts:
            self.accounts[key].balance_minor += delta_minor
        else:
            self.internals[key] = self.internals.get(key, 0) + delta_minor

    def _line(
        self, account: Account, serial: str, at: float, amount_minor: int, via: TransactionKind, other: str,
        channel: str, remark: str,
    ) -> None:  # fmt: skip
        counter = self.accounts.get(other)
        account.lines_n += 1
        account.lines.append(
            Line(
                serial,
                round(at, 3),
                amount_minor,
                account.balance_minor,
                via,
                other,
                counter.name if counter else "",
                channel,
                remark,
            )
        )

    def _catch(self, account: Account, at: float) -> list[Caught]:
        changes = []
        free = account.available_minor
        for hold in account.live_holds:
            taken = min(hold.limit_minor - hold.caught_minor, free)
            if taken > 0:
                hold.caught_minor += taken
                free -= taken
                self._write(at, "catch", "", account.key, taken, order_id=hold.order_id)
                changes.append(Caught(account.key, hold.order_id, taken))
        return changes

    def _free(self, key: str, hold: Hold, amount_minor: int, at: float) -> list[Caught]:
        if amount_minor <= 0:
            return []
        hold.caught_minor -= amount_minor
        self._write(at, "free", "", key, amount_minor, order_id=hold.order_id)
        return [Caught(key, hold.order_id, -amount_minor)]
