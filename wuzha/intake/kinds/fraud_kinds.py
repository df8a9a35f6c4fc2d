"""The kind of fraud a narrative tells: rules that ship, with probabilities that mean what they say.

Theory. Each kind has words that speak for it, each with a weight (data/fraud_kind_evidence.json). A word counts once
in full and its repetitions less and less. A kind's pull is its share of the evidence, scaled by the square root of
all of it: a long article in which every kind is mentioned must not be surer than three sentences that name one.
The probability is the softmax of the pulls; PULL_SCALE and PULL_FLOOR were chosen so that of the answers given with p,
a share p is right (docs/extraction.md shows on which texts, none of which ships). Too little evidence, a low first
place or a close second make the verdict *unsure*: the officer is shown three kinds and decides.
Kinds are dated data (data/fraud_kinds.json), named as national statistics name them.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

TEXT_READ_MAX = 20_000
WORDS_SHOWN_MAX = 8
PULL_SCALE = 2.8
PULL_FLOOR = 1.0
OTHER_PULL = 0.8
UNSURE_BELOW = 0.45
UNSURE_MARGIN = 0.12
EVIDENCE_MIN = 2.5
OTHER = "other"

_DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class FraudKind:
    """A kind in force from `since` to `until` (None: still)."""

    code: str
    name_zh: str
    name_en: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class KindScore:
    """`p` between 0 and 1; `words` that spoke for the kind, strongest first."""

    kind: str
    p: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindVerdict:
    """All kinds by falling probability, which sum to 1; `is_unsure` asks for an officer's decision."""

    scores: tuple[KindScore, ...]
    is_unsure: bool
    by: str  # "rules" or the name of a trained model

    def top(self, count: int = 3) -> tuple[KindScore, ...]:
        """The first `count` kinds."""
        return self.scores[:count]


@cache
def all_kinds() -> Mapping[str, FraudKind]:
    """Every kind ever kept, by code."""
    rows = json.loads((_DATA / "fraud_kinds.json").read_text(encoding="utf-8"))["kinds"]
    return {
        row["code"]: FraudKind(
            row["code"],
            row["name_zh"],
            row["name_en"],
            date.fromisoformat(row["from"]),
            date.fromisoformat(row["until"]) if row["until"] else None,
        )
        for row in rows
    }


def kinds_on(day: date) -> tuple[FraudKind, ...]:
    """The kinds in force on `day`."""
    return tuple(k for k in all_kinds().values() if k.since <= day and (k.until is None or day <= k.until))


@cache
def evidence_words() -> Mapping[str, Mapping[str, float]]:
    """Weight of each word for each kind."""
    words: dict[str, dict[str, float]] = json.loads((_DATA / "fraud_kind_evidence.json").read_text(encoding="utf-8"))[
        "words"
    ]
    return words


def weigh(text: str, blanked: frozenset[str] = frozenset()) -> dict[str, tuple[float, tuple[str, ...]]]:
    """For each kind the evidence in `text` and its words, strongest first; words in `blanked` are not looked at."""
    body = text[:TEXT_READ_MAX]
    weighed = {}
    for kind, words in evidence_words().items():
        found = []
        for word, weight in words.items():
            count = body.count(word) if word not in blanked else 0
            if count:
                found.append((weight * (1 + 0.35 * math.log2(count)), word))
        found.sort(key=lambda item: (-item[0], item[1]))
        weighed[kind] = (math.fsum(weight for weight, _word in found), tuple(word for _weight, word in found))
    return weighed


def pulls(text: str) -> dict[str, float]:
    """The softmax arguments of the rules, by kind."""
    weighed = weigh(text)
    total = sum(weight for weight, _words in weighed.values())
    return {
        kind: PULL_SCALE * weight / math.sqrt(total + PULL_FLOOR) + (OTHER_PULL if kind == OTHER else 0.0)
        for kind, (weight, _words) in weighed.items()
    }


def classify(text: str) -> KindVerdict:
    """The verdict of the rules."""
    weighed = weigh(text)
    probabilities = softmax(pulls(text))
    words = {kind: found for kind, (_weight, found) in weighed.items()}
    strongest = max(weight for weight, _words in weighed.values())
    return verdict(probabilities, words, has_evidence=strongest >= EVIDENCE_MIN, by="rules")


def verdict(
    probabilities: Mapping[str, float], words: Mapping[str, Sequence[str]], *, has_evidence: bool, by: str
) -> KindVerdict:
    """Order kinds by probability and say whether an officer must decide."""
    ordered = sorted(probabilities.items(), key=lambda item: (-item[1], item[0]))
    scores = tuple(KindScore(kind, p, tuple(words.get(kind, ())[:WORDS_SHOWN_MAX])) for kind, p in ordered)
    first, second = scores[0].p, scores[1].p
    is_unsure = not has_evidence or first < UNSURE_BELOW or first - second < UNSURE_MARGIN
    return KindVerdict(scores, is_unsure, by)


def softmax(arguments: Mapping[str, float]) -> dict[str, float]:
    """Probabilities of `arguments`, which sum to 1."""
    top = max(arguments.values())
    raised = {kind: math.exp(argument - top) for kind, argument in arguments.items()}
    total = math.fsum(raised.values())
    return {kind: value / total for kind, value in raised.items()}


def verdict_to_dict(found: KindVerdict, count: int = 3) -> dict[str, Any]:
    """The first kinds as plain values for JSON."""
    names = all_kinds()
    return {
        "unsure": found.is_unsure,
        "by": found.by,
        "kinds": [
            {"code": score.kind, "kind": names[score.kind].name_zh, "p": round(score.p, 4), "words": list(score.words)}
            for score in found.top(count)
        ],
    }
