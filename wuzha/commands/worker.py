"""`wuzha worker`: deliver, react and sweep, the three verbs that run in the background. Any number may run.

Told to end (SIGTERM, Ctrl-C), it ends what it does, but not at any price: work that waits for a database that is gone
or silent can wait for ever. After END_LIMIT_S it ends as it stands, as safe as being killed: what was not committed is
taken up again by the next worker.
"""

import argparse
import asyncio
import gc
import importlib
import os
import signal
import threading
from logging import getLogger

SWEEP_S = 0.2
GIVE_UP_EVERY_S = 30.0
LEFT_OVER_EVERY_S = 1.0
DAY_S = 86_400.0
QUEUE_CONCURRENCY = 2
END_LIMIT_S = 5.0  # the supervisor kills after ten


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: everything is in the environment (see settings.py)."""


def run(args: argparse.Namespace) -> int:
    """Work until told to end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuzha.settings")
    import django

    django.setup()
    from wuzha.commands.keys import require_keys

    keys = require_keys()
    for name in ("wuzha.deliver", "wuzha.reactions", "wuzha.tasks"):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # as in asgi.py: a full collection would hold up an order that is due
    asyncio.run(_work(keys))
    return 0


async def _work(keys: dict[str, str]) -> None:
    from django.conf import settings
    from procrastinate.contrib.django import app

    from wuzha.deliver import Deliverer
    from wuzha.partners.signing import Signer

    deliverer = Deliverer(Signer(keys["key_id"], keys["private_key"]), keys["code"], settings.DATABASE_URL)
    tasks: list[asyncio.Task[object]] = [
        asyncio.create_task(deliverer.run()),
        asyncio.create_task(_sweep()),
        asyncio.create_task(_jobs(app)),
    ]
    loop = asyncio.get_running_loop()
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    ended = asyncio.create_task(end.wait())
    done, _running = await asyncio.wait([*tasks, ended], return_when=asyncio.FIRST_COMPLETED)
    _end_at_latest(0 if end.is_set() else 1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in done - {ended}:
        task.result()  # a loop that ended by itself is a fault: let the supervisor see it


def _end_at_latest(code: int) -> None:
    """End the process with `code` after END_LIMIT_S, whatever its tasks and threads wait for."""

    def end() -> None:
        getLogger(__name__).warning("still waiting for the database; ended without it")
        os._exit(code)

    timer = threading.Timer(END_LIMIT_S, end)
    timer.daemon = True
    timer.start()


async def _sweep() -> None:
    """Fire due clocks; take steps of the chase left over; close orders never delivered or never answered."""
    from django.db import InterfaceError, OperationalError
    from django.utils import timezone

    from wuzha.clocks.actions import fire_due
    from wuzha.control.answers import give_up
    from wuzha.deliver import DATABASE_WAIT_S, in_thread
    from wuzha.reactions import LEFT_OVER_SINCE_S, chase_left_over

    last_give_up = last_left_over = 0.0
    since_s = DAY_S  # at first also what an earlier worker left, however long nobody worked
    while True:
        try:
            fired = await in_thread(fire_due, now=timezone.now())
            moment = asyncio.get_running_loop().time()
            if moment - last_left_over > LEFT_OVER_EVERY_S:
                await in_thread(chase_left_over, now=timezone.now(), since_s=since_s)
                last_left_over, since_s = moment, LEFT_OVER_SINCE_S
            if moment - last_give_up > GIVE_UP_EVERY_S:
                last_give_up = moment
                await in_thread(give_up, now=timezone.now())
        except (OperationalError, InterfaceError):
            await asyncio.sleep(DATABASE_WAIT_S)
            continue
        if not fired:
            await asyncio.sleep(SWEEP_S)


async def _jobs(app) -> None:  # type: ignore[no-untyped-def]
    """Procrastinate's worker; started again when the database went away."""
    import psycopg
    from procrastinate.exceptions import ConnectorException

    while True:
        try:
            worker_app = app.with_connector(app.connector.get_worker_connector())
            async with worker_app.open_async():
                await worker_app.run_worker_async(
                    concurrency=QUEUE_CONCURRENCY, install_signal_handlers=False, wait=True
                )
        except (ConnectorException, psycopg.Error, OSError):
            await asyncio.sleep(1.0)
