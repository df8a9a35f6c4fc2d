"""From the fields of the intake page to the protocol's `Report`, and back with every fault beside its field.

Theory. The page posts flat names, "transfers-3-amount", "phones-0", "handles-1-kind"; the numbers only keep apart what
belongs together. Rows without account and amount, and empty numbers, links and handles, are left out; what remains is
numbered from 0, which is how the rules name their faults. The page is always shown again from what was posted, never
from what was understood.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from pydantic import ValidationError

from wuzha.intake.rules import check
from wuzha.kernel.identifiers import HANDLE_KINDS
from wuzha.kernel.refusals import Refusal, Refusals, _
from wuzha.partners.protocol import AccountRef, Report, ReportedTransfer

ROWS_MAX = 200
VALUES_MAX = 100
_FIELD = re.compile(r"transfers-(\d{1,6})-([a-z_]{1,20})")
_VALUE = re.compile(r"(phones|urls|handles)-(\d{1,6})(-kind)?")
_TRANSFER = re.compile(r"^transfers-(\d+)-")
VALUE_KINDS = ("phones", "urls", "handles")
TRANSFER_PARTS = ("payee_account", "payee_bank", "payee_name", "amount", "currency", "at", "payer_account")
PERSON_PARTS = (
    "victim_kind",
    "victim_name",
    "victim_phone",
    "victim_id_number",
    "jurisdiction",
    "narrative",
    "fraud_kind",
)

Row = dict[str, Any]


def posted(post: Mapping[str, str]) -> Row:
    """What was posted, in the shape that the page shows: {"values", "transfers", "phones", "urls", "handles"}."""
    rows: dict[int, Row] = {}
    values: dict[str, dict[int, Row]] = {kind: {} for kind in VALUE_KINDS}
    for name, value in post.items():
        if match := _FIELD.fullmatch(name):
            if match[2] in TRANSFER_PARTS:
                rows.setdefault(int(match[1]), {})[match[2]] = value
        elif match := _VALUE.fullmatch(name):
            values[match[1]].setdefault(int(match[2]), {"value": ""})["kind" if match[3] else "value"] = value
    filled = [
        rows[n] for n in sorted(rows) if rows[n].get("payee_account", "").strip() or rows[n].get("amount", "").strip()
    ]
    return {
        "values": {name: post.get(name, "") for name in PERSON_PARTS},
        "transfers": [{"n": n, **row} for n, row in enumerate(filled[:ROWS_MAX])],
        **{kind: _values([found[n] for n in sorted(found)]) for kind, found in values.items()},
    }


def _values(rows: list[Row]) -> list[Row]:
    return [{"n": n, **row} for n, row in enumerate([row for row in rows if row["value"].strip()][:VALUES_MAX])]


def report_of(form: Row, *, now: datetime) -> Report:
    """The report of a posted form; Refusals for what cannot be written down, with what the rules refuse in the rest."""
    values = form["values"]
    faults: list[Refusal] = []
    if not values["victim_name"].strip():
        faults.append(
            Refusal(
                "victim.name_missing", _("Enter the victim's name; a form of address will do."), field="victim_name"
            )
        )
    transfers = [_transfer(row, now, faults) for row in form["transfers"]]
    try:
        report = Report.model_validate(
            {
                "victim_kind": "company" if values["victim_kind"] == "company" else "person",
                "victim_name": values["victim_name"].strip() or "-",
                "victim_phone": values["victim_phone"].strip(),
                "victim_id_number": values["victim_id_number"].strip(),
                "jurisdiction": values["jurisdiction"].strip(),
                "narrative": values["narrative"],
                "transfers": [transfer for transfer in transfers if transfer],
                "phones": [row["value"].strip() for row in form["phones"]],
                "urls": [row["value"].strip() for row in form["urls"]],
                "handles": [{"kind": _handle_kind(row), "value": row["value"].strip()} for row in form["handles"]],
            }
        )
    except ValidationError as error:
        raise Refusals(faults + [_fault(_field_of(one["loc"])) for one in error.errors()]) from None
    if faults:
        kept = [row["n"] for row, transfer in zip(form["transfers"], transfers, strict=True) if transfer]
        raise Refusals(faults + _faults_of_rules(report, kept, now))
    return report


def _faults_of_rules(report: Report, kept: list[int], now: datetime) -> list[Refusal]:
    """What the rules refuse in a report whose payments are the rows `kept` of the form: all faults are told at once."""
    try:
        check(report, now=now)
    except Refusals as refused:
        told = [one for one in refused.refusals if one.code != "report.empty"]
        return [one.at(_TRANSFER.sub(lambda match: f"transfers-{kept[int(match[1])]}-", one.field)) for one in told]
    return []


def _handle_kind(row: Row) -> str:
    kind = row.get("kind", "")
    return kind if kind in HANDLE_KINDS else HANDLE_KINDS[0]


def _fault(field: str) -> Refusal:
    return Refusal("report.field", _("This entry is too long or has marks that do not belong here."), field=field)


def _field_of(place: tuple[int | str, ...]) -> str:
    return "-".join(str(part) for part in place[:2]) if place[0] in VALUE_KINDS else str(place[0])


def _transfer(row: Row, now: datetime, faults: list[Refusal]) -> ReportedTransfer | None:
    prefix = f"transfers-{row['n']}"
    account, payer = row.get("payee_account", "").strip(), row.get("payer_account", "").strip()
    if not account:
        faults.append(
            Refusal("payment.payee", _("Enter the account that the money went to."), field=f"{prefix}-payee_account")
        )
        return None
    if not row.get("amount", "").strip():
        faults.append(Refusal("payment.amount", _("Enter how much was paid."), field=f"{prefix}-amount"))
        return None
    at = _instant(row.get("at", ""), now)
    if at is None:
        faults.append(Refusal("payment.at", _("Enter day and time of the payment."), field=f"{prefix}-at"))
        return None
    try:
        payee = AccountRef(
            bank=row.get("payee_bank", "").strip(), number=account, name=row.get("payee_name", "").strip()
        )
        return ReportedTransfer(
            payer=AccountRef(number=payer) if payer else None,
            payee=payee,
            amount=row["amount"].strip(),
            currency=row.get("currency", "CNY") or "CNY",
            at=at,
        )
    except ValidationError as error:
        places = {str(part) for one in error.errors() for part in one["loc"]}
        part = next((p for p in ("amount", "currency", "name") if p in places), "payee_account")
        faults.append(_fault(f"{prefix}-{'payee_name' if part == 'name' else part}"))
        return None


def _instant(text: str, now: datetime) -> datetime | None:
    """An instant of a datetime-local input in the centre's time zone; `now` when it was left empty."""
    if not text.strip():
        return now
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def with_errors(form: Row, errors: Mapping[str, list[str]]) -> Row:
    """The posted form with texts of faults beside their fields; the rest under "form"."""
    left = dict(errors)
    for row in form["transfers"]:
        parts = (*TRANSFER_PARTS, "payer_account")
        row["errors"] = {part: texts for part in parts if (texts := left.pop(f"transfers-{row['n']}-{part}", None))}
    for kind in VALUE_KINDS:
        for row in form[kind]:
            row["errors"] = left.pop(f"{kind}-{row['n']}", ())
    known = {name: left.pop(name) for name in PERSON_PARTS if name in left}
    known["form"] = [text for texts in left.values() for text in texts]
    return {**form, "errors": known, "fault_count": sum(len(texts) for texts in errors.values())}


def complete(form: Row, *, now: datetime) -> Row:
    """The form with at least one row of each kind to type in."""
    if not form["transfers"]:
        local = timezone.localtime(now).strftime("%Y-%m-%dT%H:%M")
        form["transfers"] = [{"n": 0, "currency": "CNY", "at": local}]
    for kind in VALUE_KINDS:
        form[kind] = form[kind] or [{"n": 0, "value": ""}]
    return form
