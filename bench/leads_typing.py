"""How long a key takes in a narrative, with leads.js beside it and without: milliseconds of CPU a key.

    python bench/leads_typing.py [--json]

A headless chromium types into a textarea that holds 1 thousand, 30 thousand and 1 million characters (lines of 60, as
a pasted chat log). Both pages are measured in one run; the ratio is what leads.js adds. Extraction runs in this
process and answers the page over a routed request, as the server would.
"""

import argparse
import json
import statistics
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.conftest import CHROMIUM, CHROMIUM_FLAGS  # noqa: E402
from tests.intake.leads_page import ORIGIN, serve  # noqa: E402

SIZES = (1_000, 30_000, 1_000_000)
KEYS = 12
ROUNDS = 5
LINE = "09:41 小丽: 你再转5000元到这个卡 6222021001123456789，今天下午3点前要到账，电话13812345678\n"


def typed(page: Any, size: int) -> float:
    """Milliseconds of the page's main thread (its own CPU time, whatever else the machine does) a key."""
    text = (LINE * (size // len(LINE) + 1))[:size]
    page.evaluate("(text) => { document.getElementById('n').value = text; }", text)
    page.locator("#n").focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("a")
    page.wait_for_timeout(500)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    spent = []
    for _round in range(ROUNDS):
        before = busy_s(session)
        for _key in range(KEYS):
            page.keyboard.press("a")
            page.wait_for_timeout(20)
        page.wait_for_timeout(100)
        spent.append((busy_s(session) - before) * 1000 / KEYS)
    return statistics.median(spent)


def busy_s(session: Any) -> float:
    metrics = {row["name"]: row["value"] for row in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    figures = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS, headless=True)
        for size in SIZES:
            rows = {}
            for name in ("with", "without"):
                page = browser.new_page()
                if name == "with":
                    serve(page)
                else:
                    page.route(f"{ORIGIN}/**", lambda route: route.fulfill(body=BARE, content_type="text/html"))
                    page.goto(f"{ORIGIN}/")
                rows[name] = typed(page, size)
                page.close()
            figures[size] = rows | {"ratio": rows["with"] / rows["without"]}
        browser.close()
    if args.json:
        print(json.dumps(figures))
        return 0
    for size, rows in figures.items():
        print(
            f"{size:9} characters: with {rows['with']:.1f} ms a key, without {rows['without']:.1f},"
            f" ratio {rows['ratio']:.2f}"
        )
    return 0


BARE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title><textarea id="n" rows="12"></textarea></html>'
)

if __name__ == "__main__":
    raise SystemExit(main())
