"""`wuzha bench`: measure the program beside what it is compared with. The measures lie in bench/ of the clone.

`wuzha bench chase` and `wuzha bench trace` hand their own options on; see `wuzha bench chase --help`.
"""

import argparse
import importlib
import sys
from pathlib import Path

from wuzha.kernel.refusals import Refusal, _

ROOT = Path(__file__).resolve().parents[2]
MEASURES = {"chase": "bench.chase.run", "trace": "bench.trace"}  # name -> module with main(arguments) -> exit code
DEFAULT = "chase"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The measure, then its own options."""
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="MEASURE ...", help=", ".join(MEASURES))


def run(args: argparse.Namespace) -> int:
    """Run one measure; the chase when none is named."""
    rest: list[str] = args.rest
    if rest and not rest[0].startswith("-"):
        name, options = rest[0], rest[1:]
    else:
        name, options = DEFAULT, rest
    if name not in MEASURES:
        raise Refusal(
            "bench.unknown", _("There is no measure “%(name)s”; choose one of %(known)s."),
            name=name[:40], known=", ".join(MEASURES),
        )  # fmt: skip
    place = ROOT.joinpath(*MEASURES[name].split("."))
    if not place.with_suffix(".py").exists() and not (place / "__init__.py").exists():
        raise Refusal(
            "bench.absent",
            _("This measure lies in the folder bench/ of the project, which is not here. Run it in a clone."),
        )
    sys.path.insert(0, str(ROOT))
    return int(importlib.import_module(MEASURES[name]).main(options))
