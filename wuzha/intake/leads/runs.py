"""Rows of digits: which are cards, company accounts, phones, identity numbers, QQ numbers or order numbers.

Theory. A run is digits with the separators people put between them. It is cut into groups at separators; from each
group on, the joins of one or more groups compete, and the best reading wins: what the label before it says if the
form allows, else what the form alone proves (check digit and BIN, identity checksum, numbering plan). A row that
proves nothing and has no label is nothing. Scores order the readings; the lead's confidence is its score / 100.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from wuzha.intake.leads.face import SPOKEN_DIGITS, spoken, unmisread
from wuzha.intake.leads.labels import Label, Labels
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.kernel.identifiers import (
    Phone,
    PhoneKind,
    bank_of_card,
    card_length_fits,
    luhn_ok,
    mend_card,
    parse_id_number,
    parse_phone,
)
from wuzha.kernel.identifiers.cards import CARD_LENGTH_MIN
from wuzha.kernel.identifiers.phones import LANDLINE, MOBILE, SERVICE
from wuzha.kernel.refusals import Refusal

_MOBILE_GROUPINGS = frozenset(
    {(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 4, 3), (4, 3, 4), (5, 6), (3, 2, 2, 2, 2), (3, 2, 2, 4), (4, 7)}
)
GROUPS_JOINED_MAX = 19
DIGITS_JOINED_MAX = 40
GROUPED_DIGITS_MIN = 9  # without a label, fewer digits in several groups, or groups under three, are nothing
RUN_LENGTH_MAX = 80
MENDINGS_SHOWN_MAX = 5
MIN_SCORE = 30

_CHINESE = "".join(SPOKEN_DIGITS)
_RUN = re.compile(
    rf"(?=[\d+(lIO])(?<![\d_@.])(?<!\d[-/])(?:[+(]{{1,2}} ?)?(?:\d|[lIO](?=[\dOo]{{2}}))(?:[\d \-\u200bOoIl()./]|"
    rf"转(?=\d)){{0,{RUN_LENGTH_MAX - 2}}}[Xx]?"
)
_SPOKEN_RUN = re.compile(
    rf"(?=[\d{_CHINESE}])(?<![\d{_CHINESE}A-Za-z十百千万])[\d{_CHINESE}](?:[ "
    rf"\-\u200b、]{{0,2}}[\d{_CHINESE}]){{5,40}}[Xx]?(?![十百千万亿元块年月日点\d{_CHINESE}])"
)
_CHINESE_DIGIT = re.compile(f"[{_CHINESE}]")
_GROUP = re.compile(r"[\dOoIl]*\d[\dOoIl]*[Xx]?|[lIOo]+(?=[ -]?\d)")
_MONEY_AFTER = re.compile(
    r" ?(?:\.\d{1,4})? {0,2}(?:多|余|个)?(?:元|块|圆|万|亿|千|美|人民币|RMB|rmb|USD|usd|U(?![A-Za-z])|u(?![A-Za-z])|"
    r"港|欧|日元|英镑|w(?![A-Za-z])|W(?![A-Za-z])|角|毛|%|％|比特币|BTC|ETH|泰达)"
)
_DIRECT = re.compile(r"(?:[:：是为 “\"'(#+]|号码|号|账号|账户|名|ID|id|叫|码|【|的|分别|有|\n|尾号|开头|\[){0,5}")
_LOOSE = re.compile(r"[^。;；!！?？\n]{0,18}")
_SENT_AFTER = re.compile(
    r" ?(?:发来|发送|发短信|发了|的短信|发的|打来|来电|这个号|的号码|号码|给我发|给他发|给我打|的电话|的客服|的官方)"
)
_SHOWN_BEFORE = re.compile(r"(?:显示|来电|接到|自称|伪装|冒充)[^。;；\n]{0,8}$")
_CARD_TAKERS = frozenset({Label.CARD, Label.ACCOUNT, Label.BANK})
_MAYBE_GROUPED_PHONE = re.compile(r"\+|0|(?:86)?1[3-9]\d{9}$|[48]00\d{7}$|106\d{5}")
_MAYBE_PHONE = re.compile(rf"{_MAYBE_GROUPED_PHONE.pattern}|9[56]\d|1[12]\d|10\d")
_MORE_DIGITS = re.compile(r"[ ().\-/]{1,3}\d")
_BANK_LINE = re.compile(r"955\d{2}|95\d{4,6}")
_COUNTED = re.compile(r" ?[余多次个人名条部张起]")
# "Call 96110": a line that the public is told to call is no lead; the same number calling is.
_ADVICE_LINES = frozenset({"96110", "12123", "12345", "12315", "12321", "12381", "12348", "12309"})
_ADVICE = re.compile(r"(?:拨打|致电|请打|专线|热线|咨询)[^来接]{0,5}$")
_CODE_BEFORE = re.compile(r"(?:第|NO\.?|No\.?|№|#|\d[:/])$")


@dataclass(slots=True)
class _Group:
    digits: str
    start: int
    end: int
    gap: str  # what stands between it and the group before


@dataclass(slots=True)
class _Reading:
    kind: Kind | None  # None: known to be something the desk does not act on
    value: str
    score: int
    why: tuple[str, ...]
    extra: dict[str, Any] = field(default_factory=dict)


def find_numbers(text: str, face: str, labels: Labels, is_free: Callable[[int, int], bool]) -> list[Lead]:
    """Every lead made of digits, in order; spoken digits (幺三八) first, because digits may stand among them."""
    leads: list[Lead] = []
    heard = spoken(face)
    for match in _SPOKEN_RUN.finditer(face):
        if _CHINESE_DIGIT.search(match.group()) and is_free(*match.span()):
            digits = re.sub(r"[^\dXx]", "", heard[match.start() : match.end()])
            group = _Group(digits, match.start(), match.end(), "")
            reading = _read(face, [group], "", *_label_of(labels, match.start()))
            if reading and reading.kind and reading.score >= 60:
                reading.why = (*reading.why, "digits read aloud")
                leads.append(_lead(text, reading, match.start(), match.end(), reading.score - 5))
    taken = [(lead.start, lead.end) for lead in leads]
    for groups, prefix, prefix_start in _runs(face, labels):
        if taken and any(start < groups[-1].end and groups[0].start < end for start, end in taken):
            continue
        leads.extend(_read_run(text, face, labels, groups, prefix, prefix_start, is_free))
    return sorted(leads, key=lambda lead: lead.start)


def _runs(face: str, labels: Labels) -> Iterator[tuple[list[_Group], str, int]]:
    """Runs as groups, with a leading "+" when there is one and where it stands."""
    for match in _RUN.finditer(face):
        groups: list[_Group] = []
        for part in _GROUP.finditer(face, match.start(), match.end()):
            gap = face[groups[-1].end : part.start()] if groups else ""
            end = part.end()
            # The x of "8888x123" opens an extension; only a last X can be a check character.
            if part.group()[-1] in "xX" and face[end : end + 1].isalnum() and face[end].isascii():
                end -= 1
            groups.append(_Group(face[part.start() : end], part.start(), end, gap))
        if not groups or sum(len(group.digits) for group in groups) < 3:
            continue
        # "QQ12345", "vx138...": digits may follow Latin letters only where these are a label.
        before = face[match.start() - 1 : match.start()]
        label, gap = labels.before(match.start()) if before.isascii() and before.isalpha() else (Label.OTHER, "")
        if label is not None and not gap:
            lead_in = face[match.start() : groups[0].start]
            yield groups, "+" if "+" in lead_in else "", match.start()


def _read_run(
    text: str, face: str, labels: Labels, groups: list[_Group], prefix: str, prefix_start: int,
    is_free: Callable[[int, int], bool],
) -> Iterator[Lead]:  # fmt: skip
    first = 0
    while first < len(groups):
        label, gap = _label_of(labels, groups[first].start)
        best: tuple[_Reading, int] | None = None
        for last in range(min(len(groups), first + GROUPS_JOINED_MAX), first, -1):
            joined = groups[first:last]
            sizes = [len(group.digits) for group in joined]
            if sum(sizes) > DIGITS_JOINED_MAX:
                continue
            if label is None and len(sizes) > 1 and (sum(sizes) < GROUPED_DIGITS_MIN or max(sizes) < 3):
                continue
            if not is_free(joined[0].start, joined[-1].end) or not _may_join(face, joined):
                continue
            reading = _read(face, joined, prefix if first == 0 else "", label, gap)
            if reading and (best is None or reading.score > best[0].score):
                best = (reading, last)
        if best is None or best[0].score < MIN_SCORE:
            first += 1
            continue
        reading, last = best
        start, end = groups[first].start, groups[last - 1].end
        if prefix and first == 0 and reading.kind is Kind.PHONE:
            start = prefix_start + face[prefix_start:start].index("+")
            if face[start - 1 : start] == "(":
                start -= 1
        elif reading.kind is Kind.PHONE and face[start - 1 : start] == "(" and ")" in face[start:end]:
            start -= 1
        if label:
            labels.inherit(end, label)
        if reading.kind:
            yield _lead(text, reading, start, end, reading.score)
        first = last


def _lead(text: str, reading: _Reading, start: int, end: int, score: int) -> Lead:
    assert reading.kind is not None
    return Lead(reading.kind, text[start:end], start, end, reading.value, score / 100, reading.why, extra=reading.extra)


def _may_join(face: str, joined: list[_Group]) -> bool:
    """No join over a point (a decimal), over wide gaps, nor with a last group that is a sum of money."""
    if any(len(group.gap) > 4 for group in joined[1:]):
        return False
    if any("." in group.gap or "/" in group.gap for group in joined[1:]):
        return all(group.gap.strip(" .)-(/") == "" for group in joined[1:])
    return not (len(joined) > 1 and _MONEY_AFTER.match(face, joined[-1].end))


def _label_of(labels: Labels, start: int) -> tuple[Label | None, str]:
    """The label for a number at `start`: the one right before it, else the one of the list it continues."""
    label, gap = labels.before(start)
    if label is None or not _DIRECT.fullmatch(gap):
        held = labels.inherited(start)
        if held:
            return held, ""
    return label, gap


def _read(face: str, joined: list[_Group], prefix: str, label: Label | None, gap: str) -> _Reading | None:
    start, end = joined[0].start, joined[-1].end
    if _MONEY_AFTER.match(face, end) and sum(len(group.digits) for group in joined) < CARD_LENGTH_MIN:
        return None
    has_point = any("." in group.gap or "/" in group.gap for group in joined[1:]) or face[start - 1 : start] == "."
    following = face[end : end + 1]
    raw = "".join(group.digits for group in joined)
    digits = unmisread(raw)
    is_misread = digits != raw
    is_direct = label is not None and _DIRECT.fullmatch(gap) is not None
    if following.isascii() and (following.isalpha() or following == "_" or following == "@") and not is_direct:
        return None
    readings = [
        reading
        for reading in (
            None if has_point else _identity(digits, label, is_direct=is_direct),
            None if has_point else _labelled(digits, label, gap, is_direct=is_direct),
            None if has_point else _card(digits, label, joined, is_direct=is_direct),
            _phone(face, digits, prefix, label, joined, is_direct=is_direct, has_point=has_point),
        )
        if reading is not None
    ]
    if not readings:
        return None
    best = max(readings, key=lambda reading: reading.score)
    if is_misread:
        if best.kind not in (Kind.CARD, Kind.PHONE, Kind.ID_NUMBER) or best.score < 70:
            return None
        best.why = (*best.why, "letters read as digits")
        best.score -= 5
    return best


def _identity(digits: str, label: Label | None, *, is_direct: bool) -> _Reading | None:
    if len(digits) not in (15, 18):
        return None
    if len(digits) == 15 and not (label is Label.ID_NUMBER and is_direct):
        return None
    try:
        number = parse_id_number(digits)
    except Refusal as refusal:
        if label is Label.ID_NUMBER and is_direct and len(digits) == 18:
            return _Reading(Kind.ID_NUMBER, digits.upper(), 40, ("label", "probably mistyped", refusal.code))
        return None
    if label in (Label.ORDER, Label.COMPANY, Label.OTHER, Label.LOGIN) and is_direct:
        return None
    return _Reading(Kind.ID_NUMBER, number, 99 if label is Label.ID_NUMBER else 95, ("checksum", "birthday"))


def _labelled(digits: str, label: Label | None, gap: str, *, is_direct: bool) -> _Reading | None:
    """What a label alone decides; the label must stand right before the number."""
    if label is None or not digits.isdigit():
        return None
    size = len(digits)
    if label is Label.COMPANY and is_direct and 8 <= size <= 32:
        return _Reading(Kind.ACCOUNT, digits, 97, ("company account",))
    if label is Label.ORDER and is_direct and 6 <= size <= 40:
        return _Reading(Kind.ORDER, digits, 97, ("label",))
    if label in (Label.QQ, Label.QQ_GROUP) and 5 <= size <= 12 and digits[0] != "0":
        if is_direct:
            return _Reading(Kind.QQ, digits, 96, (label.value,), {"group": True} if label is Label.QQ_GROUP else {})
        if (
            len(gap) <= 10
            and not MOBILE.fullmatch(digits)
            and size >= 6
            and ("群" in gap or "号" in gap or "好友" in gap)
        ):
            return _Reading(Kind.QQ, digits, 75, (label.value,), {"group": True} if "群" in gap else {})
    if label is Label.WECHAT and (is_direct or gap.strip(" :") in ("好友", "同号")) and 6 <= size <= 12:
        return _Reading(Kind.WECHAT, digits, 94 if MOBILE.fullmatch(digits) else 85, ("label",))
    if label is Label.ALIPAY and is_direct and (MOBILE.fullmatch(digits) or (gap and 6 <= size <= 20)):
        return _Reading(Kind.ALIPAY, digits, 94, ("label",))
    if label is Label.DINGTALK and is_direct and 4 <= size <= 20:
        return _Reading(Kind.DINGTALK, digits, 93, ("label",))
    if label is Label.TELEGRAM and is_direct and 7 <= size <= 15:
        return _Reading(Kind.TELEGRAM, digits, 85, ("label",))
    if label in (Label.LOGIN, Label.OTHER) and is_direct:
        return _Reading(None, digits, 93, ("label",))
    if (
        label in (Label.ACCOUNT, Label.BANK)
        and is_direct
        and (8 if label is Label.ACCOUNT else 12) <= size <= 32
        and not 15 <= size <= 19
    ):
        return _Reading(Kind.ACCOUNT, digits, 80 if not MOBILE.fullmatch(digits) else 60, ("label",))
    return None


def _card(digits: str, label: Label | None, joined: list[_Group], *, is_direct: bool) -> _Reading | None:
    size = len(digits)
    has_label = label in _CARD_TAKERS
    if not 13 <= size <= 21 or not digits.isdigit() or len(set(digits)) < 3:
        return None
    if label in (Label.ORDER, Label.OTHER, Label.LOGIN, Label.COMPANY, Label.QQ, Label.QQ_GROUP) and is_direct:
        return None
    sizes = [len(group.digits) for group in joined]
    is_grouped = len(joined) > 1 and (all(size <= 6 for size in sizes) or (len(sizes) == 2 and sizes[0] in (4, 6, 8)))
    if len(joined) > 1 and not has_label and not is_grouped:
        return None
    if 15 <= size <= 19 and luhn_ok(digits):
        fits = card_length_fits(digits)
        if not fits and not has_label:
            return None
        score = 92 + (4 if fits else 0) + (2 if has_label else 0)
        why = ("check digit", *(("known bank",) if fits else ()), *(("label",) if has_label else ()))
        return _Reading(Kind.CARD, digits, score, why, _bank_of(digits))
    bank = bank_of_card(digits) if 15 <= size <= 19 else None
    if has_label and (is_direct or is_grouped):
        if 15 <= size <= 19 and (label is Label.CARD or card_length_fits(digits)):
            return _mistyped(digits)
        if label is Label.CARD and (bank_of_card(digits) is not None) and 14 <= size <= 20:
            return _Reading(Kind.CARD, digits, 40, ("label", "probably mistyped", "wrong length"), _bank_of(digits))
        if label in (Label.ACCOUNT, Label.BANK) and 8 <= size <= 32:
            return _Reading(Kind.ACCOUNT, digits, 80, ("label",))
    is_four_by_four = len(joined) >= 4 and all(len(group.digits) == 4 for group in joined[:-1])
    if bank and card_length_fits(digits) and is_four_by_four and digits.startswith("62"):
        return _mistyped(digits)
    return None


def _mistyped(digits: str) -> _Reading:
    mendings = [
        {
            "number": mending.number,
            "positions": list(mending.positions),
            "slip": mending.slip,
            "bank": mending.bank.name_zh if mending.bank else "",
        }
        for mending in mend_card(digits)[:MENDINGS_SHOWN_MAX]
    ]
    positions = sorted({at for mending in mend_card(digits) for at in mending.positions})
    extra = _bank_of(digits) | {"mendings": mendings, "suspect_positions": positions}
    return _Reading(Kind.CARD, digits, 45, ("label", "probably mistyped", "check digit wrong"), extra)


def _bank_of(digits: str) -> dict[str, Any]:
    bank = bank_of_card(digits)
    if bank is None:
        return {}
    return {"bank": bank.code, "bank_name": bank.name_zh, "bank_name_en": bank.name_en, "card_kind": bank.card_kind}


def _phone(
    face: str, digits: str, prefix: str, label: Label | None, joined: list[_Group], *, is_direct: bool, has_point: bool
) -> _Reading | None:
    """A phone by its form, or, right after 电话 and the like, any 7 to 15 digits."""
    if not digits.isdigit():
        return None
    end = joined[-1].end
    is_phone_label = label is Label.PHONE
    if label in (Label.ORDER, Label.OTHER, Label.LOGIN, Label.COMPANY, Label.ID_NUMBER, Label.CARD) and is_direct:
        return None
    if has_point and not (is_phone_label and is_direct):
        return None
    said = prefix + digits
    if not is_phone_label and not (_MAYBE_PHONE if len(joined) == 1 else _MAYBE_GROUPED_PHONE).match(said):
        return None
    body, extension = _split_extension(joined, prefix)
    if extension:
        said = body
    try:
        phone = parse_phone(said)
    except Refusal:
        if is_phone_label and is_direct and 7 <= len(digits) <= 15 and len(set(digits)) > 1:
            # Grouped as people group phones, and to the end of the run: rather this than a local number within it.
            is_whole = len(joined) > 1 and not _MORE_DIGITS.match(face, end)
            return _Reading(Kind.PHONE, prefix + digits, 74 if is_whole else 55, ("label",), {"phone_kind": "unknown"})
        return None
    extra: dict[str, Any] = {"phone_kind": phone.kind.value, "canonical": phone.number}
    if extension:
        extra["extension"] = extension
    score = _phone_score(face, phone, said, label, joined, is_direct=is_direct)
    if score is None:
        return None
    why = ("numbering plan", *(("label",) if is_phone_label else ()))
    is_domestic = phone.kind in (PhoneKind.MOBILE, PhoneKind.VIRTUAL, PhoneKind.LANDLINE)
    return _Reading(Kind.PHONE, phone.number if is_domestic else said, score, why, extra)


def _phone_score(
    face: str, phone: Phone, said: str, label: Label | None, joined: list[_Group], *, is_direct: bool
) -> int | None:
    bonus = 5 if label is Label.PHONE else 0
    is_direct_phone = label is Label.PHONE and is_direct
    if phone.kind in (PhoneKind.MOBILE, PhoneKind.VIRTUAL):
        sizes = tuple(len(group.digits) for group in joined)
        if said.startswith(("+", "00", "86")) or sizes in _MOBILE_GROUPINGS:
            return 92 + bonus
        return 75 if is_direct_phone else None
    if phone.kind is PhoneKind.OVERSEAS:
        if said.startswith("+"):
            return 90 + bonus
        return 84 + bonus if 11 <= len(said) <= 17 else None
    if phone.kind is PhoneKind.SPOOFED:
        return 65 + bonus if said.startswith("+") or label in (Label.PHONE, Label.SENT_BY) else None
    if phone.kind is PhoneKind.LANDLINE:
        if LANDLINE.fullmatch(phone.number):
            return (88 if len(joined) > 1 else 82) + bonus
        return 72 if is_direct_phone else None
    if len(joined) > 1 and not said.startswith(("400", "800", "106")):
        return None
    return _service_score(face, said, label, joined[0].start, joined[-1].end, is_direct=is_direct)


def _service_score(face: str, said: str, label: Label | None, start: int, end: int, *, is_direct: bool) -> int | None:
    if not SERVICE.fullmatch(said) or _CODE_BEFORE.search(face, max(0, start - 4), start) or _COUNTED.match(face, end):
        return None
    if said in _ADVICE_LINES and _ADVICE.search(face, max(0, start - 8), start):
        return None
    if len(said) <= 3:
        return 70 if _SHOWN_BEFORE.search(face, max(0, start - 12), start) else None
    if len(said) == 10 and said.startswith(("400", "800")):
        return 90 if label is Label.PHONE else 84
    is_sent = _SENT_AFTER.match(face, end) is not None
    if label in (Label.PHONE, Label.BANK) and (is_direct or len(said) >= 8):
        return 90
    # "收到12000" is money received; only numbers that nobody pays are taken without a word after them.
    if is_sent or (label is Label.SENT_BY and is_direct and (said.startswith("106") or _BANK_LINE.fullmatch(said))):
        return 88 if is_sent else 75
    return None


def _split_extension(joined: list[_Group], prefix: str) -> tuple[str, str]:
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
