"""How well and how fast leads are read: precision, recall and F1 by kind, and milliseconds a report.

    python bench/extract.py [--data FOLDER] [--json]

FOLDER (or WUZHA_SHARED_DATA, default ../shared/data beside the clone) holds the public sets; a set that is not
there is left out. Each set says how its expectations are compared:
- generated_reports: each lead by kind and value (amounts as numbers, times by their words);
- recognizers_text_zh: currency values, URLs, phones (digits) and single dates and times (value);
- jionlp_tests: money values (the lower end of a range), times by their words; once more with our two leads of a range
  joined, because that set wants one;
- passages: hand-labelled passages of the tests (kind, value, place; times by words and by value), the sets of "heard"
  together, by section;
- fraud_news: cards and identity numbers found in news articles, each of which is taken for a false alarm.
Time is process CPU time a report, after one warm-up round (and the least of six rounds, which other load on the machine
disturbs less), beside the time of `json.dumps` on the same texts; "hostile"
is how much longer twice the text takes, at worst over texts made to be slow.
"""

import argparse
import ast
import csv
import io
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.passages import judge, judge_together, read_passages  # noqa: E402
from wuzha.intake.leads import Lead, extract  # noqa: E402

NOW = datetime(2023, 12, 5, 15, 0)  # noqa: DTZ001 - the local time of an imagined call
PASSAGES = ROOT / "tests" / "intake" / "passages"
HEARD = ROOT / "tests" / "intake" / "heard"
RANGE_MARK = re.compile(r"至|到|~|-|—|～|--")
HOSTILE = ("1", "一二三", ".", "@", "6222 ", "3/4 ", "\n1234", "1*234", "十万", "充100送50", "三天", "微/信", "http://")
HOSTILE_LENGTH = 50_000
LEAST_ROUNDS, LEAST_STEP = 6, 2
ARTICLES_MAX = 1200
ARTICLE_LENGTH_MAX = 20_000


class Score:
    """Counts by kind."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.extra: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()

    def add(self, want: Counter[tuple[str, str]], got: Counter[tuple[str, str]]) -> None:
        for key in want.keys() | got.keys():
            both = min(want[key], got[key])
            self.right[key[0]] += both
            self.extra[key[0]] += got[key] - both
            self.missed[key[0]] += want[key] - both

    def rows(self) -> dict[str, dict[str, float]]:
        kinds = sorted(self.right.keys() | self.extra.keys() | self.missed.keys())
        return {kind: self._row(kind) for kind in kinds}

    def _row(self, kind: str) -> dict[str, float]:
        right, extra, missed = self.right[kind], self.extra[kind], self.missed[kind]
        f1 = 2 * right / (2 * right + extra + missed) if right + extra + missed else 1.0
        precision = right / (right + extra) if right + extra else 1.0
        recall = right / (right + missed) if right + missed else 1.0
        return {"precision": precision, "recall": recall, "f1": f1, "extra": extra, "missed": missed}


def found(text: str, *kinds: str, now: datetime = NOW) -> list[Lead]:
    return [lead for lead in extract(text, now) if lead.kind.value in kinds]


def specs(base: Path, name: str) -> Iterator[dict[str, Any]]:
    path = base / "text/recognizers_text_zh/Specs" / name
    for case in json.loads(path.read_text(encoding="utf-8-sig")):
        if isinstance(case["Input"], str):
            yield case


def generated(base: Path) -> Score:
    score = Score()
    path = base / "text/generated_reports/synthetic_reports_2000.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        report = json.loads(line)
        want: Counter[tuple[str, str]] = Counter()
        for kind, value in report["truth"]:
            kind = {"idcard": "id_number"}.get(kind, kind)
            want[(kind, f"{float(value):.4f}" if kind == "amount" else str(value))] += 1
        got: Counter[tuple[str, str]] = Counter()
        for lead in extract(report["text"], NOW):
            # The set does not name platforms, so finding one is neither right nor wrong.
            if lead.kind.value == "platform":
                continue
            said = lead.text if lead.kind.value == "time" else lead.value
            got[(lead.kind.value, f"{float(lead.value):.4f}" if lead.kind.value == "amount" else said)] += 1
        score.add(want, got)
    return score


def recognizers(base: Path) -> Score:
    score = Score()
    for case in specs(base, "NumberWithUnit/Chinese/CurrencyModel.json"):
        values = [r["Resolution"].get("value") for r in case["Results"]]
        # Twelve digits: the specification's values went through a double.
        want = Counter(("currency", f"{float(value):.12g}") for value in values if value)
        got = Counter(("currency", f"{float(lead.value):.12g}") for lead in found(case["Input"], "amount"))
        score.add(want, got)
    for case in specs(base, "Sequence/Chinese/URLModel.json"):
        want = Counter(("url", r["Text"].lower()) for r in case["Results"])
        score.add(want, Counter(("url", lead.text.lower()) for lead in found(case["Input"], "url")))
    for case in specs(base, "Sequence/Chinese/PhoneNumberModel.json"):
        want = Counter(("phone", re.sub(r"\D", "", r["Text"])) for r in case["Results"])
        score.add(want, Counter(("phone", re.sub(r"\D", "", lead.text)) for lead in found(case["Input"], "phone")))
    for case in specs(base, "DateTime/Chinese/DateTimeModel.json"):
        single_date(case, score)
    return score


def single_date(case: dict[str, Any], score: Score) -> None:
    reference = case.get("Context", {}).get("ReferenceDateTime")
    names = {r["TypeName"].split(".")[1] for r in case["Results"]}
    if not reference or len(case["Results"]) != 1 or not names <= {"date", "datetime", "time"}:
        return
    now = datetime.fromisoformat(reference[:19])
    values = [(v.get("value") or "").replace(" ", "T") for v in case["Results"][0]["Resolution"]["values"]]
    got = [lead.value for lead in found(case["Input"], "time", now=now)]
    right = any(value.startswith(got[0]) or (":" in value and value in f"{got[0]}:00:00") for value in values if got)
    score.right["date-time value"] += right
    score.missed["date-time value"] += not right
    score.extra["date-time value"] += len(got) - right if got else 0


def listed(path: Path, name: str) -> list[Any]:
    """A literal list assigned to `name` in a Python file, read without running it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return list(ast.literal_eval(node.value))
    return []


def jionlp(base: Path) -> Score:
    score = Score()
    folder = base / "text/jionlp_tests"
    for text, expected in listed(folder / "test_money_parser.py", "money_string_list"):
        number = expected["num"][0] if isinstance(expected["num"], list) else expected["num"]
        got = found(text, "amount")[:1]
        want = Counter([("money", f"{float(number):.2f}")])
        score.add(want, Counter(("money", f"{float(lead.value):.2f}") for lead in got))
    for text, expected in listed(folder / "test_time_extractor.py", "text_string_list"):
        want = Counter(("time words", item["text"]) for item in expected)
        leads = found(text, "time")
        score.add(want, Counter(("time words", lead.text) for lead in leads))
        whole = Counter(("time words, ranges joined", item["text"]) for item in expected)
        score.add(whole, Counter(("time words, ranges joined", words) for words in joined_ranges(text, leads)))
    return score


def joined_ranges(text: str, leads: list[Lead]) -> list[str]:
    """The words of times, two of them as one where only a range mark stands between."""
    spans: list[tuple[int, int]] = []
    for lead in leads:
        if spans and RANGE_MARK.fullmatch(text[spans[-1][1] : lead.start]):
            spans[-1] = (spans[-1][0], lead.end)
        else:
            spans.append((lead.start, lead.end))
    return [text[start:end] for start, end in spans]


def passages() -> dict[str, dict[str, dict[str, float]]]:
    """Each hand-labelled set of the tests: figures by kind."""
    told = {}
    for path in sorted(PASSAGES.glob("*.txt")):
        tally, score = judge(list(read_passages(path))), Score()
        score.right, score.extra, score.missed = tally.right, tally.extra, tally.missed
        told[path.stem] = score.rows()
    for (section, group), tally in sorted(judge_together(sorted(HEARD.glob("*.txt"))).items()):
        score = Score()
        score.right, score.extra, score.missed = tally.right, tally.extra, tally.missed
        told.setdefault(f"heard, {section}", {}).update({group: score.rows()[group]})
    return told


def hostile() -> dict[str, float]:
    """At worst: how much longer twice the text takes, and microseconds a character."""
    ratios, costs = [], []
    for piece in HOSTILE:
        once, twice = (_spent((piece * size)[:size]) for size in (HOSTILE_LENGTH, 2 * HOSTILE_LENGTH))
        ratios.append(twice / max(once, 1e-6))
        costs.append(twice / (2 * HOSTILE_LENGTH) * 1e6)
    return {"hostile_twice_the_text": max(ratios), "hostile_us_a_character": max(costs)}


def _least(texts: Sequence[str]) -> list[float]:
    """Milliseconds of each text at its best of LEAST_ROUNDS, sorted: what reading costs when no neighbour of the
    processor takes its caches meanwhile.
    """
    best = [float("inf")] * len(texts)
    for _round in range(LEAST_ROUNDS):
        for at, text in enumerate(texts):
            best[at] = min(best[at], _spent(text) * 1e3)
    return sorted(best)


def _spent(text: str) -> float:
    begin = time.process_time()
    extract(text, NOW)
    return time.process_time() - begin


def articles(base: Path) -> list[str]:
    texts: list[str] = []
    csv.field_size_limit(10**7)
    for path in sorted((base / "text/fraud_news").glob("*.csv")):
        raw = path.read_bytes()
        try:
            decoded = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            decoded = raw.decode("gb18030", errors="replace")
        texts.extend(row["文章正文内容"] for row in csv.DictReader(io.StringIO(decoded)) if row.get("文章正文内容"))
    return [text[:ARTICLE_LENGTH_MAX] for text in texts]


def false_alarms(base: Path) -> dict[str, Any]:
    texts = articles(base)
    step = max(1, len(texts) // ARTICLES_MAX)
    chosen = texts[::step][:ARTICLES_MAX]
    leads = [lead for text in chosen for lead in found(text, "card", "id_number")]
    return {"articles": len(chosen), "cards_and_ids": len(leads), "words": [lead.text for lead in leads][:10]}


def speed(base: Path) -> dict[str, float]:
    path = base / "text/generated_reports/synthetic_reports_2000.jsonl"
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    for text in texts[:200]:
        extract(text, NOW)
    spent = []
    dumped = 0.0
    for text in texts:
        begin = time.process_time_ns()
        extract(text, NOW)
        middle = time.process_time_ns()
        json.dumps(text)
        spent.append((middle - begin) / 1e6)
        dumped += (time.process_time_ns() - middle) / 1e6
    spent.sort()
    least = _least(texts[::LEAST_STEP])
    big = ("\n".join(texts) * 3)[:1_000_000]
    begin = time.process_time_ns()
    extract(big, NOW)
    whole = (time.process_time_ns() - begin) / 1e6
    return {
        "ms_p50": spent[len(spent) // 2],
        "ms_p99": spent[len(spent) * 99 // 100],
        "ms_max": spent[-1],
        "ms_p50_least": least[len(least) // 2],
        "ms_p99_least": least[len(least) * 99 // 100],
        "ms_a_million_characters": whole,
        "times_json_dumps": sum(spent) / max(dumped, 1e-9),
    } | hostile()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("WUZHA_SHARED_DATA", str(ROOT.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    figures: dict[str, Any] = {}
    for name, folder, measure in (
        ("generated_reports", "text/generated_reports", generated),
        ("recognizers_text_zh", "text/recognizers_text_zh", recognizers),
        ("jionlp_tests", "text/jionlp_tests", jionlp),
    ):
        if (args.data / folder).exists():
            figures[name] = measure(args.data).rows()
    figures |= {f"passages {name}": rows for name, rows in passages().items()}
    if (args.data / "text/fraud_news").exists():
        figures["fraud_news"] = false_alarms(args.data)
    if (args.data / "text/generated_reports").exists():
        figures["speed"] = speed(args.data)
    if args.json:
        print(json.dumps(figures, ensure_ascii=False))
        return 0
    for name, rows in figures.items():
        print(f"\n{name}")
        for kind, row in rows.items():
            if isinstance(row, dict):
                print(
                    f"  {kind:16} P {row['precision']:.4f}  R {row['recall']:.4f}  F1 {row['f1']:.4f}"
                    f"  extra {row['extra']:.0f}  missed {row['missed']:.0f}"
                )
            else:
                print(f"  {kind:28} {row:.3f}" if isinstance(row, float) else f"  {kind:28} {row}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
