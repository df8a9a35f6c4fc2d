"""`wuzha kinds train FILE...`: train the kind of fraud on this centre's decisions; `evaluate` judges what is in use.

The model lives in the centre's data folder (models/fraud_kinds.npz). Nothing leaves the machine.
"""

import argparse
import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from wuzha.intake.kinds import fraud_kinds, kind_model
from wuzha.intake.kinds.kind_training import Figures, judge, read_examples, train

MODEL_FILE = Path("models") / "fraud_kinds.npz"
DATA_DIR_DEFAULT = Path(__file__).resolve().parents[2] / "data"


def model_path() -> Path:
    """Where this centre keeps its model: below WUZHA_DATA, else data/ in the clone."""
    return Path(os.environ.get("WUZHA_DATA") or DATA_DIR_DEFAULT).resolve() / MODEL_FILE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """train or evaluate, with files of examples."""
    parser.add_argument("action", choices=("train", "evaluate"))
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="JSON lines or CSV with text and kind")
    parser.add_argument("--model", type=Path, default=None, help="model file (default: in the centre's data folder)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """0 when done, also when the old model stays because the new one is no better."""
    path = args.model or model_path()
    examples = read_examples(args.files)
    old = kind_model.load(path)
    if args.action == "evaluate":
        figures = judge(old.classify if old else fraud_kinds.classify, examples)
        name = str(old.info.get("name", "")) if old else "rules"
        if args.json:
            print(json.dumps({"model": name} | asdict(figures), ensure_ascii=False))
        else:
            print(_row(name, figures))
        return 0
    name = f"trained {datetime.now().astimezone():%Y-%m-%d %H:%M}"
    training = train(examples, old, name=name)
    if training.replaced:
        training.model.save(path)
    if args.json:
        print(json.dumps(training.as_dict() | {"model": str(path)}, ensure_ascii=False))
        return 0
    print(f"trained on {training.trained_on}, tuned on {training.tuned_on}, judged on {training.new.count} held back")
    print(_row(f"old ({training.old_name})", training.old))
    print(_row("new", training.new))
    print(f"new model in use: {path}" if training.replaced else "the old one stays: the new one is no better")
    return 0


def _row(name: str, figures: Figures) -> str:
    return (
        f"{name:32} right {figures.right:.3f}  in three {figures.right_in_three:.3f}  log loss {figures.log_loss:.3f}"
        f"  calibration error {figures.calibration_error:.3f}  sure {figures.sure:.3f}"
        f"  right when sure {figures.right_when_sure:.3f}"
    )
