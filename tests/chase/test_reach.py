"""The clearing house and the watch in the running centre, against PostgreSQL."""

from datetime import timedelta

import pytest

from tests.centre import FIRST, NOW, PAID_AT, SECOND, VICTIM, answer, filed, line, order, partner, tell
from wuzha.control.models import Order
from wuzha.partners.models import Outbox
from wuzha.partners.protocol import AccountRef
from wuzha.partners.protocol import Order as WireOrder
from wuzha.tracing import reach
from wuzha.tracing.chase import Reach
from wuzha.tracing.models import LedgerTransfer, TracedAccount

pytestmark = pytest.mark.django_db
FIRST_KEY, SECOND_KEY = f"ICBC:{FIRST}", f"CCB:{SECOND}"
SEEN = line("N1", "out", 30_000_00, s=90, to=SECOND, bank="CCB")


@pytest.fixture(autouse=True)
def _partners():
    for code in ("ICBC", "CCB", "ABC"):
        partner(code)
    partner("NUCC", kind="clearing")
    reach.forget()
    yield
    reach.forget()


def wire(row):
    """The order as its partner reads it."""
    return WireOrder.model_validate(Outbox.objects.get(pk=row.pk).body)


@pytest.mark.row("R-203")
def test_what_the_clearing_house_saw_is_chased_before_the_bank_answers():
    case = filed()
    asked = order(case, "trace-outflows", FIRST_KEY)
    assert (asked.partner_id, asked.state, wire(asked).account) == (
        "NUCC", "queued", AccountRef(bank="ICBC", number=FIRST),
    )  # fmt: skip
    tell(answer(asked, lines=[SEEN]), partner="NUCC")
    stop = order(case, "stop", SECOND)
    assert (stop.partner_id, stop.amount_minor, stop.layer, stop.state) == ("CCB", 30_000_00, 2, "queued")
    assert TracedAccount.objects.get(case=case, number=FIRST).stolen_now_minor == 20_000_00
    assert order(case, "trace-outflows", SECOND_KEY).state == "queued"


def test_a_payment_that_clearing_house_and_both_banks_tell_is_one():
    case = filed()
    tell(answer(order(case, "trace-outflows", FIRST_KEY), lines=[SEEN]), partner="NUCC")
    bank = (
        line("1", "in", 50_000_00, s=2, to=VICTIM, bank="ABC", balance=50_000_00),
        line("2", "out", 30_000_00, s=91, to=SECOND, bank="CCB", balance=20_000_00),
    )
    tell(answer(order(case, "query-transactions"), lines=bank))
    arrived = line("9", "in", 30_000_00, s=92, to=FIRST, bank="ICBC", balance=30_000_00)
    tell(answer(order(case, "query-transactions", SECOND), lines=[arrived]), partner="CCB")
    tell(answer(order(case, "trace-outflows", FIRST_KEY), seq=2, lines=[SEEN]), partner="NUCC")
    (row,) = LedgerTransfer.objects.filter(case=case, payee=SECOND_KEY)
    assert (row.payer_serial, row.payee_serial, row.seen_serial, row.stolen_minor) == ("2", "9", "N1", 30_000_00)


def test_without_a_clearing_house_nothing_is_asked_of_one():
    from wuzha.partners.models import Partner

    Partner.objects.filter(code="NUCC").update(active=False)
    case = filed()
    assert not Order.objects.filter(case=case, kind="trace-outflows").exists()


def quick(code, seconds=3, times=reach.ANSWERS_MIN):
    """Let a bank have answered so many stops of other cases after so long."""
    for n in range(times):
        case = filed(payee=f"62220202001122{n:02d}", bank=code)
        stop = order(case, "stop", f"62220202001122{n:02d}")
        at = NOW + timedelta(seconds=seconds)
        tell(answer(stop, held_minor=0, now=at), partner=code, now=at)


@pytest.mark.parametrize(
    ("told", "seconds", "times", "counts"),
    [
        ("answers within seconds", 3, reach.ANSWERS_MIN, True),
        ("answers after minutes", 300, reach.ANSWERS_MIN, False),
        ("too few answers to know", 3, reach.ANSWERS_MIN - 1, False),
    ],
)
def test_which_banks_are_asked_to_watch(told, seconds, times, counts):
    quick("CCB", seconds, times)
    assert reach.measure() == Reach("NUCC", frozenset({"CCB"} if counts else ()))


def test_a_bank_that_delayed_money_on_arrival_gets_the_stop_at_once_and_the_watch_ends_when_nothing_is_left():
    quick("CCB")
    reach.forget()
    case = filed()
    watch = order(case, "watch-arrivals", FIRST_KEY)
    sent = wire(watch)
    assert (watch.partner_id, watch.amount_minor, sent.account.bank) == ("CCB", 50_000_00, "ICBC")
    arrived = line("7", "in", 50_000_00, s=1300, to=FIRST, bank="ICBC")
    at = PAID_AT + timedelta(seconds=1302)
    tell(answer(watch, account=AccountRef(bank="CCB", number=SECOND), lines=[arrived], now=at), partner="CCB", now=at)
    stop = order(case, "stop", SECOND)
    assert (stop.partner_id, stop.amount_minor, stop.state) == ("CCB", 50_000_00, "queued")
    ended = order(case, "watch-release", FIRST_KEY)
    assert (ended.ref_id, ended.state, wire(ended).account.number) == (watch.id, "queued", FIRST)


def test_a_bank_that_cannot_watch_is_not_asked_again():
    quick("CCB")
    reach.forget()
    case = filed()
    tell(answer(order(case, "watch-arrivals", FIRST_KEY), code="unsupported"), partner="CCB")
    assert reach.measure().connected == frozenset()
