"""Phones put together: mobiles, landlines, 400 numbers and banks' lines read aloud, misread or taken apart.

Theory. A mobile proves little by itself, so its groups must be cut as people cut phones; right behind a label, or when
one and the same mark stands between all digits, any cut will do. A bank's line (95...) counts when all of it is heard.
Phones in plain digits with usual marks are left to `runs`.
"""

import re
from collections.abc import Callable, Iterator

from wuzha.intake.leads.digit_readings import Group, Reading
from wuzha.intake.leads.labels import Label, Labels
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.intake.leads.stretches import (
    DIGIT_OF,
    HEARD,
    MARKS_OF_LIST,
    TOLD,
    UNIT_AFTER,
    WORD_IN_GAP,
    Found,
    is_plain,
    is_word,
    over,
    windows,
)
from wuzha.kernel.identifiers import parse_phone
from wuzha.kernel.identifiers.phones import LANDLINE, MOBILE
from wuzha.kernel.refusals import Refusal

CALLED_MAX, MOBILE_LENGTH = 18, 11
CONFIDENCE = 0.88

_MOBILE_GROUPINGS = frozenset(
    {
        (3, 4, 4),
        (11,),
        (3, 8),
        (7, 4),
        (4, 4, 3),
        (4, 3, 4),
        (3, 3, 5),
        (5, 6),
        (5, 3, 3),
        (3, 3, 3, 2),
        (1,) * MOBILE_LENGTH,
    }
)
_BY_ONES = re.compile(
    # The first character stands before its look-behind, so that the engine can leap to it.
    r"9(?<![\d-]9)(?<![\d-] 9)[ -][56](?:[ -]\d){3,6}(?![ -]?\d)|9(?<![\d ]9)[56](?: \d\d){1,2}(?= ?(?:打|来电|给我))"
)  # 显示9 5 1 8 8
# 九五五八八打来的: a bank's line, where something comes from it or somebody calls it.
_BANK_LINE = re.compile(
    rf"九(?<![{HEARD}]九)[五六][{HEARD}]{{3}}(?![{HEARD}十百千万])(?= ?(?:打|就打|给我|发|来|短信|的电话|这个|客服)|"
    rf"[，。])"
)
_LINE = re.compile(r"9[56]\d{3,6}|950\d{6,11}|106\d{7,15}")
_PARTS = re.compile("[，,。、;；…]")
_LINE_BEFORE = re.compile(
    "(?:打|拨|显示|屏幕|来电|电话|短信|号码?|官方|客服|热线)(?:还|写成|的|是|了|上|为|到|[:，])*$"
)
_LINE_AFTER = re.compile(" ?(?:发来?短信|来?打|来电|来的|发来|给我[打发])")
_PORT = re.compile(r"106\d{5,15}")
_SENDERS = frozenset({Label.PHONE, Label.SENT_BY})
_SERVICE_LINE = re.compile(r"9[56]\d{3,6}|950\d{6,9}")
_HEARD_ONLY = re.compile(rf"[{HEARD} ，]+")
_FREE_CALL = re.compile(r"[48]00\d{7}")
_USUAL = " -.()"  # marks within phones that `runs` reads
_CALLED = frozenset({Label.PHONE, Label.SENT_BY, Label.WECHAT, Label.ALIPAY})
_BY_LABEL = {Label.WECHAT: Kind.WECHAT, Label.ALIPAY: Kind.ALIPAY}


def find_called(
    text: str, face: str, labels: Labels, stretches: list[list[Group]], is_free: Callable[[int, int], bool]
) -> list[Lead]:
    """Mobiles and 400 numbers read aloud or misread, in order; what is spelled behind a label was read before."""
    told = [
        groups
        for groups in stretches
        if not is_plain(face, groups)
        or any(group.gap.strip(_USUAL) for group in groups[1:])
        or WORD_IN_GAP.search(face, groups[0].start, groups[-1].end)
    ]
    leads = list(over(text, told, is_free, lambda groups, first: _called(face, labels, groups, first)))
    leads += _lines(text, face, stretches, is_free)
    for match in (*_BANK_LINE.finditer(face), *_BY_ONES.finditer(face)):
        start, end = match.span()
        if is_free(start, end):
            number = match.group().replace(" ", "").replace("-", "").translate(DIGIT_OF)
            extra = {"phone_kind": "service", "canonical": number}
            why = ("numbering plan", "digits read aloud")
            leads.append(Lead(Kind.PHONE, text[start:end], start, end, number, 0.8, why, extra=extra))
    return sorted(leads, key=lambda lead: lead.start)


def _lines(text: str, face: str, stretches: list[list[Group]], is_free: Callable[[int, int], bool]) -> Iterator[Lead]:
    """95-2136-70, 1069 8152 7730: lines of companies in any groups, where something calls or comes from them."""
    for row in stretches:
        groups = row[:-1] if len(row) > 1 and is_word(face, row, len(row) - 1) else row  # 9519-6318，八位
        start, end = groups[0].start, groups[-1].end
        digits = "".join(group.digits for group in groups)
        if len(groups) < 2 or not is_free(start, end) or not _LINE.fullmatch(digits):
            continue
        if any(_PARTS.search(group.gap) for group in groups[1:]) or UNIT_AFTER.match(face, end):
            continue  # 客服电话95533。8月27日
        is_port = digits.startswith("106") and len(digits) > MOBILE_LENGTH
        if (
            not is_port
            and not _LINE_BEFORE.search(face, max(0, start - 10), start)
            and not _LINE_AFTER.match(face, end)
        ):
            continue
        extra = {"phone_kind": "service", "canonical": digits}
        yield Lead(Kind.PHONE, text[start:end], start, end, digits, 0.7, ("numbering plan",), extra=extra)


def _called(face: str, labels: Labels, groups: list[Group], first: int) -> Found:
    """A phone read aloud, misread or taken apart, from groups[first] on."""
    for digits, last in windows(groups, first, CALLED_MAX):
        joined = groups[first:last]
        if UNIT_AFTER.match(face, joined[-1].end) or not _stands_alone(face, groups, first, last):
            continue
        label, gap = labels.before(joined[0].start)
        is_direct = label is not None and TOLD.fullmatch(gap) is not None
        is_told = _is_told(joined, label if is_direct else None)
        if is_plain(face, joined) and not _may_be_plain(labels, joined, digits, is_told=is_told):
            continue
        sizes = tuple(len(group.digits) for group in joined)
        is_mobile = MOBILE.fullmatch(digits) is not None and (sizes in _MOBILE_GROUPINGS or is_told)
        is_line = LANDLINE.fullmatch(digits) is not None and sizes[0] in (3, 4)
        is_free_call = _FREE_CALL.fullmatch(digits) is not None and sizes[0] in (3, 10)
        is_port = is_direct and label in _SENDERS and _PORT.fullmatch(digits) is not None
        is_port = is_port and last == len(groups) and not is_plain(face, joined)
        if not (is_mobile or is_line or is_free_call or is_port or _is_heard_line(face, groups, first, last, digits)):
            continue
        try:
            phone = parse_phone(digits)
            extra = {"phone_kind": phone.kind.value, "canonical": phone.number}
        except Refusal:  # a leased line of more digits than the plan knows
            extra = {"phone_kind": "service", "canonical": digits}
        kind = _BY_LABEL.get(label, Kind.PHONE) if label and is_direct and is_mobile else Kind.PHONE
        why = ("numbering plan", "label" if is_plain(face, joined) else "digits read aloud")
        score = round(CONFIDENCE * 100)
        return Reading(kind, digits, score, why, extra if kind is Kind.PHONE else {}), last
    return None


def _is_told(joined: list[Group], label: Label | None) -> bool:
    """Whether one and the same mark between the groups makes them one number, however they are cut."""
    marks = {group.gap for group in joined[1:]}
    if "\n" in marks and marks <= {"\n", " ", "-"} and [len(group.digits) for group in joined] == [3, 4, 4]:
        return True
    if len(marks) != 1:
        return False
    is_by_ones = len(joined) == MOBILE_LENGTH and not MARKS_OF_LIST.search(joined[1].gap)
    return is_by_ones or (label in _CALLED and bool(joined[1].gap.strip(_USUAL)))


def _may_be_plain(labels: Labels, joined: list[Group], digits: str, *, is_told: bool) -> bool:
    """Whether a number in plain digits is read here: told with an unusual mark, with words between, over lines."""
    if len(joined) == 1:
        return False
    return is_told or all(WORD_IN_GAP.search(group.gap) for group in joined[1:]) or _is_broken(labels, joined, digits)


def _is_heard_line(face: str, groups: list[Group], first: int, last: int, digits: str) -> bool:
    """九五二一三 八四七: a bank's or a company's line, all of it heard, and not the rest of a longer number."""
    start, end = groups[first].start, groups[last - 1].end
    if _SERVICE_LINE.fullmatch(digits) is None or _HEARD_ONLY.fullmatch(face, start, end) is None:
        return False
    if first and not is_plain(face, groups[:first]):
        return False
    goes_on = last < len(groups) and not is_word(face, groups, last)
    return not goes_on or len(groups[last].digits) > len(groups[last - 1].digits)


def _is_broken(labels: Labels, joined: list[Group], digits: str) -> bool:
    """回电 173 3051, and the rest on the next line."""
    label, gap = labels.before(joined[0].start)
    is_broken = any("\n" in group.gap for group in joined[1:])
    if is_broken and _FREE_CALL.fullmatch(digits):
        return True
    return is_broken and label in (Label.PHONE, Label.SENT_BY, Label.WECHAT) and TOLD.fullmatch(gap) is not None


def _stands_alone(face: str, groups: list[Group], first: int, last: int) -> bool:
    """No further group of digits beside it, unless a mark parts them that does not stand within."""
    within = {group.gap for group in groups[first + 1 : last]}
    is_last = last == len(groups) or groups[last].gap not in within or is_word(face, groups, last)
    return is_last and (first == 0 or groups[first].gap not in within)
