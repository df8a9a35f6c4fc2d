"""Cases of any size for the picture: accounts in layers, cash at the ends, crowds, one way back to the victim."""

import random
from datetime import timedelta

from django.utils import timezone

from tests.centre import filed, partner
from wuzha.intake.models import Case
from wuzha.tracing.models import LedgerTransfer, TracedAccount

BANKS = ("ICBC", "CCB", "ABC")
STATES = ("held", "partly", "resting", "empty", "asked", "unknown", "honest")


def case_of(accounts: int, seed: int = 1) -> Case:
    """A case whose stolen money reached so many accounts: a tree with cross links, sums halving as it spreads."""
    rng = random.Random(seed)
    for code in BANKS:
        partner(code)
    case = filed()
    LedgerTransfer.objects.filter(case=case).delete()
    TracedAccount.objects.filter(case=case).delete()
    began = timezone.now() - timedelta(days=2)
    layers = _layers(accounts)
    victim, total = "victim:1", 50_000_000_00
    above, made, transfers = [(victim, total, began)], [], []
    for depth, width in enumerate(layers, 1):
        here = []
        for n in range(width):
            payer, has, at = above[n % len(above)]
            sum_minor = max(1_00, int(has / (1 + width / len(above)) * rng.uniform(0.4, 1.0)))
            at += timedelta(seconds=rng.randint(20, 4_000))
            exit_here = depth == len(layers) and n % 7 == 0 and accounts > 5
            number = f"62220210{depth:02d}{n:09d}"
            bank = BANKS[n % 3]
            key = f"cash:{payer}:{n}" if exit_here else f"{bank}:{number}"
            state = "exit" if exit_here else STATES[rng.randrange(len(STATES))]
            now = sum_minor if state in ("held", "resting", "partly") else sum_minor // 3 if state == "asked" else 0
            made.append(
                TracedAccount(
                    case=case, key=key, bank="" if exit_here else bank, number=number, name="甲", currency="CNY",
                    layer=depth, state=state, stolen_in_minor=sum_minor, stolen_now_minor=now,
                    held_minor=now if state == "held" else now // 2 if state == "partly" else 0,
                    first_in_at=at, last_in_at=at,
                )
            )  # fmt: skip
            transfers.append(_transfer(case, payer, key, sum_minor, at, reported=payer == victim))
            if n % 5 == 0 and n:
                extra = sum_minor // 10 + 1
                transfers.append(_transfer(case, above[(n + 1) % len(above)][0], key, extra, at + timedelta(seconds=9)))
            if not exit_here:
                here.append((key, sum_minor, at))
        above = here
    transfers.append(_transfer(case, above[0][0], made[0].key, 5_00, above[0][2] + timedelta(minutes=1)))
    TracedAccount.objects.bulk_create(made)
    LedgerTransfer.objects.bulk_create(transfers)
    return case


def _layers(accounts: int) -> list[int]:
    if accounts <= 5:
        return [1, 2, accounts - 3]
    shares = (0.02, 0.13, 0.3, 0.55)
    widths = [max(1, int(accounts * share)) for share in shares]
    widths[-1] += accounts - sum(widths)
    return widths


def _transfer(case, payer, payee, amount_minor, at, reported=False):
    return LedgerTransfer(
        case=case, payer=payer, payee=payee, amount_minor=amount_minor, stolen_minor=amount_minor, currency="CNY",
        at=at, kind="transfer", reported=reported,
    )  # fmt: skip
