"""The live feed: what is written reaches an open page, and nobody who is not signed in."""

import asyncio
import json
from uuid import uuid4

import pytest
from django.test import Client

from tests.centre import NOW, officer
from tests.loops import run as run_coroutine
from wuzha.journal.append import on_case
from wuzha.web import live

pytestmark = pytest.mark.django_db(transaction=True)
WAIT_S = 5


def cookies(client):
    """The cookie header of a test client."""
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()).encode()


async def listen_to(cookie, act, settings):
    """Open a feed, `act` once it is open, and return (status, the first journal event told)."""
    sent = asyncio.Queue()
    gone = asyncio.Event()

    async def receive():
        await gone.wait()
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": "/live", "headers": [(b"cookie", cookie)]}
    task = asyncio.create_task(live.feed(scope, receive, sent.put))
    try:
        start = await asyncio.wait_for(sent.get(), WAIT_S)
        if start["status"] != 200:
            return start["status"], None
        for _try in range(100):
            await asyncio.to_thread(act)
            try:
                message = await asyncio.wait_for(sent.get(), 0.2)
            except TimeoutError:
                continue  # the feed's own LISTEN is not there yet
            text = message.get("body", b"").decode()
            if text.startswith("event: journal"):
                return 200, json.loads(text.split("data: ")[1])
        return 200, None
    finally:
        gone.set()
        await asyncio.wait_for(task, WAIT_S)
        for listener in live._listener:
            listener.cancel()
        live._listener.clear()


@pytest.fixture
def _test_database(settings):
    """The feed listens to the database that the tests write to."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    settings.DATABASE_URL = settings.DATABASE_URL.replace("/wuzha?", f"/{name}?")


@pytest.mark.usefixtures("_test_database")
def test_a_written_event_reaches_an_open_page(settings):
    client, case = Client(), uuid4()
    client.force_login(officer())

    def act():
        from django.db import connection

        with on_case(case, by="tester", now=NOW) as log:
            log.write("order.queued")
        connection.close()

    status, told = run_coroutine(listen_to(cookies(client), act, settings))
    assert status == 200
    assert told == [{"case": str(case), "kinds": ["order.queued"]}]


@pytest.mark.parametrize("cookie", [b"", b"wuzha8000=forged", b"\xff=;;"])
def test_the_feed_is_for_people_who_are_signed_in(cookie, settings):
    status, told = run_coroutine(listen_to(cookie, lambda: None, settings))
    assert (status, told) == (403, None)
