"""When this happens, do that: the whole process across the desks on one page.

Theory. An action writes what happened; this table says what follows. A reaction runs in the transaction that wrote the
event (so nothing can be lost between the two), inside a savepoint of its own: if it fails, the event stays, the
failure is journalled and the reaction is queued to be tried again by a worker - a fault of the chase never costs a
victim's report. What is not urgent is queued for a worker at once. Each reaction is idempotent, because it may run
twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from logging import getLogger
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from wuzha.control import actions as control
from wuzha.control import answers, listings
from wuzha.intake.models import Case
from wuzha.journal.append import Entry, Log, is_next_announced, on_case
from wuzha.journal.rows import read_rows
from wuzha.people.rules import SYSTEM
from wuzha.tracing import actions as tracing
from wuzha.tracing import listing

CHASE = "chase-next-layer"
ANSWERS_TOGETHER_MAX = 24  # one step waits for so many answers at most
LEFT_OVER_S = 1.0  # an answer unread for longer was left over
LEFT_OVER_SINCE_S = 120.0  # and is tried for so long
log_of = getLogger(__name__)

Do = Callable[[Log, UUID, str], None]  # (log of the case, case id, subject of the event)


def _case(case_id: UUID) -> Case:
    (case,) = read_rows(Case, "WHERE t.id = %s", [case_id])
    return case


def _cover(log: Log, case_id: UUID, subject: str) -> None:
    control.grant_standing(log, _case(case_id))


def _begin(log: Log, case_id: UUID, subject: str) -> None:
    tracing.begin(log, _case(case_id))


def _chase(log: Log, case_id: UUID, subject: str) -> None:
    # One step reads all answers that came together; the events of the others then find nothing to do. While more
    # answers wait for the case, the step is left to the last of them: a crowd of answers costs one step, not many.
    unread = tracing.unread_answers(case_id, most=ANSWERS_TOGETHER_MAX)
    if unread == ANSWERS_TOGETHER_MAX or (unread and not is_next_announced(log)):
        tracing.advance(log, _case(case_id))


def chase_left_over(*, now: datetime, since_s: float = LEFT_OVER_SINCE_S) -> int:
    """Take the step that was left to a transaction which then failed; returns for how many cases."""
    cases = tracing.unread_cases(since=now - timedelta(seconds=since_s), before=now - timedelta(seconds=LEFT_OVER_S))
    for case_id in cases:
        try:
            with on_case(case_id, by=SYSTEM, now=now) as log:
                run_again(CHASE, log, case_id, f"case:{case_id}")
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log_of.exception("the chase of case %s failed; it is tried again for %s s", case_id, since_s)
    return len(cases)


def _lapse(log: Log, case_id: UUID, subject: str) -> None:
    answers.lapse(log, UUID(subject.removeprefix("order:")))


def _list_mules(log: Log, case_id: UUID, subject: str) -> None:
    listing.list_mules(log, _case(case_id))


def _payment_due(log: Log, case_id: UUID, subject: str) -> None:
    listings.payment_due(log, subject)


def _listing_over(log: Log, case_id: UUID, subject: str) -> None:
    listings.listing_over(log, UUID(subject.removeprefix("order:")))


@dataclass(frozen=True, slots=True)
class Reaction:
    """When an event of kind `when` is written (and its body has `where`'s values), do `do`.

    later: a worker does it, in a transaction of its own, so that what is urgent does not wait for it.
    """

    name: str
    when: str
    do: Do
    where: tuple[tuple[str, object], ...] = ()
    later: bool = False


REACTIONS: tuple[Reaction, ...] = (
    Reaction("cover-by-standing-order", "report.filed", _cover),
    Reaction("chase-first-layer", "report.filed", _begin),
    Reaction(CHASE, "answer.recorded", _chase),
    Reaction("lapse-stop", "clock.due", _lapse, (("clock", control.CLOCK_TERM),)),
    Reaction("list-mules", "chase.mules", _list_mules, later=True),
    Reaction("let-payment-go", "clock.due", _payment_due, (("clock", listings.CLOCK_REVIEW),)),
    Reaction("end-of-listing", "order.released", _listing_over),
    Reaction("lapse-of-listing", "order.lapsed", _listing_over),
)
BY_NAME = {reaction.name: reaction for reaction in REACTIONS}
_BY_EVENT: dict[str, list[Reaction]] = {}
for _reaction in REACTIONS:
    _BY_EVENT.setdefault(_reaction.when, []).append(_reaction)


def react(log: Log, entry: Entry) -> None:
    """Run the reactions to one event, inside the transaction that writes it."""
    for reaction in _BY_EVENT.get(entry.kind, ()):
        if entry.case_id is None or any(entry.body.get(key) != value for key, value in reaction.where):
            continue
        kept, acting = len(log.entries), log.by
        log.by = SYSTEM
        try:
            with transaction.atomic():
                if reaction.later:
                    _leave(reaction, entry.case_id, entry.subject)
                else:
                    reaction.do(log, entry.case_id, entry.subject)
        except Exception as error:
            log_of.exception("reaction %s failed; it is queued to be tried again", reaction.name)
            del log.entries[kept:]
            log.write("reaction.failed", entry.subject, reaction=reaction.name, error=type(error).__name__)
            _leave(reaction, entry.case_id, entry.subject)
        finally:
            log.by = acting


def _leave(reaction: Reaction, case_id: UUID, subject: str) -> None:
    """Leave a reaction to a worker, in the transaction that is open."""
    from wuzha.tasks import queue_reaction

    queue_reaction(reaction.name, case_id, subject)


def run_again(name: str, log: Log, case_id: UUID, subject: str) -> None:
    """Run one reaction for a worker that tries it again."""
    BY_NAME[name].do(log, case_id, subject)
