"""The intake page: typing a report while the victim speaks, with what can be known of each value at once."""

import json
from collections.abc import Mapping
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
from wuzha.intake.kind_words import kind_choices
from wuzha.intake.narrative import WANTED, read_narrative
from wuzha.intake.rules import NARRATIVE_LENGTH_MAX, NARRATIVE_LONG
from wuzha.intake.words import handle_choices
from wuzha.kernel.identifiers import HANDLE_KINDS
from wuzha.kernel.money import MINOR_DIGITS
from wuzha.kernel.refusals import Refusal, Refusals
from wuzha.partners.selectors import bank_choices, partner_names
from wuzha.people.guard import errors_of, needs, words
from wuzha.people.rules import Can

LOOK_KINDS = ("account", "own", "phone", "url", *HANDLE_KINDS)


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
        report = forms.report_of(form, now=now)
    except Refusals as refused:
        actions.note_refused(refused, by=request.user.by, now=now, source="desk")
        return _show(request, form, case_id, errors_of(refused))
    try:
        case, made = actions.file_report(
            case_id=case_id,
            report=report,
            by=request.user.by,
            now=now,
            fraud_kind=form["values"]["fraud_kind"],
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
    now = timezone.now()
    context = {
        "form": forms.complete(form, now=now),
        "case_id": case_id,
        "banks": bank_choices(),
        "currencies": list(MINOR_DIGITS),
        "jurisdictions": selectors.jurisdictions_used(),
        "handle_kinds": handle_choices(),
        "kinds": kind_choices(timezone.localdate(now)),
        "narrative_max": NARRATIVE_LENGTH_MAX,
        "narrative_long": _(NARRATIVE_LONG) % {"max": NARRATIVE_LENGTH_MAX},
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
    if found["mistyped"]:
        return f"{names.get(found['bank'], found['bank'])} · {words(found['mistyped'])}", "bad"
    if found["bank"]:
        name = names.get(found["bank"], found["bank"])
        return (_("%(bank)s, number checks out") % {"bank": name} if found["card"] else name), "good"
    return "", ""


@needs(Can.TAKE_REPORT)
@require_POST
def leads(request: HttpRequest) -> HttpResponse:
    """What a narrative tells, of the words posted as `text` (form or JSON); `want` is "leads", "kind" or both ("")."""
    sent: Any = request.POST
    if "text" not in sent:
        try:
            sent = json.loads(request.body or b"{}")
        except (ValueError, RecursionError):
            sent = {}
    if not isinstance(sent, Mapping):
        sent = {}
    wanted = sent.get("want", "")
    answer = read_narrative(str(sent.get("text", "")), wanted if wanted in WANTED else "", now=timezone.now())
    return JsonResponse(answer)
