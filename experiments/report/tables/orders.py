"""What became of every order, with its name, dates and line."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from experiments.report.tables.clock import Clock
from experiments.report.tables.sheet import Column, Sheet
from factory_env.domain.records import RunLog
from factory_env.units import MIN_PER_DAY

COLUMNS: Final = (
    Column("order"),
    Column("part of"),
    Column("customer"),
    Column("style"),
    Column("product"),
    Column("ordered", "count", "pieces"),
    Column("line"),
    Column("status"),
    Column("due", "when"),
    Column("shipped", "when"),
    Column("late", "number", "days"),
    Column("fabric in house", "when"),
    Column("cut", "when"),
    Column("line begins", "when"),
    Column("sewn", "when"),
    Column("pieces shipped", "count", "pieces"),
    Column("seconds", "count", "pieces"),
    Column("price", "money", "USD"),
    Column("value", "money", "USD"),
    Column("lateness cost", "money", "USD"),
    Column("change of style", "number", "min"),
    Column("by air"),
)
LATE_COLUMNS: Final = (
    Column("order"),
    Column("customer"),
    Column("style"),
    Column("ordered", "count", "pieces"),
    Column("line"),
    Column("due", "when"),
    Column("shipped", "when"),
    Column("late", "number", "days"),
    Column("lateness cost", "money", "USD"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOrder:
    """An order as its customer counts it, parts put together, that was not on time."""

    name: str
    customer: str
    style: str
    pieces: int
    lines: str
    due_min: float
    shipped_min: float  # NaN = still here at the end of the run
    late_days: float  # until it was shipped, or until the run ended
    late_usd: float


def late_orders(log: RunLog) -> list[LateOrder]:
    """Every order that missed its due date, the latest first; cancelled ones are none."""
    orders = log.tables["orders"]
    groups: dict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero(np.isnan(orders["cancelled_min"])).tolist():
        groups[str(orders["parent"][row] or orders["order_id"][row])].append(row)
    late = []
    for name, rows in groups.items():
        shipped = float(orders["shipped_min"][rows].max())  # NaN if one of its parts is still here
        left = log.end_min if math.isnan(shipped) else shipped
        first = rows[0]
        days = (left - float(orders["due_min"][first])) / MIN_PER_DAY
        if days < 0.0 or (days == 0.0 and not math.isnan(shipped)):
            continue  # still here when its date and the run end: late, as the KPIs have it
        late.append(
            LateOrder(
                name=name,
                customer=str(orders["customer"][first]),
                style=str(orders["style"][first]),
                pieces=int(orders["quantity"][rows].sum()),
                lines=", ".join(dict.fromkeys(_line(log, row) for row in rows)),
                due_min=float(orders["due_min"][first]),
                shipped_min=shipped,
                late_days=days,
                late_usd=float(orders["late_usd"][rows].sum()),
            )
        )
    return sorted(late, key=lambda order: -order.late_days)


def late_sheet(late: Sequence[LateOrder], clock: Clock) -> Sheet:
    """The late orders as a table."""
    rows = [
        (
            o.name,
            o.customer,
            o.style,
            o.pieces,
            o.lines,
            clock.due(o.due_min),
            "not yet" if math.isnan(o.shipped_min) else clock.moment(o.shipped_min),
            o.late_days,
            o.late_usd,
        )
        for o in late
    ]
    return Sheet(name="Late orders", columns=LATE_COLUMNS, rows=rows)


def order_sheet(log: RunLog, clock: Clock) -> Sheet:
    """All orders in the order of the book, parts of a split order one by one."""
    count = len(log.tables["orders"]["order"])
    return Sheet(
        name="Orders", columns=COLUMNS, rows=[_row(log, row, clock) for row in range(count)]
    )


def _row(log: RunLog, row: int, clock: Clock) -> tuple[Any, ...]:
    at = {name: column[row] for name, column in log.tables["orders"].items()}
    status, late_days = _status(at, log.end_min)
    begun, setup = float(at["taken_min"]), float(at["setup_min"])
    return (
        str(at["order_id"]),
        str(at["parent"]),
        str(at["customer"]),
        str(at["style"]),
        str(at["product"]),
        int(at["quantity"]),
        _line(log, row),
        status,
        clock.due(float(at["due_min"])),
        clock.moment(float(at["shipped_min"])),
        late_days,
        clock.moment(float(at["release_min"])),
        clock.moment(float(at["ready_min"])),
        clock.moment(begun),
        clock.moment(float(at["sewn_min"])),
        int(at["good"]),
        int(at["seconds"]),
        float(at["price_usd"]),
        float(at["price_usd"]) * int(at["quantity"]),
        float(at["late_usd"]),
        None if math.isnan(begun) or math.isnan(setup) else setup,
        "yes" if at["by_air"] > 0 else "",
    )


def _status(at: dict[str, Any], end_min: float) -> tuple[str, float | None]:
    """In words, and days late; None where lateness means nothing."""
    if not math.isnan(at["cancelled_min"]):
        return "cancelled", None
    is_open = math.isnan(at["shipped_min"])
    left = end_min if is_open else float(at["shipped_min"])
    days = max(0.0, (left - float(at["due_min"])) / MIN_PER_DAY)
    if is_open:
        return ("open, late" if left >= at["due_min"] else "open"), days
    return ("shipped late" if days else "shipped on time"), days


def _line(log: RunLog, row: int) -> str:
    """Name of the line that took an order; empty if none has."""
    orders = log.tables["orders"]
    has_line = not math.isnan(orders["taken_min"][row])
    return log.lines[int(orders["line"][row])] if has_line else ""
