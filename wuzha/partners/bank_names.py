"""What banks are called in files and lists, and whose code a text names."""

from collections.abc import Mapping

from wuzha.kernel.identifiers import card_banks
from wuzha.partners.models import Partner

BANK_NAME_MIN = 2


def bank_names() -> dict[str, str]:
    """What banks are called -> their codes: codes, names and short names of the BIN table and of partners."""
    names: dict[str, str] = {}
    for bank in card_banks().values():
        for name in (bank.name_zh, bank.name_en, *bank.aliases_zh):
            if name:
                names[name] = bank.code
    for partner in Partner.objects.select_related("unit"):
        for name in (partner.unit.name_zh, partner.unit.name_en, partner.code):
            if name:
                names[name] = partner.code
    return names


def bank_of_name(text: str, names: Mapping[str, str]) -> str:
    """Code of the bank that a text like "中国工商银行锡州支行" names: the longest known name in it; "" when none is."""
    found = [name for name in names if len(name) >= BANK_NAME_MIN and name in text]
    return names[max(found, key=lambda name: (len(name), name))] if found else ""
