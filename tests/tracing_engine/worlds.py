"""Small ledgers for the laws: hypothesis draws them with ties, circles, terminals, unknown openings, partial claims."""

from collections import Counter
from dataclasses import dataclass

from hypothesis import strategies as st

from wuzha.tracing.engine import CONSERVING_RULES, Kind, Seed, Trace, Transfer

ACCOUNTS = [f"a{i}" for i in range(6)]
HUB = "hub"
RULES = CONSERVING_RULES


@dataclass(frozen=True)
class World:
    """A ledger, its seeds and the openings that are known."""

    transfers: tuple[Transfer, ...]
    seeds: tuple[Seed, ...]
    openings: dict[str, int]


@st.composite
def worlds(draw: st.DrawFn, *, reversals: bool = False, silence: bool = False) -> World:
    """Up to 40 transfers at up to 30 instants. reversals: earmarks too. silence: some printed balances are told."""
    transfers: list[Transfer] = []
    for i in range(draw(st.integers(1, 40))):
        kind = draw(st.sampled_from([Kind.TRANSFER] * 8 + [Kind.CASH, Kind.FEE]))
        payer = draw(st.sampled_from([*ACCOUNTS, HUB]))
        payee = draw(st.sampled_from([*ACCOUNTS, HUB, "cash:1"] if kind is Kind.TRANSFER else ["atm", "bank"]))
        at, amount = draw(st.integers(0, 30)), draw(st.integers(1, 60))
        reverses = None
        if reversals and transfers and draw(st.integers(0, 3)) == 0:
            original = draw(st.sampled_from(transfers))
            kind, payer, payee, reverses = Kind.REVERSAL, original.payee, original.payer, original.id
        earmark = None
        if reversals and transfers and draw(st.integers(0, 3)) == 0:
            earmark = draw(st.sampled_from(transfers)).id
        printed = draw(st.integers(0, 200)) if silence and draw(st.integers(0, 9)) == 0 else None
        transfers.append(
            Transfer(
                f"t{i}", at, payer, payee, amount, kind,
                reverses=reverses, earmark=earmark, payee_balance_minor=printed,
            )
        )  # fmt: skip
    seeds = []
    for _ in range(draw(st.integers(1, 5))):
        transfer = draw(st.sampled_from(transfers))
        victim = draw(st.sampled_from(["v1", "v2", "v3"]))
        if draw(st.booleans()):
            part = draw(st.none() | st.integers(1, transfer.amount_minor))
            seeds.append(Seed(victim, transfer_id=transfer.id, amount_minor=part))
        else:
            since, part = draw(st.none() | st.just(transfer.at)), draw(st.none() | st.integers(1, 100))
            seeds.append(Seed(victim, account=transfer.payer, at=since, amount_minor=part))
    openings = draw(st.dictionaries(st.sampled_from(ACCOUNTS), st.integers(0, 100)))
    return World(tuple(transfers), tuple(seeds), openings)


def told(trace: Trace) -> dict[str, object]:
    """What two engines must say alike: flows, holdings, layers, fates, competing claims."""
    return {
        "flows": [(flow.transfer.id, dict(flow.stolen)) for flow in trace.flows],
        "holdings": {a: (held.stolen, held.balance_minor, held.layer) for a, held in trace.holdings.items()},
        "layers": dict(trace.layers),
        "fates": dict(trace.fates),
        "competing": trace.competing,
        "gaps": trace.gaps,
    }


def carried(trace: Trace) -> Counter[tuple[str, str]]:
    """(transfer id, victim) -> cents."""
    return Counter({(flow.transfer.id, v): cents for flow in trace.flows for v, cents in flow.stolen.items()})


def held(trace: Trace) -> Counter[tuple[str, str]]:
    """(account, victim) -> cents."""
    return Counter({(a, v): cents for a, holding in trace.holdings.items() for v, cents in holding.stolen.items()})
