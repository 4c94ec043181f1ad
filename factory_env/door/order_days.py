"""Days of an order book: day numbers or dates, and what they mean in minutes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from factory_env.door.order_findings import Findings, more_rows
from factory_env.door.order_format import KEY, BookFormat
from factory_env.door.tables.day_column import Moment, read_days
from factory_env.door.tables.moments import Form
from factory_env.door.tables.table import quote
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY

ISO_HINT: Final = "write dates as YYYY-MM-DD, e.g. 2026-03-02, or days since the start, e.g. 12"
_WEEK: Final = re.compile(r"(?i)(?<![a-z])(kw|cw|wk|week|w|woche)[\s.\-]?\d{1,2}(?!\d)")
_SETTLE: Final = f"write YYYY-MM-DD, or {KEY}.dates=dmy or {KEY}.dates=mdy"


def read_book_days(
    texts: Mapping[str, Sequence[str]],
    lines: Sequence[int],
    how: BookFormat,
    findings: Findings,
) -> dict[str, list[Moment | None]]:
    """Days of the columns ``release`` and ``due``; None = wrong, and reported."""
    names = list(texts)
    days: dict[str, list[Moment | None]] = {}
    columns = read_days([texts[name] for name in names], how.dates)
    for name, column in zip(names, columns, strict=True):
        cells = texts[name]
        days[name] = [cell if isinstance(cell, Moment) else None for cell in column.cells]
        for note in column.notes:
            findings.note(f"{name}: {note}")
        odd = [i for i, cell in enumerate(column.cells) if isinstance(cell, str)]
        if column.is_unsettled and odd:
            rest = more_rows(len(odd) - 1)
            got = f"{quote(cells[odd[0]])}: {column.cells[odd[0]]}{rest}"
            rule = "must say which number is the day"
            findings.say(lines[odd[0]], name, rule, got, _SETTLE)
        elif odd:
            bad = [(lines[i], _describe(cells[i], str(column.cells[i]))) for i in odd]
            findings.say_rows(name, "must be a day", bad, ISO_HINT)
        if column.is_shifted:
            rule = "must be days of the factory's own clock"
            got = f"{quote(cells[0])}, the same time of another zone in every row"
            findings.say(lines[0], name, rule, got, "dates without times: YYYY-MM-DD")
    return days


def _describe(text: str, reason: str) -> str:
    if _WEEK.search(text):
        reason = "a week, and not which of its days"
    return f"{quote(text)}: {reason}" if text else reason


def is_numbered(days: Sequence[Moment]) -> bool:
    """Does a book write day numbers, not dates?"""
    return all(day.form is Form.NUMBER for day in days)


def first_monday(earliest: Moment) -> date:
    """The Monday on or before a date: day 0 of a run whose book has dates."""
    day = date.fromordinal(math.floor(earliest.days))
    return day - timedelta(days=day.weekday() % DAYS_PER_WEEK)


def start_min(day: Moment, origin: int) -> float:
    """Wall minute at which ``day`` begins; never before the run."""
    return max(0.0, round((day.days - origin) * MIN_PER_DAY, 3))


def end_min(day: Moment, origin: int) -> float:
    """Wall minute of a due date: the end of the day, unless a time of day is given."""
    return round((day.days - origin + (0.0 if day.has_time else 1.0)) * MIN_PER_DAY, 3)


def day_text(day: Moment) -> str:
    """A day for people."""
    if day.form is Form.NUMBER:
        return f"day {day.days:g}"
    return date.fromordinal(math.floor(day.days)).isoformat()
