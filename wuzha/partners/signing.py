"""Signatures of messages: RFC 9421 HTTP Message Signatures with Ed25519, over RFC 9530 content digests.

Theory. A request covers its method, path and body; a response covers its status and body and carries the nonce of
the request that it answers, so that an old response cannot stand in for a new one. `created` must lie within
AGE_S_MAX of the reader's `now`; a nonce is used once (the reader keeps the nonces it saw for that long).
The path is covered instead of the whole target, because a centre often sits behind a reverse proxy that changes
host and scheme. Sans-I/O: headers and bytes in, headers or a `Verified` out.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from wuzha.kernel.refusals import Refusal, _

AGE_S_MAX = 300
NONCE_LENGTH_MAX = 80
TAG = "wuzha-1"
REQUEST_COMPONENTS = ("@method", "@path", "content-digest")
RESPONSE_COMPONENTS = ("@status", "content-digest")


@dataclass(frozen=True, slots=True)
class Verified:
    """Who signed a message, and the nonce that may not come again before `AGE_S_MAX` is over."""

    key_id: str
    nonce: str


@dataclass
class _Request:
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class _Response:
    status_code: int
    headers: dict[str, str] = field(default_factory=dict)


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, private: Ed25519PrivateKey | None = None, public: Ed25519PublicKey | None = None) -> None:
        self.private, self.public = private, public

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey | None:
        return self.private

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        return self.public


class Signer:
    """Signs with one Ed25519 key. `private_key` is 32 raw bytes, base64."""

    def __init__(self, key_id: str, private_key: str) -> None:
        self.key_id = key_id
        key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private_key))
        self._signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OneKey(private=key))

    def request_headers(self, method: str, path: str, body: bytes, *, now: datetime, nonce: str) -> dict[str, str]:
        """Headers to add to a request for `path` (no query)."""
        message = _Request(method, f"https://wuzha.invalid{path}", {"content-type": "application/json"})
        self._sign(message, REQUEST_COMPONENTS, body, now, nonce)
        return message.headers

    def response_headers(self, status: int, body: bytes, *, now: datetime, nonce: str) -> dict[str, str]:
        """Headers to add to the response to the request that carried `nonce`."""
        message = _Response(status, {"content-type": "application/json"})
        self._sign(message, RESPONSE_COMPONENTS, body, now, nonce)
        return message.headers

    def _sign(
        self, message: _Request | _Response, components: tuple[str, ...], body: bytes, now: datetime, nonce: str
    ) -> None:
        covered = [component for component in components if component != "content-digest"]
        self._signer.sign(
            message, key_id=self.key_id, created=now, nonce=nonce, tag=TAG, covered_component_ids=covered, body=body
        )


def verify_request(
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: datetime,
    key_of: Callable[[str], str | None],
) -> Verified:
    """Check a signed request; Refusal "signature.*" when it is missing, forged or old.

    key_of: key id -> public key (32 raw bytes, base64), or None when the key is not known or not valid any more.
    """
    message = _Request(method, f"https://wuzha.invalid{path}", _wanted(headers))
    return _verify(message, REQUEST_COMPONENTS, body, now, key_of)


def verify_response(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: datetime,
    nonce: str,
    key_of: Callable[[str], str | None],
) -> Verified:
    """Check a signed response to the request that carried `nonce`."""
    verified = _verify(_Response(status, _wanted(headers)), RESPONSE_COMPONENTS, body, now, key_of)
    if verified.nonce != nonce:
        raise Refusal("signature.nonce", _("The response does not belong to this request."))
    return verified


def _wanted(headers: Mapping[str, str]) -> dict[str, str]:
    lower = {name.lower(): value for name, value in headers.items()}
    return {name: lower[name] for name in ("signature", "signature-input", "content-digest") if name in lower}


def _verify(
    message: _Request | _Response,
    components: tuple[str, ...],
    body: bytes,
    now: datetime,
    key_of: Callable[[str], str | None],
) -> Verified:
    if "signature" not in message.headers or "signature-input" not in message.headers:
        raise Refusal(
            "signature.missing", _("The message is not signed. Sign it as docs/protocol.md says (RFC 9421, Ed25519).")
        )
    resolver = _KnownKeys(key_of)
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
    covered = [component for component in components if component != "content-digest"]
    try:
        results = verifier.verify(message, max_age=None, expect_tag=TAG, require_components=covered, body=body)
    except (HTTPMessageSignaturesException, ValueError, TypeError, KeyError) as error:
        if resolver.unknown:
            raise Refusal("signature.key", _("The key that signed the message is not known here.")) from error
        raise Refusal("signature.invalid", _("The signature does not fit the message.")) from error
    parameters = results[0].parameters
    created, nonce = parameters.get("created"), parameters.get("nonce")
    if not isinstance(created, int) or abs(now.timestamp() - created) > AGE_S_MAX:
        raise Refusal("signature.age", _("The signature is too old or from the future; check the sender's clock."))
    if not isinstance(nonce, str) or not 8 <= len(nonce) <= NONCE_LENGTH_MAX:
        raise Refusal("signature.nonce", _("The signature carries no usable nonce (8 to 80 characters)."))
    return Verified(str(parameters["keyid"]), nonce)


class _KnownKeys(HTTPSignatureKeyResolver):
    def __init__(self, key_of: Callable[[str], str | None]) -> None:
        self.key_of, self.unknown = key_of, False

    def resolve_private_key(self, key_id: str) -> None:
        return None

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        text = self.key_of(key_id)
        if text is None:
            self.unknown = True
            raise KeyError(key_id)
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text))


def new_keypair() -> tuple[str, str]:
    """A fresh (private, public) Ed25519 pair, each 32 raw bytes as base64."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(private).decode(), base64.b64encode(public).decode()
