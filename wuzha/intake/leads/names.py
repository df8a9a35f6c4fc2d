"""Names in a text: banks, payment platforms, apps, and - as suggestions only - persons.

Theory. Banks are a closed list (the BIN table's names and what people call them), so they are looked up backwards
from the words they end in. Payment platforms are a short list. An app is what stands in quotes beside 软件, APP or
平台, or a name glued to them after 下载. A person is a family name with one or two more characters after a word
that announces one (收款人, 事主, 户名); companies and 某 names are not persons.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

from wuzha.intake.leads.lead import Kind, Lead
from wuzha.kernel.identifiers import card_banks

_BANK_END = re.compile(
    r"银行|农信|信用社|联社|信合|农商行|商行|[工农中建交招]行|(?:邮储|邮政储蓄|浦发|广发|民生|光大|中信|平安|招商|"
    r"兴业|华夏|汇丰|花旗|渣打|恒丰)(?!银行)"
)
_NEEDS_CARD = frozenset(
    {"浦发", "广发", "民生", "光大", "中信", "平安", "招商", "兴业", "华夏", "汇丰", "花旗", "渣打", "恒丰", "浙商"}
)
_CARD_AFTER = re.compile(r"(?:的)?(?:信用卡|储蓄卡|借记卡|卡|账户|账号|尾号|网银|手机银行)")
_BEFORE_SHORT = re.compile(r"(?<![施务途其当社外性程手分竣开动完停化人])$")
_SHORT_AFTER = re.compile(r"(?!业|动|为|情|程|李|人|走|家|内|规|长|政|驶|使|车|星|凶|骗|贿|列|径)")
BANK_NAME_LENGTH_MAX = 14
# Banks that the BIN table does not have; the first have no code there.
_UNCODED_BANKS = (
    "农商银行|农村商业银行|农村信用社|亿联银行|富民银行|新网银行|百信银行|苏宁银行|众邦银行|"
    "蓝海银行|农信社|中国农业发展银行|进出口银行"
)
_CODED_BANKS = {"微众银行": "WEBANK", "网商银行": "MYBANK", "邮政银行": "PSBC", "国家开发银行": "CDB"}
_EXTRA_BANKS = dict.fromkeys(_UNCODED_BANKS.split("|"), "") | _CODED_BANKS
_LOCAL_BANK = re.compile(
    r"[\u4e00-\u9fff]{2,4}(?:农村商业银行|农商银行|农商行|村镇银行|农村信用社|农村信用合作联社|农信社)$"
)
_NOT_IN_LOCAL = re.compile(
    r".*(?:通过|对方|用我的|自己的|我的|从|往|向|到|给|了|的|在|和|与|用|是|由|至|其|办|开|入|出|元|个|张|为)"
)

_OPERATORS = {
    "Alipay": "支付宝|花呗|借呗|余额宝",
    "WeChat Pay": "微信支付|微信钱包|微信零钱|微信转账|微信红包",
    "QQ Wallet": "QQ钱包|QQ红包",
    "Tenpay": "财付通",
    "UnionPay": "云闪付|银联",
    "JD Pay": "京东支付|京东白条|京东金融",
    "Douyin Pay": "抖音支付",
    "Meituan Pay": "美团支付",
    "Bestpay": "翼支付",
    "HeBao": "和包",
    "Lakala": "拉卡拉",
    "99Bill": "快钱",
    "Allinpay": "通联支付",
    "e-CNY": "数字人民币",
    "PayPal": "PayPal|paypal",
    "Binance": "币安|Binance",
    "OKX": "欧易|OKX",
    "HTX": "火币",
    "imToken": "imToken",
    "TokenPocket": "TokenPocket",
    "JD card": "京东E卡",
    "Zelle": "Zelle",
    "Western Union": "西联汇款",
}
_PLATFORMS = {name: operator for operator, names in _OPERATORS.items() for name in names.split("|")}
_PLATFORM = re.compile(
    "|".join(re.escape(name) for name in sorted(_PLATFORMS, key=lambda name: -len(name)))
    + r"|微信(?=(?:上|又|再|里|扫码|扫|给|向)?(?:转|支付|付|扫码|扫|红包|零钱|收款|充值|提现))"
)

_APP_WORD = r"(?:[Aa][Pp][Pp]|软件|应用程序|应用|程序|平台|小程序|客户端|网站|直播间|交友软件|聊天软件)"
_APP = re.compile(
    rf"“(?P<quoted>[^“”\"\n。;；]{{1,24}})[”\"] ?(?:的)?(?:聊天|交友|投资|理财|贷款|刷单|会议|直播|社交|购物|虚拟币|"
    rf"视频|手机|诈骗|网络|借贷){{0,2}}{_APP_WORD}"
    rf"|\"(?P<plainquoted>[^“”\"\n。;；]{{1,24}})\" ?(?:的)?{_APP_WORD}"
    rf"|(?:[Aa][Pp][Pp]|软件|小程序) ?“(?P<beside>[^“”\"\n。;；]{{1,24}})[”\"]"
    rf"|{_APP_WORD}(?:名为|名叫|叫做|叫|名称为|名字叫|:) ?“(?P<after>[^“”\"\n。;；]{{1,24}})[”\"]"
    rf"|(?:下载|安装|下载安装|下载了|下载并安装|下载一个|下载个|装了|装个|登录|登陆|注册|"
    rf"打开)(?:了|一款|一个|个|名为|叫做|叫|并){{0,2}}“(?P<loaded>[^“”\"\n。;；]{{1,24}})[”\"]"
    rf"|(?:下载|安装|名为|叫做|名叫|叫|装了|装个|打开|登录|使用|利用|通过)(?:了|一款|一个|个|并安装|安装|名为|叫做|"
    rf"叫|的){{0,3}} ?(?P<bare>[A-Za-z0-9+.]{{2,20}}|[\u4e00-\u9fff]{{2,6}}|[A-Za-z]{{1,8}}[\u4e00-\u9fff]{{1,4}}|"
    rf"[\u4e00-\u9fff]{{1,4}}[A-Za-z]{{1,8}})(?:的)? ?(?:[Aa][Pp][Pp]|软件)"
    rf"|(?<![A-Za-z0-9_./@-])(?P<latin>[A-Z][A-Za-z0-9]{{2,19}}) ?(?:[Aa][Pp][Pp](?![A-Za-z])|软件)"
)
_NOT_APPS = re.compile(
    r".*(?:这款|这个|那个|一款|一个|对方|指定|某款|该|此|其他|相关|陌生|正规|诈骗|投资|理财|聊天|贷款|刷单|虚假|的|"
    r"他们|手机|第三方|所谓|上述|这种|网上|境外|多个|多款|屏幕共享|专门|杀毒|外挂|类似|同样|什么|国家反诈|哪些|任何|"
    r"不明|非法|山寨|新|老|自己|在|各种|一些|两个|几个|某|涉诈|涉案|博彩|网络|虚拟|远程|作弊|赌博|违法|恶意|木马|"
    r"色情|交友|社交|会议|直播|购物)"
    r"|(?:APP|app|App|软件|平台|IOS|iOS|ios|Android|VPN|HTTP|The|NET)$"
)

# Masked names, names of tricks, and the apps everybody has.
_NO_APP_NAME = re.compile(
    r"[*＊某]|^(?:微信|支付宝|QQ|淘宝|抖音|国家反诈中心|金钟罩|杀猪盘?|木马|钓鱼网站|)$|[，,！!？?]"
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢"
    "汪戴崔任陆廖姚方金邱夏谭韦贾邹石"
    "熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚汤陶黎温莫易樊乔文安殷颜庄章鲁倪庞邢俞翟蓝聂齐向申葛"
    "闫佟冼麦柴伍覃骆关焦柳欧祝纪尚毕耿芦左季"
    "管符辛苗詹曲欧阳靳祁路涂兰甘裴梅童翁霍游阮尤岳柯牟滕谷舒卜饶宁凌盛查单冉鲍华包屈房喻解蒲卫简时连车项闵邬吉党阳"
    "司费蒙席晏隋古强穆姬"
)
_COMPOUND = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "司徒",
    "令狐",
    "夏侯",
    "端木",
    "南宫",
    "长孙",
    "宇文",
    "轩辕",
    "闻人",
)
_ANNOUNCE = re.compile(
    r"(?:收款人姓名|收款人名|收款人|收款方|对方户名|收款户名|开户人|开户名|账户名|户名|持卡人|报警人|报案人|事主|"
    r"受害人|被害人|当事人|嫌疑人|联系人|姓名|"
    r"法人代表|法人|机主|真实姓名|本人|我叫|名叫|转给|汇给|打给|转账给|卡主|户主)(?:是|为|叫|名|姓名)?[:： (“]{0,2}"
)
_HAN = re.compile(r"[\u4e00-\u9fff·]{1,5}")
_NAME_END = re.compile(
    r"[,，。、;；:：()（）\s“”\"/|\-]|称|报|说|于|在|的|因|与|和|身份证|电话|手机|,|工行|农行|建行|中行|招行|交行|"
    r"邮储|银行|开户|卡|账|被|到|来|收到|接到|通过|支付|转|先生|女士|那|这|均|\d|[A-Za-z]|$"
)
_TITLES = frozenset(
    [
        "经理",
        "老师",
        "总",
        "先生",
        "女士",
        "小姐",
        "律师",
        "警官",
        "主任",
        "队长",
        "医生",
        "教授",
        "姐",
        "哥",
        "叔",
        "阿姨",
        "法官",
        "科长",
        "处长",
        "客服",
        "老板",
        "师傅",
    ]
)
# Words of everyday that begin like a family name.
_COMMON_WORDS = frozenset(
    [
        "钱财",
        "钱款",
        "钱包",
        "向钱包",
        "陈述",
        "陆续",
        "关注",
        "高度",
        "高额",
        "安全",
        "安装",
        "明确",
        "方面",
        "方式",
        "全部",
        "时间",
        "施救",
        "经常",
        "马上",
        "成功",
        "应当",
        "包括",
        "解释",
        "危险",
        "支付",
        "支持",
        "连续",
        "单独",
        "温州",
        "常州",
        "江苏",
        "江西",
        "石家庄",
        "万元",
        "关系",
        "关闭",
        "关机",
        "向往",
        "于是",
        "何时",
        "何地",
        "任何",
        "任务",
        "余额",
        "余款",
        "付款",
        "严重",
        "郑重",
        "金额",
        "金融",
        "时常",
        "常常",
        "顾客",
        "顾虑",
        "盛大",
        "程序",
        "查询",
        "查证",
        "查看",
        "解决",
        "解除",
        "解冻",
        "文件",
        "文书",
        "游戏",
        "游客",
        "项目",
        "路过",
        "车辆",
        "车主",
        "连同",
        "连环",
        "简单",
        "强制",
        "管理",
        "房产",
        "房屋",
        "符合",
        "习惯",
        "季度",
        "计划",
        "计算",
        "白天",
        "黄金",
        "花费",
        "水电",
        "莫名",
        "毛利",
        "成都",
        "成立",
        "武汉",
        "华为",
        "冷静",
        "贺卡",
        "康复",
        "高兴",
        "高新",
        "高管",
        "安徽",
        "宁波",
        "宁夏",
    ]
)
_NO_GIVEN = frozenset(
    "称说报于在的被因到来向与和是从通打接遭反告某先女们公司人方账户号银行卡我他她你这那收不并以及了将把给让要发有则"
)


@cache
def _bank_names() -> dict[str, tuple[str, str]]:
    names: dict[str, tuple[str, str]] = {name: (code, name) for name, code in _EXTRA_BANKS.items()}
    for bank in card_banks().values():
        for name in (bank.name_zh, *bank.aliases_zh):
            names[name] = (bank.code, bank.name_zh)
            if name.startswith("中国") and len(name) > 4:
                names.setdefault(name[2:], (bank.code, bank.name_zh))
    return names


def find_names(text: str, face: str, is_free: Callable[[int, int], bool]) -> list[Lead]:
    """Banks, platforms, apps and persons of `face`, in order."""
    leads = [*_banks(text, face), *_platforms(text, face)]
    taken = {(lead.start, lead.end) for lead in leads}
    leads.extend(lead for lead in _apps(text, face) if (lead.start, lead.end) not in taken)
    leads.extend(_persons(text, face))
    return sorted((lead for lead in leads if is_free(lead.start, lead.end)), key=lambda lead: lead.start)


def _banks(text: str, face: str) -> Iterator[Lead]:
    names = _bank_names()
    last_end = 0
    for match in _BANK_END.finditer(face):
        end = match.end()
        if match.start() < last_end:
            continue
        found = next(
            (start for start in range(max(last_end, end - BANK_NAME_LENGTH_MAX), end - 1) if face[start:end] in names),
            None,
        )
        if found is None:
            local = _LOCAL_BANK.search(face, max(last_end, end - BANK_NAME_LENGTH_MAX), end)
            if local is None:
                continue
            cut = _NOT_IN_LOCAL.match(local.group())
            found = local.start() + (cut.end() if cut else 0)
            if end - found < 5:
                continue
        name = face[found:end]
        if name in _NEEDS_CARD and not _CARD_AFTER.match(face, end):
            continue
        if (
            name.endswith("行")
            and len(name) == 2
            and not (_BEFORE_SHORT.search(face, max(0, found - 1), found) and _SHORT_AFTER.match(face, end))
        ):
            continue
        code, name_zh = names.get(name, ("", name))
        last_end = end
        extra = {"code": code, "name_zh": name_zh} if code else {}
        yield Lead(Kind.BANK, text[found:end], found, end, name, 0.95 if code else 0.8, ("known name",), extra=extra)


def _platforms(text: str, face: str) -> Iterator[Lead]:
    for match in _PLATFORM.finditer(face):
        name = match.group()
        code = _PLATFORMS.get(name, "WeChat Pay")
        yield Lead(
            Kind.PLATFORM, text[match.start() : match.end()], match.start(), match.end(), name, 0.9, ("known name",),
            extra={"code": code},
        )  # fmt: skip


def _apps(text: str, face: str) -> Iterator[Lead]:
    for match in _APP.finditer(face):
        group = match.lastgroup or ""
        name = match[group]
        start, end = match.span(group)
        bare = group in ("bare", "latin")
        if bare and _NOT_APPS.match(name):
            continue
        if name.strip() != name or _NO_APP_NAME.search(name):
            continue
        yield Lead(Kind.APP, text[start:end], start, end, name, 0.7 if bare else 0.9, ("named as software",))


def _persons(text: str, face: str) -> Iterator[Lead]:
    for match in _ANNOUNCE.finditer(face):
        start = match.end()
        row = _HAN.match(text, start)
        if row is None:
            continue
        size = person_size(text, start, row.end())
        if size:
            end = start + size
            is_marked = face[start - 1 : start] in (":", "(", "“") or size > 2
            yield Lead(
                Kind.PERSON, text[start:end], start, end, text[start:end], 0.8 if is_marked else 0.65, ("announced",)
            )


def person_size(text: str, start: int, row_end: int) -> int:
    """Length of the person's name that begins at `start`, 0 when none does."""
    family = 2 if text[start : start + 2] in _COMPOUND else 1
    if family == 1 and text[start : start + 1] not in _SURNAMES:
        return 0
    for given in (2, 1):
        end = start + family + given
        name = text[start:end]
        if (
            end > row_end
            or name[family:] in _TITLES
            or name in _COMMON_WORDS
            or any(char in _NO_GIVEN for char in name[family:])
        ):
            continue
        if _NAME_END.match(text, end):
            return family + given
    return 0
