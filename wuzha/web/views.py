"""Pages that belong to no single desk: the way home, situation, search, the journal's check, limits, errors."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from wuzha.control.policy_table import policy_table
from wuzha.intake.selectors import case_list
from wuzha.people.guard import needs
from wuzha.people.rules import Can
from wuzha.tracing import selectors as tracing
from wuzha.web import figures
from wuzha.web.journal_page import check_on, seals
from wuzha.web.shell import HOMES

REPEATED_SHOWN = 30
SEARCH_LENGTH_MAX = 200


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the desk where this role's next action is."""
    if request.user.must_change_password:
        return redirect("password")
    return redirect(HOMES.get(request.user.role, "password"))


@require_GET
def desks(request: HttpRequest) -> HttpResponse:
    """The top bar's desks with what waits there, asked for again when something happened."""
    return render(request, "parts/desks.html")


@needs(Can.SEE_FIGURES)
@require_GET
def situation(request: HttpRequest) -> HttpResponse:
    """The commander's first screen."""
    context = figures.situation(now=timezone.now(), role=request.user.role)
    part = request.GET.get("part") == "situation"
    return render(request, "web/situation.html" if part else "web/situation_page.html", context)


@needs(Can.SEARCH)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """An account, number, link or case number across all cases; without one, the accounts met more than once."""
    text = request.GET.get("q", "").strip()[:SEARCH_LENGTH_MAX]
    context = {
        "q": text,
        "cases": case_list(page=1, show="all", text=text)["rows"] if text else [],
        "accounts": tracing.search_accounts(text) if text else [],
        "repeated": [] if text else tracing.repeated_accounts(limit=REPEATED_SHOWN),
    }
    return render(request, "web/search.html", context)


@needs(Can.VERIFY_JOURNAL)
@require_http_methods(["GET", "POST"])
def journal(request: HttpRequest) -> HttpResponse:
    """The seals of the days; a press of the button walks every chain, one bounded part a request."""
    check = None
    if request.method == "POST":
        check = check_on(request.POST.get("at", ""), by=request.user.by, now=timezone.now())
    if check and request.headers.get("HX-Request"):
        return render(request, "web/journal_check.html", {"check": check})
    return render(request, "web/journal.html", {"check": check, "seals": seals()})


@needs(Can.MANAGE_PEOPLE)
@require_GET
def policy(request: HttpRequest) -> HttpResponse:
    """Limits and terms with where each comes from."""
    return render(request, "web/policy.html", {"versions": policy_table()})


def _error(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "web/error.html", {"status": status, "title": title, "text": text}, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400"""
    return _error(request, 400, _("This request cannot be read"), _("Go back, reload the page and try again."))


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403; a form that was open too long has a page of its own (403_csrf.html)."""
    text = _("Your role does not allow this. Ask your administrator if you need it.")
    return _error(request, 403, _("Not for your role"), text)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404"""
    text = _("The address may be mistyped, or what it names is not addressed to your organisation.")
    return _error(request, 404, _("There is no such page"), text)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500: a plain file, since whatever failed may be what a page needs."""
    page = settings.BASE_DIR / "templates" / "web" / "500.html"
    return HttpResponse(page.read_text(), status=500)
