"""Handles told after their program was spoken of: 微信ycm_gogo，加不上就换ycm_gogo2; QQ是1093..., 还有个小号3417...

Theory. Once a program's account has been named or told, people tell a further one, or the account itself, some clauses
later and without naming the program again. What leads to it is a word for a further account (换, 新的, 小号, 备用),
for looking somebody up (加, 搜, 找) or for somebody at the other end (财务, 助教). Such a handle must have a form that
only handles have (letters with digits or "_", or as many digits as a QQ number), and the last label before it must be
one of a chat program. The confidence is low: it is shown for the call taker to judge.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from wuzha.intake.leads.face import unmisread
from wuzha.intake.leads.labels import Label, Labels
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.intake.leads.stretches import DIGIT_OF
from wuzha.kernel.identifiers.phones import MOBILE

PROGRAM_REACH = 70  # characters between the program or its last handle and a further handle
LEAD_IN_REACH = 14
CONFIDENCE = 0.6

_PROGRAMS = {
    Label.WECHAT: Kind.WECHAT,
    Label.TELEGRAM: Kind.TELEGRAM,
    Label.QQ: Kind.QQ,
    Label.QQ_GROUP: Kind.QQ,
}
_SEE_THROUGH = frozenset({Label.ACCOUNT, Label.LOGIN, Label.SENT_BY})
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_@./:\\-])@?(?:[A-Za-z](?=[A-Za-z_-]*[0-9_])[A-Za-z0-9_-]{5,31}|"
    r"[A-Za-z](?: [A-Za-z0-9_]){5,19}|"
    r"[1-9一二三四五六七八九幺](?=[0-9]*[零〇一二三四五六七八九幺])[0-9零〇一二三四五六七八九幺洞拐勾两]{6,10}|"
    r"[1-9](?: \d){5,10}|[1-9][0-9]{5,10}|[1-9]\d{2,3}(?:[ .-]\d{2,4}){1,2})"
    r"(?![A-Za-z0-9_@/\\%*-]|\.[A-Za-z0-9]| ?[元块万千人次个天年月日号楼期版])"
)
_MISREAD = re.compile("[0-9lI](?=[OolI]*[0-9])[0-9OolI]{6,10}")
_PARTED = re.compile("[ .-]")
_PUNCTUATION = r"[，,:： “\"'(的了⇒→]{0,3}"
_LEADS_IN = re.compile(
    rf"(?:换成?(?:这个|了)?|现在用|改用|后来用|换人之后|小群|改成?|更新为?|[新旧]的?号?|备用|[大小新副老]号|另外?一?个|还有一?个?|[一二三四五六新\d]群|"
    rf"\n[^\n:：]{{1,6}}[:：](?:行|好的?|嗯|哦|可以)?|就?加这?个?|"
    rf"就?搜索?|找|联系|就?是|用户名|账号|号码|号|ID|叫|他|她|财务|助理|助教|老师|客服|经理|导师|店长|搭子|"
    rf"也行|还有位)(?:一直没换|我?发你|给你|在这)?{_PUNCTUATION}$"
)
_NO_HANDLE = re.compile(
    r"备注|公众号|小程序|密码|邀请|验证|型号|版本|口令|暗号|群名|网名|昵称|单号|编号|工号|尾号|红包|代码|车牌|机型|编码"
)
_DEVICE = re.compile(
    r"(?i:iphone|ipad|huawei|mate|nova|redmi|oppo|vivo|xiaomi|honor|usdt|trc|erc|app|vip|win|rtx|gtx|ddr|usb|hdmi|"
    r"pro|max|plus|ios|android|covid|[a-z]\d|[a-z]{2}\d{3,}$)"
)


def find_followers(
    text: str, face: str, labels: Labels, leads: Sequence[Lead], is_free: Callable[[int, int], bool]
) -> Iterator[Lead]:
    """Every further handle of a program that was spoken of before, in order."""
    spans = [span for span in labels.spans() if span[2] not in _SEE_THROUGH]
    told = sorted((lead.end, lead.kind) for lead in leads if lead.kind in _PROGRAMS.values())
    if not told and not any(label in _PROGRAMS for _start, _end, label in spans):
        return
    ends = [end for _start, end, _label in spans]
    for match in _TOKEN.finditer(face):
        start, end = match.span()
        said = match.group()
        if not is_free(start, end):
            continue
        before = face[max(0, start - LEAD_IN_REACH) : start]
        if not _LEADS_IN.search(before) or _NO_HANDLE.search(before):
            continue
        kind = _kind_before(start, spans, ends, told)
        if kind is None or not _fits(said, kind):
            continue
        said = said.replace(" ", "").translate(DIGIT_OF) if not said[-1].isascii() or " " in said else said
        said = unmisread(said) if _MISREAD.fullmatch(said) else said
        value = _PARTED.sub("", said) if kind is Kind.QQ else said.lstrip("@") if kind is Kind.TELEGRAM else said
        told.append((end, kind))
        yield Lead(kind, text[start:end], start, end, value, CONFIDENCE, ("label nearby",))


def _kind_before(
    start: int, spans: list[tuple[int, int, Label]], ends: list[int], told: list[tuple[int, Kind]]
) -> Kind | None:
    at = bisect_right(ends, start) - 1
    named = _PROGRAMS.get(spans[at][2]) if at >= 0 else None
    place = ends[at] if at >= 0 else -1
    last = max((each for each in told if each[0] <= start), default=None)
    if last is not None and last[0] >= place:
        place, named = last
    return named if start - place <= PROGRAM_REACH else None


def _fits(said: str, kind: Kind) -> bool:
    digits = unmisread(_PARTED.sub("", said).translate(DIGIT_OF))
    if digits.isdigit():
        return kind is Kind.QQ and not MOBILE.fullmatch(digits)
    if said[0] == "@" or kind is Kind.QQ:
        return kind is Kind.TELEGRAM
    return "_" in said or not _DEVICE.match(said)
