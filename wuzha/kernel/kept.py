"""A figure that changes slowly and is asked for often: measured at most once in a while by each process."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """What `measure` said up to `for_s` seconds ago; a clock that went back measures anew."""

    def __init__(self, measure: Callable[[], T], for_s: float) -> None:
        self._measure, self._for = measure, timedelta(seconds=for_s)
        self._known: tuple[datetime, T] | None = None

    def at(self, now: datetime) -> T:
        """The figure as of now, or a little older."""
        if self._known is None or not timedelta() <= now - self._known[0] < self._for:
            self._known = now, self._measure()
        return self._known[1]

    def forget(self) -> None:
        """Measure anew at the next question."""
        self._known = None
