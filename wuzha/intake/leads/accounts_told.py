"""The accounts of a narrative and on whose side each stands: the victim's own, or the receiver's.

Theory. What is said right before or after an account decides (我的工行卡, 客户卡号, 其付款卡为; ...转的, 户名...);
else the last cue of its clause does: 通过, 用, 我的 make it the victim's, 向, 给, 对方, 收款 the receiver's. A mobile
that somebody is paid at by Alipay is an account, too.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from wuzha.intake.leads.digit_readings import is_wallet
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.intake.leads.paid_sums import SENTENCE
from wuzha.kernel.identifiers.phones import MOBILE

CUE_REACH, ALIPAY_REACH = 48, 40
ACCOUNT_KINDS = frozenset({Kind.CARD, Kind.ACCOUNT, Kind.ALIPAY})
COINS = frozenset({"USDT", "BTC", "ETH", "USDC", "TRX", "BNB"})

_PAYEE_CUE = (
    r"(?:发给|发|给了?|告诉|让|叫|要求|要|教|带|催|推给|报给)我的?|[转付打汇][他她它]|向|往|给|到|至|转入|汇入|存入|打入|打到|收款|"
    r"对方|指定|骗子|嫌疑人|他的|她的|客服|户名|平台的|提供的|陌生|对公|入账|发来|账号是|卡号是"
)
_PAYER_CUE = (
    r"通过|从|我的|本人|自己|使用|名下|(?<![信费使作])用|事主的|受害人的|我卡|"
    r"付款人|付款方|转出|我(?=[的用从卡把自在通])"
)
_CUE = re.compile(rf"(?P<payee>{_PAYEE_CUE})|(?P<payer>{_PAYER_CUE})")
_OWN_BEFORE = re.compile(
    r"(?:(?<![给让叫教带催])(?<!给了)我|本人|自己|客户|事主|受害人|被害人|受访人|来电人|报警人|妈妈|奶奶|我司|本行|"
    r"付款|名下|我公司|本公司|本单位|转出|扣款)(?:自己|名下)?的?[^，。；;:：\d到往向给至转发按他她对]{0,8}?(?:卡号?|账户|账号|帐号|支付宝)?(?:是)?"
    r"(?:[(（](?:卡号|账号|账户)?)?[是为:： ]{0,3}$"
    r"|(?:客户|报警人|受访人)[^。；;\d]{0,18}(?:卡号|账户)[是为:： ]{0,2}$"
    r"|(?:客户|报警人|受访人)[\u4e00-\u9fff]{0,4}[，,]?(?:账户|卡号|持本行卡)[是为:： ]{0,2}$"
    r"|(?:男|女)[，,][^）)\d]{0,6}\d{0,3}[^）)\d]{0,6}卡号[是为:： ]{0,2}$"
    r"|你的支付宝账号是多少[?？]?答?[:： ]{0,2}$"
)
_OWN_AFTER = re.compile(
    r" ?[)）]?(?:里|上)?(?:付的|转的|转出去?的?|转走|出去的|扣的|被转走|汇出|支出|"
    r"(?:网银|用手机银行|用网银|通过[^，。；;\d]{1,6})?(?:向|往|转到|转至|转给))"
)
_RECEIVER_AFTER = re.compile(
    r" ?[)）]?[，,、 ]{0,2}(?:[^，。；;\d]{0,10}[，,、 ])?[(（]?"
    r"(?:收款户名|户名|户主|卡主|开户人|持卡人|收款人|名字|实名|叫|名叫)"
)
# 向上海某某公司账户..., 他支付宝号是...: whose words stand in the way are the victim's own.
_OWN_WORD = r"我|本人|自己|名下|客户|本行"
_RECEIVER_BEFORE = re.compile(
    rf"(?:向|往|给|到|至|转入|汇入|存入|打入|收款)(?:(?!{_OWN_WORD})[^，。；;\d]){{0,30}}$"
    rf"|(?:他|她|对方|骗子|客服|中介|主播|老师|平台)(?:(?!{_OWN_WORD}|[用从通])[^，。；;\d]){{0,10}}$"
)
_PAID_AT = re.compile(r"(?:给|到|向|往|转|付|给了|账号是多少[?？]答:)[: (（]?$")


# 支付宝也是这个名字，183..., 支付宝搜152...
_ALIPAY_TOLD = re.compile(r"支付宝(?:搜|[^，。；;\n\d电话手机]{1,10}[，,是号:： ]{1,3})$")
_OF_BILL = re.compile(r"(?:(?:转账|付款)[-－ ]|对方账[户号] ?)$")
BILL_HEAD = 20


class Side(StrEnum):
    OWN = "own"
    RECEIVER = "receiver"
    OPEN = "open"


def accounts_told(face: str, leads: Sequence[Lead]) -> list[Lead]:
    """Cards, accounts and Alipay accounts, in order; mobiles that are paid at by Alipay among them."""
    told = []
    for lead in leads:
        if lead.kind in ACCOUNT_KINDS:
            told.append(lead)
        elif lead.kind is Kind.PHONE and MOBILE.fullmatch(lead.value):
            before = face[max(0, lead.start - ALIPAY_REACH) : lead.start]
            is_paid_at = "支付宝" in before and _PAID_AT.search(before) is not None
            is_of_bill = "支付宝" in face[:BILL_HEAD] and _OF_BILL.search(before) is not None
            if is_paid_at or is_of_bill or _ALIPAY_TOLD.search(before):
                told.append(replace(lead, kind=Kind.ALIPAY))
    return told


def sides_of(face: str, accounts: Sequence[Lead]) -> dict[int, Side]:
    """Start of an account -> its side; the same number stands on one side throughout, if it is told anywhere."""
    sides: dict[int, Side] = {}
    last = 0
    for account in accounts:
        sides[account.start] = _side(face, last, account)
        last = account.end
    known: dict[str, Side] = {}
    for account in accounts:
        if sides[account.start] is not Side.OPEN:
            known.setdefault(account.value, sides[account.start])
    return {
        account.start: known.get(account.value, Side.OPEN)
        if sides[account.start] is Side.OPEN
        else sides[account.start]
        for account in accounts
    }


def _side(face: str, floor: int, account: Lead) -> Side:
    floor = max(floor, account.start - CUE_REACH)
    marks = [match.end() for match in SENTENCE.finditer(face, floor, account.start)]
    begin = marks[-1] if marks else floor
    if face[floor : account.start].rstrip().endswith(("→", "->", ">")) or account.extra.get("coin"):
        return Side.OWN if "我的钱包" in face[begin : account.start] else Side.RECEIVER
    if _RECEIVER_AFTER.match(face, account.end) or _RECEIVER_BEFORE.search(face, begin, account.start):
        return Side.RECEIVER
    if _OWN_BEFORE.search(face, floor, account.start):
        return Side.OWN
    if _OWN_AFTER.match(face, account.end):
        return Side.OWN
    side = Side.OPEN
    for match in _CUE.finditer(face, begin, account.start):
        side = Side.RECEIVER if match.lastgroup == "payee" else Side.OWN
    return side


def compatible(account: Lead, channel: str, currency: str | None) -> bool:
    """Whether money of `currency` that went by `channel` can have gone to `account`."""
    is_coin = bool(account.extra.get("coin"))
    if is_coin or currency in COINS:
        return is_coin and currency in COINS
    if channel == "e-CNY" or is_wallet(account.value):
        return is_wallet(account.value) and channel in ("e-CNY", "")
    if channel in ("WeChat Pay", "cash", "QR code", "QQ Wallet"):
        return False
    return channel in ("", "Alipay") if account.kind is Kind.ALIPAY else channel != "Alipay"
