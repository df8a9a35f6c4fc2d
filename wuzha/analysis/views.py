"""The pages of analysis."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wuzha.analysis.selectors import PERIODS_DAYS, kinds_compared
from wuzha.people.guard import needs
from wuzha.people.rules import Can


@needs(Can.SEE_FIGURES)
@require_GET
def fraud_kinds(request: HttpRequest) -> HttpResponse:
    """Cases by kind of fraud, the period against the one before."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(each) for each in PERIODS_DAYS} else PERIODS_DAYS[0]
    found = kinds_compared(days=days, now=timezone.now())
    context = {"found": found, "periods": PERIODS_DAYS}
    part = request.GET.get("part") == "rows"
    return render(request, "analysis/kinds_rows.html" if part else "analysis/kinds.html", context)
