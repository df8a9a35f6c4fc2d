"""Poison: which victims' money an account may have touched. An exposure is a set, never a sum.

Theory. Whatever leaves an account that holds any stolen money is exposed wholly; the account is clean again when its
balance touches zero. It conserves nothing, so it ranks and warns, and is never evidence of an amount.
"""

from collections.abc import Iterable

from wuzha.tracing.engine.balances import Ledger
from wuzha.tracing.engine.model import Fate, Flow, Holding, Lot, Rule, Seed, Trace
from wuzha.tracing.engine.seeds import Claims
from wuzha.tracing.engine.spec import ranked_gaps


def expose(ledger: Ledger, seeds: Iterable[Seed]) -> Trace:
    """The poison trace: flows carry victims with 0 cents, holdings show balances of exposed accounts."""
    claims = Claims(ledger, seeds)
    balances = {account: opening.amount_minor for account, opening in ledger.openings.items()}
    exposed: dict[str, frozenset[str]] = {}
    layers: dict[str, int] = {}
    flows: list[Flow] = []
    for transfer in ledger.transfers:
        payer, payee = transfer.payer, transfer.payee
        if payer == payee:
            continue
        victims = exposed.get(payer, frozenset())
        for claim in claims.on(transfer):
            victims |= {claim.victim}
            claim.left -= min(claim.left, transfer.amount_minor)
            layers[payer] = 0
        if not ledger.is_terminal(payer):
            balances[payer] = balances.get(payer, 0) - transfer.amount_minor
            if balances[payer] == 0:
                exposed.pop(payer, None)
        if victims:
            flows.append(Flow(transfer, dict.fromkeys(sorted(victims), 0)))
            layers[payee] = min(layers[payer] + 1, layers.get(payee, layers[payer] + 1))
        if not ledger.absorbs(transfer):
            balances[payee] = balances.get(payee, 0) + transfer.amount_minor
            at_home = {claims.victims[owner - 1] for owner in claims.homes.get(payee, ())}
            exposed[payee] = exposed.get(payee, frozenset()) | (victims - at_home)
    exposed = {account: victims for account, victims in sorted(exposed.items()) if victims}
    return Trace(
        rule=Rule.POISON,
        flows=tuple(flows),
        holdings={a: Holding(a, (Lot(None, balances[a]),), layers.get(a)) for a in exposed},
        layers=layers,
        fates=dict.fromkeys(claims.victims, Fate()),
        gaps=ranked_gaps(ledger, flows, layers, 0),
        ties=ledger.ties,
        openings=ledger.openings,
        exposure=exposed,
    )
