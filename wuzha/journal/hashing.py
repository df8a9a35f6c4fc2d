"""How a journal row is hashed: SHA-256 over the previous hash and the row in one canonical JSON text."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

GENESIS = bytes(32)


def canonical(
    *, chain: str, seq: int, at: datetime, kind: str, by: str, case_id: str, subject: str, body: Mapping[str, object]
) -> bytes:
    """The bytes that stand for a row; keys sorted, instants in UTC, so that storage cannot change them."""
    row = {
        "chain": chain,
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": kind,
        "by": by,
        "case": case_id,
        "subject": subject,
        "body": body,
    }
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def link(previous: bytes, row: bytes) -> bytes:
    """Hash of a row whose predecessor has the hash `previous`."""
    return hashlib.sha256(previous + row).digest()
