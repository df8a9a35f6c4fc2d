"""A country that is killed remembers what it answered: every order, every hold, as if it had never been away."""

import asyncio
import signal
import subprocess
import sys
import time
from uuid import uuid4

import aiohttp
import pytest

from tests.loops import run as run_coroutine
from tests.simulation.build import HOUR, T0, living_world, order, order_id
from wuzha.partners.protocol import ORDERS_PATH, OrdersMessage, Outcome, ReceiptsMessage
from wuzha.partners.signing import Signer, new_keypair
from wuzha.simulation import desk, persistence
from wuzha.simulation.chance import instant
from wuzha.simulation.config import fresh_config, write_config
from wuzha.simulation.country import play_back, resume
from wuzha.simulation.exercise import free_port
from wuzha.simulation.truth import truth_of


@pytest.fixture
def world():
    world = living_world(seed=4, victims_per_hour=6.0, thefts_max=8)
    while world.step(T0 + HOUR):
        pass
    return world


def stop_of(world, name, at):
    """A stop for the latest stolen payment at a connected bank, and that bank."""
    paid = [(payment, theft) for theft in world.state.thefts.values() for payment in theft.payments if payment.paid_at]
    payment, theft = max(
        (one for one in paid if world.partners[one[0].payee.partition(":")[0]].mode == "api"),
        key=lambda one: one[0].paid_at,
    )
    bank, _colon, number = payment.payee.partition(":")
    transfer = (theft.victim_account, payment.amount_minor, payment.paid_at)
    return bank, order("stop", bank, number, name=name, amount=payment.amount_minor, transfer=transfer, at=at)


def killed_with_a_stop_in_force(world, folder):
    """Write the world down, stop an account, let an hour pass, and end without another word."""
    path, at = folder / "world", T0 + HOUR
    persistence.save(path, world.state, world.ledger, at, speed=world.config.speed)
    tail = persistence.Tail(path)
    bank, stop = stop_of(world, "stop", at + 60)
    world.step(at + 60)
    assert desk.take(world, bank, stop, at + 60) == "accepted"
    tail.took(world.state.taken_n, at + 60, bank, stop)
    while world.step(at + HOUR):
        pass
    tail.seen(at + HOUR)
    tail.close()
    return path, bank, stop


def test_orders_taken_since_the_last_writing_are_played_back_exactly(world, tmp_path):
    path, _bank, _stop = killed_with_a_stop_in_force(world, tmp_path)
    left = persistence.load(path, 4)
    again = play_back(world.config, left, persistence.Tail(path).read(left))
    assert again.at == T0 + 2 * HOUR
    assert truth_of(resume(world.config, again, again.at), 0) == truth_of(world, 0)


def test_a_hold_can_be_amended_after_the_country_was_killed(world, tmp_path):
    path, bank, stop = killed_with_a_stop_in_force(world, tmp_path)
    left = persistence.load(path, 4)
    later = T0 + 20 * HOUR
    again = resume(world.config, play_back(world.config, left, persistence.Tail(path).read(left)), later)
    amend = order("stop-amend", bank, stop.account.number, name="amend", amount=100, ref_order_id=order_id("stop"))
    desk.take(again, bank, amend, later)
    again.step(later + 10)
    record = again.record(bank, str(amend.order_id))
    assert (record.outcome, record.effects) == (Outcome.DONE.value, 1)


@pytest.mark.parametrize("cut_bytes", [1, 10])
def test_half_a_line_at_the_end_costs_only_that_line(world, tmp_path, cut_bytes):
    path, _bank, stop = killed_with_a_stop_in_force(world, tmp_path)
    tail = tmp_path / "world.tail"
    tail.write_bytes(tail.read_bytes()[:-cut_bytes])
    left = persistence.load(path, 4)
    again = play_back(world.config, left, persistence.Tail(path).read(left))
    known = {id_ for office in again.state.desks.values() for id_ in office.orders}
    assert str(stop.order_id) in known


def test_what_is_in_the_written_world_is_not_played_back_again(world, tmp_path):
    path, _bank, _stop = killed_with_a_stop_in_force(world, tmp_path)
    at = T0 + 2 * HOUR
    persistence.save(path, world.state, world.ledger, at, speed=1.0)  # ended before the tail was emptied
    left = persistence.load(path, 4)
    assert list(persistence.Tail(path).read(left)) == []
    persistence.Tail(path).begin_anew()
    assert not (tmp_path / "world.tail").exists()


def test_a_world_goes_on_at_another_speed_with_its_holds(world, tmp_path):
    path, bank, stop = killed_with_a_stop_in_force(world, tmp_path)
    faster = world.config.model_copy(update={"speed": 600.0})
    left = persistence.load(path, 4)
    again = resume(faster, play_back(faster, left, persistence.Tail(path).read(left)), T0 + 3 * HOUR)
    again.step(T0 + 3 * HOUR + 600)
    holds = again.ledger.accounts[f"{bank}:{stop.account.number}"].holds
    assert [(hold.order_id, hold.over) for hold in holds] == [(str(stop.order_id), "")]


def test_a_killed_country_comes_back_with_its_orders(tmp_path):
    private, public = new_keypair()
    config = fresh_config(
        port=free_port(), centre_url="http://127.0.0.1:9", centre_code="WZ", centre_key_id="wz-1",
        centre_public_key=public, persist_path=str(tmp_path / "country.state"), faults=False, victims_per_hour=0,
        first_thefts=0, speed=1_000.0,
    )  # fmt: skip
    write_config(config, tmp_path / "country.json")
    command = [sys.executable, "-m", "wuzha", "country", "--config", str(tmp_path / "country.json")]

    made = order("suspend-number", "CMCC", "13800138000", at=time.time())

    async def post():
        body = OrdersMessage(message_id=uuid4(), centre="WZ", orders=[made]).model_dump_json().encode()
        path = f"/p/CMCC{ORDERS_PATH}"
        url = f"http://127.0.0.1:{config.port}{path}"
        async with aiohttp.ClientSession() as session:
            for _try in range(200):
                headers = Signer("wz-1", private).request_headers(
                    "POST", path, body, now=instant(time.time()), nonce=uuid4().hex
                )
                try:
                    async with session.post(url, data=body, headers=headers) as response:
                        assert response.status == 200
                        (receipt,) = ReceiptsMessage.model_validate_json(await response.read()).receipts
                        return receipt.status
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)
        raise AssertionError("the country never answered")

    statuses = []
    for _life in range(2):
        with subprocess.Popen(command) as country:
            try:
                statuses.append(run_coroutine(post()))
            finally:
                country.send_signal(signal.SIGKILL)
    assert statuses == ["accepted", "duplicate"]
