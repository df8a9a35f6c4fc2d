"""The pages of the grey list: the centre's, and each bank's own part of it.

The centre's people see who stands on it, why, until when and what waits; they let a payment go, stop it for a case,
answer an objection, extend or end a listing. A bank's liaison sees the own bank's listings and no other, tells what
waits there and what the holder says, where no program does it. The attempt to see another bank's is journalled.
"""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wuzha.control import listing_selectors as selectors
from wuzha.control import listings
from wuzha.control.answers import Told, record_answers
from wuzha.control.listing_forms import answer_of
from wuzha.control.models import Order
from wuzha.control.selectors import partner_code
from wuzha.control.words import law_text
from wuzha.journal.append import on_chain
from wuzha.kernel.refusals import Refusal, Refusals
from wuzha.partners.selectors import bank_choices
from wuzha.people.guard import acted, errors_of, needs
from wuzha.people.rules import Can, may

PAGE_DIGITS_MAX = 6
ID_DIGITS_MAX = 18


@needs(Can.SEE_ORDERS)
@require_GET
def grey_list(request: HttpRequest) -> HttpResponse:
    """Who stands on the grey list, what waits soonest first."""
    now = timezone.now()
    context = _listed(request, partner=request.GET.get("bank", "")[:32]) | {
        "figures": selectors.figures(now=now),
        "banks": [("", _("Every bank")), *bank_choices()],
    }
    part = request.GET.get("part") == "rows"
    return render(request, "listings/rows.html" if part else "listings/list.html", context)


def _listed(request: HttpRequest, *, partner: str, whole: bool = False) -> dict[str, Any]:
    show, number = request.GET.get("show", "live"), request.GET.get("page", "1")
    page = max(1, int(number)) if number.isdecimal() and len(number) <= PAGE_DIGITS_MAX else 1
    chosen = {"show": show if show in selectors.SHOWS else "live", "text": request.GET.get("q", "")}
    rows, total = selectors.grey_list(now=timezone.now(), partner=partner, page=page, whole=whole, **chosen)
    pages = max(1, -(-total // selectors.ROWS_PER_PAGE))
    return {
        "rows": rows, "total": total, "page": page, "pages": pages, "show": chosen["show"], "q": chosen["text"],
        "bank": partner, "previous": page - 1 if page > 1 else 0, "next": page + 1 if page < pages else 0,
    }  # fmt: skip


@needs(Can.SEE_ORDERS)
@require_GET
def listing(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One listing: why, by what law, until when, what waits and what the holder says."""
    role, now = request.user.role, timezone.now()
    whole = may(role, Can.ORDER) or may(role, Can.APPROVE)
    try:
        found = selectors.listing_detail(order_id, now=now, whole=whole)
    except Order.DoesNotExist:
        raise Http404 from None
    context = {
        "listing": found,
        "may_release": may(role, Can.RELEASE),
        "may_order": may(role, Can.ORDER),
        "may_report": may(role, Can.TAKE_REPORT),
        "remedy_law": law_text(selectors.REMEDY_LAW),
    }
    part = request.GET.get("part") == "listing"
    return render(request, "listings/body.html" if part else "listings/listing.html", context)


@needs(Can.ORDER, Can.RELEASE)
@require_POST
def act_on_listing(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """End or extend a listing, answer an objection, let a payment go or stop it."""
    do, reason = request.POST.get("do", ""), request.POST.get("reason", "")
    by, now = request.user.by, timezone.now()
    if do not in ("end", "extend", "reject", "pass", "stop") or not selectors.is_listing(order_id):
        raise Http404

    def act() -> str:
        if do == "end":
            listings.end_listing(order_id=order_id, reason=reason, by=by, now=now)
            return _("The bank is told to take it off.")
        if do == "extend":
            listings.extend_listing(order_id=order_id, reason=reason, by=by, now=now)
            return _("The extension waits for an approver.")
        if do == "reject":
            listings.reject_objection(order_id=order_id, reason=reason, by=by, now=now)
            return _("The objection is answered.")
        payment_id = _payment(request, order_id)
        if do == "pass":
            listings.let_go(payment_id=payment_id, reason=reason, by=by, now=now)
            return _("The payment may go.")
        listings.stop_for(payment_id=payment_id, case_id=_case(request), reason=reason, by=by, now=now)
        return _("The stop is ordered.")

    return acted(request, reverse("listing", args=[order_id]), act)


def _payment(request: HttpRequest, order_id: UUID) -> int:
    """The payment that a form names, if it is this listing's."""
    number = request.POST.get("payment", "")
    fine = number.isdecimal() and len(number) <= ID_DIGITS_MAX and selectors.is_payment(order_id, int(number))
    return int(number) if fine else 0


def _case(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("case", ""))
    except ValueError:
        return uuid4()  # no case: refused by the action


@needs(Can.ANSWER)
@require_GET
def own_listings(request: HttpRequest) -> HttpResponse:
    """The own bank's accounts on the list."""
    context = _listed(request, partner=_code(request), whole=True)
    part = request.GET.get("part") == "rows"
    return render(request, "listings/own_rows.html" if part else "listings/own.html", context)


@needs(Can.ANSWER)
@require_http_methods(["GET", "POST"])
def own_listing(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One of them: tell of a payment that waits, what became of it, or what the holder says."""
    code, now = _code(request), timezone.now()
    try:
        found = selectors.listing_detail(order_id, now=now, whole=True, partner=code)
    except Order.DoesNotExist:
        with on_chain(by=request.user.by, now=now) as log:
            log.write("access.refused", f"officer:{request.user.username}", order=str(order_id))
        raise Http404 from None
    values, errors = {"do": "payment"} | request.POST.dict(), {}
    if request.method == "POST":
        try:
            told = Told(code, "standard", answer_of(values, found, now=now))
            receipt = record_answers([told], by=request.user.by, now=now)[0]
            if receipt.status in ("recorded", "duplicate"):
                return acted(request, reverse("own-listing", args=[order_id]), lambda: _("The centre has it."))
            errors = {"form": [_("The centre did not take this answer. Reload the page and answer again.")]}
        except (Refusal, Refusals) as refused:
            errors = errors_of(refused)
    context = {
        "listing": found, "form": {"values": values, "errors": errors}, "answer_id": str(uuid4()),
        "ways": [(kind, _(text)) for kind, text in selectors.WAYS.items()],
        "banks": [("", "—"), *bank_choices()],
    }  # fmt: skip
    return render(request, "listings/own_listing.html", context, status=422 if errors else 200)


def _code(request: HttpRequest) -> str:
    code = partner_code(request.user)
    if not code:
        raise PermissionDenied
    return code
