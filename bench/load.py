"""From an answer to all next orders queued, with many orders open: does the step stay quick as the centre fills up?

Theory. The step is one transaction: record the answer, extend the ledger, follow the money, make the next layer's
orders (three accounts, six orders), commit. Other cases' open orders must not slow it: it touches its own case
through indexes. Measured in this process against a real PostgreSQL with fsync, beside a bare commit in the same run, at
1,000, 5,000 and 20,000 open orders. Wall clock and CPU of this process, since machines are shared.

Where other programs have the processors, a step waits for its turn. Linux counts that wait for this process and for the
database's; the times less it ("own") are what the step would take on a machine of its own, but for the disk.

The answered cases are filed as any other; the rest of the centre is filled with copies of one (filling.py), with fresh
statistics, and at the end the journal of all of it is verified. A few steps go before the measured ones, for a centre
at work has read its programs. Growth is told as a ratio to the smallest size: open orders beside the step's times.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from bench.filling import multiply

SIZES = (1_000, 5_000, 20_000)
STEPS = 300
WARM_STEPS = 20
ORDERS_A_REPORT = 2
COPIES_FROM = 10**6  # the accounts of copies do not meet those of reports
PAYMENTS_ONWARD = 3


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of `values` lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


@contextmanager
def database() -> Iterator[None]:
    """A fresh database with one bank."""
    from wuzha.pg import Cluster

    with tempfile.TemporaryDirectory(prefix="wuzha-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ.update(WUZHA_DATA=folder, DJANGO_SETTINGS_MODULE="wuzha.settings")
        with Cluster(folder) as cluster:
            cluster.create_database("wuzha")
            os.environ["DATABASE_URL"] = cluster.url()
            import django

            django.setup()
            from django.core.management import call_command

            from wuzha.partners.models import Partner
            from wuzha.people.models import Unit

            call_command("migrate", verbosity=0)
            unit = Unit.objects.create(code="ICBC", kind="bank", name_zh="ICBC")
            Partner.objects.create(code="ICBC", unit=unit, kind="bank", base_url="http://127.0.0.1:9", key_id="ICBC")
            gc.collect()
            gc.freeze()  # as the pages and the worker do (wuzha/asgi.py)
            yield


def report(n: int):  # type: ignore[no-untyped-def]
    """A case with two open orders; returns its query."""
    from django.utils import timezone

    from wuzha.control.models import Order
    from wuzha.intake.actions import file_report
    from wuzha.partners.protocol import AccountRef, Report, ReportedTransfer

    now = timezone.now()
    transfer = ReportedTransfer(
        payee=AccountRef(bank="ICBC", number=f"6222{n:012d}"), amount="50000", at=now - timedelta(minutes=9)
    )
    told = Report(victim_name="基准", transfers=[transfer])
    case, _made = file_report(case_id=uuid4(), report=told, by="bench", now=now)
    return Order.objects.get(case=case, kind="query-transactions")


def answer(query):  # type: ignore[no-untyped-def]
    """A statement with payments onward to accounts that nobody has seen."""
    from django.utils import timezone

    from wuzha.partners.protocol import AccountKind, AccountRef, Answer, Holder, Transaction

    now = timezone.now()
    paid = now - timedelta(minutes=9)
    lines = [Transaction(serial="1", at=paid, direction="in", amount_minor=5_000_000, balance_minor=5_000_000,
                         counterparty=AccountRef(bank="ABC", number="62284800"))]  # fmt: skip
    for m in range(PAYMENTS_ONWARD):
        far = AccountRef(bank="ICBC", number=f"6333{query.account[-8:]}{m:04d}")
        at = paid + timedelta(seconds=60 + m)
        left = 5_000_000 - 1_000_000 * (m + 1)
        lines.append(Transaction(serial=f"o{m}", at=at, direction="out", amount_minor=1_000_000, counterparty=far,
                                 balance_minor=left))  # fmt: skip
    return Answer(
        answer_id=uuid4(), order_id=query.id, seq=1, at=now, code="done", as_of=now, transactions=lines,
        holder=Holder(name="某人", kind=AccountKind.PERSONAL),
    )  # fmt: skip


def measure(sizes: Sequence[int], steps: int) -> list[dict[str, float]]:
    """Fill the centre up to each size in turn and time `steps` answers there."""
    from wuzha.journal.verify import verify

    rows: list[dict[str, float]] = []
    first = report(0)
    filed = copied = 1
    for size in sizes:
        queries = [report(n) for n in range(filed, filed + WARM_STEPS + steps)]
        filed += len(queries)
        wanted = max(1, (size - _open_orders() + 1) // ORDERS_A_REPORT)
        multiply(first.case_id, first.account, range(COPIES_FROM + copied, COPIES_FROM + copied + wanted))
        copied += wanted
        row = {"open_orders": _open_orders()}
        rows.append(row | _timed(queries))
    if faults := list(verify()):
        raise RuntimeError(f"the journal does not hold: {faults[:3]}")
    return rows


def _open_orders() -> int:
    from wuzha.control.models import Order

    return Order.objects.filter(state__in=("queued", "delivered")).count()


def _waits(database_pid: int) -> float:
    """Seconds that this thread and the database's process were ready to run and had to wait for a processor."""
    waited_ns = 0
    for process in ("self", database_pid):
        with suppress(OSError, IndexError):
            waited_ns += int(Path(f"/proc/{process}/schedstat").read_text().split()[1])
    return waited_ns / 1e9


def _timed(queries) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Answer each query; the times of all but the first few."""
    from django.db import connection
    from django.utils import timezone

    from wuzha.control.answers import Told, record_answers

    walls, owns, cpus, commits = [], [], [], []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (database_pid,) = cursor.fetchone()
    for query in queries:
        told = [Told("ICBC", "standard", answer(query))]
        waits, wall, cpu = _waits(database_pid), time.perf_counter(), time.process_time()
        record_answers(told, by="partner:ICBC", now=timezone.now())
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        owns.append(max(0.0, walls[-1] - (_waits(database_pid) - waits)))
        with connection.cursor() as cursor:
            wall = time.perf_counter()
            cursor.execute("UPDATE partners_partner SET last_error = '' WHERE code = 'ICBC'")
            commits.append(time.perf_counter() - wall)
    kinds = {"": walls, "own_": owns, "cpu_": cpus, "commit_": commits}
    return {
        f"{kind}{name}_ms": percentile(times[WARM_STEPS:], share) * 1000
        for kind, times in kinds.items()
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table; the last line is one JSON object with --json."""
    parser = argparse.ArgumentParser(prog="wuzha bench load", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--sizes", default=",".join(str(size) for size in SIZES))
    args = parser.parse_args(argv)
    with database():
        rows = measure([int(size) for size in args.sizes.split(",")], args.steps)
    titles = ["p50 ms", "p99 ms", "own p50", "own p99", "CPU p50", "CPU p99", "commit", "its p99"]
    titles += ["orders x", "p50 x", "own x", "CPU x"]
    print(f"{'open orders':>12}" + "".join(f"{title:>9}" for title in titles))
    for row in rows:
        ratios = [row[name] / rows[0][name] for name in ("open_orders", "p50_ms", "own_p50_ms", "cpu_p50_ms")]
        times = [value for name, value in row.items() if name != "open_orders"]
        print(f"{row['open_orders']:>12.0f}" + "".join(f"{value:>9.2f}" for value in (*times, *ratios)))
    if args.json:
        print(json.dumps({"answer_to_next_orders": [{k: round(v, 2) for k, v in row.items()} for row in rows]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
