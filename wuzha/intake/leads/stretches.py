"""Stretches: things that stand for digits, with at most a few marks or fillers between, cut into groups.

Theory. What is read aloud, broken over lines, photographed or taken apart is a row of digits, of words for digits and
of letters that a scanner put for digits. A *stretch* is such a row with small marks between; it is turned into digits
and groups, and `assembled` (cards, identity numbers, QQ numbers, orders) and `called` (phones) decide which groups
make one number. `TOLD` is what may stand between a label and its number.
"""

import re
from collections.abc import Callable, Iterator

from wuzha.intake.leads.digit_readings import Group, Reading
from wuzha.intake.leads.face import SPOKEN_DIGITS, unmisread
from wuzha.intake.leads.lead import Lead

STRETCH_DIGITS_MAX = 80
WINDOW_GROUPS_MAX = 19

HEARD = "两" + "".join(SPOKEN_DIGITS)
DIGIT_OF = {ord("两"): "2", ord("叉"): "X", ord("×"): "X", ord("x"): "X"} | {
    ord(word): digit for word, digit in SPOKEN_DIGITS.items()
}
# A sign that ends no sentence and belongs to no sum, no clock and no address.
_MARK = r"[^\w\n。；;！？!?，,、+=%￥¥$€£:<>@#&“”\"'^]"
_FILLER = "中间|[后末]尾?[三四]位|后面接着|后面|后边|然后|最后|接着|再|嗯+|啊|呃|哦|额|那个|还有|对"
_SEP = (
    rf"(?:{_MARK}{{1,3}}|_|[ \u200b]?[，,、。\n…]{{1,2}}[ \u200b]?"
    rf"|[，, ]?(?:{_FILLER})(?:四位|是|[记报念写]个?)?[，,: ]{{0,2}})"
)
_DIGIT = rf"(?:[两三四]个[{HEARD}](?![十百千万个人])|(?![三四五六]位)[0-9{HEARD}])"  # 三个八
_REPEATED = re.compile(f"([两三四])个([{HEARD}])")
_TIMES = {"两": 2, "三": 3, "四": 4}
# Letters stand for digits only beside digits.
_LETTER = r"(?:(?<=[0-9OolI])[OolI]|(?<=[0-9][ \n-])[OolI](?=[OolI]{1,3}(?![A-Za-z0-9]))|[OolI](?=[OolI]{0,3}[0-9]))"
_STRETCH = re.compile(
    rf"(?<![0-9@{HEARD}])(?:[{HEARD}]|(?<![A-PR-Za-pr-z])(?:[0-9]|[OolI](?=[OolI]?[0-9])))"
    rf"(?:{_SEP}?(?:{_DIGIT}|{_LETTER})){{4,{STRETCH_DIGITS_MAX}}}(?:{_SEP}?[Xx叉×](?![A-Za-z0-9]))?"
)
_WORD_BEHIND = re.compile(rf"(?<=[0-9])[{HEARD}]$")
ORDINAL = re.compile("(?<=[号单卡户群裙])[一二三四五壹贰叁][0-9]{8}")
_LIST_OF_SUMS = "0123456789、 "
_PIECE = re.compile(rf"(?:{_DIGIT}|[OolI])+[Xx叉×]?")
TOLD = re.compile(
    r"(?:前[三四六]位是?|[:： “\"'()#\n<>~…=|*·\u2190-\u2bff\U0001f300-\U0001faff-]|[这一]?串数字?|看|呢|"
    r"先?[记填写留报]的?|/|号码?|"
    r"是|应?为|应该?是|叫|我|你|您|他|她|念|读|一下|给|哈|啊|这个|那个|就|写着|显示|记着?|印成|写成|"
    r"识别成了?|[”」]|"
    r"在|手心|有|也|的|，|那一栏|用|联系|咨询|直接|搜索|[1-3](?=[:：])|搜|找|加|\u200b){0,9}"
)
WORD_IN_GAP = re.compile(_FILLER)
UNIT_AFTER = re.compile(r" ?[十百千万亿元块个天月年号日点分岁次张笔条人多余%]")
MARKS_OF_LIST = re.compile(r"[，,、。;；\n]")
_NOT_OF_DIGITS = re.compile(rf"[{HEARD}OolI叉×]")


Found = tuple[Reading, int] | None  # what groups[first:last] are, and last


def stretches_of(face: str) -> list[list[Group]]:
    """Every stretch of `face` as its groups, but those of plain digits in one piece, which `runs` reads."""
    return [
        _groups(face, match)
        for match in _STRETCH.finditer(face)
        if not (match.group().isascii() and match.group().isdigit()) and not _is_list_of_sums(match.group())
    ]


def _is_list_of_sums(said: str) -> bool:
    return "、" in said and not said.strip(_LIST_OF_SUMS)


def over(
    text: str,
    stretches: list[list[Group]],
    is_free: Callable[[int, int], bool],
    read: Callable[[list[Group], int], Found],
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
    start = match.start() + (1 if ORDINAL.match(face, match.start()) else 0)  # 单号一880274113956
    for piece in _PIECE.finditer(face, start, match.end()):
        gap = face[groups[-1].end : piece.start()] if groups else ""
        said, end = piece.group(), piece.end()
        if said[:-1].isascii() and _WORD_BEHIND.search(said) and "\u4e00" <= face[end : end + 1] <= "\u9fff":
            said, end = said[:-1], end - 1  # 订单3194...663一直没发货
        said = _REPEATED.sub(lambda repeated: repeated.group(2) * _TIMES[repeated.group(1)], said)
        digits = unmisread(said.translate(DIGIT_OF))
        if gap and not gap.strip("\u200b"):
            last = groups.pop()
            groups.append(Group(last.digits + digits, last.start, end, last.gap))
        else:
            groups.append(Group(digits, piece.start(), end, gap))
    if match.end() > groups[-1].end and face[match.end() - 1] in "Xx叉×":  # 430102.1957.0701.618.x
        last = groups.pop()
        groups.append(Group(last.digits + "X", last.start, match.end(), last.gap))
    return groups


def is_plain(face: str, groups: list[Group]) -> bool:
    return _NOT_OF_DIGITS.search(face, groups[0].start, groups[-1].end) is None


def windows(groups: list[Group], first: int, most: int) -> Iterator[tuple[str, int]]:
    """The digits of groups[first:last] and last, as long as they are no more than `most`."""
    digits = ""
    for last in range(first, min(len(groups), first + WINDOW_GROUPS_MAX)):
        digits += groups[last].digits
        if len(digits) > most:
            return
        yield digits, last + 1


def is_word(face: str, groups: list[Group], at: int) -> bool:
    """二选一: one digit in words, and more words behind it; not the last of a number read by ones."""
    group = groups[at]
    is_two = len(group.digits) == 2 and face[group.end : group.end + 1] in tuple("级届班路楼代")  # ，四六级
    is_one = (len(group.digits) == 1 or is_two) and not face[group.start].isascii()
    is_one = is_one and not (at > 1 and len(groups[at - 1].digits) == 1 and groups[at - 1].gap == group.gap)
    return is_one and "\u4e00" <= face[group.end : group.end + 1] <= "\u9fff"
