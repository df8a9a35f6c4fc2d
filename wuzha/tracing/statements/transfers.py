"""A transfer of the ledger and a conflict about transfers: the values that the building of a ledger passes on."""

from dataclasses import dataclass
from datetime import datetime

from wuzha.tracing.statements.model import Kind, Precision


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money from payer to payee. Balances are after the transfer, None where unknown. sources: places of its rows.

    id is made of what the rows say, so it is the same whatever order files come in. reverses: id of the transfer that
    this one takes back, "" for most.
    """

    id: str
    at: datetime
    precision: Precision
    payer: str
    payee: str
    amount_minor: int
    currency: str
    payer_name: str
    payee_name: str
    payer_bank: str
    payee_bank: str
    payer_balance_minor: int | None
    payee_balance_minor: int | None
    kind: Kind
    channel: str
    summary: str
    payer_serial: str
    payee_serial: str
    sources: tuple[str, ...]
    both_sides: bool
    reverses: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What could not be decided, or was decided against a witness: code, template and values, and the rows' places."""

    code: str
    template: str
    values: tuple[tuple[str, str], ...]
    places: tuple[str, ...]

    def __str__(self) -> str:
        return self.template % dict(self.values)
