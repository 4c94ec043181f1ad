"""Where did an order's days go? The minutes of its way by cause; they add up to its way.

A way begins when the order's fabric was promised and ends when the order leaves the house, is
cancelled, or the run is over. It is read from the log's tables ``chains``, ``line_days``,
``attendance`` and ``events``: nights, days off, standstills and absent people are taken out of
every stretch of the chain, and what is left is the stretch's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.records import RunLog
from factory_env.units import MIN_PER_DAY

Floats = NDArray[np.float64]
CAUSES: Final = {  # in the order of the way
    "fabric": "fabric came later than promised",
    "table": "waiting for a cutting table",
    "cutting": "cutting",
    "line_wait": "cut, waiting for a line",
    "line_busy": "on the line behind the order before",
    "changeover": "changing the line over",
    "learning": "sewing, lost to learning",
    "sewing": "sewing",
    "absence": "operators absent",
    "stops": "machines, line or power out of order",
    "inspection": "inspection",
    "repair": "repair",
    "finishing_wait": "waiting for press and packing",
    "finishing": "pressing and packing",
    "shipping": "packed, waiting for audit or other parts",
    "night": "nights and breaks",
    "day_off": "days off",
}
NIGHT, DAY_OFF, STOPPED, ABSENT, OPEN = range(5)  # rows of a place's minutes
SHARED: Final = ("night", "day_off", "stops", "absence")  # causes of the first four
STANDS: Final = ("line stop", "outage")  # kinds of events


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaths:
    """Minutes by order and cause, shape (orders, len(CAUSES)); a row adds up to ``total_min``."""

    minutes: Floats
    begin_min: Floats
    end_min: Floats  # shipped, cancelled, or the end of the run

    @property
    def total_min(self) -> Floats:
        """How long each order was under way, shape (orders,)."""
        return self.end_min - self.begin_min

    def of(self, order: int) -> dict[str, float]:
        """Minutes of one order by cause."""
        return dict(zip(CAUSES, self.minutes[order].tolist(), strict=True))


def order_paths(log: RunLog, calendar: WorkCalendar) -> OrderPaths:
    """Split every order's way by cause.

    ``log`` has the table ``chains``; ``calendar`` says at what hours a day is worked, the log
    which days were.
    """
    chains, n = log.tables["chains"], log.tables["orders"]["order"].shape[0]
    minutes = np.zeros((n, len(CAUSES)))
    names = list(CAUSES)
    column = np.array([names.index(cause) for cause in chains["cause"]], dtype=np.int64)
    shared = [names.index(cause) for cause in SHARED]
    for line in np.unique(chains["line"]).tolist():
        mine = chains["line"] == line
        split = _hours(log, calendar, line).between(
            chains["begin_min"][mine], chains["end_min"][mine]
        )
        is_fabric = column[mine] == names.index("fabric")  # it comes by the calendar
        split[OPEN] += np.where(is_fabric, split[:OPEN].sum(axis=0), 0.0)
        split[:OPEN, is_fabric] = 0.0
        orders = chains["order"][mine]
        for row, cause in enumerate(shared):
            np.add.at(minutes, (orders, cause), split[row])
        np.add.at(minutes, (orders, column[mine]), split[OPEN])
    begin, end = np.full(n, np.inf), np.full(n, -np.inf)
    np.minimum.at(begin, chains["order"], chains["begin_min"])
    np.maximum.at(end, chains["order"], chains["end_min"])
    has_none = np.isinf(begin)
    return OrderPaths(
        minutes=minutes,
        begin_min=np.where(has_none, 0.0, begin),
        end_min=np.where(has_none, 0.0, end),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hours:
    """Minutes of a place by kind until each wall minute: piecewise linear, rows as above."""

    wall_min: Floats
    until: Floats  # (5, knots)

    def between(self, begin_min: Floats, end_min: Floats) -> Floats:
        """Shape (5, n)."""
        rows = [
            np.interp(end_min, self.wall_min, row) - np.interp(begin_min, self.wall_min, row)
            for row in self.until
        ]
        return np.array(rows)


def _hours(log: RunLog, calendar: WorkCalendar, line: int) -> _Hours:
    """``line``: -1 = no line, -2 - k = the gate of line k."""
    number = line if line >= -1 else -2 - line
    days = _days(log, number)
    open_spans = [span for day, more in days.items() for span in _day_spans(calendar, day, more)]
    stops = _stops(log, number, is_line=line >= 0)
    last = max(log.end_min, 1.0)
    knots = {0.0, last, *np.arange(0.0, last, MIN_PER_DAY).tolist()}
    knots |= {edge for span in (*open_spans, *stops) for edge in span if 0.0 <= edge <= last}
    wall = np.array(sorted(knots))
    middle = (wall[:-1] + wall[1:]) / 2.0
    is_open, is_stopped = _inside(middle, open_spans), _inside(middle, stops)
    day = (middle // MIN_PER_DAY).astype(np.int64)
    absent_on = _absence(log, line)
    absent = np.array([absent_on.get(d, 0.0) for d in day.tolist()])
    is_worked = np.array([d in days for d in day.tolist()], dtype=np.bool_)
    length = np.diff(wall)
    runs = is_open & ~is_stopped
    kinds = np.array(
        [
            length * (~is_open & is_worked),
            length * (~is_open & ~is_worked),
            length * (is_open & is_stopped),
            length * absent * runs,
            length * (1.0 - absent) * runs,
        ]
    )
    until = np.concatenate([np.zeros((5, 1)), np.cumsum(kinds, axis=1)], axis=1)
    return _Hours(wall_min=wall, until=until)


def _days(log: RunLog, number: int) -> dict[int, float]:
    """Days that were worked, and the overtime of a line on each of them."""
    worked = log.tables["line_days"]
    days = dict.fromkeys(worked["day"].tolist(), 0.0)
    mine = worked["line"] == number
    more = worked["overtime_min"][mine].tolist()
    return days | dict(zip(worked["day"][mine].tolist(), more, strict=True))


def _day_spans(calendar: WorkCalendar, day: int, overtime_min: float) -> list[tuple[float, float]]:
    """When a day is worked, wall minutes of the run."""
    midnight = day * MIN_PER_DAY
    spans = [(midnight + a, midnight + b) for a, b in calendar.day_intervals()]
    if overtime_min > 0.0:
        evening = midnight + calendar.shift_end_min + calendar.overtime_min
        spans.append((evening, evening + overtime_min))
    return spans


def _stops(log: RunLog, number: int, *, is_line: bool) -> list[tuple[float, float]]:
    """When a place stood still: the whole site, or a line."""
    events = log.tables["events"]
    rows = zip(*(events[k] for k in ("kind", "line", "start_min", "end_min")), strict=True)
    return [
        (float(start), float(end))
        for kind, line, start, end in rows
        if kind in STANDS and (line < 0 or (is_line and line == number))
    ]


def _absence(log: RunLog, number: int) -> dict[int, float]:
    """Absent share of a line's operators by day."""
    came = log.tables["attendance"]
    mine = came["line"] == number
    shares = (1.0 - came["present_share"][mine]).tolist()
    return dict(zip(came["day"][mine].tolist(), shares, strict=True))


def _inside(at: Floats, spans: list[tuple[float, float]]) -> NDArray[np.bool_]:
    """Which minutes lie in one of the spans, which may overlap."""
    if not spans:
        return np.zeros(at.shape[0], dtype=np.bool_)
    begins = np.sort(np.array([a for a, _ in spans]))
    ends = np.sort(np.array([b for _, b in spans]))
    return np.searchsorted(begins, at, "right") > np.searchsorted(ends, at, "right")
