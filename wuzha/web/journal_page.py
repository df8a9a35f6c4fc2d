"""Checking the journal from the administrator's page: a walk in bounded parts, and what each part found.

Theory. One request reads for at most PART_S, so a journal of millions never holds a thread of the pages. Where the walk
stands travels with the page, signed, instead of being kept here: a page that is left leaves nothing behind. That it was
checked, by whom and with what result, is noted in the journal when the walk ends.
"""

from dataclasses import asdict
from datetime import date, datetime
from time import monotonic
from typing import Any

from django.core import signing

from wuzha.journal.append import on_chain
from wuzha.journal.models import Event, Seal
from wuzha.journal.verify import Position, step

PART_S = 0.3
ROWS_AT_ONCE = 1_000
PARTS_AGE_S_MAX = 24 * 3600
FAULTS_SHOWN_MAX = 50
SEALS_SHOWN_MAX = 60
SALT = "wuzha.journal.check"


def check_on(token: str, *, by: str, now: datetime) -> dict[str, Any]:
    """Walk on for PART_S from where `token` says, from the start when it says nothing that was signed here.

    {"at" (the next token), "percent", "events", "total", "chains", "day", "faults", "more", "done"}.
    """
    at, total, faults = _read(token)
    until = monotonic() + PART_S
    while not at.done:
        at, found = step(at, rows_max=ROWS_AT_ONCE)
        faults += [asdict(fault) for fault in found[: FAULTS_SHOWN_MAX + 1 - len(faults)]]
        if monotonic() >= until:
            break
    if at.done:
        with on_chain(by=by, now=now) as log:
            log.write("journal.checked", events=at.events, chains=at.chains, faults=len(faults))
    return {
        "at": "" if at.done else signing.dumps(_plain(at, total, faults), salt=SALT, compress=True),
        "percent": _percent(at, total),
        "events": at.events,
        "total": max(total, at.events),
        "chains": at.chains,
        "day": at.sealed if at.rows_done and at.sealed > date.min else None,
        "faults": faults[:FAULTS_SHOWN_MAX],
        "more": len(faults) > FAULTS_SHOWN_MAX,
        "done": at.done,
    }


def _percent(at: Position, total: int) -> int:
    """Rows are nine tenths of the way, the seals the last."""
    if at.done:
        return 100
    return 90 if at.rows_done else min(90, 90 * at.events // max(total, 1))


def _plain(at: Position, total: int, faults: list[dict[str, Any]]) -> dict[str, Any]:
    plain = asdict(at) | {"last": at.last.hex(), "head": at.head.hex(), "sealed": at.sealed.isoformat()}
    return {"at": plain, "total": total, "faults": faults}


def _read(token: str) -> tuple[Position, int, list[dict[str, Any]]]:
    try:
        told = signing.loads(token, salt=SALT, max_age=PARTS_AGE_S_MAX)
    except signing.BadSignature:
        return Position(), Event.objects.count(), []
    plain = told["at"]
    plain |= {
        "last": bytes.fromhex(plain["last"]),
        "head": bytes.fromhex(plain["head"]),
        "sealed": date.fromisoformat(plain["sealed"]),
    }
    return Position(**plain), told["total"], told["faults"]


def seals() -> list[dict[str, Any]]:
    """The seals of the last days, newest first."""
    return [
        {
            "day": seal.day,
            "events": seal.event_count,
            "digest": bytes(seal.digest).hex(),
            "sealed_at": seal.sealed_at,
        }
        for seal in Seal.objects.order_by("-day")[:SEALS_SHOWN_MAX]
    ]
