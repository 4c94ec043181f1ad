"""When a sewing line had no order at all."""

from __future__ import annotations

import numpy as np

from experiments.report.finished_run import FinishedRun
from factory_env.domain.calendar import ShiftTable
from factory_env.units import MIN_PER_DAY


def empty_share(run: FinishedRun, line: int) -> float:
    """Share of a line's shift minutes in which it held no order: none taken, or the last one off.

    A cancelled order is on its line until the day it was cancelled.
    """
    orders = run.log.tables["orders"]
    end_min = float(run.log.end_min)
    mine = (orders["line"] == line) & ~np.isnan(orders["taken_min"])
    off = np.fmin(orders["sewn_min"][mine], orders["cancelled_min"][mine])
    off = np.minimum(np.where(np.isnan(off), end_min, off), end_min)
    shifts = ShiftTable(run.calendar, int(end_min // MIN_PER_DAY) + 1)
    begin = shifts.shift_at_many(orders["taken_min"][mine])
    end = shifts.shift_at_many(off)
    in_time = np.argsort(begin, kind="stable")
    busy, until = 0.0, 0.0
    for a, b in zip(begin[in_time], end[in_time], strict=True):
        busy += max(0.0, b - max(a, until))
        until = max(until, b)
    whole = shifts.shift_at(end_min)
    return 1.0 - busy / whole if whole > 0.0 else 0.0
