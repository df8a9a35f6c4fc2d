"""Checking the journal: walk each chain, find the first row that is not what was written; seal the days.

A changed or missing row breaks the hash of its successor; a cut-off tail disagrees with the chain's head; a tail cut
together with its head disagrees with the seal of the day.

The walk goes in steps of bounded work, from one `Position` to the next, so that neither a page nor a long transaction
waits for a journal of millions. The journal grows meanwhile: each step reads rows with the heads of their chains in
one statement, so that a row written during the walk is never taken for a fault; a chain that begins behind the walk is
left to the next one.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from wuzha.journal.hashing import GENESIS, canonical, link
from wuzha.journal.models import Event, Seal

ROWS_PER_STEP = 2_000
CHAINS_AT_ONCE = 5_000
SEQ_MAX = 2**63 - 1
EPOCH = date(1, 1, 1)

_ROWS = """
    SELECT e.*, c.seq AS head_seq, c.hash AS head_hash FROM journal_event e LEFT JOIN journal_chain c ON c.key = e.chain
    WHERE (e.chain, e.seq) > (%s, %s) ORDER BY e.chain, e.seq LIMIT %s
"""
_HEADS = """
    SELECT c.key, c.seq, EXISTS (SELECT 1 FROM journal_event e WHERE e.chain = c.key) FROM journal_chain c
    WHERE c.key > %s ORDER BY c.key LIMIT %s
"""
_LAST_HASHES = """
    SELECT DISTINCT ON (chain) chain, hash FROM journal_event WHERE id <= %s ORDER BY chain, seq DESC
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where a chain is not what was written. event_id is None when rows are missing."""

    chain: str
    seq: int
    event_id: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Position:
    """How far a walk came: the last row read, what its chain's head said then; the last head; the last seal compared.

    head_seq is None where the chain has no head. A broken chain is left; only its first fault is told.
    """

    chain: str = ""
    seq: int = 0
    last: bytes = GENESIS
    head_seq: int | None = None
    head: bytes = b""
    broken: bool = False
    events: int = 0
    chains: int = 0
    rows_done: bool = False
    head_key: str = ""
    heads_done: bool = False
    sealed: date = EPOCH
    done: bool = False


def verify() -> Iterator[Fault]:
    """Every fault of the whole journal, at most one a chain, then those of the seals."""
    at = Position()
    while not at.done:
        at, faults = step(at)
        yield from faults


def step(at: Position, *, rows_max: int = ROWS_PER_STEP) -> tuple[Position, list[Fault]]:
    """Read up to `rows_max` more rows or heads, or compare one seal: the next position and the faults found."""
    if at.rows_done:
        return _seal_step(at) if at.heads_done else _head_step(at, rows_max)
    rows = list(Event.objects.raw(_ROWS, [at.chain, SEQ_MAX if at.broken else at.seq, rows_max]))
    faults: list[Fault] = []
    for row in rows:
        if row.chain != at.chain:
            faults += _tail(at)
            at = replace(at, chain=row.chain, seq=0, last=GENESIS, broken=False, chains=at.chains + 1)
        at = _take(at, row, faults)
    is_end = len(rows) < rows_max
    if is_end:
        faults += _tail(at)
    return replace(at, rows_done=is_end), faults


def _take(at: Position, row: Event, faults: list[Fault]) -> Position:
    head = row.head_hash  # type: ignore[attr-defined]
    head_seq = row.head_seq  # type: ignore[attr-defined]
    at = replace(at, events=at.events + 1, head_seq=head_seq, head=bytes(head or b""))
    if at.broken:
        return at
    if row.seq != at.seq + 1:
        faults.append(Fault(at.chain, at.seq + 1, None, "missing"))
        return replace(at, broken=True)
    text = canonical(
        chain=row.chain, seq=row.seq, at=row.at, kind=row.kind, by=row.by,
        case_id=str(row.case_id or ""), subject=row.subject, body=row.body,
    )  # fmt: skip
    last = link(at.last, text)
    if last != bytes(row.hash):
        faults.append(Fault(at.chain, row.seq, row.id, "changed"))
        return replace(at, broken=True)
    return replace(at, seq=row.seq, last=last)


def _tail(at: Position) -> list[Fault]:
    if at.chain and not at.broken and (at.head_seq != at.seq or at.head != at.last):
        return [Fault(at.chain, at.seq + 1, None, "missing")]
    return []


def _head_step(at: Position, rows_max: int) -> tuple[Position, list[Fault]]:
    """Heads whose chains have no rows at all: the walk over the rows does not meet them."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [at.head_key, rows_max])
        heads = cursor.fetchall()
    faults = [Fault(key, seq, None, "missing") for key, seq, has_rows in heads if seq and not has_rows]
    return replace(at, head_key=heads[-1][0] if heads else at.head_key, heads_done=len(heads) < rows_max), faults


def _seal_step(at: Position) -> tuple[Position, list[Fault]]:
    sealed = Seal.objects.filter(day__gt=at.sealed).order_by("day").first()
    if sealed is None:
        return replace(at, done=True), []
    count, digest = _day_digest(sealed.event_id_max)
    same = count == sealed.event_count and digest == bytes(sealed.digest)
    day = sealed.day.isoformat()
    faults = [] if same else [Fault(f"seal:{day}", sealed.event_count, None, "sealed rows differ")]
    return replace(at, sealed=sealed.day), faults


def _day_digest(event_id_max: int) -> tuple[int, bytes]:
    """Count and digest of all rows up to an id: the last hash of each chain, in the chains' order."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        cursor.execute(_LAST_HASHES, [event_id_max])
        while rows := cursor.fetchmany(CHAINS_AT_ONCE):
            for chain, head in rows:
                digest.update(chain.encode() + b"\0" + bytes(head))
    return Event.objects.filter(id__lte=event_id_max).count(), digest.digest()


def seal(day: date, *, now: datetime) -> Seal:
    """Seal `day` (idempotent): all rows up to its end."""
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
    last = Event.objects.filter(at__lt=end).order_by("-id").values_list("id", flat=True).first()
    count, digest = _day_digest(last or 0)
    sealed, _made = Seal.objects.get_or_create(
        day=day, defaults={"event_id_max": last or 0, "event_count": count, "digest": digest, "sealed_at": now}
    )
    return sealed
