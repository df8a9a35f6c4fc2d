"""`wuzha kinds`: the kind of fraud as this centre decides it: export decided cases, train on them, judge the model.

`export` and `train --from-centre` read the centre's database; phones, cards, identity numbers and names are masked
first (kinds/masking.py). `train` and `evaluate` also take files. The model lives in the centre's data folder
(models/fraud_kinds.npz), takes the old one's place only when it does better on the same held-back part, and nothing
leaves the machine.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from wuzha import cli
from wuzha.intake.kinds import fraud_kinds, kind_model
from wuzha.intake.kinds.in_use import model_path
from wuzha.intake.kinds.kind_training import Example, Figures, distinct, judge, read_examples, train
from wuzha.intake.kinds.masking import mask
from wuzha.kernel.refusals import Refusal, _

RULES = "rules"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """export, train or evaluate; files of examples, or the centre's own decisions."""
    say = cli.speak
    parser.add_argument("action", choices=("export", "train", "evaluate"))
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help=say(_("JSON lines or CSV with text and kind"))
    )
    parser.add_argument(
        "--from-centre", action="store_true", help=say(_("also the cases that this centre's officers decided"))
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help=say(_("export: file to write (default: standard output)"))
    )
    parser.add_argument(
        "--model", type=Path, default=None, help=say(_("model file (default: in the centre's data folder)"))
    )
    parser.add_argument("--json", action="store_true", help=say(_("print one JSON object")))


def run(args: argparse.Namespace) -> int:
    """0 when done, also when the old model stays because the new one is no better."""
    if args.action == "export":
        return _export(args.out)
    path = args.model or model_path()
    examples = _examples(args)
    old = kind_model.load(path)
    if args.action == "evaluate":
        figures = judge(old.classify if old else fraud_kinds.classify, examples)
        name = str(old.info.get("name", "")) if old else RULES
        if args.json:
            print(json.dumps({"model": name} | asdict(figures), ensure_ascii=False))
        else:
            print(_row(_named(name), figures))
        return 0
    name = f"trained {datetime.now().astimezone():%Y-%m-%d %H:%M}"
    training = train(examples, old, name=name)
    if training.replaced:
        training.model.save(path)
    if args.json:
        print(json.dumps(training.as_dict() | {"model": str(path)}, ensure_ascii=False))
        return 0
    say = cli.speak
    counts = {"trained": training.trained_on, "tuned": training.tuned_on, "judged": training.new.count}
    print(say(_("trained on %(trained)s, tuned on %(tuned)s, judged on %(judged)s held back")) % counts)
    print(_row(say(_("old (%(name)s)")) % {"name": _named(training.old_name)}, training.old))
    print(_row(say(_("new")), training.new))
    if training.replaced:
        print(say(_("new model in use: %(path)s")) % {"path": path})
    else:
        print(say(_("the old one stays: the new one is no better")))
    return 0


def _examples(args: argparse.Namespace) -> list[Example]:
    if not args.files and not args.from_centre:
        raise Refusal("kinds.none", _("Name files of examples, or take this centre's decisions with --from-centre."))
    examples = read_examples(args.files)
    if not args.from_centre:
        return examples
    from wuzha.commands import centre

    with centre():
        return distinct([*examples, *decided_examples()])


def decided_examples() -> Iterator[Example]:
    """(masked narrative, kind code) of every decided case; Django must be ready."""
    from wuzha.intake.kind_selectors import decided_cases

    for case in decided_cases():
        yield mask(case.narrative, case.personal), case.kind


def _export(out: Path | None) -> int:
    from wuzha.commands import centre

    try:
        if out:
            out.touch(mode=0o600)  # what masking left is still for the centre's eyes
        target = out.open("w", encoding="utf-8") if out else nullcontext(sys.stdout)
    except OSError as error:
        raise Refusal(
            "kinds.out", _("%(file)s cannot be written; name a file in a folder that exists."), file=str(out)
        ) from error
    count = 0
    with target as stream, centre():
        for text, kind in decided_examples():
            stream.write(json.dumps({"text": text, "kind": kind}, ensure_ascii=False) + "\n")
            count += 1
    print(cli.speak(_("%(count)s decided cases written")) % {"count": count}, file=sys.stderr)
    return 0


def _named(name: str) -> str:
    """A model's name as people read it; "rules" is ours to translate, a trained model's holds its date."""
    return cli.speak(_("the rules that ship")) if name == RULES else name


def _row(name: str, figures: Figures) -> str:
    shown = {key: f"{value:.3f}" for key, value in asdict(figures).items() if key != "count"}
    line = _(
        "right %(right)s  in three %(right_in_three)s  log loss %(log_loss)s"
        "  calibration error %(calibration_error)s  sure %(sure)s  right when sure %(right_when_sure)s"
    )
    return f"{name:32} {cli.speak(line) % shown}"
