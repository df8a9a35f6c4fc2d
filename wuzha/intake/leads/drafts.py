"""A payment while it is put together, and where the words that belong to a sum begin and end."""

import re
from dataclasses import dataclass, field

from wuzha.intake.leads.digit_readings import is_wallet
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.intake.leads.paid_sums import SENTENCE, PaidSum

_NEXT_PAYMENT = re.compile(
    r"又|再次|再|接着|然后|随后|之后|通过|后来|第[二三四五六七八九十]|"
    r"(?<=[，,])(?:用|从|拿)(?=[^，。；;\n]{0,10}(?:卡|账户|支付宝|微信|银行)[^，。；;\n]{0,24}[转付汇打])"
)
_LIST_OF_TIMES = re.compile(r"[、，,和及 ]{1,2}")
STRETCH_LENGTH_MAX = 400
TIME_CONFIDENCE_MIN = 0.6


@dataclass(slots=True)
class Draft:
    """A payment while the story fills it in; `begin`, `end` bound the words that are its own."""

    paid: PaidSum
    begin: int
    end: int
    payer: Lead | None = None
    payee: Lead | None = None
    payee_name: str = ""
    channel: str = ""
    time: str = ""
    is_time_told: bool = False
    order: str = ""
    banks: list[Lead] = field(default_factory=list)
    why: list[str] = field(default_factory=lambda: ["amount"])
    weight: float = 1.0

    @property
    def amount(self) -> Lead:
        return self.paid.lead


def go_on(drafts: list[Draft]) -> None:
    """The last payment goes on the list before it: what one of the list tells, all of it mean."""
    draft = drafts[-1]
    first = len(drafts) - 2
    while first > 0 and drafts[first].paid.goes_on:
        first -= 1
    for other in drafts[first:-1]:
        draft.payer, draft.payee = draft.payer or other.payer, draft.payee or other.payee
        draft.payee_name, draft.channel = draft.payee_name or other.payee_name, draft.channel or other.channel
    for other in drafts[first:-1]:
        other.payer, other.payee = other.payer or draft.payer, other.payee or draft.payee
        other.payee_name, other.channel = other.payee_name or draft.payee_name, other.channel or draft.channel
    draft.why.append("list")


def is_listed(face: str, lead: Lead, following: Lead) -> bool:
    return _LIST_OF_TIMES.fullmatch(face, lead.end, following.start) is not None


def is_time_of_payment(lead: Lead) -> bool:
    """前几天 and an unmoored 三天后 date nothing."""
    return lead.kind is Kind.TIME and lead.confidence >= TIME_CONFIDENCE_MIN


def is_receiving(face: str, lead: Lead) -> bool:
    """到支付宝账号...: the platform is where the money goes, not how the next payment begins."""
    return lead.kind is Kind.PLATFORM and face[lead.start - 1 : lead.start] in tuple("到给至往入的")


def begin_of(face: str, floor: int, start: int) -> int:
    floor = max(floor, start - STRETCH_LENGTH_MAX)
    marks = [match.end() for match in SENTENCE.finditer(face, floor, start)]
    return marks[-1] if marks else floor


def end_of(face: str, end: int, ceiling: int) -> int:
    """Where the payment's words stop: before the next payment's, at the sentence's end at the latest."""
    ceiling = min(ceiling, end + STRETCH_LENGTH_MAX)
    mark = SENTENCE.search(face, end, ceiling)
    ceiling = mark.start() if mark else ceiling
    following = _NEXT_PAYMENT.search(face, end, ceiling)
    return following.start() if following else ceiling


def channel_of(account: Lead | None) -> str:
    if account is None or account.extra.get("coin"):
        return ""
    if is_wallet(account.value):
        return "e-CNY"
    return "Alipay" if account.kind is Kind.ALIPAY else "bank"


def is_coin(draft: Draft) -> bool:
    return draft.payee is not None and bool(draft.payee.extra.get("coin"))


def bank_of(account: Lead | None, banks: list[Lead]) -> str:
    """The bank's code: what the words right before the account say, else what its BIN says."""
    if account is None:
        return ""
    named = [bank for bank in banks if bank.end <= account.start and account.start - bank.end <= 12]
    if named and named[-1].extra.get("code"):
        return str(named[-1].extra["code"])
    return str(account.extra.get("bank", ""))
