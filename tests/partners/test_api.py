"""The API for partners and the 110 room over HTTP: signed, once, and with clear refusals."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.centre import FIRST, filed, order, partner
from wuzha.control.models import Order
from wuzha.intake.models import Case
from wuzha.journal.models import Event
from wuzha.partners.protocol import ANSWERS_PATH, REPORTS_PATH, WORKLIST_PATH
from wuzha.partners.signing import Signer, new_keypair

pytestmark = pytest.mark.django_db
PRIVATE, PUBLIC = new_keypair()


@pytest.fixture
def police():
    """The 110 room."""
    partner("ICBC")
    return Signer(partner("P110", kind="police", public_key=PUBLIC).key_id, PRIVATE)


def send(signer, path, message, *, nonce=None, body=None, headers=None):
    """POST a signed message; returns (status, response JSON)."""
    sent = json.dumps(message).encode()
    signed = signer.request_headers("POST", path, sent, now=timezone.now(), nonce=nonce or uuid4().hex)
    extra = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in signed.items() if k.lower() != "content-type"}
    response = Client().post(
        path, data=body or sent, content_type="application/json", **(extra if headers is None else headers)
    )
    return response.status_code, response.json()


def message(**changed):
    """A report as the 110 room sends it."""
    transfer = {
        "payee": {"bank": "ICBC", "number": FIRST}, "amount": "50000", "at": timezone.now().isoformat(),
        **changed.pop("transfer", {}),
    }  # fmt: skip
    report = {"external_id": "110-1", "victim_name": "张三", "transfers": [transfer], **changed}
    return {"message_id": str(uuid4()), "report": report}


@pytest.mark.row("R-101", "R-102")
def test_a_report_of_the_110_room_becomes_a_case_with_its_orders_out(police):
    status, said = send(police, REPORTS_PATH, message())
    assert (status, said["status"]) == (200, "recorded")
    case = Case.objects.get(number=said["case_number"])
    assert (case.source, case.taken_by) == ("api", "partner:P110")
    assert Order.objects.filter(case=case, state="queued").count() == 2


def test_the_same_message_again_gets_the_same_response_and_has_no_second_effect(police):
    told = message()
    assert send(police, REPORTS_PATH, told) == send(police, REPORTS_PATH, told)
    assert Case.objects.count() == 1


def test_the_same_id_with_another_body_is_refused(police):
    told = message()
    send(police, REPORTS_PATH, told)
    told["report"]["victim_name"] = "李四"
    status, said = send(police, REPORTS_PATH, told)
    assert (status, said["code"]) == (409, "message.conflict")
    told["message_id"] = str(uuid4())
    status, said = send(police, REPORTS_PATH, told)
    assert (status, said["code"]) == (409, "report.conflict")
    assert Case.objects.count() == 1


def test_a_replayed_message_is_refused_and_leaves_a_trace(police):
    nonce = uuid4().hex
    assert send(police, REPORTS_PATH, message(), nonce=nonce)[0] == 200
    status, said = send(police, REPORTS_PATH, message(external_id="110-2"), nonce=nonce)
    assert (status, said["code"]) == (401, "signature.replay")
    assert Event.objects.filter(kind="message.refused", body__code="signature.replay").exists()


@pytest.mark.parametrize("forgery", ["no signature", "another body"])
def test_a_forged_message_is_refused_and_leaves_a_trace(police, forgery):
    changed = {"headers": {}} if forgery == "no signature" else {"body": json.dumps(message(victim_name="x")).encode()}
    status, _said = send(police, REPORTS_PATH, message(), **changed)
    assert status == 401
    assert not Case.objects.exists()
    assert Event.objects.filter(kind="message.refused").count() == 1


@pytest.mark.parametrize(
    ("fault", "changed", "field"),
    [
        ("an exponent", {"transfer": {"amount": "1e9"}}, "transfers-0-amount"),
        ("a negative sum", {"transfer": {"amount": "-3"}}, "transfers-0-amount"),
        ("nothing", {"transfer": {"amount": "0"}}, "transfers-0-amount"),
        ("a payment in the future", {"transfer": {"at": "2999-01-01T00:00:00Z"}}, "transfers-0-at"),
        ("markup in the account", {"transfer": {"payee": {"number": '62"220202'}}}, "transfers-0-payee_account"),
        ("an unknown currency", {"transfer": {"currency": "ABC"}}, ""),
        ("a NUL character", {"narrative": "a\x00b"}, None),
        ("markup in the name", {"victim_name": "<script>"}, "victim_name"),
        ("a megabyte of narrative", {"narrative": "x" * 1_000_000}, "narrative"),
        ("a phone that is none", {"victim_phone": "12"}, "victim_phone"),
        ("a false identity number", {"victim_id_number": "110101199003070000"}, "victim_id_number"),
        ("nothing at all", {"transfers": []}, "narrative"),
    ],
)
def test_bad_input_is_refused_with_the_field_named_and_nothing_stays(police, fault, changed, field):
    status, said = send(police, REPORTS_PATH, message(**changed))
    assert status == 422, fault
    assert field is None or field in [found["field"] for found in said["faults"]], said
    assert all(found["message"] for found in said["faults"])
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"message_id": "x"},
        {"message_id": str(uuid4()), "report": {"victim_name": "a", "unknown": 1}},
        {"message_id": str(uuid4()), "report": {"victim_name": ""}},
    ],
)
def test_what_has_not_the_form_of_the_protocol_is_refused(police, told):
    status, said = send(police, REPORTS_PATH, told)
    assert (status, said["code"]) == (422, "body.form")
    assert said["faults"]


def test_a_bank_may_not_file_reports(db):
    private, public = new_keypair()
    bank = partner("CCB", public_key=public)
    status, said = send(Signer(bank.key_id, private), REPORTS_PATH, message())
    assert (status, said["code"]) == (403, "forbidden")


def answers(*told):
    """A message of answers."""
    return {"message_id": str(uuid4()), "answers": list(told)}


def done(stop, **more):
    """One answer on the wire."""
    now = timezone.now().isoformat()
    return {
        "answer_id": str(uuid4()), "order_id": str(stop.id), "seq": 1, "at": now, "code": "done",
        "held_minor": 100, "balance_minor": 100, "effective_at": now, **more,
    }  # fmt: skip


@pytest.mark.row("R-201")
def test_a_bank_answers_its_own_orders_only(db):
    (mine, my_public), (other, other_public) = new_keypair(), new_keypair()
    bank, stranger = partner("ICBC", public_key=my_public), partner("CCB", public_key=other_public)
    stop = order(filed(now=timezone.now(), at=timezone.now()), "stop")
    _status, said = send(Signer(stranger.key_id, other), ANSWERS_PATH, answers(done(stop)))
    assert [receipt["status"] for receipt in said["receipts"]] == ["rejected"]
    assert Order.objects.get(pk=stop.pk).state == "queued"
    _status, said = send(Signer(bank.key_id, mine), ANSWERS_PATH, answers(done(stop), done(stop, seq=2)))
    assert [receipt["status"] for receipt in said["receipts"]] == ["recorded", "recorded"]
    assert Order.objects.get(pk=stop.pk).state == "in_force"


@pytest.mark.parametrize("sum_", [-1, 1.5, "1", 10**16])
def test_sums_on_the_wire_are_whole_minor_units(db, sum_):
    private, public = new_keypair()
    bank = partner("ICBC", public_key=public)
    stop = order(filed(now=timezone.now(), at=timezone.now()), "stop")
    status, _said = send(Signer(bank.key_id, private), ANSWERS_PATH, answers(done(stop, held_minor=sum_)))
    assert status == 422


def test_the_api_is_described():
    described = Client().get("/api/v1/openapi.json")
    assert described.status_code == 200
    assert set(described.json()["paths"]) == {ANSWERS_PATH, REPORTS_PATH, WORKLIST_PATH}
    asked = described.json()["paths"][WORKLIST_PATH]["get"]
    assert asked["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/Worklist")


def test_a_body_over_the_limit_is_refused(police):
    status, said = send(police, REPORTS_PATH, message(), body=b"x" * (4 * 1024 * 1024 + 1))
    assert (status, said["code"]) == (413, "body.size")
