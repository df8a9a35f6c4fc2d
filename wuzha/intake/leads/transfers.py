"""From leads to the report's transfer rows: who paid whom, how much, when, by which channel.

Theory. A payment is told around its amount. The stretch that belongs to an amount begins after the payment before it
(or with the sentence) and ends where the next payment begins; an account in it is the payer's or the receiver's
(`accounts_told`). What a stretch does not tell, the story may: an account given before (他发来一个账号...), one that
a name or 同一个账户 points at, the victim's only card, the day told last, what is said of all payments
(都是微信转的). Which sums are payments `paid_sums` decides; a total stands in only when the story names an account
and no other sum. What is not told stays empty.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from wuzha.intake.leads.accounts_told import Side, accounts_told, compatible, sides_of
from wuzha.intake.leads.drafts import (
    STRETCH_LENGTH_MAX,
    Draft,
    bank_of,
    begin_of,
    channel_of,
    end_of,
    go_on,
    is_coin,
    is_listed,
    is_receiving,
    is_time_of_payment,
)
from wuzha.intake.leads.face import plain
from wuzha.intake.leads.holders import announced_names, held_by, holders_of, mentioned
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.intake.leads.paid_sums import PAID_MAX, SENTENCE, PaidSum, paid_sums
from wuzha.intake.leads.proposed import ProposedTransfer
from wuzha.intake.leads.told_how import channel_behind, channel_in, channel_of_all

TRANSFERS_MAX = PAID_MAX
ACCOUNTS_MAX = 2_000  # accounts of a narrative that payments are told to and from
BEHIND_REACH = 60
TO_THE_MINUTE = len("2026-11-20T15:04")

_OPENS_NEXT = frozenset({Kind.AMOUNT, Kind.TIME, Kind.PLATFORM})
_AGAIN = re.compile(r"(?:又|再|继续|接着|紧接着|分别|第[二三四五六七八九十](?:次|笔|单|回)?)")
_SAME = re.compile(
    r"同上|(?:同一?|该|这|那|上述|还是|他这|她这|原来)(?:一?个|张|种)?[^，。；;\n\d]{0,5}?(?:账号|账户|帐号|卡号|卡|地址|钱包|支付宝|号|户|收款|商户|商家)"
)
_SAME_PAYER = re.compile(
    r"(?:用|从|由|自|以|还是|经)(?:了)?(?:同一?|该|这|那|上述|此)(?:一?个|张)?[^，。；;\n\d]{0,5}?(?:卡|账户|账号|支付宝)"
)
_FOR_ALL = re.compile(
    r"(?:收款的?(?:账[号户]|卡号?|支付宝)?(?:都|均)是?|收款的(?:支付宝|账[号户]|卡)?是?|都(?:是)?(?:转|打|汇)(?:到|给|进|在)|"
    r"均(?:转|汇)[到至入]|还是|都是|转到的?都是)[^，。；;\n\d]{0,8}$"
    r"|都(?:是)?(?:转|打|汇)(?:到|给|进|在)[^。；;\n\d]{0,24}$|均[^，。；;\n\d]{0,6}$"
)
_FOR_ALL_REACH = 32
_TIME_OF_ALL = re.compile(r" ?[)）]?(?:的事|发生的|的时候|的[)）]|的。?$)")
_TIME_BEHIND = re.compile(r"[^。；;\n]{0,14}?(?:[(（]|时间(?:是|为)?[:：]?|，)$")
_BANKS = frozenset({"bank", "mobile bank", "online bank", "counter", "ATM", "UnionPay"})


def propose_transfers(leads: list[Lead], text: str) -> list[ProposedTransfer]:
    """The payments that `text` tells, in its order; `leads` are those of `extract` on the same text."""
    face = plain(text)
    accounts = accounts_told(face, leads)[:ACCOUNTS_MAX]
    paid, totals = paid_sums(face, leads, accounts)
    is_total = not paid and bool(totals) and bool(accounts)
    if is_total:
        paid = [PaidSum(totals[0])]
    if not paid:
        return []
    story = _Story(text, face, leads, accounts)
    drafts = story.drafts(paid[:TRANSFERS_MAX])
    if is_total:
        drafts[0].why.append("the only sum told")
    rows = [story.row(draft, is_total=is_total) for draft in drafts for _ in range(draft.paid.times)]
    return rows[:TRANSFERS_MAX]


class _Story:
    """A narrative with its leads: what each payment tells itself, then what the story tells of it."""

    def __init__(self, text: str, face: str, leads: list[Lead], accounts: list[Lead]) -> None:
        self.text, self.face, self.leads, self.accounts = text, face, leads, accounts
        self.sides = sides_of(face, accounts)
        self.holders = holders_of(text, face, accounts)
        self._starts = [lead.start for lead in leads]
        self._opening = [lead.start for lead in leads if lead.kind in _OPENS_NEXT and not is_receiving(face, lead)]
        self._times = [lead for lead in leads if is_time_of_payment(lead)]
        self._time_starts = [lead.start for lead in self._times]
        self._amounts = [lead for lead in leads if lead.kind is Kind.AMOUNT]
        self._amount_starts = [lead.start for lead in self._amounts]
        self._account_starts = [lead.start for lead in accounts]
        self._loose: list[tuple[int, str]] = []  # names told of nobody's account

    def drafts(self, paid: Sequence[PaidSum]) -> list[Draft]:
        drafts: list[Draft] = []
        told_to = 0  # where the words of the payment before end, its accounts included
        for sum_paid in paid:
            drafts.append(self._local(sum_paid, told_to))
            if sum_paid.goes_on and len(drafts) > 1:
                go_on(drafts)
            told_to = max(told_to, drafts[-1].end if drafts[-1].payee else drafts[-1].amount.end)
        self._time(drafts)
        self._channels(drafts)
        self._names()
        self._payees(drafts)
        self._payers(drafts)
        for draft in drafts:
            if not draft.channel and (draft.payee or draft.payer):
                draft.channel = channel_of(draft.payee or draft.payer)
            if draft.payee is not None:
                if draft.payee_name and draft.payee.value not in self.holders:
                    self.holders[draft.payee.value] = draft.payee_name
                draft.payee_name = self.holders.get(draft.payee.value, "") or draft.payee_name
        self._loose_names(drafts)
        return drafts

    # What a payment tells itself.

    def _local(self, paid: PaidSum, told_to: int) -> Draft:
        amount = paid.lead
        at = bisect_left(self._amount_starts, amount.start)
        last_sum = self._amounts[at - 1].end if at else 0
        begin = begin_of(self.face, min(max(told_to, last_sum), amount.start), amount.start)
        following = bisect_left(self._opening, amount.end)
        ceiling = self._opening[following] if following < len(self._opening) else len(self.face)
        end = max(end_of(self.face, amount.end, ceiling), paid.told_to)
        near = self.leads[bisect_left(self._starts, begin) : bisect_left(self._starts, end)]
        near = [lead for lead in near if lead.end <= end and lead is not amount]
        draft = Draft(paid, begin, end, banks=[lead for lead in near if lead.kind is Kind.BANK])
        first, last = bisect_left(self._account_starts, begin), bisect_left(self._account_starts, end)
        self._sides(draft, [lead for lead in self.accounts[first:last] if lead.end <= end])
        draft.order = next((lead.value for lead in near if lead.kind is Kind.ORDER), "")
        draft.channel = channel_in(self.face, begin, end, amount.start) or channel_behind(self.face, amount.end)
        draft.payee_name = mentioned(self.text, self.face, begin, end)
        return draft

    def _sides(self, draft: Draft, accounts: list[Lead]) -> None:
        undecided: list[Lead] = []
        for lead in accounts:
            side = self.sides[lead.start]
            if side is Side.OWN:
                draft.payer = draft.payer or lead
            elif side is Side.RECEIVER:
                draft.payee = draft.payee or lead
            else:
                undecided.append(lead)
        for lead in undecided:
            if draft.payee is None:
                draft.payee = lead
            elif draft.payer is None and lead.start < draft.amount.start:
                draft.payer = lead
        if draft.payee is not None:
            draft.end = max(draft.end, draft.payee.end)
            draft.why.append("receiver told")

    # What the story tells.

    def _time(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            end = draft.amount.end
            at = bisect_left(self._time_starts, draft.amount.start)
            earlier = self._times[at - 1] if at else None
            is_own = earlier is not None and earlier.start >= draft.begin
            following = bisect_left(self._amount_starts, end)
            next_sum = self._amount_starts[following] if following < len(self._amounts) else len(self.face)
            behind = [] if is_own else self._times_behind(end, min(next_sum, end + BEHIND_REACH))
            later = bisect_left(self._time_starts, end)
            if draft.paid.told_to and later < len(self._times) and self._times[later].end <= draft.paid.told_to:
                behind = [self._times[later]]
            told = behind[0] if behind else earlier
            if told is not None:
                draft.time, draft.is_time_told = told.value, is_own or bool(behind)
            if draft.is_time_told:
                draft.why.append("time told")
        untimed = [draft for draft in drafts if not draft.time]
        of_all = [lead for lead in self._times if _TIME_OF_ALL.match(self.face, lead.end)]
        if untimed and (of_all or len(self._times) == 1):
            for draft in untimed:
                draft.time = (of_all or self._times)[-1].value
        self._zip_times(drafts)

    def _times_behind(self, end: int, ceiling: int) -> list[Lead]:
        """转了4980 (10月13日 16:27), ...，时间是昨天下午2点18分: a time that dates the sum before it."""
        mark = SENTENCE.search(self.face, end, ceiling)
        ceiling = mark.start() if mark else ceiling
        found = []
        for lead in self._times[bisect_left(self._time_starts, end) : bisect_left(self._time_starts, ceiling)]:
            if lead.end <= ceiling + 1:
                is_last = self.face[lead.end : lead.end + 1] in ("", ")", "。", "；", ";", "\n", "，")
                lead_in = self.face[end : lead.start]
                is_dating = "时间" in lead_in or lead_in.endswith("(") or self.face[lead.end : lead.end + 2] == "的事"
                if is_last and is_dating and _TIME_BEHIND.search(lead_in):
                    found.append(lead)
        return found

    def _zip_times(self, drafts: list[Draft]) -> None:
        """今天14:03、14:06、14:11三次...分别是9999元、9999元和19800元: one time for each."""
        at = 0
        while at < len(drafts):
            last = at + 1
            while last < len(drafts) and drafts[last].paid.goes_on:
                last += 1
            begin, stop = drafts[at].begin, drafts[at].amount.start
            times = self._times[bisect_left(self._time_starts, begin) : bisect_left(self._time_starts, stop)]
            row = times[-1:]
            for lead in reversed(times[:-1]):
                if not is_listed(self.face, lead, row[0]):
                    break
                row.insert(0, lead)
            if last - at > 1 and len(row) == last - at:
                for draft, lead in zip(drafts[at:last], row, strict=True):
                    draft.time, draft.is_time_told = lead.value, True
            at = last

    def _channels(self, drafts: list[Draft]) -> None:
        of_all = channel_of_all(self.face, 0)
        heading = of_all[0][1] if len(of_all) == 1 and of_all[0][0] < drafts[0].amount.start else ""
        places = [place for place, _name in of_all]
        for draft in drafts:
            following = bisect_left(places, draft.amount.end)
            name = of_all[following][1] if following < len(of_all) else heading
            if name and draft.channel in ("", "bank", "QR code"):
                draft.channel = name
        for before, draft in pairwise(drafts):
            is_one_sentence = SENTENCE.search(self.face, before.amount.end, draft.amount.start) is None
            is_carried = before.channel in _BANKS or draft.payee is None
            if not draft.channel and before.channel and is_one_sentence and is_carried:
                draft.channel = before.channel

    def _names(self) -> None:
        """收款人均为柯建平, 实名显示贺晓琳: a holder told apart from the account, of the last one without."""
        receivers = [lead for lead in self.accounts if self.sides[lead.start] is not Side.OWN]
        known = set(self.holders.values())
        for start, name in announced_names(self.text, self.face)[:ACCOUNTS_MAX]:
            if name in known:
                continue
            lacking = [lead for lead in receivers if lead.value not in self.holders]
            behind = next((lead for lead in lacking if lead.start > start), None)
            before = next((lead for lead in reversed(lacking) if lead.end <= start), None)
            if before is None and behind is not None and behind.start - start > STRETCH_LENGTH_MAX:
                behind = None
            nearest = before or behind
            if nearest is None:
                self._loose.append((start, name))
            else:
                self.holders[nearest.value] = name
                known.add(name)

    def _loose_names(self, drafts: list[Draft]) -> None:
        """收款商户是..., 收款方均为...: a receiver's name where no account is told."""
        for start, name in self._loose:
            near = [
                draft
                for draft in drafts
                if draft.payee is None
                and draft.amount.end <= start <= draft.amount.end + STRETCH_LENGTH_MAX
                and SENTENCE.search(self.face, draft.amount.end, start) is None
            ]
            for draft in near if "均" in self.face[start : start + 8] else near[-1:]:
                draft.payee_name = draft.payee_name or name
        for before, draft in pairwise(drafts):
            is_same = _SAME.search(self.face, draft.begin, draft.end) is not None
            if is_same and draft.payee is None and not draft.payee_name:
                draft.payee_name = before.payee_name

    def _payees(self, drafts: list[Draft]) -> None:
        receivers = [lead for lead in self.accounts if self.sides[lead.start] is not Side.OWN]
        for draft in drafts:
            if draft.payee is None:
                before, whole = self.face[draft.begin : draft.amount.end], self.face[draft.begin : draft.end]
                named = held_by(before, self.holders) or held_by(whole, self.holders)
                draft.payee = next((lead for lead in receivers if lead.value == named), None)
        used = {draft.payee.value for draft in drafts if draft.payee}
        last: Lead | None = None
        for index, draft in enumerate(drafts):
            if draft.payee is None:
                is_pointed_at = _SAME.search(self.face, draft.begin, draft.end) is not None
                if is_pointed_at and last is not None and last in receivers and draft.channel == "Alipay":
                    draft.payee = last  # 支付宝转到他的卡, 又转1500到这张卡
                    continue
                fits = [lead for lead in receivers if compatible(lead, draft.channel, draft.amount.currency)]
                draft.payee = self._payee(
                    draft, fits, used, last, drafts[index + 1] if index + 1 < len(drafts) else None
                )
                if draft.payee is not None:
                    used.add(draft.payee.value)
            last = draft.payee or last

    def _payee(
        self, draft: Draft, fits: list[Lead], used: set[str], last: Lead | None, following: Draft | None
    ) -> Lead | None:
        words = self.face[draft.begin : draft.end]
        is_again = _AGAIN.search(words) is not None or _SAME.search(words) is not None
        before = [lead for lead in fits if lead.end <= draft.amount.start]
        behind = [lead for lead in fits if lead.start >= draft.amount.end]
        for lead in behind:
            is_near = SENTENCE.search(self.face, draft.amount.end, lead.start) is None or not before
            if is_near and _FOR_ALL.search(self.face, max(0, lead.start - _FOR_ALL_REACH), lead.start):
                return lead
        if before and before[-1].value not in used:
            return before[-1]
        if is_again and last is not None and any(lead.value == last.value for lead in fits):
            draft.why.append("receiver carried on")
            draft.weight = 0.8
            return last
        if before and _SAME.search(words):
            return before[-1]
        ceiling = following.begin if following is not None else len(self.face)
        return next((lead for lead in behind if lead.start < ceiling), None) or self._only_one(draft, fits)

    def _only_one(self, draft: Draft, fits: Sequence[Lead]) -> Lead | None:
        """The only account that fits in the whole story, told in a sentence that pays nothing."""
        if len({lead.value for lead in fits}) != 1:
            return None
        begin = begin_of(self.face, max(0, fits[0].start - STRETCH_LENGTH_MAX), fits[0].start)
        mark = SENTENCE.search(self.face, fits[0].end)
        end = mark.start() if mark else len(self.face)
        first, last = bisect_left(self._amount_starts, begin), bisect_left(self._amount_starts, end)
        return fits[0] if first == last else None

    def _payers(self, drafts: list[Draft]) -> None:
        own = [lead for lead in self.accounts if self.sides[lead.start] is Side.OWN]
        only = own[0] if len({lead.value for lead in own}) == 1 else None
        last: Lead | None = None
        for draft in drafts:
            if draft.payer is None and own:
                words = self.face[draft.begin : draft.end]
                told = last if last is not None and _SAME_PAYER.search(words) else only
                is_by_bank = draft.channel in _BANKS or (not draft.channel and draft.payee is not None)
                is_fitting = told is not None and (
                    draft.channel == "Alipay" if told.kind is Kind.ALIPAY else is_by_bank and not is_coin(draft)
                )
                draft.payer = told if is_fitting else None
            last = draft.payer or last

    def row(self, draft: Draft, *, is_total: bool) -> ProposedTransfer:
        amount = draft.amount
        read = [
            amount,
            *(lead for lead in (draft.payer, draft.payee) if lead and draft.begin <= lead.start < draft.end),
        ]
        confidence = (
            0.5 + (0.25 if draft.payee else 0.1 if draft.channel else 0.0) + (0.15 if draft.is_time_told else 0.0)
        )
        return ProposedTransfer(
            amount=amount.value,
            currency=amount.currency or "CNY",
            payer_account=draft.payer.value if draft.payer else "",
            payer_bank=bank_of(draft.payer, draft.banks),
            payee_account=draft.payee.value if draft.payee else "",
            payee_bank=bank_of(draft.payee, draft.banks),
            payee_name=draft.payee_name,
            time=draft.time[:TO_THE_MINUTE],
            channel=draft.channel,
            order=draft.order,
            start=min(lead.start for lead in read),
            end=max(lead.end for lead in read),
            confidence=0.4 if is_total else round(min(confidence * draft.weight, amount.confidence), 2),
            why=tuple(draft.why),
        )
