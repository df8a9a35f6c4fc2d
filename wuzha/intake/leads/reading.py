"""The order of reading: what is surest is taken first, and what is taken nobody else reads.

Theory. Kinds compete for the same characters. Addresses and coin addresses look like nothing else, so they come
first; then times (12:30 is no account), handles, rows of digits, and last amounts, which are what is left of the
numbers. Names lie beside numbers, not in them. The text is read in chunks that end where a line ends, so a text of
any length takes time in proportion to its length and a report typed into a page can be read again at every pause.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from wuzha.intake.leads.addresses import find_addresses, find_coins
from wuzha.intake.leads.amounts import find_amounts
from wuzha.intake.leads.assembled import find_assembled
from wuzha.intake.leads.called import find_called
from wuzha.intake.leads.eliminated import find_by_elimination
from wuzha.intake.leads.face import KEYCAP, plain, without_unseen
from wuzha.intake.leads.followers import find_followers
from wuzha.intake.leads.handles import find_handles
from wuzha.intake.leads.labels import Labels
from wuzha.intake.leads.lead import LEADS_MAX, TEXT_LENGTH_MAX, Kind, Lead
from wuzha.intake.leads.names import find_names
from wuzha.intake.leads.runs import find_numbers
from wuzha.intake.leads.scattered import find_scattered
from wuzha.intake.leads.spelled import find_spelled
from wuzha.intake.leads.stretches import stretches_of
from wuzha.intake.leads.table_sums import find_table_sums
from wuzha.intake.leads.time_values import Instant, Memory, not_before, resolve
from wuzha.intake.leads.times import Row, find_rows

_RANGE = re.compile(r" ?(?:至|到|直到|~|--?) ?")
NOW_YEAR_MIN, NOW_YEAR_MAX = 1900, 9000  # beyond, "4000 weeks ago" would leave the calendar


class _Taken:
    """Which characters are taken; spans never overlap."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def is_free(self, start: int, end: int) -> bool:
        at = bisect_left(self._ends, start + 1)
        return at >= len(self._starts) or self._starts[at] >= end

    def free_from(self, at: int) -> int:
        """The first place from `at` on that is not taken."""
        index = bisect_left(self._ends, at + 1)
        return self._ends[index] if index < len(self._starts) and self._starts[index] <= at else at

    def take(self, start: int, end: int) -> None:
        at = bisect_left(self._starts, start)
        self._starts.insert(at, start)
        self._ends.insert(at, end)


def extract(text: str, now: datetime) -> list[Lead]:
    """Every lead of `text`, in order of place; `now` (local time of the call) dates what is said relatively.

    Never raises on any text. Reads at most TEXT_LENGTH_MAX characters and returns at most LEADS_MAX leads.
    """
    text = text[:TEXT_LENGTH_MAX]
    now = _within_calendar(now)
    seen, places = without_unseen(text)
    if places is None:
        return _read(text, now)
    return [_placed(lead, text, places) for lead in _read(seen, now)]


def _placed(lead: Lead, text: str, places: Sequence[int]) -> Lead:
    """A lead of what is seen of `text`, where it stands in all of it; what cannot be seen behind it belongs to it."""
    start, end = places[lead.start], places[lead.end - 1] + 1
    if lead.end < len(places):
        end = places[lead.end] if not text[end : places[lead.end]].strip(KEYCAP) else end
    elif not text[end:].strip(KEYCAP):
        end = len(text)
    return replace(lead, text=text[start:end], start=start, end=end)


def _read(text: str, now: datetime) -> list[Lead]:
    face = plain(text)
    taken = _Taken()
    leads: list[Lead] = []

    def keep(found: list[Lead]) -> None:
        for lead in found:
            if taken.is_free(lead.start, lead.end):
                taken.take(lead.start, lead.end)
                leads.append(lead)

    labels = Labels(face)
    stretches = stretches_of(face)
    keep(find_assembled(text, face, labels, stretches, taken.is_free))
    keep(find_scattered(text, face, labels, taken.is_free))
    keep(find_spelled(text, face, labels, taken.is_free))
    keep(find_called(text, face, labels, stretches, taken.is_free))
    keep(find_addresses(text, face, taken.is_free))
    keep(find_coins(text, face))
    keep(find_handles(text, face, labels, taken.is_free))
    keep(list(_times(text, face, now, taken)))
    void: list[tuple[int, int]] = []
    keep(find_numbers(text, face, labels, taken.is_free, void))
    for start, end in void:
        if taken.is_free(start, end):
            taken.take(start, end)
    keep(list(find_followers(text, face, labels, leads, taken.is_free)))
    keep(list(find_by_elimination(text, face, labels, stretches, leads, taken.is_free)))
    keep(find_amounts(text, face, taken.is_free, taken.free_from))
    keep(find_table_sums(text, face, leads, taken.is_free))
    keep(find_names(text, face, taken.is_free))
    leads.sort(key=lambda lead: lead.start)
    return leads[:LEADS_MAX]


def _within_calendar(now: datetime) -> datetime:
    now = now.replace(tzinfo=None)
    if NOW_YEAR_MIN <= now.year <= NOW_YEAR_MAX:
        return now
    return now.replace(year=NOW_YEAR_MIN if now.year < NOW_YEAR_MIN else NOW_YEAR_MAX, day=min(now.day, 28))


def _times(text: str, face: str, now: datetime, taken: _Taken) -> Iterator[Lead]:
    memory = Memory()
    rows = find_rows(face, taken.is_free)
    dated: list[tuple[Row, Instant]] = []
    for row in rows:
        # 第三天 in a story without a day says nothing.
        if memory.day is not None or not row.parts.get("relday", "").startswith("第"):
            instant = resolve(row, now, memory)
            if dated and _RANGE.fullmatch(face, dated[-1][0].end, row.start):
                instant = not_before(instant, row, dated[-1][1])
            dated.append((row, instant))
    for index, (row, instant) in enumerate(dated):
        extra = {"precision": instant.precision}
        if instant.part_of_day:
            extra["part_of_day"] = instant.part_of_day
        if index + 1 < len(dated) and _RANGE.fullmatch(face, row.end, dated[index + 1][0].start):
            extra["until"] = dated[index + 1][1].value
        if index and _RANGE.fullmatch(face, dated[index - 1][0].end, row.start):
            extra["since"] = dated[index - 1][1].value
        yield Lead(
            Kind.TIME, text[row.start : row.end], row.start, row.end, instant.value, instant.confidence, instant.why,
            extra=extra,
        )  # fmt: skip
