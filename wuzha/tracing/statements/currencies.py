"""Currencies as statements name them: codes, Chinese names, signs, ISO numbers and the banks' own two digits.

A name that is not here is kept as written, so that a chain's token never merges with yuan.
"""

from functools import lru_cache

from wuzha.kernel.identifiers.digits import narrow
from wuzha.tracing.statements.limits import REMEMBERED_CELLS_MAX

CURRENCY_LENGTH_MAX = 40

_NAMES = {
    "CNY": "cny rmb cnh 人民币 人民幣 人民币元 人民币(元) 元 圆 ¥ ￥ rmb¥ cny¥ 156 01 1 001 yuan 钞 本币 "
    "人民币现钞 人民币活期",
    "USD": "usd 美元 美金 us$ 840 14 us 美元现汇 美元现钞 $ 美元汇 美元钞",
    "HKD": "hkd 港币 港元 港幣 hk$ 344 13 hk 港币现汇",
    "EUR": "eur 欧元 歐元 € 978 38",
    "GBP": "gbp 英镑 英鎊 £ 826 12",
    "JPY": "jpy 日元 日圆 日圓 jp¥ 392 27",
    "AUD": "aud 澳元 澳大利亚元 a$ 036 29",
    "CAD": "cad 加元 加拿大元 c$ 124 28",
    "SGD": "sgd 新加坡元 新元 s$ 702 18",
    "CHF": "chf 瑞士法郎 756 15",
    "MOP": "mop 澳门元 澳门币 mop$ 446 81",
    "TWD": "twd 新台币 台币 新臺幣 nt$ 901",
    "THB": "thb 泰铢 ฿ 764 84",
    "MYR": "myr 马来西亚林吉特 林吉特 rm 458",
    "KRW": "krw 韩元 韩币 ₩ 410",
    "VND": "vnd 越南盾 ₫ 704",
    "PHP": "php 菲律宾比索 ₱ 608",
    "RUB": "rub 卢布 ₽ 643",
    "AED": "aed 迪拉姆 784",
    "KWD": "kwd 科威特第纳尔 414",
    "INR": "inr ₹ rs. rs 印度卢比 356",
    "BRL": "brl r$ 巴西雷亚尔 986",
    "IDR": "idr rp rp. 印尼盾 印度尼西亚卢比 360",
    "MMK": "mmk ks 缅币 缅元 缅甸元 104",
    "KHR": "khr ៛ 瑞尔 柬埔寨瑞尔 116",
    "LAK": "lak ₭ 基普 老挝基普 418",
    "NZD": "nzd nz$ 新西兰元 纽元 554",
    "SEK": "sek 瑞典克朗 752",
    "DKK": "dkk 丹麦克朗 208",
    "NOK": "nok 挪威克朗 578",
    "PLN": "pln zł 兹罗提 985",
    "CZK": "czk kč 捷克克朗 203",
    "TRY": "try ₺ 土耳其里拉 949",
    "MXN": "mxn mx$ 墨西哥比索 484",
    "ZAR": "zar 南非兰特 710",
    "NGN": "ngn ₦ 奈拉 566",
    "SAR": "sar 沙特里亚尔 682",
    "USDT": "usdt 泰达币 tether",
    "USDC": "usdc",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}
KNOWN = frozenset(_NAMES)
_NOT_MARKS = frozenset({"钞", "1", "01", "001"})


@lru_cache(maxsize=REMEMBERED_CELLS_MAX)
def currency_of(text: str) -> str:
    """Code of a currency cell; a name not known is kept as written (bounded), "" stays ""."""
    plain = narrow(text).strip()
    return _CODES.get(plain.lower().replace(" ", ""), plain[:CURRENCY_LENGTH_MAX])


def currency_of_mark(text: str) -> str:
    """Code of a sign or name standing beside a number, "" when it is none."""
    word = narrow(text).strip().lower()
    return "" if word in _NOT_MARKS or word.isdigit() else _CODES.get(word, "")
