"""What partners say about our orders, and what time does to them.

An answer may come in the receipt of the order, in a message of the partner, or from a liaison's page; all three end in
`record_answers`. It stores every answer as it came, lets the rules read it, moves the order and writes
"answer.recorded"; the chase reacts to that event within the same transaction.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import connection
from django.db.models import Max

from wuzha.clocks import actions as clocks
from wuzha.control import rules
from wuzha.control.actions import CLOCK_ANSWER, CLOCK_TERM, refresh_held
from wuzha.control.kinds import EXTENDING, GIVING_BACK, KINDS, OPEN, ORDER, WITH_TERM
from wuzha.control.listings import read_listing
from wuzha.control.models import Order, OrderAnswer
from wuzha.control.policy import lapse_ladder, policy_at
from wuzha.journal.append import Log, on_cases, on_chain
from wuzha.journal.rows import in_one_trip, insert_rows, read_rows, update_rows
from wuzha.partners import outbox
from wuzha.partners.codes import outcome_of
from wuzha.partners.outbox import Parcel
from wuzha.partners.protocol import Answer, AnswerReceipt, Kind, OrderReceipt

GIVE_UP_BATCH_MAX = 500
ANSWERED_FIELDS = (
    "state", "amount_minor", "held_minor", "counted_minor", "counted_at", "answer_seq", "outcome", "outcome_message",
    "contradiction", "effective_at", "ends_at", "extended", "answered_at", "late_s",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One answer with the partner whose signature (or liaison) stands for it."""

    partner: str
    dialect: str
    answer: Answer


def body_digest(answer: Answer) -> bytes:
    """SHA-256 of an answer, to tell two bodies of one id apart."""
    return hashlib.sha256(answer.model_dump_json().encode()).digest()


def record_receipts(parcel: Parcel, receipts: Sequence[OrderReceipt], *, now: datetime) -> None:
    """A partner took (or refused) a parcel of orders; answers that came along are recorded with it."""
    by_id = {receipt.order_id: receipt for receipt in receipts}
    by = f"partner:{parcel.partner_code}"
    orders = dict(Order.objects.filter(id__in=parcel.order_ids).values_list("id", "case_id"))
    announced = any(receipt.answer for receipt in receipts)
    with on_cases(set(orders.values()), by=by, now=now, announced=announced) as logs:
        taken = [order_id for order_id in orders if order_id in by_id]
        refused = [by_id[i] for i in taken if by_id[i].status in ("conflict", "rejected")]
        fine = [i for i in taken if by_id[i].status in ("accepted", "duplicate")]
        outbox.settle(fine, now=now)
        outbox.settle([receipt.order_id for receipt in refused], now=now, dead="refused by the partner")
        Order.objects.filter(id__in=fine, state="queued").update(state="delivered", delivered_at=now)
        for order_id in fine:
            logs[orders[order_id]].write("order.delivered", f"order:{order_id}", partner=parcel.partner_code)
        for receipt in refused:
            _refused(logs[orders[receipt.order_id]], receipt.order_id, f"{receipt.code} {receipt.message}".strip())
        told = [
            Told(parcel.partner_code, parcel.dialect, r.answer) for r in receipts if r.answer and r.order_id in orders
        ]
        _record(logs, told, orders, now)


def never_delivered(parcel: Parcel, reason: str, *, now: datetime) -> None:
    """The partner will never take these orders (a refusal of the whole message)."""
    orders = dict(Order.objects.filter(id__in=parcel.order_ids).values_list("id", "case_id"))
    with on_cases(set(orders.values()), by=f"partner:{parcel.partner_code}", now=now) as logs:
        outbox.settle(orders, now=now, dead=reason)
        for order_id, case_id in orders.items():
            _refused(logs[case_id], order_id, reason)


def _refused(log: Log, order_id: UUID, message: str) -> None:
    order = Order.objects.get(pk=order_id)
    if ORDER.can(order.state, "refuse"):
        Order.objects.filter(pk=order_id, state=order.state).update(
            state="refused", outcome="refused", outcome_message=message[:300], answered_at=log.now
        )
        clocks.settle(log, CLOCK_ANSWER, [order.subject])
        log.write("order.refused", order.subject, message=message[:300])


def record_answers(told: Iterable[Told], *, by: str, now: datetime) -> list[AnswerReceipt]:
    """Record answers in the order in which they came; returns a receipt for each.

    An answer to an order that does not exist or is another partner's is "rejected" with the same words in both cases,
    so that nobody can find out which orders exist; the attempt is noted in the centre's journal.
    """
    told = list(told)
    about = {item.answer.order_id for item in told}
    owners, cases = _owners(about)
    mine = [item for item in told if _is_owner(owners, item)]
    receipts: dict[UUID, AnswerReceipt] = {}
    if mine:
        wanted = {cases[item.answer.order_id] for item in mine}
        with on_cases(wanted, by=by, now=now, announced=True) as logs:
            receipts = _record(logs, mine, cases, now)
    strangers = [item for item in told if not _is_owner(owners, item)]
    if strangers:
        with on_chain(by=by, now=now) as log:
            for item in strangers[:50]:
                log.write("answer.rejected", order=str(item.answer.order_id), partner=item.partner)
    return [
        receipts.get(item.answer.answer_id)
        or AnswerReceipt(
            answer_id=item.answer.answer_id, status="rejected", code="order.unknown", message="unknown order"
        )
        for item in told
    ]


def _owners(order_ids: Iterable[UUID]) -> tuple[dict[UUID, str], dict[UUID, UUID]]:
    """The partner and the case of each order that exists."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, partner_id, case_id FROM control_order WHERE id = ANY(%s)", [list(order_ids)])
        rows = cursor.fetchall()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}


def _is_owner(owners: Mapping[UUID, str], item: Told) -> bool:
    return owners.get(item.answer.order_id) == item.partner


def _known(order_ids: list[UUID]) -> tuple[dict[UUID, Order], dict[tuple[UUID, UUID], bytes]]:
    """Some orders, and the digests of the answers to them that came before."""
    with in_one_trip(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT order_id, answer_id, digest FROM control_orderanswer WHERE order_id = ANY(%s)", [order_ids]
        )
        orders = {order.id: order for order in read_rows(Order, "WHERE t.id = ANY(%s)", [order_ids])}
        return orders, {(order_id, answer_id): bytes(digest) for order_id, answer_id, digest in cursor.fetchall()}


def _record(
    logs: Mapping[UUID, Log], told: Sequence[Told], cases: Mapping[UUID, UUID], now: datetime
) -> dict[UUID, AnswerReceipt]:
    ids = [item.answer.order_id for item in told]
    orders, earlier = _known(ids)
    receipts: dict[UUID, AnswerReceipt] = {}
    new_rows: list[OrderAnswer] = []
    touched: set[UUID] = set()
    for item in sorted(told, key=lambda item: item.answer.seq):
        answer, order = item.answer, orders[item.answer.order_id]
        log, digest = logs[cases[answer.order_id]], body_digest(item.answer)
        before = earlier.get((order.id, answer.answer_id))
        if before is not None:
            status: Literal["duplicate", "conflict"] = "duplicate" if before == digest else "conflict"
            log.write(f"answer.{status}", order.subject, seq=answer.seq)
            receipts[answer.answer_id] = AnswerReceipt(answer_id=answer.answer_id, status=status)
            continue
        earlier[(order.id, answer.answer_id)] = digest
        new_rows.append(_read(log, order, item, digest, orders))
        touched.add(order.case_id)
        receipts[answer.answer_id] = AnswerReceipt(answer_id=answer.answer_id, status="recorded")
    with in_one_trip():
        outbox.settle({row.order_id for row in new_rows if orders[row.order_id].answered_at}, now=now)
        insert_rows(new_rows)
        refresh_held(touched, now=now)
    for row in new_rows:
        log = logs[cases[row.order_id]]
        log.write(
            "answer.recorded", f"order:{row.order_id}", outcome=row.outcome, seq=row.seq, verdict=row.verdict,
            state=orders[row.order_id].state, held_minor=orders[row.order_id].held_minor,
            late_s=orders[row.order_id].late_s or 0,
        )  # fmt: skip
    return receipts


def _read(log: Log, order: Order, item: Told, digest: bytes, orders: Mapping[UUID, Order]) -> OrderAnswer:
    """Let the rules read one new answer and move its order; returns the row to store."""
    answer, policy = item.answer, policy_at(log.now)
    outcome = outcome_of(item.dialect, answer.code)
    known = rules.Known(
        order.kind, order.state, order.amount_minor, order.held_minor, order.answer_seq, order.effective_at,
        _asked_minor(order) if (answer.held_minor or 0) > (order.amount_minor or 0) else 0,
    )  # fmt: skip
    reading = rules.read_answer(known, answer, outcome, policy)
    if reading.fresh:
        order.answer_seq = answer.seq
        _count_held(order, reading, answer, done=outcome in rules.DONE)
        order.outcome, order.outcome_message = outcome.value, answer.message[:300]
        order.effective_at = reading.effective_at
        if reading.ends_at is not None:
            order.ends_at = reading.ends_at
    if reading.contradiction:
        order.contradiction = reading.contradiction
        log.write("answer.contradiction", order.subject, what=reading.contradiction, seq=answer.seq)
    if reading.event:
        order.state = ORDER.step(order.state, reading.event)
        if order.answered_at is None:
            late = clocks.settle(log, CLOCK_ANSWER, [order.subject])
            order.answered_at, order.late_s = log.now, late.get(order.subject, 0)
        _take_effect(log, order, answer, orders)
    elif reading.fresh and order.state == "done" and order.kind == Kind.STOP_AMEND.value:
        _amend(log, order, orders)  # a partner corrects what it said of the amended stop
    update_rows([order], ANSWERED_FIELDS)
    if order.kind == Kind.REVIEW_OUTFLOWS.value:
        read_listing(log, order, answer)
    verdict = "contradiction" if reading.contradiction else "fresh" if reading.fresh else "stale"
    return OrderAnswer(
        order=order,
        answer_id=answer.answer_id,
        seq=answer.seq,
        at=answer.at,
        received_at=log.now,
        outcome=outcome.value,
        code=answer.code,
        body=json.loads(answer.model_dump_json()),
        digest=digest,
        verdict=verdict,
    )


def _count_held(order: Order, reading: rules.Reading, answer: Answer, *, done: bool) -> None:
    """Take what the newest answer to this order counted; a stop asks its amendments who counted last."""
    order.held_minor = reading.held_minor
    if answer.held_minor is not None:
        # As it was counted: an amendment that raised the sum may still be on its way back to us.
        order.counted_minor, order.counted_at = answer.held_minor if done else 0, answer.at
    if order.kind == Kind.STOP.value and order.state == "in_force":
        _settle_count(order)


def _asked_minor(stop: Order) -> int:
    """The most that amendments under way may have raised a stop to at the partner already."""
    amendments = stop.followers.filter(kind=Kind.STOP_AMEND.value, state__in=OPEN)
    return amendments.aggregate(most=Max("amount_minor"))["most"] or 0


def _settle_count(stop: Order, amendment: Order | None = None) -> None:
    """The held sum of a stop in force after a new count of it or of `amendment` (not stored yet)."""
    if stop.state != "in_force":
        return
    followers = stop.followers.filter(kind=Kind.STOP_AMEND.value, state="done", counted_at__isnull=False)
    rows = [*followers.exclude(pk=amendment.pk if amendment else None), *([amendment] if amendment else [])]
    counts = [(row.counted_at, row.counted_minor) for row in (stop, *rows) if row.counted_at is not None]
    stop.held_minor = rules.held_of(counts, stop.held_minor, stop.amount_minor)


def _stop_of(order: Order, orders: Mapping[UUID, Order]) -> Order | None:
    """The stop in force that an amendment, extension or release is about."""
    if order.ref_id is None:
        return None
    stop = orders.get(order.ref_id) or Order.objects.get(pk=order.ref_id)
    return stop if stop.state == "in_force" else None


def _take_effect(log: Log, order: Order, answer: Answer, orders: Mapping[UUID, Order]) -> None:
    """What an order's new state means for clocks and for the stop that it is about."""
    if order.state == "in_force" and order.kind in WITH_TERM and order.ends_at:
        _start_term(log, order)
    if order.state != "done" or not KINDS[order.kind].needs_ref:
        return
    if order.kind == Kind.STOP_AMEND.value:
        _amend(log, order, orders)
        return
    stop = _stop_of(order, orders)
    if stop is None:
        return
    if order.kind == Kind.REVIEW_PASS.value:
        return
    if order.kind in GIVING_BACK:
        stop.state, stop.held_minor = ORDER.step(stop.state, "release"), 0
        clocks.settle(log, CLOCK_TERM, [stop.subject])
        log.write("order.released", stop.subject, why=order.why)
    elif order.kind in EXTENDING and order.ends_at:
        stop.ends_at, stop.extended = order.ends_at, stop.extended + 1
        clocks.settle(log, CLOCK_TERM, [stop.subject], state="cancelled")
        _start_term(log, stop)
        log.write("order.extended", stop.subject, ends_at=order.ends_at.isoformat())
    update_rows([stop], ANSWERED_FIELDS)


def _amend(log: Log, order: Order, orders: Mapping[UUID, Order]) -> None:
    """A stop gets its new amount with the first answer to the amendment; the held sum with the latest count."""
    stop = _stop_of(order, orders)
    if stop is None or order.amount_minor is None:
        return
    later = stop.followers.filter(kind=order.kind, state="done", created_at__gt=order.created_at)
    if not later.exists():
        stop.amount_minor = order.amount_minor
    _settle_count(stop, order)
    update_rows([stop], ANSWERED_FIELDS)
    log.write("order.amended", stop.subject, amount_minor=stop.amount_minor, held_minor=stop.held_minor)


def _start_term(log: Log, stop: Order) -> None:
    assert stop.ends_at is not None
    remaining_s = int((stop.ends_at - log.now).total_seconds())
    listing = stop.kind == Kind.REVIEW_OUTFLOWS.value
    ladder = lapse_ladder(policy_at(log.now), remaining_s, listing=listing)
    clocks.start_many(log, CLOCK_TERM, [(stop.subject, ladder)])


def lapse(log: Log, order_id: UUID) -> None:
    """A stop's legal time is over: it ends by itself (reaction to its clock)."""
    order = Order.objects.get(pk=order_id)
    if order.state != "in_force":
        return
    Order.objects.filter(pk=order.pk, state="in_force").update(state=ORDER.step("in_force", "lapse"), held_minor=0)
    clocks.settle(log, CLOCK_TERM, [order.subject])
    refresh_held([order.case_id], now=log.now)
    log.write("order.lapsed", order.subject, held_minor=order.held_minor)


def give_up(*, now: datetime) -> int:
    """Close orders that never reached their partner before the deadline, and those never answered; returns how many."""
    policy = policy_at(now)
    undelivered = outbox.expired(now=now)
    silent = Order.objects.filter(state="delivered", due_at__lt=now - timedelta(seconds=policy.give_up_s))
    due = [(i, case, "expire") for i, case in undelivered]
    due += [(i, case, "give_up") for i, case in silent.values_list("id", "case_id")[:GIVE_UP_BATCH_MAX]]
    if not due:
        return 0
    with on_cases({case for _id, case, _event in due}, by="clock", now=now) as logs:
        for order_id, case_id, event in due:
            order = Order.objects.get(pk=order_id)
            if not ORDER.can(order.state, event):
                continue
            after = ORDER.step(order.state, event)
            Order.objects.filter(pk=order_id, state=order.state).update(state=after)
            outbox.settle([order_id], now=now, dead=after)
            logs[case_id].write(f"order.{after}", order.subject, partner=order.partner_id)
    return len(due)
