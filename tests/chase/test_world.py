"""The benchmark's world: seeded, conserving, and bounded by its oracle whatever a strategy does."""

import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.chase import banks
from bench.chase.banks import Country, take_below
from bench.chase.baselines import S0, S1
from bench.chase.centre import Centre
from bench.chase.messages import AMEND, QUERY, RELEASE, STOP, TRACE, WATCH, Task
from bench.chase.oracle import can_hold, holdable_fen, knowable_fen
from bench.chase.run import held_fen
from bench.chase.world import SCENARIOS, Case, Node, cases_of

DAYS, A_DAY = 2, 12


def world(name="C", seed=3):
    """A tiny world of a scenario."""
    return cases_of(seed, SCENARIOS[name], DAYS, A_DAY)


def facts(case):
    """What is drawn of a theft and does not depend on the scenario."""
    return [
        (n.index, n.parent.index if n.parent else -1, n.amount, n.bank, n.honest, n.kind, n.faults) for n in case.nodes
    ]


def test_the_same_seed_is_the_same_world_and_another_seed_is_another():
    assert [facts(c) for c in world()] == [facts(c) for c in world()]
    assert [facts(c) for c in world(seed=3)] != [facts(c) for c in world(seed=4)]


@pytest.mark.parametrize("name", ["A", "B", "E", "F"])
def test_a_theft_is_the_same_tree_in_every_scenario(name):
    assert [facts(c) for c in world(name)] == [facts(c) for c in world("C")]


def test_no_fen_is_lost_between_an_account_and_those_below():
    for case in world():
        assert sum(n.amount for n in case.nodes if n.parent is None) == case.amount
        for node in case.nodes:
            if node.children:
                assert sum(child.amount for child in node.children) == node.amount
                assert {child.arrive for child in node.children} == {node.leave}
                assert node.bank not in {child.bank for child in node.children}


@pytest.mark.parametrize("held", [0, 1, 500, 999, 1000])
def test_what_is_held_is_missing_below_to_the_fen(held):
    top = Node(0, None, 1, 1000)
    parts = [Node(n, top, 2, amount) for n, amount in ((1, 333), (2, 333), (3, 334))]
    top.children = parts
    deep = Node(4, parts[0], 3, 333)
    parts[0].children = [deep]
    take_below(top, held)
    assert sum(part.amount for part in parts) == 1000 - held
    assert deep.amount == parts[0].amount
    assert all(part.amount >= 0 for part in parts)


def path(*stays, bank=0, hold_s=600.0, honest_end=False):
    """One piece of 1,000 fen through accounts where it stays so long; stolen at 0, reported at 100."""
    nodes, at = [], 0.0
    for stay in stays:
        node = Node(len(nodes), nodes[-1] if nodes else None, len(nodes) + 1, 1000)
        if nodes:
            nodes[-1].children.append(node)
        node.arrive, node.leave, node.bank, node.hold_s, node.query_s = at, at + stay, bank, hold_s, 60.0
        node.dwell_s, node.local, node.covered, node.faults = stay, True, True, (0.9, 0.9, 0.9, 0.9)
        at += stay
        nodes.append(node)
    if honest_end:
        nodes[-1].honest, nodes[-1].leave, nodes[-1].kind = True, math.inf, "merchant"
    case = Case(0, "fast", 1000, 0.0, 100.0, True, nodes)
    for node in nodes:
        node.case = case
    return case


@pytest.mark.parametrize(
    ("told", "case", "scenario", "holdable"),
    [
        ("it rests longer than the bank needs", path(50, 700), "B", 1000),
        ("it is gone a second too early", path(50, 649), "B", 0),
        ("it leaves just as the hold would come", path(50, 650), "B", 0),
        ("it was gone before the report", path(10, 20), "E", 0),
        ("a connected bank gets it after the report", path(120, 5), "E", 1000),
        ("it came before the report and leaves at once", path(99, 2), "E", 0),
        ("only at a later account there is time", path(150, 10, 10, 900), "B", 1000),
        ("it ends with an honest seller", path(110, 1, honest_end=True), "B", 0),
    ],
)
def test_what_the_clairvoyant_holds(told, case, scenario, holdable):
    assert holdable_fen(case, SCENARIOS[scenario]) == holdable


@pytest.mark.parametrize(
    ("told", "case", "change", "scenario", "knowable"),
    [
        ("where it is at the report is known", path(50, 700), {}, "B", 1000),
        ("it comes after the report and rests longer than the bank needs", path(200, 650), {}, "B", 1000),
        ("it comes later than the report and leaves before a bank can hold", path(600, 590), {}, "B", 0),
        ("unseen, its bank tells in time", path(50, 800), {"covered": False}, "B", 1000),
        ("unseen, its bank tells too late", path(50, 700), {"covered": False}, "B", 0),
        ("unseen, but its bank is connected", path(120, 5), {"covered": False}, "E", 1000),
    ],
)
def test_what_the_best_informed_holds(told, case, change, scenario, knowable):
    for name, value in change.items():
        setattr(case.nodes[1], name, value)
    assert knowable_fen(case, SCENARIOS[scenario]) == knowable


def without_faults(cases):
    """The same thefts, with nothing going wrong on the way."""
    for case in cases:
        for node in case.nodes:
            node.faults = (0.9, 0.9, 0.9, 0.9)
    return cases


def test_the_bound_is_reached_by_who_knows_everything(monkeypatch):
    monkeypatch.setattr(banks, "INTAKE_S", 0.0)
    monkeypatch.setattr(banks, "CLERKS", 10_000)
    scenario = SCENARIOS["B"]
    cases = without_faults(world("B"))
    bound = sum(holdable_fen(case, scenario) for case in cases if case.scored)
    country = Country(cases, scenario)

    class Clairvoyant(S1):
        """Orders a stop wherever the oracle would, at the very moment of the report."""

        def on_report(self, case, now):
            for node in case.nodes:
                if can_hold(node, case.report_at, scenario):
                    self.country.send(Task(STOP, node, node.stolen), case.report_at)

    country.run(Clairvoyant(country))
    assert bound > 0
    assert held_fen(cases) == bound


@pytest.mark.row("R-203")
@pytest.mark.parametrize("name", list(SCENARIOS))
@pytest.mark.parametrize("strategy", [S0, S1, Centre])
def test_no_strategy_holds_more_of_any_theft_than_the_clairvoyant(name, strategy):
    scenario = replace(SCENARIOS[name], cases_factor=1)
    cases = cases_of(11, scenario, DAYS, A_DAY)
    country = Country(cases, scenario)
    country.run(strategy(country))
    for case in cases:
        held = sum(node.held for node in case.nodes if not node.honest)
        assert held <= knowable_fen(case, scenario) <= holdable_fen(case, scenario)


class Chance(S1):
    """Orders anything about any account at any time, whether it knows of it or not."""

    def __init__(self, country, seed):
        super().__init__(country)
        self.chance = Random(seed)

    def on_report(self, case, now):
        for node in case.nodes:
            for _ in range(self.chance.randint(0, 3)):
                at = now + self.chance.choice((0.0, 1.0, 60.0, 600.0, 7_200.0)) * self.chance.random()
                self.country.at(at, self._anything, node, at)

    def _anything(self, node, now):
        kind = self.chance.choice((STOP, STOP, QUERY, WATCH, TRACE, RELEASE, AMEND))
        amount = self.chance.randint(0, 2 * node.stolen)
        if kind == STOP:
            self.stops[node] = Task(STOP, node, amount)
            self.country.send(self.stops[node], now)
        elif kind not in (RELEASE, AMEND) or node in self.stops:
            self.country.send(Task(kind, node, amount, self.stops.get(node)), now)

    def on_told(self, told, now):
        """It does not listen."""

    def on_review(self, case, node, now):
        """Nor does it mind."""


@pytest.mark.row("R-203")
@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(list(SCENARIOS)))
def test_whatever_is_ordered_at_random_never_holds_more_than_the_clairvoyant(seed, name):
    scenario = replace(SCENARIOS[name], cases_factor=1)
    cases = cases_of(seed, scenario, 1, 4)
    bounds = [holdable_fen(case, scenario) for case in cases]
    country = Country(cases, scenario)
    country.run(Chance(country, seed))
    for case, bound in zip(cases, bounds, strict=True):
        assert sum(node.held for node in case.nodes if not node.honest) <= bound


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(list(SCENARIOS)))
def test_the_centre_orders_nothing_twice_and_nothing_unauthorised(seed, name):
    scenario = replace(SCENARIOS[name], cases_factor=1)
    country = Country(cases_of(seed, scenario, 1, 6), scenario)
    centre = Centre(country)
    country.run(centre)
    assert (country.count.duplicates, country.count.unauthorised) == (0, 0)
    for desk in centre.desks.values():
        assert desk.first_order_s - desk.case.report_at <= 3.05 + 1e-6


def test_the_same_run_twice_is_the_same():
    held = []
    for _ in range(2):
        cases = world("F", 5)
        country = Country(cases, SCENARIOS["F"])
        country.run(Centre(country))
        held.append([node.held for case in cases for node in case.nodes])
    assert held[0] == held[1]


def test_a_second_stop_on_an_account_is_counted():
    case = path(500)
    country = Country([case], SCENARIOS["B"])

    class Twice(S1):
        """Orders the same stop two times."""

        def on_report(self, case, now):
            for _ in range(2):
                self.country.send(Task(STOP, case.nodes[0], 1000), now)

        def on_told(self, told, now):
            """Nothing follows."""

    country.run(Twice(country))
    assert country.count.duplicates == 1


def test_money_held_at_an_honest_seller_is_collateral_until_it_is_released():
    case = path(100, 1, honest_end=True)
    seller = case.nodes[1]
    seller.kind = "personal"  # not recognised
    country = Country([case], SCENARIOS["E"])

    class Wrong(S1):
        """Holds the seller's money and releases it after the review."""

        def on_report(self, case, now):
            self.stops[seller] = Task(STOP, seller, 1000)
            self.country.send(self.stops[seller], now)

        def on_review(self, case, node, now):
            self.country.send(Task(RELEASE, node, ref=self.stops[node]), now)

    country.run(Wrong(country))
    assert seller.held == 0
    assert country.count.collateral_fen_s == pytest.approx(1000 * 7_200.0)
    assert held_fen([case]) == 0
