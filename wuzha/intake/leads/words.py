"""What kinds, reasons and channels are called on a page: message ids, put into the reader's language by the page."""

from collections.abc import Mapping

from wuzha.intake.leads.lead import Kind
from wuzha.kernel.refusals import _

KIND_WORDS: Mapping[str, str] = {
    Kind.CARD: _("Bank card"),
    Kind.ACCOUNT: _("Account"),
    Kind.PHONE: _("Phone number"),
    Kind.ID_NUMBER: _("Identity number"),
    Kind.AMOUNT: _("Amount"),
    Kind.TIME: _("Time"),
    Kind.URL: _("Link"),
    Kind.QQ: _("QQ"),
    Kind.WECHAT: _("WeChat"),
    Kind.TELEGRAM: _("Telegram"),
    Kind.ALIPAY: _("Alipay account"),
    Kind.DINGTALK: _("DingTalk"),
    Kind.ORDER: _("Order number"),
    Kind.BANK: _("Bank"),
    Kind.PLATFORM: _("Payment platform"),
    Kind.APP: _("App"),
    Kind.PERSON: _("Person (suggestion)"),
}

WHY_WORDS: Mapping[str, str] = {
    "about": _("about this day"),
    "after midnight": _("after midnight, so the next day"),
    "announced": _("a word before announces a person"),
    "birthday": _("its birthday is a date"),
    "carrier's prefix": _("begins as a carrier's numbers do"),
    "check digit": _("the check digit is right"),
    "check digit wrong": _("the check digit is wrong"),
    "checksum": _("the check character is right"),
    "clipped": _("said as sums are said"),
    "coin address": _("has the form of a coin address"),
    "company account": _("a word before says company account"),
    "currency": _("a currency stands behind"),
    "currency before": _("a currency stands before"),
    "date": _("a date"),
    "date and time": _("a date and a time"),
    "day from the story": _("the day was named before"),
    "day of the call": _("no day said: the day of the call"),
    "digits read aloud": _("digits read aloud"),
    "e-mail": _("has the form of an e-mail address"),
    "in the future": _("lies in the future"),
    "known bank": _("the number begins as this bank's cards do"),
    "known name": _("a known name"),
    "known top-level domain": _("ends in a domain that exists"),
    "label": _("the word before says so"),
    "label nearby": _("a word nearby says so"),
    "last one past": _("the last one before the call"),
    "list": _("follows another sum in a list"),
    "left over": _("the only one left for the program that is named"),
    "letters read as digits": _("letters taken for digits"),
    "lunar": _("lunar calendar"),
    "month from the story": _("the month was named before"),
    "morning or evening not said": _("morning or evening was not said"),
    "named as software": _("named as software"),
    "no day said": _("no day said"),
    "no such day": _("there is no such day"),
    "numbering plan": _("has the form of a phone number"),
    "paying": _("a word of paying stands before"),
    "payment number": _("has the form of a payment's number"),
    "price": _("a word of price stands before"),
    "probably mistyped": _("probably mistyped"),
    "qq": _("the word before says QQ"),
    "qq group": _("the word before says QQ group"),
    "range": _("the lower end of a range"),
    "relative to the call": _("counted from the call"),
    "relative to the story": _("counted from the day named before"),
    "row": _("stands in a row of a list"),
    "scheme": _("begins as a web address does"),
    "small coin": _("small coin"),
    "spelled out": _("was spelled to slip past a filter"),
    "ten thousands": _("counted in ten thousands"),
    "vague": _("vague"),
    "wrong length": _("a digit is missing or too many"),
    "wxid": _("has the form of a WeChat id"),
}


def why_word(why: str) -> str:
    """The message id of a reason; identity-number refusals stand as their code and say only that it does not fit."""
    return WHY_WORDS.get(why, WHY_WORDS["probably mistyped"])
