"""The world of the chase benchmark: thefts as trees of accounts, drawn once for every strategy and the oracle.

Theory. A theft is a tree. The victim pays one to three first accounts; each account passes what it got on, after its
gang's delay, to one or more accounts of the next layer, at other banks; the last layer takes it out as cash or abroad,
or pays an honest seller. Everything random about an account - its bank, its delay, how long its bank needs to answer,
what goes wrong with the answer - is drawn from (seed, case) in a fixed order, so all strategies meet the same world.
Scenarios change only how the draws are read: who answers how, when reports come, how fast the gangs are.

Times are float seconds from the world's first midnight, amounts are integer fen.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from random import Random

DAY_S = 86_400.0
DAYS = 3
WARM_UP_DAYS = 1
CASES_A_DAY = 120
BANKS = 30
AMOUNT_MEDIAN_FEN, AMOUNT_SIGMA = 1_800_000, 1.4
AMOUNT_MIN_FEN = 50_000
ACCOUNTS_PER_CASE_MAX = 4_000
SMALLEST_FEN = (80_000, 300_000)
STUCK_SHARE, STUCK_S, STUCK_SIGMA = 0.015, DAY_S, 0.2
LOCAL_SHARE = 0.3
RECOGNISED_SHARE = 0.95  # honest sellers whose kind the bank's answer tells
COVERED_SHARE = 0.90  # interbank payments that the clearing house shows
BEIJING_NIGHT = frozenset({22, 23, 0, 1, 2, 3, 4, 5, 6})
# Odds of a theft in each hour of the day: few before dawn, most in the afternoon and evening.
VICTIM_HOURS = (2, 1, 1, 1, 1, 1, 2, 3, 5, 7, 8, 7, 6, 7, 8, 8, 7, 6, 6, 7, 8, 8, 6, 4)
LAUNDERER_FACTOR = (
    dict.fromkeys((20, 21, 22, 23, 0, 1, 2, 3), 0.7) | dict.fromkeys(range(4, 9), 2.0)
)  # fmt: skip
FACTORS = tuple(LAUNDERER_FACTOR.get(hour, 1.0) for hour in range(24))

CASH, CRYPTO, ABROAD, MERCHANT = "cash", "crypto", "abroad", "merchant"
# Way out, share, median seconds until the money is out.
EXITS = ((CASH, 0.35, 1_200.0), (CRYPTO, 0.30, 480.0), (ABROAD, 0.15, 1_500.0), (MERCHANT, 0.20, 900.0))
EXIT_SIGMA = 0.6


@dataclass(frozen=True, slots=True)
class Habit:
    """A style of gang: share, seconds of a hop (median, sigma), layers, and into how many pieces a layer splits."""

    share: float
    hop_s: float
    sigma: float
    depth: tuple[int, int]
    pieces: tuple[int, int]


FAST = Habit(0.4, 48.0, 0.8, (4, 8), (3, 10))
MANUAL = Habit(0.4, 300.0, 1.0, (4, 8), (3, 10))
SLOW = Habit(0.2, 1_800.0, 1.2, (1, 3), (3, 10))
SPLIT_SHARE = 0.65  # layers in which a piece is split at all


@dataclass(frozen=True, slots=True)
class Scenario:
    """How the draws are read. modes: of the banks, largest first. speed: of the launderers; alarmed: how many times
    faster they are once a first hold has caught money. cases_factor: thefts beside the usual number."""

    name: str
    title: str
    modes: tuple[str, ...]
    reports: str = "modern"
    cases_factor: int = 1
    speed: float = 1.0
    alarmed: float = 1.0
    reuse: bool = False


_MANUAL, _LIMITS, _API = ("manual",) * BANKS, ("limits",) * BANKS, ("api",) * BANKS
_MIXED = ("api",) * 10 + ("limits",) * 13 + ("manual",) * 7
SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("A", "manual partners, 2015 reports", _MANUAL, reports="xiamen2015"),
        Scenario("B", "the agreed limits", _LIMITS),
        Scenario("C", "mixed partners", _MIXED),
        Scenario("D", "limits, four times the cases", _LIMITS, cases_factor=4),
        Scenario("E", "API partners", _API),
        Scenario("F", "mixed, launderers twice as fast, alarmed by holds", _MIXED, speed=2.0, alarmed=10.0),
    )
}
REUSE = Scenario("G", "mixed partners, gangs that use their accounts again", _MIXED, reuse=True)
GANGS = 12
REUSED_SHARE = 0.5  # accounts that come from the gang's stock; the others are used once
TRIAL_FEN = (1_000, 300_000)  # what a gang tries a card with: 10 to 3,000 yuan, each order of magnitude as likely
STOCK_AT_LARGEST = 60  # accounts that a gang keeps at the largest bank, at the others by their weight


class Node:
    """One account on the way of stolen money."""

    __slots__ = (
        "amount", "arrive", "bank", "card", "case", "children", "covered", "dwell_s", "faults", "followed", "held",
        "held_at", "hold_draw", "hold_s", "honest", "index", "kind", "layer", "leave", "limit", "local", "parent",
        "query_draw", "query_s", "stolen", "stop", "test_draw", "trial_fen", "watched", "way",
    )  # fmt: skip
    arrive: float
    leave: float
    dwell_s: float
    query_s: float
    hold_s: float
    query_draw: tuple[float, float]  # standard normal, uniform
    hold_draw: tuple[float, float]
    bank: int
    local: bool
    covered: bool  # the clearing house saw the payment that came
    faults: tuple[float, float, float, float]

    def __init__(self, index: int, parent: "Node | None", layer: int, amount: int) -> None:
        self.index, self.parent, self.layer = index, parent, layer
        self.amount = self.stolen = amount  # what arrives, less what was held above; and what would have arrived
        self.children: list[Node] = []
        self.honest = False
        self.kind = "personal"
        self.way = ""
        self.card = ""  # what its gang calls it, "" for an account that is used once
        self.test_draw = 0.0
        self.trial_fen = 0
        self.case: Case | None = None
        self.held = self.limit = 0
        self.held_at = math.inf
        self.stop: object = None  # the stop in force
        self.followed: object = None  # the clearing house's order to show what leaves
        self.watched: object = None  # the order to delay what it sends

    @property
    def number(self) -> str:
        """The account's number, the same for everybody."""
        return f"{self.case.number}-{self.index}" if self.case else ""


@dataclass(slots=True)
class Case:
    """One theft. nodes: parents before children. stolen_at, report_at: seconds."""

    number: int
    style: str
    amount: int
    stolen_at: float
    report_at: float
    scored: bool
    nodes: list[Node]
    alarmed_at: float = math.inf


def hour_of(at: float) -> int:
    """Hour of the day."""
    return int(at % DAY_S // 3_600)


_BANK_ENDS = tuple(accumulate(1.0 / (place + 1) for place in range(BANKS)))
_HOUR_ENDS = tuple(accumulate(VICTIM_HOURS))


def cases_of(seed: int, scenario: Scenario, days: int = DAYS, cases_a_day: int = CASES_A_DAY) -> list[Case]:
    """All thefts of a scenario. A theft with one (seed, number) is the same tree in every scenario."""
    count = days * cases_a_day * scenario.cases_factor
    warm_up = WARM_UP_DAYS * cases_a_day * scenario.cases_factor
    per_day = cases_a_day * scenario.cases_factor
    return [_case(seed, number, number // per_day, number >= warm_up, scenario) for number in range(count)]


def _case(seed: int, number: int, day: int, scored: bool, scenario: Scenario) -> Case:
    chance = Random(f"{seed}:{number}")
    uniform, gauss = chance.random, chance.gauss
    hour = chance.choices(range(24), cum_weights=_HOUR_ENDS)[0]
    stolen_at = day * DAY_S + (hour + uniform()) * 3_600.0
    amount = max(AMOUNT_MIN_FEN, round(AMOUNT_MEDIAN_FEN * math.exp(gauss(0.0, AMOUNT_SIGMA))))
    pick = uniform()
    style, habit = ("fast", FAST) if pick < 0.4 else ("manual", MANUAL) if pick < 0.8 else ("slow", SLOW)
    depth = chance.randint(*habit.depth)
    smallest = chance.randint(*SMALLEST_FEN)
    report_s = _report_delay_s(scenario.reports, uniform(), gauss(0.0, 1.0), uniform())
    first = min(chance.randint(1, 3), max(1, amount // smallest))
    nodes: list[Node] = []
    layer = [_new(nodes, None, 1, part) for part in _split(chance, amount, first, smallest)]
    for step in range(1, depth + 1):
        below: list[Node] = []
        for node in layer:
            _draw(node, chance, habit, last=step == depth)
            if step < depth:
                wanted = chance.randint(*habit.pieces) if uniform() < SPLIT_SHARE else 1
                room = ACCOUNTS_PER_CASE_MAX - len(nodes) - len(layer)
                pieces = max(1, min(wanted, node.amount // smallest, room))
                below += [_new(nodes, node, step + 1, part) for part in _split(chance, node.amount, pieces, smallest)]
            elif node.way in (CRYPTO, MERCHANT):
                seller = _new(nodes, node, step + 1, node.amount)
                _draw(seller, chance, habit, last=True)
                seller.honest, seller.way = True, ""
                known = uniform() < RECOGNISED_SHARE
                kind = "crypto-dealer" if node.way == CRYPTO else "merchant"
                seller.kind = kind if known else "personal"
        layer = below
    case = Case(number, style, amount, stolen_at, stolen_at + report_s, scored, nodes)
    for node in nodes:
        node.case = case
    if scenario.reuse:
        _hand_out_cards(seed, case)
    _time(case, scenario)
    return case


def _hand_out_cards(seed: int, case: Case) -> None:
    """Which accounts come from the stock of the case's gang; draws of their own, so that the trees stay the same."""
    chance, trials = Random(f"{seed}:{case.number}:cards"), Random(f"{seed}:{case.number}:trials")
    low, high = TRIAL_FEN
    gang = chance.randrange(GANGS)
    for node in case.nodes:
        reused, place, node.test_draw = chance.random(), chance.random(), chance.random()
        node.trial_fen = int(low * (high / low) ** trials.random())
        if reused < REUSED_SHARE and not node.honest:
            node.card = f"{gang}/{node.bank}/{int(place * max(1, STOCK_AT_LARGEST // (node.bank + 1)))}"


def _new(nodes: list[Node], parent: Node | None, layer: int, amount: int) -> Node:
    node = Node(len(nodes), parent, layer, amount)
    nodes.append(node)
    if parent is not None:
        parent.children.append(node)
    return node


def _split(chance: Random, total: int, pieces: int, smallest: int) -> list[int]:
    """`total` in `pieces` uneven parts of at least `smallest` each (one part when it does not suffice)."""
    if pieces <= 1:
        return [total]
    spare = total - smallest * pieces
    cuts = sorted(chance.random() for _ in range(pieces - 1))
    edges = [0, *(int(cut * spare) for cut in cuts), spare]
    return [smallest + edges[i + 1] - edges[i] for i in range(pieces)]


def _draw(node: Node, chance: Random, habit: Habit, *, last: bool) -> None:
    """All that is random about an account, always the same number of draws in the same order."""
    uniform, gauss = chance.random, chance.gauss
    node.bank = _place(_BANK_ENDS, uniform(), node.parent.bank if node.parent else -1)
    hop_s = habit.hop_s * math.exp(gauss(0.0, habit.sigma))
    way, exit_z, stuck, stuck_z = uniform(), gauss(0.0, EXIT_SIGMA), uniform(), gauss(0.0, STUCK_SIGMA)
    if last:
        for name, share, median_s in EXITS:
            node.way = name
            if way < share:
                hop_s = max(hop_s, median_s * math.exp(exit_z))
                break
            way -= share
    node.dwell_s = STUCK_S * math.exp(stuck_z) if stuck < STUCK_SHARE else hop_s
    node.query_draw = (gauss(0.0, 1.0), uniform())
    node.hold_draw = (gauss(0.0, 1.0), uniform())
    node.local = uniform() < LOCAL_SHARE
    node.covered = uniform() < COVERED_SHARE
    node.faults = (uniform(), uniform(), uniform(), uniform())


def _place(ends: tuple[float, ...], share: float, avoided: int) -> int:
    """A bank by its weight; mules are at another bank than whoever pays them."""
    start = ends[avoided - 1] if avoided > 0 else 0.0
    width = ends[avoided] - start if avoided >= 0 else 0.0
    wanted = share * (ends[-1] - width)
    if avoided >= 0 and wanted >= start:
        wanted += width
    return min(bisect_right(ends, wanted), len(ends) - 1)


REPORT_EARLY_SHARE = 0.15
MODERN_MEDIAN_S, MODERN_SIGMA = 78 * 60.0, 1.2
XIAMEN_MU, XIAMEN_SIGMA = 1.71, 1.845


def _report_delay_s(reports: str, early: float, z: float, place: float) -> float:
    if reports == "xiamen2015":
        return 3_600.0 * math.exp(XIAMEN_MU + XIAMEN_SIGMA * z)
    if early < REPORT_EARLY_SHARE:
        return 120.0 + place * 1_080.0
    return MODERN_MEDIAN_S * math.exp(MODERN_SIGMA * z)


# Seconds: median and sigma of the logarithm by hand; ranges within the limits; API.
QUERY_MANUAL_S, HOLD_MANUAL_S, MANUAL_SIGMA, NIGHT_FACTOR = 2_700.0, 3_600.0, 0.6, 1.8
QUERY_LIMITS_S, HOLD_LOCAL_S, HOLD_REMOTE_S = (180.0, 600.0), (240.0, 600.0), (480.0, 1_200.0)
QUERY_API_S, HOLD_API_S = 3.0, 2.0
# A clerk's minutes for one order. By hand 12 for each; at the agreed limits 3 for the question and the stop of an
# account together: so read, S1 holds .45 of what can be held in B, as in the first prototype's world (3 each: .27).
WORK_S = {"manual": 720.0, "limits": 90.0, "api": 0.0}


def _time(case: Case, scenario: Scenario) -> None:
    """Read the draws: when money arrives and leaves, and how long each bank needs."""
    for node in case.nodes:
        node.arrive = node.parent.leave if node.parent else case.stolen_at
        node.dwell_s *= FACTORS[hour_of(node.arrive)] / scenario.speed
        node.leave = math.inf if node.honest else node.arrive + node.dwell_s
        mode = scenario.modes[node.bank]
        (query_z, query_u), (hold_z, hold_u) = node.query_draw, node.hold_draw
        if mode == "manual":
            night = NIGHT_FACTOR if hour_of(max(case.report_at, node.arrive)) in BEIJING_NIGHT else 1.0
            node.query_s = QUERY_MANUAL_S * night * math.exp(MANUAL_SIGMA * query_z)
            node.hold_s = HOLD_MANUAL_S * night * math.exp(MANUAL_SIGMA * hold_z)
        elif mode == "limits":
            low, high = HOLD_LOCAL_S if node.local else HOLD_REMOTE_S
            node.query_s = QUERY_LIMITS_S[0] + query_u * (QUERY_LIMITS_S[1] - QUERY_LIMITS_S[0])
            node.hold_s = low + hold_u * (high - low)
        else:
            node.query_s, node.hold_s = QUERY_API_S, HOLD_API_S
