"""What truly happened, as raw data for the auditor: accounts, journal, thefts, orders. Served on loopback only.

Theory. The country states facts and draws no conclusion: where stolen money rests, whether a hold is right and
whether an order had its effect once is the auditor's to find.
"""

from typing import Any

from wuzha.simulation.country import pending
from wuzha.simulation.ledger import Account
from wuzha.simulation.state import OrderRecord, Theft
from wuzha.simulation.world import World


def truth_of(world: World, now: float) -> dict[str, Any]:
    """All facts as plain data (see `auditor.Truth` for the shapes)."""
    ledger = world.ledger
    return {
        "seed": world.config.seed,
        "now": now,
        "started_at": world.state.started_at,
        "speed": world.config.speed,
        "pending": pending(world),
        "counts": dict(world.state.counts),
        "accounts": [_account(account) for account in ledger.accounts.values()],
        "internals": dict(ledger.internals),
        "opening_internals": dict(ledger.opening_internals),
        "journal": [
            [e.seq, e.at, e.what, e.payer, e.payee, e.amount_minor, e.via, e.theft, e.order_id] for e in ledger.journal
        ],
        "thefts": [_theft(theft) for theft in world.state.thefts.values()],
        "orders": [_order(record) for desk in world.state.desks.values() for record in desk.orders.values()],
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "key": account.key,
        "kind": account.kind.value,
        "balance_minor": account.balance_minor,
        "opening_minor": account.opening_minor,
        "opening_caught": dict(account.opening_caught),
        "holds": [
            {
                "order_id": hold.order_id,
                "case_number": hold.case_number,
                "limit_minor": hold.limit_minor,
                "caught_minor": hold.caught_minor,
                "placed_at": hold.placed_at,
                "ends_at": hold.ends_at,
                "over": hold.over,
                "delay": hold.delay,
            }
            for hold in account.holds
        ],
    }


def _theft(theft: Theft) -> dict[str, Any]:
    return {
        "theft_id": theft.theft_id,
        "style": theft.style,
        "victim_account": theft.victim_account,
        "stolen_minor": theft.stolen_minor,
        "paid_at": [payment.paid_at for payment in theft.payments],
        "external_id": theft.external_id,
        "made_at": theft.report_at,
        "reported_at": theft.reported_at,
        "case_number": theft.case_number,
        "report_refused": theft.report_refused,
        "forgotten": theft.forgotten,
    }


def _order(record: OrderRecord) -> dict[str, Any]:
    order = record.order
    return {
        "order_id": str(order.order_id),
        "partner": record.partner,
        "kind": order.kind.value,
        "case_number": order.case_number,
        "account": order.account.number,
        "amount_minor": order.amount_minor,
        "issued_at": order.issued_at.timestamp(),
        "received_at": record.received_at,
        "received_n": record.received_n,
        "conflicts_n": record.conflicts_n,
        "done_at": record.done_at,
        "outcome": record.outcome,
        "effects": record.effects,
        "seq": record.seq,
        "answers_made": record.answers_made,
        "answers_taken": record.answers_taken,
        "answers_rejected": record.answers_rejected,
    }
