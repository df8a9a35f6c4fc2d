"""What each rule says about small cases that an officer can work by hand. Sums are in cents."""

import pytest

from wuzha.kernel.refusals import Refusal
from wuzha.tracing.engine import (
    BalanceAt,
    Kind,
    OpeningMethod,
    Rule,
    Seed,
    TieMethod,
    Trace,
    Transfer,
    recoverable_minor,
    trace,
)

VICTIM = Seed("v", transfer_id="1")
NOTHING = {"A": 0, "B": 0, "C": 0, "V": 1000, "W": 1000, "X": 1000}


def pay(id: str, at: int, payer: str, payee: str, amount: int, **more: object) -> Transfer:
    return Transfer(id, at, payer, payee, amount, **more)  # type: ignore[arg-type]


def held(found: Trace) -> dict[str, int]:
    return {account: holding.stolen_minor for account, holding in found.holdings.items()}


@pytest.mark.row("R-501")
@pytest.mark.parametrize(
    ("rule", "stolen"),
    [
        (Rule.FIFO, 70),  # 30 clean came first and leave first
        (Rule.LIFO, 60),  # 40 clean came last and leave first
        (Rule.TAINTED_FIRST, 90),
        (Rule.CLEAN_FIRST, 30),  # 100 paid, 70 clean there
        (Rule.PRO_RATA, 57),  # 100 * 70 / 160 = 43.75 are clean; the clean end of the ruler is cut at 43
    ],
)
def test_one_account_with_30_clean_then_90_stolen_then_40_clean_pays_100(rule: Rule, stolen: int) -> None:
    transfers = [pay("1", 2, "V", "A", 90), pay("2", 3, "X", "A", 40), pay("3", 4, "A", "B", 100)]
    found = trace(transfers, [VICTIM], rule, openings=NOTHING | {"A": 30})
    assert found.flows[-1].stolen_minor == stolen
    assert held(found).get("A", 0) == 90 - stolen


@pytest.mark.row("R-501")
def test_a_payment_of_several_lots_keeps_its_order_under_lifo() -> None:
    """A pays its newest 50 (stolen) and then 30 older clean; at B the stolen lot is in front and leaves first."""
    transfers = [pay("1", 1, "V", "A", 50), pay("2", 2, "A", "B", 80), pay("3", 3, "B", "C", 50)]
    found = trace(transfers, [VICTIM], Rule.LIFO, openings=NOTHING | {"A": 30})
    assert held(found) == {"C": 50}


@pytest.mark.row("R-501")
def test_cash_fees_and_hubs_end_the_chase_and_every_cent_has_a_fate() -> None:
    transfers = [
        pay("1", 1, "V", "A", 100),
        pay("2", 2, "A", "atm 7", 40, kind=Kind.CASH),
        pay("3", 2, "A", "bank", 1, kind=Kind.FEE),
        pay("4", 3, "A", "shop", 30),
        pay("5", 4, "shop", "B", 500),
    ]
    found = trace(transfers, [VICTIM], Rule.FIFO, openings=NOTHING, terminals=["shop"])
    fate = found.fates["v"]
    assert (fate.cashed_minor, fate.fees_minor, fate.terminal_minor, fate.held_minor) == (40, 1, 30, 29)
    assert held(found) == {"A": 29}, "what a hub pays is clean"
    assert [flow.transfer.id for flow in found.cash_outs] == ["2"]


def test_a_hub_that_says_which_credit_it_pays_passes_the_stolen_cents_on() -> None:
    transfers = [pay("1", 1, "V", "hub", 100), pay("2", 1, "X", "hub", 100), pay("3", 2, "hub", "B", 60, earmark="1")]
    found = trace(transfers, [VICTIM], Rule.FIFO, openings=NOTHING, terminals=["hub"])
    assert held(found) == {"B": 60}
    assert found.fates["v"].terminal_minor == 40
    assert found.conserved


@pytest.mark.parametrize("rule", [Rule.FIFO, Rule.LIFO, Rule.TAINTED_FIRST, Rule.CLEAN_FIRST, Rule.PRO_RATA])
def test_a_reversal_takes_back_the_very_pieces_and_the_victim_is_whole(rule: Rule) -> None:
    transfers = [
        pay("1", 1, "V", "A", 100),
        pay("2", 2, "X", "A", 100),
        pay("3", 3, "A", "V", 100, kind=Kind.REVERSAL, reverses="1"),
        pay("4", 4, "V", "shop", 1000),
    ]
    found = trace(transfers, [VICTIM], rule, openings=NOTHING)
    assert found.fates["v"].returned_minor == 100
    assert held(found) == {}
    assert [flow.transfer.id for flow in found.flows] == ["1", "3"], "returned money is clean again"


def test_a_partial_refund_of_two_lots_takes_both_in_proportion_and_puts_them_in_front() -> None:
    transfers = [
        pay("1", 1, "V", "A", 60),
        pay("2", 2, "A", "B", 100),  # 60 stolen, then 40 clean
        pay("3", 3, "B", "A", 50, kind=Kind.REVERSAL, reverses="2"),
        pay("4", 4, "X", "A", 10),
        pay("5", 5, "A", "C", 50),
    ]
    found = trace(transfers, [VICTIM], Rule.LIFO, openings=NOTHING | {"A": 40})
    assert found.flows[2].stolen == {"v": 30}
    assert held(found) == {"B": 30, "C": 30}, "C: 10 of X's, then 30 stolen and 10 clean of the refund"


def test_what_was_paid_on_before_a_reversal_comes_out_of_other_money_by_rule() -> None:
    transfers = [
        pay("1", 1, "V", "A", 100),
        pay("2", 2, "A", "B", 100),
        pay("3", 3, "X", "A", 100),
        pay("4", 4, "A", "V", 100, kind=Kind.REVERSAL, reverses="1"),
    ]
    found = trace(transfers, [VICTIM], Rule.FIFO, openings=NOTHING)
    assert held(found) == {"B": 100}
    assert found.fates["v"].returned_minor == 0


@pytest.mark.row("R-501")
def test_an_earlier_victims_cents_stay_theirs() -> None:
    transfers = [pay("1", 1, "V", "W", 100), pay("2", 2, "W", "A", 150)]
    found = trace(transfers, [VICTIM, Seed("w", transfer_id="2")], Rule.TAINTED_FIRST, openings={"V": 100, "W": 50})
    assert found.flows[-1].stolen == {"v": 100, "w": 50}
    (claim,) = found.competing
    assert (claim.transfer_id, claim.claimant, claim.owner, claim.amount_minor) == ("2", "w", "v", 100)


def test_money_paid_back_as_bait_is_returned_and_may_be_stolen_again() -> None:
    transfers = [pay("1", 1, "V", "A", 100), pay("2", 2, "A", "V", 30), pay("3", 3, "V", "A", 200)]
    found = trace(transfers, [VICTIM, Seed("v", transfer_id="3")], Rule.FIFO, openings={"V": 1000, "A": 0})
    fate = found.fates["v"]
    assert (fate.seed_minor, fate.returned_minor, fate.held_minor) == (300, 30, 270)


def test_a_seed_by_account_takes_what_leaves_from_its_time_on_up_to_its_sum() -> None:
    transfers = [pay("1", 1, "S", "A", 40), pay("2", 2, "S", "B", 40), pay("3", 3, "S", "C", 40)]
    found = trace(transfers, [Seed("s", account="S", at=2, amount_minor=60)], Rule.FIFO)
    assert held(found) == {"B": 40, "C": 20}


@pytest.mark.row("R-501")
def test_layers_count_from_the_victim_and_do_not_grow_within_one_persons_accounts() -> None:
    transfers = [pay(str(i + 1), i, hop[0], hop[1], 100) for i, hop in enumerate(["VA", "AB", "BC", "CV"])]
    openings = dict.fromkeys("ABC", 0)
    assert trace(transfers, [VICTIM], openings=openings).layers == {"V": 0, "A": 1, "B": 2, "C": 3}
    one_person = {"A": "Li", "B": "Li"}
    assert trace(transfers, [VICTIM], openings=openings, holders=one_person).layers["C"] == 2


def test_a_payment_to_oneself_changes_nothing_not_even_the_line() -> None:
    transfers = [pay("1", 1, "V", "A", 50), pay("2", 2, "A", "A", 70), pay("3", 3, "A", "B", 50)]
    assert held(trace(transfers, [VICTIM], Rule.FIFO, openings=NOTHING | {"A": 50})) == {"A": 50}


@pytest.mark.row("R-501")
def test_poison_marks_accounts_until_their_balance_touches_zero() -> None:
    transfers = [
        pay("1", 1, "V", "A", 50),
        pay("2", 2, "A", "B", 10),
        pay("3", 3, "A", "C", 40),
        pay("4", 4, "X", "A", 5),
    ]
    found = trace(transfers, [VICTIM], Rule.POISON, openings=NOTHING)
    assert found.exposure == {"B": {"v"}, "C": {"v"}}
    assert all(flow.stolen_minor == 0 for flow in found.flows), "an exposure is never a sum"


def test_an_unknown_opening_is_the_least_that_is_possible_and_clean_and_oldest() -> None:
    transfers = [pay("1", 1, "V", "A", 50), pay("2", 2, "A", "B", 80)]
    found = trace(transfers, [VICTIM], Rule.FIFO, openings={"V": 50, "B": 0})
    assert (found.openings["A"].amount_minor, found.openings["A"].method) == (30, OpeningMethod.LEAST)
    assert held(found) == {"B": 50}


def test_an_opening_follows_from_the_first_printed_balance() -> None:
    transfers = [pay("1", 1, "V", "A", 50), pay("2", 2, "A", "B", 20, payer_balance_minor=130)]
    found = trace(transfers, [VICTIM], Rule.FIFO)
    assert (found.openings["A"].amount_minor, found.openings["A"].method) == (100, OpeningMethod.PRINTED)
    assert held(found) == {"A": 50}


@pytest.mark.row("R-206")
def test_a_debit_above_a_known_balance_is_a_question_to_the_bank() -> None:
    transfers = [pay("1", 1, "V", "A", 50), pay("2", 2, "A", "B", 80)]
    found = trace(transfers, [VICTIM], Rule.FIFO, openings=NOTHING)
    (gap,) = found.gaps
    assert (gap.account, gap.transfer_id, gap.incoming, gap.amount_minor, gap.stake_minor) == ("A", "2", True, 30, 30)
    (holding,) = found.frontier
    assert [(lot.victim, lot.amount_minor, lot.unseen) for lot in holding.lots] == [("v", 50, False), (None, 30, True)]


@pytest.mark.row("R-206")
def test_a_balance_below_the_books_means_money_left_unseen() -> None:
    transfers = [pay("1", 1, "V", "A", 100)]
    stated = [BalanceAt("A", 5, 25)]
    found = trace(transfers, [VICTIM], Rule.TAINTED_FIRST, openings={"A": 0, "V": 100}, stated=stated)
    (gap,) = found.gaps
    assert (gap.incoming, gap.amount_minor, gap.stake_minor) == (False, 75, 75)
    assert (found.fates["v"].unseen_minor, held(found)) == (75, {"A": 25})


def test_gaps_are_ranked_by_the_cents_at_stake() -> None:
    transfers = [pay("1", 1, "V", "A", 100), pay("2", 1, "A", "B", 90)]
    stated = [BalanceAt("A", 5, 4), BalanceAt("B", 5, 20), BalanceAt("C", 1, 0), BalanceAt("C", 5, 999)]
    found = trace(transfers, [VICTIM], openings={"A": 0, "B": 0, "V": 100}, stated=stated)
    assert [(gap.account, gap.stake_minor) for gap in found.gaps] == [("B", 70), ("A", 6), ("C", 0)]


@pytest.mark.parametrize(
    ("first", "second", "method", "order"),
    [
        ({"serial": 2}, {"serial": 1}, TieMethod.SERIAL, ("out", "1")),
        ({"payee_balance_minor": 100}, {"payer_balance_minor": 0}, TieMethod.BALANCE, ("out", "1")),
        ({}, {}, TieMethod.CREDITS_FIRST, ("1", "out")),
        ({"serial": 1}, {}, TieMethod.CREDITS_FIRST, ("1", "out")),
    ],
)
def test_an_instant_is_ordered_by_serial_then_by_balances_then_credits_first(
    first: dict[str, int], second: dict[str, int], method: TieMethod, order: tuple[str, ...]
) -> None:
    """A held 40 before; V's 100 comes and 40 goes at the same instant."""
    before = pay("0", 0, "X", "A", 40, payee_balance_minor=40)
    transfers = [before, pay("1", 1, "V", "A", 100, **first), pay("out", 1, "A", "B", 40, **second)]
    found = trace(transfers, [VICTIM], Rule.LIFO)
    (tie,) = found.ties
    assert (tie.method, tie.transfer_ids) == (method, order)
    assert held(found) == ({"A": 100} if order[0] == "out" else {"A": 60, "B": 40})


def test_a_statement_of_one_day_is_put_in_the_order_that_its_balances_prove() -> None:
    changes = [30, -21, 50, -63, 10, -5, 40, -47]  # no balance occurs twice, so one order only is true
    balance, transfers = 100, []
    for i, change in enumerate(changes):
        balance += change
        payer, payee = ("X", "A") if change > 0 else ("A", "Y")
        side = "payee_balance_minor" if change > 0 else "payer_balance_minor"
        transfers.append(pay(f"s{(i * 5) % 8}", 1, payer, payee, abs(change), **{side: balance}))
    expected = tuple(transfer.id for transfer in transfers)
    first = pay("before", 0, "X", "A", 1, payee_balance_minor=100)
    found = trace([first, *sorted(transfers, key=lambda t: t.id)], [Seed("v", transfer_id="before")])
    assert found.ties[0].transfer_ids == expected


@pytest.mark.parametrize(
    ("transfers", "seeds", "code"),
    [
        ([pay("1", 1, "V", "A", 0)], [VICTIM], "transfer.amount"),
        ([pay("1", 1, "V", "A", 1), pay("1", 1, "V", "A", 2)], [VICTIM], "transfer.conflict"),
        ([pay("2", 1, "V", "A", 1)], [VICTIM], "seed.unknown"),
        ([pay("1", 1, "V", "A", 1)], [Seed("v", account="nobody")], "seed.unknown"),
        ([pay("1", 1, "V", "A", 1)], [Seed("v", transfer_id="1", amount_minor=2)], "seed.amount"),
    ],
)
def test_contradictions_are_refused(transfers: list[Transfer], seeds: list[Seed], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        trace(transfers, seeds)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("stolen", "printed", "frozen", "recoverable"),
    [(100, None, 0, 100), (100, 60, 0, 60), (100, 500, 0, 100), (100, 60, 50, 10), (100, 60, 90, 0)],
)
def test_recoverable_is_what_is_still_there_and_not_yet_another_centres(
    stolen: int, printed: int | None, frozen: int, recoverable: int
) -> None:
    assert recoverable_minor(stolen, printed, frozen) == recoverable
