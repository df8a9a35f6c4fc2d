"""The evidence of a case to take away: paper and workbook. Who took it, under which rule, stands in the journal."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wuzha.intake.selectors import case_facts
from wuzha.journal.append import on_case
from wuzha.kernel.money import MINOR_DIGITS
from wuzha.kernel.refusals import Refusal
from wuzha.partners.selectors import partner_names
from wuzha.people.guard import needs, words
from wuzha.people.rules import Can
from wuzha.tracing.evidence import Evidence, evidence_of, instant, lots_of, rule_of
from wuzha.tracing.evidence_words import end_text, kind_text, lot_text, opening_text, serial_text
from wuzha.tracing.rule_words import CONVENTIONS, RULES
from wuzha.web.case_views import visible
from wuzha.web.sheets import XLSX, Cell, download, sum_cell, workbook


@needs(Can.UNMASK)
@require_GET
def evidence_pdf(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The evidence on paper."""

    def write(evidence: Evidence) -> bytes:
        from wuzha.tracing.evidence_pdf import pdf  # reportlab is slow to load

        return pdf(evidence, banks=partner_names())

    return _export(request, case_id, "pdf", "application/pdf", write)


@needs(Can.UNMASK)
@require_GET
def evidence_xlsx(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The evidence as a workbook: accounts, transfers with their stolen part, steps, lots, questions, sources."""
    return _export(request, case_id, "xlsx", XLSX, lambda evidence: workbook(_sheets(evidence, partner_names())))


@needs(Can.SEE_CASES, Can.SEE_OWN_CASES)
@require_GET
def lots(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What rests on each account of the picture, lot by lot: {"a<id>": [[whose, minor units]]}."""
    visible(request, case_id)
    asked = request.GET.get("currency", "")
    currency = asked if asked in MINOR_DIGITS else case_facts(case_id)["currency"]
    try:
        found = lots_of(case_id, rule=rule_of("", settings.TRACING_RULE), currency=currency)
    except Refusal:  # statements that contradict themselves: the timeline says so
        found = {}
    return JsonResponse({f"a{pk}": [[lot_text(lot), lot.amount_minor] for lot in held] for pk, held in found.items()})


def _export(
    request: HttpRequest, case_id: UUID, form: str, kind: str, write: Callable[[Evidence], bytes]
) -> HttpResponse:
    visible(request, case_id)
    now, by = timezone.now(), request.user.by
    rule = rule_of(request.GET.get("rule", ""), settings.TRACING_RULE)
    asked = request.GET.get("currency", "")
    currency = asked if asked in MINOR_DIGITS else case_facts(case_id)["currency"]
    try:
        evidence = evidence_of(case_id, rule=rule, currency=currency, by=by, now=now)
    except Refusal as refusal:
        messages.error(request, words(refusal))
        return redirect("case", case_id)
    content = write(evidence)
    with on_case(case_id, by=by, now=now) as log:
        log.write(
            "evidence.exported", f"case:{case_id}", form=form, rule=rule.value, currency=currency,
            accounts=len(evidence.accounts), journal_seq=evidence.journal_seq, journal_hash=evidence.journal_hash,
        )  # fmt: skip
    name = f"{evidence.case.number}-{rule.value}-{timezone.localtime(now):%Y%m%d-%H%M%S}.{form}"
    return download(content, kind, name)


def _sheets(evidence: Evidence, banks: dict[str, str]) -> Iterator[tuple[str, list[str], list[tuple[Cell, ...]]]]:
    yield _("Evidence"), [_("What"), _("Value")], _about(evidence)
    yield (
        _("Accounts"),
        [_("Layer"), _("Account"), _("Holder"), _("Stolen money in"), _("There now"), _("Least by all rules"),
         _("Most by all rules"), _("Held"), _("Opening balance"), _("Told until")],
        _account_rows(evidence, banks),
    )  # fmt: skip
    yield (
        _("Transfers"),
        [_("Time"), _("Payer"), _("Payee"), _("Sum"), _("of it stolen"), _("Currency"), _("Kind"), _("Payer's serial"),
         _("Payee's serial")],
        [_transfer(movement, stolen, evidence, banks) for movement, stolen in evidence.movements],
    )  # fmt: skip
    yield (
        _("Steps"),
        [_("Account"), _("Time"), _("Other side"), _("In"), _("Out"), _("of it stolen"), _("Stolen money then"),
         _("Printed balance"), _("Kind")],
        _step_rows(evidence, banks),
    )  # fmt: skip
    yield _("Lots"), [_("Account"), _("Place"), _("Whose"), _("Sum")], _lot_rows(evidence, banks)
    yield (
        _("Questions"),
        [_("Account"), _("Shown at"), _("What"), _("Sum"), _("Stolen money at stake")],
        [
            (
                end_text(gap.account, "", banks),
                instant(gap.at),
                _("A credit is missing") if gap.incoming else _("A debit is missing"),
                sum_cell(gap.amount_minor, evidence.currency),
                sum_cell(gap.stake_minor, evidence.currency),
            )
            for gap in evidence.gaps
        ],
    )
    files: list[tuple[Cell, ...]] = [(file.name, file.rows, file.sha256, file.at) for file in evidence.files]
    yield _("Sources"), [_("File"), _("Rows"), "SHA-256", _("Imported")], files


def _about(evidence: Evidence) -> list[tuple[Cell, ...]]:
    rule, fate, unit = RULES[evidence.rule], evidence.fate, evidence.currency
    rows: list[tuple[Cell, ...]] = [
        (_("Case"), evidence.case.number),
        (_("Currency"), unit),
        (_("Rule"), f"{_(rule.name)} – {_(rule.what)}"),
        (_("Source of the rule"), _(rule.source)),
        (_("Made by"), evidence.made_by),
        (_("Made at"), evidence.made_at),
        (_("Journal of the case"), f"{evidence.journal_seq} {evidence.journal_hash}"),
        (_("Paid by the victim"), sum_cell(fate.seed_minor, unit)),
        (_("On accounts now"), sum_cell(fate.held_minor, unit)),
        (_("Returned to the victim"), sum_cell(fate.returned_minor, unit)),
        (_("Taken as cash"), sum_cell(fate.cashed_minor, unit)),
        (_("Spent, changed or sent abroad"), sum_cell(fate.terminal_minor, unit)),
        (_("Fees"), sum_cell(fate.fees_minor, unit)),
        (_("Left unseen"), sum_cell(fate.unseen_minor, unit)),
    ]
    return rows + [(str(n), _(text)) for n, text in enumerate(CONVENTIONS, 1)]


def _account_rows(evidence: Evidence, banks: dict[str, str]) -> list[tuple[Cell, ...]]:
    unit = evidence.currency
    return [
        (
            one.layer,
            end_text(one.key, "", banks),
            one.account.name if one.account else "",
            sum_cell(one.stolen_in_minor, unit),
            sum_cell(one.stolen_now_minor, unit),
            sum_cell(one.interval.low_minor, unit),
            sum_cell(one.interval.high_minor, unit),
            sum_cell(one.held_minor, unit),
            opening_text(one.opening, unit),
            one.account.as_of if one.account else None,
        )
        for one in evidence.accounts
    ]


def _transfer(movement: Any, stolen: int, evidence: Evidence, banks: dict[str, str]) -> tuple[Cell, ...]:
    return (
        movement.at,
        end_text(movement.payer, movement.payer_name, banks),
        end_text(movement.payee, movement.payee_name, banks),
        sum_cell(movement.amount_minor, movement.currency),
        sum_cell(stolen, movement.currency),
        movement.currency,
        kind_text(movement),
        serial_text(movement.payer_serial),
        serial_text(movement.payee_serial),
    )


def _step_rows(evidence: Evidence, banks: dict[str, str]) -> list[tuple[Cell, ...]]:
    unit = evidence.currency
    rows: list[tuple[Cell, ...]] = []
    for one in evidence.accounts:
        for step in one.steps:
            move = step.movement
            other = (move.payer, move.payer_name) if step.into else (move.payee, move.payee_name)
            rows.append(
                (
                    end_text(one.key, "", banks),
                    move.at,
                    end_text(*other, banks),
                    sum_cell(move.amount_minor, unit) if step.into else None,
                    None if step.into else sum_cell(move.amount_minor, unit),
                    sum_cell(step.stolen_minor, unit),
                    sum_cell(step.after_minor, unit),
                    sum_cell(step.balance_minor, unit),
                    kind_text(move),
                )
            )
    return rows


def _lot_rows(evidence: Evidence, banks: dict[str, str]) -> list[tuple[Cell, ...]]:
    return [
        (end_text(one.key, "", banks), n, lot_text(lot), sum_cell(lot.amount_minor, evidence.currency))
        for one in evidence.accounts
        for n, lot in enumerate(one.lots, 1)
    ]
