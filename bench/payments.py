"""Narratives with the payments they tell, labelled by hand: what is proposed as the report's rows, against the labels.

A set is JSON lines: {"now", "text", "rows": [{"amount", "currency", "payer", "payee", "payee_name", "time",
"channel"}]}.
Rows are aligned in order by sum and currency; of a row found, each column is right, wrong, missed (nothing where a
person saw something) or extra (something where a person saw nothing).

    python bench/payments.py [FILE ...]

prints F1 of rows and of each column; without files, of the sets of the tests together.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from wuzha.intake.leads import extract, propose_transfers  # noqa: E402

SETS = ROOT / "tests" / "intake" / "payments"
COLUMNS = ("payer", "payee", "payee_name", "time", "channel")
_NAMES = {"payer": "payer_account", "payee": "payee_account"}

Row = dict[str, str]


@dataclass
class Verdict:
    """Counts by column ("rows" for the rows themselves) and what went wrong, as lines to read."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def f1(self, column: str) -> float:
        right = 2 * self.right[column]
        errors = 2 * self.wrong[column] + self.missed[column] + self.extra[column]
        return right / (right + errors) if right + errors else 1.0


def judge_payments(paths: Iterable[Path]) -> Verdict:
    """All narratives of the files, read and compared."""
    verdict = Verdict()
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                _compare(json.loads(line), verdict)
    return verdict


def _compare(told: dict[str, Any], verdict: Verdict) -> None:
    text, want = told["text"], told["rows"]
    got = [
        {name: str(getattr(row, _NAMES.get(name, name))) for name in ("amount", "currency", *COLUMNS)}
        for row in propose_transfers(extract(text, datetime.fromisoformat(told["now"])), text)
    ]
    pairs = _aligned(want, got)
    verdict.right["rows"] += len(pairs)
    for index in sorted(set(range(len(want))) - {at for at, _other in pairs}):
        verdict.missed["rows"] += 1
        verdict.notes.append(f"missed {want[index]} :: {text!r}")
    for index in sorted(set(range(len(got))) - {other for _at, other in pairs}):
        verdict.extra["rows"] += 1
        verdict.notes.append(f"extra {got[index]} :: {text!r}")
    for at, other in pairs:
        for column in COLUMNS:
            expected, found = want[at][column], got[other][column]
            if expected.lower() == found.lower():
                verdict.right[column] += bool(expected)
                continue
            counts = verdict.missed if not found else verdict.wrong if expected else verdict.extra
            counts[column] += 1
            verdict.notes.append(f"{column} {expected or 'nothing'} <- {found or 'nothing'} :: {text!r}")


def _aligned(want: Sequence[Row], got: Sequence[Row]) -> list[tuple[int, int]]:
    """The longest common row of sums, as pairs of places."""
    one = [(row["amount"], row["currency"]) for row in want]
    two = [(row["amount"], row["currency"]) for row in got]
    longest = [[0] * (len(two) + 1) for _ in range(len(one) + 1)]
    for at in range(len(one) - 1, -1, -1):
        for other in range(len(two) - 1, -1, -1):
            beside = max(longest[at + 1][other], longest[at][other + 1])
            longest[at][other] = longest[at + 1][other + 1] + 1 if one[at] == two[other] else beside
    pairs, at, other = [], 0, 0
    while at < len(one) and other < len(two):
        if one[at] == two[other]:
            pairs.append((at, other))
            at, other = at + 1, other + 1
        elif longest[at + 1][other] >= longest[at][other + 1]:
            at += 1
        else:
            other += 1
    return pairs


def main() -> None:
    verdict = judge_payments([Path(name) for name in sys.argv[1:]] or sorted(SETS.glob("*.jsonl")))
    for column in ("rows", *COLUMNS):
        counts = (verdict.right[column], verdict.wrong[column], verdict.missed[column], verdict.extra[column])
        print(f"{column:10} F1 {verdict.f1(column):.3f}  right, wrong, missed, extra: {counts}")


if __name__ == "__main__":
    main()
