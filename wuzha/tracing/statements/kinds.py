"""What sort of movement a row is, and whether it happened at all: read from the words of the row."""

import re
from functools import lru_cache

from wuzha.tracing.statements.limits import REMEMBERED_CELLS_MAX
from wuzha.tracing.statements.model import Kind
from wuzha.tracing.statements.vocabulary import fold

_KINDS = (
    (Kind.REVERSAL, r"冲正|冲销|红冲|抹账|冲账|撤销|反交易|退汇|退票|交易失败退|reversal|reversed|chargeback"),
    (Kind.REFUND, r"退款|退货|退回|退还|refund|return of"),
    (Kind.INTEREST, r"结息|利息(?!税)|存息|付息|批量结息|interest(?! tax)"),
    (Kind.FEE, r"手续费|工本费|年费|短信费|管理费|服务费|利息税|汇费|\bfee\b|charges?\b|commission"),
    (Kind.CASH, r"atm|取现|取款|存现|现金|现存|现取|柜台存款|无卡存款|cash"),
    (Kind.SALARY, r"工资|代发|奖金|公积金|salary|payroll"),
    (Kind.REPAYMENT, r"还款|贷款回收|repayment"),
    (Kind.INVESTMENT, r"理财|基金|申购|赎回|余额宝|零钱通|证券|黄金|定期|结构性存款|银证|invest"),
    (
        Kind.TRANSFER,
        r"转账|汇款|汇入|汇出|转入|转出|转存|红包|跨行|网转|互联汇|他行|行内|往账|来账|代付|提现|充值|transfer|remit|wire|tt\b|fps|giro",
    ),
    (Kind.MERCHANT, r"消费|商户|购物|支付|扫码|扫二维码|二维码|pos|网购|缴费|订单|purchase|merchant|payment|商家"),
)
_PATTERNS = tuple((kind, re.compile(words)) for kind, words in _KINDS)
_FAILED = re.compile(
    r"失败|关闭|已撤销|已取消|未支付|未成功|不成功|待支付|等待付款|等待买家付款|处理中|已拒绝|未完成|交易取消|不足|超限|无效|fail|cancel|declined|rejected|pending|void"
)
_FAILED_WHOLE = frozenset({"否", "n", "no", "f", "false"})
_CLOSED = re.compile(r"关闭|closed")
_SUCCEEDED = re.compile(
    r"成功|是|已|完成|正常|等待确认收货|到账|收钱|y|yes|true|success|complete|settled|posted|ok|paid|退款|退还"
)


@lru_cache(maxsize=REMEMBERED_CELLS_MAX)
def kind_of(words: str, *, cash: bool = False, merchant: bool = False) -> Kind:
    """The kind told by a row's type and summary; `cash`: its cash flag is set, `merchant`: it names a merchant."""
    folded = fold(words)
    for kind, pattern in _PATTERNS:
        if kind is Kind.TRANSFER and cash:
            return Kind.CASH
        if pattern.search(folded):
            return kind
    if cash:
        return Kind.CASH
    return Kind.MERCHANT if merchant else Kind.OTHER


def has_failed(status: str) -> bool:
    """Whether the institution says that no money moved."""
    folded = fold(status).strip()
    return folded in _FAILED_WHOLE or _FAILED.search(folded) is not None


def was_closed(status: str) -> bool:
    """Whether the status is "closed", which after a full refund still means that money moved twice."""
    return _CLOSED.search(fold(status)) is not None


def status_is_clear(status: str) -> bool:
    """Whether the status is understood at all; codes such as 0 and 01 are not."""
    return has_failed(status) or _SUCCEEDED.search(fold(status)) is not None


def is_cash_flag(text: str) -> bool:
    """Whether a cash flag cell says cash (现 and not 转)."""
    folded = fold(text)
    return folded in ("现", "现金", "是", "y", "cash", "现钞") or folded.startswith("现金")
