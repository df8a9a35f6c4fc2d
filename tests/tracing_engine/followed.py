"""A reader of follow_the_money's worked examples: their configuration, their transactions and their flows.

Their network boundary becomes ours: a deposit comes out of a terminal, a withdrawal goes into one. Each deposit is
a victim of its own, so that "which deposit paid this withdrawal" is what a trace says. Sums are kept in units of
10**-9 of theirs, because their proportional rule divides endlessly.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wuzha.tracing.engine import Kind, Seed, Transfer

UNIT = 10**9


@dataclass(frozen=True)
class Example:
    """Transfers, one seed for each deposit, and the accounts that are outside."""

    transfers: tuple[Transfer, ...]
    seeds: tuple[Seed, ...]


def instant(text: str, form: str) -> int:
    """Seconds since 1970."""
    return int(datetime.strptime(text, form).replace(tzinfo=UTC).timestamp())


def read(config_path: Path, transactions_path: Path) -> Example:
    """The transactions inside the configured time window."""
    config = json.loads(config_path.read_text())
    form = config["timeformat"]
    since, until = instant(config["timewindow_beg"], form), instant(config["timewindow_end"], form)
    transfers, seeds = [], []
    with transactions_path.open(newline="") as file:
        rows = csv.DictReader(
            file,
            fieldnames=config["transaction_header"],
            delimiter=config.get("delimiter", ","),
            quotechar=config.get("quotechar", '"'),
        )
        seen = [row for row in rows if since <= instant(row["timestamp"], form) <= until]
    categories = _categories(config, seen)
    for serial, row in enumerate(seen):
        at = instant(row["timestamp"], form)
        step = _step(config, row, categories)
        if step == "outside":
            continue
        payer = "cash:outside" if step == "deposit" else row["src_ID"]
        kind = Kind.CASH if step == "withdraw" else Kind.TRANSFER
        amount = round(float(row["amt"]) * UNIT)
        transfers.append(Transfer(row["txn_ID"], at, payer, row["tgt_ID"], amount, kind, serial))
        if step == "deposit":
            seeds.append(Seed(row["txn_ID"], transfer_id=row["txn_ID"]))
        if float(row.get("fee") or 0):
            fee = round(float(row["fee"]) * UNIT)
            transfers.append(Transfer(row["txn_ID"] + "/fee", at, payer, "bank", fee, Kind.FEE, serial))
    return Example(tuple(transfers), tuple(seeds))


def _categories(config: Mapping[str, Any], rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """What an account is, where that is inferred: of all that its transactions say, what stands first in the order."""
    found: dict[str, str] = {}
    order = config.get("category_order", [])

    def rank(category: str) -> int:
        return order.index(category) if category in order else len(order)

    for row in rows if config["boundary_type"] == "inferred_accounts" else ():
        for side in ("src", "tgt"):
            account, said = row[f"{side}_ID"], config["account_categories"][row["type"]][side]
            found[account] = min(found.get(account, said), said, key=rank)
    return found


def _step(config: Mapping[str, Any], row: Mapping[str, str], categories: Mapping[str, str]) -> str:
    """deposit, transfer, withdraw or outside, by the configured boundary.

    "+otc": what passes outside is over the counter, and its own category says what it is. The examples' own note says
    that inferred_accounts+otc infers no accounts; there all goes by the transaction's category.
    """
    boundary = config["boundary_type"]
    if boundary in ("transactions", "inferred_accounts+otc"):
        return str(config["transaction_categories"][row["type"]])
    if boundary.startswith("accounts"):
        sides = row["src_categ"], row["tgt_categ"]
    else:
        sides = categories[row["src_ID"]], categories[row["tgt_ID"]]
    source, target = (side in config["category_follow"] for side in sides)
    moves = {(False, True): "deposit", (True, True): "transfer", (True, False): "withdraw"}
    over_the_counter = (
        config["transaction_categories"]["-".join(sides)]
        if boundary.endswith("+otc") and not (source or target)
        else "outside"
    )
    return moves.get((source, target), over_the_counter)


@dataclass(frozen=True)
class Told:
    """One flow of their output: transaction ids in order (or "initial", "final") and its size in UNIT."""

    transactions: tuple[str, ...]
    amount: int
    ends: tuple[str, str]


def told(path: Path) -> list[Told]:
    """The flows of one output file."""
    with path.open(newline="") as file:
        return [
            Told(
                tuple(row["flow_txn_IDs"].strip("[]").split(",")),
                round(float(row["flow_amt"]) * UNIT),
                tuple(row["flow_categs"].strip("()").split(",")),  # type: ignore[arg-type]
            )
            for row in csv.DictReader(file)
        ]
