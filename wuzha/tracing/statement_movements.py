"""Statements that were read, as movements of a case's ledger.

Theory. The importer of statements knows accounts by number alone; a case's ledger knows them as "BANK:number". The
bank of an account is, first that agrees: what the case knows already, what a person said in the form, what the file
calls the bank, what the card's BIN says. A masked number becomes the one account of the case that it can only be.
Each end of a transfer is told separately, with the serial that the file prints; where none is printed, one is made of
what the line says (`MADE`), so that the same line always gets the same one. Exits are named as everywhere:
money that went out as cash is at "cash:<account it left>".
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from wuzha.intake.rules import bank_code
from wuzha.kernel.money import AMOUNT_MINOR_MAX
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.bank_names import bank_of_name
from wuzha.tracing.ledger import (
    EXIT_PREFIXES,
    MADE,
    TRANSFERS_PER_CASE_MAX,
    UNKNOWN_PREFIX,
    VICTIM_PREFIX,
    WEAK,
    Movement,
    Side,
    account_key,
    split_key,
)
from wuzha.tracing.statements.accounts import FIRM_VISIBLE_MIN, is_masked, is_number, may_be_same
from wuzha.tracing.statements.ledger import Ledger as StatementLedger
from wuzha.tracing.statements.meanings import Direction
from wuzha.tracing.statements.model import Kind, Statement, StatementRow, is_kept
from wuzha.tracing.statements.transfers import Transfer

NAME_LENGTH_MAX = 200
SERIAL_LENGTH_MAX = 80
CHANNEL_LENGTH_MAX = 32
_EXITS = {Kind.CASH: "cash:", Kind.FEE: "fee:", Kind.MERCHANT: "merchant:"}
_KINDS = {Kind.CASH: "cash", Kind.FEE: "fee", Kind.MERCHANT: "merchant"}
_TAKEN_BACK = (Kind.REVERSAL, Kind.REFUND)


@dataclass(frozen=True, slots=True)
class ToldEnd:
    """One end's telling of a movement. file: the one that the line stands in."""

    movement: Movement
    side: Side
    file: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before a file is read. names: words for a bank -> its code. banks: account number -> its code in
    the case. said: file -> code that a person named for the statement's own account."""

    names: Mapping[str, str]
    banks: Mapping[str, str]
    said: Mapping[str, str]


def banks_in(keys: Iterable[str]) -> dict[str, str]:
    """Account number -> bank, of the keys of a case's ledger that name a bank."""
    accounts = [key for key in keys if not key.startswith((*EXIT_PREFIXES, UNKNOWN_PREFIX, VICTIM_PREFIX))]
    return {number: bank for bank, number in map(split_key, accounts) if bank}


def told_ends(ledger: StatementLedger, statements: Sequence[Statement], known: Known) -> list[ToldEnd]:
    """The ends that statements tell, in the ledger's order. Refusal when a line cannot stand in a case's ledger."""
    if len(ledger.transfers) > TRANSFERS_PER_CASE_MAX:
        raise Refusal(
            "import.too_many",
            _("These files hold %(count)s transfers; a case takes %(max)s. Import the accounts of the case alone."),
            count=len(ledger.transfers),
            max=TRANSFERS_PER_CASE_MAX,
        )
    rows = {row.place: row for statement in statements for row in statement.rows}
    keys = _Keys(known, rows.values())
    transfers = _in_order(ledger.transfers)
    serials = _serials(transfers, rows)
    ends: list[ToldEnd] = []
    for transfer in transfers:
        _check(transfer, rows)
        for side, file in _sides(transfer, rows):
            ends.append(ToldEnd(_movement(transfer, side, keys, serials), side, file))
    return ends


def _sides(transfer: Transfer, rows: Mapping[str, StatementRow]) -> list[tuple[Side, str]]:
    """(side, file) of each end that told a transfer. A fee belongs to the account that it left."""
    if transfer.kind is Kind.FEE and transfer.payee.startswith("fee:"):
        return [("out", rows[transfer.sources[0]].file)]
    told = [rows[place] for place in transfer.sources]
    return [("out" if row.direction is Direction.OUT else "in", row.file) for row in told]


def _check(transfer: Transfer, rows: Mapping[str, StatementRow]) -> None:
    row = rows[transfer.sources[0]]
    if not row.account:
        raise Refusal(
            "import.no_account",
            _("%(file)s does not say whose statement it is. Enter the account number, then import again."),
            field="account",
            file=row.file,
            line=row.line,
        )
    if not is_kept(transfer.currency):
        raise Refusal(
            "import.currency",
            _("%(file)s, line %(line)s: %(currency)s is not a currency kept here."),
            currency=transfer.currency[:8],
            file=row.file,
            line=row.line,
        )
    sums = (transfer.amount_minor, transfer.payer_balance_minor or 0, transfer.payee_balance_minor or 0)
    if max(map(abs, sums)) > AMOUNT_MINOR_MAX:
        raise Refusal(
            "import.amount",
            _("%(file)s, line %(line)s: the sum is too large to be true. Check which column holds the sum."),
            file=row.file,
            line=row.line,
        )


def _in_order(transfers: Sequence[Transfer]) -> list[Transfer]:
    """Transfers of one instant kept in the ledger's order by microseconds, which no bank prints."""
    seen: Counter[object] = Counter()
    ordered = []
    for transfer in transfers:
        if transfer.amount_minor <= 0:
            continue
        ordered.append(replace(transfer, at=transfer.at + timedelta(microseconds=min(seen[transfer.at], 999_999))))
        seen[transfer.at] += 1
    return ordered


Serials = dict[tuple[str, Side], str]


def _serials(transfers: Sequence[Transfer], rows: Mapping[str, StatementRow]) -> Serials:
    """(transfer id, side) -> serial, unique for each account and side.

    Banks print one serial for a payment and its fee: the larger sum keeps it, others add their sum to it.
    """
    printed: dict[tuple[str, Side, str], list[Transfer]] = {}
    made: Counter[str] = Counter()
    serials: Serials = {}
    for transfer in transfers:
        for side, _file in _sides(transfer, rows):
            own, serial = transfer.payee, transfer.payee_serial
            balance = transfer.payee_balance_minor
            if side == "out":
                own, serial, balance = transfer.payer, transfer.payer_serial, transfer.payer_balance_minor
            if serial:
                printed.setdefault((own, side, f"{WEAK}{_plain(serial)}"), []).append(transfer)
                continue
            at = transfer.at.replace(microsecond=0).isoformat()
            told = f"{own}|{side}|{at}|{transfer.amount_minor}|{transfer.currency}|{balance}"
            made[told] += 1
            digest = hashlib.sha256(f"{told}|{made[told]}".encode()).hexdigest()[:24]
            serials[transfer.id, side] = f"{MADE}{digest}"
    for (_own, side, serial), sharing in printed.items():
        shared: Counter[int] = Counter()
        for n, transfer in enumerate(sorted(sharing, key=lambda t: (-t.amount_minor, t.id))):
            shared[transfer.amount_minor] += 1
            more = f"#{transfer.amount_minor}#{shared[transfer.amount_minor]}" if n else ""
            serials[transfer.id, side] = f"{serial[: SERIAL_LENGTH_MAX - len(more)]}{more}"
    return serials


class _Keys:
    """The case's keys of the importer's ends."""

    def __init__(self, known: Known, rows: Iterable[StatementRow]) -> None:
        self.known = known
        self.said = {row.account: code for row in rows if (code := known.said.get(row.file, "")) and row.account}
        self.numbers = tuple(known.banks)
        self.completed: dict[str, str] = {}
        self.keys: dict[tuple[str, str, str], str] = {}

    def of(self, transfer: Transfer, side: Side) -> tuple[str, str]:
        """(payer, payee) of a transfer; side: the end that tells it."""
        ends = []
        for end, key in (("out", transfer.payer), ("in", transfer.payee)):
            own = transfer.payer if side == "out" else transfer.payee
            own_bank = transfer.payer_bank if side == "out" else transfer.payee_bank
            bank = transfer.payer_bank if end == "out" else transfer.payee_bank
            if end != side and not _is_account(key):
                home = self.account(own, own_bank, transfer.currency)
                prefix = _EXITS.get(transfer.kind, UNKNOWN_PREFIX) if side == "out" else UNKNOWN_PREFIX
                ends.append(f"{prefix}{home}"[:180])
            else:
                ends.append(self.account(key, bank, transfer.currency))
        return ends[0], ends[1]

    def account(self, text: str, bank_name: str, currency: str) -> str:
        told = (text, bank_name, currency)
        if told not in self.keys:
            self.keys[told] = self.key(*told)
        return self.keys[told]

    def key(self, text: str, bank_name: str, currency: str) -> str:
        number = _plain(text.partition(" (")[0])
        if is_masked(number):
            number = self.complete(number)
        bank = self.known.banks.get(number) or self.said.get(number) or bank_of_name(bank_name, self.known.names)
        return account_key(bank or bank_code(number), number, currency)

    def complete(self, mask: str) -> str:
        """The one account of the case that a masked number can be, or the mask itself."""
        if mask not in self.completed:
            fitting = [number for number in self.numbers if may_be_same(mask, number) >= FIRM_VISIBLE_MIN]
            self.completed[mask] = fitting[0] if len(fitting) == 1 else mask
        return self.completed[mask]


def _is_account(key: str) -> bool:
    head = key.partition(" (")[0]
    return ":" not in key and (is_number(head) or is_masked(head) or "@" in head)


def _movement(transfer: Transfer, side: Side, keys: _Keys, serials: Serials) -> Movement:
    payer, payee = keys.of(transfer, side)
    out = side == "out"
    serial = serials[transfer.id, side]
    kind = "transfer"
    if transfer.kind in _TAKEN_BACK:
        kind = "reversal"
    elif out:  # a statement of who receives it must not make the receiver an exit
        kind = _KINDS.get(transfer.kind, "transfer")
    return Movement(
        id=f"{side}|{payer if out else payee}|{serial}",
        payer=payer,
        payee=payee,
        amount_minor=transfer.amount_minor,
        currency=transfer.currency,
        at=transfer.at,
        kind=kind,
        payer_name=_plain(transfer.payer_name)[:NAME_LENGTH_MAX],
        payee_name=_plain(transfer.payee_name)[:NAME_LENGTH_MAX],
        channel=_plain(transfer.channel)[:CHANNEL_LENGTH_MAX],
        payer_serial=serial if out else "",
        payee_serial="" if out else serial,
        payer_balance_minor=transfer.payer_balance_minor if out else None,
        payee_balance_minor=None if out else transfer.payee_balance_minor,
        reverses=_reversed_serial(transfer, serials),
    )


def _reversed_serial(transfer: Transfer, serials: Serials) -> str:
    """The serial under which the ledger finds what a reversal takes back: told by its payee, else by its payer."""
    if not transfer.reverses:
        return ""
    into, out = serials.get((transfer.reverses, "in"), ""), serials.get((transfer.reverses, "out"), "")
    real = [serial for serial in (into, out) if serial and not serial.startswith(MADE)]
    return (real or [out or into])[0]


def _plain(text: str) -> str:
    """Text without marks that no column takes."""
    return "".join(mark for mark in text if mark >= " " and mark not in "<>").strip()


def own_accounts(ends: Collection[ToldEnd]) -> dict[str, Movement]:
    """Key of each account that a statement speaks for -> the last movement that it tells."""
    last: dict[str, Movement] = {}
    for end in ends:
        key = end.movement.payer if end.side == "out" else end.movement.payee
        if key not in last or end.movement.at >= last[key].at:
            last[key] = end.movement
    return last
