"""The partners of the simulated country: thirty banks, payment institutions, operators, a platform, the 110 room.

Theory. Banks carry Zipf weights (the n-th has weight 1/n), so a handful keep most accounts. How a partner answers is
its mode: the ten largest banks are connected (api), thirteen keep the agreed limits (limits), seven answer by hand
(manual). One bank in three is local. Codes are those of `kernel.identifiers`, prefixes one debit BIN of each bank, so
that a card number made here is recognised by its prefix. Names are real and only names: nothing here is theirs.
"""

from dataclasses import dataclass
from typing import Literal

from wuzha.simulation.chance import draws

PartnerKind = Literal["bank", "payment", "operator", "platform", "clearing", "police"]
Mode = Literal["api", "limits", "manual"]
Dialect = Literal["standard", "numeric4"]

API_BANKS = 10
LIMITS_BANKS = 13
LOCAL_SHARE = 1 / 3
NUMERIC4_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class PartnerSpec:
    """A partner before it has keys and an address. `weight` is its share of accounts, 0 where it keeps none."""

    code: str
    name_zh: str
    name_en: str
    kind: PartnerKind
    mode: Mode
    dialect: Dialect = "standard"
    local: bool = False
    weight: float = 0.0
    card_bin: str = ""
    card_length: int = 0


# code, Chinese name, English name, debit BIN, card length; from the largest to the smallest.
_BANKS = (
    ("ICBC", "中国工商银行", "ICBC", "620058", 19),
    ("CCB", "中国建设银行", "China Construction Bank", "436742", 19),
    ("ABC", "中国农业银行", "Agricultural Bank of China", "621336", 19),
    ("BOC", "中国银行", "Bank of China", "621041", 19),
    ("PSBC", "中国邮政储蓄银行", "Postal Savings Bank of China", "621095", 19),
    ("COMM", "交通银行", "Bank of Communications", "621069", 19),
    ("CMB", "招商银行", "China Merchants Bank", "621276", 16),
    ("CITIC", "中信银行", "China CITIC Bank", "433670", 16),
    ("SPDB", "上海浦东发展银行", "Shanghai Pudong Development Bank", "621351", 16),
    ("CIB", "兴业银行", "Industrial Bank", "622908", 18),
    ("CMBC", "中国民生银行", "China Minsheng Bank", "415599", 16),
    ("CEB", "中国光大银行", "China Everbright Bank", "621489", 16),
    ("SPABANK", "平安银行", "Ping An Bank", "602907", 16),
    ("GDB", "广发银行", "China Guangfa Bank", "621462", 19),
    ("HXBANK", "华夏银行", "Hua Xia Bank", "621222", 16),
    ("BJBANK", "北京银行", "Bank of Beijing", "621030", 16),
    ("SHBANK", "上海银行", "Bank of Shanghai", "621005", 18),
    ("JSBANK", "江苏银行", "Bank of Jiangsu", "621076", 19),
    ("NBBANK", "宁波银行", "Bank of Ningbo", "621418", 19),
    ("NJCB", "南京银行", "Bank of Nanjing", "621259", 16),
    ("CZBANK", "浙商银行", "China Zheshang Bank", "621019", 19),
    ("HSBANK", "徽商银行", "Huishang Bank", "621775", 19),
    ("CDCB", "成都银行", "Bank of Chengdu", "621482", 19),
    ("HZCB", "杭州银行", "Bank of Hangzhou", "622878", 18),
    ("CSCB", "长沙银行", "Bank of Changsha", "621446", 19),
    ("CRCBANK", "重庆农村商业银行", "Chongqing Rural Commercial Bank", "621258", 16),
    ("BOHAIB", "渤海银行", "China Bohai Bank", "621268", 16),
    ("TCCB", "天津银行", "Bank of Tianjin", "621452", 18),
    ("SCRCU", "四川省农村信用社", "Sichuan Rural Credit", "621033", 19),
    ("SHRCB", "上海农村商业银行", "Shanghai Rural Commercial Bank", "623162", 19),
)

_OTHERS = (
    PartnerSpec("ALIPAY", "支付宝", "Alipay", "payment", "api", weight=0.30),
    PartnerSpec("TENPAY", "财付通", "Tenpay", "payment", "api", weight=0.25),
    PartnerSpec("LAKALA", "拉卡拉", "Lakala", "payment", "limits", weight=0.05),
    PartnerSpec("NUCC", "网联清算", "NetsUnion Clearing", "clearing", "api"),
    PartnerSpec("CMCC", "中国移动", "China Mobile", "operator", "api"),
    PartnerSpec("CUCC", "中国联通", "China Unicom", "operator", "limits"),
    PartnerSpec("CTCC", "中国电信", "China Telecom", "operator", "limits"),
    PartnerSpec("TENCENT", "腾讯", "Tencent", "platform", "limits"),
    PartnerSpec("P110", "110接警台", "110 call room", "police", "api", local=True),
)


def partner_list(seed: int) -> list[PartnerSpec]:
    """All partners, banks first and largest first; which are local and which speak numeric codes follows `seed`."""
    banks = []
    for place, (code, name_zh, name_en, card_bin, card_length) in enumerate(_BANKS):
        chance = draws(seed, "partner", code)
        mode: Mode = "api" if place < API_BANKS else "limits" if place < API_BANKS + LIMITS_BANKS else "manual"
        banks.append(
            PartnerSpec(
                code,
                name_zh,
                name_en,
                "bank",
                mode,
                dialect="numeric4" if chance.random() < NUMERIC4_SHARE else "standard",
                local=chance.random() < LOCAL_SHARE,
                weight=1 / (place + 1),
                card_bin=card_bin,
                card_length=card_length,
            )
        )
    return [*banks, *_OTHERS]
