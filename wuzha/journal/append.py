"""The one door into the journal.

Theory. An action opens `on_case(case_id, ...)` (or `on_chain` for what belongs to no case): a transaction that holds
the lock of that chain. Everything about one case is thereby serial, and no two actions can wait for each other in a
ring, because this lock is always taken first and several are taken in sorted order. Inside, `log.write` notes events;
at the end the reactions to them run (reactions.py), then all events are chained and stored in one statement and the
pages are notified at commit. A nested action on the same chain joins the open log.

An action may announce itself before it waits for the lock. Whoever has the lock then sees that another one of the same
sort comes next (`is_next_announced`), and may leave to it what would have to be done again anyway.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from logging import getLogger
from uuid import UUID

from django.db import connection, transaction

from wuzha.journal.hashing import GENESIS, canonical, link
from wuzha.journal.rows import in_one_trip

CHANNEL = "wuzha_journal"
CENTRE = "centre"
ANNOUNCED = 0x57A0  # class of the advisory locks by which transactions announce themselves
REACTIONS_PER_TRANSACTION_MAX = 5_000
NOTIFY_BYTES_MAX = 7_900  # PostgreSQL bounds a notification to 8,000 bytes; a longer one only says "look"

log_of = getLogger(__name__)


@dataclass(slots=True)
class Entry:
    """An event that is not stored yet."""

    kind: str
    at: datetime
    by: str
    case_id: UUID | None
    subject: str
    body: dict[str, object]


@dataclass(slots=True)
class Log:
    """The open log of one chain within a transaction."""

    chain: str
    case_id: UUID | None
    by: str
    now: datetime
    seq: int
    hash: bytes
    entries: list[Entry] = field(default_factory=list)

    def write(self, kind: str, subject: str = "", /, *, by: str | None = None, **body: object) -> Entry:
        """Note an event; values must be JSON (ints, texts, lists), never floats of money."""
        entry = Entry(kind, self.now, by or self.by, self.case_id, subject, body)
        self.entries.append(entry)
        return entry


# React: (log, entry) -> None. Set once at start by reactions.py; the journal knows no desk.
React = Callable[[Log, Entry], None]
_react: list[React] = []
_open: ContextVar[dict[str, Log] | None] = ContextVar("wuzha_open_logs", default=None)


def set_reactions(react: React) -> None:
    """Install the table of reactions (replaces an earlier one)."""
    _react[:] = [react]


def chain_of(case_id: UUID | str) -> str:
    """Name of the chain of a case."""
    return f"case:{case_id}"


@contextmanager
def on_case(case_id: UUID, *, by: str, now: datetime) -> Iterator[Log]:
    """Transaction and lock of one case."""
    with on_cases([case_id], by=by, now=now) as logs:
        yield logs[case_id]


@contextmanager
def on_cases(case_ids: Iterable[UUID], *, by: str, now: datetime, announced: bool = False) -> Iterator[dict[UUID, Log]]:
    """Transaction and locks of several cases, taken in one order so that no two transactions deadlock."""
    wanted: dict[str, UUID | None] = {chain_of(case_id): case_id for case_id in case_ids}
    with _on_chains(wanted, by=by, now=now, announced=announced) as logs:
        yield {case_id: logs[chain] for chain, case_id in wanted.items() if case_id is not None}


@contextmanager
def on_chain(chain: str = CENTRE, *, by: str, now: datetime) -> Iterator[Log]:
    """Transaction and lock of a chain that belongs to no case."""
    with _on_chains({chain: None}, by=by, now=now) as logs:
        yield logs[chain]


@contextmanager
def _on_chains(
    wanted: dict[str, UUID | None], *, by: str, now: datetime, announced: bool = False
) -> Iterator[dict[str, Log]]:
    already = _open.get()
    if already is not None and wanted.keys() <= already.keys():
        yield {chain: already[chain] for chain in wanted}
        return
    if already is not None and not all(chain == CENTRE for chain in wanted):
        # The centre's chain sorts after every case; any other second lock could deadlock.
        raise RuntimeError("an action may not open another case while it holds one")
    with transaction.atomic():
        with in_one_trip():
            if announced:
                _announce(wanted)
            logs = _lock(wanted, by, now)
        token = _open.set({**(already or {}), **logs})
        try:
            yield logs
            _run_reactions(list(logs.values()))
            _store(list(logs.values()))
        finally:
            _open.reset(token)


def _announce(chains: Iterable[str]) -> None:
    """Show until the end of the transaction that it comes for these chains; nobody waits for that."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, hashtext(key)) FROM unnest(%s::text[]) AS key",
            [ANNOUNCED, list(chains)],
        )


def is_next_announced(log: Log) -> bool:
    """Whether another transaction that announced itself waits for the chain of `log`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2"
            " AND objid = (hashtext(%s)::bigint & 4294967295)::oid AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [ANNOUNCED, log.chain],
        )
        return bool(cursor.fetchone()[0])


def _lock(wanted: dict[str, UUID | None], by: str, now: datetime) -> dict[str, Log]:
    keys = sorted(wanted)
    # One chain that exists is locked at once. Of several, the missing ones come first: one order for all.
    heads = _heads(keys) if len(keys) == 1 else []
    if not heads:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO journal_chain (key, seq, hash) SELECT key, 0, %s FROM unnest(%s::text[]) AS key"
                " ORDER BY key ON CONFLICT (key) DO NOTHING",
                [GENESIS, keys],
            )
        heads = _heads(keys)
    return {key: Log(key, wanted[key], by, now, seq, bytes(head)) for key, seq, head in heads}


def _heads(keys: list[str]) -> list[tuple[str, int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, seq, hash FROM journal_chain WHERE key = ANY(%s) ORDER BY key FOR UPDATE", [keys])
        return list(cursor.fetchall())


def _run_reactions(logs: list[Log]) -> None:
    if not _react:
        return
    done, more = 0, True
    position = {id(log): 0 for log in logs}
    while more:
        more = False
        for log in logs:
            while position[id(log)] < len(log.entries):
                entry = log.entries[position[id(log)]]
                position[id(log)] += 1
                done += 1
                if done > REACTIONS_PER_TRANSACTION_MAX:
                    raise RuntimeError("reactions answer each other without end")
                _react[0](log, entry)
                more = True


def _store(logs: list[Log]) -> None:
    rows: list[tuple[object, ...]] = []
    heads: list[tuple[str, int, bytes]] = []
    for log in logs:
        if not log.entries:
            continue
        for entry in log.entries:
            log.seq += 1
            case = str(entry.case_id or "")
            text = canonical(
                chain=log.chain, seq=log.seq, at=entry.at, kind=entry.kind, by=entry.by,
                case_id=case, subject=entry.subject, body=entry.body,
            )  # fmt: skip
            log.hash = link(log.hash, text)
            body = json.dumps(entry.body, ensure_ascii=False)
            rows.append(
                (log.chain, log.seq, entry.at, entry.kind, entry.by, entry.case_id, entry.subject, body, log.hash)
            )
        heads.append((log.chain, log.seq, log.hash))
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH stored AS (INSERT INTO journal_event (chain, seq, at, kind, by, case_id, subject, body, hash)"
            " SELECT * FROM unnest(%s::text[], %s::bigint[], %s::timestamptz[], %s::text[], %s::text[], %s::uuid[],"
            " %s::text[], %s::jsonb[], %s::bytea[])), moved AS (UPDATE journal_chain c SET seq = h.seq, hash = h.hash"
            " FROM unnest(%s::text[], %s::bigint[], %s::bytea[]) AS h(key, seq, hash) WHERE c.key = h.key)"
            " SELECT pg_notify(%s, %s)",
            [
                *(list(column) for column in zip(*rows, strict=True)),
                *(list(column) for column in zip(*heads, strict=True)),
                CHANNEL,
                _payload(logs),
            ],
        )


def _payload(logs: list[Log]) -> str:
    """What the pages are told: kinds and case of each chain, or only "look" when that would be long."""
    told = [
        {"case": str(log.case_id or ""), "kinds": sorted({entry.kind for entry in log.entries})}
        for log in logs
        if log.entries
    ]
    text = json.dumps(told)
    return text if len(text) <= NOTIFY_BYTES_MAX else json.dumps([{"case": "", "kinds": ["*"]}])
