"""`wuzha replay`: a real theft's flow file, chased by a centre of its own through the partner protocol alone.

The centre is told the sources and asks the simulated banks for the rest; the terminals are looked at afterwards, to see
which of them it reached and how much of what they received it can explain.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from wuzha.cli import speak
from wuzha.kernel.refusals import Refusal, _
from wuzha.simulation.directory import PartnerSpec, partner_list
from wuzha.simulation.exercise import Exercise, Progress
from wuzha.simulation.flows import Case, read_case, write_case

SPEED = 1_000.0
LIMIT_S = 1_800.0
SEED = 1
# Where a file does not show what an account had before, one rule of order would miss ways that money took: pro rata.
TRACING_RULE = "pro-rata"
ASKED_FROM_MINOR = "1"  # and it is an investigation: followed to the last cent, not only what is worth holding


@dataclass(frozen=True, slots=True)
class Result:
    """What the centre found out by itself."""

    accounts_found: int
    layers: int
    orders_sent: int
    answers: int
    terminal_recall: float
    terminal_value_share: float
    seconds: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The three files."""
    parser.add_argument("flows", type=Path, metavar="FLOWS.csv")
    parser.add_argument("--sources", type=Path, required=True, help=speak(_("addresses where the theft began")))
    parser.add_argument("--terminals", type=Path, required=True, help=speak(_("addresses where experts saw it end")))
    parser.add_argument("--limit-s", type=float, default=LIMIT_S, help=speak(_("give up after so many seconds")))
    parser.add_argument("--json", action="store_true", help=speak(_("print the result as one JSON object, last")))


def run(args: argparse.Namespace) -> int:
    """Replay; exit code 1 when the chase did not come to its end within the limit."""
    case = read_case(args.flows, args.sources, args.terminals)
    os.environ.setdefault("WUZHA_TRACING_RULE", TRACING_RULE)
    os.environ.setdefault("WUZHA_ASKED_FROM_MINOR", ASKED_FROM_MINOR)
    text = speak(
        _("%(flows)s transfers of %(addresses)s addresses; %(sources)s sources reported, the rest is to be found.")
    )
    _say(text % {"flows": len(case.flows), "addresses": len(case.addresses), "sources": len(case.sources)})
    exercise = Exercise(specs=banks(), seed=SEED, speed=SPEED, faults=False, victims_per_hour=0.0)
    flows = exercise.folder / "flows.csv"
    write_case(case, flows)
    exercise.country["flows_path"] = str(flows)
    with exercise:
        began = time.monotonic()
        progress = exercise.run_until_settled(args.limit_s, tell=tell)
        seconds = time.monotonic() - began
        result = exercise.patiently(lambda: result_of(case, seconds))
        refused = progress.counts.get("reports_refused", 0)
    if refused or not progress.cases:
        raise Refusal("replay.refused", _("The centre refused the report of the sources; nothing was chased."))
    if args.json:
        print(json.dumps(asdict(result)))
    else:
        show(result)
    return 0 if progress.settled else 1


def banks() -> list[PartnerSpec]:
    """The connected banks, and the 110 room that files the report. Few banks make each message carry much."""
    return [
        spec for spec in partner_list(SEED) if spec.kind == "police" or (spec.kind == "bank" and spec.mode == "api")
    ]


def result_of(case: Case, seconds: float) -> Result:
    """Read from the centre what it found; compare with the listed terminals."""
    from django.db.models import Max, Sum

    from wuzha.control.models import OrderAnswer
    from wuzha.partners.models import Outbox
    from wuzha.tracing.models import TracedAccount

    found = TracedAccount.objects.filter(stolen_in_minor__gt=0).exclude(bank="")
    stolen_in = dict(found.values_list("number").annotate(Sum("stolen_in_minor")))
    recall, share = terminals_reached(case, stolen_in)
    return Result(
        accounts_found=len(stolen_in),
        layers=found.aggregate(deepest=Max("layer"))["deepest"] or 0,
        orders_sent=Outbox.objects.filter(state="done").count(),
        answers=OrderAnswer.objects.count(),
        terminal_recall=round(recall, 4),
        terminal_value_share=round(share, 4),
        seconds=round(seconds, 1),
    )


def terminals_reached(case: Case, stolen_in: Mapping[str, int]) -> tuple[float, float]:
    """Share of the terminals that stolen money reached, and of their received value that tracing explains."""
    received: Counter[str] = Counter()
    for flow in case.flows:
        received[flow.payee] += flow.amount_minor
    terminals = set(case.terminals)
    reached = [address for address in terminals if stolen_in.get(address)]
    explained_minor = sum(min(stolen_in.get(address, 0), received[address]) for address in terminals)
    received_minor = sum(received[address] for address in terminals)
    return len(reached) / len(terminals), explained_minor / received_minor if received_minor else 0.0


def tell(progress: Progress) -> None:
    """One line of progress."""
    text = speak(_("orders %(orders)s, open %(open)s"))
    _say(text % {"orders": progress.orders, "open": progress.open_orders})


def show(result: Result) -> None:
    """Print the result for a person."""
    for label, value in (
        (_("accounts found"), result.accounts_found),
        (_("layers"), result.layers),
        (_("orders sent"), result.orders_sent),
        (_("answers"), result.answers),
        (_("terminals reached"), f"{100 * result.terminal_recall:.1f} %"),
        (_("their received value explained"), f"{100 * result.terminal_value_share:.1f} %"),
        (_("seconds"), result.seconds),
    ):
        print(f"  {speak(label)}: {value}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
