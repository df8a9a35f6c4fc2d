"""Passages labelled by hand: reading the files and comparing what is found with what was marked.

A passage is a line; `〖kind value|words〗` marks a lead (without `|words` the words are the value), ⏎ is a line break,
`== name` opens a section, `# ` a comment, `@now 2026-03-05T14:30` sets the moment of the call for the lines below it.

A lead is found when its kind and value agree and its words overlap. Times are judged twice: by their words (the same
start and end) and by their value.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from wuzha.intake.leads import Lead, extract

MARK = re.compile(r"〖(\w+) ([^〗|]+)(?:\|([^〗]*))?〗")
NOW = datetime(2026, 3, 5, 14, 30)  # noqa: DTZ001 - the local time of an imagined call, until the file names one
JUDGED = frozenset(
    [
        "card",
        "account",
        "id_number",
        "phone",
        "qq",
        "wechat",
        "telegram",
        "alipay",
        "dingtalk",
        "order",
        "url",
        "amount",
        "time",
    ]
)


@dataclass(frozen=True, slots=True)
class Told:
    """A lead that a person marked: words at start..end; `value` as the lead's, sums as "80000" or "10 USD"."""

    kind: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Passage:
    section: str
    text: str
    now: datetime
    told: tuple[Told, ...]


@dataclass
class Tally:
    """Counts by kind and what went wrong, as lines to read."""

    right: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def f1(self, kind: str) -> float:
        wrong = self.extra[kind] + self.missed[kind]
        return 2 * self.right[kind] / (2 * self.right[kind] + wrong) if self.right[kind] or wrong else 1.0


def read_passages(path: Path) -> Iterator[Passage]:
    """The passages of a file in order."""
    section, now = "", NOW
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            section = line[3:].strip()
        elif line.startswith("@now "):
            now = datetime.fromisoformat(line[5:].strip())
        elif line and not line.startswith("# "):
            yield _passage(line.replace("⏎", "\n"), section, now)


def _passage(line: str, section: str, now: datetime) -> Passage:
    text, told, at = "", [], 0
    for mark in MARK.finditer(line):
        text += line[at : mark.start()]
        words = mark[2] if mark[3] is None else mark[3]
        told.append(Told(mark[1], len(text), len(text) + len(words), mark[2]))
        text += words
        at = mark.end()
    return Passage(section, text + line[at:], now, tuple(told))


def value_of(lead: Lead) -> str:
    """The lead's value as a marker writes it."""
    if lead.kind != "amount":
        return lead.value
    return lead.value if lead.currency == "CNY" else f"{lead.value} {lead.currency}"


GROUPS = {"amount": "sums", "time": "times", "time value": "time values"}
NUMBERS = "numbers"  # cards, accounts, identity numbers, orders, phones, handles and links


def judge_together(paths: Iterable[Path]) -> dict[tuple[str, str], Tally]:
    """All sets as one, by section and group of kinds; a group's counts stand under the group's own name."""
    by_section: dict[str, list[Passage]] = {}
    for path in paths:
        for passage in read_passages(path):
            by_section.setdefault(passage.section, []).append(passage)
    told: dict[tuple[str, str], Tally] = {}
    for section, passages in by_section.items():
        tally = judge(passages)
        for kind in tally.right.keys() | tally.extra.keys() | tally.missed.keys():
            group = GROUPS.get(kind, NUMBERS)
            together = told.setdefault((section, group), Tally(notes=tally.notes))
            together.right[group] += tally.right[kind]
            together.extra[group] += tally.extra[kind]
            together.missed[group] += tally.missed[kind]
    return told


def judge(passages: Sequence[Passage]) -> Tally:
    """Every passage extracted and compared; kinds outside JUDGED are not looked at."""
    tally = Tally()
    for passage in passages:
        leads = [lead for lead in extract(passage.text, passage.now) if lead.kind in JUDGED]
        _compare(passage, leads, tally)
    return tally


def _compare(passage: Passage, leads: Sequence[Lead], tally: Tally) -> None:
    free = list(leads)
    for told in passage.told:
        beside = [lead for lead in free if lead.kind == told.kind and lead.start < told.end and told.start < lead.end]
        same = next((lead for lead in beside if value_of(lead) == told.value), None)
        match = next(iter(beside), None) if same is None and told.kind == "time" else same
        if told.kind == "time":
            _add(tally, "time value", same is not None)
        words_right = match is not None and (told.kind != "time" or (match.start, match.end) == (told.start, told.end))
        _add(tally, told.kind, words_right)
        if not words_right or same is None:
            got = "; ".join(f"{lead.kind} {value_of(lead)}|{lead.text}" for lead in beside) or "nothing"
            words = passage.text[told.start : told.end]
            tally.notes.append(
                f"[{passage.section}] {told.kind} {told.value}|{words} <- {got} :: {passage.text[:60]!r}"
            )
        if match is not None:
            free.remove(match)
            if not words_right:
                tally.extra[told.kind] += 1
    for lead in free:
        tally.extra[str(lead.kind)] += 1
        if lead.kind == "time":
            tally.extra["time value"] += 1
        tally.notes.append(
            f"[{passage.section}] extra {lead.kind} {value_of(lead)}|{lead.text} :: {passage.text[:60]!r}"
        )


def _add(tally: Tally, kind: str, is_right: bool) -> None:
    if is_right:
        tally.right[kind] += 1
    else:
        tally.missed[kind] += 1
