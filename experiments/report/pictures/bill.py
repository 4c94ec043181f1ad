"""Every part of the energy bill as a bar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.report.bill import draw_bill
from experiments.report.finished_run import FinishedRun


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``bill.png``, if the run has a site."""
    if run.energy is not None:
        yield draw_bill(run, run.energy, folder)


PLUG = draw
