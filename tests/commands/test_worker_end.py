"""A worker that is told to end does so, also when its database is gone or has fallen silent.

Between a worker process and the tests' database stands a door: a socket that hands everything on until it is shut.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from wuzha import supervisor
from wuzha.commands.keys import make_keys

LIMIT_S = 30.0


class Door:
    """A socket in `folder` that leads to another one. state: open; gone (hangs up at once); silent (says nothing)."""

    def __init__(self, folder: Path, leads_to: str | tuple[str, int]) -> None:
        self.state, self.came, self.leads_to = "open", 0, leads_to
        self.pairs: dict[socket.socket, socket.socket] = {}
        self.kept: list[socket.socket] = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / ".s.PGSQL.5432"))
        self.listener.listen()
        self.thread = threading.Thread(target=self._run)
        self.closing = False

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.closing = True
        self.thread.join()
        for one in (self.listener, *self.kept, *self.pairs):
            one.close()

    def _run(self) -> None:
        while not self.closing:
            if self.state == "gone":
                self._hang_up()
            heard = [self.listener, *(self.pairs if self.state == "open" else ())]
            for one in select.select(heard, [], [], 0.02)[0]:
                if one is self.listener:
                    self._take(one.accept()[0])
                elif one in self.pairs:
                    self._hand_on(one)

    def _take(self, caller: socket.socket) -> None:
        self.came += 1
        if self.state != "open":
            self.kept.append(caller)
            if self.state == "gone":
                caller.close()
            return
        far = socket.socket(socket.AF_UNIX if isinstance(self.leads_to, str) else socket.AF_INET)
        far.connect(self.leads_to)
        self.pairs |= {caller: far, far: caller}

    def _hand_on(self, one: socket.socket) -> None:
        other = self.pairs[one]
        with suppress(OSError):
            if data := one.recv(65_536):
                other.sendall(data)
                return
        for end in (one, other):
            self.pairs.pop(end, None)
            end.close()

    def _hang_up(self) -> None:
        for one in self.pairs:
            one.close()
        self.pairs.clear()


def until(condition):
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def database_socket():
    """Where the tests' database listens."""
    host, port = connection.settings_dict["HOST"], connection.settings_dict["PORT"] or "5432"
    return f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host or "localhost", int(port))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["open", "gone", "silent"])
def test_a_worker_told_to_end_ends_before_it_is_killed(tmp_path, state):
    make_keys(tmp_path / "keys" / "centre.json", "WZ-TEST")
    held = connection.settings_dict
    who = quote(held["USER"]) + (f":{quote(held['PASSWORD'])}" if held["PASSWORD"] else "")
    url = f"postgresql://{who}@/{quote(held['NAME'])}?host={quote(str(tmp_path))}"
    assert url != settings.DATABASE_URL
    with Door(tmp_path, database_socket()) as door:
        worker = subprocess.Popen(
            [sys.executable, "-m", "wuzha", "worker"],
            env={**os.environ, "DATABASE_URL": url, "WUZHA_DATA": str(tmp_path)},
            stderr=subprocess.DEVNULL,
        )
        try:
            until(lambda: door.came >= 4)  # the deliverer's ear and hand, the sweep, the queue
            door.state, before = state, door.came
            if state == "gone":
                until(lambda: door.came >= before + 6)  # it tries again and again
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(supervisor.END_LIMIT_S) == 0
        finally:
            worker.kill()
            worker.wait()
