"""Asks the centre, for each partner whose clerks have to choose, which of its orders is worth most now.

Theory. One question a partner is under way at a time, signed with the partner's own key. A centre that does not answer
within ASK_TIMEOUT_S, or says something else, has named nothing: the clerks go by what it named before, and nobody waits
for a centre that is down. What was named changes the world and is therefore noted before anybody acts on it.
"""

import asyncio
import secrets
import time
from collections.abc import Callable
from logging import getLogger
from urllib.parse import urlsplit

import aiohttp

from wuzha.partners.protocol import WORKLIST_PATH, Worklist
from wuzha.partners.signing import Signer
from wuzha.simulation import clerks
from wuzha.simulation.chance import instant
from wuzha.simulation.persistence import Tail
from wuzha.simulation.world import World

ROUND_S = 0.03
ASK_TIMEOUT_S = 3.0
RESPONSE_BYTES_MAX = 100_000

log_of = getLogger(__name__)


class Asking:
    """Carries the clerks' questions. told: called when somebody was given something to do."""

    def __init__(
        self, world: World, session: aiohttp.ClientSession, tail: Tail | None, *, told: Callable[[], None]
    ) -> None:
        self.world, self.session, self.tail, self.told = world, session, tail, told
        self.signers = {p.code: Signer(p.key_id, p.private_key) for p in world.config.partners if p.mode != "api"}
        self.under_way: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Look every ROUND_S until cancelled."""
        try:
            while True:
                self._look()
                await asyncio.sleep(ROUND_S)
        finally:
            for task in self.under_way.values():
                task.cancel()

    def _look(self) -> None:
        for code in [code for code, task in self.under_way.items() if task.done()]:
            task = self.under_way.pop(code)
            if not task.cancelled() and task.exception() is not None:
                log_of.error("asking for %s failed", code, exc_info=task.exception())
        for code in self.signers:
            if self.world.state.desks[code].asks and code not in self.under_way:
                self.under_way[code] = asyncio.create_task(self._ask(code))

    async def _ask(self, code: str) -> None:
        told = await self._worklist(code)
        now, waiting = time.time(), set(self.world.state.desks[code].waiting)
        named = [order_id for order_id in told if order_id in waiting]
        if self.tail is not None:
            self.tail.ranked(now, code, named)
        clerks.ranked(self.world, code, named, now)
        self.told()

    async def _worklist(self, code: str) -> list[str]:
        """The partner's orders as the centre ranks them; nothing when it does not say."""
        url = self.world.config.centre_url.rstrip("/") + WORKLIST_PATH
        headers = self.signers[code].request_headers(
            "GET", urlsplit(url).path, b"", now=instant(time.time()), nonce=secrets.token_urlsafe(16)
        )
        limit = aiohttp.ClientTimeout(total=ASK_TIMEOUT_S)
        try:
            async with self.session.get(url, headers=headers, timeout=limit, allow_redirects=False) as response:
                text = await response.content.read(RESPONSE_BYTES_MAX)
                if response.status == 200:
                    self.world.count("worklists_read")
                    return [str(order_id) for order_id in Worklist.model_validate_json(text).order_ids]
                log_of.warning("the centre told %s no work list: %s %s", code, response.status, text[:300])
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            pass
        self.world.count("worklists_missed")
        return []
