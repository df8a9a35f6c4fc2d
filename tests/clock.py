"""The centre's clock during tests.

Theory. Much of what a test files happens at NOW, a fixed Friday, and what pages and workers do asks for the time. Were
that the clock of the day, then an authorisation of two days that a test files at NOW would be over from the third day
on. So the clock that the centre asks stands a day after NOW when the tests begin, and runs on from there.
"""

import time
from datetime import UTC, datetime, timedelta

from django.utils import timezone

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
BEGINS_AT = NOW + timedelta(days=1)


def set_clock() -> None:
    """From now on `timezone.now()` begins at BEGINS_AT and runs on."""
    began = time.monotonic()
    timezone.now = lambda: BEGINS_AT + timedelta(seconds=time.monotonic() - began)
