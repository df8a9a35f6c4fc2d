"""Deadlines as ladders of instants.

Theory. A clock is a list of rungs, each an instant with a name, frozen when the clock starts: later changes of policy
do not move a running clock. The sweep fires the next rung by compare-and-set; no counter ticks anywhere. Names:
*reminder* (before), *due* (the limit itself), *escalation* (after it). Limits are policy data, see control/policy.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

RUNGS_MAX = 12


class RungName(StrEnum):
    """What a rung does when it fires."""

    REMINDER = "reminder"
    DUE = "due"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Ladder:
    """When to act, in seconds: reminders before the limit, the limit, escalations after it."""

    limit_s: int
    reminders_before_s: tuple[int, ...] = ()
    escalations_after_s: tuple[int, ...] = ()

    def rungs(self, start: datetime) -> list[tuple[datetime, RungName]]:
        """The frozen instants of a clock that starts at `start`, in order; reminders before the start are left out."""
        due = start + timedelta(seconds=self.limit_s)
        rungs = [(due - timedelta(seconds=s), RungName.REMINDER) for s in self.reminders_before_s if s < self.limit_s]
        rungs.append((due, RungName.DUE))
        rungs += [(due + timedelta(seconds=s), RungName.ESCALATION) for s in self.escalations_after_s]
        return sorted(rungs)[:RUNGS_MAX]


def late_s(due_at: datetime, at: datetime) -> int:
    """Whole seconds after the limit; 0 when in time."""
    return max(0, int((at - due_at).total_seconds()))
