"""What stands above a table: account, holder, bank, currency, period, opening balance.

Theory. Preambles are pairs "label: value", in one cell or in neighbouring cells, or several pairs on one line. A
label is known by its words, as a column's title is. What no label names may still be told by a title ("招商银行信用卡
对账单"). Nothing here decides amounts; it only says whose table it is.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache

from wuzha.kernel.identifiers import card_banks
from wuzha.kernel.identifiers.digits import narrow
from wuzha.tracing.statements.cells import is_blank, read_when
from wuzha.tracing.statements.currencies import currency_of
from wuzha.tracing.statements.model import Preamble
from wuzha.tracing.statements.tables import Line
from wuzha.tracing.statements.vocabulary import fold

_LABELS = (
    ("merchant", r"(?:特约)?商户(?:编号|号码?|代码|id)|merchant (?:id|no\.?|number)"),
    (
        "opening",
        r"期初余额|上期余额|承前余额|起始余额|上期结余|opening balance|balance brought forward|beginning balance",
    ),
    (
        "account",
        r"(?<![账客商用])户号|卡折号|账卡号|店铺(?:id|编号)|(?:查询|客户|本方|银行|用户|会员|支付宝|交易|账户|微信支付|商户|付款)?(?:账户?号码?|卡号|账号/卡号|卡号/账号|账户号)(?:/卡号)?|支付宝账户|账户|微信号|钱包(?:id|编号|账号|号)"
        r"|账\s*号|卡\s*号|account (?:number|no\.?)|account|card (?:number|no\.?)|a/c no\.?|iban|kontonummer|compte|"
        r"cuenta|口座番号|계좌번호|số tài khoản|เลขที่บัญชี|no(?:mor|\.)? rekening|nombor akaun|номер счета|"
        r"account details for",
    ),
    ("user", r"用户(?:id)?|会员(?:id|号)?|(?:注册|绑定)?手机(?:号码?)?"),
    (
        "holder",
        r"户\s*名|户主|(?:客户|账户|本方)?(?:姓名|户名|名称)|客户|持卡人|账户名称|微信昵称|钱包名称|客户姓名|"
        r"公司名称|商户名称|account name|name|account holder|customer name|"
        r"kontoinhaber|titulaire|titular|口座名義|예금주|tên tài khoản|ชื่อบัญชี",
    ),
    ("bank", r"开户行|运营机构|开户银行|开户机构|开户网点|银行名称|开户支行|bank|branch"),
    (
        "currency",
        r"币\s*种|货币|币别|currency|währung|devise|divisa|moneda|moeda|通[货貨]|통화|loại tiền|สกุลเงิน|mata ?w?ang|"
        r"mata ?uang|валюта",
    ),
)
_PAIR = re.compile(
    r"(?P<label>" + "|".join(f"(?P<{name}>{words})" for name, words in _LABELS) + r")\s*[:]\s*(?P<value>[^:]*?)"
    r"(?=:|\s{2,}|,\s*[^\d]|;|\s+[\u4e00-\u9fff/]{2,8}\s*:|$)"
)
_LABEL_ONLY = re.compile(r"(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _LABELS) + r")\s*:?")
_BILINGUAL = re.compile(r"(?<=[\u4e00-\u9fff])\s*[A-Za-z/. ]{3,40}(?=[:：])")  # 户名 Account Name:
_BARE = re.compile(
    r"(?:账户?号码?|账户|卡号|户号)\s{0,4}\(?(\d(?:[ -]?[\d*]){7,31})(?![\d*])"
)  # a label without a colon
_DAY = re.compile(r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|(?<!\d)(?:19|20)\d{6}(?!\d)")
_MONTH = re.compile(r"(\d{4})\s?年\s?(\d{1,2})\s?月")
_CREDIT_CARD = re.compile(r"(?:信用卡|贷记卡|credit card).{0,12}(?:账单|对账单|明细|statement|交易)")
_ACCOUNT = re.compile(r"[0-9A-Za-z*#@._+-]{4,64}")
_NUMBER = re.compile(r"[0-9][0-9*xX]{7,}")  # "[一卡通:621483******1234 北京分行]"
_INSTITUTIONS = (
    ("支付宝", re.compile(r"支付宝|alipay")),
    ("微信支付", re.compile(r"微信支付|财付通|微信昵称|wechat pay|tenpay")),
    ("京东支付", re.compile(r"京东(?:账号|支付|钱包|金融|白条)")),
    ("云闪付", re.compile(r"云闪付|unionpay|中国银联")),
    ("汇丰银行", re.compile(r"hsbc|汇丰|滙豐")),
    ("渣打银行", re.compile(r"standard chartered|渣打")),
)
_NUMBERED = frozenset({"account", "user"})  # labels whose value is a number, or none is told
_TEXT_MAX = 400


def read_preamble(lines: Iterable[Line]) -> Preamble:
    """Who and what the lines above a header speak of; what is not said stays empty."""
    found: dict[str, str] = {}
    days: list[str] = []
    text = ""
    for line in lines:
        for position, cell in enumerate(line.cells):
            if not cell:
                continue
            cell = _BILINGUAL.sub("", re.sub(r"\[\s+", "[", narrow(cell)[:_TEXT_MAX]))
            folded = fold(cell)
            text = (text + "\n" + folded)[:8_000]
            _pairs(cell, folded, found)
            _neighbour(folded, line.cells[position + 1 :], found)
        days += _days_of(line)
    first, last = (min(days), max(days)) if days else _month_of(text)
    currency = currency_of(found.get("currency", ""))
    return Preamble(
        account=_account(found.get("account") or found.get("merchant") or _bare_account(text) or found.get("user", "")),
        holder="" if is_blank(found.get("holder", "")) else found.get("holder", "").strip("[]【】 ")[:80],
        bank=bank_in(text) or found.get("bank", "")[:80],
        currency=currency if re.fullmatch(r"[A-Z]{3,5}", currency) else "",
        title=text.strip().split("\n")[0][:120],
        first_day=first,
        last_day=last,
        opening=found.get("opening", ""),
        credit_card=_CREDIT_CARD.search(text) is not None and "借记" not in text,
        merchant="merchant" in found,
    )


def _pairs(cell: str, folded: str, found: dict[str, str]) -> None:
    for match in _PAIR.finditer(folded):
        name = next(name for name, _words in _LABELS if match[name])
        if len(folded) == len(cell):
            value = cell[match.start("value") : match.end("value")].strip()
        else:
            value = match["value"].strip()
        if name == "account" and not _ACCOUNT.fullmatch(value.strip("[]() ")):
            number = _NUMBER.search(cell[match.start("value") : match.start("value") + 60])
            value = number[0] if number else value
        before = folded[max(0, match.start() - 2) : match.start()]
        if value and not re.search(r"对方|对手|[子别]$", before) and (name not in _NUMBERED or _account(value)):
            found.setdefault(name, value)


_UNIT = re.compile(r"单位(?::\s*)?(?:人民币)?(百万元|万元|千元|元|分)(?![\u4e00-\u9fff])")
UNITS = {"百万元": "1000000", "万元": "10000", "千元": "1000", "元": "1", "分": "0.01"}


def unit_above(lines: Iterable[Line]) -> Decimal | None:
    """The unit that a line above a table gives to all of its sums ("单位：万元"), None when none is given."""
    match = _UNIT.search(fold("\n".join(cell for line in lines for cell in line.cells)))
    return Decimal(UNITS[match[1]]) if match else None


def _bare_account(text: str) -> str:
    """The number behind a label without a colon: "账号 1703 0100 2233 4455 667"."""
    match = _BARE.search(_DAY.sub("  ", text))
    return match[1] if match else ""


def _neighbour(folded: str, rest: Sequence[str], found: dict[str, str]) -> None:
    bare = re.sub(r"\[.*?\]|\(.*?\)", "", folded.replace("\u3000", " ")).strip()
    label = _LABEL_ONLY.fullmatch(bare)
    value = next((cell for cell in rest if cell), "")
    if label and value and not _LABEL_ONLY.fullmatch(fold(value)) and not value.rstrip().endswith((":", "：")):
        found.setdefault(next(name for name, _words in _LABELS if label[name]), value)


def _days_of(line: Line) -> list[str]:
    days = []
    text = narrow(" ".join(line.cells))[:_TEXT_MAX]
    if re.search(r"导出时间|打印|下载时间|生成|制表|print", text) and not re.search(r"起|止|至|区间|period", text):
        return []
    for match in _DAY.finditer(text):
        try:
            when = read_when(match[0])
        except (ValueError, OverflowError):
            continue
        if when and when.day:
            days.append(when.day.isoformat())
    return days


def _month_of(text: str) -> tuple[str, str]:
    match = _MONTH.search(text)
    if not match or not 1 <= int(match[2]) <= 12 or not 1980 <= int(match[1]) <= 2100:
        return "", ""
    year, month = int(match[1]), int(match[2])
    return f"{year:04d}-{month:02d}-01", f"{year:04d}-{month:02d}-28"


def _account(text: str) -> str:
    plain = narrow(text).strip("[]() ").replace(" ", "")
    return plain if _ACCOUNT.fullmatch(plain) else ""


@cache
def _bank_names() -> tuple[tuple[re.Pattern[str], str], ...]:
    names = []
    for bank in card_banks().values():
        words = [bank.name_zh, bank.name_en.lower(), *(alias for alias in bank.aliases_zh if alias.endswith("银行"))]
        for word in words:
            if len(word) >= 4:
                names.append((word, bank.name_zh))
    names.sort(key=lambda pair: -len(pair[0]))
    return tuple((re.compile(re.escape(word)), name) for word, name in names)


def bank_in(text: str) -> str:
    """The bank or wallet whose name stands in folded `text`, "" when none does."""
    for name, pattern in _INSTITUTIONS:
        if pattern.search(text):
            return name
    return next((name for pattern, name in _bank_names() if pattern.search(text)), "")
