"""What a bank does with orders, as an officer would read it."""

import pytest

from tests.simulation.build import HOUR, T0, account, empty_world, order, order_id
from wuzha.partners.protocol import AccountKind, Outcome
from wuzha.simulation import desk
from wuzha.simulation.bank_orders import MATCH_TOLERANCE_S

BANK, MULE = "ICBC", "6200"


@pytest.fixture
def world():
    """A victim paid 50,000 yuan to a mule at a connected bank, who has 100 yuan of the mule's own."""
    world = empty_world()
    account(world, "ABC", "victim", 10_000_000)
    account(world, BANK, MULE, 10_000)
    account(world, "BOC", "next")
    world.post("ABC:victim", f"{BANK}:{MULE}", 5_000_000, T0)
    return world


def stop(amount=5_000_000, name="stop", at=T0, **fields):
    transfer = fields.pop("transfer", ("ABC:victim", 5_000_000, T0))
    return order("stop", BANK, MULE, name=name, amount=amount, transfer=transfer, at=at, **fields)


def carry(world, *orders, at=T0 + 10, bank=BANK):
    """Take orders and let them be carried out; the first answer to each."""
    for one in orders:
        assert desk.take(world, bank, one, at) == "accepted"
    world.step(at + 2 * HOUR)
    return [world.record(bank, str(one.order_id)).first_answer for one in orders]


def outcome(world, answer, bank=BANK):
    from wuzha.partners.codes import outcome_of

    return outcome_of(world.partners[bank].dialect, answer.code)


@pytest.mark.row("R-201")
def test_a_matched_stop_holds_the_disputed_amount_only(world):
    (answer,) = carry(world, stop())
    assert outcome(world, answer) is Outcome.DONE
    assert (answer.held_minor, answer.balance_minor) == (5_000_000, 5_010_000)
    assert answer.holder.kind is AccountKind.PERSONAL
    assert world.ledger.accounts[f"{BANK}:{MULE}"].available_minor == 10_000
    assert (answer.ends_at - answer.effective_at).total_seconds() == 48 * 3600


@pytest.mark.parametrize(
    ("transfer", "expected"),
    [
        (("ABC:victim", 5_000_000, T0), Outcome.DONE),
        (("ABC:victim", 5_000_000, T0 - MATCH_TOLERANCE_S + 1), Outcome.DONE),
        (("ABC:victim", 5_000_000, T0 - MATCH_TOLERANCE_S - 1), Outcome.NO_MATCH),
        (("ABC:victim", 5_000_001, T0), Outcome.NO_MATCH),
        (None, Outcome.NO_MATCH),
    ],
)
def test_no_match_no_stop(world, transfer, expected):
    (answer,) = carry(world, stop(transfer=transfer))
    assert outcome(world, answer) is expected
    held = world.ledger.accounts[f"{BANK}:{MULE}"].held_minor
    assert held == (5_000_000 if expected is Outcome.DONE else 0)


def test_an_unknown_account_and_an_unknown_kind_are_told(world):
    missing = order("stop", BANK, "nobody", name="a", amount=5, transfer=("ABC:victim", 5, T0))
    foreign = order("block-url", BANK, "http://x", name="b")
    answers = carry(world, missing, foreign)
    assert [outcome(world, answer) for answer in answers] == [Outcome.NO_ACCOUNT, Outcome.UNSUPPORTED]


def test_an_account_is_stopped_twice_at_most(world):
    answers = carry(world, stop(name="a"), stop(name="b", case="A2"), stop(name="c", case="A3"))
    assert [outcome(world, answer) for answer in answers] == [Outcome.DONE, Outcome.DONE, Outcome.REFUSED]
    assert [answer.held_minor for answer in answers] == [5_000_000, 10_000, None]


@pytest.mark.row("R-210")
def test_a_stop_lapses_by_itself_and_an_extension_adds_as_much_once(world):
    carry(world, stop())
    extend = [
        order("stop-extend", BANK, MULE, name=name, ref_order_id=order_id("stop")) for name in ("extend", "again")
    ]
    answers = carry(world, *extend, at=T0 + HOUR)
    assert [outcome(world, answer) for answer in answers] == [Outcome.DONE, Outcome.REFUSED]
    world.step(T0 + 95 * HOUR)
    assert world.ledger.accounts[f"{BANK}:{MULE}"].held_minor == 5_000_000
    world.step(T0 + 97 * HOUR)
    assert world.ledger.accounts[f"{BANK}:{MULE}"].held_minor == 0
    assert world.ledger.accounts[f"{BANK}:{MULE}"].holds[0].over == "lapsed"


def test_amendment_and_release(world):
    carry(world, stop())
    amend = order("stop-amend", BANK, MULE, name="amend", amount=1_000_000, ref_order_id=order_id("stop"))
    (answer,) = carry(world, amend, at=T0 + HOUR)
    assert (outcome(world, answer), answer.held_minor) == (Outcome.DONE, 1_000_000)
    release = [
        order("stop-release", BANK, MULE, name=name, ref_order_id=order_id("stop")) for name in ("release", "twice")
    ]
    answers = carry(world, *release, at=T0 + 4 * HOUR)
    assert [outcome(world, answer) for answer in answers] == [Outcome.DONE, Outcome.ALREADY]
    assert [answer.held_minor for answer in answers] == [0, 0]
    assert world.ledger.accounts[f"{BANK}:{MULE}"].available_minor == 5_010_000


def test_a_release_that_overtakes_its_stop_withdraws_it():
    world = empty_world()
    slow = next(code for code, partner in world.partners.items() if partner.mode == "manual")
    account(world, "ABC", "victim", 100)
    account(world, slow, MULE)
    world.post("ABC:victim", f"{slow}:{MULE}", 100, T0)
    late = order("stop", slow, MULE, name="stop", amount=100, transfer=("ABC:victim", 100, T0))
    desk.take(world, slow, late, T0)
    world.record(slow, str(late.order_id)).done_at = 0.0
    release = order("stop-release", slow, MULE, name="release", ref_order_id=order_id("stop"))
    desk.take(world, slow, release, T0)
    from wuzha.simulation.country import HANDLERS

    HANDLERS["carry-out"](world, T0 + 1, slow, str(release.order_id))
    world.step(T0 + 200 * HOUR)
    assert world.ledger.accounts[f"{slow}:{MULE}"].holds == []
    assert outcome(world, world.record(slow, str(late.order_id)).first_answer, slow) is Outcome.REFUSED


def test_the_same_order_again_has_no_second_effect_and_another_body_is_refused(world):
    first = stop()
    (answer,) = carry(world, first)
    assert desk.take(world, BANK, first, T0 + HOUR) == "duplicate"
    assert desk.take(world, BANK, stop(amount=1), T0 + HOUR) == "conflict"
    world.step(T0 + 5 * HOUR)
    record = world.record(BANK, str(first.order_id))
    assert (record.effects, record.received_n, record.conflicts_n) == (1, 2, 1)
    assert record.first_answer == answer
    assert len(world.ledger.accounts[f"{BANK}:{MULE}"].holds) == 1


def test_a_statement_has_balances_holder_and_as_of(world):
    world.post(f"{BANK}:{MULE}", "BOC:next", 4_000_000, T0 + 5)
    query = order("query-transactions", BANK, MULE, name="q")
    (answer,) = carry(world, query)
    assert [(line.direction, line.amount_minor, line.balance_minor) for line in answer.transactions] == [
        ("in", 5_000_000, 5_010_000),
        ("out", 4_000_000, 1_010_000),
    ]
    assert answer.transactions[1].counterparty.bank == "BOC"
    assert answer.holder.name
    assert answer.as_of.timestamp() >= T0 + 10
    assert not answer.truncated


def test_a_long_statement_is_cut_and_says_so(world):
    for n in range(2_100):
        world.post("ABC:victim", f"{BANK}:{MULE}", 1, T0 + 5 + n / 1_000)
    query = order("query-transactions", BANK, MULE, name="q")
    (answer,) = carry(world, query)
    assert answer.truncated
    assert len(answer.transactions) == 2_000


def test_a_hold_that_catches_more_later_says_so_with_a_higher_seq(world):
    carry(world, stop(amount=6_000_000))
    office = world.state.desks[BANK]
    office.outbox.clear()
    world.post("ABC:victim", f"{BANK}:{MULE}", 500_000, T0 + 3 * HOUR)
    world.step(T0 + 4 * HOUR)
    (told,) = office.outbox
    assert (told.answer.seq, told.answer.held_minor) == (2, 5_510_000)


def test_a_watch_tells_each_movement_until_it_is_released(world):
    watch = order("watch", BANK, MULE, name="watch")
    carry(world, watch)
    office = world.state.desks[BANK]
    office.outbox.clear()
    world.post(f"{BANK}:{MULE}", "BOC:next", 7, T0 + 3 * HOUR)
    world.step(T0 + 4 * HOUR)
    assert [line.amount_minor for line in office.outbox[-1].answer.transactions] == [7]
    release = order("watch-release", BANK, MULE, name="end", ref_order_id=order_id("watch"))
    carry(world, release, at=T0 + 5 * HOUR)
    office.outbox.clear()
    world.post(f"{BANK}:{MULE}", "BOC:next", 7, T0 + 8 * HOUR)
    world.step(T0 + 9 * HOUR)
    assert not office.outbox


def test_the_clearing_house_sees_most_interbank_payments_but_no_balance(world):
    account(world, BANK, "same")
    follow = order("watch", BANK, MULE, name="follow")
    carry(world, follow, bank="NUCC")
    office = world.state.desks["NUCC"]
    office.outbox.clear()
    for n in range(100):
        world.post(f"{BANK}:{MULE}", "BOC:next", 100 + n, T0 + 3 * HOUR + n)
        world.post(f"{BANK}:{MULE}", f"{BANK}:same", 1, T0 + 3 * HOUR + n)
    world.step(T0 + 4 * HOUR)
    seen = [line for sent in office.outbox for line in sent.answer.transactions]
    assert 80 <= len(seen) <= 98
    assert all(line.counterparty.bank == "BOC" and line.balance_minor is None for line in seen)


@pytest.mark.row("R-207")
@pytest.mark.parametrize(
    ("partner", "kind", "target"), [("CMCC", "suspend-number", "13800000000"), ("TENCENT", "block-url", "http://x.top")]
)
def test_a_number_is_suspended_and_an_address_blocked_once(world, partner, kind, target):
    orders = [order(kind, partner, target, name=name) for name in ("a", "b")]
    answers = carry(world, *orders, bank=partner)
    assert [outcome(world, answer, partner) for answer in answers] == [Outcome.DONE, Outcome.ALREADY]
    assert [world.record(partner, str(one.order_id)).effects for one in orders] == [1, 0]


def test_an_answer_that_rode_in_a_receipt_is_sent_again_before_the_next(world):
    """Nobody confirms a receipt: had it been lost, a later answer would tell the centre not to ask again."""
    first = stop(amount=6_000_000)
    assert desk.take(world, BANK, first, T0 + 10) == "accepted"
    record = world.record(BANK, str(first.order_id))
    record.waiting = 1
    world.step(T0 + HOUR)
    office = world.state.desks[BANK]
    assert not office.outbox
    record.waiting = 0
    world.post("ABC:victim", f"{BANK}:{MULE}", 500_000, T0 + 3 * HOUR)
    world.step(T0 + 4 * HOUR)
    assert [sent.answer.seq for sent in office.outbox] == [1, 2]
    assert office.outbox[0].answer == record.first_answer
    world.post("ABC:victim", f"{BANK}:{MULE}", 1, T0 + 5 * HOUR)
    world.step(T0 + 6 * HOUR)
    assert [sent.answer.seq for sent in office.outbox] == [1, 2, 3]
