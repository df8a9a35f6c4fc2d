"""Numbers put together: read aloud in pieces, broken over lines, cut anyhow, misread by a scanner.

Theory. A caller reads "六两两两，洞两洞两，四三八拐", a screenshot breaks an identity number over three lines, a
scanner puts O and l among the digits, a swindler writes 6.2.2.5. What is common to all: a *stretch* of things that
stand for digits with at most a few marks between. It is turned into digits and groups. Any row of neighbouring groups
that proves itself - a card of a known bank with its check digit, an identity number with its check character and
birthday - is one, whatever stands between. A mobile needs groups as people say them, and a label decides for QQ numbers
and orders, which prove nothing: these are only put together where one number cannot stand alone, or is read aloud.
Numbers in plain digits are left to `runs`.
"""

import re
from collections.abc import Callable, Iterator

from wuzha.intake.leads.digit_readings import ALONE_MIN, Group, Reading, is_one_order, read_card, read_identity
from wuzha.intake.leads.face import SPOKEN_DIGITS, unmisread
from wuzha.intake.leads.labels import Label, Labels
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.kernel.identifiers import card_length_fits, luhn_ok, parse_phone
from wuzha.kernel.identifiers.phones import LANDLINE, MOBILE

STRETCH_DIGITS_MAX = 80
CARD_MIN, CARD_MAX, ID_SIZE = 15, 19, 18
ORDER_MIN, ORDER_MAX = 8, 34
QQ_MIN, QQ_MAX = 5, 12
WINDOW_GROUPS_MAX = 19
LANDLINE_MAX = 12
TOLD_GAP_MAX = 12  # what may stand between a label and the colon before its number
SPOKEN_CONFIDENCE, LABELLED_CONFIDENCE = 0.88, 0.86

_HEARD = "两" + "".join(SPOKEN_DIGITS)
_DIGIT_OF = {ord("两"): "2", ord("叉"): "X", ord("×"): "X", ord("x"): "X"} | {
    ord(word): digit for word, digit in SPOKEN_DIGITS.items()
}
_SIGNS = r"\u2190-\u21ff*_/\\|~·•★☆●■◆\u2600-\u27bf\U0001f300-\U0001faff"
_SEP = (
    rf"(?:[ \-.()\u200b{_SIGNS}]{{1,3}}|[ \u200b]?[，,、。\n…]{{1,2}}[ \u200b]?"
    r"|[，, ]?(?:中间|后面|后边|然后|最后|接着|再)(?:四位|是)?[: ]?)"
)
_DIGIT = rf"[0-9{_HEARD}]"
# Letters stand for digits only beside digits.
_LETTER = r"(?:(?<=[0-9OolI])[OolI]|(?<=[0-9][ -])[OolI](?=[OolI]{1,3}(?![A-Za-z0-9]))|[OolI](?=[OolI]{0,3}[0-9]))"
_STRETCH = re.compile(
    rf"(?<![A-Za-z0-9@{_HEARD}])(?:{_DIGIT}|[OolI](?=[OolI]?[0-9]))"
    rf"(?:{_SEP}?(?:{_DIGIT}|{_LETTER})){{4,{STRETCH_DIGITS_MAX}}}(?:[ .-]?[Xx叉×](?![A-Za-z0-9]))?"
)
_WORD_BEHIND = re.compile(rf"(?<=[0-9])[{_HEARD}]$")
_LIST_OF_SUMS = "0123456789、 "
_PIECE = re.compile(rf"(?:{_DIGIT}|[OolI])+[Xx叉×]?")
_PARCEL = re.compile(
    r"(?<![A-Za-z0-9])(?P<prefix>[A-Z](?: ?[A-Z]){0,3})"
    rf"(?P<rest>[-－]\d{{10,15}}|[{_HEARD}]{{10,15}}|(?: [0-9]){{10,15}}|"
    rf"[ -]?[0-9OolI{_HEARD}]{{2,8}}(?:[ \n-][0-9OolI{_HEARD}]{{1,8}}){{1,6}})"
    rf"(?![A-Za-z0-9{_HEARD}-])"
)
_CARRIERS = frozenset({"JDVC", "JDVA", "JDVB", "SF", "YT", "JT", "JD", "JDV", "ZTO", "STO", "YD", "EMS", "DPK", "JTE"})
CARRIER_DIGITS_MIN = 10
_MOBILE_GROUPINGS = frozenset(
    {(3, 4, 4), (11,), (3, 8), (7, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (5, 6), (5, 3, 3), (1,) * 11}
)
_QQ_BEHIND = re.compile(r"[，, ]{0,2}(?:[Qq]{1,2}|扣扣|企鹅)(?:上|聊|找|号)")
_CUT = re.compile("分[成了两三]*[段截行条]|断|换行|折")  # the caller says that it goes on in the next line
_BY_ONES = re.compile(r"(?<![\d ])9 [56](?: \d){3,6}(?! ?\d)")  # 显示9 5 1 8 8
# 九五五八八打来的: a bank's line, where something comes from it or somebody calls it.
_BANK_LINE = re.compile(
    rf"(?<![{_HEARD}])九[五六][{_HEARD}]{{3}}(?![{_HEARD}十百千万])(?= ?(?:打|给我|发|来|短信|的电话|这个|客服)|[，。])"
)
_FREE_CALL = re.compile(r"[48]00\d{7}")
_TOLD = re.compile(
    r"(?:[:： “\"'()#\n<>-]|号码?|是|为|叫|我|你|他|她|念|读|一下|给|哈|啊|这个|那个|就|写着|显示|记着?|印成|写成|"
    r"识别成了?|[”」]|"
    r"在|手心|有|也|的|，|那一栏|用|联系|咨询|直接|搜索|[1-3](?=[:：])|搜|找|加|\u200b){0,9}"
)
_WORD_IN_GAP = re.compile("中间|后面|后边|然后|最后|接着")
_UNIT_AFTER = re.compile(r" ?[十百千万亿元块个天月年号日点分岁次张笔条人多余%]")
_MARKS_OF_LIST = re.compile(r"[，,、。;；\n]")
_SHOP_ORDER = re.compile(r"\d{6}-\d{12,18}")  # 261009-583017264890137: a shop's own form keeps its mark
_NOT_OF_DIGITS = re.compile(rf"[{_HEARD}OolI叉×]")
_BY_LABEL = {Label.WECHAT: Kind.WECHAT, Label.ALIPAY: Kind.ALIPAY}


_Found = tuple[Reading, int] | None  # what groups[first:last] are, and last


def stretches_of(face: str) -> list[list[Group]]:
    """Every stretch of `face` as its groups, but those of plain digits in one piece, which `runs` reads."""
    return [
        _groups(face, match)
        for match in _STRETCH.finditer(face)
        if not (match.group().isascii() and match.group().isdigit()) and not _is_list_of_sums(match.group())
    ]


def _is_list_of_sums(said: str) -> bool:
    return "、" in said and not said.strip(_LIST_OF_SUMS)


def find_assembled(
    text: str, face: str, labels: Labels, stretches: list[list[Group]], is_free: Callable[[int, int], bool]
) -> list[Lead]:
    """Cards, identity numbers, QQ numbers and orders that have to be put together, in order."""

    def read(groups: list[Group], first: int) -> _Found:
        return _labelled(face, labels, groups, first) or _proven(face, labels, groups, first)

    leads = [*_parcels(text, face, labels, is_free), *_over(text, stretches, is_free, read)]
    return sorted(leads, key=lambda lead: lead.start)


def find_called(
    text: str, face: str, labels: Labels, stretches: list[list[Group]], is_free: Callable[[int, int], bool]
) -> list[Lead]:
    """Mobiles and 400 numbers read aloud or misread, in order; what is spelled behind a label was read before."""
    told = [
        groups
        for groups in stretches
        if not _is_plain(face, groups)
        or any("\n" in group.gap for group in groups[1:])
        or _WORD_IN_GAP.search(face, groups[0].start, groups[-1].end)
    ]
    leads = list(_over(text, told, is_free, lambda groups, first: _called(face, labels, groups, first)))
    for match in (*_BANK_LINE.finditer(face), *_BY_ONES.finditer(face)):
        start, end = match.span()
        if is_free(start, end):
            number = match.group().replace(" ", "").translate(_DIGIT_OF)
            extra = {"phone_kind": "service", "canonical": number}
            why = ("numbering plan", "digits read aloud")
            leads.append(Lead(Kind.PHONE, text[start:end], start, end, number, 0.8, why, extra=extra))
    return sorted(leads, key=lambda lead: lead.start)


def _over(
    text: str,
    stretches: list[list[Group]],
    is_free: Callable[[int, int], bool],
    read: Callable[[list[Group], int], _Found],
) -> Iterator[Lead]:
    for groups in stretches:
        first = 0
        while first < len(groups):
            found = read(groups, first)
            if found is None or not is_free(groups[first].start, groups[found[1] - 1].end):
                first += 1
                continue
            reading, last = found
            start, end = groups[first].start, groups[last - 1].end
            first = last
            assert reading.kind is not None
            confidence = reading.score / 100
            yield Lead(
                reading.kind, text[start:end], start, end, reading.value, confidence, reading.why, extra=reading.extra
            )


def _groups(face: str, match: re.Match[str]) -> list[Group]:
    groups: list[Group] = []
    for piece in _PIECE.finditer(face, match.start(), match.end()):
        gap = face[groups[-1].end : piece.start()] if groups else ""
        said, end = piece.group(), piece.end()
        if _WORD_BEHIND.search(said) and "\u4e00" <= face[end : end + 1] <= "\u9fff":
            said, end = said[:-1], end - 1  # 订单3194...663一直没发货
        digits = unmisread(said.translate(_DIGIT_OF))
        if gap and not gap.strip("\u200b"):
            last = groups.pop()
            groups.append(Group(last.digits + digits, last.start, end, last.gap))
        else:
            groups.append(Group(digits, piece.start(), end, gap))
    if match.end() > groups[-1].end and face[match.end() - 1] in "Xx叉×":  # 430102.1957.0701.618.x
        last = groups.pop()
        groups.append(Group(last.digits + "X", last.start, match.end(), last.gap))
    return groups


def _is_plain(face: str, groups: list[Group]) -> bool:
    return _NOT_OF_DIGITS.search(face, groups[0].start, groups[-1].end) is None


def _windows(groups: list[Group], first: int, most: int) -> Iterator[tuple[str, int]]:
    """The digits of groups[first:last] and last, as long as they are no more than `most`."""
    digits = ""
    for last in range(first, min(len(groups), first + WINDOW_GROUPS_MAX)):
        digits += groups[last].digits
        if len(digits) > most:
            return
        yield digits, last + 1


def _proven(face: str, labels: Labels, groups: list[Group], first: int) -> _Found:
    """A card or an identity number from groups[first] on; a single plain group is left to `runs`."""
    label, gap = labels.before(groups[first].start)
    for digits, last in reversed(list(_windows(groups, first, CARD_MAX))):
        joined = groups[first:last]
        if len(digits) < CARD_MIN or (len(joined) == 1 and _is_plain(face, joined)):
            continue
        is_direct = label is not None and _TOLD.fullmatch(gap) is not None
        reading = read_identity(digits, label, is_direct=is_direct) if len(digits) == ID_SIZE else None
        if reading is not None and reading.score >= LABELLED_CONFIDENCE * 100:
            return reading, last
        if not digits.isdigit() or not luhn_ok(digits) or not card_length_fits(digits):
            continue
        is_listed = any(_MARKS_OF_LIST.search(group.gap) for group in joined[1:])
        if is_listed and (not digits.startswith("62") or (_is_plain(face, joined) and _may_be_sums(joined))):
            continue
        whole = [Group(digits, joined[0].start, joined[-1].end, "")]
        reading = read_card(digits, label, whole, is_direct=is_direct)
        if reading is not None and reading.kind is Kind.CARD:
            return reading, last
    return None


def _may_be_sums(joined: list[Group]) -> bool:
    """620、5278、9159: plain numbers in a list, and not in fours."""
    is_in_fours = all(len(group.digits) == 4 for group in joined[:-1])
    return any("、" in group.gap for group in joined[1:]) or not (
        is_in_fours or any("\n" in group.gap for group in joined[1:])
    )


def _called(face: str, labels: Labels, groups: list[Group], first: int) -> _Found:
    """A mobile or a 400 number read aloud or misread, in groups as people say them."""
    for digits, last in _windows(groups, first, LANDLINE_MAX):
        joined = groups[first:last]
        if _UNIT_AFTER.match(face, joined[-1].end) or not _stands_alone(face, groups, first, last):
            continue
        if _is_plain(face, joined) and not (
            len(joined) > 1
            and (all(_WORD_IN_GAP.search(group.gap) for group in joined[1:]) or _is_told_phone(labels, joined, digits))
        ):
            continue
        sizes = tuple(len(group.digits) for group in joined)
        is_mobile = MOBILE.fullmatch(digits) is not None and sizes in _MOBILE_GROUPINGS
        is_line = LANDLINE.fullmatch(digits) is not None and sizes[0] in (3, 4)
        if not is_mobile and not is_line and not (_FREE_CALL.fullmatch(digits) and sizes[0] in (3, 10)):
            continue
        label, gap = labels.before(joined[0].start)
        phone = parse_phone(digits)
        extra = {"phone_kind": phone.kind.value, "canonical": phone.number}
        is_direct = label is not None and _TOLD.fullmatch(gap) is not None
        kind = _BY_LABEL.get(label, Kind.PHONE) if label and is_direct and is_mobile else Kind.PHONE
        why = ("numbering plan", "digits read aloud")
        score = round(SPOKEN_CONFIDENCE * 100)
        return Reading(kind, digits, score, why, extra if kind is Kind.PHONE else {}), last
    return None


def _is_told_phone(labels: Labels, joined: list[Group], digits: str) -> bool:
    """回电 173 3051, and the rest on the next line."""
    label, gap = labels.before(joined[0].start)
    is_broken = any("\n" in group.gap for group in joined[1:])
    if is_broken and _FREE_CALL.fullmatch(digits):
        return True
    return is_broken and label in (Label.PHONE, Label.SENT_BY, Label.WECHAT) and _TOLD.fullmatch(gap) is not None


def _stands_alone(face: str, groups: list[Group], first: int, last: int) -> bool:
    """No further group of digits beside it, unless a mark parts them that does not stand within."""
    within = {group.gap for group in groups[first + 1 : last]}
    is_last = last == len(groups) or groups[last].gap not in within or _is_word(face, groups[last])
    return is_last and (first == 0 or groups[first].gap not in within)


def _labelled(face: str, labels: Labels, groups: list[Group], first: int) -> _Found:
    """A QQ or order number behind its label: all groups up to a mark that parts numbers."""
    label, gap = labels.before(groups[first].start)
    if label is None and not _is_plain(face, groups[first:]) and _QQ_BEHIND.match(face, groups[-1].end):
        label, gap = Label.QQ, ""  # 幺零五七，四八三，六二九，Q上谈
    if label not in (Label.QQ, Label.QQ_GROUP, Label.ORDER):
        return None
    if not _TOLD.fullmatch(gap) and not (gap.endswith(":") and len(gap) <= TOLD_GAP_MAX):
        return None
    is_order, is_cut = label is Label.ORDER, _CUT.search(gap) is not None
    last = first + 1
    while last < len(groups) and _goes_on(
        face, groups[last - 1], groups[last], is_order=is_order, is_told_qq=label is Label.QQ, is_cut=is_cut
    ):
        last += 1
    while last > first + 1 and _is_word(face, groups[last - 1]):
        last -= 1
    joined = groups[first:last]
    digits = "".join(group.digits for group in joined)
    if _is_plain(face, joined) and (len(joined) == 1 or _SHOP_ORDER.fullmatch(face, joined[0].start, joined[-1].end)):
        return None
    if is_order and not is_one_order(joined):
        return None
    least, most = (ORDER_MIN, ORDER_MAX) if is_order else (QQ_MIN, QQ_MAX)
    if not least <= len(digits) <= most or not digits.isdigit() or _UNIT_AFTER.match(face, joined[-1].end):
        return None
    if not is_order and digits[0] == "0":
        return None
    extra = {"group": True} if label is Label.QQ_GROUP else {}
    kind = Kind.ORDER if is_order else Kind.QQ
    return Reading(kind, digits, round(LABELLED_CONFIDENCE * 100), ("label", "spelled out"), extra), last


def _goes_on(face: str, before: Group, group: Group, *, is_order: bool, is_told_qq: bool, is_cut: bool) -> bool:
    """Whether a number goes on in the next group: not over a mark of a list between two whole numbers."""
    if not _MARKS_OF_LIST.search(group.gap):
        return True
    if "\n" in group.gap:
        return is_order or is_cut or len(before.digits) < QQ_MIN or len(before.digits) >= ALONE_MIN
    if is_told_qq and max(len(before.digits), len(group.digits)) < QQ_MIN:
        return True
    is_heard = not (_is_plain(face, [before]) or _is_plain(face, [group]))
    return is_heard and max(len(before.digits), len(group.digits)) <= QQ_MIN


def _is_word(face: str, group: Group) -> bool:
    """二选一: one digit in words, and more words behind it."""
    is_one = len(group.digits) == 1 and not face[group.start].isascii()
    return is_one and "\u4e00" <= face[group.end : group.end + 1] <= "\u9fff"


def _parcels(text: str, face: str, labels: Labels, is_free: Callable[[int, int], bool]) -> Iterator[Lead]:
    """SF16 0732 2850 419, YT-9052-7384-16072: letters of a carrier or of a shop, and digits in groups."""
    for match in _PARCEL.finditer(face):
        start, end = match.span()
        label, gap = labels.before(start)
        is_told = label is Label.ORDER and _TOLD.fullmatch(gap) is not None
        digits = unmisread(re.sub(r"[ \n-]", "", match["rest"]).translate(_DIGIT_OF))
        prefix = match["prefix"].replace(" ", "")
        is_carriers = prefix in _CARRIERS and len(digits) >= CARRIER_DIGITS_MIN
        if not (is_told or is_carriers) or not digits.isdigit() or not is_free(start, end):
            continue
        if not ORDER_MIN <= len(digits) <= ORDER_MAX:
            continue
        why = ("label",) if is_told else ("carrier's prefix",)
        yield Lead(Kind.ORDER, text[start:end], start, end, prefix + digits, 0.9, why)
