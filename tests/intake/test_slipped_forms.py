"""What slips past a filter and is read all the same: slang names, accounts without a label, shorthand, slips."""

from datetime import datetime

import pytest

from wuzha.intake.leads import extract
from wuzha.kernel.identifiers import luhn_digit

NOW = datetime.fromisoformat("2026-11-21T14:30")  # a Saturday


def found(text: str, kind: str) -> list[str]:
    return [lead.value for lead in extract(text, NOW) if lead.kind == kind]


def card(prefix: str, length: int = 19) -> str:
    body = (prefix + "0011223344556677")[: length - 1]
    return body + luhn_digit(body)


ICBC = card("622202")


@pytest.mark.row("R-101")
@pytest.mark.parametrize(
    "name",
    [
        *("微信", "微❤", "微❤信", "薇芯", "卫星", "卫❤️", "威x", "溦心", "微 信", "微xin", "徽·信", "維信"),
        *(
            "V信",
            "V♥信",
            "v-x",
            "W X",
            "wx",
            "VX号",
            "加V",
            "➕薇",
            "加我微",
            "加微信",
            "加 W X",
            "ᴠx",
            "薇❥",
            "weixin",
            "绿泡泡",
            "溦伈",
            "薇丶信",
            "小绿",
            "绿色的软件",
            "威ⓧ",
            "🆅🆇",
            "vx➕",
            "v我",
            "家威",
            "伽❤",
            "V丶X",
            "绿色app",
            "威芯号丨",
        ),
    ],
)
def test_wechat_by_every_name(name: str) -> None:
    assert found(f"{name}：ab_12345", "wechat") == ["ab_12345"]
    assert found(f"{name} ab_12345，备注", "wechat") == ["ab_12345"]


@pytest.mark.parametrize(
    "name",
    [
        "QQ",
        "Q Q",
        "q.q",
        "扣扣",
        "扣 扣",
        "球球",
        "秋秋",
        "蔻蔻",
        "企鹅",
        "加Q",
        "🐧",
        "丘丘",
        "口口号",
        "Q扣",
        "抠q",
        "扌口 扌口",
        "球号",
    ],
)
def test_qq_by_every_name(name: str) -> None:
    assert found(f"{name}：1827364509", "qq") == ["1827364509"]


@pytest.mark.parametrize("name", ["Q群", "QQ羣", "扣扣群", "交流裙", "群聊号码", "企鹅群", "进群", "裙号", "粉丝群"])
def test_groups_by_every_name(name: str) -> None:
    (lead,) = extract(f"{name}：827364519", NOW)
    assert (lead.kind, lead.value, lead.extra) == ("qq", "827364519", {"group": True})


@pytest.mark.parametrize(
    "text",
    [
        "✈️：caifu_168",
        "纸✈️caifu_168",
        "T G：caifu_168",
        "Telegram（纸飞机）：caifu_168",
        "客服TGcaifu_168",
        "電報 caifu_168",
    ],
)
def test_telegram_by_every_name(text: str) -> None:
    assert found(text, "telegram") == ["caifu_168"]


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("zfb：18837264510", "alipay", ["18837264510"]),
        ("支付宝转15192837460", "alipay", ["15192837460"]),
        ("转给老师 18163920475 支付宝 备注", "alipay", ["18163920475"]),
        ("①支付宝15503816472②银行卡", "alipay", ["15503816472"]),
        ("支付宝（手机号）15183746209", "alipay", ["15183746209"]),
        ("转1万+13812345678", "phone", ["13812345678"]),
        ("客服微yj_daikuan8", "wechat", ["yj_daikuan8"]),
        ("Alipay：18927364510", "alipay", ["18927364510"]),
        ("加老师：xy_loan66", "wechat", ["xy_loan66"]),
        ("加了一部iphone13pro", "wechat", []),
        ("扣我1059372846", "qq", ["1059372846"]),
        ("看 w x . q q - h b . c n", "url", ["wx.qq-hb.cn"]),
        ("事主证件齐全，微wwss0912", "wechat", ["wwss0912"]),
        ("蔷薇abc123456开花", "wechat", []),
        ("进群5000人", "qq", []),
        ("分辨率wx123abc", "wechat", []),
    ],
)
def test_names_need_their_place(text: str, kind: str, values: list[str]) -> None:
    assert found(text, kind) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("120912485710606 招行天津分行", ["120912485710606"]),
        ("转至8110901011900384756，到账", ["8110901011900384756"]),
        ("账  号：34050146880800001297", ["34050146880800001297"]),
        ("对公帐号\n120102030400019283", ["120102030400019283"]),
        ("厂家账户：1105 0201 1910 0386 472 工行", ["1105020119100386472"]),
        ("打到那个公司账上，四一零五零一六三六二零八零零零零二七四六", ["41050163620800002746"]),
        ("QQ群284719365，对公转128万到699183746520民生", ["699183746520"]),
        ("转到13812345678", []),
        ("收款50000", []),
    ],
)
def test_accounts_without_the_word_account(text: str, values: list[str]) -> None:
    assert found(text, "account") == values


@pytest.mark.parametrize(
    "said", [f"{ICBC[:10]}\n{ICBC[10:]}", "\\".join((ICBC[:4], ICBC[4:8], ICBC[8:12], ICBC[12:16], ICBC[16:]))]
)
def test_a_card_over_two_lines_or_with_slashes(said: str) -> None:
    assert found(f"卡号 {said}", "card") == [ICBC]


@pytest.mark.parametrize("said", ["11010519491231002Ⅹ", "110105.1949.1231.002X", "11010519491231002Х"])
def test_identity_numbers_with_slips(said: str) -> None:
    assert found(f"身份证号：{said}", "id_number") == ["11010519491231002X"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("95559来的短信", ["95559"]),
        ("9510182736451打给我", ["9510182736451"]),
        ("拒收回R 1068402736518", ["1068402736518"]),
        ("订单号1068402736518", []),
        ("10000打给我", []),
    ],
)
def test_numbers_that_call(text: str, values: list[str]) -> None:
    assert found(text, "phone") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("单100佣20\n单500佣110", ["100", "20", "500", "110"]),
        ("转账 -6,000.00 对方账户", ["6000"]),
        ("把9800分成两笔转", ["9800"]),
        ("尾款1200见面给", ["1200"]),
        ("先充三十，再充三百，", ["30", "300"]),
        ("USDT，8200个", ["8200"]),
        ("五百刀 3000蚊 兩萬台幣", ["500", "3000", "20000"]),
        ("零钱1.1万元一分不剩", ["11000"]),
        ("要3500，没给", ["3500"]),
        ("一期 300\n二期 900\n三期 2700\n中了回4700", ["300", "900", "2700", "4700"]),
        ("急用4600交培训费", ["4600"]),
        ("厂家那边58一箱，垫11.6万", ["58", "116000"]),
        ("全款4800，定金先1000", ["4800", "1000"]),
        ("发6.66红包验证", ["6.66"]),
        ("打5.2万，完了10.4万一起出", ["52000", "104000"]),
        ("保健品，3980×2盒", ["3980"]),
        ("1999一次，2999两次，都没到账", ["1999", "2999"]),
        ("哥，450三只，800六只，先打200定", ["450", "800", "200"]),
        ("那单1580没确认，补单3160，两单一起结 5688", ["1580", "3160", "5688"]),
        ("借出1.2万+8500+2万", ["12000", "8500", "20000"]),
        ("拿货1w送3k的货，囤了4w", ["10000", "3000", "40000"]),
        ("就刚刚，两万六唰就没了", ["26000"]),
        ("38一单，三单114", ["38", "114"]),
        ("您的账户8841支取29900.00元，360借条，在58同城看到，女29", ["29900"]),
        ("苹果14一件68，10件起批620，付了6000", ["68", "620", "6000"]),
        ("储蓄卡800一套，对公5000一套", ["800", "5000"]),
        ("见面礼6600，三金35000，媒人5000，彩礼8.8万", ["6600", "35000", "5000", "88000"]),
        ("外卖券：9.9抢50，花99", ["9.9", "50", "99"]),
        ("先付200路费，6分900，一小时35，每期688", ["200", "900", "35", "688"]),
        ("量程-40到125，输出4到20毫安", []),
        ("2000一手，补仓150000能回本", ["2000", "150000"]),
        ("投5000七天分350", ["5000", "350"]),
        ("内存8+256，电量37", []),
        ("每人有10到20张卡，钱转了就走", []),
        ("致电9580，打110，短信报警12110", []),
        ("刷新率120，信誉分不足80，转了500", ["500"]),
        ("女，34，刷单被骗5000", ["5000"]),
        ("一发不可收拾，买一送十三", []),
        ("十万火急，十万个为什么", []),
    ],
)
def test_sums_of_shorthand_and_statements(text: str, values: list[str]) -> None:
    assert found(text, "amount") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("6.18那天", ["2026-06-18"]),
        ("去年年底", ["2025-12"]),
        ("2022年初", ["2022-01"]),
        ("去年这个月", ["2025-11"]),
        ("11月9日报警，前一天收到快递", ["2026-11-09", "2026-11-08"]),
        ("额度将于11月30日失效", ["2026-11-30"]),
        ("今天大概下午一点", ["2026-11-21T13"]),
        ("26-08-17 14:22:05", ["2026-08-17T14:22:05"]),
        ("2026 08 17 转账", ["2026-08-17"]),
        ("两千零四年八月十五", ["2004-08-15"]),
        ("上一个周三", ["2026-11-11"]),
        ("2024年2月案发，同年在邻市又发生", ["2024-02", "2024"]),
        ("国庆节当天上午8时许", ["2026-10-01T08"]),
        ("今9时40分接电话", ["2026-11-21T09:40"]),
        ("昨天21:44转的，凌晨00:12又转", ["2026-11-20T21:44", "2026-11-21T00:12"]),
        ("父亲节那天，母亲节", ["2026-06-21", "2026-05-10"]),
        ("“五一”假期出游", ["2026-05-01"]),
        ("12号的航班取消，20号发工资还你", ["2026-12-12", "2026-12-20"]),
        ("11月30日到期，前两个月正常，第三个月逾期", ["2026-11-30"]),
        ("刚才14:20被转走", ["2026-11-21T14:20"]),
        ("就两点一刻", ["2026-11-21T14:15"]),
        ("本周三至周五", ["2026-11-18", "2026-11-20"]),
        ("周一至周五9号窗口办理", []),
        ("每月8号抄表，同年龄的人，我这周转不开", []),
    ],
)
def test_times_of_statements_and_stories(text: str, values: list[str]) -> None:
    assert found(text, "time") == values


@pytest.mark.parametrize("mark", ["至", "到", "~", "-", "—"])
def test_a_range_is_two_times_that_name_each_other(mark: str) -> None:
    first, second = extract(f"11月1日{mark}11月5日转了五次，11月8日报警", NOW)[:2]
    assert (first.value, first.extra["until"]) == ("2026-11-01", "2026-11-05")
    assert (second.value, second.extra["since"]) == ("2026-11-05", "2026-11-01")
    assert "until" not in second.extra


@pytest.mark.parametrize(
    "name", ["支付宝", "支付bao", "支富宝", "吱付宝", "zhi付宝", "支付B", "zfb", "支♥宝", "支-付-宝", "z f b"]
)
def test_alipay_by_every_name(name: str) -> None:
    assert found(f"{name}账号：18723904615", "alipay") == ["18723904615"]


def test_what_parts_digits_unseen_or_by_commas() -> None:
    keycaps = "".join(f"{digit}\ufe0f\u20e3" for digit in "13617284950")
    assert found(f"打 {keycaps}", "phone") == ["13617284950"]
    assert found("①③⑥①⑦②⑧④⑨⑤⓪", "phone") == ["13617284950"]
    assert found(f"打到 {','.join(ICBC[at : at + 4] for at in range(0, 19, 4))}", "card") == [ICBC]
    assert found("分四次 5000，8000，1200，3000", "card") == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("我只投了1000，第三天就提不出来了", []),
        ("11月3日投了1000，第三天就提不出来了", ["2026-11-03", "2026-11-05"]),
        ("一单3块5 日结", []),
        ("11月8日报警，前一晚23时58分有人登录", ["2026-11-08", "2026-11-07T23:58"]),
        ("他今年52，窗口是3到8号", []),
        ("要我把12月到期的存单取出来", ["2026-12"]),
        ("除夕前一天转的，2月18日发现", ["2026-02-15", "2026-02-18"]),
    ],
)
def test_days_that_hang_on_another(text: str, values: list[str]) -> None:
    assert found(text, "time") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("头一回三千，第二回五千，他说凑满三万才能提", ["3000", "5000", "30000"]),
        ("先验资4千，后来又要2400块", ["4000", "2400"]),
        ("信誉分只有85 补到100 每分600，15分就是9000？", ["600", "9000"]),
        ("杠杆1:200，入了2000美金，倒欠1150美金", ["2000", "1150"]),
        ("先扫走1999，第三个码9999没扫成", ["1999", "9999"]),
        ("号卖2300 平台抽5%，亲属卡刷了3千 分付借了1500", ["2300", "3000", "1500"]),
        ("升预付单 三百返三百九 一千返一千三", ["300", "390", "1000", "1300"]),
        ("刷了一个嘉年华3000，两个火箭2002，", ["3000", "2002"]),
        ("三天刷了7788，其中一千的火箭四个", ["7788", "1000"]),
        ("批下来12个w 月供3520，上回不是说18000封顶吗", ["120000", "3520", "18000"]),
        ("杠杆1:200，入了2000美金，又补1500", ["2000", "1500"]),
        ("客服01：1500，另付押金2600", ["1500", "2600"]),
        ("比赛打到21比19，第3局21比17，内存128的", []),
        ("课时费150一节，一周12节，全省排名一万两千多", ["150"]),
        ("投了3万，行程5万多公里，平台有24万学员", ["30000"]),
    ],
)
def test_sums_told_among_others(text: str, values: list[str]) -> None:
    assert found(text, "amount") == values


def test_a_mobile_with_points_and_a_name_with_a_pointing_hand() -> None:
    assert found("联系 189.4726.3015 或来店里", "phone") == ["18947263015"]
    assert found("地址 189.472.30.15", "phone") == []
    assert found("手机 156★3847★2906", "phone") == ["15638472906"]
    assert found("手机 156****2906", "phone") == []
    assert found("t me / haodan_2026 ，复制到浏览器", "telegram") == ["haodan_2026"]
    assert found("飞机☞ dongfang_9x 别用短信", "telegram") == ["dongfang_9x"]
