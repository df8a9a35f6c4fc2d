"""What the pages read of the money's way: the graph of the picture, the table of accounts, accounts across cases.

Account numbers never leave here whole: the picture and the tables show masks, and rows are named by their own ids.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wuzha.control.kinds import OPEN
from wuzha.control.listing_selectors import listed_accounts
from wuzha.control.models import Order
from wuzha.control.selectors import account_orders
from wuzha.intake.models import Case
from wuzha.intake.selectors import leads_in, mask_holder, mask_victim
from wuzha.kernel.identifiers import mask_account
from wuzha.kernel.money import MINOR_DIGITS, format_minor
from wuzha.partners.selectors import partner_names
from wuzha.tracing.ledger import VICTIM_PREFIX, split_key
from wuzha.tracing.models import LedgerTransfer, TracedAccount
from wuzha.tracing.words import account_word, exit_text, holder_text

ACCOUNTS_DRAWN_MAX = 3_000  # the picture folds crowds; what is beyond this is told, not drawn
ACCOUNTS_LISTED_MAX = 500
EDGE_PARTS_MAX = 200  # transfers of an edge told one by one; the rest are one part
SEARCH_ROWS_MAX = 100

Row = dict[str, Any]


def flow(case_id: UUID, *, currency: str = "") -> Row:
    """The graph of a case's stolen money for flow.js: {"currency", "digits", "nodes", "edges", "left_out"}.

    Sums are in minor units. left_out: how many accounts of the smallest sums are not among the nodes.

    An edge's parts are its transfers in time order: [unix seconds, stolen, amount].
    """
    case = Case.objects.get(pk=case_id)
    currency = currency or case.currency
    names = partner_names()
    traced = TracedAccount.objects.filter(case=case, currency=currency, stolen_in_minor__gt=0)
    # Money that came back to a victim's account is drawn as an arrow back to the victim, not as one more account.
    drawn = traced.exclude(state="returned")
    accounts = list(with_waiting(drawn).order_by("-stolen_in_minor")[:ACCOUNTS_DRAWN_MAX])
    ids = {account.key: f"a{account.pk}" for account in accounts}
    transfers = list(LedgerTransfer.objects.filter(case=case, currency=currency, stolen_minor__gt=0).order_by("at"))
    victims: dict[str, int] = {}
    for transfer in transfers:
        if transfer.reported:
            victims[transfer.payer] = victims.get(transfer.payer, 0) + transfer.stolen_minor
    ids |= {key: f"v{n}" for n, key in enumerate(victims) if key not in ids}
    nodes = [_victim_node(ids[key], key, total, case, names) for key, total in victims.items() if ids[key][0] == "v"]
    nodes += [_account_node(ids[account.key], account, names) for account in accounts]
    return {
        "currency": currency,
        "digits": MINOR_DIGITS.get(currency, 2),
        "nodes": nodes,
        "edges": _edges(transfers, ids),
        "left_out": drawn.count() - len(accounts) if len(accounts) == ACCOUNTS_DRAWN_MAX else 0,
    }


def _edges(transfers: Iterable[LedgerTransfer], ids: Mapping[str, str]) -> list[Row]:
    """Transfers between drawn nodes, those between the same two added up; the time is the first one's."""
    edges: dict[tuple[str, str], Row] = {}
    for transfer in transfers:
        if transfer.payer not in ids or transfer.payee not in ids:
            continue
        ends = (ids[transfer.payer], ids[transfer.payee])
        edge = edges.setdefault(ends, {"amount": 0, "stolen": 0, "at_text": _clock(transfer.at), "parts": []})
        edge["amount"] += transfer.amount_minor
        edge["stolen"] += transfer.stolen_minor
        at, parts = int(transfer.at.timestamp()), edge["parts"]
        if len(parts) == EDGE_PARTS_MAX:
            _at, stolen, amount = parts.pop()
            parts.append([at, stolen + transfer.stolen_minor, amount + transfer.amount_minor])
        else:
            parts.append([at, transfer.stolen_minor, transfer.amount_minor])
    return [{"from": payer, "to": payee, **edge} for (payer, payee), edge in edges.items()]


def _clock(at: Any) -> str:
    local = timezone.localtime(at)
    return date_format(local, "H:i" if local.date() == timezone.localdate() else "m-d H:i")


def _victim_node(node_id: str, key: str, total: int, case: Case, names: Mapping[str, str]) -> Row:
    bank, number = split_key(key)
    told = "" if key.startswith(VICTIM_PREFIX) else mask_account(number)
    amount = f"{format_minor(total, case.currency)} {case.currency}"
    return {
        "id": node_id, "label": mask_victim(case), "bank": f"{names.get(bank, '')} {told}".strip(), "layer": 0,
        "state": "victim", "state_text": _("Victim"), "icon": "company" if case.victim_kind == "company" else "person",
        "stolen_in": total, "stolen_now": 0, "held": 0, "gone": 0, "unknown": 0,
        "facts": [[_("Paid away"), amount], [_("Account"), told or "—"]],
    }  # fmt: skip


def with_waiting(accounts: QuerySet[TracedAccount]) -> QuerySet[TracedAccount]:
    """Accounts with `waiting`: whether an order about them is proposed or unanswered."""
    orders = Order.objects.filter(
        case=OuterRef("case"), partner_id=OuterRef("bank"), account=OuterRef("number"), currency=OuterRef("currency"),
        state__in=("proposed", *OPEN),
    )  # fmt: skip
    return accounts.annotate(waiting=Exists(orders))


def state_of(account: TracedAccount) -> str:
    """The state that the pages show of an account read by `with_waiting`."""
    return "waiting" if account.state == "unknown" and getattr(account, "waiting", False) else account.state


def unknown_minor(accounts: QuerySet[TracedAccount]) -> int:
    """Stolen money on accounts of which nothing is known and nobody is being asked (minor units)."""
    unknown = with_waiting(accounts.filter(state="unknown")).filter(waiting=False)
    return int(unknown.aggregate(sum=Sum("stolen_now_minor"))["sum"] or 0)


def fate_of(account: TracedAccount) -> dict[str, int]:
    """What became of the stolen money that reached an account: held, still there, gone, unknown (minor units)."""
    now, state = account.stolen_now_minor, state_of(account)
    held = min(account.held_minor, account.stolen_in_minor)
    fate = {"held": held, "stolen_now": max(0, now - held), "gone": 0, "unknown": 0}
    if state == "returned":
        return {"held": 0, "stolen_now": 0, "gone": 0, "unknown": 0}
    if state in ("exit", "honest"):
        return {"held": held, "stolen_now": 0, "gone": account.stolen_in_minor - held, "unknown": 0}
    if state == "unknown":
        return {"held": held, "stolen_now": 0, "gone": 0, "unknown": max(0, now - held)}
    return fate


def _account_node(node_id: str, account: TracedAccount, names: Mapping[str, str]) -> Row:
    word, fate = account_word(state_of(account)), fate_of(account)
    unit = account.currency
    label = exit_text(account.key) or mask_account(account.number)
    facts = [[_("Holder"), mask_holder(account.name) or "—"], [_("Kind"), holder_text(account.kind)]]
    if account.first_in_at:
        facts.append([_("First stolen money in"), _clock(account.first_in_at)])
    facts.append([_("Stolen money in"), f"{format_minor(account.stolen_in_minor, unit)} {unit}"])
    facts += [[text, f"{format_minor(fate[part], unit)} {unit}"] for part, text in _parts() if fate[part]]
    facts.append([_("State"), word["text"]])
    return {
        "id": node_id, "label": label, "bank": names.get(account.bank, account.bank), "layer": account.layer,
        "state": word["look"], "state_text": word["text"], "icon": word["icon"],
        "stolen_in": account.stolen_in_minor, **fate, "facts": facts,
    }  # fmt: skip


def _parts() -> list[tuple[str, str]]:
    return [
        ("held", _("Held")), ("stolen_now", _("Still there, not held")), ("gone", _("Gone")), ("unknown", _("Unknown")),
    ]  # fmt: skip


def accounts(case_id: UUID) -> list[Row]:
    """The accounts of a case for the table beside the picture, by layer and then by stolen money, with their orders."""
    names = partner_names()
    orders, listings = account_orders(case_id), listed_accounts(case_id)
    traced = with_waiting(TracedAccount.objects.filter(case_id=case_id))
    found = traced.order_by("layer", "-stolen_in_minor")[:ACCOUNTS_LISTED_MAX]
    return [
        {
            "id": f"a{account.pk}",
            "label": exit_text(account.key) or mask_account(account.number),
            "bank": names.get(account.bank, account.bank),
            "holder": mask_holder(account.name),
            "kind": holder_text(account.kind) if account.kind != "unknown" else "",
            "layer": account.layer,
            "word": account_word(state_of(account)),
            "currency": account.currency,
            "stolen_in_minor": account.stolen_in_minor,
            "fate": fate_of(account),
            "balance_minor": account.balance_minor,
            "as_of": account.as_of,
            "orders": orders.get((account.bank, account.number, account.currency), []),
            "listing": listings.get((account.bank, account.number, account.currency)),
        }
        for account in found
    ]


def case_money(case_id: UUID, facts: Mapping[str, Any]) -> Row:
    """The summary band of a case in its main currency: reported, held, gone, returned, at risk, unknown."""
    traced = TracedAccount.objects.filter(case_id=case_id, currency=facts["currency"])
    unknown = min(unknown_minor(traced), facts["risk_minor"])
    return {
        "reported": facts["reported_minor"],
        "held": facts["held_minor"],
        "gone": facts["gone_minor"],
        "returned": facts["returned_minor"],
        "unknown": unknown,
        "risk": facts["risk_minor"] - unknown,
    }


def search_accounts(text: str) -> list[Row]:
    """Accounts met on the money's way in any case, by number, with the cases: the analyst's search."""
    values = [value for kind, value in leads_in(text) if kind == "account"]
    if not values:
        return []
    names = partner_names()
    found = TracedAccount.objects.filter(number__in=values).select_related("case").order_by("-first_in_at")
    return [
        {
            "case_id": account.case_id,
            "case_number": account.case.number,
            "opened_at": account.case.opened_at,
            "label": mask_account(account.number),
            "bank": names.get(account.bank, account.bank),
            "holder": mask_holder(account.name),
            "layer": account.layer,
            "word": account_word(account.state),
            "currency": account.currency,
            "stolen_in_minor": account.stolen_in_minor,
            "held_minor": account.held_minor,
        }
        for account in found[:SEARCH_ROWS_MAX]
    ]


def repeated_accounts(*, limit: int) -> list[Row]:
    """Accounts that stolen money of several cases reached, the most cases first."""
    names = partner_names()
    groups = (
        TracedAccount.objects.exclude(bank="")
        .values("bank", "number", "currency")
        .annotate(cases=Count("case", distinct=True), stolen=Sum("stolen_in_minor"), held=Sum("held_minor"))
        .filter(cases__gt=1)
        .order_by("-cases", "-stolen")
    )
    return [
        {
            "number": group["number"],
            "label": mask_account(group["number"]),
            "bank": names.get(group["bank"], group["bank"]),
            "currency": group["currency"],
            "cases": group["cases"],
            "stolen_minor": group["stolen"],
            "held_minor": group["held"],
        }
        for group in groups[:limit]
    ]
