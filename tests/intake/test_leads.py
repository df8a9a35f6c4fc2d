"""Leads out of words: what a caller says, what is read, and what is not."""

from datetime import datetime

import pytest

from wuzha.intake.leads import extract, lead_to_dict
from wuzha.kernel.identifiers import luhn_digit

NOW = datetime.fromisoformat("2026-11-21T14:30")  # a Saturday


def card(prefix: str, length: int = 19) -> str:
    body = (prefix + "0011223344556677")[: length - 1]
    return body + luhn_digit(body)


ICBC = card("622202")
CCB = card("621700")
ID_NUMBER = "11010519491231002X"


def found(text: str, kind: str) -> list[str]:
    return [lead.value for lead in extract(text, NOW) if lead.kind == kind]


def in_fours(number: str, mark: str = " ") -> str:
    return mark.join(number[at : at + 4] for at in range(0, len(number), 4))


ALOUD = str.maketrans("0123456789", "零一二三四五六七八九")
RADIO = str.maketrans("0123456789", "洞幺二三四五六拐八勾")
FORMAL = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
CIRCLED = str.maketrans("123456789", "①②③④⑤⑥⑦⑧⑨")


@pytest.mark.row("R-101")
@pytest.mark.parametrize(
    "said",
    [
        ICBC,
        in_fours(ICBC),
        in_fours(ICBC, "-"),
        in_fours(ICBC, "\u200b"),
        in_fours(ICBC, "\u3000"),
        f"{ICBC[:6]} {ICBC[6:]}",
        ICBC.translate(WIDE),
        ICBC.translate(ALOUD),
        ICBC.translate(RADIO),
        ICBC.translate(FORMAL),
        ICBC.translate(CIRCLED),
        ICBC.replace("0", "O"),
        ICBC.replace("1", "l"),
    ],
)
def test_a_card_is_read_however_it_is_written(said: str) -> None:
    (lead,) = [lead for lead in extract(f"对方卡号：{said}，工行的", NOW) if lead.kind == "card"]
    assert (lead.text, lead.value, lead.extra["bank"]) == (said, ICBC, "ICBC")


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        (f"转到{ICBC} 5000元", "card", [ICBC]),
        (f"卡号{ICBC}、{CCB}和{card('622848')}", "card", [ICBC, CCB, card("622848")]),
        (f"订单号{ICBC}", "card", []),
        (f"订单号{ICBC}", "order", [ICBC]),
        (f"对公账户{ICBC}", "account", [ICBC]),
        ("对公账户：工行 1234 5678 9012 3", "account", ["1234567890123"]),
        ("编号6222021001123456", "card", []),
        ("0xAbCdEf0123456789aBcDeF0123456789AbCdEf01", "account", ["0xabcdef0123456789abcdef0123456789abcdef01"]),
    ],
)
def test_the_word_before_a_number_decides(text: str, kind: str, values: list[str]) -> None:
    assert found(text, kind) == values


def test_a_mistyped_card_is_offered_with_the_digits_that_would_mend_it() -> None:
    wrong = ICBC[:8] + str((int(ICBC[8]) + 1) % 10) + ICBC[9:]
    (lead,) = [lead for lead in extract(f"卡号{wrong}", NOW) if lead.kind == "card"]
    assert lead.confidence < 0.5
    assert "probably mistyped" in lead.why
    assert 8 in lead.extra["suspect_positions"]
    assert lead.extra["mendings"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (f"身份证{ID_NUMBER}", [ID_NUMBER]),
        (f"身份证号：{ID_NUMBER.lower()}", [ID_NUMBER]),
        (f"身份证号 {ID_NUMBER.translate(WIDE)}", [ID_NUMBER]),
        ("身份证 110105 19491231 002X", [ID_NUMBER]),
        ("身份证号码是一一零一零五一九四九一二三一零零二X", [ID_NUMBER]),
        (f"受害人{ID_NUMBER}报警", [ID_NUMBER]),
        ("编号110105194912310021", []),
    ],
)
def test_identity_numbers(text: str, values: list[str]) -> None:
    assert found(text, "id_number") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("手机138-1234-5678", ["13812345678"]),
        ("幺三八洞洞幺三八洞洞洞打来的", ["13800138000"]),
        ("电话：1 3 8 1 2 3 4 5 6 7 8", ["13812345678"]),
        ("+86 138 1234 5678", ["13812345678"]),
        ("打010－8888 8888", ["01088888888"]),
        ("4OO-837-2616", ["4008372616"]),
        ("收到95533发来的短信", ["95533"]),
        ("客服电话95138832", ["95138832"]),
        ("106494868919发来短信", ["106494868919"]),
        ("0044645852596给我打电话", ["0044645852596"]),
        ("+60 948245766", ["+60948245766"]),
        ("来电显示+00110", ["+00110"]),
        ("显示是110打来的", ["110"]),
        ("手机号13812345678、13987654321", ["13812345678", "13987654321"]),
        ("我马上拨打110报警", []),
        ("收到12000", []),
        ("手机尾号5678", []),
        ("QQ群1801188482", []),
    ],
)
def test_phones(text: str, values: list[str]) -> None:
    assert found(text, "phone") == values


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("扣扣 1234567890", "qq", ["1234567890"]),
        ("QQ12345678和23456789", "qq", ["12345678", "23456789"]),
        ("q q：12345678", "qq", ["12345678"]),
        ("qq群 123 456 789", "qq", ["123456789"]),
        ("把我拉进QQ群1801188482做任务", "qq", ["1801188482"]),
        ("加了微信：a_hod_zdoc9is，", "wechat", ["a_hod_zdoc9is"]),
        ("微信号eh3av90ric7ph联系", "wechat", ["eh3av90ric7ph"]),
        ("V信 wxid_8a9b0c1d2e3f", "wechat", ["wxid_8a9b0c1d2e3f"]),
        ("薇信号13812345678", "wechat", ["13812345678"]),
        ("加微信13812345678", "wechat", ["13812345678"]),
        ("加我微 xiaoli_520", "wechat", ["xiaoli_520"]),
        ("后用Telegram @boss1b6ff0 跟我聊", "telegram", ["boss1b6ff0"]),
        ("电报账号：@lucky", "telegram", ["lucky"]),
        ("https://t.me/abc_def", "telegram", ["abc_def"]),
        ("坐飞机CA1234航班", "telegram", []),
        ("支付宝账号138 1234 5678", "alipay", ["13812345678"]),
        ("支付宝：Abc@163.com", "alipay", ["abc@163.com"]),
        ("支付宝转了4000元", "alipay", []),
        ("钉钉群号12345678", "dingtalk", ["12345678"]),
        ("快递单号JD551313735379907511显示丢失", "order", ["JD551313735379907511"]),
        ("交易单号 4200001234202311021234567890", "order", ["4200001234202311021234567890"]),
        ("订单编号A20231102ABC12", "order", ["A20231102ABC12"]),
    ],
)
def test_handles_and_orders(text: str, kind: str, values: list[str]) -> None:
    assert found(text, kind) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("内含链接 http://h5.d6ncf1.top 。", ["h5.d6ncf1.top"]),
        ("网址www。xjqi3。top/h5/#/reg?c=8812，让我注册", ["www.xjqi3.top/h5/#/reg?c=8812"]),
        ("hxxps://evil[.]com/a?b=1", ["evil.com/a?b=1"]),
        ("evil(dot)cc/login", ["evil.cc/login"]),
        ("abc点com", ["abc.com"]),
        ("h**p://1.2.3.4:8080/x", ["1.2.3.4:8080/x"]),
        ("登录 ＨＴＴＰＳ：／／ＡＢＣ．ＣＯＭ", ["abc.com"]),
        ("http://例子.中国/", ["xn--fsqu00a.xn--fiqs8s"]),
        ("abc.xyz。后来就打不开了", ["abc.xyz"]),
        ("foo@bar.com", []),
        ("版本3.5.2", []),
        ("DNS服务器地址是8.8.8.8", []),
    ],
)
def test_addresses(text: str, values: list[str]) -> None:
    assert found(text, "url") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("被骗八万五", ["85000"]),
        ("转了1万2", ["12000"]),
        ("4万7千", ["47000"]),
        ("两w", ["20000"]),
        ("6.5w", ["65000"]),
        ("被骗8w8", ["88000"]),
        ("万把块钱", ["10000"]),
        ("一万两万的", ["10000", "20000"]),
        ("用户数为2000多万", []),
        ("97万多美元", ["970000"]),
        ("充30万送20万", ["300000", "200000"]),
        ("580000USDT", ["580000"]),
        ("十来万块", ["100000"]),
        ("三千八，", ["3800"]),
        ("一百三十五块六角七分钱", ["135.67"]),
        ("3块5", ["3.5"]),
        ("肆佰叁拾萬圓整", ["4300000"]),
        ("人民币60000元整", ["60000"]),
        ("两个亿", ["200000000"]),
        ("82，225.00元", ["82225"]),
        ("收到500，300元手续费", ["500", "300"]),
        ("3到5万元", ["30000", "50000"]),
        ("2000-3000元", ["2000", "3000"]),
        ("100你赚20，交付30888", ["100", "20", "30888"]),
        ("一亿三千万", ["130000000"]),
        ("10万粉丝", []),
        ("转过五次：520、1314、5200", ["520", "1314", "5200"]),
        ("垫300返390，再打8000", ["300", "390", "8000"]),
        ("①1280②3680，本金", ["1280", "3680"]),
        ("充了六四八", ["648"]),
        ("花了万五", ["15000"]),
        ("以200、300、400元分次转", ["200", "300", "400"]),
        ("借10万一天", ["100000"]),
        ("贷款千万别信，90后，58同城", []),
        ("一分钱没有", []),
        ("30万余人", []),
        ("两块手表", []),
        ("五角大楼", []),
        ("捅了三刀", []),
        ("几十万元", []),
        ("3部手机、第三元、打了110", []),
    ],
)
def test_amounts_in_every_spoken_form(text: str, values: list[str]) -> None:
    assert found(text, "amount") == values


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("5000刀", "USD"),
        ("HK$300", "HKD"),
        ("三万元欧元", "EUR"),
        ("300U", "USDT"),
        ("2个比特币", "BTC"),
        ("￥5", "CNY"),
    ],
)
def test_the_currency_is_told(text: str, currency: str) -> None:
    assert [lead.currency for lead in extract(text, NOW)] == [currency]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("昨天下午3点多", ["2026-11-20T15"]),
        ("今早9:35", ["2026-11-21T09:35"]),
        ("上周三", ["2026-11-11"]),
        ("周三", ["2026-11-18"]),
        ("20日晚", ["2026-11-20"]),
        ("30日", ["2026-10-30"]),
        ("12月3日", ["2025-12-03"]),
        ("去年12月底", ["2025-12"]),
        ("14:22:05我接到电话", ["2026-11-21T14:22:05"]),
        ("22点接到", ["2026-11-20T22"]),
        ("中午12点", ["2026-11-21T12"]),
        ("昨晚12点", ["2026-11-21T00"]),
        ("昨天夜里十一点四十", ["2026-11-20T23:40"]),
        ("2022 年 11 月 13 日 14 时 10 分 23 秒", ["2022-11-13T14:10:23"]),
        ("2023-11-02 14:03", ["2023-11-02T14:03"]),
        ("8月3日（星期五）下午1点", ["2026-08-03T13"]),
        ("三天前", ["2026-11-18"]),
        ("半小时前", ["2026-11-21T14:00"]),
        ("两个月前", ["2026-09"]),
        ("2月29日", ["2024-02-29"]),
        ("2月30日", ["2026-02"]),
        ("2021年春节", ["2021-02-12"]),
        ("上周", ["2026-W46"]),
        ("3月5日至8日", ["2026-03-05", "2026-03-08"]),
        ("5月1日加好友，三天后转了5000", ["2026-05-01", "2026-05-04"]),
        ("除夕那天", ["2026-02-16"]),
        ("农历九月初九", ["2026-10-18"]),
        ("昨晚凌晨两点", ["2026-11-21T02"]),
        ("我一点接的电话，两点转的", ["2026-11-21T13", "2026-11-21T14"]),
        ("差一刻十一点", ["2026-11-21T10:45"]),
        ("请于10月8日前付款", ["2026-10-08"]),
        ("元旦快乐，春节红包，王国庆", []),
        ("处5日以上10日以下拘留，2号嫌疑人，信用分低了20点", []),
        ("2022年10月6日被加好友，次日下午转账，10月8日报警", ["2022-10-06", "2022-10-07", "2022-10-08"]),
        ("2022年12月28日下单，1月3日报警", ["2022-12-28", "2023-01-03"]),
        ("2022年8月27日收到，同日16时许转账", ["2022-08-27", "2022-08-27T16"]),
        ("历时三天，5日内退款，今年22岁，近日下午", []),
        ("这个玩具一点都不好玩", []),
        ("零点五，第3点", []),
    ],
)
def test_times_are_dated_by_the_call_and_the_story(text: str, values: list[str]) -> None:
    assert found(text, "time") == values


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("通过成都农商银行卡向对方邮储账户", "bank", ["成都农商银行", "邮储"]),
        ("去农行转账，施工行业", "bank", ["农行"]),
        ("平安健康，中信证券", "bank", []),
        ("通过微信转了钱，又用支付宝", "platform", ["微信", "支付宝"]),
        ("下载一款名为“如流”的软件", "app", ["如流"]),
        ("让我下载“趣赚吧”APP", "app", ["趣赚吧"]),
        ("下载国家反诈中心APP", "app", []),
        ("收款人：欧阳修文，工行", "person", ["欧阳修文"]),
        ("事主赵敏称被骗，户名：杭州云起贸易有限公司", "person", ["赵敏"]),
        ("转给陈某，联系人张经理", "person", []),
    ],
)
def test_names(text: str, kind: str, values: list[str]) -> None:
    assert found(text, kind) == values


def test_a_lead_as_plain_values() -> None:
    (lead,) = extract("被骗八万五", NOW)
    assert lead_to_dict(lead) == {
        "kind": "amount",
        "text": "八万五",
        "start": 2,
        "end": 5,
        "value": "85000",
        "confidence": 0.92,
        "why": ["ten thousands", "paying"],
        "currency": "CNY",
    }
