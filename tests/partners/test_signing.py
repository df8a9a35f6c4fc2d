"""Signatures: what is signed arrives, what is forged, old, replayed or altered does not."""

from datetime import timedelta

import pytest

from tests.centre import NOW
from wuzha.kernel.refusals import Refusal
from wuzha.partners.signing import Signer, new_keypair, verify_request, verify_response

PRIVATE, PUBLIC = new_keypair()
SIGNER = Signer("ICBC-1", PRIVATE)
PATH, BODY, NONCE = "/wuzha/v1/orders", b'{"orders": []}', "nonce-0001"
KEYS = {"ICBC-1": PUBLIC}
HEADERS = SIGNER.request_headers("POST", PATH, BODY, now=NOW, nonce=NONCE)


def check(method="POST", path=PATH, headers=None, body=BODY, now=NOW, keys=None):
    """Verify a request that is right but for what is given."""
    return verify_request(
        method, path, HEADERS if headers is None else headers, body, now=now, key_of=(keys or KEYS).get
    )


def test_a_signed_message_tells_who_sent_it():
    verified = check()
    assert (verified.key_id, verified.nonce) == ("ICBC-1", NONCE)


def test_header_names_may_come_in_any_case():
    assert check(headers={name.upper(): value for name, value in HEADERS.items()}).key_id == "ICBC-1"


@pytest.mark.parametrize(
    ("attack", "changed", "code"),
    [
        ("another body", {"body": BODY + b" "}, "signature.invalid"),
        ("another path", {"path": "/wuzha/v1/other"}, "signature.invalid"),
        ("another method", {"method": "PUT"}, "signature.invalid"),
        ("no signature", {"headers": {}}, "signature.missing"),
        ("an unknown key", {"keys": {"CCB-1": PUBLIC}}, "signature.key"),
        ("another's key", {"keys": {"ICBC-1": new_keypair()[1]}}, "signature.invalid"),
        ("an old message", {"now": NOW + timedelta(seconds=301)}, "signature.age"),
        ("a message from the future", {"now": NOW - timedelta(seconds=301)}, "signature.age"),
        (
            "no digest",
            {"headers": {k: v for k, v in HEADERS.items() if k.lower() != "content-digest"}},
            "signature.invalid",
        ),
        ("rubbish", {"headers": {"signature": "x", "signature-input": "y"}}, "signature.invalid"),
        ("no nonce", {"headers": SIGNER.request_headers("POST", PATH, BODY, now=NOW, nonce="x")}, "signature.nonce"),
    ],
)
def test_what_is_not_as_it_was_signed_is_refused(attack, changed, code):
    with pytest.raises(Refusal) as refused:
        check(**changed)
    assert refused.value.code == code, attack


def test_a_response_belongs_to_its_request():
    headers = SIGNER.response_headers(200, BODY, now=NOW, nonce=NONCE)
    assert verify_response(200, headers, BODY, now=NOW, nonce=NONCE, key_of=KEYS.get).key_id == "ICBC-1"
    with pytest.raises(Refusal, match="does not belong"):
        verify_response(200, headers, BODY, now=NOW, nonce="another-nonce", key_of=KEYS.get)
    with pytest.raises(Refusal):
        verify_response(503, headers, BODY, now=NOW, nonce=NONCE, key_of=KEYS.get)
