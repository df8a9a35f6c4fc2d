"""`wuzha extract [FILE] [--now TIME] [--json]`: the leads of each text, one JSON object a line.

A line of the input is a text, or a JSON object with `text` and optionally `now`; without FILE, or for "-", standard
input is read. `now` is the local time of the call, by which "yesterday" is dated; without it, this moment. Nothing
needs a database. The model of the kind of fraud is this centre's own when it has trained one, else the rules.

Every line of the input has its object in the output, also an empty one. A line that begins as a JSON object and is
none, or has no text or an impossible `now`, answers with `error` and no leads; it is named on standard error with its
number, the others are read, and the exit code is 2. Text may be UTF-8, UTF-16 with its mark or GB18030; what holds
zero bytes is refused, for it is no text. Single bytes that are no UTF-8 are read as the replacement character.
"""

import argparse
import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from wuzha import cli
from wuzha.intake.kinds import fraud_kinds
from wuzha.intake.kinds.in_use import classify
from wuzha.intake.leads import extract, lead_to_dict, propose_transfers, transfer_to_dict
from wuzha.intake.leads.lead import TEXT_LENGTH_MAX
from wuzha.kernel.refusals import Refusal, _

KINDS_SHOWN = 3
STANDARD_INPUT = "-"
GOOD_FOR_ONE_BAD = 3  # characters read as UTF-8 for each byte that is none: fewer, and the file is GB18030
SNIFFED_BYTES = 65_536
VALUE_SHOWN_MAX = 40
_JSON_BEGINS = re.compile(r"\s*\{\s*\"")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the input: a text and the moment of its call, or the reason why it cannot be read."""

    number: int
    text: str
    now: datetime
    refusal: Refusal | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, --now and --json."""
    say = cli.speak
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help=say(_("one text a line, or JSON lines with text"))
    )
    parser.add_argument("--now", metavar="TIME", help=say(_("local time of the call, e.g. 2026-03-05T14:30")))
    parser.add_argument("--json", action="store_true", help=say(_("bare JSON also on a terminal, without indentation")))


def run(args: argparse.Namespace) -> int:
    """Print one JSON object for each line; on a terminal indented, unless --json is given; 2 when one was refused."""
    indent = 2 if sys.stdout.isatty() and not args.json else None
    default = _moment(args.now) if args.now is not None else datetime.now().astimezone().replace(tzinfo=None)
    code = 0
    with _opened(args.file) as stream:
        for line in _lines(stream, default):
            if line.refusal:
                code = cli.EXIT_REFUSED
                said = cli.speak(line.refusal.template) % line.refusal.values
                cli.complain(said)
                answer: dict[str, Any] = {"leads": [], "fraud_kind": [], "error": said, "line": line.number}
            else:
                answer = _answer(line.text, line.now)
            # Half a surrogate pair has no UTF-8: it goes out as the JSON escape it came in as.
            plain = json.dumps(answer, ensure_ascii=False, indent=indent).encode("utf-8", "backslashreplace")
            print(plain.decode("utf-8"), flush=True)
    return code


def _answer(text: str, now: datetime) -> dict[str, Any]:
    leads = extract(text, now)
    kinds = classify(text)
    names = fraud_kinds.all_kinds()
    return {
        "leads": [lead_to_dict(lead) for lead in leads],
        "transfers": [transfer_to_dict(transfer) for transfer in propose_transfers(leads, text)],
        "fraud_kind": [
            {"kind": names[s.kind].name_zh, "code": s.kind, "p": round(s.p, 4), "words": list(s.words)}
            for s in kinds.top(KINDS_SHOWN)
        ],
        "unsure": kinds.is_unsure,
    }


@contextmanager
def _opened(file: Path | None) -> Iterator[TextIO]:
    """FILE or standard input as text, its encoding told by its first bytes."""
    name = _("standard input") if file is None else str(file)
    if file is None or name == STANDARD_INPUT:
        binary = getattr(sys.stdin, "buffer", None)
        yield sys.stdin if binary is None else _as_text(binary, name)
        return
    try:
        opened = file.open("rb")
    except OSError as error:
        raise Refusal("extract.file", _("%(file)s cannot be read; give a file that exists."), file=name) from error
    with opened as stream:
        yield _as_text(stream, name)


def _as_text(stream: io.BufferedReader, name: str) -> TextIO:
    head = stream.peek(SNIFFED_BYTES)[:SNIFFED_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in head:
        raise Refusal("extract.binary", _("%(file)s is no text; give a text file, one text a line."), file=name)
    else:
        encoding = "utf-8-sig" if _is_utf8(head) else "gb18030"
    return io.TextIOWrapper(stream, encoding=encoding, errors="replace")


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3 and error.reason == "unexpected end of data":  # cut within a character
            return True
        # A stray byte does not make a whole file of calls unreadable.
        read = head.decode("utf-8", errors="replace")
        bad = read.count("\ufffd")
        return sum(not char.isascii() for char in read) - bad >= GOOD_FOR_ONE_BAD * bad
    return True


def _lines(stream: TextIO, default: datetime) -> Iterator[_Line]:
    number = 0
    while line := stream.readline(TEXT_LENGTH_MAX):
        number += 1
        if len(line) == TEXT_LENGTH_MAX and not line.endswith("\n"):
            _skip_rest(stream)
            refusal = Refusal(
                "extract.long",
                _("Line %(number)s is longer than %(most)s characters; split it."),
                number=number,
                most=TEXT_LENGTH_MAX,
            )
            yield _Line(number, "", default, refusal)
            continue
        try:
            yield _read(line.rstrip("\r\n"), number, default)
        except Refusal as refusal:
            yield _Line(number, "", default, refusal)


def _skip_rest(stream: TextIO) -> None:
    while (rest := stream.readline(TEXT_LENGTH_MAX)) and not rest.endswith("\n"):
        continue


def _read(line: str, number: int, default: datetime) -> _Line:
    """A text, or a JSON object; a line that merely begins with a brace is a text."""
    if not line.lstrip().startswith("{"):
        return _Line(number, line, default)
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        if not _JSON_BEGINS.match(line):
            return _Line(number, line, default)
        raise Refusal("extract.line", _("Line %(number)s is no JSON object: mend it."), number=number) from error
    if not isinstance(row.get("text"), str):
        raise Refusal("extract.text", _('Line %(number)s has no “text”: write {"text": "..."}.'), number=number)
    return _Line(number, row["text"], _moment(row["now"], number) if row.get("now") is not None else default)


def _moment(said: object, number: int = 0) -> datetime:
    """The wall clock of the call, as the caller sees it."""
    try:
        return datetime.fromisoformat(str(said).strip()).replace(tzinfo=None)
    except ValueError as error:
        shown = str(said)[:VALUE_SHOWN_MAX]
        if number:
            raise Refusal(
                "extract.now",
                _("Line %(number)s: “%(now)s” is no time; write 2026-03-05T14:30."),
                number=number,
                now=shown,
            ) from error
        raise Refusal("extract.now", _("“%(now)s” is no time; write 2026-03-05T14:30."), now=shown) from error
