"""Real thefts traced by experts, and a synthetic bank, under each rule."""

import csv
import io
import tarfile
from datetime import UTC, datetime

import pytest

from tests.shared_data import shared_path
from wuzha.tracing.engine import CONSERVING_RULES, Rule, Seed, Trace, Transfer, complete, trace, trace_ledger

THEFTS = {"TxPhish": 0.84, "LIFI": 0.99, "Atomic": 0.87}  # share of the value at terminals that a rule must explain


def read(case: str) -> tuple[list[Transfer], set[str], set[str]]:
    """Transfers, the accounts from which the stolen money starts, terminal accounts.

    The rows are not sorted and one transaction may have several, so a row is known by its content. Addresses are
    compared without regard to case: one source is written with a checksum of capitals.
    """
    folder = shared_path(f"money/mftracer/{case}")
    with (folder / f"{case}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    transfers = []
    for row in rows:
        at = int(datetime.fromisoformat(row["Timestamp"]).replace(tzinfo=UTC).timestamp())
        name = ":".join((row["Tx_hash"], row["From"], row["To"], row["Value_in_USD"]))
        transfers.append(Transfer(name, at, row["From"], row["To"], round(float(row["Value_in_USD"]) * 100)))
    sources, terminals = (
        {line.strip().lower() for line in (folder / f"{kind} addresses.csv").read_text().splitlines() if line.strip()}
        for kind in ("source", "terminal")
    )
    return transfers, sources, terminals


def reached(found: Trace, terminals: set[str]) -> float:
    return len({flow.transfer.payee for flow in found.flows} & terminals) / len(terminals)


@pytest.mark.row("R-501")
@pytest.mark.parametrize("rule", CONSERVING_RULES)
@pytest.mark.parametrize(("case", "share"), THEFTS.items())
def test_each_rule_explains_the_value_that_experts_found_at_the_terminals(case: str, share: float, rule: Rule) -> None:
    transfers, sources, terminals = read(case)
    found = trace(transfers, [Seed(source, account=source) for source in sources], rule)
    explained = sum(flow.stolen_minor for flow in found.flows if flow.transfer.payee in terminals)
    arrived = sum(transfer.amount_minor for transfer in transfers if transfer.payee in terminals)
    assert explained / arrived >= share


@pytest.mark.row("R-501")
@pytest.mark.parametrize("case", THEFTS)
def test_the_exposure_reaches_every_terminal_and_every_rule_most_of_them(case: str) -> None:
    transfers, sources, terminals = read(case)
    seeds = [Seed(source, account=source) for source in sources]
    ledger = complete(transfers)
    assert reached(trace_ledger(ledger, seeds, Rule.POISON), terminals) == 1.0
    for rule in CONSERVING_RULES:
        found = trace_ledger(ledger, seeds, rule)
        assert found.conserved
        assert reached(found, terminals) >= 0.84


@pytest.mark.row("R-501")
@pytest.mark.parametrize("rule", CONSERVING_RULES)
def test_a_synthetic_bank_of_117805_transfers_conserves_every_alert(rule: Rule) -> None:
    archive = shared_path("money/amlsim/20K_cycle200.tgz")
    with tarfile.open(archive) as tar:
        member = tar.extractfile("20K_cycle200/transactions.csv")
        nodes = tar.extractfile("20K_cycle200/nodes.csv")
        assert member is not None
        assert nodes is not None
        rows = list(csv.DictReader(io.TextIOWrapper(member)))
        accounts = list(csv.DictReader(io.TextIOWrapper(nodes)))
    transfers = [
        Transfer(str(i), int(row["time"]), row["sourceNodeId"], row["targetNodeId"], round(float(row["value"]) * 100))
        for i, row in enumerate(rows)
    ]
    openings = {row["nodeid"]: round(float(row["init_balance"]) * 100) for row in accounts}
    paying = {transfer.payer for transfer in transfers}
    alerts = sorted({row["nodeid"] for row in accounts if row["isFraud"] != "0"} & paying)[:50]
    ledger = complete(transfers, openings=openings)
    found = trace_ledger(ledger, [Seed(account, account=account, at=10) for account in alerts], rule)
    assert found.conserved
    assert len(found.flows) > len(alerts)
    assert sum(fate.seed_minor for fate in found.fates.values()) > 0
