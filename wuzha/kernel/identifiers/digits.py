"""Digits as typed on Chinese keyboards, pasted from chats, or grouped for reading aloud."""

DASHES = "-‐‑‒–—―−－﹣_"
SPACES = " \t\r\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e"

_FULL_WIDTH = {0xFF10 + i: str(i) for i in range(10)}
_NARROW: dict[int, str | None] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_REMOVED: dict[int, str | None] = {ord(mark): None for mark in DASHES + SPACES + INVISIBLE}
_DIGITS_ONLY = {**_REMOVED, **_FULL_WIDTH}
_UNSEEN: dict[int, str | None] = {ord(mark): None for mark in INVISIBLE}


def normalise_digits(text: str) -> str:
    """`text` with full-width digits narrowed and spaces, dashes and invisible marks removed; nothing else changes."""
    return text.translate(_DIGITS_ONLY)


def narrow(text: str) -> str:
    """`text` with full-width ASCII narrowed and invisible marks removed; its other characters stay."""
    return text.translate(_NARROW).translate(_UNSEEN)


def is_ascii_digits(text: str) -> bool:
    """Whether `text` is one or more of 0-9 and nothing else (str.isdigit accepts superscripts and other scripts)."""
    return text.isascii() and text.isdigit()
