"""The country's side of the wire: one HTTP server for all partners, below /p/<code>.

Theory. An order message is checked (signature, nonce, form), its orders are taken, and the receipt goes back signed
with the request's nonce. A connected partner answers within the receipt if it is done in time; otherwise, and in the
other modes, the answer is posted later. GET /health and GET /truth answer on loopback only.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import ip_address
from logging import getLogger
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from wuzha.kernel.refusals import Refusal
from wuzha.partners.protocol import BODY_BYTES_MAX, ORDERS_PATH, Order, OrderReceipt, OrdersMessage, ReceiptsMessage
from wuzha.partners.signing import AGE_S_MAX, Signer, verify_request
from wuzha.simulation import desk
from wuzha.simulation.chance import instant
from wuzha.simulation.config import PartnerConfig
from wuzha.simulation.country import pending
from wuzha.simulation.faults import Timeout, timeout
from wuzha.simulation.persistence import Tail
from wuzha.simulation.truth import truth_of
from wuzha.simulation.world import World

NONCES_MAX = 200_000
API_WAIT_S_MAX = 8.0
HANG_S_MAX = 12.0
HANG_S = 60.0
IDLE_S_MAX = 0.5

log_of = getLogger(__name__)


class Clock:
    """Steps the world in real time. `stepped` tells those who wait for something to happen in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stepped = asyncio.Condition()
        self._poke = asyncio.Event()

    def poke(self) -> None:
        """Something was scheduled: look at once."""
        self._poke.set()

    async def run(self) -> None:
        """Step until cancelled. An event that fails is logged, counted and left behind."""
        while True:
            self._poke.clear()
            try:
                ran = self.world.step(time.time())
            except Exception:
                log_of.exception("an event failed")
                self.world.count("events_failed")
                ran = 1
            if ran:
                async with self.stepped:
                    self.stepped.notify_all()
                await asyncio.sleep(0)
                continue
            due = self.world.next_at()
            wait_s = IDLE_S_MAX if due is None else min(max(due - time.time(), 0.0), IDLE_S_MAX)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._poke.wait()


class Country:
    """The HTTP application of one world."""

    def __init__(self, world: World, clock: Clock, tail: Tail | None = None) -> None:
        self.world, self.clock, self.tail = world, clock, tail
        self.signers = {p.code: Signer(p.key_id, p.private_key) for p in world.config.partners}
        self.nonces: dict[str, float] = {}
        self.messages_n = 0

    def application(self) -> web.Application:
        """The routes."""
        app = web.Application(client_max_size=BODY_BYTES_MAX, middlewares=[_loopback_only])
        app.router.add_post("/p/{code}" + ORDERS_PATH, self.orders)
        app.router.add_get("/health", self.health)
        app.router.add_get("/truth", self.truth)
        return app

    async def health(self, _request: web.Request) -> web.Response:
        """Whether it runs, and what is still to come."""
        return web.json_response({"ok": True, "pending": pending(self.world), "counts": self.world.state.counts})

    async def truth(self, _request: web.Request) -> web.Response:
        """Everything, for the auditor."""
        return web.json_response(truth_of(self.world, time.time()))

    async def orders(self, request: web.Request) -> web.StreamResponse:
        """Take an order message."""
        partner = self.world.partners.get(request.match_info["code"])
        if partner is None or partner.kind == "police":
            raise web.HTTPNotFound
        body, now = await request.read(), time.time()
        try:
            nonce = self._verify(request, body, now)
        except Refusal as refusal:
            return web.json_response({"code": refusal.code, "message": str(refusal)}, status=401)
        try:
            message = OrdersMessage.model_validate_json(body)
        except ValidationError as error:
            return self._signed(partner, 400, {"code": "body.form", "message": str(error)[:500]}, nonce)
        if message.centre != self.world.config.centre_code:
            return self._signed(partner, 403, {"code": "centre.unknown", "message": "unknown centre"}, nonce)
        if desk.is_full(self.world, partner.code):
            return self._signed(partner, 503, {"code": "busy", "message": "too many orders in hand"}, nonce)
        lost = self._timeout(partner)
        if lost is Timeout.BEFORE:
            return await self._hang(request)
        taken = [(order, self._take(partner.code, order, now)) for order in message.orders]
        self.clock.poke()
        if lost is Timeout.AFTER:
            return await self._hang(request)
        if partner.mode == "api":
            await self._wait_for([order for order, how in taken if how != "conflict"], partner.code)
        if self.tail is not None:
            self.tail.seen(time.time())
        receipts = [self._receipt(partner.code, order, how) for order, how in taken]
        answer = ReceiptsMessage(message_id=message.message_id, receipts=receipts)
        return self._signed(partner, 200, answer.model_dump_json().encode(), nonce)

    def _take(self, code: str, order: Order, now: float) -> desk.Taken:
        how = desk.take(self.world, code, order, now)
        if how == "accepted" and self.tail is not None:
            self.tail.took(self.world.state.taken_n, now, code, order)
        return how

    def _verify(self, request: web.Request, body: bytes, now: float) -> str:
        config = self.world.config
        verified = verify_request(
            "POST",
            request.path,
            request.headers,
            body,
            now=instant(now),
            key_of={config.centre_key_id: config.centre_public_key}.get,
        )
        while self.nonces and (len(self.nonces) >= NONCES_MAX or next(iter(self.nonces.values())) < now):
            del self.nonces[next(iter(self.nonces))]
        if verified.nonce in self.nonces:
            raise Refusal("signature.replay", "This message came before.")
        self.nonces[verified.nonce] = now + 2 * AGE_S_MAX
        return verified.nonce

    def _timeout(self, partner: PartnerConfig) -> Timeout:
        if not self.world.config.faults:
            return Timeout.NONE
        self.messages_n += 1
        lost = timeout(self.world.chance("timeout", partner.code, self.messages_n))
        if lost is not Timeout.NONE:
            self.world.count(f"timeouts_{lost.value}")
        return lost

    async def _hang(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(min(HANG_S_MAX, HANG_S / self.world.config.speed))
        if request.transport is not None:
            request.transport.abort()
        raise web.HTTPServiceUnavailable

    async def _wait_for(self, orders: list[Order], code: str) -> None:
        """Wait until all are carried out, API_WAIT_S_MAX at most; their answers ride in the receipt."""
        records = [r for order in orders if (r := self.world.record(code, str(order.order_id))) and not r.done_at]
        for record in records:
            record.waiting += 1
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(API_WAIT_S_MAX), self.clock.stepped:
                    await self.clock.stepped.wait_for(lambda: all(record.done_at for record in records))
        finally:
            for record in records:
                record.waiting -= 1

    def _receipt(self, code: str, order: Order, how: desk.Taken) -> OrderReceipt:
        record = self.world.record(code, str(order.order_id))
        told = record.first_answer if record is not None and how != "conflict" else None
        return OrderReceipt(order_id=order.order_id, status=how, answer=told)

    def _signed(self, partner: PartnerConfig, status: int, content: bytes | dict[str, Any], nonce: str) -> web.Response:
        body = content if isinstance(content, bytes) else web.json_response(content).body
        assert isinstance(body, bytes)
        signer = self.signers[partner.code]
        headers = signer.response_headers(status, body, now=instant(time.time()), nonce=nonce)
        headers.pop("content-type", None)
        return web.Response(status=status, body=body, headers=headers, content_type="application/json")


@web.middleware
async def _loopback_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    if request.path in ("/truth", "/health") and not (request.remote and ip_address(request.remote).is_loopback):
        raise web.HTTPNotFound
    return await handler(request)
