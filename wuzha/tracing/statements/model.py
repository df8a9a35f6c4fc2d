"""What a statement is, once read: rows of one account (or of many, in police feedback), each with its place.

Theory. A statement is what one institution says about one or more accounts. A *row* is one movement seen from one
side: it carries the file, the sheet and the line it came from, so that every figure of the ledger can be shown on
paper. A row's direction is always that of the row's own account. Rows are never corrected silently: what was
concluded (a sign turned by the running balance, a year taken from the period) stands in the statement's notes.
Amounts are integers of minor units and never negative. Times are aware, China standard time, and say how precise
they are: a bank that prints only dates has said nothing about the order within the day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum

from wuzha.kernel.money import MINOR_DIGITS
from wuzha.tracing.statements.meanings import Direction, Mapping

CHINA = timezone(timedelta(hours=8))
TOKEN_DIGITS = 6  # USDT and USDC move in millionths on every chain that launderers use
_TWO_DIGITS = frozenset(
    [
        "INR",
        "BRL",
        "IDR",
        "MMK",
        "KHR",
        "LAK",
        "NZD",
        "SEK",
        "DKK",
        "NOK",
        "PLN",
        "CZK",
        "TRY",
        "MXN",
        "ZAR",
        "NGN",
        "SAR",
    ]
)  # ISO 4217; beyond the currencies in which a report can be made (kernel.money)


class Kind(StrEnum):
    """What sort of movement a row is, read from its words."""

    TRANSFER = "transfer"
    CASH = "cash"
    FEE = "fee"
    INTEREST = "interest"
    REFUND = "refund"
    REVERSAL = "reversal"
    MERCHANT = "merchant"
    REPAYMENT = "repayment"
    SALARY = "salary"
    INVESTMENT = "investment"
    OTHER = "other"


class Precision(StrEnum):
    """How exactly `at` is known."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One movement as one account's institution printed it. `line`: of the file or the sheet, from 1.

    amount_minor: minor units of `currency` (see `digits_of_currency`), never negative; balance_minor: after the
    movement, may be negative (credit cards). account_alias: the account number
    behind a card number when both are printed. An account not named anywhere is "". failed: the institution says that
    no money moved. reverses: it takes back an earlier movement (red ink, 冲正, refund). raw: the
    cells as printed, bounded.
    """

    file: str
    sheet: str
    line: int
    account: str
    account_alias: str
    holder: str
    bank: str
    at: datetime
    precision: Precision
    serial: str
    direction: Direction
    amount_minor: int
    currency: str
    balance_minor: int | None
    peer_account: str
    peer_name: str
    peer_bank: str
    kind: Kind
    channel: str
    summary: str
    remark: str
    fee_minor: int
    failed: bool
    reverses: bool
    raw: tuple[str, ...]

    @property
    def delta_minor(self) -> int:
        """The movement's effect on the account's balance."""
        if self.failed or self.direction is Direction.NEUTRAL:
            return 0
        return self.amount_minor if self.direction is Direction.IN else -self.amount_minor

    @property
    def place(self) -> str:
        """ "file#sheet:line", the row's place on paper."""
        return place_of(self.file, self.sheet, self.line)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line inside the table that is no movement, and why (a total, a repeated header, a footer)."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something concluded, not printed: `code` for machines, English template and values for people."""

    code: str
    template: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.template % dict(self.values) if self.values else self.template


@dataclass(frozen=True, slots=True)
class Preamble:
    """What stands above the header: whose statement it is. Empty texts where nothing is said."""

    account: str = ""
    holder: str = ""
    bank: str = ""
    currency: str = ""
    title: str = ""
    first_day: str = ""  # ISO date of the period, "" when not printed
    last_day: str = ""
    opening: str = ""
    credit_card: bool = False
    merchant: bool = False  # an acquirer's statement for a merchant: cards in it are the customers'


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long read has come; `rows_estimate` grows or shrinks as more is known."""

    stage: str
    file: str
    rows_done: int
    rows_estimate: int


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Statement:
    """One table of one file, read whole. `lacks` names what the file does not say and a ledger would want."""

    file: str
    sheet: str
    form: str  # csv, tsv, xls, xlsx, html, xml
    encoding: str
    preamble: Preamble
    mapping: Mapping
    rows: tuple[StatementRow, ...]
    opening_minor: int | None = None
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[Note, ...] = ()
    lacks: tuple[str, ...] = ()

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts that the rows speak of, in order of appearance."""
        return tuple(dict.fromkeys(row.account for row in self.rows))


def digits_of_currency(currency: str) -> int:
    """Minor digits of a currency; tokens and codes the kernel does not keep count in millionths."""
    if currency.startswith("USD") and currency != "USD":
        return TOKEN_DIGITS
    return MINOR_DIGITS.get(currency, 2 if currency in _TWO_DIGITS else TOKEN_DIGITS)


def is_kept(currency: str) -> bool:
    """Whether the ledger of a case keeps this currency: its minor unit is known, not assumed as a token's is."""
    return currency in MINOR_DIGITS or currency in _TWO_DIGITS


def decimal_text(amount_minor: int, currency: str) -> str:
    """Plain decimal text of minor units, no grouping: 8500000 CNY is "85000.00"."""
    digits = digits_of_currency(currency)
    whole, rest = divmod(abs(amount_minor), 10**digits)
    text = f"{whole}.{rest:0{digits}d}" if digits else str(whole)
    return f"-{text}" if amount_minor < 0 else text


def place_of(file: str, sheet: str, line: int) -> str:
    return f"{file}#{sheet}:{line}" if sheet else f"{file}:{line}"
