"""What the pages read of orders: plain values, masked where a person need not know more.

Theory. "What matters now" is one order of work for board and first screen: late first, then what falls due soon, and
inside each the most money that may still be saved (`at_stake_minor`, which decays with its age).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case as When_Case
from django.db.models import Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext

from wuzha.control.kinds import KINDS, OPEN, ORDER, QUERIES
from wuzha.control.models import Authorisation, Order, OrderAnswer
from wuzha.control.policy import policy_at, to_cny_minor
from wuzha.control.words import STATES, kind_text, law_text, outcome_text, state_word, who_text
from wuzha.intake.selectors import mask_holder, mask_victim
from wuzha.kernel.identifiers import mask_account, mask_phone
from wuzha.kernel.money import format_minor
from wuzha.partners.models import Outbox, Partner
from wuzha.partners.protocol import Kind, Outcome
from wuzha.partners.selectors import partner_name
from wuzha.people.models import Officer

BOARD_ROWS_MAX = 200
CASE_ORDERS_MAX = 2_000
QUEUE_ROWS_MAX = 100
ANSWERS_SHOWN_MAX = 50
SOON_S = 180

Row = dict[str, Any]

FILTERS: dict[str, Q] = {
    "open": Q(state__in=OPEN),
    "late": Q(state__in=OPEN),  # narrowed by due_at at reading time
    "in_force": Q(state="in_force"),
    "trouble": Q(state__in=("refused", "undelivered", "unanswered")) | ~Q(contradiction=""),
    "all": Q(),
}


def partner_code(officer: Officer) -> str:
    """Code of the partner that a liaison speaks for; "" for everybody else."""
    return Partner.objects.filter(unit_id=officer.unit_id).values_list("code", flat=True).first() or ""


def partner_counts(code: str, *, now: datetime) -> tuple[int, bool]:
    """How many orders a partner has to answer, and whether one is late."""
    mine = Order.objects.filter(partner_id=code, state__in=OPEN)
    return mine.count(), mine.filter(due_at__lt=now).exists()


def mask_target(kind: str, value: str) -> str:
    """An order's target, masked: accounts and numbers in part, links whole (they are the fraudster's)."""
    target = KINDS[kind].target
    if target == "url":
        return value
    return mask_phone(value) if target == "phone" else mask_account(value)


def row_of(order: Order, *, whole: bool = False) -> Row:
    """One order for a table; `whole` shows the target unmasked (to the partner whose account it is)."""
    return {
        "id": order.id,
        "kind": order.kind,
        "kind_text": kind_text(order.kind),
        "target_kind": KINDS[order.kind].target,
        "target": order.account if whole else mask_target(order.kind, order.account),
        "name": order.account_name if whole else mask_holder(order.account_name),
        "partner": partner_name(order.partner),
        "partner_code": order.partner_id,
        "case_id": order.case_id,
        "case_number": order.case.number,
        "layer": order.layer,
        "urgent": order.urgent,
        "amount_minor": order.amount_minor,
        "held_minor": order.held_minor,
        "currency": order.currency,
        "state": order.state,
        "word": state_word(order.state),
        "is_open": order.state in OPEN,
        "queued_at": order.queued_at,
        "due_at": order.due_at,
        "answered_at": order.answered_at,
        "ends_at": order.ends_at,
        "late_s": order.late_s or 0,
        "at_stake_minor": order.at_stake_minor,
        "contradiction": gettext(order.contradiction) if order.contradiction else "",
        "why": gettext(order.why) if order.why else "",
        "asked_by": who_text(order.asked_by),
        "created_at": order.created_at,
        "can_release": order.state == "in_force" and order.kind in (Kind.STOP.value, Kind.WATCH.value),
        "can_extend": order.state == "in_force" and order.kind == Kind.STOP.value and order.extended == 0,
    }


def _by_urgency(orders: QuerySet[Order], now: datetime) -> QuerySet[Order]:
    level = When_Case(
        When(due_at__lt=now, then=Value(0)),
        When(due_at__lt=now + timedelta(seconds=SOON_S), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return orders.annotate(level=level).order_by(
        "level", "-urgent", "-at_stake_minor", F("due_at").asc(nulls_last=True)
    )


def time_level(due_at: datetime | None, now: datetime) -> int:
    """0 late, 1 due soon, 2 there is time: the levels of `_by_urgency`."""
    if due_at is None or due_at >= now + timedelta(seconds=SOON_S):
        return 2
    return int(due_at >= now)


def _rows(orders: Iterable[Order], *, whole: bool = False) -> list[Row]:
    return [row_of(order, whole=whole) for order in orders]


def _joined() -> QuerySet[Order]:
    return Order.objects.select_related("case", "partner__unit")


def board(*, now: datetime, show: str = "open", kind: str = "", partner: str = "") -> list[Row]:
    """The control board, most important first. show: a key of FILTERS."""
    orders = _joined().filter(FILTERS.get(show, FILTERS["open"]))
    if show == "late":
        orders = orders.filter(due_at__lt=now)
    if kind in KINDS:
        orders = orders.filter(kind=kind)
    if partner:
        orders = orders.filter(partner_id=partner)
    if show in ("open", "late"):
        orders = _by_urgency(orders, now)
    elif show == "in_force":
        orders = orders.order_by(F("ends_at").asc(nulls_last=True))
    else:
        orders = orders.order_by("-created_at")
    return _rows(orders[:BOARD_ROWS_MAX])


def counts(*, now: datetime) -> dict[str, int]:
    """How many orders are open, late, wait for approval, are in trouble."""
    return Order.objects.aggregate(
        open=Count("pk", filter=Q(state__in=OPEN)),
        late=Count("pk", filter=Q(state__in=OPEN, due_at__lt=now)),
        proposed=Count("pk", filter=Q(state="proposed")),
        in_force=Count("pk", filter=Q(state="in_force")),
        trouble=Count("pk", filter=FILTERS["trouble"]),
    )


def approval_queue(*, by: str, now: datetime) -> list[Row]:
    """Cases whose orders wait for an approver, the most at stake first, each with its orders."""
    waiting = _joined().filter(state="proposed").order_by("-at_stake_minor")[:QUEUE_ROWS_MAX]
    cases: dict[UUID, Row] = {}
    for order in waiting:
        row = cases.setdefault(
            order.case_id,
            {
                "case_id": order.case_id,
                "case_number": order.case.number,
                "victim": mask_victim(order.case),
                "reported_minor": order.case.reported_minor,
                "currency": order.case.currency,
                "opened_at": order.case.opened_at,
                "orders": [],
                "at_stake_minor": 0,
                "live": None,
                "suggested": suggested_limit(order.case.reported_minor, order.case.currency, now=now),
            },
        )
        row["orders"].append({**row_of(order), "own": order.asked_by == by})
        row["at_stake_minor"] += order.amount_minor or 0
    for authorisation in Authorisation.objects.filter(case_id__in=list(cases), state="live"):
        cases[authorisation.case_id]["live"] = _authorisation_row(authorisation)
    return sorted(cases.values(), key=lambda row: -row["at_stake_minor"])


def _authorisation_row(authorisation: Authorisation) -> Row:
    return {
        "kind": authorisation.kind,
        "standing": authorisation.kind == "standing",
        "granted_by": who_text(authorisation.granted_by),
        "granted_at": authorisation.granted_at,
        "until_at": authorisation.until_at,
        "layers_max": authorisation.layers_max,
        "amount_minor_max": authorisation.amount_minor_max,
        "reason": authorisation.reason,
        "state": authorisation.state,
    }


def authorisation_of(case_id: UUID, *, now: datetime) -> Row | None:
    """The live authorisation of a case (its hours may be over: "over"), or None."""
    live = Authorisation.objects.filter(case_id=case_id, state="live").first()
    return {**_authorisation_row(live), "over": live.until_at <= now} if live else None


def limits_offered(*, now: datetime) -> Row:
    """The most that an approver may grant, and what the standing order covers, under the policy in force."""
    policy = policy_at(now)
    return {
        "layers_max": policy.approved_layers_max,
        "hours_max": policy.approved_hours,
        "standing_amount_minor_max": policy.standing_amount_minor_max,
    }


def suggested_limit(reported_minor: int, currency: str, *, now: datetime) -> str:
    """What an approver is offered as the limit of one order: the reported sum in CNY as plain digits, or ""."""
    value = to_cny_minor(reported_minor, currency, policy_at(now))
    return format_minor(value, grouped=False) if value else ""


def case_orders(case_id: UUID, *, now: datetime) -> list[Row]:
    """All orders of a case: open ones first by what matters now, then the others, newest first."""
    orders = list(_joined().filter(case_id=case_id).order_by("-created_at")[:CASE_ORDERS_MAX])
    late = [o for o in orders if o.state in (*OPEN, "proposed")]
    late.sort(key=lambda o: (o.due_at is None, o.due_at or now, -o.at_stake_minor))
    return _rows(late) + _rows(o for o in orders if o.state not in (*OPEN, "proposed"))


def account_orders(case_id: UUID) -> dict[tuple[str, str, str], list[Row]]:
    """Orders of a case by (partner, account, currency), oldest first, for the table of accounts."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for order in _joined().filter(case_id=case_id).order_by("created_at")[:CASE_ORDERS_MAX]:
        found.setdefault((order.partner_id, order.account, order.currency), []).append(row_of(order))
    return found


def order_detail(order_id: UUID, *, whole: bool = True) -> Row:
    """One order with its papers, answers and followers; raises Order.DoesNotExist. whole: account and name unmasked."""
    order = _joined().select_related("authorisation", "ref").get(pk=order_id)
    outbox = Outbox.objects.filter(pk=order_id).first()
    answers = OrderAnswer.objects.filter(order=order).order_by("-received_at")[:ANSWERS_SHOWN_MAX]
    transfer = order.transfer or {}
    return {
        **row_of(order, whole=whole),
        "law": law_text(order.law),
        "policy": order.policy,
        "approved_by": who_text(order.approved_by) if order.approved_by else "",
        "authorisation": _authorisation_row(order.authorisation) if order.authorisation else None,
        "since": order.since,
        "transfer": transfer if whole else _masked_transfer(transfer),
        "transfer_at": datetime.fromisoformat(str(transfer["at"])) if transfer.get("at") else None,
        "delivered_at": order.delivered_at,
        "effective_at": order.effective_at,
        "extended": order.extended,
        "outcome": outcome_text(order.outcome) if order.outcome else "",
        "outcome_message": order.outcome_message,
        "ref_id": order.ref_id,
        "followers": _rows(_joined().filter(ref=order).order_by("created_at")),
        "answers": [_answer_row(answer) for answer in answers],
        "steps": _steps(order),
        "attempts": outbox.attempts if outbox else 0,
        "last_error": outbox.last_error if outbox else "",
        "sendable": order.state == "queued" and outbox is not None and outbox.state == "due",
        "can_withdraw": ORDER.can(order.state, "withdraw"),
        "needs_papers": order.outcome == Outcome.NEEDS_PAPERS.value and order.state in OPEN,
        "note": order.note,
    }


def _masked_transfer(transfer: Row) -> Row:
    """The transfer that a stop names, its two ends masked."""
    ends: Row = {
        side: {**transfer[side], "number": mask_account(transfer[side]["number"]), "name": ""}
        for side in ("payer", "payee")
        if side in transfer
    }
    return {**transfer, **ends}


def _answer_row(answer: OrderAnswer) -> Row:
    body = answer.body
    return {
        "seq": answer.seq,
        "at": answer.at,
        "received_at": answer.received_at,
        "outcome": outcome_text(answer.outcome),
        "code": answer.code,
        "verdict": answer.verdict,
        "message": body.get("message", ""),
        "held_minor": body.get("held_minor"),
        "balance_minor": body.get("balance_minor"),
        "currency": body.get("currency", "CNY"),
        "lines": len(body.get("transactions", ())),
        "holder": mask_holder((body.get("holder") or {}).get("name", "")),
    }


def _steps(order: Order) -> list[Row]:
    """Where an order stands on its way, as steps: past, here, to come."""
    ending = "in_force" if KINDS[order.kind].measure else "done"
    way = ["queued", "delivered", ending]
    if order.state == "proposed" or (
        order.approved_by and not order.authorisation_id and order.approved_by != "release"
    ):
        way.insert(0, "proposed")
    if order.state in ("released", "lapsed"):
        way.append(order.state)
    elif order.state not in way:
        way = [*way[:1], order.state] if order.state in ("declined", "withdrawn") else [*way[:-1], order.state]
    at = way.index(order.state)
    return [{"text": gettext(STATES[state].text), "past": i < at, "here": i == at} for i, state in enumerate(way)]


def due_next(*, now: datetime, limit: int) -> list[Row]:
    """The open orders that fall due next, the late ones first."""
    return _rows(_joined().filter(state__in=OPEN).order_by("due_at")[:limit])


def accounts_held(*, since: datetime) -> int:
    """How many stops that took force since an instant hold money."""
    return Order.objects.filter(kind="stop", effective_at__gte=since, state="in_force", held_minor__gt=0).count()


def partner_open(partner_code: str, ranking: Sequence[UUID]) -> list[Row]:
    """What one organisation has to answer, in the order given; then what was given up, which it may answer still."""
    place = {order_id: n for n, order_id in enumerate(ranking[:BOARD_ROWS_MAX])}
    mine = _joined().filter(partner_id=partner_code)
    due = sorted(mine.filter(pk__in=list(place)), key=lambda order: place[order.pk])
    given_up = mine.filter(state="unanswered").order_by("-created_at")[: BOARD_ROWS_MAX - len(due)]
    return _rows([*due, *given_up], whole=True)


def partner_answered(partner_code: str) -> list[Row]:
    """What one organisation has answered, the latest first."""
    answered = _joined().filter(partner_id=partner_code, answered_at__isnull=False)
    return _rows(answered.order_by("-answered_at")[:BOARD_ROWS_MAX], whole=True)


def partner_order(partner_code: str, order_id: UUID) -> Row:
    """One order of one organisation; raises Order.DoesNotExist for any other organisation's order."""
    order = _joined().get(pk=order_id, partner_id=partner_code)
    return {
        **row_of(order, whole=True),
        "law": law_text(order.law),
        "since": order.since,
        "transfer": order.transfer or {},
        "transfer_at": datetime.fromisoformat(str(order.transfer["at"])) if order.transfer else None,
        "approved_by": who_text(order.approved_by),
        "is_query": order.kind in QUERIES,
        "is_stop": order.kind == Kind.STOP.value,
        "note": order.note,
        "answer_seq": order.answer_seq,
        "answers": [_answer_row(answer) for answer in order.answers.order_by("-received_at")[:ANSWERS_SHOWN_MAX]],
    }
