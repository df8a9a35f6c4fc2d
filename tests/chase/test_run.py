"""The chase benchmark from its command line: what it prints, and what it refuses."""

import json

import pytest

from bench.chase import run
from bench.chase.run import Result, Uplift, main, measure, merge, uplift

KEYS = {
    "cr", "s0", "s1", "held", "oracle", "collateral", "orders_per_case", "first_order_p99_s", "duplicates",
    "unauthorised",
}  # fmt: skip


class Here:
    """A pool of processes that works in this one."""

    def __init__(self, _processes):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def map(self, do, jobs):
        """The results of all jobs."""
        return [do(job) for job in jobs]


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    jobs = {
        True: lambda _name, seed: Uplift(
            held=100 * seed, listed={0.5: 200 * seed, 0.9: 130 * seed}, seen_at_once=110 * seed
        ),
        False: lambda name, seed: measure(name, seed, days=2, cases_a_day=4),
    }
    monkeypatch.setattr(run, "_job", lambda job: jobs[job[0] == "G"](*job))
    monkeypatch.setattr(run, "ProcessPoolExecutor", Here)


def told(capsys):
    """(the lines for people, the object of the last line)."""
    *lines, last = capsys.readouterr().out.strip().splitlines()
    return "\n".join(lines), json.loads(last)


def test_the_last_line_is_one_object_with_exactly_these_keys(capsys):
    assert main(["--seeds", "5,6", "--scenarios", "c,e", "--json"]) == 0
    lines, figures = told(capsys)
    assert set(figures) == {"scenarios", "mean_cr", "seconds"}
    assert set(figures["scenarios"]) == {"C", "E"}
    for row in figures["scenarios"].values():
        assert set(row) == KEYS
        assert 0 <= row["s0"] <= 1
        assert row["cr"] == pytest.approx(row["held"] / row["oracle"])
        assert row["first_order_p99_s"] <= 1.0
        assert (row["duplicates"], row["unauthorised"]) == (0, 0)
    assert figures["mean_cr"] == pytest.approx(sum(r["cr"] for r in figures["scenarios"].values()) / 2)
    assert "mean CR" in lines


def test_scenario_g_has_a_key_of_its_own(capsys):
    main(["--seeds", "1,2", "--scenarios", "G", "--json"])
    lines, figures = told(capsys)
    assert figures["scenarios"] == {}
    assert figures["mean_cr"] is None
    assert figures["G"] == {
        "held": 3.0,
        "uplift_tested_50": 2.0,
        "uplift_tested_90": 1.3,
        "uplift_seen_at_once_90": 1.1,
    }
    assert "2.00 at 50%" in lines
    assert "1.10 where the smallest trial" in lines


def test_sums_and_not_means_make_a_ratio():
    rows = [Result("B", holdable=900, held=900, cases=1), Result("B", holdable=100, held=0, cases=1)]
    assert merge(rows)["B"]["cr"] == 0.9
    assert uplift([Uplift(100, {0.5: 150, 0.9: 100}), Uplift(300, {0.5: 450, 0.9: 300})])["uplift_tested_50"] == 1.5


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--seeds", "x"], "seeds are whole numbers"),
        (["--seeds", ","], "between 1 and 100 seeds"),
        (["--seeds", ",".join(map(str, range(101)))], "between 1 and 100 seeds"),
        (["--scenarios", "A,Z"], "there is no Z: use A, B, C, D, E, F, G"),
        (["--scenarios", ""], "there is no scenario in it"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(options, says, capsys):
    with pytest.raises(SystemExit) as ended:
        main(options)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err
