"""The embedded PostgreSQL: it starts, survives kills, is shared, and keeps to itself.

Each case uses a real server in a temporary data folder.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from wuzha import pg, pg_place

QUICK = {"fsync": "off"}
LIMIT_S = 30.0


@pytest.fixture
def folder():
    """A data folder that PostgreSQL's user can walk to (pytest's own are closed to others)."""
    made = Path(tempfile.mkdtemp(prefix="wuzha-pg-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def rows(cluster, statement, database="postgres"):
    with psycopg.connect(cluster.url(database), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def until(condition):
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def kill(cluster):
    os.kill(cluster.pid, signal.SIGKILL)
    until(lambda: not cluster.running())


def test_data_is_still_there_after_stop_and_after_kill(folder):
    with pg.Cluster(folder) as cluster:  # durable settings: this is what a centre runs with
        cluster.create_database("centre")
        cluster.create_database("centre")
        rows(cluster, "CREATE TABLE kept (what text)", "centre")
        rows(cluster, "INSERT INTO kept VALUES ('before the stop')", "centre")
        cluster.stop()
        assert not cluster.running()
        cluster.start()
        rows(cluster, "INSERT INTO kept VALUES ('before the kill')", "centre")
        kill(cluster)
        cluster.tend()
        assert rows(cluster, "SELECT what FROM kept", "centre") == [("before the stop",), ("before the kill",)]
        cluster.drop_database("centre")
        with pytest.raises(psycopg.OperationalError):
            rows(cluster, "SELECT 1", "centre")
    assert not cluster.running()


def test_many_kills_with_open_work(folder):
    with pg.Cluster(folder, options=QUICK) as cluster:
        rows(cluster, "CREATE TABLE kept (n int)")
        for n in range(5):
            rows(cluster, f"INSERT INTO kept VALUES ({n})")
            sleeper = psycopg.connect(cluster.url("postgres"))
            sleeper.execute("SELECT count(*) FROM kept")
            kill(cluster)
            cluster.tend()
            sleeper.close()
            assert rows(cluster, "SELECT count(*) FROM kept") == [(n + 1,)]


def test_two_centres_side_by_side(folder):
    with pg.Cluster(folder / "a", options=QUICK) as one, pg.Cluster(folder / "b", options=QUICK) as two:
        one.create_database("only_in_one")
        assert one.pid != two.pid
        assert one.url() != two.url()
        named = "SELECT datname FROM pg_database WHERE datname = 'only_in_one'"
        assert rows(one, named) == [("only_in_one",)]
        assert rows(two, named) == []


def test_chinese_sorts_and_matches_and_no_port_is_open(folder):
    with pg.Cluster(folder, options=QUICK) as cluster:
        assert rows(cluster, "SHOW listen_addresses") == [("",)]
        assert rows(cluster, "SHOW server_encoding") == [("UTF8",)]
        assert rows(cluster, "SHOW synchronous_commit") == [("on",)]
        rows(cluster, "CREATE EXTENSION pg_trgm")
        assert rows(cluster, "SELECT similarity('反诈中心', '反诈中心') = 1")[0][0]
        assert rows(cluster, "SELECT array_length(show_trgm('反诈中心'), 1) > 0")[0][0]
        assert cluster.socket_dir.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("stranger", ["gone", "another program"])
def test_stale_pid_file_does_not_block_a_start(folder, stranger):
    cluster = pg.Cluster(folder, options=QUICK)
    cluster.start()
    cluster.stop()
    passed = subprocess.Popen(["true"])
    passed.wait(LIMIT_S)
    pid = passed.pid if stranger == "gone" else os.getpid()
    (cluster.data / "postmaster.pid").write_text(f"{pid}\n{cluster.data}\n1\n5432\n\n\n0 0\n")
    assert not cluster.running()
    with cluster:
        assert rows(cluster, "SELECT 1") == [(1,)]


def test_a_half_made_data_folder_is_made_anew(folder):
    user = pg_place.user_for(folder / "postgres")
    user.own(folder / "postgres.4242")
    with pg.Cluster(folder, options=QUICK) as cluster:
        assert rows(cluster, "SELECT 1") == [(1,)]


SERVE = """
import sys, time
from wuzha import pg
cluster = pg.Cluster(sys.argv[1], options={"fsync": "off"})
cluster.start()
print(cluster.pid, flush=True)
sys.stdin.read()
cluster.stop()
"""


def launcher(folder):
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process, int(process.stdout.readline())


def close(process):
    process.stdin.close()
    process.stdout.close()
    process.wait(LIMIT_S)


def test_a_guest_joins_and_does_not_stop_what_it_does_not_own(folder):
    owner, pid = launcher(folder)
    try:
        with pg.Cluster(folder) as guest:
            assert guest.pid == pid
        assert guest.running()
    finally:
        close(owner)
    assert not guest.running()


def test_killed_launcher_leaves_a_folder_that_starts_again(folder):
    owner, pid = launcher(folder)
    owner.kill()
    close(owner)
    with pg.Cluster(folder, options=QUICK) as cluster:
        assert rows(cluster, "SELECT 1") == [(1,)]
    assert not cluster.running()
    assert not cluster._is_ours(pid)


def test_server_that_outlived_its_launcher_is_adopted_and_stopped(folder, monkeypatch):
    monkeypatch.setattr(pg, "popen", lambda command, dying, **more: subprocess.Popen(command, **more))  # lives on
    first = pg.Cluster(folder, options=QUICK)
    first.start()
    os.close(first._owner_lock)  # what the kernel does when the launcher dies
    first._owner_lock = None
    with pg.Cluster(folder) as second:
        assert second.pid == first.pid
    first._child.wait(LIMIT_S)
    assert not first.running()


def test_socket_of_a_deep_folder_gets_a_short_place(folder):
    deep = folder / ("d" * 60) / ("e" * 60)
    with pg.Cluster(deep, options=QUICK) as cluster:
        assert pg_place.socket_fits(cluster.socket_dir)
        assert rows(cluster, "SELECT 1") == [(1,)]
        assert pg.Cluster(deep).url() == cluster.url()
    shutil.rmtree(cluster.socket_dir)
    with cluster:  # a cleaned /tmp is no obstacle
        assert rows(cluster, "SELECT 1") == [(1,)]
    shutil.rmtree(cluster.socket_dir)


def test_given_database_url_starts_nothing(folder, monkeypatch):
    with pg.Cluster(folder / "given", options=QUICK) as given:
        given.create_database("theirs")
        monkeypatch.setenv("DATABASE_URL", given.url("theirs"))
        server = pg.ensure(folder / "ours")
        assert not (folder / "ours").exists()
        assert server.url() == given.url("theirs")
        assert rows(server, "SELECT current_database()", "theirs") == [("theirs",)]
        assert server.running()
        server.stop()
        assert given.running()
    assert not server.running()


@pytest.mark.parametrize(
    ("base", "wanted"),
    [
        ("postgresql://u:p@host:5433/one?sslmode=require", "postgresql://u:p@host:5433/two?sslmode=require"),
        ("postgres://host/one", "postgres://host/two"),
        ("postgresql:///one?host=/run/x", "postgresql:///two?host=/run/x"),
    ],
)
def test_url_of_another_database_on_the_same_server(base, wanted):
    assert pg.Server(base).url("two") == wanted
    assert pg.Server(base).url() == base


def test_unknown_major_version_says_what_to_do(folder):
    with pytest.raises(pg_place.PostgresError, match="PostgreSQL 9, which wrote the data folder"):
        pg_place.find_programs(9)


def test_a_start_that_cannot_succeed_shows_the_log(folder, monkeypatch):
    monkeypatch.setattr(pg, "START_LIMIT_S", 1.0)
    cluster = pg.Cluster(folder, options={"shared_buffers": "none"})
    with pytest.raises(pg_place.PostgresError, match="shared_buffers"):
        cluster.start()
    cluster.stop()


def test_root_in_a_closed_home_places_data_and_programs_where_postgres_can_walk(folder, monkeypatch, capfd):
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    found = pg_place.find_programs()
    for tree in found.trees:
        shutil.copytree(tree, closed / tree.name, symlinks=True)
    inside = closed / found.folder.relative_to(found.trees[0].parent)
    closed_programs = pg_place.Programs(found.name, inside, tuple(closed / tree.name for tree in found.trees))
    monkeypatch.setattr(pg, "find_programs", lambda major=None: closed_programs)
    monkeypatch.setattr(pg_place, "PLACE", folder / "place")
    with pg.Cluster(closed / "data", options=QUICK) as cluster:
        assert rows(cluster, "SELECT 1") == [(1,)]
    said = capfd.readouterr().err
    if os.geteuid() == 0:
        assert cluster.home.is_relative_to(folder / "place")
        assert said.count("is closed to its user") == 2
        assert str(cluster.home) in said
        assert closed.stat().st_mode & 0o777 == 0o700
    else:
        assert cluster.home == closed / "data"
        assert said == ""
