"""A law of the case's ledger: whoever tells a movement, how often and in whichever order, it is one movement."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.tracing.ledger import MADE, WEAK, Ledger, Movement

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
ACCOUNTS = ("ICBC:1", "CCB:2", "ABC:3")
TELLERS = ("bank", "file", "bare file")
MARKS = {"bank": "", "file": WEAK, "bare file": MADE}


def told(n, transfer, side, teller):
    """What one end says about the n-th transfer; clocks of two banks differ by some seconds."""
    payer, payee, amount = transfer
    out = side == "out"
    serial = f"{MARKS[teller]}{teller[0]}{n}"
    return Movement(
        id=f"{side}|{n}|{teller}", payer=payer, payee=payee, amount_minor=amount, currency="CNY",
        at=START + timedelta(minutes=15 * n, seconds=0 if out else 7),
        payer_serial=serial if out else "", payee_serial="" if out else serial,
        payer_balance_minor=1_000 + n if out else None, payee_balance_minor=None if out else 2_000 + n,
    )  # fmt: skip


transfers = st.lists(
    st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS), st.integers(1, 3)).filter(lambda t: t[0] != t[1]),
    min_size=1,
    max_size=6,
)


@pytest.mark.row("R-505")
@given(transfers, st.data())
def test_the_movements_do_not_depend_on_who_tells_them_how_often_and_when(made, data):
    ends = [(n, side, teller) for n in range(len(made)) for side in ("out", "in") for teller in TELLERS]
    tellings = data.draw(st.lists(st.sampled_from(ends), min_size=1, max_size=30))
    ledger = Ledger.of(())
    for n, side, teller in tellings:
        # Each telling is an answer or an import of its own, as the centre keeps the ledger between them.
        ledger = Ledger.of(ledger.movements.values())
        ledger.tell(told(n, made[n], side, teller), side)
        assert ledger.conflicts == []
    found = sorted((m.payer, m.payee, m.amount_minor) for m in ledger.movements.values())
    assert found == sorted(made[n] for n in {n for n, _side, _teller in tellings})
    for movement in ledger.movements.values():
        n = (movement.at - START) // timedelta(minutes=15)
        banks = {side for number, side, teller in tellings if number == n and teller == "bank"}
        assert ("out" in banks) == (movement.payer_serial == f"b{n}")
        assert ("in" in banks) == (movement.payee_serial == f"b{n}")
