"""What a bank tells of an account: holder and statement, as the protocol writes them."""

from wuzha.partners.protocol import (
    TRANSACTIONS_PER_ANSWER_MAX,
    AccountRef,
    Holder,
    Transaction,
)
from wuzha.simulation.chance import instant
from wuzha.simulation.ledger import Account, Line, is_internal


def holder_of(account: Account) -> Holder:
    """Whose account it is, as the bank knows it."""
    return Holder(
        name=account.name,
        kind=account.shown_kind,
        opened_at=instant(account.opened_at),
        opened_branch=account.branch,
        phone=account.phone,
        id_number=account.id_number,
    )


def transaction_of(line: Line, currency: str) -> Transaction:
    """A line of a statement. Cash and money sent abroad have no counterparty account here."""
    bank, _colon, number = line.other.partition(":")
    counterparty = None
    if line.other and not is_internal(line.other):
        counterparty = AccountRef(bank=bank, number=number, name=line.other_name)
    return Transaction(
        serial=line.serial,
        at=instant(line.at),
        direction="in" if line.amount_minor > 0 else "out",
        amount_minor=abs(line.amount_minor),
        currency=currency,
        kind=line.via,
        counterparty=counterparty,
        balance_minor=line.balance_minor,
        channel=line.channel,
        remark=line.remark,
    )


def statement(account: Account, since: float) -> tuple[list[Transaction], bool]:
    """Lines at or after `since`, oldest first, and whether more exist than one answer carries."""
    lines = [line for line in account.lines if line.at >= since]
    shown = lines[:TRANSACTIONS_PER_ANSWER_MAX]
    return [transaction_of(line, account.currency) for line in shown], len(lines) > len(shown)


def latest(account: Account, count: int) -> list[Transaction]:
    """The last `count` lines, oldest first, TRANSACTIONS_PER_ANSWER_MAX at most."""
    lines = list(account.lines)[-min(count, TRANSACTIONS_PER_ANSWER_MAX) :] if count else []
    return [transaction_of(line, account.currency) for line in lines]
