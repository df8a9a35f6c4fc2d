"""What one rule says about one case, step by step, as values for paper and workbook.

Theory. A figure in evidence must be followed by hand: for each account that stolen money reached, every movement in
order, what came or went, how much of it is stolen, and how much stolen money was there after it. The rule is named with
its source, every convention with it, and what rests on a convention is told as an interval over all rules and all
possible unknown openings (engine.intervals). What no bank has told is a question, listed with the sum at stake.
The paper also names the head of the case's journal, so that it can be told later what was known when it was made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from wuzha.control.models import Order
from wuzha.intake.models import Case
from wuzha.journal.append import chain_of
from wuzha.journal.models import Chain
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.protocol import Kind
from wuzha.tracing import chase
from wuzha.tracing.actions import movements_of
from wuzha.tracing.engine import Fate, Gap, Interval, Lot, Opening, Rule, Trace, intervals
from wuzha.tracing.engine import Kind as EngineKind
from wuzha.tracing.follow import FREE_PREFIX, Followed, follow
from wuzha.tracing.ledger import UNKNOWN_PREFIX, Movement
from wuzha.tracing.models import StatementFile, TracedAccount
from wuzha.tracing.rule_words import RULES
from wuzha.tracing.views import is_account, live_stops

ACCOUNTS_MAX = 1_000
LOTS_SHOWN_MAX = 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """One movement of an account. stolen_minor: the stolen part of it; after_minor: stolen money there after it."""

    movement: Movement
    into: bool
    stolen_minor: int
    after_minor: int
    balance_minor: int | None


@dataclass(frozen=True, slots=True)
class AccountEvidence:
    """One account that stolen money reached. interval: stolen money there over all rules and unknown openings."""

    key: str
    account: TracedAccount | None
    layer: int
    stolen_in_minor: int
    stolen_now_minor: int
    held_minor: int
    interval: Interval
    opening: Opening | None
    lots: tuple[Lot, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The whole of it; sums in minor units of `currency`."""

    case: Case
    rule: Rule
    currency: str
    made_by: str
    made_at: datetime
    journal_seq: int
    journal_hash: str
    fate: Fate
    accounts: tuple[AccountEvidence, ...]
    movements: tuple[tuple[Movement, int], ...]  # those that carried stolen money, with the stolen part
    gaps: tuple[Gap, ...]
    ties: int
    competing_minor: int
    files: tuple[StatementFile, ...]


def instant(micros: int) -> datetime:
    """An instant of the engine as a time."""
    return _EPOCH + timedelta(microseconds=micros)


def rule_of(text: str, default: str) -> Rule:
    """The rule that a page asks for; the default for what is none."""
    known = {rule.value: rule for rule in RULES}
    return known.get(text) or known[default]


def evidence_of(case_id: UUID, *, rule: Rule, currency: str, by: str, now: datetime) -> Evidence:
    """The evidence of a case under a rule. Refusal when nothing was paid in this currency or statements contradict."""
    case = Case.objects.get(pk=case_id)
    movements = [one for one in movements_of(case_id) if one.currency == currency]
    if not any(one.reported for one in movements):
        raise Refusal(
            "evidence.none", _("No payment of the victim in this currency is known; there is nothing to trace.")
        )
    known = {account.key: account for account in TracedAccount.objects.filter(case=case, currency=currency)}
    orders = Order.objects.filter(case=case).exclude(kind=Kind.QUERY_HOLDER.value)
    honest = [key for key, account in known.items() if account.kind in chase.HONEST]
    followed = follow(movements, case.number, honest=honest, stops=live_stops(orders), rule=rule)
    given = followed.given
    spans = intervals(given.transfers, given.seeds, terminals=given.terminals)
    head = Chain.objects.filter(key=chain_of(case_id)).first()
    trace = followed.trace
    by_id = {movement.id: movement for movement in movements}
    return Evidence(
        case=case,
        rule=rule,
        currency=currency,
        made_by=by,
        made_at=now,
        journal_seq=head.seq if head else 0,
        journal_hash=bytes(head.hash).hex() if head else "",
        fate=trace.fates.get(case.number, Fate()),
        accounts=_accounts(followed, known, movements, spans),
        movements=tuple(
            (by_id[flow.transfer.id], flow.stolen_minor) for flow in trace.flows if flow.transfer.id in by_id
        ),
        gaps=trace.gaps,
        ties=len(trace.ties),
        competing_minor=sum(one.amount_minor for one in trace.competing),
        files=tuple(StatementFile.objects.filter(case=case).order_by("at", "name")),
    )


def _accounts(
    followed: Followed,
    known: Mapping[str, TracedAccount],
    movements: list[Movement],
    spans: Mapping[str, Interval],
) -> tuple[AccountEvidence, ...]:
    trace = followed.trace
    touching: dict[str, list[Movement]] = {}
    order = _order(followed)
    for movement in sorted([*movements, *_unseen(followed.trace, movements[0].currency)], key=lambda m: order[m.id]):
        for key in {movement.payer, movement.payee} & followed.stolen_in.keys():
            touching.setdefault(key, []).append(movement)
    chased = {key for key, layer in trace.layers.items() if layer}
    found = []
    for key, stolen_in in followed.stolen_in.items():
        account, holding = known.get(key), trace.holdings.get(key)
        now_minor = holding.stolen_minor if holding else 0
        found.append(
            AccountEvidence(
                key=key,
                account=account,
                layer=trace.layers.get(key, 0),
                stolen_in_minor=stolen_in,
                stolen_now_minor=now_minor,
                held_minor=account.held_minor if account else 0,
                interval=spans.get(key, Interval(key, 0, 0)),
                opening=trace.openings.get(key),
                lots=holding.lots if holding else (),
                steps=_steps(key, touching.get(key, []), followed) if is_account(key) and key in chased else (),
            )
        )
    found.sort(key=lambda one: (one.layer, -one.stolen_in_minor, one.key))
    return tuple(found[:ACCOUNTS_MAX])


def _order(followed: Followed) -> dict[str, int]:
    """Id of each movement -> its place in time; of one instant, as the engine followed them where it says so."""
    place = {flow.transfer.id: n for n, flow in enumerate(followed.trace.flows)}
    everything = {one.id: one.at for one in followed.given.transfers}
    everything |= {flow.transfer.id: flow.transfer.at for flow in followed.trace.flows}
    ordered = sorted(everything, key=lambda one: (everything[one], place.get(one, len(place)), one))
    return {one: n for n, one in enumerate(ordered)}


def _unseen(trace: Trace, currency: str) -> list[Movement]:
    """Payments of stolen money that no bank has told and printed balances prove."""
    return [
        Movement(
            id=flow.transfer.id,
            payer=flow.transfer.payer,
            payee=f"{UNKNOWN_PREFIX}{flow.transfer.payer}",
            amount_minor=flow.transfer.amount_minor,
            currency=currency,
            at=instant(flow.transfer.at),
            kind=EngineKind.UNSEEN.value,
        )
        for flow in trace.flows
        if flow.transfer.kind is EngineKind.UNSEEN
    ]


def _steps(key: str, movements: list[Movement], followed: Followed) -> tuple[Step, ...]:
    stolen_of = {flow.transfer.id: flow.stolen_minor for flow in followed.trace.flows}
    free = {one.id for one in followed.given.transfers if one.payer == f"{FREE_PREFIX}{key}"}
    steps: list[Step] = []
    after = 0
    for movement in movements:
        into = movement.payee == key
        own = movement.payer == movement.payee or (movement.id in free and not into)
        stolen = 0 if own else stolen_of.get(movement.id, 0)
        after += stolen if into else -stolen
        balance = movement.payee_balance_minor if into else movement.payer_balance_minor
        steps.append(Step(movement, into, stolen, after, balance))
    return tuple(steps)


def lots_of(case_id: UUID, *, rule: Rule, currency: str) -> dict[int, tuple[Lot, ...]]:
    """Id of each traced account -> the lots there now, in the order in which they would leave; for the picture."""
    movements = [one for one in movements_of(case_id) if one.currency == currency]
    known = {account.key: account for account in TracedAccount.objects.filter(case_id=case_id, currency=currency)}
    orders = Order.objects.filter(case_id=case_id).exclude(kind=Kind.QUERY_HOLDER.value)
    honest = [key for key, account in known.items() if account.kind in chase.HONEST]
    holdings = follow(movements, "", honest=honest, stops=live_stops(orders), rule=rule).trace.holdings
    return {known[key].pk: holding.lots[:LOTS_SHOWN_MAX] for key, holding in holdings.items() if key in known}
