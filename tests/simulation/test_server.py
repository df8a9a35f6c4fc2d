"""The country on the wire: signatures, receipts, and answers that reach a centre which stumbles."""

import asyncio
import json
import time
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.loops import run as run_coroutine
from tests.simulation.build import order
from wuzha.partners.protocol import (
    ORDERS_PATH,
    AccountKind,
    AnswerReceipt,
    AnswerReceiptsMessage,
    AnswersMessage,
    OrdersMessage,
    ReceiptsMessage,
    ReportMessage,
    ReportReceipt,
)
from wuzha.partners.signing import Signer, new_keypair, verify_request, verify_response
from wuzha.simulation.chance import instant
from wuzha.simulation.config import fresh_config
from wuzha.simulation.country import HANDLERS
from wuzha.simulation.ledger import Account
from wuzha.simulation.postman import Postman
from wuzha.simulation.server import Clock, Country
from wuzha.simulation.state import State
from wuzha.simulation.victims import begin_theft, make_gangs
from wuzha.simulation.world import World

PRIVATE, PUBLIC = new_keypair()
API_BANK, SLOW_BANK = "ICBC", "CMBC"


def world_of(centre_url="http://127.0.0.1:9", **settings):
    """A world in real time with one paid account at a connected and one at a slower bank."""
    defaults = {"speed": 5_000.0, "faults": False, "victims_per_hour": 0.0, "seed": 1}
    config = fresh_config(
        port=0,
        centre_url=centre_url,
        centre_code="WZ",
        centre_key_id="wz-1",
        centre_public_key=PUBLIC,
        **(defaults | settings),
    )
    world, now = World(config, HANDLERS, state=State(1, time.time())), time.time()
    for bank, number, opening in (("ABC", "victim", 1_000), (API_BANK, "mule", 0), (SLOW_BANK, "mule", 0)):
        world.ledger.open(Account(bank, number, number, AccountKind.PERSONAL, AccountKind.PERSONAL, now), opening)
    world.post("ABC:victim", f"{API_BANK}:mule", 500, now)
    world.post("ABC:victim", f"{SLOW_BANK}:mule", 500, now)
    return world


def message(bank, *names, kind="query-transactions", centre="WZ", **fields):
    orders = [order(kind, bank, "mule", name=name, at=time.time(), **fields) for name in names]
    return OrdersMessage(message_id=uuid4(), centre=centre, orders=orders).model_dump_json().encode()


async def post(client, bank, body, *, nonce=None, signer=None, path=None):
    """Send a signed message; (status, response body, whether the bank signed it for this nonce)."""
    nonce = nonce or uuid4().hex
    path = path or f"/p/{bank}{ORDERS_PATH}"
    signer = signer or Signer("wz-1", PRIVATE)
    headers = signer.request_headers("POST", path, body, now=instant(time.time()), nonce=nonce)
    async with client.post(path, data=body, headers=headers) as response:
        return response.status, await response.read(), dict(response.headers), nonce


def with_country(scenario, **settings):
    """Run `scenario(client, world)` against a serving country."""

    async def run():
        world = world_of(**settings)
        clock = Clock(world)
        ticking = asyncio.create_task(clock.run())
        try:
            async with TestClient(TestServer(Country(world, clock).application())) as client:
                await scenario(client, world)
        finally:
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)

    run_coroutine(run())


def test_a_connected_bank_answers_in_its_signed_receipt():
    async def scenario(client, world):
        status, text, headers, nonce = await post(client, API_BANK, message(API_BANK, "a"))
        partner = world.partners[API_BANK]
        verify_response(
            status,
            headers,
            text,
            now=instant(time.time()),
            nonce=nonce,
            key_of={partner.key_id: partner.public_key}.get,
        )
        (receipt,) = ReceiptsMessage.model_validate_json(text).receipts
        assert receipt.status == "accepted"
        assert [line.amount_minor for line in receipt.answer.transactions] == [500]
        assert not world.state.desks[API_BANK].outbox

    with_country(scenario)


def test_the_same_order_again_gets_the_same_answer_and_another_body_a_conflict():
    async def scenario(client, world):
        body = message(API_BANK, "a")
        told = [
            ReceiptsMessage.model_validate_json((await post(client, API_BANK, each))[1]).receipts[0]
            for each in (body, body, message(API_BANK, "a", urgency="urgent"))
        ]
        assert [receipt.status for receipt in told] == ["accepted", "duplicate", "conflict"]
        assert told[0].answer == told[1].answer
        assert told[2].answer is None

    with_country(scenario)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"signer": Signer("wz-1", new_keypair()[0])}, 401),
        ({"signer": Signer("nobody", PRIVATE)}, 401),
        ({"body": b"{}"}, 400),
        ({"body": message(API_BANK, "a", centre="ELSEWHERE")}, 403),
        ({"bank": "P110"}, 404),
        ({"bank": "NOBANK"}, 404),
    ],
)
def test_what_is_forged_malformed_or_misdirected_is_refused_and_has_no_effect(change, status):
    async def scenario(client, world):
        bank = change.get("bank", API_BANK)
        body = change.get("body", message(API_BANK, "a"))
        answered = await post(client, bank, body, signer=change.get("signer"))
        assert answered[0] == status
        assert not any(desk.orders for desk in world.state.desks.values())

    with_country(scenario)


def test_a_replayed_message_is_refused():
    async def scenario(client, world):
        body = message(API_BANK, "a")
        first = await post(client, API_BANK, body, nonce="the-same-nonce")
        again = await post(client, API_BANK, body, nonce="the-same-nonce")
        assert (first[0], again[0]) == (200, 401)

    with_country(scenario)


def test_an_order_that_is_taken_though_the_receipt_is_lost_is_a_duplicate_later(monkeypatch):
    from wuzha.simulation import server
    from wuzha.simulation.faults import Timeout

    lost = iter([Timeout.BEFORE, Timeout.AFTER])

    async def scenario(client, world):
        monkeypatch.setattr(server, "timeout", lambda _chance: next(lost, Timeout.NONE))
        body = message(API_BANK, "a")
        for taken in (0, 1):
            with pytest.raises(aiohttp.ClientError):
                await post(client, API_BANK, body)
            assert len(world.state.desks[API_BANK].orders) == taken
        _status, text, _headers, _nonce = await post(client, API_BANK, body)
        assert ReceiptsMessage.model_validate_json(text).receipts[0].status == "duplicate"
        (record,) = world.state.desks[API_BANK].orders.values()
        assert record.received_n == 2

    with_country(scenario, faults=True)


def test_health_and_truth_are_told():
    async def scenario(client, _world):
        async with client.get("/health") as response:
            assert (await response.json())["ok"]
        async with client.get("/truth") as response:
            assert {account["key"] for account in (await response.json())["accounts"]} >= {"ICBC:mule"}

    with_country(scenario)


class StumblingCentre:
    """Takes answers and reports, but fails the first `stumbles` messages in different ways."""

    def __init__(self, stumbles, keys):
        self.stumbles, self.keys = stumbles, keys
        self.answers, self.reports, self.bodies = [], [], {}

    def application(self):
        app = web.Application()
        app.router.add_post("/api/v1/partner/answers", self.take_answers)
        app.router.add_post("/api/v1/reports", self.take_report)
        return app

    async def _read(self, request):
        body = await request.read()
        verify_request("POST", request.path, request.headers, body, now=instant(time.time()), key_of=self.keys.get)
        message_id = json.loads(body)["message_id"]
        assert self.bodies.setdefault(message_id, body) == body, "the same message id came with another body"
        if self.stumbles:
            self.stumbles -= 1
            if self.stumbles % 3 == 0:
                raise web.HTTPServiceUnavailable
            if self.stumbles % 3 == 1:
                raise web.HTTPUnprocessableEntity(text='{"code": "message.busy"}')
            request.transport.abort()
        return body

    async def take_answers(self, request):
        told = AnswersMessage.model_validate_json(await self._read(request))
        self.answers += told.answers
        receipts = [AnswerReceipt(answer_id=answer.answer_id, status="recorded") for answer in told.answers]
        taken = AnswerReceiptsMessage(message_id=told.message_id, receipts=receipts)
        return web.json_response(text=taken.model_dump_json())

    async def take_report(self, request):
        told = ReportMessage.model_validate_json(await self._read(request))
        self.reports.append(told.report)
        taken = ReportReceipt(message_id=told.message_id, status="recorded", case_number="A1")
        return web.json_response(text=taken.model_dump_json())


def test_answers_and_reports_reach_a_centre_that_stumbles():
    async def scenario():
        keys = {}
        centre = StumblingCentre(5, keys)
        async with TestServer(centre.application()) as server:
            world = world_of(str(server.make_url("/")))
            keys |= {partner.key_id: partner.public_key for partner in world.partners.values()}
            from wuzha.simulation import desk, honest

            honest.settle(world, time.time())
            world.state.gangs = make_gangs(world)
            theft = begin_theft(world, time.time(), ("manual", 0.0, 0.05))
            late = order("query-transactions", SLOW_BANK, "mule", name="late", at=time.time())
            desk.take(world, SLOW_BANK, late, time.time())
            clock = Clock(world)
            async with aiohttp.ClientSession() as session:
                tasks = [asyncio.create_task(part) for part in (clock.run(), Postman(world, session).run())]
                for _look in range(400):
                    await asyncio.sleep(0.05)
                    if centre.answers and theft.case_number and not world.state.desks[SLOW_BANK].outbox:
                        break
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        assert theft.case_number == "A1"
        assert {report.external_id for report in centre.reports} == {theft.external_id}
        assert {(answer.order_id, answer.seq) for answer in centre.answers} == {(late.order_id, 1)}
        record = world.record(SLOW_BANK, str(late.order_id))
        assert (record.answers_made, record.answers_taken, record.answers_rejected) == (1, 1, 0)
        assert not world.state.desks[SLOW_BANK].outbox

    run_coroutine(scenario())
