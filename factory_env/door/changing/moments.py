"""A moment of a run as a person writes it: a date, a date and a time, or ``day 3 10:00``."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any, Final

from factory_env.door.changing.known import Fault, Known
from factory_env.units import MIN_PER_DAY, MIN_PER_HOUR

FORMS: Final = 'write 2026-12-08, "2026-12-08 12:00", day 3 or "day 3 10:00" (day 0 is the first)'
_DAY: Final = re.compile(r"(?:day\s+)?(?P<day>\d{1,5})", re.IGNORECASE)
_DATE: Final = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})")
_TIME: Final = re.compile(r"(?P<rest>.*?)[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::00)?")
PATTERN: Final = (  # of the schema
    r"^((day )?\d{1,5}|\d{4}-\d{2}-\d{2})([ T]\d{1,2}:\d{2}(:00)?)?$"
)


def read_minute(value: Any, known: Known, *, is_end: bool = False) -> float:
    """Wall minute of a moment; without a time of day a day's beginning, or its end.

    Raises
    ------
    Fault
        If it is not written in one of the `FORMS`, or lies outside the run.
    """
    day, time_min = _read(value, known.first_day)
    minute = day * MIN_PER_DAY + (time_min if time_min is not None else 0.0)
    if is_end and time_min is None:
        minute += MIN_PER_DAY
    end = known.days * MIN_PER_DAY
    if minute < 0.0 or minute > end or (minute == end and not is_end):
        raise Fault("must lie within the run", _span(known))
    return minute


def read_day(value: Any, known: Known) -> int:
    """The day of the run that is meant."""
    day, time_min = _read(value, known.first_day)
    if time_min is not None:
        raise Fault("must be a day without a time", FORMS)
    if not 0 <= day < known.days:
        raise Fault("must lie within the run", _span(known))
    return day


def moment_text(minute: float, first_day: date | None) -> str:
    """A minute for people."""
    day, rest = divmod(round(minute), int(MIN_PER_DAY))
    time = f" {rest // 60:02d}:{rest % 60:02d}" if rest else ""
    if first_day is None:
        return f"day {day}{time}"
    return f"{(first_day + timedelta(days=day)).isoformat()}{time}"


def _read(value: Any, first_day: date | None) -> tuple[int, float | None]:
    """Day of the run and minute of the day, if one is given."""
    if isinstance(value, datetime):
        return _count_days(value.date(), first_day), value.hour * MIN_PER_HOUR + value.minute
    if isinstance(value, date):
        return _count_days(value, first_day), None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Fault("must be a day, or a day and a time", FORMS)
    text, time_min = str(value).strip(), None
    if match := _TIME.fullmatch(text):
        hour, minute = int(match["hour"]), int(match["minute"])
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            raise Fault("must have a time of day from 00:00 to 24:00", FORMS)
        text, time_min = match["rest"].rstrip(" ,"), hour * MIN_PER_HOUR + minute
    if match := _DAY.fullmatch(text):
        return int(match["day"]), time_min
    if match := _DATE.fullmatch(text):
        try:
            return _count_days(date.fromisoformat(text), first_day), time_min
        except ValueError:
            raise Fault("must be a day of the calendar", FORMS) from None
    raise Fault("must be a day, or a day and a time", FORMS)


def _count_days(day: date, first_day: date | None) -> int:
    if first_day is None:
        raise Fault(
            "must be a day number: the run has no dates",
            "day 3, or an order book with dates (orders=)",
        )
    return (day - first_day).days


def _span(known: Known) -> str:
    first, last = (moment_text(d * MIN_PER_DAY, known.first_day) for d in (0, known.days - 1))
    return f"{first} to {last}"
