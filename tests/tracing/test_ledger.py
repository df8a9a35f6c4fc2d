"""One ledger out of many statements: seen from both sides once, whatever bank answers first."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from tests.centre import FIRST, NOW, PAID_AT, SECOND, VICTIM, line
from wuzha.partners.protocol import AccountRef
from wuzha.tracing.follow import follow
from wuzha.tracing.ledger import Ledger, Movement, account_key, split_key

PAID = Movement(
    id="report|0", payer=f"ABC:{VICTIM}", payee=f"ICBC:{FIRST}", amount_minor=5_000, currency="CNY",
    at=PAID_AT + timedelta(minutes=30), reported=True,
)  # fmt: skip
FIRST_SIDE = (
    AccountRef(bank="ICBC", number=FIRST, name="李四"),
    [
        line("i1", "in", 5_000, s=2, to=VICTIM, bank="ABC", balance=5_000),
        line("i2", "out", 3_000, s=60, to=SECOND, bank="CCB", balance=2_000),
        line("i3", "out", 500, s=61, kind="cash", balance=1_500),
    ],
)
SECOND_SIDE = (
    AccountRef(bank="CCB", number=SECOND, name="王五"),
    [line("c9", "in", 3_000, s=63, to=FIRST, bank="ICBC", balance=3_700)],
)


def told(*statements):
    """A ledger of the report and these statements, in the order told."""
    ledger = Ledger.of(())
    ledger.add_reported(PAID)
    for account, lines in statements:
        ledger.add_statement(account, "CNY", lines)
    return ledger


def facts(ledger):
    """What the ledger says, without the names it gave to its rows."""
    return sorted(
        (m.payer, m.payee, m.amount_minor, m.at, m.kind, m.payer_serial, m.payee_serial, m.reported)
        for m in ledger.movements.values()
    )


@pytest.mark.row("R-203", "R-505")
def test_the_ledger_does_not_depend_on_which_bank_answers_first():
    orders = [facts(told(*order)) for order in permutations([FIRST_SIDE, SECOND_SIDE])]
    assert orders[0] == orders[1]
    assert len(orders[0]) == 3  # the payment, one transfer seen from both sides, one cash-out


def test_an_answer_told_twice_adds_nothing():
    assert facts(told(FIRST_SIDE, FIRST_SIDE)) == facts(told(FIRST_SIDE))


def test_the_bank_corrects_the_time_that_the_victim_remembered():
    paid = next(m for m in told(FIRST_SIDE).movements.values() if m.reported)
    assert paid.at == PAID_AT + timedelta(seconds=2)
    assert paid.payee_name == "李四"


def test_two_equal_payments_stay_two():
    account, _lines = FIRST_SIDE
    twice = [line(f"x{n}", "out", 1_000, s=60 + n, to=SECOND) for n in range(2)]
    other = [line(f"y{n}", "in", 1_000, s=60 + n, to=FIRST, bank="ICBC") for n in range(2)]
    ledger = told((account, twice), (SECOND_SIDE[0], other))
    pairs = {(m.payer_serial, m.payee_serial) for m in ledger.movements.values() if m.amount_minor == 1_000}
    assert pairs == {("x0", "y0"), ("x1", "y1")}


def test_a_line_that_contradicts_an_earlier_one_is_told_and_does_not_win():
    account, lines = FIRST_SIDE
    other = [lines[1].model_copy(update={"amount_minor": 2_999})]
    ledger = told(FIRST_SIDE, (account, other))
    assert [(c.serial, c.known_minor, c.told_minor) for c in ledger.conflicts] == [("i2", 3_000, 2_999)]
    assert facts(ledger) == facts(told(FIRST_SIDE))


def test_a_victim_who_does_not_know_the_own_account_gets_it_from_the_bank():
    ledger = Ledger.of(())
    ledger.add_reported(replace(PAID, payer="victim:XF1"))
    ledger.add_statement(FIRST_SIDE[0], "CNY", FIRST_SIDE[1])
    assert len(ledger.movements) == 3
    assert next(m for m in ledger.movements.values() if m.reported).payer == f"ABC:{VICTIM}"


@pytest.mark.parametrize("currency", ["CNY", "USD"])
@pytest.mark.parametrize("number", [FIRST, "a:b", "user@example.com"])
def test_keys_can_be_taken_apart_again(number, currency):
    assert split_key(account_key("ICBC", number, currency)) == ("ICBC", number)


def test_accounts_of_two_currencies_are_two():
    assert account_key("ICBC", FIRST, "USD") != account_key("ICBC", FIRST)


@pytest.mark.row("R-203")
def test_stolen_money_is_followed_first_in_first_out_to_the_fen():
    followed = follow(list(told(FIRST_SIDE, SECOND_SIDE).movements.values()), "XF1", honest=(), stops={})
    assert followed.stolen_in == {f"ICBC:{FIRST}": 5_000, f"CCB:{SECOND}": 3_000, f"cash:ICBC:{FIRST}": 500}
    assert {k: h.stolen_minor for k, h in followed.trace.holdings.items()} == {
        f"ICBC:{FIRST}": 1_500, f"CCB:{SECOND}": 3_000,
    }  # fmt: skip
    assert followed.trace.conserved


def test_what_leaves_after_the_disputed_amount_is_held_is_the_holders_own():
    from uuid import UUID

    from wuzha.tracing.chase import Stop

    account, lines = FIRST_SIDE
    later = [*lines, line("i4", "in", 9_000, s=500, to="888"), line("i5", "out", 9_000, s=600, to="777")]
    stop = Stop(UUID(int=1), "in_force", 1_500, 1_500, NOW, covers_from=PAID_AT + timedelta(seconds=400))
    movements = list(told((account, later)).movements.values())
    held = follow(movements, "XF1", honest=(), stops={f"ICBC:{FIRST}": stop})
    assert "CCB:777" not in held.stolen_in
    free = follow(movements, "XF1", honest=(), stops={})
    assert free.stolen_in["CCB:777"] == 1_500
