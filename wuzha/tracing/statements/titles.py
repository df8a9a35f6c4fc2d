"""The whole titles that columns carry, by meaning: Chinese ones apart by spaces, English ones by bars. Data only."""

from wuzha.tracing.statements.meanings import Meaning as M

CHINESE = {
    M.TIME: (
        "交易时间 时间 交易日期时间 交易时间戳 发生时间 交易发生时间 付款时间 支付时间 入账时间 记账时间 "
        "本地时间 成交时间 完成时间 交易创建时间 创建时间 交易完成时间 交易日期及时间 业务时间 清算时间 "
        "到账时间 收款时间 成功时间 支付成功时间 交易成功时间 订单时间 记账日期时间 操作时间 受理时间 "
        "账务时间 本地时间utc+8"
    ),
    M.DATE: (
        "交易日期 日期 交易日 发生日期 业务日期 发生日 成交日期 消费日期 交易日期yyyymmdd 支付日期 交易年月日 "
        "交易日期date 凭证日 凭证日期"
    ),
    M.CLOCK: "交易时刻 时刻 交易时分秒",
    M.POSTED: (
        "记账日期 记账日 入账日期 入账日 账务日期 会计日期 起息日 起息日期 清算日期 结算日期 过账日期 "
        "工作日期 银行记账日期 记帐日 生效日期 最近修改时间 utc时间 交易最近修改时间 最后更新时间"
    ),
    M.AMOUNT: (
        "交易金额 金额 发生额 交易额 发生金额 交易发生额 交易金额元 记账金额 人民币金额 订单金额 交易总额 "
        "收支金额 收入/支出金额 借/贷金额 借贷发生额 收/支金额 收付款金额 变动金额 数量 账务金额 "
        "付款金额 转账金额 实付金额 结算金额 收付金额 借贷金额 交易本金 本金 "
        "¥ ￥ 入账币种金额 变动额 变动 资金变动 资产变动 变动数量 变化量 流水金额 动账金额 发生数"
    ),
    M.IN_AMOUNT: (
        "收入 收入金额 存入 存入金额 贷方 贷方金额 贷方发生额 转入 转入金额 存款 存款金额 收款金额 进账 "
        "进账金额 入金 来账金额 贷 收 存入额 收入元 增加 增加金额 贷方金额收入 贷方发生额收入 贷方发生额收 "
        "收方金额 交易金额收入 记账金额收入 进账额 收方发生额 入账 贷记金额"
    ),
    M.OUT_AMOUNT: (
        "支出 支出金额 支取 支取金额 借方 借方金额 借方发生额 转出 转出金额 取款 取款金额 付出 付出金额 出账 "
        "出账金额 支付金额支出 往账金额 支出元 减少 减少金额 借方金额支出 借方发生额支出 借方发生额支 "
        "付方金额 提取 提款 提取金额 出金 借 支 交易金额支出 记账金额支出 付方发生额 借记金额"
    ),
    M.MARK: (
        "收付标志 借贷标志 收/支 收支 借贷 借贷标识 收付 收支类型 收支标志 借贷方向 进出标志 出入账标识 "
        "收支方向 交易方向 资金流向 借/贷 收/付 借贷别 资金方向 出入标志 进出 交易主体的出入账标识 收付类型 "
        "收支标识 收付标识 收入/支出 账务方向 借贷标记 收支方式 存取标志 借方/贷方 出入账标志 方向 动账方向 "
        "余额变动方向 增减标志 增减 收支情况 借贷状态 收支项目 来往账标志 往来标志 来往标志 入账类型 出入"
    ),
    M.BALANCE: (
        "余额 账户余额 交易余额 联机余额 交易后余额 当前余额 本次余额 可用余额 账面余额 结余 账户结余 余额元 "
        "帐户余额 剩余金额 账户余额元 存款余额"
    ),
    M.FEE: "手续费 服务费 手续费金额 服务费元 交易手续费 手续费元",
    M.CURRENCY: (
        "币种 货币 交易币种 记账币种 币别 交易货币 账户币种 代币符号 货币种类 结算币种 货币代号 入账币种 "
        "币种名称 货币类型"
    ),
    M.PEER_TEXT: (
        "对手信息 对方信息 交易对手信息 对方账户信息 对方户名/账号 对方户名账号 对方户名及账号 交易对手 "
        "对方账号与户名 对方户名/账户 对方账户户名及账号 对方信息户名账号 收款人/付款人 收/付款人 收付款人 "
        "收款/付款方 收款方/付款方"
    ),
    M.PEER_NAME: (
        "商户/对方 对方/商户 交易对方/商户 交易对方 对方 对方户名 对手户名 收(付)方名称 收付方名称 "
        "收/付方户名 收付方户名 对手名称 对方姓名 "
        "收/付款方名称 来往单位 往来单位 往来户名 收/付方名称 收付款人名称 收/付款人名称 收付款人户名 "
        "他方户名 对账方户名"
    ),
    M.PEER_ACCOUNT: (
        "对手方id 对方id 对手id 对方用户id 收(付)方账号 收付方账号 收/付方账号 对方账户 他方账号 "
        "收付款人账号 收/付款人账号 收/付款方账号 "
        "往来账号 来往账号 对方卡号/账号 对方账号/卡号 对方帐卡号 对手账卡号 交易对手账卡号 对方账号卡号 "
        "对方支付宝账户 对方账户账号"
    ),
    M.PEER_BANK: (
        "收(付)方开户行名 收付方开户行 收/付方开户行 收(付)方开户行 往来银行 收(付)方行名 对方行名 对方行名称 "
        "对方银行 收付款人开户行"
    ),
    M.SERIAL: (
        "流水号 交易流水号 交易流水 交易订单号 交易单号 交易号 序列号 核心流水号 银行流水号 主机流水号 "
        "业务流水号 账务流水号 日志号 订单号 支付流水号 交易哈希 交易参考号 系统参考号 参考号 全局流水号 "
        "柜员流水号 交易编号 流水编号 交易识别码 检索参考号 凭证流水号 记录标识号 回单编号 支付交易号 "
        "钱包流水号 微信支付业务单号 资金流水单号 会计流水号 银联流水号 电子回单号 业务编号"
    ),
    M.KIND: (
        "交易类型 业务类型 类型 交易分类 交易种类 业务种类 交易名称 业务名称 交易类别 支付类型 交易码 "
        "账务类型 交易代码 业务类别 产品名称 类别 分类 交易渠道类型 交易方式"
    ),
    M.SUMMARY: (
        "摘要 交易摘要 摘要说明 交易详情 商品 商品说明 商品名称 交易说明 交易描述 描述 用途 订单标题 客户摘要 "
        "业务摘要 摘要代码 摘要内容 交易用途 说明 资金用途 交易备注 业务说明 商户名称/摘要 摘要/附言 摘要信息 "
        "交易内容 详情 账单描述"
    ),
    M.REMARK: (
        "备注 附言 交易附言 留言 附加信息 客户附言 个性化信息 备注信息 查询反馈结果原因 交易留言 用途/附言 "
        "附言/用途 转账附言 摘要备注 交易地点/附言"
    ),
    M.CHANNEL: (
        "交易渠道 渠道 收/付款方式 支付方式 付款方式 收款方式 收付款方式 支付渠道 交易来源 交易来源地 "
        "支付工具 交易介质 渠道名称 业务渠道 交易场景 支付平台 通道 交易终端 办理渠道 产品渠道 资金渠道 "
        "交易设备类型"
    ),
    M.STATUS: (
        "交易状态 当前状态 状态 交易是否成功 交易结果 是否成功 支付状态 订单状态 交易标志 处理结果 处理状态 "
        "返回结果 结果 交易结果描述 资金状态 业务状态"
    ),
    M.CASH_FLAG: "现金标志 现转标志 现转 现金转账标志 钞转标志 现转标识",
    M.MERCHANT: "商户名称 特约商户名称 商户名 商家名称 商户 商户简称 门店名称",
    M.PLACE: (
        "交易场所 交易地点 交易网点名称 交易发生地 交易网点 交易行所 营业机构 交易机构 交易行 发生网点 网点 "
        "交易地 交易机构名称 经办机构 网点名称 交易地区"
    ),
    M.ACCOUNT: (
        "用户信息 本方信息 账号 账户 本方账号 交易账号 查询账号 客户账号 我方账号 账户号 "
        "付款账户/收款账户 主账号 账户账号 "
        "本方账户 客户账户 我方账户 本账号 收款/付款账号 商户账号 钱包id 钱包账号 用户支付账号 支付账号 "
        "用户id 微信号"
    ),
    M.CARD: (
        "卡号 交易卡号 本方卡号 银行卡号 查询卡号 客户卡号 卡号末四位 卡末四位 卡号后四位 卡号末4位 卡片末四位 末四位"
    ),
    M.HOLDER: (
        "户名 名称 账户名称 账户开户名称 本方户名 客户姓名 姓名 账户户名 客户名称 开户名称 我方户名 本方名称 "
        "持卡人 持卡人姓名 账户姓名 用户姓名 本方账户名称 开户人姓名 开户人名称"
    ),
    M.BANK: (
        "开户行 开户银行 本方开户行 本方银行 所属银行 开户机构 反馈机构 反馈单位 银行名称 本方行名 交易开户行 "
        "归属机构 机构名称 银行"
    ),
    M.OTHER: (
        "用户银行卡号 支付卡号 付款卡 付款卡号 序号 编号 开户人证件号码 证件号码 证件号 身份证号 "
        "对手身份证号 对方身份证号 对方证件号码 对方余额 "
        "对手交易余额 对手余额 传票号 终端号 ip地址 地址 凭证号 凭证种类 凭证类型 凭证号码 交易柜员号 柜员号 "
        "柜员 商户号 商户代码 交易网点代码 网点代码 交易地点经度 交易地点纬度 交易设备号 设备号 消费pos机编号 "
        "pos机编号 收款方的商户号 交易支付设备ip 银行外部取道交易流水号 商家订单号 商户单号 商家单号 "
        "商户订单号 区块高度 发送方ens 接收方ens 代币地址 钞/汇 钞汇 钞汇标志 交易国家或地区简称 成功退款元 "
        "成功退款 交易地金额 汇率 授权码 批次号 记账员 复核员 经办 复核 账户类型 卡类型 卡种 联行号 行号 "
        "对方行号 收(付)方行号 冲正标志 记账标志 交易前余额 上次余额 期初余额 打印标志 起始余额 关联账号 "
        "企业流水号 客户申请号 客户业务编号 期数 手续费率 费率 商户类别码 证件类型 结算日 结算周期 产品代码 "
        "机构号 机构代码 交易机构号 分行 省份 城市 地区代码 交易序号 明细序号 记录号 笔数 积分"
    ),
}

ENGLISH = {
    M.TIME: (
        "datetime|date time|date & time|transaction time|transaction date time|timestamp|time|created|"
        "completed date|transaction date and time|started date|time completed|block time|date(utc+8)"
    ),
    M.DATE: "date|transaction date|trans date|trade date|txn date|tran date",
    M.CLOCK: "hhmmss",
    M.POSTED: "posting date|post date|posted date|date posted|value date|booking date|settlement date|book date",
    M.AMOUNT: (
        "amount|transaction amount|amt|txn amount|value|quantity|trade amount|amount (cny)|tran amt|"
        "net amount|balance change|change|net change|tokenvalue|token amount|gross|net|gross amount|billing amount"
    ),
    M.IN_AMOUNT: (
        "credit|credits|credit amount|deposit|deposits|paid in|money in|cr|deposit amount|credit amt|in|"
        "received|amount in|cr amount|credit(cny)|credits (+)"
    ),
    M.OUT_AMOUNT: (
        "debit|debits|debit amount|withdrawal|withdrawals|paid out|money out|dr|withdrawal amount|debit amt|"
        "out|spent|amount out|dr amount|debits (-)|withdraw"
    ),
    M.MARK: (
        "dr/cr|cr/dr|d/c|c/d|debit/credit|credit/debit|direction|debit or credit|dc|drcr|dr cr|"
        "debit credit indicator|dc flag|in/out|action|side"
    ),
    M.BALANCE: (
        "balance|running balance|closing balance|account balance|available balance|ledger balance|"
        "balance after|after-transaction balance"
    ),
    M.FEE: "fee|fees|service charge|commission|transaction fee",
    M.CURRENCY: "token|currency|ccy|curr|transaction currency|account currency|trade currency|token symbol",
    M.PEER_NAME: "counterparty|counterparty name|opposite party|payer/payee|payee/payer|contact|other party",
    M.SERIAL: (
        "txid|txhash|tx hash|transaction id|reference|ref|transaction reference|reference number|ref no|"
        "transaction hash|hash|reference no|bank reference|transaction no|serial no|id"
    ),
    M.KIND: "type|transaction type|category|txn type|business type|details type|tran type|trans type",
    M.SUMMARY: (
        "description|details|particulars|narrative|transaction description|transaction details|memo|"
        "payment details|transaction detail"
    ),
    M.REMARK: "remarks|remark|note|notes|customer reference|additional information",
    M.CHANNEL: "channel|payment method|method|source",
    M.STATUS: "status|transaction status|state|result",
    M.MERCHANT: "merchant|merchant name",
    M.PLACE: "branch|location|transaction location",
    M.ACCOUNT: "account|account number|account no|own account|my account",
    M.CARD: "card|card number|card no",
    M.HOLDER: "name|account name|name of account|holder|customer name|card holder",
    M.BANK: "bank|bank name|institution",
    M.OTHER: (
        "no|no.|number|seq|mac|cheque no|cheque number|check number|exchange rate|rate|mcc|terminal id|"
        "block|authorization code|ip"
    ),
}
