"""The auditor finds each law broken, and nothing where none is."""

from dataclasses import replace

import pytest

from tests.simulation.build import HOUR, T0, account, empty_world, living_world, order
from wuzha.partners.protocol import AccountKind, TransactionKind
from wuzha.simulation import desk
from wuzha.simulation.auditor import CaseClaim, Claims, OrderClaim, audit, keep_books
from wuzha.simulation.ledger import internal
from wuzha.simulation.state import Payment, Person, Theft
from wuzha.simulation.truth import truth_of

STOP = "stop-of-mule"


def theft_of(victim, stolen_minor):
    person = Person("张三", "13800000000", "", "城西派出所")
    payment = Payment("ICBC:mule", stolen_minor, T0, T0)
    theft = Theft("t0", 0, "fast", "刷单返利", person, victim, "", "", 3, 1, [payment], T0 + 60)
    theft.case_number, theft.external_id, theft.reported_at = "A1", "110-1", T0 + 60
    return theft


@pytest.fixture
def world():
    """One theft of 100,000: 30,000 out in cash, 20,000 on to a second mule, 40,000 held of the 50,000 left."""
    world = empty_world()
    account(world, "ABC", "victim", 500_000)
    account(world, "ICBC", "mule", 5_000)
    account(world, "BOC", "second")
    world.state.thefts["t0"] = theft_of("ABC:victim", 100_000)
    world.post("ABC:victim", "ICBC:mule", 100_000, T0, theft="t0")
    world.post("ICBC:mule", internal("ICBC", "cash"), 30_000, T0 + 5, TransactionKind.CASH)
    world.post("ICBC:mule", "BOC:second", 25_000, T0 + 6)
    stop = order("stop", "ICBC", "mule", name=STOP, amount=40_000, transfer=("ABC:victim", 100_000, T0), at=T0 + 60)
    query = order("query-transactions", "BOC", "second", name="q", at=T0 + 60)
    desk.take(world, "ICBC", stop, T0 + 60)
    desk.take(world, "BOC", query, T0 + 60)
    world.step(T0 + HOUR)
    return world


def truth(world):
    """The facts, free to be falsified."""
    import json

    return json.loads(json.dumps(truth_of(world, T0 + HOUR)))


def claims_of(facts):
    """What an honest centre would say of these facts."""
    held = {hold["order_id"]: hold["caught_minor"] for account in facts["accounts"] for hold in account["holds"]}
    orders = tuple(
        OrderClaim(
            o["order_id"], o["partner"], o["kind"], o["case_number"], o["account"], o["amount_minor"],
            queued=False, delivered=True, authorised=True, answers_n=o["answers_made"],
            held_minor=held.get(o["order_id"], 0),
        )
        for o in facts["orders"]
    )  # fmt: skip
    return Claims(orders, (CaseClaim("A1", 100_000, "110-1", T0 + 60),))


def laws(facts, claims):
    return {finding.law for finding in audit(facts, claims).findings}


def test_a_true_story_has_a_clean_verdict_and_every_unit_its_place(world):
    facts = truth(world)
    found = audit(facts, claims_of(facts))
    assert found.clean, found.findings
    fate = {name: amount for name, amount in found.fates["t0"].items() if amount}
    # The mule's own 5,000 were oldest and left first, so 25,000 of the cash and all that went on was stolen.
    assert fate == {"cash": 25_000, "held": 40_000, "resting": 35_000}
    assert sum(fate.values()) == 100_000


def hold_in(facts):
    return next(hold for account in facts["accounts"] for hold in account["holds"])


def account_in(facts, key):
    return next(account for account in facts["accounts"] if account["key"] == key)


def order_in(facts, kind):
    return next(order for order in facts["orders"] if order["kind"] == kind)


def lose_money(facts):
    account_in(facts, "BOC:second")["balance_minor"] -= 1


def lose_money_twice(facts):
    account_in(facts, "BOC:second")["balance_minor"] -= 1
    account_in(facts, "ICBC:mule")["balance_minor"] += 1


def lose_clearing(facts):
    facts["internals"]["BOC:~clearing"] += 7


def forget_a_movement(facts):
    facts["journal"] = [entry for entry in facts["journal"] if entry[5] != 30_000]


def steal_more_than_is_known(facts):
    facts["thefts"][0]["stolen_minor"] += 1


def let_held_money_out(facts):
    entry = [facts["journal"][-1][0] + 1, T0 + 99, "post", "ICBC:mule", "BOC:second", 20_000, "transfer", "", ""]
    facts["journal"].append(entry)


def hold_more_than_the_limit(facts):
    hold_in(facts)["limit_minor"] -= 1


def hold_what_is_not_there(facts):
    hold_in(facts)["caught_minor"] += 1


def hold_after_the_end(facts):
    hold_in(facts)["over"] = "released"


def stop_twice(facts):
    order_in(facts, "stop")["effects"] = 2


def stop_one_account_by_two_orders(facts):
    holds = account_in(facts, "ICBC:mule")["holds"]
    holds.append(dict(holds[0], order_id="other", caught_minor=0))


def send_another_body(facts):
    order_in(facts, "stop")["conflicts_n"] = 1


def invent_an_order(facts):
    facts["orders"].append(dict(order_in(facts, "stop"), order_id="nobody's"))


@pytest.mark.parametrize(
    ("falsify", "law"),
    [
        (lose_money, "ledger.balance"),
        (lose_money, "ledger.sum"),
        (lose_money_twice, "ledger.balance"),
        (lose_clearing, "ledger.clearing"),
        (forget_a_movement, "ledger.balance"),
        (steal_more_than_is_known, "money.unaccounted"),
        (let_held_money_out, "hold.leaked"),
        (hold_more_than_the_limit, "hold.over_limit"),
        (hold_what_is_not_there, "hold.sum"),
        (hold_after_the_end, "hold.not_ended"),
        (stop_twice, "order.doubled"),
        (stop_one_account_by_two_orders, "order.doubled"),
        (send_another_body, "order.conflict"),
        (invent_an_order, "order.unknown"),
    ],
)
def test_a_false_country_is_found(world, falsify, law):
    facts = truth(world)
    claims = claims_of(facts)
    falsify(facts)
    assert law in laws(facts, claims)


@pytest.mark.parametrize(
    ("changed", "law"),
    [
        ({"queued": True}, "order.queued"),
        ({"delivered": False}, "order.unknown"),
        ({"authorised": False}, "order.unauthorised"),
        ({"answers_n": 0}, "answer.lost"),
        ({"held_minor": 39_999}, "held.differs"),
        ({"held_minor": 0}, "held.differs"),
        ({"amount_minor": 1}, "order.altered"),
        ({"partner": "ABC"}, "order.altered"),
        ({"case_number": "A2"}, "order.altered"),
    ],
)
def test_a_false_claim_of_an_order_is_found(world, changed, law):
    facts = truth(world)
    claims = claims_of(facts)
    orders = tuple(replace(claim, **changed) if claim.kind == "stop" else claim for claim in claims.orders)
    assert law in laws(facts, Claims(orders, claims.cases))


@pytest.mark.parametrize(
    ("orders", "cases", "law"),
    [
        (lambda all_of: (*all_of, replace(all_of[0], order_id="lost")), None, "order.lost"),
        (lambda all_of: all_of[1:], None, "order.unknown"),
        (None, (CaseClaim("A1", 39_999, "110-1"),), "held.too_much"),
        (None, (), "held.too_much"),
        (None, (CaseClaim("A1", 100_000, "another"),), "report.lost"),
    ],
)
def test_false_claims_as_a_whole_are_found(world, orders, cases, law):
    facts = truth(world)
    claims = claims_of(facts)
    told = Claims(
        orders(claims.orders) if orders else claims.orders,
        claims.cases if cases is None else cases,
    )
    assert law in laws(facts, told)


def test_a_query_without_authority_is_no_effect(world):
    facts = truth(world)
    claims = claims_of(facts)
    orders = tuple(replace(claim, authorised=claim.kind == "stop") for claim in claims.orders)
    assert audit(facts, Claims(orders, claims.cases)).clean


def test_stolen_money_ends_at_merchants_and_comes_back_to_its_victim():
    world = empty_world()
    account(world, "ABC", "victim", 100_000)
    account(world, "ICBC", "mule")
    account(world, "ALIPAY", "shop", kind=AccountKind.MERCHANT)
    world.state.thefts["t0"] = theft_of("ABC:victim", 100_000)
    world.post("ABC:victim", "ICBC:mule", 100_000, T0, theft="t0")
    world.post("ICBC:mule", "ABC:victim", 10_000, T0 + 1)
    world.post("ICBC:mule", "ALIPAY:shop", 60_000, T0 + 2)
    world.post("ALIPAY:shop", "ABC:victim", 5_000, T0 + 3)
    found = audit(truth(world), None)
    assert found.clean, found.findings
    assert {name: amount for name, amount in found.fates["t0"].items() if amount} == {
        "returned": 10_000,
        "merchant": 60_000,
        "resting": 30_000,
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_a_living_country_is_clean_without_any_centre(seed):
    world = living_world(seed=seed, victims_per_hour=10.0, thefts_max=12)
    while world.step(T0 + 12 * HOUR):
        pass
    facts = truth(world)
    found = audit(facts, None)
    assert found.clean, found.findings
    assert len(found.fates) == 12
    books = keep_books(facts)
    assert sum(len(keys) for keys in books.touched.values()) > 100


def test_what_is_forgotten_is_folded_and_the_rest_stays_true():
    world = living_world(seed=3, victims_per_hour=10.0, thefts_max=12)
    world.step(T0 + 2 * HOUR)
    gone = world.ledger.forget_before(T0 + 0.5 * HOUR, 10**9)
    assert gone
    for theft_id in gone:
        world.state.thefts[theft_id].forgotten = True
    world.step(T0 + 6 * HOUR)
    facts = truth(world)
    found = audit(facts, None)
    assert found.clean, found.findings
    assert set(found.fates).isdisjoint(gone)
