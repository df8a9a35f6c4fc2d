"""A list of accounts as people have it, read line by line. Pure.

Theory. A line names one account, its bank where somebody knows it, its holder perhaps; columns are parted by tabs,
commas, semicolons or wide spaces, in any order. The account is the first cell that is one; a bank is a cell that
names one (its code or what it is called); what is left is the holder's name. A first line without a digit is a
heading. Nothing is lost: a line that cannot be used is kept with its reason, a repeated account is counted once and
said so.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wuzha.intake.rules import bank_code
from wuzha.kernel.identifiers import luhn_ok, parse_account
from wuzha.kernel.refusals import Refusal, _

ACCOUNTS_MAX = 2_000
LINES_MAX = 10_000
LINE_LENGTH_MAX = 500
NAME_LENGTH_MAX = 100
_CUTS = re.compile(r"[\t,;，；|]+|\s{2,}|(?<=\d)\s+(?=[^\d\s])|(?<=[^\d\s])\s+(?=\d)")
_LOST_DIGITS = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{2}")
_CARD_LIKE = re.compile(r"62\d{14,17}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One account to be asked about: its line in the list, number, partner code and the holder's name if told."""

    line: int
    account: str
    bank: str
    name: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used, and why."""

    line: int
    text: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class AccountList:
    """A list as read. repeated: lines whose account stood in an earlier line."""

    wanted: tuple[Wanted, ...]
    bad: tuple[BadLine, ...]
    repeated: tuple[int, ...]


def read_accounts(lines: Iterable[str], *, bank_named: Callable[[str], str], connected: frozenset[str]) -> AccountList:
    """The accounts of a list. bank_named: text -> partner code or ""; connected: codes of partners that can be asked.

    Refusal when the list is empty, or holds more than ACCOUNTS_MAX accounts.
    """
    wanted: dict[tuple[str, str], Wanted] = {}
    bad: list[BadLine] = []
    repeated: list[int] = []
    heading = True
    for number, line in enumerate(lines, 1):
        text = line.strip().lstrip("\ufeff")
        if number > LINES_MAX:
            raise Refusal(
                "batch.lines", _("The list has more than %(max)s lines; split it."), field="list", max=LINES_MAX
            )
        if not text or (heading and not re.search(r"\d", text)):
            continue
        heading = False
        try:
            one = _wanted(number, text[:LINE_LENGTH_MAX], bank_named, connected)
        except Refusal as refusal:
            bad.append(BadLine(number, text[:80], refusal))
            continue
        if (one.bank, one.account) in wanted:
            repeated.append(number)
        else:
            wanted[one.bank, one.account] = one
    if not wanted and not bad:
        raise Refusal("batch.empty", _("Paste at least one account, or choose a file."), field="list")
    if len(wanted) > ACCOUNTS_MAX:
        raise Refusal(
            "batch.too_many",
            _("The list has %(count)s accounts; one batch takes %(max)s. Split it."),
            field="list",
            count=len(wanted),
            max=ACCOUNTS_MAX,
        )
    return AccountList(tuple(wanted.values()), tuple(bad), tuple(repeated))


def _wanted(number: int, text: str, bank_named: Callable[[str], str], connected: frozenset[str]) -> Wanted:
    if _LOST_DIGITS.search(text):
        raise Refusal(
            "batch.lost_digits",
            _("The spreadsheet has rounded this number. Format the column as text and paste it again."),
        )
    account, bank, name = "", "", ""
    for cell in filter(None, (part.strip().strip("\"'") for part in _CUTS.split(text))):
        code = bank_named(cell)
        if not account and any(mark.isdigit() for mark in cell) and not (code and not cell[:1].isdigit()):
            account = parse_account(cell)
        elif code and not bank:
            bank = code
        elif not cell.isdigit():
            name = name or cell[:NAME_LENGTH_MAX]
    if not account:
        raise Refusal("batch.no_account", _("No account number stands in this line."))
    if _CARD_LIKE.fullmatch(account) and not luhn_ok(account):
        raise Refusal("batch.check_digit", _("The check digit of this card number is wrong; look for a slip."))
    bank = bank or bank_code(account)
    if not bank:
        raise Refusal("batch.no_bank", _("The number does not tell its bank. Write the bank behind it."))
    if bank not in connected:
        raise Refusal("batch.bank", _("Bank %(bank)s is not connected; ask it on paper."), bank=bank)
    return Wanted(number, account, bank, "".join(mark for mark in name if mark not in "<>" and mark.isprintable()))
