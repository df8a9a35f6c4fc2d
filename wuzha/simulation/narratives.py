"""What a victim says on the phone, as the call taker writes it down, with the leads in it.

Theory. One text for each kind of fraud of the national statistics; phone, site, accounts, amounts and times of the
theft occur in it the way people say them.
"""

from dataclasses import dataclass
from random import Random

from wuzha.kernel.money import format_minor
from wuzha.simulation.chance import BEIJING, instant


@dataclass(frozen=True, slots=True)
class Fraud:
    """A kind of fraud: its name in the statistics, its share, whether companies fall for it, and how it is told."""

    name: str
    weight: float
    told: str
    companies: bool = False


FRAUDS = (
    Fraud("刷单返利", 0.30, "{name}称被拉入一个做任务的群，对方让其在网站 {url} 上刷单，前几单按时返现，"
          "之后要求垫付大额本金，现客服（电话 {phone}）以操作超时为由不予提现。"),
    Fraud("虚假网络投资理财", 0.14, "{name}称网上认识一名“老师”，在对方指导下于平台 {url} 投资，账面盈利但无法提现，"
          "平台客服 {phone} 要求再交保证金。"),
    Fraud("冒充电商物流客服", 0.13, "{name}接到自称快递客服的来电（{phone}），称其包裹丢失可以理赔，"
          "诱导其打开 {url} 填写银行卡信息后转账。"),
    Fraud("冒充公检法及政府机关", 0.07, "{name}接到 {phone} 来电，对方自称外地民警，称其名下银行卡涉嫌洗钱，"
          "发来网址 {url} 让其查看“通缉令”，"
          "要求把资金转入“安全账户”。"),
    Fraud("虚假征信", 0.08, "{name}接到 {phone} 来电称其学生时代注册的贷款账户影响征信，"
          "需按指引从各平台借款转入指定账户注销，期间打开过网页 {url}。"),
    Fraud("虚假贷款", 0.08, "{name}在 {url} 申请贷款，客服 {phone} 称银行卡号填错资金被冻结，须先交解冻金。"),
    Fraud("冒充领导熟人", 0.06, "{name}称有人加其好友冒充单位领导，称不便出面，让其代为垫付款项，"
          "对方联系电话 {phone}，发来的文件链接为 {url}。",
          companies=True),
    Fraud("虚假购物服务", 0.06, "{name}在 {url} 看到低价商品，与卖家（电话 {phone}）私下交易，付款后被拉黑。"),
    Fraud("网络婚恋交友", 0.05, "{name}称通过网络结识一异性，对方发来交友软件下载地址 {url}，"
          "以生病、投资为由多次要钱，对方手机号 {phone}。"),
    Fraud("网络游戏产品虚假交易", 0.03, "{name}在 {url} 出售游戏账号，客服 {phone} 称账户被冻结，须充值解冻。"),
)  # fmt: skip


def _said_amount(amount_minor: int, chance: Random) -> str:
    yuan, fen = divmod(amount_minor, 100)
    if not fen and yuan % 10_000 == 0:
        return f"{yuan // 10_000}万元"
    if not fen and yuan % 1_000 == 0 and yuan >= 10_000:
        return f"{yuan / 10_000:g}万元"
    return f"{format_minor(amount_minor, grouped=chance.random() < 0.3)}元"


def typed_amount(amount_minor: int, chance: Random) -> str:
    """An amount as it is typed into a form: with or without groups, fen only where there are any."""
    text = format_minor(amount_minor, grouped=chance.random() < 0.3)
    return text.removesuffix(".00") if chance.random() < 0.7 else text


def said_time(at: float) -> str:
    """A time of the day as it is said."""
    moment = instant(at).astimezone(BEIJING)
    return f"{moment.month}月{moment.day}日{moment.hour}时{moment.minute:02d}分"


@dataclass(frozen=True, slots=True)
class SaidPayment:
    """A payment as the victim tells it."""

    at: float
    amount_minor: int
    bank_zh: str
    number: str
    holder: str


def narrative(
    fraud: Fraud, name: str, phone: str, url: str, own_bank_zh: str, payments: list[SaidPayment], chance: Random
) -> str:
    """The text of a report."""
    told = fraud.told.format(name=name, phone=phone, url=url)
    parts = [
        f"{said_time(payment.at)}通过{own_bank_zh}向{payment.bank_zh}账户{payment.number}（户名：{payment.holder}）"
        f"转账{_said_amount(payment.amount_minor, chance)}"
        for payment in payments
    ]
    total = _said_amount(sum(payment.amount_minor for payment in payments), chance)
    end = chance.choice(("后发现被骗，遂报警。", "现对方失联，请求止付。", "经家人提醒发现被骗，现报警。"))
    return f"{told}{'；'.join(parts)}。共计损失{total}，{end}"
