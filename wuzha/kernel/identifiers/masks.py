"""Masks: what of an identifier may stand on a screen or in a log of somebody who need not know it whole.

A mask keeps enough to recognise, never enough to use: at most two thirds of the characters, and at most ten, stay.
"""

_STARS = "****"


def mask_account(account: str) -> str:
    """First and last four of a card or account: "6222****1234"; of an e-mail, its first letter and its host."""
    name, at, host = account.partition("@")
    if at and name and host:
        return f"{name[0]}{_STARS}@{host}"
    return _keep(account, 4, 4)


def mask_phone(number: str) -> str:
    """ "138****5678"; public short numbers (95533, 110) are nobody's secret and stay as they are."""
    if len(number) <= 6:
        return number
    return _keep(number, 3, 4)


def mask_id_number(number: str) -> str:
    """The place and the last four of an identity number: "510104****1234" without the birthday between them."""
    return _keep(number, 6, 4) if len(number) >= 15 else _keep(number, 2, 2)


def mask_name(name: str) -> str:
    """The family name only: "张*", "欧阳**", "J*** S***"."""
    words = name.split()
    if name.isascii() and words:
        return " ".join(word[0] + "***" for word in words)
    compact = "".join(words)
    if len(compact) < 2:
        return "*" * len(compact)
    family = 2 if len(compact) > 3 else 1
    return compact[:family] + "*" * (len(compact) - family)


def _keep(text: str, head: int, tail: int) -> str:
    while head + tail > max(len(text) * 2 // 3, 1):
        head, tail = max(head - 1, 0), max(tail - 1, 0)
    return text[:head] + _STARS + (text[-tail:] if tail else "")
