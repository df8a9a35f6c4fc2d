"""Numbers that have to be put together, and further handles of a program that was spoken of before."""

from datetime import datetime

import pytest

from wuzha.intake.leads import extract

NOW = datetime.fromisoformat("2026-11-21T14:30")  # a Saturday
SHOWN = frozenset(
    {"card", "account", "id_number", "phone", "qq", "wechat", "telegram", "alipay", "order", "url", "amount"}
)


def found(text: str) -> list[tuple[str, str]]:
    return [(str(lead.kind), lead.value) for lead in extract(text, NOW) if lead.kind in SHOWN]


@pytest.mark.row("R-101")
@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        # read aloud in pieces, 两 for 2
        ("卡号六两幺七，洞洞四五，洞洞幺两，八三七四，六幺七，建行", "card", "6217004500128374617"),
        ("他念六二幺四……八三幺幺……七两零九……四五八零", "card", "6214831172094580"),
        ("卡号是6222，零二幺三，0977，四五幺二，036，工行", "card", "6222021309774512036"),
        ("身份证我报一下：五幺零幺二四，一九六二零三幺五，两零八四", "id_number", "510124196203152084"),
        ("回电话打幺八六，洞两九四，拐幺三五，一个男的", "phone", "18602947135"),
        ("改签让拨 四零零 六幺五零 九三八", "phone", "4006150938"),
        ("工行九五五八八打来的", "phone", "95588"),
        ("她QQ是两九六八幺三幺四拐洞", "qq", "2968131470"),
        ("绿色软件直接搜一七三 五八六二 〇九四一", "wechat", "17358620941"),
        ("打不通就159 中间0468 后面2237", "phone", "15904682237"),
        # broken over lines, cut anyhow
        ("小票上三行：\n330122\n19871104\n5624\n说是身份证", "id_number", "330122198711045624"),
        ("截图 6217004500\n128374617 复制成功", "card", "6217004500128374617"),
        ("款打这张，622202.1309.7745.12036，工行", "card", "6222021309774512036"),
        ("公屏吞字，这样打：6.2.1.4.8.3.1.1.7.2.0.9.4.5.8.0", "card", "6214831172094580"),
        ("他的身份证 420.101.1995.0807.3317", "id_number", "420101199508073317"),
        ("QQ联系：3163\n024341", "qq", "3163024341"),
        ("交易单号42OOOO2817 2O26lO2O 4471936085", "order", "4200002817202610204471936085"),
        ("圆通YT-9052-7384-16072", "order", "YT9052738416072"),
        ("顺丰单号 SF16 0732 2850 419", "order", "SF1607322850419"),
        ("vx↓↓\ndakuan_\n1128\n手慢无", "wechat", "dakuan_1128"),
        ("Telegram @daoshi\n_lin，后接", "telegram", "daoshi_lin"),
        ("装这个：dl.hyyh.xyz/a/\nh5.apk，点安装", "url", "dl.hyyh.xyz/a/h5.apk"),
        ("手动输入 hd .7799cj. com/lq ，中间别留空格", "url", "hd.7799cj.com/lq"),
        ("链接也拍了：goofish-pay★shop/o/5518 星号换成点", "url", "goofish-pay.shop/o/5518"),
        # misread by a scanner
        ("收款卡号:62l7 0O45 OOl2 8374 6l7\n开户行:建行", "card", "6217004500128374617"),
        ("交易单号\n42000028712026\n09053316274908\n商户", "order", "4200002871202609053316274908"),
        ("订单编号YT73\n2081\n5594\n01\n件数", "order", "YT732081559401"),
        ("包裹号JDVC-0819926347705", "order", "JDVC0819926347705"),
        ("https://zb.caigou\n-jdj.com/index", "url", "zb.caigou-jdj.com/index"),
        ("复制到浏览器：app.hengxintz.\ncom/d/ios", "url", "app.hengxintz.com/d/ios"),
        ("电报：@gz_ren\nshi09\n专员一对一", "telegram", "gz_renshi09"),
        ("TG搜@pay xiao wu，连起来搜", "telegram", "payxiaowu"),
        ("绿泡泡搜：mm520 shuadan，发1领单", "wechat", "mm520shuadan"),
        ("短信号1069 0329 9188 27发的", "phone", "10690329918827"),
        ("显示9 5 1 8 8，说给我误开了", "phone", "95188"),
        ("他手机卡158 7414 88 30也在这儿押着", "phone", "15874148830"),
        ("客服叩叩 969，479，317，群满了", "qq", "969479317"),
        ("支付宝也发你：huan_h88#126.com", "alipay", "huan_h88@126.com"),
        ("加w❤xdsz_1130谈", "wechat", "dsz_1130"),
        ("威信 👉w.a.n.g._.d.p.2👈 名额不多", "wechat", "wang_dp2"),
        ("葳芯【p/l/1/9/x/y】，不真实你骂我", "wechat", "pl19xy"),
        # behind its number
        ("1840 278 398 这是客服的企鹅，退费都找他", "qq", "1840278398"),
        ("zk3390w←加这个v，说抖音来的", "wechat", "zk3390w"),
    ],
)
def test_a_number_in_pieces_is_put_together(text, kind, value):
    assert found(text) == [(kind, value)]


@pytest.mark.row("R-101")
@pytest.mark.parametrize(
    ("text", "further"),
    [
        ("投诉人提供QQ一个，昵称客服小雨，号码2491147043", ("qq", "2491147043")),
        ("扣①群8〇2〇68856已封，大家转扣②群484.498.777", ("qq", "484498777")),
        ("电报群U商互助的群主，用户名我发你，ushang_boss", ("telegram", "ushang_boss")),
        ("只认这个：150 1364 1296，这是微信，不接电话", ("wechat", "15013641296")),
        ("微信电话同步156/7825/2855", ("phone", "15678252855")),
        ("秒到 诚信车队进@chedui_lao6", ("telegram", "chedui_lao6")),
        ("网银转出98,000.00元至755909594430353，某某公司", ("account", "755909594430353")),
        ("新账号发在邮件里：320766254018010053772，会计没核实", ("account", "320766254018010053772")),
        ("薇芯ycm_gogo，加不上就换ycm_gogo2", ("wechat", "ycm_gogo2")),
        ("骗我那人的QQ是1093847265，他还有个小号3417750826", ("qq", "3417750826")),
        ("扣扣裙768130542，三群768134209", ("qq", "768134209")),
        ("他教我下了Telegram，里面管提现的叫莎莎，用户名一直没换，shasha_cw06", ("telegram", "shasha_cw06")),
        ("甲：留个V我拉你\n乙：行，leica_m6fan", ("wechat", "leica_m6fan")),
    ],
)
def test_a_further_handle_of_the_program_is_read(text, further):
    assert further in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "加微信后备注xiaohong_2026",
        "微信群里说换了iphone15",
        "关注公众号，换lingquan88_88领券",
        "会议号 638 204 917，共享屏幕",
        "飞机票是MU5318，座位号31K",
        "芝麻分712，借呗没开",
        "二选一，三缺一，五五分，九五折",
        "138，5000，6000件都有",
    ],
)
def test_what_looks_like_one_is_none(text):
    assert not found(text)


def test_two_orders_of_one_length_stay_two():
    assert found("订单号 2619470385526 1874402953316") == [("order", "2619470385526"), ("order", "1874402953316")]


def test_a_longer_wait_is_no_hour():
    assert not [lead for lead in extract("晚一点都在的", NOW) if lead.kind == "time"]
    assert [lead.value for lead in extract("昨晚一点转的", NOW) if lead.kind == "time"] == ["2026-11-21T01"]
