"""How evidence names things, for paper and workbook alike: ends of transfers, sums, lots, openings."""

from django.utils.translation import gettext

from wuzha.kernel.money import format_minor
from wuzha.kernel.refusals import _
from wuzha.tracing.engine import Interval, Lot, Opening
from wuzha.tracing.ledger import MADE, UNKNOWN_PREFIX, VICTIM_PREFIX, WEAK, Movement, split_key
from wuzha.tracing.rule_words import OPENINGS
from wuzha.tracing.words import exit_text

KINDS: dict[str, str] = {
    "transfer": _("Transfer"),
    "cash": _("Cash"),
    "fee": _("Fee"),
    "merchant": _("At a merchant"),
    "crypto": _("Cryptocurrency"),
    "abroad": _("Abroad"),
    "reversal": _("Taken back"),
    "unseen": _("Told by nobody"),
}


def end_text(key: str, name: str, banks: dict[str, str]) -> str:
    """One end of a transfer: "ICBC 6222… 张三", or where the money went."""
    if key.startswith(VICTIM_PREFIX):
        return f"{gettext('Victim')} {name}".strip()
    if key.startswith(UNKNOWN_PREFIX):
        return f"{gettext('Unknown')} {name}".strip()
    away = exit_text(key)
    if away:
        return f"{away} {name}".strip()
    bank, number = split_key(key)
    return " ".join(part for part in (banks.get(bank, bank), number, name) if part)


def kind_text(movement: Movement) -> str:
    """What moved the money."""
    return gettext(KINDS[movement.kind]) if movement.kind in KINDS else movement.kind


def sum_text(amount_minor: int | None, currency: str) -> str:
    """A sum without its currency; a dash when it is not known."""
    return "—" if amount_minor is None else format_minor(amount_minor, currency)


def interval_text(interval: Interval, currency: str) -> str:
    """The least and the most that some rule says is there; one sum when all agree."""
    low = format_minor(interval.low_minor, currency)
    return f"{low} – {format_minor(interval.high_minor, currency)}" if interval.disputed else low


def lot_text(lot: Lot) -> str:
    """Whose a lot is."""
    if lot.victim is None:
        return gettext("of unknown source") if lot.unseen else gettext("the holder's own")
    return gettext("the victim's money")


def opening_text(opening: Opening | None, currency: str) -> str:
    """What was there before the first movement, and how that is known."""
    if opening is None:
        return "—"
    return f"{format_minor(opening.amount_minor, currency)} ({gettext(OPENINGS[opening.method])})"


def serial_text(serial: str) -> str:
    """A serial as some bank printed it; "" when none did."""
    return "" if serial.startswith(MADE) else serial.removeprefix(WEAK)
