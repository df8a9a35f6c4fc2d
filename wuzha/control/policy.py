"""Limits and terms of practice and law as dated data.

Each value names its source; an order keeps the version it was made under. Marks as in docs/law.md: (H), (S), (T) are
documented practice of centres, "unconfirmed" values may be changed by the centre without breaking a rule of law.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from wuzha.clocks.rules import Ladder
from wuzha.kernel.money import MINOR_DIGITS


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the limits. Seconds end in _s, sums in _minor (fen of CNY)."""

    version: str
    effective_from: date
    query_limit_s: int  # practice: a query is answered within 10 minutes
    stop_limit_s: int  # practice: an account is stopped within 15 minutes
    urgent_local_limit_s: int  # practice: urgent, account in this city: 10 minutes
    urgent_remote_limit_s: int  # practice: urgent, elsewhere: 20 minutes
    urgent_age_s: int  # unconfirmed: money that moved within this time makes an order urgent
    stop_term_s: int  # 银发〔2016〕86号: 48 hours from the moment of stopping
    stop_times_max: int  # 银发〔2016〕86号: the same account at most twice
    lapse_reminder_before_s: tuple[int, ...]
    standing_amount_minor_max: int  # unconfirmed: reports up to this sum are covered by standing order
    standing_layers_max: int
    standing_hours: int
    approved_layers_max: int
    approved_hours: int
    give_up_s: int  # an unanswered order is closed as unanswered after this
    rates_to_cny_percent: tuple[tuple[str, int], ...]  # for comparing with the standing limit only
    # The grey list; a term of 0: no law allows one. 反电信网络诈骗法 art. 18 lets a bank verify and delay a suspicious
    # payment, art. 20 asks for conditions, procedure and remedy; neither names days, hours or sums: all unconfirmed.
    review_term_s: int = 0  # an account stays on the list so long, unless it is ended before
    review_times_max: int = 2  # listed and extended, in all
    review_delay_s: int = 0  # a payment waits so long at most, then it goes
    review_free_minor: int = 0  # goes out in any 24 hours without being looked at: what somebody needs to live on
    review_from_minor: int = 0  # who passed on less stolen money is not listed
    review_limit_s: int = 3600  # a bank has an account on its list within this
    review_reminder_before_s: tuple[int, ...] = (3 * 86_400,)


_2016 = Policy(
    version="2016-12",
    effective_from=date(2016, 12, 1),
    query_limit_s=600,
    stop_limit_s=900,
    urgent_local_limit_s=600,
    urgent_remote_limit_s=1200,
    urgent_age_s=2 * 3600,
    stop_term_s=48 * 3600,
    stop_times_max=2,
    lapse_reminder_before_s=(6 * 3600, 3600),
    standing_amount_minor_max=50_000_000,
    standing_layers_max=12,
    standing_hours=48,
    approved_layers_max=20,
    approved_hours=96,
    give_up_s=48 * 3600,
    rates_to_cny_percent=(
        ("USD", 710), ("EUR", 780), ("GBP", 910), ("HKD", 91), ("USDT", 710), ("JPY", 5), ("KRW", 1),
    ),
)  # fmt: skip
# 反电信网络诈骗法 in force.
_2022 = replace(
    _2016,
    version="2022-12",
    effective_from=date(2022, 12, 1),
    review_term_s=30 * 86_400,
    review_delay_s=24 * 3600,
    review_free_minor=50_000,
    review_from_minor=50_000,
)
POLICIES: tuple[Policy, ...] = (_2016, _2022)


def policy_at(now: datetime) -> Policy:
    """The version in force at `now`: the last one whose date of effect is not later (the first one before that)."""
    in_force = [policy for policy in POLICIES if policy.effective_from <= now.date()]
    return in_force[-1] if in_force else POLICIES[0]


def answer_ladder(limit_s: int) -> Ladder:
    """Reminder at half of the limit and two minutes before it, escalation at the limit + 5 and + 30 minutes."""
    return Ladder(limit_s, tuple(s for s in (limit_s // 2, 120) if s < limit_s), (300, 1800))


def lapse_ladder(policy: Policy, remaining_s: int, *, listing: bool = False) -> Ladder:
    """Until a stop lapses: reminders to file and freeze, or release; until a listing does: to extend it."""
    before_s = policy.review_reminder_before_s if listing else policy.lapse_reminder_before_s
    return Ladder(max(1, remaining_s), before_s, ())


def to_cny_minor(amount_minor: int, currency: str, policy: Policy) -> int | None:
    """Rough value in fen, for comparing with a limit; None when no rate is kept (then nothing is covered)."""
    if currency == "CNY":
        return amount_minor
    rate = dict(policy.rates_to_cny_percent).get(currency)
    if rate is None:
        return None
    return int(amount_minor * rate // 10 ** MINOR_DIGITS[currency])
