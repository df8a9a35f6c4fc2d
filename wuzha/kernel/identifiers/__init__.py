"""Identifiers as people write them: cards, accounts, phones, identity numbers, web addresses, messenger handles.

Theory. An identifier is read once, where it enters: `parse_*` cleans what people and machines add (full width,
spaces, dashes, defanging), checks what can be checked without asking anybody (length, check digit, calendar),
and returns one canonical text, so that equality of texts is equality of things and earlier cases are found.
What cannot be checked here is not refused: a BIN table is never complete, so an unknown bank is no fault.
`mask_*` are for screens and logs of people who need not see the whole.
"""

from wuzha.kernel.identifiers.accounts import parse_account
from wuzha.kernel.identifiers.cards import (
    Card,
    CardBank,
    Mending,
    bank_of_card,
    card_banks,
    card_length_fits,
    luhn_digit,
    luhn_ok,
    mend_card,
    parse_card,
)
from wuzha.kernel.identifiers.digits import normalise_digits
from wuzha.kernel.identifiers.handles import HANDLE_KINDS, mask_handle, parse_handle
from wuzha.kernel.identifiers.masks import mask_account, mask_id_number, mask_name, mask_phone
from wuzha.kernel.identifiers.people import id_check_character, parse_id_number
from wuzha.kernel.identifiers.phones import Phone, PhoneKind, parse_phone
from wuzha.kernel.identifiers.urls import host_of_url, parse_url

__all__ = [
    "HANDLE_KINDS",
    "Card",
    "CardBank",
    "Mending",
    "Phone",
    "PhoneKind",
    "bank_of_card",
    "card_banks",
    "card_length_fits",
    "host_of_url",
    "id_check_character",
    "luhn_digit",
    "luhn_ok",
    "mask_account",
    "mask_handle",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "mend_card",
    "normalise_digits",
    "parse_account",
    "parse_card",
    "parse_handle",
    "parse_id_number",
    "parse_phone",
    "parse_url",
]
