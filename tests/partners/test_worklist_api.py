"""A partner asks which of its orders is worth most: signed, its own only, and nothing but ids."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.centre import SECOND, filed, forget_measures, order, partner
from wuzha.control.models import Order
from wuzha.journal.models import Event
from wuzha.partners.models import Nonce
from wuzha.partners.protocol import WORKLIST_PATH, Worklist
from wuzha.partners.signing import Signer, new_keypair

pytestmark = pytest.mark.django_db
(MINE, MY_PUBLIC), (THEIRS, THEIR_PUBLIC) = new_keypair(), new_keypair()


@pytest.fixture(autouse=True)
def _banks():
    partner("ICBC", public_key=MY_PUBLIC)
    partner("CCB", public_key=THEIR_PUBLIC)
    forget_measures()
    yield
    forget_measures()


def ask(private=MINE, code="ICBC", *, now=None, nonce=None, path=WORKLIST_PATH, query="", headers=None, body=b""):
    """GET the work list; returns the response."""
    signer = Signer(f"{code}-1", private)
    signed = signer.request_headers("GET", path, body, now=now or timezone.now(), nonce=nonce or uuid4().hex)
    sent = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in signed.items() if k.lower() != "content-type"}
    return Client().get(WORKLIST_PATH + query, **(sent if headers is None else headers))


def two_thefts():
    """A small one and a large one at ICBC, one at CCB."""
    now = timezone.now()
    at = now - timedelta(minutes=10)
    return (
        filed("3000", payee="6222020200441101", at=at, now=now),
        filed("80000", payee="6222020200441102", at=at, now=now),
        filed("90000", payee=SECOND, bank="CCB", at=at, now=now),
    )


@pytest.mark.row("R-203", "R-202")
def test_a_bank_reads_its_own_open_orders_the_most_worth_doing_first():
    small, large, other = two_thefts()
    told = Worklist.model_validate_json(ask().content)
    stops = [i for i in told.order_ids if Order.objects.get(pk=i).kind == "stop"]
    assert stops == [order(large, "stop", "6222020200441102").pk, order(small, "stop", "6222020200441101").pk]
    assert (len(told.order_ids), told.open_n) == (4, 4)
    assert not set(told.order_ids) & set(Order.objects.filter(case=other).values_list("pk", flat=True))


def test_the_other_bank_reads_its_own():
    _small, _large, other = two_thefts()
    told = Worklist.model_validate_json(ask(THEIRS, "CCB").content)
    assert set(told.order_ids) == set(Order.objects.filter(case=other).values_list("pk", flat=True))


def test_nothing_but_ids_is_told():
    two_thefts()
    said = ask().json()
    assert set(said) == {"as_of", "order_ids", "open_n"}
    assert all(str(UUID(i)) == i for i in said["order_ids"])


def test_nobody_can_ask_for_another_banks_orders():
    two_thefts()
    mine = ask().json()["order_ids"]
    assert ask(query="?partner=CCB&code=CCB").json()["order_ids"] == mine


@pytest.mark.parametrize(
    ("told", "asked", "code"),
    [
        ("not signed", {"headers": {}}, "signature.missing"),
        ("signed with another bank's key", {"private": THEIRS}, "signature.invalid"),
        ("signed by nobody known", {"code": "ABCD"}, "signature.key"),
        ("signed for another address", {"path": "/api/v1/partner/answers"}, "signature.invalid"),
        ("signed an hour ago", {"now": timezone.now() - timedelta(hours=1)}, "signature.age"),
        ("signed over a body that did not come", {"body": b"{}"}, "signature.invalid"),
    ],
)
def test_a_question_that_is_not_rightly_signed_is_refused_and_leaves_a_trace(told, asked, code):
    two_thefts()
    response = ask(**asked)
    assert (response.status_code, response.json()["code"]) == (401, code), told
    assert Event.objects.filter(kind="message.refused", body__code=code).count() == 1


def test_a_replayed_question_is_refused():
    nonce = uuid4().hex
    assert ask(nonce=nonce).status_code == 200
    assert ask(nonce=nonce).json()["code"] == "signature.replay"
    assert Nonce.objects.count() == 1


def test_a_partner_that_is_no_longer_active_is_told_nothing():
    bank = partner("ICBC")
    bank.active = False
    bank.save()
    assert ask().json()["code"] == "signature.key"


def test_without_orders_the_list_is_empty():
    assert ask().json()["order_ids"] == []
