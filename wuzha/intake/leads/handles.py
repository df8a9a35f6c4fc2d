"""Handles: names of accounts that are no plain numbers - WeChat, Telegram, Alipay, DingTalk, orders with letters.

Theory. A handle has no check digit; only the label before it makes it one. The label must be the nearest, and
between it and the handle may stand only what people put there (号, 是, a colon, a quote, the person's name in
brackets). A handle right before a dot and more letters is an address and was taken before.
"""

import re
from collections.abc import Callable

from wuzha.intake.leads.labels import Label, Labels
from wuzha.intake.leads.lead import Kind, Lead

HANDLE_GAP_MAX = 14
MAIL_REACH = 30

_TOKEN = re.compile(
    r"(?:(?<=[wWvV][xX]/)|(?<=[tT][gG]/)|(?<![A-Za-z0-9_@./])(?<![A-Za-z0-9@./]-)|(?<=[Tt][Gg])(?=@)|(?<=elegram)(?=@))@?[A-Za-z0-9][A-Za-z0-9_\-]{3,39}(?![A-Za-z0-9_@])"
)
_NOTHING = re.compile("[Xx_-]+|[lIOo]?(?:[0-9][OolI]*){5,}")  # xxx-xxxx stands for a handle that nobody tells
_NAMED_WITHIN = re.compile("([A-Za-z]{1,8})--+")
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,40}@[A-Za-z0-9-]{1,30}(?:\.[A-Za-z0-9-]{1,20}){1,3}")
_COURIER = re.compile(
    r"(?:SF|YT|JD[A-Z]{0,3}|ZTO?|STO|YD|EMS|JTE?|JDV|DPK|YZ|HTKY|TT|UC|LP|JDX|BS|FW)\d{10,22}|[A-Z]{2}\d{9}CN"
)
_GAP = re.compile(
    r"(?:[:：/是为叫呢 “”\"'()\[@#,，<>丨|=~…*\u200b➕+\u2190-\u2bff\U0001f300-\U0001faff-]|账号|账户|号码|号|账|群|"
    r"好友|"
    r"写着|显示|昵称|名|名称|ID|Id|id|[aA][tT] |\([aA][tT]\)|联系|客服|对方|我|你|他|的|加|也|就|那个|这个|新|换|"
    r"念|写|报|记|"
    r"备用|大号|"
    r"小号|现在用|"
    r"添加|搜索|搜|了|发|给|上|用户|用户名|频道|机器人|"
    r"客户经理|经理|老师|导师|助理|小助手|管理员|接待员|\n){0,6}"
)
_NOT_HANDLES = frozenset(
    [
        "wechat",
        "weixin",
        "telegram",
        "alipay",
        "whatsapp",
        "skype",
        "facebook",
        "instagram",
        "twitter",
        "tiktok",
        "http",
        "https",
        "www",
        "android",
        "iphone",
        "apple",
        "huawei",
        "oppo",
        "vivo",
        "xiaomi",
        "windows",
        "paypal",
        "usdt",
        "dingtalk",
        "potato",
        "messenger",
        "line",
        "email",
        "online",
    ]
)
_WECHAT = re.compile(r"(?:wxid_[A-Za-z0-9]{6,24}|[A-Za-z][A-Za-z0-9_-]{5,19})")
_TELEGRAM = re.compile(r"@?[A-Za-z][A-Za-z0-9_]{4,31}")
_DINGTALK = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{3,29}")
_ORDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{5,39}")
_QQ_NUMBER = re.compile(r"[Qq]{1,2}[1-9]\d{4,10}")  # for `runs`
_LETTER = re.compile("[A-Za-z]")
_GLUED = re.compile(
    r"(?:(?P<wechat>[VvWw][Xx]|(?P<letter>[Vv]))|"
    r"(?P<telegram>[Tt][Gg]))(?=[A-Za-z0-9_-]*[0-9_])(?P<handle>[A-Za-z][A-Za-z0-9_-]{5,19})"
)
_PROGRAMS = frozenset({Label.WECHAT, Label.TELEGRAM, Label.DINGTALK, Label.ALIPAY})
_OF_NUMBERS = frozenset({Label.ID_NUMBER, Label.CARD, Label.BANK})
_LOOSE = frozenset({Label.WECHAT, Label.TELEGRAM})
_WXID_REST = re.compile(r"\n([a-z0-9]{2,14})(?![A-Za-z0-9_])")
_AT_CALLED = re.compile("[进找私加搜系发]$")
_V_IS_LABEL = re.compile(
    r"[Vv](?!log|sco|pn|mall|r_|s_|c_|ps|ip|ideo)[bcdfghjklmnpqrstwxyz][A-Za-z0-9-]*_[A-Za-z0-9_-]+"
)
_CAPITAL_BEHIND_V = re.compile(r"V[A-Z][a-z]+[A-Za-z0-9]*[_\d][A-Za-z0-9_-]*")  # VZhengxin_an66
_FLIGHT = re.compile(r"[A-Z][A-Z0-9]\d{3,4}")
# 加我：xy_loan66: added in a program that is not named, most likely WeChat.
_ADDED = re.compile(
    r"(?:加|➕)[^，。,;；\n\dA-Za-z]{0,5}[: ]$|加的是$|(?:加[我他她]|添加|➕|(?:转|私|找|联系|滴|搜|戳|联|回)我?[: ]?)$"
)
ADDED_REACH = 8
# 小飞机，直接搜 xiaolu_88: words between that neither pay nor name something else.
_LOOSE_GAP = re.compile(
    r"(?!.*(?:转|付|扫|(?<!不用)(?<!不用写)备注|群|公众|小程序|订阅|视频|下载|红包|绑定|模型|型号|版本|规则|拦|余额|零钱|提现|充|码|元|块|收到))[^A-Za-z0-9。；;！!？?\n]{1,12}"
)
# What leads to a handle some clauses later ends with a word for it: 用户名, 原号是这个, 换成, 号是.
_FAR_GAP = re.compile(
    r"(?!.*(?:转|付|扫|小程序|订阅|下载|红包|余额|零钱|提现|充|码|元|块))[^A-Za-z0-9。；;！!？?\n]{1,40}?"
    r"(?:用户名|名字|号是|账号|英文|字母|原号|换成|改成|直接搜|是这个|开头的|一直没换|就是)[^A-Za-z0-9。；;！!？?\n]{0,6}"
)
FAR_REACH = 36
LOOSE_HANDLE_MIN = 6
# 号fuge_er3shou, 小号 dl_520: behind a word for a further account, where programs are talked of.
_FURTHER = re.compile(r"(?:[大小二三新老副备]号|[聊加搜扫找满]，?号|连起来|备用)[: 是]{0,2}$")
_MODEL = re.compile(
    r"(?i:iphone|ipad|huawei|mate|nova|redmi|oppo|vivo|xiaomi|usdt|trc|erc|app|vip|v\d|(?:qq?|vx|wx)\d)"
)
_STRONG_GAP = re.compile(r"(?:[:：号是为叫D“\"(@➕+丨|\u2190-\u2bff\U0001f300-\U0001faff]|ID|id) ?$")


def find_handles(text: str, face: str, labels: Labels, is_free: Callable[[int, int], bool]) -> list[Lead]:
    """Every handle of `face` with letters in it, in order; handles of digits alone are rows of digits."""
    leads: list[Lead] = []
    emails = [] if "@" not in face else [match.span() for match in _EMAIL.finditer(face)]
    for start, end in emails:
        label, gap = labels.before(start, HANDLE_GAP_MAX)
        if label is Label.ACCOUNT and any(each is Label.ALIPAY for each, _gap in labels.all_before(start, MAIL_REACH)):
            label = Label.ALIPAY  # 支付宝转账8800元到对方账号jiayi@qq.com
        if label is Label.ALIPAY and len(gap) <= HANDLE_GAP_MAX and is_free(start, end):
            leads.append(_lead(text, Kind.ALIPAY, start, end, face[start:end].lower(), 0.96, ("label", "e-mail")))
    email_at = 0
    for match in _TOKEN.finditer(face):
        start, end = match.span()
        said = match.group()
        while email_at < len(emails) and emails[email_at][1] <= start:
            email_at += 1
        if email_at < len(emails) and emails[email_at][0] < end:
            continue
        inside = labels.end_of(start)
        if inside and inside < end:  # W❤Xdsz_1130: the label's last letter is none of the handle's
            said = face[inside:end].lstrip("-")
            start = end - len(said)
        named = _NAMED_WITHIN.match(said)
        if named and labels.end_of(start + 1) == start + len(named.group(1)):
            start, said = start + named.end(), said[named.end() :]  # VX——linxin_25576
        said = said.rstrip("-")
        end = start + len(said)
        if (
            not _LETTER.search(said)
            or _NOTHING.fullmatch(said)
            or _is_qq(labels, said, start)
            or not is_free(start, end)
        ):
            continue
        glued = _glued(text, face, said, start, end)
        is_named = glued is not None and (
            said[:2].lower() == "vx" or said[0] == "X" or face[start - 1 : start] in tuple("+➕家佳嘉伽嫁")
        )
        lead = glued if is_named else _read(text, face, labels, said, start, end) or glued
        if lead:
            leads.append(lead)
            label = labels.before(start, HANDLE_GAP_MAX)[0] or labels.inherited(start)
            if label:
                labels.inherit(end, label)
    return leads


def _is_qq(labels: Labels, said: str, start: int) -> bool:
    """QQ12345678 is left to `runs`; 微信q88231067 is a handle."""
    if not _QQ_NUMBER.fullmatch(said):
        return False
    label, gap = labels.before(start)
    return not (label is Label.WECHAT and said[0] == "q" and said[1].isdigit() and gap.strip(" :号是") == "")


def _lead(text: str, kind: Kind, start: int, end: int, value: str, confidence: float, why: tuple[str, ...]) -> Lead:
    return Lead(kind, text[start:end], start, end, value, confidence, why)


def _read(text: str, face: str, labels: Labels, said: str, start: int, end: int) -> Lead | None:
    if said.startswith("wxid_") and (rest := _WXID_REST.match(face, end)):
        said, end = said + rest.group(1), rest.end()
    if said.startswith("wxid_") and len(said) >= 11:
        return _lead(text, Kind.WECHAT, start, end, said, 0.97, ("wxid",))
    label, gap = labels.before(start, HANDLE_GAP_MAX)
    if label in _OF_NUMBERS:
        label, gap = None, ""
    if label is Label.SENT_BY:  # 电报客服@ sz_kefu01
        known = (told for told in labels.all_before(start, HANDLE_GAP_MAX) if told[0] is not Label.SENT_BY)
        label, gap = next(known, (label, gap))
    if (label is None or not _GAP.fullmatch(gap)) and (held := labels.inherited(start)):
        label, gap = held, ":"
    elif (label is None or not _GAP.fullmatch(gap)) and (behind := labels.behind(end)) in _PROGRAMS and _has_sign(said):
        label, gap = behind, ":"
    if label is Label.ORDER and _GAP.fullmatch(gap) and _ORDER.fullmatch(said) and sum(map(str.isdigit, said)) >= 4:
        return _lead(text, Kind.ORDER, start, end, said, 0.96, ("label",))
    if _COURIER.fullmatch(said):
        return _lead(text, Kind.ORDER, start, end, said, 0.9, ("carrier's prefix",))
    if (
        label in _LOOSE
        and not _GAP.fullmatch(gap)
        and not _FLIGHT.fullmatch(said)
        and _LOOSE_GAP.fullmatch(gap)
        and _may_be_loose(said)
    ):
        gap = ":"
    if (label is None or not _GAP.fullmatch(gap)) and (far := _far_label(labels, start)) and _may_be_loose(said):
        label, gap = far, ":"
    if (label is None or not _GAP.fullmatch(gap)) and _is_added(face, said, start):
        named = next((told for told, _between in labels.all_before(start, FAR_REACH) if told in _LOOSE), None)
        is_telegram = named is Label.TELEGRAM and _TELEGRAM.fullmatch(said) is not None
        kind = Kind.TELEGRAM if is_telegram else Kind.WECHAT
        return _lead(text, kind, start, end, said, 0.5, ("label nearby",))
    if label is None or said.lower().lstrip("@") in _NOT_HANDLES or not _GAP.fullmatch(gap):
        return _at_sign(text, face, labels, said, start, end)
    is_strong = not gap.strip() or _STRONG_GAP.search(gap) is not None or any(map(str.isdigit, said)) or "_" in said
    if label is Label.WECHAT and is_strong and _WECHAT.fullmatch(said):
        return _lead(text, Kind.WECHAT, start, end, said, 0.95, ("label",))
    if label is Label.TELEGRAM and _FLIGHT.fullmatch(said):
        return None  # 飞机晚点，航班CA1836
    if (
        label is Label.TELEGRAM
        and is_strong
        and _TELEGRAM.fullmatch(said)
        and (said[0] == "@" or gap.strip() or _has_sign(said))
    ):
        return _telegram(text, said, start, end)
    if label is Label.DINGTALK and is_strong and _DINGTALK.fullmatch(said):
        return _lead(text, Kind.DINGTALK, start, end, said, 0.93, ("label",))
    if label is Label.ALIPAY and is_strong and gap.strip() and len(said) >= 6 and any(map(str.isdigit, said)):
        return _lead(text, Kind.ALIPAY, start, end, said, 0.85, ("label",))
    if (
        label in (Label.ACCOUNT, Label.COMPANY)
        and gap.strip(" ") in (":", "是", "为", "号", "号:", "")
        and _looks_like_wallet(said)
    ):
        return _lead(text, Kind.ACCOUNT, start, end, said, 0.7, ("label",))
    return _at_sign(text, face, labels, said, start, end)


def _far_label(labels: Labels, start: int) -> Label | None:
    """微信不是手机号，是字母开头的，tiantian_mom3: clauses between that say something of the account."""
    for label, gap in labels.all_before(start, FAR_REACH):
        if label in _LOOSE:
            return label if _FAR_GAP.fullmatch(gap) else None
        if label not in (Label.LOGIN, Label.PHONE, Label.ACCOUNT):
            return None
    return None


def _may_be_loose(said: str) -> bool:
    return _has_sign(said) and len(said) >= LOOSE_HANDLE_MIN and ("_" in said or not _MODEL.match(said))


def _is_added(face: str, said: str, start: int) -> bool:
    return (
        _has_sign(said)
        and (
            _ADDED.search(face, max(0, start - ADDED_REACH), start) is not None
            or _FURTHER.search(face, max(0, start - ADDED_REACH), start) is not None
        )
        and _WECHAT.fullmatch(said) is not None
        and not _MODEL.match(said)
    )


def _glued(text: str, face: str, said: str, start: int, end: int) -> Lead | None:
    """加vxtk_888, 客服tgxhb_service: the label is written into the handle; a lone v only after 加."""
    if said[0] == "X" and said[1:2].islower() and face[start - 1 : start] in tuple("薇微威徽溦"):
        return _lead(text, Kind.WECHAT, start + 1, end, said[1:], 0.75, ("label",))  # 薇Xmcn_yaoyao22
    match = _GLUED.fullmatch(said)
    is_announced = face[start - 1 : start] in tuple("加家佳嘉伽嫁我+➕")
    if match is None or (match["letter"] and not is_announced and not _is_v_label(face, said, start)):
        return None
    kind = Kind.WECHAT if match["wechat"] else Kind.TELEGRAM
    handle = match["handle"]
    if match["wechat"] and said[:2] == "vx" and handle[0] in "iu":
        handle = said[1:]  # vxiaomei-520: no syllable begins with i or u, so the label is v
    return _lead(text, kind, end - len(handle), end, handle, 0.75, ("label",))


def _is_v_label(face: str, said: str, start: int) -> bool:
    """，vlbn_huanu: no syllable and hardly a word begins so."""
    before = face[start - 1 : start]
    if before in (":", "留", "加", "找") and _CAPITAL_BEHIND_V.fullmatch(said):
        return True
    return before in tuple("，, ;；、\n") and _V_IS_LABEL.fullmatch(said) is not None


def _has_sign(said: str) -> bool:
    return "_" in said or any(map(str.isdigit, said))


def _looks_like_wallet(said: str) -> bool:
    return len(said) >= 8 and sum(map(str.isdigit, said)) >= 4 and said[0] != "@"


def _telegram(text: str, said: str, start: int, end: int) -> Lead:
    return _lead(text, Kind.TELEGRAM, start, end, said.lstrip("@"), 0.95, ("label",))


def _at_sign(text: str, face: str, labels: Labels, said: str, start: int, end: int) -> Lead | None:
    """ "@name" with a Telegram label a few words earlier."""
    if said[0] != "@" or not _TELEGRAM.fullmatch(said):
        return None
    if _has_sign(said) and _AT_CALLED.search(face, max(0, start - 1), start):  # 诚信车队进@chedui_lao6
        return _lead(text, Kind.TELEGRAM, start, end, said[1:], 0.6, ("label nearby",))
    if any(label is Label.TELEGRAM for label, _gap in labels.all_before(start, 2 * HANDLE_GAP_MAX)):
        return _lead(text, Kind.TELEGRAM, start, end, said[1:], 0.85, ("label nearby",))
    return None
