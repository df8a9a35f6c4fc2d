"""The ledger as CSV for `wuzha trace`: columns time, from, to, amount first, everything else carried along.

Lines stand in the ledger's total order. Times are China standard time; a day without a clock stands alone. A text
that a spreadsheet would run as a formula is written with an apostrophe before it.
"""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import TextIO

from wuzha.tracing.statements.ledger import Ledger
from wuzha.tracing.statements.model import Precision, decimal_text
from wuzha.tracing.statements.transfers import Transfer

COLUMNS = (
    "time",
    "from",
    "to",
    "amount",
    "currency",
    "balance",
    "payee_balance",
    "from_name",
    "to_name",
    "from_bank",
    "to_bank",
    "kind",
    "channel",
    "summary",
    "serial",
    "payee_serial",
    "both_sides",
    "reverses",
    "id",
    "sources",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_rows(ledger: Ledger) -> Iterator[tuple[str, ...]]:
    """One line of cells per transfer, in COLUMNS' order; sums as plain decimals."""
    for transfer in ledger.transfers:
        yield _cells(transfer)


def write_csv(ledger: Ledger, stream: TextIO) -> None:
    """Write header and lines; open the stream with newline="" and, for Excel, encoding "utf-8-sig"."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(csv_rows(ledger))


def _cells(transfer: Transfer) -> tuple[str, ...]:
    def money(value: int | None) -> str:
        return "" if value is None else decimal_text(value, transfer.currency)

    return (
        time_text(transfer.at, transfer.precision),
        _safe(transfer.payer),
        _safe(transfer.payee),
        money(transfer.amount_minor),
        _safe(transfer.currency),
        money(transfer.payer_balance_minor),
        money(transfer.payee_balance_minor),
        *map(_safe, (transfer.payer_name, transfer.payee_name, transfer.payer_bank, transfer.payee_bank)),
        transfer.kind.value,
        *map(_safe, (transfer.channel, transfer.summary, transfer.payer_serial, transfer.payee_serial)),
        "1" if transfer.both_sides else "",
        transfer.reverses,
        transfer.id,
        _safe(" ".join(transfer.sources)),
    )


def time_text(at: datetime, precision: Precision) -> str:
    """ "2024-01-02 15:30:00", or the day alone where no clock was printed."""
    return at.strftime("%Y-%m-%d") if precision is Precision.DAY else at.strftime("%Y-%m-%d %H:%M:%S")


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
