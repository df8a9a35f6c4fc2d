"""What the intake page learns of a narrative while it is typed: leads, payments told, kind of fraud, earlier cases.

Theory. Extraction is pure and knows no reader; here its answers get words, links to earlier cases and the shapes that
the form's fields take. A long text comes in pieces; the kind of fraud is then asked for once, of its beginning.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from wuzha.intake import selectors
from wuzha.intake.kind_selectors import shown
from wuzha.intake.kinds import in_use
from wuzha.intake.leads import ProposedTransfer, extract, lead_to_dict, propose_transfers, transfer_to_dict
from wuzha.intake.rules import NARRATIVE_LENGTH_MAX
from wuzha.intake.words import channel_text, lead_kind_text, reasons_text
from wuzha.kernel.identifiers import HANDLE_KINDS, parse_handle
from wuzha.kernel.refusals import Refusal
from wuzha.partners.selectors import partner_names

KIND_OF = {kind: kind for kind in ("account", "phone", "url", *HANDLE_KINDS)} | {"card": "account"}  # looked up
LEADS_LOOKED_UP_MAX = 200
KINDS_SHOWN = 3
WANTED = ("leads", "kind")

_CLOCK = re.compile(r"\d{4}-\d\d-\d\dT\d\d(:\d\d)?.*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Row = dict[str, Any]


def read_narrative(text: str, wanted: str, *, now: datetime) -> Row:
    """{"leads", "transfers", "fraud_kind"} of a text; `wanted` asks for "leads" (with transfers) or "kind" alone."""
    text = text[:NARRATIVE_LENGTH_MAX]
    answer: Row = {}
    if wanted != "kind":
        found = extract(text, timezone.localtime(now))
        answer["leads"] = _with_cases([lead_to_dict(lead) for lead in found])
        names = partner_names()
        year = str(timezone.localtime(now).year)
        answer["transfers"] = [_transfer(told, names, year) for told in propose_transfers(found, text)]
    if wanted != "leads":
        answer["fraud_kind"] = _kind(text)
    return answer


def _with_cases(leads: list[Row]) -> list[Row]:
    """Leads with their words, and the earlier cases in which victims told the same account, number, link or handle."""
    values = {id(lead): _comparable(lead) for lead in leads if lead["kind"] in KIND_OF}
    earlier = selectors.earlier_of(list(dict.fromkeys(values.values()))[:LEADS_LOOKED_UP_MAX])
    for lead in leads:
        lead["kind_text"] = lead_kind_text(lead["kind"])
        lead["why"] = reasons_text(lead["why"])
        cases = earlier.get(values.get(id(lead), ("", "")), ())
        lead["earlier"] = [{"text": case["number"], "url": reverse("case", args=[case["id"]])} for case in cases]
    return leads


def _comparable(lead: Row) -> tuple[str, str]:
    """Kind and value in the form in which cases keep them."""
    kind = KIND_OF[lead["kind"]]
    value = str(lead.get("extra", {}).get("canonical") or lead["value"])
    if kind in HANDLE_KINDS:
        with suppress(Refusal):
            value = parse_handle(kind, value)
        return kind, value
    return kind, next((canonical for found, canonical in selectors.leads_in(value) if found == kind), value)


def _transfer(told: ProposedTransfer, names: Mapping[str, str], year: str) -> Row:
    row = transfer_to_dict(told)
    row["at"] = _instant(told.time)
    row["when_text"] = _spoken(told.time, year)
    row["channel_text"] = channel_text(told.channel)
    for side in ("payer", "payee"):
        row[f"{side}_bank_text"] = names.get(row[f"{side}_bank"], row[f"{side}_bank"])
    return row


def _instant(time: str) -> str:
    """A told time as the form's field takes it: a day alone begins at midnight, less than a day is no time."""
    if match := _CLOCK.fullmatch(time):
        return time[:16] if match[1] else f"{time[:13]}:00"
    return f"{time}T00:00" if _DAY.fullmatch(time) else ""


def _spoken(time: str, year: str) -> str:
    """A told time as short as it may be: "11-20 15:00" within this year; what is not known is not said."""
    text = time.replace("T", " ") + (":00" if len(time) == len("2026-11-20T15") else "")
    return text.removeprefix(f"{year}-")


def _kind(text: str) -> Row:
    if not text.strip():
        return {"unsure": True, "kinds": []}
    verdict = in_use.classify(text)
    scores = verdict.top(KINDS_SHOWN)
    return {
        "unsure": verdict.is_unsure,
        "kinds": [shown({"kind": one.kind, "p": one.p, "words": one.words}) for one in scores],
    }
