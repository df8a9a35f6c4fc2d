"""The kind of fraud as this centre tells it now: its own trained model when there is one, else the rules.

The model is a file in the centre's data folder; every program of the centre reads it again when it was replaced. A
file that cannot be read never costs a report: the rules answer, and the fault is logged.
"""

import os
from logging import getLogger
from pathlib import Path
from typing import TYPE_CHECKING

from wuzha.intake.kinds import fraud_kinds
from wuzha.intake.kinds.fraud_kinds import KindVerdict

if TYPE_CHECKING:
    from wuzha.intake.kinds.kind_model import KindModel

MODEL_FILE = Path("models") / "fraud_kinds.npz"
DATA_DIR_DEFAULT = Path(__file__).resolve().parents[3] / "data"

log_of = getLogger(__name__)

_loaded: dict[Path, tuple[tuple[int, int], "KindModel | None"]] = {}


def model_path() -> Path:
    """Where this centre keeps its model: below WUZHA_DATA, else data/ in the clone."""
    return Path(os.environ.get("WUZHA_DATA") or DATA_DIR_DEFAULT).resolve() / MODEL_FILE


def classify(text: str) -> KindVerdict:
    """The verdict of the model in use on a narrative."""
    model = _model(model_path())
    return model.classify(text) if model else fraud_kinds.classify(text)


def _model(path: Path) -> "KindModel | None":
    try:
        stat = path.stat()
    except OSError:
        return None
    version = (stat.st_mtime_ns, stat.st_size)
    if path not in _loaded or _loaded[path][0] != version:
        from wuzha.intake.kinds import kind_model  # a centre without a model loads no numerical library

        try:
            model = kind_model.load(path)
        except Exception:
            log_of.exception("the model of the kind of fraud at %s cannot be read; the rules answer", path)
            model = None
        _loaded[path] = (version, model)
    return _loaded[path][1]
