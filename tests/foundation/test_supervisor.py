"""The supervisor: it brings back what falls, ends what it started in order, and leaves nothing behind.

The children are small Python programs that write what they did to a file.
"""

import os
import signal
import subprocess
import sys
import time

import pytest

from wuzha import supervisor
from wuzha.supervisor import Program, Supervisor

LIMIT_S = 20.0

OBEDIENT = """
import signal, sys, time
def end(*_):
    open(sys.argv[1], "a").write(f"end {sys.argv[2]}\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
open(sys.argv[1], "a").write(f"start {sys.argv[2]}\\n")
while True:
    time.sleep(0.02)
"""
STUBBORN = OBEDIENT.replace("signal.signal(signal.SIGTERM, end)", "signal.signal(signal.SIGTERM, signal.SIG_IGN)")
PARENT_OF_STUBBORN = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", sys.argv[3], sys.argv[1], sys.argv[2]])
open(sys.argv[1] + ".pid", "w").write(str(child.pid))
time.sleep(60)
"""


def program(name, script, diary, *more):
    return Program(name, [sys.executable, "-c", script, str(diary), name, *more])


def lines(diary):
    return diary.read_text().splitlines() if diary.exists() else []


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as status:
            return status.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(condition, look=lambda: None):
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        look()
        time.sleep(0.02)


@pytest.fixture
def diary(tmp_path):
    return tmp_path / "diary"


def test_ends_in_the_reverse_order_of_starting(tmp_path, diary):
    names = ["web", "worker", "country"]
    kept = Supervisor([program(name, OBEDIENT, diary) for name in names], log_dir=tmp_path)
    kept.run(until=lambda: len(lines(diary)) == 3)
    assert sorted(lines(diary)[:3]) == ["start country", "start web", "start worker"]
    assert lines(diary)[3:] == ["end country", "end worker", "end web"]
    assert kept.pids() == {}


def test_a_killed_child_comes_back_and_the_other_is_left_alone(tmp_path, diary, capsys):
    kept = Supervisor([program("web", OBEDIENT, diary), program("worker", OBEDIENT, diary)], log_dir=tmp_path)
    kept.start()
    until(lambda: len(lines(diary)) == 2)
    first = kept.pids()
    os.kill(first["worker"], signal.SIGKILL)
    until(lambda: lines(diary).count("start worker") == 2, kept.look)
    assert kept.pids()["web"] == first["web"]
    assert kept.pids()["worker"] != first["worker"]
    kept.stop()
    assert "worker ended with signal SIGKILL" in capsys.readouterr().err


def test_delay_doubles_to_its_limit_and_is_forgotten_after_steady_running(tmp_path, monkeypatch):
    child = supervisor.Child(Program("web", [str(tmp_path / "absent")]), tmp_path)
    now, delays = 1000.0, []
    for _round in range(9):
        child.start(now)
        delays.append(child._start_at - now)
        assert child.pid is None
        now = child._start_at
    assert delays == [0.25, 0.5, 1, 2, 4, 8, 15, 15, 15]
    child._started_at = now
    child._wait_before_next(now + supervisor.STEADY_S, "fell after a long time")
    assert child._start_at == now + supervisor.STEADY_S + supervisor.BACKOFF_FIRST_S


def test_the_end_of_the_log_is_shown_when_a_program_fails(tmp_path, diary, capsys):
    kept = Supervisor([program("web", "raise SystemExit('port 8000 is taken')", diary)], log_dir=tmp_path / "logs")
    kept.start()
    until(lambda: kept.pids() == {}, kept.look)
    kept.stop()
    said = capsys.readouterr().err
    assert "web ended with code 1" in said
    assert "port 8000 is taken" in said


def test_one_that_ignores_the_request_is_killed_with_its_children(tmp_path, diary, monkeypatch):
    monkeypatch.setattr(supervisor, "END_LIMIT_S", 0.2)
    kept = Supervisor([program("country", PARENT_OF_STUBBORN, diary, STUBBORN)], log_dir=tmp_path)
    kept.start()
    until(lambda: lines(diary) == ["start country"])
    grandchild = int((tmp_path / "diary.pid").read_text())
    kept.stop()
    until(lambda: not alive(grandchild))


KEEP = """
import sys
from wuzha.supervisor import Program, Supervisor
Supervisor([Program("web", [sys.executable, "-c", sys.argv[1], sys.argv[2], "web"])], log_dir=sys.argv[3]).run()
"""


def keeper(script, diary, tmp_path):
    return subprocess.Popen([sys.executable, "-c", KEEP, script, str(diary), str(tmp_path)])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_it_cleanly(tmp_path, diary, number):
    process = keeper(OBEDIENT, diary, tmp_path)
    until(lambda: lines(diary) == ["start web"])
    process.send_signal(number)
    assert process.wait(LIMIT_S) == 0
    assert lines(diary) == ["start web", "end web"]


def test_a_second_ctrl_c_does_not_wait(tmp_path, diary):
    process = keeper(STUBBORN, diary, tmp_path)
    until(lambda: lines(diary) == ["start web"])
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    assert process.wait(supervisor.END_LIMIT_S / 2) == 0


def test_children_end_when_the_supervisor_is_killed(tmp_path, diary):
    process = keeper(OBEDIENT, diary, tmp_path)
    until(lambda: lines(diary) == ["start web"])
    process.kill()
    process.wait(LIMIT_S)
    until(lambda: lines(diary) == ["start web", "end web"])


KEEP_FROM_THREADS = """
import sys, threading, time
from wuzha.supervisor import Program, Supervisor
kept = Supervisor([Program("web", [sys.executable, "-c", sys.argv[1], sys.argv[2], "web"])], log_dir=sys.argv[3])
def in_a_thread_of_its_own(do):
    thread = threading.Thread(target=do)
    thread.start()
    thread.join()
in_a_thread_of_its_own(kept.start)
while True:
    in_a_thread_of_its_own(kept.look)
    time.sleep(0.02)
"""
FALLS_ONCE = """
import os, sys
if not os.path.exists(sys.argv[1]):
    open(sys.argv[1], "a").write("fell\\n")
    os._exit(3)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells of a parent's death on Linux only")
def test_one_brought_back_from_a_thread_lives_on_after_it_and_ends_with_the_supervisor(tmp_path, diary):
    process = subprocess.Popen(
        [sys.executable, "-c", KEEP_FROM_THREADS, FALLS_ONCE + OBEDIENT, str(diary), str(tmp_path)]
    )
    until(lambda: lines(diary) == ["fell", "start web"])
    time.sleep(0.3)  # many threads have ended meanwhile
    assert lines(diary) == ["fell", "start web"]
    process.kill()
    process.wait(LIMIT_S)
    until(lambda: lines(diary) == ["fell", "start web", "end web"])


def test_tending_goes_on_after_it_failed(tmp_path, diary, monkeypatch, capsys):
    monkeypatch.setattr(supervisor, "TEND_EVERY_S", 0.0)
    calls = []

    def tend():
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("PostgreSQL did not start")

    Supervisor([], log_dir=tmp_path, tend=tend).run(until=lambda: len(calls) >= 3)
    assert "PostgreSQL did not start" in capsys.readouterr().err


def test_logs_stay_within_their_limit_and_go_on_after_it(tmp_path, diary, monkeypatch):
    monkeypatch.setattr(supervisor, "LOG_BYTES_MAX", 1000)
    chatty = (
        "import time\nfor n in range(400):\n    print('line', n, flush=True)\n    time.sleep(0.002)\ntime.sleep(60)"
    )
    kept = Supervisor([program("web", chatty, diary)], log_dir=tmp_path)
    kept.start()
    log = tmp_path / "web.log"
    until(lambda: log.exists() and "line 399" in log.read_text(), kept.look)
    kept.stop()
    assert log.stat().st_size < 3000
    assert (tmp_path / "web.log.1").exists()
