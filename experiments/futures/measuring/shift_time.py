"""Shift minutes of a run by wall minutes, made once a calendar."""

from __future__ import annotations

from functools import lru_cache

from factory_env.domain.calendar import ShiftTable, WorkCalendar
from factory_env.units import MIN_PER_DAY

SPARE_DAYS = 2


def shift_table(calendar: WorkCalendar, end_min: float) -> ShiftTable:
    """The table of a run that ended in a minute; evenings of overtime are not in it."""
    return _make(calendar, int(end_min // MIN_PER_DAY) + SPARE_DAYS)


@lru_cache(maxsize=32)
def _make(calendar: WorkCalendar, days: int) -> ShiftTable:
    return ShiftTable(calendar, days)
