"""A statement pasted by a liaison as lines of text, read into transactions. Pure.

Theory. Whoever answers by hand copies a table out of the bank's own program. One line is one transaction; cells are
parted by tabs, or by commas or semicolons when there is no tab. The order of the columns is ours and is printed above
the box: time, in or out, amount, other account, other name, other bank, balance after, what moved it. The first three
are needed. A first line without any digit is a heading and is passed over. Every line that cannot be read is told with
its number, all at once.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Literal

from pydantic import ValidationError

from wuzha.kernel.identifiers import parse_account
from wuzha.kernel.money import parse_amount
from wuzha.kernel.refusals import Refusal, Refusals, _
from wuzha.partners.protocol import AccountRef, Transaction, TransactionKind

LINES_MAX = 2_000
FAULTS_TOLD_MAX = 20
IN_WORDS = frozenset({"in", "i", "+", "收", "入", "收入", "转入", "进", "贷", "c", "cr", "credit"})
OUT_WORDS = frozenset({"out", "o", "-", "支", "出", "支出", "转出", "借", "d", "dr", "debit"})
KIND_WORDS = {
    "": TransactionKind.TRANSFER,
    "transfer": TransactionKind.TRANSFER, "转账": TransactionKind.TRANSFER,
    "cash": TransactionKind.CASH, "取现": TransactionKind.CASH, "atm": TransactionKind.CASH,
    "merchant": TransactionKind.MERCHANT, "消费": TransactionKind.MERCHANT, "pos": TransactionKind.MERCHANT,
    "crypto": TransactionKind.CRYPTO, "虚拟币": TransactionKind.CRYPTO,
    "abroad": TransactionKind.ABROAD, "境外": TransactionKind.ABROAD,
    "fee": TransactionKind.FEE, "手续费": TransactionKind.FEE,
    "reversal": TransactionKind.REVERSAL, "冲正": TransactionKind.REVERSAL, "退款": TransactionKind.REVERSAL,
}  # fmt: skip
_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d%H%M%S")


def read_lines(text: str, *, currency: str, zone: tzinfo, field: str = "lines") -> list[Transaction]:
    """Transactions of pasted lines, oldest first; Refusals naming every line that cannot be read."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if lines and not re.search(r"\d", lines[0][1]):
        lines = lines[1:]
    if len(lines) > LINES_MAX:
        raise Refusal("lines.many", _("Paste at most %(max)s lines at once."), field=field, max=LINES_MAX)
    found: list[Transaction] = []
    faults: list[Refusal] = []
    for n, line in lines:
        try:
            found.append(_transaction(_cells(line), n, currency, zone))
        except Refusal as refusal:
            faults.append(
                Refusal(
                    "lines.line",
                    _("Line %(line)s: %(why)s"),
                    field=field,
                    line=n,
                    why=refusal.template % refusal.values,
                )
            )
    if faults:
        raise Refusals(faults[:FAULTS_TOLD_MAX])
    return sorted(found, key=lambda one: one.at)


def _cells(line: str) -> list[str]:
    parts = line.split("\t") if "\t" in line else re.split(r"[;；,，](?!\d{3}(?:\D|$))", line)
    return [part.strip() for part in parts]


def _transaction(cells: Sequence[str], n: int, currency: str, zone: tzinfo) -> Transaction:
    if len(cells) < 3:
        raise Refusal("line.short", _("time, in or out, and amount are needed."))
    cells = [*cells, *[""] * (8 - len(cells))]
    direction = _direction(cells[1])
    other = parse_account(cells[3]) if cells[3] else ""
    kind = KIND_WORDS.get(cells[7].lower(), TransactionKind.TRANSFER)
    try:
        return Transaction(
            # The same line pasted again is the same transaction.
            serial=hashlib.sha256("|".join(cells).encode()).hexdigest()[:24],
            at=_instant(cells[0], zone),
            direction=direction,
            amount_minor=parse_amount(cells[2], currency),
            currency=currency,
            kind=kind,
            counterparty=AccountRef(bank=cells[5].upper(), number=other, name=cells[4]) if other else None,
            balance_minor=_balance(cells[6], currency),
        )
    except ValidationError:
        raise Refusal("line.marks", _("an entry is too long or has marks that do not belong there.")) from None


def _direction(word: str) -> Literal["in", "out"]:
    if word.lower() in IN_WORDS:
        return "in"
    if word.lower() in OUT_WORDS:
        return "out"
    raise Refusal("line.direction", _("the second column says “in” or “out”."))


def _instant(text: str, zone: tzinfo) -> datetime:
    for form in _TIMES:
        try:
            return datetime.strptime(text.replace("T", " "), form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise Refusal("line.time", _("the first column is a time such as 2026-01-31 14:05."))


def _balance(text: str, currency: str) -> int | None:
    if not text:
        return None
    try:
        return parse_amount(text, currency)
    except Refusal as refusal:
        if refusal.code == "amount.zero":
            return 0
        raise
