"""The picture of a trace as one file that any browser shows, without a server and without the network.

Theory. A column for each layer, a bar for each account, a band for each pair of accounts, as wide as the stolen money
in it; below it the table of every transfer. The script, the style and the data are inside the file. Texts of the ledger
are data: they are put in as JSON that cannot close its element, and shown only as text.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wuzha import cli
from wuzha.kernel.refusals import _
from wuzha.tracing.engine.model import UNSEEN_PREFIX, Kind

if TYPE_CHECKING:
    from wuzha.tracing.trace_report import Report

FOLDER = Path(__file__).with_name("picture")
FLOWS_MAX = 20_000  # drawn; those with the most stolen money when there are more
LOTS_MAX = 50


def page(report: "Report") -> str:
    """The whole HTML text."""
    say = cli.speak
    title = say(_("Flow of stolen money, rule: %(rule)s")) % {"rule": report.found.rule.value}
    data = json.dumps(_data(report), ensure_ascii=False, separators=(",", ":"))
    return (FOLDER / "trace.html").read_text(encoding="utf-8") % {
        "lang": "zh-Hans" if say(_("victim")) != "victim" else "en",
        "title": _escaped(title),
        "noscript": _escaped(say(_("This picture needs JavaScript."))),
        "css": (FOLDER / "trace.css").read_text(encoding="utf-8"),
        "js": (FOLDER / "trace.js").read_text(encoding="utf-8"),
        "data": data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"),
    }


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _data(report: "Report") -> dict[str, Any]:
    found, file = report.found, report.file
    flows = sorted(found.flows, key=lambda flow: -flow.stolen_minor)[:FLOWS_MAX]
    kept = {flow.transfer.id for flow in flows}
    flows = [flow for flow in found.flows if flow.transfer.id in kept]
    names = sorted({flow.transfer.payer for flow in flows} | {flow.transfer.payee for flow in flows})
    ends = {f.transfer.payee for f in flows if f.transfer.is_cash() or f.transfer.kind is Kind.FEE}
    drawn = []
    for flow in flows:
        row = file.rows.get(flow.transfer.id)
        drawn.append(
            {
                "row": row.row if row else None,
                "at": flow.transfer.at,
                "time": row.cells[file.time_place].strip() if row else "",
                "from": flow.transfer.payer,
                "to": flow.transfer.payee,
                "amount": flow.transfer.amount_minor,
                "stolen": flow.stolen_minor,
                "by": dict(flow.stolen),
            }
        )
    return {
        "digits": file.digits,
        "summary": _summary(report),
        "words": _words(),
        "left_out": len(found.flows) - len(flows),
        "flows": drawn,
        "accounts": [_account(report, name, name in ends) for name in names],
    }


def _account(report: "Report", name: str, end: bool) -> dict[str, Any]:
    held = report.found.holdings.get(name)
    low, high = report.interval(name)
    return {
        "name": name,
        "layer": report.found.layers.get(name, 0),
        "end": end or name.startswith(UNSEEN_PREFIX),
        "lots": [[lot.victim, lot.amount_minor] for lot in held.lots[:LOTS_MAX]] if held else [],
        "interval": [low, high] if low != high else None,
    }


def _summary(report: "Report") -> str:
    fates = report.found.fates.values()
    text = cli.speak(_("%(stolen)s stolen from %(victims)s: %(held)s held, %(cashed)s cashed, %(returned)s returned."))
    return text % {
        "victims": len(report.found.fates),
        "stolen": report.sum_text(sum(fate.seed_minor for fate in fates)),
        "held": report.sum_text(sum(fate.held_minor for fate in fates)),
        "cashed": report.sum_text(sum(fate.cashed_minor for fate in fates)),
        "returned": report.sum_text(sum(fate.returned_minor for fate in fates)),
    }


def _words() -> dict[str, Any]:
    say = cli.speak
    return {
        "search": say(_("Search account")),
        "at_least": say(_("At least")),
        "from_time": say(_("From")),
        "until_time": say(_("Until")),
        "play": say(_("Play")),
        "pause": say(_("Pause")),
        "unfold": say(_("Show every account")),
        "fold": say(_("Fold crowds")),
        "layer": say(_("Layer %s")),
        "crowd": say(_("%s more accounts")),
        "click": say(_("Click to show them.")),
        "received": say(_("stolen money received:")),
        "paid": say(_("stolen money paid on:")),
        "interval": say(_("held, by rule:")),
        "lots": say(_("Lots, the first to leave first:")),
        "clean": say(_("clean")),
        "stolen": say(_("stolen")),
        "caption": say(_("%s of %s transfers shown.")),
        "left_out": say(_("%s smaller ones are left out of the picture.")),
        "more": say(_("%s more rows; narrow the filters to see them.")),
        "heads": [
            say(_("Row")),
            say(_("Time")),
            say(_("Payer")),
            say(_("Payee")),
            say(_("Amount")),
            say(_("Of it stolen")),
            say(_("Victims")),
        ],
    }
