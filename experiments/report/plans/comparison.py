"""A plan and what became of it: where reality left it, and why, order by order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from experiments.report.tables.clock import Clock
from experiments.report.tables.sheet import Column, Sheet
from factory_env.domain.line_plan import PlanStep
from factory_env.domain.records import RunLog
from factory_env.units import MIN_PER_DAY, MIN_PER_HOUR

NAME: Final = "Plan and reality"
COLUMNS: Final = (
    Column("order"),
    Column("planned line"),
    Column("real line"),
    Column("planned start", "when"),
    Column("real start", "when"),
    Column("start later", "number", "h"),
    Column("planned end", "when"),
    Column("real end", "when"),
    Column("end later", "number", "h"),
    Column("why"),
)
NEAR_MIN: Final = 1.0  # of the planned minute: as planned
FEW: Final = 0.02  # of the operators: fewer than that away is as usual


def compare_plan(steps: Sequence[PlanStep], log: RunLog, clock: Clock) -> Sheet:
    """A row for every order of the plan."""
    rows = []
    for step in sorted(steps, key=lambda step: step.line < 0):
        start, end = _column(log, "taken_min", step), _column(log, "sewn_min", step)
        planned = math.nan if step.start_min is None else step.start_min
        planned_end = math.nan if step.end_min is None else step.end_min
        rows.append(
            (
                step.order_id,
                log.lines[step.line] if step.line >= 0 else "none",
                "" if math.isnan(start) else log.lines[_line(log, step)],
                clock.moment(planned),
                clock.moment(start),
                _hours(start - planned),
                clock.moment(planned_end),
                clock.moment(end),
                _hours(end - planned_end),
                explain_step(step, log),
            )
        )
    return Sheet(name=NAME, columns=COLUMNS, rows=rows)


def count_as_planned(steps: Sequence[PlanStep], log: RunLog) -> int:
    """Orders that were begun where and when the plan says."""
    return sum(explain_step(step, log).startswith("as planned") for step in steps)


def explain_step(step: PlanStep, log: RunLog) -> str:
    """Where reality left the plan of an order, in words."""
    start = _column(log, "taken_min", step)
    if math.isnan(start):
        return _why_never(step, log)
    if step.line < 0:
        return f"not to be begun, but {log.lines[_line(log, step)]} could have nothing else"
    if _line(log, step) != step.line:
        return f"sewn on {log.lines[_line(log, step)]}, which could have nothing else to do"
    late_min = 0.0 if step.start_min is None else start - step.start_min
    if late_min > NEAR_MIN:
        return _why_late(step, log, start)
    words = "as planned" if late_min >= -NEAR_MIN else "begun earlier: line and order were free"
    return words + _why_long(step, log)


def _why_never(step: PlanStep, log: RunLog) -> str:
    if not math.isnan(_column(log, "cancelled_min", step)):
        return "cancelled by the customer"
    if step.line < 0:
        return "as planned: no line has begun it"
    if _column(log, "release_min", step) > log.end_min:
        return "not begun: its fabric comes after the end of the run"
    if math.isnan(_column(log, "ready_min", step)):
        return "not begun: not cut by the end of the run"
    return "not begun by the end of the run"


def _why_late(step: PlanStep, log: RunLog, start: float) -> str:
    planned = step.start_min if step.start_min is not None else 0.0
    release, promised = _column(log, "release_min", step), _column(log, "promised_min", step)
    ready = _column(log, "ready_min", step)
    if ready > planned + NEAR_MIN:
        if release > promised + NEAR_MIN and release > planned:
            days = (release - promised) / MIN_PER_DAY
            return f"fabric late by {days:.1f} days"
        if release > planned:
            return "fabric comes after the planned start"
        return f"cut {_span(ready - planned)} after the planned start"
    orders = log.tables["orders"]
    ahead = (orders["line"] == step.line) & (orders["taken_min"] < start)
    ahead &= orders["loaded_min"] > planned + NEAR_MIN
    if ahead.any():
        last = int(np.flatnonzero(ahead)[np.argmax(orders["loaded_min"][ahead])])
        return f"line busy with {orders['order_id'][last]}"
    return "the line waited: it is asked when a shift, an order or another line begins"


def _why_long(step: PlanStep, log: RunLog) -> str:
    """Why sewing ended later than planned, by the daily records of the line."""
    end = _column(log, "sewn_min", step)
    if step.end_min is None or not end > step.end_min + NEAR_MIN:
        return ""
    start = _column(log, "taken_min", step)
    days = log.tables["line_days"]
    is_mine = (days["line"] == step.line) & (days["day"] >= start // MIN_PER_DAY)
    is_mine &= days["day"] <= end // MIN_PER_DAY
    causes = []
    stops = float(days["stop_min"][is_mine].sum())
    if stops > 0.0:
        causes.append(f"stops {_span(stops)}")
    away = 1.0 - float(days["present_share"][is_mine].mean()) if is_mine.any() else 0.0
    if away > FEW:
        causes.append(f"{away:.0%} of the people away")
    if not causes:
        causes.append("slower than planned: learning, machines, or what stood on the line before")
    return f", sewn {_span(end - step.end_min)} longer ({', '.join(causes)})"


def _column(log: RunLog, name: str, step: PlanStep) -> float:
    return float(log.tables["orders"][name][step.order])


def _line(log: RunLog, step: PlanStep) -> int:
    return int(log.tables["orders"]["line"][step.order])


def _hours(minutes: float) -> float | None:
    return None if math.isnan(minutes) else round(minutes / MIN_PER_HOUR, 2)


def _span(minutes: float) -> str:
    return (
        f"{minutes / MIN_PER_HOUR:.1f} h"
        if minutes < MIN_PER_DAY
        else f"{minutes / MIN_PER_DAY:.1f} days"
    )
