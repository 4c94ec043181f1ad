"""Times of a series in several columns: date and hour, or year, month, day and hour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from factory_env.door.series_report import Report
from factory_env.door.tables.moments import read_moment
from factory_env.door.tables.table import Table, fold_name

HOUR_NAMES: Final = (
    "hour",
    "hours",
    "hr",
    "he",
    "hour_ending",
    "hourending",
    "hour_of_day",
    "hour_local",
    "hour_utc",
    "stunde",
    "std",
    "uhrzeit",
    "time",
    "zeit",
    "hora",
    "heure",
    "saat",
    "ora",
    "timme",
    "period",
    "settlement_period",
    "interval",
    "start_time",
    "start",
    "von",
    "from",
)
ENDING: Final = ("he", "hour_ending", "hourending")
PARTS: Final = ("year", "month", "day")
SAMPLE: Final = 30  # rows that are looked at
_MIDNIGHT = re.compile(r"[T\s]0?0:00(:00(\.0+)?)?\s*$")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?\s*(?:[-\u2013].*)?")
_WHOLE = re.compile(r"(\d{1,2})(?:\.0+)?")
DAY_MIN: Final = 1440


def join_times(table: Table, at: int | None, report: Report) -> list[str] | None:
    """The times of every row where several columns hold them; None if one column does."""
    names = [fold_name(cell) for cell in table.header]
    if at is None or names[at] in PARTS:
        return _from_parts(table, names, report) if set(PARTS) <= set(names) else None
    texts = table.column(at)
    if not _are_dates(texts):
        return None
    own = clock_column(table, table.header[at])
    if own is None:
        return None
    days = [_MIDNIGHT.sub("", text) for text in texts]
    clocks = _clocks(table.column(own), names[own] in ENDING, table.header[own], report)
    if clocks is None:
        return None
    note = f"times: the date from {table.header[at]!r}, the hour from {table.header[own]!r}"
    report.notes.append(note)
    return [f"{day} {clock}" for day, clock in zip(days, clocks, strict=True)]


def clock_column(table: Table, dates: str) -> int | None:
    """Position of the column that holds the hours of the dates in another; None = none."""
    names = [fold_name(cell) for cell in table.header]
    return next(
        (i for n in HOUR_NAMES if n in names and table.header[i := names.index(n)] != dates), None
    )


def _are_dates(texts: Sequence[str]) -> bool:
    """Dates that occur several times: the hour is elsewhere."""
    sample = [text for text in texts[:SAMPLE] if text]
    if len(sample) < 2 or len(set(sample)) == len(sample):
        return False
    return all(
        not isinstance(moment := read_moment(text), str) and not moment.time_min for text in sample
    )


def _clocks(texts: Sequence[str], is_ending: bool, name: str, report: Report) -> list[str] | None:
    """Hours as times of the day; None if they are no hours."""
    if all(_CLOCK.fullmatch(text) for text in texts):
        return [_CLOCK.sub(r"\1:\2", text).zfill(5) for text in texts]
    numbers = [int(found[1]) for text in texts if (found := _WHOLE.fullmatch(text))]
    if len(numbers) < len(texts):
        return None
    low, high = min(numbers), max(numbers)
    if low == 0 and high <= 23 and not is_ending:
        minutes = [60 * number for number in numbers]
    elif low >= 1 and high in (24, 48, 96):
        step = DAY_MIN // high
        report.notes.append(f"{name}: 1 to {high}, number 1 begins at 0:00")
        minutes = [step * (number - 1) for number in numbers]
    elif is_ending and low >= 1 and high <= 24:
        minutes = [60 * (number - 1) for number in numbers]
    else:
        report.wrong(
            name,
            "must be the hours 0 to 23, or 1 to 24 of which the first begins at 0:00",
            f"{low} to {high}",
            "whole days, or the hour as H:MM",
        )
        return None
    return [f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes]


def _from_parts(table: Table, names: Sequence[str], report: Report) -> list[str] | None:
    year, month, day = (table.column(names.index(part)) for part in PARTS)
    hours = next((i for name in HOUR_NAMES if name in names and (i := names.index(name))), None)
    minute = table.column(names.index("minute")) if "minute" in names else ["0"] * len(day)
    if hours is None:
        clocks: list[str] | None = ["00:00"] * len(day)
    else:
        clocks = _clocks(table.column(hours), names[hours] in ENDING, table.header[hours], report)
    if clocks is None or not all(text.isdecimal() for part in (year, month, day) for text in part):
        return None
    times = []
    for y, m, d, clock, extra in zip(year, month, day, clocks, minute, strict=True):
        hour, _, own = clock.partition(":")
        late = int(extra) if extra.isdecimal() and own == "00" else int(own)
        times.append(f"{int(y):04d}-{int(m):02d}-{int(d):02d} {int(hour):02d}:{late % 60:02d}")
    return times
