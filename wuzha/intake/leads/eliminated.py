"""Handles by elimination: 你查8632O4l7这个QQ; 她说微信号跟快递单似的好记，SF880213lz.

Theory. A reader gives a number that stands alone in a sentence to the one program that the sentence names and that has
no number yet. So when a sentence names one chat program (or an order), holds no lead of that kind, and holds one thing
that has the form of its handles and belongs to nothing else, that thing is the handle. The confidence is low: it is
shown for the call taker to judge. What another label stands before, what is counted, and what looks like a model or a
date is left alone.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from wuzha.intake.leads.digit_readings import Group
from wuzha.intake.leads.face import unmisread
from wuzha.intake.leads.labels import Label, Labels
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.intake.leads.stretches import UNIT_AFTER
from wuzha.kernel.identifiers.phones import LANDLINE, MOBILE, SERVICE

SENTENCE_MAX = 160
REACH = 40  # characters between the program's name and the handle
CONFIDENCE = 0.55
QQ_MIN, QQ_MAX, ORDER_MIN, ORDER_MAX = 8, 10, 12, 30

_SENTENCE = re.compile(r"[^。！!？?；;]+")
_KINDS = {
    Label.QQ: Kind.QQ, Label.QQ_GROUP: Kind.QQ, Label.WECHAT: Kind.WECHAT, Label.TELEGRAM: Kind.TELEGRAM,
    Label.ORDER: Kind.ORDER,
}  # fmt: skip
_OTHERS = frozenset({Label.LOGIN, Label.OTHER, Label.PHONE, Label.SENT_BY, Label.CARD, Label.ACCOUNT, Label.COMPANY,
                     Label.ID_NUMBER, Label.ALIPAY, Label.DINGTALK, Label.BANK})  # fmt: skip
OTHER_REACH = 8
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_@./:\\%&=-])[A-Za-z](?=[A-Za-z_-]*[0-9_])[A-Za-z0-9_-]{5,19}(?![A-Za-z0-9_@/%-]|\.[A-Za-z0-9])"
)
_CUT = frozenset("线\n杠")  # what parts the rest of a handle from its beginning
_NO_HANDLE = re.compile("备注|辨率|版本|暗号|口令|密码|网名|昵称|型号|[Xx]{4}")
_APART = re.compile(r"(?<![A-Za-z0-9_.@] )(?<![A-Za-z0-9_.@])[A-Za-z](?: [A-Za-z0-9_]){5,19}(?![A-Za-z0-9_@])")
_NAME = re.compile("[a-z]{2}")
_MODEL = re.compile(
    r"(?i:iphone|ipad|huawei|mate|nova|redmi|oppo|vivo|xiaomi|honor|usdt|trc|erc|app|vip|win|rtx|gtx|ddr|usb|hdmi|wifi|"
    r"pro|max|plus|ios|android|covid|img|dsc|screenshot|room|level|lv|ver|http|www)"
)
_DATE = re.compile(r"20[0-3]\d[01]\d[0-3]\d")
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.@/-])[1-9][0-9OolI]{7,29}(?![A-Za-z0-9_@/-]|\.\d)")


def find_by_elimination(
    text: str, face: str, labels: Labels, stretches: list[list[Group]], leads: Sequence[Lead],
    is_free: Callable[[int, int], bool],
) -> Iterator[Lead]:  # fmt: skip
    """Handles and orders that are left over in the sentences that name their program, in order."""
    spans = [span for span in labels.spans() if span[2] in _KINDS]
    if not spans:
        return
    starts = [start for start, _end, _label in spans]
    known = sorted((lead.start, lead.kind) for lead in leads if lead.kind in _KINDS.values())
    known_at = [at for at, _kind in known]
    stretches_at = [groups[0].start for groups in stretches]
    for sentence in _SENTENCE.finditer(face):
        start, end = sentence.span()
        within = spans[bisect_left(starts, start) : bisect_left(starts, end)]
        if not within or end - start > SENTENCE_MAX:
            continue
        told = {kind for _at, kind in known[bisect_left(known_at, start) : bisect_left(known_at, end)]}
        kinds = {_KINDS[label] for _start, _end, label in within} - told
        if not kinds:
            continue
        rows = stretches[bisect_left(stretches_at, start) : bisect_left(stretches_at, end)]
        found = [
            (kind, *place) for kind in kinds for place in _candidates(face, labels, rows, kind, start, end, is_free)
        ]
        for kind, at, to, value in found:
            is_alone = sum(other[0] is kind for other in found) == 1 and sum(other[1] == at for other in found) == 1
            near = min(min(abs(at - last), abs(first - to)) for first, last, label in within if _KINDS[label] is kind)
            if is_alone and near <= REACH:  # VX/QQ二选一：haiwai-daigou7 / 494 017 382
                extra = {"group": True} if all(label is Label.QQ_GROUP for *_place, label in within) else {}
                yield Lead(kind, text[at:to], at, to, value, CONFIDENCE, ("left over",), extra=extra)


def _candidates(
    face: str, labels: Labels, stretches: list[list[Group]], kind: Kind, start: int, end: int,
    is_free: Callable[[int, int], bool],
) -> Iterator[tuple[int, int, str]]:  # fmt: skip
    if kind in (Kind.WECHAT, Kind.TELEGRAM):
        for match in _APART.finditer(face, start, end):
            said = match.group().replace(" ", "")
            if not said.isalpha() and _is_open(face, labels, *match.span(), is_free):
                yield *match.span(), said
        for match in _TOKEN.finditer(face, start, end):
            said = match.group()
            if (
                _NAME.search(said)
                and not _MODEL.match(said)
                and face[match.start() - 1 : match.start()] not in _CUT
                and _is_open(face, labels, *match.span(), is_free)
            ):
                yield *match.span(), said
        return
    least, most = (ORDER_MIN, ORDER_MAX) if kind is Kind.ORDER else (QQ_MIN, QQ_MAX)
    rows = [
        (groups[0].start, groups[-1].end, "".join(group.digits for group in groups))
        for groups in stretches
        if len({group.gap for group in groups[1:]}) <= 1
    ]
    places = {row[0] for row in rows}
    rows += [
        (*match.span(), match.group()) for match in _NUMBER.finditer(face, start, end) if match.start() not in places
    ]
    for at, to, digits in rows:
        digits = unmisread(digits)
        fits = least <= len(digits) <= most and digits.isdigit() and digits[0] != "0"
        if not fits or (_DATE.match(digits) and len(digits) == 8):
            continue
        if kind is Kind.QQ and (MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits) or SERVICE.fullmatch(digits)):
            continue
        if not UNIT_AFTER.match(face, to) and _is_open(face, labels, at, to, is_free):
            yield at, to, digits


def _is_open(face: str, labels: Labels, start: int, end: int, is_free: Callable[[int, int], bool]) -> bool:
    if _NO_HANDLE.search(face, max(0, start - OTHER_REACH), end) or labels.end_of(start + 1):
        return False
    label, gap = labels.before(start)
    return is_free(start, end) and not (label in _OTHERS and len(gap) <= OTHER_REACH)
