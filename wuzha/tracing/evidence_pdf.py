"""The evidence on paper: A4, Chinese and Latin, every page with case, rule, page and the head of the journal."""

import io
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

from wuzha.tracing.evidence import AccountEvidence, Evidence, instant
from wuzha.tracing.evidence_words import end_text, interval_text, kind_text, lot_text, opening_text, sum_text
from wuzha.tracing.paper import FAINT, SECTION, SMALL, SUB, TITLE, UNDER, PaperCanvas, grid, paragraph
from wuzha.tracing.paper_fonts import LATIN, draw
from wuzha.tracing.rule_words import CONVENTIONS, RULES
from wuzha.tracing.words import holder_text

STEPS_SHOWN_MAX = 300
GAPS_SHOWN_MAX = 300
ACCOUNTS_STEPPED_MAX = 200
Part = Any  # reportlab's flowables carry no types


def pdf(evidence: Evidence, *, banks: dict[str, str], compress: bool = True) -> bytes:
    """The paper in the reader's language. banks: names by code."""
    stream = io.BytesIO()
    title = _("Evidence of the flow of money: %(number)s") % {"number": evidence.case.number}
    document = SimpleDocTemplate(
        stream, pagesize=A4, leftMargin=16 * mm, rightMargin=16 * mm, topMargin=16 * mm, bottomMargin=20 * mm,
        title=title, author=evidence.made_by, pageCompression=int(compress), invariant=1,
    )  # fmt: skip
    story = [
        *_front(evidence, title), *_fate(evidence), *_summary(evidence, banks), *_questions(evidence, banks),
        *_accounts(evidence, banks), *_sources(evidence),
    ]  # fmt: skip
    foot = partial(_foot, evidence)
    document.build(story, onFirstPage=foot, onLaterPages=foot, canvasmaker=PaperCanvas)
    return stream.getvalue()


def _clock(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else "—"


def _front(evidence: Evidence, title: str) -> list[Part]:
    case, words = evidence.case, RULES[evidence.rule]
    facts = [
        (_("Case"), f"{case.number} · {_clock(case.opened_at)} · {case.jurisdiction}".rstrip(" ·")),
        (_("Reported"), f"{sum_text(case.reported.get(evidence.currency, 0), evidence.currency)} {evidence.currency}"),
        (_("Rule"), f"{_(words.name)} – {_(words.what)}"),
        (_("Source of the rule"), _(words.source)),
        (_("Made by"), f"{evidence.made_by} · {_clock(evidence.made_at)}"),
        (_("Journal of the case"), f"{evidence.journal_seq} · {evidence.journal_hash}"),
    ]
    rows = [[paragraph(term, SMALL), paragraph(value)] for term, value in facts]
    table = Table(rows, colWidths=[32 * mm, 141 * mm], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), LATIN),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    conventions = [paragraph(f"{n}. {_(text)}", SMALL) for n, text in enumerate(CONVENTIONS, 1)]
    return [paragraph(title, TITLE), table, paragraph(_("How it is counted"), SECTION), *conventions]


def _fate(evidence: Evidence) -> list[Part]:
    fate, unit = evidence.fate, evidence.currency
    parts = [
        (_("Paid by the victim"), fate.seed_minor),
        (_("On accounts now"), fate.held_minor),
        (_("Returned to the victim"), fate.returned_minor),
        (_("Taken as cash"), fate.cashed_minor),
        (_("Spent, changed or sent abroad"), fate.terminal_minor),
        (_("Fees"), fate.fees_minor),
        (_("Left unseen"), fate.unseen_minor),
    ]
    rows = [(name, sum_text(amount, unit)) for name, amount in parts]
    return [
        paragraph(_("What became of the money"), SECTION),
        grid((_("Part"), f"{_('Sum')} ({unit})"), rows, (107, 66), (1,)),
        paragraph(_("The first sum equals all others together."), SMALL),
    ]


def _summary(evidence: Evidence, banks: dict[str, str]) -> list[Part]:
    unit = evidence.currency
    rows = [
        (
            str(one.layer),
            end_text(one.key, one.account.name if one.account else "", banks),
            sum_text(one.stolen_in_minor, unit),
            sum_text(one.stolen_now_minor, unit),
            interval_text(one.interval, unit),
            sum_text(one.held_minor, unit),
        )
        for one in evidence.accounts
    ]
    head = (
        _("Layer"), _("Account"), _("Stolen money in"), _("There now"), _("By all rules"), _("Held"),
    )  # fmt: skip
    disputed = sum(1 for one in evidence.accounts if one.interval.disputed)
    return [
        paragraph(_("Accounts that the money reached"), SECTION),
        grid(head, rows, (11, 58, 25, 25, 38, 21), (0, 2, 3, 4, 5)),
        paragraph(
            _(
                "“By all rules” is the least and the most that any rule of this program, and any possible unknown "
                "opening balance, says is there. Where it is one sum, all agree. They differ on %(count)s accounts."
            )
            % {"count": disputed},
            SMALL,
        ),
    ]


def _questions(evidence: Evidence, banks: dict[str, str]) -> list[Part]:
    story: list[Part] = [paragraph(_("Ask this bank"), SECTION)]
    if not evidence.gaps:
        return [*story, paragraph(_("No printed balance contradicts what the banks have told."))]
    unit = evidence.currency
    rows = [
        (
            end_text(gap.account, "", banks),
            _clock(instant(gap.at)),
            _("A credit is missing") if gap.incoming else _("A debit is missing"),
            sum_text(gap.amount_minor, unit),
            sum_text(gap.stake_minor, unit),
        )
        for gap in evidence.gaps[:GAPS_SHOWN_MAX]
    ]
    head = (_("Account"), _("Shown at"), _("What"), _("Sum"), _("Stolen money at stake"))
    return [*story, grid(head, rows, (60, 34, 31, 24, 24), (3, 4))]


def _accounts(evidence: Evidence, banks: dict[str, str]) -> list[Part]:
    story: list[Part] = [paragraph(_("Step by step"), SECTION)]
    stepped = [one for one in evidence.accounts if one.steps]
    for n, one in enumerate(stepped[:ACCOUNTS_STEPPED_MAX], 1):
        story += _account(n, one, evidence, banks)
    if len(stepped) > ACCOUNTS_STEPPED_MAX:
        story.append(paragraph(_("The other accounts stand in the workbook.")))
    return story


def _account(n: int, one: AccountEvidence, evidence: Evidence, banks: dict[str, str]) -> list[Part]:
    unit = evidence.currency
    name = one.account.name if one.account else ""
    kind = holder_text(one.account.kind) if one.account else ""
    head = [
        paragraph(f"{n}. {end_text(one.key, name, banks)}", SUB),
        paragraph(
            _("Layer %(layer)s · %(kind)s · opening balance %(opening)s · told until %(as_of)s")
            % {
                "layer": one.layer,
                "kind": kind,
                "opening": opening_text(one.opening, unit),
                "as_of": _clock(one.account.as_of if one.account else None),
            },
            UNDER,
        ),
    ]
    rows = [
        (
            _clock(step.movement.at),
            end_text(
                step.movement.payer if step.into else step.movement.payee,
                step.movement.payer_name if step.into else step.movement.payee_name,
                banks,
            ),
            f"{'+' if step.into else '−'}{sum_text(step.movement.amount_minor, unit)}",
            sum_text(step.stolen_minor, unit),
            sum_text(step.after_minor, unit),
            sum_text(step.balance_minor, unit),
            kind_text(step.movement),
        )
        for step in one.steps[:STEPS_SHOWN_MAX]
    ]
    titles = (
        _("Time"), _("Other side"), _("Sum"), _("of it stolen"), _("Stolen money then"), _("Balance"),
        _("Kind"),
    )  # fmt: skip
    table = grid(titles, rows, (31, 48, 23, 20, 20.5, 19.5, 16), (2, 3, 4, 5))
    lots = "; ".join(f"{lot_text(lot)} {sum_text(lot.amount_minor, unit)}" for lot in one.lots[:40])
    end: list[Part] = [
        paragraph(
            _("Money there at the end, in the order in which it would leave: %(lots)s") % {"lots": lots or "0"}, SMALL
        )
    ]
    if len(one.steps) > STEPS_SHOWN_MAX:
        end.append(
            paragraph(
                _("The other %(count)s movements stand in the workbook.") % {"count": len(one.steps) - STEPS_SHOWN_MAX},
                SMALL,
            )
        )
    return [*head, table, *end]


def _sources(evidence: Evidence) -> list[Part]:
    rows = [(file.name, str(file.rows), file.sha256, _clock(file.at)) for file in evidence.files]
    story: list[Part] = [
        paragraph(_("Sources"), SECTION),
        paragraph(
            _("Answers of banks as the journal of the case keeps them, and %(count)s imported files.")
            % {"count": len(rows)}
        ),
    ]
    if rows:
        story.append(grid((_("File"), _("Rows"), "SHA-256", _("Imported")), rows, (40, 13, 88, 32), (1,)))
    story.append(
        paragraph(
            _("%(ties)s groups of movements share an instant; their order is by convention 2.")
            % {"ties": evidence.ties},
            SMALL,
        )
    )
    if evidence.competing_minor:
        story.append(
            paragraph(
                _("%(sum)s of the victim's payment belonged to another victim before and stays theirs.")
                % {"sum": sum_text(evidence.competing_minor, evidence.currency)},
                SMALL,
            )
        )
    return story


def _foot(evidence: Evidence, canvas: Canvas, document: SimpleDocTemplate) -> None:
    """Case, rule, journal and page number under every page."""
    canvas.saveState()
    canvas.setFillColor(FAINT)
    left = f"{evidence.case.number} · {_(RULES[evidence.rule].name)} · {_clock(evidence.made_at)} · {evidence.made_by}"
    draw(canvas, 18 * mm, 12 * mm, left, 7.5)
    draw(canvas, 18 * mm, 8 * mm, f"{_('Journal')} {evidence.journal_seq} {evidence.journal_hash}", 7.5)
    canvas.setFont(LATIN, 7.5)
    canvas.drawRightString(A4[0] - 18 * mm, 12 * mm, str(document.page))
    canvas.restoreState()
