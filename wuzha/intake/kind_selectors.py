"""What the pages and the training read of kinds of fraud: one case's, the list's filter, counts, decided texts.

Theory. A case counts as the kind that an officer decided; until then as the proposed one when that was sure; else it
stands under "" (undecided). Whoever shows a figure can therefore say how much of it people have looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from wuzha.intake.kind_words import kind_name
from wuzha.intake.models import Case, FraudKind

UNDECIDED = "undecided"
PERCENT_MAX = 99  # words alone never make it certain
DECIDED_READ_MAX = 1_000_000

Row = dict[str, Any]


def kind_row(case: Case) -> Row:
    """The kind of one case: {"code", "name", "decided", "by", "at", "unsure", "proposed": [...]}.

    Read with select_related("fraud_kind"), or it costs a query. Cases of before kinds were kept have no row.
    """
    try:
        row = case.fraud_kind
    except FraudKind.DoesNotExist:
        row = FraudKind(case=case)
    code = row.kind or row.proposed_kind
    return {
        "code": code,
        "name": kind_name(code) if code else "",
        "decided": bool(row.kind),
        "by": row.decided_by,
        "at": row.decided_at,
        "unsure": not row.proposed_kind,
        "proposed": [shown(one) for one in row.proposed],
    }


def shown(score: Row) -> Row:
    """One proposed kind for a page: {"code", "name", "percent", "words"}."""
    return {
        "code": score["kind"],
        "name": kind_name(score["kind"]),
        "percent": min(round(100 * score["p"]), PERCENT_MAX),
        "words": list(score["words"]),
    }


def of_kind(code: str) -> Q:
    """Cases that count as a kind; UNDECIDED: those that count as none."""
    if code == UNDECIDED:
        return Q(fraud_kind=None) | Q(fraud_kind__kind="", fraud_kind__proposed_kind="")
    return Q(fraud_kind__kind=code) | Q(fraud_kind__kind="", fraud_kind__proposed_kind=code)


def counts_by_kind(*, since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    """Cases opened from `since` to before `until`, by kind ("" for none): (cases, of these decided by an officer)."""
    found: dict[str, tuple[int, int]] = {}
    cases = Case.objects.filter(opened_at__gte=since, opened_at__lt=until)
    for kind, proposed, count in cases.values_list("fraud_kind__kind", "fraud_kind__proposed_kind").annotate(
        count=Count("pk")
    ):
        code = kind or proposed or ""
        cases_so_far, decided = found.get(code, (0, 0))
        found[code] = (cases_so_far + count, decided + (count if kind else 0))
    return found


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided case as training data: its narrative, its kind, and what of people must not leave with it."""

    narrative: str
    kind: str
    personal: tuple[str, ...]


def decided_cases() -> Iterator[Decided]:
    """Every decided case with a narrative, oldest decision first."""
    rows = FraudKind.objects.exclude(kind="").exclude(case__narrative="").order_by("decided_at", "case_id")
    rows = rows.select_related("case").prefetch_related("case__payments")
    for row in rows[:DECIDED_READ_MAX].iterator(chunk_size=500):
        case = row.case
        personal = {case.victim_name, case.victim_phone, case.victim_id_number}
        for payment in case.payments.all():
            personal |= {payment.payer_name, payment.payee_name, payment.payer_account, payment.payee_account}
        yield Decided(case.narrative, row.kind, tuple(sorted(personal - {""}, key=lambda text: (-len(text), text))))
