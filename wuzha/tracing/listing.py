"""Which accounts of a case go on the grey list: what the case's trace says, put to `chase.is_mule`.

A step of the chase only notes that there are such accounts; the listing is a reaction of its own, so that a list never
costs an order that is to hold money.
"""

from collections.abc import Iterable

from wuzha.control.listing_rules import Mule
from wuzha.control.listings import list_accounts
from wuzha.control.models import Order
from wuzha.control.policy import policy_at
from wuzha.intake.models import Case
from wuzha.journal.append import Log
from wuzha.journal.rows import read_rows, update_rows
from wuzha.kernel.refusals import _
from wuzha.tracing.chase import Account, is_mule
from wuzha.tracing.models import TracedAccount
from wuzha.tracing.views import ASKED_BY, is_account

RETURNED = "returned"  # the state of the victim's own account, to which money came back


def mules_of(accounts: Iterable[TracedAccount], *, from_minor: int) -> list[TracedAccount]:
    """The accounts that belong on the list and were not looked at since stolen money last came, largest first."""
    found = [account for account in accounts if _is_news(account) and is_mule(_facts(account), from_minor=from_minor)]
    found.sort(key=lambda account: (account.stolen_now_minor - account.stolen_in_minor, account.key))
    return found


def _is_news(account: TracedAccount) -> bool:
    if not is_account(account.key) or account.state == RETURNED or account.last_in_at is None:
        return False
    return account.listed_at is None or account.last_in_at > account.listed_at


def _facts(account: TracedAccount) -> Account:
    assert account.first_in_at is not None
    assert account.last_in_at is not None
    return Account(
        bank=account.bank, number=account.number, name=account.name, currency=account.currency, kind=account.kind,
        layer=account.layer, stolen_in_minor=account.stolen_in_minor, claim_minor=account.stolen_now_minor,
        first_in_at=account.first_in_at, last_in_at=account.last_in_at,
    )  # fmt: skip


def list_mules(log: Log, case: Case) -> list[Order]:
    """Put a case's mules on the grey list, or the case to the reasons of those that stand there (reaction)."""
    from_minor = policy_at(log.now).review_from_minor
    found = mules_of(read_rows(TracedAccount, "WHERE t.case_id = %s", [case.id]), from_minor=from_minor)
    if not found:
        return []
    mules = [
        Mule(
            account.bank, account.number, account.name, account.currency, account.layer,
            account.stolen_in_minor - account.stolen_now_minor, account.last_in_at or log.now,
        )
        for account in found
    ]  # fmt: skip
    why = _("It passed stolen money on: look at what it pays before it goes")
    made = list_accounts(log, case, mules, asked_by=ASKED_BY, why=why)
    for account in found:
        account.listed_at = log.now
    update_rows(found, ["listed_at"])
    return made
