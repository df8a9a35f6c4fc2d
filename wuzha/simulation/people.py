"""Invented people, numbers and accounts. Every number is well-formed and belongs to nobody in particular."""

from random import Random

from wuzha.kernel.identifiers import id_check_character, luhn_digit
from wuzha.partners.protocol import AccountKind
from wuzha.simulation.chance import lognormal, weighted
from wuzha.simulation.ledger import Account
from wuzha.simulation.state import Person
from wuzha.simulation.world import World

DAY_S = 86_400
ACCOUNT_AGE_DAYS_MEDIAN = {AccountKind.PERSONAL: 1_200.0, AccountKind.CORPORATE: 700.0}
RECOGNISED_SHARE = 0.95  # of merchants and crypto sellers whose bank knows what they are

_FAMILY = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩"
    "唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
)
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲华"
    "建国红志鹏云飞雪梅欣怡佳宁浩宇子轩雨桐思远晨曦俊凯海燕春燕晓东立新"
)
# Where victims of this (invented) city live: the police station in charge.
PLACES = ("城西派出所", "湖滨派出所", "东门派出所", "古城派出所", "新区派出所", "北站派出所")
DIVISIONS = ("320205", "320206", "320211", "320213", "320214", "320281")
_CITIES = (
    "深圳", "广州", "东莞", "杭州", "温州", "郑州", "武汉", "长沙", "西安", "昆明", "南宁", "厦门", "福州", "合肥",
    "济南", "石家庄", "哈尔滨", "兰州", "贵阳", "南昌",
)  # fmt: skip
_MOBILE = ("134", "135", "137", "138", "139", "150", "152", "158", "159", "182", "187", "188", "130", "131", "155",
           "156", "185", "186", "133", "153", "177", "180", "181", "189")  # fmt: skip
_TRADES = ["商贸", "科技", "信息咨询", "电子商务", "建材", "文化传媒", "供应链管理", "物流", "服饰", "食品"]
_SHOPS = ["便利店", "餐饮店", "服装店", "五金店", "手机店", "超市", "药店", "茶叶店", "珠宝行", "加油站"]


def name_of(chance: Random) -> str:
    """A person's name."""
    return chance.choice(_FAMILY) + "".join(chance.choices(_GIVEN, k=weighted(chance, (1, 2), (0.25, 0.75))))


def mobile_of(chance: Random) -> str:
    """A mobile number."""
    return chance.choice(_MOBILE) + f"{chance.randrange(10**8):08d}"


def person_of(chance: Random) -> Person:
    """A grown-up of this county."""
    birthday = f"{chance.randint(1955, 2004)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    body = f"{chance.choice(DIVISIONS)}{birthday}{chance.randrange(1000):03d}"
    return Person(name_of(chance), mobile_of(chance), body + id_check_character(body), chance.choice(PLACES))


def bank_for(world: World, chance: Random, kinds: tuple[str, ...] = ("bank",)) -> str:
    """Code of a partner that keeps accounts, by weight."""
    specs = [spec for spec in world.specs.values() if spec.kind in kinds and spec.weight]
    return weighted(chance, specs, [spec.weight for spec in specs]).code


def number_for(world: World, bank: str, kind: AccountKind, chance: Random) -> str:
    """A new account number: a card for persons, a plain number for companies, an id at payment institutions."""
    spec = world.specs[bank]
    if spec.kind == "payment":
        return f"2088{chance.randrange(10**12):012d}"
    if kind is not AccountKind.PERSONAL:
        return f"{chance.randrange(4, 10)}{chance.randrange(10**14):014d}"
    size = spec.card_length - len(spec.card_bin) - 1
    body = f"{spec.card_bin}{chance.randrange(10**size):0{size}d}"
    return body + luhn_digit(body)


def holder_name(kind: AccountKind, chance: Random) -> str:
    """A fitting name of a holder."""
    if kind is AccountKind.PERSONAL or kind is AccountKind.CRYPTO_DEALER:
        return name_of(chance)
    city, word = chance.choice(_CITIES), "".join(chance.choices(_GIVEN, k=2))
    if kind is AccountKind.MERCHANT:
        return f"{city}{word}{chance.choice(_SHOPS)}"
    return f"{city}市{word}{chance.choice(_TRADES)}有限公司"


def open_account(
    world: World, bank: str, kind: AccountKind, opening_minor: int, at: float, chance: Random, *,
    person: Person | None = None,
) -> str:  # fmt: skip
    """Open an account at `bank`; its key. `person`: its holder when it is somebody known already."""
    shown = kind
    if kind in (AccountKind.MERCHANT, AccountKind.CRYPTO_DEALER) and chance.random() >= RECOGNISED_SHARE:
        shown = AccountKind.PERSONAL if kind is AccountKind.CRYPTO_DEALER else AccountKind.CORPORATE
    holder = person or Person(holder_name(kind, chance), mobile_of(chance), "", "")
    personal = kind in (AccountKind.PERSONAL, AccountKind.CRYPTO_DEALER)
    number_kind = AccountKind.PERSONAL if personal else kind
    number = number_for(world, bank, number_kind, chance)
    while f"{bank}:{number}" in world.ledger.accounts:
        number = number_for(world, bank, number_kind, chance)
    age_days = lognormal(chance, ACCOUNT_AGE_DAYS_MEDIAN.get(number_kind, 900.0), 0.8)
    account = Account(
        bank=bank,
        number=number,
        name=holder.name,
        kind=kind,
        shown_kind=shown,
        opened_at=at - min(age_days, 7_000.0) * DAY_S,
        branch=f"{chance.choice(_CITIES)}分行营业部",
        phone=holder.phone,
        id_number=holder.id_number or (person_of(chance).id_number if personal else ""),
    )
    return world.ledger.open(account, opening_minor).key
