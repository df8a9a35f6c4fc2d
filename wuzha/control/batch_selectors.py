"""What the pages read of batches: how far each is, and one table of answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext

from wuzha.control.kinds import OPEN
from wuzha.control.models import Batch, BatchItem, Order, OrderAnswer
from wuzha.control.words import HOLDER_KINDS, kind_text, outcome_text, state_word, who_text
from wuzha.intake.selectors import mask_holder
from wuzha.kernel.identifiers import mask_account
from wuzha.partners.selectors import partner_names

BATCHES_SHOWN_MAX = 100
ROWS_PER_PAGE = 200
FINISHED = ("done", "refused", "declined", "withdrawn", "undelivered", "unanswered")

Row = dict[str, Any]

SHOWS: dict[str, Q] = {
    "all": Q(),
    "answered": Q(order__state="done"),
    "open": Q(order__state__in=OPEN),
    "late": Q(order__state__in=OPEN),  # narrowed by due_at at reading time
    "refused": Q(order__state__in=("refused", "declined", "withdrawn", "undelivered", "unanswered")),
    "waiting": Q(order__state="proposed"),
}


def batches(*, now: datetime) -> list[Row]:
    """Batches, newest first, with how far each is."""
    found = _counted(now).order_by("-at")[:BATCHES_SHOWN_MAX]
    return [_row(batch) for batch in found]


def batch(batch_id: UUID, *, now: datetime) -> Row:
    """One batch with its counts and its unusable lines; raises Batch.DoesNotExist."""
    found = _counted(now).get(pk=batch_id)
    return _row(found) | {
        "bad": [{"line": one["line"], "text": one["text"], "why": _why(one)} for one in found.bad],
        "repeated": found.repeated,
        "since": found.since,
    }


def _why(one: Row) -> str:
    template, values = one["template"], one["values"]
    return gettext(template) % values if values else gettext(template)


def _counted(now: datetime) -> QuerySet[Batch]:
    state = "items__order__state"
    return Batch.objects.select_related("case").annotate(
        answered=Count("items", filter=Q(**{state: "done"})),
        open=Count("items", filter=Q(**{f"{state}__in": OPEN})),
        late=Count("items", filter=Q(**{f"{state}__in": OPEN, "items__order__due_at__lt": now})),
        waiting=Count("items", filter=Q(**{state: "proposed"})),
        finished=Count("items", filter=Q(**{f"{state}__in": FINISHED})),
    )


def _row(batch: Any) -> Row:
    return {
        "id": batch.id,
        "case_id": batch.case_id,
        "case_number": batch.case.number,
        "kind_text": kind_text(batch.kind),
        "reason": batch.reason,
        "accounts": batch.accounts,
        "answered": batch.answered,
        "open": batch.open,
        "late": batch.late,
        "waiting": batch.waiting,
        "refused": batch.finished - batch.answered,
        "finished": batch.finished,
        "percent": 100 * batch.finished // max(1, batch.accounts),
        "bad_lines": len(batch.bad),
        "by": who_text(batch.by),
        "at": batch.at,
    }


def answers(
    batch_id: UUID, *, now: datetime, show: str = "all", text: str = "", page: int = 1, whole: bool = False
) -> tuple[list[Row], int]:
    """(rows of one page in the order of the list, how many there are). page 0: all rows. whole: unmasked."""
    items = BatchItem.objects.filter(SHOWS.get(show, Q()), batch_id=batch_id).select_related("order")
    if show == "late":
        items = items.filter(order__due_at__lt=now)
    digits = "".join(mark for mark in text if mark.isalnum())[:64]
    if digits:
        items = items.filter(order__account__contains=digits)
    total = items.count()
    items = items.order_by("line")
    chosen = list(items if page == 0 else items[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE])
    told = _told([item.order_id for item in chosen])
    names = partner_names()
    return [_answer(item, told.get(item.order_id), names, now, whole) for item in chosen], total


def _told(order_ids: list[UUID]) -> dict[UUID, Row]:
    """The newest answer to each order."""
    newest = OrderAnswer.objects.filter(order_id__in=order_ids).order_by("order_id", F("seq").desc(), F("id").desc())
    return {answer.order_id: answer.body for answer in newest.distinct("order_id")}


def _answer(item: BatchItem, body: Row | None, names: dict[str, str], now: datetime, whole: bool) -> Row:
    order: Order = item.order
    holder = (body or {}).get("holder") or {}
    name = holder.get("name", "") or order.account_name
    opened = holder.get("opened_at")
    return {
        "id": order.id,
        "line": item.line,
        "account": order.account if whole else mask_account(order.account),
        "bank": names.get(order.partner_id, order.partner_id),
        "holder": name if whole else mask_holder(name),
        "kind": gettext(kind) if (kind := HOLDER_KINDS.get(holder.get("kind", ""))) else "",
        "opened_at": datetime.fromisoformat(opened) if opened else None,
        "branch": holder.get("opened_branch", ""),
        "balance_minor": (body or {}).get("balance_minor"),
        "currency": (body or {}).get("currency", order.currency),
        "lines": len((body or {}).get("transactions", ())),
        "word": state_word(order.state),
        "state": order.state,
        "outcome": outcome_text(order.outcome) if order.outcome not in ("", "done", "already") else "",
        "late": order.state in OPEN and order.due_at is not None and order.due_at < now,
        "late_s": order.late_s or 0,
        "due_at": order.due_at,
        "queued_at": order.queued_at,
        "answered_at": order.answered_at,
    }
