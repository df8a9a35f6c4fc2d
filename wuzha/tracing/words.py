"""Words, tones and icons of the states of traced accounts, for table and picture."""

from django.utils.translation import gettext

from wuzha.kernel.refusals import _

# state of TracedAccount -> (look of the picture, English message id, icon)
STATES: dict[str, tuple[str, str, str]] = {
    "held": ("held", _("Held"), "lock"),
    "partly": ("asking", _("Partly held"), "lock"),
    "asked": ("asking", _("Being asked"), "asking"),
    "resting": ("asking", _("Still there, not held"), "alert"),
    "empty": ("moved", _("Moved on"), "moved"),
    "exit": ("gone", _("Gone"), "gone"),
    "honest": ("gone", _("Spent at a merchant or dealer"), "company"),
    "returned": ("moved", _("Came back to the victim"), "back"),
    "unknown": ("unknown", _("Unknown"), "unknown"),
    # Not of the table: nobody was asked yet, but an order is made. The money is at risk rather than unknown.
    "waiting": ("asking", _("Waits for approval"), "person"),
}

EXITS: dict[str, str] = {
    "cash": _("Taken as cash"),
    "merchant": _("Spent at a merchant"),
    "crypto": _("Turned into cryptocurrency"),
    "abroad": _("Sent abroad"),
    "fee": _("Fees"),
}

KINDS: dict[str, str] = {
    "personal": _("Personal account"),
    "corporate": _("Company account"),
    "merchant": _("Merchant"),
    "crypto-dealer": _("Cryptocurrency dealer"),
    "internal": _("Internal account of the bank"),
    "unknown": _("Holder unknown"),
}


def account_word(state: str) -> dict[str, str]:
    """{"look", "text", "icon"} of an account's state in the reader's language."""
    look, text, icon = STATES[state]
    return {"look": look, "text": gettext(text), "icon": icon}


def exit_text(key: str) -> str:
    """Where money went that left the world of accounts, in the reader's language; "" for an account's key."""
    word = EXITS.get(key.partition(":")[0])
    return gettext(word) if word else ""


def holder_text(kind: str) -> str:
    """What the holder of an account is, in the reader's language."""
    return gettext(KINDS[kind]) if kind in KINDS else ""
