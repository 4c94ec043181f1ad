"""Reads ``<run folder>@<day hh:mm>``: the minute from which a run goes on otherwise."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from factory_env.door.tables.day_column import Moment, read_day
from factory_env.door.tables.moments import Form
from factory_env.door.text_file import user_path
from factory_env.errors import InputError
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY, MIN_PER_HOUR

WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
FORMS: Final = (
    "write <run folder>@<day hh:mm>, e.g. @12 10:00 (day 12 of the run), @tue 10:00 (its first "
    "Tuesday), or @2026-03-05 10:00 if its order book had dates"
)
_POINT: Final = re.compile(r"(?P<day>.+?)[ T]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})")
_DAY: Final = re.compile(r"(?:day\s+)?(?P<number>[+-]?\d+)", re.IGNORECASE)


def split_branch(text: str) -> tuple[Path, str]:
    """Run folder and point of a ``branch=`` value.

    Raises
    ------
    InputError
        If there is no @ or one side of it is empty.
    """
    folder, at, point = text.rpartition("@")
    if not at or not folder.strip() or not point.strip():
        raise malformed(text, "must name a run folder and a minute of it")
    return user_path(folder.strip()), point.strip()


def point_min(point: str, first_day: date | None) -> float:
    """Wall minute that a branch point means; it may lie outside the run.

    Parameters
    ----------
    first_day
        The date of day 0, if the run's order book had dates.

    Raises
    ------
    InputError
        If the point is not written in one of the `FORMS`.

    >>> point_min("day 12 10:00", None) == 12 * 1440 + 600
    True
    """
    found = _POINT.fullmatch(point)
    if found is None:
        raise malformed(point, "must be a day and a time of day")
    hour, minute = int(found["hour"]), int(found["minute"])
    if hour > 23 or minute > 59:
        raise malformed(point, "the time of day must be 00:00 to 23:59")
    return _day(found["day"].strip(), point, first_day) * MIN_PER_DAY + hour * MIN_PER_HOUR + minute


def minute_text(wall_min: float, first_day: date | None) -> str:
    """A minute for people, as a date if the run has dates.

    >>> minute_text(1440 + 605, None)
    'day 1 (Tue) 10:05'
    """
    day, minute = divmod(round(wall_min), int(MIN_PER_DAY))
    time = f"{minute // 60:02d}:{minute % 60:02d}"
    weekday = WEEKDAYS[day % DAYS_PER_WEEK][:3].capitalize()
    if first_day is None:
        return f"day {day} ({weekday}) {time}"
    return f"{weekday} {first_day + timedelta(days=day):%d %b %Y} {time}"


def _day(text: str, point: str, first_day: date | None) -> int:
    number = _DAY.fullmatch(text)
    if number is not None:
        return int(number["number"])
    word = text.casefold()
    names = [i for i, name in enumerate(WEEKDAYS) if len(word) >= 3 and name.startswith(word)]
    if names:
        return names[0]  # day 0 is a Monday
    day: Moment | str = read_day(text)
    if isinstance(day, str) or day.form is Form.NUMBER:
        raise malformed(point, f"{text!r} is not a day")
    if first_day is None:
        raise malformed(point, "the run's order book has no dates: its days are numbers")
    return round(day.days) - first_day.toordinal()


def malformed(got: str, rule: str) -> InputError:
    """What is wrong with a branch point, and how one is written."""
    return InputError.of("command line", "branch", rule, repr(got), FORMS)
