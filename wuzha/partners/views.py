"""The administrator's page of partners: who can be reached, and who cannot."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wuzha.partners.selectors import health
from wuzha.people.guard import needs
from wuzha.people.rules import Can


@needs(Can.MANAGE_PARTNERS)
@require_GET
def partners(request: HttpRequest) -> HttpResponse:
    """Every partner with breaker, queue and last error."""
    part = request.GET.get("part") == "rows"
    template = "partners/rows.html" if part else "partners/partners.html"
    return render(request, template, {"rows": health(now=timezone.now())})
