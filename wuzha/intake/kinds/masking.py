"""A narrative without the people in it: what training may keep and show to who looks into its file.

Theory. What extraction finds of kinds that name or reach somebody (PLACES) is replaced by the name of its kind; what
the case itself knows (victim, payers, payees) is replaced wherever it stands; what is left of long rows of digits and
of e-mail addresses goes too, found or not. Amounts, times, banks and platforms stay: they tell the manner of the fraud.
Home addresses and nicknames are not recognised, so a file of decided cases stays the centre's own.
"""

import re
from collections.abc import Collection
from datetime import datetime

from wuzha.intake.leads import Kind, Lead, extract
from wuzha.intake.leads.face import plain

PLACES: dict[Kind, str] = {
    Kind.CARD: "〔卡号〕",
    Kind.ACCOUNT: "〔账号〕",
    Kind.PHONE: "〔电话〕",
    Kind.ID_NUMBER: "〔证件号〕",
    Kind.URL: "〔网址〕",
    Kind.QQ: "〔QQ〕",
    Kind.WECHAT: "〔微信〕",
    Kind.TELEGRAM: "〔电报〕",
    Kind.ALIPAY: "〔支付宝〕",
    Kind.DINGTALK: "〔钉钉〕",
    Kind.ORDER: "〔单号〕",
    Kind.PERSON: "〔姓名〕",
}
OTHER = "〔号码〕"
NAME_LENGTH_MIN = 2
AMOUNT_DIGITS_MAX = 8
# The moment of the call dates "yesterday" and touches no place of a lead: masking one text twice gives the same.
_ANY_MOMENT = datetime(2026, 1, 1)  # noqa: DTZ001 (the wall clock of a caller, as extraction wants it)
_LEFT_OVER = re.compile(r"\d(?:[ -]?\d){6,}[xX]?|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")


def mask(text: str, personal: Collection[str] = ()) -> str:
    """`text` with places for what would tell who it was; `personal`: names and numbers that the case knows."""
    found = extract(text, _ANY_MOMENT)
    leads = [lead for lead in found if lead.kind in PLACES]
    spans = [(lead.start, lead.end, PLACES[lead.kind]) for lead in leads]
    names = {lead.value for lead in leads if lead.kind is Kind.PERSON}
    known = [word for word in {*personal, *names} if len(word) >= NAME_LENGTH_MIN]
    # The plain face is as long as the text, so its places are the text's; full-width digits are digits there.
    face = plain(text)
    for word in known:
        place = PLACES[Kind.PERSON] if not any(mark.isdigit() for mark in word) else OTHER
        spans += [(at.start(), at.end(), place) for at in re.finditer(re.escape(word), face, re.IGNORECASE)]
        spans += [(at.start(), at.end(), place) for at in re.finditer(re.escape(word), text, re.IGNORECASE)]
    kept = {at for lead in found if _stays(lead) for at in range(lead.start, lead.end)}
    spans += [(at.start(), at.end(), OTHER) for at in _LEFT_OVER.finditer(face) if at.start() not in kept]
    parts: list[str] = []
    done = 0
    for start, end, place in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end <= done:
            continue
        if start >= done:
            parts += [text[done:start], place]
        done = end
    return "".join([*parts, text[done:]])


def _stays(lead: Lead) -> bool:
    """A time, or a sum: a longer row of digits is more likely a number that was taken for one."""
    digits = sum(mark.isdigit() for mark in lead.text)
    return lead.kind is Kind.TIME or (lead.kind is Kind.AMOUNT and digits <= AMOUNT_DIGITS_MAX)
