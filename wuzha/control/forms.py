"""Reading the control desk's forms: an order by hand, a liaison's answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from pydantic import ValidationError

from wuzha.control.kinds import KINDS, QUERIES
from wuzha.control.pasted import read_lines
from wuzha.control.rules import Intent
from wuzha.intake.rules import bank_code
from wuzha.kernel.identifiers import parse_account, parse_phone, parse_url
from wuzha.kernel.money import parse_amount
from wuzha.kernel.refusals import Refusal, Refusals, _
from wuzha.partners.protocol import AccountKind, Answer, Holder, Kind, Outcome

LAYER_MAX = 50
REASON_LENGTH_MAX = 200


def intent_of(values: Mapping[str, str], *, now: datetime) -> Intent:
    """The intent of a form filled by hand; Refusal naming the field at fault."""
    kind = values.get("kind", "")
    if kind not in KINDS or KINDS[kind].needs_ref:
        raise Refusal("order.kind", _("Choose one of the kinds of the list."), field="kind")
    target = _target(KINDS[kind].target, values.get("account", ""))
    currency = values.get("currency") or "CNY"
    amount = None
    if kind == Kind.STOP.value:
        amount = parse_amount(values.get("amount", ""), currency)
    bank = values.get("bank", "") or bank_code(target)
    if not bank:
        raise Refusal("order.bank", _("Choose who has to carry this out."), field="bank")
    since = None
    if kind in QUERIES:
        since = instant(values.get("since", "")) or now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Intent(
        kind=kind,
        bank=bank,
        account=target,
        account_name=values.get("account_name", "").strip()[:200],
        currency=currency,
        layer=_layer(values.get("layer", "1")),
        round=1,
        urgent=values.get("urgent") == "on",
        at_stake_minor=amount or 1,
        amount_minor=amount,
        since=since,
        why=values.get("why", "").strip()[:REASON_LENGTH_MAX] or _("Ordered by an officer"),
    )


def _target(kind: str, text: str) -> str:
    if kind == "phone":
        return parse_phone(text, field="account").number
    return parse_url(text, field="account") if kind == "url" else parse_account(text, field="account")


def _layer(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= LAYER_MAX:
        raise Refusal("order.layer", _("The layer is a number from 1 to %(max)s."), field="layer", max=LAYER_MAX)
    return int(text)


def instant(text: str) -> datetime | None:
    """An instant of a datetime-local input in the centre's time zone; None when empty or malformed."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def answer_of(values: Mapping[str, str], order: Mapping[str, Any], *, now: datetime) -> Answer:
    """A liaison's answer to one order (a row of selectors.partner_order); Refusals with every fault."""
    outcome = values.get("outcome", "")
    if outcome not in list(Outcome):
        raise Refusal("answer.outcome", _("Choose what was done."), field="outcome")
    fine = outcome in (Outcome.DONE, Outcome.ALREADY)
    faults: list[Refusal] = []
    held = balance = None
    if fine and order["is_stop"]:
        held = _sum(values.get("held", ""), order["currency"], "held", faults, needed=True)
    if fine:
        balance = _sum(values.get("balance", ""), order["currency"], "balance", faults, needed=False)
    if not fine and not values.get("message", "").strip():
        faults.append(Refusal("answer.reason", _("Say in a few words why."), field="message"))
    lines = []
    if fine and order["kind"] == Kind.QUERY_TRANSACTIONS.value:
        try:
            zone = timezone.get_current_timezone()
            lines = read_lines(values.get("lines", ""), currency=order["currency"], zone=zone)
        except Refusals as refusals:
            faults += refusals.refusals
        except Refusal as refusal:
            faults.append(refusal)
    if faults:
        raise Refusals(faults)
    return told_by_hand(
        values,
        order,
        now=now,
        code=outcome,
        message=values.get("message", "").strip()[:2_000],
        held_minor=held,
        balance_minor=balance,
        effective_at=now if fine and not order["is_query"] else None,
        as_of=now if fine and order["is_query"] else None,
        holder=_holder(values) if fine and order["is_query"] else None,
        transactions=lines,
    )


def told_by_hand(values: Mapping[str, str], order: Mapping[str, Any], *, now: datetime, **told: Any) -> Answer:
    """A liaison's next answer to `order` (a row with id, answer_seq, currency); sent twice, it counts once.

    Raises Refusal when a field of `told` is longer than the protocol allows.
    """
    try:
        answer_id = UUID(values.get("answer_id", ""))
    except ValueError:
        answer_id = uuid4()
    named = {"order_id": order["id"], "seq": order["answer_seq"] + 1, "currency": order["currency"]}
    try:
        return Answer(answer_id=answer_id, at=now, **named, **told)
    except ValidationError:
        raise Refusal("answer.field", _("An entry is too long or has marks that do not belong there.")) from None


def _sum(text: str, currency: str, field: str, faults: list[Refusal], *, needed: bool) -> int | None:
    """A sum that may be zero; None when it was left empty and is not needed."""
    if not text.strip() and not needed:
        return None
    try:
        return parse_amount(text, currency, field=field)
    except Refusal as refusal:
        if refusal.code == "amount.zero":
            return 0
        faults.append(refusal)
        return None


def _holder(values: Mapping[str, str]) -> Holder | None:
    name, kind = values.get("holder_name", "").strip(), values.get("holder_kind", "unknown")
    opened_at, branch = instant(values.get("opened_at", "")), values.get("branch", "").strip()
    if not (name or opened_at or branch or kind != "unknown"):
        return None
    known = AccountKind(kind) if kind in list(AccountKind) else AccountKind.UNKNOWN
    return Holder(name=name, kind=known, opened_at=opened_at, opened_branch=branch)
