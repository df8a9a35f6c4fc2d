"""The report as plain values for page, file and paper: the steps from stolen to held, and what faster banks save."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from wuzha.analysis.holdable import FASTER_MINUTES, Cause
from wuzha.analysis.holdable_sums import CauseRow, Sums
from wuzha.analysis.saved import Report
from wuzha.analysis.saved_words import CAUSES, NOTES, bank_text, span_text, ways_text

BANKS_PER_CAUSE_MAX = 6
GAINS_MAX = 10

Row = dict[str, Any]


def shown(report: Report) -> Row:
    """Everything of the report, in the reader's language; sums in minor units of CNY."""
    sums = report.sums
    share = sums.held_of_holdable
    gains = [gain for gain in sums.gains if gain.saved_minor[-1]][:GAINS_MAX]
    return {
        "report": report,
        "sums": sums,
        "percent": None if share is None else round(100 * share),
        "unreached_minor": sums.stolen_minor - sums.returned_minor - sums.holdable_minor,
        "missed_minor": sums.holdable_minor - sums.held_minor - sums.resting_minor,
        "steps": list(_steps(report, sums)),
        "minutes": FASTER_MINUTES,
        "gains": [
            {
                "bank": bank_text(gain.bank, report.names),
                "saved": [
                    {"minutes": minutes, "amount_minor": amount}
                    for minutes, amount in zip(FASTER_MINUTES, gain.saved_minor, strict=True)
                ],
            }
            for gain in gains
        ],
        "top_gain_minor": max((gain.saved_minor[-1] for gain in gains), default=0),
        "notes": [_(note) for note in NOTES],
    }


def _steps(report: Report, sums: Sums) -> Iterator[Row]:
    """The bars from stolen down to held: each says where it begins and how long it is."""
    total = sums.stolen_minor
    yield _bar(_("Stolen"), "", "moved", 0, total, total, level="sum")
    left = total
    if sums.returned_minor:
        left -= sums.returned_minor
        yield _bar(_("Came back by itself"), "", "moved", left, sums.returned_minor, total)
    said = False
    for cause in Cause:
        rows = [row for row in sums.causes if row.cause is cause]
        if not said and cause not in (Cause.LATE_REPORT, Cause.BANK_PACE):
            said = True
            yield _bar(_("Holdable"), "", "asking", 0, left, total, level="sum")
        if rows:
            lost = sum(row.amount_minor for row in rows)
            left -= lost
            yield from _cause(report, cause, rows, left, lost, total)
    if sums.resting_minor:
        left -= sums.resting_minor
        yield _bar(_("Still on accounts, not held"), "", "asking", left, sums.resting_minor, total)
    yield _bar(_("Held"), "", "held", 0, left, total, level="sum")


def _cause(report: Report, cause: Cause, rows: list[CauseRow], start: int, lost: int, total: int) -> Iterator[Row]:
    word = CAUSES[cause]
    single = rows[0] if len(rows) == 1 else None
    name = _(word.name)
    if single and single.bank:
        name = f"{name}: {bank_text(single.bank, report.names)}"
    cases = len({(share.case_id, share.number) for row in rows for share in row.cases})
    yield {
        **_bar(name, _(word.what), word.tone, start, lost, total, level="cause"),
        "cause": cause.value,
        "bank": single.bank if single else "",
        "short": span_text(single.short_s) if single and single.short_s else "",
        "ways": ways_text(single.ways) if single else "",
        "cases_n": single.cases_n if single else cases,
    }
    if single:
        return
    end = start + lost
    for row in rows[:BANKS_PER_CAUSE_MAX]:
        end -= row.amount_minor
        yield {
            **_bar(bank_text(row.bank, report.names), "", word.tone, end, row.amount_minor, total, level="bank"),
            "cause": cause.value,
            "bank": row.bank,
            "short": span_text(row.short_s) if row.short_s else "",
            "ways": ways_text(row.ways),
            "cases_n": row.cases_n,
        }
    others = rows[BANKS_PER_CAUSE_MAX:]
    if others:
        rest = sum(row.amount_minor for row in others)
        yield _bar(_("%(n)s other banks") % {"n": len(others)}, "", word.tone, start, rest, total, level="bank")


def _bar(name: str, what: str, tone: str, start: int, amount: int, total: int, *, level: str = "step") -> Row:
    return {
        "name": name, "what": what, "tone": tone, "start_minor": start, "amount_minor": amount, "total_minor": total,
        "percent": round(100 * amount / total, 1) if total else 0.0, "level": level,
    }  # fmt: skip


def cases_of(report: Report, cause: str, bank: str) -> Row | None:
    """The cases of one cause (at one bank, "" for all), the most lost first; None when there is no such cause."""
    rows = [row for row in report.sums.causes if row.cause.value == cause and bank in ("", row.bank)]
    if not rows:
        return None
    word = CAUSES[rows[0].cause]
    lost: dict[tuple[str, str], int] = {}
    for row in rows:
        for share in row.cases:
            lost[(share.case_id, share.number)] = lost.get((share.case_id, share.number), 0) + share.amount_minor
    ranked = sorted(lost.items(), key=lambda one: (-one[1], one[0]))
    name = _(word.name) + (f": {bank_text(bank, report.names)}" if bank else "")
    return {
        "name": name,
        "what": _(word.what),
        "cause": cause,
        "bank": bank,
        "cases": [{"id": id_, "number": number, "amount_minor": amount} for (id_, number), amount in ranked],
    }
