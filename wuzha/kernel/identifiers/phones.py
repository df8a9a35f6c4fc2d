"""Phone numbers as the victim saw them: mobiles, landlines, service numbers, numbers from abroad, and faked ones.

Theory. The kind follows from the form alone, by the national numbering plan and ITU-T E.164:
- mobile: 11 digits, 13 to 19; *virtual* when the segment belongs to resellers (162, 165, 167, 170, 171);
- landline: area code (010, 02x, 03xx to 09xx) and 7 or 8 digits; without area code 7 or 8 digits not from 0, 1, 9;
- service: 110-like, 100xx, 116xx to 123xx, 95xxx, 96xxx (up to 8 digits), 400 and 800 (10 digits), 106 SMS ports;
- overseas: + or 00, a country code that exists, 15 digits at most;
- spoofed: what no exchange could have sent and a faked display shows: +00110, 0086110, a country code nobody has.
The canonical number is national for China (138..., 010..., 95533), "+" and country code for others, so that
"0044 20..." and "+44 20..." are one number.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from wuzha.kernel.identifiers.digits import narrow, normalise_digits
from wuzha.kernel.refusals import Refusal, _

PHONE_TEXT_LENGTH_MAX = 48


class PhoneKind(StrEnum):
    """What the form of a number says about who may stand behind it."""

    MOBILE = "mobile"
    VIRTUAL = "virtual-segment"
    LANDLINE = "landline"
    SERVICE = "service"
    OVERSEAS = "overseas"
    SPOOFED = "spoofed"


@dataclass(frozen=True, slots=True)
class Phone:
    """`number` canonical (see module), `extension` digits after 转 or "", `e164` "" where the plan gives none."""

    number: str
    kind: PhoneKind
    extension: str = ""

    @property
    def e164(self) -> str:
        """ "+8613812345678", "+861012345678", "+4420..."; "" for short, local and spoofed numbers."""
        if self.kind is PhoneKind.OVERSEAS:
            return self.number
        if self.kind in (PhoneKind.MOBILE, PhoneKind.VIRTUAL):
            return "+86" + self.number
        if self.kind is PhoneKind.LANDLINE and self.number.startswith("0"):
            return "+86" + self.number[1:]
        return ""


MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0(?:10|2[0-57-9])\d{8}|0[3-9]\d{2}\d{7,8}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
SERVICE = re.compile(r"11[0-2]|119|12[0-2]|100\d{2}|1[12]\d{3}|9[56]\d{3,6}|[48]00\d{7}|106\d{5,17}|101\d{2,5}")
_VIRTUAL_SEGMENTS = ("162", "165", "167", "170", "171")
_EXTENSION = re.compile(r"(?:转|轉|ext\.?|[x#,])\s{0,3}(\d{1,6})$", re.IGNORECASE)
_MARKS = re.compile(r"[().·/]")
_WELL_FORMED = re.compile(r"\+?\d{3,24}")

_COUNTRY_CODE_LIST = (
    "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 "
    "81 82 84 86 90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 "
    "233 234 235 236 237 238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 "
    "261 262 263 264 265 266 267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 "
    "373 374 375 376 377 378 379 380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 "
    "509 590 591 592 593 594 595 596 597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 "
    "688 689 690 691 692 800 808 850 852 853 855 856 870 878 880 881 882 883 886 888 960 961 962 963 964 965 966 "
    "967 968 970 971 972 973 974 975 976 977 979 992 993 994 995 996 998"
)
_COUNTRY_CODES = frozenset(_COUNTRY_CODE_LIST.split())


def has_country_code(digits: str) -> bool:
    """Whether `digits` begin with a country code that ITU-T E.164 has assigned."""
    return any(digits[:size] in _COUNTRY_CODES for size in (1, 2, 3))


def parse_phone(text: str, *, field: str = "phone") -> Phone:
    """The number behind what a person typed. Refusal "phone.characters" or "phone.form"."""
    compact = _MARKS.sub("", normalise_digits(narrow(text))) if len(text) <= PHONE_TEXT_LENGTH_MAX else ""
    suffix = _EXTENSION.search(compact)
    extension = suffix.group(1) if suffix else ""
    if suffix:
        compact = compact[: suffix.start()]
    if not (compact.isascii() and _WELL_FORMED.fullmatch(compact)):
        raise Refusal(
            "phone.characters",
            _("A phone number has 3 to 24 digits, with + in front when it is from abroad. Type it again."),
            field=field,
        )
    phone = _classify(compact)
    if phone is None:
        raise Refusal(
            "phone.form",
            _("No phone has this number: a mobile has 11 digits, a landline its area code first. Count the digits."),
            field=field,
        )
    return Phone(phone.number, phone.kind, extension)


def _classify(compact: str) -> Phone | None:
    if compact.startswith("+"):
        return _international(compact[1:])
    if compact.startswith("00"):
        return _international(compact[2:])
    if len(compact) == 13 and compact.startswith("86") and MOBILE.fullmatch(compact[2:]):
        compact = compact[2:]
    return _domestic(compact) or (Phone(compact, PhoneKind.LANDLINE) if _LOCAL.fullmatch(compact) else None)


def _domestic(number: str) -> Phone | None:
    if MOBILE.fullmatch(number):
        return Phone(number, PhoneKind.VIRTUAL if number.startswith(_VIRTUAL_SEGMENTS) else PhoneKind.MOBILE)
    if LANDLINE.fullmatch(number):
        return Phone(number, PhoneKind.LANDLINE)
    if SERVICE.fullmatch(number):
        return Phone(number, PhoneKind.SERVICE)
    return None


def _international(digits: str) -> Phone | None:
    if digits.startswith("86"):
        home = digits[2:]
        phone = _domestic(home) or (_domestic("0" + home) if home else None)
        if phone and phone.kind is not PhoneKind.SERVICE:
            return phone
        return Phone("+" + digits, PhoneKind.SPOOFED) if len(digits) <= 18 else None
    if has_country_code(digits) and 7 <= len(digits) <= 15:
        return Phone("+" + digits, PhoneKind.OVERSEAS)
    if 3 <= len(digits) <= 18:
        return Phone("+" + digits, PhoneKind.SPOOFED)
    return None
