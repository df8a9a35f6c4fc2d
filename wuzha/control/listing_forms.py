"""Reading what a bank's liaison tells of a listed account: a payment that waits, what became of one, an objection."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from wuzha.control.forms import told_by_hand
from wuzha.control.policy import policy_at
from wuzha.kernel.identifiers import parse_account
from wuzha.kernel.money import parse_amount
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.protocol import AccountRef, Answer, PaymentHeld, Transaction, TransactionKind

BECAME: dict[str, Literal["stopped", "passed", "lapsed", "withdrawn"]] = {
    "stopped": "stopped", "passed": "passed", "lapsed": "lapsed", "withdrawn": "withdrawn",
}  # fmt: skip
SERIAL_LENGTH_MAX = 80


def answer_of(values: Mapping[str, str], listing: Mapping[str, Any], *, now: datetime) -> Answer:
    """A liaison's news of one listing (a row of `listing_selectors.listing_detail`); Refusal naming the field at fault.

    values["do"]: payment (one more waits), became (what became of payment `serial`), objection (the holder's words).
    """
    if not listing["in_force"]:
        raise Refusal("listing.state", _("Answer the order first: the account is not on the list."))
    do, objection = values.get("do", ""), ""
    payments: list[PaymentHeld] = []
    came: list[Transaction] = []
    if do == "objection":
        objection = values.get("objection", "").strip()
        if not objection:
            raise Refusal("objection.text", _("Write down what the holder says."), field="objection")
    elif do == "became":
        payments = [_became(values, listing)]
    else:
        payments, came = [_waits(values, listing, now)], _came(values, listing, now)
    told = {"payments": payments, "objection": objection[:2_000], "transactions": came}
    return told_by_hand(values, listing, now=now, code="done", **told)


def _waits(values: Mapping[str, str], listing: Mapping[str, Any], now: datetime) -> PaymentHeld:
    amount = parse_amount(values.get("amount", ""), listing["currency"], field="amount")
    way = values.get("way", "transfer")
    if way not in list(TransactionKind):
        raise Refusal("payment.way", _("Choose one of the list."), field="way")
    payee = None
    if values.get("payee", "").strip():
        number = parse_account(values["payee"], field="payee")
        payee = AccountRef(
            bank=values.get("payee_bank", "")[:32], number=number, name=values.get("payee_name", "")[:200]
        )
    elif way == TransactionKind.TRANSFER:
        raise Refusal("payment.payee", _("Say to which account the payment goes."), field="payee")
    known = {payment["serial"] for payment in listing["payments"]}
    serial = values.get("serial", "").strip()[:SERIAL_LENGTH_MAX] or f"L{now:%Y%m%d%H%M%S}"
    if serial in known:
        raise Refusal("payment.serial", _("A payment with this number was told already."), field="serial")
    return PaymentHeld(
        serial=serial, at=now, amount_minor=amount, currency=listing["currency"], kind=TransactionKind(way),
        payee=payee, until_at=now + timedelta(seconds=policy_at(now).review_delay_s),
    )  # fmt: skip


def _came(values: Mapping[str, str], listing: Mapping[str, Any], now: datetime) -> list[Transaction]:
    """What came in before, when the form says it."""
    if not values.get("from_amount", "").strip():
        return []
    amount = parse_amount(values["from_amount"], listing["currency"], field="from_amount")
    other = None
    if values.get("from_account", "").strip():
        number = parse_account(values["from_account"], field="from_account")
        other = AccountRef(bank=values.get("from_bank", "")[:32], number=number, name=values.get("from_name", "")[:200])
    return [
        Transaction(
            serial=f"L{now:%Y%m%d%H%M%S}i", at=now, direction="in", amount_minor=amount, currency=listing["currency"],
            counterparty=other,
        )
    ]  # fmt: skip


def _became(values: Mapping[str, str], listing: Mapping[str, Any]) -> PaymentHeld:
    state = values.get("state", "")
    payment = next((each for each in listing["payments"] if each["serial"] == values.get("serial", "")), None)
    if state not in BECAME or payment is None:
        raise Refusal("payment.state", _("Choose what became of one of the payments of the list."))
    return PaymentHeld(
        serial=payment["serial"], at=payment["at"], amount_minor=payment["amount_minor"],
        currency=payment["currency"], until_at=payment["until_at"], state=BECAME[state],
    )  # fmt: skip
