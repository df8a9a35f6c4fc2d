"""What a report must be before it becomes a case.

Theory. A victim on the phone makes mistakes and so does the hand that types; every fault of the form is found at once
and named with its field, so that nothing has to be typed twice. What is not known may stay empty: an account and an
amount are enough to act. A payment in the future is a typing error; one older than PAYMENT_AGE_DAYS_MAX too.
Jurisdiction is a word that routes work and never a reason to refuse (程序规定 2020, art. 175).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from wuzha.kernel.identifiers import (
    bank_of_card,
    parse_account,
    parse_handle,
    parse_id_number,
    parse_phone,
    parse_url,
)
from wuzha.kernel.money import digits_of, parse_amount
from wuzha.kernel.refusals import Refusal, Refusals, _
from wuzha.partners.protocol import AccountRef, Handle, Report, ReportedTransfer

T = TypeVar("T")

NARRATIVE_LENGTH_MAX = 200_000
NARRATIVE_LONG = _("The narrative is longer than %(max)s characters. Keep what matters and attach the rest as a file.")
PAYMENT_AGE_DAYS_MAX = 5 * 366
CLOCK_SKEW_S_MAX = 300
LEAD_VALUE_LENGTH_MAX = 500
# Kinds that can name the same thing: a messenger's handle may be a mobile, money to Alipay goes to its account.
_SAME: tuple[tuple[str, str], ...] = (
    ("alipay", "account"),
    ("alipay", "phone"),
    ("wechat", "phone"),
    ("wechat", "qq"),
    ("telegram", "phone"),
    ("dingtalk", "phone"),
)


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of the victim, checked. Banks are partner codes ("" when unknown)."""

    payer_bank: str
    payer_account: str
    payer_name: str
    payee_bank: str
    payee_account: str
    payee_name: str
    amount_minor: int
    currency: str
    at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class Lead:
    """Something that can be looked up in other cases: kind is account, phone, url or one of HANDLE_KINDS."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """A report whose every part was read; `digest` tells two bodies of one id apart."""

    victim_kind: str
    victim_name: str
    victim_phone: str
    victim_id_number: str
    jurisdiction: str
    narrative: str
    payments: tuple[Payment, ...]
    leads: tuple[Lead, ...]
    digest: bytes

    def reported(self) -> dict[str, int]:
        """Sum of the payments by currency, minor units."""
        sums: dict[str, int] = {}
        for payment in self.payments:
            sums[payment.currency] = sums.get(payment.currency, 0) + payment.amount_minor
        return sums


def check(report: Report, *, now: datetime) -> CheckedReport:
    """Read every part of a report; `Refusals` with all faults, each pointing at its field."""
    faults: list[Refusal] = []
    phone = _read(faults, "", _phone, report.victim_phone, "victim_phone")
    id_number = _read(faults, "", _id_number, report.victim_id_number)
    if len(report.narrative) > NARRATIVE_LENGTH_MAX:
        faults.append(
            Refusal(
                "narrative.length",
                NARRATIVE_LONG,
                field="narrative",
                max=NARRATIVE_LENGTH_MAX,
            )
        )
    read = [
        _read(faults, None, _payment, transfer, n, report.victim_name, now)
        for n, transfer in enumerate(report.transfers)
    ]
    payments = [payment for payment in read if payment]
    phones = [_read(faults, "", _phone, text, f"phones-{n}") for n, text in enumerate(report.phones)]
    urls = [_read(faults, "", _url, text, f"urls-{n}") for n, text in enumerate(report.urls)]
    handles = [_read(faults, None, _handle, handle, f"handles-{n}") for n, handle in enumerate(report.handles)]
    if not (payments or any(phones) or any(urls) or any(handles) or report.narrative.strip()) and not faults:
        faults.append(
            Refusal("report.empty", _("Enter at least one payment, number, link or what happened."), field="narrative")
        )
    if not _name_is_clean(report.victim_name):
        faults.append(
            Refusal(
                "victim.name",
                _("Write the name with letters only, without < > or control marks."),
                field="victim_name",
            )
        )
    if faults:
        raise Refusals(faults)
    leads = [Lead("account", payment.payee_account) for payment in payments]
    leads += [Lead("phone", value) for value in phones if value] + [Lead("url", value) for value in urls if value]
    leads += [handle for handle in handles if handle]
    return CheckedReport(
        report.victim_kind,
        report.victim_name.strip(),
        phone,
        id_number,
        report.jurisdiction.strip(),
        report.narrative,
        tuple(payments),
        tuple(dict.fromkeys(leads)),
        _digest(report),
    )


def _digest(report: Report) -> bytes:
    """SHA-256 of the report; a part that came later into the protocol counts only where it is used."""
    unused = {"handles"} if not report.handles else None
    return hashlib.sha256(report.model_dump_json(exclude=unused).encode()).digest()


def kinds_alike(kind: str) -> tuple[str, ...]:
    """The kinds of lead in which the same value means the same thing as in `kind`, itself first."""
    return (kind, *(b if a == kind else a for a, b in _SAME if kind in (a, b)))


def _read(faults: list[Refusal], default: T, parse: Callable[..., T], *args: object) -> T:
    try:
        return parse(*args)
    except Refusal as refusal:
        faults.append(refusal)
        return default


def _url(text: str, field: str) -> str:
    return parse_url(text, field=field)


def _handle(handle: Handle, field: str) -> Lead:
    return Lead(handle.kind, parse_handle(handle.kind, handle.value, field=field))


def _phone(text: str, field: str) -> str:
    return parse_phone(text, field=field).number if text.strip() else ""


def _id_number(text: str) -> str:
    return parse_id_number(text, field="victim_id_number") if text.strip() else ""


def _name_is_clean(name: str) -> bool:
    return bool(name.strip()) and not any(c in "<>" or ord(c) < 32 for c in name)


def _payment(transfer: ReportedTransfer, n: int, victim_name: str, now: datetime) -> Payment:
    payee = parse_account(transfer.payee.number, field=f"transfers-{n}-payee_account")
    digits_of(transfer.currency)
    amount = parse_amount(transfer.amount, transfer.currency, field=f"transfers-{n}-amount")
    if transfer.at > now + timedelta(seconds=CLOCK_SKEW_S_MAX):
        raise Refusal(
            "payment.future",
            _("The payment lies in the future. Enter when the money left, not later than now."),
            field=f"transfers-{n}-at",
        )
    if transfer.at < now - timedelta(days=PAYMENT_AGE_DAYS_MAX):
        raise Refusal(
            "payment.age", _("The payment is older than five years; check the year."), field=f"transfers-{n}-at"
        )
    payer = transfer.payer or AccountRef(number="-")
    payer_account = parse_account(payer.number, field=f"transfers-{n}-payer_account") if payer.number != "-" else ""
    return Payment(
        payer_bank=payer.bank or bank_code(payer_account),
        payer_account=payer_account,
        payer_name=payer.name or victim_name,
        payee_bank=transfer.payee.bank or bank_code(payee),
        payee_account=payee,
        payee_name=transfer.payee.name,
        amount_minor=amount,
        currency=transfer.currency,
        at=transfer.at,
        channel=transfer.channel,
    )


def bank_code(account: str) -> str:
    """Partner code of the bank whose card this is; "" when the number does not tell."""
    bank = bank_of_card(account) if account.isdigit() else None
    return bank.code if bank else ""
