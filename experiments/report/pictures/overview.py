"""All lines in one Gantt chart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.report.finished_run import FinishedRun
from experiments.report.overview import draw_overview


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``gantt_all_lines.png``."""
    yield draw_overview(run.log, run.calendar, folder, run.first_day)


PLUG = draw
