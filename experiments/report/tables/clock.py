"""Wall minutes as people say them: dates where the run has a calendar, else days of the run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from factory_env.units import MIN_PER_DAY

When = date | datetime | str | None  # None = never


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Of a run. ``first_day`` None = it has no dates; day 0 is a Monday all the same."""

    first_day: date | None

    def moment(self, wall_min: float) -> When:
        """A point in time, to the minute.

        >>> Clock(first_day=date(2026, 3, 2)).moment(1440.0 + 600.0)
        datetime.datetime(2026, 3, 3, 10, 0)
        >>> Clock(first_day=None).moment(1440.0 + 600.0)
        'day 1 10:00'
        """
        if not math.isfinite(wall_min):
            return None
        minutes = round(wall_min)
        if self.first_day is not None:
            midnight = datetime(self.first_day.year, self.first_day.month, self.first_day.day)
            return midnight + timedelta(minutes=minutes)
        day, minute = divmod(minutes, int(MIN_PER_DAY))
        return f"day {day} {minute // 60:02d}:{minute % 60:02d}"

    def due(self, wall_min: float) -> When:
        """A due date: the day itself where it is the day's end, else a point in time.

        >>> Clock(first_day=date(2026, 3, 2)).due(2.0 * 1440.0)
        datetime.date(2026, 3, 3)
        >>> Clock(first_day=None).due(2.0 * 1440.0)
        'day 1'
        """
        if not math.isfinite(wall_min) or wall_min % MIN_PER_DAY:
            return self.moment(wall_min)
        day = round(wall_min / MIN_PER_DAY) - 1
        return f"day {day}" if self.first_day is None else self.first_day + timedelta(days=day)


def show_when(when: When) -> str:
    """For the terminal.

    >>> show_when(datetime(2026, 3, 3, 10, 0)), show_when(date(2026, 3, 3)), show_when(None)
    ('Tue 2026-03-03 10:00', 'Tue 2026-03-03', '')
    """
    if isinstance(when, datetime):
        return f"{when:%a %Y-%m-%d %H:%M}"
    if isinstance(when, date):
        return f"{when:%a %Y-%m-%d}"
    return when or ""
