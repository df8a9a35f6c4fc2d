"""Where the public data for measuring lies, when it is there.

Tests that need it call `shared_path`; without the data they are skipped and say so.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared_path(relative: str) -> Path:
    """Path of a public data set below WUZHA_SHARED_DATA (default: beside the clone); skips when it is absent."""
    base = Path(os.environ.get("WUZHA_SHARED_DATA", ROOT.parent / "shared" / "data"))
    path = base / relative
    if not path.exists():
        pytest.skip(f"public data set {relative} is not beside this clone")
    return path
