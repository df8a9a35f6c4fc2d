"""A ledger file as transfers: CSV with columns time, from, to, amount, and what else is known.

Theory. A trace with a row missing is wrong without looking wrong, so a bad row refuses the whole file, with its line
and the reason, unless the analyst asks to go on without such rows. Sums become integers of the file's smallest unit:
two decimals, or as many as the file has. Times are numbers, or dates with or without clock and zone (without: UTC).
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from wuzha.kernel.refusals import Refusal, Refusals, _
from wuzha.tracing.engine.model import Kind, Transfer
from wuzha.tracing.trace_cells import Bad, Clock, amount_minor, instant, sign_of

DIGITS_MIN, DIGITS_MAX = 2, 8
BAD_ROWS_MAX = 20  # shown; the rest are counted
CELL_MAX = 200  # characters of an account or a name
BYTES_MAX = 4 << 30

NAMES: Mapping[str, tuple[str, ...]] = {
    "time": ("time", "timestamp", "date", "datetime", "at", "交易时间", "时间"),
    "from": ("from", "payer", "sender", "source", "src", "from_account", "付款账号", "付款方", "转出账号"),
    "to": ("to", "payee", "receiver", "target", "dst", "to_account", "收款账号", "收款方", "转入账号"),
    "amount": ("amount", "value", "amt", "sum", "交易金额", "金额"),
    "id": ("id",),
    "kind": ("kind",),
    "reverses": ("reverses",),
    "serial": (),
    "fee": (),
    "balance_from": ("balance_from", "payer_balance", "from_balance"),
    "currency": ("currency", "ccy", "币种", "货币"),
    "balance_to": ("balance_to", "payee_balance", "to_balance"),
}
REQUIRED = ("time", "from", "to", "amount")
CURRENCIES = dict.fromkeys(("RMB", "人民币", "人民币元", "元", "¥", "￥"), "CNY")
KINDS = {
    "cash": Kind.CASH,
    "withdrawal": Kind.CASH,
    "取现": Kind.CASH,
    "取款": Kind.CASH,
    "fee": Kind.FEE,
    "手续费": Kind.FEE,
    "reversal": Kind.REVERSAL,
    "refund": Kind.REVERSAL,
    "冲正": Kind.REVERSAL,
    "退款": Kind.REVERSAL,
    "退汇": Kind.REVERSAL,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: `row` counts data rows from 1, `line` lines of the file; `cells` as they were."""

    row: int
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class LedgerFile:
    """Transfers (their ids are row numbers as text, a fee's is "<row>/fee"), the rows and the header beside them."""

    transfers: list[Transfer]
    rows: dict[str, Row]
    header: tuple[str, ...]
    digits: int
    time_place: int
    refused: list[Refusal] = field(default_factory=list)
    repeated: int = 0


def bytes_of(path: Path) -> bytes:
    """The file's bytes. Refusal when it cannot be read or is too large."""
    try:
        if path.stat().st_size > BYTES_MAX:
            raise Refusal("ledger.size", _("%(path)s is larger than 4 GiB; split it."), path=path.name)
        return path.read_bytes()
    except OSError as error:
        raise Refusal(
            "ledger.unreadable", _("%(path)s cannot be read: %(reason)s."), path=str(path), reason=error.strerror
        ) from None


def encoding_of(raw: bytes) -> str | None:
    """UTF-8 with or without mark, UTF-16 with mark, else GB18030; None when it is text in none of them."""
    encodings = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            if "\0" not in raw.decode(encoding):
                return encoding
        except UnicodeDecodeError:
            continue
    return None


def text_of(path: Path) -> str:
    """The file's text. Refusal when it is none."""
    raw = bytes_of(path)
    encoding = encoding_of(raw)
    if encoding is None:
        raise Refusal("ledger.encoding", _("%(path)s is not a text file; save it as CSV in UTF-8."), path=path.name)
    return raw.decode(encoding)


def separator_of(line: str) -> str:
    """A comma, tab or semicolon: what the first line has most of."""
    return max(",\t;", key=line.count)


def table(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each line that is not blank; the separator is a comma, tab or semicolon, by the first line."""
    text = text_of(path)
    separator = separator_of(text.lstrip().split("\n", 1)[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise Refusal(
            "ledger.csv",
            _("%(path)s, line %(line)s: %(reason)s. Is every quotation mark closed?"),
            path=path.name,
            line=reader.line_num,
            reason=str(error),
        ) from None


def read_ledger(
    path: Path,
    columns: Mapping[str, str],
    *,
    skip_bad: bool = False,
    file_order: bool = False,
    digits: int | None = None,
) -> LedgerFile:
    """Read a ledger file. columns: our name -> the file's, where it differs from NAMES.

    Raises Refusal for the file as a whole, Refusals for bad rows unless `skip_bad`.
    """
    lines = table(path)
    try:
        _line, header = next(lines)
    except StopIteration:
        raise Refusal("ledger.empty", _("%(path)s is empty."), path=path.name) from None
    header = [cell.strip() for cell in header]
    place = places_of(path, header, columns)
    listed = [Row(number, line, tuple(cells)) for number, (line, cells) in enumerate(lines, start=1)]
    places = digits if digits is not None else _digits(listed, place["amount"])
    reader = _Rows(place, places, file_order, "id" in columns, len(header))
    for row in listed:
        reader.take(row)
    if reader.bad and not skip_bad:
        shown = [bad_row(path, *bad) for bad in reader.bad[:BAD_ROWS_MAX]]
        if len(reader.bad) > BAD_ROWS_MAX:
            left = len(reader.bad) - BAD_ROWS_MAX
            shown.append(Refusal("ledger.more", _("%(count)s more rows are bad."), count=left))
        raise Refusals(shown)
    if not reader.transfers:
        raise Refusal("ledger.no_rows", _("%(path)s has no transfers."), path=path.name)
    refused = [bad_row(path, *bad) for bad in reader.bad]
    payers = {transfer.payer for transfer in reader.transfers}
    for i, transfer in enumerate(reader.transfers):
        if transfer.kind is Kind.CASH and transfer.payee in payers:  # a cash deposit, or no cash desk at all
            reader.transfers[i] = replace(transfer, kind=Kind.TRANSFER)
    return LedgerFile(reader.transfers, reader.rows, tuple(header), places, place["time"], refused, reader.repeated)


def bad_row(path: Path, row: Row, bad: Bad) -> Refusal:
    """What a person is told about a row."""
    values = {"path": path.name, "line": row.line} | bad.values
    return Refusal("ledger.row", bad.template, **values)  # type: ignore[arg-type]


def places_of(path: Path, header: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Our name -> place in the header. Refusal "ledger.column" when a needed or named one is not there."""
    folded = [cell.casefold() for cell in header]
    place: dict[str, int] = {}
    for name, usual in NAMES.items():
        wanted = (columns[name],) if name in columns else usual
        found = [each.casefold() for each in wanted if each.casefold() in folded]
        if found and folded.count(found[0]) > 1:
            raise Refusal(
                "ledger.column_twice",
                _("%(path)s has more than one column “%(column)s”; rename all but one."),
                path=path.name,
                column=found[0],
            )
        if found:
            place[name] = folded.index(found[0])
        elif name in columns or name in REQUIRED:
            raise Refusal(
                "ledger.column",
                _("%(path)s has no column “%(column)s” (it has: %(header)s). Name it with --%(option)s-column."),
                path=path.name,
                column=wanted[0],
                header=", ".join(header)[:300],
                option=name.replace("_", "-"),
            )
    for one, other in combinations(REQUIRED, 2):
        if place[one] == place[other]:
            raise Refusal(
                "ledger.column_shared",
                _("%(path)s: the column “%(column)s” cannot be both %(one)s and %(other)s."),
                path=path.name,
                column=header[place[one]],
                one=one,
                other=other,
            )
    if "balance_from" not in columns and "balance" in folded and "payee_balance" in folded:
        place["balance_from"] = folded.index("balance")  # as `wuzha statements` writes them
    return place


def _digits(rows: Sequence[Row], amount: int) -> int:
    most = DIGITS_MIN
    for row in rows:
        if amount < len(row.cells):
            _whole, dot, fraction = row.cells[amount].strip().rpartition(".")
            if dot:
                most = max(most, len(fraction.rstrip("0")))
    return min(most, DIGITS_MAX)


class _Rows:
    """Turns rows into transfers one by one; bad ones are kept aside with their reason."""

    def __init__(self, place: Mapping[str, int], digits: int, file_order: bool, by_id: bool, width: int) -> None:
        self.place, self.digits, self.file_order, self.by_id = place, digits, file_order, by_id
        self.width = width
        self.bare = not set(place) - set(REQUIRED)
        self.transfers: list[Transfer] = []
        self.rows: dict[str, Row] = {}
        self.bad: list[tuple[Row, Bad]] = []
        self.by_name: dict[str, str] = {}
        self.seen: set[tuple[str, ...]] = set()
        self.repeated = 0
        self.clock: Clock | None = None
        self.currency = self.sign = ""

    def take(self, row: Row) -> None:
        """One row: a transfer, and a second one for its fee."""
        if self.by_id:
            content = tuple(cell.strip() for cell in row.cells)
            if content in self.seen:
                self.repeated += 1
                return
            self.seen.add(content)
        try:
            self._read(row)
        except Bad as bad:
            self.bad.append((row, bad))

    def _read(self, row: Row) -> None:
        if len(row.cells) > self.width and any(cell.strip() for cell in row.cells[self.width :]):
            raise Bad(_("%(path)s, line %(line)s: the row has more cells than the first line; quote what has commas."))
        payer, payee = self._account(row, "from"), self._account(row, "to")
        told = self._cell(row, "amount")
        amount = amount_minor(told, self.digits)
        if "currency" in self.place or not told[:1].isdecimal():
            self._one_currency(row, told)
        at = self._time(self._cell(row, "time"))
        name = str(row.row)
        serial = row.row if self.file_order else None
        if self.bare:
            self.transfers.append(Transfer(name, at, payer, payee, amount, Kind.TRANSFER, serial))
            self.rows[name] = row
            return
        kind = KINDS.get(self._cell(row, "kind").casefold(), Kind.TRANSFER)
        reverses = self.by_name.get(self._cell(row, "reverses")) or None
        serial = serial or _serial(self._cell(row, "serial"))
        fee = self._cell(row, "fee")
        fee_minor = 0 if not fee or not fee.strip("0.,¥￥ ") else amount_minor(fee, self.digits)
        self.transfers.append(
            Transfer(
                name,
                at,
                payer,
                payee,
                amount,
                Kind.REVERSAL if reverses else kind,
                serial,
                reverses,
                None,
                self._balance(row, "balance_from") if not fee_minor else None,
                self._balance(row, "balance_to"),
            )
        )
        self.rows[name] = row
        if fee_minor:
            self.transfers.append(Transfer(f"{name}/fee", at, payer, "fee", fee_minor, Kind.FEE, serial))
            self.rows[f"{name}/fee"] = row
        if own := self._cell(row, "id"):
            self.by_name.setdefault(own, name)

    def _cell(self, row: Row, name: str) -> str:
        place = self.place.get(name)
        if place is None:
            return ""
        if place >= len(row.cells):
            if name in REQUIRED:
                raise Bad(_("%(path)s, line %(line)s: the row is too short; it has no %(column)s."), column=name)
            return ""
        return row.cells[place].strip()

    def _account(self, row: Row, name: str) -> str:
        text = self._cell(row, name)
        if not text:
            raise Bad(_("%(path)s, line %(line)s: the column “%(column)s” is empty."), column=name)
        if len(text) > CELL_MAX:
            raise Bad(_("%(path)s, line %(line)s: the column “%(column)s” is too long."), column=name)
        return text

    def _balance(self, row: Row, name: str) -> int | None:
        text = self._cell(row, name)
        if not text or text.startswith("-"):
            return None
        return 0 if not text.strip("0.,") else amount_minor(text, self.digits)

    def _time(self, text: str) -> int:
        at, clock = instant(text)
        self.clock = self.clock or clock
        if self.clock is not clock:
            raise Bad(
                _("%(path)s, line %(line)s: the time “%(text)s” is not of the same kind as above."), text=text[:40]
            )
        return at

    def _one_currency(self, row: Row, amount: str) -> None:
        """A sum over two currencies is no sum."""
        currency, sign = CURRENCIES.get(told := self._cell(row, "currency").upper(), told), sign_of(amount)
        self.currency, self.sign = self.currency or currency, self.sign or sign
        for mine, usual in ((currency, self.currency), (sign, self.sign)):
            if mine and mine != usual:
                raise Bad(
                    _(
                        "%(path)s, line %(line)s: the currency is %(currency)s, above it is %(usual)s; "
                        "trace each currency by itself."
                    ),
                    currency=mine[:40],
                    usual=usual[:40],
                )


def _serial(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,30}", text) else None
