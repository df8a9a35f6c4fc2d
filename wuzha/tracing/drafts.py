"""Files given to a case and not imported yet: taken, read, corrected, removed, imported.

Theory of the states: waiting -> reading -> read or refused; read -> importing -> gone (imported), or read again with
the refusal. A short file is read while the page waits; a long one by a worker, and the page shows how far it is. Who
moves a draft does so by compare-and-set, so two clicks import once.
"""

import hashlib
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from wuzha.intake.models import Case
from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.importing import FILES_MAX, IMPORT_BYTES_MAX, Imported, Upload, import_statements
from wuzha.tracing.models import StatementDraft, StatementTemplate
from wuzha.tracing.statement_reports import concluded, described, glance, refusal_json, tidy
from wuzha.tracing.statements import Template, build_ledger, read_bytes
from wuzha.tracing.statements.accounts import canonical_account, is_number
from wuzha.tracing.statements.meanings import DateOrder, Meaning, Positive
from wuzha.tracing.statements.model import OnProgress, Progress
from wuzha.tracing.statements.templates import dump, load

AT_ONCE_BYTES_MAX = 2**20  # longer files are read by a worker
DRAFTS_PER_CASE_MAX = 100
DRAFT_AGE_H_MAX = 24
TEMPLATES_MAX = 500
TEMPLATE_NAME_MAX = 80
PROGRESS_EVERY_S = 0.5
COLUMNS_NAMED_MAX = 60


def take(
    *,
    case_id: UUID,
    files: Sequence[tuple[str, bytes]],
    bank: str,
    account: str,
    template_id: int | None,
    by: str,
    now: datetime,
) -> list[UUID]:
    """Take files as drafts of a case; returns the ids of those that a worker has to read. Short ones are read here."""
    if not files:
        raise Refusal("draft.none", _("Choose at least one file."), field="files")
    waiting = StatementDraft.objects.filter(case_id=case_id).count()
    if len(files) > FILES_MAX or waiting + len(files) > DRAFTS_PER_CASE_MAX:
        raise Refusal(
            "draft.too_many",
            _("Give at most %(files)s files at once, and import or remove what waits."),
            field="files",
            files=FILES_MAX,
        )
    if sum(len(data) for _name, data in files) > IMPORT_BYTES_MAX:
        raise Refusal(
            "draft.too_large",
            _("Give at most %(megabytes)s MB at once."),
            field="files",
            megabytes=IMPORT_BYTES_MAX // 2**20,
        )
    case = Case.objects.get(pk=case_id)
    template = StatementTemplate.objects.filter(pk=template_id).first() if template_id else None
    number = _account(account)
    drafts = [
        StatementDraft(
            id=uuid4(), case=case, name=_name(name), sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data),
            data=data, bank=bank[:32], account=number, template=template, state="waiting", by=by, at=now,
        )
        for name, data in files
    ]  # fmt: skip
    StatementDraft.objects.bulk_create(drafts)
    for draft in drafts:
        if draft.size_bytes <= AT_ONCE_BYTES_MAX:
            read_draft(draft.id)
    return [draft.id for draft in drafts if draft.size_bytes > AT_ONCE_BYTES_MAX]


def forget_old(*, now: datetime) -> None:
    """Forget drafts that nobody imported within DRAFT_AGE_H_MAX."""
    StatementDraft.objects.filter(at__lt=now - timedelta(hours=DRAFT_AGE_H_MAX)).delete()


def _name(name: str) -> str:
    plain = "".join(mark for mark in name if mark.isprintable() and mark not in '<>"/\\')
    return plain[-200:].strip() or "file"


def _account(text: str) -> str:
    number = canonical_account(text)[:64]
    if number and not is_number(number):
        raise Refusal(
            "draft.account", _("Enter the account number of the statement, or leave it empty."), field="account"
        )
    return number


def read_draft(draft_id: UUID) -> None:
    """Read one draft and keep what was recognised, or why it cannot be read. Harmless when it is gone."""
    if not StatementDraft.objects.filter(pk=draft_id).exclude(state="importing").update(state="reading", rows_done=0):
        return
    draft = StatementDraft.objects.select_related("template").get(pk=draft_id)
    data = bytes(draft.data)
    try:
        upload = _upload(draft)
        found = read_bytes(
            upload.name, data, template=upload.template, account=upload.account, on_progress=_note([draft_id])
        )
    except Refusal as refusal:
        seen = glance(draft.name, data)
        StatementDraft.objects.filter(pk=draft_id).update(
            state="refused",
            refusal=tidy(refusal_json(refusal)),
            report=tidy({"glance": seen} if seen else {}),
            data=data if seen else b"",
        )
        return
    report = {"tables": described(found), "ledger": concluded(build_ledger(found))}
    StatementDraft.objects.filter(pk=draft_id).update(state="read", report=tidy(report), refusal=None)


def _upload(draft: StatementDraft) -> Upload:
    kept = draft.correction or (draft.template.body if draft.template else "")
    return Upload(draft.name, bytes(draft.data), draft.bank, draft.account, load(kept) if kept else None)


def _note(draft_ids: Sequence[UUID]) -> OnProgress:
    """Write now and then how far a long read is."""
    last = [time.monotonic()]

    def note(progress: Progress) -> None:
        if time.monotonic() - last[0] >= PROGRESS_EVERY_S:
            last[0] = time.monotonic()
            StatementDraft.objects.filter(pk__in=draft_ids).update(
                rows_done=progress.rows_done, rows_estimate=max(progress.rows_estimate, progress.rows_done)
            )

    return note


def correct(
    *, draft_id: UUID, case_id: UUID, posted: Mapping[str, str], by: str, now: datetime
) -> StatementTemplate | None:
    """Read a draft again with what a person says: bank, account, and the meaning of each column ("col-<n>").

    Returns the template when one was saved under posted["save_as"].
    """
    draft = _draft(draft_id, case_id)
    values = {"account": _account(posted.get("account", "")), "bank": posted.get("bank", "")[:32]}
    saved = None
    columns = _columns(posted)
    if columns:
        template = _template(draft, columns, posted)
        values["correction"] = dump(template)
        saved = _save(posted.get("save_as", ""), values["correction"], by, now)
    StatementDraft.objects.filter(pk=draft.pk).update(**values)
    read_draft(draft.pk)
    return saved


def _draft(draft_id: UUID, case_id: UUID) -> StatementDraft:
    draft = StatementDraft.objects.filter(pk=draft_id, case_id=case_id).first()
    if draft is None:
        raise Refusal("draft.gone", _("This file is not here any more. Give it again."))
    if draft.state in ("reading", "importing"):
        raise Refusal("draft.busy", _("This file is being read; wait a moment."))
    return draft


def _columns(posted: Mapping[str, str]) -> dict[Meaning, list[int]]:
    columns: dict[Meaning, list[int]] = {}
    for position in range(COLUMNS_NAMED_MAX):
        meaning = posted.get(f"col-{position}", "")
        if meaning in list(Meaning) and meaning != Meaning.OTHER:
            columns.setdefault(Meaning(meaning), []).append(position)
    return columns


def _template(draft: StatementDraft, columns: Mapping[Meaning, Sequence[int]], posted: Mapping[str, str]) -> Template:
    """The template that a person's choice of columns makes; conventions not chosen stay as they were."""
    table = (draft.report.get("tables") or [draft.report.get("glance") or {}])[0]
    header = tuple(table.get("header") or ())
    chosen = [place for places in columns.values() for place in places]
    named = bool(table.get("header_line")) and all(
        place < len(header) and header[place] and header.index(header[place]) == place for place in chosen
    )
    titles: dict[Meaning, tuple[str | int, ...]] = {
        meaning: tuple(header[p] if named else p + 1 for p in places) for meaning, places in columns.items()
    }
    positive, order = posted.get("positive", ""), posted.get("date_order", "")
    return Template(
        name=draft.name[:TEMPLATE_NAME_MAX],
        header=header if named else (),
        columns=titles,
        positive=Positive(positive) if positive in list(Positive) else Positive.IN,
        date_order=DateOrder(order) if order in list(DateOrder) else None,
    )


def _save(name: str, body: str, by: str, now: datetime) -> StatementTemplate | None:
    name = name.strip()[:TEMPLATE_NAME_MAX]
    if not name:
        return None
    if StatementTemplate.objects.count() >= TEMPLATES_MAX:
        raise Refusal(
            "template.many", _("There are %(max)s templates already; replace one of them."), max=TEMPLATES_MAX
        )
    saved, _made = StatementTemplate.objects.update_or_create(name=name, defaults={"body": body, "by": by, "at": now})
    return saved


def remove(*, draft_id: UUID, case_id: UUID) -> None:
    """Forget a draft with its bytes."""
    StatementDraft.objects.filter(pk=draft_id, case_id=case_id).delete()


def is_long(case_id: UUID) -> bool:
    """Whether the drafts of a case take a worker to import."""
    sizes = StatementDraft.objects.filter(case_id=case_id, state="read").values_list("size_bytes", flat=True)
    return sum(sizes) > AT_ONCE_BYTES_MAX


def claim(case_id: UUID) -> int:
    """Mark the readable drafts of a case for importing; returns how many."""
    return StatementDraft.objects.filter(case_id=case_id, state="read").update(state="importing", rows_done=0)


def import_claimed(*, case_id: UUID, by: str, now: datetime) -> Imported | None:
    """Import the claimed drafts of a case, all or none; None when there are none. A Refusal gives them back."""
    drafts = list(
        StatementDraft.objects.filter(case_id=case_id, state="importing")
        .select_related("template")
        .order_by("at", "name")
    )
    if not drafts:
        return None
    ids = [draft.pk for draft in drafts]
    try:
        done = import_statements(
            case_id=case_id, files=[_upload(draft) for draft in drafts], by=by, now=now, on_progress=_note(ids)
        )
    except Refusal as refusal:
        told = tidy(refusal_json(refusal))
        StatementDraft.objects.filter(pk__in=ids).update(state="read", refusal=told)
        raise
    StatementDraft.objects.filter(pk__in=ids).delete()
    return done
