"""Every compiled engine equals the specification to the cent."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracing_engine.worlds import RULES, World, carried, held, told, worlds
from wuzha.tracing.engine import Among, Ledger, Rule, complete, trace, trace_ledger, tracer
from wuzha.tracing.engine.accountfold import fold_to_fixpoint, rests
from wuzha.tracing.engine.columns import Columns, SeedColumns, Side, columns_of, seed_columns
from wuzha.tracing.engine.fast import trace_fast, trace_lines
from wuzha.tracing.engine.frontier import EventIndex
from wuzha.tracing.engine.generate import ledger as generated
from wuzha.tracing.engine.generate import seeds as generated_seeds
from wuzha.tracing.engine.index import StandingIndex
from wuzha.tracing.engine.jit import share
from wuzha.tracing.engine.lots import OUT, RULE_CODE, State, new_paint, new_state
from wuzha.tracing.engine.spec import fold
from wuzha.tracing.engine.sweep import sweep


def columns(world: World) -> tuple[Ledger, Columns, list[Side], SeedColumns]:
    whole = complete(world.transfers, openings=world.openings, terminals=["hub"])
    table, names = columns_of(whole)
    return whole, table, names, seed_columns(whole, table, names, world.seeds)


def named(
    world: World, whole: Ledger, names: list[Side], flows: Iterable[Iterable[int]], rest: Iterable[Iterable[int]]
) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Rows of numbers as `carried` and `held` of a trace."""
    victims = sorted({seed.victim for seed in world.seeds})
    moved: Counter[tuple[str, str]] = Counter()
    for transfer, owner, cents in zip(*flows, strict=True):
        moved[whole.transfers[transfer].id, victims[owner - 1]] += int(cents)
    kept: Counter[tuple[str, str]] = Counter()
    for account, owner, cents in zip(*rest, strict=True):
        if names[account][1] != "ends":
            kept[names[account][0], victims[owner - 1]] += int(cents)
    return moved, kept


@pytest.mark.parametrize("rule", RULES)
@given(world=worlds())
def test_the_sweep_equals_the_specification(rule: Rule, world: World) -> None:
    whole = complete(world.transfers, openings=world.openings, terminals=["hub"])
    holders = {"a1": "one person", "a2": "one person"}
    assert told(trace_fast(whole, world.seeds, rule, holders)) == told(
        trace_ledger(whole, world.seeds, rule, holders=holders)
    )


@pytest.mark.row("R-501")
@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=150)
@given(
    world=worlds(reversals=True, silence=True),
    among=st.sampled_from([None, Among.FIFO, Among.PRO_RATA]),
    smallest=st.sampled_from([0, 0, 7]),
)
def test_whole_lines_equal_the_specification_with_reversals_earmarks_and_limits(
    rule: Rule, world: World, among: Among | None, smallest: int
) -> None:
    """Not only sums: every lot in its place, and which of them nobody has seen come."""
    whole = complete(world.transfers, openings=world.openings, terminals=["hub"])
    holders = {"a1": "one person", "a2": "one person"}
    compiled = trace_lines(whole, world.seeds, rule, holders, among=among, smallest_minor=smallest)
    assert compiled == fold(whole, world.seeds, rule, among=among, holders=holders, smallest_minor=smallest)


@pytest.mark.parametrize("rule", [Rule.FIFO, Rule.LIFO])
@given(world=worlds())
def test_the_standing_index_equals_the_specification(rule: Rule, world: World) -> None:
    whole, table, names, seeds = columns(world)
    found = trace_ledger(whole, world.seeds, rule)
    walk = StandingIndex(table, rule).forward(seeds)
    moved, kept = named(
        world, whole, names, (walk.transfer, walk.owner, walk.cents), (walk.account, walk.holder, walk.rest)
    )
    assert (moved, kept) == (carried(found), held(found))


@pytest.mark.parametrize("rule", [Rule.FIFO, Rule.LIFO])
@given(world=worlds())
def test_looking_back_is_the_inverse_of_looking_forward(rule: Rule, world: World) -> None:
    _whole, table, _names, _seeds = columns(world)
    index = StandingIndex(table, rule)

    def sums(transfers: Iterable[int], cents: Iterable[int]) -> Counter[int]:
        found: Counter[int] = Counter()
        for transfer, amount in zip(transfers, cents, strict=True):
            found[int(transfer)] += int(amount)
        return found

    moves = [t for t in range(len(table)) if table.payer[t] != table.payee[t]]
    forward = {t: sums(*index.one(t)[:2]) for t in moves}
    backward = {t: sums(*index.backward(t)[:2]) for t in moves}
    for early in moves:
        for late in moves:
            if early != late:
                assert forward[early][late] == backward[late][early]


@pytest.mark.parametrize("rule", RULES)
@given(world=worlds())
def test_the_frontier_heap_equals_the_specification(rule: Rule, world: World) -> None:
    whole, table, names, seeds = columns(world)
    found = trace_ledger(whole, world.seeds, rule)
    state, _paint = EventIndex(table).trace(RULE_CODE[rule], seeds)
    count = int(state.ctl[OUT])
    flows = (state.out_transfer[:count], state.out_owner[:count], state.out_cents[:count])
    assert named(world, whole, names, flows, rests(state, len(names))) == (carried(found), held(found))


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=50)
@given(world=worlds())
def test_account_folds_settle_at_the_specification(rule: Rule, world: World) -> None:
    whole, table, names, seeds = columns(world)
    found = trace_ledger(whole, world.seeds, rule)
    fixed = fold_to_fixpoint(RULE_CODE[rule], table, seeds)
    flows, rest = (fixed.transfer, fixed.owner, fixed.cents), (fixed.account, fixed.holder, fixed.rest)
    assert named(world, whole, names, flows, rest) == (carried(found), held(found))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("accounts", [40, 2000])
def test_a_larger_ledger_gives_the_same_in_every_engine(rule: Rule, accounts: int) -> None:
    table = generated(20_000, seed=7, accounts=accounts)
    seeds = generated_seeds(table, 30, seed=8)
    code = RULE_CODE[rule]
    state = swept(code, table, seeds)
    assert int(state.ctl[OUT]) > 30
    heap, _paint = EventIndex(table).trace(code, seeds)
    assert summed(state) == summed(heap)
    halves = new_state(table.opening, seeds.owners, 1)
    paint = new_paint(seeds, accounts)
    for start, stop in ((0, 9_999), (9_999, 10_000), (10_000, 20_000)):
        halves = sweep(code, table.payer, table.payee, table.amount, halves, paint, start, stop)
    assert summed(halves) == summed(state), "a resumed sweep from a tiny pool is the same sweep"
    if rule in (Rule.FIFO, Rule.LIFO):
        walk = StandingIndex(table, rule).forward(seeds)
        found: Counter[tuple[int, int]] = Counter()
        for transfer, owner, cents in zip(walk.transfer, walk.owner, walk.cents, strict=True):
            found[int(transfer), int(owner)] += int(cents)
        assert found == summed(state)


@pytest.mark.parametrize("rule", RULES)
def test_all_victims_as_one_owner_carry_the_same_totals(rule: Rule) -> None:
    table = generated(20_000, seed=9, accounts=300)
    seeds = generated_seeds(table, 50, seed=10)
    together = SeedColumns(
        seeds.transfer, seeds.claim, np.ones(50, np.int32), seeds.limit, seeds.home_account, seeds.home_owner, 1
    )
    one, each = Counter[int](), Counter[int]()
    for (transfer, _owner), cents in summed(swept(RULE_CODE[rule], table, together)).items():
        one[transfer] += cents
    for (transfer, _owner), cents in summed(swept(RULE_CODE[rule], table, seeds)).items():
        each[transfer] += cents
    assert one == each


def swept(code: int, table: Columns, seeds: SeedColumns) -> State:
    state, paint = new_state(table.opening, seeds.owners, 64), new_paint(seeds, len(table.opening))
    return sweep(code, table.payer, table.payee, table.amount, state, paint, 0, len(table))


def summed(state: State) -> Counter[tuple[int, int]]:
    count = int(state.ctl[OUT])
    found: Counter[tuple[int, int]] = Counter()
    rows = zip(state.out_transfer[:count], state.out_owner[:count], state.out_cents[:count], strict=True)
    for transfer, owner, cents in rows:
        found[int(transfer), int(owner)] += int(cents)
    return found


@given(whole=st.integers(1, 2**52), data=st.data())
def test_the_compiled_share_is_the_exact_floor(whole: int, data: st.DataObject) -> None:
    part, amount = data.draw(st.integers(0, whole)), data.draw(st.integers(0, whole))
    assert share(amount, part, whole) == amount * part // whole


def test_a_ledger_too_rich_for_exact_shares_is_refused() -> None:
    one = np.array([1], np.int32)
    table = Columns(one - 1, one, np.array([2**52], np.int64), np.array([2**52, 0], np.int64))
    with pytest.raises(ValueError, match="exactly"):
        table.checked()


@given(world=worlds(reversals=True))
def test_the_door_gives_the_same_whichever_engine_is_behind_it(world: World) -> None:
    small = told(trace(world.transfers, world.seeds, Rule.FIFO, openings=world.openings))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracer, "SPEC_TRANSFERS_MAX", 0)
        assert told(trace(world.transfers, world.seeds, Rule.FIFO, openings=world.openings)) == small
