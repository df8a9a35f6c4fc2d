"""What goes wrong between partners and the centre, in small seeded shares.

Theory. A message may time out, before or after the partner took its orders; an answer may come twice, be overtaken by
a later one, or state a wrong sum that a later answer (of higher `seq`) puts right. None of it changes what truly
happened at the partner.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from wuzha.partners.protocol import Answer

TIMEOUT_SHARE = 0.02
DUPLICATE_SHARE = 0.01
OVERTAKEN_SHARE = 0.05
CONTRADICTORY_SHARE = 0.01
OVERTAKEN_S = (5.0, 60.0)
DUPLICATE_S = (1.0, 120.0)
CORRECTION_S = (5.0, 120.0)


class Timeout(StrEnum):
    """How a message is lost."""

    NONE = "none"
    BEFORE = "before"  # the partner never saw it
    AFTER = "after"  # the partner took it, its receipt was lost


@dataclass(frozen=True, slots=True)
class Disturbed:
    """What is said at first, `delay_s` late, and what is said afterwards as (delay_s, answer)."""

    said: Answer
    delay_s: float
    further: tuple[tuple[float, Answer], ...]


def timeout(chance: Random) -> Timeout:
    """What becomes of a message."""
    if chance.random() >= TIMEOUT_SHARE:
        return Timeout.NONE
    return Timeout.BEFORE if chance.random() < 0.5 else Timeout.AFTER


def disturb(right: Answer, next_id: Answer, chance: Random) -> Disturbed:
    """What is said instead of `right`; `next_id` is the same answer under the next id and seq, for a correction."""
    further: list[tuple[float, Answer]] = []
    said = right
    if right.held_minor is not None and chance.random() < CONTRADICTORY_SHARE:
        wrong = chance.randint(0, right.held_minor * 2)
        said = right.model_copy(update={"held_minor": wrong, "message": "（系统延迟，金额待核）"})
        further.append((chance.uniform(*CORRECTION_S), next_id))
    if chance.random() < DUPLICATE_SHARE:
        further.append((chance.uniform(*DUPLICATE_S), said))
    delay_s = chance.uniform(*OVERTAKEN_S) if chance.random() < OVERTAKEN_SHARE else 0.0
    return Disturbed(said, delay_s, tuple(further))
