"""Training the kind of fraud on a centre's own decisions, and judging the new model against the old one.

Theory. Which examples train, tune and judge follows from a hash of each text, not from chance or order: the same text
is always on the same side, today and after the next thousand cases, so a model is never judged on what it or its
predecessor was taught from the same file, and doubles cannot stand on both sides. The new model replaces the old only
if, on the same held-back part, it loses less (mean log loss) and is right at least as often.
"""

import csv
import hashlib
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from wuzha.intake.kinds import fraud_kinds, kind_model
from wuzha.intake.kinds.fraud_kinds import KindVerdict
from wuzha.intake.kinds.kind_model import KindModel
from wuzha.kernel.refusals import Refusal, _

EXAMPLES_MAX = 1_000_000
EXAMPLES_MIN = 100
TEXT_LENGTH_MIN = 10
PARTS = 10
HELD_BACK_PARTS = (0, 1)
TUNING_PARTS = (2,)
P_MIN = 1e-6
CALIBRATION_BINS = 10

Example = tuple[str, str]
Classify = Callable[[str], KindVerdict]


@dataclass(frozen=True, slots=True)
class Figures:
    """`right` and `right_in_three` are shares, `log_loss` in nats, `calibration_error` the expected error of p."""

    count: int
    right: float
    right_in_three: float
    log_loss: float
    calibration_error: float
    sure: float
    right_when_sure: float


@dataclass(frozen=True, slots=True)
class Training:
    """What came of a training; `replaced` tells whether the new model took the old one's place."""

    trained_on: int
    tuned_on: int
    old_name: str
    old: Figures
    new: Figures
    replaced: bool
    model: KindModel

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON, without the model."""
        return {
            "trained_on": self.trained_on,
            "tuned_on": self.tuned_on,
            "old_name": self.old_name,
            "old": asdict(self.old),
            "new": asdict(self.new),
            "replaced": self.replaced,
        }


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """(text, kind code) of JSON lines or CSV with `text` and `kind` (a code or the Chinese name), doubles dropped."""
    by_name = {kind.name_zh: code for code, kind in fraud_kinds.all_kinds().items()}
    known = fraud_kinds.all_kinds()
    examples: list[Example] = []
    for path in paths:
        for number, (text, kind) in enumerate(_rows(path), start=1):
            code = by_name.get(kind.strip(), kind.strip())
            if code not in known:
                raise Refusal(
                    "kinds.unknown",
                    _("%(file)s, example %(number)s: “%(kind)s” is no kind of fraud kept here; use its code or name."),
                    file=path.name,
                    number=number,
                    kind=kind[:40],
                )
            examples.append((text, code))
    return distinct(examples)


def distinct(examples: Iterable[Example]) -> list[Example]:
    """At most EXAMPLES_MAX examples: each text once, as it was decided first; texts that say too little go."""
    kept: dict[str, Example] = {}
    for text, kind in examples:
        if len(text.strip()) >= TEXT_LENGTH_MIN and len(kept) < EXAMPLES_MAX:
            kept.setdefault(_digest(text), (text, kind))
    return list(kept.values())


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    try:
        raw = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            "kinds.file", _("%(file)s cannot be read as UTF-8 text: give a file of examples."), file=str(path)
        ) from error
    if path.suffix.lower() == ".csv":
        for row in csv.DictReader(io.StringIO(raw)):
            yield row.get("text") or "", row.get("kind") or ""
        return
    for number, line in enumerate(raw.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield str(row["text"]), str(row["kind"])
        except (ValueError, KeyError, TypeError) as error:
            raise Refusal(
                "kinds.line",
                _("%(file)s, line %(number)s: each line is a JSON object with “text” and “kind”."),
                file=path.name,
                number=number,
            ) from error


def _digest(text: str) -> str:
    return hashlib.sha256("".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()


def part_of(text: str) -> int:
    """Which of the PARTS `text` belongs to, for ever."""
    return int(_digest(text)[:8], 16) % PARTS


def split(examples: list[Example]) -> tuple[list[Example], list[Example], list[Example]]:
    """(training, tuning, held back) by the hash of each text."""
    training: list[Example] = []
    tuning: list[Example] = []
    held_back: list[Example] = []
    for example in sorted(examples):
        part = part_of(example[0])
        (held_back if part in HELD_BACK_PARTS else tuning if part in TUNING_PARTS else training).append(example)
    return training, tuning, held_back


def judge(classify: Classify, examples: Iterable[tuple[str, str | frozenset[str]]]) -> Figures:
    """Figures of `classify` on examples whose right answer is a kind, or any of a set of kinds."""
    losses: list[float] = []
    bins: list[list[tuple[float, bool]]] = [[] for _bin in range(CALIBRATION_BINS)]
    first_right = three_right = sure = sure_right = 0
    for text, answer in examples:
        answers = {answer} if isinstance(answer, str) else answer
        found = classify(text)
        is_right = found.scores[0].kind in answers
        first_right += is_right
        three_right += any(score.kind in answers for score in found.top())
        sure += not found.is_unsure
        sure_right += is_right and not found.is_unsure
        losses.append(-math.log(max(sum(s.p for s in found.scores if s.kind in answers), P_MIN)))
        p = found.scores[0].p
        bins[min(int(p * CALIBRATION_BINS), CALIBRATION_BINS - 1)].append((p, is_right))
    count = max(len(losses), 1)
    error = sum(abs(sum(p for p, _right in held) - sum(right for _p, right in held)) for held in bins) / count
    return Figures(
        len(losses), first_right / count, three_right / count, math.fsum(losses) / count, error,
        sure / count, sure_right / max(sure, 1),
    )  # fmt: skip


def train(examples: list[Example], old: KindModel | None, *, name: str) -> Training:
    """Fit on the training part, tune, and judge old (or the rules) and new on the same held-back part."""
    training, tuning, held_back = split(examples)
    if len(examples) < EXAMPLES_MIN or not training or not held_back:
        raise Refusal(
            "kinds.few",
            _("%(count)s examples are too few to train and to judge; %(least)s are needed at least."),
            count=len(examples),
            least=EXAMPLES_MIN,
        )
    model = kind_model.fit(training, tuning, {"name": name, "trained_on": len(training)})
    before = judge(old.classify if old else fraud_kinds.classify, held_back)
    after = judge(model.classify, held_back)
    replaced = after.log_loss < before.log_loss and after.right >= before.right
    old_name = str(old.info.get("name", "")) if old else "rules"
    return Training(len(training), len(tuning), old_name, before, after, replaced, model)
