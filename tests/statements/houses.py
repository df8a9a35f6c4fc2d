# ruff: noqa: E501
"""How some seventy institutions write, in the words of `corpus.House`. Titles are such as the kinds of institution use."""

from tests.statements.corpus import House

_PERIOD = "起始日期：2026-01-01 终止日期：2026-12-31"
_OWN = "账号：6230580000001234567|户名：陈二"

CHINA = {
    "icbc personal": House(
        "交易日期:day 账号:own 储种:=活期 序号:no 币种:cur 钞汇:=钞 摘要:words 地区:=1103 收入/支出金额:signed 余额:balance 对方户名:pname 对方帐号:peer 渠道:=手机银行",
        sum="plus",
        balance="thousands",
        above=("中国工商银行借记账户历史明细（电子版）", "卡号 6230580000001234567|户名：陈二|" + _PERIOD),
    ),
    "icbc corporate": House(
        "凭证号:=0 本方账号:own 对方账号:peer 交易时间:time 借/贷:mark 借方发生额:out 贷方发生额:in 对方行号:=102100000001 摘要:words 用途:=- 对方单位名称:pname 余额:balance 附加信息:remark",
        time="%Y-%m-%d %H:%M:%S",
    ),
    "abc personal": House(
        "交易日期:day 交易时间:clock 交易摘要:words 交易金额:signed 本次余额:balance 对手信息:ptext 日志号:=882001 交易渠道:=掌上银行 交易附言:remark",
        day="%Y%m%d",
        clock="%H%M%S",
        sum="plus",
        balance="thousands",
        above=("中国农业银行账户活期交易明细清单", _OWN + "|币种：人民币"),
    ),
    "abc corporate": House(
        "交易时间:time 收入金额:in 支出金额:out 账户余额:balance 对方账号:peer 对方户名:pname 对方开户行:pbank 交易用途:words",
        zeros=True,
        time="%Y-%m-%d %H:%M:%S",
        above=("账户明细", _OWN),
    ),
    "ccb personal": House(
        "序号:no 摘要:words 币别:cur 钞汇:=钞 交易日期:day 交易金额:signed 账户余额:balance 交易地点/附言:=手机银行 对方账号与户名:pslash",
        day="%Y%m%d",
        above=("中国建设银行个人活期账户全部交易明细", "卡号/账号:6230580000001234567|客户名称:陈二|" + _PERIOD),
    ),
    "ccb corporate": House(
        "账号:own 账户名称:holder 交易时间:time 借方发生额（支取）:out 贷方发生额（收入）:in 余额:balance 币种:cur 对方户名:pname 对方账号:peer 对方开户机构:pbank 记账日期:day 摘要:words 备注:remark 账户明细编号-交易流水号:serial 企业流水号:=- 凭证种类:=0 凭证号:=-",
        time="%Y%m%d %H:%M:%S",
        day="%Y%m%d",
        zeros=True,
    ),
    "boc personal": House(
        "记账日期:day 记账时间:clock 币别:cur 金额:signed 余额:balance 交易名称:words 渠道:=网上银行 网点名称:=- 附言:remark 对方账户名:pname 对方卡号/账号:peer 对方开户行:pbank",
        empty="-------------------",
        above=(
            "中国银行交易流水明细清单",
            "交易区间： 2026-01-01 至 2026-12-31",
            "客户姓名： 陈二|借记卡号： 6230580000001234567",
        ),
    ),
    "boc app": House(
        "交易日期:day 业务摘要:words 收入金额:in 支出金额:out 余额:balance 对方账户名称:pname 对方账户账号:peer 交易渠道/场所:=手机",
        day="%Y/%m/%d",
        empty="-",
    ),
    "bocom": House(
        "交易时间:time 交易地点:=网上 交易方式:=跨行 支出金额:out 收入金额:in 余额:balance 对方账号:peer 对方户名:pname 交易摘要:words",
        empty="--",
        time="%Y-%m-%d %H:%M",
    ),
    "bocom listing": House(
        "Serial_Num_序号:no Trans_Date_交易日期:day Trans_Time_交易时间:clock Trading_Type_交易类型:words Dc_Flg_借贷:mark Trans_Amt_交易金额:sum Balance_余额:balance Payment_Receipt_Account_对方账号:peer Payment_Receipt_Account_Name_对方户名:pname Trading_Place_交易地点:=网银 Abstract_摘要:words",
        marks=("借 Dr", "贷 Cr"),
    ),
    "cmb personal": House(
        "记账日期:day 货币:cur 交易金额:signed 联机余额:balance 交易摘要:words 对手信息:ptext",
        currency="CNY",
        above=(
            "招商银行交易流水",
            "2026-01-01 -- 2026-12-31",
            "户    名：陈二|账号：6230580000001234567",
            "申请时间：2026-12-31 10:00:00",
        ),
    ),
    "cmb corporate": House(
        "交易日:day 交易时间:clock 起息日:day 交易类型:words 借方金额:out 贷方金额:in 余额:balance 摘要:words 流水号:serial 流程实例号:=- 业务名称:=- 用途:remark 业务参考号:=- 业务摘要:=- 其它摘要:=- 收(付)方分行名:=- 收(付)方名称:pname 收(付)方帐号:peer 收(付)方开户行行号:=- 收(付)方开户行名:pbank",
        day="%Y%m%d",
    ),
    "spdb": House(
        "交易日期:day 交易时间:clock 记账金额:sum 借贷标记:mark 账户余额:balance 对方账户:peer 对方户名:pname 摘要代码:=1001 交易摘要:words",
        day="%Y%m%d",
        clock="%H%M%S",
    ),
    "citic": House(
        "交易日期:day 交易时间:clock 收入金额:in 支出金额:out 账户余额:balance 对方名称:pname 对方账号:peer 交易摘要:words 状态:ok",
        day="%Y-%m-%d",
        clock="%H:%M:%S",
        empty="--",
    ),
    "minsheng": House(
        "凭证类型:=0 凭证号码:=0 交易时间:time 摘要:words 交易金额:signed 账户余额:balance 现转标志:=转账 交易渠道:=网银 交易机构:=0101 对方户名/账号:ptext 对方行名:pbank",
        time="%Y/%m/%d %H:%M:%S",
    ),
    "industrial": House(
        "交易时间:time 记账日:day 支出:out 收入:in 账户余额:balance 摘要:words 对方户名:pname 对方银行:pbank 对方账号:peer 用途:remark 交易渠道:=网银 备注:remark"
    ),
    "everbright": House(
        "交易日期:day 交易时间:clock 支出金额:out 存入金额:in 账户余额:balance 对方账号:peer 对方姓名:pname 摘要:words"
    ),
    "huaxia": House(
        "日期:day 时间:clock 业务种类:words 发生额:sum 借贷方向:mark 余额:balance 对方帐户:peer 对方帐户名称:pname 流水:serial",
        marks=("借方", "贷方"),
        day="%Y.%m.%d",
    ),
    "ping an": House(
        "交易日期:time 账号:own 对方账号:peer 对方户名:pname 交易金额:sum 借贷标志:mark 余额:balance 摘要:words 交易流水:serial",
        marks=("支出", "收入"),
        time="%Y年%m月%d日 %H:%M:%S",
    ),
    "guangfa": House(
        "交易日期:day 交易类型:words 货币:cur 收入:in 支出:out 账户余额:balance 对方账号:peer 对方户名:pname 对方行名:pbank 摘要:words",
        empty="-",
        above=("广发银行借记卡交易明细", _OWN),
    ),
    "postal": House(
        "交易日期:day 交易渠道:=手机银行 摘要:words 交易金额:signed 账户余额:balance 对方户名/商户名称:pname 对方账号/卡号:peer 附言:remark",
        above=("中国邮政储蓄银行账户交易明细", _OWN),
    ),
    "zheshang": House(
        "序号:no 记账时间:time 借方发生额(元):out 贷方发生额(元):in 余额(元):balance 对方账号:peer 对方名称:pname 摘要:words 柜员流水号:serial",
        time="%Y-%m-%d-%H.%M.%S.123456",
    ),
    "bohai": House(
        "交易日期:day 交易时刻:clock 借贷:mark 金额:sum 余额:balance 对手账号:peer 对手名称:pname 交易描述:words",
        marks=("D", "C"),
        day="%Y%m%d",
        clock="%H:%M",
    ),
    "hengfeng": House(
        "交易日:day 交易时间:clock 收付标志:mark 交易金额:sum 账面余额:balance 收/付方账号:peer 收/付方名称:pname 资金用途:words",
        marks=("付", "收"),
    ),
    "beijing": House(
        "交易日期:day 摘要:words 币种:cur 发生额:signed 余额:balance 对方账号:peer 对方户名:pname 对方行:pbank 交易渠道:=网",
        day="%Y年%-m月%-d日",
    ),
    "shanghai": House(
        "交易日期:day 交易时间:clock 存取标志:mark 发生额:sum 结余:balance 对方账号:peer 对方户名:pname 备注:words",
        marks=("取", "存"),
    ),
    "jiangsu": House(
        "交易时间:time 金额:sum 进出标志:mark 当前余额:balance 对方户名:pname 对方账户:peer 附言:words",
        marks=("出", "进"),
    ),
    "ningbo": House(
        "入账日期:day 入账时间:clock 转出金额:out 转入金额:in 可用余额:balance 交易对方:pname 交易对方账号:peer 交易说明:words"
    ),
    "huishang": House(
        "日期:day 凭证:=- 摘要:words 借方:out 贷方:in 方向:=贷 余额:balance 对方科目:=- 对方单位:pname 对方账号:peer"
    ),
    "rural": House(
        "交易日期:day 交易时间:clock 交易码:=8110 摘要:words 出入标志:mark 发生额:sum 账户余额:balance 经办员:=A01 对方账号:peer 对方户名:pname",
        marks=("出", "入"),
        day="%Y/%-m/%-d",
        clock="%-H:%M:%S",
        above=(
            "某某农村商业银行存款账户明细账",
            "账    号：6230580000001234567|户    名：陈二",
            "打印日期：2026-12-31|打印柜员：A01",
        ),
    ),
    "village bank": House(
        "序号:no 日期:day 业务类型:words 增减:mark 交易额:sum 剩余金额:balance 往来账号:peer 往来户名:pname",
        marks=("减", "增"),
    ),
    "webank": House(
        "交易时间:time 交易类型:words 收支:mark 交易金额（元）:sum 账户余额（元）:balance 交易对方:pname 对方卡号:peer 交易单号:serial",
        marks=("支出", "收入"),
    ),
    "mybank": House(
        "入账时间:time 流水号:serial 收入(元):in 支出(元):out 余额(元):balance 对方名称:pname 对方账号:peer 备注:words"
    ),
    "mainframe": House(
        "TRAN_DATE:day TRAN_TIME:clock ACCT_NO:own DC_FLAG:mark TRAN_AMT:sum ACCT_BAL:balance OPP_ACCT_NO:peer OPP_ACCT_NAME:pname OPP_BANK_NAME:pbank SUMMARY:words JRNL_NO:serial",
        marks=("D", "C"),
        day="%Y%m%d",
        clock="%H%M%S",
        sum="plain",
    ),
    "core banking": House(
        "交易日期:day 交易时间:clock 主账号:own 借贷标识:mark 交易发生额:sum 交易后余额:balance 交易对手账号:peer 交易对手名称:pname 交易对手行名:pbank 摘要描述:words 核心流水号:serial",
        marks=("1", "2"),
        day="%Y%m%d",
        clock="%H%M%S",
    ),
    "two rows": House(
        "交易日期:day 交易时间:clock 发生额:out :in 余额:balance 对方信息:pname :peer :pbank 摘要:words",
        second="||支出|收入||户名|账号|开户行|",
    ),
    "full width": House(
        "交易日期:day 借／贷:mark 交易金额:sum 账户余额:balance 对方账号:peer 对方户名:pname 摘要:words",
        sum="full",
        day="%Y/%m/%d",
    ),
    "ten thousand": House(
        "交易日期:day 收支标志:mark 交易金额（元）:sum 余额（元）:balance 对方账号:peer 对方户名:pname",
        sum="yuan",
        marks=("支", "收"),
    ),
    "signs": House("交易日期:day 交易金额:signed 账户余额:balance 对方户名:pname 对方账号:peer 摘要:words", sum="sign"),
    "minus behind": House(
        "交易日期:day 交易金额:signed 账户余额:balance 对方户名:pname 对方账号:peer 摘要:words", sum="behind"
    ),
    "brackets": House(
        "交易日期:day 交易金额:signed 账户余额:balance 对方户名:pname 对方账号:peer 摘要:words", sum="brackets"
    ),
    "tabs": House(
        "交易时间:time 收/支:mark 金额:sum 余额:balance 对方账户:peer 对方名称:pname",
        sum="tabs",
        marks=("支出", "收入"),
        time="%Y-%m-%d %H:%M:%S\t",
    ),
    "masked": House(
        "交易时间:time 收/支:mark 金额:sum 余额:balance 对方账号:peer 对方户名:pname", mask=True, marks=("支出", "收入")
    ),
    "excel days": House(
        "交易日期:day 收/支:mark 金额:sum 余额:balance 对方账号:peer 对方户名:pname",
        day="serial",
        marks=("支出", "收入"),
    ),
    "excel moments": House(
        "交易时间:time 收/支:mark 金额:sum 余额:balance 对方账号:peer 对方户名:pname",
        time="serial.time",
        marks=("支出", "收入"),
    ),
    "unix time": House(
        "交易时间:time 收/支:mark 金额:sum 余额:balance 对方账号:peer 对方户名:pname",
        time="milliseconds",
        marks=("支出", "收入"),
    ),
    "packed time": House(
        "交易时间:time 收/支:mark 金额:sum 余额:balance 对方账号:peer 对方户名:pname",
        time="%Y%m%d%H%M%S",
        marks=("转出", "转入"),
    ),
    "iso time": House(
        "交易时间:time 收/支:mark 金额:sum 余额:balance 对方账号:peer 对方户名:pname",
        time="%Y-%m-%dT%H:%M:%S+08:00",
        marks=("流出", "流入"),
    ),
    "chinese clock": House(
        "交易日期:day 交易时间:clock 收/支:mark 金额:sum 余额:balance 对方账号:peer 对方户名:pname",
        day="%Y年%m月%d日",
        clock="%H时%M分%S秒",
        marks=("付款", "收款"),
    ),
    "short years": House(
        "交易日期:day 收/支:mark 金额:sum 余额:balance 对方账号:peer 对方户名:pname",
        day="%y-%m-%d",
        marks=("支出", "收入"),
    ),
    "newest first": House(
        "交易日期:day 交易金额:signed 账户余额:balance 对方户名:pname 对方账号:peer 摘要:words", newest_first=True
    ),
    "no balance": House(
        "交易时间:time 收付类型:mark 交易金额:sum 交易对手卡号:peer 交易对手姓名:pname", marks=("支出", "收入")
    ),
    "two minus columns": House("交易日期:day 支出:-out 收入:in 余额:balance 对方户名:pname 对方账号:peer"),
    "wordy titles": House(
        "记账日期（Booking_Date）:day 借方发生金额（元）:out 贷方发生金额（元）:in 账户当前余额（元）:balance 交易对手方账户名称:pname 交易对手方银行账号:peer 交易流水编号:serial 交易备注信息:words"
    ),
    "bare account and name": House(
        "日期:day 摘要:words 金额:signed 余额:balance 账号:peer 户名:pname",
        above=("查询账号：6230580000001234567|客户：陈二",),
    ),
    "bare account, nothing above": House("日期:day 摘要:words 收入:in 支出:out 余额:balance 账号:peer 名称:pname"),
    "traditional": House(
        "交易日期:day 摘要:words 支出:out 存入:in 結餘:balance 對方戶名:pname 對方帳號:peer", day="%Y/%m/%d"
    ),
}

PAYMENT = {
    "alipay proof": House(
        "交易号:serial 商户订单号:=- 交易创建时间:time 付款时间:=- 最近修改时间:=- 交易来源地:=支付宝网站 类型:words 交易对方:pname 商品名称:words 金额（元）:sum 收/支:mark 交易状态:=交易成功 服务费（元）:=0.00 成功退款（元）:=0.00 备注:remark 资金状态:=已支出",
        marks=("支出", "收入"),
        sum="plain",
    ),
    "alipay police": House(
        "交易号:serial 商户订单号:=- 交易创建时间:time 付款时间:time 最近修改时间:time 交易类型:words 用户信息:=2088001234567890(陈二) 交易对方信息:=2088007654321098(褚三) 消费名称:words 金额（元）:sum 收/支:mark 交易状态:=交易成功 备注:remark",
        marks=("支出", "收入"),
        sum="plain",
        kept=frozenset({"ends"}),
    ),
    "tenpay police": House(
        "用户ID:own 交易单号:serial 大单号:=- 用户侧账号名称:holder 借贷类型:mark 交易类型:words 交易金额(分):sum 账户余额(分):balance 交易时间:time 银行类型:=- 交易说明:words 商户名称:=- 发送方:=- 接收方:=- 对手方ID:peer 对手侧账户名称:pname 对手方银行卡号:=-",
        marks=("出", "入"),
        sum="fen",
        empty="/",
    ),
    "unionpay transfer": House(
        "交易流水号:serial 交易时间:time 付款方账号:fr 付款方户名:frname 付款方开户行:frbank 收款方账号:to 收款方户名:toname 收款方开户行:tobank 交易金额:sum 交易状态:ok 币种:cur",
        sum="plain",
        above=("查询账号：6230580000001234567",),
    ),
    "netsunion": House(
        "支付订单号:serial 订单时间:time 转出账户:fr 转出户名:frname 转入账户:to 转入户名:toname 订单金额(元):sum 订单状态:ok 备注:words",
        sum="plain",
        above=("查询账号：6230580000001234567",),
    ),
    "wallet": House(
        "钱包编号:own 钱包名称:holder 交易时间:time 交易类型:words 出入账标识:mark 交易金额:sum 钱包余额:balance 对方钱包编号:peer 对方钱包名称:pname 业务流水号:serial",
        marks=("出账", "入账"),
    ),
    "digital yuan": House(
        "交易时间:time 交易名称:words 收支类型:mark 交易金额(元):sum 钱包余额(元):balance 对方钱包ID:peer 对方名称:pname 交易单号:serial",
        marks=("支出", "收入"),
    ),
    "police 34": House(
        "交易卡号:own 交易账号:=- 账户开户名称:holder 开户人证件号码:=320211199001011234 交易时间:time 交易金额:sum 交易余额:balance 收付标志:mark 交易对手账卡号:peer 现金标志:=其它 对手户名:pname 对手身份证号:id 对手开户银行:pbank 摘要说明:words 交易币种:cur 交易网点名称:=- 交易网点代码:=- 交易发生地:=- 交易是否成功:ok 传票号:=- 终端号:=- IP地址:=- MAC地址:=- 对手交易余额:=- 交易流水号:serial 日志号:=- 凭证种类:=- 凭证号:=- 交易柜员号:=- 商户名称:=- 商户号:=- 备注:remark 交易类型:=- 查询反馈结果原因:=-",
        marks=("出", "进"),
        sum="plain",
    ),
    "police short": House(
        "名称:holder 交易卡号:own 交易日期:time 交易金额:sum 交易余额:balance 借贷标志:mark 对手账号:peer 对手户名:pname 对手开户行:pbank 摘要:words 交易流水:serial",
        marks=("出", "进"),
        sum="plain",
        time="%Y%m%d%H%M%S",
    ),
    "exchange": House(
        "时间:time 币种:cur 类型:words 变动:signed 余额:balance 订单号:serial", sum="plain", currency="USDT"
    ),
}

ABROAD = {
    "hsbc hk": House(
        "Date:day Transaction_Details:words Deposit:in Withdrawal:out Balance:balance",
        day="%d/%m/%Y",
        currency="HKD",
        above=("Account Number:|6230580000001234567|Currency:|HKD",),
    ),
    "us checking": House(
        "Date:day Description:words Amount:signed Running_Bal.:balance",
        day="%m/%d/%Y",
        sum="plain",
        currency="USD",
        above=("Account: 6230580000001234567|Currency: USD",),
    ),
    "uk current": House(
        "Transaction_Date:day Transaction_Type:words Sort_Code:=112233 Transaction_Description:words Debit_Amount:out Credit_Amount:in Balance:balance",
        day="%d/%m/%Y",
        sum="plain",
        currency="GBP",
        above=("Account Number: 6230580000001234567|Currency: GBP",),
    ),
    "singapore": House(
        "Transaction_Date:day Reference:serial Debit_Amount:out Credit_Amount:in Transaction_Ref1:words",
        day="%d_%b_%Y".replace("_", " "),
        currency="SGD",
        above=("Account Details For:|6230580000001234567|Currency:|SGD",),
    ),
    "india": House(
        "Txn_Date:day Value_Date:day Description:words Ref_No./Cheque_No.:serial Debit:out Credit:in Balance:balance",
        day="%d %b %Y",
        sum="indian",
        currency="INR",
        above=("Account Number: 6230580000001234567|Currency: INR",),
    ),
    "dr cr column": House(
        "Value_Dt:day Particulars:words Amount:sum Dr_/_Cr:mark Balance:balance Counterparty_Account:peer Counterparty_Name:pname",
        marks=("DR", "CR"),
        day="%d-%b-%Y",
        currency="USD",
        above=("Currency: USD",),
    ),
    "tails": House(
        "Posting_Date:day Narration:words Transaction_Amount:tail Balance:balance",
        day="%d-%m-%Y",
        currency="USD",
        above=("Currency: USD",),
    ),
    "german": House(
        "Buchungstag:day Valutadatum:day Auftraggeber/Empfänger:pname IBAN:peer Verwendungszweck:words Betrag:signed Saldo:balance Währung:cur",
        day="%d.%m.%Y",
        sum="european",
        currency="EUR",
    ),
    "german, side column": House(
        "Buchungsdatum:day Name_Zahlungsbeteiligter:pname IBAN_Zahlungsbeteiligter:peer Buchungstext:words Umsatz:sum S/H:mark Saldo:balance Währung:cur",
        marks=("S", "H"),
        day="%d.%m.%y",
        sum="european",
        currency="EUR",
    ),
    "french": House(
        "Date:day Libellé:words Débit_(EUR):out Crédit_(EUR):in Solde_(EUR):balance",
        day="%d/%m/%Y",
        sum="spaced",
        currency="EUR",
    ),
    "french, narrow spaces": House(
        "Date_opération:day Date_valeur:day Libellé:words Débit:-out Crédit:in Devise:cur",
        day="%d/%m/%Y",
        sum="narrow_spaced",
        currency="EUR",
    ),
    "spanish": House(
        "Fecha:day Concepto:words Importe:signed Saldo:balance Divisa:cur",
        day="%d/%m/%Y",
        sum="european",
        currency="EUR",
    ),
    "portuguese": House(
        "Data:day Histórico:words Valor_(R$):signed Saldo_(R$):balance", day="%d/%m/%Y", sum="european", currency="BRL"
    ),
    "italian": House(
        "Data_contabile:day Data_valuta:day Descrizione:words Dare:out Avere:in Saldo:balance Divisa:cur",
        day="%d/%m/%Y",
        sum="european",
        currency="EUR",
    ),
    "swiss": House(
        "Buchungsdatum:day Text:words Belastung:out Gutschrift:in Saldo:balance Währung:cur",
        day="%d.%m.%Y",
        sum="swiss",
        currency="CHF",
    ),
    "japanese": House(
        "取引日:day 摘要:words お支払金額:out お預り金額:in 差引残高:balance",
        day="%Y/%m/%d",
        sum="thousands",
        currency="JPY",
        decimals=0,
        above=("口座番号:6230580000001234567|通貨:JPY",),
    ),
    "korean": House(
        "거래일시:time 적요:words 출금액:out 입금액:in 잔액:balance 상대계좌번호:peer 상대계좌예금주명:pname",
        time="%Y.%m.%d %H:%M:%S",
        currency="KRW",
        decimals=0,
        zeros=True,
        above=("통화: KRW",),
    ),
    "vietnamese": House(
        "Ngày_giao_dịch:day Số_bút_toán:serial Nội_dung:words Ghi_nợ:out Ghi_có:in Số_dư:balance",
        day="%d/%m/%Y",
        currency="VND",
        decimals=0,
        above=("Loại tiền: VND",),
    ),
    "thai": House(
        "วันที่:day เวลา:clock รายการ:words ถอนเงิน:out ฝากเงิน:in ยอดคงเหลือ:balance",
        day="%d/%m/%Y",
        clock="%H:%M",
        currency="THB",
        above=("สกุลเงิน: THB",),
    ),
    "indonesian": House(
        "Tanggal:day Keterangan:words Debet:out Kredit:in Saldo:balance",
        day="%d/%m/%Y",
        sum="european",
        currency="IDR",
        above=("Mata Uang: IDR",),
    ),
    "malay": House(
        "Tarikh:day Butiran:words Debit:out Kredit:in Baki:balance",
        day="%d/%m/%Y",
        currency="MYR",
        above=("Matawang: MYR",),
    ),
    "russian": House(
        "Дата_операции:day Назначение_платежа:words Дебет:out Кредит:in Остаток:balance Контрагент:pname Счет_контрагента:peer",
        day="%d.%m.%Y",
        sum="spaced",
        currency="RUB",
        above=("Валюта: RUB",),
    ),
    "burmese, english titles": House(
        "Posting_Date:time Txn_Ref_No:serial Narrative:words DR:out CR:in Running_Balance:balance Ccy:cur",
        time="%d/%m/%Y %H:%M:%S",
        currency="MMK",
    ),
    "paypal": House(
        "Date:day Time:clock TimeZone:=CST Name:pname Type:words Status:=Completed Currency:cur Gross:signed Fee:=0.00 Net:signed Transaction_ID:serial Balance:balance",
        day="%d/%m/%Y",
        currency="USD",
    ),
    "wise": House(
        "ID:serial Status:=COMPLETED Direction:mark Created_on:time Source_amount:sum Source_name:frname Source_currency:cur Target_name:toname",
        marks=("OUT", "IN"),
        sum="plain",
        currency="USD",
    ),
    "revolut": House(
        "Type:words Product:=Current Started_Date:time Completed_Date:time Description:=- Amount:signed Fee:=0.00 Currency:cur State:=COMPLETED Balance:balance",
        sum="plain",
        currency="USD",
    ),
    "chain": House(
        "Txhash:serial DateTime_(UTC+8):time From:fr To:to Value:sum Token_Symbol:cur Status:=Success",
        sum="plain",
        currency="USDT",
        above=("Address: 6230580000001234567",),
    ),
}

HOUSES = {**CHINA, **PAYMENT, **ABROAD}
