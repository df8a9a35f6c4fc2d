"""A case file retraced after a late answer, and a ledger in chunks, are the whole ledger traced at once."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tests.tracing_engine.worlds import RULES
from wuzha.tracing.engine import Rule
from wuzha.tracing.engine.accountfold import rests
from wuzha.tracing.engine.case import CaseFile
from wuzha.tracing.engine.columns import SeedColumns
from wuzha.tracing.engine.generate import ledger as generated
from wuzha.tracing.engine.generate import seeds as generated_seeds
from wuzha.tracing.engine.generate import seeds_at
from wuzha.tracing.engine.lots import OUT, RULE_CODE, new_paint, new_state
from wuzha.tracing.engine.passes import exposed, least_openings
from wuzha.tracing.engine.stream import sweep_chunks
from wuzha.tracing.engine.sweep import sweep

TABLE = generated(6_000, seed=11, accounts=150)
SEEDS = generated_seeds(TABLE, 20, seed=12)


@pytest.mark.parametrize("rule", RULES)
def test_a_late_answer_merged_and_retraced_gives_the_whole_file(rule: Rule) -> None:
    code, at = RULE_CODE[rule], np.arange(len(TABLE), dtype=np.int64)
    is_cash = np.arange(150) % 10 == 0
    late = np.setdiff1d(np.arange(5, 6_000, 7), SEEDS.transfer)
    kept = np.setdiff1d(at, late)
    payer, payee, amount = TABLE.payer[kept], TABLE.payee[kept], TABLE.amount[kept]
    known = replace(TABLE, payer=payer, payee=payee, amount=amount, opening=least_openings(payer, payee, amount, 150))
    raised = np.maximum(known.opening, TABLE.opening)
    file = CaseFile(replace(known, opening=raised), at[kept], is_cash)
    moved, merged = file.merged(TABLE.payer[late], TABLE.payee[late], TABLE.amount[late], at[late])
    places = moved[np.searchsorted(kept, SEEDS.transfer)]
    assert places.tolist() == SEEDS.transfer.tolist()
    whole = CaseFile(replace(TABLE, opening=raised), at, is_cash)
    found, expected = merged.totals(code, seeds_at(places)), whole.totals(code, SEEDS)
    for one, other in zip(found, expected, strict=True):
        assert one.tolist() == other.tolist()
    each: Counter[int] = Counter()
    for transfer, _owner, cents in zip(*merged.by_victim(code, SEEDS), strict=True):
        each[int(transfer)] += int(cents)
    together: Counter[int] = Counter()
    for transfer, cents in zip(found.transfer, found.cents, strict=True):
        together[int(transfer)] += int(cents)
    assert each == together
    assert int(found.held.sum()) == int(TABLE.amount[SEEDS.transfer].sum()) - already_stolen(SEEDS, merged, code)
    assert all(is_cash[merged.columns.payee[found.transfer[row]]] for row in found.cash)


def already_stolen(seeds: SeedColumns, file: CaseFile, code: int) -> int:
    """Cents of seed payments that belonged to an earlier victim, and were not stolen twice."""
    transfer, owner, cents = file.by_victim(code, seeds)
    owner_of = dict(zip(seeds.transfer.tolist(), seeds.owner.tolist(), strict=True))
    rows = zip(transfer.tolist(), owner.tolist(), cents.tolist(), strict=True)
    return sum(c for t, o, c in rows if t in owner_of and owner_of[t] != o)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("returns", [False, True])
def test_totals_are_the_sums_over_victims_whether_or_not_money_comes_home(rule: Rule, returns: bool) -> None:
    """As many owners are at home on an account as paid a seed from it; in a dense case some of it comes back."""
    homes = TABLE.payer[SEEDS.transfer]
    if not returns:  # nobody pays these accounts, so nothing can come home
        homes = np.full(len(SEEDS.owner), len(TABLE.opening), np.int32)
    order = np.argsort(homes, kind="stable")
    seeds = replace(SEEDS, home_account=homes[order], home_owner=SEEDS.owner[order])
    opening = np.append(TABLE.opening, 0)
    file = CaseFile(
        replace(TABLE, opening=opening), np.arange(len(TABLE), dtype=np.int64), np.zeros(len(opening), bool)
    )
    each: Counter[int] = Counter()
    for transfer, _owner, cents in zip(*file.by_victim(RULE_CODE[rule], seeds), strict=True):
        each[int(transfer)] += int(cents)
    found = file.totals(RULE_CODE[rule], seeds)
    together: Counter[int] = Counter()
    for transfer, cents in zip(found.transfer, found.cents, strict=True):
        together[int(transfer)] += int(cents)
    assert together == each
    came_home = np.isin(TABLE.payee[found.transfer], homes).any()
    assert came_home == returns
    assert int(found.held.sum()) < sum(int(TABLE.amount[t]) for t in SEEDS.transfer) + 1


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("size", [1, 997, 6_000])
def test_a_ledger_in_chunks_is_swept_as_one(rule: Rule, size: int) -> None:
    if size == 1:
        table, seeds = generated(300, seed=1, accounts=20), generated_seeds(generated(300, seed=1, accounts=20), 5)
    else:
        table, seeds = TABLE, SEEDS
    code = RULE_CODE[rule]
    parts = [
        (table.payer[i : i + size], table.payee[i : i + size], table.amount[i : i + size])
        for i in range(0, len(table), size)
    ]
    chunked = sweep_chunks(code, parts, table.opening, seeds)
    paint = new_paint(seeds, len(table.opening))
    state = new_state(table.opening, seeds.owners, 64)
    state = sweep(code, table.payer, table.payee, table.amount, state, paint, 0, len(table))
    count = int(state.ctl[OUT])
    assert int(chunked.ctl[OUT]) == count
    for name in ("out_transfer", "out_owner", "out_cents"):
        assert getattr(chunked, name)[:count].tolist() == getattr(state, name)[:count].tolist()


@pytest.mark.parametrize("rule", RULES)
def test_a_sweep_that_was_read_half_way_goes_on_as_if_nobody_had_looked(rule: Rule) -> None:
    code, half = RULE_CODE[rule], len(TABLE) // 2

    def swept(*stops: int) -> tuple[list[list[int]], list[list[int]]]:
        state, paint = new_state(TABLE.opening, SEEDS.owners, 64), new_paint(SEEDS, len(TABLE.opening))
        for start, stop in zip((0, *stops), stops, strict=False):
            state = sweep(code, TABLE.payer, TABLE.payee, TABLE.amount, state, paint, start, stop)
        rows = [getattr(state, name)[: state.ctl[OUT]].tolist() for name in ("out_transfer", "out_owner", "out_cents")]
        return rows, [part.tolist() for part in rests(state, len(TABLE.opening))]

    assert swept(half, len(TABLE)) == swept(len(TABLE))


def test_exposure_is_what_a_walk_through_the_ledger_finds() -> None:
    touched: set[int] = set()
    expected = []
    for place, (payer, payee) in enumerate(zip(TABLE.payer.tolist(), TABLE.payee.tolist(), strict=True)):
        if payer in touched or place in set(SEEDS.transfer.tolist()):
            touched.add(payee)
            expected.append(place)
    assert np.nonzero(exposed(TABLE.payer, TABLE.payee, SEEDS.transfer))[0].tolist() == expected
