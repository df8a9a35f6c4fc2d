"""The outbox: orders are put in the transaction that made them, claimed in batches, settled by what came back.

Theory. Claiming leases rows (`next_at` moves LEASE_S ahead) and commits; the HTTP call then runs with no transaction
open; settling is a second transaction. A worker that dies in between leaves the row to be claimed again, and the
partner answers the second delivery as a duplicate.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from wuzha.journal.rows import insert_rows, update_rows
from wuzha.partners.models import Outbox, Partner
from wuzha.partners.protocol import ORDERS_PER_MESSAGE_MAX
from wuzha.partners.rules import LEASE_S, open_until, retry_at

CHANNEL = "wuzha_outbox"
CLAIM_MAX = 600
ERROR_LENGTH_MAX = 300


@dataclass(frozen=True, slots=True)
class Parcel:
    """Orders for one partner that go out in one message."""

    partner_code: str
    base_url: str
    key_id: str
    public_key: str
    dialect: str
    order_ids: tuple[UUID, ...]
    bodies: tuple[dict[str, object], ...]


def put(rows: Iterable[Outbox]) -> None:
    """Store orders to deliver (inside the caller's transaction) and wake the deliverers at commit."""
    rows = list(rows)
    insert_rows(rows, ignore_conflicts=True)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def claim(*, now: datetime, busy: Iterable[str] = ()) -> list[Parcel]:
    """Lease up to CLAIM_MAX due orders, the most urgent first, in parcels of one partner each.

    busy: partners that already have all the messages in flight that they may have.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE partners_outbox o SET next_at = %(lease)s, attempts = attempts + 1
            FROM (
                SELECT x.id FROM partners_outbox x JOIN partners_partner p ON p.code = x.partner_id
                WHERE x.state = 'due' AND x.next_at <= %(now)s AND p.mode = 'api' AND p.active
                  AND (p.open_until IS NULL OR p.open_until <= %(now)s) AND NOT p.code = ANY(%(busy)s)
                ORDER BY x.priority DESC, x.created_at LIMIT %(limit)s FOR UPDATE OF x SKIP LOCKED
            ) due, partners_partner p
            WHERE o.id = due.id AND p.code = o.partner_id
            RETURNING o.id, o.body, p.code, p.base_url, p.key_id, p.public_key, p.dialect
            """,
            {"now": now, "lease": now + timedelta(seconds=LEASE_S), "busy": list(busy), "limit": CLAIM_MAX},
        )
        rows = cursor.fetchall()
    by_partner: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        by_partner.setdefault(row[2], []).append(row)
    parcels = []
    for code, mine in by_partner.items():
        for i in range(0, len(mine), ORDERS_PER_MESSAGE_MAX):
            part = mine[i : i + ORDERS_PER_MESSAGE_MAX]
            ids, bodies = tuple(row[0] for row in part), tuple(_json(row[1]) for row in part)
            parcels.append(Parcel(code, part[0][3], part[0][4] or "", part[0][5], part[0][6], ids, bodies))
    return parcels


def _json(value: object) -> dict[str, object]:
    return json.loads(value) if isinstance(value, str) else dict(value)  # type: ignore[call-overload]


def settle(order_ids: Iterable[UUID], *, now: datetime, dead: str = "") -> None:
    """These orders reached the partner (or never will, with the reason `dead`)."""
    state = "dead" if dead else "done"
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE partners_outbox SET state = %s, done_at = %s, last_error = %s WHERE id = ANY(%s) AND state = 'due'",
            [state, now, dead[:ERROR_LENGTH_MAX], list(order_ids)],
        )


def partner_answered(code: str, *, now: datetime) -> None:
    """The partner responded: its breaker closes."""
    Partner.objects.filter(code=code).update(failures=0, open_until=None, last_ok_at=now, last_error="")


def postpone(parcel: Parcel, *, now: datetime, error: str) -> None:
    """The delivery failed for now: retry later, and count towards the partner's breaker."""
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(code=parcel.partner_code)
        partner.failures += 1
        partner.open_until = open_until(now, partner.failures)
        partner.last_error = error[:ERROR_LENGTH_MAX]
        partner.save(update_fields=["failures", "open_until", "last_error"])
        rows = list(Outbox.objects.filter(id__in=parcel.order_ids, state="due").select_for_update())
        for row in rows:
            row.next_at = retry_at(now, row.attempts)
            row.last_error = error[:ERROR_LENGTH_MAX]
        update_rows(rows, ["next_at", "last_error"])


def expired(*, now: datetime) -> list[tuple[UUID, UUID]]:
    """(order id, case id) of orders that did not reach their partner before their deadline."""
    late = Outbox.objects.filter(state="due", deadline_at__lte=now).order_by("deadline_at")
    return list(late.values_list("id", "case_id")[:CLAIM_MAX])
