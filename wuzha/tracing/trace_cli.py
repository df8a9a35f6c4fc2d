"""`wuzha trace LEDGER.csv`: where stolen money went, for an analyst without a server.

Prints layers, accounts with stolen money now, cash-outs and what became of each victim's money; with --json one object;
with --html a picture that needs nothing but a browser. What rests on a convention is said: unknown openings, the order
inside an instant, and the interval over all rules.
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from wuzha import cli
from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.engine import CONSERVING_RULES, Ledger, OpeningMethod, Rule, Seed, Trace, complete, trace_ledger
from wuzha.tracing.engine.seeds import check_seeds
from wuzha.tracing.trace_input import (
    NAMES,
    Bad,
    LedgerFile,
    amount_minor,
    instant,
    read_ledger,
)
from wuzha.tracing.trace_large import LargeFile, read_large
from wuzha.tracing.trace_seeds import seed_of, seeds_of_file
from wuzha.tracing.trace_tables import read_balances, read_names, read_openings, read_pairs

INTERVAL_TRANSFERS_MAX = 100_000  # above it the other rules are not traced beside the one asked for
SHOWN_MAX = 30  # lines of each table on a terminal; --json has all
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
    file, ledger, seeds = _given(args, columns)
    smallest = _sum(args.smallest, file.digits) if args.smallest else 0
    holders = read_pairs(args.holders, "account", "holder") if args.holders else None
    found = trace_ledger(ledger, seeds, rule, holders=holders, smallest_minor=smallest)
    others = [found]
    if rule is not Rule.POISON and (isinstance(file, LargeFile) or len(ledger.transfers) <= INTERVAL_TRANSFERS_MAX):
        others += [trace_ledger(ledger, seeds, each) for each in CONSERVING_RULES if each is not rule]
    report = Report(file, found, others)
    if args.html:
        from wuzha.tracing.trace_picture import page

        _write(args.html, page(report))
    if args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(report.lines()))
    return 0


def _given(args: argparse.Namespace, columns: dict[str, str]) -> tuple[LedgerFile | LargeFile, Ledger, list[Seed]]:
    """The file, its complete ledger and where the stolen money starts."""
    since, until = _time(args.since, "since"), _time(args.until, "until")
    terminals = [*args.terminal, *(read_names(args.terminals) if args.terminals else [])]
    if not (args.file_order or args.balances) and (large := read_large(args.ledger, columns, args.digits)):
        openings = read_openings(args.openings, large.digits) if args.openings else {}
        if completed := large.complete(since, until, openings, terminals):
            table, whole = completed
            seeds = _seeds(args, table.payers, large.digits)
            ids, accounts = {seed.transfer_id or "" for seed in seeds}, {seed.account or "" for seed in seeds}
            check_seeds(seeds, table.witnesses(ids, accounts))
            return large, whole, seeds
    file = read_ledger(
        args.ledger, columns, skip_bad=args.skip_bad_rows, file_order=args.file_order, digits=args.digits
    )
    for refusal in file.refused:
        cli.complain(cli.speak(refusal.template) % refusal.values)
    if file.repeated:
        cli.complain(cli.speak(_("%(count)s repeated rows were counted once")) % {"count": file.repeated})
    transfers = [transfer for transfer in file.transfers if since is None or transfer.at >= since]
    seeds = _seeds(args, {transfer.payer for transfer in transfers}, file.digits)
    check_seeds(seeds, transfers)
    ledger = complete(
        transfers,
        openings=read_openings(args.openings, file.digits) if args.openings else None,
        stated=read_balances(args.balances, file.digits) if args.balances else (),
        terminals=terminals,
        until=until,
    )
    return file, ledger, seeds


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
            cli.complain(cli.speak(_("%(account)s pays nowhere in the ledger and was left out")) % {"account": account})
    if not seeds:
        raise Refusal("seed.none", _("Say where the stolen money starts, with --from ACCOUNT or --seeds FILE."))
    return seeds


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refusal(
            "output.unwritable", _("%(path)s cannot be written: %(reason)s."), path=str(path), reason=error.strerror
        ) from None


class Report:
    """One trace in words and numbers; `traces` are all rules traced, the one asked for first."""

    def __init__(self, file: LedgerFile | LargeFile, found: Trace, traces: Iterable[Trace]) -> None:
        self.file, self.found, self.traces = file, found, list(traces)

    def sum_text(self, minor: int) -> str:
        """Decimal text of a sum: "12.30"."""
        whole, rest = divmod(minor, 10**self.file.digits)
        return f"{whole}.{rest:0{self.file.digits}d}" if self.file.digits else str(whole)

    def by_victim(self, stolen: dict[str, int]) -> dict[str, str]:
        """Sums by victim as text."""
        return {victim: self.sum_text(cents) for victim, cents in stolen.items()}

    def interval(self, account: str) -> tuple[int, int]:
        """Least and most stolen cents that the rules give an account."""
        sums = [trace.holdings[account].stolen_minor if account in trace.holdings else 0 for trace in self.traces]
        return min(sums), max(sums)

    def flow_rows(self) -> list[dict[str, Any]]:
        """Every transfer that carried stolen money."""
        rows = []
        for flow in self.found.flows:
            row = self.file.rows.get(flow.transfer.id)
            rows.append(
                {
                    "row": row.row if row else None,
                    "line": row.line if row else None,
                    "time": row.cells[self.file.time_place] if row else None,
                    "from": flow.transfer.payer,
                    "to": flow.transfer.payee,
                    "amount": self.sum_text(flow.transfer.amount_minor),
                    "stolen": self.sum_text(flow.stolen_minor),
                    "by_victim": self.by_victim(dict(flow.stolen)),
                    "kind": flow.transfer.kind.value,
                    "layer": self.found.layers.get(flow.transfer.payee),
                    "fields": dict(zip(self.file.header, row.cells, strict=False)) if row else {},
                }
            )
        return rows

    def as_json(self) -> dict[str, Any]:
        """The object that --json prints; every sum is a decimal string."""
        found = self.found
        return {
            "rule": found.rule.value,
            "flows": self.flow_rows(),
            "holdings": {a: self.sum_text(held.stolen_minor) for a, held in found.holdings.items()},
            "lots": {
                account: [
                    {"victim": lot.victim, "amount": self.sum_text(lot.amount_minor), "unseen": lot.unseen}
                    for lot in held.lots
                ]
                for account, held in found.holdings.items()
            },
            "intervals": {a: [self.sum_text(end) for end in self.interval(a)] for a in self._accounts()},
            "layers": dict(sorted(found.layers.items(), key=lambda item: (item[1], item[0]))),
            "cash_outs": [
                {
                    "row": self._row(flow.transfer.id),
                    "at": flow.transfer.payee,
                    "stolen": self.sum_text(flow.stolen_minor),
                }
                for flow in found.cash_outs
            ],
            "victims": {
                victim: {
                    name.removesuffix("_minor"): self.sum_text(getattr(fate, name))
                    for name in fate.__dataclass_fields__
                }
                for victim, fate in found.fates.items()
            },
            "conserved": found.conserved,
            "exposure": {account: sorted(victims) for account, victims in found.exposure.items()},
            "competing": [
                {
                    "row": self._row(claim.transfer_id),
                    "claimant": claim.claimant,
                    "owner": claim.owner,
                    "amount": self.sum_text(claim.amount_minor),
                }
                for claim in found.competing
            ],
            "ask": [
                {
                    "account": gap.account,
                    "row": self._row(gap.transfer_id),
                    "missing": "credit" if gap.incoming else "debit",
                    "amount": self.sum_text(gap.amount_minor),
                    "at_stake": self.sum_text(gap.stake_minor),
                }
                for gap in found.gaps
            ],
            "ties": [
                {"rows": [self._row(i) for i in tie.transfer_ids], "method": tie.method.value} for tie in found.ties
            ],
            "openings": {
                account: {"amount": self.sum_text(opening.amount_minor), "method": opening.method.value}
                for account, opening in found.openings.items()
                if account in found.layers
            },
            "refused": [cli.speak(refusal.template) % refusal.values for refusal in self.file.refused],
        }

    def _row(self, transfer_id: str) -> int | None:
        row = self.file.rows.get(transfer_id)
        return row.row if row else None

    def _accounts(self) -> list[str]:
        return sorted({account for trace in self.traces for account in trace.holdings})

    def lines(self) -> list[str]:
        """The report for a terminal."""
        say, found = cli.speak, self.found
        out = [say(_("Rule: %(rule)s")) % {"rule": found.rule.value}, ""]
        out += self._fates()
        levels: dict[int, list[str]] = {}
        for account, layer in found.layers.items():
            levels.setdefault(layer, []).append(account)
        out += ["", say(_("Layers"))]
        for layer, accounts in sorted(levels.items()):
            shown = ", ".join(sorted(accounts)[:8]) + (" …" if len(accounts) > 8 else "")
            out.append(f"  {layer:>3}  {len(accounts):>6}  {shown}")
        out += ["", say(_("Accounts with stolen money now")) + f" ({len(found.holdings)})"]
        for held in found.frontier[: SHOWN_MAX if found.rule is not Rule.POISON else 0]:
            low, high = self.interval(held.account)
            between = f"  [{self.sum_text(low)} – {self.sum_text(high)}]" if low != high else ""
            out.append(f"  {self.sum_text(held.stolen_minor):>16}  {held.account}{between}")
        if found.rule is Rule.POISON:
            out += [
                f"  {account}: {', '.join(sorted(names))}"
                for account, names in list(found.exposure.items())[:SHOWN_MAX]
            ]
        out += ["", say(_("Cash-outs")) + f" ({len(found.cash_outs)})"]
        for flow in found.cash_outs[:SHOWN_MAX]:
            out.append(f"  {self.sum_text(flow.stolen_minor):>16}  {flow.transfer.payer} → {flow.transfer.payee}")
        return out + self._notes()

    def _fates(self) -> list[str]:
        say = cli.speak
        heads = {
            "seed_minor": say(_("stolen")),
            "held_minor": say(_("held")),
            "returned_minor": say(_("returned")),
            "cashed_minor": say(_("cashed")),
            "fees_minor": say(_("fees")),
            "terminal_minor": say(_("hubs")),
            "unseen_minor": say(_("unseen")),
            "untracked_minor": say(_("too small")),
        }
        lines = ["  " + "".join(f"{head:>14}" for head in heads.values()) + "  " + say(_("victim"))]
        for victim, fate in list(self.found.fates.items())[:SHOWN_MAX]:
            lines.append("  " + "".join(f"{self.sum_text(getattr(fate, key)):>14}" for key in heads) + f"  {victim}")
        return lines

    def _notes(self) -> list[str]:
        say, found = cli.speak, self.found
        notes = []
        guessed = [a for a in found.layers if a in found.openings and found.openings[a].method is OpeningMethod.LEAST]
        if guessed:
            notes.append(
                say(_("%(count)s opening balances are unknown; the least possible were used."))
                % {"count": len(guessed)}
            )
        if found.ties:
            methods = ", ".join(sorted({tie.method.value for tie in found.ties}))
            text = say(_("%(count)s times the order inside an instant was decided by: %(methods)s."))
            notes.append(text % {"count": len(found.ties), "methods": methods})
        for gap in [gap for gap in found.gaps if gap.stake_minor][:SHOWN_MAX]:
            text = say(_("Ask the bank of %(account)s: %(amount)s went unseen, %(stake)s at stake."))
            notes.append(
                text
                % {
                    "account": gap.account,
                    "amount": self.sum_text(gap.amount_minor),
                    "stake": self.sum_text(gap.stake_minor),
                }
            )
        for claim in found.competing[:SHOWN_MAX]:
            text = say(_("%(amount)s claimed by %(claimant)s belong to the earlier victim %(owner)s."))
            notes.append(
                text % {"amount": self.sum_text(claim.amount_minor), "claimant": claim.claimant, "owner": claim.owner}
            )
        return ["", *notes] if notes else []
