"""The parts of what the run cost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.report.finished_run import FinishedRun
from experiments.report.flow_charts import draw_cost


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``cost.png``."""
    yield draw_cost(run.log, folder)


PLUG = draw
