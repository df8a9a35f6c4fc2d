"""The tracing engine's speed, on one core, beside other tools in the same run: python -m bench.trace [--json].

Every figure is the least CPU time of several rounds (the machine is shared), every peer's answer is checked equal to
ours. Ledgers are generated (`wuzha.tracing.engine.generate`), with one victim for each TRANSFERS_PER_VICTIM transfers.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

SIZES = (100_000, 1_000_000, 10_000_000)
PEER_SIZES = (100_000, 1_000_000)
HUGE = 100_000_000
TRANSFERS_PER_VICTIM = 10_000
ROUNDS = 5
CASE_ROUNDS = 25  # a case takes milliseconds, and on a shared machine only the least of many is its own
SMALL = 1_000_000  # transfers: so large a sweep takes milliseconds too
CHUNK = 1 << 20
DENSE_ACCOUNTS, DENSE_VICTIMS, CASE = 1_000, 250, 100_000
LATE = 1_000  # transfers of the late answer
TARGETS = {
    "sweep 10^6": "100 M/s",
    "sweep 10^7": "60 M/s fifo, lifo, tainted-first; 90 clean-first; 12 pro-rata",
    "case, dense": "5 ms",
    "case, sparse": "1 ms",
    "late answer": "3 ms",
    "one victim": "10 us",
    "10^8 from Parquet": "20 M/s in 2 GB",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when every answer was equal."""
    parser = argparse.ArgumentParser(prog="wuzha bench trace", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sizes", type=lambda text: int(float(text)), nargs="+", default=list(SIZES), metavar="N")
    parser.add_argument("--huge", action="store_true", help="also 10^8 transfers from Parquet (2 GB of disk)")
    parser.add_argument("--only-huge", action="store_true", help="only that")
    parser.add_argument("--no-peers", action="store_true", help="leave the other tools out")
    options = parser.parse_args(arguments)
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    say = _quiet if options.json else print
    found: dict[str, Any] = {"targets": TARGETS, "sweep": [], "peers": []}
    if options.only_huge:
        options.sizes, options.huge, options.no_peers = [], True, True
    for size in options.sizes:
        found["sweep"] += _table(say, _sweeps(size))
    found["index"] = _table(say, [row for size in options.sizes for row in _index(size)])
    found["case"] = _table(say, [] if options.only_huge else _case())
    if not options.no_peers:
        found["peers"] = _table(say, [row for size in PEER_SIZES if size in options.sizes for row in _peers(size)])
    if options.huge:
        found["parquet"] = _table(say, _parquet())
    if options.json:
        print(json.dumps(found, indent=1))
    return 0


def _quiet(*_words: object) -> None:
    """Say nothing."""


def _table(say: Callable[..., None], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        say("  ".join(f"{name} {value}" for name, value in row.items()))
    return rows


def _least(work: Callable[[], Any], prepare: Callable[[], Any] | None = None, rounds: int = ROUNDS) -> float:
    """Least CPU seconds of some rounds; what `prepare` gives is passed to `work` and not timed."""
    best = float("inf")
    for _ in range(rounds):
        given = (prepare(),) if prepare else ()
        start = time.process_time()
        work(*given)
        best = min(best, time.process_time() - start)
    return best


def _victims(size: int) -> int:
    return max(10, size // TRANSFERS_PER_VICTIM)


def _sweeps(size: int) -> list[dict[str, Any]]:
    import numpy as np

    from wuzha.tracing.engine import generate
    from wuzha.tracing.engine.lots import OUT, RULE_CODE, new_paint, new_state
    from wuzha.tracing.engine.sweep import sweep

    columns = generate.ledger(size)
    seeds = generate.seeds(columns, _victims(size))
    small = generate.ledger(1_000)
    rows = []
    for rule, code in RULE_CODE.items():
        few = generate.seeds(small, 5)
        paint = new_paint(few, len(small.opening))
        sweep(code, small.payer, small.payee, small.amount, new_state(small.opening, 5, 64), paint, 0, len(small))
        last: list[Any] = []

        def prepare() -> tuple[Any, Any]:
            return new_state(columns.opening, seeds.owners, 1 << 16), new_paint(seeds, len(columns.opening))

        def work(given: tuple[Any, Any], code: int = code, last: list[Any] = last) -> None:
            last[:] = [sweep(code, columns.payer, columns.payee, columns.amount, given[0], given[1], 0, size)]

        seconds = _least(work, prepare, CASE_ROUNDS if size <= SMALL else 2 * ROUNDS)
        count = int(last[0].ctl[OUT])
        rows.append(
            {
                "rule": rule.value,
                "transfers": size,
                "victims": seeds.owners,
                "ms": round(seconds * 1e3, 2),
                "million_per_s": round(size / seconds / 1e6, 1),
                "flow_rows": count,
                "touched": round(len(np.unique(last[0].out_transfer[:count])) / size, 5),
            }
        )
    return rows


def _index(size: int) -> list[dict[str, Any]]:
    import numpy as np

    from wuzha.tracing.engine import generate
    from wuzha.tracing.engine.index import StandingIndex
    from wuzha.tracing.engine.model import Rule
    from wuzha.tracing.engine.walk import solos

    columns = generate.ledger(size)
    rows = []
    for rule in (Rule.FIFO, Rule.LIFO):
        StandingIndex(generate.ledger(1_000), rule)
        build = _least(lambda rule=rule: StandingIndex(columns, rule), rounds=2)
        index = StandingIndex(columns, rule)
        asked = np.random.default_rng(5).integers(0, size // 2, 20_000)
        for transfer in asked[:100].tolist():
            index.one(transfer)
        inside = _least(lambda index=index, asked=asked: solos(index.addresses, index.lifo, asked)) / len(asked)
        calls = []
        for transfer in asked[:5_000].tolist():
            start = time.perf_counter()
            index.one(transfer)
            calls.append(time.perf_counter() - start)
        rows.append(
            {
                "index": rule.value,
                "transfers": size,
                "build_s": round(build, 3),
                "bytes_per_transfer": round(index.bytes_per_transfer, 1),
                "one_victim_us": round(inside * 1e6, 2),
                "one_call_from_python_us": round(float(np.median(calls)) * 1e6, 2),
            }
        )
    return rows


def _case() -> list[dict[str, Any]]:
    """A case file of 10^5 transfers: traced with frontier and cash-outs, and again after a late answer."""
    from wuzha.tracing.engine import generate
    from wuzha.tracing.engine.lots import RULE_CODE

    rows = []
    for name, accounts, victims in (("dense", DENSE_ACCOUNTS, DENSE_VICTIMS), ("sparse", CASE // 10, 10)):
        columns = generate.ledger(CASE, accounts=accounts)
        for rule, code in RULE_CODE.items():
            rows.append({"case": name, "rule": rule.value, **_case_of(columns, code, victims)})
    return rows


def _case_of(columns: Any, code: int, victims: int) -> dict[str, Any]:
    import numpy as np

    from wuzha.tracing.engine import generate
    from wuzha.tracing.engine.case import CaseFile

    at = np.arange(CASE, dtype=np.int64)
    is_cash = np.arange(len(columns.opening)) % 20 == 0
    seeds = generate.seeds(columns, victims)
    late = np.setdiff1d(np.random.default_rng(9).choice(CASE, LATE, replace=False), seeds.transfer)
    kept = np.setdiff1d(at, late)
    of_kept = replace(columns, **{name: getattr(columns, name)[kept] for name in ("payer", "payee", "amount")})
    position = np.searchsorted(kept, seeds.transfer)
    whole, known = CaseFile(columns, at, is_cash), CaseFile(of_kept, at[kept], is_cash)
    answer = tuple(getattr(columns, name)[late] for name in ("payer", "payee", "amount"))
    last: list[Any] = []

    def retrace() -> None:
        moved, file = known.merged(*answer, at[late])
        last[:] = [file.totals(code, replace(seeds, transfer=moved[position]))]

    retrace()
    first = whole.totals(code, seeds)
    if not (np.array_equal(first.transfer, last[0].transfer) and np.array_equal(first.cents, last[0].cents)):
        raise AssertionError("the merged file is traced differently")
    return {
        "transfers": CASE,
        "victims": victims,
        "trace_ms": round(_least(lambda: whole.totals(code, seeds), rounds=CASE_ROUNDS) * 1e3, 2),
        "each_victim_ms": round(_least(lambda: whole.by_victim(code, seeds), rounds=2) * 1e3, 2),
        "late_answer_ms": round(_least(retrace, rounds=CASE_ROUNDS) * 1e3, 2),
        "tainted_accounts": round(whole.tainted, 3),
    }


def _peers(size: int) -> list[dict[str, Any]]:
    from bench.trace_peers import measure
    from wuzha.tracing.engine import generate

    columns = generate.ledger(size)
    return measure(columns, generate.seeds(columns, _victims(size)))


def _parquet() -> list[dict[str, Any]]:
    """10^8 transfers streamed from Parquet, decoding included; each rule in a process of its own, for its memory."""
    import numpy as np

    with tempfile.TemporaryDirectory(prefix="wuzha-bench-") as folder:
        path, openings = Path(folder) / "ledger.parquet", Path(folder) / "openings.npy"
        np.save(openings, _write_parquet(path, HUGE))
        rows = []
        for rule in ("fifo", "lifo", "tainted-first", "clean-first", "pro-rata"):
            with get_context("spawn").Pool(1) as pool:
                rows.append(pool.apply(_parquet_rule, (path, openings, rule)))
        return rows


def _parquet_rule(path: Path, openings: Path, rule: str) -> dict[str, Any]:
    import numpy as np

    from wuzha.tracing.engine import generate
    from wuzha.tracing.engine.lots import OUT, RULE_CODE
    from wuzha.tracing.engine.model import Rule
    from wuzha.tracing.engine.stream import sweep_chunks

    code, opening = RULE_CODE[Rule(rule)], np.load(openings)
    small = generate.ledger(1_000)
    few = generate.seeds(small, 5)
    sweep_chunks(code, [(small.payer, small.payee, small.amount)], small.opening, few)
    seeds = generate.seeds_at(np.random.default_rng(2).choice(HUGE // 2, _victims(HUGE), replace=False))
    best, state = float("inf"), None
    for _ in range(2):
        del state  # or two states would be in memory at once
        start = time.process_time()
        state = sweep_chunks(code, _read_parquet(path), opening, seeds)
        best = min(best, time.process_time() - start)
    return {
        "parquet": rule,
        "transfers": HUGE,
        "victims": seeds.owners,
        "cpu_s": round(best, 2),
        "million_per_s": round(HUGE / best / 1e6, 1),
        "flow_rows": int(state.ctl[OUT]),
        "peak_memory_gb": round(_peak_memory_gb(), 2),
    }


def _peak_memory_gb() -> float:
    """The most memory that this process has held; the kernel's own count would include the parent's."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1e6


def _write_parquet(path: Path, size: int) -> Any:
    import pyarrow
    import pyarrow.parquet

    from wuzha.tracing.engine import generate
    from wuzha.tracing.engine.passes import Openings

    accounts = size // generate.TRANSFERS_PER_ACCOUNT
    openings = Openings(accounts)
    names = {"payer": pyarrow.int32(), "payee": pyarrow.int32(), "amount": pyarrow.int64()}
    with pyarrow.parquet.ParquetWriter(path, pyarrow.schema(names), compression="lz4", use_dictionary=False) as writer:
        for payer, payee, amount in generate.chunks(size, accounts, seed=1):
            openings.add(payer, payee, amount)
            table = pyarrow.table({"payer": payer, "payee": payee, "amount": amount})
            writer.write_table(table, row_group_size=CHUNK)
    return openings.least()


def _read_parquet(path: Path) -> Iterator[Any]:
    import pyarrow.parquet

    # unbuffered: else the library reads all row groups ahead, which is the whole file in memory
    for batch in pyarrow.parquet.ParquetFile(path, pre_buffer=False).iter_batches(CHUNK, use_threads=False):
        yield tuple(batch.column(name).to_numpy() for name in ("payer", "payee", "amount"))


if __name__ == "__main__":
    sys.exit(main())
