"""Work in progress over time, by stage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.report.finished_run import FinishedRun
from experiments.report.flow_charts import draw_wip


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``wip.png``."""
    yield draw_wip(run.log, run.calendar, folder, run.first_day)


PLUG = draw
