"""Figures of the invented world without any centre: `python -m wuzha.simulation.measure --cases 300 --seed 1`.

Prints one JSON object: accounts that stolen money touched per case (median, 90th percentile), share of the stolen money
out of the system 30, 60 and 120 minutes after the first payment, exits, and the median delay of reports.
"""

import argparse
import json
import sys
from statistics import median

from wuzha.simulation.auditor import audit
from wuzha.simulation.config import CountryConfig
from wuzha.simulation.country import begin, pending
from wuzha.simulation.truth import truth_of

STARTS_AT = 1_700_000_000.0
STEP_S = 3_600.0
STEPS_MAX = 50  # hours; the world forgets after `country.KEPT_S`
CASES_PER_HOUR = 12.0
MARKS_S = (1_800, 3_600, 7_200)


def measure(cases: int, seed: int) -> dict[str, object]:
    """The figures of a world of `cases` thefts."""
    config = CountryConfig.model_validate(
        {
            "port": 0,
            "centre_url": "",
            "centre_code": "none",
            "centre_key_id": "",
            "centre_public_key": "",
            "seed": seed,
            "speed": 1.0,
            "first_thefts": 0,
            "victims_per_hour": CASES_PER_HOUR,
            "thefts_max": cases,
            "partners": _keyless_partners(seed),
        }
    )
    world, now = begin(config, STARTS_AT), STARTS_AT
    for _step in range(STEPS_MAX):
        now += STEP_S
        while world.step(now):
            pass
        left = pending(world)
        if not (left["thefts_to_come"] or left["payments"] or left["moves"]):
            break
    truth = truth_of(world, now)
    found = audit(truth, None)
    books = found.books
    assert books is not None
    thefts = [theft for theft in truth["thefts"] if not theft["forgotten"] and theft["stolen_minor"]]
    stolen_minor = sum(theft["stolen_minor"] for theft in thefts)
    touched = sorted(len(books.touched[theft["theft_id"]]) for theft in thefts)
    out = {
        f"out_within_{mark // 60}_min": round(
            sum(
                amount
                for theft in thefts
                for at, amount in books.out_at[theft["theft_id"]]
                if at <= theft["paid_at"][0] + mark
            )
            / stolen_minor,
            3,
        )
        for mark in MARKS_S
    }
    fates = {
        name: round(sum(found.fates[theft["theft_id"]].get(name, 0) for theft in thefts) / stolen_minor, 3)
        for name in ("resting", "cash", "crypto", "abroad", "merchant", "fees", "returned")
    }
    delays = [theft["made_at"] - theft["paid_at"][-1] for theft in thefts if theft["made_at"]]
    return {
        "cases": len(thefts),
        "stolen_minor_median": median(theft["stolen_minor"] for theft in thefts),
        "accounts_median": median(touched),
        "accounts_p90": touched[len(touched) * 9 // 10],
        **out,
        "fates_at_end": fates,
        "report_delay_min_median": round(median(delays) / 60, 1),
        "findings": found.findings_n,
    }


def _keyless_partners(seed: int) -> list[dict[str, object]]:
    from wuzha.simulation.directory import partner_list

    names = ("code", "name_zh", "name_en", "kind", "dialect", "mode", "local")
    blank = {"key_id": "", "private_key": "", "public_key": "", "base_url": ""}
    return [{name: getattr(spec, name) for name in names} | blank for spec in partner_list(seed)]


def main(arguments: list[str]) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m wuzha.simulation.measure", description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    print(json.dumps(measure(options.cases, options.seed), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
