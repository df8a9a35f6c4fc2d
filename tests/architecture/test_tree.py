"""The tree is as the house rules say: every module has its theory, no file has two subjects, nothing is left open."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINES_MAX = 400
CLOCK_CALLS = {"now", "utcnow", "today", "time", "monotonic"}
OPEN_ENDS = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b|raise NotImplemented" + r"Error")
LOCK_FILES = {"uv.lock", "pylock.toml", "package-lock.json", "yarn.lock", "poetry.lock"}
REMOTE_RESOURCE = re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE)


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def relative(path):
    return str(path.relative_to(ROOT))


def modules():
    return [path for path in tracked("*.py") if "migrations" not in path.parts]


def is_pure(path):
    parts = path.relative_to(ROOT).parts
    return parts[:2] == ("wuzha", "kernel") or path.name == "rules.py" or parts[:3] == ("wuzha", "tracing", "engine")


def test_every_module_opens_with_its_theory():
    bare = [relative(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert [name for name in bare if not name.endswith("/__init__.py") or (ROOT / name).stat().st_size] == []


def test_no_file_is_too_long():
    lengths = {relative(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > LINES_MAX} == {}


@pytest.mark.parametrize("path", [path for path in modules() if is_pure(path)], ids=relative)
def test_rules_read_no_clock_and_no_chance(path):
    tree = ast.parse(path.read_text("utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module.split(".")[0])
    assert imported & {"random", "secrets", "socket", "subprocess", "requests", "django"} == set()
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert [ast.unparse(call) for call in calls if isinstance(call, ast.Attribute) and call.attr in CLOCK_CALLS] == []


def test_nothing_is_left_open():
    files = [path for path in tracked("*.py", "*.js", "*.css", "*.html", "*.sh") if "vendor" not in path.parts]
    found = [relative(path) for path in files if OPEN_ENDS.search(path.read_text("utf-8"))]
    assert found == []


def test_pinned_requirements_carry_hashes_and_no_address():
    for path in tracked("requirements/*.txt"):
        text = path.read_text("utf-8")
        assert "://" not in text, relative(path)
        assert text.count("==") <= text.count("--hash=sha256:"), relative(path)


def test_no_lock_file_with_download_addresses():
    assert [relative(path) for path in tracked() if path.name in LOCK_FILES] == []
    configured = [
        path for path in tracked() if path.suffix in (".toml", ".cfg", ".ini", ".in", ".sh") or not path.suffix
    ]
    named = re.compile(r"index[-_]url|extra[-_]index|\bregistry\s*=")
    assert [relative(path) for path in configured if named.search(path.read_text("utf-8", "replace"))] == []


def test_pages_load_nothing_from_another_host():
    pages = [path for path in tracked("*.html", "*.svg") if "templates" in path.parts or "static" in path.parts]
    assert [relative(path) for path in pages if REMOTE_RESOURCE.search(path.read_text("utf-8"))] == []
    sheets = [path for path in tracked("*.css") if re.search(r"url\(\s*['\"]?(?:https?:)?//", path.read_text("utf-8"))]
    assert [relative(path) for path in sheets] == []


def test_vendored_scripts_come_with_their_licence():
    vendor = ROOT / "wuzha" / "static" / "vendor"
    folders = [folder for folder in vendor.iterdir() if folder.is_dir()]
    assert folders
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for folder in folders:
        assert (folder / "LICENSE").is_file(), folder.name
        assert f"vendor/{folder.name}/LICENSE" in notice
