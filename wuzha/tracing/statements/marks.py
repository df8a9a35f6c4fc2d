"""Marks of direction: 借/贷, 进/出, 收/支, D/C, +/- and their kin, and the words that tell direction without a mark.

借 (debit) on a bank's statement lowers the customer's balance, 贷 (credit) raises it: the bank writes from its own
books. Where a table writes the other way round, its running balance says so and the reader turns it.
"""

import re
from functools import lru_cache

from wuzha.tracing.statements.limits import REMEMBERED_CELLS_MAX
from wuzha.tracing.statements.meanings import Direction
from wuzha.tracing.statements.vocabulary import fold

_OUT = frozenset(
    [
        "借",
        "借方",
        "借记",
        "支",
        "支出",
        "出",
        "出账",
        "付",
        "付款",
        "付出",
        "转出",
        "支取",
        "取",
        "取出",
        "取款",
        "流出",
        "往",
        "往账",
        "减",
        "减少",
        "付方",
        "支付",
        "支付出",
        "付账",
        "划出",
        "资金流出",
        "转账支出",
        "已支出",
        "出金",
        "扣款",
        "减款",
        "汇出",
        "消费",
        "提取",
        "提币",
        "-",
        "d",
        "dr",
        "db",
        "debit",
        "out",
        "withdrawal",
        "w",
        "paid",
        "send",
        "sent",
        "payment",
    ]
)
_IN = frozenset(
    [
        "贷",
        "贷方",
        "贷记",
        "收",
        "收入",
        "入",
        "进",
        "入账",
        "进账",
        "收款",
        "转入",
        "存入",
        "存",
        "存款",
        "流入",
        "来",
        "来账",
        "增",
        "增加",
        "加款",
        "入金",
        "汇入",
        "收方",
        "收到",
        "划入",
        "资金流入",
        "转账收入",
        "已收入",
        "退款",
        "充币",
        "+",
        "c",
        "cr",
        "credit",
        "in",
        "deposit",
        "receive",
        "received",
    ]
)
_PLAIN = frozenset(
    [
        "借",
        "贷",
        "收",
        "支",
        "进",
        "出",
        "入",
        "付",
        "收入",
        "支出",
        "借方",
        "贷方",
        "转入",
        "转出",
        "收款",
        "付款",
        "来账",
        "往账",
        "入账",
        "出账",
        "流入",
        "流出",
        "存入",
        "支取",
        "提币",
        "扣款",
        "减款",
        "加款",
        "充币",
        "+",
        "-",
        "d",
        "c",
        "dr",
        "cr",
        "debit",
        "credit",
        "in",
        "out",
        "deposit",
        "withdrawal",
    ]
)
_NEUTRAL = frozenset(["不计收支", "/", "其他", "中性", "中性交易", "不计", "其它", "none", "neutral", "不计入收支"])
_INWARD = re.compile(
    r"充钱包|收钱|还款|退款|退货|退回|返现|工资|代发|利息|结息|存入|存款|汇入|转入|收款|入账|来账|充币|refund|"
    r"interest|salary|deposit|payment received|received|credit"
)
_OUTWARD = re.compile(
    r"存银行|转钱|提币|提现|消费|支付|取款|取现|手续费|转出|汇出|购|付款|扣款|代扣|缴费|往账|purchase|pos |atm|"
    r"withdraw|fee|debit|payment to|paid"
)
_WALLET_IN = re.compile(r"退款|充值|转入零钱通-来自(?!零钱)|银行卡转入|转入余额|收益")
_WALLET_OUT = re.compile(r"提现|转出到(?!零钱|余额)|转出-到(?!零钱)|还款|购买|转账到银行卡|申购|转账")


@lru_cache(maxsize=REMEMBERED_CELLS_MAX)
def direction_of_mark(text: str) -> Direction | None:
    """What a mark cell says; None when it is no known mark."""
    whole = fold(text).strip().strip("[]【】").replace(" ", "")
    chinese = re.sub(r"[^\u4e00-\u9fff]", "", whole)  # "借 Dr", "1-借"
    for mark in (whole, chinese):
        if mark in _OUT:
            return Direction.OUT
        if mark in _IN:
            return Direction.IN
        if mark in _NEUTRAL:
            return Direction.NEUTRAL
    return None


def is_plain_mark(text: str) -> bool:
    """Whether a cell is a mark and nothing else, so that a column of them is the column of marks."""
    return fold(text).strip().replace(" ", "") in _PLAIN


@lru_cache(maxsize=REMEMBERED_CELLS_MAX)
def direction_of_words(text: str) -> Direction | None:
    """The direction that a movement's words tell when nothing else does; None when they tell none, or both."""
    folded = fold(text)
    inward, outward = _INWARD.search(folded) is not None, _OUTWARD.search(folded) is not None
    if inward == outward:
        return None
    return Direction.IN if inward else Direction.OUT


def direction_inside_wallet(text: str) -> Direction:
    """Direction of a wallet's "neither" rows: top-ups and refunds come in, withdrawals and purchases go out."""
    folded = fold(text)
    if _WALLET_IN.search(folded):
        return Direction.IN
    return Direction.OUT if _WALLET_OUT.search(folded) else Direction.NEUTRAL
