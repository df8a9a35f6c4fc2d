"""Ordinary jobs in the queue of the same PostgreSQL (procrastinate): second tries of reactions, daily housekeeping.

The hot verb *deliver* and the sweep of clocks have loops of their own in worker.py; see docs/adr.
"""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate import App, Blueprint, JobContext, RetryStrategy

REACTION_ATTEMPTS_MAX = 8


jobs = Blueprint()


def on_app_ready(app: App) -> None:
    """Join the jobs to the queue (named in the settings)."""
    app.add_tasks_from(jobs, namespace="wuzha")


def queue_reaction(name: str, case_id: UUID, subject: str) -> None:
    """Queue a reaction to be tried again, in the transaction that is open."""
    run_reaction.defer(name=name, case_id=str(case_id), subject=subject)


@jobs.task(queue="react", retry=RetryStrategy(max_attempts=REACTION_ATTEMPTS_MAX, exponential_wait=2))
def run_reaction(name: str, case_id: str, subject: str) -> None:
    """Try a reaction again, under the lock of its case."""
    from wuzha import reactions
    from wuzha.journal.append import on_case

    with on_case(UUID(case_id), by="worker", now=timezone.now()) as log:
        reactions.run_again(name, log, UUID(case_id), subject)


@jobs.task(queue="statements")
def read_statement(draft_id: str) -> None:
    """Read a long statement file that waits."""
    from wuzha.tracing.drafts import read_draft

    read_draft(UUID(draft_id))


@jobs.task(queue="statements")
def import_statement_drafts(case_id: str, by: str) -> None:
    """Import the claimed files of a case; a refusal stands on the files afterwards."""
    from wuzha.kernel.refusals import Refusal
    from wuzha.tracing.drafts import import_claimed

    with suppress(Refusal):
        import_claimed(case_id=UUID(case_id), by=by, now=timezone.now())


@jobs.periodic(cron="5 0 * * *")
@jobs.task(queue="daily", queueing_lock="seal")
def seal_yesterday(timestamp: int) -> None:
    """Seal the journal of the day that is over."""
    from wuzha.journal.verify import seal

    now = timezone.now()
    seal((timezone.localtime(now) - timedelta(days=1)).date(), now=now)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(queue="daily", queueing_lock="forget")
def forget_old(timestamp: int) -> None:
    """Forget nonces and messages that are too old to matter, and statement files that nobody imported."""
    from wuzha.partners.inbox import forget_old as forget
    from wuzha.tracing.drafts import forget_old as forget_drafts

    forget(now=timezone.now())
    forget_drafts(now=timezone.now())


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(queue="daily", queueing_lock="retry-stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Give jobs back whose worker died in the middle."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)
