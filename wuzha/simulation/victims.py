"""Victims: who is robbed when, of how much, and how late they tell.

Theory. Thefts come by the hour of the day; amounts are lognormal. The victim pays one to three accounts, part by part,
and reports after a delay: a few are reached by an early warning, half within about an hour, some later, some never.
The report says what was paid, to whom and when, a little imprecisely, as `POST /api/v1/reports` takes it. In brushing
frauds a small first return is paid back to the victim, so a little of the money returns by itself.
"""

from math import exp

from wuzha.partners.protocol import AccountKind, AccountRef, Report, ReportedTransfer
from wuzha.simulation.chance import instant, lognormal, split_amount, weighted
from wuzha.simulation.launderers import HABITS, SMALLEST_MINOR, arrives, mule
from wuzha.simulation.narratives import FRAUDS, Fraud, SaidPayment, narrative, typed_amount
from wuzha.simulation.people import bank_for, holder_name, mobile_of, open_account, person_of
from wuzha.simulation.state import Gang, Payment, Style, Theft
from wuzha.simulation.world import World

STOLEN_MINOR_MEDIAN = 1_800_000
STOLEN_SIGMA = 1.4
STOLEN_MINOR = (100_000, 2_000_000_000)
GANGS = 10
EARLY_SHARE = 0.15
EARLY_S = (120.0, 1_200.0)
# Median and sigma of the logarithm. 2015: fitted to 17.7 % within an hour and 66 % within twelve (Xiamen).
LATE = {"modern": (4_500.0, 1.3), "2015": (3_600.0 * exp(1.71), 1.845)}
SILENT_SHARE = 0.08
COMPANY_SHARE = 0.05
NEXT_PAYMENT_S_MEDIAN = 300.0
RETURN_SHARE = 0.05
BANK_UNNAMED_SHARE = 0.3
SAID_TIME_ERROR_S = 60
# The first thefts are told soon, so that a fresh screen fills: style of the gang, paid after, told after (seconds of
# the clock). Some are told while the money still rests on the first account, some when it is layers away.
FIRST_THEFTS: tuple[tuple[Style, float, float], ...] = (
    ("manual", 0.5, 3.0),
    ("manual", 2.0, 8.0),
    ("fast", 1.0, 14.0),
    ("fast", 6.0, 28.0),
    ("manual", 15.0, 48.0),
    ("fast", 40.0, 75.0),
    ("slow", 5.0, 105.0),
    ("manual", 90.0, 140.0),
    ("fast", 150.0, 185.0),
)
# Share of a day's thefts in each hour, times 24.
HOURS = (0.5, 0.3, 0.2, 0.1, 0.1, 0.2, 0.3, 0.5, 0.9, 1.4, 1.6, 1.5, 1.3, 1.4, 1.6, 1.7, 1.6, 1.4, 1.3, 1.4, 1.5, 1.3,
         1.1, 0.8)  # fmt: skip


def make_gangs(world: World) -> list[Gang]:
    """The gangs of a country, styles by their weights."""
    gangs = []
    for number in range(GANGS):
        place, passed, style = (number + 0.5) / GANGS, 0.0, "fast"
        for name, habit in HABITS.items():
            if passed <= place:
                style = name
            passed += habit.weight
        gangs.append(Gang(number, style, "", ""))  # type: ignore[arg-type]
        renew_contacts(world, gangs[-1])
    return gangs


def renew_contacts(world: World, gang: Gang) -> None:
    """Give a gang another number and another site."""
    gang.contacts_n += 1
    chance = world.chance("contacts", gang.number, gang.contacts_n)
    letters = "".join(chance.choices("abcdefghjkmnpqrstuvwxyz0123456789", k=7))
    gang.phone = mobile_of(chance)
    gang.url = f"https://{letters}.{chance.choice(('top', 'vip', 'cc', 'xyz'))}/{chance.choice(('h5', 'app', 'm'))}"


def next_theft(world: World, at: float) -> None:
    """A theft begins; the next one is planned."""
    config, number = world.config, world.state.thefts_n
    if (config.thefts_max and number >= config.thefts_max) or not config.victims_per_hour:
        return
    if world.is_quiet(at):
        return
    firsts = FIRST_THEFTS[: config.first_thefts]
    begin_theft(world, at, firsts[number] if number < len(firsts) else None)
    if world.state.thefts_n < len(firsts):
        world.schedule(at, "theft")
    else:
        wait_s = world.chance("wait", number).expovariate(config.victims_per_hour / 3600)
        world.schedule(at + wait_s / max(HOURS[world.hour(at)], 0.1), "theft")


def begin_theft(world: World, at: float, first: tuple[Style, float, float] | None = None) -> Theft:
    """Plan one theft: who pays what to whom, and when it is reported. `first`: a theft told soon."""
    number = world.state.thefts_n
    world.state.thefts_n += 1
    theft_id = f"t{number}"
    chance = world.chance("theft", number)
    gang = world.state.gangs[number % GANGS if number < GANGS else chance.randrange(GANGS)]
    if first:
        gang = next(other for other in world.state.gangs if other.style == first[0])
    if gang.phone in _cut_off(world) or gang.url in _cut_off(world):
        world.count("contacts_cut_off")
        renew_contacts(world, gang)
    fraud = weighted(chance, FRAUDS, [kind.weight for kind in FRAUDS])
    company = (fraud.companies and chance.random() < 0.5) or chance.random() < COMPANY_SHARE
    kind = AccountKind.CORPORATE if company else AccountKind.PERSONAL
    victim = person_of(chance)
    if company:
        victim.name = holder_name(kind, chance)
    low, high = STOLEN_MINOR
    stolen_minor = int(min(max(lognormal(chance, STOLEN_MINOR_MEDIAN, STOLEN_SIGMA), low), high)) // 100 * 100
    own = open_account(
        world, bank_for(world, chance), kind, stolen_minor + chance.randrange(5_000_000), at, chance, person=victim
    )
    style: Style = gang.style
    depth = chance.randint(*HABITS[style].depth)
    theft = Theft(
        theft_id, gang.number, style, fraud.name, victim, own, gang.phone, gang.url, depth,
        chance.randint(*SMALLEST_MINOR), [], 0.0, external_id=f"110-{world.config.seed}-{number:06d}",
    )  # fmt: skip
    paid_at = at + first[1] if first else at
    for part, amount_minor in enumerate(split_amount(chance, stolen_minor, chance.randint(1, 3), 50_000)):
        connected = chance.choice(
            [p.code for p in world.config.partners if p.kind == "bank" and p.mode == "api"] or [""]
        )
        payee = mule(world, gang, at, world.chance("first", theft_id, part), avoid=own, bank=connected if first else "")
        theft.payments.append(Payment(payee, amount_minor, paid_at))
        world.schedule(paid_at, "pay", theft_id, part)
        step_s = lognormal(chance, NEXT_PAYMENT_S_MEDIAN, 0.8)
        paid_at = paid_at + 0.3 if first else world.later(paid_at, step_s)
    theft.report_at = _report_at(world, theft, first)
    if theft.report_at:
        world.schedule(theft.report_at, "report", theft_id)
    world.state.thefts[theft_id] = theft
    return theft


def _cut_off(world: World) -> set[str]:
    return {target for desk in world.state.desks.values() for target in (*desk.suspended, *desk.blocked)}


def _report_at(world: World, theft: Theft, first: tuple[Style, float, float] | None) -> float:
    last_at = theft.payments[-1].at
    if first:
        return last_at + first[2] - first[1]
    chance = world.chance("report", theft.theft_id)
    if chance.random() < SILENT_SHARE:
        return 0.0
    early = chance.random() < EARLY_SHARE and world.config.reports == "modern"
    median_s, sigma = LATE[world.config.reports]
    delay_s = chance.uniform(*EARLY_S) if early else lognormal(chance, median_s, sigma)
    if world.config.report_delay_s_max is not None and delay_s > world.config.report_delay_s_max:
        return 0.0
    report_at = world.later(last_at, delay_s)
    return 0.0 if world.is_quiet(report_at) else report_at


def pay(world: World, at: float, theft_id: str, part: int) -> None:
    """The victim pays; the thieves have the money."""
    theft = world.state.thefts[theft_id]
    payment = theft.payments[part]
    payment.paid_at = at
    world.post(theft.victim_account, payment.payee, payment.amount_minor, at, theft=theft_id, channel="手机银行")
    returned_minor = int(payment.amount_minor * RETURN_SHARE) if part == 0 and theft.fraud == FRAUDS[0].name else 0
    if returned_minor and len(theft.payments) > 1 and not world.ledger.accounts[payment.payee].holds:
        world.post(payment.payee, theft.victim_account, returned_minor, at, channel="手机银行", remark="返利")
    else:
        returned_minor = 0
    left_minor = payment.amount_minor - returned_minor
    arrives(world, at, payment.payee, theft, 1, left_minor, str(part))


def report(world: World, at: float, theft_id: str) -> None:
    """The victim tells the 110 room, which writes the report down; the postman files it."""
    theft = world.state.thefts.get(theft_id)
    if theft is None:
        return
    chance = world.chance("narrative", theft_id)
    own = world.ledger.accounts[theft.victim_account]
    said, transfers = [], []
    for payment in theft.payments:
        if not payment.paid_at:
            continue
        payee = world.ledger.accounts[payment.payee]
        said_at = payment.paid_at - chance.randrange(SAID_TIME_ERROR_S)
        bank_zh = world.partners[payee.bank].name_zh
        said.append(SaidPayment(said_at, payment.amount_minor, bank_zh, payee.number, payee.name))
        is_card = payee.kind is AccountKind.PERSONAL and world.partners[payee.bank].kind == "bank"
        unnamed = is_card and chance.random() < BANK_UNNAMED_SHARE
        transfers.append(
            ReportedTransfer(
                payer=AccountRef(bank=own.bank, number=own.number, name=own.name),
                payee=AccountRef(bank="" if unnamed else payee.bank, number=payee.number, name=payee.name),
                amount=typed_amount(payment.amount_minor, chance),
                currency=payee.currency,
                at=instant(said_at),
                channel="手机银行",
            )
        )
    fraud: Fraud = next(kind for kind in FRAUDS if kind.name == theft.fraud)
    theft.report = Report(
        external_id=theft.external_id,
        victim_kind="company" if own.kind is AccountKind.CORPORATE else "person",
        victim_name=theft.victim.name,
        victim_phone=theft.victim.phone,
        victim_id_number="" if own.kind is AccountKind.CORPORATE else theft.victim.id_number,
        jurisdiction=theft.victim.place,
        narrative=narrative(
            fraud, theft.victim.name, theft.phone, theft.url, world.partners[own.bank].name_zh, said, chance
        ),
        transfers=transfers,
        phones=[theft.phone],
        urls=[theft.url],
    )
    world.count("reports_made")
