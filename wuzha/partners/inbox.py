"""Messages from partners: who sent it, has it come before.

The signature is checked over the exact bytes that came; a nonce is good once; a message id with another body is
refused. Every refusal is written to the centre's journal, so that a forged message leaves a trace.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from wuzha.journal.append import on_chain
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.models import InboxMessage, Nonce, Partner
from wuzha.partners.signing import AGE_S_MAX, verify_request

KEEP_MESSAGES_DAYS = 30
REFUSED_TEXT_MAX = 200


@dataclass(frozen=True, slots=True)
class Sender:
    """The partner whose key signed the message."""

    code: str
    kind: str
    dialect: str


def authenticate(method: str, path: str, headers: dict[str, str], body: bytes, *, now: datetime) -> Sender:
    """The partner that sent this request; Refusal "signature.*" otherwise, with a line in the journal."""
    found: list[Partner] = []

    def key_of(key_id: str) -> str | None:
        partner = Partner.objects.filter(key_id=key_id, active=True).first()
        if partner is None:
            return None
        found.append(partner)
        return partner.public_key

    try:
        verified = verify_request(method, path, headers, body, now=now, key_of=key_of)
        _use_nonce(verified.key_id, verified.nonce, now)
    except Refusal as refusal:
        who = found[0].code if found else "unknown"
        with on_chain(by=f"partner:{who}", now=now) as log:
            log.write("message.refused", code=refusal.code, path=path[:REFUSED_TEXT_MAX], bytes=len(body))
        raise
    return Sender(found[0].code, found[0].kind, found[0].dialect)


def _use_nonce(key_id: str, nonce: str, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO partners_nonce (key_id, nonce, seen_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [key_id, nonce, now],
        )
        if cursor.rowcount == 0:
            raise Refusal("signature.replay", _("This message came before (its nonce was used). Sign it afresh."))


def digest(body: bytes) -> bytes:
    """SHA-256 of a body, to compare messages of the same id."""
    return hashlib.sha256(body).digest()


def known_response(sender: Sender, message_id: UUID, body_digest: bytes) -> dict[str, object] | None:
    """The response given earlier to the same message; Refusal "message.conflict" when the body differs."""
    earlier = InboxMessage.objects.filter(partner_id=sender.code, message_id=message_id).first()
    if earlier is None:
        return None
    if bytes(earlier.digest) != body_digest:
        raise Refusal("message.conflict", _("This message id was used before with another body; use a new id."))
    return dict(earlier.response)


def remember(
    sender: Sender, message_id: UUID, body_digest: bytes, response: dict[str, object], *, now: datetime
) -> None:
    """Keep the response of a message that has taken effect (in the same transaction)."""
    InboxMessage.objects.create(
        partner_id=sender.code, message_id=message_id, digest=body_digest, response=response, received_at=now
    )


def forget_old(*, now: datetime) -> int:
    """Drop nonces that cannot be replayed any more and messages older than KEEP_MESSAGES_DAYS."""
    nonces, _by = Nonce.objects.filter(seen_at__lt=now - timedelta(seconds=3 * AGE_S_MAX)).delete()
    messages, _by = InboxMessage.objects.filter(received_at__lt=now - timedelta(days=KEEP_MESSAGES_DAYS)).delete()
    return nonces + messages
