"""From leads to the report's transfer rows: who paid whom, how much, when, by which channel.

Theory. A payment is told around its amount. The stretch that belongs to an amount begins after the payment before it
(or with the sentence) and ends where the next payment begins. In it, each account stands on the side of the last cue
before it: 通过, 用, 我的 make it the victim's, 向, 给, 对方, 收款人 the receiver's. A lone account without a cue is the
receiver's, for that is what a victim is asked for. Sums that come back (返利, 提现) or add up (一共, 损失) are no
payments; a total stands in only when the story names an account and no other sum. What is not told stays empty.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from wuzha.intake.leads.face import plain
from wuzha.intake.leads.lead import Kind, Lead

TRANSFERS_MAX = 500
STRETCH_LENGTH_MAX = 400
TIME_CONFIDENCE_MIN = 0.6

_ACCOUNTS = frozenset({Kind.CARD, Kind.ACCOUNT, Kind.ALIPAY})
_OPENS_NEXT = frozenset({Kind.AMOUNT, Kind.TIME, Kind.PLATFORM})
_PAYING = re.compile(
    r"转|汇|打款|打了|打给|打到|付|充值|充了|充|存入|存了|存到|缴|交了|交纳|扫码|刷|购买|投入|投资了|投了|入金|金额|"
    r"垫|给了|借给|发了?红包|下单|买了|押金|保证金"
)
_COMING_BACK = re.compile(
    r"(?:返现|返利|返还|返|提现|收到|到账|赚|盈利|收益|退还|退了|余额|佣金|工资|月薪|日薪|奖金|价值|利润|提成|获利|"
    r"送|挽回|止付|冻结|追回|罚)[^,，。]{0,6}$"
    r"|[给往向]我(?:的[^,，。]{0,6})?(?:[转打汇付返发]|转账|打款|汇款)[^,，。]{0,4}$|[转打汇付返](?:回|还)?给我了?$"
)
_TOTAL = re.compile(r"(?:一共|共计|总共|总计|合计|累计|前后共|损失|被骗|骗走|骗取|骗了|涉案|大概|亏)[^,，。;；]{0,8}$")
_PAYER_CUE = "通过|从|我的|本人|自己|使用|名下|用|事主的|受害人的|我卡|付款人|付款方|转出|我"
_PAYEE_CUE = (
    "(?:发给|发|给|告诉|让|叫|要求|要|教|带|催|推给|报给)我的?|[转付打汇][他她它]|向|往|给|到|至|转入|汇入|存入|打入|打到|收款|对方|指定|骗子|嫌疑人|他的|她的|客服|户名|平台的|提供的|陌生|对公|"
    "入账"
)
_CUE = re.compile(rf"(?P<payee>{_PAYEE_CUE})|(?P<payer>{_PAYER_CUE})")
_NEXT_PAYMENT = re.compile(r"又|再次|再|接着|然后|随后|之后|通过|后来|第[二三四五六七八九十]")
_SENTENCE = re.compile(r"[。;；\n!！?？]")
_AGAIN = re.compile(r"(?:又|再|继续|接着|分别|第[二三四五六七八九十]次)")
_HOLDER = re.compile(
    r"(?:户名|收款人|收款方|开户名|账户名)(?:是|为|叫)?[: ]{0,2}(?P<name>[^\s,，。;；:()（）\d]{2,30})"
)
_CHANNELS = (
    ("WeChat Pay", re.compile(r"微信(?:转|支付|付|扫|红包|零钱)|微信上转")),
    ("mobile bank", re.compile(r"手机银行|掌上银行|银行APP|银行app")),
    ("online bank", re.compile(r"网银|网上银行|网上转账")),
    ("ATM", re.compile(r"ATM|atm|自动取款机|柜员机|存款机")),
    ("counter", re.compile(r"柜台|柜面|银行网点|到银行汇")),
    ("cash", re.compile(r"现金|当面交|上门取")),
    ("QR code", re.compile(r"扫码|二维码|收款码")),
)


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


def propose_transfers(leads: list[Lead], text: str) -> list[ProposedTransfer]:
    """The payments that `text` tells, in its order; `leads` are those of `extract` on the same text."""
    face = plain(text)
    amounts = [lead for lead in leads if lead.kind is Kind.AMOUNT]
    proposals: list[ProposedTransfer] = []
    totals: list[ProposedTransfer] = []
    starts = [lead.start for lead in leads]
    opening = [lead.start for lead in leads if lead.kind in _OPENS_NEXT and not _is_receiving(face, lead)]
    time = ""
    told_to = 0  # where the words of the payment before end, its accounts included
    for at, amount in enumerate(amounts):
        if len(proposals) >= TRANSFERS_MAX:
            break
        begin = _begin(face, min(max(told_to, amounts[at - 1].end if at else 0), amount.start), amount.start)
        following = bisect_left(opening, amount.end)
        end = _end(face, amount.end, opening[following] if following < len(opening) else len(face))
        near = leads[bisect_left(starts, begin) : bisect_left(starts, end)]
        stretch = [lead for lead in near if lead.end <= end and lead is not amount]
        told = [lead for lead in near if _is_time_of_payment(lead) and lead.end <= amount.start]
        time = told[-1].value if told else time
        before = face[begin : amount.start]
        if _COMING_BACK.search(before):
            continue
        proposal = _propose(face, amount, stretch, begin, end, time, is_told=bool(told))
        if _TOTAL.search(before) and not _PAYING.search(before[-6:]):
            totals.append(proposal)
        elif _PAYING.search(before) or proposal.payee_account or _PAYING.match(face, amount.end):
            told_to = proposal.end
            proposals.append(_carry_on(proposal, proposals, before))
    if not proposals and totals:
        proposals = [_of_total(total, leads) for total in totals[:1] if any(lead.kind in _ACCOUNTS for lead in leads)]
    return proposals


def _is_time_of_payment(lead: Lead) -> bool:
    """前几天 and an unmoored 三天后 date nothing."""
    return lead.kind is Kind.TIME and lead.confidence >= TIME_CONFIDENCE_MIN


def _is_receiving(face: str, lead: Lead) -> bool:
    """到支付宝账号...: the platform is where the money goes, not how the next payment begins."""
    return lead.kind is Kind.PLATFORM and face[lead.start - 1 : lead.start] in tuple("到给至往入的")


def _begin(face: str, floor: int, start: int) -> int:
    floor = max(floor, start - STRETCH_LENGTH_MAX)
    marks = [match.end() for match in _SENTENCE.finditer(face, floor, start)]
    return marks[-1] if marks else floor


def _end(face: str, end: int, ceiling: int) -> int:
    """Where the payment's words stop: before the next payment's, at the sentence's end at the latest."""
    ceiling = min(ceiling, end + STRETCH_LENGTH_MAX)
    mark = _SENTENCE.search(face, end, ceiling)
    ceiling = mark.start() if mark else ceiling
    following = _NEXT_PAYMENT.search(face, end, ceiling)
    return following.start() if following else ceiling


def _propose(
    face: str, amount: Lead, stretch: list[Lead], begin: int, end: int, time: str, *, is_told: bool
) -> ProposedTransfer:
    payer, payee = _sides(face, stretch, amount, begin)
    banks = [lead for lead in stretch if lead.kind is Kind.BANK]
    why = ["amount", *(["time told"] if is_told else []), *(["receiver told"] if payee else [])]
    holder = _HOLDER.search(face, begin, end)
    persons = [lead for lead in stretch if lead.kind is Kind.PERSON] if payee and not holder else []
    platform = next((str(lead.extra.get("code", "")) for lead in stretch if lead.kind is Kind.PLATFORM), "")
    channel = platform or next((name for name, words in _CHANNELS if words.search(face, begin, end)), "")
    if not channel and (payer or payee):
        channel = "bank"
    read = [amount, *(lead for lead in (payer, payee) if lead), *persons[-1:]]
    start = min(lead.start for lead in read)
    stop = max(*(lead.end for lead in read), holder.end() if holder else 0)
    confidence = 0.5 + (0.25 if payee else 0.1 if platform else 0.0) + (0.15 if is_told else 0.0)
    return ProposedTransfer(
        amount=amount.value,
        currency=amount.currency or "CNY",
        payer_account=payer.value if payer else "",
        payer_bank=_bank(payer, banks),
        payee_account=payee.value if payee else "",
        payee_bank=_bank(payee, banks),
        payee_name=holder["name"] if holder else persons[-1].value if persons else "",
        time=time,
        channel=channel,
        order=next((lead.value for lead in stretch if lead.kind is Kind.ORDER), ""),
        start=start,
        end=stop,
        confidence=round(min(confidence, amount.confidence), 2),
        why=tuple(why),
    )


def _sides(face: str, stretch: list[Lead], amount: Lead, begin: int) -> tuple[Lead | None, Lead | None]:
    payer: Lead | None = None
    payee: Lead | None = None
    undecided: list[Lead] = []
    last = begin
    for lead in stretch:
        if lead.kind not in _ACCOUNTS:
            continue
        side = _last_cue(face, last, lead.start)
        last = lead.end
        if side == "payer":
            payer = payer or lead
        elif side == "payee":
            payee = payee or lead
        else:
            undecided.append(lead)
    for lead in undecided:
        if payee is None:
            payee = lead
        elif payer is None and lead.start < amount.start:
            payer = lead
    return payer, payee


def _last_cue(face: str, begin: int, end: int) -> str:
    side = ""
    for match in _CUE.finditer(face, begin, end):
        side = match.lastgroup or ""
    return side


def _bank(account: Lead | None, banks: list[Lead]) -> str:
    """The bank's code: what the words right before the account say, else what its BIN says."""
    if account is None:
        return ""
    named = [bank for bank in banks if bank.end <= account.start and account.start - bank.end <= 12]
    if named and named[-1].extra.get("code"):
        return str(named[-1].extra["code"])
    return str(account.extra.get("bank", ""))


def _carry_on(proposal: ProposedTransfer, before: list[ProposedTransfer], words: str) -> ProposedTransfer:
    """ "又转了3万": the same receiver as before, when no other is told."""
    if before and not proposal.payee_account and _AGAIN.search(words) and proposal.channel in ("", before[-1].channel):
        last = before[-1]
        return replace(
            proposal,
            payer_account=proposal.payer_account or last.payer_account,
            payer_bank=proposal.payer_bank or last.payer_bank,
            payee_account=last.payee_account,
            payee_bank=last.payee_bank,
            payee_name=last.payee_name,
            channel=last.channel,
            confidence=round(proposal.confidence * 0.8, 2),
            why=(*proposal.why, "receiver carried on"),
        )
    return proposal


def _of_total(total: ProposedTransfer, leads: list[Lead]) -> ProposedTransfer:
    account = next(lead for lead in _accounts(leads))
    return replace(
        total,
        payee_account=total.payee_account or account.value,
        payee_bank=total.payee_bank or str(account.extra.get("bank", "")),
        confidence=0.4,
        why=(*total.why, "the only sum told"),
    )


def _accounts(leads: list[Lead]) -> Iterator[Lead]:
    return (lead for lead in leads if lead.kind in _ACCOUNTS)
