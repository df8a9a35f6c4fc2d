"""Sending an order again now instead of when the outbox would: for the officer who has just talked to the bank."""

from datetime import datetime
from uuid import UUID

from wuzha.control.models import Order
from wuzha.journal.append import on_case
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.models import Outbox, Partner


def resend(*, order_id: UUID, by: str, now: datetime) -> None:
    """Make a queued order due now and close its partner's breaker for this try."""
    order = Order.objects.get(pk=order_id)
    with on_case(order.case_id, by=by, now=now) as log:
        hastened = Outbox.objects.filter(pk=order_id, state="due").update(next_at=now)
        if not hastened:
            raise Refusal("order.sent", _("The partner has this order already; call its liaison instead."))
        Partner.objects.filter(pk=order.partner_id).update(open_until=None)
        log.write("order.resent", order.subject, partner=order.partner_id)
