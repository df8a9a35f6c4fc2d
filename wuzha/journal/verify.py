"""Checking the journal: walk each chain, find the first row that is not what was written; seal the days.

A changed or missing row breaks the hash of its successor; a cut-off tail disagrees with the chain's head; a tail cut
together with its head disagrees with the seal of the day.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max
from django.utils import timezone

from wuzha.journal.hashing import GENESIS, canonical, link
from wuzha.journal.models import Chain, Event, Seal

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where a chain is not what was written. event_id is None when rows are missing."""

    chain: str
    seq: int
    event_id: int | None
    what: str


def verify() -> Iterator[Fault]:
    """Every fault of the whole journal, at most one a chain, then those of the seals."""
    heads = {head.key: head for head in Chain.objects.all()}
    chain, expected, previous, broken = "", 0, GENESIS, False
    for event in Event.objects.order_by("chain", "seq").iterator(chunk_size=ROWS_AT_ONCE):
        if event.chain != chain:
            yield from _tail(heads.pop(chain, None), chain, expected, previous, broken)
            chain, expected, previous, broken = event.chain, 0, GENESIS, False
        if broken:
            continue
        expected += 1
        if event.seq != expected:
            broken = True
            yield Fault(chain, expected, None, "missing")
            continue
        row = canonical(
            chain=event.chain, seq=event.seq, at=event.at, kind=event.kind, by=event.by,
            case_id=str(event.case_id or ""), subject=event.subject, body=event.body,
        )  # fmt: skip
        previous = link(previous, row)
        if previous != bytes(event.hash):
            broken = True
            yield Fault(chain, event.seq, event.id, "changed")
    yield from _tail(heads.pop(chain, None), chain, expected, previous, broken)
    for head in heads.values():
        if head.seq:
            yield Fault(head.key, head.seq, None, "missing")
    yield from _seals()


def _tail(head: Chain | None, chain: str, seq: int, last: bytes, broken: bool) -> Iterator[Fault]:
    if chain and not broken and (head is None or head.seq != seq or bytes(head.hash) != last):
        yield Fault(chain, seq + 1, None, "missing")


def _day_digest(event_id_max: int) -> tuple[int, bytes]:
    """Count and digest of all rows up to an id: the last hash of each chain, in the chains' order."""
    rows = Event.objects.filter(id__lte=event_id_max)
    last = rows.values("chain").annotate(seq=Max("seq"), count=Count("id")).order_by("chain")
    digest, count = hashlib.sha256(), 0
    for row in last.iterator():
        head = Event.objects.filter(chain=row["chain"], seq=row["seq"]).values_list("hash", flat=True).get()
        digest.update(row["chain"].encode() + b"\0" + bytes(head))
        count += row["count"]
    return count, digest.digest()


def seal(day: date, *, now: datetime) -> Seal:
    """Seal `day` (idempotent): all rows up to its end."""
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
    top = Event.objects.filter(at__lt=end).aggregate(top=Max("id"))["top"] or 0
    count, digest = _day_digest(top)
    sealed, _made = Seal.objects.get_or_create(
        day=day, defaults={"event_id_max": top, "event_count": count, "digest": digest, "sealed_at": now}
    )
    return sealed


def _seals() -> Iterator[Fault]:
    for sealed in Seal.objects.order_by("day"):
        count, digest = _day_digest(sealed.event_id_max)
        if count != sealed.event_count or digest != bytes(sealed.digest):
            yield Fault(f"seal:{sealed.day.isoformat()}", sealed.event_count, None, "sealed rows differ")
