"""The words that columns are titled with, and what each means: our own scored vocabulary.

Theory. A title is read in two ways. *Whole*: the title is one of the known phrases (score 1.0). *Composed*: banks
build titles from a role (the other side, payer, payee, own) and a thing (account, card, name, bank, ...), so
"交易对手方账号", "对方卡号" and "Counterparty account no." are one role with one thing (0.9); without a role the
thing alone stands for the own side or for the movement (0.8). Both languages of a bilingual title are tried and
the better counts. The tables are data: to teach the reader a word, add it here.
"""

import re

from wuzha.kernel.identifiers.digits import narrow
from wuzha.tracing.statements.meanings import Meaning as M

WHOLE_SCORE = 1.0
COMPOSED_SCORE = 0.9
THING_SCORE = 0.8
TITLE_LENGTH_MAX = 60

_TRADITIONAL = str.maketrans(
    "賬帳號餘額幣種戶對銀開機構貸記錄時間單類轉詳細產貨備註結價費項網點幾執據憑證業務發賓證號現鈔雜貿進來說購買賣處態狀憶標誌識訖",
    "账账号余额币种户对银开机构贷记录时间单类转详细产货备注结价费项网点几执据凭证业务发宾证号现钞杂贸进来说购买卖处态状忆标志识讫",
)

_WHOLE = {
    M.TIME: "交易时间 时间 交易日期时间 交易时间戳 发生时间 交易发生时间 付款时间 支付时间 入账时间 记账时间 本地时间 成交时间 完成时间"
    " 交易创建时间 创建时间 交易完成时间 交易日期及时间 业务时间 清算时间 到账时间 收款时间 成功时间 支付成功时间 交易成功时间"
    " 订单时间 datetime|date time|date & time|transaction time|transaction date time|timestamp|time|created|completed date"
    "|transaction date and time|started date|time completed|block time|date(utc+8) 记账日期时间 操作时间 受理时间 账务时间 本地时间utc+8",
    M.DATE: "交易日期 日期 交易日 发生日期 业务日期 发生日 成交日期 消费日期 交易日期yyyymmdd 支付日期 交易年月日"
    " date|transaction date|trans date|trade date|txn date|tran date|trans. date|交易日期date",
    M.CLOCK: "交易时刻 时刻 交易时分秒 hhmmss",
    M.POSTED: "记账日期 记账日 入账日期 入账日 账务日期 会计日期 起息日 起息日期 清算日期 结算日期 过账日期 工作日期 银行记账日期 记帐日"
    " posting date|post date|posted date|date posted|value date|booking date|settlement date|book date 生效日期 最近修改时间 utc时间"
    " 交易最近修改时间 最后更新时间",
    M.AMOUNT: "交易金额 金额 发生额 交易额 发生金额 交易发生额 交易金额元 记账金额 人民币金额 订单金额 交易总额 收支金额 变动金额 数量 账务金额"
    " 付款金额 转账金额 实付金额 结算金额 收付金额 借贷金额 交易本金 本金 入账币种金额 变动额 资金变动 流水金额 动账金额"
    " amount|transaction amount|amt|txn amount|value|quantity|trade amount|amount (cny)|tran amt|net amount|billing amount",
    M.IN_AMOUNT: "收入 收入金额 存入 存入金额 贷方 贷方金额 贷方发生额 转入 转入金额 存款 存款金额 收款金额 进账 进账金额 入金 来账金额 贷 收"
    " 存入额 收入元 增加 增加金额 贷方金额收入 贷方发生额收入 贷方发生额收 收方金额 交易金额收入 记账金额收入 进账额 收方发生额 入账 贷记金额"
    " credit|credits|credit amount|deposit|deposits|paid in|money in|cr|deposit amount|credit amt|in|received|amount in|cr amount"
    "|credit(cny)|credits (+)",
    M.OUT_AMOUNT: "支出 支出金额 支取 支取金额 借方 借方金额 借方发生额 转出 转出金额 取款 取款金额 付出 付出金额 出账 出账金额 支付金额支出 往账金额"
    " 支出元 减少 减少金额 借方金额支出 借方发生额支出 借方发生额支 付方金额 提取 提款 提取金额 出金 借 支 交易金额支出 记账金额支出 付方发生额"
    " 借记金额 debit|debits|debit amount|withdrawal|withdrawals|paid out|money out|dr|withdrawal amount|debit amt|out|spent|amount out"
    "|dr amount|debits (-)|withdraw",
    M.MARK: "收付标志 借贷标志 收/支 收支 借贷 借贷标识 收付 收支类型 收支标志 借贷方向 进出标志 出入账标识 收支方向 交易方向 资金流向 借/贷 收/付"
    " 借贷别 资金方向 出入标志 进出 交易主体的出入账标识 收付类型 收支标识 收付标识 收入/支出 账务方向 借贷标记 收支方式 存取标志 借方/贷方 出入账标志"
    " 方向 动账方向 余额变动方向 增减标志 增减 收支情况 借贷状态 收支项目 来往账标志 往来标志 来往标志 入账类型"
    " dr/cr|cr/dr|d/c|c/d|debit/credit|credit/debit|direction|debit or credit|dc|drcr|dr cr|debit credit indicator|dc flag|in/out",
    M.BALANCE: "余额 账户余额 交易余额 联机余额 交易后余额 当前余额 本次余额 可用余额 账面余额 结余 账户结余 余额元 帐户余额 剩余金额 账户余额元 存款余额"
    " balance|running balance|closing balance|account balance|available balance|ledger balance|balance after|after-transaction balance",
    M.FEE: "手续费 服务费 手续费金额 服务费元 交易手续费 手续费元 fee|fees|service charge|commission|transaction fee",
    M.CURRENCY: "币种 货币 交易币种 记账币种 币别 交易货币 账户币种 代币符号 货币种类 结算币种 货币代号 入账币种 币种名称 货币类型 token"
    " currency|ccy|curr|transaction currency|account currency|trade currency|token symbol",
    M.PEER_TEXT: "对手信息 对方信息 交易对手信息 对方账户信息 对方户名/账号 对方户名账号 对方户名及账号 交易对手 对方账号与户名 对方户名/账户"
    " 对方账户户名及账号 对方信息户名账号 收款人/付款人 收/付款人 收付款人 收款/付款方 收款方/付款方 交易地点/附言",
    M.PEER_NAME: "交易对方 对方 对方户名 对手户名 收(付)方名称 收付方名称 收/付方户名 收付方户名 对手名称 对方姓名 收/付款方名称 来往单位 往来单位 往来户名"
    " 收/付方名称 收付款人名称 收/付款人名称 收付款人户名 他方户名 对账方户名 counterparty|counterparty name|opposite party|payer/payee|payee/payer"
    "|contact|other party",
    M.PEER_ACCOUNT: "收(付)方账号 收付方账号 收/付方账号 对方账户 他方账号 收付款人账号 收/付款人账号 收/付款方账号 往来账号 来往账号 对方卡号/账号"
    " 对方账号/卡号 对方帐卡号 对手账卡号 交易对手账卡号 对方账号卡号 对方支付宝账户 对方账户账号",
    M.PEER_BANK: "收(付)方开户行名 收付方开户行 收/付方开户行 收(付)方开户行 往来银行 收(付)方行名 对方行名 对方行名称 对方银行 收付款人开户行",
    M.SERIAL: "流水号 交易流水号 交易流水 交易订单号 交易单号 交易号 序列号 核心流水号 银行流水号 主机流水号 业务流水号 账务流水号 日志号 订单号 支付流水号"
    " 交易哈希 交易参考号 系统参考号 参考号 全局流水号 柜员流水号 交易编号 流水编号 交易识别码 检索参考号 凭证流水号 记录标识号 回单编号 支付交易号 钱包流水号"
    " 微信支付业务单号 资金流水单号 会计流水号 银联流水号 电子回单号 业务编号 txid|txhash|tx hash|transaction id|reference|ref"
    "|transaction reference|reference number|ref no|transaction hash|hash|reference no|bank reference|transaction no|serial no|id",
    M.KIND: "交易类型 业务类型 类型 交易分类 交易种类 业务种类 交易名称 业务名称 交易类别 支付类型 交易码 账务类型 交易代码 业务类别 产品名称 类别 分类"
    " 交易渠道类型 交易方式 type|transaction type|category|txn type|business type|details type|tran type|trans type",
    M.SUMMARY: "摘要 交易摘要 摘要说明 交易详情 商品 商品说明 商品名称 交易说明 交易描述 描述 用途 订单标题 客户摘要 业务摘要 摘要代码 摘要内容 交易用途 说明"
    " 资金用途 交易备注 业务说明 商户名称/摘要 摘要/附言 摘要信息 交易内容 详情 账单描述"
    " description|details|particulars|narrative|transaction description|transaction details|memo|payment details|transaction detail",
    M.REMARK: "备注 附言 交易附言 留言 附加信息 客户附言 个性化信息 备注信息 查询反馈结果原因 交易留言 用途/附言 附言/用途 转账附言 摘要备注 remarks|remark"
    "|note|notes|customer reference|additional information",
    M.CHANNEL: "交易渠道 渠道 收/付款方式 支付方式 付款方式 收款方式 收付款方式 支付渠道 交易来源 交易来源地 支付工具 交易介质 渠道名称 业务渠道 交易场景 支付平台"
    " 通道 交易终端 办理渠道 产品渠道 资金渠道 channel|payment method|method|source|交易设备类型",
    M.STATUS: "交易状态 当前状态 状态 交易是否成功 交易结果 是否成功 支付状态 订单状态 交易标志 处理结果 处理状态 返回结果 结果 交易结果描述 资金状态 业务状态"
    " status|transaction status|state|result",
    M.CASH_FLAG: "现金标志 现转标志 现转 现金转账标志 钞转标志 现转标识",
    M.MERCHANT: "商户名称 特约商户名称 商户名 商家名称 商户 商户简称 门店名称 merchant|merchant name",
    M.PLACE: "交易场所 交易地点 交易网点名称 交易发生地 交易网点 交易行所 营业机构 交易机构 交易行 发生网点 网点 交易地 交易机构名称 经办机构 branch|location"
    "|transaction location 网点名称 交易地区",
    M.ACCOUNT: "账号 账户 本方账号 交易账号 查询账号 客户账号 我方账号 账户号 付款账户/收款账户 主账号 账户账号 本方账户 客户账户 我方账户 本账号 收款/付款账号"
    " account|account number|account no|own account|my account 商户账号 钱包id 钱包账号 用户支付账号 支付账号 用户id 微信号",
    M.CARD: "卡号 交易卡号 本方卡号 银行卡号 查询卡号 客户卡号 card number|card no|card|卡号末四位 卡末四位 卡号后四位 卡号末4位 卡片末四位 末四位",
    M.HOLDER: "户名 账户名称 账户开户名称 本方户名 客户姓名 姓名 账户户名 客户名称 开户名称 我方户名 本方名称 持卡人 持卡人姓名 账户姓名 用户姓名 本方账户名称"
    " 开户人姓名 开户人名称 account name|name of account|holder|customer name|card holder",
    M.BANK: "开户行 开户银行 本方开户行 本方银行 所属银行 开户机构 反馈机构 反馈单位 银行名称 本方行名 交易开户行 归属机构 机构名称 bank|bank name|institution 银行",
    M.OTHER: "序号 编号 no|no.|number|seq 开户人证件号码 证件号码 证件号 身份证号 对手身份证号 对方身份证号 对方证件号码 对方余额 对手交易余额 对手余额 传票号"
    " 终端号 ip地址 ip mac地址 mac 凭证号 凭证种类 凭证类型 凭证号码 交易柜员号 柜员号 柜员 商户号 商户代码 交易网点代码 网点代码 交易地点经度 交易地点纬度"
    " 交易设备号 设备号 消费pos机编号 pos机编号 收款方的商户号 交易支付设备ip 银行外部取道交易流水号 商家订单号 商户单号 商家单号 商户订单号 区块高度"
    " 发送方ens 接收方ens 代币地址 钞/汇 钞汇 钞汇标志 交易国家或地区简称 成功退款元 成功退款 交易地金额 汇率 授权码 批次号 记账员 复核员 经办 复核"
    " 账户类型 卡类型 卡种 联行号 行号 对方行号 收(付)方行号 cheque no|cheque number|check number|exchange rate|rate|mcc|terminal id|block"
    "|authorization code 冲正标志 记账标志 交易前余额 上次余额 期初余额 打印标志 起始余额 关联账号 企业流水号 客户申请号 客户业务编号 期数 手续费率 费率 商户类别码"
    " 证件类型 结算日 结算周期 产品代码 机构号 机构代码 交易机构号 分行 省份 城市 地区代码 交易序号 明细序号 记录号 笔数 积分",
}  # fmt: skip

_ROLES = (
    (
        "payer",
        re.compile(
            r"付款|付方|转出方|汇款|汇出|出票|发送方|转出账|转出卡|转出户|支付方账|payer|remitter|sender|from|debit acc|ordering"
        ),
    ),
    (
        "payee",
        re.compile(
            r"收款|收方|转入方|收钱|接收方|转入账|转入卡|转入户|payee|beneficiary|receiver|recipient|\bto\b|credit acc"
        ),
    ),
    ("peer", re.compile(r"对方|对手|对家|对端|他行|他方|往来|来往|counter|opposite|other")),
    ("own", re.compile(r"本方|我方|本人|本账|本户|客户|查询|开户|own|my ")),
)
_THINGS = (
    (
        "other",
        re.compile(
            r"证件|身份证|行号|联行|类型|余额|机构代码|地区|币种|编码|代码|商户号|手机|电话|ens$|地址|省|城市|swift|address|\bid no"
        ),
    ),
    ("name_account", re.compile(r"(名|名称).*(账号|卡号|账户)$(?<!账户名)")),
    (
        "bank",
        re.compile(r"开户行|开户银行|银行名|行名|开户机构|开户网点|所属行|银行$|行$|机构|网点|bank|branch|institution"),
    ),
    ("name", re.compile(r"户名|姓名|名称|名字|昵称|人名|name|全称|商户$")),
    ("card", re.compile(r"卡号|银行卡|card")),
    ("account", re.compile(r"账号|账户|账卡号|账$|账/卡|支付账|钱包|account|a/c|acct|acc\b|^from$|^to$|方$|人$|iban")),
)
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
    (M.OTHER, re.compile(r"证件|身份证|经度|纬度|设备号|柜员|mac|imei|余额方向|交易前|期初|汇率|税|rate|cheque|terminal|终端")),
    (M.IN_AMOUNT, re.compile(r"(收入|贷方|存入|转入|进账|贷记).{0,4}(金额|发生额|额)|金额.{0,3}(收入|贷方?|存入|转入|收)$|(credit|deposit|paid in).{0,10}(amount|amt)")),
    (M.OUT_AMOUNT, re.compile(r"(支出|借方|支取|转出|出账|付出|取出|借记).{0,4}(金额|发生额|额)|金额.{0,3}(支出|借方?|支取|转出|支|付)$|(debit|withdraw\w*|paid out).{0,10}(amount|amt)")),
    (M.BALANCE, re.compile(r"余额|结余|balance")),
    (M.FEE, re.compile(r"手续费|服务费|\bfee\b")),
    (M.MARK, re.compile(r"(借贷|收付|收支|进出|出入|存取).{0,4}(标|方向|类|别|记|状)?|dr/?cr|debit/credit")),
    (M.CURRENCY, re.compile(r"币种|币别|货币|currency")),
    (M.AMOUNT, re.compile(r"金额|发生额|amount")),
    (M.STATUS, re.compile(r"状态|是否成功|status")),
    (M.POSTED, re.compile(r"(记账|入账|账务|清算|会计|起息|结算|过账).*(日|时间)|posting|value date|posted")),
    (M.TIME, re.compile(r"时间|datetime|timestamp")),
    (M.DATE, re.compile(r"日期|date")),
    (M.SERIAL, re.compile(r"流水|订单号|交易号|单号|参考号|交易编号|哈希|hash|reference|transaction id")),
    (M.MERCHANT, re.compile(r"商户名|商家名|merchant")),
    (M.REMARK, re.compile(r"备注|附言|留言|remark|note")),
    (M.SUMMARY, re.compile(r"摘要|用途|说明|描述|商品|详情|description|particular|narrative|detail")),
    (M.CHANNEL, re.compile(r"渠道|支付方式|付款方式|channel")),
    (M.KIND, re.compile(r"类型|种类|业务|type")),
    (M.PLACE, re.compile(r"地点|网点|场所|机构|发生地|branch|location")),
    (M.CARD, re.compile(r"卡号|card")),
    (M.HOLDER, re.compile(r"户名|姓名")),
    (M.ACCOUNT, re.compile(r"账号|账户|account")),
)  # fmt: skip
_PUNCTUATION = re.compile(r"[\s\[\]()（）【】{}:：;；*#'\"“”_\-.,，、。]+")
_CHINESE = re.compile(r"[^\u4e00-\u9fff/]+")
_UNIT = re.compile(r"(单位)?(人民币|rmb|cny|¥)?(万?元)$")


def plain_title(title: str) -> str:
    """A title for comparison: narrow, lower case, simplified, without spaces, brackets and punctuation."""
    return _PUNCTUATION.sub("", fold(title))


def fold(text: str) -> str:
    """Narrow, lower-case, simplified text; spaces and punctuation stay."""
    return narrow(text).lower().translate(_TRADITIONAL)


def _phrases() -> dict[str, M]:
    known: dict[str, M] = {}
    for meaning, text in _WHOLE.items():
        ascii_runs = re.findall(r"(?:(?<=\s)|^)([a-z][a-z0-9 ./&()+|'-]*(?:\([a-z+0-9-]+\))?)(?=\s[^a-z]|\s*$)", text)
        for run in ascii_runs:
            text = text.replace(run, " ")
            for phrase in run.split("|"):
                known.setdefault(plain_title(phrase), meaning)
        for phrase in re.split(r"[\s|]+", text):
            if phrase:
                known.setdefault(plain_title(phrase), meaning)
    return known


PHRASES = _phrases()


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
    role = next((name for name, pattern in _ROLES if pattern.search(plain)), "")
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


def is_ten_thousands(title: str) -> bool:
    """Whether a column's title says that its sums are in units of ten thousand (万元)."""
    return "万元" in title
