"""How long a key takes in the narrative of the whole intake page, a pasted chat log in it, beside a bare textarea.

    python bench/intake_typing.py [--size CHARACTERS] [--json]

The page is served by the centre's own code with a PostgreSQL of its own; a headless chromium pastes a log whose every
line names another account, sum and phone, and types while it is read and afterwards. For each key: CPU of the page's
main thread (whatever else the machine does), the wall time from the key to the next painted frame, and the duration
that the Event Timing API tells (in steps of 8 ms). The bare textarea holds the same text in the same run.
"""

import argparse
import json
import random
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests import conftest  # noqa: E402

SIZE = 1_000_000
KEYS = 30
KEY_GAP_MS = 60
BARE = '<!doctype html><html lang="en"><title>x</title><textarea name="narrative" rows="8" cols="80"></textarea></html>'
PASTE = """(text) => { const field = document.querySelector("[name=narrative]"); field.focus(); field.value = text;
field.dispatchEvent(new Event("input", {bubbles: true})); }"""
WATCH = """() => { window.told = []; window.painted = [];
new PerformanceObserver((list) => { for (const one of list.getEntries())
  if (one.name === "keydown") window.told.push(one.duration); }).observe({type: "event", durationThreshold: 16});
addEventListener("keydown", (event) => requestAnimationFrame(() => { const gate = new MessageChannel();
  gate.port1.onmessage = () => window.painted.push(performance.now() - event.timeStamp);
  gate.port2.postMessage(0); }), true); }"""


def chat_log(size: int) -> str:
    chance = random.Random(3)
    lines, length = [], 0
    while length < size:
        lines.append(
            f"09:{len(lines) % 60:02} 小丽: 你再转{chance.randrange(1000, 99999)}元到这个卡 "
            f"6222021001{chance.randrange(10**9):09}，今天下午3点前要到账，电话138{chance.randrange(10**8):08}\n"
        )
        length += len(lines[-1])
    return "".join(lines)[:size]


@contextmanager
def centre() -> Iterator[str]:
    """The pages of a small centre; gives their address."""
    import django

    if conftest._cluster is None:
        raise SystemExit("unset DATABASE_URL: the benchmark starts a PostgreSQL of its own")
    django.setup()
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test.runner import DiscoverRunner
    from django.test.testcases import LiveServerThread

    conftest._cluster.start()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    runner.setup_databases()
    from tests.web.people import staff

    staff()
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.terminate()
        conftest._cluster.stop()


def busy_s(session: Any) -> float:
    metrics = {row["name"]: row["value"] for row in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def typed(page: Any) -> dict[str, float]:
    """Figures of KEYS keys, milliseconds."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate("() => { window.told.length = 0; window.painted.length = 0; }")
    spent = []
    for _key in range(KEYS):
        before = busy_s(session)
        page.keyboard.press("a")
        page.wait_for_timeout(KEY_GAP_MS)
        spent.append((busy_s(session) - before) * 1000)
    page.wait_for_timeout(1000)
    painted, told = page.evaluate("[window.painted, window.told]")
    return {
        "cpu_median_ms": statistics.median(spent),
        "cpu_max_ms": max(spent),
        "frame_median_ms": statistics.median(painted),
        "frame_max_ms": max(painted),
        "event_max_ms": max(told, default=16.0),
    }


def measure(size: int) -> dict[str, dict[str, float]]:
    text, figures = chat_log(size), {}
    with centre() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=conftest.CHROMIUM, args=conftest.CHROMIUM_FLAGS)
        page = browser.new_page()
        page.set_content(BARE)
        page.evaluate(WATCH)
        page.evaluate(PASTE, text)
        page.keyboard.press("Control+End")
        page.wait_for_timeout(3000)
        figures["bare textarea, at the end"] = typed(page)
        page.goto(f"{url}/sign-in")
        page.fill("[name=username]", "jiejing")
        page.fill("[name=password]", "jiejing" * 2)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda now: "sign-in" not in now)
        page.goto(f"{url}/intake")
        page.evaluate(WATCH)
        page.evaluate(PASTE, text)
        page.wait_for_timeout(1000)
        figures["page, at the start, being read"] = typed(page)
        page.keyboard.press("Control+End")
        figures["page, at the end, being read"] = typed(page)
        page.wait_for_timeout(30_000)
        figures["page, at the end, read"] = typed(page)
        browser.close()
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    figures = measure(args.size)
    if args.json:
        print(json.dumps(figures))
        return 0
    for name, row in figures.items():
        print(f"{name:32}" + "  ".join(f"{what.removesuffix('_ms')} {value:.1f}" for what, value in row.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
