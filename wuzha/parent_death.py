"""End a child process when its parent dies, however it dies.

On Linux the kernel sends a signal of our choice (prctl, PR_SET_PDEATHSIG). It does so when the *thread* that started
the child ends, so only the main thread may ask for it. Elsewhere nothing is asked for, and what is left running is
found again by its lock or its port.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable

PR_SET_PDEATHSIG = 1

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def ending_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """A `preexec_fn` for subprocess by which the child gets signal `number` when this process dies; None elsewhere."""
    if _LIBC is None or threading.current_thread() is not threading.main_thread():
        return None
    parent = os.getpid()
    prctl = _LIBC.prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it died before we could ask
            os.kill(os.getpid(), number)

    return ask
