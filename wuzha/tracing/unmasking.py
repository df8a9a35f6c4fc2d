"""Whose a masked number in a case's ledger is, once the whole number is known. Pure.

Theory. A statement names its far ends with stars (6222****1234); the whole number comes later, with the other bank's
answer or file. A mask becomes the one account that it can be: same currency, no other bank, at least FIRM_VISIBLE_MIN
digits shown, no other account of the case that fits as well, no name that speaks against it. Else it stays what it is.
"""

from collections.abc import Iterable, Mapping

from wuzha.tracing.statements.accounts import FIRM_VISIBLE_MIN, VISIBLE_MIN, is_masked, may_be_same, names_contradict


def parts_of(key: str) -> tuple[str, str, str]:
    """(bank, currency as the key writes it, number) of an account's key."""
    head, _colon, number = key.partition(":")
    bank, _at, currency = head.partition("@")
    return bank, currency, number


def completions(masks: Iterable[str], keys: Iterable[str], names: Mapping[str, str]) -> dict[str, str]:
    """Masked key -> the whole key that it can only be, of all keys of a case. names: of the ends, by key."""
    by_tail: dict[str, list[str]] = {}
    for key in keys:
        if ":" in key and not is_masked(key):
            by_tail.setdefault(key[-VISIBLE_MIN:], []).append(key)
    found = {}
    for mask in masks:
        fitting = [key for key in by_tail.get(mask[-VISIBLE_MIN:], ()) if _fits(mask, key, names)]
        if len(fitting) == 1:
            found[mask] = fitting[0]
    return found


def _fits(mask: str, key: str, names: Mapping[str, str]) -> bool:
    bank, currency, number = parts_of(mask)
    other_bank, other_currency, whole = parts_of(key)
    if currency != other_currency or (bank and bank != other_bank) or not whole.isalnum():
        return False
    if may_be_same(number, whole) < FIRM_VISIBLE_MIN:
        return False
    return not names_contradict(names.get(mask, ""), names.get(key, ""))
