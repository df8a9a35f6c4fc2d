"""A row of the report's transfers as the narrative tells it, for the officer to confirm."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ProposedTransfer:
    """A row for the officer to confirm: `amount` decimal text of `currency`, `time` ISO 8601 or "" when not told.

    Banks are codes of the BIN table ("" when unknown); `start`, `end` span the words it was read from.
    """

    amount: str
    currency: str
    payer_account: str
    payer_bank: str
    payee_account: str
    payee_bank: str
    payee_name: str
    time: str
    channel: str
    order: str
    start: int
    end: int
    confidence: float
    why: tuple[str, ...]


def transfer_to_dict(transfer: ProposedTransfer) -> dict[str, Any]:
    """The proposal as plain values for JSON."""
    return asdict(transfer) | {"why": list(transfer.why)}
