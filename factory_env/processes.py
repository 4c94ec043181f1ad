"""Worker processes that end when their parent ends, however that ends, kill -9 included."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from threading import Thread

MOST_WORKERS = 256  # a process takes 200 to 450 MB: more is a slip of the key
_SIGNAL_AT_PARENTS_END = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
_GLANCE_S = 1.0
_PARENT_ENDED = 1  # exit code of a worker whose parent is gone
# New objects before a collection; Python's are 700, 10, 10. The last two are small because a run
# that is over goes only when the oldest are collected, and leaves 3 MB: some dozens may lie about.
_GARBAGE_THRESHOLDS = (50_000, 5, 5)


def end_with_parent() -> None:
    """Let this process end with the one that started it; to be called first in a worker.

    Linux sends the signal itself, also while a kernel computes; elsewhere, and beside it, a thread
    waits for the parent's end. Does nothing in a process that no other one started through
    `multiprocessing`.
    """
    parent = parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_SIGNAL_AT_PARENTS_END, signal.SIGKILL)
        if os.getppid() != parent.pid:  # it ended before the signal was asked for
            os._exit(_PARENT_ENDED)
    Thread(target=_await_end, args=(parent,), name="parent's end", daemon=True).start()


def spare_collector() -> None:
    """Let the garbage collector look less often, and never at what stands already.

    To be called in a worker once all that stays is made: a running factory is made of many
    objects that live long, and looking through them again and again takes a tenth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE_THRESHOLDS)


def _await_end(parent: BaseProcess) -> None:
    while parent.is_alive() and _is_mine(parent):
        parent.join(_GLANCE_S)
    os._exit(_PARENT_ENDED)


def _is_mine(parent: BaseProcess) -> bool:
    """Is it still the parent? A forked sibling may hold open what would tell of its end."""
    return sys.platform == "win32" or os.getppid() == parent.pid
