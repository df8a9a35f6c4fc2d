"""How numbers and handles are written and broken in the texts of `bench/disguises.py`, and the numbers themselves."""

import random
from collections.abc import Callable, Mapping

from bench.disguise_words import PINYIN
from wuzha.kernel.identifiers.cards import luhn_digit

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BINS = ("622202", "621700", "622848", "621483", "623052", "622588", "622622", "621661", "621226", "621098")
_OF_SIXTEEN = frozenset({"621483", "622588", "622622"})
_PLACES = ("110108", "320106", "440305", "510104", "430102", "370203", "330106", "420111", "610113", "350203")

_FULL = {ord(str(digit)): 0xFF10 + digit for digit in range(10)}
_SPOKEN = dict(zip(map(ord, "0123456789"), "零一二三四五六七八九", strict=True))
_RADIO = dict(zip(map(ord, "0123456789"), "洞幺二三四五六拐八勾", strict=True))
_YAO = _SPOKEN | {ord("1"): "幺"}
_CIRCLE_ZERO = _SPOKEN | {ord("0"): "〇"}
_CAPITAL = dict(zip(map(ord, "0123456789"), "零壹贰叁肆伍陆柒捌玖", strict=True))
_CIRCLED = {ord("0"): "⓪"} | {ord(str(digit)): chr(0x245F + digit) for digit in range(1, 10)}
_KEYCAPS = {ord(str(digit)): f"{digit}\ufe0f\u20e3" for digit in range(10)}
_BOLD = {ord(str(digit)): chr(0x1D7CE + digit) for digit in range(10)}


def some(table: Mapping[int, str], chance: float) -> Callable[[random.Random, str], str]:
    def write(chosen: random.Random, digits: str) -> str:
        return "".join(digit.translate(table) if chosen.random() < chance else digit for digit in digits)

    return write


def every(table: Mapping[int, str | int]) -> Callable[[random.Random, str], str]:
    return lambda _chosen, digits: digits.translate(table)


def misread(chosen: random.Random, digits: str) -> str:
    return "".join(
        {"0": chosen.choice("OOo〇"), "1": chosen.choice("lI")}.get(digit, digit) if chosen.random() < 0.6 else digit
        for digit in digits[1:]
    ).join((digits[0], ""))


WRITINGS: Mapping[str, Callable[[random.Random, str], str]] = {
    "plain": lambda _chosen, digits: digits,
    "full width": every(_FULL),
    "spoken": every(_SPOKEN),
    "spoken, 幺": every(_YAO),
    "spoken, 洞拐勾": every(_RADIO),
    "spoken, 〇": every(_CIRCLE_ZERO),
    "capital": every(_CAPITAL),
    "circled": every(_CIRCLED),
    "keycaps": every(_KEYCAPS),
    "bold": every(_BOLD),
    "some spoken": some(_YAO, 0.35),
    "some full width": some({key: chr(code) for key, code in _FULL.items()}, 0.5),
    "misread": misread,
}
HEARD = frozenset({"spoken", "spoken, 幺", "spoken, 洞拐勾", "spoken, 〇", "capital"})

Cut = Callable[[random.Random, str], list[str]]


def by_sizes(*sizes: int) -> Cut:
    def cut(_chosen: random.Random, number: str) -> list[str]:
        parts, at = [], 0
        for size in sizes:
            parts.append(number[at : at + size])
            at += size
        if at < len(number):
            parts.append(number[at:])
        return [part for part in parts if part]

    return cut


def anyhow(least: int, most: int) -> Cut:
    def cut(chosen: random.Random, number: str) -> list[str]:
        parts, at = [], 0
        while at < len(number):
            size = chosen.randint(least, most)
            if len(number) - at - size < least:
                size = len(number) - at
            parts.append(number[at : at + size])
            at += size
        return parts

    return cut


ONES: Cut = lambda _chosen, number: list(number)  # noqa: E731
HALVES: Cut = lambda _chosen, number: [number[: len(number) // 2], number[len(number) // 2 :]]  # noqa: E731


def digits_of(chosen: random.Random, size: int, first: str = "0123456789") -> str:
    return chosen.choice(first) + "".join(chosen.choice("0123456789") for _ in range(size - 1))


def card(chosen: random.Random) -> str:
    prefix = chosen.choice(_BINS)
    body = prefix + digits_of(chosen, (15 if prefix in _OF_SIXTEEN else 18) - len(prefix))
    return body + luhn_digit(body)


def id_number(chosen: random.Random) -> str:
    body = (
        f"{chosen.choice(_PLACES)}{chosen.randint(1950, 2006)}{chosen.randint(1, 12):02}{chosen.randint(1, 28):02}"
        f"{chosen.randint(1, 999):03}"
    )
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def mobile(chosen: random.Random) -> str:
    return chosen.choice(
        ("138", "139", "150", "159", "186", "177", "131", "152", "188", "199", "166", "173")
    ) + digits_of(chosen, 8)


def handle(chosen: random.Random, *, dash: bool) -> str:
    words = [chosen.choice(PINYIN) for _ in range(chosen.randint(1, 2))]
    tail = chosen.choice(("", "", "vip", "kf", "cs", "zs"))
    number = str(chosen.randint(1, 99999)) if chosen.random() < 0.85 else ""
    joint = chosen.choice(("", "_", "_", "-" if dash else "_"))
    said = "".join(words) + joint + (tail + number if number else f"{tail}{chosen.randint(10, 99)}")
    return (said + "66")[:20] if len(said) < 6 else said[:18]


def full_letters(_chosen: random.Random, said: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in said)


def _bold_letters(_chosen: random.Random, said: str) -> str:
    return "".join(
        chr(0x1D5EE + ord(char) - ord("a"))
        if "a" <= char <= "z"
        else chr(0x1D7EC + int(char))
        if char.isdigit()
        else char
        for char in said
    )


def _circled_letters(_chosen: random.Random, said: str) -> str:
    return "".join(
        chr(0x24D0 + ord(char) - ord("a")) if "a" <= char <= "z" else char.translate(_CIRCLED) for char in said
    )


def tail(table: Mapping[int, str]) -> Callable[[random.Random, str], str]:
    """Digits in words where there are at least two of them together."""

    def write(_chosen: random.Random, said: str) -> str:
        runs, at = [], 0
        while at < len(said):
            end = at
            while end < len(said) and said[end].isdigit() == said[at].isdigit():
                end += 1
            part = said[at:end]
            runs.append(part.translate(table) if part.isdigit() and len(part) > 1 else part)
            at = end
        return "".join(runs)

    return write


def between(mark: str, size: int = 1) -> Callable[[random.Random, str], str]:
    return lambda _chosen, said: mark.join(said[at : at + size] for at in range(0, len(said), size))


def once(mark: str) -> Callable[[random.Random, str], str]:
    def write(chosen: random.Random, said: str) -> str:
        at = chosen.randint(2, len(said) - 2)
        return said[:at] + mark + said[at:]

    return write


HANDLE_WRITINGS: Mapping[str, Callable[[random.Random, str], str]] = {
    "plain": lambda _chosen, said: said,
    "full width": full_letters,
    "bold": _bold_letters,
    "circled": _circled_letters,
    "digits in words": tail(_SPOKEN),
    "digits in capitals": tail(_CAPITAL),
    "letters apart": between(" "),
    "points between": between("."),
    "dots between": between("·"),
    "dashes of threes": between("*", 3),
    "emoji in it": once("🌸"),
    "heart in it": once("❤️"),
    "zero width": between("\u200b"),
    "sign by name": lambda _chosen, said: said.replace("_", "下划线").replace("-", "减号"),
    "spaces at sign": lambda _chosen, said: said.replace("_", " _ "),
    "line at sign": lambda _chosen, said: said.replace("_", "_\n"),
}
