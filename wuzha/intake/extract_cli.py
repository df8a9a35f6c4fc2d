"""`wuzha extract [FILE] [--now TIME] [--json]`: the leads of each text, one JSON object a line.

A line of the input is a text, or a JSON object with `text` and optionally `now`; without FILE, standard input is read.
`now` is the local time of the call, by which "yesterday" is dated; without it, this moment. Nothing needs a database.
The model of the kind of fraud is this centre's own when it has trained one, else the rules.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from wuzha.intake.kinds import fraud_kinds
from wuzha.intake.kinds.in_use import classify
from wuzha.intake.leads import extract, lead_to_dict, propose_transfers, transfer_to_dict
from wuzha.intake.leads.lead import TEXT_LENGTH_MAX
from wuzha.kernel.refusals import Refusal, _

KINDS_SHOWN = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, --now and --json."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="one text a line, or JSON lines with text")
    parser.add_argument("--now", type=_moment, metavar="TIME", help="local time of the call, e.g. 2026-03-05T14:30")
    parser.add_argument("--json", action="store_true", help="bare JSON also on a terminal, without indentation")


def run(args: argparse.Namespace) -> int:
    """Print one JSON object for each text; on a terminal indented, unless --json is given."""
    indent = 2 if sys.stdout.isatty() and not args.json else None
    default = args.now or _local(datetime.now().astimezone())
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    try:
        source = args.file.open(encoding="utf-8-sig", errors="replace") if args.file else nullcontext(sys.stdin)
    except OSError as error:
        raise Refusal(
            "extract.file", _("%(file)s cannot be read; give a file that exists."), file=str(args.file)
        ) from error
    with source as stream:
        for text, now in _texts(stream, default):
            leads = extract(text, now)
            kinds = classify(text)
            names = fraud_kinds.all_kinds()
            answer = {
                "leads": [lead_to_dict(lead) for lead in leads],
                "transfers": [transfer_to_dict(transfer) for transfer in propose_transfers(leads, text)],
                "fraud_kind": [
                    {"kind": names[s.kind].name_zh, "code": s.kind, "p": round(s.p, 4), "words": list(s.words)}
                    for s in kinds.top(KINDS_SHOWN)
                ],
                "unsure": kinds.is_unsure,
            }
            # Half a surrogate pair has no UTF-8: it goes out as the JSON escape it came in as.
            plain = json.dumps(answer, ensure_ascii=False, indent=indent).encode("utf-8", "backslashreplace")
            print(plain.decode("utf-8"), flush=True)
    return 0


def _texts(stream: TextIO, default: datetime) -> Iterator[tuple[str, datetime]]:
    """Each line's text and the time of its call; a line that begins like JSON but is none is a text."""
    while line := stream.readline(TEXT_LENGTH_MAX):
        line = line.rstrip("\r\n")
        row = _object(line)
        if row is None:
            yield line, default
            continue
        now = default
        if row.get("now"):
            try:
                now = _moment(str(row["now"]))
            except argparse.ArgumentTypeError as error:
                raise Refusal(
                    "extract.now", _("“%(now)s” is no time; write 2026-03-05T14:30."), now=row["now"]
                ) from error
        yield str(row["text"]), now


def _object(line: str) -> dict[str, Any] | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) and "text" in row else None


def _moment(text: str) -> datetime:
    try:
        return _local(datetime.fromisoformat(text.strip()))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write 2026-03-05T14:30") from error


def _local(moment: datetime) -> datetime:
    """The wall clock of `moment`, as the caller sees it."""
    return moment.replace(tzinfo=None)
