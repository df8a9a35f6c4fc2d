"""The world written down and read again, so that a country that is started anew still knows its accounts and orders.

Theory. All of a world's memory is plain data: `State` and the fields of `Ledger`. It is written whole, to a file that
only its owner reads, beside the old one and then renamed over it. A file that cannot be read is set aside and the
world begins anew: it is a simulation, and a centre must not fail to start because of it.

A partner may not forget what it has answered, however its program ended. So what comes in between two writings is
noted at once in a second file (`Tail`): each order taken, each work list read, and until when the world was seen. A
world is a function of its seed and of what comes in, so these played back into the written world give the world that
was lost.
"""

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from logging import getLogger
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, TypeAdapter, ValidationError

from wuzha.partners.protocol import Order
from wuzha.simulation.ledger import LINES_PER_ACCOUNT_MAX, Account, Entry, Ledger
from wuzha.simulation.state import State

FORMAT = 1
FILE_BYTES_MAX = 1_000_000_000
TAIL_BYTES_MAX = 100_000_000
SEEN_EVERY_S = 0.02

log_of = getLogger(__name__)


@dataclass(slots=True)
class Written:
    """The file's content."""

    format: int
    saved_at: float
    state: State
    accounts: dict[str, Account]
    internals: dict[str, int]
    opening_internals: dict[str, int]
    journal: deque[Entry]
    seq: int
    speed: float = 0.0


_WRITTEN = TypeAdapter(Written)


class Noted(BaseModel):
    """A line of the tail: an order that was taken at `at` as the n-th ever, the orders that the centre named to a
    partner's clerks, or only that the world was seen then."""

    at: float
    n: int = 0
    partner: str = ""
    order: Order | None = None
    worklist: list[str] | None = None


class Tail:
    """What came in since the world was written. Each line is with the system before anybody is answered."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.tail")
        self.size_bytes = 0
        self._seen_at = 0.0
        self._file: BinaryIO | None = None

    def took(self, n: int, at: float, partner: str, order: Order) -> None:
        """An order was taken."""
        self._write(Noted(at=at, n=n, partner=partner, order=order))

    def ranked(self, at: float, partner: str, order_ids: list[str]) -> None:
        """The centre named orders to a partner's clerks."""
        self._write(Noted(at=at, partner=partner, worklist=order_ids))

    def seen(self, at: float) -> None:
        """Somebody is about to be told of the world as it is at `at`."""
        if at - self._seen_at >= SEEN_EVERY_S:
            self._write(Noted(at=at))
            self._seen_at = at

    def _write(self, noted: Noted) -> None:
        if self._file is None:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            self._file = os.fdopen(descriptor, "ab", buffering=0)
        self.size_bytes += self._file.write(noted.model_dump_json(exclude_defaults=True).encode() + b"\n")

    def close(self) -> None:
        """Nothing more is noted for the moment."""
        if self._file is not None:
            self._file.close()
        self._file, self.size_bytes = None, 0

    def begin_anew(self) -> None:
        """The world was written: what was noted before is in it."""
        self.close()
        self.path.unlink(missing_ok=True)

    def read(self, left: "Left") -> Iterator[Noted]:
        """What was noted after the world was written; ends at a line that is not whole."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for line in file:
                try:
                    noted = Noted.model_validate_json(line)
                except ValidationError:
                    log_of.warning("%s ends in half a line", self.path)
                    return
                if noted.n > left.state.taken_n or (not noted.n and noted.at > left.at):
                    yield noted


@dataclass(frozen=True, slots=True)
class Left:
    """A world as it was left at `at`, when it ran at `speed` (0: unknown)."""

    state: State
    ledger: Ledger
    at: float
    speed: float


def save(path: Path, state: State, ledger: Ledger, now: float, *, speed: float = 0.0) -> None:
    """Write the world to `path`."""
    written = Written(
        FORMAT,
        now,
        state,
        ledger.accounts,
        ledger.internals,
        ledger.opening_internals,
        ledger.journal,
        ledger.seq,
        speed,
    )
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_WRITTEN.dump_json(written))
    fresh.replace(path)


def load(path: Path, seed: int) -> Left | None:
    """The world at `path`; None when there is none, or it is of another seed or format."""
    if not path.exists():
        return None
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise ValueError("too long")
        written = _WRITTEN.validate_json(path.read_bytes())
        if written.format != FORMAT or written.state.seed != seed:
            raise ValueError(f"format {written.format}, seed {written.state.seed}")
    except (OSError, ValueError, ValidationError) as error:
        aside = path.with_name(f"{path.name}.unreadable")
        log_of.warning("%s is not this world (%s); it is set aside as %s", path, str(error)[:200], aside.name)
        path.replace(aside)
        return None
    ledger = Ledger()
    ledger.accounts, ledger.internals = written.accounts, written.internals
    ledger.opening_internals, ledger.journal, ledger.seq = written.opening_internals, written.journal, written.seq
    for account in ledger.accounts.values():
        account.lines = deque(account.lines, maxlen=LINES_PER_ACCOUNT_MAX)
    for desk in written.state.desks.values():
        for record in desk.orders.values():
            record.waiting = 0  # the connections that waited are gone
    written.state.events = [(at, number, name, list(arguments)) for at, number, name, arguments in written.state.events]
    return Left(written.state, ledger, written.saved_at, written.speed)
