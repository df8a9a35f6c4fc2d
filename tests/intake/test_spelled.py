"""Handles spelled so that no filter reads them, and what must not be taken for one."""

from datetime import datetime

import pytest

from wuzha.intake.leads import extract

NOW = datetime.fromisoformat("2026-11-21T14:30")  # a Saturday
HANDLES = frozenset({"qq", "wechat", "telegram", "alipay", "phone", "card", "url"})


def found(text: str) -> list[tuple[str, str]]:
    return [(str(lead.kind), lead.value) for lead in extract(text, NOW) if lead.kind in HANDLES]


@pytest.mark.row("R-101")
@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        # letters and digits apart, in circles, in bold, in flags' letters
        ("加薇：b a o m a ⑥⑥②⓪ 备注手工", "wechat", "baoma6620"),
        ("V芯lulu_9️⃣1️⃣8️⃣3️⃣，秒通过", "wechat", "lulu_9183"),
        ("＋𝐕：𝐧𝐚𝐧𝐚𝟗𝟗𝟖𝟏𝟐", "wechat", "nana99812"),
        ("Ⓥlaok_zongdai", "wechat", "laok_zongdai"),
        ("嫁 V ➡️ gu piao _ lao zhou", "wechat", "gupiao_laozhou"),
        ("解冻微💚信 j d - zhushou 七七", "wechat", "jd-zhushou77"),
        ("微亻言：dai/huan/6688/k", "wechat", "daihuan6688k"),
        # signs between
        ("溦·信·号 mei~mei~33~721", "wechat", "meimei33721"),
        ("🛰️：xiao🌸man🌸0413", "wechat", "xiaoman0413"),
        ("姐妹加w❤x k*a*t*e*5*1*8", "wechat", "kate518"),
        # digits in words, signs by name
        ("加卫星 qingshan七七零五", "wechat", "qingshan7705"),
        ("V：jj杠8806k 没回就是在上课", "wechat", "jj-8806k"),
        ("绿色软件搜 guoguo减号8816", "wechat", "guoguo-8816"),
        ("纸飞机找Dawei 下划线 Cash9，只做熟客", "telegram", "Dawei_Cash9"),
        ("频道 t点me斜杠kk_shuju", "telegram", "kk_shuju"),
        ("叩叩 四1五7七0九2六，要担保", "qq", "415770926"),
        ("秋秋1O5388-26471 人在", "qq", "10538826471"),
        ("进君羊领图册 573丶920丶184", "qq", "573920184"),
        ("或扣群76/12/04/85/3", "qq", "761204853"),
        ("蓝色那个宝转，账户180三八五17四6二", "alipay", "18038517462"),
        ("打款到zfb 159☆7682☆6581", "alipay", "15976826581"),
        ("支fu宝收款 mingyue_pay艾特163点com 别备注", "alipay", "mingyue_pay@163.com"),
        ("手机1 7 1 * 3 9 2 0 * 6 6 8 4，☎没人接", "phone", "17139206684"),
        ("收款ka：6222·0261·1276·2358·163，户名", "card", "6222026112762358163"),
        ("建行6217。0045。3331。4789。322，备注", "card", "6217004533314789322"),
        ("新地址v i p . tongda88 . c c，旧的别进", "url", "vip.tongda88.cc"),
        # what the reader is told
        ("wx:hl*_ke*fu029（*删掉）代充打折", "wechat", "hl_kefu029"),
        ("佳威 ch@xiang2046 @就是a", "wechat", "chaxiang2046"),
        ("绿色软件搜DD姐5518（姐=jie）", "wechat", "DDjie5518"),
        ("嘉V详聊hr_lin姐jie（去掉中文），工资面议", "wechat", "hr_linjie"),
        ("嶶同 131空1182空7314 “空”字删掉再搜", "wechat", "13111827314"),
        ("支·付·寶ls6650021㊙qq。com（㊙换成@）", "alipay", "ls6650021@qq.com"),
        # a label behind, or some words between
        ("hjk0425（绿泡泡）直接搜就行", "wechat", "hjk0425"),
        ("没群了，全搬到小飞机，直接搜 xiaolu_kefu88", "telegram", "xiaolu_kefu88"),
        ("他说微信号就是他手机号，15967381042", "wechat", "15967381042"),
        ("支付宝转的，对方账号19956712083", "alipay", "19956712083"),
        ("微信不是手机号，是字母开头的，tiantian_mom3，后来", "wechat", "tiantian_mom3"),
        ("QQ已经把我拉黑了，列表里还能看到，是1640285937", "qq", "1640285937"),
        ("日结不拖欠，V152 8361 7094，头像是只橘猫", "wechat", "15283617094"),
        ("家Vtea壹叁壹肆hz，报暗号", "wechat", "tea1314hz"),
        ("ᵛˣtong5566ll 做过垫付的别来", "wechat", "tong5566ll"),
        ("vx wjl.55.801 搜的时候把点去掉", "wechat", "wjl55801"),
        ("徽信fb删6073删q，汉字去掉再搜", "wechat", "fb6073q"),
        ("走吱付宝，账号hk_mall2025 @ 163 . com，不收现金", "alipay", "hk_mall2025@163.com"),
        ("上门贷，押车不押人，1-3-5-7-9-0-2-0-0-7-5", "phone", "13579020075"),
    ],
)
def test_a_spelled_handle_is_read(text, kind, value):
    assert found(text) == [(kind, value)]


@pytest.mark.row("R-101")
@pytest.mark.parametrize(
    "text",
    [
        "微信转账一二三四五六次都失败",
        "加了微信以后 就没再联系",
        "支付宝 三五百块的红包",
        "贷款秒审核，加扣179****68详询",
        "QQ 上说的三三两两",
        "微信群里一共二百三十人",
        "她的微信 备注叫 小红 上周三加的",
        "比分打成21:17、19:21、21:15",
    ],
)
def test_what_spells_nothing_gives_nothing(text):
    assert found(text) == []


def test_a_number_ends_with_its_clause():
    assert found("并加QQ：2955198960。14:22:05通过银行转") == [("qq", "2955198960")]
    assert found("QQ 1234567890 20日加的，QQ群 87654321、1") == [("qq", "1234567890"), ("qq", "87654321")]


def test_a_number_from_abroad_keeps_its_country():
    assert found("京东客服的电话+1-6798-687669，说我的") == [("phone", "+16798687669")]
    assert found("我的电话号是(+55) 15 99202-7523.") == [("phone", "+5515992027523")]


def test_a_plain_handle_keeps_its_reason():
    (lead,) = [lead for lead in extract("微信：hua_zhi92，备用", NOW) if lead.kind == "wechat"]
    assert (lead.value, lead.why, lead.confidence) == ("hua_zhi92", ("label",), 0.95)
    (lead,) = [lead for lead in extract("加薇：b a o m a ⑥⑥②⓪ 备注", NOW) if lead.kind == "wechat"]
    assert (lead.text, lead.why) == ("b a o m a ⑥⑥②⓪", ("label", "spelled out"))
