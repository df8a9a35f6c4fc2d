"""`wuzha statements FILE...`: statements of many banks read into one ledger, without a server.

Prints per file what was recognised and what it lacks, then what became of the rows: repeats, pairs, gaps, conflicts.
A file that cannot be read is named on standard error with its line and reason; nothing of it enters the ledger, the
others are read, and the exit code is 2. With --json one object goes to standard output and nothing else.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from wuzha import cli
from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statement_words import LACKS, MEANINGS
from wuzha.tracing.statements import (
    Ledger,
    Progress,
    Reading,
    Statement,
    Template,
    build_ledger,
    read_paths,
    template_of,
    write_csv,
)
from wuzha.tracing.statements.ledger_csv import time_text
from wuzha.tracing.statements.meanings import Meaning
from wuzha.tracing.statements.model import decimal_text
from wuzha.tracing.statements.templates import dump, load

SHOWN_MAX = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    say = cli.speak
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help=say(_("CSV, TSV, XLS, XLSX or a zip of them"))
    )
    parser.add_argument("--out", type=Path, metavar="LEDGER.csv", help=say(_("write the ledger for wuzha trace")))
    parser.add_argument("--template", type=Path, metavar="T.json", help=say(_("read with a saved mapping of columns")))
    parser.add_argument("--save-template", type=Path, metavar="T.json", help=say(_("save the first table's mapping")))
    parser.add_argument(
        "--account",
        action="append",
        default=[],
        metavar="FILE=ACCOUNT",
        help=say(_("whose statement FILE is, when it does not say (repeatable)")),
    )
    parser.add_argument("--json", action="store_true", help=say(_("print one JSON object")))


def run(args: argparse.Namespace) -> int:
    """Read, print, write; 0 when every file was read, 2 when one was refused."""
    template = _template(args.template)
    with _progress_line() as show:
        readings = read_paths(args.files, template=template, accounts=_accounts(args.account), on_progress=show)
        statements = [statement for reading in readings for statement in reading.statements]
        ledger = build_ledger(statements, on_progress=show)
    for reading in readings:
        if reading.refusal is not None:
            cli.complain(_said(reading.refusal))
    if args.save_template and statements:
        name = args.save_template.stem
        _write(args.save_template, lambda out: out.write(dump(template_of(name, statements[0].mapping)) + "\n"))
    if args.out and statements:
        _write(args.out, lambda out: write_csv(ledger, out))
    if args.json:
        print(json.dumps(_as_json(readings, ledger), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_report(readings, ledger)))
    return cli.EXIT_REFUSED if any(reading.refusal for reading in readings) else 0


def _template(path: Path | None) -> Template | None:
    if path is None:
        return None
    try:
        return load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("statement.template_missing", _("Template %(file)s cannot be read."), file=str(path)) from error


def _accounts(pairs: list[str]) -> dict[str, str]:
    accounts = {}
    for pair in pairs:
        name, equals, account = pair.rpartition("=")
        if not (name and equals and account):
            raise Refusal(
                "statement.account_pair",
                _("“%(pair)s”: write FILE=ACCOUNT, for example june.csv=6222…"),
                pair=pair[:80],
            )
        accounts[Path(name).name] = account
    return accounts


def _write(path: Path, write: Callable[[TextIO], object]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as out:
            write(out)
    except OSError as error:
        raise Refusal(
            "statement.write", _("%(file)s cannot be written; choose another place."), file=str(path)
        ) from error


@contextmanager
def _progress_line() -> Iterator[Callable[[Progress], None]]:
    """Progress on one line of a terminal's standard error; silent where there is no terminal."""
    live = sys.stderr.isatty()

    def show(progress: Progress) -> None:
        if live:
            text = f"{progress.stage} {progress.file} {progress.rows_done:,} / {progress.rows_estimate:,}"
            print(f"\r\x1b[K{text[:100]}", end="", file=sys.stderr, flush=True)

    yield show
    if live:
        print("\r\x1b[K", end="", file=sys.stderr)


def _said(refusal: Refusal) -> str:
    text = cli.speak(refusal.template)
    values = {
        name: cli.speak(value) if isinstance(value, str) and value else value for name, value in refusal.values.items()
    }
    return text % values if values else text


def _tell(template: str, **values: object) -> str:
    return cli.speak(template) % values


def _report(readings: list[Reading], ledger: Ledger) -> list[str]:
    lines = []
    for reading in readings:
        for statement in reading.statements:
            lines += _about(statement)
    lines.append(
        _tell(
            _(
                "%(rows)s rows: %(repeats)s told twice, %(left_out)s moving no money, %(merged)s seen "
                "from both sides; %(transfers)s transfers."
            ),
            rows=ledger.rows,
            repeats=ledger.repeats,
            left_out=ledger.left_out,
            merged=ledger.merged,
            transfers=len(ledger.transfers),
        )
    )
    lines += [
        _tell(_("%(mask)s is %(account)s."), mask=mask, account=account)
        for mask, account in ledger.completed[:SHOWN_MAX]
    ]
    for gap in ledger.gaps[:SHOWN_MAX]:
        lines.append(
            _tell(
                _(
                    "Gap in %(account)s before %(place)s: balance %(printed)s instead of %(expected)s; "
                    "%(missing)s %(currency)s is in no file."
                ),
                account=gap.account,
                place=gap.before,
                printed=decimal_text(gap.printed_minor, gap.currency),
                expected=decimal_text(gap.expected_minor, gap.currency),
                missing=decimal_text(gap.missing_minor, gap.currency),
                currency=gap.currency,
            )
        )
    for chain in ledger.chains:
        if chain.moved:
            lines.append(
                _tell(
                    _("%(account)s: %(count)s rows stand where the balances put them, against their printed time."),
                    account=chain.account,
                    count=len(chain.moved),
                )
            )
    for conflict in ledger.conflicts[:SHOWN_MAX]:
        text = cli.speak(conflict.template) % dict(conflict.values)
        lines.append(f"{text} [{', '.join(conflict.places)}]" if conflict.places else text)
    hidden = max(0, len(ledger.gaps) - SHOWN_MAX) + max(0, len(ledger.conflicts) - SHOWN_MAX)
    if hidden:
        lines.append(_tell(_("… and %(count)s more; --json lists all."), count=hidden))
    return lines


def _about(statement: Statement) -> list[str]:
    mapping = statement.mapping
    name = f"{statement.file}, {statement.sheet}" if statement.sheet else statement.file
    accounts = ", ".join(account or "?" for account in statement.accounts[:3])
    lines = [
        _tell(
            _("%(name)s: %(rows)s rows of %(accounts)s (%(form)s %(encoding)s, header on line %(line)s)"),
            name=name,
            rows=len(statement.rows),
            accounts=accounts or "?",
            form=statement.form,
            encoding=statement.encoding,
            line=mapping.header_line or "-",
        )
    ]
    for meaning, positions in mapping.columns.items():
        if meaning is not Meaning.OTHER:
            titles = " / ".join(mapping.title_of(p) for p in positions)
            lines.append(f"    {cli.speak(MEANINGS[meaning])}: {titles}")
    if statement.lacks:
        lacks = ", ".join(cli.speak(LACKS.get(one, one)) for one in statement.lacks)
        lines.append("  " + _tell(_("lacks: %(lacks)s"), lacks=lacks))
    lines += ["  " + cli.speak(note.template) % dict(note.values) for note in statement.notes]
    return lines


def _as_json(readings: list[Reading], ledger: Ledger) -> dict[str, Any]:
    return {
        "files": [
            {
                "file": reading.file,
                "refused": None if reading.refusal is None else _refusal_json(reading.refusal),
                "statements": [_statement_json(statement) for statement in reading.statements],
            }
            for reading in readings
        ],
        "rows": ledger.rows,
        "repeats": ledger.repeats,
        "left_out": ledger.left_out,
        "merged": ledger.merged,
        "transfers": len(ledger.transfers),
        "completed": dict(ledger.completed),
        "gaps": [
            {
                "account": gap.account,
                "currency": gap.currency,
                "after": gap.after,
                "before": gap.before,
                "expected": decimal_text(gap.expected_minor, gap.currency),
                "printed": decimal_text(gap.printed_minor, gap.currency),
                "missing": decimal_text(gap.missing_minor, gap.currency),
            }
            for gap in ledger.gaps
        ],
        "chains": [
            {
                "account": chain.account,
                "currency": chain.currency,
                "rows": len(chain.rows),
                "order": chain.basis.value,
                "moved": list(chain.moved),
            }
            for chain in ledger.chains
        ],
        "conflicts": [{"code": c.code, "text": str(c), "places": list(c.places)} for c in ledger.conflicts],
    }


def _refusal_json(refusal: Refusal) -> dict[str, Any]:
    line = refusal.values.get("line")
    return {"code": refusal.code, "line": line if isinstance(line, int) else None, "reason": str(refusal)}


def _statement_json(statement: Statement) -> dict[str, Any]:
    mapping = statement.mapping
    times = sorted(row.at for row in statement.rows)
    return {
        "sheet": statement.sheet,
        "form": statement.form,
        "encoding": statement.encoding,
        "header_line": mapping.header_line,
        "columns": {m.value: [mapping.title_of(p) for p in held] for m, held in mapping.columns.items()},
        "accounts": list(statement.accounts),
        "rows": len(statement.rows),
        "first": time_text(times[0], statement.rows[0].precision) if times else None,
        "last": time_text(times[-1], statement.rows[0].precision) if times else None,
        "lacks": list(statement.lacks),
        "notes": [{"code": note.code, "text": str(note)} for note in statement.notes],
        "skipped": [{"line": s.line, "reason": s.reason, "text": s.text} for s in statement.skipped],
    }
