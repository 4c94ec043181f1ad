"""Calls a function in a forked child that may neither hang nor fill the memory."""

from __future__ import annotations

import os
import pickle
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from factory_env.errors import SeamlineError

WORKS, REFUSED, TRACEBACK = "works", "refused", "traceback"
WARNING, HANGS, MEMORY = "warning", "hangs", "memory"
BAD: Final = (TRACEBACK, WARNING, HANGS, MEMORY)
MOST_S = 20.0  # of processor time; a busy machine may take longer
WALL = 20.0  # times that until a child that only waits is given up
MOST_MB = 2000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a call."""

    kind: str
    text: str = ""  # what it returned or said
    seconds: float = 0.0
    peak_mb: float = 0.0  # more than the parent had

    @property
    def is_bad(self) -> bool:
        """Is it none of those that the product promises?"""
        return self.kind in BAD


def call_guarded(
    work: Callable[[], str], most_s: float = MOST_S, most_mb: float = MOST_MB
) -> Outcome:
    """What becomes of ``work()``: its text, a refusal, or one of the four bad ends."""
    start = time.monotonic()
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        _answer(into, work, most_s, most_mb)
    os.close(into)
    got = _listen(out, start + most_s * WALL)
    os.close(out)
    if got is None:
        os.kill(child, signal.SIGKILL)
    usage = os.wait4(child, 0)[2]
    spent = time.monotonic() - start
    peak_mb = max(0.0, usage.ru_maxrss / 1e3 - _resident_mb())
    if got is None or usage.ru_utime + usage.ru_stime >= most_s:
        return Outcome(kind=HANGS, text=f"over {most_s:g} s", seconds=spent, peak_mb=peak_mb)
    kind, text = pickle.loads(got) if got else (MEMORY, "the child was killed")
    if peak_mb > most_mb:
        kind, text = MEMORY, f"{peak_mb:,.0f} MB"
    return Outcome(kind=kind, text=text, seconds=spent, peak_mb=peak_mb)


def _answer(into: int, work: Callable[[], str], most_s: float, most_mb: float) -> None:
    """In the child: do the work, tell the parent, end without cleaning up."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(most_s), int(most_s) + 1))
    limit = int((_virtual_mb() + 2.0 * most_mb) * 1e6)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always", RuntimeWarning)
            kind, text = WORKS, work()
        told = [w for w in seen if issubclass(w.category, RuntimeWarning)]
        if told:
            where = f"{Path(told[0].filename).name}:{told[0].lineno}"
            kind, text = WARNING, f"{told[0].message} ({where})"
    except SeamlineError as error:
        kind, text = REFUSED, str(error)
    except MemoryError as error:
        kind, text = MEMORY, str(error)
    except BaseException as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        kind, text = TRACEBACK, f"{type(error).__name__}: {error} ({where})"
    os.write(into, pickle.dumps((kind, text[:2000])))
    sys.stdout.flush()
    os._exit(0)


def _listen(out: int, until: float) -> bytes | None:
    """What the child says; None if it says nothing in time."""
    got = b""
    while (left := until - time.monotonic()) > 0.0:
        if select.select([out], [], [], left)[0]:
            some = os.read(out, 65_536)
            if not some:
                return got
            got += some
    return None


def _pages_mb(place: int) -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[place])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _virtual_mb() -> float:
    return _pages_mb(0)


def _resident_mb() -> float:
    return _pages_mb(1)
