"""Reports of drills that were held on this machine, kept beside the centre's data for its commander. Newest first.

A run's name tells when, which scenario and seed: "20261122-031500-C-7". A file that cannot be read is passed over.
"""

import os
import re
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from wuzha.analysis.saved import Report

FOLDER = "drills"
RUNS_KEPT_MAX = 50
FILE_BYTES_MAX = 20_000_000
_NAME = re.compile(r"\d{8}-\d{6}-[A-Z]-\d{1,18}")
_REPORT = TypeAdapter(Report)


def keep(report: Report, data: Path) -> Path:
    """Write a drill's report; the oldest beyond RUNS_KEPT_MAX go."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{report.made_at:%Y%m%d-%H%M%S}-{report.scenario}-{report.seed}.json"
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(_REPORT.dump_json(report))
    fresh.replace(path)
    for name in names(data)[RUNS_KEPT_MAX:]:
        (folder / f"{name}.json").unlink(missing_ok=True)
    return path


def names(data: Path) -> list[str]:
    """The names of the runs that are kept, newest first."""
    return sorted((path.stem for path in (data / FOLDER).glob("*.json") if _NAME.fullmatch(path.stem)), reverse=True)


def read(data: Path, name: str) -> Report | None:
    """One run's report; None when there is none of that name, or it cannot be read."""
    path = data / FOLDER / f"{name}.json"
    if not _NAME.fullmatch(name) or not path.is_file() or path.stat().st_size > FILE_BYTES_MAX:
        return None
    try:
        return _REPORT.validate_json(path.read_bytes())
    except ValidationError:
        return None
