"""Bands of the inspection station on a Gantt chart: when a line's table and bench were at work."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from experiments.report.palette import as_days
from factory_env.domain.records import RunLog

TABLE: Final = "#44AA99"
BENCH: Final = "#AA4499"
MOST_NUMBERS: Final = 14  # orders of a band above which there is no room for numbers


def has_station(log: RunLog) -> bool:
    """Was the run's inspection station on?"""
    return log.facts.get("has_station", 0.0) > 0.0


def draw_bands(axes: Axes, log: RunLog, line: int, y: float, height: float) -> None:
    """Inspection over repair, both ``height`` high, below ``y``; pieces repaired by order."""
    lots = log.tables["lots"]
    here = lots["line"] == line
    for first, last, row, colour in (
        ("inspect_start_min", "inspected_min", 0, TABLE),
        ("repair_start_min", "repaired_min", 1, BENCH),
    ):
        begin, end = as_days(lots[first][here]), as_days(lots[last][here])
        spans = np.column_stack([begin, end - begin])
        axes.broken_barh(spans.tolist(), (y + row * height, height), facecolors=colour)
    orders = np.unique(lots["order"][here])
    if orders.shape[0] > MOST_NUMBERS:
        return
    for order in orders:
        mine = here & (lots["order"] == order)
        middle = as_days(lots["repaired_min"][mine]).mean()
        axes.text(middle, y + 2.0 * height, f"{lots['repaired'][mine].sum():,} repaired",
                  ha="center", va="top", fontsize=6)  # fmt: skip


def band_legend() -> list[Any]:
    """Handles for a legend."""
    return [Patch(color=TABLE, label="inspection"), Patch(color=BENCH, label="repair bench")]
