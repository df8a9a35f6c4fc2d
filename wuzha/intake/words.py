"""What extraction says, in the reader's language: kinds of leads, why they were taken for one, ways of paying."""

from collections.abc import Iterable

from django.utils.translation import gettext

from wuzha.intake.leads.words import KIND_WORDS, why_word
from wuzha.kernel.identifiers import HANDLE_KINDS
from wuzha.kernel.refusals import _

CHANNELS: dict[str, str] = {
    "bank": _("bank transfer"),
    "mobile bank": _("mobile bank"),
    "online bank": _("online bank"),
    "ATM": _("cash machine"),
    "counter": _("bank counter"),
    "cash": _("cash"),
    "QR code": _("QR code"),
    "Alipay": _("Alipay"),
    "WeChat Pay": _("WeChat Pay"),
    "UnionPay": _("UnionPay"),
}


def lead_kind_text(kind: str) -> str:
    """A kind of lead."""
    return gettext(KIND_WORDS[kind]) if kind in KIND_WORDS else kind


def handle_choices() -> list[tuple[str, str]]:
    """The kinds of handle with their names, for a select."""
    return [(kind, lead_kind_text(kind)) for kind in HANDLE_KINDS]


def reasons_text(why: Iterable[str]) -> list[str]:
    """Why a lead was taken for one, each reason once."""
    return list(dict.fromkeys(gettext(why_word(one)) for one in why))


def channel_text(channel: str) -> str:
    """A way of paying; the name of a payment institution stays as it is."""
    return gettext(CHANNELS[channel]) if channel in CHANNELS else channel
