"""From the ledger of a case to what became of the victim's money: the bridge to the tracing engine. Pure.

Theory. First-in-first-out per account, to the minor unit, unless the centre chose another rule of law. A stop in force
holds the disputed amount, so what leaves an account later, while the stop covers all that the trace claims there, is by
definition not the stolen money: those payments are taken out of the trace (their payer becomes "free:<account>"). Where
a stop does not cover the claim, they stay in. Which of the two holds is found by tracing twice.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from wuzha.tracing.chase import Stop
from wuzha.tracing.engine import Kind, Rule, Seed, Trace, Transfer, trace
from wuzha.tracing.ledger import EXIT_PREFIXES, TERMINAL_KINDS, Movement

FREE_PREFIX = "free:"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS = {"cash": Kind.CASH, "fee": Kind.FEE, "reversal": Kind.REVERSAL}


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of the money: the trace, and where each account got its stolen money from."""

    trace: Trace
    stolen_in: Mapping[str, int]
    inflows: Mapping[str, list[Movement]]  # payments that brought stolen money, in time order
    stolen_of: Mapping[str, int]  # movement id -> stolen minor units it carried
    reported: Collection[str]  # ids of the victim's own payments
    given: "Given"


@dataclass(frozen=True, slots=True)
class Given:
    """What the engine was given, for who has to ask it more."""

    transfers: tuple[Transfer, ...]
    seeds: tuple[Seed, ...]
    terminals: frozenset[str]


def micros(at: datetime) -> int:
    """An instant as whole microseconds since 1970, exactly."""
    delta = at - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def follow(
    movements: Collection[Movement],
    victim: str,
    *,
    honest: Collection[str],
    stops: Mapping[str, Stop],
    seeds: Collection[Seed] | None = None,
    rule: Rule = Rule.FIFO,
) -> Followed:
    """Follow the payments that the victim reported, or `seeds`. honest: keys of accounts where a chase ends."""
    by_id = {movement.id: movement for movement in movements}
    serials = {("out", m.payer, m.payer_serial): m.id for m in movements if m.payer_serial}
    serials |= {("in", m.payee, m.payee_serial): m.id for m in movements if m.payee_serial}
    terminals = set(honest)
    for movement in movements:
        if movement.kind in TERMINAL_KINDS or movement.payee.startswith(EXIT_PREFIXES):
            terminals.add(movement.payee)
    if seeds is None:
        seeds = [Seed(victim, transfer_id=movement.id) for movement in movements if movement.reported]
    covered = {key: stop.covers_from for key, stop in stops.items() if stop.state == "in_force" and stop.covers_from}
    given = _given(movements, seeds, terminals, covered, serials)
    result = trace(given.transfers, given.seeds, rule, terminals=given.terminals)
    short = {key for key in covered if claims(result, key) > stops[key].amount_minor}
    if short:
        covered = {key: since for key, since in covered.items() if key not in short}
        given = _given(movements, seeds, terminals, covered, serials)
        result = trace(given.transfers, given.seeds, rule, terminals=given.terminals)
    stolen_in: dict[str, int] = {}
    inflows: dict[str, list[Movement]] = {}
    stolen_of: dict[str, int] = {}
    for flow in result.flows:
        if flow.transfer.id not in by_id:  # left unseen, as a printed balance proves: nobody knows where to
            continue
        movement = by_id[flow.transfer.id]
        stolen_of[movement.id] = flow.stolen_minor
        stolen_in[movement.payee] = stolen_in.get(movement.payee, 0) + flow.stolen_minor
        inflows.setdefault(movement.payee, []).append(movement)
    reported = frozenset(movement.id for movement in movements if movement.reported)
    return Followed(result, stolen_in, inflows, stolen_of, reported, given)


def claims(result: Trace, key: str) -> int:
    """Stolen money that a trace says is still on an account."""
    holding = result.holdings.get(key)
    return holding.stolen_minor if holding else 0


def _given(
    movements: Iterable[Movement],
    seeds: Collection[Seed],
    terminals: Collection[str],
    covered: Mapping[str, datetime],
    serials: Mapping[tuple[str, str, str], str],
) -> Given:
    return Given(tuple(_transfer(m, covered, serials) for m in movements), tuple(seeds), frozenset(terminals))


def _transfer(
    movement: Movement, covered: Mapping[str, datetime], serials: Mapping[tuple[str, str, str], str]
) -> Transfer:
    since = covered.get(movement.payer)
    free = since is not None and movement.at > since
    reverses = None
    if movement.kind == "reversal" and movement.reverses:
        reverses = serials.get(("in", movement.payer, movement.reverses)) or serials.get(
            ("out", movement.payee, movement.reverses)
        )
    return Transfer(
        id=movement.id,
        at=micros(movement.at),
        payer=f"{FREE_PREFIX}{movement.payer}" if free else movement.payer,
        payee=movement.payee,
        amount_minor=movement.amount_minor,
        kind=_KINDS.get(movement.kind, Kind.TRANSFER) if reverses or movement.kind != "reversal" else Kind.TRANSFER,
        reverses=reverses,
        payer_balance_minor=None if free else movement.payer_balance_minor,
        payee_balance_minor=movement.payee_balance_minor,
    )
