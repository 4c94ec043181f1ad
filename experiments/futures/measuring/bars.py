"""The bars of a Gantt chart: when a line set up for an order, and when it sewed it."""

from __future__ import annotations

import numpy as np

from experiments.futures.outcome import Column
from experiments.report.order_bars import order_bars
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.records import RunLog
from factory_env.units import MIN_PER_DAY

COLUMNS = ("line", "order_id", "style", "begin_min", "end_min", "kind")


def draw_bars(log: RunLog, calendar: WorkCalendar) -> dict[str, Column]:
    """The columns of ``Outcome.gantt``, line by line in the order of their begin."""
    rows: list[tuple[str, str, str, float, float, str]] = []
    for number, line in enumerate(log.lines):
        for bar in order_bars(log, number, calendar):
            begin, middle, end = (x * MIN_PER_DAY for x in (bar.taken, bar.set_up, bar.sewn))
            if middle > begin:
                rows.append((line, bar.order_id, bar.style, begin, middle, "setup"))
            rows.append((line, bar.order_id, bar.style, middle, end, "sew"))
    columns = zip(*rows, strict=True) if rows else ([] for _ in COLUMNS)
    return {name: np.array(values) for name, values in zip(COLUMNS, columns, strict=True)}
