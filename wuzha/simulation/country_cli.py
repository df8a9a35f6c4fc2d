"""`wuzha country --config FILE`: run the simulated banks, operators, launderers and victims until told to end."""

import argparse
import asyncio
import logging
import signal
import time
from contextlib import suppress
from pathlib import Path

import aiohttp
from aiohttp import web

from wuzha.kernel.refusals import Refusal, _
from wuzha.simulation import persistence
from wuzha.simulation.asking import Asking
from wuzha.simulation.config import CountryConfig, read_config
from wuzha.simulation.country import begin, play_back, resume
from wuzha.simulation.postman import Postman
from wuzha.simulation.server import Clock, Country
from wuzha.simulation.world import World

SAVE_EVERY_S = 120.0
LOOK_EVERY_S = 1.0
SHUTDOWN_S = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--config: the file that describes the country."""
    parser.add_argument("--config", required=True, help="JSON file as wuzha.simulation.config writes it")


def run(args: argparse.Namespace) -> int:
    """Run the country."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(serve(read_config(Path(args.config))))
    return 0


def world_of(config: CountryConfig, now: float) -> World:
    """The world as it was left, or a new one."""
    if config.flows_path:
        from wuzha.simulation.flows import world_of_flows

        served: World = world_of_flows(config, Path(config.flows_path), now)
        return served
    if not config.persist_path:
        return begin(config, now)
    path = Path(config.persist_path)
    left = persistence.load(path, config.seed)
    if left is None:
        return begin(config, now)
    return resume(config, play_back(config, left, persistence.Tail(path).read(left)), now)


async def serve(config: CountryConfig) -> None:
    """Serve until SIGTERM or SIGINT; then write the world down."""
    world = world_of(config, time.time())
    tail = persistence.Tail(Path(config.persist_path)) if config.persist_path else None
    _save(world, tail)
    clock = Clock(world)
    country = Country(world, clock, tail)
    runner = web.AppRunner(country.application(), access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, config.host, config.port).start()
    except OSError as error:
        raise Refusal(
            "country.port",
            _("The simulated country cannot listen on port %(port)s: it is in use. Choose another port."),
            port=config.port,
        ) from error
    end, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:
        parts = [clock.run(), Postman(world, session, tail).run(), _save_often(world, tail)]
        if config.worklists:
            parts.append(Asking(world, session, tail, told=clock.poke).run())
        tasks = [asyncio.create_task(part) for part in parts]
        waiting = asyncio.create_task(end.wait())
        await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
        failed = [task for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        waiting.cancel()
        await asyncio.gather(*tasks, waiting, return_exceptions=True)
    await runner.cleanup()
    _save(world, tail)
    for task in failed:
        task.result()


def _save(world: World, tail: persistence.Tail | None) -> None:
    if tail is not None:
        config, now = world.config, time.time()
        persistence.save(Path(config.persist_path), world.state, world.ledger, now, speed=config.speed)
        tail.begin_anew()


async def _save_often(world: World, tail: persistence.Tail | None) -> None:
    saved_at = time.monotonic()
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        long = tail is not None and tail.size_bytes > persistence.TAIL_BYTES_MAX
        if long or time.monotonic() - saved_at >= SAVE_EVERY_S:
            with suppress(OSError):
                _save(world, tail)
            saved_at = time.monotonic()
