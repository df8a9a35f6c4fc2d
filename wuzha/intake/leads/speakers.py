"""Who speaks in a pasted chat: the victim, or the one who asks for money.

Theory. In a log every line opens with its speaker (我：, 接待-小雅 2026-09-14 10:02：, [24.08.2026 13:20] Me:,
【12-14 16:28】苏：). What the other side names is asked for; it is paid only when the victim's next line says so
without a sum of its own (我：转了). The victim is who is called 我, 本人, Me; else, of two, the one who is not in
quotes or called by an office.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

SPEAKERS_MAX = 6
ANSWER_AT_MAX = 4
ANSWER_LINES_MAX = 4  # lines behind a demand in which "paid" is still its answer
_HOW_MUCH = re.compile(r"多少|金额|几笔")
LINES_MIN = 3

_STAMP = r"(?:[\[【(（]?[\d.\-/月日年号: T]{5,24}[\]】)）]?[ ]?)"
_LINE = re.compile(
    rf"(?m)^{_STAMP}?(?P<quote>[\"“])?(?P<who>[^\s:：，。；;\"“”\[\]【】()（）\d]{{1,10}}?\d{{0,4}})[\"”]?{_STAMP}?[:：]"
)
_SELF = frozenset(
    {
        "我",
        "本人",
        "Me",
        "me",
        "ME",
        "I",
        "事主",
        "受害人",
        "我方",
        "自己",
        "报警人",
        "市民",
        "来电人",
        "当事人",
        "客户",
    }
)
_OFFICE = re.compile(
    r"客服|专员|群主|房东|接待|导师|老师|经理|助理|对方|[他它]$|骗子|中介|主播|董事长|老板|领导|警官|商家|卖家|平台|管理员|总$|^假|接警员|民警|坐席|值班员"
)
_PAID = re.compile(
    r"(?:好[的了]?|嗯|行|ok|OK)?[，, ]{0,2}(?:我|都|已经?|刚刚?|刚才|这笔|用[^，。\\d\\n]{1,5})*(?:转|付|打|汇|充|"
    r"交|扫)(?:账|款|钱)?(?:了|"
    r"过去|好了|完|成功)(?![^\n]{0,6}\d)"
)


@dataclass(frozen=True, slots=True)
class Chat:
    """Lines of the other side as (start, end), and for each where the victim's next lines begin."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    answers: tuple[tuple[int, ...], ...]

    def asks(self, at: int) -> int | None:
        """Index of the other side's line in which `at` lies; None when the victim, or nobody, says it."""
        index = bisect_right(self.starts, at) - 1
        return index if index >= 0 and at < self.ends[index] else None


def chat_of(face: str) -> Chat | None:
    """The chat that a text is, when two sides speak in it."""
    lines = list(_LINE.finditer(face))
    names = {match["who"] for match in lines}
    if len(lines) < LINES_MIN or not 2 <= len(names) <= SPEAKERS_MAX:
        return None
    own = names & _SELF
    if not own and len(names) == 2:
        others = {match["who"] for match in lines if match["quote"] or _OFFICE.search(match["who"])}
        own = names - others if len(others) == 1 else set()
    if not own:
        return None
    starts, ends, answers = [], [], []
    for index, match in enumerate(lines):
        if match["who"] in own:
            continue
        following = lines[index + 1].start() if index + 1 < len(lines) else len(face)
        line_end = face.find("\n", match.end())
        starts.append(match.start())
        ends.append(min(following, line_end if line_end >= 0 else len(face)))
        later = [other.end() for other in lines[index + 1 : index + 1 + ANSWER_LINES_MAX] if other["who"] in own]
        answers.append(tuple(later))
    return Chat(tuple(starts), tuple(ends), tuple(answers))


def is_answer(face: str, at: int) -> bool:
    """A sum that opens the victim's answer to "how much"."""
    line = face.rfind("\n", 0, at) + 1
    before = face[face.rfind("\n", 0, max(0, line - 1)) + 1 : line]
    opening = _LINE.match(face, line)
    return opening is not None and at - opening.end() <= ANSWER_AT_MAX and _HOW_MUCH.search(before) is not None


def says_paid(face: str, at: int) -> bool:
    """Whether the line that goes on at `at` says "paid", without a sum."""
    return _PAID.match(face, at) is not None
