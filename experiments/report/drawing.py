"""Draws every picture of a run: one file of ``report/pictures`` each."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from experiments.command.progress import watched
from experiments.report import pictures
from experiments.report.finished_run import FinishedRun
from factory_env.catalogue import load_plug, plug_names
from factory_env.processes import end_with_parent

# writes PNG files into the folder, and names them; none where a run has nothing of the kind
Picture = Callable[[FinishedRun, Path], Iterable[Path]]
SLOW: Final = ("orders", "load_curve", "overview", "inspection", "collection")  # slowest first
HANDS: Final = 2  # processes


def draw_run(run: FinishedRun, folder: Path) -> list[Path]:
    """Every picture that the run has something for, behind a progress bar."""
    names = _names()
    return [
        path for name in watched(names, "drawing", len(names)) for path in _one(run, folder, name)
    ]


class Studio:
    """A process that gets ready to draw while the factory still runs, and shares the work.

    Where a process can not be copied as it stands, all is drawn here in the end.
    """

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._job: Future[list[Path]] | None = None
        if sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1:
            # a copy: a process of its own would need seconds to get as far as this one
            self._pool = ProcessPoolExecutor(1, get_context("fork"), initializer=_get_ready)
            self._pool.submit(_names)  # starts it

    def begin(self, run: FinishedRun, folder: Path) -> None:
        """Hand out the pictures; the time until `finish` is the caller's own."""
        self._run, self._folder = run, folder
        if self._pool is not None:
            self._job = self._pool.submit(_draw_shared, run, folder)

    def finish(self) -> list[Path]:
        """The paths of all pictures, when they are drawn."""
        if self._pool is None or self._job is None:
            return draw_run(self._run, self._folder)
        try:
            with self._pool:
                return self._job.result()
        except BrokenProcessPool:  # somebody ended one of them
            return draw_run(self._run, self._folder)


def _get_ready() -> None:
    end_with_parent()
    _names()


def _draw_shared(run: FinishedRun, folder: Path) -> list[Path]:
    """Draw with a copy of this process, which need not get ready again."""
    with ProcessPoolExecutor(1, get_context("fork"), initializer=end_with_parent) as copy:
        others = copy.submit(_draw, run, folder, 1)
        return _draw(run, folder, 0) + others.result()


def _draw(run: FinishedRun, folder: Path, hand: int) -> list[Path]:
    """One hand's share: the pictures are dealt out like cards."""
    return [path for name in _names()[hand::HANDS] for path in _one(run, folder, name)]


def _one(run: FinishedRun, folder: Path, name: str) -> Iterable[Path]:
    draw: Picture = load_plug(pictures, name)
    return draw(run, folder)


def _names() -> list[str]:
    """All plugs, those that take longest first."""
    order = {name: i for i, name in enumerate(SLOW)}
    return sorted(plug_names(pictures), key=lambda name: (order.get(name, len(SLOW)), name))
