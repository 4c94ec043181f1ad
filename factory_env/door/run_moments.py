"""A point in time of a run as a person writes it: a date with a time, or a day of the run."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from factory_env.door.tables.day_column import read_day
from factory_env.door.tables.moments import Form
from factory_env.units import MIN_PER_DAY, MIN_PER_HOUR

FORMS: Final = "write 2026-03-02 10:00, or without dates day 12 10:00 (day 0 is a Monday)"
_DAY: Final = re.compile(
    r"(?:day\s*)?(?P<day>-?\d{1,4})\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?",
    re.IGNORECASE,
)
_WHOLE_DAY: Final = re.compile(r"day\s*(?P<day>-?\d{1,4})", re.IGNORECASE)
_S_PER_MIN: Final = 60.0


def read_run_minute(text: str, first_day: date | None) -> float | str:
    """Wall minute that a cell means, or why it means none.

    Parameters
    ----------
    first_day
        The date of day 0, if the run has dates.

    >>> read_run_minute("day 1 10:30", None), read_run_minute("2026-03-03", date(2026, 3, 2))
    (2070.0, 1440.0)
    >>> read_run_minute("2026-03-03", None)
    'is a date, but this run has none: its days are numbers'
    """
    if whole := _WHOLE_DAY.fullmatch(text.strip()):
        return float(whole["day"]) * MIN_PER_DAY
    if point := _DAY.fullmatch(text.strip()):
        hour, minute, second = (int(point[name] or 0) for name in ("hour", "minute", "second"))
        if hour > 23 or minute > 59 or second > 59:
            return "is no time of day"
        clock = hour * MIN_PER_HOUR + minute + second / _S_PER_MIN
        return float(point["day"]) * MIN_PER_DAY + clock
    day = read_day(text)
    if isinstance(day, str):
        return f"is no point in time: {day}"
    if day.form is Form.NUMBER:
        return round(day.days * MIN_PER_DAY, 3)
    if first_day is None:
        return "is a date, but this run has none: its days are numbers"
    return round((day.days - first_day.toordinal()) * MIN_PER_DAY, 4)


def say_run_minute(wall_min: float, first_day: date | None) -> str:
    """A minute as `read_run_minute` reads it, seconds cut off.

    >>> say_run_minute(2070.99, None), say_run_minute(2070.0, date(2026, 3, 2))
    ('day 1 10:30:59', '2026-03-03 10:30:00')
    """
    seconds = int(wall_min * _S_PER_MIN + 1e-6)
    day, rest = divmod(seconds, int(MIN_PER_DAY * _S_PER_MIN))
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    if first_day is None:
        return f"day {day} {clock}"
    return f"{date.fromordinal(first_day.toordinal() + day).isoformat()} {clock}"
