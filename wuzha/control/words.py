"""Words, tones and icons of an order's states for the pages: one table, so that a state looks the same everywhere."""

import re
from dataclasses import dataclass

from django.utils.translation import get_language, gettext, pgettext

from wuzha.control.kinds import KINDS
from wuzha.kernel.refusals import _


@dataclass(frozen=True, slots=True)
class Word:
    """A state in a word (English message id), with the tone and icon of its badge."""

    text: str
    tone: str
    icon: str


STATES: dict[str, Word] = {
    "proposed": Word(_("Waits for approval"), "wait", "person"),
    "queued": Word(_("Being sent"), "wait", "asking"),
    "delivered": Word(_("Partner has it"), "wait", "asking"),
    "in_force": Word(_("In force"), "held", "lock"),
    "done": Word(_("Answered"), "good", "check"),
    "refused": Word(_("Refused by the partner"), "bad", "cross"),
    "declined": Word(_("Declined"), "unknown", "cross"),
    "withdrawn": Word(_("Withdrawn"), "unknown", "back"),
    "undelivered": Word(_("Could not be delivered"), "bad", "alert"),
    "unanswered": Word(_("Not answered"), "bad", "alert"),
    "released": Word(_("Released"), "info", "unlock"),
    "lapsed": Word(_("Lapsed"), "unknown", "clock"),
}

OUTCOMES: dict[str, str] = {
    "done": _("Done"),
    "already": _("Done before"),
    "no_match": _("The named transfer is not there"),
    "no_account": _("No such account here"),
    "refused": _("Not allowed"),
    "unsupported": _("Not possible for this kind of order"),
    "try_again": _("Not possible at the moment"),
    "needs_papers": _("Documents are needed first"),
}

ASKERS: dict[str, str] = {
    "chase": _("The chase"),
    "standing-order": _("Standing order"),
    "release": _("No approval needed"),
    "clock": _("Clock"),
    "system": _("System"),
    "worker": _("System"),
}


def state_word(state: str) -> dict[str, str]:
    """{"text", "tone", "icon"} of an order's state in the reader's language."""
    word = STATES[state]
    return {"text": gettext(word.text), "tone": word.tone, "icon": word.icon}


def kind_text(kind: str) -> str:
    """Name of a kind of order in the reader's language."""
    return gettext(KINDS[kind].name) if kind in KINDS else kind


def outcome_text(outcome: str) -> str:
    """An outcome in the reader's language."""
    return gettext(OUTCOMES[outcome]) if outcome in OUTCOMES else outcome


def law_text(law: str) -> str:
    """A source of law in the reader's language: "art. 20" is “第20条” in Chinese."""
    if not (get_language() or "").startswith("zh"):
        return law
    return re.sub(r" arts?\. ([\d, ]+\d)", lambda found: f"第{found[1].replace(', ', '、')}条", law).replace("; ", "；")


def who_text(by: str) -> str:
    """Who did something: an officer's name for the journal, or a part of the system in words."""
    if by in ASKERS:
        return gettext(ASKERS[by])
    if by.startswith("partner:"):
        return pgettext("who", "Partner %(code)s") % {"code": by.removeprefix("partner:")}
    return by.partition("@")[0]


HOLDER_KINDS: dict[str, str] = {
    "unknown": _("Not known"),
    "personal": _("Person"),
    "corporate": _("Company"),
    "merchant": _("Merchant"),
    "crypto-dealer": _("Cryptocurrency dealer"),
    "internal": _("Internal account of the bank"),
}


def choices_of(table: dict[str, str]) -> list[tuple[str, str]]:
    """(value, text) of a table of words, for a select."""
    return [(value, gettext(text)) for value, text in table.items()]
