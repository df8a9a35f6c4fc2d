"""A batch of queries: a list of accounts becomes one query each, in a handful of statements.

Theory. Every query is an ordinary order of the case: its authorisation covers it or it waits for an approver, its
bank has the usual clock, its answer goes the usual way. The batch only remembers which orders belong together and
which lines of the list could not be used. An account that is being asked about already is not asked twice: the batch
joins the open query. The id comes from the page, so a double click makes one batch.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from wuzha.control.actions import make_orders
from wuzha.control.batch_lines import AccountList, Wanted, read_accounts
from wuzha.control.kinds import OPEN, QUERIES
from wuzha.control.models import Batch, BatchItem, Order
from wuzha.control.rules import Intent
from wuzha.intake.models import Case
from wuzha.journal.append import Log, on_case
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.bank_names import bank_names, bank_of_name
from wuzha.partners.models import Partner
from wuzha.partners.protocol import Kind
from wuzha.partners.selectors import BANK_KINDS

REASON_LENGTH_MAX = 200
UNDER_WAY = ("proposed", *OPEN)


def accounts_of(lines: Iterable[str]) -> AccountList:
    """A list read against the partners that are connected now. Refusal when it is empty or too long."""
    names = bank_names()
    connected = frozenset(Partner.objects.filter(active=True, kind__in=BANK_KINDS).values_list("code", flat=True))
    known: dict[str, str] = {}

    def bank_named(text: str) -> str:
        if text not in known:
            known[text] = text if text in connected else bank_of_name(text, names)
        return known[text]

    return read_accounts(lines, bank_named=bank_named, connected=connected)


def make_batch(
    *,
    batch_id: UUID,
    case_number: str,
    kind: str,
    lines: Iterable[str],
    reason: str,
    since: datetime | None,
    by: str,
    now: datetime,
) -> Batch:
    """Ask about each account of a list; bad lines are kept with it. Refusal when list or case cannot be used."""
    if kind not in QUERIES:
        raise Refusal("batch.kind", _("Choose what to ask."), field="kind")
    if not reason.strip():
        raise Refusal("batch.reason", _("Say what the list is, for the banks and the journal."), field="reason")
    case_id = Case.objects.filter(number=case_number.strip()).values_list("id", flat=True).first()
    if case_id is None:
        raise Refusal("batch.case", _("There is no case of this number."), field="case")
    found = accounts_of(lines)
    if not found.wanted:
        first = found.bad[0]
        raise Refusal(
            "batch.all_bad",
            _("No line can be used. Line %(line)s: %(why)s"),
            field="list",
            line=first.line,
            why=str(first.refusal),
        )
    with on_case(case_id, by=by, now=now) as log:
        earlier = Batch.objects.filter(pk=batch_id).first()
        return earlier or _store(log, case_id, batch_id, kind, found, reason.strip()[:REASON_LENGTH_MAX], since)


def _store(
    log: Log, case_id: UUID, batch_id: UUID, kind: str, found: AccountList, reason: str, since: datetime | None
) -> Batch:
    case = Case.objects.get(pk=case_id)
    batch = Batch.objects.create(
        id=batch_id,
        case=case,
        kind=kind,
        reason=reason,
        since=since if kind == Kind.QUERY_TRANSACTIONS.value else None,
        accounts=len(found.wanted),
        bad=[
            {"line": b.line, "text": b.text, "template": b.refusal.template, "values": dict(b.refusal.values)}
            for b in found.bad
        ],
        repeated=list(found.repeated),
        by=log.by,
        at=log.now,
    )
    orders = _orders(log, case, batch, found.wanted)
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, line=one.line, order=orders[one.bank, one.account]) for one in found.wanted
    )
    log.write(
        "batch.made",
        f"batch:{batch.id}",
        batch_kind=kind,
        accounts=batch.accounts,
        bad=len(batch.bad),
        repeated=len(batch.repeated),
        reason=reason,
    )
    return batch


def _orders(log: Log, case: Case, batch: Batch, wanted: Sequence[Wanted]) -> dict[tuple[str, str], Order]:
    """(bank, account) -> its query: one that is open already, or a new one."""
    mine = Order.objects.filter(case=case, kind=batch.kind, currency=case.currency)
    orders = {(order.partner_id, order.account): order for order in mine.filter(state__in=UNDER_WAY)}
    counted = mine.values("partner_id", "account").annotate(n=Count("pk")).values_list("partner_id", "account", "n")
    times = {(bank, account): n for bank, account, n in counted}
    intents = [
        Intent(
            kind=batch.kind,
            bank=one.bank,
            account=one.account,
            account_name=one.name,
            currency=case.currency,
            layer=1,
            round=times.get((one.bank, one.account), 0) + 1,
            urgent=False,
            at_stake_minor=1,
            since=batch.since,
            why=_("Batch verification"),
            note=batch.reason,
        )
        for one in wanted
        if (one.bank, one.account) not in orders
    ]
    for order in make_orders(log, case, intents, asked_by=log.by) if intents else ():
        orders[order.partner_id, order.account] = order
    return orders
