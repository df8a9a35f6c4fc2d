"""The worked examples of follow_the_money: which deposit paid which withdrawal, under LIFO and in proportion."""

from collections import Counter

import pytest

from tests.shared_data import shared_path
from tests.tracing_engine.followed import UNIT, read, told
from wuzha.tracing.engine import OpeningMethod, Rule, trace

BASE = "money/follow_the_money"
RULES = {"lifo": Rule.LIFO, "mixed": Rule.PRO_RATA}
EXAMPLES = [
    ("1_base_functionality", "account_config.json", "account_txns.csv", "account", 0),
    ("1_base_functionality", "network_config.json", "network_txns.csv", "network", 0),
    ("2_size_limits", "account_config.json", "account_txns.csv", "size", 5),
    ("3_time_window", "account_config.json", "account_txns+.csv", "prev", 0),
    ("3_time_window", "account_config+.json", "account_txns+.csv", "plus", 0),
    ("3_time_window", "account_config-.json", "account_txns+.csv", "minus", 0),
    ("6_system_boundaries", "network_config_a.json", "network_txns_a.csv", "act", 0),
    ("6_system_boundaries", "network_config_i.json", "network_txns_t.csv", "inf", 0),
    ("6_system_boundaries", "network_config_t.json", "network_txns_t.csv", "txn", 0),
    ("7_inconsistencies", "network_config_t.json", "network_txns_t.csv", "prev", 0),
    ("7_inconsistencies", "network_config_a.json", "network_txns_a_otc.csv", "otc_a", 0),
    ("7_inconsistencies", "network_config_i.json", "network_txns_otc.csv", "otc_i", 0),
]


@pytest.mark.row("R-501")
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("folder", "config", "transactions", "output", "smallest"), EXAMPLES)
def test_each_withdrawal_is_paid_by_the_deposits_that_the_example_names(
    folder: str, config: str, transactions: str, output: str, smallest: int, rule: str
) -> None:
    flows = shared_path(f"{BASE}/{folder}/output") / f"{output}_flows_{rule}.csv"
    if not flows.exists():
        assert rule == "mixed", "every example has its LIFO output"
        return
    example = read(shared_path(f"{BASE}/{folder}/{config}"), shared_path(f"{BASE}/{folder}/{transactions}"))
    ours = trace(example.transfers, example.seeds, RULES[rule], smallest_minor=smallest * UNIT)

    steps: Counter[tuple[str, str]] = Counter()  # (deposit, transfer) -> size, along every flow they tell
    rests: Counter[str] = Counter()
    untracked: Counter[str] = Counter()
    for flow in told(flows):
        first, *later = flow.transactions
        if first == "initial" or flow.ends[0] == "untracked":
            continue
        for step in later:
            if step != "final":
                steps[first, step] += flow.amount
        if later and later[-1] == "final":
            rests[first] += flow.amount
        if flow.ends[1] == "untracked":
            untracked[first] += flow.amount

    seeds = {seed.transfer_id for seed in example.seeds}
    found = {
        (victim, flow.transfer.id): cents
        for flow in ours.flows
        for victim, cents in flow.stolen.items()
        if flow.transfer.id not in seeds
    }
    assert found == pytest.approx(dict(steps), abs=100)  # 10**-7 of a dollar after some twenty divisions
    assert {v: fate.held_minor for v, fate in ours.fates.items() if fate.held_minor} == pytest.approx(rests, abs=100)
    lost = {v: fate.untracked_minor for v, fate in ours.fates.items() if fate.untracked_minor}
    assert lost == pytest.approx(dict(untracked), abs=100)
    assert ours.conserved


@pytest.mark.row("R-501")
def test_a_window_that_starts_late_needs_an_opening_of_forty() -> None:
    folder = shared_path(f"{BASE}/3_time_window")
    example = read(folder / "account_config-.json", folder / "account_txns+.csv")
    opening = trace(example.transfers, example.seeds, Rule.LIFO).openings["XYZ"]
    assert (opening.amount_minor, opening.method) == (40 * UNIT, OpeningMethod.LEAST)
