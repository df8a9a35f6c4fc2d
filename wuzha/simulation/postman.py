"""Carries answers and reports from the country to the centre, until the centre takes them.

Theory. A message keeps its id and body until it is settled, so that sending it again is harmless; only signature and
nonce are fresh. No response, a server's fault or "busy": again, after a delay that doubles. Any other refusal is final
and counted: the auditor will ask. One message a partner is under way at a time; answers of one partner may still
overtake each other, because the world holds some of them back.
"""

import asyncio
import secrets
import time
from logging import getLogger
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import aiohttp
from pydantic import ValidationError

from wuzha.partners.protocol import (
    ANSWERS_PATH,
    ANSWERS_PER_MESSAGE_MAX,
    REPORTS_PATH,
    AnswerReceiptsMessage,
    AnswersMessage,
    ReportMessage,
    ReportReceipt,
)
from wuzha.partners.signing import Signer
from wuzha.simulation.chance import instant, uuid_of
from wuzha.simulation.persistence import Tail
from wuzha.simulation.state import Outgoing, Theft
from wuzha.simulation.world import World

ROUND_S = 0.03
RETRY_FIRST_S = 0.2
RETRY_MAX_S = 3.0
POST_TIMEOUT_S = 15.0
REPORTS_AT_ONCE_MAX = 50
RESPONSE_BYTES_MAX = 4_000_000
MESSAGE_BYTES_AIM = 1_500_000
BUSY_CODE = b"message.busy"

log_of = getLogger(__name__)


class Postman:
    """Sends what lies in the world's outboxes."""

    def __init__(self, world: World, session: aiohttp.ClientSession, tail: Tail | None = None) -> None:
        self.world, self.session, self.tail = world, session, tail
        self.signers = {p.code: Signer(p.key_id, p.private_key) for p in world.config.partners}
        self.under_way: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Look every ROUND_S until cancelled."""
        try:
            while True:
                self._look(time.time())
                await asyncio.sleep(ROUND_S)
        finally:
            for task in self.under_way.values():
                task.cancel()

    def _look(self, now: float) -> None:
        for name in [name for name, task in self.under_way.items() if task.done()]:
            task = self.under_way.pop(name)
            if not task.cancelled() and task.exception() is not None:
                log_of.error("sending for %s failed", name, exc_info=task.exception())
        for code, office in self.world.state.desks.items():
            if office.outbox and code not in self.under_way:
                due = _parcel([outgoing for outgoing in office.outbox if outgoing.send_at <= now])
                if due:
                    self.under_way[code] = asyncio.create_task(self._answers(code, due))
        for theft in self.world.state.thefts.values():
            if theft.report is not None and not theft.reported_at and not theft.report_refused:
                if len(self.under_way) >= REPORTS_AT_ONCE_MAX + len(self.world.partners):
                    break
                if theft.theft_id not in self.under_way:
                    self.under_way[theft.theft_id] = asyncio.create_task(self._report(theft))

    async def _answers(self, code: str, parcel: list[Outgoing]) -> None:
        office = self.world.state.desks[code]
        message = AnswersMessage(message_id=uuid4(), answers=[outgoing.answer for outgoing in parcel])
        status, text = await self._post(code, ANSWERS_PATH, message.model_dump_json().encode())
        told: dict[UUID, str] = {}
        if status == 200:
            receipts = AnswerReceiptsMessage.model_validate_json(text).receipts
            told = {receipt.answer_id: receipt.status for receipt in receipts}
        else:
            log_of.error("the centre refused answers of %s: %s %s", code, status, text[:300])
        for outgoing in parcel:
            record = office.orders.get(str(outgoing.answer.order_id))
            verdict = told.get(outgoing.answer.answer_id, "rejected")
            if record is not None and verdict in ("recorded", "duplicate"):
                record.answers_taken += verdict == "recorded"
            elif record is not None:
                record.answers_rejected += 1
                self.world.count("answers_rejected")
        sent = {id(outgoing) for outgoing in parcel}
        office.outbox[:] = [outgoing for outgoing in office.outbox if id(outgoing) not in sent]

    async def _report(self, theft: Theft) -> None:
        police = self.world.config.partner("police")
        if police is None or theft.report is None:
            return
        message_id = uuid_of(self.world.chance("message", theft.theft_id))
        message = ReportMessage(message_id=message_id, report=theft.report)
        status, text = await self._post(police.code, REPORTS_PATH, message.model_dump_json().encode())
        try:
            if status != 200:
                raise ValueError(text[:500].decode(errors="replace"))
            theft.case_number = ReportReceipt.model_validate_json(text).case_number
            theft.reported_at = time.time()
        except (ValueError, ValidationError) as error:
            theft.report_refused = f"{status} {str(error)[:500]}"
            self.world.count("reports_refused")
            log_of.error("the centre refused the report of %s: %s", theft.theft_id, theft.report_refused)

    async def _post(self, code: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Send until somebody says something final: (status, body)."""
        url, wait_s = self.world.config.centre_url.rstrip("/") + path, RETRY_FIRST_S
        signer, limit = self.signers[code], aiohttp.ClientTimeout(total=POST_TIMEOUT_S)
        while True:
            if self.tail is not None:
                self.tail.seen(time.time())
            headers = signer.request_headers(
                "POST", urlsplit(url).path, body, now=instant(time.time()), nonce=secrets.token_urlsafe(16)
            )
            try:
                async with self.session.post(
                    url, data=body, headers=headers, timeout=limit, allow_redirects=False
                ) as response:
                    text = await response.content.read(RESPONSE_BYTES_MAX)
                    if response.status < 500 and response.status not in (408, 425, 429) and BUSY_CODE not in text:
                        return response.status, text
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, RETRY_MAX_S)


def _parcel(due: list[Outgoing]) -> list[Outgoing]:
    """As many answers as one message carries; a statement may be long, so their size is watched too."""
    size = 0
    parcel: list[Outgoing] = []
    for outgoing in due[:ANSWERS_PER_MESSAGE_MAX]:
        size += 400 + 300 * len(outgoing.answer.transactions)
        if parcel and size > MESSAGE_BYTES_AIM:
            break
        parcel.append(outgoing)
    return parcel
