"""Ledgers keep money: whatever is posted, held, amended and released, nothing is made, lost or let through."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from wuzha.partners.protocol import AccountKind
from wuzha.simulation.ledger import Account, Hold, Ledger, LedgerError, internal

T0 = 1_700_000_000.0
KEYS = ("ICBC:1", "ICBC:2", "ABC:3", "BOC:4")


def ledger_of(**openings):
    ledger = Ledger()
    for key, opening_minor in openings.items():
        bank, number = key.split("_")
        ledger.open(Account(bank, number, number, AccountKind.PERSONAL, AccountKind.PERSONAL, T0), opening_minor)
    return ledger


def hold(limit_minor, name="h", case="A1"):
    return Hold(name, case, limit_minor, T0, T0 + 48 * 3600)


@pytest.mark.row("R-201")
@pytest.mark.parametrize(
    ("opening", "limit", "comes_in", "goes_out", "caught", "free"),
    [
        # a hold catches what is there, up to its amount, and the rest stays free
        (100, 60, 0, 40, 60, 0),
        # it goes on catching what comes in until it is full
        (30, 60, 20, 0, 50, 0),
        (30, 60, 50, 20, 60, 0),
        (0, 60, 100, 40, 60, 0),
        # a hold of more than there is frees nothing
        (30, 1_000, 0, 0, 30, 0),
    ],
)
def test_a_hold_is_of_an_amount_and_lets_money_in(opening, limit, comes_in, goes_out, caught, free):
    ledger = ledger_of(ICBC_1=opening, ABC_2=1_000)
    placed = hold(limit)
    ledger.place_hold("ICBC:1", placed, T0)
    if comes_in:
        ledger.post("ABC:2", "ICBC:1", comes_in, T0)
    if goes_out:
        ledger.post("ICBC:1", "ABC:2", goes_out, T0)
    assert placed.caught_minor == caught
    assert ledger.accounts["ICBC:1"].available_minor == free
    with pytest.raises(LedgerError):
        ledger.post("ICBC:1", "ABC:2", free + 1, T0)


def test_several_holds_catch_in_the_order_in_which_they_came():
    ledger = ledger_of(ICBC_1=0, ABC_2=1_000)
    first, second = hold(50, "a", "A1"), hold(70, "b", "A2")
    ledger.place_hold("ICBC:1", first, T0)
    ledger.place_hold("ICBC:1", second, T0)
    told = ledger.post("ABC:2", "ICBC:1", 80, T0)
    assert [(change.order_id, change.delta_minor) for change in told] == [("a", 50), ("b", 30)]
    told = ledger.end_hold("ICBC:1", first, "released", T0)
    assert [(change.order_id, change.delta_minor) for change in told] == [("a", -50), ("b", 40)]
    assert ledger.accounts["ICBC:1"].available_minor == 10


def test_an_amendment_frees_or_catches():
    ledger = ledger_of(ICBC_1=100)
    placed = hold(60)
    ledger.place_hold("ICBC:1", placed, T0)
    ledger.amend_hold("ICBC:1", placed, 20, T0)
    assert (placed.caught_minor, ledger.accounts["ICBC:1"].available_minor) == (20, 80)
    ledger.amend_hold("ICBC:1", placed, 150, T0)
    assert (placed.caught_minor, ledger.accounts["ICBC:1"].available_minor) == (100, 0)


@pytest.mark.parametrize(
    ("payer", "payee", "amount"),
    [("ICBC:1", "ABC:2", 0), ("ICBC:1", "ABC:2", -5), ("ICBC:1", "ICBC:1", 5), ("ICBC:1", "ABC:9", 5),
     ("ICBC:1", "ABC:2", 101)],
)  # fmt: skip
def test_what_is_no_movement_is_refused_and_changes_nothing(payer, payee, amount):
    ledger = ledger_of(ICBC_1=100, ABC_2=0)
    with pytest.raises(LedgerError):
        ledger.post(payer, payee, amount, T0)
    assert [account.balance_minor for account in ledger.accounts.values()] == [100, 0]
    assert not ledger.journal


class LedgerLaws(RuleBasedStateMachine):
    """Random movements and holds over four accounts of three banks."""

    def __init__(self):
        super().__init__()
        self.ledger = ledger_of(ICBC_1=10_000, ICBC_2=500, ABC_3=0, BOC_4=2_000)
        self.holds = []
        self.at = T0

    @rule(payer=st.sampled_from(KEYS), payee=st.sampled_from((*KEYS, "ICBC:~cash")), amount=st.integers(1, 4_000))
    def move(self, payer, payee, amount):
        self.at += 1
        free = self.ledger.accounts[payer].available_minor
        try:
            self.ledger.post(payer, payee, amount, self.at)
            assert amount <= free
        except LedgerError:
            assert amount > free or payer == payee

    @rule(key=st.sampled_from(KEYS), limit=st.integers(1, 5_000))
    def place(self, key, limit):
        placed = hold(limit, f"h{len(self.holds)}")
        self.ledger.place_hold(key, placed, self.at)
        self.holds.append((key, placed))

    @precondition(lambda self: any(not placed.over for _key, placed in self.holds))
    @rule(data=st.data(), limit=st.integers(0, 5_000))
    def change(self, data, limit):
        key, placed = data.draw(st.sampled_from([pair for pair in self.holds if not pair[1].over]))
        if limit:
            self.ledger.amend_hold(key, placed, limit, self.at)
        else:
            self.ledger.end_hold(key, placed, "released", self.at)

    @rule(keep=st.integers(0, 5))
    def forget(self, keep):
        self.ledger.forget_before(T0, keep)

    @invariant()
    def banks_sum_to_zero(self):
        sums = {}
        for account in self.ledger.accounts.values():
            sums[account.bank] = sums.get(account.bank, 0) + account.balance_minor
        for key, balance_minor in self.ledger.internals.items():
            bank = key.partition(":")[0]
            sums[bank] = sums.get(bank, 0) + balance_minor
        assert set(sums.values()) <= {0}

    @invariant()
    def held_money_stays(self):
        for account in self.ledger.accounts.values():
            assert 0 <= account.held_minor <= account.balance_minor
            for placed in account.live_holds:
                assert 0 <= placed.caught_minor <= placed.limit_minor
                if placed.caught_minor < placed.limit_minor:
                    assert account.available_minor == 0

    @invariant()
    def openings_and_journal_give_the_balances(self):
        balances = {account.key: account.opening_minor for account in self.ledger.accounts.values()}
        for entry in self.ledger.journal:
            if entry.what == "post":
                balances[entry.payer] = balances.get(entry.payer, 0) - entry.amount_minor
                balances[entry.payee] = balances.get(entry.payee, 0) + entry.amount_minor
        for account in self.ledger.accounts.values():
            assert balances[account.key] == account.balance_minor


TestLedgerLaws = LedgerLaws.TestCase
TestLedgerLaws.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@given(st.integers(1, 10**9), st.integers(1, 12), st.integers(1, 300_000))
def test_a_split_amount_is_whole_and_no_piece_is_too_small(total, pieces, smallest):
    from wuzha.simulation.chance import draws, split_amount

    parts = split_amount(draws(1, total), total, pieces, smallest)
    assert sum(parts) == total
    assert 1 <= len(parts) <= pieces
    assert len(parts) == 1 or min(parts) >= smallest


def test_a_closed_account_leaves_its_money_in_the_bank_and_the_books_whole():
    ledger = ledger_of(ICBC_1=100, ABC_2=0)
    ledger.post("ICBC:1", "ABC:2", 70, T0)
    with pytest.raises(LedgerError):
        ledger.close("ABC:2", T0)  # its movement is still in the journal
    ledger.forget_before(T0 + 1, 10)
    ledger.close("ABC:2", T0 + 2)
    assert ledger.internals[internal("ABC", "closed")] == 70
    assert ledger.opening_internals["ABC:2"] == 70
    ledger.forget_before(T0 + 3, 10)
    assert "ABC:2" not in ledger.opening_internals
    assert ledger.opening_internals == ledger.internals
