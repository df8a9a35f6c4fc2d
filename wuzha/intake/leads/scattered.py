"""Cards and identity numbers told piece by piece with words between: 前六位是622622，后面接着50936，最后06224.

Theory. A victim reads a card aloud in pieces and talks in between; a chat shows it in two messages. No form holds such
pieces together, but the number proves itself: a card of a known bank of that length with its check digit, an identity
number with its birthday and check character. So any pieces that follow each other with few words between are tried,
from a piece on that can begin such a number. Sums, counts and dates between them end the attempt.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from wuzha.intake.leads.digit_readings import Group, read_proven
from wuzha.intake.leads.labels import Labels
from wuzha.intake.leads.lead import Lead
from wuzha.intake.leads.stretches import DIGIT_OF, HEARD

GAP_MAX = 14  # characters of talk between two pieces
PIECES_MAX = 7
FIRST_PIECE_MIN, FIRST_PIECE_MAX = 4, 15  # characters, marks within included
CARD_MIN, CARD_MAX, ID_SIZE = 16, 19, 18
CONFIDENCE = 0.86

_DIGIT = f"[0-9{HEARD}]"
_PIECE = re.compile(
    rf"(?<![A-Za-z0-9.@/_{HEARD}])(?:{_DIGIT}(?:(?:[ -]?{_DIGIT})+[Xx叉]?|[Xx叉])|(?<=[是个])[Xx叉])"
    r"(?![A-Za-z0-9@/_])"
)
# A bank card's first digits, or the code of a province (GB/T 2260).
_BEGINS = re.compile(rf"6[ -]?2|1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|8[123]|[{HEARD}]|[1-6][{HEARD}]")
# What ends the attempt: a unit behind a piece, the end of a thought between two.
_COUNTED = re.compile(r" ?(?:[元块万千百十亿个月年号日点分秒岁次张笔条人%％多余]|美|港|USDT|U)")
_BREAKS = re.compile(r"[?？!！;；\d]|\n\n")


def find_scattered(text: str, face: str, labels: Labels, is_free: Callable[[int, int], bool]) -> list[Lead]:
    """Every card and identity number in pieces with words between, in order."""
    matches = list(_PIECE.finditer(face))
    if not any(_has_next(face, piece, following) for piece, following in pairwise(matches)):
        return []
    pieces = [
        Group(re.sub("[ -]", "", match.group()).translate(DIGIT_OF), match.start(), match.end(), "")
        for match in matches
        if not _COUNTED.match(face, match.end()) and is_free(*match.span())
    ]
    leads: list[Lead] = []
    floor = 0
    for at, piece in enumerate(pieces):
        if piece.start < floor or not _may_begin(piece.digits):
            continue
        lead = next(_of(text, face, labels, pieces, at), None)
        if lead is not None:
            leads.append(lead)
            floor = lead.end
    return leads


def _has_next(face: str, piece: re.Match[str], following: re.Match[str]) -> bool:
    """A quick look: whether a piece that may begin a number has another close behind it."""
    start, end = piece.span()
    return (
        following.start() - end <= GAP_MAX
        and FIRST_PIECE_MIN <= end - start <= FIRST_PIECE_MAX
        and _BEGINS.match(face, start) is not None
        and _COUNTED.match(face, end) is None
    )


def _may_begin(digits: str) -> bool:
    """Whether a card (62...) or an identity number (the code of a province) may begin so."""
    return len(digits) >= FIRST_PIECE_MIN and (digits.startswith("62") or digits[0] in "123456")


def _of(text: str, face: str, labels: Labels, pieces: list[Group], at: int) -> Iterator[Lead]:
    digits = pieces[at].digits
    for last in range(at + 1, min(len(pieces), at + PIECES_MAX)):
        gap = face[pieces[last - 1].end : pieces[last].start]
        if len(gap) > GAP_MAX or _BREAKS.search(gap):
            return
        digits += pieces[last].digits
        if len(digits) > CARD_MAX:
            return
        start, end = pieces[at].start, pieces[last].end
        may_be = digits.startswith("62") if len(digits) != ID_SIZE else True
        reading = read_proven(digits, labels.before(start)[0], start, end) if may_be else None
        if reading is not None and reading.kind is not None:
            why = (*reading.why, "spelled out")
            yield Lead(reading.kind, text[start:end], start, end, reading.value, CONFIDENCE, why, extra=reading.extra)
