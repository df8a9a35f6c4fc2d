"""Run the chase benchmark: seeds x scenarios x strategies, and print the table.

The capture ratio is a ratio of sums over all scored cases of a scenario: held / holdable. The first day of each world
only warms up clerks and life tables and is not scored. Scenario G is another question and has a line of its own: by how
much more is held when the accounts that gangs use again are listed silently (docs/chase.md).
"""

import argparse
import gc
import json
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from statistics import fmean

from bench.chase.banks import FREE_FEN, INTAKE_S, Country
from bench.chase.baselines import S0, S1
from bench.chase.centre import Centre
from bench.chase.oracle import HELD_WITHIN_S, holdable_fen, knowable_fen
from bench.chase.world import CASES_A_DAY, DAYS, REUSE, SCENARIOS, Case, cases_of

SEEDS = (1, 2, 3, 4)
SEEDS_MAX = 100
PROCESSES = 2
TESTED_SHARES = (0.5, 0.9)  # of their cards that gangs try before they use them
SEEN_AT_ONCE = 0.9  # and once more where any trial shows that a card is listed


@dataclass
class Result:
    """Sums of one seed of one scenario; fen, seconds."""

    scenario: str
    holdable: int = 0
    knowable: int = 0
    held: int = 0
    held_s0: int = 0
    held_s1: int = 0
    collateral_fen_h: float = 0.0
    orders: int = 0
    cases: int = 0
    duplicates: int = 0
    unauthorised: int = 0
    first_orders_s: list[float] = field(default_factory=list)
    cpu_s: float = 0.0


def held_fen(cases: Sequence[Case]) -> int:
    """Stolen money that is held, as the benchmark counts it: effective within 48 h of the report, not innocents'."""
    return sum(
        node.held
        for case in cases
        if case.scored
        for node in case.nodes
        if node.held and not node.honest and node.held_at <= case.report_at + HELD_WITHIN_S
    )


def measure(name: str, seed: int, days: int = DAYS, cases_a_day: int = CASES_A_DAY) -> Result:
    """One seed of one scenario under all strategies."""
    began, scenario, result = time.process_time(), SCENARIOS[name], Result(name)
    for strategy in (S0, S1):
        cases = cases_of(seed, scenario, days, cases_a_day)
        country = Country(cases, scenario)
        country.run(strategy(country))
        setattr(result, f"held_{strategy.__name__.lower()}", held_fen(cases))
    cases = cases_of(seed, scenario, days, cases_a_day)
    scored = [case for case in cases if case.scored]
    result.holdable = sum(holdable_fen(case, scenario) for case in scored)
    result.knowable = sum(knowable_fen(case, scenario) for case in scored)
    result.cases = len(scored)
    country = Country(cases, scenario)
    centre = Centre(country)
    country.run(centre)
    result.held = held_fen(cases)
    result.collateral_fen_h = country.count.collateral_fen_s / 3_600.0
    result.orders = country.count.orders
    result.duplicates, result.unauthorised = country.count.duplicates, country.count.unauthorised
    result.first_orders_s = [
        centre.desks[case.number].first_order_s - case.report_at - INTAKE_S for case in scored
    ]  # from the moment at which the report was taken in
    result.cpu_s = time.process_time() - began
    return result


@dataclass
class Uplift:
    """Fen held in one seed of scenario G: without a list, and with one by the share of cards that gangs try first.

    seen_at_once: where the banks look at the smallest payment too, so that every trial shows the list.
    """

    held: int = 0
    listed: dict[float, int] = field(default_factory=dict)
    seen_at_once: int = 0
    cpu_s: float = 0.0


def measure_reuse(seed: int, days: int = DAYS, cases_a_day: int = CASES_A_DAY) -> Uplift:
    """One seed of scenario G. The worlds differ in nothing but the list."""
    began, result = time.process_time(), Uplift()

    def held(tested: float | None, free_fen: int = FREE_FEN) -> int:
        cases = cases_of(seed, REUSE, days, cases_a_day)
        country = Country(
            cases, REUSE, silent_list=tested is not None, tested_share=tested or 0.0, free_fen=free_fen
        )  # fmt: skip
        country.run(Centre(country))
        return held_fen(cases)

    result.held = held(None)
    result.listed = {tested: held(tested) for tested in TESTED_SHARES}
    result.seen_at_once = held(SEEN_AT_ONCE, 0)
    result.cpu_s = time.process_time() - began
    return result


def _job(job: tuple[str, int]) -> Result | Uplift:
    gc.disable()  # a world is full of live objects: no use in looking for dead ones among them at every step
    name, seed = job
    result = measure_reuse(seed) if name == REUSE.name else measure(name, seed)
    gc.collect()
    return result


def uplift(results: Iterable[Uplift]) -> dict[str, float]:
    """Scenario G over its seeds: yuan held, and how many times as much with a silent list."""
    mine = list(results)
    held = sum(r.held for r in mine)
    figures = {"held": held / 100}
    for tested in TESTED_SHARES:
        figures[f"uplift_tested_{round(tested * 100)}"] = sum(r.listed[tested] for r in mine) / max(1, held)
    figures[f"uplift_seen_at_once_{round(SEEN_AT_ONCE * 100)}"] = sum(r.seen_at_once for r in mine) / max(1, held)
    return figures


def merge(results: Iterable[Result]) -> dict[str, dict[str, float]]:
    """Figures of each scenario over its seeds, by the names of the JSON output."""
    scenarios: dict[str, list[Result]] = {}
    for result in results:
        scenarios.setdefault(result.scenario, []).append(result)
    figures = {}
    for name, mine in sorted(scenarios.items()):
        held, holdable = sum(r.held for r in mine), max(1, sum(r.holdable for r in mine))
        firsts = sorted(at for r in mine for at in r.first_orders_s)
        figures[name] = {
            "cr": held / holdable,
            "s0": sum(r.held_s0 for r in mine) / holdable,
            "s1": sum(r.held_s1 for r in mine) / holdable,
            "held": held / 100,
            "oracle": holdable / 100,
            "collateral": sum(r.collateral_fen_h for r in mine) / max(1, held),
            "orders_per_case": sum(r.orders for r in mine) / max(1, sum(r.cases for r in mine)),
            "first_order_p99_s": firsts[min(len(firsts) - 1, len(firsts) * 99 // 100)] if firsts else 0.0,
            "duplicates": sum(r.duplicates for r in mine),
            "unauthorised": sum(r.unauthorised for r in mine),
        }
    return figures


COLUMNS = (
    ("cr", "CR", ".3f"), ("informed", "informed", ".3f"), ("s0", "S0", ".3f"), ("s1", "S1", ".3f"),
    ("gain", "of the rest", ".3f"),
    ("held", "held", ",.0f"), ("oracle", "oracle", ",.0f"), ("collateral", "collateral", ".2f"),
    ("orders_per_case", "orders/case", ".0f"), ("first_order_p99_s", "first p99 s", ".2f"),
    ("duplicates", "twice", ".0f"), ("unauthorised", "unauthorised", ".0f"),
)  # fmt: skip


def knowable(results: Iterable[Result]) -> dict[str, float]:
    """What the best informed could have held, as a share of the clairvoyant's, by scenario."""
    sums: dict[str, list[int]] = {}
    for result in results:
        both = sums.setdefault(result.scenario, [0, 0])
        both[0] += result.knowable
        both[1] += result.holdable
    return {name: known / max(1, holdable) for name, (known, holdable) in sums.items()}


def table(figures: dict[str, dict[str, float]], informed: dict[str, float]) -> str:
    """The figures for people. "of the rest": (CR - CR of S1) / (1 - CR of S1). held and oracle in yuan.

    informed: `knowable` of the same runs.
    """
    lines = ["   " + "".join(f"{title:>13}" for _name, title, _form in COLUMNS)]
    for name, row in figures.items():
        gain = (row["cr"] - row["s1"]) / max(1e-9, 1 - row["s1"])
        shown = {**row, "gain": gain, "informed": informed[name]}
        lines.append(f"{name:<3}" + "".join(f"{shown[key]:>13{form}}" for key, _t, form in COLUMNS))
    lines.append(f"mean CR {mean_cr(figures):.3f}")
    return "\n".join(lines)


def mean_cr(figures: dict[str, dict[str, float]]) -> float:
    """The plain mean over the scenarios."""
    return fmean(row["cr"] for row in figures.values())


def _uplift_line(figures: dict[str, float]) -> str:
    shares = ", ".join(f"{figures[f'uplift_tested_{round(t * 100)}']:.2f} at {t:.0%}" for t in TESTED_SHARES)
    blunt = figures[f"uplift_seen_at_once_{round(SEEN_AT_ONCE * 100)}"]
    return (
        f"G  held {figures['held']:,.0f} without a list; times as much with it, by cards tried first: {shares}"
        f" ({blunt:.2f} where the smallest trial shows the list)"
    )


def _scenarios(text: str) -> list[str]:
    names = [name.strip().upper() for name in text.split(",") if name.strip()]
    known = [*SCENARIOS, REUSE.name]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise argparse.ArgumentTypeError(
            f"there is no {', '.join(unknown) or 'scenario in it'}: use {', '.join(known)}"
        )
    return list(dict.fromkeys(names))


def _seeds(text: str) -> list[int]:
    try:
        seeds = [int(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise argparse.ArgumentTypeError("seeds are whole numbers, as in 1,2,3,4") from None
    if not 1 <= len(seeds) <= SEEDS_MAX:
        raise argparse.ArgumentTypeError(f"between 1 and {SEEDS_MAX} seeds")
    return list(dict.fromkeys(seeds))


def main(arguments: Sequence[str] | None = None) -> int:
    """`wuzha bench chase`: the table, and with --json one object as the last line."""
    parser = argparse.ArgumentParser(prog="wuzha bench chase", description=__doc__)
    parser.add_argument("--seeds", type=_seeds, default=list(SEEDS), help="as in 1,2,3,4")
    parser.add_argument("--scenarios", type=_scenarios, default=list(SCENARIOS), help="as in A,B (G too)")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args(arguments)
    began = time.perf_counter()
    # The longest first, so that the processes end together.
    jobs = [(name, seed) for name in options.scenarios for seed in options.seeds]
    jobs.sort(key=lambda job: -SCENARIOS[job[0]].cases_factor if job[0] in SCENARIOS else 0)
    with ProcessPoolExecutor(PROCESSES) as pool:
        results = list(pool.map(_job, jobs))
    plain = [result for result in results if isinstance(result, Result)]
    figures = merge(plain)
    reused = [result for result in results if isinstance(result, Uplift)]
    seconds = time.perf_counter() - began
    if figures:
        print(table(figures, knowable(plain)))
    if reused:
        print(_uplift_line(uplift(reused)))
    print(f"{seconds:.0f} s, {sum(result.cpu_s for result in results):.0f} s of CPU")
    if options.json:
        told = {"scenarios": figures, "mean_cr": mean_cr(figures) if figures else None, "seconds": seconds}
        print(json.dumps(told | ({REUSE.name: uplift(reused)} if reused else {})))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
