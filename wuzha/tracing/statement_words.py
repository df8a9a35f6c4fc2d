"""Words of the statements' page: meanings of columns, what a file lacks, how days and signs are written."""

from django.utils.translation import gettext

from wuzha.kernel.refusals import _
from wuzha.tracing.statements.meanings import DateOrder, Meaning, Positive

MEANINGS: dict[Meaning, str] = {
    Meaning.TIME: _("Time"),
    Meaning.DATE: _("Day"),
    Meaning.CLOCK: _("Clock"),
    Meaning.POSTED: _("Booked on"),
    Meaning.AMOUNT: _("Sum"),
    Meaning.IN_AMOUNT: _("Sum in"),
    Meaning.OUT_AMOUNT: _("Sum out"),
    Meaning.MARK: _("In or out"),
    Meaning.BALANCE: _("Balance"),
    Meaning.FEE: _("Fee"),
    Meaning.CURRENCY: _("Currency"),
    Meaning.ACCOUNT: _("Own account"),
    Meaning.CARD: _("Own card"),
    Meaning.HOLDER: _("Own name"),
    Meaning.BANK: _("Own bank"),
    Meaning.PEER_ACCOUNT: _("Other account"),
    Meaning.PEER_CARD: _("Other card"),
    Meaning.PEER_NAME: _("Other name"),
    Meaning.PEER_BANK: _("Other bank"),
    Meaning.PEER_TEXT: _("Other name and account"),
    Meaning.PAYER_ACCOUNT: _("Payer's account"),
    Meaning.PAYER_CARD: _("Payer's card"),
    Meaning.PAYER_NAME: _("Payer's name"),
    Meaning.PAYER_BANK: _("Payer's bank"),
    Meaning.PAYEE_ACCOUNT: _("Payee's account"),
    Meaning.PAYEE_CARD: _("Payee's card"),
    Meaning.PAYEE_NAME: _("Payee's name"),
    Meaning.PAYEE_BANK: _("Payee's bank"),
    Meaning.SERIAL: _("Serial number"),
    Meaning.KIND: _("Kind of movement"),
    Meaning.SUMMARY: _("Summary"),
    Meaning.REMARK: _("Remark"),
    Meaning.CHANNEL: _("Channel"),
    Meaning.STATUS: _("Status"),
    Meaning.CASH_FLAG: _("Cash or transfer"),
    Meaning.MERCHANT: _("Merchant"),
    Meaning.PLACE: _("Place"),
}
LACKS: dict[str, str] = {
    "account": _("whose statement it is"),
    "clock": _("the time of day"),
    "balance": _("balances"),
    "counterparty": _("the other side"),
    "serial": _("serial numbers"),
}
# What the importer calls a file that it does not read; the words stand in its refusals.
FOREIGN_FORMS = (
    _("a picture"),
    _("a RAR archive"),
    _("a 7z archive"),
    _("a gzip archive"),
    _("a database"),
    _("a text document"),
    _("a zip archive inside an archive"),
)
POSITIVES: dict[Positive, str] = {
    Positive.IN: _("A plain sum came in"),
    Positive.OUT: _("A plain sum went out"),
    Positive.UNSIGNED: _("The sign says nothing"),
}
DATE_ORDERS: dict[str, str] = {
    "": _("As recognised"),
    DateOrder.YEAR_FIRST: _("Year, month, day"),
    DateOrder.DAY_FIRST: _("Day, month, year"),
    DateOrder.MONTH_FIRST: _("Month, day, year"),
}


def meaning_choices() -> list[tuple[str, str]]:
    """(value, text) of every meaning that a column can be given; "" leaves it out."""
    return [("", gettext("Not used")), *((meaning.value, gettext(text)) for meaning, text in MEANINGS.items())]


def meaning_text(meaning: str) -> str:
    """A meaning in the reader's language."""
    return gettext(MEANINGS[Meaning(meaning)]) if meaning in list(Meaning) and Meaning(meaning) in MEANINGS else meaning


def lacks_text(lacks: list[str]) -> str:
    """What a file does not say, in the reader's language."""
    return gettext(", ").join(gettext(LACKS.get(one, one)) for one in lacks)
