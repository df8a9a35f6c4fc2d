"""What the chase has learned, and what it makes of it: which account is worth a clerk's next minutes. Pure.

Theory. Where a bank works by hand its clerks are scarce, and an order to an empty account is one that another victim's
money needed. So an order has a value: minor units that it is expected to save.

- A stop saves what is still there when it takes effect. How long money rests on an account is learned from the moves
  that were seen (`Dwell`: a life table, the share still there at each age). An account that the clearing house follows
  and from which nothing was seen to leave is the likelier to be full, the more the clearing house sees.
- A question saves what it helps to find: money that left unseen, as far as money of that age is still anywhere.

Both need to know how long the bank will take (`Pace`). Nothing here knows anything that was not told to the centre, and
without anything learned the life table is the rule of thumb `1 / (1 + age/60 min)^1.5`.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

DECAY_S = 3_600.0
DECAY_POWER = 1.5
BIN_FIRST = 1.5  # ln seconds
BIN_WIDTH = 0.4
BINS = 32
PRIOR_WEIGHT = 6.0  # observations that the rule of thumb counts for, in each bin
REFRESH_EVERY = 50
UNSEEN_PRIOR = 0.35  # share of departures of which the clearing house shows nothing, before any is known
UNSEEN_WEIGHT = 20.0
ANSWERS_REMEMBERED = 50  # of a bank, for each kind of order
REST_BEHIND_OUTFLOW = 0.05  # money that is still there although other of it was seen to leave


def rule_of_thumb(age_s: float) -> float:
    """Share of money still worth chasing at an age, as practice has it."""
    return math.pow(1.0 + max(0.0, age_s) / DECAY_S, -DECAY_POWER)


@dataclass(slots=True)
class Dwell:
    """Life table of money on accounts: left, stayed = observations by bin of the logarithm of seconds."""

    left: list[float] = field(default_factory=lambda: [0.0] * BINS)
    stayed: list[float] = field(default_factory=lambda: [0.0] * BINS)
    _share: list[float] = field(default_factory=list)
    _fresh: int = 0

    def saw_leave(self, after_s: float) -> None:
        """Money was seen to leave so long after it came."""
        self.left[_bin(after_s)] += 1.0
        self._aged()

    def saw_stay(self, after_s: float) -> None:
        """Money was seen to be still there so long after it came."""
        self.stayed[_bin(after_s)] += 1.0
        self._aged()

    def _aged(self) -> None:
        self._fresh += 1
        if self._fresh >= REFRESH_EVERY:
            self._share = []

    def share(self, age_s: float) -> float:
        """Share of money still there at an age."""
        if not self._share:
            self._share, self._fresh = self._table(), 0
        place = (math.log(max(age_s, 1.0)) - BIN_FIRST) / BIN_WIDTH
        if place <= 0:
            return 1.0
        if place >= BINS:
            return self._share[BINS] * math.exp(BIN_WIDTH * (BINS - place))
        low = int(place)
        return self._share[low] + (place - low) * (self._share[low + 1] - self._share[low])

    def _table(self) -> list[float]:
        shares, risk = [1.0], sum(self.left) + sum(self.stayed)
        for number in range(BINS):
            start, end = (math.exp(BIN_FIRST + BIN_WIDTH * edge) for edge in (number, number + 1))
            thumb = 1.0 - rule_of_thumb(end) / rule_of_thumb(start)
            at_risk = risk - self.stayed[number] / 2
            hazard = (self.left[number] + PRIOR_WEIGHT * thumb) / (at_risk + PRIOR_WEIGHT)
            shares.append(shares[-1] * (1.0 - min(0.999, max(0.0, hazard))))
            risk -= self.left[number] + self.stayed[number]
        return shares


def _bin(seconds: float) -> int:
    return min(BINS - 1, max(0, int((math.log(max(seconds, 1.0)) - BIN_FIRST) / BIN_WIDTH)))


@dataclass(slots=True)
class Pace:
    """Seconds that each bank usually needs, by kind of order: a running mean of logarithms over what is expected."""

    expected_s: dict[str, float]  # by kind of order, before anything is known
    _known: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)

    def saw(self, bank: str, kind: str, seconds: float) -> None:
        """A bank answered after so long."""
        mean, count = self._known.get((bank, kind), (math.log(self.expected_s.get(kind, 600.0)), 1))
        count = min(count + 1, ANSWERS_REMEMBERED)
        self._known[(bank, kind)] = (mean + (math.log(max(seconds, 1.0)) - mean) / count, count)

    def takes(self, usual_s: Mapping[tuple[str, str], float]) -> None:
        """What was measured elsewhere of many answers, by bank and kind of order, replaces what was seen."""
        for key, seconds in usual_s.items():
            self._known[key] = (math.log(max(seconds, 1.0)), ANSWERS_REMEMBERED)

    def usual_s(self, bank: str, kind: str) -> float:
        """How long a bank usually needs."""
        known = self._known.get((bank, kind))
        return math.exp(known[0]) if known else self.expected_s.get(kind, 600.0)


@dataclass(slots=True)
class Learned:
    """All that earlier cases and answers taught."""

    dwell: Dwell
    pace: Pace
    unseen: float = UNSEEN_PRIOR * UNSEEN_WEIGHT
    departures: float = UNSEEN_WEIGHT

    def saw_departure(self, *, seen: bool) -> None:
        """A bank's statement shows that money left; did the clearing house show it, too?"""
        self.departures += 1.0
        self.unseen += not seen

    @property
    def unseen_share(self) -> float:
        """Share of departures that the clearing house does not show."""
        return self.unseen / self.departures


@dataclass(frozen=True, slots=True)
class Stay:
    """How long stolen money rested on an account, as far as it was told: until it left, else until it was last known
    to be there. shown: whether the clearing house told of a departure that the bank told; None where nobody can say."""

    for_s: float
    left: bool
    shown: bool | None = None


def learn(stays: Iterable[Stay], pace: Pace) -> Learned:
    """What many accounts teach together."""
    learned = Learned(Dwell(), pace)
    for stay in stays:
        (learned.dwell.saw_leave if stay.left else learned.dwell.saw_stay)(stay.for_s)
        if stay.shown is not None:
            learned.saw_departure(seen=stay.shown)
    return learned


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of money on an account. traced: the clearing house follows it. moved: some of the sum was seen to
    leave. gone: a stop took effect and did not find it. known_s: until which age a statement shows it still there."""

    amount_minor: int
    age_s: float
    known_s: float = 0.0
    traced: bool = False
    moved: bool = False
    gone: bool = False


def still_there(money: Standing, learned: Learned) -> float:
    """Probability that money that nobody saw leave is still there."""
    if money.gone:
        return 0.0
    if money.moved:
        return REST_BEHIND_OUTFLOW
    known = learned.dwell.share(money.known_s) if money.known_s > 0 else 1.0
    stays = learned.dwell.share(money.age_s) / max(known, 1e-9)
    unseen = learned.unseen_share if money.traced else 1.0
    return stays / (stays + (1.0 - stays) * unseen)


def stop_saves(money: Standing, wait_s: float, learned: Learned) -> float:
    """Minor units that a stop is expected to hold which takes effect in `wait_s`."""
    now = max(learned.dwell.share(money.age_s), 1e-9)
    later = learned.dwell.share(money.age_s + wait_s)
    return money.amount_minor * still_there(money, learned) * later / now


QUESTION_WORTH = 0.3  # of what a question finds that left unseen, so much can still be held at best


def question_saves(money: Standing, wait_s: float, learned: Learned) -> float:
    """Minor units that a statement is expected to help save which comes in `wait_s`."""
    left = 1.0 - still_there(money, learned)
    return money.amount_minor * left * QUESTION_WORTH * rule_of_thumb(money.age_s + wait_s)
