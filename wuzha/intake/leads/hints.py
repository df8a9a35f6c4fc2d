"""What the reader of a spelled handle is told: what to leave out (*删掉, 去掉中文), what stands for what (@就是a).

Theory. Such words stand close before or behind the handle. They name a sign, a letter or all Chinese characters, and
count only when what they name stands in the handle.
"""

import re
from dataclasses import dataclass, field

SPELLED_LENGTH_MAX = 60  # characters that a spelled handle may take
HINT_BEFORE, HINT_AFTER = 30, 60  # how far from a handle the reader is told how to read it
HINTS_MAX = 4

_LEFT_OUT = re.compile(
    r"([^\s，。,；;()“”A-Za-z0-9←→]{1,4}?|[A-Za-z])”?(?:字|符号)?(?:全|都|全部|自己|请|记得)?"
    r"(?:去掉|删掉|删了|删除|删(?=[，。)再后就]|$)|去除|去了|拿掉|不要|不用[打输写]|不打|不输|别打|别输|忽略|省略|略过)"
)
_LEFT_OUT_FIRST = re.compile(
    r"(?:去掉|删掉|删去|去除|拿掉|忽略|去(?=点|杠|空格|汉字|中文))(?:里面的|中间的|其中的|所有)?“?([^\s，。,；;()“”]{1,4})"
)
# 点是防和谐的，他让我去掉
_SIGN_LEFT_OUT = re.compile(
    r"(点|横杠|斜杠|杠|空格|星号|符号|花花|花)[^，。；;\d]{0,8}[，,]?[^，。；;\d]{0,5}(?:去掉|删掉|不要|不用|别打|不打)"
)
_READ_AS = re.compile(
    r"([^\s，。,；;()=“”]{1,3}?)”?(?:就是|是(?=[零0])|=|换成|换(?=[@A-Za-z])|改成|当成|代表|读作|念作|写作)(?:字母|数字|小写|大写)?“?"
    r"([A-Za-z0-9@]{1,6}|零|点|下划线|艾特)"
)
_READING = ("就是", "=", "换", "改", "当", "代表", "读", "念", "写作", "去掉", "删", "不")
HINT = re.compile(
    "去|删|是零|去除|去了|拿掉|不要|不用|不打|不输|别打|别输|忽略|省略|略过|=|换成|改成|当成|代表|读作|念作|写作|就是"
)
_NAMED_SIGNS = {
    "竖线": "|", "星号": "*", "星星": "*", "井号": "#", "点": ".", "句号": "。", "横杠": "-", "杠": "-", "空格": " ",
    "斜杠": "/", "花花": "🌸", "花": "🌸", "波浪": "~", "波浪线": "~", "引号": "“",
}  # fmt: skip
_ANY_CHINESE = ("汉字", "中文", "文字")


@dataclass(slots=True)
class Hints:
    """What the reader is told: what to leave out, what stands for what."""

    left_out: list[str] = field(default_factory=list)
    read_as: dict[str, str] = field(default_factory=dict)
    any_chinese: bool = False


def hints_around(face: str, start: int, at: int) -> Hints:
    """What is said around a handle of how to read it."""
    hints = Hints()
    around = face[max(0, start - HINT_BEFORE) : at + HINT_AFTER]
    token = face[at : at + SPELLED_LENGTH_MAX]
    told = [*_LEFT_OUT.finditer(around), *_SIGN_LEFT_OUT.finditer(around), *_LEFT_OUT_FIRST.finditer(around)]
    for match in told[:HINTS_MAX]:
        name = match.group(1)
        if any(word in match.group() for word in _ANY_CHINESE) or name == "字":
            hints.any_chinese = True
            continue
        is_first = match.re is _LEFT_OUT_FIRST
        name = next(
            (
                sign
                for named, sign in _NAMED_SIGNS.items()
                if (name.startswith(named) if is_first else name.endswith(named))
            ),
            name.removesuffix("字"),
        )
        if name and name in token:
            hints.left_out.append(name)
    for match in list(_READ_AS.finditer(around))[:HINTS_MAX]:
        name, other = _NAMED_SIGNS.get(match.group(1), match.group(1)), match.group(2)
        if name in token and (not (name.isascii() and name.isalnum()) or (name in "Oo" and other in "零0")):
            hints.read_as[name] = {"零": "0", "点": ".", "下划线": "_", "艾特": "@"}.get(other, other)
    return hints


def hinted(face: str, at: int, hints: Hints) -> tuple[int, str] | None:
    for name, put in hints.read_as.items():
        if face.startswith(name, at) and not face.startswith(_READING, at + len(name)):
            return len(name), put
    for name in hints.left_out:
        if face.startswith(name, at):
            return len(name), ""
    if face[at] == " " and any(
        face.startswith(name, at + 1) and not face.startswith(_READING, at + 1 + len(name)) for name in hints.read_as
    ):
        return 1, ""
    if hints.any_chinese and "\u4e00" <= face[at] <= "\u9fff":
        return 1, ""
    return None
