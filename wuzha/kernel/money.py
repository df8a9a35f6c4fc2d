"""Money as integers of the currency's minor unit (fen for CNY), never floats.

Theory. A sum is a pair (amount in minor units, ISO 4217 code). Adding two currencies is a fault of the
program and raises ValueError; a text that is no sum is a fault of the input and raises Refusal.
Minor units per currency follow ISO 4217; USDT (no ISO code, but what launderers use) has the six places of its chains.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from wuzha.kernel.refusals import Refusal, _

AMOUNT_MINOR_MAX = 10**15  # ten thousand billion yuan: larger is a typing error, and 2**63 stays far away

MINOR_DIGITS = {
    "CNY": 2, "USD": 2, "EUR": 2, "GBP": 2, "HKD": 2, "MOP": 2, "TWD": 2, "SGD": 2, "AUD": 2, "CAD": 2,
    "CHF": 2, "THB": 2, "MYR": 2, "PHP": 2, "RUB": 2, "AED": 2, "JPY": 0, "KRW": 0, "VND": 0, "KWD": 3,
    "USDT": 6,
}  # fmt: skip

_AMOUNT = re.compile(r"\d{1,16}(?:\.\d{1,6})?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`amount_minor` units of `currency`; 8_500_000 of "CNY" is 85,000.00 yuan."""

    amount_minor: int
    currency: str = "CNY"

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")

    def __str__(self) -> str:
        return f"{format_minor(self.amount_minor, self.currency)} {self.currency}"


def digits_of(currency: str) -> int:
    """Minor digits of a currency; Refusal "currency.unknown" when it is not kept here."""
    if currency not in MINOR_DIGITS:
        raise Refusal(
            "currency.unknown",
            _("%(currency)s is not a currency kept here; choose one of the list."),
            currency=currency[:8],
        )
    return MINOR_DIGITS[currency]


def parse_amount(text: str, currency: str = "CNY", *, field: str = "amount") -> int:
    """Minor units of a written amount: "85,000", "８５０００．５", " 97.00 ".

    Refuses signs, exponents ("1e9"), zero, more decimals than the currency has, and sums over AMOUNT_MINOR_MAX.
    """
    cleaned = text.strip().translate(_FULL_WIDTH).lstrip("¥￥$").replace(" ", "")
    if not (_AMOUNT.fullmatch(cleaned) or _GROUPED.fullmatch(cleaned)):
        raise Refusal(
            "amount.malformed",
            _("“%(text)s” is not an amount. Type digits only, for example 85000 or 85,000.50."),
            field=field,
            text=text[:30],
        )
    digits = digits_of(currency)
    value = Decimal(cleaned.replace(",", "")).scaleb(digits)
    if value != value.to_integral_value():
        raise Refusal(
            "amount.decimals",
            _("%(currency)s has %(digits)s decimal places; “%(text)s” has more."),
            field=field,
            currency=currency,
            digits=digits,
            text=text[:30],
        )
    amount = int(value)
    if amount == 0:
        raise Refusal("amount.zero", _("The amount must be more than zero."), field=field)
    if amount > AMOUNT_MINOR_MAX:
        raise Refusal("amount.too_large", _("The amount is too large to be true; check the digits."), field=field)
    return amount


def format_minor(amount_minor: int, currency: str = "CNY", *, grouped: bool = True) -> str:
    """Decimal text of minor units: 8500000 CNY is "85,000.00"."""
    digits = MINOR_DIGITS.get(currency, 2)
    whole, rest = divmod(abs(amount_minor), 10**digits)
    text = f"{whole:,}" if grouped else str(whole)
    if digits:
        text += f".{rest:0{digits}d}"
    return f"-{text}" if amount_minor < 0 else text


def largest_remainder(total: int, weights: list[int]) -> list[int]:
    """Split `total` by integer weights, exactly; the cents left over go to the largest remainders, ties by position.

    Each share is within one unit of its quota and the shares sum to `total` (Hamilton's method).
    """
    weight_sum = sum(weights)
    if weight_sum <= 0 or total < 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative with a positive sum, the total non-negative")
    shares = [total * weight // weight_sum for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % weight_sum), i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares
