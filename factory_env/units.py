"""Time units. Everything in the house is in minutes unless its name says otherwise."""

from __future__ import annotations

MIN_PER_HOUR = 60.0
MIN_PER_DAY = 1440.0
DAYS_PER_WEEK = 7


def clock_text(wall_min: float) -> str:
    """Wall time as ``day d hh:mm``; day 0 is the Monday on which the run starts.

    >>> clock_text(1440 + 605)
    'day 1 10:05'
    """
    day, minute = divmod(round(wall_min), int(MIN_PER_DAY))
    return f"day {day} {minute // 60:02d}:{minute % 60:02d}"
