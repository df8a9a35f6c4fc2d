"""Honest traffic: people pay people, shops and sellers; shops and sellers pay on; now and then a mule is paid too.

Theory. So that a bank's statement is not all theft, that mules carry clean money, and that a shop's account which
received stolen money is an honest one with a life of its own.
"""

from wuzha.partners.protocol import AccountKind, TransactionKind
from wuzha.simulation import reviews
from wuzha.simulation.chance import lognormal
from wuzha.simulation.launderers import OWN_MONEY_MINOR_MEDIAN
from wuzha.simulation.people import bank_for, open_account
from wuzha.simulation.world import World

PEOPLE = 240
MERCHANTS = 60
DEALERS = 24
PAYMENTS_PER_THEFT = 12.0  # honest payments in the time of one theft
PEOPLE_MONEY_MINOR_MEDIAN = 1_500_000
PAYMENT_MINOR_MEDIAN = 20_000
PAYMENT_SIGMA = 1.1
TO_MULE_SHARE = 0.08
TO_MERCHANT_SHARE = 0.5
PAY_ON_SHARE = 0.25


def settle(world: World, at: float) -> None:
    """Open the accounts of honest people, shops and crypto sellers."""
    state = world.state
    for kind, count, listed in (
        (AccountKind.PERSONAL, PEOPLE, state.honest),
        (AccountKind.MERCHANT, MERCHANTS, state.merchants),
        (AccountKind.CRYPTO_DEALER, DEALERS, state.dealers),
    ):
        for number in range(count):
            chance = world.chance("honest", kind, number)
            kinds = ("bank", "payment") if kind is AccountKind.MERCHANT else ("bank",)
            opening_minor = int(lognormal(chance, PEOPLE_MONEY_MINOR_MEDIAN, 1.0))
            listed.append(open_account(world, bank_for(world, chance, kinds), kind, opening_minor, at, chance))


def traffic(world: World, at: float) -> None:
    """One honest payment, and the next is planned."""
    state, config = world.state, world.config
    if world.is_quiet(at):
        return
    if (
        config.thefts_max
        and state.thefts_n >= config.thefts_max
        and not any(t.moves_pending for t in state.thefts.values())
    ):
        return
    state.honest_n += 1
    chance = world.chance("traffic", state.honest_n)
    per_s = config.victims_per_hour * PAYMENTS_PER_THEFT / 3600
    if not per_s:
        return
    world.schedule(at + chance.expovariate(per_s), "traffic")
    amount_minor = int(lognormal(chance, PAYMENT_MINOR_MEDIAN, PAYMENT_SIGMA))
    what, via = chance.random(), TransactionKind.TRANSFER
    payer = chance.choice(state.honest)
    if what < TO_MULE_SHARE:
        gang = chance.choice(state.gangs)
        payee = chance.choice(gang.mules) if gang.mules else ""
        amount_minor = min(amount_minor, OWN_MONEY_MINOR_MEDIAN)
    elif what < TO_MULE_SHARE + TO_MERCHANT_SHARE:
        payee, via = chance.choice(state.merchants), TransactionKind.MERCHANT
    elif what < TO_MULE_SHARE + TO_MERCHANT_SHARE + PAY_ON_SHARE:
        payer, payee = chance.choice(state.merchants + state.dealers), chance.choice(state.honest)
        amount_minor = world.ledger.accounts[payer].available_minor // 3
    else:
        payee = chance.choice(state.honest)
    if payer == payee or payee not in world.ledger.accounts or amount_minor <= 0:
        return
    if world.ledger.accounts[payer].available_minor >= amount_minor:
        reviews.pay(world, payer, payee, amount_minor, at, via, channel="手机银行")
