"""From orders as they are kept to what the chase reads of them. Pure: whoever keeps orders - rows of a database, or
memory in the benchmark - gets the same view of an account.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from wuzha.control.kinds import ELSEWHERE, LIVE, OPEN
from wuzha.partners.protocol import Kind
from wuzha.tracing.chase import Account, Stop
from wuzha.tracing.ledger import (
    EXIT_PREFIXES,
    UNKNOWN_PREFIX,
    VICTIM_PREFIX,
    Movement,
    account_key,
    printed_serial,
    split_key,
)

ASKED_BY = "chase"
UNDER_WAY = ("proposed", *OPEN)
# Read for every order of an account at every step: an enum's value costs more than the comparison.
_STOP, _AMEND, _RELEASE = Kind.STOP.value, Kind.STOP_AMEND.value, Kind.STOP_RELEASE.value
_WATCH, _UNWATCH = Kind.WATCH_ARRIVALS.value, Kind.WATCH_RELEASE.value
_QUERY, _TRACE = Kind.QUERY_TRANSACTIONS.value, Kind.TRACE_OUTFLOWS.value


class OrderFacts(Protocol):
    """What the chase reads of an order."""

    id: UUID
    kind: str
    state: str
    partner_id: str
    account: str
    currency: str
    amount_minor: int | None
    held_minor: int
    effective_at: datetime | None
    ref_id: UUID | None
    since: datetime | None
    asked_by: str


class Named(Protocol):
    """What names the account of an order."""

    @property
    def kind(self) -> str: ...
    @property
    def partner_id(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def currency(self) -> str: ...


class AccountFacts(Protocol):
    """What the chase reads of an account that stolen money reached."""

    bank: str
    number: str
    name: str
    currency: str
    kind: str
    layer: int
    stolen_in_minor: int
    stolen_now_minor: int
    first_in_at: datetime | None
    as_of: datetime | None
    truncated: bool


def is_account(key: str) -> bool:
    """Whether a key names an account at a partner, and not an exit, an unknown side or a victim's unknown account."""
    return not key.startswith((*EXIT_PREFIXES, UNKNOWN_PREFIX, VICTIM_PREFIX))


def about(order: Named) -> str:
    """Key of the account that an order is about; an order to somebody who does not keep it names it by its key."""
    if ":" in order.account and order.kind in (*ELSEWHERE, _UNWATCH):
        return order.account
    return account_key(order.partner_id, order.account, order.currency)


def live_stops(orders: Iterable[OrderFacts]) -> dict[str, Stop]:
    """The live stop of each account, with what is under way to change it."""
    orders = list(orders)
    followers: dict[UUID, list[OrderFacts]] = {}
    for order in orders:
        if order.ref_id:
            followers.setdefault(order.ref_id, []).append(order)
    stops = {}
    for order in orders:
        if order.kind != _STOP or order.state not in LIVE or order.amount_minor is None:
            continue
        mine = followers.get(order.id, [])
        amends = [o for o in mine if o.kind == _AMEND]
        changed_at = [o.effective_at for o in amends if o.state == "done" and o.effective_at]
        covers_from = max([order.effective_at, *changed_at]) if order.effective_at else None
        stops[account_key(order.partner_id, order.account, order.currency)] = Stop(
            order_id=order.id,
            state=order.state,
            amount_minor=order.amount_minor,
            held_minor=order.held_minor,
            effective_at=order.effective_at,
            amends=len(amends),
            changing=any(o.state in UNDER_WAY or o.kind == _RELEASE for o in mine),
            covers_from=covers_from,
            amend_refused=any(o.state == "refused" for o in amends),
        )
    return stops


def view(account: AccountFacts, orders: Sequence[OrderFacts], stop: Stop | None, inflow: Movement) -> Account:
    """The account, with the orders about it and its latest stolen inflow, as the chase sees it."""
    queries = [o for o in orders if o.kind == _QUERY]
    made = [o for o in orders if o.kind == _STOP]
    ended = {o.ref_id for o in orders if o.kind == _UNWATCH}
    return Account(
        bank=account.bank,
        number=account.number,
        name=account.name,
        currency=account.currency,
        kind=account.kind,
        layer=account.layer,
        stolen_in_minor=account.stolen_in_minor,
        claim_minor=account.stolen_now_minor,
        first_in_at=account.first_in_at or inflow.at,
        last_in_at=inflow.at,
        as_of=account.as_of,
        transfer=transfer_ref(inflow),
        queries=len(queries),
        asked_since=min((o.since for o in queries if o.since), default=None),
        truncated=account.truncated,
        query_open=any(o.state in UNDER_WAY for o in queries),
        query_refused=any(o.state in ("refused", "declined") for o in queries),
        stop=stop,
        stops=len(made),
        stop_refused=any(stays_ended(o, orders) for o in made),
        traced=any(o.kind == _TRACE for o in orders),
        seen=bool(inflow.seen_serial),
        watches=tuple(
            (o.partner_id, o.id) for o in orders if o.kind == _WATCH and o.state in LIVE and o.id not in ended
        ),
    )


def stays_ended(stop: OrderFacts, orders: Iterable[OrderFacts]) -> bool:
    """Whether a stop ended in a way that the chase must respect: a new stop may follow only its own releases."""
    if stop.state == "released":
        return not any(o.ref_id == stop.id and o.asked_by == ASKED_BY and o.state == "done" for o in orders)
    return stop.state in ("refused", "declined", "withdrawn", "lapsed")


def transfer_ref(movement: Movement) -> dict[str, object]:
    """The payment that a bank matches before it stops anything, as `TransferRef` JSON."""
    payer_bank, payer = split_key(movement.payer) if is_account(movement.payer) else ("", "-")
    payee_bank, payee = split_key(movement.payee)
    return {
        "payer": {"bank": payer_bank, "number": payer, "name": movement.payer_name},
        "payee": {"bank": payee_bank, "number": payee, "name": movement.payee_name},
        "amount_minor": movement.amount_minor,
        "currency": movement.currency,
        "at": movement.at.isoformat(),
        "serial": printed_serial(movement),
    }
