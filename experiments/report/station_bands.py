"""Bands of the inspection station on a Gantt chart: when a line's table and bench were at work."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import NDArray

from experiments.report.palette import as_days
from factory_env.domain.records import RunLog

TABLE: Final = "#998866"
BENCH: Final = "#AA4499"
BANDS: Final = (
    ("inspect_start_min", "inspected_min", TABLE),
    ("repair_start_min", "repaired_min", BENCH),
)


def has_station(log: RunLog) -> bool:
    """Was the run's inspection station on?"""
    return log.facts.get("has_station", 0.0) > 0.0


def draw_bands(axes: Axes, log: RunLog, line: int, y: float, height: float) -> None:
    """Inspection and under it repair of a line's lots, each ``height`` high, from ``y`` down."""
    _spans(axes, log, log.tables["lots"]["line"] == line, y, height)


def draw_order(axes: Axes, log: RunLog, order_id: str, y: float, height: float) -> None:
    """The same of one order, and how many of its pieces were repaired."""
    lots = log.tables["lots"]
    order = int(np.flatnonzero(log.tables["orders"]["order_id"] == order_id)[0])
    mine = lots["order"] == order
    _spans(axes, log, mine, y, height)
    if (repaired := int(lots["repaired"][mine].sum())) > 0:
        end = float(as_days(lots["again_min"][mine].max()))
        axes.annotate(
            f"{repaired:,} repaired",
            (end, y + height),
            xytext=(3, 0),
            fontsize=6,
            textcoords="offset points",
            va="center",
            color=BENCH,
        )


def _spans(axes: Axes, log: RunLog, mine: NDArray[np.bool_], y: float, height: float) -> None:
    lots = log.tables["lots"]
    for row, (first, last, colour) in enumerate(BANDS):
        begin, end = as_days(lots[first][mine]), as_days(lots[last][mine])
        spans = np.column_stack([begin, end - begin])
        axes.broken_barh(spans.tolist(), (y + row * height, height), facecolors=colour)


def band_legend() -> list[Any]:
    """Handles for a legend."""
    return [Patch(color=TABLE, label="inspection"), Patch(color=BENCH, label="repair bench")]
