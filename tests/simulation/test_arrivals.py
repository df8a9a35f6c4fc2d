"""A connected bank delays what a watched account sends it: on arrival, and the disputed sum only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulation.build import T0, account, empty_world, order, order_id
from wuzha.partners.codes import DIALECTS
from wuzha.partners.protocol import AccountKind, AccountRef, Order, Outcome, TransactionKind
from wuzha.simulation import desk
from wuzha.simulation.auditor import audit
from wuzha.simulation.country import pending
from wuzha.simulation.launderers import take_out
from wuzha.simulation.ledger import internal
from wuzha.simulation.state import Payment, Person, Theft
from wuzha.simulation.truth import truth_of

WATCHING, SLOW = "ICBC", "CMBC"  # a connected bank, and one that only keeps the limits
PAYER, PAYEE = f"{SLOW}:mule", f"{WATCHING}:next"
DELAY_S = 1_800


def watch(amount=100_000, *, name="watch", bank=WATCHING, case="A1", kind="watch-arrivals", **fields):
    made = order(kind, bank, "mule", name=name, amount=amount, case=case, **fields)
    return made.model_copy(update={"account": AccountRef(bank=SLOW, number="mule")})


def stop(amount, *, name="stop", case="A1", **fields):
    return order("stop", WATCHING, "next", name=name, amount=amount, case=case, **fields)


def carry(world, *orders, at, bank=WATCHING):
    for each in orders:
        desk.take(world, bank, each, at)
    world.step(at + 4)
    return [world.record(bank, str(each.order_id)) for each in orders]


@pytest.fixture
def world():
    world = empty_world()
    account(world, SLOW, "mule", 500_000)
    account(world, WATCHING, "next", 7_000)
    return world


def free(world, key=PAYEE):
    return world.ledger.accounts[key].available_minor


def outcome(world, answer, partner=WATCHING):
    return DIALECTS[world.partners[partner].dialect][answer.code]


def told(world, name="watch", bank=WATCHING):
    """The answers of one order: the one in its receipt, and those on their way."""
    record = world.record(bank, str(order_id(name)))
    sent = [outgoing.answer for outgoing in world.state.desks[bank].outbox]
    mine = {answer.seq: answer for answer in [record.first_answer, *sent] if answer.order_id == record.order.order_id}
    return [mine[seq] for seq in sorted(mine)]


@pytest.mark.row("R-203")
@pytest.mark.parametrize(
    ("disputed", "sent", "delayed"),
    [
        (100_000, [60_000], [60_000]),
        (100_000, [60_000, 60_000], [60_000, 40_000]),  # the disputed amount only
        (100_000, [100_000, 5_000], [100_000, 0]),
        (30_000, [60_000], [30_000]),
    ],
)
def test_what_a_watched_account_sends_is_delayed_up_to_the_disputed_amount(world, disputed, sent, delayed):
    carry(world, watch(disputed), at=T0)
    for place, (amount, expected) in enumerate(zip(sent, delayed, strict=True)):
        before = world.ledger.accounts[PAYEE].held_minor
        world.post(PAYER, PAYEE, amount, T0 + 60 + place)
        world.step(T0 + 60 + place)
        assert world.ledger.accounts[PAYEE].held_minor - before == expected
    world.step(T0 + 100)
    newest = told(world)[-1]
    assert (newest.account.number, newest.held_minor) == ("next", sum(delayed))
    assert [line.amount_minor for line in newest.transactions] == sent
    assert newest.holder.kind is AccountKind.PERSONAL


def test_what_came_before_the_watch_is_told_and_not_touched(world):
    world.post(PAYER, PAYEE, 50_000, T0 - 30)
    carry(world, watch(), at=T0)
    acknowledged, news = told(world)
    assert (acknowledged.transactions, acknowledged.account) == ([], None)
    assert ([line.amount_minor for line in news.transactions], news.held_minor) == ([50_000], 0)
    assert free(world) == 57_000


def test_money_of_others_is_not_delayed(world):
    carry(world, watch(), at=T0)
    account(world, "ABC", "honest", 90_000)
    world.post("ABC:honest", PAYEE, 90_000, T0 + 60)
    world.step(T0 + 60)
    assert free(world) == 97_000


@pytest.mark.parametrize("kind", [AccountKind.MERCHANT, AccountKind.CRYPTO_DEALER])
def test_a_known_shop_is_told_of_and_not_touched(world, kind):
    shop = account(world, WATCHING, "shop", kind=kind)
    carry(world, watch(), at=T0)
    world.post(PAYER, shop, 50_000, T0 + 60)
    world.step(T0 + 70)
    assert free(world, shop) == 50_000
    assert (told(world)[-1].account.number, told(world)[-1].holder.kind) == ("shop", kind)


def test_the_stop_of_the_case_takes_over_what_was_delayed(world):
    carry(world, watch(), at=T0)
    world.post(PAYER, PAYEE, 60_000, T0 + 60)
    (record,) = carry(world, stop(60_000, transfer=(PAYER, 60_000, T0 + 60)), at=T0 + 62)
    assert (outcome(world, record.first_answer), record.first_answer.held_minor) == (Outcome.DONE, 60_000)
    assert [(hold.delay, hold.over, hold.caught_minor) for hold in world.ledger.accounts[PAYEE].holds] == [
        (True, "released", 0), (False, "", 60_000),
    ]  # fmt: skip
    world.step(T0 + 60 + DELAY_S + 60)
    assert world.ledger.accounts[PAYEE].held_minor == 60_000
    assert told(world)[-1].held_minor == 0
    assert world.ledger.accounts[PAYEE].stops == 1  # a delay is no stop: the account may be stopped once more


def test_the_stop_of_another_case_takes_nothing_over(world):
    carry(world, watch(), at=T0)
    world.post(PAYER, PAYEE, 60_000, T0 + 60)
    (record,) = carry(world, stop(60_000, case="B7", transfer=(PAYER, 60_000, T0 + 60)), at=T0 + 62)
    assert record.first_answer.held_minor == 7_000


def test_without_a_stop_the_delay_ends_by_itself(world):
    carry(world, watch(), at=T0)
    world.post(PAYER, PAYEE, 60_000, T0 + 60)
    world.step(T0 + 60)
    assert pending(world)["delays"] == 1
    world.step(T0 + 60 + DELAY_S + 5)
    assert (free(world), pending(world)["delays"]) == (67_000, 0)
    assert (told(world)[-1].held_minor, world.state.counts["delays_run_out"]) == (0, 1)


def test_the_end_of_the_watch_leaves_what_is_delayed_to_its_stop(world):
    carry(world, watch(), at=T0)
    world.post(PAYER, PAYEE, 60_000, T0 + 60)
    release = watch(None, name="end", kind="watch-release", ref_order_id=order_id("watch"))
    again = watch(None, name="again", kind="watch-release", ref_order_id=order_id("watch"))
    ended = carry(world, release, again, at=T0 + 61)
    assert [outcome(world, record.first_answer) for record in ended] == [Outcome.DONE, Outcome.ALREADY]
    world.post(PAYER, PAYEE, 30_000, T0 + 70)
    world.step(T0 + 70)
    assert world.ledger.accounts[PAYEE].held_minor == 60_000
    assert world.state.desks[WATCHING].watched == {}


def test_an_end_that_overtakes_its_watch_withdraws_it(world):
    desk.take(world, WATCHING, watch(), T0)
    release = watch(None, name="end", kind="watch-release", ref_order_id=order_id("watch"))
    desk.take(world, WATCHING, release, T0)
    world.handlers["carry-out"](world, T0 + 1, WATCHING, str(release.order_id))
    world.step(T0 + 10)
    assert world.state.desks[WATCHING].watched == {}
    assert outcome(world, told(world)[0]) is Outcome.REFUSED


@pytest.mark.parametrize(
    ("bank", "made", "expected"),
    [
        (SLOW, watch(bank=SLOW), Outcome.UNSUPPORTED),
        (WATCHING, watch(None), Outcome.REFUSED),
        (WATCHING, order("watch-arrivals", WATCHING, "next", name="own", amount=5), Outcome.REFUSED),
    ],
)
def test_who_cannot_watch_says_so(world, bank, made, expected):
    desk.take(world, bank, made, T0)
    world.step(T0 + 10_000)
    record = world.record(bank, str(made.order_id))
    assert outcome(world, record.first_answer, bank) is expected
    assert record.effects == 0


def test_a_stop_spares_the_kinds_of_holder_that_it_names(world):
    shop = account(world, WATCHING, "shop", kind=AccountKind.MERCHANT)
    world.post(PAYER, shop, 50_000, T0)
    named: Order = order("stop", WATCHING, "shop", name="shop", amount=50_000, transfer=(PAYER, 50_000, T0))
    named = named.model_copy(update={"spare": [AccountKind.MERCHANT]})
    (record,) = carry(world, named, at=T0)
    assert outcome(world, record.first_answer) is Outcome.REFUSED
    assert (record.first_answer.holder.kind, free(world, shop)) == (AccountKind.MERCHANT, 50_000)


def test_a_mule_tries_again_when_the_delay_is_over(world):
    person = Person("张三", "13800000000", "", "")
    theft = Theft("t0", 0, "fast", "", person, "ABC:v", "", "", 3, 1, [Payment(PAYER, 60_000, T0, T0)], 0.0)
    theft.moves_pending = 1
    world.state.thefts["t0"] = theft
    world.post(PAYER, internal(SLOW, "cash"), 440_000, T0, TransactionKind.CASH)
    carry(world, watch(), at=T0)
    world.post(PAYER, PAYEE, 60_000, T0 + 60)
    world.step(T0 + 60)
    take_out(world, T0 + 90, PAYEE, "t0", 3, 60_000, "0", "cash")
    assert (theft.moves_pending, world.ledger.internals.get(internal(WATCHING, "cash"), 0)) == (1, 0)
    world.step(T0 + 60 + DELAY_S + 120)
    assert theft.moves_pending == 0
    assert world.ledger.internals[internal(WATCHING, "cash")] >= 60_000


@pytest.mark.row("R-203")
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["pay", "stop", "wait", "cash", "other"]), st.integers(1, 60_000)), max_size=25
    ),
    disputed=st.integers(1, 120_000),
)
def test_a_delay_never_exceeds_its_order_and_money_is_neither_made_nor_lost(steps, disputed):
    world, at = empty_world(), T0
    account(world, SLOW, "mule", 500_000)
    account(world, WATCHING, "next", 7_000)
    carry(world, watch(disputed), at=at)
    for number, (step, amount) in enumerate(steps):
        at += 5
        mule, following = world.ledger.accounts[PAYER], world.ledger.accounts[PAYEE]
        if step == "pay" and mule.available_minor >= amount:
            world.post(PAYER, PAYEE, amount, at)
        elif step == "stop":
            desk.take(world, WATCHING, stop(amount, name=f"s{number}", transfer=(PAYER, amount, at)), at)
        elif step == "cash" and following.available_minor >= amount:
            world.post(PAYEE, internal(WATCHING, "cash"), amount, at, TransactionKind.CASH)
        elif step == "wait":
            at += amount / 20
        world.step(at)
        holds = following.live_holds
        assert sum(hold.caught_minor for hold in holds if hold.delay) <= disputed
        assert following.held_minor <= following.balance_minor
    found = audit(truth_of(world, at), None)
    assert [finding for finding in found.findings if not finding.law.startswith("order.doubled")] == []
