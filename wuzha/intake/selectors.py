"""What the pages read of cases: plain values, personal data masked."""

import re
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from wuzha.intake.kind_selectors import kind_row, of_kind
from wuzha.intake.models import Case, CaseLink, Lead
from wuzha.intake.rules import bank_code, kinds_alike
from wuzha.intake.words import lead_kind_text
from wuzha.kernel.identifiers import (
    HANDLE_KINDS,
    mask_account,
    mask_handle,
    mask_id_number,
    mask_name,
    mask_phone,
    parse_account,
    parse_card,
    parse_handle,
    parse_phone,
    parse_url,
)
from wuzha.kernel.refusals import Refusal

CASES_PER_PAGE = 50
EARLIER_MAX = 5
LINKS_MAX = 100
JURISDICTIONS_MAX = 200
SEARCH_LENGTH_MAX = 200

Row = dict[str, Any]


def row_of(case: Case) -> Row:
    """One case for a list."""
    return {
        "id": case.id,
        "number": case.number,
        "state": case.state,
        "open": case.state == "open",
        "opened_at": case.opened_at,
        "victim": mask_victim(case),
        "victim_kind": case.victim_kind,
        "jurisdiction": case.jurisdiction,
        "currency": case.currency,
        "reported_minor": case.reported_minor,
        "held_minor": case.held_minor,
        "gone_minor": case.gone_minor,
        "returned_minor": case.returned_minor,
        "risk_minor": case.at_risk_minor,
        "layers": case.layers,
        "source": case.source,
    }


def mask_victim(case: Case) -> str:
    """A person's name is masked; a company's is on its door."""
    return case.victim_name if case.victim_kind == "company" else mask_holder(case.victim_name)


def mask_holder(name: str) -> str:
    """A masked name that does not betray how long it is: "深***"."""
    return re.sub(r"\*{3,}", "***", mask_name(name))


def case_list(
    *, page: int, show: str = "open", text: str = "", kind: str = "", jurisdictions: Collection[str] | None = None
) -> Row:
    """A page of cases, newest first. show: open, closed, all. jurisdictions: only these (None: every).

    text: part of a case number, or an account, phone number or URL of the case, whole.
    kind: a kind of fraud, or kind_selectors.UNDECIDED ("": every).
    """
    cases = Case.objects.all()
    if jurisdictions is not None:
        cases = cases.filter(jurisdiction__in=jurisdictions)
    if show in ("open", "closed"):
        cases = cases.filter(state=show)
    if text.strip():
        cases = _matching(cases, text.strip()[:SEARCH_LENGTH_MAX])
    if kind:
        cases = cases.filter(of_kind(kind))
    page = max(1, page)
    start = (page - 1) * CASES_PER_PAGE
    cases = cases.select_related("fraud_kind").order_by("-opened_at")
    found = list(cases[start : start + CASES_PER_PAGE + 1])
    return {
        "rows": [{**row_of(case), "kind": kind_row(case)} for case in found[:CASES_PER_PAGE]],
        "page": page,
        "previous": page - 1 if page > 1 else None,
        "next": page + 1 if len(found) > CASES_PER_PAGE else None,
    }


def _matching(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    values = {value for _kind, value in leads_in(text)} | handles_in(text) | {text}
    return cases.filter(Q(number__icontains=text) | Q(pk__in=Lead.objects.filter(value__in=values).values("case_id")))


def leads_in(text: str) -> list[tuple[str, str]]:
    """What a typed text can be as a lead: (kind, canonical value) for each reading that fits."""
    readings: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("account", lambda typed: parse_account(typed, field="")),
        ("phone", lambda typed: parse_phone(typed, field="").number),
        ("url", lambda typed: parse_url(typed, field="")),
    )
    found = []
    for kind, read in readings:
        with suppress(Refusal):
            found.append((kind, read(text)))
    return found


def handles_in(text: str) -> set[str]:
    """Every canonical form that a typed text can have as a handle."""
    forms = set()
    for kind in HANDLE_KINDS:
        with suppress(Refusal):
            forms.add(parse_handle(kind, text, field=""))
    return forms


def cases_at_risk(*, limit: int) -> list[Row]:
    """Open cases with the most money at risk, in their own currencies; CNY first since sums of others compare badly."""
    risk = F("reported_minor") - F("held_minor") - F("gone_minor") - F("returned_minor")
    cases = Case.objects.filter(state="open").annotate(risk=risk).filter(risk__gt=0).order_by("-risk")
    return [row_of(case) for case in cases[:limit]]


def jurisdictions_used() -> list[str]:
    """Names of jurisdictions used so far, for the input's suggestions."""
    names = Case.objects.exclude(jurisdiction="").order_by("jurisdiction").values_list("jurisdiction", flat=True)
    return list(names.distinct()[:JURISDICTIONS_MAX])


def earlier_cases(kind: str, value: str) -> list[Row]:
    """Cases in which victims reported the same account, number, URL or handle, newest first, each once."""
    leads = Lead.objects.filter(kind__in=kinds_alike(kind), value=value, source="report").select_related("case")
    cases = {lead.case_id: lead.case for lead in leads.order_by("-seen_at")[: 2 * EARLIER_MAX]}
    return [
        {"id": case.id, "number": case.number, "opened_at": case.opened_at, "kind": kind}
        for case in list(cases.values())[:EARLIER_MAX]
    ]


def earlier_of(wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[Row]]:
    """Cases in which victims reported these leads (kind, canonical value), by lead, newest first."""
    found: dict[tuple[str, str], list[Row]] = {}
    values = {value for _kind, value in wanted}
    leads = Lead.objects.filter(value__in=values, source="report").select_related("case").order_by("-seen_at")
    by_value: dict[str, list[Lead]] = {}
    for lead in leads[: EARLIER_MAX * len(values)]:
        by_value.setdefault(lead.value, []).append(lead)
    for kind, value in wanted:
        alike = kinds_alike(kind)
        cases = {lead.case_id: lead.case for lead in by_value.get(value, ()) if lead.kind in alike}
        found[kind, value] = [{"id": case.id, "number": case.number} for case in list(cases.values())[:EARLIER_MAX]]
    return found


def look(kind: str, text: str) -> Row:
    """What can be said of a value while it is typed: {"value", "bank", "card", "mistyped", "earlier", "refusal"}.

    mistyped: why a number that begins as a bank's cards do cannot be one of them (a Refusal); it may still be filed.

    kind: account, own (the victim's account: no earlier cases), phone, url, or one of HANDLE_KINDS.
    """
    text = text[:SEARCH_LENGTH_MAX]
    answer: Row = {"value": "", "bank": "", "card": None, "mistyped": None, "earlier": [], "refusal": None}
    try:
        if kind == "phone":
            answer["value"] = parse_phone(text, field="").number
        elif kind == "url":
            answer["value"] = parse_url(text, field="")
        elif kind in HANDLE_KINDS:
            answer["value"] = parse_handle(kind, text, field="")
        else:
            answer["value"] = parse_account(text, field="")
            answer["bank"] = bank_code(answer["value"])
            try:
                answer["card"] = parse_card(answer["value"], field="")
            except Refusal as refusal:
                answer["mistyped"] = refusal if answer["bank"] and refusal.code == "card.checksum" else None
    except Refusal as refusal:
        answer["refusal"] = refusal
        return answer
    if kind != "own":
        answer["earlier"] = earlier_cases(kind, answer["value"])
    return answer


def case_facts(case_id: UUID, *, whole_leads: bool = False) -> Row:
    """The head of a case's page; raises Case.DoesNotExist. whole_leads: numbers and handles without masks."""
    case = Case.objects.select_related("fraud_kind").get(pk=case_id)
    payments = [
        {
            "n": payment.n,
            "payer": mask_account(payment.payer_account) if payment.payer_account else "",
            "payee": mask_account(payment.payee_account),
            "payee_name": mask_holder(payment.payee_name),
            "payee_bank": payment.payee_bank,
            "amount_minor": payment.amount_minor,
            "currency": payment.currency,
            "at": payment.at,
        }
        for payment in case.payments.order_by("n")
    ]
    return {
        **row_of(case),
        "kind": kind_row(case),
        "closed_at": case.closed_at,
        "narrative": case.narrative,
        "reported": case.reported,
        "other_sums": {code: amount for code, amount in case.reported.items() if code != case.currency},
        "victim_phone": mask_phone(case.victim_phone) if case.victim_phone else "",
        "victim_id_number": mask_id_number(case.victim_id_number) if case.victim_id_number else "",
        "payments": payments,
        "taken_by": case.taken_by,
        **_told_leads(case, whole_leads),
    }


def _told_leads(case: Case, whole: bool) -> Row:
    """{"numbers", "urls", "handles"} that the victim told; masked unless `whole`."""
    leads = list(case.leads.exclude(kind="account").order_by("id").values_list("kind", "value"))
    shown = [(kind, value if whole else mask_lead(kind, value)) for kind, value in leads]
    return {
        "numbers": [value for kind, value in shown if kind == "phone"],
        "urls": [value for kind, value in shown if kind == "url"],
        "handles": [{"name": lead_kind_text(kind), "value": value} for kind, value in shown if kind in HANDLE_KINDS],
    }


def mask_lead(kind: str, value: str) -> str:
    """A lead for a list; links stay whole, since a mask would hide what they lead to."""
    if kind == "url":
        return value
    if kind == "account":
        return mask_account(value)
    return mask_phone(value) if kind == "phone" else mask_handle(value)


def links_of(case_id: UUID) -> list[Row]:
    """Cases that share a lead with this one, earlier and later, one row a case with what they share."""
    links = CaseLink.objects.filter(Q(case_id=case_id) | Q(earlier_id=case_id)).select_related("case", "earlier")
    cases: dict[UUID, Row] = {}
    for link in links.order_by("-seen_at")[:LINKS_MAX]:
        other = link.earlier if link.case_id == case_id else link.case
        row = cases.setdefault(other.id, {**row_of(other), "shared": []})
        row["shared"].append(
            {"kind": link.kind, "name": lead_kind_text(link.kind), "value": mask_lead(link.kind, link.value)}
        )
    return list(cases.values())


def totals(*, since: datetime | None = None) -> Row:
    """Sums over CNY cases opened since an instant (None: all open ones): reported, held, gone, returned, cases."""
    cases = Case.objects.filter(currency="CNY")
    cases = cases.filter(opened_at__gte=since) if since else cases.filter(state="open")
    sums = cases.aggregate(
        reported=Sum("reported_minor"), held=Sum("held_minor"), gone=Sum("gone_minor"), returned=Sum("returned_minor")
    )
    return {**{name: value or 0 for name, value in sums.items()}, "cases": cases.count()}


def jurisdiction_of(case_id: UUID) -> str:
    """The jurisdiction of a case; raises Case.DoesNotExist."""
    return Case.objects.values_list("jurisdiction", flat=True).get(pk=case_id)
