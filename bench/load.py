"""From an answer to all next orders queued, with many orders open: does the step stay quick as the centre fills up?

Theory. The step is one transaction: record the answer, extend the ledger, follow the money, make the next layer's
orders (three accounts, six orders), commit. Other cases' open orders must not slow it: it touches its own case
through indexes. Measured in this process against a real PostgreSQL with fsync, beside a bare commit in the same run, at
1,000, 5,000 and 20,000 open orders. Wall clock and CPU of this process, since machines are shared.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

SIZES = (1_000, 5_000, 20_000)
STEPS = 150
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


def answer(query, n: int):  # type: ignore[no-untyped-def]
    """A statement with payments onward to accounts that nobody has seen."""
    from django.utils import timezone

    from wuzha.partners.protocol import AccountRef, Answer, Holder, Transaction

    now = timezone.now()
    paid = now - timedelta(minutes=9)
    lines = [Transaction(serial="1", at=paid, direction="in", amount_minor=5_000_000, balance_minor=5_000_000,
                         counterparty=AccountRef(bank="ABC", number="62284800"))]  # fmt: skip
    for m in range(PAYMENTS_ONWARD):
        far = AccountRef(bank="ICBC", number=f"6333{n:08d}{m:04d}")
        at = paid + timedelta(seconds=60 + m)
        left = 5_000_000 - 1_000_000 * (m + 1)
        lines.append(Transaction(serial=f"o{m}", at=at, direction="out", amount_minor=1_000_000, counterparty=far,
                                 balance_minor=left))  # fmt: skip
    return Answer(
        answer_id=uuid4(), order_id=query.id, seq=1, at=now, code="done", as_of=now, transactions=lines,
        holder=Holder(name="某人", kind="personal"),
    )  # fmt: skip


def measure(sizes: Sequence[int], steps: int) -> list[dict[str, float]]:
    """Fill the centre up to each size in turn and time `steps` answers there."""
    from django.db import connection
    from django.utils import timezone

    from wuzha.control.answers import Told, record_answers
    from wuzha.control.models import Order

    rows, n = [], 0
    for size in sizes:
        queries = []
        while Order.objects.filter(state__in=("queued", "delivered")).count() < size or len(queries) < steps:
            for _step in range(100):
                n += 1
                queries.append(report(n))
        walls, cpus, commits = [], [], []
        for query in queries[-steps:]:
            n += 1
            told = [Told("ICBC", "standard", answer(query, n))]
            wall, cpu = time.perf_counter(), time.process_time()
            record_answers(told, by="partner:ICBC", now=timezone.now())
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
            with connection.cursor() as cursor:
                wall = time.perf_counter()
                cursor.execute("UPDATE partners_partner SET last_error = '' WHERE code = 'ICBC'")
                commits.append(time.perf_counter() - wall)
        rows.append(
            {
                "open_orders": Order.objects.filter(state__in=("queued", "delivered")).count(),
                "p50_ms": percentile(walls, 0.5) * 1000,
                "p99_ms": percentile(walls, 0.99) * 1000,
                "cpu_p50_ms": percentile(cpus, 0.5) * 1000,
                "commit_p50_ms": percentile(commits, 0.5) * 1000,
            }
        )
    return rows


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table; the last line is one JSON object with --json."""
    parser = argparse.ArgumentParser(prog="wuzha bench load", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--sizes", default=",".join(str(size) for size in SIZES))
    args = parser.parse_args(argv)
    with database():
        rows = measure([int(size) for size in args.sizes.split(",")], args.steps)
    print(f"{'open orders':>12}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'commit ms':>11}")
    for row in rows:
        print(
            f"{row['open_orders']:>12.0f}{row['p50_ms']:>9.1f}{row['p99_ms']:>9.1f}{row['cpu_p50_ms']:>9.1f}"
            f"{row['commit_p50_ms']:>11.2f}"
        )
    if args.json:
        print(json.dumps({"answer_to_next_orders": [{k: round(v, 2) for k, v in row.items()} for row in rows]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
