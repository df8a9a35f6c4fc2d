"""The rules of tracing in words: what each counts as stolen, and where it comes from in law."""

from dataclasses import dataclass

from wuzha.kernel.refusals import _
from wuzha.tracing.engine import OpeningMethod, Rule


@dataclass(frozen=True, slots=True)
class RuleWords:
    """name, what: English message ids; source: where the rule comes from."""

    name: str
    what: str
    source: str


RULES: dict[Rule, RuleWords] = {
    Rule.FIFO: RuleWords(
        _("First in, first out"),
        _("What came to an account first leaves it first. Who owns it plays no part."),
        _(
            "Devaynes v Noble (Clayton's case, 1816); "
            "credits that time stamps tell apart: 银监发〔2016〕41号 art. 8 (2)"
        ),
    ),
    Rule.LIFO: RuleWords(
        _("Last in, first out"),
        _("What came to an account last leaves it first."),
        _("Accounting practice; a second opinion that hardly depends on opening balances"),
    ),
    Rule.TAINTED_FIRST: RuleWords(
        _("Stolen money first"),
        _("Stolen money leaves before any other: the most that can have gone on."),
        _("No source in law: the worst case, for the chase"),
    ),
    Rule.CLEAN_FIRST: RuleWords(
        _("Lowest intermediate balance"),
        _("The holder's own money leaves first: what is certainly still there is the lowest balance since."),
        _("Re Hallett's Estate (1880); Roscoe v Winder (1915)"),
    ),
    Rule.PRO_RATA: RuleWords(
        _("In proportion"),
        _("Each payment takes the same part of everybody's money on the account."),
        _(
            "Barlow Clowes v Vaughan (1992); Law Society of Upper Canada v Toronto-Dominion Bank (1998); "
            "银监发〔2016〕41号 art. 8 (3)"
        ),
    ),
}
OPENINGS: dict[OpeningMethod, str] = {
    OpeningMethod.GIVEN: _("told by the bank"),
    OpeningMethod.PRINTED: _("from a printed balance"),
    OpeningMethod.LEAST: _("not known; the least possible"),
}
CONVENTIONS: tuple[str, ...] = (
    _("The victim's payment is the start: its amount counts as stolen from that moment on."),
    _(
        "Transfers of one instant stand in the bank's own order; else in the order that keeps printed balances true; "
        "else credits first."
    ),
    _("An opening balance belongs to the holder and is the oldest money on the account."),
    _("Cash, fees, merchants and coin dealers end the trace; what comes back to the victim's account is returned."),
    _("Money that a stop in force holds does not leave: payments after it are the holder's own."),
    _(
        "Where a printed balance proves a transfer that no bank has told, it is counted at that moment "
        "and listed as a question."
    ),
    _("Sums are whole minor units; nothing is rounded away."),
)
