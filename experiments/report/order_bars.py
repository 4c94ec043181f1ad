"""What the Gantt charts draw: one record per order that was taken by a line, in days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.report.palette import as_days
from factory_env.domain.calendar import ShiftTable, WorkCalendar
from factory_env.domain.records import RunLog
from factory_env.units import MIN_PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBar:
    """One order on its line. Times in days of the run."""

    order_id: str
    style: str
    product: str
    quantity: int
    ready: float
    taken: float
    set_up: float  # end of the changeover, as planned without absence
    sewn: float
    shipped: float | None  # None = still open at the end
    due: float
    late_days: float  # 0 = on time, not due yet, or cancelled
    is_rush: bool
    is_cancelled: bool = False


def order_bars(log: RunLog, line: int, calendar: WorkCalendar) -> list[OrderBar]:
    """Orders of a line by the time they were taken."""
    orders = log.tables["orders"]
    rows = np.flatnonzero((orders["line"] == line) & ~np.isnan(orders["taken_min"]))
    rows = rows[np.argsort(orders["taken_min"][rows], kind="stable")]
    shifts = ShiftTable(calendar, int(log.end_min // MIN_PER_DAY) + 8)
    bars = []
    for row in rows.tolist():
        at = {name: column[row] for name, column in orders.items()}
        taken, setup = float(at["taken_min"]), float(at["setup_min"])
        set_up = shifts.wall_at(shifts.shift_at(taken) + setup) if setup > 0 else taken
        is_open = bool(np.isnan(at["shipped_min"]))
        cancelled = not np.isnan(at["cancelled_min"])
        left = log.end_min if is_open else float(at["shipped_min"])
        sewn = log.end_min if np.isnan(at["sewn_min"]) else float(at["sewn_min"])
        bars.append(
            OrderBar(
                order_id=str(at["order_id"]),
                style=str(at["style"]),
                product=str(at["product"]),
                quantity=int(at["quantity"]),
                ready=as_days(float(at["ready_min"])),
                taken=as_days(taken),
                set_up=as_days(min(set_up, sewn)),
                sewn=as_days(sewn),
                shipped=None if is_open else as_days(left),
                due=as_days(float(at["due_min"])),
                late_days=max(0.0, as_days(left - float(at["due_min"]))) * (not cancelled),
                is_rush=bool(at["is_rush"]),
                is_cancelled=cancelled,
            )
        )
    return bars


def lateness_text(bar: OrderBar) -> str:
    """How late an order was, or that it was cancelled; empty if it was on time."""
    if bar.is_cancelled:
        return "cancelled"
    text = f"{bar.late_days:.1f} d late" if bar.late_days > 0 else ""
    return text if bar.shipped is not None else f"open {text}".strip()
