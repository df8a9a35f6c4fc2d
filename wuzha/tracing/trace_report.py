"""One trace in words and numbers: the object of --json and the lines for a terminal."""

from collections.abc import Mapping
from typing import Any

from wuzha import cli
from wuzha.kernel.refusals import _
from wuzha.tracing.engine import Interval, OpeningMethod, Rule, Trace
from wuzha.tracing.trace_input import LedgerFile
from wuzha.tracing.trace_large import LargeFile

SHOWN_MAX = 30  # lines of each table on a terminal; --json has all


def decimal_text(minor: int, digits: int) -> str:
    """Decimal text of a sum: "12.30"."""
    whole, rest = divmod(minor, 10**digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)


def printable(text: str) -> str:
    """Text from a file for a terminal: what would steer the terminal is shown as a mark."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


class Report:
    """One trace in words and numbers; `intervals` say how far a sum rests on a convention (none: not computed)."""

    def __init__(self, file: LedgerFile | LargeFile, found: Trace, intervals: Mapping[str, Interval]) -> None:
        self.file, self.found, self.intervals = file, found, intervals

    def sum_text(self, minor: int) -> str:
        """Decimal text of a sum: "12.30"."""
        return decimal_text(minor, self.file.digits)

    def by_victim(self, stolen: dict[str, int]) -> dict[str, str]:
        """Sums by victim as text."""
        return {victim: self.sum_text(cents) for victim, cents in stolen.items()}

    def interval(self, account: str) -> tuple[int, int]:
        """Least and most stolen cents that any rule, and any possible unknown opening, gives an account."""
        found = self.intervals.get(account)
        if found:
            return found.low_minor, found.high_minor
        held = self.found.holdings.get(account)
        return (held.stolen_minor, held.stolen_minor) if held else (0, 0)

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
            "intervals": {a: [self.sum_text(end) for end in self.interval(a)] for a in self.intervals},
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
        return [printable(line) for line in out + self._notes()]

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
