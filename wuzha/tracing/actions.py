"""The chase in the running centre: answers extend the ledger, the ledger says where the money is, orders go out.

One step is `advance`: read the answers that were not read yet, lay their statements into the ledger, follow the money,
write what is known of each account, let `chase.next_intents` decide, make the orders. It runs under the lock of the
case, in the transaction that recorded the answer, so that no crash can lie between an answer and its orders. When more
answers wait for the same case, one step serves them all (reactions.py).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from wuzha.control.actions import make_orders, release
from wuzha.control.kinds import ELSEWHERE, OPEN
from wuzha.control.models import Order, OrderAnswer
from wuzha.control.policy import policy_at
from wuzha.intake.actions import add_leads
from wuzha.intake.models import Case, ReportedPayment
from wuzha.intake.rules import Lead
from wuzha.journal.append import Log
from wuzha.journal.rows import in_one_trip, insert_rows, read_rows, read_together, update_rows
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.protocol import AccountRef, Answer, Kind
from wuzha.tracing import chase
from wuzha.tracing.engine import Rule
from wuzha.tracing.follow import Followed, follow
from wuzha.tracing.ledger import (
    EXIT_PREFIXES,
    VICTIM_PREFIX,
    Conflict,
    Ledger,
    Movement,
    account_key,
    split_key,
)
from wuzha.tracing.listing import RETURNED, mules_of
from wuzha.tracing.models import LedgerTransfer, TracedAccount
from wuzha.tracing.reach import reach_of
from wuzha.tracing.views import ASKED_BY, about, is_account, live_stops, view

ANSWERS_PER_STEP_MAX = 1_000
UNREAD_CASES_MAX = 100
OF_CASE = "WHERE t.case_id = %s"
UNREAD_OF_CASE = (
    "JOIN control_order o ON o.id = t.order_id WHERE o.case_id = %s AND NOT t.absorbed ORDER BY t.id LIMIT %s"
)
# What the chase has asked, and of the rest what has answers that nobody read yet.
CHASED_OF_CASE = (
    "WHERE t.case_id = %s"
    " AND (t.kind <> %s OR EXISTS (SELECT FROM control_orderanswer a WHERE a.order_id = t.id AND NOT a.absorbed))"
)

_MOVEMENT_FIELDS = (
    "payer", "payee", "payer_name", "payee_name", "amount_minor", "currency", "at", "kind", "channel", "reported",
    "payer_serial", "payee_serial", "payer_balance_minor", "payee_balance_minor", "reverses", "seen_serial",
)  # fmt: skip
_ACCOUNT_FIELDS = (
    "name", "kind", "opened_at", "opened_branch", "layer", "state", "stolen_in_minor", "stolen_now_minor",
    "held_minor", "balance_minor", "as_of", "truncated", "first_in_at", "last_in_at",
)  # fmt: skip


def begin(log: Log, case: Case) -> None:
    """Lay the victim's payments into the ledger and make the first layer's orders."""
    ledger = Ledger.of(())
    for payment in read_rows(ReportedPayment, f"{OF_CASE} ORDER BY t.n", [case.id]):
        payer = f"{VICTIM_PREFIX}{case.number}"
        if payment.payer_account:
            payer = account_key(payment.payer_bank, payment.payer_account, payment.currency)
        ledger.add_reported(
            Movement(
                id=f"report|{payment.n}",
                payer=payer,
                payee=account_key(payment.payee_bank, payment.payee_account, payment.currency),
                amount_minor=payment.amount_minor,
                currency=payment.currency,
                at=payment.at,
                payer_name=payment.payer_name,
                payee_name=payment.payee_name,
                channel=payment.channel,
                reported=True,
            )
        )
    _store_movements(case, ledger, None)
    advance(log, case)


def advance(log: Log, case: Case) -> list[Order]:
    """One step of the chase; returns the orders it made. Harmless when nothing is new."""
    kept, accounts_known, unread, asked = read_together(
        (LedgerTransfer, OF_CASE, [case.id]),
        (TracedAccount, OF_CASE, [case.id]),
        (OrderAnswer, UNREAD_OF_CASE, [case.id, ANSWERS_PER_STEP_MAX]),
        (Order, CHASED_OF_CASE, [case.id, Kind.QUERY_HOLDER.value]),
    )
    ledger = Ledger.of(_movement(row) for row in kept)
    known = {account.key: account for account in accounts_known}
    before = {account.pk: _facts(account) for account in accounts_known}  # what banks tell next changes them
    with in_one_trip():
        _read_answers(unread, {order.id: order for order in asked}, ledger, known)
        _tell_conflicts(log, case, ledger.conflicts)
        _store_movements(case, ledger, log)
    _rename(case, ledger, known)
    orders = [order for order in asked if order.kind != Kind.QUERY_HOLDER.value]
    stops = live_stops(orders)
    honest = [key for key, account in known.items() if account.kind in chase.HONEST]
    try:
        followed = follow(
            list(ledger.movements.values()), case.number, honest=honest, stops=stops, rule=Rule(settings.TRACING_RULE)
        )
    except Refusal as refusal:
        # Statements that contradict themselves must not stop the case: a person has to look.
        log.write("chase.stuck", f"case:{case.id}", code=refusal.code, message=str(refusal)[:300])
        return []
    with in_one_trip():
        _store_stolen({row.pk: row.stolen_minor for row in kept if row.stolen_minor}, followed)
        accounts = _store_accounts(log, case, followed, known, before, stops, orders)
        _store_totals(case, followed)
    if len(accounts) > chase.ACCOUNTS_PER_CASE_MAX:
        log.write("chase.limit", f"case:{case.id}", accounts=len(accounts))
        return []
    _give_back(log, case, orders, known.keys() - followed.stolen_in.keys())
    policy = policy_at(log.now)
    by_account: dict[str, list[Order]] = {}
    for order in orders:
        by_account.setdefault(about(order), []).append(order)
    views = [
        view(account, by_account.get(key, []), stops.get(key), followed.inflows[key][-1])
        for key, account in accounts.items()
        if is_account(key) and account.state != RETURNED
    ]
    mules = mules_of(accounts.values(), from_minor=policy.review_from_minor)
    if mules:
        log.write("chase.mules", f"case:{case.id}", accounts=len(mules))
    intents = chase.next_intents(
        views, now=log.now, urgent_age_s=policy.urgent_age_s, stops_max=policy.stop_times_max, reach=reach_of(log.now),
        asked_from_minor=settings.ASKED_FROM_MINOR,
    )  # fmt: skip
    return make_orders(log, case, intents, asked_by=ASKED_BY) if intents else []


def _give_back(log: Log, case: Case, orders: Iterable[Order], unreached: Set[str]) -> None:
    """End the chase's own measures on accounts of which a later statement shows that no stolen money came there."""
    ending = (Kind.STOP.value, Kind.WATCH_ARRIVALS.value)
    wrong = [o for o in orders if o.kind in ending and o.asked_by == ASKED_BY and about(o) in unreached]
    if wrong:
        release(log, case, wrong, why=_("No stolen money came here after all: release"), asked_by=ASKED_BY)


def movements_of(case_id: UUID) -> list[Movement]:
    """The ledger of a case as it is kept; ids are "t<pk>"."""
    return [_movement(row) for row in read_rows(LedgerTransfer, OF_CASE, [case_id])]


def _movement(row: LedgerTransfer) -> Movement:
    return Movement(id=f"t{row.pk}", **{name: getattr(row, name) for name in _MOVEMENT_FIELDS})


def _read_answers(
    unread: Sequence[OrderAnswer], asked: Mapping[UUID, Order], ledger: Ledger, known: dict[str, TracedAccount]
) -> None:
    """Lay the statements of unread answers into the ledger and note what banks say of the accounts."""
    if unread:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE control_orderanswer SET absorbed = true WHERE id = ANY(%s)", [[row.pk for row in unread]]
            )
    for row in unread:
        order = asked[row.order_id]
        answer = Answer.model_validate(row.body)
        if order.kind in ELSEWHERE:
            _read_elsewhere(order, answer, ledger, known)
            continue
        key = account_key(order.partner_id, order.account, order.currency)
        account = known.get(key)
        name = (answer.holder.name if answer.holder else "") or (account.name if account else "")
        # What came in before a payment of a listed account is somebody else's perhaps, and no statement.
        lines = [] if order.kind == Kind.REVIEW_OUTFLOWS.value else answer.transactions
        ledger.add_statement(AccountRef(bank=order.partner_id, number=order.account, name=name), order.currency, lines)
        if account is not None and row.verdict != "stale":
            _note(account, answer, order.kind)
        elif account is not None and answer.as_of and (account.as_of is None or answer.as_of > account.as_of):
            account.as_of = answer.as_of


def _read_elsewhere(order: Order, answer: Answer, ledger: Ledger, known: Mapping[str, TracedAccount]) -> None:
    """What a clearing house saw leave an account, or a connected bank saw arrive from it.

    Both may tell of other accounts than the order's own: of those that the clearing house follows onward, and of those
    where money arrived.
    """
    if order.kind == Kind.TRACE_OUTFLOWS.value:
        bank, number = split_key(order.account)
        ledger.add_seen(answer.account or AccountRef(bank=bank, number=number), answer.transactions)
    elif answer.account is not None:
        arrived = AccountRef(bank=order.partner_id, number=answer.account.number, name=answer.account.name)
        ledger.add_statement(arrived, order.currency, answer.transactions)
        account = known.get(account_key(arrived.bank, arrived.number, order.currency))
        if account is not None and answer.holder:
            account.kind = answer.holder.kind.value


def _note(account: TracedAccount, answer: Answer, kind: str) -> None:
    if answer.holder:
        account.name = answer.holder.name or account.name
        account.kind = answer.holder.kind.value
        account.opened_at = answer.holder.opened_at or account.opened_at
        account.opened_branch = answer.holder.opened_branch or account.opened_branch
    if answer.balance_minor is not None:
        account.balance_minor = answer.balance_minor
    asked = kind in (Kind.QUERY_TRANSACTIONS.value, Kind.WATCH.value)
    known_until = answer.transactions[-1].at if answer.truncated and answer.transactions else answer.as_of
    if asked and known_until and (account.as_of is None or known_until > account.as_of):
        account.as_of, account.truncated = known_until, answer.truncated


def _tell_conflicts(log: Log, case: Case, conflicts: Iterable[Conflict]) -> None:
    for conflict in list(conflicts)[:20]:
        log.write(
            "ledger.conflict", f"case:{case.id}", serial=conflict.serial,
            known_minor=conflict.known_minor, told_minor=conflict.told_minor,
        )  # fmt: skip


def _store_movements(case: Case, ledger: Ledger, log: Log | None) -> None:
    """Write new and completed movements, and let the ledger know the ids they got."""
    added = list(ledger.added.values())
    rows = [LedgerTransfer(case=case, **{name: getattr(m, name) for name in _MOVEMENT_FIELDS}) for m in added]
    insert_rows(rows, keys=True)
    for movement, row in zip(added, rows, strict=True):
        del ledger.movements[movement.id]
        ledger.movements[f"t{row.pk}"] = _movement(row)
    changed = [
        LedgerTransfer(pk=int(m.id[1:]), case=case, **{name: getattr(m, name) for name in _MOVEMENT_FIELDS})
        for m in ledger.changed.values()
    ]
    update_rows(changed, _MOVEMENT_FIELDS)
    if log is not None and (added or changed):
        log.write("ledger.extended", f"case:{case.id}", added=len(added), completed=len(changed))


def _rename(case: Case, ledger: Ledger, known: dict[str, TracedAccount]) -> None:
    """Give the accounts on the money's way the whole numbers that the ledger has learned."""
    for mask, key in ledger.rekeyed.items():
        account = known.pop(mask, None)
        if account is None:
            continue
        if key in known:
            account.delete()
            continue
        account.key, (account.bank, account.number) = key, split_key(key)
        account.save(update_fields=["key", "bank", "number"])
        known[key] = account


def _store_stolen(before: Mapping[int, int], followed: Followed) -> None:
    """Write which part of each movement is stolen money, where it changed. before: what is kept, by key of the row."""
    after = {int(movement_id[1:]): stolen for movement_id, stolen in followed.stolen_of.items()}
    changed = [
        LedgerTransfer(pk=pk, stolen_minor=after.get(pk, 0))
        for pk in before.keys() | after.keys()
        if before.get(pk, 0) != after.get(pk, 0)
    ]
    update_rows(changed, ["stolen_minor"])


def _store_accounts(
    log: Log,
    case: Case,
    followed: Followed,
    known: dict[str, TracedAccount],
    before: Mapping[int, tuple[object, ...]],
    stops: Mapping[str, chase.Stop],
    orders: Iterable[Order],
) -> dict[str, TracedAccount]:
    """Write what is known of each account that stolen money reached; returns them by key. before: as it is stored."""
    asked = {
        account_key(o.partner_id, o.account, o.currency)
        for o in orders
        if o.kind == Kind.QUERY_TRANSACTIONS.value and o.state in OPEN
    }
    own = {flow.transfer.payer for flow in followed.trace.flows if flow.transfer.id in followed.reported}
    found: list[TracedAccount] = []
    accounts: dict[str, TracedAccount] = {}
    for key, stolen_in in followed.stolen_in.items():
        account = known.get(key)
        inflows = followed.inflows[key]
        if account is None:
            bank, number = split_key(key)
            account = TracedAccount(
                case=case, key=key, bank=bank if is_account(key) else "", number=number,
                name=inflows[0].payee_name, currency=inflows[0].currency,
            )  # fmt: skip
            found.append(account)
        holding, stop = followed.trace.holdings.get(key), stops.get(key)
        account.layer = followed.trace.layers.get(key, account.layer)
        account.stolen_in_minor = stolen_in
        account.stolen_now_minor = holding.stolen_minor if holding else 0
        account.held_minor = stop.held_minor if stop and stop.state == "in_force" else 0
        account.first_in_at, account.last_in_at = inflows[0].at, inflows[-1].at
        account.state = _state(account, stop, key in asked, key in own)
        accounts[key] = account
    for key in known.keys() - followed.stolen_in.keys():  # a later statement shows that no stolen money came here
        account, stop = known[key], stops.get(key)
        account.stolen_in_minor = account.stolen_now_minor = 0
        account.held_minor = stop.held_minor if stop and stop.state == "in_force" else 0
        account.state = _state(account, stop, key in asked, key in own)
    changed = [account for account in known.values() if before[account.pk] != _facts(account)]
    insert_rows(found)
    update_rows(changed, _ACCOUNT_FIELDS)
    deeper = [a for a in found if is_account(a.key)]
    if deeper:
        add_leads(log, case, tuple(Lead("account", a.number) for a in deeper))
        log.write("chase.found", f"case:{case.id}", accounts=len(deeper), layer=max(a.layer for a in deeper))
        for account in deeper:
            if not account.bank:
                log.write("chase.bank_unknown", f"case:{case.id}", layer=account.layer)
    return accounts


def _facts(account: TracedAccount) -> tuple[object, ...]:
    return tuple(getattr(account, name) for name in _ACCOUNT_FIELDS)


def _state(account: TracedAccount, stop: chase.Stop | None, asked: bool, own: bool) -> str:
    """One word for the picture: returned, exit, honest, held, partly, asked, resting, empty, unknown."""
    if own:
        return RETURNED
    if not is_account(account.key):
        return "exit" if account.key.startswith(EXIT_PREFIXES) else "unknown"
    if account.kind in chase.HONEST:
        return "honest"
    if stop and stop.state == "in_force" and stop.held_minor > 0:
        return "held" if stop.held_minor >= account.stolen_now_minor else "partly"
    if asked:
        return "asked"
    if account.as_of is None:
        return "unknown"
    return "resting" if account.stolen_now_minor > 0 else "empty"


def _store_totals(case: Case, followed: Followed) -> None:
    """Write what is gone and what came back, for lists and figures; sums of the case's main currency."""
    fate = followed.trace.fates.get(case.number)
    layers = max((layer for layer in followed.trace.layers.values()), default=0)
    gone = fate.cashed_minor + fate.terminal_minor + fate.fees_minor + fate.unseen_minor if fate else 0
    returned = fate.returned_minor if fate else 0
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_case SET gone_minor = %s, returned_minor = %s, layers = %s WHERE id = %s",
            [gone, returned, min(layers, 32_000), case.id],
        )


def extend_ledger(log: Log, case: Case, tell: Callable[[Ledger], None]) -> None:
    """Let `tell` lay movements into the ledger of a case; store what is new, completed or contradicts."""
    ledger = Ledger.of(movements_of(case.id))
    tell(ledger)
    _tell_conflicts(log, case, ledger.conflicts)
    _store_movements(case, ledger, log)
    if ledger.rekeyed:
        _rename(case, ledger, {account.key: account for account in TracedAccount.objects.filter(case=case)})


def unread_answers(case_id: UUID, *, most: int) -> int:
    """How many answers wait to be read by `advance`, counted up to `most`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM control_orderanswer a JOIN control_order o ON o.id = a.order_id"
            " WHERE o.case_id = %s AND NOT a.absorbed LIMIT %s) unread",
            [case_id, most],
        )
        return int(cursor.fetchone()[0])


def unread_cases(*, since: datetime, before: datetime) -> list[UUID]:
    """Cases with answers received in [since, before) that no step of the chase has read; bounded."""
    rows = OrderAnswer.objects.filter(absorbed=False, received_at__gte=since, received_at__lt=before)
    return list(rows.order_by("order__case_id").values_list("order__case_id", flat=True).distinct()[:UNREAD_CASES_MAX])
