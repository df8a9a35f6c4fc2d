"""The list of cases and the page of one case, where intake, control and tracing meet."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wuzha.control import actions as control_actions
from wuzha.control import selectors as control
from wuzha.intake import actions as intake_actions
from wuzha.intake import selectors as intake
from wuzha.intake.kind_selectors import UNDECIDED
from wuzha.intake.kind_words import kind_choices
from wuzha.intake.models import Case
from wuzha.kernel.money import MINOR_DIGITS, parse_amount
from wuzha.kernel.refusals import Refusal
from wuzha.people.guard import acted, errors_of, needs
from wuzha.people.rules import Can, may
from wuzha.tracing import selectors as tracing
from wuzha.web.next_reasons import with_reasons
from wuzha.web.timeline import timeline

PARTS = {
    "band": "cases/band.html",
    "accounts": "cases/accounts.html",
    "orders": "cases/orders.html",
    "timeline": "cases/timeline.html",
    "authorisation": "cases/authorisation.html",
    "kind": "cases/kind.html",
}
HOURS_DEFAULT = 48
LAYERS_DEFAULT = 12


def own_jurisdictions(request: HttpRequest) -> tuple[str, ...] | None:
    """Names of the jurisdiction that a reader is bound to; None for who sees every case."""
    if may(request.user.role, Can.SEE_CASES):
        return None
    unit = request.user.unit
    return (unit.name_zh, unit.code) if unit else ()


def visible(request: HttpRequest, case_id: UUID) -> None:
    """404 unless this reader may see the case."""
    bound = own_jurisdictions(request)
    try:
        jurisdiction = intake.jurisdiction_of(case_id)
    except Case.DoesNotExist:
        raise Http404 from None
    if bound is not None and jurisdiction not in bound:
        raise Http404


@needs(Can.SEE_CASES, Can.SEE_OWN_CASES)
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Cases, newest first."""
    show, text = request.GET.get("show", "open"), request.GET.get("q", "")
    kinds = kind_choices(timezone.localdate())
    kind = request.GET.get("kind", "")
    kind = kind if kind in {UNDECIDED, *dict(kinds)} else ""
    number = request.GET.get("page", "1")
    found = intake.case_list(
        page=int(number) if number.isdigit() and len(number) < 7 else 1,
        show=show,
        text=text,
        kind=kind,
        jurisdictions=own_jurisdictions(request),
    )
    context = {
        "found": found,
        "show": show,
        "q": text,
        "kind": kind,
        "kinds": [*kinds, (UNDECIDED, _("Undecided"))],
        "own": own_jurisdictions(request) is not None,
    }
    part = request.GET.get("part") == "rows"
    return render(request, "cases/rows.html" if part else "cases/list.html", context)


@needs(Can.SEE_CASES, Can.SEE_OWN_CASES)
@require_GET
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case; `part` asks for one fragment of it."""
    visible(request, case_id)
    part, facts = request.GET.get("part", ""), intake.case_facts(case_id)
    if part in PARTS:
        return render(request, PARTS[part], _part(request, facts, part))
    context: dict[str, Any] = {}
    for name in PARTS:
        context |= _part(request, facts, name)
    context["links"] = intake.links_of(case_id)
    currency = request.GET.get("currency", "")
    context["flow_currency"] = currency if currency in facts["reported"] else facts["currency"]
    return render(request, "cases/case.html", context)


def _part(request: HttpRequest, facts: dict[str, Any], part: str) -> dict[str, Any]:
    now, role, case_id = timezone.now(), request.user.role, facts["id"]
    context: dict[str, Any] = {"case": facts}
    if part == "band":
        context["money"] = tracing.case_money(case_id, facts)
    elif part == "accounts":
        context["accounts"] = tracing.accounts(case_id)
        context["sees_orders"] = may(role, Can.SEE_ORDERS)
    elif part == "orders":
        orders = with_reasons(control.case_orders(case_id, now=now), now=now)
        context |= {"orders": orders, "sees_orders": may(role, Can.SEE_ORDERS)}
        context["may_order"] = may(role, Can.ORDER)
    elif part == "timeline":
        context["lines"] = timeline(case_id, everything=request.GET.get("all") == "1")
        context["everything"] = request.GET.get("all") == "1"
    elif part == "kind":
        context["may_decide"] = may(role, Can.DECIDE_KIND)
        context["kinds"] = kind_choices(timezone.localdate(now))
    else:
        context |= _authorisation(case_id, facts, role)
        context["may_unmask"] = may(role, Can.UNMASK)
    return context


def _authorisation(case_id: UUID, facts: dict[str, Any], role: str) -> dict[str, Any]:
    now = timezone.now()
    suggested = control.suggested_limit(facts["reported_minor"], facts["currency"], now=now)
    values = {"layers_max": LAYERS_DEFAULT, "hours": HOURS_DEFAULT, "amount": suggested, "reason": ""}
    return {
        "live": control.authorisation_of(case_id, now=now),
        "limits": control.limits_offered(now=now),
        "waiting": sum(1 for row in control.case_orders(case_id, now=now) if row["state"] == "proposed"),
        "form": {"values": values, "errors": {}},
        "may_approve": may(role, Can.APPROVE),
        "may_close": may(role, Can.ORDER),
    }


@needs(Can.SEE_CASES, Can.SEE_OWN_CASES)
@require_GET
def flow(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The graph of the picture."""
    visible(request, case_id)
    currency = request.GET.get("currency", "")
    return JsonResponse(tracing.flow(case_id, currency=currency if currency in MINOR_DIGITS else ""))


@needs(Can.APPROVE)
@require_POST
def authorise(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Grant or revoke the authorisation of a case."""
    visible(request, case_id)
    reason, by, now = request.POST.get("reason", ""), request.user.by, timezone.now()

    def act() -> str:
        if request.POST.get("do") == "revoke":
            control_actions.revoke(case_id=case_id, reason=reason, by=by, now=now)
            return _("The authorisation is revoked; new orders wait for approval.")
        control_actions.authorise(
            case_id=case_id,
            layers_max=_number(request, "layers_max"),
            amount_minor_max=parse_amount(request.POST.get("amount", "")),
            hours=_number(request, "hours"),
            reason=reason,
            by=by,
            now=now,
        )
        return _("The case is authorised; what waited inside the limits is out.")

    back = reverse("approvals") if request.POST.get("back") == "approvals" else reverse("case", args=[case_id])
    return acted(request, back, act)


def _number(request: HttpRequest, field: str) -> int:
    text = request.POST.get(field, "").strip()
    return int(text) if text.isdigit() and len(text) < 6 else 0


@needs(Can.DECIDE_KIND)
@require_POST
def decide_kind(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Say or change which kind of fraud a case is."""
    visible(request, case_id)

    def act() -> str:
        intake_actions.decide_kind(
            case_id=case_id, kind=request.POST.get("fraud_kind", ""), by=request.user.by, now=timezone.now()
        )
        return _("The kind of fraud is kept.")

    return acted(request, reverse("case", args=[case_id]), act)


@needs(Can.ORDER)
@require_POST
def close(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Close a case."""
    visible(request, case_id)

    def act() -> str:
        intake_actions.close_case(
            case_id=case_id, reason=request.POST.get("reason", ""), by=request.user.by, now=timezone.now()
        )
        return _("The case is closed.")

    return acted(request, reverse("case", args=[case_id]), act)


@needs(Can.UNMASK)
@require_POST
def unmask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show one personal value whole, once, with the reason in the journal."""
    visible(request, case_id)
    context: dict[str, Any] = {"case": intake.case_facts(case_id), "may_unmask": True}
    field = request.POST.get("field", "")
    try:
        shown = intake_actions.note_unmasked(
            case_id=case_id, field=field, reason=request.POST.get("reason", ""), by=request.user.by, now=timezone.now()
        )
        context["shown"] = {field: shown}
        if field == "leads":
            context["case"] = intake.case_facts(case_id, whole_leads=True)
    except Refusal as refusal:
        context["form"] = {"values": request.POST.dict(), "errors": errors_of(refusal)}
    return render(request, "cases/victim.html", context, status=422 if "form" in context else 200)
