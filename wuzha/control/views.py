"""The control desk's pages: the approval queue, one order with its papers, a new order by hand."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wuzha.control import actions, listings, selectors
from wuzha.control.forms import intent_of
from wuzha.control.kinds import KINDS
from wuzha.control.models import Order
from wuzha.control.resending import resend
from wuzha.control.words import kind_text
from wuzha.intake.models import Case
from wuzha.intake.selectors import case_facts
from wuzha.kernel.money import MINOR_DIGITS
from wuzha.kernel.refusals import Refusal, Refusals
from wuzha.partners.protocol import Kind
from wuzha.partners.selectors import choices
from wuzha.people.guard import acted, errors_of, needs
from wuzha.people.rules import Can, may


@needs(Can.APPROVE)
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for an approver, the most at stake first."""
    now = timezone.now()
    context = {
        "cases": selectors.approval_queue(by=request.user.by, now=now),
        "limits": selectors.limits_offered(now=now),
    }
    part = request.GET.get("part") == "queue"
    return render(request, "control/approval_queue.html" if part else "control/approvals.html", context)


@needs(Can.APPROVE)
@require_POST
def decide(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Approve or decline orders of one case: the posted `order` ids."""
    ids = [UUID(text) for text in request.POST.getlist("order") if _is_id(text)]
    by, now = request.user.by, timezone.now()

    def act() -> str:
        if request.POST.get("do") == "decline":
            reason = request.POST.get("reason", "")
            n = actions.decline_orders(order_ids=ids, case_id=case_id, reason=reason, by=by, now=now)
            return ngettext("%(n)s order is declined.", "%(n)s orders are declined.", n) % {"n": n}
        n = actions.approve_orders(order_ids=ids, case_id=case_id, by=by, now=now)
        return ngettext("%(n)s order is out.", "%(n)s orders are out.", n) % {"n": n}

    return acted(request, reverse("approvals"), act)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@needs(Can.SEE_ORDERS)
@require_GET
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order: where it stands, its papers, every answer."""
    role = request.user.role
    try:
        found = selectors.order_detail(order_id, whole=may(role, Can.ORDER) or may(role, Can.APPROVE))
    except Order.DoesNotExist:
        raise Http404 from None
    context = {
        "order": found,
        "may_release": may(role, Can.RELEASE),
        "may_order": may(role, Can.ORDER),
        "may_approve": may(role, Can.APPROVE),
    }
    part = request.GET.get("part") == "order"
    return render(request, "control/order_body.html" if part else "control/order.html", context)


@needs(Can.ORDER, Can.RELEASE)
@require_POST
def act_on(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Release, extend, withdraw or send again one order, or supply the documents asked for."""
    try:
        found = selectors.order_detail(order_id)
    except Order.DoesNotExist:
        raise Http404 from None
    do, reason = request.POST.get("do", ""), request.POST.get("reason", "")
    by, now = request.user.by, timezone.now()

    def act() -> str:
        if do == "release":
            actions.release_stop(order_id=order_id, reason=reason, by=by, now=now)
            return _("The release is ordered.")
        if do == "extend":
            actions.extend_stop(order_id=order_id, reason=reason, by=by, now=now)
            return _("The extension is ordered.")
        if do == "papers":
            actions.supply_papers(order_id=order_id, note=reason, by=by, now=now)
            return _("The documents are named to the partner.")
        if do == "withdraw":
            actions.withdraw_orders(order_ids=[order_id], case_id=found["case_id"], reason=reason, by=by, now=now)
            return _("The order is taken back.")
        resend(order_id=order_id, by=by, now=now)
        return _("The order is sent again now.")

    return acted(request, reverse("order", args=[order_id]), act)


@needs(Can.ORDER)
@require_http_methods(["GET", "POST"])
def new_order(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """An order by hand; outside the case's authorisation it waits for an approver."""
    try:
        case = case_facts(case_id)
    except Case.DoesNotExist:
        raise Http404 from None
    values = {"kind": "query-transactions", "currency": case["currency"], "layer": "1"} | request.POST.dict()
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            intent = intent_of(values, now=timezone.now())
            lists = intent.kind == Kind.REVIEW_OUTFLOWS.value
            make = listings.list_by_hand if lists else actions.order_by_hand
            made = make(case_id=case_id, intent=intent, by=request.user.by, now=timezone.now())
            return redirect("order", made.id)
        except (Refusal, Refusals) as refused:
            errors = errors_of(refused)
    context = {
        "case": case,
        "form": {"values": values, "errors": errors},
        "kinds": [(kind, kind_text(kind)) for kind, row in KINDS.items() if not row.needs_ref],
        "partners": [("", _("By the number")), *choices()],
        "currencies": [(code, code) for code in MINOR_DIGITS],
    }
    return render(request, "control/new_order.html", context, status=422 if errors else 200)
