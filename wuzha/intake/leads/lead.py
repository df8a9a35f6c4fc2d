"""A lead: one thing in a narrative that the desk can act on, with the words it came from.

Theory. A lead never replaces the words: it points at them (`start`, `end` are offsets in the text as given, and
`text[start:end] == lead.text` always). `value` is the normalised form, `confidence` a fixed number that the rule
which found it carries (see docs/extraction.md), `why` the names of the signs that spoke for it, so that a person
can judge the judgement. Nothing becomes part of a case before a person confirms it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

TEXT_LENGTH_MAX = 4_000_000  # characters; a longer text is read up to here
LEADS_MAX = 200_000


class Kind(StrEnum):
    """What a lead is. The names are those of `wuzha extract`."""

    CARD = "card"
    ACCOUNT = "account"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    AMOUNT = "amount"
    TIME = "time"
    URL = "url"
    QQ = "qq"
    WECHAT = "wechat"
    TELEGRAM = "telegram"
    ALIPAY = "alipay"
    DINGTALK = "dingtalk"
    ORDER = "order"
    BANK = "bank"
    PLATFORM = "platform"
    APP = "app"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Lead:
    """`value`: amounts as decimal text, times as ISO 8601 cut to the precision known, numbers without separators.

    `extra` by kind - card: bank, bank_name, card_kind, mendings; phone: phone_kind, canonical, extension;
    amount: approximate; time: precision, part_of_day, since and until (the other end of a range); bank: code,
    name_zh; account: coin.
    """

    kind: Kind
    text: str
    start: int
    end: int
    value: str
    confidence: float
    why: tuple[str, ...]
    currency: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)


def lead_to_dict(lead: Lead) -> dict[str, Any]:
    """The lead as plain values for JSON; `currency` and `extra` only where there is something to say."""
    plain: dict[str, Any] = {
        "kind": lead.kind.value,
        "text": lead.text,
        "start": lead.start,
        "end": lead.end,
        "value": lead.value,
        "confidence": lead.confidence,
        "why": list(lead.why),
    }
    if lead.currency:
        plain["currency"] = lead.currency
    if lead.extra:
        plain["extra"] = dict(lead.extra)
    return plain
