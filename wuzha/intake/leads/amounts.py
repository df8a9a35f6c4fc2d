"""Amounts of money in every spoken form, with their currency.

Theory. A number is money for one of four reasons, strongest first: a currency stands behind or before it (元, 块,
USDT, ￥); it is counted in 万 or 亿 and what follows is not something else that is counted so (人, 次, 粉丝); it
stands after a word of paying or losing (转了5000); it ends a range whose other end is money (3到5万). Numbers that
belong to something else (dates, accounts, addresses) are taken before amounts are looked for.
Amounts are decimal text in the currency's main unit; the currency is CNY unless words say otherwise.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from wuzha.intake.leads import amount_words as words
from wuzha.intake.leads.amount_lists import (
    BARE_AMOUNT_MAX,
    BARE_AMOUNT_MIN,
    LIST_LENGTH_MAX,
    LONE_SUM_MIN,
    Found,
    in_chain,
    may_be_bare,
    of_context,
    openings,
    row_of_sums,
)
from wuzha.intake.leads.cents import BLOCK_TAIL, digit_said, with_cents
from wuzha.intake.leads.currencies import COINS, SIGN_NAMES, SIGNS, UNITS
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.intake.leads.numbers import CHINESE_DIGITS, FUZZ, Number, decimal_text, read_number

AMOUNT_MAX = Decimal(10) ** 24
BARE_LARGE_MAX = Decimal(10) ** 14  # in ten thousands or hundred millions, without a currency


def _alternatives(words: Iterator[str] | list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_UNIT = re.compile(rf" {{0,2}}(?:[个枚] ?(?=[比以波狗莱泰BUbu]))?({_alternatives(list(UNITS))})")
_BEFORE_WORDS = [word for word in UNITS if len(word) > 1 and word not in ("块钱", "元钱", "个U", "个u")]
_BEFORE = re.compile(
    rf"("
    rf"{_alternatives([*SIGNS, *SIGN_NAMES, *_BEFORE_WORDS])}"
    rf")"
    r"[: ]{0,2}$"
)
_BEFORE_ENDS = frozenset(word[-1] for word in (*SIGNS, *SIGN_NAMES, *_BEFORE_WORDS)) | {":", " "}
_START = re.compile(
    rf"(?=[\d{CHINESE_DIGITS}十拾廿卅百千万])(?:(?<![\d.A-Za-z_])\d|(?<=[A-Za-z$])(?<![\d.])(?<!\d[A-Za-z])\d|"
    rf"[{CHINESE_DIGITS}十拾廿卅]"
    r"|[百千](?=[万亿])|(?<=[近上过超逾])万(?=[元余多])"
    rf"|(?<![{CHINESE_DIGITS}\d十百千万多余几个w])[万千](?=[二三四五六七八九](?![{CHINESE_DIGITS}十百千万])))"
)
_RANGE_BEGINS = tuple(" -~至到")
_LATIN = re.compile(r"[A-Za-z]")
_SUB_ALONE = re.compile(r" {0,1}(毛钱|毛|角|分钱)")
_AFTER = re.compile(r"(?:多|余|来|几|左右|上下)? {0,1}(?:人民币|RMB)?(?:钱|整)?")
_FUZZ_UNIT = re.compile(rf"[{FUZZ}](?=个(?:比特|泰达|USDT|usdt|以太|BTC)|{_alternatives(list(UNITS))})")


def find_amounts(
    text: str, face: str, is_free: Callable[[int, int], bool], free_from: Callable[[int], int]
) -> list[Lead]:
    """Every amount of `face` whose place `is_free`, in order; `free_from` tells the next place that is."""
    found: list[Found] = []
    for rough in words.ABOUT.finditer(face):
        if is_free(*rough.span()):
            value = Decimal({"百": 100, "千": 1000, "万": 10000}[rough.group(1)])
            about = Number(value, rough.end(), int(value), is_vague=True, written="chinese")
            found.append(Found(*rough.span(), about, value, "CNY", 0.8, ("currency", "vague")))
    at = 0
    pending: list[tuple[int, Number]] = []  # bare numbers that a following sum may turn into money
    bare: list[tuple[int, Number]] = []
    while match := _START.search(face, at):
        start = match.start()
        free = free_from(start)
        if free > start:
            at = free
            continue
        number = read_number(face, start)
        if number is None or not is_free(start, number.end):
            at = start + 1 if number is None or number.end <= start else number.end
            continue
        floor = found[-1].end if found else 0
        is_www = words.WWW.match(face, start) and words.WWW_BEFORE.search(face, max(0, start - 4), start)
        amount = None if is_www or _opens_range(face, number) else _judge(face, start, number, floor)
        if amount is None and found:
            amount = in_chain(face, found[-1], start, number)
        if amount is None:
            bare.append((start, number))
            if pending and face[pending[-1][1].end : start] not in words.LIST_MARKS:
                found.extend(row_of_sums(face, pending[-LIST_LENGTH_MAX:]))
                pending.clear()
            pending.append((start, number))
            at = number.end
            continue
        opened = openings(face, pending[-LIST_LENGTH_MAX:], amount)
        found.extend(opened or row_of_sums(face, pending[-LIST_LENGTH_MAX:]))
        pending.clear()
        found.append(amount)
        at = amount.end
    found.extend(row_of_sums(face, pending[-LIST_LENGTH_MAX:]))
    found.extend(of_context(face, found, bare))
    return [_lead(text, amount) for amount in sorted(found, key=lambda amount: amount.start)]


def _lead(text: str, found: Found) -> Lead:
    extra: dict[str, object] = {}
    if found.number.is_vague:
        extra["approximate"] = True
        if found.number.upper is not None:
            extra["upper"] = decimal_text(found.number.upper)
    return Lead(
        Kind.AMOUNT,
        text[found.start : found.end],
        found.start,
        found.end,
        decimal_text(found.value),
        found.confidence,
        found.why,
        found.currency or "CNY",
        extra,
    )


def _judge(face: str, start: int, number: Number, floor: int = 0) -> Found | None:
    """`floor`: where the sum before ends; its currency is not this one's."""
    end, value = number.end, number.value
    if value >= AMOUNT_MAX or (value == 0 and face[start:end].startswith("00")):
        return None
    sign, sign_start = _sign_before(face, start)
    if sign is not None and sign_start < floor:
        sign, sign_start = None, start
    if sign is None and _LATIN.match(face, max(0, start - 1)) and start:
        return None  # the inside of an address or a name
    fuzz = _FUZZ_UNIT.match(face, end)
    unit = _UNIT.match(face, fuzz.end() if fuzz else end)
    if unit and not _is_money_unit(face, start, number, unit):
        unit = None
    if unit:
        if words.NOT_MONEY_BEFORE.search(face, max(0, start - 3), start) and not sign:
            return None
        end = unit.end()
        currency = UNITS[unit.group(1)]
        if currency in ("CNY", "USD", "EUR", "HKD") and unit.group(1) not in ("人民币", "RMB", "rmb"):
            value, end = with_cents(face, end, value, is_spoken="块" in unit.group(1))
        end, other = _second_currency(face, end)
        # 三万元欧元, 9000元日币: the second name is the precise one.
        currency = sign if sign and sign != "CNY" and currency == "CNY" else (other or currency)
        begin = start if sign is None else sign_start
        return Found(begin, _trim(face, begin, end), number, value, currency, 0.98, ("currency",))
    if sign:
        after = _AFTER.match(face, end)
        stop = after.end() if after and after.group().strip() else end
        return Found(sign_start, stop, number, value, sign, 0.97, ("currency before",))
    coin = words.COIN_BEFORE.search(face, max(0, start - 12), start) if face[end : end + 1] in ("个", "枚") else None
    if coin and coin.start() >= floor:
        return Found(start, end + 1, number, value, UNITS[coin.group(1)], 0.75, ("currency before",))
    small = _SUB_ALONE.match(face, end)
    if small and number.unit <= 10 and number.last_unit <= 10 and "." not in str(value):
        if value == 1 and (words.NOT_A_COIN.match(face, small.end()) or face[start - 1 : start] in tuple("没无不")):
            return None
        if small.group(1) == "角" and not _is_paid(face, start):
            return None
        part = Decimal("0.01") if small.group(1) == "分钱" else Decimal("0.1")
        tail = BLOCK_TAIL.match(face, small.end()) if small.group(1) == "毛" else None  # 五毛五
        cents = Decimal(digit_said(tail.group(1)) or 0) / 100 if tail else Decimal(0)
        stop = tail.end() if tail else small.end()
        return Found(start, stop, number, value * part + cents, "CNY", 0.85, ("small coin",))
    return _judge_bare(face, start, number)


def _judge_bare(face: str, start: int, number: Number) -> Found | None:
    """A number without currency: money by its large unit, by the words around it, or by its clipped form."""
    end = number.end
    if not may_be_bare(face, start, end):
        return None
    following = face[end : end + 1]
    fuzz = 1 if following and following in "多余来" else 0
    if fuzz and words.COUNTED.match(face, end + 1):
        return None
    is_paid = _is_paid(face, start)
    if number.unit >= 10**4 and (number.value >= 100 or number.value == 0):
        return _judge_large(face, start, number, fuzz, is_paid=is_paid)
    has_letter = face[end - 1 : end] in tuple("kK")
    # 充了六四八: digits said one by one
    has_thousands = number.unit >= 100 or has_letter or (number.written == "chinese" and end - start >= 3)
    # 先充三十，
    is_round_ten = is_paid and number.unit == 10 and end - start == 2 and face[start - 1 : start] != "送"
    is_sum_said = has_thousands or (is_round_ten and words.STOP.match(face, end) is not None)
    has_cents = words.CENTS.search(face, start, end) is not None and number.value > 0
    is_in_bounds = (number.value >= BARE_AMOUNT_MIN or has_cents) and number.value < BARE_AMOUNT_MAX
    if (number.written == "chinese" and not is_sum_said) or not is_in_bounds:
        return None
    if (
        face[start:end] in words.PUBLIC_LINES
        or words.NUMBER_OF.match(face, end)
        or words.EMERGENCY.search(face, max(0, start - 2), end)
    ):
        return None
    if words.POINTS_BEFORE.search(face, max(0, start - words.REACH), start) or words.COUNTED_RANGE.match(face, end):
        return None
    if is_paid:
        return Found(start, end + fuzz, number, number.value, None, 0.8, ("paying",))
    if words.STATED.fullmatch(face, start, end):
        return Found(start, end, number, number.value, None, 0.75, ("price",))
    if has_letter and (
        words.LETTER_COUNT_THINGS.match(face, end) or words.SIZED_BEFORE.search(face, max(0, start - 3), start)
    ):
        return None
    is_ended = words.CLAUSE_END.match(face, end + fuzz) is not None
    is_money_like = "," in face[start:end] or has_thousands or face[end - 3 : end - 2] == "."
    if number.value >= LONE_SUM_MIN and words.PRICE_TIMES.match(face, end):
        return Found(start, end, number, number.value, None, 0.65, ("price",))
    if words.PRICE_EACH.match(face, end) and (number.value >= LONE_SUM_MIN or _is_clause_start(face, start)):
        return Found(start, end, number, number.value, None, 0.65, ("price",))
    if words.MOVED_AFTER.match(face, end):
        return Found(start, end, number, number.value, None, 0.7, ("paying",))
    if is_ended and words.SUM_NAMED.search(face, max(0, start - words.REACH), start):
        return Found(start, end + fuzz, number, number.value, None, 0.75, ("price",))
    if number.value < 100:
        return None
    if is_money_like and (_costs(face, start) or _is_whole_clause(face, start, end)):
        return Found(start, end + fuzz, number, number.value, None, 0.7, ("price",))
    if number.is_clipped and (is_ended or words.CLAUSE_GOES_ON.match(face, end + fuzz)):
        return Found(start, end + fuzz, number, number.value, None, 0.75, ("clipped",))
    if is_ended and _pays_somebody(face, start):
        return Found(start, end + fuzz, number, number.value, None, 0.62, ("paying",))
    if has_letter and words.CLAUSE_GOES_ON.match(face, end):
        return Found(start, end, number, number.value, None, 0.65, ("price",))
    return None


def _judge_large(face: str, start: int, number: Number, fuzz: int, *, is_paid: bool) -> Found | None:
    """Counted in 万 or 亿."""
    end = number.end
    is_idiom = face[start:end] in ("千万", "百万", "万一") or (
        face[start:end] == "十万" and words.TEN_THOUSAND_WHYS.match(face, end) is not None
    )
    if is_idiom and not (
        is_paid and words.PAID_JUST_NOW.search(face, max(0, start - 4), start) and not words.WARNING.match(face, end)
    ):
        return None
    if words.SIZED_BEFORE.search(face, max(0, start - 3), start):
        return None
    if not is_paid and words.COUNTING.search(face, max(0, start - words.REACH), start):
        return None
    if number.value > BARE_LARGE_MAX:
        return None
    if number.is_clipped and not is_paid and face[start] not in "万千":  # 两万六: only sums are clipped
        return Found(start, end, number, number.value, None, 0.85, ("ten thousands", "clipped"))
    # 万五 is 15,000 when paid; in a fee it is five in ten thousand.
    if face[start] in "万千" and number.is_clipped and not _is_whole_clause(face, start, end):
        is_rate = words.RATE_BEFORE.search(face, max(0, start - 6), start) is not None
        if is_rate or not is_paid:
            return None
    if not (is_paid or _costs(face, start) or words.CLAUSE_GOES_ON.match(face, end + fuzz)):
        return None
    confidence = 0.92 if is_paid else 0.85
    why = ("ten thousands", "paying") if is_paid else ("ten thousands",)
    return Found(start, end + fuzz, number, number.value, None, confidence, why)


def _pays_somebody(face: str, start: int) -> bool:
    begin = max(0, start - words.REACH)
    return (
        words.PAYING_SOMEBODY.search(face, begin, start) is not None
        and words.CALLING.search(face, begin, start) is None
    )


def _costs(face: str, start: int) -> bool:
    return words.COSTING.search(face, max(0, start - words.REACH), start) is not None


def _is_whole_clause(face: str, start: int, end: int) -> bool:
    """An answer of its own: "多少钱?三千八。" """
    return _is_clause_start(face, start) and words.CLAUSE_END.match(face, end) is not None


def _is_clause_start(face: str, start: int) -> bool:
    return start == 0 or face[start - 1] in " \n,，。;；!！?？、:"


def _is_paid(face: str, start: int) -> bool:
    begin = max(0, start - words.REACH)
    return words.PAYING.search(face, begin, start) is not None and words.CALLING.search(face, begin, start) is None


def _sign_before(face: str, start: int) -> tuple[str | None, int]:
    if face[start - 1 : start] not in _BEFORE_ENDS:
        return None, start
    match = _BEFORE.search(face, max(0, start - 10), start)
    if match is None:
        return None, start
    word = match.group(1)
    if word in ("元", "块", "圆", "刀", "U", "u"):
        return None, start
    before = face[match.start() - 1 : match.start()] if match.start() else ""
    # "5000美元3万": the name belongs to the number before it.
    if before.isdigit() or (before and before in "万亿千百十多余"):
        return None, start
    if word[0].isascii() and word[0].isalpha() and before.isascii() and before.isalnum():
        return None, start
    code = SIGNS.get(word) or SIGN_NAMES.get(word) or UNITS[word]
    return (None, start) if code in COINS and face[start - 1 : start] not in ": " else (code, match.start())


def _is_money_unit(face: str, start: int, number: Number, unit: re.Match[str]) -> bool:
    word, after = unit.group(1), face[unit.end() : unit.end() + 2]
    small_chinese = number.written == "chinese" and number.value < 10 and number.unit < 10
    if word in ("U", "u"):
        is_enough = number.value >= BARE_AMOUNT_MIN or _is_paid(face, start)
        return is_enough and not (after[:1].isascii() and after[:1].isalnum())
    if word[0].isascii() and after[:1].isascii() and after[:1].isalpha():
        return False
    if word == "r":
        return (number.value >= BARE_AMOUNT_MIN or _is_paid(face, start)) and not after[:1].isalnum() | (
            after[:1] == "_"
        )
    if word in ("元", "圆"):
        return not (small_chinese and words.PLACE_OR_WORD.match(after))
    if word == "块":
        if small_chinese and not (after[:1].isdigit() or (after[:1] and after[:1] in CHINESE_DIGITS + "半毛")):
            return number.value > 1 and not words.BLOCK_THINGS.match(after) and _is_paid(face, start)
        return not (number.value < 100 and words.BLOCK_THINGS.match(after))
    if word == "欧":
        return after[:1] not in tuple("洲美式盟阳姆拉文")
    if word == "刀":
        is_word = small_chinese and not _is_paid(face, start)  # 江湖一刀
        return not is_word and not words.WOUND.search(face, max(0, start - 3), start)
    if word in ("法郎", "里拉", "卢比", "令吉", "披索", "瑞尔"):
        return number.value >= 1
    return True


def _second_currency(face: str, end: int) -> tuple[int, str | None]:
    if face[end - 1] not in "元块":
        return end, None
    match = _UNIT.match(face, end)
    if match is None or match.group(1) in ("元", "块", "圆", "U", "u", "刀"):
        return end, None
    return match.end(), UNITS[match.group(1)]


def _trim(face: str, begin: int, end: int) -> int:
    """Take in 钱 and 整, which belong to the sum as said."""
    if face[end : end + 1] in ("钱", "整") and face[end : end + 2] not in (
        "钱包",
        "整个",
        "钱财",
        "整整",
        "整容",
        "整形",
    ):
        return end + 1
    return end


def _opens_range(face: str, number: Number) -> bool:
    """一千 in 一千到两千万元: what it is worth is told by the sum that follows."""
    if face[number.end : number.end + 1] not in _RANGE_BEGINS:
        return False
    mark = words.RANGE_MARK.match(face, number.end)
    if mark is None or mark.group().strip()[:1] not in tuple("-~至到"):
        return False
    upper = read_number(face, mark.end()) if mark.end() < len(face) else None
    return upper is not None and upper.unit > number.unit and _judge(face, mark.end(), upper) is not None
