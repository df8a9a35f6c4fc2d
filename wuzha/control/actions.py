"""Making, approving, withdrawing and releasing orders.

Every writer here runs under the lock of its case. Orders are made in batches: the chase gives all intents of one
answer at once, they become rows, outbox entries and clocks in a handful of statements.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wuzha.clocks import actions as clocks
from wuzha.control import rules
from wuzha.control.kinds import ENDED_BY, KINDS, LIVE, OPEN, ORDER
from wuzha.control.models import Authorisation, Order
from wuzha.control.policy import Policy, answer_ladder, policy_at, to_cny_minor
from wuzha.control.wire import outbox_row
from wuzha.intake.models import Case, ReportedPayment
from wuzha.journal.append import Log, on_case
from wuzha.journal.rows import in_one_trip, insert_rows, read_rows, read_together, update_rows
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners import outbox
from wuzha.partners.models import Outbox, Partner
from wuzha.partners.protocol import AccountRef, Kind

ORDERS_PER_PLAN_MAX = 2_000
NOTE_LENGTH_MAX = 200
QUEUED_FIELDS = ("state", "delivered_at", "authorisation", "approved_by", "queued_at", "due_at")
LIVE_OF_CASE = "WHERE t.case_id = %s AND t.state = 'live'"
VICTIM_OF_CASE = "WHERE t.case_id = %s AND t.payer_account <> '' ORDER BY t.id LIMIT 1"
CLOCK_ANSWER = "answer"
CLOCK_TERM = "term"


def live_authorisation(case_id: UUID) -> Authorisation | None:
    """The authorisation in force for a case, whether or not its hours are over."""
    return next(iter(read_rows(Authorisation, LIVE_OF_CASE, [case_id])), None)


def limits_of(authorisation: Authorisation | None) -> rules.Limits | None:
    """The limits of an authorisation as the rules read them."""
    if authorisation is None:
        return None
    return rules.Limits(authorisation.layers_max, authorisation.amount_minor_max, authorisation.until_at)


def grant_standing(log: Log, case: Case) -> Authorisation | None:
    """Cover a new report by standing order when it is under the set amount."""
    policy = policy_at(log.now)
    limits = rules.standing(case.reported, policy, log.now)
    if limits is None or limits.amount_minor_max == 0 or live_authorisation(case.id):
        return None
    authorisation = Authorisation(
        case=case, kind="standing", granted_by="standing-order", granted_at=log.now, until_at=limits.until_at,
        layers_max=limits.layers_max, amount_minor_max=limits.amount_minor_max,
    )  # fmt: skip
    insert_rows([authorisation], keys=True)
    log.write("case.authorised", f"case:{case.id}", kind="standing", amount_minor_max=limits.amount_minor_max)
    return authorisation


def authorise(
    *, case_id: UUID, layers_max: int, amount_minor_max: int, hours: int, reason: str, by: str, now: datetime
) -> None:
    """An approver covers a case: replaces the earlier authorisation and releases what waited inside the new limits."""
    policy = policy_at(now)
    if not 1 <= layers_max <= policy.approved_layers_max:
        raise Refusal(
            "auth.layers", _("Choose between 1 and %(max)s layers."), field="layers_max", max=policy.approved_layers_max
        )
    if not 1 <= hours <= policy.approved_hours:
        raise Refusal("auth.hours", _("Choose between 1 and %(max)s hours."), field="hours", max=policy.approved_hours)
    if amount_minor_max <= 0:
        raise Refusal("auth.amount", _("The amount must be more than zero."), field="amount")
    with on_case(case_id, by=by, now=now) as log:
        case = Case.objects.get(pk=case_id)
        Authorisation.objects.filter(case=case, state="live").update(state="replaced", revoked_at=now, revoked_by=by)
        authorisation = Authorisation.objects.create(
            case=case,
            kind="approver",
            granted_by=by,
            granted_at=now,
            until_at=now + timedelta(hours=hours),
            layers_max=layers_max,
            amount_minor_max=amount_minor_max,
            reason=reason[:300],
        )
        log.write(
            "case.authorised", f"case:{case_id}", kind="approver", layers_max=layers_max,
            amount_minor_max=amount_minor_max, hours=hours,
        )  # fmt: skip
        waiting = [
            order for order in case.orders.filter(state="proposed") if _covered(order, authorisation, policy, now)
        ]
        _queue_stored(log, case, waiting, authorisation, approved_by=by)


def revoke(*, case_id: UUID, reason: str, by: str, now: datetime) -> None:
    """End the authorisation of a case; orders already out stay, new ones wait for approval."""
    with on_case(case_id, by=by, now=now) as log:
        ended = Authorisation.objects.filter(case_id=case_id, state="live").update(
            state="revoked", revoked_by=by, revoked_at=now
        )
        if not ended:
            raise Refusal("auth.none", _("No authorisation is in force for this case."))
        log.write("case.authorisation_revoked", f"case:{case_id}", reason=reason[:300])


def _covered(order: Order, authorisation: Authorisation | None, policy: Policy, now: datetime) -> bool:
    value = to_cny_minor(order.amount_minor, order.currency, policy) if order.amount_minor is not None else 0
    return rules.covers(limits_of(authorisation), kind=order.kind, layer=order.layer, amount_cny_minor=value, now=now)


def make_orders(log: Log, case: Case, intents: Sequence[rules.Intent], *, asked_by: str) -> list[Order]:
    """Make the orders of `intents`: queue what the authorisation covers, propose the rest; skips what exists already.

    An intent whose partner is not known becomes an event "order.unaddressed", so that a person finds the bank.
    """
    wanted = {rules.order_id(case.id, intent): intent for intent in intents[:ORDERS_PER_PLAN_MAX]}
    known, active, live, victims = read_together(
        (Order, "WHERE t.id = ANY(%s)", [list(wanted)]),
        (Partner, "WHERE t.active AND t.code = ANY(%s)", [[intent.bank for intent in wanted.values()]]),
        (Authorisation, LIVE_OF_CASE, [case.id]),
        (ReportedPayment, VICTIM_OF_CASE, [case.id]),
    )
    for order in known:
        del wanted[order.id]
    if not wanted:
        return []
    policy, partners = policy_at(log.now), {partner.code: partner for partner in active}
    authorisation: Authorisation | None = live[0] if live else None
    orders = []
    for order_id, intent in wanted.items():
        if intent.bank not in partners:
            log.write(
                "order.unaddressed", f"case:{case.id}", order_kind=intent.kind, bank=intent.bank, layer=intent.layer
            )
            continue
        orders.append(_order(order_id, case, intent, policy, asked_by, log.now))
    approved_by = authorisation.granted_by if authorisation else "release"
    for order in orders:
        order.state = "proposed"
        if _covered(order, authorisation, policy, log.now):
            _mark_queued(order, partners[order.partner_id], authorisation, approved_by=approved_by, now=log.now)
    with in_one_trip():
        insert_rows(orders)
        _send(log, case, [order for order in orders if order.state != "proposed"], _payer(victims))
    for order in orders:
        if order.state == "proposed":
            log.write("order.proposed", order.subject, **_told(order))
    return orders


def _order(order_id: UUID, case: Case, intent: rules.Intent, policy: Policy, asked_by: str, now: datetime) -> Order:
    return Order(
        id=order_id,
        case=case,
        partner_id=intent.bank,
        kind=intent.kind,
        account=intent.account,
        account_name=intent.account_name,
        layer=intent.layer,
        amount_minor=intent.amount_minor,
        currency=intent.currency,
        urgent=intent.urgent,
        since=intent.since,
        transfer=intent.transfer,
        ref_id=intent.ref_order_id,
        ends_at=intent.ends_at,
        why=intent.why,
        note=intent.note[:NOTE_LENGTH_MAX],
        law=intent.law or KINDS[intent.kind].law,
        policy=policy.version,
        asked_by=asked_by,
        at_stake_minor=intent.at_stake_minor,
        created_at=now,
    )


def _told(order: Order) -> dict[str, Any]:
    """What the journal keeps of an order."""
    return {
        "order_kind": order.kind,
        "partner": order.partner_id,
        "layer": order.layer,
        "amount_minor": order.amount_minor,
        "currency": order.currency,
        "why": order.why,
    }


def _mark_queued(
    order: Order, partner: Partner, authorisation: Authorisation | None, *, approved_by: str, now: datetime
) -> None:
    """Set what an order gets when it goes out. A partner with a liaison page has it there at once."""
    policy = policy_at(now)
    seconds = rules.limit_s(order.kind, urgent=order.urgent, local=partner.local, policy=policy)
    by_page = partner.mode == "liaison"
    order.state = "delivered" if by_page else "queued"
    order.delivered_at = now if by_page else None
    order.authorisation, order.approved_by = authorisation, approved_by
    order.queued_at, order.due_at = now, now + timedelta(seconds=seconds)


def _send(log: Log, case: Case, orders: Sequence[Order], victim: AccountRef | None) -> None:
    """Outbox, clocks and journal of orders that are marked and stored."""
    if not orders:
        return
    policy = policy_at(log.now)
    outbox.put(outbox_row(order, case, victim, policy) for order in orders if order.state == "queued")
    starts: dict[int, list[str]] = {}
    for order in orders:
        seconds = int((order.due_at - log.now).total_seconds()) if order.due_at else 0
        starts.setdefault(seconds, []).append(order.subject)
        log.write("order.queued", order.subject, approved_by=order.approved_by, due_s=seconds, **_told(order))
    for seconds, subjects in starts.items():
        ladder = answer_ladder(seconds)
        clocks.start_many(log, CLOCK_ANSWER, [(subject, ladder) for subject in subjects])


def _queue_stored(
    log: Log, case: Case, orders: Sequence[Order], authorisation: Authorisation | None, *, approved_by: str
) -> None:
    """Send out orders that were proposed before."""
    partners = Partner.objects.in_bulk({order.partner_id for order in orders})
    for order in orders:
        _mark_queued(order, partners[order.partner_id], authorisation, approved_by=approved_by, now=log.now)
    update_rows(orders, QUEUED_FIELDS)
    _send(log, case, orders, _payer(read_rows(ReportedPayment, VICTIM_OF_CASE, [case.id])))


def _payer(payments: Sequence[ReportedPayment]) -> AccountRef | None:
    """The victim's own account, as far as a payment names it."""
    told = (AccountRef(bank=one.payer_bank, number=one.payer_account, name=one.payer_name) for one in payments)
    return next(told, None)


def approve_orders(*, order_ids: Iterable[UUID], case_id: UUID, by: str, now: datetime) -> int:
    """Approve single proposed orders of a case that lie outside its authorisation; returns how many went out."""
    with on_case(case_id, by=by, now=now) as log:
        case = Case.objects.get(pk=case_id)
        orders = list(Order.objects.filter(id__in=list(order_ids), case=case, state="proposed"))
        if any(order.asked_by == by for order in orders):
            raise Refusal("approve.own", _("You asked for this order yourself; another officer has to approve it."))
        _queue_stored(log, case, orders, None, approved_by=by)
        return len(orders)


def decline_orders(*, order_ids: Iterable[UUID], case_id: UUID, reason: str, by: str, now: datetime) -> int:
    """Decline proposed orders; returns how many."""
    return _end_unsent(order_ids, case_id, "decline", reason, by, now)


def withdraw_orders(*, order_ids: Iterable[UUID], case_id: UUID, reason: str, by: str, now: datetime) -> int:
    """Take back proposed orders, and queued ones that have not reached their partner; returns how many."""
    return _end_unsent(order_ids, case_id, "withdraw", reason, by, now)


def _end_unsent(order_ids: Iterable[UUID], case_id: UUID, event: str, reason: str, by: str, now: datetime) -> int:
    if not reason.strip():
        raise Refusal("reason.missing", _("Say why."), field="reason")
    ended = 0
    with on_case(case_id, by=by, now=now) as log:
        for order in Order.objects.filter(id__in=list(order_ids), case_id=case_id):
            if order.state == "queued" and not _take_from_outbox(order):
                raise Refusal("order.sent", _("The order is on its way already. Release the stop instead."))
            after = ORDER.step(order.state, event)
            ended += Order.objects.filter(pk=order.pk, state=order.state).update(
                state=after, outcome_message=reason[:300]
            )
            clocks.settle(log, CLOCK_ANSWER, [order.subject], state="cancelled")
            log.write(f"order.{after}", order.subject, reason=reason[:300])
    return ended


def _take_from_outbox(order: Order) -> bool:
    """Remove an order that no worker has claimed yet; False when one has."""
    taken = Outbox.objects.filter(pk=order.pk, state="due", attempts=0).update(state="dead", last_error="withdrawn")
    return bool(taken)


def release(log: Log, case: Case, stops: Iterable[Order], *, why: str, asked_by: str) -> list[Order]:
    """Order the release of stops in force. Needs no approval: freedom is given back as fast as it was taken."""
    intents = [
        rules.Intent(
            kind=ENDED_BY.get(stop.kind, Kind.WATCH_RELEASE.value),
            bank=stop.partner_id,
            account=stop.account,
            account_name=stop.account_name,
            currency=stop.currency,
            layer=stop.layer,
            round=1,
            urgent=False,
            at_stake_minor=0,
            why=why,
            ref_order_id=stop.id,
        )
        for stop in stops
        if stop.state == "in_force"
    ]
    return make_orders(log, case, intents, asked_by=asked_by)


def release_stop(*, order_id: UUID, reason: str, by: str, now: datetime) -> None:
    """An officer releases a stop (or watch) in force."""
    if not reason.strip():
        raise Refusal("reason.missing", _("Say why the money is released; the holder will read it."), field="reason")
    order = Order.objects.get(pk=order_id)
    with on_case(order.case_id, by=by, now=now) as log:
        order.refresh_from_db()
        ORDER.step(order.state, "release")
        release(log, order.case, [order], why=_("Released by an officer"), asked_by=by)
        log.write("order.release_asked", order.subject, reason=reason[:300])


def extend_stop(*, order_id: UUID, reason: str, by: str, now: datetime) -> None:
    """Extend a stop once, to 96 hours in all."""
    if not reason.strip():
        raise Refusal("reason.missing", _("Say why the stop must last longer."), field="reason")
    order = Order.objects.get(pk=order_id)
    with on_case(order.case_id, by=by, now=now) as log:
        order.refresh_from_db()
        if order.state != "in_force" or order.kind != "stop" or not order.effective_at or not order.ends_at:
            raise Refusal("extend.state", _("Only a stop in force can be extended."))
        ends_at = rules.check_extension(order.effective_at, order.ends_at, order.extended, policy_at(now))
        intent = rules.Intent(
            kind=Kind.STOP_EXTEND.value, bank=order.partner_id, account=order.account, currency=order.currency,
            layer=order.layer, round=order.extended + 1, urgent=False, at_stake_minor=order.held_minor,
            amount_minor=order.amount_minor, why=_("Extended by an officer"), ref_order_id=order.id,
            ends_at=ends_at,
        )  # fmt: skip
        make_orders(log, order.case, [intent], asked_by=by)
        log.write("order.extension_asked", order.subject, reason=reason[:300])


def supply_papers(*, order_id: UUID, note: str, by: str, now: datetime) -> None:
    """Supply the documents that a partner asked for before it acts (a foreign bank): what they are goes with the order.

    The first order stays open and its clock runs on; every supply is an order of its own, so the exchange is tracked.
    """
    if not note.strip():
        raise Refusal("papers.note", _("Say which documents are supplied, with their numbers."), field="note")
    order = Order.objects.get(pk=order_id)
    with on_case(order.case_id, by=by, now=now) as log:
        order.refresh_from_db()
        if order.outcome != "needs_papers" or order.state not in OPEN:
            raise Refusal("papers.not_asked", _("The partner is not waiting for documents; reload the page."))
        intent = rules.Intent(
            kind=Kind.PAPERS.value, bank=order.partner_id, account=order.account, currency=order.currency,
            layer=order.layer, round=order.followers.filter(kind=Kind.PAPERS.value).count() + 1, urgent=order.urgent,
            at_stake_minor=order.at_stake_minor, why=_("The partner asked for documents"), ref_order_id=order.id,
            note=note.strip(),
        )  # fmt: skip
        make_orders(log, order.case, [intent], asked_by=by)
        log.write("order.papers_supplied", order.subject, note=note.strip()[:NOTE_LENGTH_MAX])


def order_by_hand(*, case_id: UUID, intent: rules.Intent, by: str, now: datetime) -> Order:
    """An officer makes a single order; outside the authorisation it waits for an approver."""
    if KINDS[intent.kind].needs_ref:
        raise Refusal("order.ref", _("Choose the stop to act on and use its buttons."), field="kind")
    with on_case(case_id, by=by, now=now) as log:
        case = Case.objects.get(pk=case_id)
        same = Order.objects.filter(case=case, partner_id=intent.bank, account=intent.account, kind=intent.kind)
        if same.filter(state__in=LIVE if KINDS[intent.kind].measure else ("proposed", *OPEN)).exists():
            raise Refusal("order.live", _("There is such an order on this account already; look at it first."))
        if intent.kind == Kind.STOP.value:
            rules.check_stop_times(stops_so_far(case.id, intent.bank, intent.account), policy_at(now))
        made = make_orders(log, case, [replace(intent, round=same.count() + 1)], asked_by=by)
        if not made:
            raise Refusal(
                "order.partner", _("This partner is not connected; choose the bank of the account."), field="bank"
            )
        return made[0]


def stops_so_far(case_id: UUID, bank: str, account: str) -> int:
    """How often an account was stopped for a case (in force now or before)."""
    stops = Order.objects.filter(case_id=case_id, partner_id=bank, account=account, kind="stop")
    return stops.filter(~Q(effective_at=None)).count()


def refresh_held(case_ids: Iterable[UUID], *, now: datetime) -> None:
    """Write the sum of money held in each case's main currency."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_case c SET touched_at = %s, held_minor = coalesce((SELECT sum(o.held_minor)"
            " FROM control_order o WHERE o.case_id = c.id AND o.currency = c.currency AND o.kind = 'stop'"
            " AND o.state = 'in_force'), 0) WHERE c.id = ANY(%s)",
            [now, list(case_ids)],
        )
