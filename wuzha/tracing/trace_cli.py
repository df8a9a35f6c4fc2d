"""`wuzha trace LEDGER.csv`: where stolen money went, for an analyst without a server.

Prints layers, accounts with stolen money now, cash-outs and what became of each victim's money; with --json one object;
with --html a picture that needs nothing but a browser. What rests on a convention is said: unknown openings, the order
inside an instant, and the interval over all rules.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from wuzha import cli
from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.engine import (
    CONSERVING_RULES,
    Interval,
    Ledger,
    Rule,
    Seed,
    Trace,
    complete,
    ledger_intervals,
    trace_ledger,
)
from wuzha.tracing.engine.seeds import check_seeds
from wuzha.tracing.trace_cells import Bad, amount_minor, instant
from wuzha.tracing.trace_input import NAMES, LedgerFile, read_ledger
from wuzha.tracing.trace_large import LargeFile, read_large
from wuzha.tracing.trace_report import SHOWN_MAX, Report, decimal_text, printable
from wuzha.tracing.trace_seeds import seed_of, seeds_of_file
from wuzha.tracing.trace_tables import read_balances, read_names, read_openings, read_pairs

INTERVAL_TRANSFERS_MAX = 100_000  # above it the other rules are not traced beside the one asked for
DIGITS = range(9)
ALIASES = {
    "tfo": Rule.TAINTED_FIRST,
    "worst-case": Rule.TAINTED_FIRST,
    "libr": Rule.CLEAN_FIRST,
    "mixed": Rule.PRO_RATA,
    "haircut": Rule.PRO_RATA,
    "proportional": Rule.PRO_RATA,
    "exposure": Rule.POISON,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    say = cli.speak
    add = parser.add_argument
    add("ledger", type=Path, metavar="LEDGER.csv", help=say(_("columns time, from, to, amount; others are kept")))
    add(
        "--from",
        dest="starts",
        action="append",
        default=[],
        metavar="ACCOUNT[@TIME][=AMOUNT]",
        help=say(_("stolen money: what ACCOUNT pays from TIME on, up to AMOUNT (repeatable)")),
    )
    add(
        "--seeds",
        type=Path,
        metavar="FILE",
        help=say(_("such texts by line, or CSV: account, time, amount, victim, row")),
    )
    add(
        "--rule",
        default=Rule.FIFO.value,
        metavar="RULE",
        help=", ".join(rule.value for rule in Rule) + say(_(" (default: fifo)")),
    )
    add("--since", metavar="TIME", help=say(_("ignore earlier transfers")))
    add("--until", metavar="TIME", help=say(_("ignore later transfers")))
    add("--json", action="store_true", help=say(_("print one JSON object")))
    add("--html", type=Path, metavar="FILE", help=say(_("write a picture with table that any browser shows")))
    add("--openings", type=Path, metavar="FILE", help=say(_("CSV of balances before the ledger: account, balance")))
    add("--balances", type=Path, metavar="FILE", help=say(_("CSV of balances told by banks: account, time, balance")))
    add("--holders", type=Path, metavar="FILE", help=say(_("CSV of who owns what: account, holder")))
    add(
        "--terminal",
        action="append",
        default=[],
        metavar="ACCOUNT",
        help=say(_("a hub, shop or exchange where the chase ends (repeatable)")),
    )
    add("--terminals", type=Path, metavar="FILE", help=say(_("such accounts, one a line")))
    add("--smallest", metavar="AMOUNT", help=say(_("stop following stolen lots below this sum")))
    add(
        "--digits", type=int, choices=DIGITS, metavar="N", help=say(_("decimals of the sums (default: as in the file)"))
    )
    add("--file-order", action="store_true", help=say(_("inside an instant the file's order is the bank's")))
    add("--skip-bad-rows", action="store_true", help=say(_("name bad rows and go on without them")))
    for name in NAMES:
        add(f"--{name.replace('_', '-')}-column", metavar="NAME", help=say(_("the file's column for: ")) + name)


def run(args: argparse.Namespace) -> int:
    """Read, trace, print; refusals end with code 2."""
    rule = _rule(args.rule)
    columns = {name: given for name in NAMES if (given := getattr(args, f"{name}_column")) is not None}
    given = _given(args, columns)
    file, ledger, seeds = given.file, given.ledger, given.seeds
    smallest = _sum(args.smallest, file.digits) if args.smallest else 0
    holders = read_pairs(args.holders, "account", "holder") if args.holders else None
    found = trace_ledger(ledger, seeds, rule, holders=holders, smallest_minor=smallest)
    _say_what_was_not_paid(seeds, found, file.digits)
    spans: dict[str, Interval] = {}
    if rule is not Rule.POISON and (isinstance(file, LargeFile) or len(ledger.transfers) <= INTERVAL_TRANSFERS_MAX):
        spans = ledger_intervals(
            ledger,
            given.with_openings,
            seeds,
            CONSERVING_RULES,
            lambda one, each: trace_ledger(one, seeds, each),
            also=[found],
        )
    report = Report(file, found, spans)
    if args.html:
        from wuzha.tracing.trace_picture import page

        _write(args.html, page(report))
    if args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(report.lines()))
    return 0


class Given(NamedTuple):
    """What an analyst gave: the file, its complete ledger, where the stolen money starts, and the ledger as it would be
    with other openings."""

    file: LedgerFile | LargeFile
    ledger: Ledger
    seeds: list[Seed]
    with_openings: Callable[[Mapping[str, int]], Ledger]


def _given(args: argparse.Namespace, columns: dict[str, str]) -> Given:
    since, until = _time(args.since, "since"), _time(args.until, "until")
    terminals = [*args.terminal, *(read_names(args.terminals) if args.terminals else [])]
    if not (args.file_order or args.balances) and (large := read_large(args.ledger, columns, args.digits)):
        openings = read_openings(args.openings, large.digits) if args.openings else {}
        if whole := large.complete(since, until, openings, terminals):
            table = large.since(since)
            seeds = _seeds(args, table.payers, large.digits)
            ids, accounts = {seed.transfer_id or "" for seed in seeds}, {seed.account or "" for seed in seeds}
            check_seeds(seeds, table.witnesses(ids, accounts))
            return Given(large, whole, seeds, whole.reopened)
    file = read_ledger(
        args.ledger, columns, skip_bad=args.skip_bad_rows, file_order=args.file_order, digits=args.digits
    )
    for refusal in file.refused:
        cli.complain(printable(cli.speak(refusal.template) % refusal.values))
    if file.repeated:
        cli.complain(cli.speak(_("%(count)s repeated rows were counted once")) % {"count": file.repeated})
    transfers = [transfer for transfer in file.transfers if since is None or transfer.at >= since]
    seeds = _seeds(args, {transfer.payer for transfer in transfers}, file.digits)
    check_seeds(seeds, transfers)
    known = read_openings(args.openings, file.digits) if args.openings else {}
    stated = read_balances(args.balances, file.digits) if args.balances else []

    def completed(more: Mapping[str, int]) -> Ledger:
        return complete(transfers, openings=known | dict(more), stated=stated, terminals=terminals, until=until)

    return Given(file, completed({}), seeds, completed)


def _rule(name: str) -> Rule:
    wanted = name.strip().casefold().replace("_", "-").replace(" ", "-")
    for rule in Rule:
        if wanted in (rule.value, rule.value.replace("-", "")):
            return rule
    if wanted in ALIASES:
        return ALIASES[wanted]
    raise Refusal(
        "rule.unknown",
        _("There is no rule “%(name)s”; choose one of %(rules)s."),
        field="rule",
        name=name[:40],
        rules=", ".join(rule.value for rule in Rule),
    )


def _time(text: str | None, option: str) -> int | None:
    if text is None:
        return None
    try:
        return instant(text)[0]
    except Bad:
        raise Refusal(
            "time.malformed", _("--%(option)s: “%(text)s” is not a time."), field=option, option=option, text=text[:40]
        ) from None


def _sum(text: str, digits: int) -> int:
    try:
        return amount_minor(text, digits)
    except Bad:
        raise Refusal("amount.malformed", _("“%(text)s” is not a positive amount."), text=text[:40]) from None


def _seeds(args: argparse.Namespace, payers: set[str], digits: int) -> list[Seed]:
    seeds = [seed_of(text, payers, digits) for text in args.starts]
    if args.seeds:
        more, unknown = seeds_of_file(args.seeds, payers, digits)
        seeds += more
        for account in unknown[:SHOWN_MAX]:
            text = cli.speak(_("%(account)s pays nowhere in the ledger and was left out"))
            cli.complain(text % {"account": printable(account)})
    if not seeds:
        raise Refusal("seed.none", _("Say where the stolen money starts, with --from ACCOUNT or --seeds FILE."))
    return seeds


def _say_what_was_not_paid(seeds: list[Seed], found: Trace, digits: int) -> None:
    """A seed that claims more than its account paid is told: the trace is of what was paid."""
    wanted: dict[str, int] = {}
    for seed in seeds:
        if seed.account is not None:
            wanted[seed.victim] = wanted.get(seed.victim, 0) + (seed.amount_minor or 1)
    for victim, cents in sorted(wanted.items()) if found.rule is not Rule.POISON else ():
        paid = found.fates[victim].seed_minor
        if paid < cents:
            text = cli.speak(_("%(victim)s: less was paid than is said to be stolen; %(sum)s was followed."))
            cli.complain(text % {"victim": printable(victim), "sum": decimal_text(paid, digits)})


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refusal(
            "output.unwritable", _("%(path)s cannot be written: %(reason)s."), path=str(path), reason=error.strerror
        ) from None
