"""How a whole table writes: the order of its days, the sense of its signs, its years; found from all of its lines.

Theory. Three witnesses tell the sense of a sum, in this order: the printed running balance (arithmetic, which
cannot be argued with), the marks and columns, the words. The balance overrules the others when it contradicts them
in nearly every line: then the table is written from the other side of the books and is turned whole, with a note.
What no witness tells is refused, naming what is lacking; nothing is guessed line by line.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from wuzha.kernel.identifiers.digits import narrow
from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statements.cells import NO_YEAR
from wuzha.tracing.statements.drafts import Draft
from wuzha.tracing.statements.marks import direction_of_words
from wuzha.tracing.statements.meanings import DateOrder, Direction, Mapping, Meaning, Positive
from wuzha.tracing.statements.model import Note, Preamble
from wuzha.tracing.statements.recognition import SUMS, TIMES
from wuzha.tracing.statements.sums import cents_mark
from wuzha.tracing.statements.tables import Line
from wuzha.tracing.statements.witness import HIT_SHARE_MIN, HITS_MIN, balance_hits, read_off_balance

HIT_LEAD_MIN = 3
CENTS_ASKED_MAX = 1_000  # sums asked for their decimal mark
_TAIL = re.compile(r"[末后]\s?[四4]\s?位|last (?:four|4)", re.IGNORECASE)
_PAID_BACK = re.compile(r"退货|退款|撤销|冲正|提现|出款|refund|void")
_PAID_OUT = re.compile(r"提现|出款")
_TURNED = {Direction.IN: Direction.OUT, Direction.OUT: Direction.IN}
_LOOSE_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")


def date_order_of(file: str, mapping: Mapping, lines: Iterable[Line]) -> DateOrder | None:
    """The order of the parts of days such as 03/04/2024, from the whole column; None when every year stands first.

    Refusal "statement.date_order" when both orders fit every line and put them in different sequences.
    """
    pairs: list[tuple[int, int, int]] = []
    sample = ""
    positions = [position for meaning in TIMES for position in mapping.columns.get(meaning, ())]
    for line in lines:
        for position in positions:
            text = narrow(line.cells[position]) if position < len(line.cells) else ""
            if match := _LOOSE_DAY.match(text):
                pairs.append((int(match[1]), int(match[2]), int(match[3])))
                sample = sample or text
    if not pairs or mapping.date_order is not None:
        return mapping.date_order
    fits = []
    if all(b <= 12 and 1 <= a <= 31 for a, b, _c in pairs):
        fits.append(DateOrder.DAY_FIRST)
    if all(a <= 12 and 1 <= b <= 31 for a, b, _c in pairs):
        fits.append(DateOrder.MONTH_FIRST)
    two_digits = all(c < 100 for _a, _b, c in pairs)
    if two_digits and all(b <= 12 and 1 <= c <= 31 and 15 <= a <= 60 for a, b, c in pairs):
        fits = (
            [DateOrder.YEAR_FIRST] if not fits or all(a > 12 for a, _b, _c in pairs) else [*fits, DateOrder.YEAR_FIRST]
        )
    if len(fits) > 1 and "." in sample and DateOrder.DAY_FIRST in fits:
        return DateOrder.DAY_FIRST  # dots are written where the day stands first
    if len(fits) > 1:
        fits = [order for order in fits if _in_sequence(pairs, order)] or fits
    if len(fits) == 1:
        return fits[0]
    raise Refusal(
        "statement.date_order",
        _(
            "%(file)s writes days as “%(sample)s”, which can be read in two ways. Say date_order dmy or "
            "mdy in a template."
        ),
        file=file,
        sample=sample[:20],
    )


def _in_sequence(pairs: Sequence[tuple[int, int, int]], order: DateOrder) -> bool:
    """Whether the lines stand in time order (either way) and are not spread over months like misread days."""
    keys = []
    for a, b, c in pairs:
        year, month, day = (
            (a, b, c) if order is DateOrder.YEAR_FIRST else (c, b, a) if order is DateOrder.DAY_FIRST else (c, a, b)
        )
        keys.append((year, month, day))
    return len(set(keys)) > 1 and (keys == sorted(keys) or keys == sorted(keys, reverse=True))


def settle_comma(mapping: Mapping, lines: Iterable[Line]) -> tuple[Mapping, list[Note]]:
    """Whether the table writes its cents behind a comma, as most of its sums that tell do."""
    positions = [p for meaning in (*SUMS, Meaning.BALANCE) for p in mapping.columns.get(meaning, ())]
    marks = (cents_mark(line.cells[p]) for line in lines for p in positions if p < len(line.cells))
    told = Counter(islice((mark for mark in marks if mark), CENTS_ASKED_MAX))
    if told[","] <= told["."]:
        return mapping, []
    return replace(mapping, comma=True), [
        Note("decimal_comma", _("Sums are written with a comma before the cents and read so."))
    ]


def settle_years(file: str, drafts: Sequence[Draft], preamble: Preamble) -> list[Note]:
    """Put a year to days printed without one, from the statement's period. Refusal when no period is printed."""
    bare = [draft for draft in drafts if draft.day.year == NO_YEAR]
    if not bare:
        return []
    if not preamble.last_day:
        raise Refusal(
            "statement.lacks_year",
            _(
                "%(file)s, line %(line)s: days are printed without a year and no period stands above the "
                "table. Add a line such as 2024年01月 above it."
            ),
            file=file,
            line=bare[0].line.number,
        )
    last = date.fromisoformat(preamble.last_day)
    for draft in bare:
        year = last.year if (draft.day.month, draft.day.day) <= (last.month, 31) else last.year - 1
        try:
            draft.day = draft.day.replace(year=year)
        except ValueError:
            draft.day = draft.day.replace(
                year=year - 1 if _leap(year - 1) else year, day=28 if not _leap(year - 1) else 29
            )
    return [
        Note(
            "year_from_period",
            _("Days are printed without a year; it was taken from the period ending %(last)s."),
            (("last", preamble.last_day),),
        )
    ]


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def settle_directions(
    file: str, mapping: Mapping, preamble: Preamble, drafts: Sequence[Draft], words: Sequence[str]
) -> tuple[Mapping, list[Note]]:
    """Give every draft its direction. words: the type and summary of each draft. Returns the mapping as settled."""
    if not drafts:
        return mapping, []
    if all(draft.direction is not None for draft in drafts):
        return mapping, []
    if preamble.merchant and not any(draft.mark or draft.direction for draft in drafts):
        return _as_merchant(mapping, drafts, words)
    if all(draft.mark is not None or draft.direction is not None for draft in drafts):
        mapping = _by_marks(mapping, drafts)
    elif any(draft.value < 0 or draft.mark is not None for draft in drafts) or _is_card(mapping, preamble):
        _by_signs(mapping, drafts, card=_is_card(mapping, preamble))
        mapping = replace(mapping, positive=mapping.positive)
    else:
        return _unsigned(file, mapping, drafts, words)
    return _turned_by_witness(mapping, preamble, drafts, words)


def _by_marks(mapping: Mapping, drafts: Sequence[Draft]) -> Mapping:
    """Marks or columns decide; a minus that stands against its mark's habit is red ink, which takes back."""
    redundant = mapping.signs_redundant
    for mark in (Direction.IN, Direction.OUT):
        values = [draft.value for draft in drafts if draft.mark is mark]
        always_minus = bool(values) and all(value < 0 for value in values)
        minus_means_out = mark is Direction.OUT and always_minus
        all_minus = (
            mark is Direction.IN and always_minus and len(values) > 1 and all(draft.value < 0 for draft in drafts)
        )
        redundant = redundant or minus_means_out or all_minus
        for draft in drafts:
            if draft.mark is mark and draft.direction is None:
                draft.direction = mark
                if draft.value < 0 and not (minus_means_out or all_minus):
                    draft.direction, draft.reverses = mark.turned(), True
    for draft in drafts:
        draft.direction = draft.direction or draft.mark
    return replace(mapping, signs_redundant=redundant)


def _as_merchant(mapping: Mapping, drafts: Sequence[Draft], words: Sequence[str]) -> tuple[Mapping, list[Note]]:
    """An acquirer's statement: a sale comes in, what is paid back or paid out goes out."""
    for draft, text in zip(drafts, words, strict=True):
        back = _PAID_BACK.search(text) is not None
        draft.direction = Direction.OUT if draft.value < 0 or back else Direction.IN
        draft.reverses = back and not _PAID_OUT.search(text)
    note = Note("merchant_view", _("This is an acquirer's statement for a merchant: sales were read as money in."))
    return mapping, [note]


def _by_signs(mapping: Mapping, drafts: Sequence[Draft], *, card: bool) -> None:
    """Signs decide where no mark does. Beside marked sums a plain one is spending on a card, and else says nothing."""
    plus = Direction.OUT if mapping.positive is Positive.OUT else Direction.IN
    marked = any(draft.mark for draft in drafts)
    for draft in drafts:
        if draft.direction is None:
            signed = plus if draft.value > 0 else plus.turned()
            plain = Direction.OUT if card else Direction.NEUTRAL
            draft.direction = draft.mark or (plain if marked and draft.value > 0 else signed)


def _turned_by_witness(
    mapping: Mapping, preamble: Preamble, drafts: Sequence[Draft], words: Sequence[str]
) -> tuple[Mapping, list[Note]]:
    hits, turned, pairs = balance_hits(drafts)
    if turned >= HITS_MIN and turned >= HIT_LEAD_MIN * hits and turned >= HIT_SHARE_MIN * pairs:
        _turn(drafts)
        note = Note(
            "turned_by_balance",
            _(
                "The printed balance shows that the marks or signs are written from the other side; in "
                "and out were exchanged."
            ),
        )
        return replace(mapping, positive=Positive.OUT), [note]
    signed = not any(draft.mark for draft in drafts)
    if hits or not signed or mapping.template:
        return mapping, []
    agree = against = 0
    for draft, text in zip(drafts, words, strict=True):
        told = direction_of_words(text)
        agree += told is not None and told is draft.direction
        against += told is not None and told is not draft.direction
    if against > agree or (_is_card(mapping, preamble) and against >= agree):
        _turn(drafts)
        note = Note(
            "turned_by_words",
            _("This is a card statement on which a plain sum is spending; in and out were read accordingly."),
        )
        return replace(mapping, positive=Positive.OUT), [note]
    return mapping, []


def _is_card(mapping: Mapping, preamble: Preamble) -> bool:
    """Whether this is a card statement: it says so, or it names cards by their last digits and prints no balance."""
    tails = any(_TAIL.search(mapping.title_of(p)) for p in mapping.columns.get(Meaning.CARD, ()))
    return preamble.credit_card or (tails and not mapping.has(Meaning.BALANCE))


def _turn(drafts: Sequence[Draft]) -> None:
    for draft in drafts:
        if draft.direction in _TURNED:
            draft.direction = _TURNED[draft.direction]


def _unsigned(file: str, mapping: Mapping, drafts: Sequence[Draft], words: Sequence[str]) -> tuple[Mapping, list[Note]]:
    """Sums with neither mark nor sign: the running balance tells, else the words of every line, else refusal."""
    notes: list[Note] = []
    by_balance = read_off_balance(drafts)
    unknown = [position for position, draft in enumerate(drafts) if draft.direction is None and draft.mark is None]
    for position in unknown:
        drafts[position].direction = direction_of_words(words[position])
    still = [draft for draft in drafts if draft.direction is None and draft.mark is None]
    if still and by_balance and len(still) <= 1:
        still[0].direction = Direction.NEUTRAL
        notes.append(
            Note(
                "direction_unknown",
                _("Line %(line)s: neither mark, sign, balance nor words tell in from out."),
                (("line", str(still[0].line.number)),),
            )
        )
        still = []
    if still:
        raise Refusal(
            "statement.lacks_direction",
            _(
                "%(file)s, line %(line)s: nothing tells money in from money out (no mark, no sign, no "
                "balance that would). Name the column in a template."
            ),
            file=file,
            line=still[0].line.number,
        )
    code, text = (
        ("direction_by_balance", _("No marks are printed; in and out were read off the running balance."))
        if by_balance
        else ("direction_by_words", _("No marks are printed; in and out were read from each line's words. Check them."))
    )
    for draft in drafts:
        draft.direction = draft.direction or draft.mark
    return replace(mapping, by_balance=by_balance, positive=Positive.UNSIGNED), [Note(code, text), *notes]
