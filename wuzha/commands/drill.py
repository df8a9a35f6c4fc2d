"""`wuzha drill`: a centre of its own against a seeded country, without pages; prints what came of it and the verdict.

With --report and --pdf it writes held against holdable, with what the rest was lost to; a centre on this machine keeps
the report for its commander's page.

Exit code 0: the auditor found nothing; 1: there are findings; 2: the drill could not be run.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wuzha.cli import speak, speaks_chinese
from wuzha.commands import data_dir
from wuzha.kernel.money import format_minor
from wuzha.kernel.refusals import Refusal, _
from wuzha.simulation.auditor import Audit, audit
from wuzha.simulation.exercise import Exercise, Progress
from wuzha.simulation.outcome import EXITS, Outcome, outcome_of
from wuzha.simulation.scenarios import SCENARIOS, USUAL, Scenario, scenario_of

if TYPE_CHECKING:
    from wuzha.analysis.saved import Report

CASES_MAX = 2_000
FIRST_THEFTS = 3  # told at once, so that no drill is without a case
CASES_PER_HOUR_PER_CASE = 120.0  # all thefts begin within about half a minute
CASES_PER_HOUR_MAX = 3_600.0
LIMIT_S = 900.0
FINDINGS_SHOWN_MAX = 20
STOLEN, HELD, LOST = _("stolen"), _("held"), _("lost")
FIRST_ORDER = _("seconds from saved report to first order at a partner: median, most, most without an approver")

EXIT_NAMES = {
    "cash": _("cash machines"),
    "crypto": _("crypto sellers"),
    "abroad": _("abroad"),
    "merchant": _("merchants"),
    "fees": _("fees"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Scenario, seed, size and speed of the drill, and where its report is written."""
    listed = "; ".join(f"{scenario.letter} {scenario.name}: {speak(scenario.title)}" for scenario in SCENARIOS)
    parser.add_argument("--scenario", default=USUAL, help=speak(_("letter or name (usually C): %s")) % listed)
    parser.add_argument("--seed", type=int, default=1, help=speak(_("the same seed gives the same world")))
    parser.add_argument("--cases", type=int, default=20, help=speak(_("how many thefts")))
    parser.add_argument("--speed", type=float, help=speak(_("how much faster than life; usually the scenario's own")))
    parser.add_argument("--limit-s", type=float, default=LIMIT_S, help=speak(_("give up after so many seconds")))
    parser.add_argument("--report", type=Path, metavar="FILE.html", help=speak(_("write held against holdable here")))
    parser.add_argument("--pdf", type=Path, metavar="FILE.pdf", help=speak(_("the same on paper")))
    parser.add_argument("--json", action="store_true", help=speak(_("print the result as one JSON object, last")))


def run(args: argparse.Namespace) -> int:
    """Run the drill."""
    scenario = scenario_of(args.scenario)
    speed, cases = args.speed or scenario.speed, args.cases * scenario.cases_factor
    check_size(cases, speed)
    for path in (args.report, args.pdf):
        check_place(path)
    began, began_at, home = time.monotonic(), datetime.now(UTC), data_dir()
    with Exercise(
        specs=scenario.partners(args.seed), **country_settings(args.seed, cases, speed, scenario)
    ) as exercise:
        tell_start(args.seed, cases, speed, scenario)
        progress = exercise.run_until_settled(args.limit_s, tell=tell)
        outcome, found = verdict(exercise, progress, args.limit_s)
        told = exercise.patiently(lambda: saved_report(began_at, speed, scenario, args.seed, outcome, found))
        write_report(told, args.report, args.pdf, home)
    report(outcome, found, seconds=time.monotonic() - began, as_json=args.json)
    return 0 if found.clean else 1


def saved_report(
    began_at: datetime, speed: float, scenario: Scenario, seed: int, outcome: Outcome, found: Audit
) -> "Report":
    """Held against holdable as the drill's centre came to know it, with what the auditor knows beside it."""
    from wuzha.analysis.saved import report_of

    now = datetime.now(UTC)
    made = report_of(since=began_at, until=now, now=now, speed=speed)
    rows = dict(_rows(outcome))
    wanted = (STOLEN, HELD, LOST, FIRST_ORDER)
    lines = [f"{speak(label)}: {rows[label]}" for label in wanted] + [verdict_line(found)]
    lead = speak(_("By the auditor's books, which know all:"))
    return replace(made, scenario=scenario.letter, seed=seed, verdict=(lead, *lines))


def write_report(told: "Report", page: Path | None, paper: Path | None, home: Path) -> None:
    """Write the report where it is wanted, and beside the centre's own data if there is a centre here."""
    from django.utils import translation

    from wuzha.analysis import runs
    from wuzha.analysis.saved_file import html

    with translation.override("zh-hans" if speaks_chinese() else "en"):
        if page is not None:
            page.write_text(html(told), encoding="utf-8")
            _say(speak(_("report: %(path)s")) % {"path": page.resolve()})
        if paper is not None:
            from wuzha.analysis.saved_pdf import pdf  # reportlab is slow to load

            paper.write_bytes(pdf(told))
            _say(speak(_("report: %(path)s")) % {"path": paper.resolve()})
    if (home / "keys" / "centre.json").is_file():
        try:
            _say(speak(_("kept for the commander's page: %(path)s")) % {"path": runs.keep(told, home)})
        except OSError as error:
            _say(f"{home}: {error}")


def check_place(path: Path | None) -> None:
    """Refuse a file that could not be written, before the drill runs."""
    if path is not None and (path.is_dir() or not path.resolve().parent.is_dir()):
        raise Refusal(
            "drill.path",
            _("%(path)s cannot be written: choose a file in a folder that is there."),
            field="report",
            path=str(path),
        )


def verdict(exercise: Exercise, progress: Progress, limit_s: float) -> tuple[Outcome, Audit]:
    """Ask both sides and audit them; a drill that did not settle, or whose country failed, is a finding too."""
    truth, claims, faults = exercise.truth(), exercise.claims(), exercise.journal_faults()
    found = audit(truth, claims)
    for fault in faults:
        found.find("journal.broken", fault, "the chain of the journal is not what was written")
    if not progress.settled:
        found.find("drill.unsettled", "drill", f"still under way after {limit_s:g} s: {progress}")
    if truth["counts"].get("reports_refused") or truth["counts"].get("events_failed"):
        found.find("drill.faulty", "country", f"{truth['counts']}")
    return outcome_of(truth, claims, found), found


def country_settings(seed: int, cases: int, speed: float, scenario: Scenario) -> dict[str, Any]:
    """Settings of a drill's country."""
    return {
        "seed": seed,
        "speed": speed,
        "first_thefts": FIRST_THEFTS,
        "thefts_max": cases,
        "victims_per_hour": min(cases * CASES_PER_HOUR_PER_CASE, CASES_PER_HOUR_MAX),
        "report_delay_s_max": scenario.reported_within_s,
        "quiet_after_s": scenario.quiet_after_s,
        **scenario.settings,
    }


def check_size(cases: int, speed: float) -> None:
    """Refuse sizes that no drill has."""
    if not 1 <= cases <= CASES_MAX:
        raise Refusal("drill.cases", _("Choose between 1 and %(max)s cases."), field="cases", max=CASES_MAX)
    if not 1 <= speed <= 1_000:
        raise Refusal("drill.speed", _("Choose a speed between 1 and 1000."), field="speed")


def tell_start(seed: int, cases: int, speed: float, scenario: Scenario) -> None:
    """Say what begins."""
    text = speak(_("Drill %(letter)s: %(title)s; %(cases)s thefts, seed %(seed)s, %(speed)s times faster than life."))
    told = {"letter": scenario.letter, "title": speak(scenario.title), "cases": cases, "seed": seed}
    _say(text % {**told, "speed": f"{speed:g}"})


def tell(progress: Progress) -> None:
    """One line of progress."""
    text = speak(
        _("cases %(cases)s, orders %(orders)s (open %(open)s), held %(held)s yuan; pieces still moving %(moves)s")
    )
    _say(
        text
        % {
            "cases": progress.cases,
            "orders": progress.orders,
            "open": progress.open_orders,
            "held": format_minor(progress.held_minor),
            "moves": progress.pending["moves"],
        }
    )


def report(
    outcome: Outcome, found: Audit, *, seconds: float, as_json: bool, more: Mapping[str, int] | None = None
) -> None:
    """Print figures and verdict; `more` figures stand first."""
    judged = {
        "clean": found.clean,
        "findings_n": found.findings_n,
        "findings": [asdict(finding) for finding in found.findings[:FINDINGS_SHOWN_MAX]],
    }
    if as_json:
        told = {**(more or {}), **asdict(outcome), "seconds": round(seconds, 1), "verdict": judged}
        print(json.dumps(told, ensure_ascii=False))
        return
    for name, count in (more or {}).items():
        print(f"  {name}: {count}")
    for label, value in _rows(outcome):
        print(f"  {speak(label)}: {value}")
    for finding in found.findings[:FINDINGS_SHOWN_MAX]:
        print(f"  ! {finding.law} {finding.subject}: {finding.text}")
    print(verdict_line(found))


def verdict_line(found: Audit) -> str:
    """The auditor's verdict in a line."""
    if found.clean:
        return speak(_("Auditor: every unit is accounted for, no order lost, none doubled."))
    return speak(_("Auditor: %(count)s findings.")) % {"count": found.findings_n}


def _rows(outcome: Outcome) -> list[tuple[str, str]]:
    def share(amount_minor: int) -> str:
        of = outcome.stolen_minor or 1
        return f"{format_minor(amount_minor)} ({100 * amount_minor / of:.1f} %)"

    lost = "; ".join(f"{speak(EXIT_NAMES[name])} {format_minor(outcome.lost_minor[name])}" for name in EXITS)
    orders = ", ".join(f"{kind} {count}" for kind, count in sorted(outcome.orders.items()))
    answers = ", ".join(f"{kind or '-'} {count}" for kind, count in sorted(outcome.outcomes.items()))
    return [
        (_("thefts, of them reported"), f"{outcome.thefts}, {outcome.reported}"),
        (STOLEN, format_minor(outcome.stolen_minor)),
        (HELD, share(outcome.held_minor)),
        (LOST, f"{share(sum(outcome.lost_minor.values()))}: {lost}"),
        (_("resting in accounts"), share(outcome.resting_minor)),
        (_("returned to victims by thieves"), share(outcome.returned_minor)),
        (_("of it never reported"), share(outcome.unreported_minor)),
        (_("held that was never stolen"), format_minor(outcome.innocent_held_minor)),
        (_("accounts that stolen money touched"), str(outcome.accounts_touched)),
        (_("orders"), orders),
        (_("outcomes of orders"), f"{answers}; {outcome.answers}"),
        (
            FIRST_ORDER,
            f"{outcome.first_order_s_median}, {outcome.first_order_s_max}, {outcome.first_order_s_standing_max}",
        ),
    ]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
