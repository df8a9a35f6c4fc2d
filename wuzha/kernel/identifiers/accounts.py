"""Receiving accounts of every sort: cards, corporate accounts, wallets, crypto addresses.

Theory. Where the money went must never fail to be written down because its form is unusual: the form is checked
only as far as needed to make two writings of one account equal and to keep what is no account out (sentences,
markup, control characters). Digits lose their separators; e-mail and 0x addresses are case-blind and become
lower case; base58 and other names keep their case, because there it carries meaning.
"""

import re

from wuzha.kernel.identifiers.digits import narrow, normalise_digits
from wuzha.kernel.refusals import Refusal, _

ACCOUNT_LENGTH_MAX = 64
ACCOUNT_TEXT_LENGTH_MAX = 128
ACCOUNT_DIGITS_MIN = 8
ACCOUNT_DIGITS_MAX = 32

CRYPTO = re.compile(
    r"(?P<evm>0x[0-9a-fA-F]{40})|(?P<tron>T[1-9A-HJ-NP-Za-km-z]{33})"
    r"|(?P<bitcoin>[13][1-9A-HJ-NP-Za-km-z]{25,34}|(?i:bc1)[0-9a-zA-Z]{11,71})"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,40}@[A-Za-z0-9-]{1,30}(?:\.[A-Za-z0-9-]{1,20}){1,4}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:+-]{2,63}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def parse_account(text: str, *, field: str = "account") -> str:
    """The canonical account. Refusal "account.characters", "account.length" or "account.form"."""
    cleaned = narrow(text).strip()
    if _CONTROL.search(text) or re.search(r"[<>&\"'`]", cleaned):
        raise Refusal(
            "account.characters",
            _("An account has letters, digits and . _ @ : + - only. Type it again without other marks."),
            field=field,
        )
    digits = normalise_digits(cleaned)
    if not cleaned or len(text) > ACCOUNT_TEXT_LENGTH_MAX or len(digits) > ACCOUNT_LENGTH_MAX + 10:
        raise _wrong_length(field)
    if digits.isascii() and digits.isdigit():
        if not ACCOUNT_DIGITS_MIN <= len(digits) <= ACCOUNT_DIGITS_MAX:
            raise _wrong_length(field)
        return digits
    joined = re.sub(r"\s", "", cleaned)
    crypto = CRYPTO.fullmatch(joined)
    if crypto:
        return joined if crypto.group("tron") or joined[0] in "13" else joined.lower()
    if _EMAIL.fullmatch(joined):
        return joined.lower()
    if _NAME.fullmatch(joined):
        return joined
    raise Refusal(
        "account.form",
        _("This is no account: type the card or account number, the wallet's e-mail or phone, or the coin address."),
        field=field,
    )


def _wrong_length(field: str) -> Refusal:
    return Refusal(
        "account.length",
        _("An account number has %(least)s to %(most)s digits. Ask for it in groups of four and count them."),
        field=field,
        least=ACCOUNT_DIGITS_MIN,
        most=ACCOUNT_DIGITS_MAX,
    )
