"""Labels: the words before a number that say what it is.

Theory. A row of digits is what the nearest label before it says (订单号 before card, 对公 before card, 群号 before
phone), as far as its form allows. A label reaches LABEL_REACH characters, not over the end of a sentence, and on to
the next number of a list (卡号 A、B 和 C). Labels are data; the longest at a place wins.
"""

import re
from bisect import bisect_right
from enum import StrEnum

from wuzha.intake.leads import slang

LABEL_REACH = 18


class Label(StrEnum):
    """What a label promises."""

    CARD = "card"
    COMPANY = "company account"
    ACCOUNT = "account"
    LOGIN = "login"
    ORDER = "order"
    QQ = "qq"
    QQ_GROUP = "qq group"
    WECHAT = "wechat"
    TELEGRAM = "telegram"
    ALIPAY = "alipay"
    DINGTALK = "dingtalk"
    PHONE = "phone"
    SENT_BY = "sent by"
    ID_NUMBER = "identity number"
    BANK = "bank"
    OTHER = "other number"


_WORDS: dict[Label, str] = {
    Label.COMPANY: (
        "对公账户|对公账号|对公帐户|对公帐号|对公户|公司账户|公司账号|公司帐户|企业账户|企业账号|单位账户|"
        "公账|公帐|对公帐|基本户|公司户|公户|对公"
    ),
    Label.CARD: "银行卡号|储蓄卡号|信用卡号|借记卡号|银行卡|储蓄卡|信用卡|借记卡|卡号|卡",
    Label.ACCOUNT: (
        "收款账户|收款账号|收款帐号|银行账户|银行账号|银行帐号|银行帐户|转入账户|转出账户|对方账户|对方账号|"
        "钱包编号|钱包地址|钱包号|账户|账号|帐户|帐号|户头"
    ),
    Label.LOGIN: (
        "游戏账号|登录账号|登陆账号|平台账号|会员账号|注册账号|抖音账号|抖音号|快手号|陌陌号|探探号|会员号|"
        "小红书号|微博|工号|学号|用户名|会员ID|用户ID|房间号|会议号|会议ID|邀请码|验证码|推荐码|密码|口令|"
        "邀请ID|ID号|id号"
    ),
    Label.ORDER: (
        "订单编号|拼单编号|订单号码|订单号|交易单号|交易订单号|交易流水号|流水号|流水单号|商户单号|转账单号|支付单号|"
        "快递单号|运单号|物流单号|快递号|包裹号|单号|交易号|凭证号|转账编号|交易编号|订单|票号|回单号|运单|快递|"
        "参考号|票务编号|商品编号|退款编号|理赔编号|受理编号|退款单|转账单|退货单|理赔单|工单号|工单"
    ),
    Label.QQ_GROUP: "群号码|群号|群聊号",
    Label.QQ: "QQ账号|qq账号|Q号|q号|加QQ|加qq|加Qq|加q|加Q|q:|Q:|扣:|q是|Q是|q号|扣是",
    Label.WECHAT: "微信账号|绿泡泡|微号|V号|v号|微:|威V|绿色软件|绿色聊天软件|V:|v:|薇:",
    Label.TELEGRAM: "telegram|Telegram|TELEGRAM|Tele|tele|飞机群",
    Label.ALIPAY: "支付宝",
    Label.DINGTALK: "钉钉账号|钉钉号|钉钉群号|钉钉群|钉钉ID|钉钉|DingTalk|dingtalk",
    Label.ID_NUMBER: ("身份证号码|身份证号|身份证件号码|身份证|公民身份号码|身份号码|证件号码|证件号|身分证号|身分证"),
    Label.PHONE: (
        "手机号码|手机卡号|手机卡|手机号|手机|联系电话|联系方式|电话号码|电话号|电话|座机|固话|客服热线|客服号|热线|来电显示|来显|"
        "电联|电聊|call|Call|CALL|请拨打|请拨|回拨|回电|☏|手√机|来电|去电|☎|📞|📱|拨打|致电|拨通|主叫|被叫|号码|传真|WhatsApp|whatsapp|Whatsapp|WHATSAPP|tel|Tel|TEL|Phone|phone|机主"
    ),
    Label.SENT_BY: (
        "客服|拨过来的|打过来的|收到|接到|发信人|发件人|发送方|发送号码|短信来自|来自|短信|拨号|显示为|显示|以"
    ),
    Label.BANK: "工行|农行|中行|建行|交行|招行|邮储|农信社|信用社|农商行|银行|支行|分行",
    Label.OTHER: (
        "开奖号码|中奖号码|发票代码|发票号码|发票号|尾号|末四位|后四位|邮编|邮政编码|案号|警号|车牌|统一社会信用代码|"
        "信用代码|执照号|注册号|许可证|"
        "备案号|批准文号|序列号|IMEI|imei|IMSI|ICCID|iccid|SIM卡号|设备号|股票代码|代码|ICP备|文号|编号"
    ),
}
_GENERIC = frozenset({Label.ACCOUNT, Label.LOGIN, Label.PHONE})
_SPECIAL = frozenset({Label.QQ, Label.WECHAT, Label.TELEGRAM, Label.ALIPAY, Label.DINGTALK, Label.COMPANY, Label.CARD})
_ACCOUNTS = frozenset({Label.COMPANY, Label.CARD, Label.ACCOUNT, Label.ORDER})
BANK_GAP_MAX = 8
LATIN_LABEL_MIN = 5  # letters from which a Latin label may stand in a longer word
_LABEL_OF = {word: label for label, words in _WORDS.items() for word in words.split("|")}


def _pattern_of(word: str) -> str:
    if word.isascii() and len(word) < LATIN_LABEL_MIN:
        # A Latin label must not be the inside of a longer Latin word.
        return rf"(?<![A-Za-z_])(?<!_ ){re.escape(word)}" + ("" if word.endswith(":") else "(?![A-Za-z])")
    if word == "手机":
        return word + "(?!注册)"  # 微信是用手机注册的，搜...
    # 加微 and 加V are whole only when no 信 follows: 加微信 is 加 and 微信.
    return re.escape(word) + ("(?!信)" if word[-1] in "微VvWw" else "")


def _by_first(words: list[str]) -> str:
    """The words as one pattern, the longest first, told apart by their first character before anything else."""
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        groups.setdefault(word[0], []).append(_pattern_of(word))
    return "|".join(f"(?={re.escape(first)})(?:{'|'.join(patterns)})" for first, patterns in groups.items())


_LABELS = _by_first(list(_LABEL_OF))
# 支.付.宝: what is put between to slip through filters; names of chat programs are in `slang`.
_SLIPPED_MARK = r"[ /.\-*·|_\u200b~]"
_SLIPPED_WORDS = ("微信号", "支付宝", "电报", "银行卡", "卡号", "电话", "钉钉")
_SLIPPED = "|".join(
    f"{_SLIPPED_MARK}?".join(word[:-1]) + f"{_SLIPPED_MARK}{{1,2}}{word[-1]}" for word in _SLIPPED_WORDS
)
# Q847261935, 扣3 7 4 8 2 9
_GLUED_Q = r"(?<![A-Za-z0-9])[Qq](?=[1-9]\d{4,10}(?!\d))|扣(?=[1-9](?: \d){5,10}(?! ?\d))"
_LABEL_OF |= {"Q": Label.QQ, "q": Label.QQ, "扣": Label.QQ}
_SAME_CLAUSE = ("，", ",", "的")
_IS_THE = re.compile(r"，?(?:[填留写报发用]的)?就?是(?:[他她我]的?|一?个|一串)?|还是(?:老|原来|以前)的?")
_SAME_AS = re.compile(rf"(?:搜|用|就用)(?:这个)?|的?|\(|绑定|就|也是|(?:{_IS_THE.pattern})")
_PROGRAMS = frozenset({Label.QQ, Label.WECHAT, Label.TELEGRAM})
_CHAT = frozenset({Label.QQ, Label.QQ_GROUP, Label.WECHAT})
_CLAUSE_BETWEEN = re.compile(r"[^\d。；;\n]{0,14}[，,]")
_BESIDE = re.compile(r"[ /、&+和跟与\u200b]{0,3}")
_THE_SAME = re.compile(r"(?:同步|同号|一样|一个号|同一个|都是)")
_MARKS_IN_LABEL = re.compile(_SLIPPED_MARK)
_FIRST = "".join(sorted({word[0] for word in _LABEL_OF}))
_LABEL_OF_SLANG = {
    "company": Label.COMPANY, "account": Label.ACCOUNT, "card": Label.CARD, "order": Label.ORDER,
    "group": Label.QQ_GROUP, "wechat": Label.WECHAT, "qq": Label.QQ, "telegram": Label.TELEGRAM,
    "alipay": Label.ALIPAY, "dingtalk": Label.DINGTALK,
}  # fmt: skip
_FIRST += "".join(set(slang.FIRST_CHARACTERS) - set(_FIRST))
_MAYBE = re.compile(f"(?=[{re.escape(_FIRST)}])(?:{slang.PATTERN}|{_LABELS}|{_SLIPPED}|{_GLUED_Q})")
_IS_OF = re.compile(
    r"[ ，,←(”)]{0,2}(?:不是[\u4e00-\u9fff]{1,6}，)?(?:(?:这个?|那个?|上面)?(?:才|就|"
    r"也)?是(?:[他她我你]的?(?=[Qq微薇扣企])|[\u4e00-\u9fff]{2,6}?(?=订单|单号|流水号)|[\u4e00-\u9fff]{0,4}的(?:[\u4e00-\u9fff]{2}(?=订单|"
    r"单号))?)?|←?(?=加|搜)|←?[加搜]这个|这个(?=[扣Qq企])|←(?=[薇微绿卫威企扣Qq电纸飞])|"
    r"\n?(?:长按)?复制[^\n。；]{0,10}?(?=[薇微绿卫威企扣QqVv电纸飞]))"
)
_SENTENCE_END = re.compile(r"[。;；!！?？\n]")
_HEADING_GAP = re.compile(r" ?(?:的?就?是)?:? ?[↓→]{0,3}\n ?@?\n?")  # 对公账号, and the number on the next line
# QQ号多少？学生：三四零...; “微信号多少？”“ruo...”
ASKED = re.compile(
    r"[。，?]?”\n?“|[^\d。；;\n？?]{0,6}(?:多少|什么|几号|啥|哪个|[报念说发](?:一下|给我)|有没有|有吗|记得吗?|"
    r"呢)[^\d。；;\n]{0,5}(?:[?？。，\n]”?\n?|” ?)"
    r"(?:[^\s:，。；“”]{1,6}:)?[“ ]?(?:嗯|哦|好|有|是|那个|我看看|等一下|您记|你记|记一下)?[，, :]{0,2}"
    r"(?:[^\sA-Za-z\d:，。；“”零一二三四五六七八九]{1,6}，)?"
)
ASKED_REACH = 34
_NO_ANSWER = frozenset("?:”\n，。")  # without any of these a gap holds no question and its answer
_LIST_GAP = re.compile(r"[ 、,，/和及与或跟;；\n]{1,3}|[和及与或]?(?:另一个|还有|以及|另外)[ :是]?")


class Labels:
    """Every label of a text, and which of them speaks for a place."""

    def __init__(self, face: str) -> None:
        self._face = face
        self._found: list[tuple[int, Label, int]] = []
        for match in _MAYBE.finditer(face):
            said = match.group()
            if match.lastgroup:
                label = _LABEL_OF_SLANG[match.lastgroup]
            else:
                label = _LABEL_OF.get(said) or _LABEL_OF[_MARKS_IN_LABEL.sub("", said)]
            if label in _GENERIC and self._found:
                # 电报账号, 微信的号码: the general word takes the meaning of the one before it.
                end, special, _start = self._found[-1]
                said_between = face[end : match.start()]
                is_both = label is Label.PHONE and _THE_SAME.match(face, match.end()) is not None  # 微信电话同步
                is_next = (
                    label is Label.ACCOUNT and special in (*_PROGRAMS, Label.COMPANY) and said_between == "，"
                )  # 微信，帐号 hsin2024
                if special in _SPECIAL and not is_both and (is_next or _SAME_AS.fullmatch(said_between)):
                    label = special
                elif said == "号码" and (chat := self._chat_before(match.start())) is not None:
                    label = chat  # QQ一个，昵称“客服小雨”，号码2491...
                elif said == "号码" and said_between in _SAME_CLAUSE and special is Label.ORDER:
                    label = special  # 京东的订单，号码3065...
                elif special in _GENERIC and label is Label.PHONE and _IS_THE.fullmatch(said_between):
                    label = special  # 账号就是手机号
            elif said == "客服" and self._found and self._found[-1][0] == match.start():
                label = self._found[-1][1] if self._found[-1][1] in _SPECIAL else label  # 企鹅客服
            elif label is Label.WECHAT and self._found and self._is_phone_too(match):
                label = Label.PHONE
            elif said == "编号" and self._found and self._found[-1][1] is Label.ORDER:
                if face[self._found[-1][0] : match.start()] in ("", *_SAME_CLAUSE):
                    label = Label.ORDER
            elif label is Label.BANK and self._found:
                # 对公账户: 工行 1234: naming the bank in between changes nothing.
                end, kept, _start = self._found[-1]
                if (
                    kept in _ACCOUNTS
                    and match.start() - end <= BANK_GAP_MAX
                    and not _SENTENCE_END.search(face, end, match.start())
                ):
                    label = kept
            self._found.append((match.end(), label, match.start()))
        self._ends = [end for end, _label, _start in self._found]
        self._inherited: dict[int, tuple[Label, str]] = {}

    def _chat_before(self, at: int) -> Label | None:
        """The chat program that the clauses before speak of, when nothing else was named since."""
        for end, label, _start in reversed(self._found[-3:]):
            if label in _CHAT:
                return label if _CLAUSE_BETWEEN.fullmatch(self._face, end, at) else None
            if label is not Label.SENT_BY:
                return None
        return None

    def _is_phone_too(self, match: re.Match[str]) -> bool:
        """电话微信同步, 手机和微信同号: what follows is a phone first."""
        end, label, _start = self._found[-1]
        is_beside = _BESIDE.fullmatch(self._face, end, match.start()) is not None
        if label is Label.PHONE and self._face[end : match.start()] == "同":
            return True  # 手机同微信：173...
        return label is Label.PHONE and is_beside and _THE_SAME.match(self._face, match.end()) is not None

    def before(self, start: int, reach: int = LABEL_REACH) -> tuple[Label | None, str]:
        """The nearest label that ends at most `reach` before `start`, and the words between."""
        index = bisect_right(self._ends, start) - 1
        if index < 0:
            return None, ""
        end, label, begin = self._found[index]
        gap = self._face[end:start]
        if label is Label.ORDER and gap[:1] in ("，", ",") and self._face[max(0, begin - 1) : begin] == "是":
            return None, ""  # 6222...是订单编号，6216...: it says what stands before it
        if 1 < len(gap) <= ASKED_REACH and not _NO_ANSWER.isdisjoint(gap) and ASKED.fullmatch(gap):
            return label, ":"
        if len(gap) > reach or (_SENTENCE_END.search(gap) and not _HEADING_GAP.fullmatch(gap)):
            return None, ""
        return label, gap

    def all_before(self, start: int, reach: int = LABEL_REACH) -> list[tuple[Label, str]]:
        """All labels within `reach` before `start`, nearest first, with the words between."""
        found = []
        index = bisect_right(self._ends, start) - 1
        while index >= 0:
            end, label, _start = self._found[index]
            gap = self._face[end:start]
            if len(gap) > reach or _SENTENCE_END.search(gap):
                break
            found.append((label, gap))
            index -= 1
        return found

    def behind(self, end: int) -> Label | None:
        """The label that stands in brackets right behind a place: hjk0425（绿泡泡）."""
        said = _IS_OF.match(self._face, end)
        if said is not None:  # 1840 278 398 这是客服的企鹅
            index = bisect_right(self._ends, said.end())
            if index < len(self._found) and end < self._found[index][2] <= said.end():
                return self._found[index][1]
        at = end + 1 if self._face[end : end + 1] == " " else end
        if self._face[at : at + 1] in ("群", "裙") or self._face[at : at + 3] in ("那个群", "这个群"):
            return Label.QQ_GROUP  # 拉进905716483群
        if self._face[at : at + 1] != "(":
            index = bisect_right(self._ends, at)
            if index < len(self._found) and self._found[index][2] == at:  # tt_jie520 小绿加这个
                last, label, _start = self._found[index]
                return label if self._face[last : last + 1] in tuple("加搜找上") else None
            return None
        index = bisect_right(self._ends, at + 1)
        if index < len(self._found) and self._found[index][2] == at + 1:
            last, label, _start = self._found[index]
            return label if self._face[last : last + 1] == ")" else None
        return None

    def end_of(self, at: int) -> int:
        """Where the label ends in which `at` lies; 0 when in none."""
        index = bisect_right(self._ends, at)
        if index < len(self._found) and self._found[index][2] < at:
            return self._found[index][0]
        return 0

    def inherit(self, end: int, label: Label) -> None:
        """Remember that a number which ends at `end` stood under `label`, for the rest of its list."""
        self._inherited[end] = (label, "")

    def inherited(self, start: int) -> Label | None:
        """The label of the number just before `start`, when only a list mark stands between."""
        for size in range(1, 7):
            held = self._inherited.get(start - size)
            if held and _LIST_GAP.fullmatch(self._face, start - size, start):
                return held[0]
        return None

    def spans(self) -> list[tuple[int, int, Label]]:
        """(start, end, label) of every label, in order."""
        return [(start, end, label) for end, label, start in self._found]
