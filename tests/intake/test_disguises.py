"""Numbers, handles and links in combinations of disguises: what `bench/disguises.py` makes, in small."""

from datetime import datetime

import pytest

from bench.disguises import KINDS, is_read, texts
from wuzha.intake.leads import extract

EACH, SEED, SLIPS_MAX = 150, 7, 2
NOW = datetime.fromisoformat("2026-11-21T14:30")  # a Saturday


@pytest.mark.row("R-101")
@pytest.mark.parametrize("kind", KINDS)
def test_hardly_a_combination_slips_through(kind):
    slipped = [(told.text, told.value, others) for told in texts(kind, EACH, SEED) for right, others in [is_read(told)]
               if not right or others]  # fmt: skip
    assert len(slipped) <= SLIPS_MAX, slipped


def test_the_same_seed_makes_the_same_texts():
    assert list(texts("card", 5, 1)) == list(texts("card", 5, 1))


def found(text: str) -> list[tuple[str, str, str]]:
    shown = {"card", "id_number", "phone", "qq", "wechat", "telegram", "order", "url", "amount"}
    return [(str(lead.kind), lead.value, lead.text) for lead in extract(text, NOW) if lead.kind in shown]


@pytest.mark.row("R-101")
@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        # in pieces with words between, proven by the check digit or character
        ("前六位是622622，后面接着50936，最后06224，民生的", "card", "6226225093606224"),
        ("先发“6225 8899”，又发“9252 0132”，合起来十六位", "card", "6225889992520132"),
        ("卡号六二二幺八八，四五洞洞幺，七三，三个八，二洞三，邮政的", "card", "6221884500173888203"),
        ("保单受益人652801，生日段19620130，末四位0844", "id_number", "652801196201300844"),
        # asked for, and told by somebody else
        ("接警员：QQ号多少？学生：三四零，九幺二，七五八六。", "qq", "3409127586"),
        ("“微信号多少？”“ruo下划线零九二六，都是小写。”", "wechat", "ruo_0926"),
        ("微信他说是ruo下划线零九二六。", "wechat", "ruo_0926"),
        ("接：快递单号有吗？\n报：有，中通的，七八八三零幺九二，七四六六五五", "order", "78830192746655"),
        # a number of a payment proves itself by its form
        ("转账单号复制的：1000 0500 0120 2609 0372 8194 6053，", "order", "1000050001202609037281946053"),
        ("分两行贴：\n10000500012026111802\n17734958\n对方", "order", "1000050001202611180217734958"),
        # marks of every kind, as long as one and the same stands between all
        ("群里丢了个号：1✦6✦6✦5✦0✦3✦9✦1✦8✦2✦7，", "phone", "16650391827"),
        ("电话号码前三位一八二，中间四位零九三六，后四位四四幺七", "phone", "18209364417"),
        ("95开头的，九五二一三 八四七，八位", "phone", "95213847"),
        ("叫我打９５０１８３７４", "phone", "95018374"),
        # labels: single letters, further ones, behind
        ("Q【562903817】不常在", "qq", "562903817"),
        ("企：九七二 三三零 五幺八", "qq", "972330518"),
        ("「631—831—834」这个是扣扣，不是座机", "qq", "631831834"),
        ("zz-peifu2026←微♥，复制左边", "wechat", "zz-peifu2026"),
        ("联系微xtuikuan_zhuanyuan7处理", "wechat", "tuikuan_zhuanyuan7"),
        ("单号一880274113956，", "order", "880274113956"),
        ("手机同微信：１７３５８８２０６１４", "phone", "17358820614"),
        ("又能打电话又能加绿泡泡，133-5802-7416，手机同微信", "phone", "13358027416"),
        # links said aloud, taken apart
        ("“app点hrdl六六点com，点就是那个小圆点。”", "url", "app.hrdl66.com"),
        ("去这个站：xlzx横杠gov点info，", "url", "xlzx-gov.info"),
        ("点開：h**p://M. MEIBAO. CLUB 就是", "url", "m.meibao.club"),
        ("登录 w w w . yidongjifen . shop / dh 兑换", "url", "www.yidongjifen.shop/dh"),
    ],
)
def test_what_judges_wrote_is_read(text, kind, value):
    assert (kind, value) in [(of, said) for of, said, _words in found(text)]


@pytest.mark.parametrize(
    "text",
    [
        "请添加我的微信号：xxxxxxxxx，我会发给您",
        "ICCID是 8986 0322 1945 7708 3361，跟旧的不一样",
        "前头一串 868 0340 5127 7713 是手机的IMEI",
        "620、5278、9159三笔",
    ],
)
def test_what_stands_for_nothing_gives_no_number(text):
    assert [kind for kind, _value, _words in found(text) if kind != "amount"] == []


def test_what_cannot_be_seen_parts_nothing_and_belongs_to_the_words():
    text = "卡号6\u200b2\u200b2\u200b2\u200b021309774512036，QQ3️⃣9️⃣0️⃣1️⃣7️⃣5️⃣5️⃣"
    leads = [lead for lead in extract(text, NOW) if lead.kind in ("card", "qq")]
    assert [lead.value for lead in leads] == ["6222021309774512036", "3901755"]
    assert all(text[lead.start : lead.end] == lead.text for lead in leads)
    assert leads[1].text.endswith("5️⃣")


def test_a_key_before_a_sum_numbers_an_item():
    assert found("1️⃣2000元 2️⃣3000元") == [("amount", "2000", "2000元"), ("amount", "3000", "3000元")]
