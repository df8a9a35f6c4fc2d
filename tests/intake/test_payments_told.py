"""The payments of whole narratives, as others wrote and labelled them, and the rules one by one."""

from pathlib import Path

import pytest

from bench.payments import judge_payments
from tests.intake.test_leads import CCB, ICBC, NOW
from wuzha.intake.leads import ProposedTransfer, extract, propose_transfers

SETS = sorted((Path(__file__).parent / "payments").glob("*.jsonl"))
NEWEST = "half-victims"  # written last, and mended by least
F1_MIN = {"rows": 0.975, "payer": 0.965, "payee": 0.965, "payee_name": 0.96, "time": 0.975, "channel": 0.98}
F1_MIN_OF_ALL = F1_MIN | {"rows": 0.97, "channel": 0.975}


@pytest.mark.row("R-101")
@pytest.mark.row("R-104")
@pytest.mark.parametrize(
    ("sets", "floors"),
    [([path for path in SETS if path.stem != NEWEST], F1_MIN), (SETS, F1_MIN_OF_ALL)],
    ids=["mended by", "with the newest"],
)
def test_payments_that_others_told_are_proposed(sets: list[Path], floors: dict[str, float]) -> None:
    verdict = judge_payments(sets)
    low = {column: verdict.f1(column) for column, least in floors.items() if verdict.f1(column) < least}
    assert not low, "\n".join([str(low), *verdict.notes])


def told(text: str) -> list[ProposedTransfer]:
    return propose_transfers(extract(text, NOW), text)


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        # in lists and several at once
        ("微信扫码付了200、600、1800，都没返", ["200", "600", "1800"]),
        ("转出去三次，头一次是1万，第二次是2万，第三次是8500", ["10000", "20000", "8500"]),
        ("用网银分三笔转账，每笔5000元，共15000元", ["5000", "5000", "5000"]),
        (f"往{CCB}连转三笔，每笔2万，第四笔被银行限额，没转出去", ["20000"] * 3),
        (f"①1月15日 12:08 网银 15000 → {CCB} 王芳\n②1月15日 12:31 网银 25000 → {CCB} 王芳", ["15000", "25000"]),
        # asked for, and not paid
        ("对方要求再缴纳保证金3万元，我没交", []),
        ("叫我转10万，我没转，就交了500报名费", ["500"]),
        ("他说激活费要1000元，我也转了", ["1000"]),
        ("现在说要交税18000才给提", []),
        # refused and failed
        (f"先往{CCB}转5万，提示账户异常，转账失败；10点20又往{ICBC}转了4万", ["40000"]),
        (f"客户要求向{CCB}转账80000元。柜员报警，该笔未办理", []),
        ("接听后停止了第二笔50000元的操作", []),
        # come back, said twice, added up
        ("充了88，返了108给我", ["88"]),
        ("对方给我转了500元试单", []),
        (f"向{CCB}转账人民币伍万元整（¥50,000.00）", ["50000"]),
        ("转了3万，又转2万。问：一共损失多少？答：5万元。", ["30000", "20000"]),
        ("我在借款平台借了2万，19点把2万转给他了", ["20000"]),
        # rows of lists, forms and chats
        (f"9/9 10:21 | 1000 | {CCB} | 王某\n9/9 15:02 | 5000 | {CCB} | 王某", ["1000", "5000"]),
        (
            f"1,2026-08-10,58000,成都某某公司,{CCB},网银\n2,2026-08-13,120000,成都某某公司,{CCB},网银",
            ["58000", "120000"],
        ),
        ("支付宝账单\n11-09 22:11  -300.00  转账-17729995938\n11-09 22:26  +360.00  收款-17729995938", ["300"]),
        ("11月2日 现金 10000（当面给的）\n11月3日 微信 2000\n11月6日 要50000 没给", ["10000", "2000"]),
        (f"客服：{CCB} 王芳\n我：转多少\n客服：4980元\n我：转了\n客服：还需保险费2600\n我：没钱了", ["4980"]),
        ("房东：押金200也转下\n我：见面再说\n房东：行", []),
        ("打了一万，不对，单子上写的是一万二", ["12000"]),
        ("打了一万，不对，没打。余额还有5000元，工资8000元", []),
        (f"都转给{CCB}，10月3日3000元（会员费），10月4日9000元（解冻费）", ["3000", "9000"]),
        ("付到某某公司的，200,000元，付到对方账上", ["200000"]),
        # cash
        ("将20万元现金交给一名男子", ["200000"]),
    ],
)
def test_which_sums_are_payments(text: str, sums: list[str]) -> None:
    assert [row.amount for row in told(text)] == sums


@pytest.mark.parametrize(
    ("text", "receivers"),
    [
        (f"他发来一个账号{CCB}，建行的，名字叫王芳。我转了2万，下午又往这个账号转了1万", [(CCB, "王芳")] * 2),
        (f"转了36000，又转了7000，收款的都是{CCB}，户名王芳", [(CCB, "王芳")] * 2),
        (f"两个卡号：王芳{CCB}，刘强{ICBC}。我往刘强的卡转了3万，往王芳的卡转了4万", [(ICBC, "刘强"), (CCB, "王芳")]),
        (f"昨天微信转了600，今天转到{CCB}，3000元", [("", ""), (CCB, "")]),
        (f"向上海麟驰贸易有限公司账户{CCB}网银转账486000元", [(CCB, "上海麟驰贸易有限公司")]),
        (f"给一个叫孙德胜的人转了6万，卡号是{CCB}", [(CCB, "孙德胜")]),
        ("用支付宝给17734673793转了1000元，又转了2000元", [("17734673793", "")] * 2),
        (f"转给{CCB}（户名HONG FAI LIMITED）76500美元", [(CCB, "HONG FAI LIMITED")]),
        ("他让我支付宝转他，账号是18038517462，转了9999元", [("18038517462", "")]),
    ],
)
def test_who_receives(text: str, receivers: list[tuple[str, str]]) -> None:
    assert [(row.payee_account, row.payee_name) for row in told(text)] == receivers


@pytest.mark.parametrize(
    ("text", "payers"),
    [
        (f"用我的工行卡（卡号{ICBC}）向{CCB}转了2万，又用同一张卡转了3万", [ICBC, ICBC]),
        (f"向{CCB}支付27600元。其付款卡号{ICBC}", [ICBC]),
        (f"今天往{CCB}转了5万，钱是从我自己的工行卡{ICBC}出去的", [ICBC]),
        (f"昨天微信转了600，用我的卡{ICBC}转了2万到{CCB}", ["", ICBC]),
    ],
)
def test_from_which_account(text: str, payers: list[str]) -> None:
    assert [row.payer_account for row in told(text)] == payers


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("我给骗子转了5000块钱，用的微信", ["WeChat Pay"]),
        ("昨天付了88，今天付了300。都是微信付的", ["WeChat Pay"] * 2),
        (f"转了2万到{CCB}，又转了1万到{ICBC}，以上均为手机银行操作", ["mobile bank"] * 2),
        ("加了他微信，在柜台转了3万", ["counter"]),
        ("微信扫码付了368元", ["WeChat Pay"]),
        ("扫他发来的码付了999", ["QR code"]),
        ("现金2000元当面交给他", ["cash"]),
    ],
)
def test_by_which_channel(text: str, channels: list[str]) -> None:
    assert [row.channel for row in told(text)] == channels


@pytest.mark.parametrize(
    ("text", "times"),
    [
        (f"10月3日在网上看房。他发来{CCB}，我转了1680元", ["2026-10-03"]),
        ("转了4980元 (11月13日 16:27)", ["2026-11-13T16:27"]),
        ("今天14:03、14:06两次向他转账，分别是9999元和19800元", ["2026-11-21T14:03", "2026-11-21T14:06"]),
        ("支付宝转了五百块，后来又转了五百，都是昨天的事", ["2026-11-20", "2026-11-20"]),
    ],
)
def test_when(text: str, times: list[str]) -> None:
    assert [row.time for row in told(text)] == times


def test_many_payments_are_read_in_proportion() -> None:
    text = f"11月3日我往{CCB}转了5000元。" * 2000
    rows = told(text)
    assert len(rows) == 500
    assert {row.payee_account for row in rows} == {CCB}


def test_a_chat_and_accounts_without_end_are_read_in_proportion() -> None:
    asked = "客服：再交3000元\n我：转了\n"
    assert len(told(asked * 4000)) == 500
    assert told(f"账户余额5000元，卡号{CCB}。" * 4000) == []
