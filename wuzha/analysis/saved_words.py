"""Causes of loss and ways out in words, with their tone, for page, paper and file alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext, ngettext

from wuzha.analysis.holdable import Cause
from wuzha.kernel.refusals import _


@dataclass(frozen=True, slots=True)
class Word:
    """A cause in a few words, what it means, and its tone."""

    name: str
    what: str
    tone: str


CAUSES: Mapping[Cause, Word] = {
    Cause.LATE_REPORT: Word(_("Reported too late"), _("It had left every account before the report came."), "unknown"),
    Cause.BANK_PACE: Word(
        _("The bank's own pace"), _("Ordered at once it would still have left: the bank holds more slowly."), "unknown"
    ),
    Cause.BANK_ANSWER: Word(_("A bank told late"), _("Where the money had gone was told too late."), "asking"),
    Cause.BANK_REFUSED: Word(_("A bank refused"), _("The stop came in time and was refused."), "gone"),
    Cause.APPROVAL: Word(_("Our approval"), _("The order waited too long for an approver."), "gone"),
    Cause.SENDING: Word(_("Our sending"), _("The order was too long on its way to the bank."), "gone"),
    Cause.PROGRAM: Word(_("Our program"), _("The centre took too long between answer and order."), "gone"),
    Cause.SEVERAL: Word(_("Several delays together"), _("None of them alone."), "asking"),
    Cause.UNCOVERED: Word(_("Not covered"), _("The hold was too small, had ended, or was never asked for."), "gone"),
}

WAYS: Mapping[str, str] = {
    "cash": _("cash"),
    "crypto": _("crypto sellers"),
    "merchant": _("merchants"),
    "abroad": _("abroad"),
    "fee": _("fees"),
    "unknown": _("unknown"),
}

NOTES = (
    _("Counted is what banks, the clearing house and files have told this centre; what nobody told is not in it."),
    _(
        "Holdable is what could have been held by who knew every account at the moment of the report, with banks that "
        "hold as fast as they did, or usually do."
    ),
    _("Stolen money equals what is held, rests, came back or was lost to one cause, to the cent."),
    _(
        "What a faster bank would have saved is the same count with each of its answers and holds so much shorter. How "
        "thieves would have answered is not in it."
    ),
)


def cause_name(cause: Cause) -> str:
    """A cause in the reader's language."""
    return gettext(CAUSES[cause].name)


def ways_text(ways: Mapping[str, int]) -> str:
    """The ways out, the largest first."""
    mark = "、" if (get_language() or "").startswith("zh") else ", "
    return mark.join(gettext(WAYS[way]) if way in WAYS else way for way in ways)


def bank_text(bank: str, names: Mapping[str, tuple[str, str]]) -> str:
    """A bank's name in the reader's language."""
    chinese, english = names.get(bank, (bank, bank))
    return chinese if (get_language() or "").startswith("zh") else english


def span_text(seconds: float) -> str:
    """So many seconds as people say them: 40 s, 12 min, 3 h 20 min."""
    whole = round(seconds)
    if whole < 1:
        return gettext("< 1 s")
    if whole < 100:
        return ngettext("%(n)s s", "%(n)s s", whole) % {"n": whole}
    minutes = round(whole / 60)
    if minutes < 100:
        return ngettext("%(n)s min", "%(n)s min", minutes) % {"n": minutes}
    hours, rest = divmod(minutes, 60)
    return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
