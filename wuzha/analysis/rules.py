"""Two periods side by side: which kinds of fraud grew, which shrank, and where that is more than chance.

Theory. Cases of a kind arrive independently and the periods are equally long, so each case of both falls into the later
one with an even chance: the difference is more than chance when a fair coin would rarely give it. NOTABLE_P is small
because many kinds are looked at at once. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb, sqrt

NOTABLE_P = 0.01
TOSSES_MAX = 1_000  # above, the normal approximation is the same to three digits
NOTABLE_Z = 2.576


@dataclass(frozen=True, slots=True)
class Compared:
    """Cases of one kind ("" for undecided) in the period and in the one before; `decided` of `now` by an officer."""

    kind: str
    now: int
    before: int
    decided: int
    is_notable: bool

    @property
    def change(self) -> int:
        """Cases more (fewer when negative) than in the period before."""
        return self.now - self.before


def compare(
    now: Mapping[str, tuple[int, int]], before: Mapping[str, tuple[int, int]], kinds: Sequence[str]
) -> list[Compared]:
    """A row for each of `kinds` and each other one met, most cases first; counts are (cases, decided)."""
    rows = []
    for kind in dict.fromkeys([*kinds, *now, *before]):
        count, decided = now.get(kind, (0, 0))
        earlier = before.get(kind, (0, 0))[0]
        rows.append(Compared(kind, count, earlier, decided, bool(kind) and is_notable(count, earlier)))
    return sorted(rows, key=lambda row: (-row.now, -row.before, row.kind == "", row.kind))


def is_notable(now: int, before: int) -> bool:
    """Whether two counts of equal periods differ more than chance would have them (two-sided)."""
    tosses, more = now + before, max(now, before)
    if now == before:
        return False
    if tosses > TOSSES_MAX:
        return bool((2 * more - tosses) > NOTABLE_Z * sqrt(tosses))
    ways = sum(comb(tosses, heads) for heads in range(more, tosses + 1))
    return bool(2 * ways < NOTABLE_P * 2**tosses)
