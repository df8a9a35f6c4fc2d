"""When to send again, and when to leave a partner alone for a while.

Theory. A delivery is retried until its deadline, not a number of times: the wait doubles from RETRY_FIRST_S to
RETRY_MAX_S. After FAILURES_TO_OPEN failures in a row the breaker opens: nothing is sent to that partner for a while,
so that a dead bank does not hold the workers; then one delivery goes out as a probe. Orders wait in the outbox
meanwhile and their clocks go on running, because the delay is real whoever causes it.
"""

from datetime import datetime, timedelta

RETRY_FIRST_S = 0.5
RETRY_MAX_S = 20.0
FAILURES_TO_OPEN = 5
OPEN_FIRST_S = 2.0
OPEN_MAX_S = 60.0
LEASE_S = 20  # a claimed order that nobody settles (a worker was killed) becomes due again after this


def retry_at(now: datetime, attempts: int) -> datetime:
    """When to try the next delivery after `attempts` failed ones."""
    wait_s = min(RETRY_MAX_S, RETRY_FIRST_S * 2 ** min(attempts - 1, 10))
    return now + timedelta(seconds=wait_s)


def open_until(now: datetime, failures: int) -> datetime | None:
    """Until when nothing is sent after `failures` in a row; None while the breaker stays closed."""
    if failures < FAILURES_TO_OPEN:
        return None
    wait_s = min(OPEN_MAX_S, OPEN_FIRST_S * 2 ** min(failures - FAILURES_TO_OPEN, 10))
    return now + timedelta(seconds=wait_s)
