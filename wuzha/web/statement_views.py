"""The statements of a case: giving files, seeing how they were understood, correcting, importing, asking about gaps."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from wuzha.control.actions import order_by_hand
from wuzha.control.rules import Intent
from wuzha.intake.rules import bank_code
from wuzha.intake.selectors import case_facts
from wuzha.kernel.refusals import Refusal
from wuzha.kernel.refusals import _ as msgid
from wuzha.partners.protocol import Kind
from wuzha.partners.selectors import bank_choices
from wuzha.people.guard import acted, errors_of, needs
from wuzha.people.rules import Can, may
from wuzha.tasks import import_statement_drafts, read_statement
from wuzha.tracing import drafts
from wuzha.tracing import statement_selectors as selectors
from wuzha.tracing.importing import IMPORT_BYTES_MAX, Imported
from wuzha.tracing.statement_words import DATE_ORDERS, POSITIVES, meaning_choices
from wuzha.web.case_views import visible

BODY_BYTES_MAX = IMPORT_BYTES_MAX + 2**20
PARTS = {"drafts": "statements/drafts.html", "files": "statements/files.html"}

View = Callable[..., HttpResponse]


def bounded(view: View) -> View:
    """Refuse a body beyond BODY_BYTES_MAX before anything of it is read; the check against forgery follows then."""
    guarded = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def measured(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > BODY_BYTES_MAX:
            return HttpResponse(_("This is too large to be sent at once."), status=413, content_type="text/plain")
        return guarded(request, *args, **kwargs)

    return measured


@bounded
@needs(Can.IMPORT)
@require_http_methods(["GET", "POST"])
def statements(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The page; a post gives files."""
    visible(request, case_id)
    part = request.GET.get("part", "")
    if request.method == "GET" and part in PARTS:
        return render(request, PARTS[part], _context(request, case_id))
    form: dict[str, Any] = {"values": {}, "errors": {}}
    if request.method == "POST":
        try:
            return _take(request, case_id)
        except Refusal as refusal:
            form = {"values": request.POST.dict(), "errors": errors_of(refusal)}
    context = _context(request, case_id) | {"form": form}
    return render(request, "statements/statements.html", context, status=422 if form["errors"] else 200)


def _context(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    waiting = selectors.drafts(case_id)
    return {
        "case": case_facts(case_id),
        "drafts": waiting,
        "busy": any(draft["busy"] for draft in waiting),
        "importable": sum(draft["transfers"] for draft in waiting if draft["readable"]),
        "ready": bool(waiting) and all(draft["readable"] for draft in waiting),
        "files": selectors.files(case_id),
        "banks": [("", _("As the file says")), *bank_choices()],
        "templates": selectors.template_choices(),
        "meanings": meaning_choices(),
        "positives": [(value.value, _(text)) for value, text in POSITIVES.items()],
        "date_orders": [(str(value), _(text)) for value, text in DATE_ORDERS.items()],
        "may_order": may(request.user.role, Can.ORDER),
    }


def _take(request: HttpRequest, case_id: UUID) -> HttpResponse:
    chosen = request.POST.get("template", "")
    long = drafts.take(
        case_id=case_id,
        files=[(file.name or "", file.read()) for file in request.FILES.getlist("files")],
        bank=request.POST.get("bank", ""),
        account=request.POST.get("account", ""),
        template_id=int(chosen) if chosen.isdigit() and len(chosen) < 10 else None,
        by=request.user.by,
        now=timezone.now(),
    )
    for draft_id in long:
        read_statement.defer(draft_id=str(draft_id))
    return HttpResponseRedirect(reverse("statements", args=[case_id]))


@needs(Can.IMPORT)
@require_POST
def draft(request: HttpRequest, case_id: UUID, draft_id: UUID) -> HttpResponse:
    """Correct or remove one file that waits."""
    visible(request, case_id)
    back = reverse("statements", args=[case_id])
    if request.POST.get("do") == "remove":
        drafts.remove(draft_id=draft_id, case_id=case_id)
        return HttpResponseRedirect(back)

    def act() -> str:
        saved = drafts.correct(
            draft_id=draft_id, case_id=case_id, posted=request.POST.dict(), by=request.user.by, now=timezone.now()
        )
        if saved:
            return _("The file was read again; template “%(name)s” is saved.") % {"name": saved.name}
        return _("The file was read again.")

    return acted(request, back, act)


@needs(Can.IMPORT)
@require_POST
def import_drafts(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Import what waits: at once when it is short, by a worker when it is long."""
    visible(request, case_id)
    back, by = reverse("statements", args=[case_id]), request.user.by
    long = drafts.is_long(case_id)
    if not drafts.claim(case_id):
        messages.error(request, _("No file waits that could be imported."))
        return HttpResponseRedirect(back)
    if long:
        import_statement_drafts.defer(case_id=str(case_id), by=by)
        return HttpResponseRedirect(back)

    def act() -> str:
        return _done(drafts.import_claimed(case_id=case_id, by=by, now=timezone.now()))

    return acted(request, back, act)


def _done(imported: Imported | None) -> str:
    if imported is None:
        return _("Another click has imported these files already.")
    return _("Imported: %(added)s transfers are new, %(completed)s were completed, %(known)s were known.") % {
        "added": imported.added,
        "completed": imported.completed,
        "known": imported.known,
    }


@needs(Can.ORDER)
@require_POST
def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask the bank of an account about a gap: a query for its transactions since the line before the gap."""
    visible(request, case_id)
    numbers = [request.POST.get(name, "") for name in ("file", "gap")]

    def act() -> str:
        if not all(number.isdigit() and len(number) < 10 for number in numbers):
            raise Refusal("gap.gone", msgid("This gap is not here any more."))
        target = selectors.gap_target(case_id, int(numbers[0]), int(numbers[1]))
        if target is None:
            raise Refusal("gap.gone", msgid("This gap is not here any more."))
        bank, account, currency, since = target
        bank = bank or bank_code(account)
        if not bank:
            raise Refusal("gap.bank", msgid("The bank of this account is not known; make the order by hand."))
        order_by_hand(
            case_id=case_id,
            intent=Intent(
                kind=Kind.QUERY_TRANSACTIONS.value, bank=bank, account=account, currency=currency, layer=1, round=1,
                urgent=False, at_stake_minor=1, since=since, why=msgid("A gap in the statement"),
            ),
            by=request.user.by,
            now=timezone.now(),
        )  # fmt: skip
        return _("The bank is asked.")

    return acted(request, reverse("statements", args=[case_id]), act)
