"""The control board: all orders, what matters now first, each open one with why it stands there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wuzha.control import selectors
from wuzha.control.kinds import KINDS
from wuzha.control.words import kind_text
from wuzha.partners.selectors import choices
from wuzha.people.guard import needs
from wuzha.people.rules import Can, may
from wuzha.web.next_reasons import most_worth_first, with_reasons

SHOWS = ("open", "late", "in_force", "trouble", "all")


@needs(Can.SEE_ORDERS)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """All orders, what matters now first."""
    now = timezone.now()
    show = request.GET.get("show", "open")
    chosen = {
        "show": show if show in SHOWS else "open",
        "kind": request.GET.get("kind", ""),
        "partner": request.GET.get("partner", ""),
    }
    told = most_worth_first if chosen["show"] in ("open", "late") else with_reasons
    context = {
        **chosen,
        "rows": told(selectors.board(now=now, **chosen), now=now),
        "rows_max": selectors.BOARD_ROWS_MAX,
        "counts": selectors.counts(now=now),
        "kinds": [("", _("Every kind")), *((kind, kind_text(kind)) for kind in KINDS)],
        "partners": [("", _("Every partner")), *choices()],
        "may_order": may(request.user.role, Can.ORDER),
    }
    template = "control/board_rows.html" if request.GET.get("part") == "rows" else "control/board.html"
    return render(request, template, context)
