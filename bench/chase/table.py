"""`wuzha bench chase`: of the money that could still be held when the report came, how much does the centre hold?

Each seed of each scenario is one process; sums over the seeds make the ratios (docs/chase.md has the definition).
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from bench.chase.run import Result, measure

SCENARIOS_ALL = "ABCDEF"
SEEDS = "1,2,3,4"
PROCESSES = 2


def figures(results: Sequence[Result]) -> dict[str, float]:
    """The ratios of one scenario over its seeds."""
    holdable = sum(result.holdable for result in results)
    held = sum(result.held for result in results)
    firsts = sorted(first for result in results for first in result.first_orders_s)
    cases = sum(result.cases for result in results)
    return {
        "cr": held / holdable,
        "s0": sum(result.held_s0 for result in results) / holdable,
        "s1": sum(result.held_s1 for result in results) / holdable,
        "held": held,
        "oracle": holdable,
        "collateral": sum(result.collateral_fen_h for result in results) / max(1, held),
        "orders_per_case": sum(result.orders for result in results) / max(1, cases),
        "first_order_p99_s": firsts[min(len(firsts) - 1, int(len(firsts) * 0.99))],
        "duplicates": sum(result.duplicates for result in results),
        "unauthorised": sum(result.unauthorised for result in results),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; with --json one JSON object as the last line."""
    parser = argparse.ArgumentParser(prog="wuzha bench chase", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default=SEEDS)
    parser.add_argument("--scenarios", default=",".join(SCENARIOS_ALL))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    began = time.monotonic()
    seeds = [int(seed) for seed in args.seeds.split(",")]
    names = [name.strip().upper() for name in args.scenarios.split(",")]
    if unknown := set(names) - set(SCENARIOS_ALL):
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(SCENARIOS_ALL)}")
    with ProcessPoolExecutor(PROCESSES) as pool:
        running = {name: [pool.submit(measure, name, seed) for seed in seeds] for name in names}
        found: dict[str, dict[str, Any]] = {
            name: figures([part.result() for part in parts]) for name, parts in running.items()
        }
    print(f"{'':2}{'S0':>6}{'S1':>6}{'CR':>7}{'of the rest':>13}{'collateral':>12}{'orders':>8}{'first s':>9}")
    for name, row in found.items():
        rest = (row["cr"] - row["s1"]) / max(1e-9, 1 - row["s1"])
        print(
            f"{name:2}{row['s0']:>6.2f}{row['s1']:>6.2f}{row['cr']:>7.3f}{rest:>13.2f}{row['collateral']:>12.3f}"
            f"{row['orders_per_case']:>8.1f}{row['first_order_p99_s']:>9.2f}"
        )
    mean = sum(row["cr"] for row in found.values()) / len(found)
    seconds = time.monotonic() - began
    print(f"mean {mean:.3f} in {seconds:.0f} s")
    if args.json:
        told = {name: {key: round(value, 4) for key, value in row.items()} for name, row in found.items()}
        print(json.dumps({"scenarios": told, "mean_cr": round(mean, 4), "seconds": round(seconds, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
