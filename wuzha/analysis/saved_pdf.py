"""Held against holdable on paper: the same steps and sums as the page, in the reader's language."""

import io
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate

from wuzha.analysis.saved import Report
from wuzha.analysis.saved_view import Row, cases_of, shown
from wuzha.kernel.money import format_minor
from wuzha.tracing.paper import FAINT, SECTION, SMALL, TITLE, PaperCanvas, bar, grid, paragraph
from wuzha.tracing.paper_fonts import LATIN, draw

CASES_PER_CAUSE_SHOWN = 8  # as many as one cell of the paper holds
TONES = {
    "held": colors.HexColor("#2f9a75"),
    "gone": colors.HexColor("#d0524a"),
    "asking": colors.HexColor("#dd9a2b"),
    "unknown": colors.HexColor("#98a2b1"),
    "moved": colors.HexColor("#93aed3"),
}


def pdf(report: Report, *, compress: bool = True) -> bytes:
    """The report as A4 pages."""
    stream, view, title = io.BytesIO(), shown(report), _("Held and holdable")
    document = SimpleDocTemplate(
        stream, pagesize=A4, leftMargin=16 * mm, rightMargin=16 * mm, topMargin=16 * mm, bottomMargin=20 * mm,
        title=title, pageCompression=int(compress), invariant=1,
    )  # fmt: skip
    story = [paragraph(title, TITLE), *_front(report, view)]
    if report.sums.stolen_minor:
        story += [*_steps(view), *_gains(view), *_cases(report, view)]
    story.append(paragraph(_("How it is counted"), SECTION))
    story += [paragraph(f"{n}. {note}", SMALL) for n, note in enumerate(view["notes"], 1)]
    foot = partial(_foot, report)
    document.build(story, onFirstPage=foot, onLaterPages=foot, canvasmaker=PaperCanvas)
    return stream.getvalue()


def what_of(report: Report) -> str:
    """What a report is about, in one line."""
    if report.scenario:
        return _("Drill %(scenario)s, seed %(seed)s, %(speed)s times faster than life") % {
            "scenario": report.scenario, "seed": report.seed, "speed": f"{report.speed:g}",
        }  # fmt: skip
    since, until = (f"{timezone.localtime(at):%Y-%m-%d %H:%M}" for at in (report.since, report.until))
    return _("Cases opened from %(since)s to %(until)s") % {"since": since, "until": until}


def _front(report: Report, view: Row) -> list[object]:
    sums = report.sums
    count = ngettext("%(n)s case", "%(n)s cases", report.cases_n) % {"n": report.cases_n}
    lines = [f"{what_of(report)} · {count}"]
    if view["percent"] is not None:
        lines.append(
            _("%(percent)s %% of the holdable is held: %(held)s of %(holdable)s yuan; stolen %(stolen)s.")
            % {
                "percent": view["percent"],
                "held": format_minor(sums.held_minor),
                "holdable": format_minor(sums.holdable_minor),
                "stolen": format_minor(sums.stolen_minor),
            }
        )
    return [paragraph(line) for line in (*lines, *report.verdict)]


def _steps(view: Row) -> list[object]:
    rows = []
    for step in view["steps"]:
        indent = "　" if step["level"] == "bank" else ""
        drawn = bar(step["start_minor"], step["amount_minor"], step["total_minor"], TONES[step["tone"]], width_mm=50)
        rows.append(
            (
                f"{indent}{step['name']}", drawn, format_minor(step["amount_minor"]), f"{step['percent']:.1f} %",
                step.get("short") or "—", step.get("ways") or "—", str(step.get("cases_n") or "—"),
            )
        )  # fmt: skip
    head = (_("Cause"), _("Part"), _("Sum"), _("Share"), _("Missed by"), _("Left as"), _("Cases"))
    return [
        paragraph(_("From stolen to held"), SECTION),
        grid(head, rows, (42, 53, 24, 14, 17, 18, 10), (2, 3, 4, 6)),
    ]


def _gains(view: Row) -> list[object]:
    story: list[object] = [paragraph(_("What faster banks would have saved"), SECTION)]
    if not view["gains"]:
        return [*story, paragraph(_("No bank's minutes would have saved anything in this time."), SMALL)]
    heads = [ngettext("%(n)s minute faster", "%(n)s minutes faster", n) % {"n": n} for n in view["minutes"]]
    rows = []
    for gain in view["gains"]:
        saved = [each["amount_minor"] for each in gain["saved"]]
        rows.append(
            (
                gain["bank"],
                bar(0, saved[0], view["top_gain_minor"], TONES["held"], width_mm=40),
                *map(format_minor, saved),
            )
        )
    return [*story, grid((_("Bank"), heads[0], *heads), rows, (42, 43, 31, 31, 31), (2, 3, 4))]


def _cases(report: Report, view: Row) -> list[object]:
    rows = []
    for cause in dict.fromkeys(step["cause"] for step in view["steps"] if step.get("cause")):
        found = cases_of(report, cause, "")
        if found:
            most = found["cases"][:CASES_PER_CAUSE_SHOWN]
            told = "; ".join(f"{case['number']} {format_minor(case['amount_minor'])}" for case in most)
            rows.append((found["name"], told))
    if not rows:
        return []
    return [paragraph(_("Cases, the most lost first"), SECTION), grid((_("Cause"), _("Cases")), rows, (42, 136), ())]


def _foot(report: Report, canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.saveState()
    canvas.setFillColor(FAINT)
    foot = f"{what_of(report)} · {timezone.localtime(report.made_at):%Y-%m-%d %H:%M}"
    draw(canvas, 18 * mm, 12 * mm, foot, 7.5)
    canvas.setFont(LATIN, 7.5)
    canvas.drawRightString(A4[0] - 18 * mm, 12 * mm, str(document.page))
    canvas.restoreState()
