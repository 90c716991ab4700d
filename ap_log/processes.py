"""Processes of our own, for work that would keep the loop from its other jobs. What they work on is for the caller."""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait

_NICER = 5
"""How far they step back for the processes that people wait for: the web server may share their machine."""


def count() -> int:
    """How many run at once: one for each processor."""
    return os.cpu_count() or 1


def pool() -> ProcessPoolExecutor:
    """A pool of fresh processes: a forked one would hold this process's connections to the database."""
    return ProcessPoolExecutor(count(), multiprocessing.get_context("spawn"), _begin)


def _begin() -> None:
    # A signal to stop reaches the whole group; the one who is told decides, and these end with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.nice(_NICER)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that is killed cannot say so, and its pool would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
