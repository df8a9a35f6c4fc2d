"""Kinds of order and their states, as tables.

Theory. A *measure* (stop, watch, suspended number) takes force and later ends: released, or lapsed by itself when its
legal time is over. A *deed* (query, amendment, extension, release) is done once it is answered. Both pass through the
same first half: proposed (outside the authorisation, waits for an approver), queued (in the outbox), delivered (the
partner has it). Networks reorder: an answer may overtake the receipt of its own order, so answers are taken in every
state in which the partner may have the order. A partner that was given up may still answer late; that counts too.

A *listing* (review-outflows) is a measure too: for its term the bank of an account that passed stolen money on looks at
what the account pays before it goes.

Law: stop 银发〔2016〕86号; query and remedy 反电信网络诈骗法 arts. 18, 20; operators art. 20 and 2016 practice.
"""

from dataclasses import dataclass

from wuzha.kernel.refusals import _
from wuzha.kernel.states import Machine
from wuzha.partners.protocol import Kind

_ANSWERABLE = ("queued", "delivered", "undelivered", "unanswered")

ORDER = Machine(
    name="order",
    initial=frozenset({"proposed", "queued"}),
    transitions={
        ("proposed", "approve"): "queued",
        ("proposed", "decline"): "declined",
        ("proposed", "withdraw"): "withdrawn",
        ("queued", "deliver"): "delivered",
        ("queued", "expire"): "undelivered",
        ("queued", "withdraw"): "withdrawn",
        ("delivered", "give_up"): "unanswered",
        **{(state, "take_effect"): "in_force" for state in _ANSWERABLE},
        **{(state, "complete"): "done" for state in _ANSWERABLE},
        **{(state, "refuse"): "refused" for state in _ANSWERABLE},
        # A partner that corrects itself with a later answer.
        ("in_force", "refuse"): "refused",
        ("refused", "take_effect"): "in_force",
        ("refused", "complete"): "done",
        ("in_force", "release"): "released",
        ("in_force", "lapse"): "lapsed",
    },
)

# A payment of a listed account that its bank delays. Whatever its bank says later is how it was.
PAYMENT = Machine(
    name="payment",
    initial=frozenset({"waiting"}),
    transitions={
        ("waiting", "stop"): "stopped",
        ("waiting", "pass"): "passed",
        ("waiting", "lapse"): "lapsed",
        ("waiting", "withdraw"): "withdrawn",
        # The bank decides what became of it; our clock may have been early.
        ("lapsed", "stop"): "stopped",
        ("lapsed", "pass"): "passed",
        ("lapsed", "withdraw"): "withdrawn",
    },
)

LIVE = ("proposed", "queued", "delivered", "in_force", "undelivered", "unanswered")
OPEN = ("queued", "delivered")
UNSETTLED = ("proposed", "queued", "delivered", "undelivered", "unanswered")


@dataclass(frozen=True, slots=True)
class KindRow:
    """What a kind of order is. measure: it takes force and ends; target: what the order is about."""

    kind: Kind
    name: str
    measure: bool
    target: str  # account, phone, url
    law: str
    needs_ref: bool = False


KINDS: dict[str, KindRow] = {
    row.kind.value: row
    for row in (
        KindRow(Kind.QUERY_TRANSACTIONS, _("Query transactions"), False, "account", "反电信网络诈骗法 art. 20"),
        KindRow(Kind.QUERY_HOLDER, _("Query account holder"), False, "account", "反电信网络诈骗法 art. 20"),
        KindRow(Kind.STOP, _("Stop payment"), True, "account", "银发〔2016〕86号; 反电信网络诈骗法 art. 20"),
        KindRow(Kind.STOP_AMEND, _("Change the held amount"), False, "account", "反电信网络诈骗法 art. 20", True),
        KindRow(Kind.STOP_EXTEND, _("Extend the stop"), False, "account", "银发〔2016〕86号", True),
        KindRow(Kind.STOP_RELEASE, _("Release the stop"), False, "account", "反电信网络诈骗法 arts. 20, 32", True),
        KindRow(Kind.PAPERS, _("Supply documents"), False, "account", "反电信网络诈骗法 art. 20", True),
        KindRow(Kind.WATCH, _("Watch the account"), True, "account", "反电信网络诈骗法 art. 20"),
        KindRow(Kind.WATCH_RELEASE, _("End the watch"), False, "account", "反电信网络诈骗法 art. 20", True),
        KindRow(Kind.WATCH_ARRIVALS, _("Delay what arrives from it"), True, "account", "反电信网络诈骗法 arts. 18, 20"),
        KindRow(Kind.TRACE_OUTFLOWS, _("Show what leaves it"), True, "account", "反电信网络诈骗法 art. 20"),
        KindRow(Kind.REVIEW_OUTFLOWS, _("Put on the grey list"), True, "account", "反电信网络诈骗法 arts. 18, 20"),
        KindRow(Kind.REVIEW_EXTEND, _("Stay on the list"), False, "account", "反电信网络诈骗法 arts. 18, 20", True),
        KindRow(Kind.REVIEW_PASS, _("Let a payment go"), False, "account", "反电信网络诈骗法 arts. 18, 32", True),
        KindRow(Kind.REVIEW_RELEASE, _("Take off the list"), False, "account", "反电信网络诈骗法 arts. 20, 32", True),
        KindRow(Kind.SUSPEND_NUMBER, _("Suspend the number"), True, "phone", "反电信网络诈骗法 art. 31"),
        KindRow(Kind.BLOCK_URL, _("Block the link"), True, "url", "反电信网络诈骗法 art. 20"),
    )
}
QUERIES = (Kind.QUERY_TRANSACTIONS.value, Kind.QUERY_HOLDER.value)
# These name an account that another partner keeps, by its key "BANK:number".
ELSEWHERE = (Kind.WATCH_ARRIVALS.value, Kind.TRACE_OUTFLOWS.value)
LOOKING = (*QUERIES, Kind.TRACE_OUTFLOWS.value)  # these take nothing from anybody
# What each measure ends by; an ending needs no approval, nor does letting go what waits.
ENDED_BY = {
    Kind.STOP.value: Kind.STOP_RELEASE.value,
    Kind.REVIEW_OUTFLOWS.value: Kind.REVIEW_RELEASE.value,
}  # any other measure by watch-release
GIVING_BACK = (
    Kind.STOP_RELEASE.value, Kind.WATCH_RELEASE.value, Kind.REVIEW_RELEASE.value, Kind.REVIEW_PASS.value,
)  # fmt: skip
EXTENDING = (Kind.STOP_EXTEND.value, Kind.REVIEW_EXTEND.value)
WITH_TERM = (Kind.STOP.value, Kind.REVIEW_OUTFLOWS.value)  # these lapse by themselves
