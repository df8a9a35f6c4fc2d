"""What a centre's database says, as the auditor wants it: plain values, read with as little of the centre as can be.

Whether an order was authorised is judged here afresh, from the authorisation's own limits, not from the order's state.
"""

from collections import Counter

from django.db.models import Count

from wuzha.control.kinds import GIVING_BACK
from wuzha.control.models import Authorisation, Order, OrderAnswer
from wuzha.control.policy import POLICIES, to_cny_minor
from wuzha.intake.models import Case, ReportedPayment
from wuzha.partners.models import Outbox
from wuzha.simulation.auditor import CaseClaim, Claims, OrderClaim

FREE_KINDS = frozenset(GIVING_BACK)  # giving back needs no authority


def read_claims() -> Claims:
    """The centre's claims, read at one moment."""
    answers = Counter(dict(OrderAnswer.objects.values_list("order_id").annotate(Count("id"))))
    outbox = {row.id: row for row in Outbox.objects.all()}
    orders = tuple(
        _order(order, outbox.get(order.id), answers[order.id])
        for order in Order.objects.select_related("case", "authorisation")
    )
    disputed: Counter[object] = Counter()
    for case_id, amount_minor in ReportedPayment.objects.values_list("case_id", "amount_minor"):
        disputed[case_id] += amount_minor
    standing = set(Authorisation.objects.filter(kind="standing").values_list("case_id", flat=True))
    cases = tuple(
        CaseClaim(case.number, disputed[case.id], case.external_id, case.opened_at.timestamp(), case.id in standing)
        for case in Case.objects.only("number", "external_id", "opened_at")
    )
    return Claims(orders, cases)


def _order(order: Order, sent: Outbox | None, answers_n: int) -> OrderClaim:
    return OrderClaim(
        order_id=str(order.id),
        partner=order.partner_id,
        kind=order.kind,
        case_number=order.case.number,
        account=sent.body["account"]["number"] if sent else order.account,
        amount_minor=sent.body.get("amount_minor") if sent else order.amount_minor,
        queued=sent is not None and sent.state == "due",
        delivered=sent is not None and sent.state == "done",
        authorised=_is_authorised(order),
        answers_n=answers_n,
        held_minor=order.held_minor if order.state == "in_force" else 0,
    )


def _is_authorised(order: Order) -> bool:
    if order.kind in FREE_KINDS:
        return True
    covering: Authorisation | None = order.authorisation
    if covering is None:
        return bool(order.approved_by) and order.approved_by != order.asked_by
    value = to_cny_minor(order.amount_minor, order.currency, POLICIES[-1]) if order.amount_minor is not None else 0
    return (
        covering.case_id == order.case_id
        and order.queued_at is not None
        and covering.granted_at <= order.queued_at < covering.until_at
        and order.layer <= covering.layers_max
        and value is not None
        and value <= covering.amount_minor_max
    )
