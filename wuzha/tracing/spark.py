"""The same trace on Apache Spark, for ledgers that already lie in a cluster (`pip install wuzha[spark]`).

Theory. The account fold (`engine.accountfold`) needs one account's statement and the pieces of its income, no more.
So the ledger becomes events, two for each transfer, partitioned by account; a round runs the same compiled kernel over
the accounts whose income changed (applyInArrow, one batch for each partition) and sends the pieces that they pay to
the next accounts. It ends when no income changes, at the result of one node, to the cent.

The ledger must be ordered and complete as for one node: a column `place` with the position of each transfer in the
total order, and openings with which no account falls below zero (`least_openings` derives them, in one window).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.engine.model import Rule

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ROUNDS_MAX = 10_000
EVENT = "account long, place long, change long"
PIECE = "place long, rank int, owner int, cents long"
REST = "account long, owner int, cents long"
OUT = "kind int, account long, place long, rank int, owner int, cents long"
PAID, HELD = 0, 1


class SparkTrace(NamedTuple):
    """flows: place, owner, cents. holdings: account, owner, cents. rounds: how often accounts were folded."""

    flows: "DataFrame"
    holdings: "DataFrame"
    rounds: int


def require_spark() -> Any:
    """The pyspark.sql.functions module. Refusal "spark.missing" when the extra is not installed."""
    try:
        from pyspark.sql import functions
    except ImportError:
        raise Refusal("spark.missing", _("Apache Spark is not installed; install requirements/spark.txt.")) from None
    return functions


def least_openings(ledger: "DataFrame") -> "DataFrame":
    """(account, opening) with which no account falls below zero, from ledger (place, payer, payee, amount)."""
    functions = require_spark()
    from pyspark.sql import Window

    by_place = Window.partitionBy("account").orderBy("place").rowsBetween(Window.unboundedPreceding, 0)
    running = _events(ledger).withColumn("balance", functions.sum("change").over(by_place))
    lowest = running.groupBy("account").agg(functions.min("balance").alias("lowest"))
    return lowest.select("account", functions.greatest(functions.lit(0), -functions.col("lowest")).alias("opening"))


def trace(
    session: "SparkSession",
    ledger: "DataFrame",
    openings: "DataFrame",
    seeds: list[tuple[int, int]],
    rule: Rule = Rule.FIFO,
    partitions: int | None = None,
) -> SparkTrace:
    """Trace whole payments as seeds under a conserving rule.

    ledger: place (0..), payer, payee (long), amount (cents, long). openings: account, opening (cents).
    seeds: (place, owner 1..) of victims' payments. partitions: of accounts; default is the session's.
    """
    functions = require_spark()
    parts = partitions or int(session.conf.get("spark.sql.shuffle.partitions", "200"))
    bucket = functions.pmod(functions.hash("account"), functions.lit(parts))
    events = _events(ledger).join(openings, "account", "left").fillna(0, ["opening"]).withColumn("bucket", bucket)
    events = events.repartition(parts, "bucket").persist()
    payees = ledger.select("place", functions.col("payee").alias("account")).persist()
    started = session.createDataFrame([(place,) for place, _owner in seeds], "place long")
    changed = ledger.join(started, "place").select(functions.col("payer").alias("account")).distinct().persist()
    pieces = session.createDataFrame([], PIECE)
    holdings = session.createDataFrame([], REST)
    kernel = _kernel(rule, sorted(seeds))
    rounds = 0
    while not changed.isEmpty():
        rounds += 1
        if rounds > ROUNDS_MAX:
            raise RuntimeError("the account fold does not settle")
        work = events.join(functions.broadcast(changed), "account", "left_semi")
        incoming = pieces.join(payees, "place").join(functions.broadcast(changed), "account", "left_semi")
        incoming = incoming.withColumn("bucket", bucket)
        folded = work.groupBy("bucket").cogroup(incoming.groupBy("bucket")).applyInArrow(kernel, OUT).localCheckpoint()
        paid = folded.filter(functions.col("kind") == PAID).select("place", "rank", "owner", "cents")
        held = folded.filter(functions.col("kind") == HELD).select("account", "owner", "cents")
        spent = work.filter("change < 0").select("place").distinct()
        before = pieces.join(spent, "place", "left_semi")
        differ = paid.exceptAll(before).select("place").union(before.exceptAll(paid).select("place")).distinct()
        pieces = pieces.join(spent, "place", "left_anti").union(paid).coalesce(parts).localCheckpoint()
        holdings = holdings.join(functions.broadcast(changed), "account", "left_anti").union(held)
        holdings = holdings.coalesce(parts).localCheckpoint()
        changed = differ.join(payees, "place").select("account").distinct().coalesce(1).localCheckpoint()
    events.unpersist()
    payees.unpersist()
    flows = pieces.filter("owner > 0").groupBy("place", "owner").agg(functions.sum("cents").alias("cents"))
    return SparkTrace(flows, holdings.groupBy("account", "owner").agg(functions.sum("cents").alias("cents")), rounds)


def _events(ledger: "DataFrame") -> "DataFrame":
    """Two events for each transfer, none for a payment to oneself."""
    moved = ledger.filter("payer <> payee")
    out = moved.selectExpr("payer as account", "place", "-amount as change")
    return out.union(moved.selectExpr("payee as account", "place", "amount as change"))


def _kernel(rule: Rule, seeds: list[tuple[int, int]]) -> Any:
    """The function that Spark's workers run: (events, pieces) of some accounts -> what they pay and keep."""
    places = np.array([place for place, _owner in seeds], np.int64)
    owners = np.array([owner for _place, owner in seeds], np.int32)

    def fold(events: Any, pieces: Any) -> Any:
        import pyarrow

        columns = fold_arrays(
            rule,
            *(events.column(name).to_numpy() for name in ("account", "place", "change", "opening")),
            *(pieces.column(name).to_numpy() for name in ("account", "place", "rank", "owner", "cents")),
            seed_place=places,
            seed_owner=owners,
        )
        names = ("kind", "account", "place", "rank", "owner", "cents")
        types = (pyarrow.int32(), *[pyarrow.int64()] * 2, pyarrow.int32(), pyarrow.int32(), pyarrow.int64())
        return pyarrow.table({n: pyarrow.array(c, t) for n, c, t in zip(names, columns, types, strict=True)})

    return fold


def fold_arrays(
    rule: Rule,
    account: Any,
    place: Any,
    change: Any,
    opening: Any,
    piece_account: Any,
    piece_place: Any,
    piece_rank: Any,
    piece_owner: Any,
    piece_cents: Any,
    *,
    seed_place: Any,
    seed_owner: Any,
) -> Iterator[Any]:
    """One batch of accounts as plain arrays in any order: kind, account, place, rank, owner, cents of the results."""
    from wuzha.tracing.engine.accountfold import Batch, fold_batch
    from wuzha.tracing.engine.columns import SeedColumns
    from wuzha.tracing.engine.lots import RULE_CODE, new_paint

    order = np.lexsort((place, account))
    account, place, change, opening = account[order], place[order], change[order], opening[order]
    names, first = np.unique(account, return_index=True)
    start = np.append(first, len(account)).astype(np.int64)
    ranked = np.lexsort((piece_rank, piece_place, piece_account))
    event = _event_of(account, place, piece_account[ranked], piece_place[ranked])
    counts = np.bincount(event, minlength=len(account))
    batch = Batch(
        start,
        change.astype(np.int64),
        opening[first].astype(np.int64),
        np.append(0, np.cumsum(counts)).astype(np.int64),
        piece_owner[ranked].astype(np.int32),
        piece_cents[ranked].astype(np.int64),
    )
    pays = np.nonzero((change < 0) & np.isin(place, seed_place))[0].astype(np.int64)
    claim = np.searchsorted(seed_place, place[pays]).astype(np.int64)
    nobody = np.empty(0, np.int32)
    limit = np.full(len(seed_place), 2**62, np.int64)
    owners = int(seed_owner.max(initial=0))
    paint = new_paint(SeedColumns(pays, claim, seed_owner, limit, nobody, nobody, owners), len(names) + 1)
    folded = fold_batch(RULE_CODE[rule], batch, paint, owners)
    paid = folded.event
    rank = np.arange(len(paid)) - np.searchsorted(paid, paid)
    kind = np.concatenate([np.full(len(paid), PAID), np.full(len(folded.rest), HELD)])
    return iter(
        (
            kind,
            np.concatenate([account[paid], names[folded.account]]),
            np.concatenate([place[paid], np.full(len(folded.rest), -1)]),
            np.concatenate([rank, np.zeros(len(folded.rest), np.int64)]),
            np.concatenate([folded.owner, folded.holder]),
            np.concatenate([folded.cents, folded.rest]),
        )
    )


def _event_of(account: Any, place: Any, piece_account: Any, piece_place: Any) -> Any:
    """Row of the event (account, place), both sorted by them, that each piece belongs to."""
    from_account = np.searchsorted(account, piece_account)
    until_account = np.searchsorted(account, piece_account, side="right")
    rows = np.empty(len(piece_account), np.int64)
    for i, (lo, hi) in enumerate(zip(from_account.tolist(), until_account.tolist(), strict=True)):
        rows[i] = lo + np.searchsorted(place[lo:hi], piece_place[i])
    return rows
