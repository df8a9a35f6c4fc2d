"""`wuzha drill`: a centre of its own against a seeded country, without pages; prints what came of it and the verdict.

Exit code 0: the auditor found nothing; 1: there are findings; 2: the drill could not be run.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from wuzha.cli import speak
from wuzha.kernel.money import format_minor
from wuzha.kernel.refusals import Refusal, _
from wuzha.simulation.auditor import Audit, audit
from wuzha.simulation.exercise import Exercise, Progress
from wuzha.simulation.outcome import EXITS, Outcome, outcome_of

CASES_MAX = 2_000
FIRST_THEFTS = 3  # told at once, so that no drill is without a case
CASES_PER_HOUR_PER_CASE = 120.0  # all thefts begin within about half a minute
CASES_PER_HOUR_MAX = 3_600.0
REPORTED_WITHIN_S = 1.5 * 3600  # of the world's time
QUIET_AFTER_S = 2.5 * 3600
LIMIT_S = 900.0
FINDINGS_SHOWN_MAX = 20

EXIT_NAMES = {
    "cash": _("cash machines"),
    "crypto": _("crypto sellers"),
    "abroad": _("abroad"),
    "merchant": _("merchants"),
    "fees": _("fees"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Seed, size and speed of the drill."""
    parser.add_argument("--seed", type=int, default=1, help=speak(_("the same seed gives the same world")))
    parser.add_argument("--cases", type=int, default=20, help=speak(_("how many thefts")))
    parser.add_argument("--speed", type=float, default=60.0, help=speak(_("how much faster than life")))
    parser.add_argument("--limit-s", type=float, default=LIMIT_S, help=speak(_("give up after so many seconds")))
    parser.add_argument("--json", action="store_true", help=speak(_("print the result as one JSON object, last")))


def run(args: argparse.Namespace) -> int:
    """Run the drill."""
    check_size(args.cases, args.speed)
    began = time.monotonic()
    with Exercise(**country_settings(args.seed, args.cases, args.speed)) as exercise:
        tell_start(args)
        progress = exercise.run_until_settled(args.limit_s, tell=tell)
        outcome, found = verdict(exercise, progress, args.limit_s)
    report(outcome, found, seconds=time.monotonic() - began, as_json=args.json)
    return 0 if found.clean else 1


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


def country_settings(seed: int, cases: int, speed: float) -> dict[str, Any]:
    """Settings of a drill's country."""
    return {
        "seed": seed,
        "speed": speed,
        "first_thefts": FIRST_THEFTS,
        "thefts_max": cases,
        "victims_per_hour": min(cases * CASES_PER_HOUR_PER_CASE, CASES_PER_HOUR_MAX),
        "report_delay_s_max": REPORTED_WITHIN_S,
        "quiet_after_s": QUIET_AFTER_S,
    }


def check_size(cases: int, speed: float) -> None:
    """Refuse sizes that no drill has."""
    if not 1 <= cases <= CASES_MAX:
        raise Refusal("drill.cases", _("Choose between 1 and %(max)s cases."), field="cases", max=CASES_MAX)
    if not 1 <= speed <= 1_000:
        raise Refusal("drill.speed", _("Choose a speed between 1 and 1000."), field="speed")


def tell_start(args: argparse.Namespace) -> None:
    """Say what begins."""
    text = speak(_("The drill runs: %(cases)s thefts, seed %(seed)s, %(speed)s times faster than life."))
    _say(text % {"cases": args.cases, "seed": args.seed, "speed": f"{args.speed:g}"})


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
    if found.clean:
        print(speak(_("Auditor: every unit is accounted for, no order lost, none doubled.")))
    else:
        print(speak(_("Auditor: %(count)s findings.")) % {"count": found.findings_n})


def _rows(outcome: Outcome) -> list[tuple[str, str]]:
    def share(amount_minor: int) -> str:
        of = outcome.stolen_minor or 1
        return f"{format_minor(amount_minor)} ({100 * amount_minor / of:.1f} %)"

    lost = "; ".join(f"{speak(EXIT_NAMES[name])} {format_minor(outcome.lost_minor[name])}" for name in EXITS)
    orders = ", ".join(f"{kind} {count}" for kind, count in sorted(outcome.orders.items()))
    answers = ", ".join(f"{kind or '-'} {count}" for kind, count in sorted(outcome.outcomes.items()))
    return [
        (_("thefts, of them reported"), f"{outcome.thefts}, {outcome.reported}"),
        (_("stolen"), format_minor(outcome.stolen_minor)),
        (_("held"), share(outcome.held_minor)),
        (_("lost"), f"{share(sum(outcome.lost_minor.values()))}: {lost}"),
        (_("resting in accounts"), share(outcome.resting_minor)),
        (_("returned to victims by thieves"), share(outcome.returned_minor)),
        (_("of it never reported"), share(outcome.unreported_minor)),
        (_("held that was never stolen"), format_minor(outcome.innocent_held_minor)),
        (_("accounts that stolen money touched"), str(outcome.accounts_touched)),
        (_("orders"), orders),
        (_("outcomes of orders"), f"{answers}; {outcome.answers}"),
        (
            _("seconds from saved report to first order at a partner, median and most"),
            f"{outcome.first_order_s_median}, {outcome.first_order_s_max}",
        ),
    ]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
