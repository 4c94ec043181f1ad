"""What the Gantt charts draw: one record per order that was taken by a line, in days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import ceil
from typing import Final

import numpy as np

from factory_env.domain.calendar import ShiftTable, WorkCalendar
from factory_env.domain.records import RunLog
from factory_env.units import MIN_PER_DAY

Span = tuple[float, float]  # begin and length [days]
STOPS: Final = ("line stop", "outage")  # events in which a whole line stands still
SPARE_DAYS: Final = 8  # beyond the end of the run, for a change that was still going on


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
    changes: tuple[Span, ...]  # the same day by day, without nights and days off
    sewn: float
    shipped: float | None  # None = still open at the end
    due: float
    late_days: float  # 0 = on time, not due yet, or cancelled
    is_rush: bool
    is_cancelled: bool = False

    @property
    def left(self) -> float:
        """When it left the house; when it left the line, if it is still here."""
        return self.sewn if self.shipped is None else self.shipped

    @property
    def end(self) -> float:
        """Until when it is late, or was worked on."""
        return max(self.left, self.due + self.late_days) if self.late_days > 0 else self.left


def order_bars(log: RunLog, line: int, calendar: WorkCalendar) -> list[OrderBar]:
    """Orders of a line by the time they were taken."""
    orders = log.tables["orders"]
    rows = np.flatnonzero((orders["line"] == line) & ~np.isnan(orders["taken_min"]))
    rows = rows[np.argsort(orders["taken_min"][rows], kind="stable")]
    shifts = _shift_table(calendar, int(log.end_min // MIN_PER_DAY) + SPARE_DAYS)
    bars = []
    for row in rows.tolist():
        at = {name: column[row] for name, column in orders.items()}
        taken, setup = float(at["taken_min"]), float(at["setup_min"])
        set_up = shifts.wall_at(shifts.shift_at(taken) + setup) if setup > 0 else taken
        is_open = bool(np.isnan(at["shipped_min"]))
        cancelled = not np.isnan(at["cancelled_min"])
        left = log.end_min if is_open else float(at["shipped_min"])
        sewn = log.end_min if np.isnan(at["sewn_min"]) else float(at["sewn_min"])
        set_up = min(set_up, sewn)
        bars.append(
            OrderBar(
                order_id=str(at["order_id"]),
                style=str(at["style"]),
                product=str(at["product"]),
                quantity=int(at["quantity"]),
                ready=float(at["ready_min"]) / MIN_PER_DAY,
                taken=taken / MIN_PER_DAY,
                set_up=set_up / MIN_PER_DAY,
                changes=working_spans(calendar, taken, set_up),
                sewn=sewn / MIN_PER_DAY,
                shipped=None if is_open else left / MIN_PER_DAY,
                due=float(at["due_min"]) / MIN_PER_DAY,
                late_days=max(0.0, (left - float(at["due_min"])) / MIN_PER_DAY) * (not cancelled),
                is_rush=bool(at["is_rush"]),
                is_cancelled=cancelled,
            )
        )
    return bars


@lru_cache(maxsize=4)
def _shift_table(calendar: WorkCalendar, days: int) -> ShiftTable:
    return ShiftTable(calendar, days)


def working_spans(calendar: WorkCalendar, begin_min: float, end_min: float) -> tuple[Span, ...]:
    """A stretch of work, a piece for each working day: begin and length in days.

    >>> week = WorkCalendar()  # 8:00 to 17:00, Sundays off
    >>> saturday = 5 * 1440
    >>> spans = working_spans(week, saturday + 16 * 60, saturday + 2880 + 10 * 60)
    >>> [(round(24 * (begin - 5)), round(24 * length)) for begin, length in spans]
    [(16, 1), (56, 2)]
    """
    hours = calendar.day_intervals()
    opens, closes = hours[0][0], hours[-1][1]
    spans = []
    for day in range(int(begin_min // MIN_PER_DAY), int(end_min // MIN_PER_DAY) + 1):
        start = max(begin_min, day * MIN_PER_DAY + opens)
        stop = min(end_min, day * MIN_PER_DAY + closes)
        if stop > start and calendar.is_working_day(day):
            spans.append((start / MIN_PER_DAY, (stop - start) / MIN_PER_DAY))
    return tuple(spans)


def line_stops(log: RunLog, line: int) -> list[Span]:
    """When a line stood still, for a stop of its own or an outage of the site."""
    events = log.tables["events"]
    mine = np.isin(events["kind"], STOPS) & ((events["line"] == line) | (events["line"] == -1))
    begin, end = (events[key][mine] / MIN_PER_DAY for key in ("start_min", "end_min"))
    return list(zip(begin.tolist(), (end - begin).tolist(), strict=True))


def lateness_text(bar: OrderBar) -> str:
    """How late an order was, or that it was cancelled; empty if it was on time."""
    if bar.is_cancelled:
        return "cancelled"
    text = f"{bar.late_days:.1f} d late" if bar.late_days > 0 else ""
    return text if bar.shipped is not None else f"open {text}".strip()


def due_text(due: float, first_day: date | None) -> str:
    """The day on which an order is due, as a date if the run has dates; midnight ends a day.

    >>> due_text(13.0, None), due_text(12.5, date(2026, 3, 2))
    ('due day 12', 'due 14 Mar')
    """
    day = ceil(due) - 1
    if first_day is None:
        return f"due day {day}"
    on = first_day + timedelta(days=day)
    return f"due {on.day} {on:%b}"


def verdict_text(bars: Iterable[OrderBar]) -> str:
    """How many orders are late, and by how much."""
    late = [bar.late_days for bar in bars if bar.late_days > 0]
    if not late:
        return "none late"
    mean = f"{sum(late) / len(late):.1f} days{' on average' * (len(late) > 1)}"
    return f"{len(late)} late, by {mean}"
