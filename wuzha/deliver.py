"""Deliver: carry orders from the outbox to the partners, many at a time, and bring the receipts home.

Theory. A claim leases due orders and commits; each parcel is then one signed POST, with no transaction open while the
partner thinks; what came back is settled in a second transaction. A partner that is slow holds only its own parcels:
at most IN_FLIGHT_PER_PARTNER_MAX are under way to it, others are claimed meanwhile. Any number of workers may run.

Settling waits for the lock of a case, and many answers of one case wait for each other. So claims have a thread of
their own and settling a few of its own: the first order of a new case goes out however much there is to settle, and
the clocks go on firing.
"""

import asyncio
import contextlib
import json
import secrets
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from logging import getLogger
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

import aiohttp
import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from pydantic import ValidationError

from wuzha.control import answers
from wuzha.kernel.refusals import Refusal
from wuzha.partners import outbox
from wuzha.partners.codes import Failure, failure_of
from wuzha.partners.outbox import Parcel
from wuzha.partners.protocol import BODY_BYTES_MAX, ORDERS_PATH, ReceiptsMessage
from wuzha.partners.signing import Signer, verify_response

IN_FLIGHT_PER_PARTNER_MAX = 4
UNSETTLED_PER_PARTNER_MAX = 12  # under way or answered and not settled yet
IN_FLIGHT_MAX = 64  # the same of all partners
SETTLING_MAX = 6
POST_TIMEOUT_S = 10
POLL_S = 0.25  # a wake-up call may be lost with its connection; this bounds the wait then
DATABASE_WAIT_S = 0.5

log_of = getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run database work in a thread, on a connection that is known to be alive."""
    return await _in_pool(None, partial(function, *args, **kwargs))


async def _in_pool(pool: Executor | None, function: Callable[[], R]) -> R:
    def run() -> R:
        close_old_connections()
        try:
            return function()
        except (OperationalError, InterfaceError):
            from django.db import connection

            connection.close()
            raise

    return await asyncio.get_running_loop().run_in_executor(pool, run)


async def listen(url: str, channel: str, wake: Callable[[str], None]) -> None:
    """Call `wake(payload)` for each notification on `channel`, for ever; reconnects when the database went away."""
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
            async with connection:
                await connection.execute(f"LISTEN {channel}")
                wake("")
                async for notification in connection.notifies():
                    wake(notification.payload)
        except psycopg.Error:
            await asyncio.sleep(DATABASE_WAIT_S)


class Deliverer:
    """The deliver loop of one worker process."""

    def __init__(self, signer: Signer, centre_code: str, database_url: str) -> None:
        self.signer, self.centre_code, self.database_url = signer, centre_code, database_url
        self.in_flight: Counter[str] = Counter()
        self.unsettled: Counter[str] = Counter()
        self.claiming = ThreadPoolExecutor(1, "claim")
        self.settling = ThreadPoolExecutor(SETTLING_MAX, "settle")
        self.wake = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        ears = asyncio.create_task(listen(self.database_url, outbox.CHANNEL, lambda _payload: self.wake.set()))
        timeout = aiohttp.ClientTimeout(total=POST_TIMEOUT_S, connect=3)
        connector = aiohttp.TCPConnector(limit=IN_FLIGHT_MAX, limit_per_host=0)
        try:
            async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
                while True:
                    self.wake.clear()
                    if not await self._send_due(session):
                        # Not wait_for: when the event comes with the cancellation, it forgets that it was cancelled.
                        with contextlib.suppress(TimeoutError):
                            async with asyncio.timeout(POLL_S):
                                await self.wake.wait()
        finally:
            ears.cancel()
            for task in list(self.tasks):
                task.cancel()
            self.claiming.shutdown(wait=False, cancel_futures=True)
            self.settling.shutdown(wait=False, cancel_futures=True)

    async def _send_due(self, session: aiohttp.ClientSession) -> int:
        busy = [
            code
            for code, count in self.unsettled.items()
            if self.in_flight[code] >= IN_FLIGHT_PER_PARTNER_MAX or count >= UNSETTLED_PER_PARTNER_MAX
        ]
        if sum(self.unsettled.values()) >= IN_FLIGHT_MAX:
            return 0
        try:
            parcels = await _in_pool(self.claiming, partial(outbox.claim, now=timezone.now(), busy=busy))
        except (OperationalError, InterfaceError):
            await asyncio.sleep(DATABASE_WAIT_S)
            return 0
        for parcel in parcels:
            self.in_flight[parcel.partner_code] += 1
            self.unsettled[parcel.partner_code] += 1
            task = asyncio.create_task(self._carry(session, parcel))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        return len(parcels)

    async def _carry(self, session: aiohttp.ClientSession, parcel: Parcel) -> None:
        try:
            try:
                settle = await self._deliver(session, parcel)
            finally:
                self.in_flight[parcel.partner_code] -= 1
                self.wake.set()
            await _in_pool(self.settling, settle)
        except (OperationalError, InterfaceError):
            log_of.warning(
                "database away; %s orders for %s go out again later", len(parcel.order_ids), parcel.partner_code
            )
        except Exception:
            log_of.exception("delivery to %s failed", parcel.partner_code)
            with contextlib.suppress(OperationalError, InterfaceError):
                await in_thread(outbox.postpone, parcel, now=timezone.now(), error="internal fault, see the log")
        finally:
            self.unsettled[parcel.partner_code] -= 1
            self.wake.set()

    async def _deliver(self, session: aiohttp.ClientSession, parcel: Parcel) -> Callable[[], None]:
        """Post a parcel; returns what is to be done in the database about the response."""
        message = {"message_id": str(uuid.uuid4()), "centre": self.centre_code, "orders": parcel.bodies}
        body = json.dumps(message, ensure_ascii=False).encode()
        url = parcel.base_url.rstrip("/") + ORDERS_PATH
        nonce = secrets.token_urlsafe(16)
        now = timezone.now()
        headers = self.signer.request_headers("POST", urlsplit(url).path, body, now=now, nonce=nonce)
        try:
            async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                status, answer_headers = response.status, dict(response.headers)
                text = await response.content.read(BODY_BYTES_MAX)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return partial(outbox.postpone, parcel, now=timezone.now(), error=f"{type(error).__name__}: {error}")
        if status == 200:
            return partial(_receive, parcel, answer_headers, text, nonce, timezone.now())
        reason = f"HTTP {status}: {text[:200].decode(errors='replace')}"
        if failure_of(status) is Failure.NEVER_AGAIN:
            return partial(answers.never_delivered, parcel, reason, now=timezone.now())
        return partial(outbox.postpone, parcel, now=timezone.now(), error=reason)


def _receive(parcel: Parcel, headers: dict[str, str], text: bytes, nonce: str, now: datetime) -> None:
    """Record a response that came at `now`."""
    try:
        verify_response(200, headers, text, now=now, nonce=nonce, key_of={parcel.key_id: parcel.public_key}.get)
        message = ReceiptsMessage.model_validate_json(text)
    except (Refusal, ValidationError) as error:
        # Nothing that is not signed by the partner counts; its orders stay due and the fault is visible.
        outbox.postpone(parcel, now=now, error=f"response refused: {str(error)[:200]}")
        return
    answers.record_receipts(parcel, message.receipts, now=now)
    outbox.partner_answered(parcel.partner_code, now=now)
