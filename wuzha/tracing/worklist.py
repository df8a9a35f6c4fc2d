"""A partner's open orders by what each is worth now: for its clerks, the liaison's page, the reasons on the board.

Theory. The worth of a waiting order (`worth`) changes with every answer and every minute, so it is worked out when
somebody asks, from the accounts, stops and traces as they stand, in two statements however many orders there are. Of a
partner with very many open orders the CONSIDERED_MAX are looked at that were worth most by what was known when they
were sent, at their age now; nothing old and small can hide something young and large behind it.

Orders that saved as much, or nothing, stand in the order in which they are due, then by id: asked twice, nothing moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case as When_Case
from django.db.models import F, FloatField, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Extract, Greatest, Power

from wuzha.control.kinds import OPEN
from wuzha.control.models import Order
from wuzha.control.policy import Policy, policy_at, to_cny_minor
from wuzha.partners.protocol import WORKLIST_MAX, Kind, Worklist
from wuzha.tracing.dispatch import DECAY_POWER, DECAY_S, Learned, still_there
from wuzha.tracing.learning import learned_at
from wuzha.tracing.views import about
from wuzha.tracing.worth import CHANGES, GIVES_BACK, Facts, Waiting, Why, standing, why, worth

CONSIDERED_MAX = 500
FIRST = (*CHANGES, *GIVES_BACK, Kind.STOP_RELEASE.value)

_FACTS = """
SELECT w.place, a.kind, a.currency, a.stolen_now_minor, a.held_minor, a.last_in_at, a.as_of,
  CASE WHEN s.held_minor < s.amount_minor THEN s.effective_at END,
  CASE WHEN a.stolen_in_minor > a.stolen_now_minor AND a.stolen_now_minor > 0 THEN (
    SELECT max(t.at) FROM tracing_ledgertransfer t
    WHERE t.case_id = a.case_id AND t.payer = a.key AND t.stolen_minor > 0) END,
  EXISTS (SELECT 1 FROM control_order o
    WHERE o.account = a.key AND o.kind = %(trace)s AND o.case_id = a.case_id AND o.state = 'in_force')
FROM unnest(%(cases)s::uuid[], %(keys)s::text[]) WITH ORDINALITY AS w (case_id, key, place)
JOIN tracing_tracedaccount a ON a.case_id = w.case_id AND a.key = w.key
LEFT JOIN control_order s ON s.case_id = a.case_id AND s.partner_id = a.bank AND s.account = a.number
  AND s.currency = a.currency AND s.kind = %(stop)s AND s.state = 'in_force'
WHERE a.last_in_at IS NOT NULL
"""


class OpenOrder(NamedTuple):
    """What is read of an open order. due_at: the order of what is worth the same."""

    id: UUID
    case_id: UUID
    partner_id: str
    kind: str
    account: str
    currency: str
    queued_at: datetime | None
    ref_id: UUID | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One open order with what it is worth now (in fen; infinite for what goes at once) and why.

    free_minor: money on its account that no stop has caught, in the account's currency; came_s: since it came; there:
    the likelihood that it is there.
    """

    worth_minor: float
    why: Why
    waiting: Waiting
    free_minor: int = 0
    came_s: float = 0.0
    there: float = 0.0


def read(orders: QuerySet[Order]) -> list[OpenOrder]:
    """Orders as they are read here."""
    return [OpenOrder(*values) for values in orders.values_list(*OpenOrder._fields)]


def ranked(orders: Sequence[OpenOrder], *, now: datetime) -> dict[UUID, Ranked]:
    """What each of some open orders is worth now, of whatever partner."""
    learned, policy, facts, frees = learned_at(now), policy_at(now), facts_of(orders), _frees(orders)
    return {
        order.id: _ranked(_waiting(order, frees, now), facts.get(order.id), learned, policy, now) for order in orders
    }


def _waiting(order: OpenOrder, frees: Mapping[UUID, int], now: datetime) -> Waiting:
    waited_s = max(0.0, (now - order.queued_at).total_seconds()) if order.queued_at else 0.0
    return Waiting(
        order.kind, order.partner_id, waited_s, frees_minor=frees.get(order.ref_id, 0) if order.ref_id else 0
    )


def _ranked(waiting: Waiting, facts: Facts | None, learned: Learned, policy: Policy, now: datetime) -> Ranked:
    if facts is None:
        return Ranked(worth(waiting, learned), why(waiting), waiting)
    money = standing(facts, now)
    waiting = replace(
        waiting,
        money=replace(money, amount_minor=_fen(money.amount_minor, facts.currency, policy)),
        honest=facts.honest,
        caught=facts.held_minor >= facts.claim_minor > 0,
    )
    there = still_there(money, learned)
    return Ranked(worth(waiting, learned), why(waiting), waiting, money.amount_minor, money.age_s, there)


def facts_of(orders: Sequence[OpenOrder]) -> dict[UUID, Facts]:
    """What is known of the accounts that orders are about, by order; none where no stolen money is known."""
    if not orders:
        return {}
    wanted = {
        "cases": [order.case_id for order in orders],
        "keys": [about(order) for order in orders],
        "trace": Kind.TRACE_OUTFLOWS.value,
        "stop": Kind.STOP.value,
    }
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, wanted)
        for place, kind, currency, claim, held, last_in_at, as_of, missed_at, left_at, traced in cursor.fetchall():
            found[orders[place - 1].id] = Facts(
                kind, claim, held, last_in_at, as_of, left_at, missed_at, traced, currency
            )
    return found


def _fen(minor: int, currency: str, policy: Policy) -> int:
    """Sums of several currencies side by side; one without a rate counts as it stands."""
    value = to_cny_minor(minor, currency, policy)
    return minor if value is None else value


def _frees(orders: Sequence[OpenOrder]) -> Mapping[UUID, int]:
    """What the stops hold that some releases are about, by stop."""
    stops = [order.ref_id for order in orders if order.kind == Kind.STOP_RELEASE.value and order.ref_id]
    return dict(Order.objects.filter(pk__in=stops).values_list("pk", "held_minor")) if stops else {}


def partner_ranking(code: str, *, now: datetime, most: int = CONSIDERED_MAX) -> dict[UUID, Ranked]:
    """One partner's open orders, the most worth doing first."""
    rows = _considered(code, now)
    places = ranked(rows, now=now)
    never = now + timedelta(days=1)
    rows.sort(key=lambda row: (-places[row.id].worth_minor, row.due_at or never, row.id))
    return {row.id: places[row.id] for row in rows[:most]}


def _considered(code: str, now: datetime) -> list[OpenOrder]:
    """The open orders that may be worth most now, by what was known when they were sent."""
    age_s = Greatest(Cast(Extract(Value(now) - F("queued_at"), "epoch"), FloatField()), Value(0.0))
    at_once = When_Case(When(Q(kind__in=FIRST), then=Value(0)), default=Value(1), output_field=IntegerField())
    decay = Power(Value(1.0) + age_s / Value(DECAY_S), Value(DECAY_POWER))
    stake = Cast("at_stake_minor", FloatField()) / decay
    mine = Order.objects.filter(partner_id=code, state__in=OPEN).order_by(at_once, stake.desc(), "due_at", "pk")
    return read(mine[:CONSIDERED_MAX])


def worklist_of(code: str, *, now: datetime) -> Worklist:
    """What a partner's clerks should take next: its own open orders' ids, the most worth doing first."""
    open_n = Order.objects.filter(partner_id=code, state__in=OPEN).count()
    return Worklist(as_of=now, order_ids=list(partner_ranking(code, now=now, most=WORKLIST_MAX)), open_n=open_n)
