"""What may be ordered, and what an answer means. Pure.

Theory of the authorisation: one approval covers a *case*, not an order, because money moves faster than approvals. It
names its limits - layers, amount, hours - and whatever lies outside waits for an approver. Reports under a set amount
are covered by standing order from the first second.

Theory of the answer: answers come twice, late, out of order, and sometimes against each other. `seq` decides which is
newest; an older one is kept and read for its transactions but cannot take a state back; one that contradicts what is
known is taken when it is newer and marked, so that a person sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from wuzha.control.kinds import GIVING_BACK, KINDS, LOOKING, ORDER, WITH_TERM
from wuzha.control.policy import Policy, to_cny_minor
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.protocol import Answer, Kind, Outcome


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of an authorisation. amount_minor_max is in fen of CNY, for one order."""

    layers_max: int
    amount_minor_max: int
    until_at: datetime


def standing(reported: dict[str, int], policy: Policy, now: datetime) -> Limits | None:
    """Limits of the standing order for a report, or None when it must wait for an approver."""
    total = 0
    for currency, amount in reported.items():
        value = to_cny_minor(amount, currency, policy)
        if value is None:
            return None
        total += value
    if total > policy.standing_amount_minor_max:
        return None
    return Limits(policy.standing_layers_max, total, now + timedelta(hours=policy.standing_hours))


def covers(limits: Limits | None, *, kind: str, layer: int, amount_cny_minor: int | None, now: datetime) -> bool:
    """Whether an authorisation covers an order. A release needs none: giving freedom back waits for nobody.

    A listing takes no sum from anybody: it is covered within the layers and hours. Its extension is not: a second
    officer looks at it.
    """
    if kind in GIVING_BACK:
        return True
    if limits is None or now >= limits.until_at or layer > limits.layers_max:
        return False
    if kind in (*LOOKING, Kind.REVIEW_OUTFLOWS.value):
        return True
    return kind != Kind.REVIEW_EXTEND.value and (
        amount_cny_minor is not None and amount_cny_minor <= limits.amount_minor_max
    )


def limit_s(kind: str, *, urgent: bool, local: bool, policy: Policy) -> int:
    """Seconds within which the partner must answer."""
    if kind in LOOKING:
        return policy.query_limit_s
    if kind in (Kind.REVIEW_OUTFLOWS.value, Kind.REVIEW_EXTEND.value):
        return policy.review_limit_s
    if not urgent:
        return policy.stop_limit_s
    return policy.urgent_local_limit_s if local else policy.urgent_remote_limit_s


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an order before an answer is read.

    asked_minor: the most that amendments still under way ask the partner to hold.
    """

    kind: str
    state: str
    amount_minor: int | None
    held_minor: int
    answer_seq: int
    effective_at: datetime | None
    asked_minor: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer means. event: step of the order's machine ("" when none). fresh: newer than all before.

    contradiction: empty, or what disagrees (for the page and the journal).
    """

    event: str
    fresh: bool
    held_minor: int
    effective_at: datetime | None
    ends_at: datetime | None
    contradiction: str = ""


DONE = (Outcome.DONE, Outcome.ALREADY)
STAYS_OPEN = (Outcome.TRY_AGAIN, Outcome.NEEDS_PAPERS)


def read_answer(known: Known, answer: Answer, outcome: Outcome, policy: Policy) -> Reading:
    """The meaning of an answer to an order that is known so far as `known` says."""
    fresh = answer.seq > known.answer_seq
    against = _contradictions(known, answer, outcome, fresh)
    if not fresh or outcome in STAYS_OPEN:
        return Reading("", fresh, known.held_minor, known.effective_at, None, against)
    measure = KINDS[known.kind].measure
    if outcome in DONE:
        event = "take_effect" if measure else "complete"
    else:
        event = "refuse"
    if not ORDER.can(known.state, event):
        event = ""
    held = _held(known, answer) if outcome in DONE else 0
    effective = known.effective_at or answer.effective_at or answer.at
    ends_at = None
    if outcome in DONE and known.kind in WITH_TERM:
        longest = effective + timedelta(seconds=term_s(known.kind, policy))
        ends_at = min(answer.ends_at or longest, longest)
    return Reading(event, True, held, effective if outcome in DONE else known.effective_at, ends_at, against)


def term_s(kind: str, policy: Policy) -> int:
    """Legal time of a measure that lapses by itself."""
    return policy.stop_term_s if kind == Kind.STOP.value else policy.review_term_s


def _held(known: Known, answer: Answer) -> int:
    """Held sum after an answer: never above the disputed amount, whatever the partner says."""
    held = known.held_minor if answer.held_minor is None else answer.held_minor
    return min(held, known.amount_minor) if known.amount_minor is not None else held


def held_of(counts: Sequence[tuple[datetime, int | None]], otherwise_minor: int, amount_minor: int | None) -> int:
    """Held sum of a stop in force from the counts that its own answers and those of its amendments state.

    Within one order `seq` has chosen the answer already: a bank mends a wrong sum with a newer answer that may name an
    older instant. Between orders nothing but the instant of the count tells which is newer; the later order wins a tie.
    counts: (counted at, sum) of the stop, then of its amendments; otherwise_minor: the sum if nobody counted.
    """
    held_minor = otherwise_minor
    best: datetime | None = None
    for at, counted_minor in counts:
        if counted_minor is not None and (best is None or at >= best):
            best, held_minor = at, counted_minor
    return min(held_minor, amount_minor) if amount_minor is not None else held_minor


def _contradictions(known: Known, answer: Answer, outcome: Outcome, fresh: bool) -> str:
    if known.amount_minor is not None and (answer.held_minor or 0) > max(known.amount_minor, known.asked_minor):
        return _("the partner holds more than the disputed amount")
    if answer.held_minor is not None and answer.balance_minor is not None and answer.held_minor > answer.balance_minor:
        return _("the held sum is larger than the balance")
    if fresh and known.state == "in_force" and outcome not in (*DONE, *STAYS_OPEN):
        return _("the partner now refuses what it had done")
    if fresh and known.state == "refused" and outcome in DONE:
        return _("the partner has done what it had refused")
    if not fresh and answer.seq == known.answer_seq and answer.held_minor not in (None, known.held_minor):
        return _("two answers of the same number differ")
    return ""


def check_stop_times(earlier_stops: int, policy: Policy) -> None:
    """Refusal "stop.times" when the account was stopped as often as the law allows."""
    if earlier_stops >= policy.stop_times_max:
        raise Refusal(
            "stop.times",
            _("This account was stopped %(times)s times already, the most the rule allows. File the case and freeze."),
            times=earlier_stops,
        )


def check_extension(started_at: datetime, ends_at: datetime, extended: int, policy: Policy) -> datetime:
    """New end of an extended stop: one more term, 96 hours in all (银发〔2016〕86号)."""
    if extended + 1 >= policy.stop_times_max:
        raise Refusal("stop.extended", _("This stop was extended already; 96 hours is the most. Freeze or release."))
    return min(
        ends_at + timedelta(seconds=policy.stop_term_s),
        started_at + timedelta(seconds=policy.stop_term_s * policy.stop_times_max),
    )


@dataclass(frozen=True, slots=True)
class Intent:
    """An order that somebody - the chase or an officer - wants made.

    bank: partner code. amount_minor: the disputed amount; None for queries. transfer: what the bank matches, as
    `TransferRef` JSON. at_stake_minor: money that may still be saved there (fen or minor unit), for the order of
    work. why: an English message id for the page. round: tells repeated orders of one kind on one account apart.
    """

    kind: str
    bank: str
    account: str
    currency: str
    layer: int
    round: int
    urgent: bool
    at_stake_minor: int
    why: str
    account_name: str = ""
    amount_minor: int | None = None
    since: datetime | None = None
    transfer: dict[str, object] | None = None
    ref_order_id: UUID | None = None
    ends_at: datetime | None = None
    law: str = ""
    note: str = ""  # words of an officer to the partner


def order_id(case_id: UUID, intent: Intent) -> UUID:
    """The id that this intent always gets, so that planning twice cannot order twice."""
    ref = intent.ref_order_id or ""
    return uuid5(case_id, f"{intent.kind}|{intent.bank}|{intent.account}|{intent.currency}|{intent.round}|{ref}")
