"""Identity numbers of natural persons (居民身份证, GB 11643).

Theory. Eighteen characters: six for the place (the first two name the province), eight for the birthday, three
for the order of registration, one check character by ISO 7064 MOD 11-2, which may be X. The fifteen-digit
numbers issued until 1999 lack the century and the check character; both follow from the rest, so the canonical
form is always the eighteen-character one, and old and new numbers of one person are equal.
Residence permits of Hong Kong, Macau and Taiwan residents (81-83) and of foreigners (9) have the same form.
"""

from datetime import date

from wuzha.kernel.identifiers.digits import is_ascii_digits, narrow, normalise_digits
from wuzha.kernel.refusals import Refusal, _

ID_TEXT_LENGTH_MAX = 48
BIRTH_YEAR_MIN = 1900
BIRTH_YEAR_MAX = 2099

_PROVINCES = (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), range(91, 100))
PROVINCE_CODES = frozenset({71, 81, 82, 83}.union(*_PROVINCES))
_WEIGHTS = tuple(2 ** (17 - at) % 11 for at in range(17))
_CHECK = "10X98765432"


def id_check_character(body: str) -> str:
    """The check character (0-9 or X) of the first seventeen digits, ISO 7064 MOD 11-2."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def parse_id_number(text: str, *, field: str = "id_number") -> str:
    """Eighteen characters, X upper case. Refusal "id_number.length", ".place", ".birthday" or ".checksum"."""
    number = normalise_digits(narrow(text)).upper() if len(text) <= ID_TEXT_LENGTH_MAX else ""
    is_old = len(number) == 15
    if not (is_ascii_digits(number[:17]) and (is_old or (len(number) == 18 and number[17] in "0123456789X"))):
        raise Refusal(
            "id_number.length",
            _("An identity number has 18 characters: 17 digits and a digit or X (older ones 15 digits). Check it."),
            field=field,
        )
    if is_old:
        body = number[:6] + "19" + number[6:]
        number = body + id_check_character(body)
    if int(number[:2]) not in PROVINCE_CODES:
        raise Refusal(
            "id_number.place",
            _("No province has the number %(place)s: check the first two digits of the identity number."),
            field=field,
            place=number[:2],
        )
    if not _is_birthday(number[6:14]):
        raise Refusal(
            "id_number.birthday",
            _("%(birthday)s is no date: check digits 7 to 14 of the identity number, the birthday."),
            field=field,
            birthday=number[6:14],
        )
    if id_check_character(number[:17]) != number[17]:
        raise Refusal(
            "id_number.checksum",
            _("The last character of the identity number does not fit the rest: a digit is wrong. Read it back."),
            field=field,
        )
    return number


def _is_birthday(digits: str) -> bool:
    year = int(digits[:4])
    if not BIRTH_YEAR_MIN <= year <= BIRTH_YEAR_MAX:
        return False
    try:
        date(year, int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True
