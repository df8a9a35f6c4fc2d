"""By which channel a payment went: what its words say, what is said of all payments, what the account tells.

Theory. A program's name alone says nothing (加微信, 微信群里): it counts where something is paid by it (用微信, 微信转,
微信扫码付). What is said of all (两笔都是微信, 以上均为手机银行操作) speaks for the payments before it that say nothing
themselves.
"""

import re

QR_OF_PROGRAM = 6
_WECHAT = (
    r"微信(?:转|支付|付|扫|红包|零钱|给|向|收款|[上里]?(?:又|再|先|就)?(?:转|付|给|打|扫|发红包))|"
    r"(?:用|通过|走|以|拿)(?:了|的|我的|我|自己的|他的|她的)?微信(?!群|号|客服|聊|联系)|微信[:： ]?(?=\d)"
)
_CHANNELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("UnionPay", re.compile(r"云闪付")),
    ("Zelle", re.compile(r"[Zz]elle")),
    ("PayPal", re.compile(r"[Pp]ay[Pp]al")),
    ("FPS", re.compile(r"FPS|转数快")),
    ("Western Union", re.compile(r"西联|[Ww]estern [Uu]nion")),
    ("e-CNY", re.compile(r"数字人民币")),
    ("WeChat Pay", re.compile(_WECHAT)),
    ("Alipay", re.compile(r"(?:用|通过|走|以|拿)(?:了|的|我的|我|自己的|他的|她的|妈妈的)?支付宝|支付宝")),
    ("QQ Wallet", re.compile(r"QQ(?:钱包|红包|转账)")),
    ("mobile bank", re.compile(r"手机银行|手银|掌上银行|掌银|银行(?:APP|app|App)")),
    ("online bank", re.compile(r"网银|网上银行|网上转账|网上转")),
    ("ATM", re.compile(r"ATM|atm|自动取款机|自助机|柜员机|存款机")),
    ("counter", re.compile(r"柜台|柜面|银行网点|到银行汇")),
    ("cash", re.compile(r"现金|当面(?:又)?(?:交|给)|上门取")),
    ("QR code", re.compile(r"扫码|二维码|收款码|扫[^，。]{0,8}码")),
)
_OF_ALL = re.compile(
    r"用的?什么(?:渠道|方式)?[^？?\n]{0,8}[？?]?\n[^\n：:]{1,6}[：:][^，。；;\n]{0,6}|什么渠道[^？?\n]{0,8}[？?]\n[^\n：:]{1,6}[：:][^，。；;\n]{0,6}|"
    r"(?:微信|支付宝|手机银行|网银|云闪付)[，,](?:两|三|几|每)(?:次|笔)都是|"
    r"(?:(?:都|均|全|全部|几笔|两笔|三笔|两次|三次|几次)(?:都|均|全)?(?:是|为|用|通过|走|使用|拿|在)?|"
    r"怎么转的[:：]|(?:方式|渠道)[:： ]{1,2})"
    r"[^，。；;\n]{0,14}|(?:微信支付?|支付宝|云闪付|手机银行|网银|数字人民币)[^，。；;\n]{0,4}(?:记录|账单|明细|转账成功|回单)"
)
_BEHIND = re.compile(
    r"[^。；;\n\d]{0,12}?(?:用的|走的|是)?(?:用)?(?P<how>微信|支付宝|手机银行|网银|云闪付)(?:转账|转|付|打|给|操作)?的?(?=[，。；;\n]|$)"
)
_WORDS_OF_ALL = (
    ("WeChat Pay", "微信"),
    ("Alipay", "支付宝"),
    ("mobile bank", "手机银行"),
    ("mobile bank", "手银"),
    ("online bank", "网上银行"),
    ("online bank", "网银"),
    ("QR code", "扫码"),
    ("UnionPay", "云闪付"),
    ("cash", "现金"),
    ("ATM", "ATM"),
    ("counter", "柜台"),
)


def channel_in(face: str, begin: int, end: int, at: int) -> str:
    """The channel that face[begin:end] tells for the sum at `at`: the last one before it, else the first behind it."""
    before: tuple[int, str] | None = None
    for name, words in _CHANNELS:
        for match in words.finditer(face, begin, at + 1):
            if match.end() > at:
                break
            if name == "QR code" and before is not None and match.start() - before[0] <= QR_OF_PROGRAM:
                continue  # 微信扫码付: the program's code
            if before is None or match.start() > before[0]:
                before = (match.start(), name)
    if before is not None:
        return before[1]
    behind = [(told.start(), name) for name, words in _CHANNELS if (told := words.search(face, at, end))]
    return min(behind)[1] if behind else ""


def channel_behind(face: str, end: int) -> str:
    """我给骗子转了5000块钱，用的微信: told right behind a sum."""
    match = _BEHIND.match(face, end)
    return next(name for name, word in _WORDS_OF_ALL if word == match["how"]) if match else ""


def channel_of_all(face: str, begin: int) -> list[tuple[int, str]]:
    """What is said of all payments from `begin` on: (where, channel)."""
    told = []
    for match in _OF_ALL.finditer(face, begin):
        name = next((name for name, word in _WORDS_OF_ALL if word in match.group()), "")
        if name:
            told.append((match.start(), name))
    return told
