"""Keeps the programs of one centre running on one machine: pages, worker, and in the demo the simulated country.

Theory. Each program is a child process in a process group of its own, so that a Ctrl-C at the terminal reaches the
supervisor alone. A child is running, or waiting to be started again. One that ended by itself is started again after
a delay that doubles from BACKOFF_FIRST_S to BACKOFF_MAX_S and is forgotten after STEADY_S of running; it is never
given up, for a centre is to come back when what it lacked comes back.
At the end children are ended one by one, the last started first: SIGTERM, then after END_LIMIT_S or at a second
Ctrl-C SIGKILL, by the ids of the groups that were made here. When the supervisor itself is killed, its children get
SIGTERM from the kernel (Linux).
Output of a child goes to `<log_dir>/<name>.log`, of which LOG_BYTES_MAX and one older file are kept.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from wuzha.parent_death import popen

BACKOFF_FIRST_S = 0.25
BACKOFF_MAX_S = 15.0
STEADY_S = 30.0
END_LIMIT_S = 10.0
KILL_LIMIT_S = 5.0
POLL_S = 0.05
TEND_EVERY_S = 0.25
LOG_BYTES_MAX = 10_000_000
LOG_TAIL_LINES = 8


@dataclass(frozen=True, slots=True)
class Program:
    """One program to keep running: its name, its command, and what its environment has beside the supervisor's."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Child:
    """One program's process, started again as often as needed."""

    def __init__(self, program: Program, log_dir: Path) -> None:
        self.program = program
        self.log = log_dir / f"{program.name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self._backoff_s = BACKOFF_FIRST_S

    @property
    def pid(self) -> int | None:
        """Process id, None while it waits to be started again."""
        return self._process.pid if self._process else None

    def start(self, now: float) -> None:
        """Start the process; `now` is time.monotonic()."""
        self._started_at = now
        try:
            with self.log.open("ab") as log:  # appending, so that a shortened file goes on at its new end
                self._process = popen(
                    self.program.command,
                    dying=signal.SIGTERM,
                    env={**os.environ, **self.program.environment},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as error:
            self._wait_before_next(now, f"cannot be started ({error})")

    def look(self, now: float) -> None:
        """Start it again when it has ended and its delay is over."""
        if self._process is None:
            if now >= self._start_at:
                self.start(now)
        elif self._has_ended():
            code = self._reap()
            self._wait_before_next(now, f"ended with {_spoken(code)}")
        _shorten(self.log)

    def ask_to_end(self) -> None:
        """Send SIGTERM."""
        if self._process:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)

    def wait_until_ended(self, seconds: float, hurry: Callable[[], bool]) -> None:
        """Wait for the end; after `seconds`, or when `hurry` says so, kill the whole group."""
        deadline = time.monotonic() + seconds
        while self._process and not self._has_ended() and time.monotonic() < deadline and not hurry():
            time.sleep(POLL_S)
        if self._process:
            self._reap()

    def _has_ended(self) -> bool:
        # Looked at without reaping: until then the id cannot be given to another process.
        process = self._process
        if process is None or process.returncode is not None:
            return True
        try:
            return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    def _reap(self) -> int:
        """Kill what is left of the group, collect the process and return its code."""
        process = self._process
        assert process is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait(KILL_LIMIT_S)
        self._process = None
        return code

    def _wait_before_next(self, now: float, why: str) -> None:
        if now - self._started_at >= STEADY_S:
            self._backoff_s = BACKOFF_FIRST_S
        self._start_at = now + self._backoff_s
        say(f"{self.program.name} {why}; started again in {self._backoff_s:g} s. The end of {self.log}:")
        say(_tail(self.log))
        self._backoff_s = min(self._backoff_s * 2, BACKOFF_MAX_S)


class Supervisor:
    """Runs `programs` until it is told to end. `tend` is called a few times a second (the database's own guard)."""

    def __init__(
        self, programs: Sequence[Program], *, log_dir: Path | str, tend: Callable[[], None] | None = None
    ) -> None:
        folder = Path(log_dir)
        folder.mkdir(parents=True, exist_ok=True)
        self._children = [Child(program, folder) for program in programs]
        self._tend = tend
        self._tend_at = 0.0
        self._asked_to_end = 0

    def pids(self) -> dict[str, int]:
        """Process id by name, of the programs that run now."""
        return {child.program.name: child.pid for child in self._children if child.pid is not None}

    def start(self) -> None:
        """Start every program, in the order given."""
        for child in self._children:
            child.start(time.monotonic())

    def look(self) -> None:
        """One round: tend what must be tended, start again what ended."""
        now = time.monotonic()
        if self._tend and now >= self._tend_at:
            self._tend_at = now + TEND_EVERY_S
            try:
                self._tend()
            except Exception as error:  # the next round tries again
                say(f"{error}")
        for child in self._children:
            child.look(now)

    def run(self, *, until: Callable[[], bool] = lambda: False) -> None:
        """Start everything and keep it running until SIGINT, SIGTERM or SIGHUP, or until `until()`; then end it."""
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._note) for number in numbers}
        try:
            self.start()
            while not self._asked_to_end and not until():
                self.look()
                time.sleep(POLL_S)
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """End all, the last started first; each gets END_LIMIT_S, none more after a second Ctrl-C."""
        for child in reversed(self._children):
            child.ask_to_end()
            child.wait_until_ended(END_LIMIT_S, hurry=lambda: self._asked_to_end > 1)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_end += 1


def say(text: str) -> None:
    """A line for the person at the terminal."""
    if text:
        print(text, file=sys.stderr, flush=True)


def _spoken(code: int) -> str:
    return f"code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def _tail(log: Path) -> str:
    with suppress(OSError), log.open("rb") as text:
        text.seek(max(0, log.stat().st_size - 4096))
        lines = text.read().decode(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-LOG_TAIL_LINES:])
    return ""


def _shorten(log: Path) -> None:
    with suppress(OSError):
        if log.stat().st_size > LOG_BYTES_MAX:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)
