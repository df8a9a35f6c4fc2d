"""`python -m wuzha.commands.crash_test`: a drill during which the centre's programs are killed at random moments.

Theory. A centre may lose power, memory or patience at any instant. So web, worker and PostgreSQL get SIGKILL, chosen
and timed by the seed, and are started again by their supervisor as in production, while thieves, banks and the 110
room go on as if nothing had happened. Afterwards the auditor must find nothing lost and nothing doubled, and the
journal's chains whole.

Exit code 0: no finding; 1: findings; 2: it could not be run.
"""

import argparse
import os
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from random import Random

from wuzha.cli import speak
from wuzha.commands.drill import LIMIT_S, report, tell, verdict
from wuzha.kernel.refusals import Refusal, _
from wuzha.pg import Cluster
from wuzha.simulation.chance import draws
from wuzha.simulation.directory import PartnerSpec, partner_list
from wuzha.simulation.exercise import Exercise, Progress

KILLS_MAX = 1_000
EVERY_S_MAX = 600.0
KILL_EVERY_S = 5.0  # on average; long enough for the centre to do some work in between
TARGETS = ("worker", "web", "postgres")
CASES_PER_KILL = 0.5
CASES_MIN = 4
SPEED = 600.0
REPORTED_WITHIN_S = 3 * 3600.0
QUIET_AFTER_LAST_KILL_S = 5.0  # of the wall clock


class Killer:
    """Kills one of the TARGETS at each of its moments, seeded, as long as there are kills left."""

    def __init__(self, exercise: Exercise, kills: int, every_s: float, chance: Random) -> None:
        self.exercise, self.left, self.every_s, self.chance = exercise, kills, every_s, chance
        self.done: Counter[str] = Counter()
        self.target, self.next_at = "", 0.0
        self._choose_next()

    def _choose_next(self) -> None:
        self.target = self.chance.choice(TARGETS)
        self.next_at = self._next_moment()

    def _next_moment(self) -> float:
        return time.monotonic() + self.chance.uniform(0.1, 1.9) * self.every_s

    def look(self) -> None:
        """Kill when the moment has come; a target that waits to be started again is waited for."""
        if not self.left or time.monotonic() < self.next_at:
            return
        pids = self.exercise.supervisor.pids()
        server = self.exercise.server
        if isinstance(server, Cluster) and server.pid:
            pids["postgres"] = server.pid
        if self.target in pids:
            with suppress(ProcessLookupError):
                os.kill(pids[self.target], signal.SIGKILL)
                self.done[self.target] += 1
                self.left -= 1
            self._choose_next()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many kills, and their seed."""
    parser.add_argument("--kills", type=int, default=50, help=speak(_("how often a program is killed")))
    parser.add_argument("--every-s", type=float, default=KILL_EVERY_S, help=speak(_("seconds between kills")))
    parser.add_argument("--seed", type=int, default=1, help=speak(_("the same seed gives the same world")))
    parser.add_argument("--limit-s", type=float, default=LIMIT_S, help=speak(_("give up after so many seconds")))
    parser.add_argument("--json", action="store_true", help=speak(_("print the result as one JSON object, last")))


def run(args: argparse.Namespace) -> int:
    """Run the crash test."""
    if not 1 <= args.kills <= KILLS_MAX:
        raise Refusal("crash.kills", _("Choose between 1 and %(max)s kills."), field="kills", max=KILLS_MAX)
    began = time.monotonic()
    if not 0.1 <= args.every_s <= EVERY_S_MAX:
        raise Refusal("crash.every", _("Choose between 0.1 and %(max)s seconds."), field="every_s", max=EVERY_S_MAX)
    lasts_s = args.kills * args.every_s
    cases = max(CASES_MIN, int(args.kills * CASES_PER_KILL))
    exercise = Exercise(
        specs=quick_partners(args.seed),
        own_cluster=True,
        seed=args.seed,
        speed=SPEED,
        thefts_max=cases,
        victims_per_hour=min(cases / lasts_s * 3600, 3_600.0),
        report_delay_s_max=REPORTED_WITHIN_S,
        quiet_after_s=(lasts_s + QUIET_AFTER_LAST_KILL_S) * SPEED,
    )
    with exercise:
        killer = Killer(exercise, args.kills, args.every_s, draws(args.seed, "kills"))

        def told(progress: Progress) -> None:
            _say(speak(_("kills left %(left)s")) % {"left": killer.left})
            tell(progress)

        progress = exercise.run_until_settled(
            args.limit_s, tell=told, each_round=killer.look, go_on=lambda: bool(killer.left)
        )
        outcome, found = verdict(exercise, progress, args.limit_s)
    if killer.left:
        found.find("crash.unfinished", "killer", f"{killer.left} kills were not done within {args.limit_s:g} s")
    kills = {f"kills_{name}": killer.done[name] for name in TARGETS}
    report(outcome, found, seconds=time.monotonic() - began, as_json=args.json, more=kills)
    return 0 if found.clean else 1


def quick_partners(seed: int) -> list[PartnerSpec]:
    """The partners, but nobody answers by hand: half of them at once, half later, so that the test ends in time."""
    return [replace(spec, mode="limits") if spec.mode == "manual" else spec for spec in partner_list(seed)]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Command line."""
    from wuzha.cli import EXIT_REFUSED, complain

    parser = argparse.ArgumentParser(prog="python -m wuzha.commands.crash_test")
    add_arguments(parser)
    try:
        return run(parser.parse_args())
    except Refusal as refusal:
        complain(str(refusal))
        return EXIT_REFUSED


if __name__ == "__main__":
    sys.exit(main())
