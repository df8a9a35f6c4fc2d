"""A bank looks at what a listed account pays: it waits, is told, is stopped, let go, or goes by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulation.build import T0, account, empty_world, order, order_id
from wuzha.partners.codes import DIALECTS
from wuzha.partners.protocol import AccountKind, AccountRef, Outcome, TransactionKind, TransferRef
from wuzha.simulation import desk, launderers, reviews
from wuzha.simulation.auditor import audit
from wuzha.simulation.chance import instant
from wuzha.simulation.country import pending
from wuzha.simulation.ledger import internal
from wuzha.simulation.state import Gang, Payment, Person, Theft
from wuzha.simulation.truth import truth_of

BANK, OTHER = "ICBC", "CMBC"
MULE, NEXT = f"{BANK}:mule", f"{OTHER}:next"
WAIT_S = 1_800  # the country's banks look within half an hour


def listing(*, name="list", bank=BANK, delay_s=86_400, free=500_00, days=30, **fields):
    made = order("review-outflows", bank, "mule", name=name, **fields)
    return made.model_copy(
        update={"delay_s": delay_s, "free_minor": free, "ends_at": instant(T0 + days * 86_400)}
    )  # fmt: skip


def about(kind, name, *, serial="", ends_at=None):
    made = order(kind, BANK, "mule", name=name, ref_order_id=order_id("list"))
    transfer = None
    if serial:
        ref = AccountRef(bank=BANK, number="mule")
        transfer = TransferRef(payer=ref, payee=AccountRef(number="-"), amount_minor=1, at=instant(T0), serial=serial)
    return made.model_copy(update={"transfer": transfer, "ends_at": ends_at})


def carry(world, *orders, at, bank=BANK):
    for each in orders:
        desk.take(world, bank, each, at)
    world.step(at + 4)
    return [world.record(bank, str(each.order_id)) for each in orders]


def told(world, name="list", bank=BANK):
    record = world.record(bank, str(order_id(name)))
    sent = [outgoing.answer for outgoing in world.state.desks[bank].outbox]
    mine = {answer.seq: answer for answer in [record.first_answer, *sent] if answer.order_id == record.order.order_id}
    return [mine[seq] for seq in sorted(mine)]


def states(world):
    return [each.state for each in world.record(BANK, str(order_id("list"))).reviews]


def outcome(world, answer, bank=BANK):
    return DIALECTS[world.partners[bank].dialect][answer.code]


@pytest.fixture
def world():
    world = empty_world()
    account(world, BANK, "mule", 100_000_00)
    account(world, OTHER, "next")
    account(world, "ABC", "victim", 900_000_00)
    return world


@pytest.fixture
def listed(world):
    carry(world, listing(), at=T0)
    return world


def balance(world, key):
    return world.ledger.accounts[key].balance_minor


@pytest.mark.row("R-310")
def test_a_payment_of_a_listed_account_waits_and_is_told_with_what_came_in_before(listed):
    listed.post("ABC:victim", MULE, 30_000_00, T0 + 50)
    went = reviews.pay(listed, MULE, NEXT, 29_000_00, T0 + 60)
    listed.step(T0 + 70)
    assert (went, balance(listed, NEXT), balance(listed, MULE)) == (False, 0, 130_000_00)
    assert listed.ledger.accounts[MULE].available_minor == 101_000_00
    newest = told(listed)[-1]
    (payment,) = newest.payments
    assert (payment.amount_minor, payment.payee.number, payment.state) == (29_000_00, "next", "waiting")
    assert payment.until_at == instant(T0 + 60 + WAIT_S)
    assert [(line.amount_minor, line.counterparty.number) for line in newest.transactions] == [(30_000_00, "victim")]
    assert newest.held_minor == 29_000_00


@pytest.mark.parametrize(
    ("sums", "went"),
    [
        ([500_00], [True]),
        ([500_01], [False]),
        ([200_00, 200_00, 200_00], [True, True, False]),  # the day's sum counts, so nobody slips through in slices
        ([20_000_00, 400_00], [False, True]),  # what waits has not gone
    ],
)
def test_small_sums_go_unlooked_at(listed, sums, went):
    assert [reviews.pay(listed, MULE, NEXT, sum_, T0 + 60 + n) for n, sum_ in enumerate(sums)] == went


def test_an_account_that_is_not_listed_pays_as_ever(world):
    assert reviews.pay(world, MULE, NEXT, 50_000_00, T0 + 60)
    assert balance(world, NEXT) == 50_000_00


@pytest.mark.row("R-310", "R-210")
def test_if_nobody_says_anything_the_payment_goes(listed):
    reviews.pay(listed, MULE, NEXT, 29_000_00, T0 + 60)
    listed.step(T0 + 60 + WAIT_S - 1)
    assert (states(listed), pending(listed)["delays"]) == (["waiting"], 1)
    listed.step(T0 + 60 + WAIT_S + 5)
    assert (states(listed), balance(listed, NEXT), pending(listed)["delays"]) == (["lapsed"], 29_000_00, 0)
    assert told(listed)[-1].payments[0].state == "lapsed"


def test_the_centre_lets_one_payment_go_and_the_others_wait(listed):
    reviews.pay(listed, MULE, NEXT, 29_000_00, T0 + 60)
    reviews.pay(listed, MULE, NEXT, 8_000_00, T0 + 61)
    first = told(listed)[-1].payments[0].serial if told(listed)[-1].payments else "q000001"
    (passed,) = carry(listed, about("review-pass", "pass", serial=first), at=T0 + 70)
    (again,) = carry(listed, about("review-pass", "again", serial=first), at=T0 + 80)
    (none,) = carry(listed, about("review-pass", "none", serial="nothing"), at=T0 + 90)
    assert [outcome(listed, each.first_answer) for each in (passed, again, none)] == [
        Outcome.DONE, Outcome.ALREADY, Outcome.NO_MATCH,
    ]  # fmt: skip
    assert (states(listed), balance(listed, NEXT)) == (["passed", "waiting"], 29_000_00)
    assert listed.ledger.accounts[MULE].held_minor == 8_000_00


@pytest.mark.row("R-310", "R-203")
@pytest.mark.parametrize(
    ("disputed", "expected", "held"),
    [
        (100_000_00, ["stopped", "stopped"], 100_000_00),
        (80_000_00, ["stopped", "waiting"], 88_000_00),  # of the rest, what is enough for it waits on
        (10_000_00, ["waiting", "waiting"], 47_000_00),
    ],
)
def test_the_stop_of_any_case_takes_over_what_waits(listed, disputed, expected, held):
    listed.post("ABC:victim", MULE, 1_00, T0 + 30)
    reviews.pay(listed, MULE, NEXT, 29_000_00, T0 + 60)
    reviews.pay(listed, MULE, NEXT, 8_000_00, T0 + 61)
    stop = order(
        "stop", BANK, "mule", name="stop", amount=disputed, case="B7", transfer=("ABC:victim", 1_00, T0 + 30)
    )  # fmt: skip
    (record,) = carry(listed, stop, at=T0 + 70)
    assert (outcome(listed, record.first_answer), record.first_answer.held_minor) == (Outcome.DONE, disputed)
    assert (states(listed), listed.ledger.accounts[MULE].held_minor) == (expected, held)
    listed.step(T0 + 60 + WAIT_S + 60)
    assert listed.ledger.accounts[MULE].held_minor == disputed
    assert audit(truth_of(listed, T0 + 60 + WAIT_S + 60), None).findings == []


def test_taken_off_the_list_what_waits_goes_at_once(listed):
    reviews.pay(listed, MULE, NEXT, 29_000_00, T0 + 60)
    (ended,) = carry(listed, about("review-release", "end"), at=T0 + 70)
    (again,) = carry(listed, about("review-release", "again"), at=T0 + 80)
    assert [outcome(listed, each.first_answer) for each in (ended, again)] == [Outcome.DONE, Outcome.ALREADY]
    assert (balance(listed, NEXT), states(listed)) == (29_000_00, ["lapsed"])
    assert reviews.pay(listed, MULE, NEXT, 50_000_00, T0 + 90)


@pytest.mark.row("R-210")
def test_a_listing_is_over_with_its_term_unless_it_was_extended(listed):
    carry(listed, about("review-extend", "more", ends_at=instant(T0 + 60 * 86_400)), at=T0 + 10)
    listed.step(T0 + 31 * 86_400)
    assert not reviews.goes_unseen(listed, MULE, 9_000_00, T0 + 31 * 86_400)
    listed.step(T0 + 60 * 86_400 + 1)
    assert reviews.goes_unseen(listed, MULE, 9_000_00, T0 + 60 * 86_400 + 1)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (listing(name="again"), Outcome.ALREADY),
        (listing(name="forever", delay_s=None), Outcome.REFUSED),
        (listing(name="over", days=0), Outcome.REFUSED),
        (order("review-outflows", BANK, "nobody", name="nobody"), Outcome.NO_ACCOUNT),
    ],
)
def test_what_a_bank_does_not_list(listed, made, expected):
    if made.order_id != order_id("again"):
        carry(listed, about("review-release", "end"), at=T0 + 5)
    (record,) = carry(listed, made, at=T0 + 10)
    assert (outcome(listed, record.first_answer), record.effects) == (expected, 0)


def test_a_known_shop_is_not_listed(world):
    account(world, BANK, "shop", kind=AccountKind.MERCHANT)
    made = order("review-outflows", BANK, "shop", name="shop", spare=[AccountKind.MERCHANT])
    (record,) = carry(world, made.model_copy(update={"delay_s": 60}), at=T0)
    assert outcome(world, record.first_answer) is Outcome.REFUSED
    assert record.first_answer.holder.kind is AccountKind.MERCHANT


def test_an_end_that_overtakes_its_listing_withdraws_it(world):
    desk.take(world, BANK, listing(), T0)
    ended = about("review-release", "end")
    desk.take(world, BANK, ended, T0)
    world.handlers["carry-out"](world, T0 + 1, BANK, str(ended.order_id))
    world.step(T0 + 10)
    assert reviews.goes_unseen(world, MULE, 9_000_00, T0 + 10)


def test_an_end_that_comes_before_its_listing_ends_it_before_it_begins(world):
    carry(world, about("review-release", "end"), at=T0)
    (record,) = carry(world, listing(), at=T0 + 10)
    assert outcome(world, record.first_answer) is Outcome.REFUSED
    assert reviews.goes_unseen(world, MULE, 9_000_00, T0 + 20)


def gang_with(world, *keys):
    theft = Theft(
        "t0", 0, "fast", "", Person("张三", "138", "", ""), "ABC:victim", "", "", 3, 1, [Payment(MULE, 1, T0, T0)], 0.0
    )
    world.state.thefts["t0"] = theft
    world.state.gangs = [Gang(0, "fast", "", "", list(keys))]
    return theft


def test_the_money_of_a_theft_goes_on_when_its_payment_has_waited(listed):
    theft = gang_with(listed, MULE)
    theft.moves_pending = 1
    launderers.take_out(listed, T0 + 60, MULE, "t0", 3, 90_000_00, "0", "cash")
    assert (theft.moves_pending, theft.hit) == (1, True)
    listed.step(T0 + 60 + WAIT_S + 60)
    assert (theft.moves_pending, listed.ledger.internals[internal(BANK, "cash")]) == (0, 90_000_00)


def test_a_gang_that_tries_a_listed_card_with_more_than_goes_unseen_throws_it_away(listed, monkeypatch):
    gang_with(listed, MULE, NEXT)
    monkeypatch.setattr(listed, "config", listed.config.model_copy(update={"reuse_share": 1.0, "tried_share": 1.0}))
    monkeypatch.setattr(launderers, "TRIAL_MINOR", (600_00, 600_01))
    chosen = launderers.mule(listed, listed.state.gangs[0], T0 + 60, listed.chance("m"), avoid=NEXT)
    assert chosen not in (MULE, NEXT)
    assert MULE not in listed.state.gangs[0].mules
    assert states(listed) == ["waiting"]


def test_a_small_trial_tells_a_gang_nothing(listed, monkeypatch):
    gang_with(listed, MULE, NEXT)
    monkeypatch.setattr(listed, "config", listed.config.model_copy(update={"reuse_share": 1.0, "tried_share": 1.0}))
    monkeypatch.setattr(launderers, "TRIAL_MINOR", (10_00, 11_00))
    assert launderers.mule(listed, listed.state.gangs[0], T0 + 60, listed.chance("m"), avoid=NEXT) == MULE


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["pay", "stop", "pass", "wait", "cash", "in", "end"]), st.integers(1, 60_000_00)),
        max_size=25,
    )
)
def test_money_is_neither_made_nor_lost_and_what_waits_is_there(steps):
    world, at = empty_world(), T0
    account(world, BANK, "mule", 100_000_00)
    account(world, OTHER, "next")
    account(world, "ABC", "victim", 9_000_000_00)
    carry(world, listing(), at=at)
    for number, (step, amount) in enumerate(steps):
        at += 5
        mule = world.ledger.accounts[MULE]
        if step == "pay" and mule.available_minor >= amount:
            reviews.pay(world, MULE, NEXT, amount, at)
        elif step == "cash" and mule.available_minor >= amount:
            reviews.pay(world, MULE, internal(BANK, "cash"), amount, at, TransactionKind.CASH)
        elif step == "in":
            world.post("ABC:victim", MULE, amount, at)
        elif step == "stop":
            named = ("ABC:victim", amount, at)
            world.post("ABC:victim", MULE, amount, at)
            made = order("stop", BANK, "mule", name=f"s{number}", amount=amount, case=f"C{number}", transfer=named)
            desk.take(world, BANK, made, at)
        elif step == "pass":
            desk.take(world, BANK, about("review-pass", f"p{number}", serial=f"q{number % 3 + 1:06d}"), at)
        elif step == "end" and number > 15:
            desk.take(world, BANK, about("review-release", f"e{number}"), at)
        elif step == "wait":
            at += amount / 2_000
        world.step(at)
        record = world.record(BANK, str(order_id("list")))
        waiting = sum(each.amount_minor for each in record.reviews if each.state == "waiting")
        aside = sum(hold.caught_minor for hold in mule.live_holds if hold.delay)
        assert aside == waiting
        assert mule.held_minor <= mule.balance_minor
    assert audit(truth_of(world, at), None).findings == []
