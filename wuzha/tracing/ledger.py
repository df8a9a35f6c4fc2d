"""The ledger of a case: statements of many banks laid into one set of movements. Pure.

Theory. A bank tells a movement from its own side: account, serial, direction, counterparty. The other bank tells the
same movement with another serial and a slightly other clock. A line is recognised by (account, serial) when it came
before; else it is the missing end of a movement known from the other side when payer, payee and amount agree and the
times lie within MATCH_S_MAX (REPORT_MATCH_S_MAX for what a victim remembered), the nearest first; else it is new. So
the set of movements does not depend on the order in which banks answer. Two lines that share a serial and differ in
amount contradict each other: the first stays, the second is reported. A clearing house tells a movement as a third
party, with a serial of its own: it is the same movement as what either bank tells of it.

A line of an imported file has a weaker serial: what it prints (WEAK before it; files often number their rows), or one
made of what it says (WEAK twice). It is the same as another line when the serials agree, or one of them is weak and
ends, amount, time and balance agree and they were not told together; weak serials never make a contradiction. A line
that is known to the day only stands at midnight, and agrees with any time of its day.

An account's key is "BANK:number", or "BANK@USD:number" for another currency than CNY; what left the world of accounts
has a key of its own ("cash:", "merchant:", "crypto:", "abroad:" and the account it left from).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, timezone
from typing import Literal

from wuzha.partners.protocol import AccountRef, Transaction, TransactionKind
from wuzha.tracing.unmasking import completions

MATCH_S_MAX = 600
REPORT_MATCH_S_MAX = 36 * 3600
SAME_LINE_S_MAX = 60
TRANSFERS_PER_CASE_MAX = 50_000
WEAK = "~"  # begins a serial that a bank has not told by itself
MADE = WEAK * 2  # begins one that is not even printed
CHINA = timezone(timedelta(hours=8))
EXIT_PREFIXES = ("cash:", "merchant:", "crypto:", "abroad:", "fee:")
UNKNOWN_PREFIX = "unknown:"
VICTIM_PREFIX = "victim:"  # a victim who does not know the own account number; the payee's bank will tell it
KEY_LENGTH_MAX = 180

_EXITS = {
    TransactionKind.CASH: "cash:",
    TransactionKind.MERCHANT: "merchant:",
    TransactionKind.CRYPTO: "crypto:",
    TransactionKind.ABROAD: "abroad:",
    TransactionKind.FEE: "fee:",
}
# Money that went this way left the world of accounts, even when the statement names who got it.
TERMINAL_KINDS = frozenset({"merchant", "crypto", "abroad", "fee", "cash"})


def account_key(bank: str, number: str, currency: str = "CNY") -> str:
    """The key of an account."""
    head = bank if currency == "CNY" else f"{bank}@{currency}"
    return f"{head}:{number}"[:KEY_LENGTH_MAX]


def split_key(key: str) -> tuple[str, str]:
    """(bank, number) of an account's key."""
    head, _colon, number = key.partition(":")
    return head.partition("@")[0], number


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of money; serials are "" and balances None for the side that has not told it yet."""

    id: str
    payer: str
    payee: str
    amount_minor: int
    currency: str
    at: datetime
    kind: str = "transfer"
    payer_name: str = ""
    payee_name: str = ""
    channel: str = ""
    reported: bool = False
    payer_serial: str = ""
    payee_serial: str = ""
    payer_balance_minor: int | None = None
    payee_balance_minor: int | None = None
    reverses: str = ""
    seen_serial: str = ""  # the clearing house's


@dataclass(frozen=True, slots=True)
class Conflict:
    """A line that contradicts one that was told before."""

    account: str
    serial: str
    known_minor: int
    told_minor: int


Side = Literal["in", "out"]
Told = Literal["added", "completed", "known", "conflict"]


def is_day_only(movement: Movement) -> bool:
    """Whether only the day of a movement is known: it stands at midnight, China standard time."""
    return movement.at.astimezone(CHINA).time().replace(microsecond=0) == time()


def _apart(one: Movement, other: Movement) -> timedelta:
    """How far two tellings lie apart; nothing when one says only the day and the other lies in it."""
    if is_day_only(one) or is_day_only(other):
        days = [movement.at.astimezone(CHINA).date() for movement in (one, other)]
        if days[0] == days[1]:
            return timedelta(0)
    return abs(one.at - other.at)


@dataclass
class Ledger:
    """Movements by id with the indexes that recognition needs. `added` and `changed` since it was made."""

    movements: dict[str, Movement] = field(default_factory=dict)
    added: dict[str, Movement] = field(default_factory=dict)
    changed: dict[str, Movement] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    _by_serial: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _by_ends: dict[tuple[str, str, int], list[str]] = field(default_factory=dict)
    _told_now: set[tuple[str, str]] = field(default_factory=set)
    _masked: set[str] = field(default_factory=set)
    rekeyed: dict[str, str] = field(default_factory=dict)  # masked key -> the account's, since it was made

    @classmethod
    def of(cls, movements: Iterable[Movement]) -> "Ledger":
        """A ledger of movements known so far."""
        ledger = cls()
        for movement in movements:
            ledger._index(movement)
        return ledger

    def _index(self, movement: Movement) -> None:
        self.movements[movement.id] = movement
        for key in (movement.payer, movement.payee):
            if "*" in key and key.partition(":")[2].strip("*"):
                self._masked.add(key)
        if movement.payer_serial:
            self._by_serial[("out", movement.payer, movement.payer_serial)] = movement.id
        if movement.payee_serial:
            self._by_serial[("in", movement.payee, movement.payee_serial)] = movement.id
        if movement.seen_serial:
            self._by_serial[("seen", "", movement.seen_serial)] = movement.id
        payer = VICTIM_PREFIX if movement.payer.startswith(VICTIM_PREFIX) else movement.payer
        ids = self._by_ends.setdefault((payer, movement.payee, movement.amount_minor), [])
        if movement.id not in ids:
            ids.append(movement.id)

    def unmask(self, told: Mapping[str, str]) -> None:
        """Give masked ends their whole numbers, as far as these keys (with their holders' names) tell them."""
        masks = {key for key in self._masked if not key.startswith((*EXIT_PREFIXES, UNKNOWN_PREFIX, VICTIM_PREFIX))}
        if not masks:
            return
        names: dict[str, str] = {}
        for movement in self.movements.values():
            names[movement.payer] = names.get(movement.payer) or movement.payer_name
            names[movement.payee] = names.get(movement.payee) or movement.payee_name
        names |= {key: name for key, name in told.items() if name}
        found = completions(masks, {*names, *told}, names)
        if not found:
            return
        for movement in list(self.movements.values()):
            if movement.payer in found or movement.payee in found:
                payer, payee = (found.get(key, key) for key in (movement.payer, movement.payee))
                self._put(replace(movement, payer=payer, payee=payee), new=False)
        self._masked -= found.keys()
        self.rekeyed |= found

    def add_reported(self, movement: Movement) -> None:
        """A payment as the victim told it."""
        self._put(movement, new=True)

    def add_statement(self, account: AccountRef, currency: str, lines: Iterable[Transaction]) -> None:
        """The lines of one account's statement, told by its bank."""
        self.unmask({account_key(account.bank, account.number, currency): account.name})
        for line in lines:
            if line.amount_minor > 0:
                self._add_line(account, line)

    def add_seen(self, account: AccountRef, lines: Iterable[Transaction]) -> None:
        """Payments that left one account, as a clearing house saw them."""
        for line in lines:
            if line.amount_minor > 0 and line.counterparty is not None:
                self._add_seen(replace(_movement(account, line), payer_serial="", seen_serial=line.serial))

    def _add_seen(self, seen: Movement) -> None:
        if ("seen", "", seen.seen_serial) in self._by_serial:
            return
        best: Movement | None = None
        for movement_id in self._by_ends.get((seen.payer, seen.payee, seen.amount_minor), ()):
            known = self.movements[movement_id]
            apart = abs(known.at - seen.at)
            if known.seen_serial or apart > timedelta(seconds=MATCH_S_MAX):
                continue
            if best is None or (apart, known.id) < (abs(best.at - seen.at), best.id):
                best = known
        if best is None:
            self._put(seen, new=True)
        else:
            self._put(replace(best, seen_serial=seen.seen_serial), new=False)

    def _add_line(self, account: AccountRef, line: Transaction) -> None:
        self.tell(_movement(account, line), line.direction)

    def tell(self, told: Movement, side: Side) -> Told:
        """One end's telling of a movement: it is known, completes one, contradicts one, or is new."""
        told, same = self._by_its_serial(told, side)
        serial = _serial(told, side)
        if same is not None and same.amount_minor != told.amount_minor:
            self._told_now.add((side, same.id))
            own = told.payer if side == "out" else told.payee
            self.conflicts.append(Conflict(own, serial, same.amount_minor, told.amount_minor))
            return "conflict"
        same = same or self._same_line(told, side)
        if same is not None:
            self._told_now.add((side, same.id))
            if serial.startswith(WEAK) or not _serial(same, side).startswith(WEAK):
                return "known"
            real = replace(same, payer_serial=serial) if side == "out" else replace(same, payee_serial=serial)
            self._put(replace(real, at=_clearer(same, told)), new=False)
            return "completed"
        other = self._other_side(told, side)
        merged = told if other is None else _joined(other, told, side)
        self._put(merged, new=other is None)
        self._told_now.add((side, merged.id))
        return "added" if other is None else "completed"

    def _by_its_serial(self, told: Movement, side: Side) -> tuple[Movement, Movement | None]:
        """(the line, the movement that has its serial). A weak serial that another line has is made its own."""
        serial = _serial(told, side)
        own = told.payer if side == "out" else told.payee
        like = serial.removeprefix(WEAK) if serial.startswith(WEAK) else f"{WEAK}{serial}"
        for one in (serial, like):
            known_id = self._by_serial.get((side, own, one))
            if known_id is None:
                continue
            known = self.movements[known_id]
            if not (serial.startswith(WEAK) or one.startswith(WEAK)):
                return told, known
            if known.amount_minor == told.amount_minor and _apart(known, told) <= timedelta(days=1):
                return told, known
        if serial.startswith(WEAK) and (side, own, serial) in self._by_serial:
            name = f"{serial[:48]}#{told.amount_minor}@{told.at:%y%m%d%H%M%S}"[:80]
            told = replace(told, payer_serial=name) if side == "out" else replace(told, payee_serial=name)
            if (side, own, name) in self._by_serial:
                return told, self.movements[self._by_serial[side, own, name]]
        return told, None

    def _same_line(self, told: Movement, side: Side) -> Movement | None:
        """The movement whose own end was told before, by a line with a serial where this has none (or without)."""
        best: Movement | None = None
        for movement_id in self._by_ends.get((told.payer, told.payee, told.amount_minor), ()):
            known = self.movements[movement_id]
            if side == "out":
                before, serial = known.payer_serial, told.payer_serial
                balances = (known.payer_balance_minor, told.payer_balance_minor)
            else:
                before, serial = known.payee_serial, told.payee_serial
                balances = (known.payee_balance_minor, told.payee_balance_minor)
            if not before or not (before.startswith(WEAK) or serial.startswith(WEAK)):
                continue
            if (side, known.id) in self._told_now or (None not in balances and balances[0] != balances[1]):
                continue
            apart = _apart(known, told)
            if apart > timedelta(seconds=SAME_LINE_S_MAX):
                continue
            if best is None or (apart, known.id) < (_apart(best, told), best.id):
                best = known
        return best

    def _other_side(self, told: Movement, direction: str) -> Movement | None:
        """The movement of which `told` is the end that was missing, the nearest in time."""
        best: Movement | None = None
        candidates = list(self._by_ends.get((told.payer, told.payee, told.amount_minor), ()))
        if direction == "in":
            candidates += self._by_ends.get((VICTIM_PREFIX, told.payee, told.amount_minor), ())
        for movement_id in candidates:
            known = self.movements[movement_id]
            if known.payer_serial if direction == "out" else known.payee_serial:
                continue
            told_by_bank = known.payer_serial or known.payee_serial or known.seen_serial
            reach = timedelta(seconds=MATCH_S_MAX if told_by_bank else REPORT_MATCH_S_MAX)
            apart = _apart(known, told)
            if apart > reach:
                continue
            if best is None or (apart, known.id) < (_apart(best, told), best.id):
                best = known
        return best

    def _put(self, movement: Movement, *, new: bool) -> None:
        if new and len(self.movements) >= TRANSFERS_PER_CASE_MAX:
            return
        self._index(movement)
        if new or movement.id in self.added:
            self.added[movement.id] = movement
        else:
            self.changed[movement.id] = movement


def _serial(movement: Movement, side: Side) -> str:
    return movement.payer_serial if side == "out" else movement.payee_serial


def printed_serial(movement: Movement) -> str:
    """The serial under which a bank finds a movement: the payee's, else the payer's; "" when none was ever printed."""
    printed = (one for one in (movement.payee_serial, movement.payer_serial) if one and not one.startswith(MADE))
    return next(printed, "").removeprefix(WEAK)


def _clearer(known: Movement, told: Movement) -> datetime:
    """The time that says more: a clock rather than a day alone."""
    return told.at if is_day_only(known) and not is_day_only(told) else known.at


def _joined(other: Movement, told: Movement, side: Side) -> Movement:
    """A movement known from one end (or from the report), with what the other end tells."""
    if side == "out":
        return replace(
            other,
            payer_serial=told.payer_serial,
            payer_balance_minor=told.payer_balance_minor,
            at=_clearer(told, other),
            kind=told.kind,
            channel=told.channel or other.channel,
            payee_name=other.payee_name or told.payee_name,
        )
    # The payer's bank knows best when the money left; the payee's corrects only a victim's memory.
    return replace(
        other,
        payer=told.payer,
        payee_serial=told.payee_serial,
        payee_balance_minor=told.payee_balance_minor,
        at=_clearer(other, told) if other.payer_serial else _clearer(told, other),
        payer_name=other.payer_name or told.payer_name,
        payee_name=told.payee_name or other.payee_name,
    )


def _movement(account: AccountRef, line: Transaction) -> Movement:
    """A statement line as a movement seen from one side."""
    own = account_key(account.bank, account.number, line.currency)
    other = line.counterparty
    if other is not None:
        far = account_key(other.bank, other.number, line.currency)
    elif line.direction == "out":
        far = f"{_EXITS.get(line.kind, UNKNOWN_PREFIX)}{own}"[:KEY_LENGTH_MAX]
    else:
        far = f"{UNKNOWN_PREFIX}{own}"[:KEY_LENGTH_MAX]
    out = line.direction == "out"
    name, far_name = account.name, other.name if other else ""
    return Movement(
        id=f"{line.direction}|{own}|{line.serial}",
        payer=own if out else far,
        payee=far if out else own,
        amount_minor=line.amount_minor,
        currency=line.currency,
        at=line.at,
        kind=line.kind.value,
        payer_name=name if out else far_name,
        payee_name=far_name if out else name,
        channel=line.channel,
        payer_serial=line.serial if out else "",
        payee_serial="" if out else line.serial,
        payer_balance_minor=line.balance_minor if out else None,
        payee_balance_minor=None if out else line.balance_minor,
        reverses=line.reverses,
    )
