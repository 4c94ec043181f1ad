"""The plan of a run as tables: one row an order, and one row a line, day and order."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import numpy as np

from experiments.report.plans.rows import PlanRow
from experiments.report.tables.clock import Clock, When
from experiments.report.tables.sheet import Column, Sheet
from factory_env.domain.records import RunLog
from factory_env.door.plan_door import NO_LINE
from factory_env.door.run_moments import say_run_minute
from factory_env.units import MIN_PER_DAY

COLUMNS: Final = (
    Column("order"),
    Column("line"),
    Column("sequence", "count"),
    Column("start", "when"),
    Column("end", "when"),
    Column("pinned"),
    Column("passes", "count"),
    Column("style"),
    Column("product"),
    Column("customer"),
    Column("pieces", "count"),
    Column("due", "when"),
    Column("shipped", "when"),
)
DAY_COLUMNS: Final = (
    Column("line"),
    Column("day", "when"),
    Column("order"),
    Column("style"),
    Column("sewn", "count", "pieces"),
    Column("due", "when"),
)


def plan_sheet(rows: Sequence[PlanRow], clock: Clock, *, as_text: bool) -> Sheet:
    """A row an order, as `factory_env.door.plan_door` reads it; ``as_text``: days as texts."""
    return Sheet(
        name="Plan",
        columns=COLUMNS,
        rows=[
            (
                row.order_id,
                row.line or NO_LINE,
                row.place or None,
                _moment(row.start_min, clock, as_text=as_text),
                _moment(row.end_min, clock, as_text=as_text),
                "yes" if row.line else "",
                row.passes if row.line else None,
                row.style,
                row.product,
                row.customer,
                row.pieces,
                clock.due(row.due_min),
                clock.moment(row.shipped_min),
            )
            for row in rows
        ],
    )


def _moment(wall_min: float, clock: Clock, *, as_text: bool) -> When:
    """A point in time to the second, cut off: a line asked in that second is on time."""
    if math.isnan(wall_min):
        return None
    text = say_run_minute(wall_min, clock.first_day)
    return text if as_text or clock.first_day is None else datetime.fromisoformat(text)


def day_sheet(log: RunLog, clock: Clock) -> Sheet:
    """Pieces that came off each line on each day, order by order."""
    orders, lots = log.tables["orders"], log.tables["lots"]
    pieces: dict[tuple[int, int, int], int] = defaultdict(int)
    first: dict[tuple[int, int, int], float] = {}
    for i in np.argsort(lots["sewn_min"], kind="stable").tolist():
        sewn = float(lots["sewn_min"][i])
        key = int(lots["line"][i]), int(sewn // MIN_PER_DAY), int(lots["order"][i])
        pieces[key] += int(lots["pieces"][i])
        first.setdefault(key, sewn)
    keys = sorted(pieces, key=lambda key: (key[0], first[key]))
    return Sheet(
        name="Line days",
        columns=DAY_COLUMNS,
        rows=[
            (
                log.lines[line],
                _day(day, clock.first_day),
                str(orders["order_id"][order]),
                str(orders["style"][order]),
                pieces[line, day, order],
                clock.due(float(orders["due_min"][order])),
            )
            for line, day, order in keys
        ],
    )


def _day(day: int, first_day: date | None) -> date | str:
    return f"day {day}" if first_day is None else date.fromordinal(first_day.toordinal() + day)
