"""Starting, meeting and firing clocks. All writers take the case's lock first (journal), then the clock row."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F

from wuzha.clocks.models import Clock
from wuzha.clocks.rules import Ladder, late_s
from wuzha.journal.append import Log, on_cases
from wuzha.journal.rows import insert_rows, update_rows

SWEEP_BATCH_MAX = 500


def start_many(log: Log, kind: str, starts: Iterable[tuple[str, Ladder]]) -> None:
    """Start one clock of `kind` for each (subject, ladder) of the case in `log`."""
    clocks = []
    for subject, ladder in starts:
        rungs = ladder.rungs(log.now)
        due_at = next(at for at, name in rungs if name == "due")
        clocks.append(
            Clock(
                kind=kind,
                subject=subject,
                case_id=log.case_id,
                started_at=log.now,
                due_at=due_at,
                ladder=[[at.isoformat(), name] for at, name in rungs],
                next_at=rungs[0][0],
            )
        )
    insert_rows(clocks)


def settle(log: Log, kind: str, subjects: Iterable[str], *, state: str = "met") -> dict[str, int]:
    """Stop the running clocks of these subjects; returns the seconds each was late (0: in time)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE clocks_clock SET state = %s, settled_at = %s, next_at = NULL, late_s = 0"
            " WHERE kind = %s AND subject = ANY(%s) AND state = 'running' RETURNING id, subject, due_at",
            [state, log.now, kind, list(subjects)],
        )
        stopped = cursor.fetchall()
    seconds = {pk: late_s(due_at, log.now) if state == "met" else 0 for pk, _subject, due_at in stopped}
    update_rows([Clock(pk=pk, late_s=late) for pk, late in seconds.items() if late], ["late_s"])
    return {subject: seconds[pk] for pk, subject, _due_at in stopped}


def due_case_ids(now: datetime) -> list[tuple[int, UUID]]:
    """(clock id, case id) of the clocks that must fire now, oldest first, at most SWEEP_BATCH_MAX."""
    due = Clock.objects.filter(state="running", next_at__lte=now).order_by("next_at")
    return list(due.values_list("id", "case_id")[:SWEEP_BATCH_MAX])


def fire_due(*, now: datetime) -> int:
    """Fire the due rung of up to SWEEP_BATCH_MAX clocks; returns how many fired.

    The rungs are written as events "clock.<rung>"; what follows from them stands in reactions.py.
    """
    due = due_case_ids(now)
    if not due:
        return 0
    fired = 0
    with on_cases({case_id for _id, case_id in due}, by="clock", now=now) as logs:
        ids = [clock_id for clock_id, _case in due]
        clocks = list(Clock.objects.filter(id__in=ids, state="running", next_at__lte=now).select_for_update())
        for clock in clocks:
            _at, rung = clock.ladder[clock.rung]
            clock.rung += 1
            clock.next_at = (
                datetime.fromisoformat(clock.ladder[clock.rung][0]) if clock.rung < len(clock.ladder) else None
            )
            fired += 1
            logs[clock.case_id].write(f"clock.{rung}", clock.subject, clock=clock.kind, due_at=clock.due_at.isoformat())
        update_rows(clocks, ["rung", "next_at"])
    return fired


def cancel_case(log: Log) -> int:
    """Cancel every running clock of a case (it was closed)."""
    running = Clock.objects.filter(case_id=log.case_id, state="running")
    return running.update(state="cancelled", settled_at=log.now, next_at=None, late_s=F("late_s"))
