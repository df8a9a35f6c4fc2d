"""Who is who in the ledger: one key for each account, masked numbers resolved where only one account can be meant.

Theory. The accounts that statements speak for are known; the other ends are only quoted, often masked. A mask is
resolved when exactly one known account fits it, no name speaks against it, and it shows FIRM_VISIBLE_MIN digits or a
name agrees. Two that fit are a conflict, shown and not decided. What has no number gets a key that cannot be confused
with an account: "name:", "cash-out:", "fee:", "unknown-in:"... Money in and money out of the unknown never share a key,
else a trace would run through a hole in the files.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from wuzha.tracing.statements.accounts import (
    FIRM_VISIBLE_MIN,
    VISIBLE_MIN,
    is_masked,
    may_be_same,
    names_agree,
    names_contradict,
    plain_name,
    visible,
)
from wuzha.tracing.statements.limits import PEER_CANDIDATES_MAX
from wuzha.tracing.statements.meanings import Direction
from wuzha.tracing.statements.model import Kind, StatementRow

KEY_LENGTH_MAX = 120
_LINEAR_MAX = 5_000


@dataclass(slots=True)
class Identities:
    """own: accounts that statements speak for. aliases: number -> the account it stands for; also:
    the other way. names: account -> names."""

    own: set[str] = field(default_factory=set)
    aliases: dict[str, str] = field(default_factory=dict)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    banks: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    ambiguous: dict[str, tuple[str, ...]] = field(default_factory=dict)
    resolved: dict[str, str] = field(default_factory=dict)
    _tails: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _heads: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _known: set[str] = field(default_factory=set)
    _fullest: dict[str, str] = field(default_factory=dict)
    _asked: dict[tuple[str, str], str] = field(default_factory=dict)

    def name_of(self, account: str) -> str:
        """The fullest name told of an account, "" when none is."""
        if account not in self._fullest:
            told = self.names.get(account)
            self._fullest[account] = min(told, key=lambda name: ("*" in name, -told[name], name)) if told else ""
        return self._fullest[account]

    def bank_of(self, account: str) -> str:
        told = self.banks.get(account)
        return min(told, key=lambda bank: (-told[bank], bank)) if told else ""

    def forget(self) -> None:
        """Ask anew for every account's fullest name, after names were moved."""
        self._fullest.clear()

    def learn(self, account: str) -> None:
        """Make a whole number one that masks may be resolved to."""
        if account not in self._known:
            self._known.add(account)
            self._tails[account[-VISIBLE_MIN:]].add(account)
            self._heads[account[:VISIBLE_MIN]].add(account)

    def candidates(self, mask: str, name: str) -> list[str]:
        """Known accounts that a masked number may be, names considered; at most PEER_CANDIDATES_MAX."""
        head, tail = mask[: mask.index("*")], mask[mask.rindex("*") + 1 :]
        if len(tail) >= VISIBLE_MIN:
            pool: Iterable[str] = self._tails.get(tail[-VISIBLE_MIN:], ())
        elif len(head) >= VISIBLE_MIN:
            pool = self._heads.get(head[:VISIBLE_MIN], ())
        else:
            pool = self._known if len(self._known) <= _LINEAR_MAX else ()
        fitting = {
            self.aliases.get(account, account)
            for account in pool
            if may_be_same(mask, account)
            and not (name and names_contradict(name, self.name_of(self.aliases.get(account, account))))
        }
        return sorted(fitting)[:PEER_CANDIDATES_MAX]

    def account(self, account: str, name: str = "") -> str:
        """The ledger's key of a quoted number: itself, what its alias or mask stands for, or "mask (name)"."""
        account = self.aliases.get(account, account)
        if not is_masked(account) or account in self.own:
            return account
        plain = plain_name(name)
        key = (account, plain)
        if key not in self._asked:
            self._asked[key] = self._resolve(account, plain)
        return self._asked[key]

    def _resolve(self, mask: str, name: str) -> str:
        label = f"{mask} ({name})" if name else mask
        if visible(mask) < VISIBLE_MIN:
            return f"name:{name}" if name else label
        fitting = self.candidates(mask, name)
        firm = [
            a
            for a in fitting
            if may_be_same(mask, a) >= FIRM_VISIBLE_MIN or (name and names_agree(name, self.name_of(a)))
        ]
        if len(fitting) == 1 and firm:
            self.resolved[label] = fitting[0]
            return fitting[0]
        if len(fitting) > 1:
            self.ambiguous[label] = tuple(fitting)
        return label

    def settle(self, mask: str, name: str, account: str) -> None:
        """Record that a matched transfer has shown whose a masked number is; another finding makes it ambiguous."""
        if not is_masked(mask) or visible(mask) < VISIBLE_MIN or account == mask:
            return
        key = (mask, plain_name(name))
        label = f"{mask} ({key[1]})" if key[1] else mask
        before = self.resolved.get(label)
        if label in self.ambiguous and before is None and self._asked.get(key) == label:
            return
        if before not in (None, account):
            self.ambiguous[label] = tuple(sorted({str(before), account}))
            return
        self.resolved[label] = account
        self._asked[key] = account


def identities_of(rows: Sequence[StatementRow]) -> Identities:
    """Everything the rows say about accounts: their own, their aliases, the names and banks on either side."""
    found = Identities()
    for row in rows:
        found.own.add(row.account)
        if row.account_alias and not is_masked(row.account_alias):
            found.aliases.setdefault(row.account_alias, row.account)
    for alias in [alias for alias, account in found.aliases.items() if alias in found.own and alias != account]:
        found.own.discard(alias)  # one file names the card, another the account behind it
    for row in rows:
        account = found.aliases.get(row.account, row.account)
        if row.holder:
            found.names[account][row.holder] += 1
        if row.bank:
            found.banks[account][row.bank] += 1
        if row.account and not is_masked(row.account):
            found.learn(row.account)
        if row.account_alias and not is_masked(row.account_alias):
            found.learn(row.account_alias)
        peer = found.aliases.get(row.peer_account, row.peer_account)
        if peer and not is_masked(peer):
            found.learn(peer)
            if row.peer_name:
                found.names[peer][row.peer_name] += 1
            if row.peer_bank:
                found.banks[peer][row.peer_bank] += 1
    _unmask_own(found)
    found.forget()
    for alias, account in found.aliases.items():
        if alias != account:
            found.also[account] = (*found.also.get(account, ()), alias)
    return found


def _unmask_own(found: Identities) -> None:
    """A statement whose own number is masked speaks for the one whole account that it can be."""
    for mask in sorted(account for account in found.own if is_masked(account)):
        name = found.name_of(mask)
        fitting = found.candidates(mask, name) if visible(mask) >= VISIBLE_MIN else []
        if len(fitting) == 1 and (
            may_be_same(mask, fitting[0]) >= FIRM_VISIBLE_MIN or names_agree(name, found.name_of(fitting[0]))
        ):
            found.own.discard(mask)
            found.own.add(fitting[0])
            found.aliases[mask] = fitting[0]
            found.resolved[mask] = fitting[0]
            found.names[fitting[0]].update(found.names.pop(mask, Counter()))
            found.banks[fitting[0]].update(found.banks.pop(mask, Counter()))
        elif len(fitting) > 1:
            found.ambiguous[mask] = tuple(fitting)


def own_key(found: Identities, row: StatementRow) -> str:
    """The ledger's key of a row's own account; a statement that names none is kept apart by bank, holder and file."""
    if row.account:
        return found.aliases.get(row.account, row.account)
    return f"{row.bank or 'account'}:{row.holder or row.file}"[:KEY_LENGTH_MAX]


def peer_key(found: Identities, row: StatementRow) -> str:
    """The ledger's key of a row's other end."""
    own = own_key(found, row)
    if row.peer_account:
        key = found.account(row.peer_account, row.peer_name)
        if key != own or not is_masked(row.peer_account):
            return key[:KEY_LENGTH_MAX]
    way = "out" if row.direction is Direction.OUT else "in"
    if row.kind is Kind.CASH and not row.peer_name:
        return f"cash-{way}:{own}"[:KEY_LENGTH_MAX]
    if row.kind in (Kind.FEE, Kind.INTEREST) and not row.peer_account:
        return f"{row.kind.value}:{row.bank or own}"[:KEY_LENGTH_MAX]
    if row.peer_name:
        return f"name:{row.peer_name}"[:KEY_LENGTH_MAX]
    return f"unknown-{way}:{own}"[:KEY_LENGTH_MAX]
