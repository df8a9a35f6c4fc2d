"""Sums that stand together: the lower end of a range, the items of a list, rows of bare numbers.

Theory. People name what they count once: 3到5万元, 200、300、400元, "转过五次：520、1314、5200". A number beside a sum
borrows its unit and currency when only a list mark stands between; a row of at least ROW_LENGTH_MIN bare numbers is a
row of sums when words of paying open it.
"""

from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal

from wuzha.intake.leads import amount_words as words
from wuzha.intake.leads.numbers import Number

BARE_AMOUNT_MAX = 10**8  # longer rows of digits are numbers of something
BARE_AMOUNT_MIN = 10  # a bare "转了3" is a count more often than a sum
CHAIN_GAP_MAX = 10
LIST_LENGTH_MAX = 50
LIST_VALUE_MIN = 50  # 1、5000元 is the first item of a list, not two sums
ROW_LENGTH_MIN = 3
ROW_REACH = 24
BARE_TOGETHER_MIN = 2
SENTENCE_REACH = 80
LONE_SUM_MIN = 100
TAIL_LENGTH_MAX = 4  # the last digits by which a bank names an account
TALK_BEFORE, TALK_AFTER = 12, 6
WIDE_REACH = 60
ROUND_UNIT_MIN = 100
OTHERS_MIN = 2
CARD_REACH = 20
LATIN_NAMED_MAX = 10_000  # iPhone 15 Pro 256, RTX 4060
_SENTENCE_ENDS = "。！!？?\n;；"
_NO_SUM_BESIDE = tuple('./_@#%％&\\*~号“”"')

_NO_SUM_BEFORE = tuple(mark for mark in _NO_SUM_BESIDE if mark != "”")


@dataclass(frozen=True, slots=True)
class Found:
    """A sum as found: its words at start..end; `currency` None when none was said."""

    start: int
    end: int
    number: Number
    value: Decimal
    currency: str | None
    confidence: float
    why: tuple[str, ...]


def may_be_bare(face: str, start: int, end: int) -> bool:
    if words.NOT_MONEY_BEFORE.search(face, max(0, start - 4), start) or words.RATIO_AFTER.match(face, end):
        return False
    if words.MAYBE_IN_FOURS.match(face, end) or words.IN_FOURS_BEFORE.search(face, max(0, start - 2), start):
        whole = words.IN_FOURS.search(face, max(0, start - CARD_REACH), end + CARD_REACH)
        if whole and whole.start() <= start < whole.end() and words.OF_A_NUMBER.search(whole.group()):
            return False
    if words.RATIO_BEFORE.search(face, max(0, start - 8), start):
        return False
    counted = words.COUNTED.match(face, end)
    is_least = counted and counted.group() == "起" and words.LEAST.search(face, max(0, start - 2), start)
    if counted and not is_least:
        return False
    if words.SLASH_OF_LIST.search(face, max(0, start - 2), end + 2):
        whole = words.SLASHED.search(face, max(0, start - CARD_REACH), end + CARD_REACH)
        if whole is not None and whole.start() <= start < whole.end():
            return True
    is_plain = face[end - 1 : end].isdigit() and face[end - 1].isascii()
    if is_plain and face[start - 1 : start] in ("-", "/") and face[start - 2 : start - 1].isdigit():
        return False
    if (
        face[start - 1 : start] == "-"
        and face[start - 2 : start - 1].isascii()
        and face[start - 2 : start - 1].isalpha()
    ):
        return False  # R7-5800X
    following = face[end : end + 2]
    return not (
        (following[:1] in ("-", "/", "_", "@") and following[1:].isascii() and following[1:].isalnum())
        or (following[:1] == ":" and following[1:].isdigit())
        or (following[:1] == "." and following[1:].isdigit())
    )


def in_chain(face: str, before: Found, start: int, number: Number) -> Found | None:
    """5000、8000和12000: a bare number that follows a sum in one list."""
    if number.value < BARE_AMOUNT_MIN or number.value >= BARE_AMOUNT_MAX or not may_be_bare(face, start, number.end):
        return None
    if number.written == "chinese" and number.unit < 100:
        return None
    if start - before.end > CHAIN_GAP_MAX or not words.CHAIN.fullmatch(face, before.end, start):
        return None
    if not words.CLAUSE_END.match(face, number.end):
        return None
    return Found(start, number.end, number, number.value, before.currency, 0.65, ("list",))


def openings(face: str, pending: list[tuple[int, Number]], amount: Found) -> list[Found]:
    """What stands before a sum and shares its currency: the lower end of a range, the items of a list."""
    if not pending:
        return []
    start, number = pending[-1]
    if face[number.end : amount.start] != "、":
        opening = _range_opening(face, start, number, amount)
        return [opening] if opening else []
    if amount.currency is None or any(number.value < LIST_VALUE_MIN for _start, number in pending):
        return []
    if len(pending) == 1 and not words.LIST_OPENED.search(face, max(0, start - 4), start):
        return []
    return [
        Found(start, number.end, number, number.value, amount.currency, amount.confidence - 0.1, (*amount.why, "list"))
        for start, number in pending
    ]


def row_of_sums(face: str, row: list[tuple[int, Number]]) -> list[Found]:
    """Bare numbers one after the other, when words of paying open the row."""
    if len(row) < ROW_LENGTH_MIN:
        return []
    start, end = row[0][0], row[-1][1].end
    is_bare = all(
        BARE_AMOUNT_MIN <= number.value < BARE_AMOUNT_MAX and number.written == "arabic" for _start, number in row
    )
    if not is_bare or not words.LIST_CONTEXT.search(face, max(0, start - ROW_REACH), start):
        return []
    if words.COUNTED.match(face, end) or any(face[at] == "0" for at, _number in row):
        return []
    return [Found(at, number.end, number, number.value, None, 0.65, ("list",)) for at, number in row]


def of_context(face: str, found: list[Found], bare: list[tuple[int, Number]]) -> list[Found]:
    """Bare numbers in talk of money: a sum or another bare number stands in the same sentence; alone, when it has the
    shape of a sum and a word of money is near; over lines, when it is one of several.
    """
    taken = {amount.start for amount in found}
    candidates = [(at, number) for at, number in bare if at not in taken and _may_be_sum(face, at, number)]
    if not candidates:
        return []
    starts = sorted(taken)
    around = sorted({*starts, *(place for place, _number in candidates)})
    candidates = [(at, number) for at, number in candidates if _ends_as_sums_do(face, number, around, at)]
    sums = _in_one_sentence(face, starts, candidates)
    held = {amount.start for amount in sums}
    for place, number in candidates:
        if place in held or not _has_shape_of_sum(face, place, number):
            continue
        is_near = _talk_is_near(face, place, number)
        if is_near or _is_one_of_several(face, around, place):
            sums.append(
                Found(place, number.end, number, number.value, None, 0.55, ("price",) if is_near else ("list",))
            )
    return sums


def _are_sums(candidates: list[tuple[int, Number]]) -> bool:
    """Beside a sum, without a word of money: all of them as large as sums are."""
    return all(number.value >= LONE_SUM_MIN for _place, number in candidates)


def _has_shape_of_sum(face: str, at: int, number: Number) -> bool:
    return number.value >= LONE_SUM_MIN or face[number.end - 3 : number.end - 2] == "."


def _talk_is_near(face: str, at: int, number: Number) -> bool:
    begin, end = _sentence(face, at)
    begin, end = max(begin, at - TALK_BEFORE), min(end, number.end + TALK_AFTER)
    return words.TALK_OF_MONEY.search(face, begin, end) is not None


def _others_around(around: list[int], at: int) -> int:
    return bisect_left(around, at + WIDE_REACH) - bisect_left(around, at - WIDE_REACH) - 1


def _ends_as_sums_do(face: str, number: Number, around: list[int], at: int) -> bool:
    """What follows lets a sum end; among several numbers anything may follow that counts or names nothing."""
    if words.NAME_AFTER.match(face, number.end):
        return False
    return (
        words.CLAUSE_END.match(face, number.end) is not None
        or words.CLAUSE_GOES_ON.match(face, number.end) is not None
        or words.MOVED_AFTER.match(face, number.end) is not None
        or words.PER.match(face, number.end) is not None
        or _others_around(around, at) >= OTHERS_MIN
    )


def _is_one_of_several(face: str, around: list[int], at: int) -> bool:
    begin, end = max(0, at - WIDE_REACH), at + WIDE_REACH
    return (
        _others_around(around, at) >= OTHERS_MIN
        and words.TALK_OF_MONEY.search(face, begin, min(len(face), end)) is not None
    )


def _in_one_sentence(face: str, starts: list[int], candidates: list[tuple[int, Number]]) -> list[Found]:
    sums: list[Found] = []
    at = 0
    while at < len(candidates):
        start = candidates[at][0]
        begin, end = _sentence(face, start)
        size = 1
        while at + size < len(candidates) and candidates[at + size][0] < end:
            size += 1
        has_sum = bisect_left(starts, begin) < bisect_left(starts, end)
        is_talk = words.TALK_OF_MONEY.search(face, begin, end) is not None
        if (has_sum and (is_talk or _are_sums(candidates[at : at + size]))) or (size >= BARE_TOGETHER_MIN and is_talk):
            sums.extend(
                Found(place, number.end, number, number.value, None, 0.6, ("list",))
                for place, number in candidates[at : at + size]
            )
        at += size
    return sums


def _sentence(face: str, at: int) -> tuple[int, int]:
    """Where the sentence around a place begins and ends, SENTENCE_REACH characters away at most."""
    floor, ceiling = max(0, at - SENTENCE_REACH), min(len(face), at + SENTENCE_REACH)
    begin = max((face.rfind(mark, floor, at) for mark in _SENTENCE_ENDS), default=-1)
    ends = [end for mark in _SENTENCE_ENDS if (end := face.find(mark, at, ceiling)) >= 0]
    return (begin if begin >= 0 else floor), (min(ends) if ends else ceiling)


def _may_be_sum(face: str, at: int, number: Number) -> bool:
    """A plain number that nothing around it counts, numbers or names."""
    said = face[at : number.end]
    if number.value >= BARE_AMOUNT_MAX or not may_be_bare(face, at, number.end):
        return False
    if words.POINTS_BEFORE.search(face, max(0, at - words.REACH), at):
        return False
    if number.unit >= ROUND_UNIT_MIN:
        return _is_said_as_sums_are(face, at, number)
    if number.written != "arabic":
        return False
    has_cents = words.CENTS.search(said) is not None
    if number.value < (Decimal("0.01") if has_cents else BARE_AMOUNT_MIN) or (said[0] == "0" and said[1:2] != "."):
        return False
    if number.value in words.YEARS and number.value % 100 and not has_cents and not _is_priced(face, at, number):
        return False
    before, after = face[at - 1 : at], face[number.end : number.end + 1]
    if words.MEMORY_BEFORE.search(face, max(0, at - 4), at) or words.CALLING.search(face, max(0, at - words.REACH), at):
        return False
    is_priced = words.PRICE_EACH.match(face, number.end) is not None
    if len(said) <= TAIL_LENGTH_MAX and not is_priced and words.TAIL_OF_ACCOUNT.search(face, max(0, at - 4), at):
        return False
    if number.value < LONE_SUM_MIN and (
        face[number.end : number.end + 1] == "分" or words.MODEL_BEFORE.search(face, max(0, at - 2), at)
    ):
        return False
    if words.COUNTED_RANGE.match(face, number.end) or words.EMERGENCY.search(face, max(0, at - 2), number.end):
        return False
    if number.value < LATIN_NAMED_MAX and words.MODEL_AFTER.match(face, number.end):
        return False
    if number.value < LATIN_NAMED_MAX and words.LATIN_NAME_BEFORE.search(face, max(0, at - words.REACH), at):
        return False
    is_slashed = "/" in (before, after) and words.SLASHED.search(face, max(0, at - CARD_REACH), at + CARD_REACH)
    is_latin = (before.isascii() and before.isalnum()) or (after.isascii() and after.isalnum())
    if is_latin or (before in (*_NO_SUM_BEFORE, "×", "✕") and not is_slashed):
        return False
    if after in _NO_SUM_BESIDE and after != "“" and not (is_slashed or words.PER.match(face, number.end)):
        return False
    is_generation = after == "后" and number.value < 100  # 90后
    if is_generation or "*" in face[max(0, at - 3) : number.end + 3]:
        return False
    if after and after in "多余来几" and words.COUNTED.match(face, number.end + 1):
        return False
    if words.SERVICE_LINE.fullmatch(said) or words.SIZE.match(face, number.end):
        return False
    return said not in words.PUBLIC_LINES and not words.NAMED_BEFORE.search(face, max(0, at - words.REACH), at)


def _is_priced(face: str, at: int, number: Number) -> bool:
    """两个火箭2002，: the price of what is counted before it, though it looks like a year."""
    begin = max(0, at - words.REACH)
    is_counted = words.COUNTED_THING.search(face, begin, at) is not None
    return is_counted and words.STOP.match(face, number.end) is not None


def _is_said_as_sums_are(face: str, at: int, number: Number) -> bool:
    """4千, 三千, 12.6w: said in round units, and nothing behind it is counted; Chinese ones end their clause."""
    if number.value < LONE_SUM_MIN or words.CALLING.search(face, max(0, at - words.REACH), at):
        return False
    if words.COUNTING.search(face, max(0, at - words.REACH), at) or face[at : number.end] in words.IDIOMS:
        return False
    if face[number.end : number.end + 1] in tuple("多余来") and words.COUNTED.match(face, number.end + 1):
        return False
    return number.written != "chinese" or words.OF_KINDS.match(face, number.end) is None


def _range_opening(face: str, start: int, number: Number, amount: Found) -> Found | None:
    """The lower end of "3到5万元": it takes unit and currency from the upper one."""
    mark = words.RANGE_MARK.match(face, number.end)
    if mark is None or mark.end() != amount.start or "、" in mark.group():
        return None
    value = number.value
    if number.unit < amount.number.unit:
        scaled = value * amount.number.unit
        value = scaled if scaled <= amount.number.value else value
    if value > amount.value or value <= 0:
        return None
    return Found(start, number.end, number, value, amount.currency, amount.confidence - 0.1, (*amount.why, "range"))
