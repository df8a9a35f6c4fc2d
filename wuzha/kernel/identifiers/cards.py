"""Bank cards: check digit, issuing bank, and which slip of the finger would explain a number that fails.

Theory. A card number (ISO/IEC 7812, 15 to 19 digits in China) ends in a Luhn check digit, which finds every
single wrong digit and every swap of neighbours except 09/90. Its first 3 to 10 digits name the issuer (BIN); the
longest BIN of the right length wins. So when a number fails, each single digit has exactly one value that mends
it: the list is short, and the candidates whose BIN is known come first.
The table is data/card_bins.csv (MIT, see data/LICENSES), read when first asked for.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from wuzha.kernel.identifiers.digits import is_ascii_digits, normalise_digits
from wuzha.kernel.refusals import Refusal, _

CARD_LENGTH_MIN = 15
CARD_LENGTH_MAX = 19
BIN_LENGTH_MIN = 3
BIN_LENGTH_MAX = 10
CARD_TEXT_LENGTH_MAX = 64

_DATA = Path(__file__).resolve().parent.parent / "data"
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


@dataclass(frozen=True, slots=True)
class CardBank:
    """The issuer a BIN names. `card_kind`: debit, credit, semi-credit or prepaid; "" for the bank as such."""

    code: str
    name_zh: str
    name_en: str
    card_kind: str
    aliases_zh: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A card number whose length and check digit are right; `bank` is None when the BIN is not in the table."""

    number: str
    bank: CardBank | None


@dataclass(frozen=True, slots=True)
class Mending:
    """One slip that would explain a failing number: the `positions` (from 0) that change, and what then stands."""

    number: str
    positions: tuple[int, ...]
    slip: str  # "digit" (one digit misread) or "swap" (two neighbours exchanged)
    bank: CardBank | None


class _Bin(NamedTuple):
    length: int
    bank: CardBank


@cache
def card_banks() -> Mapping[str, CardBank]:
    """Every bank of the table by its code, with its Chinese name and the short names people use."""
    with (_DATA / "card_banks.csv").open(encoding="utf-8", newline="") as rows:
        return {
            row["code"]: CardBank(
                row["code"],
                row["name_zh"],
                row["name_en"],
                "",
                tuple(filter(None, row["aliases_zh"].split("|"))),
            )
            for row in csv.DictReader(rows)
        }


@cache
def _bins() -> Mapping[str, tuple[_Bin, ...]]:
    banks = card_banks()
    table: dict[str, tuple[_Bin, ...]] = {}
    with (_DATA / "card_bins.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            named = banks[row["code"]]
            bank = CardBank(named.code, named.name_zh, named.name_en, row["card_kind"], named.aliases_zh)
            table[row["bin"]] = (*table.get(row["bin"], ()), _Bin(int(row["length"]), bank))
    return table


def luhn_ok(number: str) -> bool:
    """Whether `number` (ASCII digits only, at least two) satisfies the Luhn check of ISO/IEC 7812-1 annex B."""
    if len(number) < 2 or not is_ascii_digits(number):
        return False
    return _luhn_sum(number) % 10 == 0


def luhn_digit(prefix: str) -> str:
    """The digit that, put after `prefix` (ASCII digits), makes the whole pass the Luhn check."""
    return str(-_luhn_sum(prefix + "0") % 10)


def _luhn_sum(number: str) -> int:
    return sum(map(int, number[-1::-2])) + sum(_DOUBLED[int(digit)] for digit in number[-2::-2])


def _issuer(number: str) -> _Bin | None:
    table = _bins()
    other_length: _Bin | None = None
    for size in range(min(BIN_LENGTH_MAX, len(number)), BIN_LENGTH_MIN - 1, -1):
        for entry in table.get(number[:size], ()):
            if entry.length == len(number):
                return entry
            # Three- to five-digit BINs of another length are too unspecific to name a bank by.
            if size > 5 and other_length is None:
                other_length = entry
    return other_length


def bank_of_card(number: str) -> CardBank | None:
    """The bank whose BIN begins `number` (digits; may be half-typed), preferring BINs of that card length."""
    entry = _issuer(number)
    return entry.bank if entry else None


def card_length_fits(number: str) -> bool:
    """Whether the table knows the BIN of `number` with exactly this length: the strongest sign of a real card."""
    entry = _issuer(number)
    return entry is not None and entry.length == len(number)


def parse_card(text: str, *, field: str = "card") -> Card:
    """The card a person typed, with its bank. Refusal "card.characters", "card.length" or "card.checksum"."""
    number = normalise_digits(text)
    if len(text) > CARD_TEXT_LENGTH_MAX or not is_ascii_digits(number):
        raise Refusal(
            "card.characters",
            _("A card number has digits only; spaces and dashes between them are fine. Type it again."),
            field=field,
        )
    if not CARD_LENGTH_MIN <= len(number) <= CARD_LENGTH_MAX:
        raise Refusal(
            "card.length",
            _("This number has %(count)s digits; a bank card has %(least)s to %(most)s. Ask for it in groups of four."),
            field=field,
            count=len(number),
            least=CARD_LENGTH_MIN,
            most=CARD_LENGTH_MAX,
        )
    if not luhn_ok(number):
        raise Refusal(
            "card.checksum",
            _("The check digit of this card number is wrong: a digit was misheard or two were swapped. Read it back."),
            field=field,
            number=number,
        )
    return Card(number, bank_of_card(number))


def mend_card(number: str) -> list[Mending]:
    """What one slip would explain a card number that fails its check, likeliest first; [] when it passes.

    At most 2 x CARD_LENGTH_MAX - 1 suggestions: one a position, and each swap of unequal neighbours.
    """
    if luhn_ok(number) or not is_ascii_digits(number) or not CARD_LENGTH_MIN <= len(number) <= CARD_LENGTH_MAX:
        return []
    found: list[tuple[str, tuple[int, ...], str]] = []
    for at in range(len(number) - 1):
        left, right = number[at], number[at + 1]
        swapped = number[:at] + right + left + number[at + 2 :]
        if left != right and luhn_ok(swapped):
            found.append((swapped, (at, at + 1), "swap"))
    excess = _luhn_sum(number)
    for at, old in enumerate(number):
        doubled = (len(number) - at) % 2 == 0
        wanted = ((_DOUBLED[int(old)] if doubled else int(old)) - excess) % 10
        new = str(_DOUBLED.index(wanted) if doubled else wanted)
        found.append((number[:at] + new + number[at + 1 :], (at,), "digit"))
    mendings = [Mending(new, positions, slip, bank_of_card(new)) for new, positions, slip in found]
    return sorted(mendings, key=lambda m: (not card_length_fits(m.number), m.bank is None, m.slip != "swap"))
