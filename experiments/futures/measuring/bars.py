"""The bars of a Gantt chart: when a line set up for an order, and when it sewed it."""

from __future__ import annotations

import numpy as np

from experiments.futures.measuring.orders import customer_names
from experiments.futures.measuring.shift_time import shift_table
from experiments.futures.outcome import Column
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.records import RunLog

COLUMNS = ("line", "order_id", "style", "begin_min", "end_min", "kind")


def draw_bars(log: RunLog, calendar: WorkCalendar) -> dict[str, Column]:
    """The columns of ``Outcome.gantt``, line by line in the order of their begin.

    What is still sewn when the run ends is cut off there; what was never begun has no bar. Parts
    bear the name of the customer's order, as in ``Outcome.orders``.
    """
    orders, shifts = log.tables["orders"], shift_table(calendar, log.end_min)
    taken = ~np.isnan(orders["taken_min"])
    rows: list[tuple[str, str, str, float, float, str]] = []
    turn = np.lexsort((orders["taken_min"], orders["line"]))
    names = customer_names(orders)
    for row in turn[taken[turn]].tolist():
        line = log.lines[int(orders["line"][row])]
        words = (line, str(names[row]), str(orders["style"][row]))
        begin, setup = float(orders["taken_min"][row]), float(orders["setup_min"][row])
        sewn = float(orders["sewn_min"][row])
        end = log.end_min if np.isnan(sewn) else sewn
        middle = min(end, shifts.wall_at(shifts.shift_at(begin) + setup)) if setup > 0 else begin
        if middle > begin:
            rows.append((*words, begin, middle, "setup"))
        rows.append((*words, middle, end, "sew"))
    columns = zip(*rows, strict=True) if rows else ([] for _ in COLUMNS)
    return {name: np.array(values) for name, values in zip(COLUMNS, columns, strict=True)}
