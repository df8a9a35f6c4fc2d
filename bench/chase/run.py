"""Run the chase benchmark: seeds x scenarios x strategies, and print the table."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.chase.banks import Country
from bench.chase.baselines import S0, S1
from bench.chase.centre import Centre
from bench.chase.oracle import HELD_WITHIN_S, holdable_fen
from bench.chase.world import CASES_A_DAY, DAYS, SCENARIOS, Case, cases_of

SEEDS = (1, 2, 3, 4)
PROCESSES = 2


@dataclass
class Result:
    """Sums of one seed of one scenario; fen, seconds."""

    scenario: str
    holdable: int = 0
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


def measure(name: str, seed: int, days: int = DAYS, cases_a_day: int = CASES_A_DAY, baselines: bool = True) -> Result:
    """One seed of one scenario."""
    began, scenario, result = time.process_time(), SCENARIOS[name], Result(name)
    for strategy in (S0, S1) if baselines else ():
        cases = cases_of(seed, scenario, days, cases_a_day)
        country = Country(cases, scenario)
        country.run(strategy(country))
        setattr(result, f"held_{strategy.__name__.lower()}", held_fen(cases))
    cases = cases_of(seed, scenario, days, cases_a_day)
    scored = [case for case in cases if case.scored]
    result.holdable = sum(holdable_fen(case, scenario) for case in scored)
    result.cases = len(scored)
    country = Country(cases, scenario)
    centre = Centre(country)
    country.run(centre)
    result.held = held_fen(cases)
    result.collateral_fen_h = country.count.collateral_fen_s / 3_600.0
    result.orders = country.count.orders
    result.duplicates, result.unauthorised = centre.duplicates, centre.unauthorised
    result.first_orders_s = [centre.desks[case.number].first_order_s for case in scored]
    result.cpu_s = time.process_time() - began
    return result
