"""Laws that hold for every ledger, whatever the rule."""

import itertools
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.tracing_engine.worlds import RULES, World, carried, held, told, worlds
from wuzha.tracing.engine import Among, Rule, Seed, Transfer, complete, intervals, trace, trace_ledger
from wuzha.tracing.engine.doubt import bounds
from wuzha.tracing.engine.doubt_columns import column_bounds
from wuzha.tracing.engine.line import Piece, join, leave, total


@pytest.mark.parametrize("rule", RULES)
@given(world=worlds(reversals=True), smallest=st.sampled_from([0, 0, 7]))
def test_each_victims_money_is_conserved(rule: Rule, world: World, smallest: int) -> None:
    found = trace(
        world.transfers, world.seeds, rule, openings=world.openings, terminals=["hub"], smallest_minor=smallest
    )
    assert found.conserved, found.fates


@pytest.mark.parametrize("rule", RULES)
@given(world=worlds())
def test_the_lots_of_an_account_sum_to_its_balance(rule: Rule, world: World) -> None:
    ledger = complete(world.transfers, openings=world.openings, terminals=["hub"])
    balances = Counter({account: opening.amount_minor for account, opening in ledger.openings.items()})
    for transfer in ledger.transfers:
        if transfer.payer != transfer.payee:
            balances[transfer.payer] -= transfer.amount_minor
            if not ledger.absorbs(transfer):
                balances[transfer.payee] += transfer.amount_minor
            assert ledger.is_terminal(transfer.payer) or balances[transfer.payer] >= 0
    for account, holding in trace_ledger(ledger, world.seeds, rule).holdings.items():
        assert holding.balance_minor == balances[account]


@pytest.mark.parametrize("rule", [*RULES, Rule.POISON])
@given(world=worlds(reversals=True), shuffle=st.integers())
def test_the_result_does_not_depend_on_the_order_of_answers(rule: Rule, world: World, shuffle: int) -> None:
    transfers, seeds = list(world.transfers), list(world.seeds)
    random.Random(shuffle).shuffle(transfers)
    random.Random(shuffle).shuffle(seeds)
    first = trace(world.transfers, world.seeds, rule, openings=world.openings, terminals=["hub"])
    again = trace([*transfers, *transfers[:3]], seeds, rule, openings=world.openings, terminals=["hub"])
    assert first == again


@pytest.mark.parametrize("rule", [Rule.FIFO, Rule.LIFO])
@given(world=worlds())
def test_fifo_and_lifo_together_are_the_sum_of_each_alone(rule: Rule, world: World) -> None:
    """Wherever neither victim's money stands in the way of the other's claim."""
    payers = sorted({transfer.payer for transfer in world.transfers})
    assume(len(payers) >= 2)
    seeds = [Seed(payer, account=payer) for payer in payers[:2]]
    kwargs: dict[str, Any] = {"openings": world.openings, "terminals": ["hub"]}
    together = trace(world.transfers, seeds, rule, **kwargs)
    alone = [trace(world.transfers, [seed], rule, **kwargs) for seed in seeds]
    assume(dict(alone[0].fates) | dict(alone[1].fates) == together.fates)
    assert carried(together) == carried(alone[0]) + carried(alone[1])
    assert held(together) == held(alone[0]) + held(alone[1])


@given(
    lots=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 50)), min_size=1, max_size=8),
    part=st.floats(0, 1),
)
def test_at_one_account_no_rule_pays_more_stolen_money_than_tainted_first_or_less_than_clean_first(
    lots: list[tuple[int, int]], part: float
) -> None:
    paid = {}
    for rule in RULES:
        line: list[Piece] = []
        for owner, cents in lots:
            line = join(rule, None, line, [Piece(owner, cents)])
        out, left = leave(rule, None, line, int(total(line) * part))
        assert total(out) + total(left) == total(line)
        paid[rule] = sum(piece.cents for piece in out if piece.owner > 0)
    assert max(paid.values()) == paid[Rule.TAINTED_FIRST]
    assert min(paid.values()) == paid[Rule.CLEAN_FIRST]


@given(cents=st.lists(st.integers(0, 10**15), min_size=1, max_size=9), data=st.data())
def test_shares_sum_exactly_and_are_within_a_cent_of_their_quota(cents: list[int], data: st.DataObject) -> None:
    whole = sum(cents)
    if not whole:
        return
    amount = data.draw(st.integers(0, whole))
    line = [Piece(owner, part) for owner, part in enumerate(cents)]
    taken, _left = leave(Rule.PRO_RATA, None, line, amount)
    assert total(taken) == amount
    for piece in taken:
        assert abs(piece.cents * whole - amount * cents[piece.owner]) < whole
        assert piece.cents <= cents[piece.owner]


@pytest.mark.parametrize("rule", [Rule.TAINTED_FIRST, Rule.CLEAN_FIRST, Rule.PRO_RATA])
@given(world=worlds())
def test_how_victims_share_does_not_move_the_stolen_total(rule: Rule, world: World) -> None:
    """Holds for seeds by account: with seeds by transfer it matters whose cents come home, where they become clean."""
    seeds = [Seed(f"v{i}", account=t.payer, at=t.at) for i, t in enumerate(world.transfers[:3])]
    together = [Seed("all", account=seed.account, at=seed.at) for seed in seeds]
    sums = []
    for given_seeds, among in ((seeds, Among.FIFO), (seeds, Among.PRO_RATA), (together, None)):
        found = trace(world.transfers, given_seeds, rule, among=among, openings=world.openings)
        assert found.conserved
        sums.append([(flow.transfer.id, flow.stolen_minor) for flow in found.flows])
    assert sums[0] == sums[1] == sums[2]


@given(world=worlds())
def test_an_interval_holds_what_every_rule_says(world: World) -> None:
    found = intervals(world.transfers, world.seeds, openings=world.openings, terminals=["hub"])
    for rule in RULES:
        one = trace(world.transfers, world.seeds, rule, openings=world.openings, terminals=["hub"])
        for account, holding in one.holdings.items():
            assert found[account].low_minor <= holding.stolen_minor <= found[account].high_minor


@pytest.mark.row("R-501")
@settings(max_examples=200)
@given(world=worlds(reversals=True), more=st.lists(st.sampled_from([0, 0, 1, 7, 40, 200, 5_000]), min_size=9))
def test_an_interval_holds_whatever_the_unknown_openings_were(world: World, more: list[int]) -> None:
    found = intervals(world.transfers, world.seeds, openings=world.openings, terminals=["hub"])
    least = complete(world.transfers, openings=world.openings, terminals=["hub"])
    openings = dict(world.openings)
    for account, extra in zip(sorted(least.ample_openings()), more, strict=False):
        openings[account] = least.openings[account].amount_minor + extra
    for rule in RULES:
        one = trace(world.transfers, world.seeds, rule, openings=openings, terminals=["hub"])
        for account in found.keys() | one.holdings.keys():
            stolen = one.holdings[account].stolen_minor if account in one.holdings else 0
            assert account in found, (rule, account, stolen)
            assert found[account].low_minor <= stolen <= found[account].high_minor, (rule, account, stolen)


@given(world=worlds())
def test_the_bounds_over_columns_are_those_of_plain_python(world: World) -> None:
    whole = complete(world.transfers, openings=world.openings, terminals=["hub"])
    unknown = whole.ample_openings().keys()
    assert column_bounds(whole, world.seeds, unknown) == bounds(whole, world.seeds, unknown)


def test_an_account_in_the_middle_of_a_chain_may_hold_what_both_ends_deny() -> None:
    """With no opening anywhere all rests with c; with ample ones with a; but b's alone may be ample."""
    chain = [Transfer(f"t{i}", i, payer, payee, 100) for i, (payer, payee) in enumerate(["va", "ab", "bc"])]
    found = intervals(chain, [Seed("v", transfer_id="t0")])
    assert {a: (one.low_minor, one.high_minor) for a, one in found.items()} == dict.fromkeys("abc", (0, 100))
    known = intervals(chain, [Seed("v", transfer_id="t0")], openings=dict.fromkeys("vabc", 0) | {"v": 100})
    assert {a: (one.low_minor, one.high_minor) for a, one in known.items()} == {"c": (100, 100)}


@pytest.mark.parametrize("rule", RULES)
@given(world=worlds(), until=st.integers(0, 30))
def test_a_trace_until_an_instant_knows_nothing_later(rule: Rule, world: World, until: int) -> None:
    known = [transfer for transfer in world.transfers if transfer.at <= until]
    ids = {transfer.id for transfer in known} | {transfer.payer for transfer in known}
    seeds = [seed for seed in world.seeds if (seed.transfer_id or seed.account) in ids]
    cut = trace(world.transfers, seeds, rule, openings=world.openings, until=until)
    assert told(cut) == told(trace(known, seeds, rule, openings=world.openings))


@pytest.mark.parametrize("rule", [*RULES, Rule.POISON])
def test_claims_of_one_victim_on_one_payment_are_met_in_one_order(rule: Rule) -> None:
    """Several claims that differ in their sum alone: which is met first must not depend on how they are listed."""
    transfers = [Transfer("t0", 0, "a0", "a1", 5), Transfer("t1", 1, "a1", "a2", 3), Transfer("t2", 2, "a0", "a2", 4)]
    seeds = [
        Seed("v0", transfer_id="t0", amount_minor=1),
        Seed("v1", transfer_id="t0"),
        Seed("v1", transfer_id="t0", amount_minor=2),
    ]
    assert len({repr(trace(transfers, order, rule)) for order in itertools.permutations(seeds)}) == 1
