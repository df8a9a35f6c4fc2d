"""What the benchmark's centre keeps in memory where production keeps rows: a case's desk, its accounts and orders."""

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bench.chase.messages import AMEND, QUERY, RELEASE, STOP, TRACE, UNWATCH, WATCH, Task, Told
from bench.chase.world import Case
from wuzha.control import rules
from wuzha.control.policy import POLICIES
from wuzha.partners.protocol import Kind, TransactionKind
from wuzha.tracing import chase
from wuzha.tracing.follower import Follower
from wuzha.tracing.ledger import Ledger, Movement

START = datetime(2026, 5, 31, 16, 0, tzinfo=UTC)  # the world's first midnight in Beijing
CASES = UUID("6a8f5f0e-0c5b-4d8e-9a41-3f1e0a1f5b77")
DECISION_S = 0.05
CLEARING = "NUCC"
# One authorisation covers the whole case from the first second; who gives it, and up to which sum, is the centre's.
POLICY = replace(POLICIES[-1], standing_amount_minor_max=10**12)

KINDS = {
    Kind.STOP.value: STOP,
    Kind.QUERY_TRANSACTIONS.value: QUERY,
    Kind.STOP_RELEASE.value: RELEASE,
    Kind.STOP_AMEND.value: AMEND,
    Kind.TRACE_OUTFLOWS.value: TRACE,
    Kind.WATCH_ARRIVALS.value: WATCH,
    Kind.WATCH_RELEASE.value: UNWATCH,
}  # fmt: skip
WAYS = {"cash": TransactionKind.CASH, "abroad": TransactionKind.ABROAD}


def instant(at: float) -> datetime:
    """Virtual seconds as an instant."""
    return START + timedelta(seconds=at)


def bank_code(place: int) -> str:
    """Partner code of the n-th largest bank."""
    return f"B{place:02d}"


@dataclass(slots=True)
class Ref:
    """An account as a statement names it."""

    bank: str
    number: str
    name: str = ""


@dataclass(slots=True)
class Transaction:
    """A line of a statement, with the fields of `protocol.Transaction`."""

    serial: str
    at: datetime
    direction: str
    amount_minor: int
    kind: TransactionKind
    counterparty: Ref | None
    currency: str = "CNY"
    balance_minor: int | None = None
    channel: str = ""
    reverses: str = ""


@dataclass(slots=True)
class Answer:
    """What the rules read of an answer."""

    seq: int
    at: datetime
    held_minor: int | None
    balance_minor: int | None
    effective_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(slots=True, eq=False)
class Row:
    """An order as the centre keeps it, with the fields of `control.models.Order` that the chase reads."""

    id: UUID
    kind: str
    partner_id: str
    account: str
    amount_minor: int | None
    ref_id: UUID | None
    asked_by: str
    traced: "Traced"
    sent_at: float
    currency: str = "CNY"
    state: str = "queued"
    held_minor: int = 0
    since: datetime | None = None
    effective_at: datetime | None = None
    answer_seq: int = 0
    spare: bool = False
    task: Task | None = None
    started: bool = False
    ranked: int = 0  # its latest place in its bank's queue
    seen: set[int] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Traced:
    """An account of a case, with the fields of `tracing.models.TracedAccount` that the chase reads."""

    key: str
    bank: str
    number: str
    name: str = ""
    currency: str = "CNY"
    kind: str = "unknown"
    layer: int = 0
    stolen_in_minor: int = 0
    stolen_now_minor: int = 0
    first_in_at: datetime | None = None
    as_of: datetime | None = None
    truncated: bool = False
    inflow: Movement | None = None
    in_s: float = 0.0
    orders: list[Row] = field(default_factory=list)
    stop: chase.Stop | None = None
    followed: bool = False
    moved: bool = False
    left_at: datetime | None = None
    learned_from: bool = False
    stale: bool = False  # its kind or its stop changed since the money was followed


@dataclass(slots=True, eq=False)
class Desk:
    """A case at work."""

    case: Case
    id: UUID
    limits: rules.Limits | None
    ledger: Ledger
    follower: Follower
    honest: set[str] = field(default_factory=set)
    stops: dict[str, chase.Stop] = field(default_factory=dict)
    accounts: dict[str, Traced] = field(default_factory=dict)
    rows: dict[UUID, Row] = field(default_factory=dict)
    unread: list[Told] = field(default_factory=list)
    waits: bool = False
    first_order_s: float = math.inf
