"""The one server of pages, API and live feed.

Theory. Pages and API are synchronous Django behind WSGI threads, which costs a third of the CPU of asynchronous views
(docs/adr/0003). The live feed is thousands of idle connections and therefore asynchronous. This module puts both
behind one address, so that the feed shares origin, cookie and TLS with the pages: /live goes to the feed, everything
else to the WSGI application in a pool of threads.
"""

import gc
import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuzha.settings")

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import Receive, Scope, Send

from wuzha.wsgi import application as pages

PAGE_THREADS = 12  # more of them only share one core: each report then waits for all others
import_module("wuzha.web.urls")  # every page is loaded now, not while the first caller waits
# What is loaded by now stays for ever: without this each full collection walks it for a tenth of a second and more,
# while an answer waits.
gc.collect()
gc.freeze()
_pages = WSGIMiddleware(pages, workers=PAGE_THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Route one connection."""
    from wuzha.web import live

    if scope["type"] == "lifespan":
        await live.lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == live.PATH:
        await live.feed(scope, receive, send)
    else:
        await _pages(scope, receive, send)
