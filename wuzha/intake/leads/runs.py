"""Rows of digits: which are cards, company accounts, phones, identity numbers, QQ numbers or order numbers.

Theory. A run is digits with the separators people put between them. It is cut into groups at separators; from each
group on, the joins of one or more groups compete, and the best reading wins: what the label before it says if the
form allows, else what the form alone proves (check digit and BIN, identity checksum, numbering plan). A row that
proves nothing and has no label is nothing. Scores order the readings; the lead's confidence is its score / 100.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from wuzha.intake.leads.digit_readings import (
    NAMED_AFTER,
    Group,
    Reading,
    is_one_order,
    is_pointed_card,
    is_pointed_identity,
    read_card,
    read_identity,
    read_labelled,
)
from wuzha.intake.leads.face import SPOKEN_DIGITS, spoken, unmisread
from wuzha.intake.leads.labels import Label, Labels
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.intake.leads.phone_readings import (
    extension_after,
    is_by_digit,
    may_follow_comma,
    read_mobile_in_parts,
    read_phone,
)
from wuzha.intake.leads.stretches import ORDINAL
from wuzha.kernel.identifiers.cards import CARD_LENGTH_MIN
from wuzha.kernel.identifiers.phones import MOBILE

GROUPS_JOINED_MAX = 19
DIGITS_JOINED_MAX = 40
UNLABELLED_DIGITS_MAX = 24  # what proves itself has no more: cards, identity numbers, phones with their extension
COMPANY_LINE_SIZE = 8  # 9510 5918
GROUPED_DIGITS_MIN = 9  # without a label, fewer digits in several groups, or groups under three, are nothing
RUN_LENGTH_MIN, RUN_LENGTH_MAX = 3, 80
MIN_SCORE = 30
_BANK_AFTER = re.compile(
    r" ?[(（]?(?:[工农中建交招]行|[\u4e00-\u9fff]{2,4}银行|邮储|浦发|民生|光大|中信|平安|兴业|农商)"
)
_STARS_AFTER = re.compile(r" ?\*{2,}")
SHORT_MIN = 5  # digits below which only emergency lines (_SHORT) and a few labelled numbers are anything
_SHORT = re.compile(r"1[0-2]\d")
_SHORT_LABELS = frozenset({Label.DINGTALK, Label.OTHER, Label.LOGIN, Label.PHONE, Label.SENT_BY})
_SIGNS = r"*_\\★☆●■◆♦♥❤•·\u2600-\u27bf\U0001f300-\U0001faff"
_PARTING = re.compile(rf"[\n,，。{_SIGNS}]")  # what only a number that proves itself may hold
HEARD_DIGITS_MIN = 5
HEARD_SCORE_MIN = 60
CARD_KNOWN_BONUS = 4  # what a known bank adds to a card's score
NAMED_AFTER_MIN = 12  # digits that a bank behind them makes an account, whatever label is further off
FAR_REACH = 36  # characters between a program's name and a number that is told some clauses later
FAR_DIGITS_MIN, FAR_DIGITS_MAX = 7, 11
SURE_SCORE = 92  # joins are tried longest first: a reading as sure as this needs no shorter rival

_CHINESE = "".join(SPOKEN_DIGITS)
_RUN = re.compile(
    rf"(?=[\d+(lIO])(?<![\d_.])(?<!@(?=\d))(?<!\d[-/])(?:[+(]{{1,2}} ?)?(?:\d|"
    rf"[lIO](?=[\dOo]{{2}}))(?:[\d \-\u200bOoIl()./]|"
    rf"转(?=\d)|[{_SIGNS}]\u200b?(?=\d{{3}})|(?<=\d{{4}})[,，。](?=\d{{2,4}}(?![\d-]))|"
    rf"\n(?=\d{{3,15}}(?!\d))){{0,{RUN_LENGTH_MAX - 2}}}[Xx]?"
)
_SPOKEN_RUN = re.compile(
    rf"(?=[\d{_CHINESE}])(?<![\d{_CHINESE}十百千万])(?<![A-Za-z](?=\d))[\d{_CHINESE}](?:[ "
    rf"\-\u200b、,，.。]{{0,2}}[\d{_CHINESE}]){{5,40}}[Xx]?(?![十百千万亿元块年月日点\d{_CHINESE}])"
)
_ALIPAY_AFTER = re.compile(r" ?[(（]?支付宝(?![转付给上里扫到账收充提的花])")
_SUM_BEFORE_PLUS = frozenset("0123456789万千百元块wWkKUu")
_SHOP_ORDER = re.compile(r"\d{6}-\d{12,18}")
_ACCOUNT_TOLD = re.compile("账号|账户|帐号|手机|绑|手动输|[转付打金]到|收款")
_OTHER_TOLD = re.compile(r"电话|联系|打给|来电|拨|短信|微信|QQ|客服|\d")
_IS_NOW_TOLD = re.compile(r"(?:是|为|号|叫|即)[:：，, ]?$|号[^，。]{0,6}[，,]$")
_BEHIND = frozenset({Label.ORDER, Label.QQ, Label.QQ_GROUP, Label.WECHAT, Label.ALIPAY})
_BEHIND_MOBILE = frozenset({Label.WECHAT, Label.ALIPAY})
_PHONE_TOO = re.compile("[，,(（ ]{0,2}(?:手机|电话|手机号)(?:和|跟|与|同)?(?:微信|V信|薇信|绿泡泡)")
_COMMA = re.compile(r" ?[,，] ?")
_NO_DIGIT = re.compile(r"[^\dXx]")
_BETWEEN_COMMAS = re.compile(r"[^,，.。、]+")
_CHINESE_DIGIT = re.compile(f"[{_CHINESE}]")
_GROUP = re.compile(r"[\dOoIl]*\d[\dOoIl]*[Xx]?|[lIOo]+(?=[ -]?\d)")
_MONEY_AFTER = re.compile(
    r" ?(?:\.\d{1,4})? {0,2}(?:多|余|个)?(?:元|块|圆|万|亿|千|美|人民币|RMB|rmb|USD|usd|U(?![A-Za-z])|u(?![A-Za-z])|"
    r"港|欧|日元|英镑|w(?![A-Za-z])|W(?![A-Za-z])|角|毛|%|％|比特币|BTC|ETH|泰达)"
)
_DIRECT = re.compile(
    r"(?:[:：是为 “”\"'()#+<>|=~…*\u200b\u2190-\u2bff\U0001f300-\U0001faff-]|"
    r"号码|号|账号|账户|名|ID|id|叫|码|【|的|分别|也?有|[那这]个|呢|[填写留登]的?是?|另?外?还?有(?:一个|个)?|一个|直接|搜索?|[这一]串数字?|就[行好是]|，就?是|[一二三四五](?=$)|就可以|即可|\n|尾号|开头|\[){0,5}"
)


def find_numbers(
    text: str, face: str, labels: Labels, is_free: Callable[[int, int], bool], void: list[tuple[int, int]] | None = None
) -> list[Lead]:
    """Every lead made of digits, in order; spoken digits (幺三八) first, because digits may stand among them.

    Rows in groups that are known to be no lead (会议号 638 204 917) are put into `void`: nobody else may read them.
    """
    leads: list[Lead] = []
    for match in _SPOKEN_RUN.finditer(face):
        first = _CHINESE_DIGIT.search(match.group())
        is_word = (
            first is not None and match.start() + first.start() == match.end() - 1 and _goes_on_in_words(face, match)
        )
        is_ordinal = ORDINAL.match(face, match.start()) is not None
        if first is not None and not is_word and not is_ordinal and is_free(*match.span()):
            for start, end in _heard_spans(match.group(), match.start()):
                lead = _read_heard(text, face, labels, start, end)
                if lead:
                    leads.append(lead)
                if lead and end == match.end():
                    break
    starts, ends = [lead.start for lead in leads], [lead.end for lead in leads]
    for groups, prefix, prefix_start in _runs(face, labels):
        at = bisect_right(ends, groups[0].start)
        if at < len(starts) and starts[at] < groups[-1].end:
            continue
        leads.extend(_read_run(text, face, labels, groups, prefix, prefix_start, is_free, void))
    return sorted(leads, key=lambda lead: lead.start)


def _goes_on_in_words(face: str, match: re.Match[str]) -> bool:
    """订单319472850663一直没发货: the one digit in words begins the next word."""
    is_before_words = "\u4e00" <= face[match.end() : match.end() + 1] <= "\u9fff"
    return is_before_words and match.group()[:-1].rstrip(" -\u200b、,，.。")[-1:].isascii()


def _heard_spans(said: str, start: int) -> list[tuple[int, int]]:
    """The whole row first; where commas part it and it is no one number, its parts."""
    whole = (start, start + len(said))
    parts = [(start + part.start(), start + part.end()) for part in _BETWEEN_COMMAS.finditer(said)]
    if len(parts) == 1:
        return [whole]
    # 95188，二是...: only what is heard throughout goes on after a comma, at least two digits at a time.
    is_one = not any(char.isascii() and char.isdigit() for char in said) and all(end - at > 1 for at, end in parts)
    return [whole, *parts] if is_one else parts


def _read_heard(text: str, face: str, labels: Labels, start: int, end: int) -> Lead | None:
    """A number read aloud at start..end, when it proves itself or its label is right before it."""
    digits = _NO_DIGIT.sub("", spoken(face[start:end]))
    if len(digits) < HEARD_DIGITS_MIN:
        return None
    reading = _read(face, [Group(digits, start, end, "")], "", *_label_of(labels, start))
    if reading is None:
        reading = _told_before(labels, Group(digits, start, end, ""))
    if reading is None or not reading.kind or reading.score < HEARD_SCORE_MIN:
        return None
    reading.why = (*reading.why, "digits read aloud")
    return _lead(text, reading, start, end, reading.score - 5)


def _runs(face: str, labels: Labels) -> Iterator[tuple[list[Group], str, int]]:
    """Runs as groups, with a leading "+" when there is one and where it stands."""
    for match in _RUN.finditer(face):
        if match.end() - match.start() < RUN_LENGTH_MIN:
            continue
        groups: list[Group] = []
        if match.group().isdigit():
            groups.append(Group(match.group(), match.start(), match.end(), ""))
            yield from _after_its_label(face, labels, match, groups)
            continue
        for part in _GROUP.finditer(face, match.start(), match.end()):
            gap = face[groups[-1].end : part.start()] if groups else ""
            end = part.end()
            if gap and not gap.strip("\u200b"):  # 1️⃣3️⃣6️⃣: what cannot be seen parts nothing
                last = groups.pop()
                groups.append(Group(last.digits + part.group(), last.start, end, last.gap))
                continue
            # The x of "8888x123" opens an extension; only a last X can be a check character.
            if part.group()[-1] in "xX" and face[end : end + 1].isalnum() and face[end].isascii():
                end -= 1
            groups.append(Group(face[part.start() : end], part.start(), end, gap))
        if not groups or sum(len(group.digits) for group in groups) < 3:
            continue
        yield from _after_its_label(face, labels, match, groups)


def _after_its_label(
    face: str, labels: Labels, match: re.Match[str], groups: list[Group]
) -> Iterator[tuple[list[Group], str, int]]:
    """ "QQ12345", "vx138...": digits may follow Latin letters only where these are a label."""
    before = face[match.start() - 1 : match.start()]
    label, gap = labels.before(match.start()) if before.isascii() and before.isalpha() else (Label.OTHER, "")
    if label is not None and not gap:
        lead_in = face[match.start() : groups[0].start]
        is_sum_of = before in _SUM_BEFORE_PLUS and match.group()[0] == "+"  # 1.2万+8500
        yield groups, "+" if "+" in lead_in and not is_sum_of else "", match.start()


def _read_run(
    text: str, face: str, labels: Labels, groups: list[Group], prefix: str, prefix_start: int,
    is_free: Callable[[int, int], bool], void: list[tuple[int, int]] | None,
) -> Iterator[Lead]:  # fmt: skip
    if len(groups) == 1:
        end = groups[0].end
        is_short = not prefix and len(groups[0].digits) < SHORT_MIN and not _SHORT.match(groups[0].digits)
        if is_short and labels.before(groups[0].start)[0] not in _SHORT_LABELS:
            return  # 2000, 38: no number to act on is so short
        is_sum = len(groups[0].digits) < CARD_LENGTH_MIN and _MONEY_AFTER.match(face, end)
        if is_sum or not is_free(groups[0].start, end):
            return
    least = SURE_SCORE if _STARS_AFTER.match(face, groups[-1].end) else MIN_SCORE  # 6217 9987 **** 683
    first = 0
    while first < len(groups):
        label, gap = _label_of(labels, groups[first].start)
        best: tuple[Reading, int] | None = None
        for last in range(_furthest(groups, first, label), first, -1):
            joined = groups[first:last]
            behind = labels.behind(joined[-1].end) if label is None or not _DIRECT.fullmatch(gap) else None
            if behind in _BEHIND:
                is_mobile = MOBILE.fullmatch("".join(group.digits for group in joined)) is not None
                is_told = behind is Label.ORDER and face.startswith(("是", "不是"), joined[-1].end)
                if is_told or is_mobile == (behind in _BEHIND_MOBILE):
                    label, gap = behind, ""
            if label is Label.ORDER and not is_one_order(joined):
                continue
            if first and is_by_digit(joined) and groups[first].gap == joined[1].gap:
                continue  # the end of a longer row of single digits
            sizes = [len(group.digits) for group in joined]
            if label is None and len(sizes) > 1 and max(sizes) < 3 and not is_by_digit(joined):
                continue
            least_digits = GROUPED_DIGITS_MIN if groups[first].digits[:2] != "95" else COMPANY_LINE_SIZE
            if label is None and len(sizes) > 1 and sum(sizes) < least_digits:
                continue
            if not is_free(joined[0].start, joined[-1].end) or not _may_join(face, joined):
                continue
            reading = _read(face, joined, prefix if first == 0 else "", label, gap)
            if reading and reading.kind is Kind.PHONE and label is None and _is_tail(groups, first, joined):
                continue  # 868 0340 5127 7713: the rest of a longer number is no landline
            if reading and (best is None or reading.score > best[0].score):
                best = (reading, last)
                if reading.score >= SURE_SCORE:
                    break
        if best is None and first + 1 == len(groups) and least == MIN_SCORE:
            far = _told_before(labels, groups[first])
            best = (far, first + 1) if far else None
        if best is None or best[0].score < least:
            first += 1
            continue
        reading, last = best
        start, end = groups[first].start, groups[last - 1].end
        if reading.kind is Kind.PHONE and MOBILE.fullmatch(reading.value) and _is_paid_into(labels, start):
            reading = Reading(Kind.ALIPAY, reading.value, 75, ("label nearby",))
        if prefix and first == 0 and reading.kind is Kind.PHONE:
            start = prefix_start + face[prefix_start:start].index("+")
            if face[start - 1 : start] == "(":
                start -= 1
        elif reading.kind is Kind.PHONE and face[start - 1 : start] == "(" and ")" in face[start:end]:
            start -= 1
        if reading.kind is Kind.PHONE:
            end, extension = extension_after(face, reading, end)
            if extension:
                reading.extra["extension"] = extension
        if label:
            labels.inherit(end, label)
        if reading.kind:
            yield _lead(text, reading, start, end, reading.score)
        elif void is not None and last - first > 1:
            void.append((start, end))
        first = last


def _is_tail(groups: list[Group], first: int, joined: list[Group]) -> bool:
    """Whether an unlabelled row that is no mobile goes on from the group before it by its own mark."""
    is_mobile = MOBILE.fullmatch("".join(group.digits for group in joined)) is not None
    return first > 0 and len(joined) > 1 and not is_mobile and groups[first].gap == joined[1].gap


def _is_paid_into(labels: Labels, start: int) -> bool:
    """支付宝转的，收款那边的账号显示是135...: a mobile told as the account some clauses after the name."""
    near = next((gap for label, gap in labels.all_before(start, FAR_REACH) if label is Label.ALIPAY), None)
    return near is not None and _ACCOUNT_TOLD.search(near) is not None and _OTHER_TOLD.search(near) is None


def _told_before(labels: Labels, group: Group) -> Reading | None:
    """QQ已经把我拉黑了，列表里还能看到，是1640285937."""
    digits = unmisread(group.digits)
    if not (FAR_DIGITS_MIN <= len(digits) <= FAR_DIGITS_MAX) or not digits.isdigit() or digits[0] == "0":
        return None
    for label, gap in labels.all_before(group.start, FAR_REACH):
        if label in (Label.QQ, Label.QQ_GROUP):
            is_told = _IS_NOW_TOLD.search(gap) is not None and not any(char.isdigit() for char in gap)
            return Reading(Kind.QQ, digits, 62, ("label nearby",)) if is_told else None
        if label not in (Label.LOGIN, Label.PHONE, Label.ACCOUNT):
            return None
    return None


def _furthest(groups: list[Group], first: int, label: Label | None) -> int:
    """One past the last group that may belong to a number that begins at `first`."""
    most = UNLABELLED_DIGITS_MAX if label is None else DIGITS_JOINED_MAX
    last, total = first, 0
    for group in groups[first : first + GROUPS_JOINED_MAX]:
        total += len(group.digits)
        if total > most:
            break
        last += 1
    return max(last, first + 1) if len(groups[first].digits) <= DIGITS_JOINED_MAX else last


def _lead(text: str, reading: Reading, start: int, end: int, score: int) -> Lead:
    assert reading.kind is not None
    return Lead(reading.kind, text[start:end], start, end, reading.value, score / 100, reading.why, extra=reading.extra)


def _may_join(face: str, joined: list[Group]) -> bool:
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


def _is_masked(face: str, start: int, end: int) -> bool:
    """622230******39, 6222 30**: part of a number that nobody can act on."""
    before = face[start - 2 : start] if start >= 2 else ""
    if face[end : end + 2] in ("XX", "xx", "××"):
        return True
    if _STARS_AFTER.match(face, end):
        return True
    return (face[end : end + 1] == "*" and face[start - 1 : start] != "*") or (
        before[1:] == "*" and before[0].isdigit()
    )


def _read(face: str, joined: list[Group], prefix: str, label: Label | None, gap: str) -> Reading | None:
    start, end = joined[0].start, joined[-1].end
    if _MONEY_AFTER.match(face, end) and sum(len(group.digits) for group in joined) < CARD_LENGTH_MIN:
        return None
    if _is_masked(face, start, end):
        return None
    is_abroad = prefix and all(group.gap == "·" for group in joined[1:])  # +852·6714·9028
    if len(joined) > 1 and not is_abroad and any(_PARTING.search(group.gap) for group in joined):
        phone = read_mobile_in_parts(joined)
        if phone:
            return phone
        card = read_card(unmisread("".join(group.digits for group in joined)), label, joined, is_direct=False)
        is_in_fours = all(len(group.digits) <= 4 for group in joined)
        # Over two lines the halves are longer: the bank has to be known too.
        return card if card and card.score >= SURE_SCORE + (0 if is_in_fours else CARD_KNOWN_BONUS) else None
    has_point = face[start - 1 : start] == "." or (
        len(joined) > 1 and any("." in group.gap or "/" in group.gap for group in joined[1:])
    )
    following = face[end : end + 1]
    raw = "".join(group.digits for group in joined)
    digits = raw if raw.isdigit() else unmisread(raw)
    is_misread = digits != raw
    is_direct = label is not None and (
        _DIRECT.fullmatch(gap) is not None or (may_follow_comma(digits, label) and _COMMA.fullmatch(gap) is not None)
    )
    if not is_direct and label is not Label.ALIPAY and MOBILE.fullmatch(digits) and _ALIPAY_AFTER.match(face, end):
        label, gap, is_direct = Label.ALIPAY, "", True
    if not is_direct and (label is None or len(digits) >= NAMED_AFTER_MIN) and _BANK_AFTER.match(face, end):
        label, gap = Label.BANK, NAMED_AFTER
    if following.isascii() and (following.isalpha() or following == "_" or following == "@") and not is_direct:
        return None
    if label is Label.WECHAT and MOBILE.fullmatch(digits) and _PHONE_TOO.match(face, end):
        label = Label.PHONE  # 绿泡泡，133-5802-7416，手机同微信
    readings = [
        reading
        for reading in (
            None
            if has_point and not is_pointed_identity(joined)
            else read_identity(digits, label, is_direct=is_direct),
            None if has_point else read_labelled(digits, label, gap, is_direct=is_direct),
            None
            if has_point and not is_pointed_card(joined)
            else read_card(digits, label, joined, is_direct=is_direct, gap=gap),
            read_phone(face, digits, prefix, label, joined, is_direct=is_direct, has_point=has_point),
        )
        if reading is not None
    ]
    if not readings:
        return None
    best = max(readings, key=lambda reading: reading.score)
    if best.kind is Kind.ORDER and _SHOP_ORDER.fullmatch(face[start:end].replace(" ", "")):
        best.value = face[start:end].replace(" ", "")  # 261009-583017264890137: a shop's own form
    if is_misread:
        if best.kind not in (Kind.CARD, Kind.PHONE, Kind.ID_NUMBER) or best.score < 70:
            return None
        best.why = (*best.why, "letters read as digits")
        best.score -= 2 if prefix else 5
    return best
