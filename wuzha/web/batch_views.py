"""Batches of accounts: a list given, how far its answers are, one table of them, and that table to take away."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from wuzha.control import batch_selectors as selectors
from wuzha.control.batch_lines import ACCOUNTS_MAX, LINES_MAX
from wuzha.control.batches import make_batch
from wuzha.control.forms import instant
from wuzha.control.kinds import QUERIES
from wuzha.control.models import Batch
from wuzha.control.words import kind_text
from wuzha.journal.append import on_case
from wuzha.kernel.refusals import Refusal
from wuzha.kernel.refusals import _ as msgid
from wuzha.people.guard import errors_of, needs
from wuzha.people.rules import Can, may
from wuzha.tracing.statements.archives import is_archive, tables_of
from wuzha.web.sheets import XLSX, download, sum_cell, workbook
from wuzha.web.statement_views import bounded

LIST_BYTES_MAX = 5 * 2**20
PASTED_LENGTH_MAX = 1_000_000
PARTS = {"progress": "batches/progress.html", "rows": "batches/rows.html"}


@needs(Can.SEE_ORDERS)
@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """All batches, newest first."""
    context = {"batches": selectors.batches(now=timezone.now()), "may_order": may(request.user.role, Can.ORDER)}
    part = request.GET.get("part") == "list"
    return render(request, "batches/list.html" if part else "batches/batches.html", context)


@bounded
@needs(Can.ORDER)
@require_http_methods(["GET", "POST"])
def new_batch(request: HttpRequest) -> HttpResponse:
    """Give a list, pasted or as a file."""
    values = {"kind": "query-holder", "batch_id": str(uuid4()), "case": request.GET.get("case", "")[:40]}
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        values |= request.POST.dict()
        try:
            batch = make_batch(
                batch_id=_id(values["batch_id"]),
                case_number=values["case"],
                kind=values["kind"],
                lines=_lines(request),
                reason=values.get("reason", ""),
                since=instant(values.get("since", ""))
                or timezone.now().replace(hour=0, minute=0, second=0, microsecond=0),
                by=request.user.by,
                now=timezone.now(),
            )
            return redirect("batch", batch.id)
        except Refusal as refusal:
            errors = errors_of(refusal)
    context = {
        "form": {"values": values, "errors": errors},
        "kinds": [(kind, kind_text(kind)) for kind in reversed(QUERIES)],
        "accounts_max": ACCOUNTS_MAX,
    }
    return render(request, "batches/new.html", context, status=422 if errors else 200)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _lines(request: HttpRequest) -> list[str]:
    """The lines of the pasted text, or of the file."""
    file = request.FILES.get("file")
    if file is None:
        pasted = request.POST.get("list", "")
        if len(pasted) > PASTED_LENGTH_MAX:
            raise Refusal("batch.long", msgid("The text is too long; give the list as a file."), field="list")
        return pasted.splitlines()
    if (file.size or 0) > LIST_BYTES_MAX:
        raise Refusal(
            "batch.large",
            msgid("A list has at most %(megabytes)s MB."),
            field="file",
            megabytes=LIST_BYTES_MAX // 2**20,
        )
    data = file.read()
    if is_archive(data):
        raise Refusal("batch.archive", msgid("Unpack the archive and give the list itself."), field="file")
    try:
        tables = tables_of(file.name or "", data)
    except Refusal as refusal:
        raise refusal.at("file") from refusal
    lines: list[str] = []
    for line in [line for table in tables for line in table.lines][: LINES_MAX + 1]:
        lines += [""] * (line.number - 1 - len(lines) if len(tables) == 1 else 0)
        lines.append("\t".join(line.cells))
    return lines


@needs(Can.SEE_ORDERS)
@require_GET
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One batch: how far it is and its answers; `part` asks for one fragment."""
    now = timezone.now()
    context = _context(request, batch_id, now)
    template = PARTS.get(request.GET.get("part", ""), "batches/batch.html")
    return render(request, template, context)


def _context(request: HttpRequest, batch_id: UUID, now: Any) -> dict[str, Any]:
    show, text, number = (request.GET.get(name, "") for name in ("show", "q", "page"))
    show = show if show in selectors.SHOWS else "all"
    page = int(number) if number.isdigit() and 0 < len(number) < 6 and int(number) > 0 else 1
    try:
        found = selectors.batch(batch_id, now=now)
    except Batch.DoesNotExist:
        raise Http404 from None
    rows, total = selectors.answers(batch_id, now=now, show=show, text=text[:80], page=page)
    pages = max(1, -(-total // selectors.ROWS_PER_PAGE))
    return {
        "batch": found, "rows": rows, "total": total, "show": show, "q": text[:80], "page": page, "pages": pages,
        "previous": page - 1, "next": page + 1 if page < pages else 0,
    }  # fmt: skip


@needs(Can.SEE_ORDERS)
@require_GET
def export(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The table of answers as a workbook; numbers and names are whole for who may see personal data."""
    now, whole = timezone.now(), may(request.user.role, Can.UNMASK)
    try:
        found = selectors.batch(batch_id, now=now)
    except Batch.DoesNotExist:
        raise Http404 from None
    rows, _total = selectors.answers(batch_id, now=now, page=0, whole=whole)
    with on_case(found["case_id"], by=request.user.by, now=now) as log:
        log.write("batch.exported", f"batch:{batch_id}", accounts=len(rows), whole=whole)
    header = [
        _("Line"), _("Account"), _("Bank"), _("State"), _("Holder"), _("Kind of holder"), _("Opened"), _("Branch"),
        _("Balance"), _("Currency"), _("Transactions"), _("Sent"), _("Due"), _("Answered"), _("Seconds late"),
        _("Note"),
    ]  # fmt: skip
    answers = [
        (
            row["line"], row["account"], row["bank"], row["word"]["text"], row["holder"], row["kind"], row["opened_at"],
            row["branch"], sum_cell(row["balance_minor"], row["currency"]), row["currency"], row["lines"],
            row["queued_at"], row["due_at"], row["answered_at"], row["late_s"], row["outcome"],
        )
        for row in rows
    ]  # fmt: skip
    bad = [(one["line"], one["text"], one["why"]) for one in found["bad"]]
    sheets: list[Any] = [(_("Answers"), header, answers)]
    if bad:
        sheets.append((_("Unusable lines"), [_("Line"), _("Text"), _("Why")], bad))
    return download(workbook(sheets), XLSX, f"batch-{found['case_number']}-{batch_id.hex[:8]}.xlsx")
