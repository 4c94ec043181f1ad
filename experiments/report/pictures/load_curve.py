"""What the site took, from where, when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.report.finished_run import FinishedRun
from experiments.report.load_curve import draw_load


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``load_curve.png``, if the run has a site."""
    if run.energy is not None:
        yield draw_load(run.log, run.energy, folder)


PLUG = draw
