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

from wuzha.intake.leads.digit_readings import (
    ALONE_MIN,
    Group,
    Reading,
    is_one_order,
    is_payment,
    read_card,
    read_identity,
    read_proven,
)
from wuzha.intake.leads.face import unmisread
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
from wuzha.kernel.identifiers import card_length_fits, luhn_ok

CARD_MIN, CARD_MAX, ID_SIZE, PAYMENT_MAX = 15, 19, 18, 32
ORDER_MIN, ORDER_MAX = 8, 34
QQ_MIN, QQ_MAX = 5, 12
TOLD_GAP_MAX = 12  # what may stand between a label and the colon before its number
LABELLED_CONFIDENCE = 0.86

_PARCEL = re.compile(
    r"(?<![A-Za-z0-9])(?P<prefix>[A-Z](?: ?[A-Z]){0,3})"
    rf"(?P<rest>[- \n]\d{{10,15}}| ?[{HEARD}]{{10,15}}|(?: [0-9]){{10,15}}|"
    r"(?=[0-9]+[OolI])[0-9OolI]{10,15}|"
    rf" ?[{HEARD}]{{2,8}}(?:[，, ]{{1,2}}[{HEARD}]{{1,8}}){{1,6}}|"
    rf"[ -]?[0-9OolI{HEARD}]{{2,8}}(?:[ \n_.-](?:[0-9OolI]{{1,8}}|[{HEARD}]{{2,8}})){{1,6}})"
    rf"(?![A-Za-z0-9{HEARD}-])"
)
_SCANNED = re.compile(
    r"(?<![A-Za-z0-9])(?=[0-9 -]{0,22}[BZSbzsqg])[0-9OolIBZSbzsqg](?:[ -]?[0-9OolIBZSbzsqg]){14,18}[Xx]?(?![A-Za-z0-9])"
)
_SCANNED_AS = {ord(char): digit for char, digit in zip("OolIBZSbzsqg", "001182562599", strict=True)}
_ENDS_IN_WORD = re.compile(rf"[{HEARD}][\u4e00-\u9fff]")
_NO_SIGN = re.compile("[ -]")
SCANNED_DIGITS_MIN = 12
_CARRIERS = frozenset({"JDVC", "JDVA", "JDVB", "SF", "YT", "JT", "JD", "JDV", "ZTO", "STO", "YD", "EMS", "DPK", "JTE"})
CARRIER_DIGITS_MIN = 10
_QQ_BEHIND = re.compile(r"[，, ]{0,2}(?:[Qq]{1,2}|扣扣|企鹅)(?:上|聊|找|号)")
_CUT = re.compile(
    "分[成了两三]*[段截行条]|断|换行|折|分开|先发|连起来"
)  # the caller says that it goes on in the next line
_OWN_NUMBER = re.compile("我的?号|手机|电话")
_CUT_BEHIND = re.compile("[折断分]成?[了两三]*行|换行")
CUT_REACH = 12
_SHOP_ORDER = re.compile(r"\d{6}-\d{12,18}")  # 261009-583017264890137: a shop's own form keeps its mark


def find_assembled(
    text: str, face: str, labels: Labels, stretches: list[list[Group]], is_free: Callable[[int, int], bool]
) -> list[Lead]:
    """Cards, identity numbers, QQ numbers and orders that have to be put together, in order."""

    def read(groups: list[Group], first: int) -> Found:
        return _labelled(face, labels, groups, first) or _proven(face, labels, groups, first)

    leads = [
        *_scanned(text, face, labels, is_free),
        *_parcels(text, face, labels, is_free),
        *over(text, stretches, is_free, read),
    ]
    return sorted(leads, key=lambda lead: lead.start)


def _proven(face: str, labels: Labels, groups: list[Group], first: int) -> Found:
    """A card or an identity number from groups[first] on; a single plain group is left to `runs`."""
    label, gap = labels.before(groups[first].start)
    if len(groups) == 1 and is_plain(face, groups) and " " not in face[groups[0].start : groups[0].end]:
        return None
    for digits, last in reversed(list(windows(groups, first, PAYMENT_MAX))):
        joined = groups[first:last]
        if len(digits) < CARD_MIN or (len(joined) == 1 and is_plain(face, joined) and digits.isdigit()):
            continue
        if len(digits) == ID_SIZE + 1 and _ENDS_IN_WORD.match(face, joined[-1].end - 1):
            shorter = read_identity(digits[:-1], Label.ID_NUMBER, is_direct=False)
            if shorter is not None and not card_length_fits(digits):  # 四六〇七一字不差: the last one begins a word
                cut = joined[-1]
                groups[last - 1] = Group(cut.digits[:-1], cut.start, cut.end - 1, cut.gap)
                return shorter, last
        if is_payment(digits):
            return Reading(Kind.ORDER, digits, round(LABELLED_CONFIDENCE * 100), ("payment number",)), last
        if len(digits) > CARD_MAX:
            continue
        is_direct = label is not None and TOLD.fullmatch(gap) is not None
        reading = read_identity(digits, label, is_direct=is_direct) if len(digits) == ID_SIZE else None
        if reading is not None and reading.score >= LABELLED_CONFIDENCE * 100:
            return reading, last
        if not digits.isdigit() or not luhn_ok(digits) or not card_length_fits(digits):
            continue
        is_listed = any(MARKS_OF_LIST.search(group.gap) for group in joined[1:])
        if is_listed and (not digits.startswith("62") or (is_plain(face, joined) and _may_be_sums(joined))):
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


def _labelled(face: str, labels: Labels, groups: list[Group], first: int) -> Found:
    """A QQ or order number behind its label: all groups up to a mark that parts numbers."""
    label, gap = labels.before(groups[first].start)
    if label is None and (behind := labels.behind(groups[-1].end)) in (Label.QQ, Label.QQ_GROUP):
        label, gap = behind, ""  # 九零四四1七3六5也是球球
    if label is None and not is_plain(face, groups[first:]) and _QQ_BEHIND.match(face, groups[-1].end):
        label, gap = Label.QQ, ""  # 幺零五七，四八三，六二九，Q上谈
    if label not in (Label.QQ, Label.QQ_GROUP, Label.ORDER):
        return None
    if not TOLD.fullmatch(gap) and not (
        (gap.endswith(":") or _CUT.search(gap) is not None) and len(gap) <= TOLD_GAP_MAX
    ):
        return None
    if label is Label.ORDER and _OWN_NUMBER.search(gap):
        return None  # 冒充快递：“我的号您记一下，幺三九...
    last_end = groups[-1].end
    is_cut = _CUT.search(gap) is not None or _CUT_BEHIND.search(face, last_end, last_end + CUT_REACH) is not None
    is_order = label is Label.ORDER
    last = first + 1
    while last < len(groups) and _goes_on(
        face, groups[last - 1], groups[last], is_order=is_order, is_told_qq=not is_order, is_cut=is_cut
    ):
        last += 1
    while last > first + 1 and is_word(face, groups, last - 1):
        last -= 1
    joined = groups[first:last]
    digits = "".join(group.digits for group in joined)
    said = face[joined[0].start : joined[-1].end]
    is_of_shop = _SHOP_ORDER.fullmatch(said.replace(" ", "").replace("\n", "")) is not None
    if is_plain(face, joined) and (len(joined) == 1 or (is_of_shop and "\n" not in said)):
        return None
    if is_order and not is_cut and not is_one_order(joined):
        return None
    least, most = (ORDER_MIN, ORDER_MAX) if is_order else (QQ_MIN, QQ_MAX)
    if not least <= len(digits) <= most or not digits.isdigit() or UNIT_AFTER.match(face, joined[-1].end):
        return None
    if not is_order and digits[0] == "0":
        return None
    extra = {"group": True} if label is Label.QQ_GROUP else {}
    kind = Kind.ORDER if is_order else Kind.QQ
    value = said.replace("\n", "") if is_of_shop else digits
    return Reading(kind, value, round(LABELLED_CONFIDENCE * 100), ("label", "spelled out"), extra), last


def _goes_on(face: str, before: Group, group: Group, *, is_order: bool, is_told_qq: bool, is_cut: bool) -> bool:
    """Whether a number goes on in the next group: not over a mark of a list between two whole numbers."""
    if not MARKS_OF_LIST.search(group.gap) or is_cut:
        return True
    if "\n" in group.gap:
        is_short = max(len(before.digits), len(group.digits)) <= QQ_MIN
        is_heard = is_short and not (is_plain(face, [before]) or is_plain(face, [group]))
        is_rest = is_told_qq and len(group.digits) < QQ_MIN and len(before.digits) + len(group.digits) < QQ_MAX
        return (
            is_order or is_cut or is_heard or is_rest or len(before.digits) < QQ_MIN or len(before.digits) >= ALONE_MIN
        )
    if is_told_qq and max(len(before.digits), len(group.digits)) < QQ_MIN:
        return True
    if WORD_IN_GAP.search(group.gap):
        return True
    is_heard = not (is_plain(face, [before]) or is_plain(face, [group]))
    sizes = (len(before.digits), len(group.digits))
    return is_heard and (is_order or max(sizes) <= QQ_MIN or (is_told_qq and sum(sizes) < QQ_MAX))


def _scanned(text: str, face: str, labels: Labels, is_free: Callable[[int, int], bool]) -> Iterator[Lead]:
    """622B 4868 5969 3849 377: letters that scanners put for 8, 2 and 5; only what proves itself is taken."""
    for match in _SCANNED.finditer(face):
        start, end = match.span()
        digits = _NO_SIGN.sub("", match.group()).translate(_SCANNED_AS)
        if not is_free(start, end) or sum(char.isdigit() for char in match.group()) < SCANNED_DIGITS_MIN:
            continue
        reading = read_proven(digits, labels.before(start)[0], start, end)
        if reading is not None and reading.kind is not None:
            why = (*reading.why, "letters read as digits")
            yield Lead(reading.kind, text[start:end], start, end, reading.value, 0.85, why, extra=reading.extra)


def _parcels(text: str, face: str, labels: Labels, is_free: Callable[[int, int], bool]) -> Iterator[Lead]:
    """SF16 0732 2850 419, YT-9052-7384-16072: letters of a carrier or of a shop, and digits in groups."""
    for match in _PARCEL.finditer(face):
        start, end = match.span()
        label, gap = labels.before(start)
        is_told = label is Label.ORDER and TOLD.fullmatch(gap) is not None
        digits = unmisread(re.sub(r"[ \n，,_.-]", "", match["rest"]).translate(DIGIT_OF))
        prefix = match["prefix"].replace(" ", "")
        if prefix not in _CARRIERS and prefix.rstrip("OI") in _CARRIERS:  # JD OO98 4172 6355O
            letters = prefix.removeprefix(prefix.rstrip("OI"))
            prefix, digits = prefix.removesuffix(letters), unmisread(letters) + digits
        is_carriers = prefix in _CARRIERS and len(digits) >= CARRIER_DIGITS_MIN
        if not (is_told or is_carriers) or not digits.isdigit() or not is_free(start, end):
            continue
        if not ORDER_MIN <= len(digits) <= ORDER_MAX:
            continue
        why = ("label",) if is_told else ("carrier's prefix",)
        yield Lead(Kind.ORDER, text[start:end], start, end, prefix + digits, 0.9, why)
