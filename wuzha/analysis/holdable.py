"""Held against holdable: what could have been held of a theft, and what each unit that was lost was lost to. Pure.

Theory. Take a piece of stolen money (`stolen_ways`) and an account of its way. From the moment when the theft was
reported and the money was there, time ran until a stop took effect on that account, and all of it belongs to somebody:
a bank told late where the money had gone; the order waited for our approval; it was on its way to the bank; the bank
took its time to hold. The *chain* of an account is that time, cut into parts with owners, without a gap. The money was
lost there by so much as the chain is longer than the money stayed.

- *Holdable* is what somebody could have held who knew every account at the moment of the report, with banks that hold
  as fast as they did (or usually do): on some account of its way the bank's own time fits into the money's stay.
- What was not holdable is lost to the *late report* when it had left every account before, else to the *bank's own
  pace*: of the bank where least was missing.
- What was holdable and is not held is lost on the account where it was missed by least: to the one owner - our
  approval, our sending, our program, a bank's late answer - without whose part the stop would have come in time, ours
  first; else to several delays together. A refusal, and a stop that was in time but too small or ended, are causes of
  their own.

Stolen = held + resting + returned + losses by cause, always, to the minor unit. What one minute less at a bank would
have saved is the same rule asked again with that bank's parts shorter by a minute. It does not know what the thieves
would have done then. In a real centre all this is what the centre came to know, from banks' answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import pairwise

from wuzha.analysis.stolen_ways import HELD, RESTING, RETURNED, Payment, Piece, Stay, pieces_of

PARTS_PER_CHAIN_MAX = 64
FASTER_MINUTES = (1, 5, 15)


class Owner(StrEnum):
    """Whose a part of the time is."""

    ANSWER = "answer"  # a bank's, until it told
    HOLD = "hold"  # a bank's, until it held
    APPROVAL = "approval"
    SENDING = "sending"
    PROGRAM = "program"


class Cause(StrEnum):
    """What a unit was lost to, in the order in which it is told."""

    LATE_REPORT = "late-report"
    BANK_PACE = "bank-pace"
    BANK_ANSWER = "bank-answer"
    BANK_REFUSED = "bank-refused"
    APPROVAL = "approval"
    SENDING = "sending"
    PROGRAM = "program"
    SEVERAL = "several"
    UNCOVERED = "uncovered"


NOT_HOLDABLE = (Cause.LATE_REPORT, Cause.BANK_PACE)
_OURS = {Owner.APPROVAL: Cause.APPROVAL, Owner.SENDING: Cause.SENDING, Owner.PROGRAM: Cause.PROGRAM}


@dataclass(frozen=True, slots=True)
class Order:
    """When an order about an account was made, queued (approved), delivered and answered; None: not yet.

    stop: it was to hold; effective_at: since when it held, ended_at: until when. refused: the bank did not do it.
    seen_until: for other orders, until when the answer shows the account.
    """

    account: str
    bank: str
    made_at: float
    queued_at: float | None = None
    delivered_at: float | None = None
    answered_at: float | None = None
    stop: bool = False
    effective_at: float | None = None
    ended_at: float | None = None
    refused: bool = False
    seen_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Theft:
    """What a centre knows of one case at `now`. ends, held: see `pieces_of`. banks: the bank of each account.

    usual_s: seconds a bank usually needs to hold, by bank; otherwise_s: for a bank of which nothing is known.
    speed: seconds of life in one of these, more than 1 in a drill.
    """

    report_at: float
    now: float
    payments: Sequence[Payment]
    orders: Sequence[Order]
    ends: Mapping[str, str]
    held: Mapping[str, int]
    banks: Mapping[str, str]
    usual_s: Mapping[str, float] = field(default_factory=dict)
    otherwise_s: float = 900.0
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """So many seconds of a chain, and whose they are; `bank` where a bank has to do with it."""

    owner: Owner
    bank: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Chain:
    """From when the money could have been held (`from_at`) until a stop took or would have taken effect (`until_at`).

    hold_s: of it the bank's own time to hold. refused, late: no stop came of it; one was in time and did not cover.
    """

    bank: str
    from_at: float
    until_at: float
    hold_s: float
    parts: tuple[Part, ...]
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Loss:
    """Money lost to one cause (at one bank, "" when none) by one way out; short_s: missed by seconds of life."""

    cause: Cause
    bank: str
    way: str
    amount_minor: int
    short_s: float


@dataclass(frozen=True, slots=True)
class Account:
    """What became of one theft. gains: by bank, what it would have saved to be so much faster (FASTER_MINUTES)."""

    stolen_minor: int
    held_minor: int
    resting_minor: int
    returned_minor: int
    losses: tuple[Loss, ...]
    gains: Mapping[str, tuple[int, ...]]

    @property
    def lost_minor(self) -> int:
        """What is gone."""
        return sum(loss.amount_minor for loss in self.losses)

    @property
    def holdable_minor(self) -> int:
        """What could have been held; what is held or still rests counts."""
        lost = sum(loss.amount_minor for loss in self.losses if loss.cause not in NOT_HOLDABLE)
        return self.held_minor + self.resting_minor + lost


def account_of(theft: Theft) -> Account:
    """The account of one theft."""
    pieces = pieces_of(theft.payments, ends=theft.ends, held=theft.held)
    sums = dict.fromkeys((HELD, RESTING, RETURNED), 0)
    losses: dict[tuple[Cause, str, str, float], int] = {}
    gains: dict[str, list[int]] = {}
    chains = _Chains(theft)
    for piece in pieces:
        if piece.end in sums:
            sums[piece.end] += piece.amount_minor
            continue
        stays = _left(piece)
        met = [(chains.of(stay), left_at) for stay, left_at in stays]
        cause, bank, short_s = _cause(theft, met, piece.last.came_at)
        key = (cause, bank, piece.end, round(short_s * theft.speed, 3))
        losses[key] = losses.get(key, 0) + piece.amount_minor
        for name, saved in _saved(met, 60.0 / theft.speed).items():
            row = gains.setdefault(name, [0] * len(FASTER_MINUTES))
            for place, yes in enumerate(saved):
                row[place] += piece.amount_minor * yes
    return Account(
        stolen_minor=sum(piece.amount_minor for piece in pieces),
        held_minor=sums[HELD],
        resting_minor=sums[RESTING],
        returned_minor=sums[RETURNED],
        losses=tuple(Loss(cause, bank, way, amount, s) for (cause, bank, way, s), amount in losses.items()),
        gains={name: tuple(row) for name, row in gains.items() if any(row)},
    )


def _left(piece: Piece) -> list[tuple[Stay, float]]:
    """The stays of a lost piece on mules' accounts, with when it left each; the last stay is where it ended."""
    way = piece.last.way()
    return [(stay, after.came_at) for stay, after in pairwise(way)]


class _Chains:
    """The chain of each stay, worked out once."""

    def __init__(self, theft: Theft) -> None:
        self.theft = theft
        self.stops: dict[str, list[Order]] = {}
        self.looks: dict[str, list[Order]] = {}
        self.known: dict[int, Chain] = {}
        for order in sorted(theft.orders, key=lambda each: each.made_at):
            if order.stop:
                self.stops.setdefault(order.account, []).append(order)
            elif order.answered_at is not None:
                self.looks.setdefault(order.account, []).append(order)

    def of(self, stay: Stay) -> Chain:
        """The chain of a stay."""
        found = self.known.get(id(stay))
        if found is None:
            found = self.known[id(stay)] = self._of(stay)
        return found

    def _of(self, stay: Stay) -> Chain:
        theft, bank = self.theft, self.theft.banks.get(stay.account, "")
        from_at = max(theft.report_at, stay.came_at)
        stop = self._stop_for(stay)
        usual_s = theft.usual_s.get(bank, theft.otherwise_s)
        if stop is None:
            asked_at = self._known_at(stay)
            return self._chain(bank, from_at, max(asked_at, from_at) + usual_s, asked_at, None, stay)
        until_at = stop.effective_at if stop.effective_at is not None else stop.answered_at
        if until_at is None:  # still under way: what is missing of it takes as long as usual
            until_at = theft.now if stop.delivered_at is not None else theft.now + usual_s
        return self._chain(bank, from_at, max(until_at, from_at), stop.made_at, stop, stay)

    def _stop_for(self, stay: Stay) -> Order | None:
        """The stop that the piece met, or would have met first."""
        stops = [s for s in self.stops.get(stay.account, ()) if s.ended_at is None or s.ended_at > stay.came_at]
        in_force = [s for s in stops if s.effective_at is not None]
        if in_force:
            return min(in_force, key=lambda s: s.effective_at or 0.0)
        return next((s for s in stops if not s.refused), stops[0] if stops else None)

    def _known_at(self, stay: Stay) -> float:
        """When the centre came to know that the piece is there."""
        if stay.before is None:
            return self.theft.report_at
        told = [
            look.answered_at
            for account in (stay.before.account, stay.account)
            for look in self.looks.get(account, ())
            if look.answered_at is not None and look.seen_until >= stay.came_at
        ]
        return min(told, default=self.theft.now)

    def _chain(
        self, bank: str, from_at: float, until_at: float, asked_at: float, stop: Order | None, stay: Stay
    ) -> Chain:
        parts: list[Part] = []
        add = partial(_add, parts, from_at)
        if stop is None:
            add(Owner.HOLD, bank, asked_at, until_at)
        else:
            queued_at = self.theft.now if stop.queued_at is None else stop.queued_at
            delivered_at = stop.delivered_at
            if delivered_at is None:
                delivered_at = queued_at if stop.effective_at is not None else max(queued_at, self.theft.now)
            add(Owner.HOLD, bank, delivered_at, until_at)
            add(Owner.SENDING, bank, queued_at, min(delivered_at, until_at))
            add(Owner.APPROVAL, "", asked_at, min(queued_at, until_at))
        hold_s = sum(part.seconds for part in parts if part.owner is Owner.HOLD)
        self._walk_back(add, parts, min(asked_at, until_at), from_at, {each.account for each in stay.way()})
        refused = stop is not None and stop.refused and stop.effective_at is None
        return Chain(bank, from_at, until_at, hold_s, tuple(parts), refused)

    def _walk_back(self, add: "_Add", parts: list[Part], at: float, from_at: float, accounts: set[str]) -> None:
        """From the making of an order to the answer that was its reason, to the order that was answered, and so on."""
        looks = [look for account in accounts for look in self.looks.get(account, ())]
        while at > from_at and len(parts) < PARTS_PER_CHAIN_MAX:
            before = [look for look in looks if (look.answered_at or 0.0) <= at and look.made_at < at]
            look = max(before, key=lambda each: each.answered_at or 0.0, default=None)
            answered_at = look.answered_at if look else None
            if look is None or answered_at is None or answered_at <= from_at:
                break
            queued_at = look.made_at if look.queued_at is None else look.queued_at
            delivered_at = queued_at if look.delivered_at is None else min(look.delivered_at, answered_at)
            add(Owner.PROGRAM, "", answered_at, at)
            add(Owner.ANSWER, look.bank, delivered_at, answered_at)
            add(Owner.SENDING, look.bank, queued_at, delivered_at)
            add(Owner.APPROVAL, "", look.made_at, queued_at)
            at = look.made_at
        add(Owner.PROGRAM, "", from_at, at)


_Add = partial[None]


def _add(parts: list[Part], from_at: float, owner: Owner, bank: str, start_at: float, end_at: float) -> None:
    start_at = max(start_at, from_at)
    if end_at > start_at:
        parts.append(Part(owner, bank, end_at - start_at))


Met = tuple[Chain, float]  # the chain of a stay, and when the piece left


def _cause(theft: Theft, met: Sequence[Met], gone_at: float) -> tuple[Cause, str, float]:
    """(cause, bank, seconds by which it was missed) of a piece that was lost at `gone_at`."""
    open_at_report = [(chain, left_at) for chain, left_at in met if left_at > theft.report_at]
    if not open_at_report:
        return Cause.LATE_REPORT, "", max(0.0, theft.report_at - gone_at)
    could = [(chain, left_at) for chain, left_at in open_at_report if chain.from_at + chain.hold_s <= left_at]
    if not could:
        chain, left_at = min(open_at_report, key=lambda one: one[0].from_at + one[0].hold_s - one[1])
        return Cause.BANK_PACE, chain.bank, chain.from_at + chain.hold_s - left_at
    chain, left_at = min(could, key=lambda one: one[0].until_at - one[1])
    short_s = chain.until_at - left_at
    if short_s <= 0:
        return (Cause.BANK_REFUSED, chain.bank, 0.0) if chain.refused else (Cause.UNCOVERED, chain.bank, 0.0)
    for owner, cause in _OURS.items():
        if sum(part.seconds for part in chain.parts if part.owner is owner) >= short_s:
            return cause, "", short_s
    answers: dict[str, float] = {}
    for part in chain.parts:
        if part.owner is Owner.ANSWER:
            answers[part.bank] = answers.get(part.bank, 0.0) + part.seconds
    bank = max(answers, key=lambda code: (answers[code], code), default="")
    if bank and answers[bank] >= short_s:
        return Cause.BANK_ANSWER, bank, short_s
    return Cause.SEVERAL, "", short_s


def _saved(met: Sequence[Met], minute_s: float) -> dict[str, list[bool]]:
    """Whether a lost piece would have been held had a bank been FASTER_MINUTES faster, by bank."""
    banks = {part.bank for chain, _left_at in met for part in chain.parts if part.owner in (Owner.ANSWER, Owner.HOLD)}
    if any(chain.until_at <= left_at for chain, left_at in met):
        return {}  # a stop was in time: it was not time that lacked
    return {
        bank: [
            any(chain.until_at - _cut_s(chain, bank, minutes * minute_s) <= left_at for chain, left_at in met)
            for minutes in FASTER_MINUTES
        ]
        for bank in banks
        if bank
    }


def _cut_s(chain: Chain, bank: str, by_s: float) -> float:
    """How much shorter a chain is when a bank takes `by_s` less for each answer and each hold."""
    mine = (part for part in chain.parts if part.bank == bank and part.owner in (Owner.ANSWER, Owner.HOLD))
    return sum(min(part.seconds, by_s) for part in mine)
