"""The liaison's pages: the orders addressed to the own organisation, and answering them from a phone if need be.

Every read goes through the own organisation's code, so another organisation's order does not exist here, whatever id
is asked for; the attempt is journalled by the action that refuses it. What is to be answered stands in the order in
which it saves most now, worked out anew with each look (`tracing.worklist`), each with its reason.
"""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from wuzha.control import selectors
from wuzha.control.answers import Told, record_answers
from wuzha.control.forms import answer_of
from wuzha.control.models import Order
from wuzha.control.words import HOLDER_KINDS, OUTCOMES, choices_of
from wuzha.journal.append import on_chain
from wuzha.kernel.refusals import Refusal, Refusals
from wuzha.people.guard import errors_of, needs
from wuzha.people.rules import Can
from wuzha.tracing.worklist import partner_ranking
from wuzha.web.next_reasons import with_reasons


def _code(request: HttpRequest) -> str:
    code = selectors.partner_code(request.user)
    if not code:
        raise PermissionDenied
    return code


@needs(Can.ANSWER)
@require_GET
def liaison(request: HttpRequest) -> HttpResponse:
    """Orders to the own organisation, what saves most now first."""
    code, now = _code(request), timezone.now()
    show = "answered" if request.GET.get("show") == "answered" else "open"
    rows: Sequence[selectors.Row]
    if show == "answered":
        rows = selectors.partner_answered(code)
    else:
        known = partner_ranking(code, now=now)
        rows = with_reasons(selectors.partner_open(code, list(known)), now=now, known=known)
    context = {"show": show, "rows": rows}
    part = request.GET.get("part") == "rows"
    return render(request, "control/liaison_rows.html" if part else "control/liaison.html", context)


@needs(Can.ANSWER)
@require_http_methods(["GET", "POST"])
def liaison_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order and the form of its answer."""
    code, now = _code(request), timezone.now()
    try:
        order = selectors.partner_order(code, order_id)
    except Order.DoesNotExist:
        _note_stranger(request, order_id)
        raise Http404 from None
    values, errors = {"outcome": "done", "answer_id": str(uuid4())} | request.POST.dict(), {}
    if request.method == "POST":
        try:
            told = Told(code, "standard", answer_of(values, order, now=now))
            receipt = record_answers([told], by=request.user.by, now=now)[0]
            if receipt.status in ("recorded", "duplicate"):
                messages.success(request, _("The answer has arrived at the centre."))
                return redirect("liaison")
            errors = {"form": [_("The centre did not take this answer. Reload the page and answer again.")]}
        except (Refusal, Refusals) as refused:
            errors = errors_of(refused)
    context = {
        "order": order,
        "form": {"values": values, "errors": errors},
        "outcomes": choices_of(OUTCOMES),
        "holder_kinds": choices_of(HOLDER_KINDS),
    }
    return render(request, "control/liaison_order.html", context, status=422 if errors else 200)


def _note_stranger(request: HttpRequest, order_id: UUID) -> None:
    """Somebody asked for an order that is not addressed to the own organisation (or does not exist)."""
    with on_chain(by=request.user.by, now=timezone.now()) as log:
        log.write("access.refused", f"officer:{request.user.username}", order=str(order_id))
