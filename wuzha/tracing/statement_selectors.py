"""What the statements' page reads: drafts as they were understood, and the files that were imported."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from wuzha.control.words import who_text
from wuzha.kernel.identifiers import mask_account
from wuzha.kernel.money import format_minor
from wuzha.partners.selectors import partner_names
from wuzha.tracing.models import LedgerTransfer, StatementDraft, StatementFile, StatementTemplate
from wuzha.tracing.statement_movements import banks_in
from wuzha.tracing.statement_words import lacks_text, meaning_text

FILES_SHOWN_MAX = 200
BUSY = ("waiting", "reading", "importing")

Row = dict[str, Any]


def drafts(case_id: UUID) -> list[Row]:
    """Files of a case that wait to be imported, oldest first."""
    found = (
        StatementDraft.objects.filter(case_id=case_id).select_related("template").defer("data").order_by("at", "name")
    )
    names = partner_names()
    return [_draft(draft, names) for draft in found]


def _draft(draft: StatementDraft, names: Mapping[str, str]) -> Row:
    report = draft.report or {}
    tables = report.get("tables") or []
    ledger = report.get("ledger") or {}
    sample = tables[0] if tables else report.get("glance")
    return {
        "id": draft.id,
        "name": draft.name,
        "kilobytes": max(1, draft.size_bytes // 1024),
        "state": draft.state,
        "busy": draft.state in BUSY,
        "readable": draft.state == "read",
        "refusal": message(draft.refusal) if draft.refusal else "",
        "rows_done": draft.rows_done,
        "rows_estimate": draft.rows_estimate,
        "bank": draft.bank,
        "bank_name": names.get(draft.bank, draft.bank),
        "account": draft.account,
        "template": draft.template.name if draft.template else "",
        "corrected": bool(draft.correction),
        "tables": [_table(table) for table in tables],
        "rows": sum(table["rows"] for table in tables),
        "lacks_account": any("account" in table["lacks"] for table in tables),
        "transfers": ledger.get("transfers", 0),
        "repeats": ledger.get("repeats", 0),
        "merged": ledger.get("merged", 0),
        "gaps": [gap_row(n, gap) for n, gap in enumerate(ledger.get("gaps", ()))],
        "conflicts": [message(one) for one in ledger.get("conflicts", ())],
        "sample": _sample(sample) if sample else None,
    }


def _table(table: Mapping[str, Any]) -> Row:
    header = table["header"]
    return {
        "name": table["sheet"] or table["file"],
        "form": f"{table['form']} {table['encoding']}".strip(),
        "header_line": table["header_line"],
        "rows": table["rows"],
        "first": datetime.fromisoformat(table["first"]) if table["first"] else None,
        "last": datetime.fromisoformat(table["last"]) if table["last"] else None,
        "accounts": [mask_account(account) for account in table["accounts"] if account],
        "lacks": lacks_text(table["lacks"]),
        "skipped": table["skipped"],
        "notes": [message(note) for note in table["notes"]],
        "drift": any(note["code"] == "template_drift" for note in table["notes"]),
        "columns": [
            (meaning_text(meaning), ", ".join(header[p] if p < len(header) and header[p] else str(p + 1) for p in held))
            for meaning, held in sorted(table["columns"].items(), key=lambda one: one[1])
        ],
    }


def _sample(table: Mapping[str, Any]) -> Row:
    """The first lines with what each column was taken for, for the form that corrects it."""
    chosen = {place: meaning for meaning, held in table["columns"].items() for place in held}
    width = max([len(table["header"]), *(len(line) for line in table["preview"])], default=0)
    lines = [[line[p] if p < len(line) else "" for p in range(width)] for line in table["preview"]]
    return {
        "columns": [
            {
                "name": f"col-{p}",
                "title": table["header"][p] if p < len(table["header"]) else "",
                "number": p + 1,
                "meaning": chosen.get(p, ""),
            }
            for p in range(width)
        ],
        "lines": lines,
        "positive": table["positive"],
        "date_order": table["date_order"],
    }


def message(told: Mapping[str, Any]) -> str:
    """A kept template with its values in the reader's language."""
    values = {
        name: gettext(value) if isinstance(value, str) and value else value for name, value in told["values"].items()
    }
    template = told["template"]
    return gettext(template) % values if values else gettext(template)


def gap_row(n: int, gap: Mapping[str, Any]) -> Row:
    """A gap for a table; the account masked."""
    missing = int(gap["missing_minor"])
    return {
        "n": n,
        "account": mask_account(gap["account"]),
        "after_at": datetime.fromisoformat(gap["after_at"]) if gap["after_at"] else None,
        "before_at": datetime.fromisoformat(gap["before_at"]),
        "into": missing > 0,
        "missing": f"{format_minor(abs(missing), gap['currency'])} {gap['currency']}",
        "place": gap["before"],
    }


def files(case_id: UUID) -> list[Row]:
    """Files that became part of a case's ledger, newest first."""
    found = StatementFile.objects.filter(case_id=case_id).order_by("-at", "name")[:FILES_SHOWN_MAX]
    return [
        {
            "id": file.pk,
            "name": file.name,
            "sha256": file.sha256,
            "rows": file.rows,
            "added": file.transfers_added,
            "completed": file.transfers_completed,
            "known": file.notes.get("known", 0),
            "conflicting": file.notes.get("conflicting", 0),
            "by": who_text(file.by),
            "at": file.at,
            "template": next((table["template"] for table in file.mapping if table["template"]), ""),
            "notes": [message(note) for note in file.notes.get("notes", ())],
            "gaps": [gap_row(n, gap) for n, gap in enumerate(file.notes.get("gaps", ()))],
            "conflicts": [message(one) for one in file.notes.get("conflicts", ())],
        }
        for file in found
    ]


def gap_target(case_id: UUID, file_id: int, n: int) -> tuple[str, str, str, datetime] | None:
    """(bank, account, currency, since when) to ask about a gap; None when there is no such gap."""
    file = StatementFile.objects.filter(case_id=case_id, pk=file_id).first()
    gaps = file.notes.get("gaps", ()) if file else ()
    if not 0 <= n < len(gaps):
        return None
    gap = gaps[n]
    banks = banks_in(_keys(case_id))
    since = datetime.fromisoformat(gap["after_at"] or gap["before_at"])
    return banks.get(gap["account"], ""), gap["account"], gap["currency"], since


def _keys(case_id: UUID) -> Iterable[str]:
    for payer, payee in LedgerTransfer.objects.filter(case_id=case_id).values_list("payer", "payee"):
        yield payer
        yield payee


def template_choices() -> list[tuple[str, str]]:
    """(id, name) of the saved templates; "" recognises by itself."""
    names = StatementTemplate.objects.order_by("name").values_list("pk", "name")
    return [("", gettext("Recognise the columns")), *((str(pk), name) for pk, name in names)]
