"""The flow of pieces through inspection and repair, with the control chart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.report.finished_run import FinishedRun
from experiments.report.inspection_flow import draw_inspection
from experiments.report.station_bands import has_station


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``inspection.png``, if there is an inspection station."""
    if has_station(run.log):
        yield draw_inspection(run.log, folder)


PLUG = draw
