"""Days of an order book: day numbers or dates, and what they mean in minutes."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2})(?::\d{2})?)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: (\d{1,2}):(\d{2}))?")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
SERIAL = 20000.0  # spreadsheets count days from 1900: no run is that long
ISO_HINT = "write dates as YYYY-MM-DD, e.g. 2026-03-02, or days since the start, e.g. 12"


class DayStyle(Enum):
    """How a file writes its days."""

    NUMBER = "day numbers"
    ISO = "ISO dates (YYYY-MM-DD)"
    DOTTED = "dates with dots (DD.MM.YYYY)"


@dataclass(frozen=True, slots=True)
class Day:
    """A point in time as written: days since day 0, or since 1 January of year 1."""

    style: DayStyle
    days: float
    has_time: bool


def parse_day(text: str) -> Day | str:
    """The day that ``text`` means, or what is wrong with it.

    >>> parse_day("12").days
    12.0
    >>> parse_day("02/03/2026")
    'could be 2 March or 3 February'
    """
    if _NUMBER.fullmatch(text):
        days = float(text)
        if abs(days) >= SERIAL:
            return "looks like a spreadsheet's serial number of a date"
        return Day(DayStyle.NUMBER, days, not days.is_integer())
    for pattern, style in ((_ISO, DayStyle.ISO), (_DOTTED, DayStyle.DOTTED)):
        if found := pattern.fullmatch(text):
            first, month, last, hour, minute = found.groups()
            year, day = (first, last) if style is DayStyle.ISO else (last, first)
            try:
                moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))
            except ValueError as error:
                return str(error)
            since = (moment.hour * 60 + moment.minute) / MIN_PER_DAY
            return Day(style, moment.toordinal() + since, hour is not None)
    return _why_not(text)


def _why_not(text: str) -> str:
    if not text:
        return "nothing given"
    if text.lower() in ("nan", "inf", "-inf", "infinity", "nat"):
        return "not a number"
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{2,4})", text):
        first, second = int(found[1]), int(found[2])
        if first != second and max(first, second) <= 12:
            months = [date(2000, m, 1).strftime("%B") for m in (second, first)]
            return f"could be {first} {months[0]} or {second} {months[1]}"
        return "a date with slashes"
    return "neither a day number nor a date"


def main_style(days: Iterable[Day]) -> DayStyle | None:
    """How most of a file is written; ties go to the style that comes first."""
    counts = Counter(day.style for day in days)
    return counts.most_common(1)[0][0] if counts else None


def first_monday(earliest: Day) -> date:
    """The Monday on or before a date: day 0 of a run whose book has dates."""
    day = date.fromordinal(math.floor(earliest.days))
    return day - timedelta(days=day.weekday() % DAYS_PER_WEEK)


def start_min(day: Day, origin: int) -> float:
    """Wall minute at which ``day`` begins; never before the run."""
    return max(0.0, round((day.days - origin) * MIN_PER_DAY, 3))


def end_min(day: Day, origin: int) -> float:
    """Wall minute of a due date: the end of the day, unless a time of day is given."""
    return round((day.days - origin + (0.0 if day.has_time else 1.0)) * MIN_PER_DAY, 3)
