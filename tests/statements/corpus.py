"""Statements that no bank ever sent: invented people and sums, written down in the habits of many institutions.

A *house* is how one institution writes: its titles and what stands under each, its marks, days, clocks and sums. The
movements are the same for every house, so that what must be read is known without reading; a house that leaves
something out (a clock, a balance) is known to leave it out. Nothing here is copied from a file of anybody.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

OWN, HOLDER = "6230580000001234567", "陈二"
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - banks print no zone
PEOPLE = (
    ("6222021001000000017", "褚三", "中国工商银行锡州支行", "转账"),
    ("6217001001000000025", "卫四", "中国建设银行", "跨行转账"),
    ("6228480012345678901", "蒋小五", "农业银行", "网银转账"),
    ("", "", "", "ATM取款"),
    ("35310188000012345", "甲贸易有限公司", "光大银行", "货款"),
    ("6214830000001111", "欧阳六", "招商银行", "往来款"),
)


@dataclass(frozen=True)
class Fact:
    """One movement, as it was: what every house writes in its own way."""

    at: datetime
    out: bool
    amount: Decimal
    balance: Decimal
    peer: str
    peer_name: str
    peer_bank: str
    words: str
    serial: str


def facts(seed: int, count: int = 12, decimals: int = 2) -> list[Fact]:
    """Movements of one account, oldest first; no two of one minute, each with a balance that is true."""
    rng = random.Random(seed)
    at, balance, found = datetime(2026, 1, 3, 8, 5, 9), Decimal(10_000), []  # noqa: DTZ001
    for n in range(count):
        at += timedelta(minutes=rng.randint(1, 2_500), seconds=rng.randint(0, 59))
        out = balance > 5_000 and rng.random() < 0.6
        peer, name, bank, words = PEOPLE[rng.randrange(len(PEOPLE))]
        out = out or (not peer and balance > 2_000)
        words = words if peer or out else "现金存款"
        amount = Decimal(rng.randint(100, 200_000 if out else 2_500_000)) / 100
        amount = min(amount, balance - 1) if out else amount
        amount = amount.quantize(Decimal(1).scaleb(-decimals))
        balance += -amount if out else amount
        found.append(Fact(at, out, amount, balance, peer, name, bank, words, f"2026{seed:03d}{n:09d}"))
    return found


FULL = str.maketrans("0123456789.,-+", "０１２３４５６７８９．，－＋")


def plain(value: Decimal) -> str:
    return f"{value:f}"


def thousands(value: Decimal) -> str:
    return f"{value:,f}"


def european(value: Decimal) -> str:
    return f"{value:,f}".replace(",", "\0").replace(".", ",").replace("\0", ".")


def grouped_as_in_india(value: Decimal) -> str:
    whole, _dot, rest = f"{abs(value):f}".partition(".")
    head, tail = whole[:-3], whole[-3:]
    parts = []
    while head:
        parts.insert(0, head[-2:])
        head = head[:-2]
    return ("-" if value < 0 else "") + ",".join([*parts, tail]) + (f".{rest}" if rest else "")


SUMS = {
    "plain": plain,
    "thousands": thousands,
    "european": european,
    "spaced": lambda value: f"{value:,f}".replace(",", " ").replace(".", ","),
    "narrow_spaced": lambda value: f"{value:,f}".replace(",", "\u202f").replace(".", ","),
    "swiss": lambda value: f"{value:,f}".replace(",", "’"),
    "indian": grouped_as_in_india,
    "full": lambda value: f"{value:f}".translate(FULL),
    "yuan": lambda value: f"{value:,f}元",
    "sign": lambda value: f"¥{value:,f}".replace("¥-", "-¥"),
    "behind": lambda value: f"{abs(value):,f}-" if value < 0 else f"{value:,f}",
    "brackets": lambda value: f"({abs(value):,f})" if value < 0 else f"{value:,f}",
    "plus": lambda value: f"{value:+,f}",
    "tabs": lambda value: f"{value:,f}\t",
    "fen": lambda value: str(int(value * 100)),
    "code": lambda value: f"CNY {value:,f}",
    "code_behind": lambda value: f"{value:,f} CNY",
    "trimmed": lambda value: f"{value.normalize():f}",
    "apostrophe": lambda value: f"'{value:f}",
    "formula": lambda value: f'="{value:f}"',
}


@dataclass(frozen=True)
class House:
    """How one institution writes. columns: "title:field" apart by blanks (two blanks inside a title are one)."""

    columns: str
    marks: tuple[str, str] = ("借", "贷")  # out, in
    day: str = "%Y-%m-%d"
    clock: str = "%H:%M:%S"
    time: str = "%Y-%m-%d %H:%M:%S"
    sum: str = "thousands"
    balance: str = ""
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    second: str = ""  # a second line of titles, apart by bars
    newest_first: bool = False
    empty: str = ""  # what stands where nothing is
    out_positive: bool = False  # a card: a plain sum is spending
    currency: str = "CNY"
    decimals: int = 2
    zeros: bool = False  # 0.00 in the column of the other way
    mask: bool = False
    kept: frozenset[str] = frozenset()

    @property
    def titles(self) -> list[str]:
        return [title.replace("_", " ") for title, _field in self.pairs]

    @property
    def fields(self) -> list[str]:
        return [field for _title, field in self.pairs]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(title, field) for title, _colon, field in (one.rpartition(":") for one in self.columns.split())]

    def has(self, *fields: str) -> bool:
        return bool({*fields} & {*self.fields})


def day_text(form: str, at: datetime) -> str:
    """strftime, with %-m and %-d by hand, and "serial" for Excel's number."""
    if form == "serial":
        return str((at - EXCEL_EPOCH).days)
    if form == "serial.time":
        return f"{(at - EXCEL_EPOCH) / timedelta(days=1):.8f}"
    if form == "unix":
        return str(int((at - datetime(1970, 1, 1, 8)).total_seconds()))  # noqa: DTZ001
    if form == "milliseconds":
        return f"{day_text('unix', at)}000"
    for mark, value in (("%-m", at.month), ("%-d", at.day), ("%-H", at.hour)):
        form = form.replace(mark, str(value))
    return at.strftime(form)


def cell_of(house: House, field: str, fact: Fact, number: int) -> str:
    """What a house prints in one cell."""
    write, balance = SUMS[house.sum], SUMS[house.balance or house.sum]
    signed = -fact.amount if fact.out != house.out_positive else fact.amount
    nothing = write(Decimal("0.00")) if house.zeros else house.empty
    payer, payee = ((OWN, HOLDER, "平安银行"), (fact.peer, fact.peer_name, fact.peer_bank))[:: 1 if fact.out else -1]
    written = {
        "day": day_text(house.day, fact.at),
        "clock": day_text(house.clock, fact.at),
        "time": day_text(house.time, fact.at),
        "sum": write(fact.amount),
        "signed": write(signed),
        "tail": f"{write(fact.amount)} {'DR' if fact.out else 'CR'}",
        "in": nothing if fact.out else write(fact.amount),
        "out": write(fact.amount) if fact.out else nothing,
        "-out": write(-fact.amount) if fact.out else nothing,
        "mark": house.marks[0] if fact.out else house.marks[1],
        "balance": balance(fact.balance),
        "peer": masked(fact.peer) if house.mask and fact.peer else fact.peer or house.empty,
        "pname": fact.peer_name or house.empty,
        "pbank": fact.peer_bank or house.empty,
        "ptext": f"{fact.peer_name} {fact.peer}".strip() or house.empty,
        "pslash": f"{fact.peer}/{fact.peer_name}".strip("/") or house.empty,
        "own": OWN,
        "holder": HOLDER,
        "serial": fact.serial,
        "words": fact.words,
        "remark": house.empty,
        "cur": {"CNY": "人民币"}.get(house.currency, house.currency),
        "no": str(number),
        "fr": payer[0], "frname": payer[1], "frbank": payer[2],
        "to": payee[0], "toname": payee[1], "tobank": payee[2],
        "id": "320211199001011234" if fact.peer else house.empty,
        "ok": "成功",
        "zero": write(Decimal("0.00")),
    }  # fmt: skip
    if field.startswith("="):
        return field[1:] or house.empty
    return written[field]


def masked(account: str) -> str:
    return f"{account[:6]}{'*' * (len(account) - 10)}{account[-4:]}"


def grid(house: House, told: list[Fact]) -> list[list[str]]:
    """The whole sheet of a house: what stands above, titles, rows, what stands below."""
    rows = [line.split("|") for line in house.above]
    rows.append(house.titles)
    if house.second:
        rows.append(house.second.split("|"))
    ordered = told[::-1] if house.newest_first else told
    rows += [[cell_of(house, field, fact, n) for field in house.fields] for n, fact in enumerate(ordered, 1)]
    return rows + [line.split("|") for line in house.below]


@dataclass(frozen=True)
class Read:
    """What must be read of one movement."""

    at: str
    way: str
    amount: str
    balance: str
    peer: str
    peer_name: str


def expected(house: House, told: list[Fact]) -> list[Read]:
    """What an officer reads off a house's sheet, in the order in which it is printed."""
    return [_read(house, fact) for fact in (told[::-1] if house.newest_first else told)]


def _read(house: House, fact: Fact) -> Read:
    if house.has("time"):
        form = house.time
        exact = "S" in form or "." in form or form in ("unix", "milliseconds")
    else:
        form, exact = house.clock, "S" in house.clock
        exact = exact or not house.has("clock")
    bare = not house.has("time", "clock") or (house.has("time") and form.endswith(("%d", "日", "serial")))
    at = f"{fact.at:%Y-%m-%d}" if bare else f"{fact.at:%Y-%m-%d %H:%M:%S}" if exact else f"{fact.at:%Y-%m-%d %H:%M:00}"
    quoted = house.has("peer", "ptext", "pslash", "to")
    peer = masked(fact.peer) if house.mask and house.has("peer") and fact.peer else fact.peer
    named = house.has("pname", "ptext", "pslash", "toname")
    return Read(
        at,
        "out" if fact.out else "in",
        f"{fact.amount:f}",
        f"{fact.balance:f}" if house.has("balance") else "-",
        peer if quoted else "",
        fact.peer_name if named else "",
    )


def houses_of(table: dict[str, House]) -> Iterator[tuple[str, House]]:
    yield from table.items()
