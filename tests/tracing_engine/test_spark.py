"""The Spark trace: the kernel always, the cluster in local mode where pyspark is installed. Equal to one node."""

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.shared_data import ROOT
from tests.tracing_engine.worlds import RULES
from wuzha.kernel.refusals import Refusal
from wuzha.tracing import spark
from wuzha.tracing.engine import Rule
from wuzha.tracing.engine.accountfold import rests
from wuzha.tracing.engine.columns import Columns, SeedColumns
from wuzha.tracing.engine.generate import ledger as generated
from wuzha.tracing.engine.generate import seeds as generated_seeds
from wuzha.tracing.engine.lots import OUT, RULE_CODE, new_paint, new_state
from wuzha.tracing.engine.sweep import sweep

Sums = Counter[tuple[int, int]]


def one_node(table: Columns, seeds: SeedColumns, rule: Rule) -> tuple[Sums, Sums]:
    state, paint = new_state(table.opening, seeds.owners, 64), new_paint(seeds, len(table.opening))
    state = sweep(RULE_CODE[rule], table.payer, table.payee, table.amount, state, paint, 0, len(table))
    count = int(state.ctl[OUT])
    flows, held = Sums(), Sums()
    for row in zip(state.out_transfer[:count], state.out_owner[:count], state.out_cents[:count], strict=True):
        flows[int(row[0]), int(row[1])] += int(row[2])
    for row in zip(*rests(state, len(table.opening)), strict=True):
        held[int(row[0]), int(row[1])] += int(row[2])
    return flows, held


@pytest.mark.parametrize("rule", RULES)
def test_the_kernel_of_a_worker_gives_what_one_node_gives_when_rounds_have_settled(rule: Rule) -> None:
    """All accounts in one batch, round after round, as a cluster with one worker would do it."""
    table = generated(3_000, seed=3, accounts=100)
    seeds = generated_seeds(table, 12, seed=4)
    place = np.arange(len(table))
    account = np.concatenate([table.payer, table.payee]).astype(np.int64)
    change = np.concatenate([-table.amount, table.amount])
    opening = table.opening[account]
    pieces = [np.empty(0, np.int64) for _ in range(5)]
    for _round in range(1_000):
        kind, _paid_by, where, rank, owner, cents = spark.fold_arrays(
            rule, account, np.tile(place, 2), change, opening, *pieces,
            seed_place=seeds.transfer, seed_owner=seeds.owner,
        )  # fmt: skip
        paid = kind == spark.PAID
        new = [table.payee[where[paid]].astype(np.int64), where[paid], rank[paid], owner[paid], cents[paid]]
        if all(np.array_equal(a, b) for a, b in zip(new, pieces, strict=True)):
            break
        pieces = new
    flows, held = Sums(), Sums()
    for row in zip(where[paid], owner[paid], cents[paid], strict=True):
        if row[1] > 0:
            flows[int(row[0]), int(row[1])] += int(row[2])
    for row in zip(_paid_by[~paid], owner[~paid], cents[~paid], strict=True):
        held[int(row[0]), int(row[1])] += int(row[2])
    assert (flows, held) == one_node(table, seeds, rule)


def test_without_spark_the_trace_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(Refusal) as refused:
        spark.require_spark()
    assert refused.value.code == "spark.missing"


def test_the_extra_is_declared_and_each_of_its_packages_is_pinned_with_hashes() -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["spark"]
    names = {re.split("[<>=]", requirement)[0] for requirement in extra}
    asked = {line for line in (ROOT / "requirements/spark.in").read_text().split("\n") if line[:1].isalpha()}
    pinned = (ROOT / "requirements/spark.txt").read_text()
    assert names == asked
    for name in names:
        assert re.search(rf"^{name}==\S+ \\\n    --hash=sha256:", pinned, re.M), name


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is an extra: requirements/spark.txt")
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)  # workers with the packages of this environment
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    built = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .getOrCreate()
    )
    yield built
    built.stop()
    monkeypatch.undo()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("rule", RULES)
def test_the_cluster_equals_one_node_to_the_cent(session: Any, rule: Rule, tmp_path: Any) -> None:
    table = generated(2_000, seed=5, accounts=400)
    seeds = generated_seeds(table, 5, seed=6)
    rows = zip(range(len(table)), table.payer.tolist(), table.payee.tolist(), table.amount.tolist(), strict=True)
    made = session.createDataFrame(list(rows), "place long, payer long, payee long, amount long")
    made.write.parquet(str(tmp_path / "ledger"))
    ledger = session.read.parquet(str(tmp_path / "ledger"))
    openings = spark.least_openings(ledger)
    starts = list(zip(seeds.transfer.tolist(), seeds.owner.tolist(), strict=True))
    found = spark.trace(session, ledger, openings, starts, rule)
    flows = Sums({(row.place, row.owner): row.cents for row in found.flows.collect()})
    held = Sums({(row.account, row.owner): row.cents for row in found.holdings.collect()})
    assert (flows, held) == one_node(table, seeds, rule)
