"""Handles spelled so that no filter reads them: x i a o 6 6, lulu❤88, 下划线, 贰零, （小花去掉）.

Theory. A filter looks for a label and a run of Latin letters or digits behind it. Who slips through takes the run
apart: letters with spaces or signs between, digits in words, signs by their names, something that the reader is told
to leave out or to read as something else. All this is undone only behind a label and up to the next one, and what
comes out must have the form of that program's handles. A handle in one plain run is left to `handles` and `runs`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wuzha.intake.leads.face import SPOKEN_DIGITS, unmisread
from wuzha.intake.leads.hints import HINT, SPELLED_LENGTH_MAX, Hints, hinted, hints_around
from wuzha.intake.leads.labels import ASKED, Label, Labels
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.intake.leads.stretches import ORDINAL
from wuzha.kernel.identifiers.phones import MOBILE

HANDLE_LENGTH_MAX = 40
PIECE_MAX = 6  # letters of a piece that a space parts from the next: gu piao _ lao zhou
MOBILE_LENGTH = 11
DIGITS_A_PIECE_MAX = 5  # more digits in one piece are a number of their own: QQ 1234567890 20日
WECHAT_LENGTH_MAX = 20
COMPLETE_MIN = 6  # characters with a digit or "_" among them: a handle that needs no further piece

_KINDS: Mapping[Label, Kind] = {
    Label.WECHAT: Kind.WECHAT, Label.TELEGRAM: Kind.TELEGRAM, Label.ALIPAY: Kind.ALIPAY,
    Label.QQ: Kind.QQ, Label.QQ_GROUP: Kind.QQ, Label.PHONE: Kind.PHONE,
}  # fmt: skip
_HEARD = "两" + "".join(SPOKEN_DIGITS)
_ACCOUNTS = frozenset({Label.ACCOUNT, Label.LOGIN})
PROGRAM_REACH = 14
_FURTHER = re.compile(
    r"(?:另外一个|另一个)?(?:备用|小号|新号|大号)号?(?=[:： 是]{0,2}@?[A-Za-z])|(?:号码?|用户名)(?:是|叫|"
    r"就是)(?= ?@?[A-Za-z] [A-Za-z0-9] )"
)
_EMOJI = "\u2600-\u27ff\u2b00-\u2bff\U0001f300-\U0001f445\U0001f44a-\U0001faff"
_GAP = re.compile(
    rf"(?:[（(][^（）()\nA-Za-z]{{1,12}}[）)]|[(\[](?:at|AT|艾特)[)\]]|"
    rf"[:：， “”\"'(\[@\U0001f446-\U0001f449#<>丨|=~…\u200b+"
    rf"\u2190-\u2bff{_EMOJI}-]|"
    r"(?:ID|Id|id)[: ]|[/.·|*](?=[A-Za-z0-9][/.·|*])|嗯+|呃|啊|(?:他|她|对方)(?=说的?是)|你?记(?:一下)?，?|"
    r"上(?=叫)|小写的?|那个(?=[A-Za-z])|"
    r"(?:换成|改成|"
    r"是用?)?手机注册的了?|群主|频道|后(?=搜)|"
    r"号码|号头|号|账号|账户|"
    r"(?:的时候)?[说报念写打填留]的?(?:就)?是|就?报|搵|[\u4e00-\u9fff]{1,8}[:：](?=[A-Za-z])|(?:换|断|分)行了?|(?:拆|分)开[发写]的?|是|为|叫|呢|改成|换成|写成|也?这么写|认准|只认|"
    r"艾特|[aA][tT] |我?一个一个念啊?|"
    r"我?念(?:一下|给你)?|里面?|(?:照着|挨个)(?:敲|打|念)|图标|打开|分两截给你|前面|搜索|搜|找|联系|加|群|裙|"
    r"好友|直接|收款|收钱|收|打到|打给|转到|转给|转|付|走|用户名|新号|新|备用|小号|大号|现在|也行|串|还?有位|"
    r"也可以?|都行|同步|空间|详聊|聊|咨询|签名|这个|那个|字母|数字|小写|大写|显示|我|就|的|了|\n){0,8}"
)
# 家V看报价 dyjs1588: only behind a call to add somebody, or to enter a group.
_WORDS_BETWEEN = re.compile(r"[\u4e00-\u9fff]{1,8}[ :]")
_CALLS = re.compile(r"[家佳嘉伽加嫁进➕+]")
_QUESTION = re.compile("[?”]|多少|什么|[报念说发]一下|[报念说发]给我|有没有|记得|呢")
_ASKED_AT = re.compile(rf"(?:{ASKED.pattern})@?")
_FORM: Mapping[Kind, re.Pattern[str]] = {
    Kind.WECHAT: re.compile(rf"[A-Za-z][A-Za-z0-9_-]{{5,19}}|{MOBILE.pattern}"),
    Kind.TELEGRAM: re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}"),
    Kind.ALIPAY: re.compile(rf"{MOBILE.pattern}|[A-Za-z0-9][A-Za-z0-9._-]*@[a-z0-9-]+(?:\.[a-z]+){{1,2}}", re.I),
    Kind.QQ: re.compile(r"[1-9]\d{4,11}"),
    Kind.PHONE: MOBILE,
}
_OF_DIGITS = frozenset({Kind.QQ, Kind.PHONE})
_SIGNS = {
    "下划线": "_", "下底线": "_", "下横线": "_", "底线": "_", "下杠": "_", "横杠": "-", "中划线": "-", "短横": "-",
    "横线": "-", "减号": "-", "杠": "-", "艾特": "@", "小老鼠": "@", "斜杠": "/", "点": ".",
}  # fmt: skip
_SIGN = re.compile(f" ?[(（]?({'|'.join(_SIGNS)})[)）]? ?(?=[A-Za-z0-9_{_HEARD}])")
_WRITTEN_DIGITS = frozenset("壹贰叁肆伍陆柒捌玖貳參陸")
_CHINESE_DIGITS = re.compile(f"[{''.join(SPOKEN_DIGITS)}]+(?![十百千万亿个号位年月日天点])")
_AT = r"艾特|小老鼠|@|[#*%](?=(?:126|163|139|qq|QQ|sina|foxmail|gmail|outlook|hotmail|aliyun|yeah)\.)"
_MAIL = re.compile(rf"(?<![A-Za-z0-9._-])[A-Za-z0-9][A-Za-z0-9._-]{{2,30}} ?(?:{_AT})")
MAIL_REACH = 40
_MAIL_MARK = re.compile(rf" ?(?:{_AT}) ?| ?[.。] ?(?=[A-Za-z0-9])")
_MAIL_SIGN = re.compile(_AT)
_FILLER = re.compile(
    rf"(?:\*(?!\*)|\)\(|[\u200b·•~“”\"'丨丶^`√{_EMOJI}]{{1,4}}|[(（][\u4e00-\u9fff]{{1,3}}[)）]|字母|数字|大写|小写|"
    r" ?(?:，?(?:后面)?(?:紧跟|跟着)|后面接|后面是|接着|再加|然后) ?)"
    rf"(?=[A-Za-z0-9_{_HEARD}])"
)
# b.o.-.6.2, mud*ai-*vip: the sign of the handle among the signs that take it apart; zhou🌸-6152
_SIGN_APART = re.compile(rf"[.·*/|~ {_EMOJI}]{{0,2}}([-_])[.·*/|~ {_EMOJI}]{{0,2}}\n?(?=[A-Za-z0-9])")
_TAIL = re.compile("[0-9]{2,4}(?=[，,\n]|$)")
_AFTER_DASH = re.compile(rf"[A-Za-z0-9]|[{_HEARD}]{{2}}")
_FOLLOWING = re.compile(rf"[，, ]?\n?(?:中间|后面|后边|最后)(?:是|接)?(?=[A-Za-z0-9_]|[{_HEARD}]{{2}})")
# tt_, and the rest on the next line; or a line that begins with "_".
_BROKEN = re.compile(
    r"(?<=[_-])\n(?=[A-Za-z0-9])|\n(?=[_-][A-Za-z0-9])|(?<=[A-Za-z])\n(?=[a-z0-9]{2,8}(?:[，。\n (（]|$))"
)
_LAST_WORD = re.compile(r"[a-z]{4,10}(?=[，。,\n]|$)")  # mm520 shuadan，
_OWN_LINE = re.compile(rf"[A-Za-z0-9_]{{1,{PIECE_MAX}}}(?=\n|$)")
_WEAK_FILLER = re.compile(rf"(?!\*\*)[ ./|\\、\n*~·\-]{{1,3}}(?=[A-Za-z0-9_{_HEARD}])|[,，](?=[{_HEARD}]{{2}})")
# dai/huan/6688: one and the same stroke between all pieces.
_STROKES = re.compile(r"[A-Za-z0-9_]{1,6}([/|\\、])[A-Za-z0-9_]{1,6}(?:\1[A-Za-z0-9_]{1,6})+")
# 3318。0629。45, (1376)(0428)(59): only between pieces too short for a number of their own.
_DIGITS_PARTED = re.compile(r"(?<!\d{5})(?:\)\(|。|\) ?- ?\()(?=\d{2,4}(?![\d元块万天年月日点号个]))")
_SPACE = re.compile(rf"[ \u200b]{{1,3}}(?=([A-Za-z0-9_]+|[{_HEARD}]{{2,}}))")
_ABROAD = re.compile(r"[+\d]")  # a number from abroad stands as it is
_PAID = re.compile("[转付打走]")
# One plain run, or no handle at all: nothing here is spelled.
_PLAIN_HANDLE = re.compile(
    r"[A-Za-z][A-Za-z0-9_]{4,}(?=[，。,;；！!？?、:()]|(?<![_A-Za-z])\n(?!_)|"
    r"(?<=[A-Za-z])\n(?![a-z0-9_]{2,8}(?:[，。\n (（]|$))|$)|"
    r"(?![零〇洞○一-九壹-玖A-Za-z0-9幺么拐勾两安])[\u4e00-\u9fff，。；！？]|$"
)


@dataclass(slots=True)
class _Spelled:
    said: str
    end: int
    is_disguised: bool
    by_letters: bool  # one letter at a time
    is_at: bool = False  # behind "@"


def find_spelled(text: str, face: str, labels: Labels, is_free: Callable[[int, int], bool]) -> list[Lead]:
    """Every spelled handle behind a label of a chat program or of Alipay, in order."""
    leads: list[Lead] = []
    spans = _with_further(face, labels.spans())
    floor = 0
    has_hints = HINT.search(face) is not None
    is_asked = _QUESTION.search(face) is not None
    for index, (start, end, label) in enumerate(spans):
        kind = _KINDS.get(label)
        gap = (_ASKED_AT.match(face, end) if is_asked else None) or _GAP.match(face, end)
        before = labels.all_before(start, PROGRAM_REACH) if label in _ACCOUNTS else []
        program = next((each for each, _gap in before if each in (Label.ALIPAY, Label.TELEGRAM)), None)
        if program is not None:
            kind = _KINDS[program]  # 支付宝转的，对方账号180...; 换纸飞机聊，用户名...
        if kind is None or start < floor or gap is None:
            continue
        if kind is Kind.PHONE and _ABROAD.search(gap.group()):
            continue
        at = _behind(face, start, end, gap, kind)
        at += ORDINAL.match(face, at) is not None  # 群一630284917
        following = (
            span for span in spans[index + 1 : index + 6] if span[0] > at and not _is_ornament(face, span, label)
        )
        stop = next((other for other, _end, _label in following), len(face))
        is_told = program is not None or _is_spelled_label(face[start:end])
        if not is_told and not has_hints and _PLAIN_HANDLE.match(face, at):
            continue
        hints = hints_around(face, start, at) if has_hints else Hints()
        furthest = min(len(face), at + SPELLED_LENGTH_MAX)
        # A mail's host may be qq, and letters among words to leave out may look like a label.
        is_through = hints.any_chinese or (kind is Kind.ALIPAY and _MAIL_SIGN.search(face, at, furthest) is not None)
        spelled = _read(face, at, furthest if is_through else min(stop, furthest), hints, kind)
        if spelled is None:
            continue
        value = _value(spelled, kind, is_told=is_told)
        if not (spelled.is_disguised or is_told or _is_whole(value, kind, face[end:at])):
            continue
        if value is None or not is_free(at, spelled.end):
            continue
        extra = {"group": True} if label is Label.QQ_GROUP else {}
        why = ("label", "spelled out")
        leads.append(Lead(kind, text[at : spelled.end], at, spelled.end, value, 0.85, why, extra=extra))
        labels.inherit(spelled.end, label)
        floor = spelled.end
    return leads


def _with_further(face: str, spans: list[tuple[int, int, Label]]) -> list[tuple[int, int, Label]]:
    """备用, 小号 behind a program's handle are labels of that program: TG dawei_usdt，备用dawei 下划线 bak2."""
    further = []
    for match in _FURTHER.finditer(face):
        before = next((span for span in reversed(spans) if span[1] <= match.start()), None)
        is_other = any(span[0] == match.end() for span in spans)  # 备用TG➡️
        if (
            not is_other
            and before is not None
            and before[2] in _KINDS
            and match.start() - before[1] <= SPELLED_LENGTH_MAX
        ):
            further.append((match.start(), match.end(), before[2]))
    return sorted([*spans, *further]) if further else spans


def _behind(face: str, start: int, end: int, gap: re.Match[str], kind: Kind) -> int:
    """Where a handle begins behind the label at start..end."""
    mail = _MAIL.search(face, gap.end(), end + MAIL_REACH) if kind is Kind.ALIPAY else None
    if mail is not None:
        return mail.start()
    words = _WORDS_BETWEEN.match(face, end)
    is_called = (
        words is not None and words.end() > gap.end() and _CALLS.search(face, max(0, start - 1), start + 1) is not None
    )
    return words.end() if words is not None and is_called else gap.end()


def _is_ornament(face: str, span: tuple[int, int, Label], label: Label) -> bool:
    """企鹅 3052🐧917648: the program's picture once more, in the middle of the number."""
    start, end, other = span
    is_sign = all(ord(char) > 0x2600 and not "\u4e00" <= char <= "\u9fff" for char in face[start:end])
    return other is label and is_sign and face[start - 1 : start].isdigit() and face[end : end + 1].isdigit()


def _is_spelled_label(said: str) -> bool:
    """t点me斜杠: what follows it is a handle, and no address."""
    return said.endswith(("斜杠", "/")) and "点" in said


def _is_whole(value: str | None, kind: Kind, gap: str) -> bool:
    """A number in one piece, some words behind its label: 薇❤搜这个手机号就是我：173..., 扣扣群也行 862..."""
    if value is None or not value.isdigit() or _PAID.search(gap):
        return False
    if kind is Kind.QQ:
        return len(value) >= COMPLETE_MIN
    return kind in (Kind.WECHAT, Kind.ALIPAY) and ("，" not in gap or "搜" in gap)


def _value(spelled: _Spelled, kind: Kind, *, is_told: bool) -> str | None:
    said = spelled.said.strip("-.")
    if kind in _OF_DIGITS or (said[:2].isdigit() and len(said) == MOBILE_LENGTH):
        said = unmisread(said)
    if not _FORM[kind].fullmatch(said):
        return None
    is_told = is_told or spelled.is_at
    is_told_apart = any(char.isdigit() or char in "_-" for char in said) or spelled.by_letters or is_told
    return (said.lower() if kind is Kind.ALIPAY else said) if is_told_apart else None


def _read(face: str, at: int, stop: int, hints: Hints, kind: Kind) -> _Spelled | None:
    """The handle that begins at `at` and ends before `stop`, with how it was written undone."""
    of_digits = kind in _OF_DIGITS or kind is Kind.ALIPAY
    said: list[str] = []
    start = at
    end, pieces, piece, is_disguised = at, 1, 0, False
    strokes = _STROKES.match(face, at)
    stroke = strokes.group(1) if strokes else ""
    while at < stop and len(said) < HANDLE_LENGTH_MAX:
        char = face[at]
        step = hinted(face, at, hints)
        if step is not None:
            size, put = step
            said.append(put)
            at, is_disguised = at + size, True
            end = at if put else end
            if char == " ":
                piece, pieces = 0, pieces + 1
            continue
        if char.isascii() and (char.isalnum() or char == "_"):
            said.append(char)
            at, piece = at + 1, piece + 1
            end = at
            continue
        so_far = "".join(said)
        taken = _undone(face, at, so_far, kind)
        if taken is not None:
            size, put = taken
            said.append(put)
            at, piece = at + size, piece + len(put)
            if char == "\n" or (put in ("_", "-") and size > 1 and face[at - size : at].isascii()):
                piece, pieces = 0, pieces + 1
            end, is_disguised = (at if put else end), is_disguised or char != "-" or size > 1 or of_digits
            continue
        space = _SPACE.match(face, at) or (_WEAK_FILLER.match(face, at) if said else None)
        if space is None or not said:
            break
        is_stroke = space.group() == stroke
        if not is_stroke and not _goes_on(face, space, so_far, piece, pieces, of_digits=of_digits):
            break
        if space.group() == " - " and not of_digits:
            said.append("-")
        at, piece, pieces, is_disguised = space.end(), 0, pieces + 1, True
    if not said:
        return None
    whole = "".join(said)
    is_misread = not whole.isdigit() and (kind in _OF_DIGITS or unmisread(whole).isdigit())
    by_letters = pieces > 2 and pieces >= len(whole) - 1
    return _Spelled(whole, end, is_disguised or is_misread, by_letters=by_letters, is_at=face[start - 1] == "@")


def _undone(face: str, at: int, said: str, kind: Kind) -> tuple[int, str] | None:
    """What stands at `at` for something else: (characters taken, what they stand for)."""
    char = face[at]
    if char == "两" and said and kind in _OF_DIGITS:
        return 1, "2"
    if char in SPOKEN_DIGITS:
        run = _CHINESE_DIGITS.match(face, at)
        if run is None:
            return None
        is_sure = len(run.group()) > 1 or char in _WRITTEN_DIGITS or (face[run.end() : run.end() + 1] or " ").isascii()
        is_sure = is_sure or (
            (kind in _OF_DIGITS or said.isdigit())
            and bool(said)
            and not "\u4e00" <= face[run.end() : run.end() + 1] <= "\u9fff"
        )
        is_sure = is_sure and (bool(said) or kind in _OF_DIGITS or kind is Kind.ALIPAY)
        return (len(run.group()), "".join(SPOKEN_DIGITS[each] for each in run.group())) if is_sure else None
    sign = _SIGN.match(face, at) if said else None
    if sign is not None:
        put = _SIGNS[sign.group(1)]
        fits = put in "_-" or (kind is Kind.ALIPAY and (put == "@" or (put == "." and "@" in said)))
        return (len(sign.group()), put) if fits else None
    if (
        char == "-"
        and said
        and kind not in _OF_DIGITS
        and face[at + 1 : at + 2] == " "
        and face[at + 2 : at + 3].isalnum()
    ):
        return 2, "-"
    is_name = kind not in _OF_DIGITS and not (kind is Kind.ALIPAY and said.isdigit())
    parted_sign = _SIGN_APART.match(face, at) if said and is_name else None
    if parted_sign is not None:
        return len(parted_sign.group()), parted_sign.group(1)
    if char == "-" and said and _AFTER_DASH.match(face, at + 1):
        return 1, "" if kind in _OF_DIGITS or (kind is Kind.ALIPAY and said.isdigit()) else "-"
    parted = _DIGITS_PARTED.match(face, at) if kind in _OF_DIGITS and said else None
    if parted is not None:
        return len(parted.group()), ""
    mark = _MAIL_MARK.match(face, at) if kind is Kind.ALIPAY and said else None
    if mark is not None:
        is_at = mark.group().strip(" ") not in (".", "。")
        if is_at != ("@" in said):
            return len(mark.group()), "@" if is_at else "."
    filler = (_FOLLOWING.match(face, at) or _BROKEN.match(face, at) or _FILLER.match(face, at)) if said else None
    return (len(filler.group()), "") if filler else None


def _goes_on(face: str, space: re.Match[str], said: str, piece: int, pieces: int, *, of_digits: bool) -> bool:
    """Whether a handle goes on after a space, a point or a stroke."""
    following = re.match(r"[A-Za-z0-9_]+", face[space.end() : space.end() + HANDLE_LENGTH_MAX])
    size = len(following.group()) if following else 2
    if of_digits or said.isdigit():
        is_number = following is None or unmisread(following.group()).isdigit()
        return is_number and max(size, piece) <= DIGITS_A_PIECE_MAX and len(said) < MOBILE_LENGTH
    if piece == 1 and size == 1:
        return True
    if space.group() == " - ":
        return size <= 2 * PIECE_MAX
    if space.group() == "\n" and pieces > 1:
        return _OWN_LINE.match(face, space.end()) is not None
    if space.group() in "，,":
        return following is None  # d g f，九洞三三幺八
    if space.group().strip(" \u200b"):
        return False
    if said.endswith(("_", "-")) or face[space.end()] == "_":
        return True
    if _LAST_WORD.match(face, space.end()) and len(said) + size <= WECHAT_LENGTH_MAX:
        return True
    has_sign = following is not None and re.search("[_0-9]", following.group()) is not None
    if has_sign and said.isalpha() and len(said) <= PIECE_MAX and len(said) + size <= WECHAT_LENGTH_MAX:
        return True  # Hao Yun_888kf
    if following is not None and _TAIL.match(face, space.end()):
        return True  # vx Wenjun_K 55, at the end of a line
    is_complete = len(said) >= COMPLETE_MIN and any(char.isdigit() or char == "_" for char in said)
    return size <= PIECE_MAX and (not is_complete or (pieces > 1 and piece <= PIECE_MAX and following is not None))
