"""A Gantt chart with every order on a row of its own, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.report.finished_run import FinishedRun
from experiments.report.gantt import draw_orders


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``gantt_orders.png``; some pages if there are many orders."""
    yield from draw_orders(run.log, run.calendar, folder, run.first_day)


PLUG = draw
