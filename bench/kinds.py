"""How well the kind of fraud is told: across sources, and with the kind's own words blanked.

    python bench/kinds.py [--data FOLDER] [--json]

Nothing is judged on the source it was trained on, except the row named so. Sources (measured only, never shipped):
- news: articles found by searching for a kind (weak labels: the search word; a right answer may be one of several);
- scripts: what fraudsters say, in four kinds.
"Blanked" replaces every word of weight BLANK_WEIGHT or more for the right kind by 〇 before the text is read.
"""

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from wuzha.intake.kinds import fraud_kinds, kind_model  # noqa: E402
from wuzha.intake.kinds.kind_training import Example, Figures, judge, split  # noqa: E402

BLANK_WEIGHT = 3.5
NEWS_LENGTH_MAX = 3000
# The set's file for 虚假购物 holds the articles of another search; 短信, 网络赌博 and 诈骗 name no kind: left out.
NEWS_KINDS = {
    "二手交易": ("shopping",),
    "传销": ("other",),
    "兼职刷单": ("brushing",),
    "冒充客服": ("customer-service", "credit-record"),
    "微商代理": ("shopping",),
    "投资诈骗": ("investment", "crypto", "dating"),
    "杀猪盘": ("dating", "investment"),
    "网络贷款": ("loan",),
    "虚拟货币": ("crypto", "investment"),
}
SCRIPT_KINDS = {
    "冒充公检法及政府机关类": ("authority",),
    "贷款、代办信用卡类": ("loan", "credit-limit"),
    "冒充客服服务": ("customer-service", "credit-record"),
    "冒充领导、熟人类": ("acquaintance", "guess-who"),
}
Labelled = tuple[str, tuple[str, ...]]


def news(base: Path) -> Iterator[Labelled]:
    seen: set[str] = set()
    for path in sorted((base / "text/fraud_news").glob("*.csv")):
        answers = next((kinds for word, kinds in NEWS_KINDS.items() if word in path.name), None)
        if answers is None:
            continue
        for row in csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig", "replace"))):
            text = (row.get("文章正文内容") or "")[:NEWS_LENGTH_MAX]
            if len(text) > 50 and text not in seen:
                seen.add(text)
                yield text, answers


def scripts(base: Path) -> Iterator[Labelled]:
    with (base / "text/scam_texts_5/texts.csv").open(encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["label"] in SCRIPT_KINDS:
                yield row["text"], SCRIPT_KINDS[row["label"]]


def blank(text: str, answers: tuple[str, ...]) -> str:
    for kind in answers:
        for word, weight in fraud_kinds.evidence_words()[kind].items():
            if weight >= BLANK_WEIGHT:
                text = text.replace(word, "〇" * len(word))
    return text


def first_kind(examples: list[Labelled]) -> list[Example]:
    return [(text, answers[0]) for text, answers in examples]


def measure(classify: object, examples: list[Labelled]) -> Figures:
    return judge(classify, ((text, frozenset(answers)) for text, answers in examples))  # type: ignore[arg-type]


def trained(examples: list[Labelled]) -> kind_model.KindModel:
    training, tuning, _held_back = split(first_kind(examples))
    return kind_model.fit(training, tuning, {"name": "bench"})


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("WUZHA_SHARED_DATA", str(ROOT.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    articles, lines = list(news(args.data)), list(scripts(args.data))
    held = {text for text, _kind in split(first_kind(lines))[2]}
    held_lines = [example for example in lines if example[0] in held]
    held = {text for text, _kind in split(first_kind(articles))[2]}
    held_articles = [example for example in articles if example[0] in held]
    shared = {"customer-service", "credit-record", "loan", "credit-limit"}
    shared_lines = [example for example in lines if example[1][0] in shared]
    shared_articles = [example for example in articles if example[1][0] in shared]
    by_news, by_lines = trained(articles), trained(lines)
    figures = {
        "rules on news": measure(fraud_kinds.classify, articles),
        "rules on news, own words blanked": measure(fraud_kinds.classify, [(blank(*e), e[1]) for e in articles]),
        "rules on scripts": measure(fraud_kinds.classify, lines),
        "rules on scripts, own words blanked": measure(fraud_kinds.classify, [(blank(*e), e[1]) for e in lines]),
        "trained on news, on scripts of kinds in both": measure(by_news.classify, shared_lines),
        "rules, on scripts of kinds in both": measure(fraud_kinds.classify, shared_lines),
        "trained on scripts, on news of kinds in both": measure(by_lines.classify, shared_articles),
        "rules, on news of kinds in both": measure(fraud_kinds.classify, shared_articles),
        "trained on news, held-back news (same source)": measure(by_news.classify, held_articles),
        "rules, held-back news": measure(fraud_kinds.classify, held_articles),
        "trained on scripts, held-back scripts (same source)": measure(by_lines.classify, held_lines),
        "rules, held-back scripts": measure(fraud_kinds.classify, held_lines),
    }
    if args.json:
        print(json.dumps({name: asdict(row) for name, row in figures.items()}))
        return 0
    for name, row in figures.items():
        print(
            f"{name:52} n {row.count:5}  right {row.right:.3f}  in three {row.right_in_three:.3f}"
            f"  log loss {row.log_loss:.3f}  calibration error {row.calibration_error:.3f}"
            f"  sure {row.sure:.3f}  right when sure {row.right_when_sure:.3f}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
