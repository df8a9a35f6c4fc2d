"""Held against holdable: the rule as tables that an officer can read (times in minutes), and its law of sums."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.analysis.holdable import NOT_HOLDABLE, Cause, Loss, Order, Theft, account_of
from wuzha.analysis.stolen_ways import Payment

MIN = 60.0
REPORT = 100  # minutes; the victim paid before
A, B, C = "ICBC:a", "CCB:b", "CMBC:c"
BANKS = {A: "ICBC", B: "CCB", C: "CMBC"}
CASH = "cash:x"


def pay(at, payer, payee, minor=1_000, *, seed=False):
    return Payment(at * MIN, payer, payee, minor, seed)


def minutes(at):
    return None if at is None else at * MIN


def stop(account, made, queued=0, delivered=0, effective=None, *, refused_at=None, ended=None):
    """A stop; `queued` and `delivered` are minutes after the step before, None: never."""
    queued_at = None if queued is None else made + queued
    delivered_at = None if queued_at is None or delivered is None else queued_at + delivered
    return Order(
        account, BANKS[account], made * MIN, minutes(queued_at), minutes(delivered_at),
        minutes(effective if refused_at is None else refused_at), stop=True, effective_at=minutes(effective),
        ended_at=minutes(ended), refused=refused_at is not None,
    )  # fmt: skip


def look(account, made, answered, seen=None, *, bank=None):
    """A statement asked for at `made` and answered; it shows the account until `seen`."""
    return Order(
        account, bank or BANKS[account], made * MIN, made * MIN, made * MIN, answered * MIN,
        seen_until=(answered if seen is None else seen) * MIN,
    )  # fmt: skip


def theft(payments, orders=(), *, held=None, now=1_000, usual=None):
    ends = {CASH: "cash", "shop:s": "merchant", "victim": "returned"}
    usual_s = {code: at * MIN for code, at in (usual or {}).items()}
    return Theft(REPORT * MIN, now * MIN, payments, orders, ends, held or {}, BANKS, usual_s, otherwise_s=10 * MIN)


THROUGH_A = [pay(50, "v", A, seed=True), pay(110, A, CASH)]  # on A from 50 to 110: ten minutes after the report
THROUGH_A_AND_B = [pay(50, "v", A, seed=True), pay(101, A, B), pay(120, B, CASH)]


@pytest.mark.row("R-203")
@pytest.mark.parametrize(
    ("why", "payments", "orders", "cause", "bank", "short_min"),
    [
        ("gone before the report", [pay(50, "v", A, seed=True), pay(90, A, CASH)], [], Cause.LATE_REPORT, "", 10),
        (
            "the bank takes 15 minutes to hold, the money stayed 10",
            THROUGH_A, [stop(A, 100, effective=115)], Cause.BANK_PACE, "ICBC", 5,
        ),
        (
            "our approval took 12 minutes",
            THROUGH_A, [stop(A, 100, queued=12, effective=114)], Cause.APPROVAL, "", 4,
        ),
        (
            "never approved",
            THROUGH_A, [stop(A, 100, queued=None)], Cause.APPROVAL, "", None,
        ),
        (
            "the order took 12 minutes to the bank",
            THROUGH_A, [stop(A, 100, delivered=12, effective=114)], Cause.SENDING, "", 4,
        ),
        (
            "neither approval nor sending alone",
            THROUGH_A, [stop(A, 100, queued=5, delivered=5, effective=118)], Cause.SEVERAL, "", 8,
        ),
        (
            "our program thought for 12 minutes",
            THROUGH_A, [stop(A, 112, effective=114)], Cause.PROGRAM, "", 4,
        ),
        (
            "ICBC told 30 minutes late where it went",
            THROUGH_A_AND_B,
            [stop(A, 100, effective=102), look(A, 100, 130), stop(B, 130, effective=133)],
            Cause.BANK_ANSWER, "ICBC", 13,
        ),
        (
            "nobody made a stop at B, since it had left when ICBC told",
            THROUGH_A_AND_B, [stop(A, 100, effective=102), look(A, 100, 130)], Cause.BANK_ANSWER, "ICBC", 20,
        ),
        (
            "the bank refused in time",
            THROUGH_A, [stop(A, 100, refused_at=103)], Cause.BANK_REFUSED, "ICBC", 0,
        ),
        (
            "held in time, and released before it left",
            THROUGH_A, [stop(A, 100, effective=103, ended=109)], Cause.UNCOVERED, "ICBC", 0,
        ),
        (
            "paid straight to a shop",
            [pay(50, "v", "shop:s", seed=True)], [], Cause.LATE_REPORT, "", 50,
        ),
    ],
)  # fmt: skip
def test_what_money_is_lost_to(why, payments, orders, cause, bank, short_min):
    found = account_of(theft(payments, orders))
    (loss,) = found.losses
    assert (loss.cause, loss.bank, loss.amount_minor) == (cause, bank, 1_000), why
    if short_min is not None:
        assert loss.short_s == short_min * MIN
    assert found.holdable_minor == (0 if cause in NOT_HOLDABLE else 1_000)


def test_what_is_held_returned_and_at_rest_is_not_lost():
    payments = [pay(50, "v", A, 1_000, seed=True), pay(60, A, B, 300), pay(61, A, "victim", 100)]
    found = account_of(theft(payments, [stop(A, 100, effective=101)], held={A: 400}))
    assert (found.stolen_minor, found.held_minor, found.returned_minor, found.resting_minor) == (1_000, 400, 100, 500)
    assert (found.losses, found.holdable_minor) == ((), 900)


def test_only_what_came_first_counts_as_held_and_only_stolen_money_counts():
    found = account_of(theft([pay(50, "v", A, 1_000, seed=True)], held={A: 5_000}))
    assert (found.held_minor, found.resting_minor) == (1_000, 0)


def test_each_way_out_is_told():
    payments = [pay(50, "v", A, 1_000, seed=True), pay(60, A, CASH, 600), pay(70, A, "shop:s", 400)]
    losses = account_of(theft(payments)).losses
    assert sorted((loss.way, loss.amount_minor) for loss in losses) == [("cash", 600), ("merchant", 400)]


@pytest.mark.parametrize(
    ("why", "orders", "bank", "saved"),
    [
        ("half a minute was missing at the hold", [stop(A, 100, effective=110.5)], "ICBC", (1_000, 1_000, 1_000)),
        ("four minutes were missing", [stop(A, 100, effective=114)], "ICBC", (0, 1_000, 1_000)),
        ("a quarter of an hour would not do", [stop(A, 100, effective=130)], "ICBC", None),
        ("held in time and released: no minute helps", [stop(A, 100, effective=101, ended=102)], "ICBC", None),
    ],
)
def test_what_a_faster_bank_would_have_saved(why, orders, bank, saved):
    assert account_of(theft(THROUGH_A, orders)).gains.get(bank) == saved, why


def test_a_faster_answer_helps_as_a_faster_hold_does():
    orders = [stop(A, 100, effective=102), look(A, 100, 117), stop(B, 117, effective=120.5)]
    gains = account_of(theft(THROUGH_A_AND_B, orders)).gains
    assert gains == {"ICBC": (1_000, 1_000, 1_000), "CCB": (1_000, 1_000, 1_000)}


def test_what_a_bank_usually_needs_is_its_pace_where_no_stop_was_made():
    unasked = account_of(theft(THROUGH_A, usual={"ICBC": 4}))
    assert [loss.cause for loss in unasked.losses] == [Cause.UNCOVERED]
    slow = account_of(theft(THROUGH_A, usual={"ICBC": 40}))
    assert slow.losses == (Loss(Cause.BANK_PACE, "ICBC", "cash", 1_000, 30 * MIN),)


def test_a_payment_that_seems_to_leave_before_it_came_waits_for_the_money():
    payments = [pay(50, "v", A, seed=True), pay(59, B, CASH), pay(60, A, B)]
    (loss,) = account_of(theft(payments)).losses
    assert (loss.cause, loss.way, loss.amount_minor) == (Cause.LATE_REPORT, "cash", 1_000)


ACCOUNTS = [A, B, C, CASH, "shop:s", "victim"]
TIMES = st.integers(0, 300)


@st.composite
def thefts(draw):
    seeds = [pay(draw(TIMES), "v", draw(st.sampled_from(ACCOUNTS)), draw(st.integers(0, 10**9)), seed=True)
             for _ in range(draw(st.integers(1, 3)))]  # fmt: skip
    payments = [
        pay(draw(TIMES), draw(st.sampled_from([A, B, C])), draw(st.sampled_from(ACCOUNTS)), draw(st.integers(0, 10**9)))
        for _ in range(draw(st.integers(0, 12)))
    ]  # fmt: skip
    orders = []
    for _ in range(draw(st.integers(0, 8))):
        steps = sorted(draw(st.lists(TIMES, min_size=4, max_size=4)))
        known = draw(st.integers(1, 4))
        made, queued, delivered, answered = (minutes(at) if n < known else None for n, at in enumerate(steps))
        is_stop, refused = draw(st.booleans()), draw(st.booleans())
        account = draw(st.sampled_from([A, B, C]))
        orders.append(Order(
            account, BANKS[account], made, queued, delivered, answered, stop=is_stop,
            effective_at=answered if is_stop and not refused else None, refused=refused and answered is not None,
            ended_at=minutes(draw(st.none() | TIMES)) if is_stop else None, seen_until=minutes(draw(TIMES)),
        ))  # fmt: skip
    held = draw(st.dictionaries(st.sampled_from([A, B, C]), st.integers(0, 10**9)))
    return theft([*seeds, *payments], orders, held=held)


@pytest.mark.row("R-203")
@given(thefts())
def test_every_unit_has_its_place(drawn):
    found = account_of(drawn)
    stolen = sum(payment.stolen_minor for payment in drawn.payments if payment.seed)
    assert found.stolen_minor == stolen
    assert found.held_minor + found.resting_minor + found.returned_minor + found.lost_minor == stolen
    assert found.held_minor + found.resting_minor <= found.holdable_minor <= stolen - found.returned_minor
    assert found.held_minor <= sum(drawn.held.values())
    for loss in found.losses:
        assert loss.amount_minor > 0
        assert loss.short_s >= 0
    for saved in found.gains.values():
        assert list(saved) == sorted(saved)  # more minutes never save less
        assert saved[-1] <= found.lost_minor


@given(thefts())
def test_the_order_in_which_things_are_told_does_not_matter(drawn):
    turned = replace(drawn, orders=drawn.orders[::-1])
    assert account_of(turned).lost_minor == account_of(drawn).lost_minor
