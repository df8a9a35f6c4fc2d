"""The payments that a narrative tells: who paid whom, how much, when; each with its own receiver."""

import pytest

from tests.intake.test_leads import CCB, ICBC, NOW
from wuzha.intake.leads import extract, propose_transfers, transfer_to_dict


@pytest.mark.row("R-101")
def test_transfers_tell_the_victims_side_from_the_receivers() -> None:
    text = (
        f"昨天下午3点通过我的工行卡（卡号{ICBC}）向对方建行账户{CCB}转账17万元，"
        "去年3月支付宝转了650000.37元，订单号：SF423628032754096。一共被骗82万。"
    )
    first, second = propose_transfers(extract(text, NOW), text)
    assert (first.payer_account, first.payer_bank, first.payee_account, first.payee_bank) == (ICBC, "ICBC", CCB, "CCB")
    assert (first.amount, first.currency, first.time, first.channel) == ("170000", "CNY", "2026-11-20T15", "bank")
    assert (second.amount, second.time, second.channel, second.order) == (
        "650000.37",
        "2025-03",
        "Alipay",
        "SF423628032754096",
    )


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (f"转了5万元到{CCB}，户名李四", [("50000", "", CCB, "李四")]),
        (f"收款人：王建国，工行，{ICBC}，金额8万", [("80000", "", ICBC, "王建国")]),
        (f"往张三的卡{CCB}转了2万，又转了3万，对方返了500元", [("20000", "", CCB, "张三"), ("30000", "", CCB, "张三")]),
        (f"被骗5万元，对方账户{CCB}", [("50000", "", CCB, "")]),
        ("共计损失31万元", []),
        (f"转了5万到{ICBC}，户名李四，今早又转了3万到{CCB}", [("50000", "", ICBC, "李四"), ("30000", "", CCB, "")]),
        (f"5万转到{ICBC}，3万转到{CCB}", [("50000", "", ICBC, ""), ("30000", "", CCB, "")]),
        (f"往{ICBC}转了5万，往{CCB}转了3万", [("50000", "", ICBC, ""), ("30000", "", CCB, "")]),
        (f"{ICBC} 转50000元，{CCB} 转30000元", [("50000", "", ICBC, ""), ("30000", "", CCB, "")]),
        (f"对方账户是建行{CCB}，我从工行{ICBC}转过去8万", [("80000", ICBC, CCB, "")]),
    ],
)
def test_transfers_of_a_sentence(text: str, rows: list[tuple[str, str, str, str]]) -> None:
    proposals = propose_transfers(extract(text, NOW), text)
    assert [(p.amount, p.payer_account, p.payee_account, p.payee_name) for p in proposals] == rows
    assert all(transfer_to_dict(p)["amount"] == p.amount for p in proposals)
