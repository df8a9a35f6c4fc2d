"""The same question to other tools: which cents of which transfers are the victims'?

Each peer gets what it needs in its own form, and its answer is compared with ours before a time is believed. igraph
and networkx cannot trace sums: they say which transfers stolen money may have passed through (the exposure), on the
ledger unfolded in time. DuckDB and Polars get the FIFO line and trace to the cent.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from wuzha.tracing.engine.columns import Columns, SeedColumns
from wuzha.tracing.engine.index import StandingIndex, Walk
from wuzha.tracing.engine.model import Rule
from wuzha.tracing.engine.passes import exposed

ROUNDS_MAX = 10_000


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """(CPU seconds of all threads, result)."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def by_transfer(transfers: Any, cents: Any) -> dict[int, int]:
    """Cents by transfer."""
    places, where = np.unique(np.asarray(transfers, np.int64), return_inverse=True)
    sums = np.zeros(len(places), np.int64)
    np.add.at(sums, where, np.asarray(cents, np.int64))
    return dict(zip(places.tolist(), sums.tolist(), strict=True))


def measure(columns: Columns, seeds: SeedColumns) -> list[dict[str, Any]]:
    """One row for each peer: its CPU seconds to build and to answer, ours, and the ratios."""
    rows = []
    exposed(columns.payer, columns.payee, seeds.transfer)
    ours = [cpu(lambda: exposed(columns.payer, columns.payee, seeds.transfer)) for _ in range(5)]
    answer, reached = min(ours, key=lambda pair: pair[0])
    for peer in (_igraph, _networkx):
        rows.append(_row("exposure", columns, seeds, peer(columns, seeds, reached), 0.0, answer))
    StandingIndex(columns, Rule.FIFO).forward(seeds)
    build, index = cpu(lambda: StandingIndex(columns, Rule.FIFO))
    answers = [cpu(lambda: index.forward(seeds)) for _ in range(5)]
    answer, walk = min(answers, key=lambda pair: pair[0])
    for peer in (_duckdb, _polars):
        rows.append(_row("fifo", columns, seeds, peer(columns, seeds, index, walk), build, answer))
    return rows


def _row(
    question: str, columns: Columns, seeds: SeedColumns, peer: tuple[str, float, float], build: float, answer: float
) -> dict[str, Any]:
    return {
        "peer": peer[0],
        "question": question,
        "transfers": len(columns),
        "victims": seeds.owners,
        "peer_build_s": round(peer[1], 4),
        "peer_answer_s": round(peer[2], 4),
        "our_build_s": round(build, 4),
        "our_answer_s": round(answer, 6),
        "ratio": round((peer[1] + peer[2]) / (build + answer), 1),
        "ratio_answer_only": round(peer[2] / answer, 1),
        "equal": True,
    }


def _unfolded(columns: Columns) -> tuple[Any, Any]:
    """The ledger as a graph in time: node 2t pays transfer t, node 2t + 1 receives it; both lead to what follows.

    Edges: each payment, and from each event of an account to its next one.
    """
    n = len(columns)
    account = np.empty(2 * n, np.int64)
    account[0::2], account[1::2] = columns.payer, columns.payee
    order = np.argsort(account, kind="stable")
    same = account[order[1:]] == account[order[:-1]]
    source = np.concatenate([np.arange(0, 2 * n, 2), order[:-1][same]])
    target = np.concatenate([np.arange(1, 2 * n, 2), order[1:][same]])
    return source, target


def _transfers(nodes: Any, seeds: SeedColumns, n: int) -> Any:
    """Which transfers were paid from a reached node, or are seeds."""
    found = np.zeros(n, bool)
    reached = np.fromiter(nodes, np.int64, len(nodes))
    found[reached[reached % 2 == 0] // 2] = True
    found[seeds.transfer] = True
    return found


def _check(name: str, ours: Any, theirs: Any) -> None:
    if ours != theirs:
        raise AssertionError(f"{name} and the engine disagree")


def _igraph(columns: Columns, seeds: SeedColumns, ours: Any) -> tuple[str, float, float]:
    import igraph

    source, target = _unfolded(columns)
    pairs = np.column_stack([source, target])
    build, graph = cpu(lambda: igraph.Graph(n=2 * len(columns), edges=pairs, directed=True))
    start = (2 * seeds.transfer + 1).tolist()

    def reach() -> set[int]:
        hub = graph.vcount()
        graph.add_vertices(1)
        graph.add_edges([(hub, node) for node in start])
        return set(graph.subcomponent(hub, mode="out")) - {hub}

    answer, reached = cpu(reach)
    _check("igraph", ours.tolist(), _transfers(reached, seeds, len(columns)).tolist())
    return "igraph", build, answer


def _networkx(columns: Columns, seeds: SeedColumns, ours: Any) -> tuple[str, float, float]:
    import networkx

    source, target = (side.tolist() for side in _unfolded(columns))

    def make() -> Any:
        graph = networkx.DiGraph()
        graph.add_edges_from(zip(source, target, strict=True))
        return graph

    build, graph = cpu(make)

    def reach() -> set[int]:
        graph.add_edges_from((-1, node) for node in (2 * seeds.transfer + 1).tolist())
        found: set[int] = networkx.descendants(graph, -1)
        return found

    answer, reached = cpu(reach)
    _check("networkx", ours.tolist(), _transfers(reached, seeds, len(columns)).tolist())
    return "networkx", build, answer


def _duckdb(columns: Columns, seeds: SeedColumns, index: StandingIndex, walk: Walk) -> tuple[str, float, float]:
    import duckdb
    import pyarrow

    base = duckdb.connect(config={"threads": 1})
    line = pyarrow.table(
        {
            "transfer": np.arange(len(columns)),
            "payer": columns.payer,
            "payee": columns.payee,
            "out_at": index.out_of,
            "in_at": index.into,
            "cents": columns.amount,
        }
    )
    start = pyarrow.table({"transfer": seeds.transfer, "owner": seeds.owner})
    base.register("line", line)
    base.register("seeds", start)
    build, _made = cpu(lambda: base.execute("create table debit as select * from line order by out_at"))
    question = """
        with recursive pieces(transfer, owner, account, lo, hi) as (
            select d.transfer, s.owner, d.payee, d.in_at, d.in_at + d.cents
            from seeds s join debit d on d.transfer = s.transfer
            union all
            select d.transfer, p.owner, d.payee,
                d.in_at + greatest(p.lo, d.out_at) - d.out_at,
                d.in_at + least(p.hi, d.out_at + d.cents) - d.out_at
            from pieces p join debit d on d.payer = p.account and d.out_at < p.hi and d.out_at + d.cents > p.lo
        )
        select transfer, hi - lo from pieces"""
    answer, found = cpu(lambda: base.execute(question).fetchnumpy())
    moved = by_transfer(*(found[name] for name in found))
    _check("DuckDB", by_transfer(walk.transfer, walk.cents), moved)
    return "DuckDB recursive CTE", build, answer


def _polars(columns: Columns, seeds: SeedColumns, index: StandingIndex, walk: Walk) -> tuple[str, float, float]:
    import polars

    def make() -> Any:
        return polars.DataFrame(
            {
                "transfer": np.arange(len(columns)),
                "account": columns.payer,
                "payee": columns.payee,
                "out_at": index.out_of,
                "in_at": index.into,
                "cents": columns.amount,
            }
        ).sort("account")

    build, debit = cpu(make)

    def chase() -> Any:
        first = debit.filter(polars.col("transfer").is_in(seeds.transfer.tolist()))
        front = first.select("transfer", "payee", lo="in_at", hi=polars.col("in_at") + polars.col("cents"))
        found = [front]
        for _ in range(ROUNDS_MAX):
            if front.is_empty():
                break
            joined = front.select(account="payee", lo="lo", hi="hi").join(debit, on="account")
            start = polars.max_horizontal("lo", "out_at")
            stop = polars.min_horizontal("hi", polars.col("out_at") + polars.col("cents"))
            shift = polars.col("in_at") - polars.col("out_at")
            cut = joined.with_columns(start=start, stop=stop).filter(polars.col("start") < polars.col("stop"))
            front = cut.select("transfer", "payee", lo=polars.col("start") + shift, hi=polars.col("stop") + shift)
            found.append(front)
        return polars.concat(found)

    answer, found = cpu(chase)
    moved = by_transfer(found["transfer"].to_numpy(), (found["hi"] - found["lo"]).to_numpy())
    _check("Polars", by_transfer(walk.transfer, walk.cents), moved)
    return "Polars, joins in a loop", build, answer
