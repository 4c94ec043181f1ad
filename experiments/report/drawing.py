"""Draws every picture of a run: one file of ``report/pictures`` each, behind a progress bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from experiments.command.progress import watched
from experiments.report import pictures
from experiments.report.finished_run import FinishedRun
from factory_env.catalogue import load_plug, plug_names

# writes PNG files into the folder, and names them; none where a run has nothing of the kind
Picture = Callable[[FinishedRun, Path], Iterable[Path]]
FIRST: Final = "orders"  # it takes longest


def draw_run(run: FinishedRun, folder: Path) -> list[Path]:
    """Every picture that the run has something for."""
    names = sorted(plug_names(pictures), key=lambda name: (name != FIRST, name))
    plugs: list[Picture] = [load_plug(pictures, name) for name in names]
    return [path for draw in watched(plugs, "drawing", len(plugs)) for path in draw(run, folder)]
