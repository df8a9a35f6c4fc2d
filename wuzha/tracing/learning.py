"""What the running centre has learned of money and banks: measured from its own rows, known for KEPT_S by each process.

Theory. Nothing is kept beside the ledger, the orders and their answers: these say when stolen money came to an account,
when it left, until when it was seen to be there, what the clearing house showed of it, and how long each bank took. So
what was learned is right after a restart, the same in every process, and takes in whatever an answer puts right. A case
in CASES_LOOKED_AT_MAX of the last LOOKED_BACK_DAYS, by chance (ids are random): the newest alone would know only of
money that is minutes old.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wuzha.control.models import Order
from wuzha.control.paces import paces_at
from wuzha.control.policy import policy_at
from wuzha.intake.models import Case
from wuzha.kernel.kept import Kept
from wuzha.partners.protocol import Kind
from wuzha.tracing.chase import HONEST
from wuzha.tracing.dispatch import Learned, Pace, Stay, learn
from wuzha.tracing.ledger import account_key
from wuzha.tracing.models import LedgerTransfer, TracedAccount

LOOKED_BACK_DAYS = 3
CASES_LOOKED_AT_MAX = 150
ACCOUNTS_LOOKED_AT_MAX = 6_000
TRANSFERS_LOOKED_AT_MAX = 20_000
KEPT_S = 300.0

Place = tuple[UUID, str]  # a case, and the key of an account in it


@dataclass(slots=True)
class Movements:
    """Stolen money on one account: when it came, when it left, who told of its leaving."""

    came: list[datetime] = field(default_factory=list)
    left: list[datetime] = field(default_factory=list)
    told: bool = False  # by the account's own bank
    shown: bool = False  # by the clearing house


def measure() -> Learned:
    """What the latest cases taught. The paces are those of `control.paces` and are put in by `learned_at`."""
    cases = _cases()
    accounts = TracedAccount.objects.filter(case_id__in=cases).exclude(bank="").exclude(kind__in=HONEST)
    places = {
        (case_id, key): as_of
        for case_id, key, as_of in accounts.order_by("-pk").values_list("case_id", "key", "as_of")[
            :ACCOUNTS_LOOKED_AT_MAX
        ]
    }
    transfers = LedgerTransfer.objects.filter(case_id__in=cases, stolen_minor__gt=0).order_by("-pk")
    moved = movements(
        transfers.values_list("case_id", "payer", "payee", "at", "payer_serial", "seen_serial")[
            :TRANSFERS_LOOKED_AT_MAX
        ]
    )
    held, traced = _orders(cases)
    return learn(_stays(places, moved, held, traced), Pace({}))


def _cases() -> list[UUID]:
    newest = Case.objects.order_by("-opened_at").values_list("opened_at", flat=True).first()
    if newest is None:
        return []
    recent = Case.objects.filter(opened_at__gte=newest - timedelta(days=LOOKED_BACK_DAYS))
    return list(recent.order_by("pk").values_list("pk", flat=True)[:CASES_LOOKED_AT_MAX])


def movements(rows: Iterable[Sequence[Any]]) -> dict[Place, Movements]:
    """Stolen transfers (case, payer, payee, at, payer's serial, clearing house's serial) by account."""
    found: dict[Place, Movements] = {}
    for case_id, payer, payee, at, payer_serial, seen_serial in rows:
        found.setdefault((case_id, payee), Movements()).came.append(at)
        paid = found.setdefault((case_id, payer), Movements())
        paid.left.append(at)
        paid.told |= bool(payer_serial)
        paid.shown |= bool(seen_serial)
    return found


def _orders(cases: Sequence[UUID]) -> tuple[dict[Place, datetime], set[Place]]:
    """(when a stop that holds something took effect, accounts whose outflows the clearing house shows)."""
    in_force = Order.objects.filter(case_id__in=cases, state="in_force")
    held = {
        (case_id, account_key(bank, account, currency)): effective_at
        for case_id, bank, account, currency, effective_at in in_force.filter(
            kind=Kind.STOP.value, held_minor__gt=0, effective_at__isnull=False
        ).values_list("case_id", "partner_id", "account", "currency", "effective_at")[:ACCOUNTS_LOOKED_AT_MAX]
    }
    shown = in_force.filter(kind=Kind.TRACE_OUTFLOWS.value)
    return held, set(shown.values_list("case_id", "account")[:ACCOUNTS_LOOKED_AT_MAX])


def _stays(
    places: dict[Place, datetime | None], moved: dict[Place, Movements], held: dict[Place, datetime], traced: set[Place]
) -> Iterator[Stay]:
    for place, as_of in places.items():
        if place in moved:
            yield from stay(moved[place], [at for at in (as_of, held.get(place)) if at], traced=place in traced)


def stay(moved: Movements, known_there: Sequence[datetime], *, traced: bool) -> Iterator[Stay]:
    """What one account teaches: the money that came last before something left, or was still there when last seen.

    known_there: instants at which a statement or a hold knew of it.
    """
    came = sorted(moved.came)
    left = min((at for at in moved.left if came and at >= came[0]), default=None)
    if left is not None:
        seconds = (left - came[bisect_right(came, left) - 1]).total_seconds()
        yield Stay(seconds, True, moved.shown if traced and moved.told else None)
    elif came and (last := max(known_there, default=came[-1])) > came[-1]:
        yield Stay((last - came[-1]).total_seconds(), False)


_kept = Kept(measure, KEPT_S)
forget = _kept.forget


def learned_at(now: datetime) -> Learned:
    """What the centre has learned as of now, or of up to KEPT_S ago."""
    policy, kept = policy_at(now), _kept.at(now)
    pace = Pace(
        {Kind.STOP.value: float(policy.stop_limit_s), Kind.QUERY_TRANSACTIONS.value: float(policy.query_limit_s)}
    )
    pace.takes(paces_at(now))
    return Learned(kept.dwell, pace, kept.unseen, kept.departures)
