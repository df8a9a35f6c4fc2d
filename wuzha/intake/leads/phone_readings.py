"""Which rows of digits are phones: by the numbering plan, or because a word before or after says so.

Theory. A mobile, a landline with area code and a number from abroad prove themselves by their form; short numbers
(95533, 110) only count where something is said to come from them. Right after 电话 any 7 to 15 digits are a phone,
known form or not, for a victim reads out what the display showed.
"""

import re
from typing import Any

from wuzha.intake.leads.digit_readings import Group, Reading, is_wallet
from wuzha.intake.leads.labels import Label
from wuzha.intake.leads.lead import Kind
from wuzha.kernel.identifiers import Phone, PhoneKind, parse_phone
from wuzha.kernel.identifiers.phones import LANDLINE, MOBILE, SERVICE
from wuzha.kernel.refusals import Refusal

_MOBILE_GROUPINGS = frozenset(
    {
        (11,),
        (3, 4, 4),
        (3, 8),
        (7, 4),
        (3, 3, 5),
        (4, 4, 3),
        (4, 3, 4),
        (5, 6),
        (3, 2, 2, 2, 2),
        (3, 2, 2, 4),
        (3, 4, 2, 2),
        (5, 3, 3),
        (3, 3, 3, 2),
        (4, 7),
    }
)
_SENT_AFTER = re.compile(
    r" ?[)）>”\"]?(?:来的(?:短信|电话|消息|信息)|来短信|来电话|"
    r"发来|发送|发短信|这种号码|这样的号码|发了|的?短信|发的|打来|来电|这个号|的号码|号码|给我发|"
    r"给他发|给我打|的电话|的客服|的官方)"
)
_SHOWN_BEFORE = re.compile(r"(?:显示|屏幕|来电|接到|自称|伪装|冒充)[^。;；\n]{0,8}$")
_CALLS_AFTER = re.compile(r" ?(?:打(?=[，。！!\s]|$)|打给|打我|发给|打过来|打进来|群发)")
_MAYBE_GROUPED_PHONE = re.compile(r"\+|0|(?:86)?1[3-9]\d{9}$|[48]00\d{7}$|106\d{5}|95(?:0\d|1\d)\d{4,7}$")
_MAYBE_PHONE = re.compile(rf"{_MAYBE_GROUPED_PHONE.pattern}|9[56]\d|1[12]\d|10\d")
_CENTS_AFTER = re.compile(r"\.\d\d(?!\d)")
_MORE_DIGITS = re.compile(r"[ ().\-/]{1,3}\d")
_GOES_ON = re.compile(r"-\d{5}")
_CALL_BEFORE = re.compile("(?:[叫让要]我|回|再)?(?:拨打?|打)$")  # 叫我打95018374
_BANK_LINE = re.compile(r"955\d{2}|95\d{4,6}")
# 950 13 8271 6455: what a caller with a leased 95 line lets the display show.
_EXTENSION_AFTER = re.compile(r" ?(?:[Ee][Xx][Tt]\.?|[xX]|转|分机号?) ?(?P<digits>\d{1,6})(?![\dA-Za-z])")
MOBILE_LENGTH = 11
SPOKEN_PHONE_MIN = 6
GROUPED_PHONE_MIN = 7
PAIRS_MAX = 3
SMS_PORT_MIN = 12  # digits after which 106... is nothing but the sender of bulk messages
SMS_PORT_SCORE = 62
SENT_PORT_SCORE = 78  # above a shorter port of the same digits
_OFFICE = re.compile(r"(?:室|科|办)(?:\([^()\n]{1,8}\)|（[^（）\n]{1,8}）)?[:： ]?$")
_OFFICE_NUMBER = re.compile(r"(?!20[0-3]\d[01]\d[0-3]\d)[2-8]\d{7}")
_COMPANY_LINE = re.compile(r"95(?:10|01|05)\d{4}")  # said as 9510 5918
COMPANY_LINE_SCORE = 55
_AREA_110 = re.compile(r"0(?:10|2\d|[3-9]\d{2})110")  # no exchange sends it: a faked display
_POINTED = ("0", "400", "800", "106")  # what a display may part with points
AFTER_COMMA_MIN = 9  # digits: shorter ones after "QQ，" may be a sum
ABROAD_MIN = 9  # digits of a number from abroad with points in it
_LEASED_LINE = re.compile(r"95\d{7,14}")
_COUNTED = re.compile(r" ?[余多次个人名条部张起]")
# "Call 96110": a line that the public is told to call is no lead; the same number calling is.
_ADVICE_LINES = frozenset({"96110", "12123", "12345", "12315", "12321", "12381", "12348", "12309"})
_ADVICE = re.compile(r"(?:拨打|致电|请打|专线|热线|咨询)[^来接]{0,5}$")
_CODE_BEFORE = re.compile(r"(?:第|NO\.?|No\.?|№|#|\d[:/])$")


def may_follow_comma(digits: str, label: Label | None) -> bool:
    """Whether a label and a comma before a number are enough: 来电显示，95533; another short number may be a sum."""
    is_line = label in (Label.PHONE, Label.SENT_BY) and _BANK_LINE.fullmatch(digits) is not None
    return is_line or len(digits) >= AFTER_COMMA_MIN


def read_phone(
    face: str, digits: str, prefix: str, label: Label | None, joined: list[Group], *, is_direct: bool, has_point: bool
) -> Reading | None:
    """A phone by its form, or, right after 电话 and the like, any 7 to 15 digits."""
    if not digits.isdigit():
        return None
    end = joined[-1].end
    is_phone_label = label is Label.PHONE
    if label is Label.ACCOUNT and is_direct and is_wallet(digits):
        return None
    if label in (Label.ORDER, Label.OTHER, Label.LOGIN, Label.COMPANY, Label.ID_NUMBER, Label.CARD) and is_direct:
        return None
    is_abroad = (
        prefix == "+"
        and len(joined) > 1
        and len(digits) >= ABROAD_MIN
        and all(group.gap in (".", " ") for group in joined[1:])
    )  # +63.917.552.0846
    if (
        has_point
        and not ((is_phone_label or (label is Label.SENT_BY and digits.startswith(_POINTED))) and is_direct)
        and not is_abroad
        and not _is_pointed_mobile(face, digits, joined)
    ):
        return None
    said = prefix + digits
    start = joined[0].start
    if prefix and len(digits) < 8 and _CENTS_AFTER.match(face, end):
        return None  # +360.00
    foreign = _foreign_form(digits, joined) if len(joined) >= 3 else None
    if foreign and not prefix and (label is None or not is_direct or is_phone_label):
        return foreign
    if label is None and _OFFICE_NUMBER.fullmatch(digits) and _OFFICE.search(face, max(0, start - 12), start):
        return Reading(Kind.PHONE, digits, 62, ("numbering plan",), {"phone_kind": "landline", "canonical": digits})
    if not is_phone_label and not (_MAYBE_PHONE if len(joined) == 1 else _MAYBE_GROUPED_PHONE).match(said):
        return None
    if _AREA_110.fullmatch(digits) and (is_direct or _SHOWN_BEFORE.search(face, max(0, start - 12), start)):
        return Reading(Kind.PHONE, digits, 75, ("numbering plan",), {"phone_kind": "spoofed", "canonical": digits})
    body, extension = _split_extension(joined, prefix)
    if extension:
        said = body
    try:
        phone = parse_phone(said)
    except Refusal:
        if (
            (len(joined) == 1 or (len(joined) == 2 and joined[1].gap == "-"))
            and _LEASED_LINE.fullmatch(said)
            and _is_said_to_call(face, label, end, is_direct=is_direct)
        ):
            return Reading(Kind.PHONE, said, 84, ("numbering plan",), {"phone_kind": "service", "canonical": said})
        least = SPOKEN_PHONE_MIN if len(joined) == 1 else GROUPED_PHONE_MIN
        is_local_of_none = digits[0] == "1" and len(digits) == 7  # no local number begins so
        if (
            is_phone_label
            and is_direct
            and least <= len(digits) <= 15
            and len(set(digits)) > 1
            and not is_local_of_none
        ):
            # Grouped as people group phones, and to the end of the run: rather this than a local number within it.
            is_whole = len(joined) > 1 and not _MORE_DIGITS.match(face, end)
            return Reading(Kind.PHONE, prefix + digits, 74 if is_whole else 55, ("label",), {"phone_kind": "unknown"})
        return None
    extra: dict[str, Any] = {"phone_kind": phone.kind.value, "canonical": phone.number}
    if extension:
        extra["extension"] = extension
    score = _phone_score(face, phone, said, label, joined, is_direct=is_direct)
    if score is None:
        return None
    why = ("numbering plan", *(("label",) if is_phone_label else ()))
    is_domestic = phone.kind in (PhoneKind.MOBILE, PhoneKind.VIRTUAL, PhoneKind.LANDLINE)
    return Reading(Kind.PHONE, phone.number if is_domestic else said, score, why, extra)


def is_by_digit(joined: list[Group]) -> bool:
    """1-3-5-7-9-0-2-0-0-7-5: eleven digits with one and the same sign between all of them."""
    return len(joined) == MOBILE_LENGTH and all(
        len(group.digits) == 1 and group.gap == joined[1].gap for group in joined[1:]
    )


def read_mobile_in_parts(joined: list[Group]) -> Reading | None:
    """156★3847★2906: three parts with one and the same sign between."""
    digits = "".join(group.digits for group in joined)
    gaps = {group.gap for group in joined[1:]}
    if [len(group.digits) for group in joined] != [3, 4, 4] or len(gaps) != 1 or not MOBILE.fullmatch(digits):
        return None
    if gaps & {"\n", ",", "，"}:
        return None
    return Reading(
        Kind.PHONE, digits, 82, ("numbering plan",), {"phone_kind": parse_phone(digits).kind.value, "canonical": digits}
    )


def _is_pointed_mobile(face: str, digits: str, joined: list[Group]) -> bool:
    """139.1234.5678, 183/3074/4713: no address and no decimal has this form."""
    is_cut = [len(group.digits) for group in joined] in ([3, 4, 4], [3, 3, 5]) and len(
        {group.gap for group in joined[1:]} | {".", "/"}
    ) == 2
    return is_cut and MOBILE.fullmatch(digits) is not None and face[joined[0].start - 1 : joined[0].start] != "."


def _foreign_form(digits: str, joined: list[Group]) -> Reading | None:
    """(123) 456-7890 as North America writes it, and 011-82-10-1234-5678 as it dials abroad."""
    sizes = [len(group.digits) for group in joined]
    if sizes == [3, 3, 4] and ")" in joined[1].gap:
        extra = {"phone_kind": "unknown", "canonical": digits}
        return Reading(Kind.PHONE, digits, 75, ("numbering plan",), extra)
    if len(joined) >= 3 and sizes[0] == 3 and digits.startswith("011") and 10 <= len(digits) <= 18:
        try:
            phone = parse_phone("+" + digits[3:])
        except Refusal:
            return None
        if phone.kind is PhoneKind.OVERSEAS:
            extra = {"phone_kind": phone.kind.value, "canonical": phone.number}
            return Reading(Kind.PHONE, digits, 75, ("numbering plan",), extra)
    return None


def _is_said_to_call(face: str, label: Label | None, end: int, *, is_direct: bool) -> bool:
    return (
        (is_direct and label in (Label.PHONE, Label.SENT_BY))
        or _SENT_AFTER.match(face, end) is not None
        or _CALLS_AFTER.match(face, end) is not None
    )


def extension_after(face: str, reading: Reading, end: int) -> tuple[int, str]:
    """Where the words of a phone stop and the extension they give: "... ext 123", "...x63888", 转8021."""
    if reading.extra.get("phone_kind") in ("mobile", "virtual-segment", "service") or "extension" in reading.extra:
        return end, ""
    match = _EXTENSION_AFTER.match(face, end)
    return (match.end(), match["digits"]) if match else (end, "")


def _phone_score(
    face: str, phone: Phone, said: str, label: Label | None, joined: list[Group], *, is_direct: bool
) -> int | None:
    bonus = 5 if label is Label.PHONE else 0
    is_direct_phone = label is Label.PHONE and is_direct
    if phone.kind in (PhoneKind.MOBILE, PhoneKind.VIRTUAL):
        sizes = tuple(len(group.digits) for group in joined)
        if said.startswith(("+", "00", "86")) or sizes in _MOBILE_GROUPINGS or is_by_digit(joined):
            return 92 + bonus
        return 75 if is_direct_phone else None
    if phone.kind is PhoneKind.OVERSEAS:
        if _GOES_ON.match(face, joined[-1].end) and label is not Label.PHONE:
            return None
        if said.startswith("+"):
            return 90 + bonus
        return 84 + bonus if 11 <= len(said) <= 17 else None
    if phone.kind is PhoneKind.SPOOFED:
        return 65 + bonus if said.startswith("+") or label in (Label.PHONE, Label.SENT_BY) else None
    if phone.kind is PhoneKind.LANDLINE:
        is_in_pairs = len(joined) > PAIRS_MAX and all(len(group.digits) <= 2 for group in joined)
        if is_in_pairs:
            return None  # 03 11 17 22 29 30: six numbers drawn
        if LANDLINE.fullmatch(phone.number):
            return (88 if len(joined) > 1 else 82) + bonus
        return 72 if is_direct_phone else None
    if len(joined) > 1 and label is None and _COMPANY_LINE.fullmatch(said) and len(joined[0].digits) == len(said) // 2:
        return COMPANY_LINE_SCORE
    if len(joined) > 1 and not (said.startswith(("400", "800", "106")) or _SENT_AFTER.match(face, joined[-1].end)):
        return None
    return _service_score(face, said, label, joined[0].start, joined[-1].end, is_direct=is_direct)


def _service_score(face: str, said: str, label: Label | None, start: int, end: int, *, is_direct: bool) -> int | None:
    if not SERVICE.fullmatch(said) or _CODE_BEFORE.search(face, max(0, start - 4), start) or _COUNTED.match(face, end):
        return None
    if said in _ADVICE_LINES and face.startswith("短信", end):
        return None
    if said in _ADVICE_LINES and {face[start - 1 : start], face[end : end + 1]} & set('“”"‘’'):
        return None  # 收到“12381”的短信 is how the public is told to trust it
    if said in _ADVICE_LINES and _ADVICE.search(face, max(0, start - 8), start):
        return None
    if len(said) <= 3:
        return 70 if _SHOWN_BEFORE.search(face, max(0, start - 12), start) else None
    if len(said) == 10 and said.startswith(("400", "800")):
        return 90 if label is Label.PHONE else 84
    is_sent = _SENT_AFTER.match(face, end) is not None
    if label in (Label.PHONE, Label.BANK) and (is_direct or len(said) >= 8):
        return 90
    if is_sent and len(said) >= SMS_PORT_MIN:
        return 88
    if len(said) >= SMS_PORT_MIN and said.startswith("106") and label in (None, Label.SENT_BY, Label.PHONE):
        return SMS_PORT_SCORE if not is_direct else SENT_PORT_SCORE
    # "收到12000" is money received; only numbers that nobody pays are taken without a word after them.
    if _BANK_LINE.fullmatch(said) and _CALL_BEFORE.search(face, max(0, start - 4), start):
        return 70
    if said[:2] == "96" and is_direct and face.startswith("显示", start - 2):
        return 75  # 显示96110的那通
    if is_sent or (label is Label.SENT_BY and is_direct and (said.startswith("106") or _BANK_LINE.fullmatch(said))):
        return 88 if is_sent else 75
    return None


def _split_extension(joined: list[Group], prefix: str) -> tuple[str, str]:
    """A landline with area code whose last group, after "-" or 转, is an extension."""
    if len(joined) < 2 or not (joined[-1].gap.strip() == "-" or "转" in joined[-1].gap):
        return "", ""
    body = prefix + "".join(group.digits for group in joined[:-1])
    try:
        phone = parse_phone(body)
    except Refusal:
        return "", ""
    is_landline = phone.kind is PhoneKind.LANDLINE and phone.number.startswith("0")
    whole = phone.number + joined[-1].digits
    if is_landline and 1 <= len(joined[-1].digits) <= 5 and not LANDLINE.fullmatch(whole):
        return body, joined[-1].digits
    return "", ""
