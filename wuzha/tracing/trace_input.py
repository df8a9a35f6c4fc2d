"""A ledger file as transfers: CSV with columns time, from, to, amount, and what else is known.

Theory. A trace with a row missing is wrong without looking wrong, so a bad row refuses the whole file, with its line
and the reason, unless the analyst asks to go on without such rows. Sums become integers of the file's smallest unit:
two decimals, or as many as the file has. Times are numbers, or dates with or without clock and zone (without: UTC).
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from wuzha.kernel.refusals import Refusal, Refusals, _
from wuzha.tracing.engine.model import Kind, Transfer

DIGITS_MIN, DIGITS_MAX = 2, 8
BAD_ROWS_MAX = 20  # shown; the rest are counted
CELL_MAX = 200  # characters of an account or a name
BYTES_MAX = 4 << 30
MICROSECONDS = 1_000_000

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
    "balance_to": ("balance_to", "payee_balance", "to_balance"),
}
REQUIRED = ("time", "from", "to", "amount")
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
_AMOUNT = re.compile(r"[¥￥$€]?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_PLAIN_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,8})?", re.ASCII)  # nearly all of them
_COMPACT = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])([0-2]\d[0-5]\d[0-5]\d)?")
_CHINESE = str.maketrans({"年": "-", "月": "-", "日": " ", "时": ":", "分": ":", "秒": "", "/": "-", "T": " "})
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


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


class Bad(Exception):
    """A cell that cannot be read; `template` % values says why."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template, self.values = template, values


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
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text.lstrip().split("\n", 1)[0]))
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
    reader = _Rows(place, places, file_order, "id" in columns)
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
        found = [folded.index(each.casefold()) for each in wanted if each.casefold() in folded]
        if found:
            place[name] = found[0]
        elif name in columns or name in REQUIRED:
            raise Refusal(
                "ledger.column",
                _("%(path)s has no column “%(column)s” (it has: %(header)s). Name it with --%(option)s-column."),
                path=path.name,
                column=wanted[0],
                header=", ".join(header)[:300],
                option=name.replace("_", "-"),
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

    def __init__(self, place: Mapping[str, int], digits: int, file_order: bool, by_id: bool) -> None:
        self.place, self.digits, self.file_order, self.by_id = place, digits, file_order, by_id
        self.bare = not set(place) - set(REQUIRED)
        self.transfers: list[Transfer] = []
        self.rows: dict[str, Row] = {}
        self.bad: list[tuple[Row, Bad]] = []
        self.by_name: dict[str, str] = {}
        self.seen: set[tuple[str, ...]] = set()
        self.repeated = 0
        self.numeric: bool | None = None

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
        payer, payee = self._account(row, "from"), self._account(row, "to")
        amount = amount_minor(self._cell(row, "amount"), self.digits)
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
        at, numeric = instant(text)
        if self.numeric is None:
            self.numeric = numeric
        if self.numeric is not numeric:
            raise Bad(
                _("%(path)s, line %(line)s: the time “%(text)s” is not of the same kind as above."), text=text[:40]
            )
        return at


def amount_minor(text: str, digits: int) -> int:
    """A positive sum in units of 10**-digits; Bad when it is none."""
    if _PLAIN_AMOUNT.fullmatch(text):
        whole, _dot, fraction = text.partition(".")
        fraction = fraction.rstrip("0")
        if len(fraction) <= digits and (plain := int(whole + fraction.ljust(digits, "0"))) > 0:
            return plain
    found = _AMOUNT.fullmatch(text.strip().translate(_FULL_WIDTH))
    if not text.strip():
        raise Bad(_("%(path)s, line %(line)s: the amount is empty."))
    if found is None:
        raise Bad(_("%(path)s, line %(line)s: “%(text)s” is not a positive amount."), text=text[:40])
    value = Decimal(found[1].replace(",", "") + (found[2] or "")).scaleb(digits)
    if value != value.to_integral_value():
        raise Bad(
            _("%(path)s, line %(line)s: “%(text)s” has more than %(digits)s decimals."), text=text[:40], digits=digits
        )
    if value <= 0 or value >= 10**18:
        raise Bad(_("%(path)s, line %(line)s: “%(text)s” is not a positive amount."), text=text[:40])
    return int(value)


@lru_cache(maxsize=65_536)
def instant(text: str) -> tuple[int, bool]:
    """(the instant in millionths, whether it is a bare number); dates count from 1970. Bad when it is no time."""
    text = text.strip().translate(_FULL_WIDTH)
    if compact := _COMPACT.fullmatch(text):
        form = "%Y%m%d%H%M%S" if compact[4] else "%Y%m%d"
        return _microseconds(text, datetime.strptime, form), False
    if re.fullmatch(r"-?\d{1,18}", text):
        return int(text) * MICROSECONDS, True
    if re.fullmatch(r"\d{1,12}\.\d{1,6}", text):
        return int(Decimal(text) * MICROSECONDS), True
    return _microseconds(_plain_date(text), lambda given, _form: datetime.fromisoformat(given), ""), False


def _plain_date(text: str) -> str:
    """A written date in ISO form: 2024/1/2 3:04, 2024年1月2日 3时4分, and what is ISO already."""
    plain = text.translate(_CHINESE).strip().rstrip(":")
    found = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:\s+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?", plain)
    if found is None:
        return text
    year, month, day, hour, minute, second = found.groups()
    rest = plain[found.end() :].strip().replace("Z", "+00:00").replace(" ", "")
    clock = f"T{int(hour):02}:{int(minute):02}:{int(second or 0):02}" if hour else ""
    return f"{year}-{int(month):02}-{int(day):02}{clock}{rest}"


def _microseconds(text: str, parse: Callable[[str, str], datetime], form: str) -> int:
    try:
        moment = parse(text, form)
    except ValueError:
        raise Bad(_("%(path)s, line %(line)s: “%(text)s” is not a time."), text=text[:40]) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds


def _serial(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,30}", text) else None
