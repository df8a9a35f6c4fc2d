"""Figures of kinds of fraud as plain values for the page."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from wuzha.analysis.rules import compare
from wuzha.intake.kind_selectors import UNDECIDED, counts_by_kind
from wuzha.intake.kind_words import kind_choices, kind_name

PERIODS_DAYS = (7, 30)

Row = dict[str, Any]


def kinds_compared(*, days: int, now: datetime) -> Row:
    """Cases by kind over the last `days` days and the `days` before: {"rows", "top", "now", "before", "decided"}."""
    since = now - timedelta(days=days)
    later = counts_by_kind(since=since, until=now)
    earlier = counts_by_kind(since=since - timedelta(days=days), until=since)
    in_force = [code for code, _name in kind_choices(timezone.localdate(now))]
    rows = compare(later, earlier, [*in_force, ""])
    return {
        "days": days,
        "since": since,
        "before_since": since - timedelta(days=days),
        "top": max((max(row.now, row.before) for row in rows), default=0),
        "now": sum(row.now for row in rows),
        "before": sum(row.before for row in rows),
        "decided": sum(row.decided for row in rows),
        "rows": [
            {
                "code": row.kind or UNDECIDED,
                "name": kind_name(row.kind) if row.kind else "",
                "now": row.now,
                "before": row.before,
                "change": row.change,
                "decided": row.decided,
                "notable": row.is_notable,
            }
            for row in rows
        ],
    }
