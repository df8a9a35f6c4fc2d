"""Held against holdable over many cases: causes with their cases, and what faster banks would have saved. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wuzha.analysis.holdable import FASTER_MINUTES, NOT_HOLDABLE, Account, Cause

CASES_PER_CAUSE_MAX = 200
_PLACES = {cause: place for place, cause in enumerate(Cause)}


@dataclass(frozen=True, slots=True)
class CaseShare:
    """One case of a cause: what was lost in it (minor units)."""

    case_id: str
    number: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class CauseRow:
    """What was lost to one cause (at one bank, "" when none). short_s: half of the money was missed by less.

    ways: by way out. cases: the most lost first, CASES_PER_CAUSE_MAX of `cases_n`.
    """

    cause: Cause
    bank: str
    amount_minor: int
    short_s: float
    ways: Mapping[str, int]
    cases: tuple[CaseShare, ...]
    cases_n: int

    @property
    def holdable(self) -> bool:
        """Whether that money could have been held."""
        return self.cause not in NOT_HOLDABLE


@dataclass(frozen=True, slots=True)
class Gain:
    """What a bank would have saved by being FASTER_MINUTES faster with each answer and hold (minor units)."""

    bank: str
    saved_minor: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """All cases together; stolen = held + resting + returned + the causes."""

    stolen_minor: int
    held_minor: int
    resting_minor: int
    returned_minor: int
    holdable_minor: int
    causes: tuple[CauseRow, ...]
    gains: tuple[Gain, ...]

    @property
    def lost_minor(self) -> int:
        """What is gone."""
        return sum(row.amount_minor for row in self.causes)

    @property
    def held_of_holdable(self) -> float | None:
        """Share of the holdable that is held, None when nothing was holdable."""
        return self.held_minor / self.holdable_minor if self.holdable_minor else None


def add_up(accounts: Iterable[tuple[str, str, Account]]) -> Sums:
    """The sums of (case id, number, account); causes in their order, each one's banks by what was lost there."""
    totals = [0] * 5
    losses: dict[tuple[Cause, str], list[tuple[float, int, str]]] = {}
    ways: dict[tuple[Cause, str], dict[str, int]] = {}
    cases: dict[tuple[Cause, str], dict[tuple[str, str], int]] = {}
    gains: dict[str, list[int]] = {}
    for case_id, number, account in accounts:
        mine = (
            account.stolen_minor, account.held_minor, account.resting_minor, account.returned_minor,
            account.holdable_minor,
        )  # fmt: skip
        totals = [total + part for total, part in zip(totals, mine, strict=True)]
        for loss in account.losses:
            key = (loss.cause, loss.bank)
            losses.setdefault(key, []).append((loss.short_s, loss.amount_minor, loss.way))
            by_way, by_case = ways.setdefault(key, {}), cases.setdefault(key, {})
            by_way[loss.way] = by_way.get(loss.way, 0) + loss.amount_minor
            by_case[(case_id, number)] = by_case.get((case_id, number), 0) + loss.amount_minor
        for bank, saved in account.gains.items():
            row = gains.setdefault(bank, [0] * len(FASTER_MINUTES))
            for place, amount_minor in enumerate(saved):
                row[place] += amount_minor
    rows = [_row(key, told, ways[key], cases[key]) for key, told in losses.items()]
    rows.sort(key=lambda row: (_PLACES[row.cause], -row.amount_minor, row.bank))
    best = sorted(gains.items(), key=lambda one: (-one[1][0], -one[1][-1], one[0]))
    return Sums(
        totals[0], totals[1], totals[2], totals[3], totals[4],
        causes=tuple(rows), gains=tuple(Gain(bank, tuple(saved)) for bank, saved in best),
    )  # fmt: skip


def _row(
    key: tuple[Cause, str],
    told: Sequence[tuple[float, int, str]],
    ways: Mapping[str, int],
    cases: Mapping[tuple[str, str], int],
) -> CauseRow:
    ranked = sorted(cases.items(), key=lambda one: (-one[1], one[0]))
    return CauseRow(
        cause=key[0],
        bank=key[1],
        amount_minor=sum(amount for _short, amount, _way in told),
        short_s=_half_way(sorted((short, amount) for short, amount, _way in told)),
        ways=dict(sorted(ways.items(), key=lambda one: (-one[1], one[0]))),
        cases=tuple(CaseShare(id_, number, amount) for (id_, number), amount in ranked[:CASES_PER_CAUSE_MAX]),
        cases_n=len(ranked),
    )


def _half_way(weighed: Sequence[tuple[float, int]]) -> float:
    """The value below which half of the weight lies."""
    half, so_far = sum(weight for _value, weight in weighed) / 2, 0
    for value, weight in weighed:
        so_far += weight
        if so_far >= half:
            return value
    return 0.0
