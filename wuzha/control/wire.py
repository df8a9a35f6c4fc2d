"""From an order of ours to the message a partner reads."""

from datetime import datetime, timedelta

from wuzha.control.kinds import ELSEWHERE, KINDS
from wuzha.control.models import Order
from wuzha.control.policy import Policy
from wuzha.intake.models import Case
from wuzha.partners.models import Outbox
from wuzha.partners.protocol import AccountKind, AccountRef, Kind, TransferRef
from wuzha.partners.protocol import Order as WireOrder

STAKE_PER_URGENCY = 10**15  # an urgent order goes before any sum that is not


def outbox_row(order: Order, case: Case, victim: AccountRef | None, policy: Policy) -> Outbox:
    """The outbox row of a queued order; its body is the protocol's `Order`."""
    if order.queued_at is None or order.due_at is None:
        raise ValueError("only a queued order has a wire form")
    stop, listing = order.kind == Kind.STOP.value, order.kind == Kind.REVIEW_OUTFLOWS.value
    spare = [AccountKind.MERCHANT, AccountKind.CRYPTO_DEALER] if order.asked_by == "chase" and (stop or listing) else []
    wire = WireOrder(
        order_id=order.id,
        kind=Kind(order.kind),
        case_number=case.number,
        account=_account(order),
        amount_minor=order.amount_minor,
        currency=order.currency,
        urgency="urgent" if order.urgent else "normal",
        since=order.since,
        issued_at=order.queued_at,
        due_at=order.due_at,
        starts_at=order.queued_at if stop else None,
        ends_at=_ends_at(order, policy),
        transfer=TransferRef.model_validate(order.transfer) if order.transfer else None,
        victim=victim,
        ref_order_id=order.ref_id,
        spare=spare,
        delay_s=policy.review_delay_s if listing else None,
        free_minor=policy.review_free_minor if listing else None,
        reason=order.note or KINDS[order.kind].name,
        legal_basis=order.law,
        asked_by=order.asked_by,
        approved_by=order.approved_by,
    )
    return Outbox(
        id=order.id,
        partner_id=order.partner_id,
        case_id=case.id,
        body=wire.model_dump(mode="json", exclude_none=True),
        priority=min(order.at_stake_minor, STAKE_PER_URGENCY) + (STAKE_PER_URGENCY if order.urgent else 0),
        created_at=order.queued_at,
        next_at=order.queued_at,
        deadline_at=order.queued_at + timedelta(seconds=policy.give_up_s),
    )


def _account(order: Order) -> AccountRef:
    """The account as the partner knows it; one that another partner keeps is named by its key, "BANK:number"."""
    bank, number = order.partner_id, order.account
    if order.kind in ELSEWHERE or (order.kind == Kind.WATCH_RELEASE.value and ":" in number):
        head, _colon, number = number.partition(":")
        bank = head.partition("@")[0]
    return AccountRef(bank=bank, number=number[:128], name=order.account_name)


def _ends_at(order: Order, policy: Policy) -> datetime | None:
    if order.kind == Kind.STOP.value and order.queued_at:
        return order.queued_at + timedelta(seconds=policy.stop_term_s)
    return order.ends_at
