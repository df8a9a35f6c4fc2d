"""Seeded chance. Every draw is a function of (seed, name of the thing), never of the order in which things happen.

So two runs, or two strategies of a centre, meet the same world: a mule's delay does not change because another bank
answered first.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from random import Random
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")

BEIJING = timezone(timedelta(hours=8))


def draws(seed: int, *node: object) -> Random:
    """The generator that belongs to `node`, e.g. draws(7, "theft", 12, "hop", "0.2.1")."""
    return Random(":".join([str(seed), *map(str, node)]))


def lognormal(chance: Random, median: float, sigma: float) -> float:
    """A lognormal draw by its median and the sigma of its logarithm."""
    return median * math.exp(chance.gauss(0.0, sigma))


def weighted(chance: Random, items: Sequence[T], weights: Sequence[float]) -> T:
    """One of `items` with odds `weights`."""
    return chance.choices(items, weights)[0]


def uuid_of(chance: Random) -> UUID:
    """A version 4 UUID out of `chance`."""
    return UUID(int=chance.getrandbits(128), version=4)


def instant(at: float) -> datetime:
    """Epoch seconds as an aware UTC instant, to the millisecond."""
    return datetime.fromtimestamp(round(at, 3), UTC)


def split_amount(chance: Random, total: int, pieces: int, smallest: int) -> list[int]:
    """`total` cut into at most `pieces` uneven parts of at least `smallest` each; one part when it does not suffice."""
    pieces = max(1, min(pieces, total // max(smallest, 1)))
    spare = total - smallest * pieces if pieces > 1 else 0
    cuts = sorted(chance.randint(0, spare) for _ in range(pieces - 1))
    edges = [0, *cuts, spare]
    parts = [smallest + after - before for before, after in pairwise(edges)]
    return parts if pieces > 1 else [total]
