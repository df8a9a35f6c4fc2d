"""The words that columns are titled with, and what each means: our own scored vocabulary.

Theory. A title is read in two ways. *Whole*: the title is one of the known phrases (score 1.0). *Composed*: banks
build titles from a role (the other side, payer, payee, own) and a thing (account, card, name, bank, ...), so
"交易对手方账号", "对方卡号" and "Counterparty account no." are one role with one thing (0.9); without a role the
thing alone stands for the own side or for the movement (0.8). Both languages of a bilingual title are tried and
the better counts. The whole
titles are in `titles`; to teach the reader a word, add it there.
"""

import re
from decimal import Decimal
from functools import lru_cache

from wuzha.kernel.identifiers.digits import narrow
from wuzha.tracing.statements.limits import REMEMBERED_CELLS_MAX
from wuzha.tracing.statements.meanings import Meaning as M
from wuzha.tracing.statements.titles import CHINESE, ENGLISH
from wuzha.tracing.statements.titles_abroad import ABROAD

WHOLE_SCORE = 1.0
COMPOSED_SCORE = 0.9
THING_SCORE = 0.8
TITLE_LENGTH_MAX = 60

_TRADITIONAL = str.maketrans(
    "碼個詢賬帳帐號餘額幣種戶對銀開機構貸記錄時間單類轉詳細產貨備註結價費項網點幾執據憑證業務發賓證號現鈔雜貿進來說購買賣處態狀憶標誌識訖",
    "码个询账账账号余额币种户对银开机构贷记录时间单类转详细产货备注结价费项网点几执据凭证业务发宾证号现钞杂贸进来说购买卖处态状忆标志识讫",
)

_ROLES = (
    (
        "payer",
        re.compile(
            r"付款|付方|转出[方人]|汇款|汇出|出票|发送方|转出账|转出卡|转出户|支付方账|转出地址|发送|payer|remitter|sender|^from|^source|debitacc|ordering"
        ),
    ),
    (
        "payee",
        re.compile(
            r"^target|收款|收方|转入[方人]|收钱|接收方|转入账|转入卡|转入户|payee|beneficiary|receiver|recipient|^to(?=$|email|address|acc|name|bank|card|wallet)|creditacc|转入地址|接收地址"
        ),
    ),
    ("peer", re.compile(r"对方|对手|对家|对端|对象|买家|卖家|他行|他方|往来|来往|counter|opposite|other|^opp|^cpty")),
    ("own", re.compile(r"本方|我方|用户|本人|本账|本户|客户|查询|开户|^own|^my")),
)
_THINGS = (
    (
        "other",
        re.compile(
            r"证件|身份证|行号|联行|类型|余额|机构代码|地区|币种|编码|代码|商户号|单号|流水|手机|电话|ens$|ip地址|mac地址|省|城市|swift|ipaddress|macaddress|postal|idno"
        ),
    ),
    ("name_account", re.compile(r"(名|名称).*(账号|卡号|账户)$(?<!账户名)")),
    (
        "bank",
        re.compile(r"开户行|开户银行|银行名|行名|开户机构|开户网点|所属行|银行$|行$|机构|网点|bank|branch|institution"),
    ),
    (
        "name",
        re.compile(
            r"^(?:payer|payee|sender|receiver|recipient|beneficiary)$|户名|姓名|名称|名字|昵称|人名|name|全称|商户$"
        ),
    ),
    ("card", re.compile(r"卡号|银行卡|card")),
    (
        "account",
        re.compile(
            r"账号|账户|账卡号|账$|账/卡|支付账|钱包|用户标识$|account|a/c|acct|acc$|accno|acno|^from$|^to$|方$|人$|iban|地址$|address"
        ),
    ),
)
_EITHER = re.compile(
    r"(?:收款?[方人]?/?付款?|付款?[方人]?/?收款?)(?:[方人](?!式)|对象|单位|账|户|名)"
)  # the other side, paying or paid
_WAY = re.compile(r"(?:往来|来往|进出|收支|收付|借贷|资金|款项|出入|动账).{0,2}(?:方向|标[志识记])")
_COMPOSED = {
    ("peer", "account"): M.PEER_ACCOUNT,
    ("peer", "card"): M.PEER_CARD,
    ("peer", "name"): M.PEER_NAME,
    ("peer", "name_account"): M.PEER_TEXT,
    ("peer", "bank"): M.PEER_BANK,
    ("payer", "account"): M.PAYER_ACCOUNT,
    ("payer", "card"): M.PAYER_CARD,
    ("payer", "name"): M.PAYER_NAME,
    ("payer", "bank"): M.PAYER_BANK,
    ("payee", "account"): M.PAYEE_ACCOUNT,
    ("payee", "card"): M.PAYEE_CARD,
    ("payee", "name"): M.PAYEE_NAME,
    ("payee", "bank"): M.PAYEE_BANK,
    ("own", "account"): M.ACCOUNT,
    ("own", "card"): M.CARD,
    ("own", "name"): M.HOLDER,
    ("own", "bank"): M.BANK,
}
_ALONE = (
    (
        M.OTHER,
        re.compile(
            r"第三方|证件|身份证|凭证|经度|纬度|设备号|柜员|mac|imei|余额方向|(?<!当)前(?:账户)?余额|(?<!当)前结余|交易前|期初|汇率|税|rate|cheque|terminal|终端"
        ),
    ),
    (M.AMOUNT, re.compile(r"(?:收入.?支出|支出.?收入|借方?.?贷方?|收.?付).{0,3}(?:金额|发生额)")),
    (
        M.IN_AMOUNT,
        re.compile(
            r"(收入|贷方|存入|转入|进账|贷记).{0,4}(金额|发生额|额)|(?:金额|发生额|交易额).{0,3}(收入|贷方?|存入|转入|收)$|(credit|deposit|paidin).{0,10}(amount|amt)"
        ),
    ),
    (
        M.OUT_AMOUNT,
        re.compile(
            r"(支出|借方|支取|转出|出账|付出|取出|借记).{0,4}(金额|发生额|额)|(?:金额|发生额|交易额).{0,3}(支出|借方?|支取|转出|支|付)$|(debit|withdraw\w*|paidout).{0,10}(amount|amt)"
        ),
    ),
    (M.BALANCE, re.compile(r"余额|结余|结存|存余|余$|balance|bal$")),
    (M.FEE, re.compile(r"手续费|服务费|^fees?$|fee$|feeamount")),
    (
        M.MARK,
        re.compile(
            r"(借贷|收付|收支|进出|出入|存取).{0,4}(标|方向|类|别|记|状)?|dr/?cr|cr/?dr|debit/?credit|"
            r"^d/?c(?:$|flag|ind)|^cdflag"
        ),
    ),
    (M.CURRENCY, re.compile(r"币种|币别|货币|currency")),
    (M.AMOUNT, re.compile(r"金额|发生额|amount|amt$")),
    (M.STATUS, re.compile(r"状态|是否成功|结果$|status")),
    (
        M.POSTED,
        re.compile(r"(记账|入账|账务|清算|会计|起息|结算|过账).*(日|时间)|posting|valuedate|valuedt|postdt|posted"),
    ),
    (M.CLOCK, re.compile(r"时刻$|时点$|时分秒?$|[账易生务]时$|^时$")),
    (M.TIME, re.compile(r"时间|datetime|timestamp|time$|^createdon|^createdat")),
    (M.DATE, re.compile(r"日期|交易日|凭证日$|[生务]日$|年月日$|^月/?日$|date|^(?:txn|tran|trans)dt$")),
    (
        M.SERIAL,
        re.compile(
            r"流水|订单号|交易号|单号|参考号|交易编号|哈希|hash|reference|transactionid|refno|^jrnl|journal|^ref\d?$"
        ),
    ),
    (M.MERCHANT, re.compile(r"商户名|商家名|merchant")),
    (M.REMARK, re.compile(r"备注|附言|留言|remark|note")),
    (M.SUMMARY, re.compile(r"摘要|用途|说明|描述|商品|详情|description|particular|narrati|detail|summary|abstract")),
    (M.CHANNEL, re.compile(r"渠道|支付方式|付款方式|channel")),
    (M.KIND, re.compile(r"类型|种类|业务|type")),
    (M.PLACE, re.compile(r"地点|网点|场所|机构|发生地|branch|location")),
    (M.CARD, re.compile(r"卡号|card")),
    (M.HOLDER, re.compile(r"户名|姓名|钱包名称|acctname")),
    (M.ACCOUNT, re.compile(r"账号|账户|account|acct|^acc?no$|钱包(?:编号|id|号|账)")),
)
_PUNCTUATION = re.compile(r"[\s\[\]()（）【】{}:：;；*#'\"“”_\-.,，、。]+")
_CHINESE = re.compile(r"[^\u4e00-\u9fff/]+")
_FEN = re.compile(r"[(:/]\s*(?:单位)?[:]?分\s*\)?$")
_UNIT = re.compile(r"(单位)?(人民币|rmb|cny|¥)?(万?元)$")


@lru_cache(maxsize=REMEMBERED_CELLS_MAX)
def plain_title(title: str) -> str:
    """A title for comparison: narrow, lower case, simplified, without spaces, brackets and punctuation."""
    return _PUNCTUATION.sub("", fold(title))


@lru_cache(maxsize=REMEMBERED_CELLS_MAX)
def fold(text: str) -> str:
    """Narrow, lower-case, simplified text; spaces and punctuation stay."""
    return narrow(text).lower().translate(_TRADITIONAL)


def _phrases() -> dict[str, M]:
    known: dict[str, M] = {}
    for table, separator in ((CHINESE, " "), (ENGLISH, "|"), *((table, "|") for table in ABROAD.values())):
        for meaning, titles in table.items():
            for title in titles.split(separator):
                known.setdefault(plain_title(title), meaning)
    return known


PHRASES = _phrases()


@lru_cache(maxsize=REMEMBERED_CELLS_MAX)
def meaning_of(title: str) -> tuple[M, float] | None:
    """What a title means and how sure that is (0 to 1); None for a title that says nothing known."""
    if not title or len(title) > TITLE_LENGTH_MAX * 2:
        return None
    best: tuple[M, float] | None = None
    for variant in _variants(title):
        found = _meaning_of_plain(variant)
        if found and (best is None or found[1] > best[1]):
            best = found
    return best


def _variants(title: str) -> list[str]:
    folded = fold(title)
    plain = plain_title(folded)
    variants = [plain, _UNIT.sub("", plain)]
    outside = _PUNCTUATION.sub("", re.sub(r"[\[(【].*?[\])】]", "", folded))
    variants.append(outside)
    chinese = _CHINESE.sub("", plain).strip("/")
    ascii_part = re.sub(r"[^\x20-\x7e]+", " ", folded).strip()
    if chinese and re.search(r"[a-z]{3}", ascii_part):
        variants += [chinese, plain_title(ascii_part)]
    return [v for v in dict.fromkeys(variants) if 0 < len(v) <= TITLE_LENGTH_MAX]


def _meaning_of_plain(plain: str) -> tuple[M, float] | None:
    if plain in PHRASES:
        return PHRASES[plain], WHOLE_SCORE
    if _WAY.search(plain):
        return M.MARK, COMPOSED_SCORE
    roles = [name for name, pattern in _ROLES if pattern.search(plain)]
    role = "peer" if _EITHER.search(plain) or {"payer", "payee"} <= {*roles} else next(iter(roles), "")
    if role == "peer" and re.search(r"[方人]$|对象$", plain):
        return M.PEER_TEXT, COMPOSED_SCORE
    thing = next((name for name, pattern in _THINGS if pattern.search(plain)), "")
    if role and thing == "other":
        return M.OTHER, COMPOSED_SCORE
    if role and thing and (role, thing) in _COMPOSED and not re.search(r"金额|时间|日期|amount|date", plain):
        return _COMPOSED[role, thing], COMPOSED_SCORE
    if role == "peer" and not thing:
        return (M.PEER_TEXT, THING_SCORE) if re.search(r"信息", plain) else (M.PEER_NAME, THING_SCORE)
    for meaning, pattern in _ALONE:
        if pattern.search(plain):
            return meaning, THING_SCORE if len(plain) <= 12 else THING_SCORE - 0.2
    return None


def is_month_day(title: str) -> bool:
    """Whether a column's title says that it holds a month and a day, which are then written 12.28, too."""
    return re.fullmatch(r"(?:交易|记账)?月/?日", plain_title(title)) is not None


def unit_of(title: str) -> Decimal:
    """The unit that a column's title states: ten thousand for 万元, a hundredth for 分, else one."""
    if "万元" in title:
        return Decimal(10_000)
    return Decimal("0.01") if _FEN.search(narrow(title)) else Decimal(1)


def has_unit(title: str) -> bool:
    """Whether a column's title states a unit of its sums."""
    return re.search(r"元|分\s*\)?$|rmb|cny|¥", fold(title)) is not None
