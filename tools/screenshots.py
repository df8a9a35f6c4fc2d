"""Pictures of the running demonstration for the README: `make screenshots`, or python -m tools.screenshots [--url URL].

Theory. A picture that can be taken again is a picture that stays true. Without --url a demonstration centre of its own
is started in a temporary folder on free ports, left alone until a case is worth looking at, photographed, and ended.
What is shown is chosen, not arranged: the case with the most states and accounts among the latest ones. Each picture
waits for what it is to show instead of a while; one that fails is told and leaves the others as they are.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
START_S_MAX = 90
FILL_S_MAX = 240
FILL_STEP_S = 10
STATES_WANTED, ACCOUNTS_WANTED = 4, 20
PAGE_LIMIT_MS = 60_000  # a machine that runs a country beside its browser is slow
CASES_LOOKED_AT = 40
SETTLE_MS = 1_200
TRIES = 2
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
WORDS = (
    "我今天下午2点10分被自称客服的人骗了，转了8万5千元到工行卡6222020200112230，"
    "对方电话13912345678，还让我打开 shua.example.com"
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: who looks at which page, how. {case} in the path is the chosen case, `seen` must be there."""

    name: str
    user: str
    path: str
    width: int = 1440
    height: int = 900
    dark: bool = False
    language: str = "zh-hans"
    seen: str = "main"
    typed: str = ""


SHOTS = (
    Shot("situation", "zhihui", "/situation"),
    Shot("situation-dark", "zhihui", "/situation", dark=True, language="en"),
    Shot("case", "chakong", "/cases/{case}", height=1000, seen=".flow-node"),
    Shot("case-dark", "chakong", "/cases/{case}", height=1000, dark=True, language="en", seen=".flow-node"),
    Shot("board", "chakong", "/board?show=all", seen="[data-row]"),
    Shot("intake", "jiejing", "/intake", height=1000, seen="[data-intake]", typed=WORDS),
    Shot("situation-phone", "zhihui", "/situation", width=390, height=844),
    Shot("case-phone", "chakong", "/cases/{case}", width=390, height=844, seen=".flow-node"),
)


def free_ports() -> tuple[int, int]:
    """Two ports that nobody listens on."""
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


@contextmanager
def demonstration() -> Iterator[str]:
    """A demonstration centre of our own; gives its address."""
    port, country_port = free_ports()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="wuzha-screenshots-") as folder:
        Path(folder).chmod(0o755)
        environment = os.environ | {
            "WUZHA_DATA": f"{folder}/data",
            "WUZHA_PORT": str(port),
            "WUZHA_COUNTRY_PORT": str(country_port),
        }
        command = [sys.executable, "-m", "wuzha", "run", "--demo"]
        centre = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait_for(f"{url}/health", centre)
            print(f"a demonstration runs at {url}; waiting for a telling case ...", flush=True)
            yield url
        finally:
            centre.send_signal(signal.SIGINT)
            centre.wait(timeout=60)


def _wait_for(url: str, centre: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_S_MAX
    while time.monotonic() < until and centre.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the demonstration did not start; run `make run` to see why")


def sign_in(page: Page, url: str, user: str) -> None:
    """Sign in with a sample account."""
    page.goto(f"{url}/sign-in")
    page.click(f"button[name=sample][value={user}]")
    page.wait_for_url(lambda now: "sign-in" not in now)


def telling_case(page: Page, url: str) -> str:
    """Id of the case to show, waited for until one has enough states and accounts, at most FILL_S_MAX."""
    until = time.monotonic() + FILL_S_MAX
    while True:
        path, (states, accounts) = _best_case(page, url)
        enough = states >= STATES_WANTED and accounts >= ACCOUNTS_WANTED
        if path and (enough or time.monotonic() > until):
            return path.rsplit("/", 1)[-1]
        if time.monotonic() > until:
            raise SystemExit("no case came in yet; try again")
        time.sleep(FILL_STEP_S)


def _best_case(page: Page, url: str) -> tuple[str, tuple[int, int]]:
    """The case among the latest whose picture has the most states, then accounts: its path, and both numbers."""
    page.goto(f"{url}/cases?show=all")
    links = page.locator("a.hit.case-number").evaluate_all("(all) => all.map((one) => one.pathname)")
    sizes = {}
    for path in links[:CASES_LOOKED_AT]:
        nodes = page.request.get(f"{url}{path}/flow.json").json()["nodes"]
        states = {node["state"] for node in nodes}
        sizes[path] = (len(states), len(nodes))
    best = max(sizes, key=lambda path: sizes[path], default="")
    return str(best), sizes.get(best, (0, 0))


def tell_story(page: Page, words: str) -> None:
    """Type a victim's words at intake; the payment and the first lead after it are taken over, the rest waits."""
    page.fill("[name=victim_name]", "王建国")
    page.focus("[name=narrative]")
    page.keyboard.insert_text(words)
    page.locator("[data-leads] li[data-kind=payment]").first.wait_for()
    page.locator("[data-kinds] button").first.wait_for()
    page.keyboard.press("Alt+1")
    page.locator("[data-leads] li[data-kind=payment]").first.wait_for(state="detached")
    page.keyboard.press("Alt+2")
    page.locator("[data-hint]:not(:empty)").first.wait_for()


def take(browser: Browser, url: str, shot: Shot, case: str, folder: Path) -> Path:
    """Take one picture."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.dark else "light",
        locale="en-GB" if shot.language == "en" else "zh-CN",
        reduced_motion="reduce",
        is_mobile=shot.width < 500,
        has_touch=shot.width < 500,
        device_scale_factor=2 if shot.width < 500 else 1,
    )
    context.add_cookies([{"name": "django_language", "value": shot.language, "url": url}])
    context.set_default_timeout(PAGE_LIMIT_MS)
    try:
        page = context.new_page()
        sign_in(page, url, shot.user)
        page.goto(url + shot.path.format(case=case))
        page.locator(shot.seen).first.wait_for(state="attached")
        if shot.typed:
            tell_story(page, shot.typed)
        page.wait_for_timeout(SETTLE_MS)
        path = folder / f"{shot.name}.png"
        page.screenshot(path=path)
    finally:
        context.close()
    return path


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", help="a running demonstration, instead of starting one")
    parser.add_argument("--out", type=Path, default=IMAGES, help="folder of the pictures")
    parser.add_argument("--only", nargs="*", default=[], choices=[shot.name for shot in SHOTS], help="these pictures")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.url:
        _take_all(args.url.rstrip("/"), args.out, args.only)
        return
    with demonstration() as url:
        _take_all(url, args.out, args.only)


def _take_all(url: str, folder: Path, only: list[str]) -> None:
    with sync_playwright() as playwright:
        executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        page = browser.new_page()
        page.set_default_timeout(PAGE_LIMIT_MS)
        sign_in(page, url, "zhihui")
        case = telling_case(page, url)
        wanted = [shot for shot in SHOTS if not only or shot.name in only]
        missing = [shot.name for shot in wanted if not taken(browser, url, shot, case, folder)]
        browser.close()
    if missing:
        raise SystemExit(f"not taken: {', '.join(missing)}")


def taken(browser: Browser, url: str, shot: Shot, case: str, folder: Path) -> bool:
    """Take one picture, once more when it fails; whether it was taken. One that was there before stays."""
    for _try in range(TRIES):
        try:
            path = take(browser, url, shot, case, folder)
        except Error as error:
            print(f"{shot.name}: {str(error).splitlines()[0]}", flush=True)
            continue
        print(f"{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}", flush=True)
        return True
    return False


if __name__ == "__main__":
    main()
