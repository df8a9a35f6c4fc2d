"""Lines of a table read cell by cell, before the table's conventions are known.

Theory. A line is a movement, or it is skipped for a stated reason (total, repeated header, text), or the file is
refused with the line: a line that looks like a movement and cannot be read is never dropped. Direction and year are
left open here; `conventions` settles them over the whole table.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statements.cells import NO_YEAR, When, is_blank, read_clock, read_when
from wuzha.tracing.statements.marks import direction_of_mark
from wuzha.tracing.statements.meanings import Direction, Mapping, Meaning
from wuzha.tracing.statements.model import CHINA, Precision, Skipped
from wuzha.tracing.statements.recognition import TIMES
from wuzha.tracing.statements.sums import Sum, read_sum
from wuzha.tracing.statements.tables import Line
from wuzha.tracing.statements.vocabulary import fold, is_month_day

_TOTAL = re.compile(
    r"合计|小计|总计|累计|共计|总额|总笔数|总金额|本页|承前|过次|期初|期末|结转|上期|本期|笔数|b/f|c/f|"
    r"total|subtotal|brought forward|carried forward|opening|closing"
)
_OPENING = re.compile(r"期初|上期|承前|上年结转|起始余额|b/f|opening|brought forward|beginning")
_WALLET = re.compile(r"id|支付宝|微信|钱包|支付账", re.IGNORECASE)
_ENDS = (
    Meaning.PAYER_ACCOUNT,
    Meaning.PAYER_CARD,
    Meaning.PAYER_NAME,
    Meaning.PAYEE_ACCOUNT,
    Meaning.PAYEE_CARD,
    Meaning.PAYEE_NAME,
)
_PEERS = (Meaning.PEER_ACCOUNT, Meaning.PEER_CARD, Meaning.PEER_NAME, Meaning.PEER_TEXT)
_MONTH = re.compile(r"((?:19|20)\d{2})\s?年\s?\d{1,2}\s?月")
_TEXT_MAX = 120


@dataclass(slots=True)
class Draft:
    """One movement with its open questions. value: signed as written. column: the meaning of the sum's column."""

    line: Line
    day: date
    clock: time | None
    precision: Precision
    value: Decimal
    column: Meaning
    mark: Direction | None
    currency: str
    balance: Decimal | None
    account: str = ""
    direction: Direction | None = None
    reverses: bool = False


class Reader:
    """Reads the lines of one table under one mapping; keeps what it skipped and the opening balance it met."""

    def __init__(self, file: str, sheet: str, mapping: Mapping) -> None:
        self.file, self.sheet, self.mapping = file, sheet, mapping
        self.skipped: list[Skipped] = []
        self.opening: Decimal | None = None
        self.filled_down = 0
        wallet = any(_WALLET.search(mapping.title_of(p)) for p in mapping.columns.get(Meaning.PEER_ACCOUNT, ()))
        # A bank that prints card and account means the card; a wallet means the wallet, not the card behind it.
        self.peer_numbers = (Meaning.PEER_ACCOUNT, Meaning.PEER_CARD)[:: 1 if wallet else -1]
        self.names_ends, self.names_peers = mapping.has(*_ENDS), mapping.has(*_PEERS)
        self._known_places: dict[tuple[Meaning, ...], tuple[int, ...]] = {}
        self._day: date | None = None
        self._year = 0  # of the last line that names a month: 2024年9月, above its days
        titles = [fold(title) for title in mapping.header]
        self._universal = {p for p, title in enumerate(titles) if "utc" in title and "+8" not in title}
        self._month_day = {p for p, title in enumerate(mapping.header) if is_month_day(title)}
        self._width = sum(1 for title in mapping.header if title) or 4

    def cell(self, line: Line, *meanings: Meaning) -> str:
        """The first filled cell among the columns of `meanings`, "" when none says anything."""
        places = self._known_places.get(meanings)
        if places is None:
            places = self._places(meanings)
        if not places:
            return ""
        cells = line.cells
        for position in places:
            if position < len(cells) and (text := cells[position]) and not is_blank(text):
                return text
        return ""

    def _places(self, meanings: tuple[Meaning, ...]) -> tuple[int, ...]:
        """The positions of the columns of `meanings`, remembered: they are asked for on every line."""
        found = self._known_places.get(meanings)
        if found is None:
            found = tuple(p for meaning in meanings for p in self.mapping.columns.get(meaning, ()))
            self._known_places[meanings] = found
        return found

    def words(self, line: Line, *meanings: Meaning) -> str:
        """Every filled cell of the columns of `meanings`, each text once."""
        cells = line.cells
        held = (p for p in self._places(meanings) if p < len(cells))
        return " ".join(dict.fromkeys(cells[p] for p in held if not is_blank(cells[p])))

    def draft(self, line: Line) -> Draft | None:
        """The movement on a line, or None when it is skipped. Refusal with the line when it cannot be read."""
        if not line.filled:
            return None
        summed, trouble = self._sum(line)
        month = _MONTH.fullmatch(self.cell(line, *TIMES))
        if month and summed is None and not trouble:
            self._year = int(month[1])
            self._skip(line, "text")
            return None
        try:
            day, clock, precision = self._when(line)
            if day is not None and day.year == NO_YEAR and self._year:
                day = day.replace(year=self._year)
        except (ValueError, OverflowError):
            self._without_day(line, summed is not None or bool(trouble), self.cell(line, *TIMES))
            return None
        if day is None:
            if summed is None or self._day is None or clock is not None or not self._may_fill_down(line):
                self._without_day(line, summed is not None, "")
                return None
            day, self.filled_down = self._day, self.filled_down + 1
        if trouble:
            raise self.refusal(
                line, "statement.amount", _("%(place)s: “%(text)s” is not one sum, in or out."), text=trouble
            )
        balance = self._balance(line)
        if summed is None:
            self._without_sum(line, balance)
            return None
        self._day = day
        value, currency, column, mark = summed
        if mark is None:
            mark = self._mark(line)
        return Draft(line, day, clock, precision, value, column, mark, currency, balance)

    def refusal(self, line: Line, code: str, template: str, **values: str) -> Refusal:
        """A refusal of the whole file that names this line."""
        place = f"{self.file}, {self.sheet}, {line.number}" if self.sheet else f"{self.file}, {line.number}"
        return Refusal(code, template, file=self.file, sheet=self.sheet, line=line.number, place=place, **values)

    def _when(self, line: Line) -> tuple[date | None, time | None, Precision]:
        columns, order = self.mapping.columns, self.mapping.date_order
        for meaning in TIMES:
            for position in columns.get(meaning, ()):
                text = line.cells[position] if position < len(line.cells) else ""
                if position in self._month_day:
                    text = text.replace(".", "-")
                when = read_when(text, order)
                if when is None or when.day is None:
                    continue
                if position in self._universal and when.clock is not None:
                    moved = datetime.combine(when.day, when.clock, UTC).astimezone(CHINA)
                    when = When(moved.date(), moved.time(), when.precision)
                if when.clock is None and (clock_text := self.cell(line, Meaning.CLOCK)):
                    clock = read_clock(clock_text)
                    return when.day, clock, Precision.SECOND if clock else Precision.DAY
                return when.day, when.clock, when.precision
        return None, None, Precision.DAY

    def _sum(self, line: Line) -> tuple[tuple[Decimal, str, Meaning, Direction | None] | None, str]:
        """((value, currency, column, mark), "") or (None, the text that is no sum)."""
        found: list[tuple[Sum, Meaning]] = []
        for meaning in (Meaning.IN_AMOUNT, Meaning.OUT_AMOUNT, Meaning.AMOUNT):
            for position in self.mapping.columns.get(meaning, ()):
                text = line.cells[position] if position < len(line.cells) else ""
                try:
                    read = read_sum(text, self.mapping.comma)
                except ValueError:
                    return None, text[:40]
                if isinstance(read, str):
                    return None, text[:40]
                if read is not None and read.value:
                    found.append((read, meaning))
                    break
            if found and meaning is Meaning.OUT_AMOUNT:
                break
        if not found:
            return None, ""
        if len(found) > 1:
            return None, f"{found[0][0].value} / {found[1][0].value}"
        read, meaning = found[0]
        mark = {Meaning.IN_AMOUNT: Direction.IN, Meaning.OUT_AMOUNT: Direction.OUT}.get(meaning)
        if mark is None:
            mark = {"dr": Direction.OUT, "cr": Direction.IN}.get(read.mark)
        return (read.value * self.mapping.scale, read.currency, meaning, mark), ""

    def _mark(self, line: Line) -> Direction | None:
        text = self.cell(line, Meaning.MARK)
        if not text:
            for position in self.mapping.columns.get(Meaning.MARK, ()):
                written = line.cells[position] if position < len(line.cells) else ""
                if written:  # "/" is blank elsewhere; as a mark WeChat means "neither"
                    return direction_of_mark(written)
            return None
        if text in self.mapping.marks:
            return self.mapping.marks[text]
        mark = direction_of_mark(text)
        if mark is None:
            raise self.refusal(
                line,
                "statement.mark",
                _(
                    "%(place)s: the mark “%(text)s” in column “%(column)s” is unknown; say in a template "
                    "whether it means in or out."
                ),
                text=text[:20],
                column=self.mapping.title_of(self.mapping.columns[Meaning.MARK][0])[:40],
            )
        return mark

    def _balance(self, line: Line) -> Decimal | None:
        text = self.cell(line, Meaning.BALANCE)
        try:
            read = read_sum(text, self.mapping.comma)
        except ValueError as error:
            raise self.refusal(
                line, "statement.balance", _("%(place)s: “%(text)s” is not a balance."), text=text[:40]
            ) from error
        if not isinstance(read, Sum):
            return None
        value = read.value * self.mapping.scale
        return -abs(value) if read.mark == "dr" else value

    def _may_fill_down(self, line: Line) -> bool:
        """A sum without a day belongs to the day above it, when it is no total and says what it is."""
        if self.mapping.has(Meaning.TIME, Meaning.CLOCK) or _TOTAL.search(fold(" ".join(line.cells))):
            return False
        return bool(self.cell(line, Meaning.SUMMARY, Meaning.KIND, Meaning.PEER_NAME, Meaning.REMARK, Meaning.MERCHANT))

    def _without_day(self, line: Line, has_sum: bool, written: str) -> None:
        text = fold(" ".join(line.cells))
        if _OPENING.search(text) and self.opening is None:
            self._open(line)
        if _TOTAL.search(text):
            return self._skip(line, "total")
        if not any(mark.isdigit() for mark in text):
            return self._skip(line, "text")
        words = [cell for cell in line.cells if not is_blank(cell) and not re.fullmatch(r"[\d,.¥+-]+", cell)]
        if has_sum and not written and (_day_in(line) or (words and line.filled * 2 > self._width)):
            raise self.refusal(
                line, "statement.day_missing", _("%(place)s: there is a sum and no day; columns may be shifted.")
            )
        if written and line.filled >= 3 and (has_sum or line.filled * 2 > self._width or _day_in(line)):
            raise self.refusal(
                line, "statement.day", _("%(place)s: “%(text)s” is not a day that can be read."), text=written[:40]
            )
        return self._skip(line, "total" if has_sum else "text")

    def _without_sum(self, line: Line, balance: Decimal | None) -> None:
        if self.opening is None and _OPENING.search(fold(" ".join(line.cells))) and balance is not None:
            self.opening = balance
            return self._skip(line, "opening")
        return self._skip(line, "total" if _TOTAL.search(fold(" ".join(line.cells))) else "no_sum")

    def _open(self, line: Line) -> None:
        try:
            read = read_sum(self.cell(line, Meaning.BALANCE), self.mapping.comma)
        except ValueError:
            return
        if isinstance(read, Sum):
            self.opening = read.value * self.mapping.scale

    def _skip(self, line: Line, reason: str) -> None:
        self.skipped.append(Skipped(line.number, reason, " ".join(cell for cell in line.cells if cell)[:_TEXT_MAX]))


def _day_in(line: Line) -> bool:
    """Whether some cell of a line is a whole day, as no total and no footer has beside a sum."""
    for cell in line.cells:
        if len(cell) >= 8:
            with suppress(ValueError, OverflowError):
                when = read_when(cell)
                if when is not None and when.day is not None:
                    return True
    return False
