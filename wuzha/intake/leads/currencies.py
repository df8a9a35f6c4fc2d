"""What money is called: words and signs of currencies, ISO 4217 codes (and the usual ones of coins)."""

_CNY = ("人民币", "RMB", "rmb", "Rmb", "CNY", "cny", "块钱", "块", "元钱", "元", "圆", "大洋", "块大洋", "软妹币")
_NAMED = {
    "USD": ("美元", "美金", "美圆", "美刀", "刀", "USD", "usd", "刀乐"),
    "HKD": ("港币", "港元", "港纸", "港圆", "蚊", "蚊港币", "HKD", "hkd"),
    "EUR": ("欧元", "欧", "EUR", "eur"),
    "GBP": ("英镑", "镑", "GBP", "gbp"),
    "NZD": ("新西兰元", "纽币", "纽刀", "NZD"),
    "JPY": ("日元", "日币", "日圆", "円", "JPY"),
    "KRW": ("韩元", "韩币", "韩圆", "KRW"),
    "THB": ("泰铢", "泰币", "THB"),
    "AUD": ("澳元", "澳币", "澳刀", "澳大利亚元", "AUD"),
    "CAD": ("加元", "加币", "加刀", "加拿大元", "CAD"),
    "SGD": ("新加坡元", "新加坡币", "新币", "坡币", "新刀", "坡刀", "SGD"),
    "TWD": ("新台币", "台币", "台元", "TWD"),
    "MOP": ("澳门元", "澳门币", "葡币", "MOP"),
    "RUB": ("卢布", "RUB"),
    "VND": ("越南盾", "越盾", "VND"),
    "MYR": ("马来西亚林吉特", "林吉特", "令吉", "马币", "MYR"),
    "PHP": ("菲律宾比索", "比索", "披索", "菲币", "PHP"),
    "MMK": ("缅币", "缅元", "MMK"),
    "KHR": ("瑞尔",),
    "CHF": ("瑞士法郎", "法郎", "CHF"),
    "AED": ("迪拉姆", "AED"),
    "INR": ("卢比", "INR"),
    "IDR": ("印尼盾", "印度尼西亚盾", "IDR"),
    "NGN": ("奈拉",),
    "TRY": ("里拉",),
    "BRL": ("雷亚尔",),
    "USDT": ("USDT", "usdt", "Usdt", "USdt", "泰达币", "U币", "个U", "个u", "U", "u"),
    "USDC": ("USDC", "usdc"),
    "BTC": ("比特币", "BTC", "btc"),
    "ETH": ("以太坊", "以太币", "ETH", "eth"),
    "TRX": ("波场币", "TRX", "trx"),
    "FIL": ("FIL币", "FIL"),
    "DOGE": ("狗狗币", "DOGE"),
    "LTC": ("莱特币", "LTC"),
    "BNB": ("BNB", "bnb"),
}
UNITS: dict[str, str] = dict.fromkeys(_CNY, "CNY") | {word: code for code, words in _NAMED.items() for word in words}
COINS = frozenset({"USDT", "USDC", "BTC", "ETH", "TRX", "FIL", "DOGE", "LTC", "BNB"})
SIGNS = {"￥": "CNY", "¥": "CNY", "$": "USD", "€": "EUR", "£": "GBP", "₩": "KRW", "฿": "THB", "₫": "VND", "₮": "USDT"}
SIGN_NAMES = {"US$": "USD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "A$": "AUD", "C$": "CAD", "人民币": "CNY"}
