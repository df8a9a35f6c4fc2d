"""What a row of digits is by its label and by its own proof: identity number, card, account, QQ and the like.

Theory. A reading is a claim with a score; the best claim wins (see `runs`). A label may promise what the form allows;
a check digit with a known BIN, or an identity checksum with a real birthday, proves itself without any label.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from wuzha.intake.leads.labels import Label
from wuzha.intake.leads.lead import Kind
from wuzha.kernel.identifiers import bank_of_card, card_length_fits, luhn_ok, mend_card, parse_id_number
from wuzha.kernel.identifiers.cards import CARD_LENGTH_MIN
from wuzha.kernel.identifiers.phones import MOBILE
from wuzha.kernel.refusals import Refusal

MENDINGS_SHOWN_MAX = 5
ID_SIZE = 18
NAMED_AFTER_SIZE_MIN = 10
TOLD_ACCOUNT_MIN = 12  # digits of an account that some words part from its label
TOLD_ORDER_MIN = 10  # digits of an order number that some words part from its label
LONG_ORDER_MIN = 12  # digits of an order number that any words of the same sentence part from its label
_NO_ORDER = re.compile("[卡账帐户转付]")
# Numbers of payments of Alipay (day, 2200...) and WeChat (1000 or 4200, some digits, the day).
_PAYMENT = re.compile(
    r"20[2-3]\d[01]\d[0-3]\d22\d{18}|(?:4200|1000)\d{6,8}20[2-3]\d[01]\d[0-3]\d\d{8,10}|1000\d{7}20[2-3]\d[01]\d[0-3]\d\d{13,15}"
)
CARD_PARTS_MAX, CARD_PART_MIN = 5, 3  # groups of a known bank's card, and digits of each, however it was cut
NAMED_AFTER = "named after"  # the gap of a bank that stands behind the number
_CARD_TAKERS = frozenset({Label.CARD, Label.ACCOUNT, Label.BANK})


PAYMENT_SIZES = frozenset({28, 30, 32})  # digits of WeChat's and Alipay's numbers of payments
WALLET_SIZE = 16
ALONE_MIN = 9  # digits of equal groups from which each is an order number of its own
UNKNOWN_BANK_SCORE = 78  # below an account's: a part of a longer row passes the check digit one time in ten
_NO_CARD = frozenset("01278")  # no bank card begins so; companies' accounts do (8110 8010 ...)
_PAID_INTO = frozenset(
    {"转", "转给", "转到", "转账给", "打", "打到", "收款", "付", "付给", "给", "转账", "付款", "打款"}
)


def is_payment(digits: str) -> bool:
    """A number of a payment in a form that nothing else has: 28, 30 or 32 digits with the day in them."""
    return len(digits) in PAYMENT_SIZES and _PAYMENT.fullmatch(digits) is not None


@dataclass(slots=True)
class Group:
    digits: str
    start: int
    end: int
    gap: str  # what stands between it and the group before


@dataclass(slots=True)
class Reading:
    kind: Kind | None  # None: known to be something the desk does not act on
    value: str
    score: int
    why: tuple[str, ...]
    extra: dict[str, Any] = field(default_factory=dict)


def is_wallet(digits: str) -> bool:
    """A wallet of digital money (数字人民币钱包): sixteen digits that begin with 00."""
    return len(digits) == WALLET_SIZE and digits.startswith("00")


def is_one_order(joined: list[Group]) -> bool:
    """Groups of one order number; several of one length are several orders when each could stand alone."""
    sizes = {len(group.digits) for group in joined}
    is_cut = joined[-1].gap == "\n" and sum(len(group.digits) for group in joined) in PAYMENT_SIZES
    return len(joined) == 1 or len(sizes) > 1 or min(sizes) < ALONE_MIN or joined[1].digits[0] == "0" or is_cut


def is_pointed_card(joined: list[Group]) -> bool:
    """6228.2717.0342.3667.122: four by four with points between."""
    sizes = [len(group.digits) for group in joined]
    is_pointed = all(group.gap in (".", "/") for group in joined[1:])
    return len(joined) >= 4 and is_pointed and all(size == 4 for size in sizes[:-1]) and sizes[-1] <= 4


def is_pointed_identity(joined: list[Group]) -> bool:
    """110108.1992.0314.652X: place, birthday and number with points between."""
    sizes = [len(group.digits) for group in joined]
    return sizes in ([6, 4, 4, 4], [6, 8, 4]) and all(group.gap == "." for group in joined[1:])


def read_identity(digits: str, label: Label | None, *, is_direct: bool) -> Reading | None:
    if len(digits) not in (15, 18):
        return None
    if len(digits) == 15 and not (label is Label.ID_NUMBER and is_direct):
        return None
    try:
        number = parse_id_number(digits)
    except Refusal as refusal:
        if label is Label.ID_NUMBER and is_direct and len(digits) == 18:
            return Reading(Kind.ID_NUMBER, digits.upper(), 40, ("label", "probably mistyped", refusal.code))
        return None
    if label in (Label.ORDER, Label.COMPANY, Label.OTHER) and is_direct:
        return None
    return Reading(Kind.ID_NUMBER, number, 99 if label is Label.ID_NUMBER else 95, ("checksum", "birthday"))


def read_labelled(digits: str, label: Label | None, gap: str, *, is_direct: bool) -> Reading | None:
    """What a label alone decides; the label must stand right before the number."""
    if label is None or not digits.isdigit():
        return None
    size = len(digits)
    if label is Label.COMPANY and is_direct and 8 <= size <= 32:
        return Reading(Kind.ACCOUNT, digits, 97, ("company account",))
    is_told = (
        gap.endswith(("，", ",", ":", "是", "为", "写着", "显示", "印着")) and size >= TOLD_ORDER_MIN
    )  # 订单号我念一下，308517264903
    if label is Label.ORDER and (is_direct or is_told) and 6 <= size <= 40:
        return Reading(Kind.ORDER, digits, 97, ("label",))
    if label is Label.ORDER and LONG_ORDER_MIN <= size <= 40 and not _NO_ORDER.search(gap):
        return Reading(Kind.ORDER, digits, 66, ("label nearby",))  # 订单号我截下来了 2026...
    if label in (Label.QQ, Label.QQ_GROUP) and 5 <= size <= 12 and digits[0] != "0":
        if is_direct:
            return Reading(Kind.QQ, digits, 96, (label.value,), {"group": True} if label is Label.QQ_GROUP else {})
        if (
            len(gap) <= 10
            and not MOBILE.fullmatch(digits)
            and size >= 6
            and (
                "群" in gap
                or "号" in gap
                or "显示" in gap
                or "好友" in gap
                or gap.endswith((":", "，", ",", "是", "为", "叫"))
            )
        ):
            return Reading(Kind.QQ, digits, 75, (label.value,), {"group": True} if "群" in gap else {})
    if label is Label.WECHAT and (is_direct or gap.strip(" :") in ("好友", "同号")) and 6 <= size <= 12:
        return Reading(Kind.WECHAT, digits, 94 if MOBILE.fullmatch(digits) else 85, ("label",))
    if gap == NAMED_AFTER and NAMED_AFTER_SIZE_MIN <= size < CARD_LENGTH_MIN and not MOBILE.fullmatch(digits):
        return Reading(Kind.ACCOUNT, digits, 72, ("label nearby",))
    is_paid_into = gap.strip(" :") in _PAID_INTO
    if label is Label.ALIPAY and is_paid_into and MOBILE.fullmatch(digits):
        return Reading(Kind.ALIPAY, digits, 93, ("label",))
    if label is Label.ALIPAY and is_direct and (MOBILE.fullmatch(digits) or (gap and 6 <= size <= 20)):
        return Reading(Kind.ALIPAY, digits, 94, ("label",))
    if label is Label.DINGTALK and is_direct and 4 <= size <= 20:
        return Reading(Kind.DINGTALK, digits, 93, ("label",))
    if label is Label.TELEGRAM and is_direct and 7 <= size <= 15:
        return Reading(Kind.TELEGRAM, digits, 85, ("label",))
    is_told = gap.endswith((":", "是", "为", "的")) and TOLD_ACCOUNT_MIN <= size <= 32 and digits[0] != "0"
    if label is Label.ACCOUNT and is_told and not (CARD_LENGTH_MIN <= size <= 19 and luhn_ok(digits)):
        return Reading(Kind.ACCOUNT, digits, 72, ("label nearby",))
    if label in (Label.LOGIN, Label.OTHER) and is_direct:
        return Reading(None, digits, 93, ("label",))
    if (
        label in (Label.ACCOUNT, Label.BANK)
        and is_direct
        and (8 if label is Label.ACCOUNT else 12) <= size <= 32
        and not 15 <= size <= 19
    ):
        return Reading(Kind.ACCOUNT, digits, 80 if not MOBILE.fullmatch(digits) else 60, ("label",))
    return None


def read_card(
    digits: str, label: Label | None, joined: list[Group], *, is_direct: bool, gap: str = ""
) -> Reading | None:
    size = len(digits)
    has_label = label in _CARD_TAKERS
    if not 13 <= size <= 21 or not digits.isdigit() or len(set(digits)) < 3:
        return None
    if label in (Label.ORDER, Label.OTHER, Label.LOGIN, Label.COMPANY, Label.QQ, Label.QQ_GROUP) and is_direct:
        return None
    sizes = [len(group.digits) for group in joined]
    is_grouped = len(joined) > 1 and (all(size <= 6 for size in sizes) or (len(sizes) == 2 and sizes[0] in (4, 6, 8)))
    is_over_lines = len(joined) == 2 and "\n" in joined[1].gap
    is_cut_anyhow = len(sizes) <= CARD_PARTS_MAX and min(sizes) >= CARD_PART_MIN and card_length_fits(digits)
    if len(joined) > 1 and not (has_label or is_grouped or is_over_lines or is_cut_anyhow):
        return None
    is_told = has_label and is_grouped and bank_of_card(digits) is not None
    if 15 <= size <= 19 and luhn_ok(digits) and digits[0] not in _NO_CARD:
        fits = card_length_fits(digits)
        if not fits and not (has_label and (is_told or is_direct or gap == NAMED_AFTER or len(joined) == 1)):
            return None
        score = (96 if fits else UNKNOWN_BANK_SCORE) + (2 if has_label else 0)
        why = ("check digit", *(("known bank",) if fits else ()), *(("label",) if has_label else ()))
        return Reading(Kind.CARD, digits, score, why, _bank_of(digits))
    bank = bank_of_card(digits) if 15 <= size <= 19 else None
    if has_label and (is_direct or is_grouped):
        if 15 <= size <= 19 and (label is Label.CARD or card_length_fits(digits)):
            return _mistyped(digits)
        if label is Label.CARD and (bank_of_card(digits) is not None) and 14 <= size <= 20:
            return Reading(Kind.CARD, digits, 40, ("label", "probably mistyped", "wrong length"), _bank_of(digits))
        if label in (Label.ACCOUNT, Label.BANK) and 8 <= size <= 32:
            return Reading(Kind.ACCOUNT, digits, 80, ("label",))
    if label is Label.BANK and gap == NAMED_AFTER and len(joined) == 1 and not MOBILE.fullmatch(digits):
        return _mistyped(digits) if bank else Reading(Kind.ACCOUNT, digits, 72, ("label nearby",))
    is_four_by_four = len(joined) >= 4 and all(len(group.digits) == 4 for group in joined[:-1])
    if bank and card_length_fits(digits) and is_four_by_four and digits.startswith("62"):
        return _mistyped(digits)
    return None


def read_proven(digits: str, label: Label | None, start: int, end: int) -> Reading | None:
    """An identity number, or a card of a known bank of that length with its check digit; nothing else."""
    reading = read_identity(digits, label, is_direct=False) if len(digits) == ID_SIZE else None
    if reading is None and digits.isdigit() and luhn_ok(digits) and card_length_fits(digits):
        reading = read_card(digits, label, [Group(digits, start, end, "")], is_direct=False)
    return reading if reading is not None and reading.kind in (Kind.CARD, Kind.ID_NUMBER) else None


def _mistyped(digits: str) -> Reading:
    mendings = [
        {
            "number": mending.number,
            "positions": list(mending.positions),
            "slip": mending.slip,
            "bank": mending.bank.name_zh if mending.bank else "",
        }
        for mending in mend_card(digits)[:MENDINGS_SHOWN_MAX]
    ]
    positions = sorted({at for mending in mend_card(digits) for at in mending.positions})
    extra = _bank_of(digits) | {"mendings": mendings, "suspect_positions": positions}
    return Reading(Kind.CARD, digits, 45, ("label", "probably mistyped", "check digit wrong"), extra)


def _bank_of(digits: str) -> dict[str, Any]:
    bank = bank_of_card(digits)
    if bank is None:
        return {}
    return {"bank": bank.code, "bank_name": bank.name_zh, "bank_name_en": bank.name_en, "card_kind": bank.card_kind}
