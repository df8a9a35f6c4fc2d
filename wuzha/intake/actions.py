"""Taking a report, linking it to earlier cases, deciding its kind of fraud, closing a case.

The way of a report: rules.check reads it, one transaction stores case, payments, leads and links and writes
"report.filed"; the reactions to that event (authorisation, first orders) run in the same transaction, so the orders
are on their way when the page says "saved".
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from wuzha.intake.kinds import in_use
from wuzha.intake.kinds.fraud_kinds import KindVerdict, kinds_on
from wuzha.intake.models import Case, CaseLink, FraudKind, Lead, ReportedPayment
from wuzha.intake.rules import LEAD_VALUE_LENGTH_MAX, CheckedReport, check, kinds_alike
from wuzha.intake.rules import Lead as FoundLead
from wuzha.journal.append import Log, on_case, on_chain
from wuzha.journal.rows import in_one_trip, insert_rows, read_rows
from wuzha.kernel.refusals import Refusal, Refusals, _
from wuzha.partners.protocol import Report

LINKS_PER_LEAD_MAX = 20
KINDS_PROPOSED = 3
FAULTS_NOTED_MAX = 50
UNMASKABLE = ("victim_name", "victim_phone", "victim_id_number", "leads")


def file_report(
    *, case_id: UUID, report: Report, by: str, now: datetime, source: str = "desk", fraud_kind: str = ""
) -> tuple[Case, bool]:
    """Make a case of a report; returns (case, made). The same id and report again gives the same case.

    fraud_kind: the kind that the officer chose; "" leaves it undecided, with a proposal out of the narrative.

    Refusals: faults of the form, all at once (also noted in the journal). Refusal "report.conflict": the id was used
    for another report.
    """
    try:
        checked = check(report, now=now)
    except Refusals as refusals:
        note_refused(refusals, by=by, now=now, source=source)
        raise
    if fraud_kind:
        _check_kind(fraud_kind, now)
    verdict = in_use.classify(checked.narrative) if checked.narrative.strip() else None
    with on_case(case_id, by=by, now=now) as log:
        for earlier in read_rows(Case, "WHERE t.id = %s", [case_id]):
            if bytes(earlier.digest) != checked.digest:
                raise Refusal("report.conflict", _("This report id was used for another report; open a new one."))
            return earlier, False
        case = _store(case_id, checked, report.external_id, by, now, source)
        _lead_rows(log, case, checked.leads, "report")
        log.write("report.filed", f"case:{case_id}", number=case.number, reported=case.reported, source=source)
        _propose_kind(case, verdict)
        if fraud_kind:
            _decide(log, case_id, fraud_kind)
    return read_rows(Case, "WHERE t.id = %s", [case_id])[0], True


def note_refused(refusals: Refusals, *, by: str, now: datetime, source: str) -> None:
    """Note that a report was refused and why; what was typed stays with the one who typed it."""
    with on_chain(by=by, now=now) as log:
        log.write("report.refused", codes=[one.code for one in refusals.refusals][:FAULTS_NOTED_MAX], source=source)


def _store(case_id: UUID, checked: CheckedReport, external_id: str, by: str, now: datetime, source: str) -> Case:
    reported = checked.reported()
    currency = next(iter(reported), "CNY")
    case = Case(
        id=case_id,
        number=_next_number(now),
        opened_at=now,
        touched_at=now,
        taken_by=by,
        source=source,
        external_id=external_id,
        digest=checked.digest,
        jurisdiction=checked.jurisdiction,
        victim_kind=checked.victim_kind,
        victim_name=checked.victim_name,
        victim_phone=checked.victim_phone,
        victim_id_number=checked.victim_id_number,
        narrative=checked.narrative,
        currency=currency,
        reported_minor=reported.get(currency, 0),
        reported=reported,
    )
    payments = [
        ReportedPayment(
            case=case,
            n=n,
            payer_bank=payment.payer_bank,
            payer_account=payment.payer_account,
            payer_name=payment.payer_name,
            payee_bank=payment.payee_bank,
            payee_account=payment.payee_account,
            payee_name=payment.payee_name,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            at=payment.at,
            channel=payment.channel,
        )
        for n, payment in enumerate(checked.payments)
    ]
    with in_one_trip():
        insert_rows([case])
        insert_rows(payments)
    return case


def _next_number(now: datetime) -> str:
    """Case number XF<day>-<n>: n from a sequence of the database, so that no two desks wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('intake_case_number')")
        return f"XF{timezone.localtime(now):%Y%m%d}-{cursor.fetchone()[0]:06d}"


def _lead_rows(log: Log, case: Case, leads: tuple[FoundLead, ...], source: str) -> None:
    """Store leads that the case does not have yet and link the case to earlier ones that share them."""
    rows = [
        Lead(case=case, kind=lead.kind, value=lead.value[:LEAD_VALUE_LENGTH_MAX], source=source, seen_at=log.now)
        for lead in leads
    ]
    insert_rows(rows, ignore_conflicts=True)
    values: dict[str, list[str]] = {}
    for row in rows:
        values.setdefault(row.kind, []).append(row.value)
    links: dict[tuple[UUID, str, str], CaseLink] = {}
    for kind, mine in values.items():
        for case_id, value in _others_with(case, kinds_alike(kind), mine):
            links[case_id, kind, value] = CaseLink(
                case=case, earlier_id=case_id, kind=kind, value=value, seen_at=log.now
            )
    made = CaseLink.objects.bulk_create(links.values(), ignore_conflicts=True)
    if made:
        log.write("case.linked", f"case:{case.id}", count=len(made), kinds=sorted({link.kind for link in made}))


def _others_with(case: Case, kinds: Iterable[str], values: list[str]) -> list[tuple[UUID, str]]:
    """(case, value) of other cases whose reports named one of these values."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id, value FROM intake_lead WHERE kind = ANY(%s) AND value = ANY(%s) AND source = 'report'"
            " AND case_id <> %s LIMIT %s",
            [list(kinds), values, case.id, LINKS_PER_LEAD_MAX * len(values)],
        )
        return list(cursor.fetchall())


def add_leads(log: Log, case: Case, leads: tuple[FoundLead, ...]) -> None:
    """Leads that the chase found on the money's way (accounts of deeper layers)."""
    _lead_rows(log, case, leads, "chase")


def _propose_kind(case: Case, verdict: KindVerdict | None) -> None:
    """Keep what the model in use says of the narrative; without words there is nothing to propose."""
    first = verdict.top(KINDS_PROPOSED) if verdict else ()
    kind = FraudKind(
        case=case,
        proposed_kind=first[0].kind if verdict and not verdict.is_unsure else "",
        proposed=[{"kind": s.kind, "p": round(s.p, 4), "words": list(s.words)} for s in first],
        proposed_by=verdict.by if verdict else "",
        text_digest=hashlib.sha256(case.narrative.encode("utf-8", "surrogatepass")).hexdigest() if verdict else "",
    )
    insert_rows([kind])


def decide_kind(*, case_id: UUID, kind: str, by: str, now: datetime) -> None:
    """An officer decides the kind of fraud of a case, or changes it, also of a closed one; the last word counts.

    kind: a code in force today. Refusal "kind.unknown". The same kind again changes nothing.
    """
    _check_kind(kind, now)
    with on_case(case_id, by=by, now=now) as log:
        _decide(log, case_id, kind)


def _check_kind(kind: str, now: datetime) -> None:
    if kind not in {known.code for known in kinds_on(timezone.localdate(now))}:
        raise Refusal("kind.unknown", _("Choose a kind of fraud from the list."), field="fraud_kind")


def _decide(log: Log, case_id: UUID, kind: str) -> None:
    row, _made = FraudKind.objects.get_or_create(case_id=case_id)
    if row.kind == kind:
        return
    FraudKind.objects.filter(pk=case_id).update(kind=kind, decided_by=log.by, decided_at=log.now)
    log.write(
        "case.kind_decided",
        f"case:{case_id}",
        kind=kind,
        before=row.kind,
        proposed=[one["kind"] for one in row.proposed],
        unsure=not row.proposed_kind,
        proposed_by=row.proposed_by,
    )


def close_case(*, case_id: UUID, reason: str, by: str, now: datetime) -> None:
    """Close an open case; its stops stay until they lapse or are released."""
    if not reason.strip():
        raise Refusal("reason.missing", _("Say why the case is closed."), field="reason")
    with on_case(case_id, by=by, now=now) as log:
        closed = Case.objects.filter(pk=case_id, state="open").update(state="closed", closed_at=now, touched_at=now)
        if not closed:
            raise Refusal("state.case", _("The case is already closed."))
        log.write("case.closed", f"case:{case_id}", reason=reason[:300])


def note_unmasked(*, case_id: UUID, field: str, reason: str, by: str, now: datetime) -> str:
    """Show one masked value and note who looked and why; returns the value ("" for "leads": case_facts has them).

    field: victim_name, victim_phone, victim_id_number, or leads (numbers that called and handles).
    """
    if field not in UNMASKABLE:
        raise Refusal("unmask.field", _("This value cannot be shown."), field="field")
    if len(reason.strip()) < 4:
        raise Refusal("reason.missing", _("Say in a few words why you need to see it."), field="reason")
    with on_case(case_id, by=by, now=now) as log:
        case = Case.objects.get(pk=case_id)
        log.write("personal.unmasked", f"case:{case_id}", field=field, reason=reason[:300])
    return "" if field == "leads" else str(getattr(case, field))
