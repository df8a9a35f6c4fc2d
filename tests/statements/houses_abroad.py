# ruff: noqa: E501
"""How institutions abroad, wallets and police systems write, in the words of `corpus.House`."""

from tests.statements.corpus import House

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
