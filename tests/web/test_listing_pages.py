"""The grey list's pages: who stands on it, what waits, deciding; a bank sees its own part and no other."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.centre import FIRST, SECOND, VICTIM, answer, filed, line, order, reacting_at_once, tell
from wuzha.control.models import HeldPayment, ListingObjection, Order
from wuzha.journal.models import Event
from wuzha.partners.protocol import AccountRef, PaymentHeld
from wuzha.people.rules import Role

pytestmark = pytest.mark.django_db
KNOWN, STRANGER = "6228481111111111111", "6228482222222222222"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    reacting_at_once(monkeypatch)


def listed(*, bank="ICBC", account=FIRST, payer=VICTIM):
    """An account that passed stolen money on and stands on the list since a minute."""
    now = timezone.now()
    case = filed(payee=account, bank=bank, payer=payer, now=now)
    lines = [line("i", "in", 50_000_00, to=payer, bank="ABC"), line("o", "out", 48_000_00, s=60, to=f"{account}9")]
    tell(answer(order(case, "query-transactions", account), lines=lines, now=now), partner=bank, now=now)
    listing = Order.objects.get(kind="review-outflows", account=account)
    tell(answer(listing, now=now), partner=bank, now=now)
    listing.refresh_from_db()
    return listing


def waits(listing, *, seq=2, serial="p1", amount=9_000_00, objection="", came=STRANGER):
    now = timezone.now()
    payment = PaymentHeld(
        serial=serial, at=now, amount_minor=amount, until_at=now + timedelta(hours=20),
        payee=AccountRef(bank="CCB", number=SECOND, name="王五六"),
    )  # fmt: skip
    lines = [line(f"n{seq}", "in", amount, s=9, to=came, bank="ABC")]
    told = answer(listing, seq=seq, payments=[payment], lines=lines, objection=objection, now=now)
    tell(told, partner=listing.partner_id, now=now)
    return HeldPayment.objects.get(listing=listing, serial=serial)


@pytest.fixture
def client(client_of):
    return client_of(Role.CONTROL_OFFICER, "en")


def page(client, listing):
    return client.get(reverse("listing", args=[listing.id])).content.decode()


def act(client, listing, **values):
    return client.post(reverse("listing-act", args=[listing.id]), values, follow=True).content.decode()


@pytest.mark.row("R-504")
def test_the_list_shows_who_why_until_when_and_what_waits(client, officers):
    listing = listed()
    waits(listing)
    text = client.get(reverse("grey-list")).content.decode()
    assert listing.case.number in text
    assert "¥48,000.00" in text
    assert "¥9,000.00" in text
    assert f"{listing.ends_at:%Y-%m-%d}" in text
    assert FIRST not in text  # masked


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", True),
        ("show=waiting", True),
        ("show=objections", False),
        ("show=ended", False),
        ("show=all&bank=ICBC", True),
        ("bank=CCB", False),
        (f"q={FIRST[-6:]}", True),
        ("q=999999999", False),
        ("q=%27%3B--%00", None),
        ("page=0", True),
        ("page=999999999999", True),
        ("show=%3Cscript%3E", True),
    ],
)
def test_the_list_is_narrowed(client, officers, query, shown):
    listing = listed()
    waits(listing)
    response = client.get(f"{reverse('grey-list')}?{query}&part=rows")
    if shown is None:
        assert response.status_code == 400
        return
    assert (str(listing.id) in response.content.decode()) is shown


def test_an_empty_list_says_so(client, officers):
    assert "Nobody is on the list" in client.get(reverse("grey-list")).content.decode()
    assert "No payment waits" in client.get(f"{reverse('grey-list')}?show=waiting").content.decode()


def test_a_long_list_has_pages(client, officers):
    for number in range(53):
        listed(account=f"62220202001{number:05d}", payer=f"62284800123{number:05d}")
    first = client.get(f"{reverse('grey-list')}?part=rows").content.decode()
    second = client.get(f"{reverse('grey-list')}?part=rows&page=2").content.decode()
    assert (first.count("data-row"), second.count("data-row")) == (50, 3)


@pytest.mark.row("R-310", "R-309")
def test_one_listing_shows_law_terms_remedy_and_who_paid_in(client, officers):
    listing = listed()
    case = filed(payer=KNOWN, payee="6222020200555555")
    waits(listing, came=KNOWN)
    waits(listing, seq=3, serial="p2", came=STRANGER)
    text = page(client, listing)
    assert "反电信网络诈骗法 arts. 18, 20" in text
    assert "24 hours at most" in text
    assert "¥500.00" in text
    assert "object at the bank or here" in text
    assert case.number in text
    assert "by nobody yet" in text


@pytest.mark.row("R-310")
def test_a_payment_is_let_go_with_a_reason(client, officers):
    listing = listed()
    payment = waits(listing)
    assert "Say why" in act(client, listing, do="pass", payment=payment.id, reason=" ")
    assert "The payment may go" in act(client, listing, do="pass", payment=payment.id, reason="rent")
    assert Order.objects.get(kind="review-pass").partner_id == "ICBC"
    assert "decided already" in act(client, listing, do="pass", payment=payment.id, reason="again")


def test_a_payment_of_another_listing_is_not_decided_through_this_one(client, officers):
    listing, other = listed(), listed(bank="CCB", account=SECOND, payer=KNOWN)
    payment = waits(other)
    act(client, listing, do="pass", payment=payment.id, reason="x")
    payment.refresh_from_db()
    assert payment.decision == ""


def test_an_objection_is_seen_and_answered_or_ends_the_listing(client, officers):
    listing = listed()
    waits(listing, objection="<b>I sold my phone</b>")
    text = page(client, listing)
    assert "&lt;b&gt;I sold my phone&lt;/b&gt;" in text
    assert "answered" in act(client, listing, do="reject", reason="Four victims paid in")
    assert ListingObjection.objects.get().answer
    assert "told to take it off" in act(client, listing, do="end", reason="mistaken identity")
    assert Order.objects.filter(kind="review-release", ref=listing).exists()


def test_one_more_term_waits_for_an_approver(client, officers):
    listing = listed()
    assert "waits for an approver" in act(client, listing, do="extend", reason="same gang")
    assert Order.objects.get(kind="review-extend").state == "proposed"


def test_an_analyst_sees_and_does_not_decide(client_of):
    listing = listed()
    payment = waits(listing)
    client = client_of(Role.ANALYST, "en")
    text = page(client, listing)
    assert "Let it go" not in text
    assert FIRST not in text
    assert (
        client.post(reverse("listing-act", args=[listing.id]), {"do": "pass", "payment": payment.id}).status_code == 403
    )


def test_a_stop_is_no_listing(client, officers):
    stop = order(filed(), "stop")
    assert client.get(reverse("listing", args=[stop.id])).status_code == 404
    assert client.post(reverse("listing-act", args=[stop.id]), {"do": "end", "reason": "x"}).status_code == 404


def test_the_case_and_the_order_lead_to_the_list(client, officers):
    listing = listed()
    second = filed(payer=KNOWN, now=timezone.now())
    lines = [line("i", "in", 50_000_00, to=KNOWN, bank="ABC"), line("o", "out", 48_000_00, s=60, to=SECOND)]
    tell(answer(order(second, "query-transactions"), lines=lines, now=timezone.now()), now=timezone.now())
    for case_id in (listing.case_id, second.id):
        text = client.get(reverse("case", args=[case_id])).content.decode()
        assert reverse("listing", args=[listing.id]) in text
    assert reverse("listing", args=[listing.id]) in client.get(reverse("order", args=[listing.id])).content.decode()
    assert "On the grey list because of this case" in client.get(reverse("case", args=[second.id])).content.decode()


def test_an_officer_lists_an_account_by_hand_once(client, officers):
    case = filed(now=timezone.now())
    values = {"kind": "review-outflows", "account": SECOND, "bank": "CCB", "why": "seen at a machine", "layer": "1"}
    made = client.post(reverse("new-order", args=[case.id]), values)
    assert made.status_code == 302
    assert Order.objects.get(kind="review-outflows").ends_at is not None
    again = client.post(reverse("new-order", args=[case.id]), values)
    assert again.status_code == 422
    assert "on the grey list already" in again.content.decode()


@pytest.mark.row("R-801")
def test_a_liaison_sees_the_own_banks_listings_and_no_other(client_of):
    mine, other = listed(), listed(bank="CCB", account=SECOND, payer=KNOWN)
    client = client_of(Role.BANK_LIAISON, "en")
    text = client.get(reverse("own-listings")).content.decode()
    assert FIRST in text
    assert SECOND not in text
    assert client.get(reverse("own-listing", args=[mine.id])).status_code == 200
    for wanted in (other.id, uuid4(), order(mine.case, "stop").id):
        assert client.get(reverse("own-listing", args=[wanted])).status_code == 404
        assert (
            client.post(reverse("own-listing", args=[wanted]), {"do": "objection", "objection": "x"}).status_code == 404
        )
    assert Event.objects.filter(kind="access.refused", by="yinhang@ICBC").count() == 6
    assert not ListingObjection.objects.exists()


def test_a_liaison_does_not_see_the_other_cases_of_an_account(client_of):
    listing = listed()
    waits(listing, came=KNOWN)
    reported = filed(payer=KNOWN, payee="6222020200555555")
    text = client_of(Role.BANK_LIAISON, "en").get(reverse("own-listing", args=[listing.id])).content.decode()
    assert reported.number not in text
    assert KNOWN not in text


@pytest.mark.row("R-310", "R-204")
def test_a_liaison_tells_of_a_payment_of_what_became_of_it_and_of_an_objection(client_of):
    listing = listed()
    client, url = client_of(Role.BANK_LIAISON, "en"), reverse("own-listing", args=[listing.id])
    told = {"do": "payment", "amount": "12,000", "way": "transfer", "payee": SECOND, "payee_bank": "CCB",
            "from_amount": "12500", "from_account": STRANGER, "from_bank": "ABC"}  # fmt: skip
    assert client.post(url, told).status_code == 302
    payment = HeldPayment.objects.get()
    assert (payment.amount_minor, payment.payee, payment.came[0]["number"]) == (12_000_00, SECOND, STRANGER)
    assert payment.until_at - payment.at == timedelta(hours=24)
    assert client.post(url, {"do": "became", "serial": payment.serial, "state": "passed"}).status_code == 302
    payment.refresh_from_db()
    assert payment.state == "passed"
    assert client.post(url, {"do": "objection", "objection": "I sold a phone"}).status_code == 302
    assert ListingObjection.objects.get().text == "I sold a phone"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"do": "payment", "amount": "", "payee": SECOND}, "amount"),
        ({"do": "payment", "amount": "12", "payee": ""}, "to which account"),
        ({"do": "payment", "amount": "12", "payee": SECOND, "way": "teleport"}, "Choose one of the list"),
        ({"do": "became", "serial": "nothing", "state": "passed"}, "Choose what became"),
        ({"do": "became", "serial": "p1", "state": "eaten"}, "Choose what became"),
        ({"do": "objection", "objection": "  "}, "Write down"),
        ({}, "amount"),
    ],
)
def test_what_a_liaison_writes_wrongly_is_said(client_of, values, says):
    listing = listed()
    waits(listing)
    response = client_of(Role.BANK_LIAISON, "en").post(reverse("own-listing", args=[listing.id]), values)
    assert response.status_code == 422
    assert says.lower() in response.content.decode().lower()


def test_news_of_an_account_that_is_not_on_the_list_yet_is_refused(client_of):
    now = timezone.now()
    case = filed(now=now)
    lines = [line("i", "in", 50_000_00, to=VICTIM, bank="ABC"), line("o", "out", 48_000_00, s=60, to=SECOND)]
    tell(answer(order(case, "query-transactions"), lines=lines, now=now), now=now)
    listing = Order.objects.get(kind="review-outflows")
    response = client_of(Role.BANK_LIAISON, "en").post(
        reverse("own-listing", args=[listing.id]), {"do": "objection", "objection": "x"}
    )
    assert response.status_code == 422


def test_the_liaisons_desk_leads_to_the_own_list_of_a_bank_and_not_of_an_operator(client_of):
    address = reverse("own-listings")
    assert address in client_of(Role.BANK_LIAISON).get(reverse("liaison")).content.decode()
    assert address not in client_of(Role.OPERATOR_LIAISON).get(reverse("liaison")).content.decode()
