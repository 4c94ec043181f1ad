"""Draws every picture of a run: one file of ``report/pictures`` each, behind a progress bar."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
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
FIRST: Final = "orders"  # it takes longest


def draw_run(run: FinishedRun, folder: Path) -> list[Path]:
    """Every picture that the run has something for."""
    return _draw(run, folder, _names())


class Drawing:
    """Pictures of a run on their way: one process draws the longest, this one all others.

    The time in between is this process's own: it prints tables meanwhile. Where a process can not
    be copied as it stands, or has one core, all is drawn here in the end.
    """

    def __init__(self, run: FinishedRun, folder: Path) -> None:
        self._run, self._folder = run, folder
        self._names = _names()
        self._pool: ProcessPoolExecutor | None = None
        if sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1:
            context = get_context("fork")  # a new process would take a second to begin
            self._pool = ProcessPoolExecutor(1, context, initializer=end_with_parent)
            first, *self._names = self._names
            self._elsewhere: Future[list[Path]] = self._pool.submit(_draw, run, folder, [first])

    def finish(self) -> list[Path]:
        """Draw what is left; the paths of all pictures."""
        if self._pool is None:
            return _draw(self._run, self._folder, self._names)
        with self._pool:
            return _draw(self._run, self._folder, self._names) + self._elsewhere.result()


def _draw(run: FinishedRun, folder: Path, names: Iterable[str]) -> list[Path]:
    plugs: list[Picture] = [load_plug(pictures, name) for name in names]
    return [path for draw in watched(plugs, "drawing", len(plugs)) for path in draw(run, folder)]


def _names() -> list[str]:
    return sorted(plug_names(pictures), key=lambda name: (name != FIRST, name))
