"""The deliver loop: a new order goes out however much there is to settle, within named limits."""

import asyncio
import threading
import uuid

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.loops import run as run_coroutine
from wuzha import deliver
from wuzha.deliver import IN_FLIGHT_MAX, IN_FLIGHT_PER_PARTNER_MAX, SETTLING_MAX, UNSETTLED_PER_PARTNER_MAX, Deliverer
from wuzha.partners.outbox import Parcel
from wuzha.partners.signing import Signer, new_keypair

LOOKS = 400
LOOK_S = 0.02


class Partners:
    """Partners who answer at once, and a database that settles nothing until it is let."""

    def __init__(self, monkeypatch):
        self.got, self.parcels, self.asked_busy = [], [], [set()]
        self.let_settle = threading.Event()
        self.settled = []
        monkeypatch.setattr(deliver, "listen", self._listen)
        monkeypatch.setattr(deliver.outbox, "claim", self._claim)
        monkeypatch.setattr(deliver.outbox, "partner_answered", lambda code, *, now: None)
        monkeypatch.setattr(deliver, "_receive", self._settle)
        monkeypatch.setattr(deliver, "close_old_connections", lambda: None)

    async def _listen(self, *_args):
        await asyncio.sleep(3_600)

    def _claim(self, *, now, busy):
        self.asked_busy.append(set(busy))
        taken, self.parcels = (
            [parcel for parcel in self.parcels if parcel.partner_code not in busy],
            [parcel for parcel in self.parcels if parcel.partner_code in busy],
        )
        return taken

    def _settle(self, parcel, *_args):
        assert self.let_settle.wait(30)
        self.settled.append(parcel.partner_code)

    async def take(self, request):
        await (
            request.read()
        )  # an answer before the body came would hold the connection for the seconds of a lingering close
        self.got.append(request.path.split("/")[1])
        return web.Response(body=b"{}")


def parcel(server, code):
    url = str(server.make_url(f"/{code}"))
    return Parcel(code, url, f"{code}-1", "", "standard", (uuid.uuid4(),), ({},))


async def until(true):
    for _look in range(LOOKS):
        if true():
            return True
        await asyncio.sleep(LOOK_S)
    return False


def with_partners(monkeypatch, scenario):
    async def run():
        partners = Partners(monkeypatch)
        app = web.Application()
        app.router.add_post("/{tail:.*}", partners.take)
        async with TestServer(app) as server:
            loop = asyncio.create_task(Deliverer(Signer("wz-1", new_keypair()[0]), "WZ", "").run())
            try:
                await scenario(partners, server)
            finally:
                partners.let_settle.set()
                await asyncio.sleep(LOOK_S)
                loop.cancel()
                await asyncio.gather(loop, return_exceptions=True)

    run_coroutine(run())


@pytest.mark.row("R-102", "R-203")
def test_a_new_order_goes_out_while_every_settling_thread_waits_for_a_lock(monkeypatch):
    async def scenario(partners, server):
        for _n in range(SETTLING_MAX):
            partners.parcels.append(parcel(server, "ICBC"))
            assert await until(lambda: not partners.parcels)
        assert await until(lambda: len(partners.got) == SETTLING_MAX)
        partners.parcels += [parcel(server, "ICBC"), parcel(server, "CCB")]
        assert await until(lambda: {"CCB"} <= set(partners.got) and partners.got.count("ICBC") == SETTLING_MAX + 1)
        assert partners.settled == []

    with_partners(monkeypatch, scenario)


def test_a_partner_gets_no_more_than_its_share_until_something_is_settled(monkeypatch):
    async def scenario(partners, server):
        for n in range(UNSETTLED_PER_PARTNER_MAX + 3):
            partners.parcels.append(parcel(server, "ICBC"))
            await until(lambda n=n: len(partners.got) > n or "ICBC" in partners.asked_busy[-1])
        full = UNSETTLED_PER_PARTNER_MAX
        assert await until(lambda: "ICBC" in partners.asked_busy[-1] and len(partners.got) == full)
        assert len(partners.parcels) == 3
        partners.let_settle.set()
        assert await until(lambda: len(partners.settled) == UNSETTLED_PER_PARTNER_MAX + 3)
        assert not partners.parcels

    with_partners(monkeypatch, scenario)


def test_told_to_end_while_it_is_woken_it_ends(monkeypatch):
    """Python 3.11's `wait_for` forgets a cancellation that comes with the event; a worker then never ended."""

    async def run():
        partners = Partners(monkeypatch)
        deliverer = Deliverer(Signer("wz-1", new_keypair()[0]), "WZ", "")
        loop = asyncio.create_task(deliverer.run())
        assert await until(lambda: len(partners.asked_busy) > 1)
        await asyncio.sleep(LOOK_S)
        deliverer.wake.set()
        loop.cancel()
        done, _waiting = await asyncio.wait([loop], timeout=LOOKS * LOOK_S)
        told = bool(done)
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
        return told

    assert run_coroutine(run())


def test_the_limits_fit_each_other():
    assert IN_FLIGHT_PER_PARTNER_MAX < UNSETTLED_PER_PARTNER_MAX < IN_FLIGHT_MAX
