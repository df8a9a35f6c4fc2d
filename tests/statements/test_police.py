"""Police feedback files of 34, 19 and 25 columns: many accounts in one table, both ends named, failures marked."""

import csv
import io

import pytest

from wuzha.tracing.statements import build_ledger, read_bytes

BANK_34 = (
    "交易卡号,交易账号,账户开户名称,开户人证件号码,交易时间,交易金额,交易余额,收付标志,交易对手账卡号,现金标志,对手户名,对手身份证号,"
    "对手开户银行,摘要说明,交易币种,交易网点名称,交易网点代码,交易发生地,交易是否成功,传票号,终端号,IP地址,MAC地址,对手交易余额,交易流水号,"
    "日志号,凭证种类,凭证号,交易柜员号,商户名称,商户号,备注,交易类型,查询反馈结果原因"
)
BANK_19 = (
    "序号,查询账号,对方账号姓名,对方账号卡号,金额,余额,借贷标志,交易类型,交易结果,时间,交易开户行,交易网点名称,交易流水号,凭证号,"
    "终端号,交易发生地,商户名称,IP地址,MAC地址"
)
WALLET_25 = (
    "序号,交易流水号,付款支付账号,付款银行卡银行名称,付款银行卡号,交易金额,交易余额,收款支付账号,收款银行卡银行名称,收款银行卡号,交易类型,"
    "交易时间,支付类型,交易主体的出入账标识,币种,消费POS机编号,收款方的商户号,交易设备类型,交易支付设备IP,MAC地址,交易地点经度,交易地点纬度,"
    "交易设备号,银行外部取道交易流水号,备注"
)


def table(header, *rows):
    titles = header.split(",")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(titles)
    for row in rows:
        assert set(row) <= set(titles)
        writer.writerow([row.get(title, "") for title in titles])
    return out.getvalue().encode("gb18030")


def bank_rows():
    mine = {"交易卡号": "6222021001000000001", "交易账号": "0200001", "账户开户名称": "张三", "交易币种": "CNY"}
    return table(
        BANK_34,
        {
            **mine,
            "交易时间": "20240102153000",
            "交易金额": "10000.00",
            "交易余额": "500.00",
            "收付标志": "出",
            "对手户名": "李四",
            "交易对手账卡号": "6217001001000000002",
            "摘要说明": "转账",
            "交易是否成功": "成功",
            "交易流水号": "S0000001",
        },
        {
            **mine,
            "交易时间": "20240102153100",
            "交易金额": "9000.00",
            "交易余额": "9500.00",
            "收付标志": "进",
            "现金标志": "现金",
            "交易是否成功": "01",
        },
        {
            "交易卡号": "6217001001000000002",
            "账户开户名称": "李四",
            "交易时间": "2024-01-02 15:30:20",
            "交易金额": "10000",
            "交易余额": "10000",
            "收付标志": "进",
            "交易对手账卡号": "6222********0001",
            "对手户名": "张*",
            "交易币种": "人民币",
            "交易是否成功": "成功",
        },
        {**mine, "交易时间": "20240102160000", "交易金额": "1.00", "收付标志": "借", "交易是否成功": "失败"},
    )


@pytest.mark.row("R-505")
def test_34_columns_of_a_bank():
    (statement,) = read_bytes("feedback.csv", bank_rows())
    assert [(row.account, row.holder, row.direction, row.amount_minor, row.failed) for row in statement.rows] == [
        ("6222021001000000001", "张三", "out", 1_000_000, False),
        ("6222021001000000001", "张三", "in", 900_000, False),
        ("6217001001000000002", "李四", "in", 1_000_000, False),
        ("6222021001000000001", "张三", "out", 100, True),
    ]
    assert statement.rows[0].account_alias == "0200001"
    assert [row.kind for row in statement.rows][:2] == ["transfer", "cash"]
    assert "status_unclear" in {note.code for note in statement.notes}


@pytest.mark.row("R-505")
def test_one_feedback_file_gives_one_transfer_seen_from_both_sides():
    ledger = build_ledger(read_bytes("feedback.csv", bank_rows()))
    assert [(t.payer, t.payee, t.amount_minor, t.both_sides) for t in ledger.transfers] == [
        ("6222021001000000001", "6217001001000000002", 1_000_000, True),
        ("cash-in:6222021001000000001", "6222021001000000001", 900_000, False),
    ]
    assert ledger.left_out == 1


@pytest.mark.row("R-505")
def test_19_columns_of_a_bank():
    row = {
        "查询账号": "6222021001000000001",
        "对方账号姓名": "李四",
        "对方账号卡号": "6217001001000000002",
        "金额": "100",
        "余额": "400",
        "借贷标志": "借",
        "交易类型": "转账",
        "交易结果": "成功",
        "时间": "2024/1/2 15:30",
    }
    (statement,) = read_bytes(
        "f", table(BANK_19, row, {**row, "余额": "500", "借贷标志": "贷", "时间": "2024/1/2 15:31"})
    )
    told = [(r.account, r.direction, r.peer_account, r.peer_name, r.balance_minor, r.precision) for r in statement.rows]
    assert told == [
        ("6222021001000000001", "out", "6217001001000000002", "李四", 40_000, "minute"),
        ("6222021001000000001", "in", "6217001001000000002", "李四", 50_000, "minute"),
    ]


@pytest.mark.row("R-505")
def test_25_columns_of_a_payment_institution():
    row = {
        "交易流水号": "W1",
        "付款支付账号": "wx_a@wx.example",
        "收款支付账号": "wx_b@wx.example",
        "交易金额": "88.00",
        "交易类型": "转账",
        "交易时间": "2024-01-02 10:00:00",
        "交易主体的出入账标识": "出账",
        "币种": "RMB",
        "付款银行卡号": "6222021001000000001",
    }
    back = {**row, "付款支付账号": "wx_c@wx.example", "收款支付账号": "wx_a@wx.example", "交易主体的出入账标识": "入账"}
    cash_out = {
        **row,
        "收款支付账号": "",
        "收款银行卡号": "6222021001000000001",
        "收款银行卡银行名称": "工商银行",
        "交易类型": "提现",
    }
    (statement,) = read_bytes("f", table(WALLET_25, row, back, cash_out))
    assert [(r.account, r.direction, r.peer_account, r.peer_bank) for r in statement.rows] == [
        ("wx_a@wx.example", "out", "wx_b@wx.example", ""),
        ("wx_a@wx.example", "in", "wx_c@wx.example", ""),
        ("wx_a@wx.example", "out", "6222021001000000001", "工商银行"),
    ]
    assert statement.rows[0].channel == "6222021001000000001"  # the card behind the wallet is no alias of it
