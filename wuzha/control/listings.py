"""Writing the grey list: listing an account, what its bank tells of waiting payments, deciding, extending, ending.

A listing is an order of its case (`review-outflows`) and lives under that case's lock. Other cases only add themselves
as a reason. That an account is listed once is the database's rule: of two cases that list it in the same moment one
fails, its reaction is tried again, and finds the other's listing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from wuzha.clocks import actions as clocks
from wuzha.clocks.rules import Ladder
from wuzha.control import listing_rules as rules
from wuzha.control.actions import make_orders, order_by_hand, release
from wuzha.control.kinds import LIVE, PAYMENT
from wuzha.control.listing_rules import Listed, Mule
from wuzha.control.models import HeldPayment, ListingObjection, ListingReason, Order
from wuzha.control.policy import policy_at
from wuzha.control.rules import Intent
from wuzha.intake.models import Case, ReportedPayment
from wuzha.journal.append import Log, on_case
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.protocol import Answer, Kind, Outcome, PaymentHeld

CLOCK_REVIEW = "review"
CAME_KEPT_MAX = 20
EVENTS = {"stopped": "stop", "passed": "pass", "lapsed": "lapse", "withdrawn": "withdraw"}
_KIND = Kind.REVIEW_OUTFLOWS.value


def list_accounts(log: Log, case: Case, mules: Sequence[Mule], *, asked_by: str, why: str) -> list[Order]:
    """Put accounts on the list because of a case, or the case to the reasons of their live listing."""
    policy, earlier, unable = policy_at(log.now), _earlier(mules), _unable(mules)
    wanted: list[tuple[Mule, Intent]] = []
    reasons: list[tuple[Order, Mule]] = []
    for mule in mules[: rules.LISTINGS_PER_CASE_MAX]:
        known = earlier.get((mule.bank, mule.number, mule.currency), [])
        able = mule.bank not in unable
        do = rules.verdict_on(mule, [_listed(order) for order in known], policy, able=able)
        if do == "add":
            reasons.append((next(order for order in known if order.state in LIVE), mule))
        elif do == "list":
            n = 1 + sum(order.case_id == case.id for order in known)
            wanted.append((mule, rules.listing_intent(mule, n=n, why=why, policy=policy, now=log.now)))
    made = make_orders(log, case, [intent for _mule, intent in wanted], asked_by=asked_by) if wanted else []
    by_account = {(order.partner_id, order.account, order.currency): order for order in made}
    for mule, _intent in wanted:
        order = by_account.get((mule.bank, mule.number, mule.currency))
        if order is not None:
            reasons.append((order, mule))
    _add_reasons(log, case, reasons)
    return made


def list_by_hand(*, case_id: UUID, intent: Intent, by: str, now: datetime) -> Order:
    """An officer lists an account for a case; outside the authorisation it waits for an approver."""
    mule = Mule(intent.bank, intent.account, intent.account_name, intent.currency, intent.layer, 0, now)
    policy = policy_at(now)
    with on_case(case_id, by=by, now=now) as log:
        case = Case.objects.get(pk=case_id)
        known = _earlier([mule]).get((mule.bank, mule.number, mule.currency), [])
        if any(order.state in LIVE for order in known):
            raise Refusal(
                "listing.live", _("This account stands on the grey list already; look at it there."), field="account"
            )
        if not policy.review_term_s:
            raise Refusal("listing.law", _("No law in force allows a listing."), field="kind")
        n = 1 + sum(order.case_id == case_id for order in known)
        wanted = rules.listing_intent(mule, n=n, why=intent.why, policy=policy, now=now)
        made = make_orders(log, case, [wanted], asked_by=by)
        if not made:
            raise Refusal(
                "order.partner", _("This partner is not connected; choose the bank of the account."), field="bank"
            )
        _add_reasons(log, case, [(made[0], mule)])
        return made[0]


def _earlier(mules: Iterable[Mule]) -> dict[tuple[str, str, str], list[Order]]:
    """All listings that there ever were of some accounts, whatever the case."""
    orders = Order.objects.filter(
        kind=_KIND, partner_id__in={mule.bank for mule in mules}, account__in={mule.number for mule in mules}
    )
    found: dict[tuple[str, str, str], list[Order]] = {}
    for order in orders.prefetch_related("followers"):
        found.setdefault((order.partner_id, order.account, order.currency), []).append(order)
    return found


def _unable(mules: Iterable[Mule]) -> set[str]:
    """Banks that have answered that they cannot do this kind of order: they are not asked again."""
    asked = Order.objects.filter(kind=_KIND, partner_id__in={mule.bank for mule in mules})
    return set(asked.filter(outcome=Outcome.UNSUPPORTED.value).values_list("partner_id", flat=True).distinct())


def _listed(order: Order) -> Listed:
    if order.state in LIVE:
        return Listed(order.state, None)
    ends = [o.answered_at for o in order.followers.all() if o.kind == Kind.REVIEW_RELEASE.value and o.answered_at]
    if order.state == "released" and ends:
        return Listed(order.state, max(ends))
    lapsed_at = order.ends_at if order.state == "lapsed" else None
    return Listed(order.state, lapsed_at or order.answered_at or order.created_at)


def _add_reasons(log: Log, case: Case, reasons: Sequence[tuple[Order, Mule]]) -> None:
    """Note a case as a reason of listings; the case's lock keeps others from noting the same."""
    known = ListingReason.objects.filter(case=case, listing__in=[listing.pk for listing, _mule in reasons])
    noted = set(known.values_list("listing_id", flat=True)) if reasons else set()
    new = [(listing, mule) for listing, mule in reasons if listing.pk not in noted]
    ListingReason.objects.bulk_create(
        ListingReason(
            listing=listing, case=case, passed_on_minor=mule.passed_on_minor, currency=mule.currency, at=log.now
        )
        for listing, mule in new
    )
    for listing, mule in new:
        log.write(
            "listing.reason", listing.subject, partner=mule.bank, passed_on_minor=mule.passed_on_minor,
            currency=mule.currency,
        )  # fmt: skip


def read_listing(log: Log, listing: Order, answer: Answer) -> None:
    """What a bank tells of a listed account: payments that wait or waited, and what its holder says against it."""
    known = {payment.serial: payment for payment in listing.payments.all()} if answer.payments else {}
    came = [_came(line) for line in answer.transactions if line.direction == "in"][-CAME_KEPT_MAX:]
    for told in answer.payments:
        payment = known.get(told.serial)
        if payment is None and len(known) < rules.PAYMENTS_PER_LISTING_MAX and told.amount_minor:
            known[told.serial] = _new_payment(log, listing, told, answer.seq, came)
        elif payment is not None and answer.seq > payment.seq:
            payment.seq = answer.seq
            _become(log, payment, told.state)
    if answer.objection.strip():
        made = ListingObjection.objects.get_or_create(
            listing=listing, seq=answer.seq, defaults={"text": answer.objection.strip(), "at": log.now}
        )[1]
        if made:
            log.write("listing.objection", listing.subject, partner=listing.partner_id)


def _came(line: Any) -> dict[str, object]:
    other = line.counterparty
    bank, number, name = (other.bank, other.number, other.name) if other else ("", "", "")
    return {
        "at": line.at.isoformat(), "amount_minor": line.amount_minor, "serial": line.serial, "bank": bank,
        "number": number, "name": name,
    }  # fmt: skip


def _new_payment(log: Log, listing: Order, told: PaymentHeld, seq: int, came: list[dict[str, object]]) -> HeldPayment:
    payee = told.payee
    payment = HeldPayment.objects.create(
        listing=listing, serial=told.serial, seq=seq, at=told.at, amount_minor=told.amount_minor,
        currency=told.currency, kind=told.kind.value, payee_bank=payee.bank if payee else "",
        payee=payee.number if payee else "", payee_name=payee.name if payee else "", until_at=told.until_at,
        state=told.state, came=came, told_at=log.now,
    )  # fmt: skip
    log.write(
        "payment.waits" if told.state == "waiting" else f"payment.{told.state}", payment.subject,
        order=str(listing.id), partner=listing.partner_id, amount_minor=told.amount_minor, currency=told.currency,
    )  # fmt: skip
    if told.state == "waiting":
        remaining_s = max(1, int((told.until_at - log.now).total_seconds()))
        clocks.start_many(log, CLOCK_REVIEW, [(payment.subject, Ladder(remaining_s, (remaining_s // 2,)))])
    return payment


def _become(log: Log, payment: HeldPayment, state: str) -> None:
    """A payment goes on to what its bank (or the clock) says it became; a step that there is not changes nothing."""
    before = payment.state
    if state in EVENTS and PAYMENT.can(before, EVENTS[state]):
        payment.state = PAYMENT.step(before, EVENTS[state])
        clocks.settle(log, CLOCK_REVIEW, [payment.subject])
        log.write(
            f"payment.{payment.state}", payment.subject, order=str(payment.listing_id),
            amount_minor=payment.amount_minor, currency=payment.currency,
        )  # fmt: skip
    HeldPayment.objects.filter(pk=payment.pk, state=before).update(state=payment.state, seq=payment.seq)


def payment_due(log: Log, subject: str) -> None:
    """Nobody decided in time: the payment goes (reaction to its clock)."""
    payment = HeldPayment.objects.filter(pk=int(subject.removeprefix("payment:"))).first()
    if payment is not None:
        _become(log, payment, "lapsed")


def listing_over(log: Log, order_id: UUID) -> None:
    """A listing was released or lapsed: what waited because of it goes (reaction)."""
    for payment in HeldPayment.objects.filter(listing_id=order_id, state="waiting"):
        _become(log, payment, "lapsed")


def _live_payment(payment_id: int) -> HeldPayment:
    try:
        return HeldPayment.objects.select_related("listing").get(pk=payment_id)
    except HeldPayment.DoesNotExist:
        raise Refusal("payment.over", _("This payment does not wait any more; reload the page.")) from None


def let_go(*, payment_id: int, reason: str, by: str, now: datetime) -> None:
    """Let a waiting payment go: nothing speaks against it."""
    _need(reason, _("Say why the payment may go."))
    listing = _live_payment(payment_id).listing
    with on_case(listing.case_id, by=by, now=now) as log:
        payment = _live_payment(payment_id)
        rules.check_payment(payment.state, payment.until_at, now)
        _check_undecided(payment)
        intent = Intent(
            kind=Kind.REVIEW_PASS.value, bank=listing.partner_id, account=listing.account,
            account_name=listing.account_name, currency=payment.currency, layer=listing.layer,
            round=listing.followers.filter(kind=Kind.REVIEW_PASS.value).count() + 1, urgent=True,
            at_stake_minor=payment.amount_minor, amount_minor=payment.amount_minor, ref_order_id=listing.id,
            transfer=_named(payment), why=_("Nothing speaks against this payment"),
        )  # fmt: skip
        make_orders(log, listing.case, [intent], asked_by=by)
        _decided(log, payment, "pass", reason)


def stop_for(*, payment_id: int, case_id: UUID, reason: str, by: str, now: datetime) -> Order:
    """Stop the sum of a waiting payment for a case whose stolen money it is; the bank matches the latest line in.

    The stop is an order like any other: outside the case's authorisation it waits for an approver.
    """
    _need(reason, _("Say whose money it is and how that is known."))
    payment = _live_payment(payment_id)
    listing = payment.listing
    rules.check_payment(payment.state, payment.until_at, now)
    _check_undecided(payment)
    if not payment.came:
        raise Refusal(
            "payment.origin", _("The bank has not told where the money came from. Ask for a statement first.")
        )
    payers = [came["number"] for came in payment.came if came["number"]]
    reported = ReportedPayment.objects.filter(case_id=case_id, payer_account__in=payers)
    if not ListingReason.objects.filter(listing=listing, case_id=case_id).exists() and not reported.exists():
        raise Refusal("payment.case", _("Choose a case behind the listing, or one whose victim paid in."), field="case")
    came = payment.came[-1]
    transfer: dict[str, object] = {
        "payer": {"bank": came["bank"], "number": came["number"] or "-", "name": came["name"]},
        "payee": {"bank": listing.partner_id, "number": listing.account, "name": listing.account_name},
        "amount_minor": came["amount_minor"], "currency": payment.currency, "at": came["at"], "serial": came["serial"],
    }  # fmt: skip
    intent = Intent(
        kind=Kind.STOP.value, bank=listing.partner_id, account=listing.account, account_name=listing.account_name,
        currency=payment.currency, layer=listing.layer, round=1, urgent=True, at_stake_minor=payment.amount_minor,
        amount_minor=payment.amount_minor, transfer=transfer, why=_("A payment of a listed account waits here"),
    )  # fmt: skip
    stop = order_by_hand(case_id=case_id, intent=intent, by=by, now=now)
    with on_case(listing.case_id, by=by, now=now) as log:
        _decided(log, payment, "stop", reason)
    return stop


def _named(payment: HeldPayment) -> dict[str, object]:
    """A waiting payment as the bank finds it again, as `TransferRef` JSON."""
    listing = payment.listing
    return {
        "payer": {"bank": listing.partner_id, "number": listing.account, "name": listing.account_name},
        "payee": {"bank": payment.payee_bank, "number": payment.payee or "-", "name": payment.payee_name},
        "amount_minor": payment.amount_minor, "currency": payment.currency, "at": payment.at.isoformat(),
        "serial": payment.serial,
    }  # fmt: skip


def _check_undecided(payment: HeldPayment) -> None:
    if payment.decision:
        raise Refusal("payment.decided", _("This payment was decided already; reload the page."))


def _decided(log: Log, payment: HeldPayment, decision: str, reason: str) -> None:
    HeldPayment.objects.filter(pk=payment.pk, decision="").update(
        decision=decision, decided_by=log.by, decided_at=log.now, decided_why=reason.strip()[:300]
    )
    log.write("payment.decided", payment.subject, decision=decision, reason=reason.strip()[:300])


def _need(reason: str, words: str) -> None:
    if not reason.strip():
        raise Refusal("reason.missing", words, field="reason")


def extend_listing(*, order_id: UUID, reason: str, by: str, now: datetime) -> None:
    """Ask for one more term; a second officer has to approve it."""
    _need(reason, _("Say why the account must stay on the list."))
    listing = Order.objects.get(pk=order_id, kind=_KIND)
    with on_case(listing.case_id, by=by, now=now) as log:
        listing.refresh_from_db()
        if listing.state != "in_force" or not listing.effective_at or not listing.ends_at:
            raise Refusal("extend.state", _("Only a listing in force can be extended."))
        ends_at = rules.check_listing_extension(listing.effective_at, listing.ends_at, listing.extended, policy_at(now))
        intent = replace(_about(listing, Kind.REVIEW_EXTEND, _("Extended by an officer")), ends_at=ends_at)
        make_orders(log, listing.case, [intent], asked_by=by)
        log.write("order.extension_asked", listing.subject, reason=reason.strip()[:300])


def end_listing(*, order_id: UUID, reason: str, by: str, now: datetime) -> None:
    """Take an account off the list, whatever the number of cases behind it; open objections are answered with that."""
    _need(reason, _("Say why the account is taken off; the holder may read it."))
    listing = Order.objects.get(pk=order_id, kind=_KIND)
    with on_case(listing.case_id, by=by, now=now) as log:
        listing.refresh_from_db()
        if listing.state != "in_force":
            raise Refusal("listing.state", _("Only a listing in force can be ended; take the order back instead."))
        release(log, listing.case, [listing], why=_("Taken off by an officer"), asked_by=by)
        log.write("order.release_asked", listing.subject, reason=reason.strip()[:300])
        _answer(log, listing, reason)


def reject_objection(*, order_id: UUID, reason: str, by: str, now: datetime) -> None:
    """Answer the open objections without ending the listing; the bank gives the holder these words."""
    _need(reason, _("Say why the account stays on the list; the holder may read it."))
    listing = Order.objects.get(pk=order_id, kind=_KIND)
    with on_case(listing.case_id, by=by, now=now) as log:
        if not _answer(log, listing, reason):
            raise Refusal("objection.none", _("There is no open objection; reload the page."))


def _answer(log: Log, listing: Order, reason: str) -> int:
    answered = ListingObjection.objects.filter(listing=listing, answer="").update(
        answer=reason.strip()[:300], answered_by=log.by, answered_at=log.now
    )
    if answered:
        log.write("listing.objection_answered", listing.subject, reason=reason.strip()[:300])
    return answered


def _about(listing: Order, kind: Kind, why: str) -> Intent:
    return Intent(
        kind=kind.value, bank=listing.partner_id, account=listing.account, account_name=listing.account_name,
        currency=listing.currency, layer=listing.layer, round=listing.extended + 1, urgent=False, at_stake_minor=0,
        why=why, ref_order_id=listing.id,
    )  # fmt: skip
