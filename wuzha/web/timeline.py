"""The timeline of a case out of its journal: what happened in words, like things of one moment in one line."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext

from wuzha.control.models import Order
from wuzha.control.words import kind_text, who_text
from wuzha.intake.kind_words import kind_name
from wuzha.journal.models import Event
from wuzha.kernel.money import format_minor
from wuzha.kernel.refusals import _
from wuzha.partners.protocol import Kind
from wuzha.partners.selectors import partner_names

EVENTS_READ_MAX = 1_500
LINES_MAX = 120

# Kind of event -> (English message id, tone). Minor ones are shown only when all are asked for.
WORDS: dict[str, tuple[str, str]] = {
    "report.filed": (_("Report taken"), "info"),
    "order.resent": (_("Sent again by hand"), "wait"),
    "case.authorised": (_("Case authorised"), "good"),
    "case.authorisation_revoked": (_("Authorisation revoked"), "wait"),
    "case.closed": (_("Case closed"), "unknown"),
    "case.kind_decided": (_("Kind of fraud decided: %(fraud_kind)s"), "info"),
    "case.linked": (_("Linked with other cases"), "info"),
    "chase.found": (_("The money was followed to layer %(layer)s"), "info"),
    "chase.bank_unknown": (_("An account of an unknown bank: find the bank"), "bad"),
    "chase.stuck": (_("The statements contradict each other; look at them"), "bad"),
    "chase.limit": (_("The chase reached its limit of accounts"), "bad"),
    "ledger.conflict": (_("Two statements disagree about one transfer"), "bad"),
    "order.proposed": (_("%(kind)s waits for approval"), "wait"),
    "order.queued": (_("%(kind)s: %(partner)s"), "wait"),
    "order.unaddressed": (_("%(kind)s: the bank is not connected"), "bad"),
    "order.refused": (_("Refused by the partner"), "bad"),
    "order.declined": (_("Declined by the approver"), "unknown"),
    "order.withdrawn": (_("Order withdrawn"), "unknown"),
    "order.undelivered": (_("Could not be delivered"), "bad"),
    "order.unanswered": (_("Given up without an answer"), "bad"),
    "order.released": (_("Stop released"), "info"),
    "order.release_asked": (_("Release ordered"), "info"),
    "order.lapsed": (_("Stop lapsed by itself"), "unknown"),
    "order.extended": (_("Stop extended"), "good"),
    "order.extension_asked": (_("Extension ordered"), "info"),
    "order.amended": (_("Held amount changed"), "info"),
    "answer.recorded": (_("Answer received: %(partner)s"), "good"),
    "answer.contradiction": (_("An answer contradicts what was known"), "bad"),
    "clock.reminder": (_("Reminder: the answer is due soon"), "wait"),
    "clock.due": (_("The time limit is over"), "bad"),
    "clock.escalation": (_("Still no answer: escalated"), "bad"),
    "listing.reason": (_("On the grey list because of this case: %(partner)s"), "wait"),
    "listing.objection": (_("The holder of a listed account objects"), "bad"),
    "listing.objection_answered": (_("Objection answered: %(reason)s"), "info"),
    "payment.waits": (_("A payment of a listed account waits: %(partner)s"), "wait"),
    "payment.decided": (_("Waiting payment decided: %(reason)s"), "info"),
    "payment.stopped": (_("A waiting payment is stopped"), "held"),
    "payment.passed": (_("A waiting payment was let go"), "info"),
    "payment.lapsed": (_("A waiting payment went by itself"), "unknown"),
    "statements.imported": (_("Statements imported: %(added)s transfers new"), "info"),
    "batch.made": (_("A list of %(accounts)s accounts is asked about"), "wait"),
    "evidence.exported": (_("Evidence taken (%(form)s)"), "info"),
    "personal.unmasked": (_("Personal data shown: %(reason)s"), "info"),
    "reaction.failed": (_("A step failed and will be tried again"), "bad"),
}
# The same events of a listing, and of the clock of a waiting payment.
OF_LISTING: dict[str, tuple[str, str]] = {
    "order.released": (_("Taken off the grey list"), "info"),
    "order.release_asked": (_("To be taken off the grey list"), "info"),
    "order.lapsed": (_("Lapsed from the grey list"), "unknown"),
    "order.extended": (_("One more term on the grey list"), "wait"),
}
OF_REVIEW: dict[str, tuple[str, str]] = {
    "clock.reminder": (_("Reminder: a payment still waits for our word"), "wait"),
    "clock.due": (_("A waiting payment goes: nobody decided"), "unknown"),
}
MINOR: dict[str, tuple[str, str]] = {
    "order.delivered": (_("The partner has it"), "unknown"),
    "answer.duplicate": (_("The same answer came again"), "unknown"),
    "ledger.extended": (_("Transfers added to the ledger"), "unknown"),
}


def timeline(case_id: UUID, *, everything: bool = False) -> list[dict[str, Any]]:
    """Lines of a case's timeline, newest first: {"at", "text", "tone", "by", "count"}."""
    words = WORDS | MINOR if everything else WORDS
    events = list(Event.objects.filter(case_id=case_id, kind__in=list(words)).order_by("-id")[:EVENTS_READ_MAX])
    partners, orders = partner_names(), _orders(events)
    lines: list[dict[str, Any]] = []
    for event in events:
        text, tone = _words(event, orders) or words[event.kind]
        line = {
            "at": event.at,
            "text": gettext(text) % _values(event, partners, orders),
            "tone": _tone(event, tone),
            "by": _who(event.by, partners),
            "count": 1,
            "amount": _amount(event, orders),
        }
        last = lines[-1] if lines else None
        if last and last["text"] == line["text"] and last["by"] == line["by"] and _close(last, line):
            last["count"] += 1
            last["amount"] = ""
            continue
        if len(lines) == LINES_MAX:
            break
        lines.append(line)
    for line in lines:
        if line["count"] > 1:
            line["times"] = ngettext("%(n)s time", "%(n)s times", line["count"]) % {"n": line["count"]}
    return lines


def _words(event: Event, orders: Mapping[str, Order]) -> tuple[str, str] | None:
    """Words of their own for what belongs to the grey list; None for everything else."""
    if event.body.get("clock") == "review":
        return OF_REVIEW.get(event.kind)
    order = orders.get(event.subject)
    return OF_LISTING.get(event.kind) if order and order.kind == Kind.REVIEW_OUTFLOWS.value else None


def _tone(event: Event, tone: str) -> str:
    if event.kind == "answer.recorded" and event.body.get("held_minor"):
        return "held"
    return tone


def _close(later: Mapping[str, Any], earlier: Mapping[str, Any]) -> bool:
    return bool((later["at"] - earlier["at"]).total_seconds() < 1)


def _who(by: str, partners: Mapping[str, str]) -> str:
    code = by.removeprefix("partner:")
    return partners.get(code, code) if code != by else who_text(by)


def _orders(events: Iterable[Event]) -> dict[str, Order]:
    """The orders that events are about, by subject."""
    subjects = {event.subject for event in events if event.subject.startswith("order:")}
    ids = [UUID(subject.removeprefix("order:")) for subject in subjects]
    return {order.subject: order for order in Order.objects.filter(pk__in=ids)}


def _values(event: Event, partners: Mapping[str, str], orders: Mapping[str, Order]) -> dict[str, object]:
    order = orders.get(event.subject)
    partner = order.partner_id if order else str(event.body.get("partner", ""))
    return {
        "kind": kind_text(order.kind if order else str(event.body.get("order_kind", ""))),
        "partner": partners.get(partner, partner),
        "layer": event.body.get("layer", ""),
        "reason": event.body.get("reason", ""),
        "fraud_kind": kind_name(str(event.body.get("kind", ""))),
        "added": event.body.get("added", ""),
        "accounts": event.body.get("accounts", ""),
        "form": str(event.body.get("form", "")).upper(),
    }


def _amount(event: Event, orders: Mapping[str, Order]) -> str:
    order = orders.get(event.subject)
    currency = order.currency if order else str(event.body.get("currency", "CNY"))
    for name in ("held_minor", "amount_minor"):
        if event.body.get(name):
            return f"{format_minor(int(event.body[name]), currency)} {currency}"
    return ""
