"""The intake page: typing a report while the victim speaks, with what can be known of each value at once."""

import json
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wuzha.intake import actions, forms, selectors
from wuzha.intake.leads import extract, lead_to_dict
from wuzha.intake.rules import NARRATIVE_LENGTH_MAX
from wuzha.intake.words import lead_kind_text
from wuzha.kernel.money import MINOR_DIGITS
from wuzha.kernel.refusals import Refusal, Refusals
from wuzha.partners.selectors import bank_choices, partner_names
from wuzha.people.guard import errors_of, needs, words
from wuzha.people.rules import Can

LOOKED_UP = ("card", "account", "alipay", "phone", "url")
LEADS_LOOKED_UP_MAX = 200
LOOK_KINDS = ("account", "own", "phone", "url")


@needs(Can.TAKE_REPORT)
@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """The form, and saving it: the case's page follows, where orders are out already."""
    now = timezone.now()
    if request.method == "GET":
        return _show(request, forms.posted({}), uuid4(), {})
    form = forms.posted(request.POST)
    case_id = _id(request.POST.get("case_id", ""))
    try:
        case, made = actions.file_report(
            case_id=case_id, report=forms.report_of(form, now=now), by=request.user.by, now=now
        )
    except (Refusal, Refusals) as refused:
        return _show(request, form, case_id, errors_of(refused))
    if made:
        messages.success(request, _("Report %(number)s is saved; the orders are out.") % {"number": case.number})
    return redirect("case", case.id)


def _id(text: str) -> UUID:
    """The id that the page made; a new one when what was posted is none."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _show(request: HttpRequest, form: dict[str, Any], case_id: UUID, errors: dict[str, list[str]]) -> HttpResponse:
    if errors:
        form = forms.with_errors(form, errors)
    context = {
        "form": forms.complete(form, now=timezone.now()),
        "case_id": case_id,
        "banks": bank_choices(),
        "currencies": list(MINOR_DIGITS),
        "jurisdictions": selectors.jurisdictions_used(),
        "blank": {"n": "__n__", "currency": "CNY"},
    }
    return render(request, "intake/new.html", context, status=422 if errors else 200)


@needs(Can.TAKE_REPORT)
@require_GET
def look(request: HttpRequest) -> HttpResponse:
    """What is known of a value while it is typed: {"hint", "level", "bank", "value", "earlier"}."""
    kind = request.GET.get("kind", "")
    found = selectors.look(kind if kind in LOOK_KINDS else "account", request.GET.get("value", ""))
    names = partner_names()
    earlier = [
        {
            "number": case["number"],
            "url": reverse("case", args=[case["id"]]),
            "value": found["value"][-12:],
            "text": date_format(timezone.localtime(case["opened_at"]), "Y-m-d H:i"),
        }
        for case in found["earlier"]
    ]
    hint, level = _hint(found, names)
    return JsonResponse(
        {"hint": hint, "level": level, "bank": found["bank"], "value": found["value"], "earlier": earlier}
    )


def _hint(found: dict[str, Any], names: dict[str, str]) -> tuple[str, str]:
    if found["refusal"]:
        return words(found["refusal"]), "bad"
    if found["earlier"]:
        return _("Seen in an earlier case"), "seen"
    if found["bank"]:
        name = names.get(found["bank"], found["bank"])
        return (_("%(bank)s, number checks out") % {"bank": name} if found["card"] else name), "good"
    return "", ""


@needs(Can.TAKE_REPORT)
@require_POST
def leads(request: HttpRequest) -> HttpResponse:
    """Leads in a narrative: {"leads": [...]} of the words posted as `text` (form or JSON)."""
    text = request.POST.get("text")
    if text is None:
        try:
            body = json.loads(request.body or b"{}")
        except ValueError:
            body = {}
        text = str(body.get("text", "")) if isinstance(body, dict) else ""
    found = [lead_to_dict(lead) for lead in extract(text[:NARRATIVE_LENGTH_MAX], timezone.localtime())]
    earlier = selectors.earlier_of([lead["value"] for lead in found if lead["kind"] in LOOKED_UP][:LEADS_LOOKED_UP_MAX])
    for lead in found:
        lead["kind_text"] = lead_kind_text(lead["kind"])
        cases = earlier.get(lead["value"], ())
        lead["earlier"] = [{"text": case["number"], "url": reverse("case", args=[case["id"]])} for case in cases]
    return JsonResponse({"leads": found})
