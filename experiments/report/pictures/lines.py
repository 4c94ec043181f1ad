"""Gantt charts, line by line: every order on a row of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.report.finished_run import FinishedRun
from experiments.report.gantt import draw_lines


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``gantt_<line>.png``; some for a line with many orders."""
    yield from draw_lines(run.log, run.calendar, folder, run.first_day)


PLUG = draw
