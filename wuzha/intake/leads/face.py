"""The face of a text: the same characters made plain, one for one, so that places in it are places in the text.

Theory. Rules are written once, for half-width digits and simplified characters. `plain` maps every character to
exactly one other: full width to narrow (but the comma ， stays, because it ends clauses), circled, raised and
mathematical letters and digits to plain ones, look-alikes of other alphabets to Latin letters, traditional to
simplified (those that the rules use), every kind of space to a space, every kind of dash to "-", opening and closing
quotes and title marks to “ and ”. Ⓥ before a handle becomes 溦. Since the length does not change, an offset in the
face is the offset in the text.
`spoken` further turns digits said aloud (幺, 洞, 拐, 两) and written (壹, 〇) into digits, for numbers that are
read out one by one; amounts are never read from it.
"""

import re
import unicodedata

from wuzha.kernel.identifiers.digits import DASHES, INVISIBLE, SPACES

_TRADITIONAL = dict(
    zip(
        "萬億點號塊兩時錢轉帳賬戶銀單電話週禮後個幾農聯絡訊軟體臺歐圓圜銖盧韓幣紙飛機釘寶運編證碼區員這騙匯給從們當"
        "該認爲為來時間節農陽學業際標誌華東廣發興實種類樣陸損貸額餘開購買賣費觀處將號線訂於讓應對說號樓營"
        "國報網頁鏈還過進連總賺輸贏賠償儲郵頭據團隊領現與備註獎勵險稅繳納驗鐘鍾雙聖慶龍財產經滙繫筆張師導壓鎖續請"
        "係諮詢羣層歲維鵝証龔劉陳楊黃趙吳孫馬鄭謝許鄧馮蔣葉閻鄒寳貨幫聲",
        "万亿点号块两时钱转账账户银单电话周礼后个几农联络讯软体台欧元元铢卢韩币纸飞机钉宝运编证码区员这骗汇给从们当"
        "该认为为来时间节农阳学业际标志华东广发兴实种类样陆损贷额余开购买卖费观处将号线订于让应对说号楼营"
        "国报网页链还过进连总赚输赢赔偿储邮头据团队领现与备注奖励险税缴纳验钟钟双圣庆龙财产经汇系笔张师导压锁续请"
        "是咨询群层岁维鹅证龚刘陈杨黄赵吴孙马郑谢许邓冯蒋叶阎邹宝货帮声",
        strict=True,
    )
)

_RAISED = (*range(0x2B0, 0x2B9), *range(0x2E0, 0x2E5), *range(0x1D2C, 0x1D6B))  # ᵛˣ
# Letters of other alphabets, and signs, that stand for Latin ones.
_LOOK_ALIKE = "ㄨαοωᴠνѵ∨ᴡѡԝԛǫХхаеорсуіјѕԁмАВЕКМНОРСТУ"
_LOOKS_LIKE = "xaowvvvvwwwqqXxaeopcyijsdmABEKMHOPCTY"


def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code != 0xFF0C}
    for code in (*range(0x2460, 0x2469), *range(0x2474, 0x247D), *range(0x2488, 0x2491), *range(0x2776, 0x277F)):
        table[code] = str(int(unicodedata.numeric(chr(code))))
    for code in (*range(0x1D400, 0x1D800), 0xB2, 0xB3, 0xB9, *range(0x2070, 0x209D), *range(0x2160, 0x2180), *_RAISED):
        # Letters and digits in bold, script, double lines, small and raised; Roman letters of one sign.
        same = unicodedata.normalize("NFKC", chr(code))
        if len(same) == 1 and same.isascii() and same.isalnum():
            table[code] = same
    table |= {0x249C + place: chr(ord("a") + place) for place in range(26)}  # ⒜
    table |= {0x1F1E6 + place: chr(ord("A") + place) for place in range(26)}  # flags' letters
    table |= {0x24EA: "0", 0x24FF: "0"}
    for code in (*range(0x24B6, 0x24EA), *range(0x1F130, 0x1F14A), *range(0x1F150, 0x1F16A), *range(0x1F170, 0x1F18A)):
        # Letters in circles and squares: Ⓥ, ⓧ, 🅥, 🆅.
        start = next(first for first in (0x1F170, 0x1F150, 0x1F130, 0x24B6) if code >= first)
        table[code] = chr(ord("A") + code - start) if code - start < 26 else chr(ord("a") + code - start - 26)
    table |= {ord(old): new for old, new in _TRADITIONAL.items()}
    table |= {ord(mark): " " for mark in SPACES if mark not in "\r\n"}
    table |= {ord(mark): "\u200b" for mark in (*INVISIBLE, "\ufe0f", "\u20e3", "\u3164", "\uffa0", "\u2800", "\u115f")}
    table |= {ord(mark): "-" for mark in (*DASHES, "\u2796") if mark != "_"}
    table |= {ord(mark): "~" for mark in "～〜∼"}
    table |= {ord(mark): "“" for mark in "「『《〈〝"}
    table |= {ord(mark): "”" for mark in "」』》〉〞"}
    table |= {ord(mark): "(" for mark in "【〔［"}
    table |= {ord(mark): ")" for mark in "】〕］"}
    table |= {ord("｡"): "。", ord("﹒"): ".", ord("．"): ".", ord("﹕"): ":", ord("︰"): ":", ord("\r"): "\n"}
    table |= {ord(mark): letter for mark, letter in zip(_LOOK_ALIKE, _LOOKS_LIKE, strict=True)}
    return table


_PLAIN = _table()
# ① before plain digits numbers an item of a list; among its like it is a digit.
_ITEM_NUMBER = re.compile(
    r"(?<![0-9\u2460-\u2468\u2474-\u247c\u2488-\u2490])[\u2460-\u2468\u2474-\u247c\u2488-\u2490\u2776-\u277e]"
    r"(?= ?(?:[0-9０-９]{2}|[￥¥$]|[0-9]月))"
)
_NEXT_ITEM_NUMBER = re.compile(r"(?<=[0-9])[\u2461-\u2468\u2475-\u247c\u2489-\u2490\u2777-\u277e](?=[0-9]{2})")
_CIRCLES = r"\u2460-\u2468\u2474-\u247c\u2488-\u2490\u2776-\u277e"
_ITEM_OF_WORDS = re.compile(
    rf"(?<![A-Za-z_零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺{_CIRCLES}])(?<![{_CIRCLES}\u24ea].)(?<![{_CIRCLES}\u24ea]..)"
    rf"[{_CIRCLES}](?=[\u4e00-\u9fff])"
)
_MARK_OF_LIST = "、"
# Ⓥ alone before a handle is a sign for 微: it must not become the handle's first letter.
_SIGN_OF_WECHAT = re.compile(r"(?<![Ａ-Ｚａ-ｚA-Za-z])[Ⓥⓥ🅥🆅🅅Ｖｖ](?=[A-Za-z0-9])|(?<![Ⓐ-ⓩA-Za-z])[Ⓥⓥ](?![Ⓐ-ⓩ])")

SPOKEN_DIGITS = {
    **dict(zip("零〇洞○一二三四五六七八九", "0000123456789", strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖貳參叄陸幺么拐勾", "12345678923361179", strict=True)),
}
_SPOKEN = {ord(word): digit for word, digit in SPOKEN_DIGITS.items()}
_MISREAD = {ord("O"): "0", ord("o"): "0", ord("l"): "1", ord("I"): "1"}


KEYCAP = "\ufe0f\u20e3"  # what makes a digit a key: 1️⃣
_UNSEEN = re.compile(f"[{INVISIBLE}{KEYCAP}\u115f\u3164\uffa0]")
# 1️⃣ alone before plain digits or words numbers an item of a list.
_NO_KEY_BEFORE = "".join("(?<!\u20e3" + "." * apart + ")" for apart in range(5))
_ITEM_KEY = re.compile(_NO_KEY_BEFORE + "[0-9]\ufe0f?\u20e3(?!.{0,4}[0-9]\ufe0f?\u20e3)(?= ?[0-9])", re.DOTALL)


def without_unseen(text: str) -> tuple[str, list[int] | None]:
    """`text` without what no reader sees (zero width, the key around 1️⃣), and where each of its characters stands.

    The places are None when nothing is left out. A key that numbers an item of a list becomes a mark of the list.
    """
    if _UNSEEN.search(text) is None:
        return text, None
    text = _ITEM_KEY.sub(lambda match: _MARK_OF_LIST + match.group()[1:], text)
    places = [at for at, char in enumerate(text) if not _UNSEEN.match(char)]
    return "".join(text[at] for at in places), places


def plain(text: str) -> str:
    """The face of `text`, of the same length."""
    if _ITEM_NUMBER.search(text):
        text = _NEXT_ITEM_NUMBER.sub(_MARK_OF_LIST, _ITEM_NUMBER.sub(_MARK_OF_LIST, text))
    text = text.replace("扣²", "扣扣")
    return _SIGN_OF_WECHAT.sub("溦", _ITEM_OF_WORDS.sub(_MARK_OF_LIST, text)).translate(_PLAIN)


def spoken(face: str) -> str:
    """`face` with digits read aloud turned into digits, of the same length."""
    return face.translate(_SPOKEN)


def unmisread(digits: str) -> str:
    """`digits` with the letters that scanners put for 0 and 1 (O, o, l, I) turned back."""
    return digits.translate(_MISREAD)
