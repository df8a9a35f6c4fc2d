"""How long partners take, in seconds of the world's time.

Theory. Three modes: by hand (a clerk, lognormal, slower at night), by the agreed limits (uniform within them), by
connection. Clerks are few: an order by hand or within limits also waits for one of them (clerks.py).
"""

from dataclasses import dataclass
from random import Random

from wuzha.partners.protocol import Kind
from wuzha.simulation.chance import lognormal
from wuzha.simulation.directory import Mode

CLERKS_PER_BANK = 2
NIGHT_FACTOR = 1.8
NIGHT_HOURS = frozenset({22, 23, 0, 1, 2, 3, 4, 5, 6})
MANUAL_SIGMA = 0.6
MANUAL_TIMES_MEDIAN_MAX = 3.0

QUERIES = frozenset(
    {
        Kind.QUERY_TRANSACTIONS, Kind.QUERY_HOLDER, Kind.WATCH, Kind.WATCH_RELEASE, Kind.WATCH_ARRIVALS,
        Kind.TRACE_OUTFLOWS,
    }
)  # fmt: skip


# A list is kept by another desk than the clerks of stops, and within the hour.
LEISURE = frozenset({Kind.REVIEW_OUTFLOWS, Kind.REVIEW_EXTEND})
LISTING_S = (600.0, 3_600.0)
# Whether a bank can watch for arrivals its computer knows, and it ends what its computer does.
WITHOUT_A_CLERK = LEISURE | {Kind.WATCH_ARRIVALS, Kind.WATCH_RELEASE}


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds for a query and for a hold (local, remote); `work_s` of a clerk each; `push_s` until news are sent on."""

    query: tuple[float, float]
    hold_local: tuple[float, float]
    hold_remote: tuple[float, float]
    work_s: float
    push_s: float


# Ranges, but for manual: (median, sigma of the logarithm).
PACES: dict[Mode, Pace] = {
    "api": Pace((3, 3), (2, 2), (2, 2), 0, 1),
    "limits": Pace((180, 600), (240, 600), (480, 1_200), 180, 60),
    "manual": Pace((2_700, MANUAL_SIGMA), (3_600, MANUAL_SIGMA), (3_600, MANUAL_SIGMA), 720, 300),
}


def answer_s(mode: Mode, kind: Kind, *, local: bool, hour: int, chance: Random) -> float:
    """Seconds until the order is carried out, clerks aside. `hour` of the day, 0-23."""
    pace = PACES[mode]
    if kind in LEISURE and mode != "api":
        return chance.uniform(*LISTING_S)
    low, high = pace.query if kind in QUERIES else pace.hold_local if local else pace.hold_remote
    if mode == "manual":
        return min(lognormal(chance, low, high), low * MANUAL_TIMES_MEDIAN_MAX) * (
            NIGHT_FACTOR if hour in NIGHT_HOURS else 1.0
        )
    return chance.uniform(low, high)


def work_s(mode: Mode, kind: Kind) -> float:
    """Seconds of a clerk that an order takes."""
    return 0.0 if kind in WITHOUT_A_CLERK else PACES[mode].work_s
