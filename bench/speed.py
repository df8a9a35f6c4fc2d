"""Speed of the running centre: report to order at the bank, answer to next orders, ten thousand clocks.

Theory. A real centre (database with fsync, pages, one worker as processes) beside one bank in this process that notes
when each order reaches it. Three rounds, each beside a bare commit of one row measured in the same run, because
machines differ and the commit is what nobody can save:

1. REPORTS at once by signed POST; from the instant a thread takes the report, before it is saved, to the instant its
   stop order is at the bank; and from the instant its sender begins, which includes the wait for a thread.
2. Each first query is answered with three payments onward; from the answer's arrival at the centre to the instant the
   last of the six orders that follow is at the bank.
3. CLOCKS clocks that fall due within ten seconds; how late each fires.
"""

import argparse
import asyncio
import json
import os
import secrets
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket
from uuid import UUID, uuid4

from wuzha.parent_death import popen
from wuzha.partners import protocol as wire
from wuzha.partners.signing import Signer, new_keypair

REPORTS = 50
CLOCKS = 10_000
COMMITS = 200
WAIT_S_MAX = 60.0


class Bank:
    """One bank that takes every order at once and answers nothing by itself; notes when each order came."""

    def __init__(self, signer: Signer) -> None:
        self.signer = signer
        self.came: dict[str, float] = {}
        self.orders: dict[str, dict[str, object]] = {}

    async def take(self, request):  # type: ignore[no-untyped-def]
        """POST /wuzha/v1/orders."""
        from aiohttp import web

        body = await request.read()
        arrived = time.time()
        message = json.loads(body)
        for order in message["orders"]:
            self.came.setdefault(order["order_id"], arrived)
            self.orders[order["order_id"]] = order
        receipts = [{"order_id": order["order_id"], "status": "accepted"} for order in message["orders"]]
        reply = json.dumps({"message_id": message["message_id"], "receipts": receipts}).encode()
        nonce = request.headers["Signature-Input"].split('nonce="')[1].split('"')[0]
        headers = self.signer.response_headers(200, reply, now=datetime.now(UTC), nonce=nonce)
        return web.Response(body=reply, headers=headers)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of `values` lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def free_port() -> int:
    """A port that nobody uses now."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def centre(bank_port: int, keys: dict[str, tuple[str, str]]):  # type: ignore[no-untyped-def]
    """A fresh centre with one bank and a 110 room; yields its port."""
    from wuzha.pg import Cluster

    with tempfile.TemporaryDirectory(prefix="wuzha-bench-") as folder:
        Path(folder).chmod(0o755)
        port = free_port()
        os.environ.update(WUZHA_DATA=folder, WUZHA_PORT=str(port), DJANGO_SETTINGS_MODULE="wuzha.settings")
        with Cluster(folder) as cluster:
            cluster.create_database("wuzha")
            os.environ["DATABASE_URL"] = cluster.url()
            _lay_out(bank_port, keys)
            children = [
                popen([sys.executable, "-m", "wuzha", name], dying=signal.SIGTERM) for name in ("web", "worker")
            ]
            try:
                yield port
            finally:
                for child in children:
                    child.terminate()
                for child in children:
                    child.wait(20)


def _lay_out(bank_port: int, keys: dict[str, tuple[str, str]]) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from wuzha.commands.keys import make_keys
    from wuzha.commands.setup import connect_partners, lay_out_centre
    from wuzha.simulation.config import PartnerConfig

    call_command("migrate", verbosity=0)
    make_keys(settings.CENTRE_KEYS, "BENCH")
    lay_out_centre("基准中心", "Bench")
    connect_partners(
        PartnerConfig(
            code=code,
            name_zh=code,
            name_en=code,
            kind=kind,
            dialect="standard",
            mode="api",
            local=True,
            key_id=f"{code}-1",
            private_key=keys[code][0],
            public_key=keys[code][1],
            base_url=f"http://127.0.0.1:{bank_port}",
        )
        for code, kind in (("ICBC", "bank"), ("P110", "police"))
    )


async def post(session, port: int, path: str, signer: Signer, message: dict[str, object]) -> float:  # type: ignore[no-untyped-def]
    """Send a signed message; returns when it was sent."""
    body = json.dumps(message).encode()
    headers = signer.request_headers("POST", path, body, now=datetime.now(UTC), nonce=secrets.token_urlsafe(16))
    sent = time.time()
    async with session.post(f"http://127.0.0.1:{port}{path}", data=body, headers=headers) as response:
        text = await response.text()
        if response.status != 200:
            raise RuntimeError(f"HTTP {response.status}: {text[:300]}")
    return sent


def commits() -> list[float]:
    """Seconds of bare commits of one row."""
    import psycopg

    taken = []
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_commit (x int)")
        connection.commit()
        for n in range(COMMITS):
            began = time.perf_counter()
            connection.execute("INSERT INTO bench_commit VALUES (%s)", [n])
            connection.commit()
            taken.append(time.perf_counter() - began)
    return taken


def query(sql: str, *parameters: object) -> list[tuple[object, ...]]:
    """Rows of a query on the centre's database."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return connection.execute(sql, parameters).fetchall()


async def until(ready, what: str) -> None:  # type: ignore[no-untyped-def]
    """Wait until `ready()`; RuntimeError after WAIT_S_MAX."""
    began = time.monotonic()
    while not ready():
        if time.monotonic() - began > WAIT_S_MAX:
            raise RuntimeError(f"{what} did not happen within {WAIT_S_MAX} s")
        await asyncio.sleep(0.02)


async def measure(reports: int) -> dict[str, float]:
    """Run the three rounds."""
    import aiohttp
    from aiohttp import web

    keys = {code: new_keypair() for code in ("ICBC", "P110")}
    bank = Bank(Signer("ICBC-1", keys["ICBC"][0]))
    police = Signer("P110-1", keys["P110"][0])
    bank_port = free_port()
    application = web.Application(client_max_size=8_000_000)
    application.router.add_post(wire.ORDERS_PATH, bank.take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", bank_port).start()
    figures: dict[str, float] = {}
    starting = centre(bank_port, keys)
    port = await asyncio.to_thread(starting.__enter__)
    try:
        async with aiohttp.ClientSession() as session:
            await until(lambda: _answers(port), "the centre's start")
            await post(session, port, wire.REPORTS_PATH, police, report(10**6))  # warm
            await until(lambda: len(bank.came) >= 2, "the first order")
            figures["commit_ms"] = statistics.median(commits()) * 1000
            figures |= await _reports(session, port, police, bank, reports)
            figures |= await _answers_round(session, port, bank)
            figures["commit_after_ms"] = statistics.median(commits()) * 1000
            figures |= await _clocks()
    finally:
        await asyncio.to_thread(starting.__exit__, None, None, None)
        await runner.cleanup()
    return figures


def _answers(port: int) -> bool:
    with socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def report(n: int) -> dict[str, object]:
    """A report of one payment to an account of its own."""
    at = (datetime.now(UTC) - timedelta(minutes=9)).isoformat()
    transfer = {"payee": {"bank": "ICBC", "number": f"62220000{n:011d}"}, "amount": "50000", "at": at}
    told = {"external_id": f"B{n}", "victim_name": "基准", "transfers": [transfer]}
    return {"message_id": str(uuid4()), "report": told}


async def _reports(session, port: int, police: Signer, bank: Bank, reports: int) -> dict[str, float]:  # type: ignore[no-untyped-def]
    before = len(bank.came)
    sent = await asyncio.gather(*(post(session, port, wire.REPORTS_PATH, police, report(n)) for n in range(reports)))
    await until(lambda: len(bank.came) >= before + 2 * reports, "every order's arrival")
    saved = query(
        "SELECT o.id::text, extract(epoch from c.opened_at), c.external_id FROM control_order o"
        " JOIN intake_case c ON c.id = o.case_id WHERE o.kind = 'stop' AND c.external_id <> 'B1000000'"
    )
    waits = [bank.came[str(order_id)] - float(str(opened)) for order_id, opened, _name in saved]
    whole = [bank.came[str(order_id)] - sent[int(str(name)[1:])] for order_id, _opened, name in saved]
    return {
        "report_to_bank_p50_ms": percentile(waits, 0.5) * 1000,
        "report_to_bank_p99_ms": percentile(waits, 0.99) * 1000,
        "sent_to_bank_p50_ms": percentile(whole, 0.5) * 1000,
        "sent_to_bank_p99_ms": percentile(whole, 0.99) * 1000,
    }


async def _answers_round(session, port: int, bank: Bank) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Answer the first queries one after the other, each with three payments onward."""
    queries = [o for o in bank.orders.values() if o["kind"] == "query-transactions"][:REPORTS]
    signer, waits = bank.signer, []
    for n, order in enumerate(queries):
        sent = await post(session, port, wire.ANSWERS_PATH, signer, _statement(order, n))
        await until(lambda n=n: len(_next_layer(bank, n)) >= 6, "the next layer's orders")
        waits.append(max(_next_layer(bank, n)) - sent)
    return {
        "answer_to_next_p50_ms": percentile(waits, 0.5) * 1000,
        "answer_to_next_p99_ms": percentile(waits, 0.99) * 1000,
    }


def _next_layer(bank: Bank, n: int) -> list[float]:
    """When the orders came that follow from the n-th answer: a stop and a query for each of three accounts."""
    return [bank.came[key] for key, order in bank.orders.items() if _number(order).startswith(f"6333{n:06d}")]


def _number(order: dict[str, object]) -> str:
    account = order["account"]
    return str(account["number"]) if isinstance(account, dict) else str(account)


def _statement(order: dict[str, object], n: int) -> dict[str, object]:
    now, account = datetime.now(UTC), order["account"]
    paid = now - timedelta(minutes=9)
    lines = [{"serial": "1", "at": paid.isoformat(), "direction": "in", "amount_minor": 5_000_000,
              "counterparty": {"bank": "ABC", "number": "622848"}, "balance_minor": 5_000_000}]  # fmt: skip
    for m in range(3):
        onward = {"bank": "ICBC", "number": f"6333{n:06d}{m:09d}"}
        line = {"serial": f"o{m}", "at": (paid + timedelta(seconds=60 + m)).isoformat(), "direction": "out"}
        left = 5_000_000 - 1_000_000 * (m + 1)
        lines.append({**line, "amount_minor": 1_000_000, "counterparty": onward, "balance_minor": left})
    told = {
        "answer_id": str(uuid4()), "order_id": order["order_id"], "seq": 1, "at": now.isoformat(), "code": "done",
        "as_of": now.isoformat(), "holder": {"name": str(account), "kind": "personal"}, "transactions": lines,
    }  # fmt: skip
    told["holder"] = {"name": "某人", "kind": "personal"}
    return {"message_id": str(uuid4()), "answers": [told]}


async def _clocks() -> dict[str, float]:
    """Ten thousand clocks of a hundred cases, due within ten seconds; the worker's sweep fires them."""
    from django.utils import timezone

    from wuzha.clocks.models import Clock

    def lay() -> None:
        from django.db import connection

        start = timezone.now() + timedelta(seconds=4)
        cases = [UUID(int=n) for n in range(100)]
        Clock.objects.bulk_create(
            Clock(
                kind="bench", subject=f"bench:{n}", case_id=cases[n % 100], started_at=start,
                due_at=(due := start + timedelta(milliseconds=n)), ladder=[[due.isoformat(), "due"]], next_at=due,
            )
            for n in range(CLOCKS)
        )  # fmt: skip
        connection.close()

    await asyncio.to_thread(lay)
    fired = "SELECT count(*) FROM clocks_clock WHERE kind = 'bench' AND next_at IS NULL"
    await until(lambda: query(fired)[0][0] == CLOCKS, "every clock's firing")
    late = query(
        "SELECT extract(epoch from e.at - c.due_at) FROM journal_event e JOIN clocks_clock c ON c.subject = e.subject"
        " WHERE c.kind = 'bench'"
    )
    waits = [float(str(row[0])) for row in late]
    return {"clock_late_p99_ms": percentile(waits, 0.99) * 1000, "clock_late_max_ms": max(waits) * 1000}


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures; the last line is one JSON object with --json."""
    parser = argparse.ArgumentParser(prog="wuzha bench speed", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--reports", type=int, default=REPORTS, help="reports at once")
    args = parser.parse_args(argv)
    figures = asyncio.run(measure(args.reports))
    commit = max(figures["commit_ms"], figures["commit_after_ms"])
    rows = [
        ("bare commit of one row, before and after", figures["commit_ms"], figures["commit_after_ms"]),
        (f"{args.reports} reports at once, taken to stop at bank",
         figures["report_to_bank_p50_ms"], figures["report_to_bank_p99_ms"]),
        ("the same from the instant the 110 room's system begins to send",
         figures["sent_to_bank_p50_ms"], figures["sent_to_bank_p99_ms"]),
        ("answer in to all next orders at bank", figures["answer_to_next_p50_ms"], figures["answer_to_next_p99_ms"]),
        (f"{CLOCKS} clocks, late (p99, most)", figures["clock_late_p99_ms"], figures["clock_late_max_ms"]),
    ]  # fmt: skip
    print(f"{'milliseconds':<64}{'p50':>9}{'p99':>9}")
    for name, half, most in rows:
        print(f"{name:<64}{half:>9.1f}{most:>9.1f}")
    beyond = (figures["answer_to_next_p99_ms"] - commit) / commit
    print(f"answer to next orders beyond the commit: {beyond:.0f} commits")
    if args.json:
        print(json.dumps({name: round(value, 2) for name, value in figures.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
