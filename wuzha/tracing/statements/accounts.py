"""Account numbers in statements: one canonical text, masks, and whether two of them may be the same account.

Theory. Banks mask differently (6222****1234, 622202*********1234, *1234, 尾号1234). A mask is a statement about
the digits that stay: *first* ones and *last* ones. Two numbers may be the same when neither contradicts the other;
how much they share says how far one may trust it. A mask with fewer than four visible digits says nothing.
"""

import re
from functools import lru_cache

from wuzha.kernel.identifiers.digits import narrow

VISIBLE_MIN = 4  # visible digits below which a mask names nobody
LENGTH_TOLD_MIN = 9  # four, six or eight stars stand for "something hidden", whatever its length
FIRM_VISIBLE_MIN = 8  # from here on a mask is as good as a number within one case
NUMBER_DIGITS_MIN = 6
ACCOUNT_LENGTH_MAX = 64

_NUMBER_LIKE = re.compile(r"[\dxX*•·●#?\s-]{3,}")
_EXPONENT = re.compile(r"(\d)(?:\.(\d+))?[Ee]\+?(\d{2})")
_TAIL = re.compile(r"(?:尾号|末四位|tail|ending)\D{0,3}(\d{3,6})", re.IGNORECASE)
_RUN = re.compile(r"\*+")


@lru_cache(maxsize=65_536)
def canonical_account(text: str) -> str:
    """One text for one account: narrow, no spaces or dashes, every mask sign a star. Text that is no number stays."""
    plain = narrow(text).strip()[:ACCOUNT_LENGTH_MAX]
    if plain[:1] in ("(", "[") and plain[-1:] in (")", "]"):
        plain = plain[1:-1].strip()
    if tail := _TAIL.search(plain):
        return f"*{tail[1]}"
    if rounded := _EXPONENT.fullmatch(plain):
        shown = rounded[1] + (rounded[2] or "")
        length = int(rounded[3]) + 1
        return shown.ljust(length, "*") if len(shown) <= length <= 32 else plain
    if _NUMBER_LIKE.fullmatch(plain) and not plain.lower().startswith("0x"):
        plain = re.sub(r"[\s-]", "", plain)
        plain = re.sub(r"[xX•·●#?]", "*", plain)
    return plain


def is_masked(account: str) -> bool:
    """Whether some of a canonical account's characters are hidden."""
    return "*" in account


@lru_cache(maxsize=65_536)
def is_number(account: str) -> bool:
    """Whether a canonical account has enough digits to be told from another one."""
    return sum(mark.isdigit() for mark in account) >= NUMBER_DIGITS_MIN


def visible(account: str) -> int:
    """How many characters of a canonical account can be read."""
    return len(account) - account.count("*")


@lru_cache(maxsize=65_536)
def may_be_same(one: str, other: str) -> int:
    """0 when two canonical accounts contradict each other or say nothing; else the visible characters they share."""
    if not one or not other:
        return 0
    if one == other:
        return visible(one) if visible(one) >= VISIBLE_MIN else 0
    if "*" not in one and "*" not in other:
        return 0
    head_one, tail_one = _ends(one)
    head_other, tail_other = _ends(other)
    if not _agree(head_one, head_other) or not _agree(tail_one[::-1], tail_other[::-1]):
        return 0
    if _fixed_length(one) and _fixed_length(other) and len(one) != len(other):
        return 0
    if len(head_one) + len(tail_one) > len(other) and "*" not in other:
        return 0
    shared = min(len(head_one), len(head_other)) + min(len(tail_one), len(tail_other))
    return shared if shared >= VISIBLE_MIN else 0


def _ends(account: str) -> tuple[str, str]:
    """(readable head, readable tail) of an account; a whole number is both."""
    if "*" not in account:
        return account, account
    return account[: account.index("*")], account[account.rindex("*") + 1 :]


def _agree(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _fixed_length(account: str) -> bool:
    """Whether a text's length is that of the account: no stars, or more of them than a mere sign of masking has."""
    runs = _RUN.findall(account)
    return not runs or max(map(len, runs)) >= LENGTH_TOLD_MIN


@lru_cache(maxsize=65_536)
def names_agree(one: str, other: str) -> bool:
    """Whether two names may be the same person's: equal, or equal where neither is masked (张*, *三, 张三)."""
    one, other = plain_name(one), plain_name(other)
    if not one or not other:
        return False
    if one == other:
        return "*" not in one or visible(one) >= 2
    if "*" not in one and "*" not in other:
        return False
    if len(one) == len(other):
        shared = sum(a == b != "*" for a, b in zip(one, other, strict=True))
        return shared > 0 and all(a == b or "*" in (a, b) for a, b in zip(one, other, strict=True))
    head_one, tail_one = _ends(one)
    head_other, tail_other = _ends(other)
    told = min(len(head_one), len(head_other)) + min(len(tail_one), len(tail_other))
    return told >= 2 and _agree(head_one, head_other) and _agree(tail_one[::-1], tail_other[::-1])


@lru_cache(maxsize=65_536)
def names_contradict(one: str, other: str) -> bool:
    """Whether both names are told and cannot be the same person's."""
    return bool(plain_name(one) and plain_name(other)) and not _loosely(plain_name(one), plain_name(other))


def _loosely(one: str, other: str) -> bool:
    if names_agree(one, other) or one in other or other in one:
        return True
    (head_one, tail_one), (head_other, tail_other) = _ends(one), _ends(other)
    return "*" in one + other and _agree(head_one, head_other) and _agree(tail_one[::-1], tail_other[::-1])


@lru_cache(maxsize=65_536)
def plain_name(name: str) -> str:
    """A name for comparison: narrow, no spaces and brackets' signs, mask signs as stars."""
    plain = re.sub(r"[\s()\[\]·.,]", "", narrow(name)).lower()
    if re.search(r"[\u4e00-\u9fff]", plain):
        plain = re.sub(r"[x#?○某]", "*", plain)
    return plain
