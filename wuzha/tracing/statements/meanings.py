"""What a column can mean, and a table's mapping from columns to meanings with the conventions it writes by.

Theory. A mapping is the whole agreement between a table and the reader: which column means what (several columns
may share a meaning; the first that is filled counts), how marks and signs are to be taken, and how days are
ordered. It is found by `recognition`, may be corrected by a person, and is kept as a template. It says how it was
found: each column has its score, and what could not be found stands in `lacks`.
"""

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    """Which way the money went, seen from the row's own account."""

    IN = "in"
    OUT = "out"
    NEUTRAL = "neutral"  # the institution itself counts it as neither (wallet to its own savings pocket)

    def turned(self) -> "Direction":
        return {Direction.IN: Direction.OUT, Direction.OUT: Direction.IN}.get(self, self)


class Meaning(StrEnum):
    """Meanings of columns. PAYER_*/PAYEE_* name both ends; PEER_* the other end; OWN_* the statement's account."""

    TIME = "time"  # day and time together, or whatever of it the column has
    DATE = "date"
    CLOCK = "clock"
    POSTED = "posted_date"
    AMOUNT = "amount"
    IN_AMOUNT = "in_amount"
    OUT_AMOUNT = "out_amount"
    MARK = "mark"
    BALANCE = "balance"
    FEE = "fee"
    CURRENCY = "currency"
    ACCOUNT = "account"
    CARD = "card"
    HOLDER = "holder"
    BANK = "bank"
    PEER_ACCOUNT = "peer_account"
    PEER_CARD = "peer_card"
    PEER_NAME = "peer_name"
    PEER_BANK = "peer_bank"
    PEER_TEXT = "peer_text"  # name and account in one cell
    PAYER_ACCOUNT = "payer_account"
    PAYER_CARD = "payer_card"
    PAYER_NAME = "payer_name"
    PAYER_BANK = "payer_bank"
    PAYEE_ACCOUNT = "payee_account"
    PAYEE_CARD = "payee_card"
    PAYEE_NAME = "payee_name"
    PAYEE_BANK = "payee_bank"
    SERIAL = "serial"
    KIND = "kind"
    SUMMARY = "summary"
    REMARK = "remark"
    CHANNEL = "channel"
    STATUS = "status"
    CASH_FLAG = "cash_flag"
    MERCHANT = "merchant"
    PLACE = "place"
    OTHER = "other"  # understood and not needed: identity numbers, terminals, vouchers


class DateOrder(StrEnum):
    """Order of the parts in dates whose year does not stand first."""

    YEAR_FIRST = "ymd"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class Positive(StrEnum):
    """What an amount without a minus means in a column that has no marks beside it."""

    IN = "in"
    OUT = "out"
    UNSIGNED = "unsigned"  # the sign says nothing; marks, columns or ends decide


@dataclass(frozen=True, slots=True)
class Mapping:
    """columns: meaning -> column positions from 0, best first. header: the titles as printed, () when there is none.

    header_line: the first line of the header from 1, 0 when there is none. marks: written mark -> direction, beyond
    the built-in ones. by_balance: the direction of each row is read off the running balance. scale: what a printed
    one stands for (10,000 in a column of 万元, 0.01 in one of 分). scores: position -> how sure its meaning is, 0 to 1.
    """

    header: tuple[str, ...]
    header_line: int
    columns: MappingOf[Meaning, tuple[int, ...]]
    scores: MappingOf[int, float] = field(default_factory=dict)
    date_order: DateOrder | None = None
    positive: Positive = Positive.IN
    marks: MappingOf[str, Direction] = field(default_factory=dict)
    by_balance: bool = False
    signs_redundant: bool = False
    scale: Decimal = Decimal(1)
    comma: bool = False  # the cents stand behind a comma
    lacks: tuple[str, ...] = ()
    template: str = ""

    def has(self, *meanings: Meaning) -> bool:
        """Whether any of `meanings` has a column."""
        return any(self.columns.get(meaning) for meaning in meanings)

    def corrected(self, **columns: int | None) -> "Mapping":
        """This mapping with single columns set by meaning name, e.g. amount=5; None takes a meaning away."""
        changed = dict(self.columns)
        for name, position in columns.items():
            meaning = Meaning(name)
            for other, held in list(changed.items()):
                changed[other] = tuple(p for p in held if p != position)
            changed[meaning] = () if position is None else (position,)
        return replace(self, columns={meaning: held for meaning, held in changed.items() if held})

    def title_of(self, position: int) -> str:
        """The printed title of a column, or its number "#N" counted from 1."""
        title = self.header[position] if position < len(self.header) else ""
        return title or f"#{position + 1}"
