"""The world written down and read again, so that a country that is started anew still knows its accounts and orders.

Theory. All of a world's memory is plain data: `State` and the fields of `Ledger`. It is written whole, to a file that
only its owner reads, beside the old one and then renamed over it. A file that cannot be read is set aside and the
world begins anew: it is a simulation, and a centre must not fail to start because of it.
"""

import os
from collections import deque
from dataclasses import dataclass
from logging import getLogger
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from wuzha.simulation.ledger import LINES_PER_ACCOUNT_MAX, Account, Entry, Ledger
from wuzha.simulation.state import State

FORMAT = 1
FILE_BYTES_MAX = 1_000_000_000

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


_WRITTEN = TypeAdapter(Written)


def save(path: Path, state: State, ledger: Ledger, now: float) -> None:
    """Write the world to `path`."""
    written = Written(
        FORMAT, now, state, ledger.accounts, ledger.internals, ledger.opening_internals, ledger.journal, ledger.seq
    )
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_WRITTEN.dump_json(written))
    fresh.replace(path)


def load(path: Path, seed: int) -> tuple[State, Ledger, float] | None:
    """The world at `path` and when it was written; None when there is none, or it is of another seed or format."""
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
    return written.state, ledger, written.saved_at
