# ruff: noqa: E501
"""How the banks of China write, in the words of `corpus.House`: titles such as each kind of institution uses."""

from tests.statements.corpus import House
from tests.statements.houses_abroad import ABROAD, PAYMENT

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

HOUSES = {**CHINA, **PAYMENT, **ABROAD}
