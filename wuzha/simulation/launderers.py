"""Gangs who move stolen money through mules of many banks and take it out.

Theory. A piece of money arrives on a mule's account; after the gang's delay it goes on, split, to mules at other banks,
until the depth of the theft is reached; there it leaves as cash, through a crypto seller, abroad or through a
merchant. Fast gangs move within a minute, manual ones within five, slow ones within half an hour and with few layers;
some accounts are stuck for a day. What a hold has caught does not move: the piece shrinks to what is free. A payment
that a bank only delays is tried again when the delay is over. The
parameters are published orders of magnitude; docs/simulation.md states what they give.
"""

from dataclasses import dataclass
from random import Random

from wuzha.partners.protocol import AccountKind, TransactionKind
from wuzha.simulation import reviews
from wuzha.simulation.arrivals import delayed_until
from wuzha.simulation.chance import lognormal, split_amount, weighted
from wuzha.simulation.ledger import internal
from wuzha.simulation.people import bank_for, open_account
from wuzha.simulation.state import Gang, Style, Theft
from wuzha.simulation.world import World

MULES_REMEMBERED_MAX = 60
TRIAL_MINOR = (1_000, 300_000)  # what a gang tries a known card with, between these, small sums likelier
STUCK_SHARE = 0.015
STUCK_S = 86_400.0
TRIED_AGAIN_AFTER_S = 60.0  # the bank ends its delay before the mule tries again
CORPORATE_SHARE = 0.08
PAYMENT_SHARE = 0.12
OWN_MONEY_SHARE = 0.3
OWN_MONEY_MINOR_MEDIAN = 25_000
SWEEP_SHARE = 0.5
ABROAD_FEE_MINOR = 2_000
ABROAD_FEE_FROM_MINOR = 500_000


@dataclass(frozen=True, slots=True)
class Habit:
    """How a style of gang works: seconds of a hop (median, sigma), layers of mules, into how many pieces it splits.

    The way out is a step of its own, so three to seven layers make a depth of four to eight.
    """

    weight: float
    hop_s: float
    sigma: float
    depth: tuple[int, int]
    pieces: tuple[int, int]


HABITS: dict[Style, Habit] = {
    "fast": Habit(0.4, 48, 0.8, (3, 7), (1, 8)),
    "manual": Habit(0.4, 300, 1.0, (3, 7), (1, 8)),
    "slow": Habit(0.2, 1_800, 1.2, (1, 3), (1, 6)),
}
SMALLEST_MINOR = (80_000, 300_000)
# Exit: share, seconds (median) until the money is out, sigma.
EXITS: dict[TransactionKind, tuple[float, float, float]] = {
    TransactionKind.CASH: (0.35, 1_200, 0.6),
    TransactionKind.CRYPTO: (0.30, 480, 0.6),
    TransactionKind.ABROAD: (0.15, 300, 0.6),
    TransactionKind.MERCHANT: (0.20, 120, 0.6),
}
# Hours of the day: launderers sleep from four to nine and hurry at night.
HOUR_FACTORS = {**dict.fromkeys((20, 21, 22, 23, 0, 1, 2, 3), 0.7), **dict.fromkeys(range(4, 9), 2.0)}


def arrives(world: World, at: float, key: str, theft: Theft, layer: int, amount_minor: int, path: str) -> None:
    """A piece of `theft` arrived on the mule's account `key`: plan what becomes of it."""
    chance = world.chance("hop", theft.theft_id, path)
    factor = HOUR_FACTORS.get(world.hour(at), 1.0)
    habit = HABITS[theft.style]
    delay_s = lognormal(chance, habit.hop_s, habit.sigma) * factor
    if chance.random() < STUCK_SHARE:
        delay_s = lognormal(chance, STUCK_S, 0.2)
    hurry = world.config.launderers_speed * (world.config.alarmed_speed if theft.hit else 1.0)
    delay_s /= hurry
    if world.is_quiet(world.later(at, delay_s)):
        return
    theft.moves_pending += 1
    if layer >= theft.depth:
        kinds = list(EXITS)
        way = weighted(chance, kinds, [EXITS[kind][0] for kind in kinds])
        delay_s = max(delay_s, lognormal(chance, EXITS[way][1], EXITS[way][2]) * factor / hurry)
        world.schedule(world.later(at, delay_s), "take-out", key, theft.theft_id, layer, amount_minor, path, way.value)
    else:
        world.schedule(world.later(at, delay_s), "move-on", key, theft.theft_id, layer, amount_minor, path)


def _free_part(world: World, theft: Theft, key: str, amount_minor: int, chance: Random) -> int:
    """What of the piece can go: held money cannot; a mule sometimes sweeps money of its own along."""
    account = world.ledger.accounts.get(key)
    free = account.available_minor if account else 0
    if free < amount_minor:
        theft.hit = True
        world.count("moves_blocked")
        return free
    own = free - amount_minor
    return free if 0 < own <= OWN_MONEY_MINOR_MEDIAN * 4 and chance.random() < SWEEP_SHARE else amount_minor


def _waits(world: World, theft: Theft, key: str, amount_minor: int, again: tuple[str | int, ...]) -> bool:
    """Whether the bank only delays the piece: then the event `again` comes when the delay is over."""
    account = world.ledger.accounts.get(key)
    if account is None or account.available_minor >= amount_minor:
        return False
    until = delayed_until(account)
    if not until:
        return False
    name, *arguments = again
    theft.hit = True
    theft.moves_pending += 1
    world.schedule(world.later(until, TRIED_AGAIN_AFTER_S), str(name), *arguments)
    return True


def move_on(
    world: World, at: float, key: str, theft_id: str, layer: int, amount_minor: int, path: str
) -> None:  # fmt: skip
    """The mule sends the piece on to mules of the next layer."""
    theft = world.state.thefts.get(theft_id)
    if theft is None:
        return
    theft.moves_pending -= 1
    if world.is_quiet(at):
        return
    if _waits(world, theft, key, amount_minor, ("move-on", key, theft_id, layer, amount_minor, path)):
        return
    chance = world.chance("split", theft_id, path)
    amount_minor = _free_part(world, theft, key, amount_minor, chance)
    if amount_minor <= 0:
        return
    pieces = chance.randint(*HABITS[theft.style].pieces)
    for number, piece in enumerate(split_amount(chance, amount_minor, pieces, theft.smallest_minor)):
        below = f"{path}.{number}"
        payee = mule(world, world.state.gangs[theft.gang], at, world.chance("mule", theft_id, below), avoid=key)
        went = reviews.pay(
            world, key, payee, piece, at, channel=chance.choice(("手机银行", "网上银行", "快捷支付")),
            then=("went-on", payee, theft_id, layer + 1, piece, below),
            stopped=("move-on", key, theft_id, layer, piece, f"{below}r"),
        )  # fmt: skip
        if went:
            arrives(world, at, payee, theft, layer + 1, piece, below)
        else:
            _is_seen(theft)


def take_out(
    world: World, at: float, key: str, theft_id: str, layer: int, amount_minor: int, path: str, way: str
) -> None:  # fmt: skip
    """The piece leaves the banks, or goes to an honest seller."""
    theft = world.state.thefts.get(theft_id)
    if theft is None:
        return
    theft.moves_pending -= 1
    if world.is_quiet(at):
        return
    if _waits(world, theft, key, amount_minor, ("take-out", key, theft_id, layer, amount_minor, path, way)):
        return
    chance = world.chance("exit", theft_id, path)
    amount_minor = _free_part(world, theft, key, amount_minor, chance)
    if amount_minor <= 0:
        return
    account, kind = world.ledger.accounts[key], TransactionKind(way)

    def leaves(payee: str, part_minor: int, via: TransactionKind, channel: str, remark: str = "") -> None:
        if not reviews.pay(
            world, key, payee, part_minor, at, via, channel=channel, remark=remark, then=("went-out", theft_id),
            stopped=("take-out", key, theft_id, layer, part_minor, f"{path}r", way),
        ):  # fmt: skip
            _is_seen(theft)

    if kind is TransactionKind.CASH:
        leaves(internal(account.bank, "cash"), amount_minor, kind, "ATM取现")
    elif kind is TransactionKind.ABROAD:
        fee = ABROAD_FEE_MINOR if amount_minor >= ABROAD_FEE_FROM_MINOR else 0
        leaves(internal(account.bank, "abroad"), amount_minor - fee, kind, "跨境汇款")
        if fee and account.available_minor >= fee:
            world.post(key, internal(account.bank, "fees"), fee, at, TransactionKind.FEE, channel="手续费")
    elif kind is TransactionKind.MERCHANT:
        merchant = chance.choice(world.state.merchants)
        leaves(merchant, amount_minor, kind, "扫码支付", "消费")
    else:
        # A bank sees a payment between persons; only the seller's account kind tells more.
        leaves(chance.choice(world.state.dealers), amount_minor, TransactionKind.TRANSFER, "手机银行")


def _is_seen(theft: Theft) -> None:
    """The gang sees that a payment waits, and does not know why."""
    theft.hit = True
    theft.moves_pending += 1


def went_on(world: World, at: float, payee: str, theft_id: str, layer: int, amount_minor: int, path: str) -> None:
    """A payment that waited has gone to the next layer."""
    theft = world.state.thefts.get(theft_id)
    if theft is not None:
        theft.moves_pending -= 1
        arrives(world, at, payee, theft, layer, amount_minor, path)


def went_out(world: World, _at: float, theft_id: str) -> None:
    """A payment that waited has left the banks."""
    theft = world.state.thefts.get(theft_id)
    if theft is not None:
        theft.moves_pending -= 1


def _passes_trial(world: World, gang: Gang, key: str, at: float, chance: Random) -> bool:
    """Whether a known card does what it is told: a gang that tries it with a small sum throws away one that waits.

    A trial that goes comes back at once and is left out.
    """
    listing = reviews.listing_of(world, world.ledger.accounts[key])
    if listing is None or chance.random() >= world.config.tried_share:
        return True
    low, high = TRIAL_MINOR
    amount_minor = int(low * (high / low) ** chance.random())
    others = [other for other in gang.mules if other != key and other in world.ledger.accounts]
    if not others or reviews.goes_unseen(world, key, amount_minor, at):
        return True
    if world.ledger.accounts[key].available_minor >= amount_minor:
        reviews.pay(world, key, chance.choice(others), amount_minor, at, channel="手机银行")
    world.count("cards_found_listed")
    return False


def mule(world: World, gang: Gang, at: float, chance: Random, *, avoid: str = "", bank: str = "") -> str:
    """A mule's account: now and then a known one that is not burnt, mostly a new one."""
    usable = [
        key
        for key in gang.mules
        if key != avoid and (account := world.ledger.accounts.get(key)) is not None and not account.holds
    ]
    if usable and not bank and chance.random() < world.config.reuse_share:
        known = chance.choice(usable)
        if _passes_trial(world, gang, known, at, chance):
            return known
        gang.mules.remove(known)
    kind = AccountKind.CORPORATE if chance.random() < CORPORATE_SHARE else AccountKind.PERSONAL
    if not bank:
        bank = bank_for(world, chance, ("payment",) if chance.random() < PAYMENT_SHARE else ("bank",))
    opening = 0
    if chance.random() < OWN_MONEY_SHARE:
        opening = int(lognormal(chance, OWN_MONEY_MINOR_MEDIAN, 1.0))
    key = open_account(world, bank, kind, opening, at, chance)
    gang.mules.append(key)
    del gang.mules[:-MULES_REMEMBERED_MAX]
    return key
