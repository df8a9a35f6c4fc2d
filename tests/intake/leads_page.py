"""A bare page with a textarea and leads.js, served to the browser without a server, under the strict policy."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from wuzha.intake.leads import extract, lead_to_dict

STATIC = Path(__file__).resolve().parents[2] / "wuzha" / "static" / "wuzha"
NOW = datetime.fromisoformat("2026-11-21T14:30")
ORIGIN = "http://leads.test"
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Leads</title>
<link rel="stylesheet" href="/leads.css"><script src="/leads.js" defer></script><script src="/start.js" defer></script>
</head><body><label for="n">Narrative</label><textarea id="n" rows="12"></textarea><div id="l"></div></body></html>"""
START = """
window.done = [];
window.watch = window.wuzha.leads.attach({
  textarea: document.getElementById("n"), list: document.getElementById("l"), endpoint: "/leads",
  onConfirm: (lead) => window.done.push(["confirmed", lead.value]),
  onReject: (lead) => window.done.push(["rejected", lead.value]),
});
"""


def serve(page: Any) -> list[str]:
    """Answer every request of `page`; the list collects the texts that were posted."""
    posted: list[str] = []

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        headers = {"Content-Security-Policy": POLICY}
        if path == "/leads":
            assert route.request.headers["x-csrftoken"] == "secret"
            text = json.loads(route.request.post_data or "{}")["text"]
            posted.append(text)
            leads = [lead_to_dict(lead) for lead in extract(text, NOW)]
            route.fulfill(json={"leads": leads})
        elif path in ("/leads.js", "/leads.css"):
            kind = "text/javascript" if path.endswith("js") else "text/css"
            route.fulfill(body=(STATIC / path[1:]).read_text(encoding="utf-8"), content_type=kind, headers=headers)
        elif path == "/start.js":
            route.fulfill(body=START, content_type="text/javascript", headers=headers)
        elif path == "/":
            route.fulfill(body=PAGE, content_type="text/html", headers=headers)
        else:
            route.fulfill(status=404)

    page.route(f"{ORIGIN}/**", answer)
    page.context.add_cookies([{"name": "csrftoken", "value": "secret", "url": ORIGIN}])
    page.goto(f"{ORIGIN}/")
    return posted
