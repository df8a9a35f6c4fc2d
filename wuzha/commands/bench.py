"""`wuzha bench`: measure the program, each figure as a ratio or beside something measured in the same run.

The benchmarks lie in bench/ of a clone and are not installed with the program.
"""

import argparse
import importlib
import sys
from pathlib import Path

from wuzha.kernel.refusals import Refusal, _

ROOT = Path(__file__).resolve().parents[2]
# name -> module with `main(argv) -> exit code`
BENCHES = {
    "speed": "bench.speed",
    "load": "bench.load",
    "trace": "bench.trace",
    "chase": "bench.chase.run",
    "extract": "bench.extract",
    "kinds": "bench.kinds",
}
# Options that a benchmark of its own understands, handed on as they are.
OPTIONS = {
    "--seeds": "chase: seeds of the world, e.g. 1,2,3,4",
    "--scenarios": "chase: some of A to F, e.g. A,B",
    "--reports": "speed: reports at once",
    "--steps": "load: answers at each size",
    "--sizes": "load: numbers of open orders, e.g. 1000,20000",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The benchmark's name (speed by default) and its options."""
    parser.add_argument("name", nargs="?", default="speed", choices=sorted(BENCHES), help="what to measure")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--huge", action="store_true", help="trace: also 10^8 transfers from Parquet")
    for option, text in OPTIONS.items():
        parser.add_argument(option, help=text)


def run(args: argparse.Namespace) -> int:
    """Run one benchmark of the clone."""
    if not (ROOT / "bench").is_dir():
        raise Refusal("bench.missing", _("The benchmarks come with a clone of the project; run this command there."))
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    argv = [flag for flag in ("--json", "--huge") if getattr(args, flag[2:])]
    for option in OPTIONS:
        if (value := getattr(args, option[2:])) is not None:
            argv += [option, value]
    return int(importlib.import_module(BENCHES[args.name]).main(argv) or 0)
