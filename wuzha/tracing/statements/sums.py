"""Sums as banks write them, exact and with their sign.

Theory. Sums are decimals, never floats. A masked sum ("xx,yyy.zz") is known to be there and unknown in value. Which of
"." and "," stands before the cents is asked of the whole column (`cents_mark`), since "1.234" alone says nothing;
"1,234.50" and "1.234,50" in one column are two habits, and the rarer one is refused with its line.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from wuzha.kernel.identifiers.digits import narrow
from wuzha.tracing.statements.cells import clean, is_blank
from wuzha.tracing.statements.currencies import currency_of_mark
from wuzha.tracing.statements.limits import AMOUNT_DECIMALS_MAX, REMEMBERED_CELLS_MAX


@dataclass(frozen=True, slots=True)
class Sum:
    """A written sum: value with its sign, currency if the cell names one, mark if it ends in CR/DR/借/贷."""

    value: Decimal
    currency: str = ""
    mark: str = ""


MASKED = "masked"
_PLAIN = re.compile(r"-?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,4})?")
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d{1,18})(?:\.\d*)?|\.\d+")  # also 12,34,567.00
_SMALL_EXPONENT = re.compile(r"(\d(?:\.\d+)?)[Ee]-(\d{1,2})")
_SUM = re.compile(
    r"(?P<open>\()?(?P<s1>[+-])?(?P<unit>[^\d\s.,()+-]{1,5})?(?P<s2>[+-])?(?P<number>[\d.,]+(?:[Ee]-\d{1,2})?)"
    r"(?P<s3>[+-])?(?P<close>\))?(?P<tail>[^\d\s.,+-]{1,12})?"
)
_ANNOTATION = re.compile(r"\([^()]*[退还][^()]*\)$")  # "100.00(已全额退款)"
_DEBIT_TAILS = {"dr": "dr", "cr": "cr", "d": "dr", "c": "cr", "借": "dr", "贷": "cr", "貸": "cr"}
_WAYS = {
    **dict.fromkeys(("收入", "存入", "转入", "入账", "收"), "cr"),
    **dict.fromkeys(("支出", "支取", "转出", "出账", "支"), "dr"),
}  # "收入300.00元": the way of the money in the cell of its sum
_GAPS = {**dict.fromkeys(map(ord, " \u00a0\u2007\u2009\u202f'’"), None), ord("−"): "-", ord("–"): "-", ord("，"): ","}
_SWAPPED = str.maketrans(".,", ",.")
_DIGITS = re.compile(r"\d[\d.,]*\d|\d")


@lru_cache(maxsize=REMEMBERED_CELLS_MAX)
def read_sum(text: str, comma: bool = False) -> Sum | str | None:
    """The sum in a cell: a `Sum`, MASKED, or None when blank. ValueError when it is none of them.

    comma: the column writes its cents behind a comma. Reads "1,234.50", "-¥3.00", "(12.00)", "12.00-", "12.00 CR",
    "８．５", "8,000.00(CN)", "1.9E-4", "HK$5", "1’234.50", "12,34,567.00"; refuses the other habit's cents, and
    rounded "1.2E+5", whose cents are not there.
    """
    if not comma and _PLAIN.fullmatch(text):
        return Sum(Decimal(text.replace(",", "")))
    text = clean(text)
    text = (text if text.isascii() else narrow(text)).translate(_GAPS)
    text = _ANNOTATION.sub("", text)
    if is_blank(text):
        return None
    if comma:
        text = text.translate(_SWAPPED)
    match = _SUM.fullmatch(text)
    if match is None or len(text) > 48:
        if len(text) <= 24 and re.fullmatch(r"[¥$+-]?[xXyYzZ*#\d.,]+", text) and re.search(r"[xXyYzZ*#]", text):
            return MASKED
        raise ValueError(text[:40])
    number = match["number"]
    if small := _SMALL_EXPONENT.fullmatch(number):
        value = Decimal(small[1]).scaleb(-int(small[2]))
    elif _NUMBER.fullmatch(number):
        value = Decimal(number.replace(",", "").rstrip(".") or "0")
    else:
        raise ValueError(text[:40])
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -AMOUNT_DECIMALS_MAX:
        raise ValueError(text[:40])
    signs = [sign for sign in (match["s1"], match["s2"], match["s3"]) if sign]
    bracketed = bool(match["open"] and match["close"])
    if len(signs) + bracketed > 1 or (match["open"] and not match["close"]):
        raise ValueError(text[:40])
    if bracketed or "-" in signs:
        value = -value
    return _with_marks(value, match["unit"] or "", match["tail"] or "", bool(match["close"]) and not bracketed, text)


def _with_marks(value: Decimal, unit: str, tail: str, closed: bool, text: str) -> Sum:
    mark = ""
    currency = ""
    if closed:
        raise ValueError(text[:40])
    for word in (unit, tail.strip("()（）").lower()):
        way = next((way for way in _WAYS if word.startswith(way)), "")
        if way:
            mark, word = _WAYS[way], word.removeprefix(way).lstrip(":")
        if not word:
            continue
        if word.lower() in _DEBIT_TAILS:
            mark = _DEBIT_TAILS[word.lower()]
        elif found := currency_of_mark(word):
            currency = found
        elif word in unit or not re.fullmatch(r"[a-z]{2}", word):  # "(CN)": the country a card was used in
            raise ValueError(text[:40])
    return Sum(value, currency, mark)


@lru_cache(maxsize=REMEMBERED_CELLS_MAX)
def cents_mark(text: str) -> str:
    """Which mark stands before the cents of a written sum: ".", ",", or "" when the cell does not tell."""
    found = _DIGITS.search((text if text.isascii() else narrow(text)).translate(_GAPS))
    if found is None:
        return ""
    number = found[0]
    dots, commas = number.count("."), number.count(",")
    if dots and commas:
        return "." if number.rindex(".") > number.rindex(",") else ","
    if dots + commas == 0:
        return ""
    mark, other = (".", ",") if dots else (",", ".")
    if dots + commas > 1:
        return other  # it stands between the thousands
    head, _mark, tail = number.partition(mark)
    return "" if len(tail) == 3 and len(head) <= 3 and not head.startswith("0") else mark


def comma_before_cents(texts: Iterable[str]) -> bool:
    """Whether more of these cells write their cents behind a comma than behind a dot."""
    told = Counter(map(cents_mark, texts))
    return told[","] > told["."]
