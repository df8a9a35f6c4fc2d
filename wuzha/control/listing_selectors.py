"""What the pages read of the grey list: plain values, masked where a person need not know more.

A bank's liaison reads only what was addressed to the own bank; every read of theirs goes through its code.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext

from wuzha.control.kinds import LIVE, OPEN
from wuzha.control.models import HeldPayment, ListingObjection, ListingReason, Order
from wuzha.control.policy import Policy, policy_at
from wuzha.control.words import Word, law_text, state_word, who_text
from wuzha.intake.models import ReportedPayment
from wuzha.intake.selectors import mask_holder
from wuzha.kernel.identifiers import mask_account
from wuzha.kernel.refusals import _
from wuzha.partners.protocol import Kind
from wuzha.partners.selectors import partner_name, partner_names

ROWS_PER_PAGE = 50
REASONS_SHOWN_MAX = 200
PAYMENTS_SHOWN_MAX = 200
CASES_IN_ROW = 3
REMEDY_LAW = "反电信网络诈骗法 arts. 20, 32"
QUERY_LENGTH_MAX = 64

Row = dict[str, Any]

PAYMENT_STATES: dict[str, Word] = {
    "waiting": Word(_("Waits for our word"), "wait", "clock"),
    "stopped": Word(_("Stopped"), "held", "lock"),
    "passed": Word(_("Let go"), "info", "unlock"),
    "lapsed": Word(_("Went by itself"), "unknown", "clock"),
    "withdrawn": Word(_("Withdrawn by the holder"), "unknown", "back"),
}
WAYS = {
    "transfer": _("Transfer"),
    "cash": _("Cash"),
    "merchant": _("Payment to a merchant"),
    "crypto": _("Cryptocurrency"),
    "abroad": _("Sent abroad"),
}
SHOWS: dict[str, Q] = {
    "live": Q(state__in=LIVE),
    "waiting": Q(state__in=LIVE),  # narrowed by payments at reading time
    "objections": Q(),  # narrowed by open objections
    "ended": ~Q(state__in=LIVE),
    "all": Q(),
}


def _listings() -> QuerySet[Order]:
    return Order.objects.filter(kind=Kind.REVIEW_OUTFLOWS.value)


def is_listing(order_id: UUID) -> bool:
    """Whether an order lists an account."""
    return _listings().filter(pk=order_id).exists()


def is_payment(listing_id: UUID, payment_id: int) -> bool:
    """Whether a payment is one of a listing's."""
    return HeldPayment.objects.filter(pk=payment_id, listing_id=listing_id).exists()


def _waiting(now: datetime) -> QuerySet[HeldPayment]:
    return HeldPayment.objects.filter(state="waiting", until_at__gt=now)


def _objected() -> Exists:
    return Exists(ListingObjection.objects.filter(listing=OuterRef("pk"), answer=""))


def figures(*, now: datetime, partner: str = "") -> Row:
    """How many accounts stand on the list, on how many something waits, what was stopped, how many object."""
    listings = _listings().filter(**({"partner_id": partner} if partner else {}))
    payments = HeldPayment.objects.filter(**({"listing__partner_id": partner} if partner else {}), currency="CNY")
    waits = payments.filter(state="waiting", until_at__gt=now).aggregate(
        n=Count("listing", distinct=True), minor=Sum("amount_minor")
    )
    ended = payments.aggregate(
        stopped=Sum("amount_minor", filter=Q(state="stopped")), lapsed=Count("pk", filter=Q(state="lapsed"))
    )
    return {
        "live": listings.filter(state__in=LIVE).count(),
        "waiting": waits["n"],
        "waiting_minor": waits["minor"] or 0,
        "stopped_minor": ended["stopped"] or 0,
        "lapsed": ended["lapsed"],
        "objections": listings.filter(_objected()).count(),
    }


def grey_list(
    *, now: datetime, show: str = "live", partner: str = "", text: str = "", page: int = 1, whole: bool = False
) -> tuple[list[Row], int]:
    """(rows of one page, how many there are): what waits soonest first, then the newest. show: a key of SHOWS."""
    found = _listings().filter(SHOWS.get(show, SHOWS["live"]))
    if partner:
        found = found.filter(partner_id=partner)
    if show == "objections":
        found = found.filter(_objected())
    if show == "waiting":
        found = found.filter(Exists(_waiting(now).filter(listing=OuterRef("pk"))))
    sought = text.strip()[:QUERY_LENGTH_MAX]
    digits = "".join(mark for mark in sought if mark.isalnum())
    if sought:
        cases = ListingReason.objects.filter(listing=OuterRef("pk"), case__number__icontains=sought)
        found = found.filter(Q(account__contains=digits or sought) | Exists(cases))
    total = found.count()
    soonest = Min("payments__until_at", filter=Q(payments__state="waiting", payments__until_at__gt=now))
    ordered = found.annotate(soonest_at=soonest).order_by("soonest_at", "-created_at", "pk")
    chosen = list(ordered.select_related("partner__unit", "case")[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE])
    return _rows(chosen, now, whole=whole), total


def _rows(listings: Iterable[Order], now: datetime, *, whole: bool) -> list[Row]:
    listings = list(listings)
    ids = [listing.pk for listing in listings]
    reasons: dict[UUID, list[ListingReason]] = {}
    for reason in ListingReason.objects.filter(listing__in=ids).select_related("case").order_by("at", "pk"):
        reasons.setdefault(reason.listing_id, []).append(reason)
    waits = {
        row["listing"]: row
        for row in _waiting(now)
        .filter(listing__in=ids)
        .values("listing")
        .annotate(n=Count("pk"), minor=Sum("amount_minor"), soonest_at=Min("until_at"), first_at=Min("told_at"))
    }
    open_objections = dict(
        ListingObjection.objects.filter(listing__in=ids, answer="").values_list("listing").annotate(Count("pk"))
    )
    return [
        _row(listing, reasons.get(listing.pk, []), waits.get(listing.pk), whole=whole)
        | {"objections": open_objections.get(listing.pk, 0)}
        for listing in listings
    ]


def _row(listing: Order, reasons: list[ListingReason], waits: Mapping[str, Any] | None, *, whole: bool) -> Row:
    return {
        "id": listing.pk,
        "account": listing.account if whole else mask_account(listing.account),
        "name": listing.account_name if whole else mask_holder(listing.account_name),
        "bank": partner_name(listing.partner),
        "currency": listing.currency,
        "state": listing.state,
        "word": state_word(listing.state),
        "is_live": listing.state in LIVE,
        "in_force": listing.state == "in_force",
        "since": listing.effective_at or listing.queued_at or listing.created_at,
        "ends_at": listing.ends_at,
        "extended": listing.extended,
        "why": gettext(listing.why),
        "cases": [{"id": reason.case_id, "number": reason.case.number} for reason in reasons[:CASES_IN_ROW]],
        "more_cases": max(0, len(reasons) - CASES_IN_ROW),
        "passed_on_minor": sum(reason.passed_on_minor for reason in reasons),
        "waiting": waits["n"] if waits else 0,
        "waiting_minor": waits["minor"] if waits else 0,
        "soonest_at": waits["soonest_at"] if waits else None,
        "first_at": waits["first_at"] if waits else None,
    }


def listing_detail(order_id: UUID, *, now: datetime, whole: bool, partner: str = "") -> Row:
    """One listing with reasons, payments and objections; raises Order.DoesNotExist, also for another bank's."""
    found = _listings().filter(**({"partner_id": partner} if partner else {}))
    listing = found.select_related("partner__unit", "case").get(pk=order_id)
    names = partner_names()
    payments = list(listing.payments.order_by("-told_at", "-pk")[:PAYMENTS_SHOWN_MAX])
    numbers = {str(came["number"]) for payment in payments for came in payment.came if came["number"]}
    victims = _victims(numbers) if not partner else {}
    reasons = list(listing.reasons.select_related("case").order_by("at", "pk")[:REASONS_SHOWN_MAX])
    rows = _rows([listing], now, whole=whole)
    return {
        **rows[0],
        "case_id": listing.case_id,
        "case_number": listing.case.number,
        "law": law_text(listing.law),
        "policy": terms(policy_at(listing.created_at)) | {"version": listing.policy},
        "asked_by": who_text(listing.asked_by),
        "approved_by": who_text(listing.approved_by) if listing.approved_by else "",
        "answer_seq": listing.answer_seq,
        "can_extend": listing.state == "in_force" and listing.extended == 0,
        "extension_asked": listing.followers.filter(kind=Kind.REVIEW_EXTEND.value, state="proposed").exists(),
        "end_asked": listing.followers.filter(kind=Kind.REVIEW_RELEASE.value, state__in=OPEN).exists(),
        "reasons": [
            {"case_id": r.case_id, "number": r.case.number, "passed_on_minor": r.passed_on_minor,
             "currency": r.currency, "at": r.at}
            for r in reasons
        ],
        "payments": [
            _payment(payment, names, victims, now, whole=whole) | {"cases": _cases(payment, victims, reasons)}
            for payment in payments
        ],
        "open_objections": [{"text": o.text, "at": o.at} for o in listing.objections.filter(answer="").order_by("at")],
        "answered_objections": [
            {"text": o.text, "at": o.at, "answer": o.answer, "by": who_text(o.answered_by)}
            for o in listing.objections.exclude(answer="").order_by("-at")
        ],
    }  # fmt: skip


def _cases(payment: HeldPayment, victims: Mapping[str, Row], reasons: Iterable[ListingReason]) -> list[Row]:
    """Cases for which a payment can be stopped: those of payers who reported first, then those behind the listing."""
    told = [victims[str(came["number"])] for came in reversed(payment.came) if str(came["number"]) in victims]
    cases = told + [{"case_id": reason.case_id, "number": reason.case.number} for reason in reasons]
    return list({case["case_id"]: case for case in cases}.values())


def terms(policy: Policy) -> Row:
    """Term, delay and free sum of a version of the policy, in whole days, hours and fen."""
    return {
        "days": policy.review_term_s // 86_400,
        "hours": policy.review_delay_s // 3_600,
        "free_minor": policy.review_free_minor,
    }


def _victims(numbers: set[str]) -> dict[str, Row]:
    """Payers who have reported, by account number."""
    told = ReportedPayment.objects.filter(payer_account__in=numbers).select_related("case").order_by("-case__opened_at")
    return {row.payer_account: {"case_id": row.case_id, "number": row.case.number} for row in told}


def _payment(
    payment: HeldPayment, names: Mapping[str, str], victims: Mapping[str, Row], now: datetime, *, whole: bool
) -> Row:
    state = "lapsed" if payment.state == "waiting" and payment.until_at <= now else payment.state
    word = PAYMENT_STATES[state]
    return {
        "id": payment.pk,
        "serial": payment.serial,
        "at": payment.at,
        "told_at": payment.told_at,
        "until_at": payment.until_at,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "way": gettext(WAYS[payment.kind]) if payment.kind in WAYS and not payment.payee else "",
        "payee": (payment.payee if whole else mask_account(payment.payee)) if payment.payee else "",
        "payee_name": payment.payee_name if whole else mask_holder(payment.payee_name),
        "payee_bank": names.get(payment.payee_bank, payment.payee_bank),
        "state": state,
        "word": {"text": gettext(word.text), "tone": word.tone, "icon": word.icon},
        "waits": state == "waiting",
        "undecided": state == "waiting" and not payment.decision,
        "decision": payment.decision,
        "decided_by": who_text(payment.decided_by) if payment.decided_by else "",
        "decided_why": payment.decided_why,
        "came": [
            {
                "at": datetime.fromisoformat(str(came["at"])),
                "amount_minor": came["amount_minor"],
                "bank": names.get(str(came["bank"]), came["bank"]),
                "account": came["number"] if whole else mask_account(str(came["number"])),
                "name": came["name"] if whole else mask_holder(str(came["name"])),
                "victim": victims.get(str(came["number"])),
            }
            for came in reversed(payment.came)
        ],
    }


def listed_accounts(case_id: UUID) -> dict[tuple[str, str, str], UUID]:
    """The live listings of which a case is a reason: (bank, account, currency) -> listing."""
    found = _listings().filter(state__in=LIVE, reasons__case_id=case_id)
    return {(code, account, currency): pk for pk, code, account, currency in found.values_list(
        "pk", "partner_id", "account", "currency"
    )}  # fmt: skip
