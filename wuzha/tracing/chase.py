"""The chase: which orders come next. A pure function of what is known of the accounts.

Theory. Stolen money on an account can be held only by a stop that arrives before it leaves, and can be followed only by
a statement. So each account that stolen money reached gets both at once, the stop for the stolen sum that may still be
there and the query from the moment it came, without waiting for each other or for an approval of their own. Every
answer then moves the picture: what left is followed to the next layer, a hold is raised when more stolen money came,
lowered when less is there (the disputed amount only), released when the holder turns out to be an honest merchant or
nothing stolen is left. When a stop caught less than should have been there, money left between statement and stop: the
statement is asked for again. Every account has a named limit of questions and changes, so the chase always ends.

Where a clearing house takes part, it is asked to show what leaves each account (`trace-outflows`), so that a slow bank
delays the holding, not the finding. Where banks are connected, they are asked to watch for what an account at a slow
bank may still send them (`watch-arrivals`): they delay it on arrival, the disputed amount only, until the stop comes.

Order of work: money still there with its age, `amount / (1 + age/60 min)^1.5`, because young money is nearer. What is
known beside that - how long money usually rests, how long a bank usually needs - refines it (`dispatch`).
Stolen money is what the first-in-first-out trace says (tracing/engine), never more than was stolen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from wuzha.control.rules import Intent
from wuzha.kernel.refusals import _
from wuzha.partners.protocol import AccountKind, Kind
from wuzha.tracing.ledger import account_key

MIN_CHASED_MINOR = 1_000  # ten yuan: less is not worth anybody's account being touched
QUERIES_PER_ACCOUNT_MAX = 6
AMENDS_PER_STOP_MAX = 10
ACCOUNTS_PER_CASE_MAX = 5_000
STATEMENT_MARGIN_S = 600  # two banks' clocks differ; ask for a little more
WATCH_AGE_S_MAX = 24 * 3600  # older money hardly moves at the moment it is looked for
# A watch goes to a dozen banks at once, and small remainders made most of a centre's orders: five hundred yuan is what
# a dozen lookouts are worth. The stop at the account's own bank and the question go out for less all the same.
WATCH_MIN_MINOR = 50_000
HONEST = frozenset({AccountKind.MERCHANT, AccountKind.CRYPTO_DEALER, AccountKind.INTERNAL})


@dataclass(frozen=True, slots=True)
class Stop:
    """The live stop on an account. changing: an amendment or release of it is under way. covers_from: since when the
    stop has had its present amount."""

    order_id: UUID
    state: str
    amount_minor: int
    held_minor: int
    effective_at: datetime | None
    amends: int = 0
    changing: bool = False
    covers_from: datetime | None = None
    amend_refused: bool = False  # the partner does not change it: asking again would only repeat the refusal


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom the centre reaches: the clearing house that shows outflows ("" when none), and the connected banks.

    onward: the clearing house goes on by itself to follow the accounts that it sees paid.
    """

    clearing: str = ""
    connected: frozenset[str] = frozenset()
    onward: bool = False


NOBODY = Reach()


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of one account that stolen money reached.

    claim_minor: stolen money that the trace says is still there. as_of: until when its statement is known.
    transfer: the latest payment that brought stolen money, as `TransferRef` JSON. queries: asked so far, the earliest
    of them from `asked_since`. truncated: the statement was cut at `as_of`.
    """

    bank: str
    number: str
    name: str
    currency: str
    kind: str
    layer: int
    stolen_in_minor: int
    claim_minor: int
    first_in_at: datetime
    last_in_at: datetime
    as_of: datetime | None = None
    transfer: dict[str, object] | None = None
    queries: int = 0
    asked_since: datetime | None = None
    query_open: bool = False
    query_refused: bool = False
    truncated: bool = False
    stop: Stop | None = None
    stops: int = 0
    stop_refused: bool = False
    traced: bool = False  # the clearing house was asked to show its outflows
    seen: bool = False  # the clearing house itself told of the money that came
    watches: tuple[tuple[str, UUID], ...] = ()  # connected banks that watch for what it sends, with their orders


def next_intents(
    accounts: Iterable[Account],
    *,
    now: datetime,
    urgent_age_s: int,
    stops_max: int,
    reach: Reach = NOBODY,
    asked_from_minor: int = MIN_CHASED_MINOR,
) -> list[Intent]:
    """The orders to make now, the most worth saving first. Deterministic, and empty when all of them were made.

    asked_from_minor: stolen money from which on an account's bank is asked; an investigation may go below what is
    worth holding.
    """
    intents: list[Intent] = []
    for account in accounts:
        if not account.bank or account.stolen_in_minor < asked_from_minor:
            continue
        intents += _trace(account, now, urgent_age_s, reach)
        intents += _stop(account, now, urgent_age_s, stops_max)
        intents += _query(account, now, urgent_age_s)
        intents += _watch(account, now, urgent_age_s, reach)
    intents.sort(key=lambda intent: (-intent.at_stake_minor, intent.layer, intent.bank, intent.account, intent.kind))
    return intents


def at_stake(amount_minor: int, age_s: float) -> int:
    """Money that may still be saved: it decays with its age."""
    return int(amount_minor / (1.0 + max(0.0, age_s) / 3600.0) ** 1.5)


def _trace(account: Account, now: datetime, urgent_age_s: int, reach: Reach) -> list[Intent]:
    if not reach.clearing or account.traced or (reach.onward and account.seen) or account.kind in HONEST:
        return []
    why = _("Stolen money came here; the clearing house may see it leave")
    intent = _intent(
        account, Kind.TRACE_OUTFLOWS, 1, why, now, urgent_age_s,
        since=account.first_in_at - timedelta(seconds=STATEMENT_MARGIN_S), stake_minor=max(account.claim_minor, 1),
    )  # fmt: skip
    return [replace(intent, bank=reach.clearing, account=_elsewhere(account))]


def _watch(account: Account, now: datetime, urgent_age_s: int, reach: Reach) -> list[Intent]:
    """Orders to connected banks about an account at a bank that is not, as long as money may leave it uncaught."""
    stop, claim = account.stop, account.claim_minor
    held = stop is not None and stop.state == "in_force" and stop.held_minor >= claim
    wanted = claim >= MIN_CHASED_MINOR and not held and account.kind not in HONEST and not account.stop_refused
    if not wanted:
        why = _("Nothing more is expected from there: end the watch")
        return [
            replace(
                _intent(account, Kind.WATCH_RELEASE, 1, why, now, urgent_age_s, ref=order_id),
                bank=bank, account=_elsewhere(account),
            )
            for bank, order_id in account.watches
        ]  # fmt: skip
    young = (now - account.last_in_at).total_seconds() <= WATCH_AGE_S_MAX
    if account.watches or account.bank in reach.connected or not young or claim < WATCH_MIN_MINOR:
        return []
    why = _("Stolen money may leave for here: delay the disputed amount on arrival")
    intent = _intent(
        account, Kind.WATCH_ARRIVALS, account.stops + 1, why, now, urgent_age_s,
        amount_minor=claim, stake_minor=claim,
    )  # fmt: skip
    return [replace(intent, bank=bank, account=_elsewhere(account)) for bank in sorted(reach.connected)]


def is_mule(account: Account, *, from_minor: int = MIN_CHASED_MINOR) -> bool:
    """Whether an account is to stand on the grey list, so that its bank looks at what it pays before it goes.

    It passed most of the stolen money on that came, and at least `from_minor`, and its holder is nobody who honestly
    sells. The holder is not told: a card that is seen to be blocked is only replaced.
    """
    passed_on = account.stolen_in_minor - account.claim_minor
    most = 2 * passed_on >= account.stolen_in_minor
    return bool(account.bank) and account.kind not in HONEST and most and passed_on >= from_minor


def _elsewhere(account: Account) -> str:
    """An account as it is named to somebody who does not keep it: by its key."""
    return account_key(account.bank, account.number, account.currency)


def _query(account: Account, now: datetime, urgent_age_s: int) -> list[Intent]:
    if account.query_open or account.query_refused or account.queries >= QUERIES_PER_ACCOUNT_MAX:
        return []
    if account.kind in HONEST:
        return []
    why, since = _question(account)
    if not why:
        return []
    return [
        _intent(
            account, Kind.QUERY_TRANSACTIONS, account.queries + 1, why, now, urgent_age_s,
            since=since - timedelta(seconds=STATEMENT_MARGIN_S), stake_minor=max(account.claim_minor, 1),
        )
    ]  # fmt: skip


def _question(account: Account) -> tuple[str, datetime]:
    """Why a statement is needed (English message id, "" when none is) and from when."""
    if account.as_of is None:
        return _("Stolen money came here; where did it go?"), account.first_in_at
    if account.asked_since and account.first_in_at < account.asked_since:
        return _("Stolen money came earlier than the statement shows"), account.first_in_at
    if account.truncated:
        return _("The statement was cut; ask for the rest"), account.as_of
    if account.last_in_at > account.as_of:
        return _("More stolen money came after the last statement"), account.first_in_at
    stop = account.stop
    if stop and stop.state == "in_force" and stop.effective_at and stop.effective_at > account.as_of:
        expected = min(stop.amount_minor, account.claim_minor)
        if stop.held_minor < expected:
            return _("The stop caught less than was there; what left in between?"), account.first_in_at
    return "", account.first_in_at


def _stop(account: Account, now: datetime, urgent_age_s: int, stops_max: int) -> list[Intent]:
    stop, claim = account.stop, account.claim_minor
    if stop is None:
        wanted = claim >= MIN_CHASED_MINOR and account.kind not in HONEST
        if not wanted or account.stop_refused or account.stops >= stops_max:
            return []
        why = _("Stolen money is here: hold the disputed amount")
        return [
            _intent(
                account, Kind.STOP, account.stops + 1, why, now, urgent_age_s,
                amount_minor=claim, transfer=account.transfer, stake_minor=claim,
            )
        ]  # fmt: skip
    if stop.state != "in_force" or stop.changing:
        return []
    if account.kind in HONEST:
        why = _("The holder is an honest merchant: release")
        return [_intent(account, Kind.STOP_RELEASE, 1, why, now, urgent_age_s, ref=stop.order_id)]
    if account.as_of is None or stop.amends >= AMENDS_PER_STOP_MAX:
        return []
    if claim < MIN_CHASED_MINOR:
        why = _("No stolen money is left here: release")
        return [_intent(account, Kind.STOP_RELEASE, 1, why, now, urgent_age_s, ref=stop.order_id)]
    if claim == stop.amount_minor or stop.amend_refused:
        return []
    more = claim > stop.amount_minor
    why = _("More stolen money came: hold it too") if more else _("Less of it is stolen: hold the disputed amount only")
    return [
        _intent(
            account, Kind.STOP_AMEND, stop.amends + 1, why, now, urgent_age_s, ref=stop.order_id,
            amount_minor=claim, stake_minor=claim - stop.amount_minor if more else 0,
        )
    ]  # fmt: skip


def _intent(
    account: Account,
    kind: Kind,
    n: int,
    why: str,
    now: datetime,
    urgent_age_s: int,
    *,
    stake_minor: int = 0,
    amount_minor: int | None = None,
    since: datetime | None = None,
    transfer: dict[str, object] | None = None,
    ref: UUID | None = None,
) -> Intent:
    age_s = (now - account.last_in_at).total_seconds()
    return Intent(
        kind=kind.value,
        bank=account.bank,
        account=account.number,
        account_name=account.name,
        currency=account.currency,
        layer=account.layer,
        round=n,
        urgent=age_s <= urgent_age_s,
        at_stake_minor=at_stake(stake_minor, age_s),
        why=why,
        amount_minor=amount_minor,
        since=since,
        transfer=transfer,
        ref_order_id=ref,
    )
