"""The pages of analysis."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from wuzha.analysis import runs
from wuzha.analysis.saved import PERIODS, Report, report_of, since_of
from wuzha.analysis.saved_view import cases_of, shown
from wuzha.analysis.selectors import PERIODS_DAYS, kinds_compared
from wuzha.people.guard import needs
from wuzha.people.rules import Can

RUNS_SHOWN = 8


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


def _asked(request: HttpRequest) -> tuple[str, str, Report]:
    """(period, name of a drill's run or "", report) of a request; 404 for a run that is not there."""
    run = request.GET.get("run", "")
    if run:
        report = runs.read(Path(settings.DATA_DIR), run)
        if report is None:
            raise Http404
        return "", run, report
    now = timezone.now()
    asked = request.GET.get("period", "")
    period = asked if asked in PERIODS else next(iter(PERIODS))
    return period, "", report_of(since=since_of(period, now), until=now, now=now)


@needs(Can.SEE_FIGURES)
@require_GET
def saved(request: HttpRequest) -> HttpResponse:
    """Held against holdable of a period or a drill, with what the rest was lost to."""
    period, run, report = _asked(request)
    cause = request.GET.get("cause", "")
    context = {
        **shown(report),
        "period": period,
        "run": run,
        "here": f"run={run}" if run else f"period={period}",
        "periods": [(name, _period_text(days)) for name, days in PERIODS.items()],
        "runs": [(name, _run_text(name)) for name in runs.names(Path(settings.DATA_DIR))[:RUNS_SHOWN]],
        "chosen": cases_of(report, cause, request.GET.get("bank", "")) if cause else None,
        "linked": not run,
        "interactive": True,
    }
    part = request.GET.get("part") == "body"
    return render(request, "analysis/saved_body.html" if part else "analysis/saved.html", context)


@needs(Can.SEE_FIGURES)
@require_GET
def saved_pdf(request: HttpRequest) -> HttpResponse:
    """The report on paper."""
    from wuzha.analysis.saved_pdf import pdf  # reportlab is slow to load

    period, run, report = _asked(request)
    response = HttpResponse(pdf(report), content_type="application/pdf")
    name = f"held-{run or period}-{timezone.localtime(report.made_at):%Y%m%d-%H%M%S}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _period_text(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else _("Today")


def _run_text(name: str) -> str:
    day, clock, scenario, seed = name.split("-")
    return f"{scenario} · {seed} · {day[4:6]}-{day[6:]} {clock[:2]}:{clock[2:4]}"
