"""The live feed: what the journal writes reaches open pages within milliseconds (server-sent events).

Theory. One LISTEN a process; each notification is fanned out in memory to the open feeds. A feed carries no content,
only "these kinds of event happened (in this case)": the page then fetches the fragments that it shows through
ordinary views, which check permissions as always. So the feed needs to know only that somebody is signed in.
A feed that cannot keep up gets one "*" (look at everything) instead of its backlog.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

from django.conf import settings

from wuzha.deliver import in_thread, listen
from wuzha.journal.append import CHANNEL

PATH = "/live"
FEEDS_MAX = 2_000
BACKLOG_MAX = 100
HEARTBEAT_S = 15.0
FEED_LIFE_S = 3_600.0  # the browser then reconnects, and the session is checked again

_feeds: set[asyncio.Queue[str]] = set()
_listener: list[asyncio.Task[None]] = []


def _fan_out(payload: str) -> None:
    for queue in list(_feeds):
        if queue.full():
            while not queue.empty():
                queue.get_nowait()
            payload = json.dumps([{"case": "", "kinds": ["*"]}])
        queue.put_nowait(payload)


def _ensure_listener() -> None:
    if not _listener or _listener[0].done():
        _listener[:] = [
            asyncio.create_task(listen(settings.DATABASE_URL, CHANNEL, lambda text: _fan_out(text) if text else None))
        ]


async def lifespan(receive: Any, send: Any) -> None:
    """Start and end with the server."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            for task in _listener:
                task.cancel()
            for queue in list(_feeds):
                queue.put_nowait("")
            await send({"type": "lifespan.shutdown.complete"})
            return


def _signed_in(cookies: str) -> bool:
    """Whether a cookie header belongs to somebody who is signed in."""
    from http.cookies import CookieError, SimpleCookie

    from django.contrib.auth import get_user
    from django.http import HttpRequest

    jar: SimpleCookie = SimpleCookie()
    with contextlib.suppress(CookieError):
        jar.load(cookies)
    morsel = jar.get(settings.SESSION_COOKIE_NAME)
    if morsel is None:
        return False
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value)
    return bool(get_user(request).is_authenticated)


async def feed(scope: Any, receive: Any, send: Any) -> None:
    """One open page."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if len(_feeds) >= FEEDS_MAX:
        await _refuse(send, 503)
        return
    if scope["method"] != "GET" or not await in_thread(_signed_in, headers.get("cookie", "")):
        await _refuse(send, 403)
        return
    _ensure_listener()
    queue: asyncio.Queue[str] = asyncio.Queue(BACKLOG_MAX)
    _feeds.add(queue)
    gone = asyncio.create_task(_until_gone(receive))
    try:
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"text/event-stream; charset=utf-8"),
                    (b"cache-control", b"no-store"),
                    (b"x-accel-buffering", b"no"),
                ],
            }
        )
        async for text in _texts(queue, gone):
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        _feeds.discard(queue)
        gone.cancel()


async def _texts(queue: asyncio.Queue[str], gone: asyncio.Task[None]) -> AsyncIterator[str]:
    yield "retry: 1500\n\n"
    until = asyncio.get_running_loop().time() + FEED_LIFE_S
    while not gone.done() and asyncio.get_running_loop().time() < until:
        getting = asyncio.create_task(queue.get())
        await asyncio.wait([getting, gone], timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
        if not getting.done():
            getting.cancel()
            yield ": still here\n\n"
            continue
        text = getting.result()
        if not text:
            return
        yield f"event: journal\ndata: {text}\n\n"


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Any, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})
