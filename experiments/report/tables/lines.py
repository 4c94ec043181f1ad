"""What every line has done, and where the minutes of its people went."""

from __future__ import annotations

from typing import Final

import numpy as np

from experiments.report.tables.sheet import Column, Sheet
from factory_env.domain.records import RunLog

# state -> what its column is called; shares of the minutes on duty
STATES: Final = {
    "work": "sewing",
    "setup": "changing style",
    "learning": "lost to learning",
    "starved": "waiting for a bundle or an order",
    "blocked": "blocked",
    "down": "out of order",
    "absent": "absent",
}
COLUMNS: Final = (
    Column("line"),
    Column("people", "count"),
    Column("orders sewn", "count"),
    Column("good pieces", "count", "pieces"),
    Column("changes of style", "count"),
    *(Column(name, "share") for name in STATES.values()),
)


def line_sheet(log: RunLog) -> Sheet:
    """A row a line."""
    orders, states, days = log.tables["orders"], log.tables["states"], log.tables["line_days"]
    rows = []
    for i, name in enumerate(log.lines):
        mine = states["line"] == i
        minutes = [float(states[f"{state}_min"][mine].sum()) for state in STATES]
        duty = sum(minutes)
        sewn = (orders["line"] == i) & ~np.isnan(orders["sewn_min"])
        rows.append(
            (
                name,
                int(log.operators[i]),
                int(sewn.sum()),
                int(orders["good"][sewn].sum()),
                int(days["changes"][days["line"] == i].sum()),
                *(spent / duty if duty > 0.0 else 0.0 for spent in minutes),
            )
        )
    return Sheet(name="Lines", columns=COLUMNS, rows=rows)
