"""All that a country remembers, as plain data that can be written down and read again."""

from dataclasses import dataclass, field
from typing import Literal

from wuzha.partners.protocol import Answer, Order, Report, TransactionKind

Style = Literal["fast", "manual", "slow"]
Event = tuple[float, int, str, list[str | int | float]]


@dataclass(slots=True)
class Review:
    """A payment out of a listed account that waits, or waited. then, stopped: the events that follow (name, arguments)
    when it has gone, and when it never will."""

    serial: str
    at: float
    amount_minor: int
    payee: str
    via: TransactionKind
    until_at: float
    channel: str = ""
    remark: str = ""
    then: list[str | int] = field(default_factory=list)
    stopped: list[str | int] = field(default_factory=list)
    state: str = "waiting"


@dataclass(slots=True)
class OrderRecord:
    """One order at one partner. `effects` counts how often it changed something; it may never pass 1.

    digest: of the body as received first. waiting: receipts that wait for the answer. unconfirmed: the first answer
    went out in a receipt only. answers_made / answers_taken: answers of their own id / acknowledged by the centre.
    """

    partner: str
    order: Order
    digest: str
    received_at: float
    received_n: int = 1
    conflicts_n: int = 0
    waiting: int = 0
    unconfirmed: bool = False
    done_at: float = 0.0
    withdrawn: bool = False
    outcome: str = ""
    effects: int = 0
    seq: int = 0
    first_answer: Answer | None = None
    answers_made: int = 0
    answers_taken: int = 0
    answers_rejected: int = 0
    watch_open: bool = False
    watched_n: int = 0
    push_pending: bool = False
    arrived: list[str] = field(default_factory=list)  # accounts to which a watched payer sent something
    news: list[str] = field(default_factory=list)  # those of them (or of `reviews`) of which there is something new
    listed_until: float = 0.0  # of a listing in force: when its term is over
    reviews: list[Review] = field(default_factory=list)  # payments of the listed account, by order of serial
    ready_at: float = 0.0  # where clerks work: when the partner's own time for it is over


@dataclass(slots=True)
class Outgoing:
    """An answer on its way to the centre, not before `send_at`."""

    send_at: float
    answer: Answer


@dataclass(slots=True)
class Desk:
    """A partner's office: its orders, its clerks (when each is free), what it cut off, whom it watches.

    waiting: orders that no clerk has taken up, as they came. asks: a clerk is free and has to choose among them. named:
    what the centre said last, the most worth doing first.
    """

    orders: dict[str, OrderRecord] = field(default_factory=dict)
    clerks: list[float] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    asks: bool = False
    named: list[str] = field(default_factory=list)
    suspended: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    outbox: list[Outgoing] = field(default_factory=list)
    watched: dict[str, list[str]] = field(default_factory=dict)  # payer's key -> orders to watch for what it sends
    ended_ahead: list[str] = field(default_factory=list)  # orders whose end came before they did


@dataclass(slots=True)
class Person:
    """Somebody invented."""

    name: str
    phone: str
    id_number: str
    place: str


@dataclass(slots=True)
class Payment:
    """What a victim pays and to whom. paid_at is 0 until it is paid."""

    payee: str
    amount_minor: int
    at: float
    paid_at: float = 0.0


@dataclass(slots=True)
class Theft:
    """One fraud, from the first payment to the last piece. report_at 0: never reported."""

    theft_id: str
    gang: int
    style: Style
    fraud: str
    victim: Person
    victim_account: str
    phone: str
    url: str
    depth: int
    smallest_minor: int
    payments: list[Payment]
    report_at: float
    report: Report | None = None
    external_id: str = ""
    reported_at: float = 0.0
    case_number: str = ""
    report_refused: str = ""
    moves_pending: int = 0
    hit: bool = False
    forgotten: bool = False

    @property
    def stolen_minor(self) -> int:
        """What was paid so far."""
        return sum(payment.amount_minor for payment in self.payments if payment.paid_at)


@dataclass(slots=True)
class Gang:
    """Launderers who work alike and keep their mules, numbers and sites for a while."""

    number: int
    style: Style
    phone: str
    url: str
    mules: list[str] = field(default_factory=list)
    contacts_n: int = 0


@dataclass(slots=True)
class State:
    """The world beside its ledger."""

    seed: int
    started_at: float
    events: list[Event] = field(default_factory=list)
    events_n: int = 0
    thefts_n: int = 0
    accounts_n: int = 0
    taken_n: int = 0  # orders that were taken, ever
    honest_n: int = 0
    desks: dict[str, Desk] = field(default_factory=dict)
    thefts: dict[str, Theft] = field(default_factory=dict)
    gangs: list[Gang] = field(default_factory=list)
    honest: list[str] = field(default_factory=list)
    merchants: list[str] = field(default_factory=list)
    dealers: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
