"""Prints whose columns are held apart by spaces alone, as a bank's printer sets them.

Theory. In print a column is a place on the line: a value belongs to the title that it stands under. A Han character is
two places wide. What overlaps a title belongs to it, and so does what overlaps a value of that title. A value that
belongs to no title, or to two, refuses the file when it is a movement's: a sum moved from one column to the next is
money in made money out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statements.meanings import Meaning
from wuzha.tracing.statements.vocabulary import meaning_of

TITLES_MIN = 4
PASSES_MAX = 3
NEIGHBOURS = 3  # the last movement and those that it is compared with
TIMES = frozenset({Meaning.TIME, Meaning.DATE, Meaning.POSTED})
SUMS = frozenset({Meaning.AMOUNT, Meaning.IN_AMOUNT, Meaning.OUT_AMOUNT})
_CELL = re.compile(r"\S+(?: \S+)*")
_MOVEMENT = re.compile(r"\s*\d{2,4}[-/.年]?\d{1,2}[-/.月]?\d{1,2}\D.*\d")


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of a line and the places it takes, the last one not included."""

    text: str
    start: int
    end: int


def places_of(line: str) -> list[Place]:
    """The cells of a line: what two or more spaces part."""
    found = []
    for match in _CELL.finditer(line.replace("\u3000", "  ")):
        start = _width(line.replace("\u3000", "  ")[: match.start()])
        found.append(Place(match[0], start, start + _width(match[0])))
    return found


def spaced_header(lines: Iterable[str]) -> tuple[Place, ...]:
    """The titles of a print, () when no line names a time and a sum among titles parted by spaces."""
    for line in lines:
        places = places_of(line) if "   " in line else []
        named = [found[0] for place in places if (found := meaning_of(place.text))]
        if len(named) >= TITLES_MIN and len(named) * 2 > len(places) and TIMES & {*named} and SUMS & {*named}:
            return tuple(places)
    return ()


def spaced_records(file: str, lines: Sequence[str], titles: Sequence[Place]) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of a print. Refusal with the line of a movement whose values do not stand under the titles."""
    header = [title.text for title in titles]
    first = next(n for n, line in enumerate(lines) if [place.text for place in places_of(line)] == header)
    columns = _columns(lines[first + 1 :], titles)
    for number, line in enumerate(lines, start=1):
        places = places_of(line)
        cells: list[str] | None = [place.text for place in places]
        if number > first and len(places) > 1:
            cells = _under(places, columns)
        if cells is None:
            if _MOVEMENT.match(line):
                raise Refusal(
                    "statement.spaced",
                    _(
                        "%(file)s, line %(line)s: a value does not stand under one title. Ask for the same statement "
                        "as Excel or CSV."
                    ),
                    file=file,
                    line=number,
                )
            cells = [line.strip()]
        yield number, cells


def cut_line(lines: Sequence[str]) -> int:
    """Number of the last line where it is a movement without its end, of fewer values than those before it; else 0."""
    told = [len(places_of(line)) for line in lines if _MOVEMENT.match(line)]
    if not lines or not _MOVEMENT.match(lines[-1]) or len(told) < NEIGHBOURS:
        return 0
    return len(lines) if told[-1] < min(told[-NEIGHBOURS:-1]) else 0


def _columns(lines: Sequence[str], titles: Sequence[Place]) -> list[Place]:
    """The titles, each as wide as what stands under it: a long remark shows where its column begins."""
    columns = list(titles)
    for _pass in range(PASSES_MAX):
        before = list(columns)
        for line in lines:
            for place in places_of(line) if _MOVEMENT.match(line) else ():
                held = _held(place, columns)
                if len(held) == 1:
                    column = columns[held[0]]
                    wide = Place(column.text, min(column.start, place.start), max(column.end, place.end))
                    columns[held[0]] = wide
        if columns == before:
            break
    return columns


def _held(place: Place, columns: Sequence[Place]) -> list[int]:
    return [n for n, column in enumerate(columns) if place.start < column.end and column.start < place.end]


def _under(places: Sequence[Place], columns: Sequence[Place]) -> list[str] | None:
    """The cells by title; None when one of them stands under no title or under several."""
    cells = [""] * len(columns)
    for place in places:
        held = _held(place, columns)
        if len(held) != 1:
            return None
        cells[held[0]] = f"{cells[held[0]]} {place.text}".strip()
    return cells


def _width(text: str) -> int:
    return sum(2 if east_asian_width(mark) in "WF" else 1 for mark in text)
