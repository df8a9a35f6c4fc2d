"""The limits and terms as a table for the page: what each is, its value in words, where it comes from."""

from collections.abc import Callable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from wuzha.control.policy import POLICIES, Policy
from wuzha.kernel.money import format_minor
from wuzha.kernel.refusals import _

DAY_S, HOUR_S, MINUTE_S = 86_400, 3_600, 60
NONE = "—"
PRACTICE = _("Practice of centres")
LAW_86 = "银发〔2016〕86号"
LAW_18 = _("反电信网络诈骗法 art. 18; hours, days and sums set by this centre")
OWN = _("Set by this centre")


def duration(seconds: int) -> str:
    """A length of time in the reader's language: "10 minutes", "48 hours"."""
    if seconds % HOUR_S == 0:
        return ngettext("%(n)s hour", "%(n)s hours", seconds // HOUR_S) % {"n": seconds // HOUR_S}
    return ngettext("%(n)s minute", "%(n)s minutes", seconds // MINUTE_S) % {"n": seconds // MINUTE_S}


def _sum(minor: int) -> str:
    return f"{format_minor(minor)} CNY"


ROWS: tuple[tuple[str, Callable[[Policy], str], str], ...] = (
    (_("A query is answered within"), lambda p: duration(p.query_limit_s), PRACTICE),
    (_("An account is stopped within"), lambda p: duration(p.stop_limit_s), PRACTICE),
    (_("Urgent stop, account in this city, within"), lambda p: duration(p.urgent_local_limit_s), PRACTICE),
    (_("Urgent stop, account elsewhere, within"), lambda p: duration(p.urgent_remote_limit_s), PRACTICE),
    (_("An order is urgent while the money moved less than"), lambda p: duration(p.urgent_age_s), OWN),
    (_("A stop lapses by itself after"), lambda p: duration(p.stop_term_s), LAW_86),
    (_("The same account is stopped at most"), lambda p: times(p.stop_times_max), LAW_86),
    (_("Standing order covers reports up to"), lambda p: _sum(p.standing_amount_minor_max), OWN),
    (_("Standing order: layers"), lambda p: str(p.standing_layers_max), OWN),
    (_("Standing order: time"), lambda p: duration(p.standing_hours * HOUR_S), OWN),
    (_("An approver may grant at most: layers"), lambda p: str(p.approved_layers_max), OWN),
    (_("An approver may grant at most: time"), lambda p: duration(p.approved_hours * HOUR_S), OWN),
    (_("An unanswered order is given up after"), lambda p: duration(p.give_up_s), OWN),
    (_("Grey list: an account stays on it"), lambda p: days(p.review_term_s), LAW_18),
    (_("Grey list: terms in all"), lambda p: times(p.review_times_max) if p.review_term_s else NONE, LAW_18),
    (
        _("Grey list: a payment waits at most"),
        lambda p: duration(p.review_delay_s) if p.review_term_s else NONE,
        LAW_18,
    ),
    (
        _("Grey list: goes unlooked at in 24 hours"),
        lambda p: _sum(p.review_free_minor) if p.review_term_s else NONE,
        OWN,
    ),
    (
        _("Grey list: listed from this sum passed on"),
        lambda p: _sum(p.review_from_minor) if p.review_term_s else NONE,
        OWN,
    ),
)


def days(seconds: int) -> str:
    """A term in days; a dash when there is none."""
    if not seconds:
        return NONE
    return ngettext("%(n)s day", "%(n)s days", seconds // DAY_S) % {"n": seconds // DAY_S}


def times(n: int) -> str:
    """How often, in words."""
    return ngettext("%(n)s time", "%(n)s times", n) % {"n": n}


def policy_table() -> list[dict[str, Any]]:
    """Every version of the limits, newest first, each with its rows {"name", "value", "source"}."""
    return [
        {
            "version": policy.version,
            "effective_from": date_format(policy.effective_from, "Y-m-d"),
            "rows": [
                {"name": gettext(name), "value": value(policy), "source": gettext(source)}
                for name, value, source in ROWS
            ],
        }
        for policy in reversed(POLICIES)
    ]
