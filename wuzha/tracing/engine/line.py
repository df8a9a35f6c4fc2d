"""The executable specification of the rules: an account is a line of lots.

Theory. A lot is (owner, cents): owner 0 is clean money, UNSEEN clean money of unknown source, k > 0 victim k. A rule is
a pair: where an arriving payment joins the line, and which cents leave. That is all there is to it:

| rule          | joins                        | leaves                             |
| FIFO          | at the end                   | from the front                     |
| LIFO          | at the front, in its order   | from the front                     |
| tainted first | stolen before clean          | from the front                     |
| clean first   | clean before stolen          | from the front                     |
| pro rata      | one lot for each owner       | from each lot the same fraction    |

Fractions are cut on one ruler of integers: with ends P_i = x_1 + .. + x_i and total B, a payment a takes
floor(a P_i / B) - floor(a P_(i-1) / B) from lot i. The parts sum to a, each is within one cent of its quota, and none
exceeds its lot. Every fast engine is tested to equal this file.

`via` is the trail by which a lot came to its account, newest first: (transfer id, the trail before). It is kept only
where a reversal or an earmark will ask for it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from wuzha.tracing.engine.model import Among, Rule

CLEAN = 0
UNSEEN = -1


class Piece(NamedTuple):
    """`cents` of `owner` in a line or in a payment."""

    owner: int
    cents: int
    via: tuple[str, Any] | None = None


def total(line: Sequence[Piece]) -> int:
    """Cents in a line."""
    return sum(piece.cents for piece in line)


def join(
    rule: Rule, among: Among | None, line: list[Piece], pieces: list[Piece], *, front: bool = False
) -> list[Piece]:
    """The line after a payment arrived. front: as if it had never left (a reversal)."""
    line = pieces + line if front or rule is Rule.LIFO else line + pieces
    if rule is Rule.TAINTED_FIRST:
        line = sorted(line, key=lambda piece: piece.owner <= CLEAN)
    elif rule is Rule.CLEAN_FIRST:
        line = sorted(line, key=lambda piece: piece.owner > CLEAN)
    elif rule is Rule.PRO_RATA:
        line = sorted(line, key=lambda piece: min(piece.owner, 1) if among is Among.FIFO else piece.owner)
    return merge(line)


def leave(rule: Rule, among: Among | None, line: list[Piece], cents: int) -> tuple[list[Piece], list[Piece]]:
    """(what leaves, what stays) when `cents` are paid; the line holds at least so many.

    among: how victims share inside the stolen part; None is the rule's own way (by arrival; pro rata for pro rata).
    """
    if rule is Rule.PRO_RATA and among is not Among.FIFO:
        return _ruler(line, cents)
    if rule in (Rule.FIFO, Rule.LIFO) or (rule is not Rule.PRO_RATA and among is not Among.PRO_RATA):
        return _front(line, cents)
    clean = [piece for piece in line if piece.owner <= CLEAN]
    stolen = [piece for piece in line if piece.owner > CLEAN]
    if rule is Rule.PRO_RATA:
        from_clean = cents * total(clean) // max(1, total(line))
    elif rule is Rule.CLEAN_FIRST:
        from_clean = min(cents, total(clean))
    else:
        from_clean = max(0, cents - total(stolen))
    out_clean, left_clean = _front(clean, from_clean)
    out_stolen, left_stolen = (_by_owner if among is Among.PRO_RATA else _front)(stolen, cents - from_clean)
    if rule is Rule.TAINTED_FIRST:
        return merge(out_stolen + out_clean), merge(left_stolen + left_clean)
    return merge(out_clean + out_stolen), merge(left_clean + left_stolen)


def leave_via(line: list[Piece], transfer_id: str, cents: int) -> tuple[list[Piece], list[Piece]]:
    """(what leaves, what stays) of at most `cents` that `transfer_id` brought here, pro rata of its pieces."""
    chosen = [piece for piece in line if piece.via is not None and piece.via[0] == transfer_id]
    taken, left = _ruler(chosen, min(cents, total(chosen)), keep_places=True)
    remains = iter(left)
    stays = [next(remains) if piece.via is not None and piece.via[0] == transfer_id else piece for piece in line]
    return taken, merge(stays)


def merge(line: Sequence[Piece]) -> list[Piece]:
    """The line without empty lots, neighbours of one owner and one trail joined."""
    merged: list[Piece] = []
    for piece in line:
        if piece.cents and merged and merged[-1].owner == piece.owner and merged[-1].via is piece.via:
            merged[-1] = piece._replace(cents=merged[-1].cents + piece.cents)
        elif piece.cents:
            merged.append(piece)
    return merged


def _front(line: list[Piece], cents: int) -> tuple[list[Piece], list[Piece]]:
    taken: list[Piece] = []
    for place, piece in enumerate(line):
        if piece.cents > cents:
            rest = [piece._replace(cents=piece.cents - cents), *line[place + 1 :]]
            return merge([*taken, piece._replace(cents=cents)]), rest
        taken.append(piece)
        cents -= piece.cents
    return merge(taken), []


def _ruler(line: list[Piece], cents: int, *, keep_places: bool = False) -> tuple[list[Piece], list[Piece]]:
    whole, end, cut_before = total(line), 0, 0
    taken, left = [], []
    for piece in line:
        end += piece.cents
        cut = cents * end // whole
        taken.append(piece._replace(cents=cut - cut_before))
        left.append(piece._replace(cents=piece.cents - (cut - cut_before)))
        cut_before = cut
    return merge(taken), left if keep_places else merge(left)


def _by_owner(line: list[Piece], cents: int) -> tuple[list[Piece], list[Piece]]:
    taken, left = _ruler(sorted(line, key=lambda piece: piece.owner), cents)
    return taken, left
