"""The grey list 灰名单: which accounts stand on it, for how long, and what their bank may be told. Pure.

Theory. An account that passed stolen money on is likely to be used again. Its bank is asked to look at what it pays
before it goes: a payment waits for some hours, the centre is told, and either stops the money for a case, lets the
payment go, or says nothing and the payment goes by itself. Nothing is frozen. The holder is not told by anybody's own
doing while the listing lasts, because a card that is seen to be blocked is only replaced; whoever asks why a payment
waits gets reason, remedy and the papers needed, and an objection that is right ends the listing at once.

Small sums go unlooked at: what somebody needs to live on, and what a gang pays to try a card with.

Law: 反电信网络诈骗法 art. 18 (verify and delay a suspicious payment), arts. 20 and 32 (conditions, procedure, remedy).
Terms and sums are policy data. One live listing an account, whatever the number of cases; it lapses by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from wuzha.control.kinds import LIVE
from wuzha.control.policy import Policy
from wuzha.control.rules import Intent
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.protocol import Kind

LISTINGS_PER_CASE_MAX = 300
PAYMENTS_PER_LISTING_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Mule:
    """An account of a case that passed stolen money on. last_in_at: when stolen money last came."""

    bank: str
    number: str
    name: str
    currency: str
    layer: int
    passed_on_minor: int
    last_in_at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """An earlier or live listing of the account, of whatever case. ended_at: None while it lives."""

    state: str
    ended_at: datetime | None


def verdict_on(
    mule: Mule, earlier: Iterable[Listed], policy: Policy, *, able: bool = True
) -> Literal["list", "add", "leave"]:
    """What becomes of a mule: it is listed, its case is added to the live listing, or it is left alone.

    It is left where too little was passed on, where its bank is not `able` to look at payments before they go, and
    where no stolen money came since its last listing ended.
    """
    earlier = list(earlier)
    if any(listing.state in LIVE for listing in earlier):
        return "add"
    if not policy.review_term_s or mule.passed_on_minor < policy.review_from_minor:
        return "leave"
    if not able:
        return "leave"
    if any(listing.ended_at is not None and listing.ended_at >= mule.last_in_at for listing in earlier):
        return "leave"
    return "list"


def listing_intent(mule: Mule, *, n: int, why: str, policy: Policy, now: datetime) -> Intent:
    """The order that lists an account; n tells repeated listings of one case apart."""
    return Intent(
        kind=Kind.REVIEW_OUTFLOWS.value,
        bank=mule.bank,
        account=mule.number,
        account_name=mule.name,
        currency=mule.currency,
        layer=mule.layer,
        round=n,
        urgent=False,
        at_stake_minor=0,
        why=why,
        ends_at=now + timedelta(seconds=policy.review_term_s),
    )


def check_listing_extension(since: datetime, ends_at: datetime, extended: int, policy: Policy) -> datetime:
    """New end of an extended listing: one more term; Refusal "listing.extended" when it was extended already."""
    if extended + 1 >= policy.review_times_max:
        raise Refusal(
            "listing.extended",
            _("This listing was extended already. Let it lapse; new stolen money on the account lists it again."),
        )
    term = timedelta(seconds=policy.review_term_s)
    return min(ends_at + term, since + term * policy.review_times_max)


def check_payment(state: str, until_at: datetime, now: datetime) -> None:
    """Refusal "payment.over" unless a payment still waits."""
    if state != "waiting" or until_at <= now:
        raise Refusal("payment.over", _("This payment does not wait any more; reload the page."))
