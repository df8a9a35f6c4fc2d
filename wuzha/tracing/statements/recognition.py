"""Which line is the header, and which column means what: by the titles' words, then by what the columns hold.

Theory. A line is a header when its titles name a time and a sum. The words propose; the values dispose: a "time"
column that holds clocks is a clock, an "amount" column that holds no numbers is none, a "type" column that holds
only 借 and 贷 is the mark. A header may take two lines (收入 and 支出 under 交易金额); then the titles are joined.
Where there is no header at all, the columns may still be read if their values prove it: days, and sums that keep a
running balance true in every line. Everything else is refused with what is lacking.
"""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from wuzha.tracing.statements.cells import When, is_blank, read_clock, read_when
from wuzha.tracing.statements.limits import HEADER_SEARCH_ROWS_MAX, SAMPLE_ROWS_MAX, SECTION_SEARCH_CELLS_MIN
from wuzha.tracing.statements.marks import direction_of_mark, is_plain_mark
from wuzha.tracing.statements.meanings import DateOrder, Mapping, Meaning
from wuzha.tracing.statements.sums import MASKED, read_sum
from wuzha.tracing.statements.tables import Line
from wuzha.tracing.statements.vocabulary import is_month_day, meaning_of, plain_title, unit_of

TIMES = (Meaning.TIME, Meaning.DATE, Meaning.POSTED)
SUMS = (Meaning.AMOUNT, Meaning.IN_AMOUNT, Meaning.OUT_AMOUNT)
FIT_MIN = 0.6
SUMS_MIN = 0.3  # a column of sums with many bad ones is still that: its bad line is refused, not forgotten
CODE_LENGTH_MAX = 2  # a bank's own code for a direction: 1, 2, 01
_BEFORE = re.compile(r"实付|balancechange|记账|入账|结算|到账|清算|本币")
_NET = re.compile(
    r"结算|到账|净额|实收|net"
)  # beside a fee column: the sum less the fee; the gross sum is what was paid
_LABELLED = re.compile(r"[:：]\s*[^)）]*\d")
_AFTER = re.compile(r"订单|交易地|原币|原始|外币|utc|优惠|应付")


@dataclass(frozen=True, slots=True)
class Header:
    """A header found: index of its first line in the table, how many lines it takes, its titles and meanings."""

    index: int
    height: int
    titles: tuple[str, ...]
    meanings: tuple[tuple[Meaning, float] | None, ...]

    @property
    def worth(self) -> float:
        """Sum of the scores of distinct meanings: what one header is preferred over another by."""
        best: dict[Meaning, float] = {}
        for found in self.meanings:
            if found:
                best[found[0]] = max(best.get(found[0], 0.0), found[1] * (0.3 if found[0] is Meaning.OTHER else 1.0))
        return sum(best.values())

    @property
    def usable(self) -> bool:
        """Whether the titles name a time and a sum, and most of them are known."""
        named = {found[0] for found in self.meanings if found}
        titles = sum(1 for title in self.titles if title)
        known = sum(1 for found in self.meanings if found)
        return bool(named & set(TIMES)) and bool(named & set(SUMS)) and known >= 2 and known * 2 >= titles


def header_at(lines: Sequence[Line], index: int) -> Header | None:
    """The header that begins at `index`, of one line or of two, or None."""
    line = lines[index]
    if line.filled < 2 or _holds_values(line):
        return None
    one = _header(index, 1, line.cells)
    below = lines[index + 1] if index + 1 < len(lines) else None
    if below is not None and below.filled and not _holds_values(below):
        two = _header(index, 2, _joined(line.cells, below.cells))
        alone = _header(index + 1, 1, below.cells)
        below_known = sum(1 for cell in below.cells if cell and meaning_of(cell))
        if two.usable and below_known * 2 >= below.filled and (not one.usable or two.worth > one.worth + 0.5):
            return None if alone.usable and alone.worth >= two.worth else two
        if one.usable and alone.usable:  # the same titles again in another language
            return Header(index, 2, one.titles, one.meanings)
    return one if one.usable else None


def _header(index: int, height: int, titles: Sequence[str]) -> Header:
    return Header(index, height, tuple(titles), tuple(map(_title_meaning, titles)))


def _title_meaning(title: str) -> tuple[Meaning, float] | None:
    """What a title means; "支出总额：1,234.00" is no title, it has its value with it."""
    return None if _LABELLED.search(title) else meaning_of(title)


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    width = max(len(above), len(below))
    titles, carried = [], ""
    for position in range(width):
        top = above[position] if position < len(above) else ""
        bottom = below[position] if position < len(below) else ""
        carried = top or carried
        titles.append(f"{carried}{bottom}" if bottom and not top else f"{top}{bottom}")
    return titles


def _holds_values(line: Line) -> bool:
    """Whether a line has a day or a decimal sum in it, as data lines have and headers have not."""
    for cell in line.cells:
        if len(cell) >= 4 and any(mark.isdigit() for mark in cell) and not meaning_of(cell):
            if re.fullmatch(r"[+-]?[¥$]?[\d,]+\.\d+", cell):
                return True
            try:
                when = read_when(cell, DateOrder.DAY_FIRST)
            except (ValueError, OverflowError):
                continue
            if when and when.day and len(cell) >= 6:
                return True
    return False


def find_header(lines: Sequence[Line], start: int = 0) -> Header | None:
    """The best usable header within the search limit: the first, unless a later neighbour is clearly richer."""
    for index in range(start, min(len(lines), start + HEADER_SEARCH_ROWS_MAX)):
        if found := header_at(lines, index):
            return found
    return None


def same_header(line: Line, header: Header, titles: Sequence[str]) -> bool:
    """Whether a line repeats the first (or the only) line of the header, as prints do on each page."""
    if line.filled < SECTION_SEARCH_CELLS_MIN and line.filled < sum(1 for title in titles if title):
        return False
    if not line.cells or plain_title(line.cells[0]) != plain_title(titles[0]):
        return False
    return [plain_title(cell) for cell in line.cells] == [plain_title(title) for title in titles]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the filled cells of one column are: shares of readable days, moments, clocks, sums, marks."""

    filled: int
    days: float
    moments: float
    clocks: float
    sums: float
    marks: float
    plain_marks: float  # marks that cannot be a summary's words
    length: int  # of the longest value


ALL_ASPECTS = frozenset({"when", "sum", "mark"})
_ASPECTS = {
    **dict.fromkeys((*TIMES, Meaning.CLOCK), frozenset({"when"})),
    **dict.fromkeys((*SUMS, Meaning.BALANCE, Meaning.FEE, Meaning.MARK), frozenset({"sum", "mark"})),
    **dict.fromkeys((Meaning.KIND, Meaning.SUMMARY), frozenset({"mark"})),
}


def evidence_of(values: Sequence[str], aspects: frozenset[str] = ALL_ASPECTS) -> Evidence:
    """Evidence from a column's sample, looked at under the aspects asked for; a share not looked at is 0."""
    filled = Counter(value for value in values if not is_blank(value))
    count: Counter[str] = Counter()
    for value, times in filled.items():
        if "when" in aspects:
            when = _when_either(value)
            if when is not None and when.day is not None:
                count["days"] += times
                count["moments"] += times * (when.clock is not None)
            with suppress(ValueError, OverflowError):
                count["clocks"] += times * (read_clock(value) is not None)
        if "sum" in aspects:
            count["sums"] += times * _is_sum(value)
        if "mark" in aspects:
            count["marks"] += times * (direction_of_mark(value) is not None)
            count["plain"] += times * is_plain_mark(value)
    total = max(1, filled.total())
    return Evidence(
        filled=filled.total(),
        days=count["days"] / total,
        moments=count["moments"] / total,
        clocks=count["clocks"] / total,
        sums=count["sums"] / total,
        marks=count["marks"] / total,
        plain_marks=count["plain"] / total,
        length=max(map(len, filled), default=0),
    )


def _is_sum(value: str) -> bool:
    for comma in (False, True):
        with suppress(ValueError):
            read = read_sum(value, comma)
            return read is not None and (read is MASKED or len(value) < 24)
    return False


def _when_either(value: str) -> When | None:
    for order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST):
        with suppress(ValueError, OverflowError):
            return read_when(value, order)
    return None


def map_columns(header: Header, sample: Sequence[Line]) -> Mapping:
    """The mapping that titles propose and values confirm. `lacks` stays empty here; conventions are found later."""
    width = max([len(header.titles), *(len(line.cells) for line in sample[:SAMPLE_ROWS_MAX])])
    columns: dict[Meaning, list[tuple[float, int]]] = {}
    scores: dict[int, float] = {}
    evidence = {}
    has_fee = any(found and found[0] is Meaning.FEE for found in header.meanings)
    for position in range(width):
        values = [line.cells[position] for line in sample[:SAMPLE_ROWS_MAX] if position < len(line.cells)]
        found = header.meanings[position] if position < len(header.meanings) else None
        if position < len(header.titles) and is_month_day(header.titles[position]):
            values = [value.replace(".", "-") for value in values]
        evidence[position] = evidence_of(values, _ASPECTS.get(found[0], frozenset()) if found else frozenset())
        if found is None:
            continue
        meaning = _confirmed(found[0], evidence[position])
        if meaning is None:
            continue
        title = plain_title(header.titles[position])
        rank = found[1] + (0.5 if _BEFORE.search(title) else 0) - (0.5 if _AFTER.search(title) else 0)
        if has_fee and _NET.search(title):
            rank -= 1.0
        columns.setdefault(meaning, []).append((-rank, position))
        scores[position] = found[1]
    chosen = {meaning: tuple(position for _rank, position in sorted(held)) for meaning, held in columns.items()}
    _settle(chosen, evidence, header)
    summed = [position for meaning in SUMS for position in chosen.get(meaning, ())]
    units = {unit_of(header.titles[p]) for p in summed if p < len(header.titles)}
    scale = units.pop() if len(units) == 1 else Decimal(1)
    return Mapping(header.titles, 0, {m: held for m, held in chosen.items() if held}, scores, scale=scale)


def _confirmed(meaning: Meaning, seen: Evidence) -> Meaning | None:
    if meaning in (*TIMES, Meaning.CLOCK) and seen.filled:
        if seen.days >= FIT_MIN:
            if seen.clocks >= seen.days and meaning in (Meaning.CLOCK, Meaning.TIME) and not seen.moments:
                return Meaning.CLOCK
            return meaning if meaning is Meaning.POSTED else Meaning.TIME if seen.moments >= FIT_MIN else Meaning.DATE
        if meaning is Meaning.DATE and seen.clocks < FIT_MIN:
            return meaning if seen.days or seen.filled < 3 else None
        return Meaning.CLOCK if seen.clocks >= FIT_MIN else meaning
    if meaning in (*SUMS, Meaning.BALANCE, Meaning.FEE) and seen.filled and seen.sums < SUMS_MIN:
        if seen.marks >= FIT_MIN and meaning in SUMS:
            return Meaning.MARK
        return None if meaning in (Meaning.BALANCE, Meaning.FEE) or seen.filled > 2 else meaning
    if (
        meaning is Meaning.MARK
        and seen.filled
        and not seen.marks
        and seen.sums >= FIT_MIN
        and seen.length > CODE_LENGTH_MAX
    ):
        return Meaning.AMOUNT
    return meaning


_ENDS = ((Meaning.PAYER_ACCOUNT, Meaning.PAYER_NAME), (Meaning.PAYEE_ACCOUNT, Meaning.PAYEE_NAME))


def _settle(chosen: dict[Meaning, tuple[int, ...]], evidence: dict[int, Evidence], header: Header) -> None:
    """Settle what only the whole line-up of columns can tell."""
    if not chosen.get(Meaning.MARK):
        for position in (*chosen.get(Meaning.KIND, ()), *chosen.get(Meaning.SUMMARY, ())):
            if evidence[position].filled and evidence[position].plain_marks >= 0.99:
                chosen[Meaning.MARK] = (position,)
                for meaning in (Meaning.KIND, Meaning.SUMMARY):
                    chosen[meaning] = tuple(p for p in chosen.get(meaning, ()) if p != position)
                break
    one_sided = bool(chosen.get(Meaning.IN_AMOUNT)) != bool(chosen.get(Meaning.OUT_AMOUNT))
    if one_sided and not chosen.get(Meaning.AMOUNT):
        side = Meaning.IN_AMOUNT if chosen.get(Meaning.IN_AMOUNT) else Meaning.OUT_AMOUNT
        if re.search(r"入账|支付|收付", header.titles[chosen[side][0]]) or chosen.get(Meaning.MARK):
            chosen[Meaning.AMOUNT] = chosen.pop(side)
    elif one_sided:
        for side in (Meaning.IN_AMOUNT, Meaning.OUT_AMOUNT):
            chosen.pop(side, None)
    for account, name in _ENDS:  # 转出账户 beside 转出人: the second is a name
        named = tuple(p for p in chosen.get(account, ()) if re.search(r"[人方]$", plain_title(header.titles[p])))
        if not chosen.get(name) and 0 < len(named) < len(chosen[account]):
            chosen[name] = named
            chosen[account] = tuple(p for p in chosen[account] if p not in named)
    for meaning in SUMS:
        held = chosen.get(meaning, ())
        if len(held) > 1:
            chosen[meaning] = tuple(p for p in held if evidence[p].filled) or held[:1]
    serials = chosen.get(Meaning.SERIAL, ())
    if len(serials) > 1:
        chosen[Meaning.SERIAL] = tuple(p for p in serials if evidence[p].filled) or serials[:1]
