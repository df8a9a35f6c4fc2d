"""Held against holdable of a period, out of the centre's own records: cases, orders, answers, ledger.

Theory. A case's account changes only when something is told about it, so it is kept by (case, last touch) in each
process and a page works out what is new. Of each case only its own currency is looked at, and only CNY cases are added
up: other currencies cannot be added honestly. At most CASES_MAX cases are looked at, those with the largest reported
sums; how many were left out is told.

A partner's time begins when its message was sent, not when its receipt came: a connected bank answers in the receipt.
That instant is left in the outbox by the claim (`lease`).
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from wuzha.analysis import holdable
from wuzha.analysis.holdable_sums import Sums, add_up
from wuzha.analysis.stolen_ways import RETURNED, Payment
from wuzha.control.kinds import ELSEWHERE
from wuzha.control.models import Order, OrderAnswer
from wuzha.control.paces import paces_at
from wuzha.intake.models import Case
from wuzha.partners.models import Outbox, Partner
from wuzha.partners.protocol import Kind
from wuzha.partners.rules import LEASE_S
from wuzha.tracing.chase import HONEST
from wuzha.tracing.ledger import EXIT_PREFIXES, UNKNOWN_PREFIX
from wuzha.tracing.models import LedgerTransfer, TracedAccount
from wuzha.tracing.views import about

CASES_MAX = 600  # some eight seconds of work when none is remembered
CASES_PER_READ = 50
KEPT_MAX = 6_000
PERIODS: dict[str, int] = {"today": 0, "7": 7, "30": 30}  # days before now; 0: since midnight
HELD_USUALLY_S = 900.0  # the agreed limit, for a bank that never held anything yet
LOOKS = (Kind.QUERY_TRANSACTIONS.value, *ELSEWHERE)
HONEST_WAYS = {"merchant": "merchant", "crypto-dealer": "crypto", "internal": "merchant"}

_ORDER_FIELDS = (
    "case_id", "kind", "state", "partner_id", "account", "currency", "created_at", "queued_at", "delivered_at",
    "answered_at", "effective_at", "ends_at",
)  # fmt: skip
_TRANSFER_FIELDS = ("case_id", "at", "payer", "payee", "stolen_minor", "reported")
_ACCOUNT_FIELDS = ("case_id", "key", "bank", "kind", "state", "held_minor")

_kept: OrderedDict[tuple[UUID, datetime], holdable.Account] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Report:
    """Held against holdable of the cases opened between two instants. names: (Chinese, English) of banks by code.

    left_out_n: cases beyond CASES_MAX. Of a drill: its scenario ("" for real days), seed, speed, and the outcome and
    verdict in lines.
    """

    since: datetime
    until: datetime
    made_at: datetime
    cases_n: int
    left_out_n: int
    sums: Sums
    names: Mapping[str, tuple[str, str]]
    scenario: str = ""
    seed: int = 0
    speed: float = 1.0
    verdict: tuple[str, ...] = ()


def since_of(period: str, now: datetime) -> datetime:
    """When a period of PERIODS began."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if not PERIODS[period] else now - timedelta(days=PERIODS[period])


def report_of(*, since: datetime, until: datetime, now: datetime, speed: float = 1.0) -> Report:
    """The report of the cases opened between two instants. speed: of a drill."""
    opened = Case.objects.filter(opened_at__gte=since, opened_at__lte=until, currency="CNY")
    count = opened.count()
    fields = ("id", "number", "opened_at", "touched_at", "currency")
    cases = list(opened.order_by("-reported_minor", "id").only(*fields)[:CASES_MAX])
    accounts = accounts_of(cases, now=now, speed=speed)
    sums = add_up((str(case.id), case.number, accounts[case.id]) for case in cases)
    used = {row.bank for row in sums.causes} | {gain.bank for gain in sums.gains}
    partners = Partner.objects.filter(code__in=used).select_related("unit")
    names = {p.code: (p.unit.name_zh, p.unit.name_en or p.unit.name_zh) for p in partners}
    return Report(since, until, now, len(cases), count - len(cases), sums, names, speed=speed)


def accounts_of(cases: Sequence[Case], *, now: datetime, speed: float = 1.0) -> dict[UUID, holdable.Account]:
    """The account of each case; what did not change since is remembered."""
    found = {case.id: _kept[key] for case in cases if (key := (case.id, case.touched_at)) in _kept}
    new = [case for case in cases if case.id not in found]
    for start in range(0, len(new), CASES_PER_READ):
        some = new[start : start + CASES_PER_READ]
        for case, theft in zip(some, _thefts(some, now), strict=True):
            found[case.id] = _kept[(case.id, case.touched_at)] = holdable.account_of(replace(theft, speed=speed))
    while len(_kept) > KEPT_MAX:
        _kept.popitem(last=False)
    return found


def forget() -> None:
    """Work everything out anew at the next question."""
    _kept.clear()


Rows = dict[UUID, list[Any]]


def _by_case(rows: Iterable[Any]) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def _of(rows: QuerySet[Any], cases: Sequence[Case]) -> QuerySet[Any]:
    return rows.filter(case_id__in=[case.id for case in cases], currency="CNY")


def _thefts(cases: Sequence[Case], now: datetime) -> list[holdable.Theft]:
    transfers = _by_case(
        _of(LedgerTransfer.objects.filter(stolen_minor__gt=0), cases).only(*_TRANSFER_FIELDS).order_by("at", "id")
    )
    accounts = _by_case(_of(TracedAccount.objects.all(), cases).only(*_ACCOUNT_FIELDS))
    # Most watches are only acknowledged: nothing ever arrived there, and nothing was learned.
    telling = Q(kind__in=(Kind.STOP.value, *LOOKS)) & ~Q(kind=Kind.WATCH_ARRIVALS.value, answer_seq__lte=1)
    orders = _by_case(_of(Order.objects.filter(telling), cases).only(*_ORDER_FIELDS))
    ends = Order.objects.filter(case_id__in=[case.id for case in cases], kind=Kind.STOP_RELEASE.value, state="done")
    released = dict(ends.values_list("ref_id", "effective_at"))
    answers: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    told = OrderAnswer.objects.filter(order__case_id__in=[case.id for case in cases], order__kind__in=LOOKS)
    for order_id, received_at, at, as_of in told.values_list("order_id", "received_at", "at", "body__as_of"):
        answers[order_id].append((received_at, (parse_datetime(as_of) if as_of else None) or at))
    ids = [order.id for mine in orders.values() for order in mine]
    claimed = Outbox.objects.filter(id__in=ids, state="done").values_list("id", "next_at")
    sent = {order_id: next_at - timedelta(seconds=LEASE_S) for order_id, next_at in claimed}
    usual_s = {bank: seconds for (bank, kind), seconds in paces_at(now).items() if kind == Kind.STOP.value}
    return [
        _theft(case, transfers[case.id], accounts[case.id], orders[case.id], answers, sent, released, usual_s, now)
        for case in cases
    ]


def _theft(
    case: Case,
    transfers: Sequence[LedgerTransfer],
    accounts: Sequence[TracedAccount],
    orders: Sequence[Order],
    answers: Mapping[UUID, Sequence[tuple[datetime, datetime]]],
    sent: Mapping[UUID, datetime],
    released: Mapping[UUID | None, datetime | None],
    usual_s: Mapping[str, float],
    now: datetime,
) -> holdable.Theft:
    made: list[holdable.Order] = []
    for order in orders:
        if order.kind == Kind.STOP.value:
            made.append(_stop(order, sent.get(order.id), released))
        else:
            made += _looks(order, sent.get(order.id), answers.get(order.id, ()))
    return holdable.Theft(
        report_at=case.opened_at.timestamp(),
        now=now.timestamp(),
        payments=[Payment(t.at.timestamp(), t.payer, t.payee, t.stolen_minor, t.reported) for t in transfers],
        orders=made,
        ends={account.key: end for account in accounts if (end := _end(account))},
        held={account.key: account.held_minor for account in accounts if account.held_minor},
        banks={account.key: account.bank for account in accounts},
        usual_s=usual_s,
        otherwise_s=HELD_USUALLY_S,
    )


def _end(account: TracedAccount) -> str:
    """What an account stands for where stolen money ends; "" for a mule's."""
    if account.state == RETURNED:
        return RETURNED
    if account.key.startswith(EXIT_PREFIXES):
        return account.key.partition(":")[0]
    if account.key.startswith(UNKNOWN_PREFIX):
        return "unknown"
    return HONEST_WAYS[account.kind] if account.kind in HONEST else ""


def _sent_at(order: Order, sent: datetime | None) -> datetime | None:
    """When an order was sent for the last time, as far as that is known."""
    if order.queued_at is None or order.delivered_at is None:
        return None
    return min(max(sent or order.queued_at, order.queued_at), order.delivered_at)


def _stop(order: Order, sent: datetime | None, released: Mapping[UUID | None, datetime | None]) -> holdable.Order:
    ended_at = released.get(order.id) if order.state == "released" else None
    if order.state == "lapsed":
        ended_at = order.ends_at
    return holdable.Order(
        about(order),
        order.partner_id,
        order.created_at.timestamp(),
        _seconds(order.queued_at),
        _seconds(_sent_at(order, sent)),
        _seconds(order.answered_at),
        stop=True,
        effective_at=_seconds(order.effective_at),
        ended_at=_seconds(ended_at),
        refused=order.state == "refused",
    )


def _looks(order: Order, sent: datetime | None, answers: Sequence[tuple[datetime, datetime]]) -> list[holdable.Order]:
    found = []
    for received_at, seen_until in answers:
        found.append(
            holdable.Order(
                about(order),
                order.partner_id,
                order.created_at.timestamp(),
                _seconds(order.queued_at),
                _seconds(_sent_at(order, sent)),
                received_at.timestamp(),
                seen_until=seen_until.timestamp(),
            )
        )
    return found


def _seconds(at: datetime | None) -> float | None:
    return at.timestamp() if at else None
