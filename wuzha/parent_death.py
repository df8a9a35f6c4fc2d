"""Processes that end when the one that started them dies, however it dies.

On Linux the kernel sends a signal of our choice (prctl, PR_SET_PDEATHSIG). It does so when the *thread* that started
the child ends. The main thread lives as long as the process; whoever asks from another thread has the child started by
one that lives as long, too. Elsewhere nothing is asked for, and what is left running is found again by its lock or its
port.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

PR_SET_PDEATHSIG = 1

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_starter = ThreadPoolExecutor(1, "starter")  # never shut down: its thread starts with the first task and stays


def popen(
    command: Sequence[str | os.PathLike[str]], *, dying: signal.Signals, **more: Any
) -> "subprocess.Popen[bytes]":
    """Start a child, from whatever thread, that gets the signal `dying` when this process dies. more: as for Popen."""

    def start() -> "subprocess.Popen[bytes]":
        # preexec_fn is one system call
        return subprocess.Popen(list(command), preexec_fn=_ask(dying), **more)  # noqa: PLW1509

    if _LIBC is None or threading.current_thread() is threading.main_thread():
        return start()
    return _starter.submit(start).result()


def _ask(number: signal.Signals) -> Callable[[], None] | None:
    if _LIBC is None:
        return None
    parent = os.getpid()
    prctl = _LIBC.prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it died before we could ask
            os.kill(os.getpid(), number)

    return ask
