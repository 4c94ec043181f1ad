"""The door for series: prices, carbon, weather and PV from a user's CSV file, in quarter hours.

Every day of the result has 96 slots of wall time. On the day on which clocks go forward the hour
that does not exist repeats the one before; on the day on which they go back the hour that occurs
twice is averaged. Short gaps are filled by a straight line and listed; long ones are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Final

from factory_env.domain.series import (
    CYCLE_SLOTS,
    SLOTS_PER_DAY,
    SeriesFormat,
    SlotSeries,
    day_number,
    day_text,
)
from factory_env.door.csv_text import read_csv
from factory_env.door.series_rows import Report, Rows, column_at, numbers, time_name, timed, untimed
from factory_env.door.series_slots import report_duplicates, slot_means, step_of, without_gaps
from factory_env.door.series_times import zone_of
from factory_env.door.series_units import Kind, convert
from factory_env.errors import InputError, Problem, wrong

AS_IT_SAYS: Final = SeriesFormat()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFile:
    """A series, and what had to be done to read it."""

    series: SlotSeries
    notes: tuple[str, ...]


def read_series(
    path: Path,
    column: str,
    kind: Kind = "plain",
    how: SeriesFormat = AS_IT_SAYS,
    usd_per_unit: float = 1.0,
) -> SeriesFile:
    """One column of a CSV file as a series of quarter hours.

    Parameters
    ----------
    kind
        What it is, which decides the unit.
    usd_per_unit
        Value of the currency of a price.

    Raises
    ------
    InputError
        With every problem found: no such column, times or numbers that cannot be read, duplicate
        times, long gaps, wrong units.
    """
    report = Report(str(path))
    zone = zone_of(how.zone)
    if isinstance(zone, str):
        report.wrong("zone", "must be a time zone", repr(how.zone), zone)
        raise InputError(report.problems)
    rows = _rows(path, column, how, zone, report)
    if rows is None or report.problems:
        raise InputError(report.problems)
    made = convert(rows.value, column, kind, usd_per_unit)
    if made.wrong:
        report.wrong(
            column, f"must be in {made.unit}, or named by its unit", made.wrong, made.right
        )
    if made.note:
        report.notes.append(f"{column}: {made.note}")
    step = step_of(rows, how.step_min, report)
    report_duplicates(rows, zone, report)
    if report.problems:
        raise InputError(report.problems)
    first, values = slot_means(rows, made.values, step)
    values = without_gaps(values, first, how.max_gap_h, zone, report)
    if how.repeats and len(values) < CYCLE_SLOTS:
        days = f"{len(values) / SLOTS_PER_DAY:.1f} days"
        report.wrong("repeats", "needs a series of 52 weeks", days, "repeats: false")
    if report.problems:
        raise InputError(report.problems)
    day, slot = divmod(first, SLOTS_PER_DAY)
    series = SlotSeries(
        name=f"{path.name} {column}",
        unit=made.unit,
        first_day=day_text(day),
        values=values,
        first_slot=slot,
        repeats=how.repeats,
    )
    return SeriesFile(series=series, notes=tuple(report.notes))


def cover_problems(
    series: Sequence[SlotSeries], first_day: str, n: int, where: str = "config"
) -> list[Problem]:
    """Which series do not cover the ``n`` slots of a run from ``first_day``; ask before a run."""
    last_day = day_text(day_number(first_day) + (n - 1) // SLOTS_PER_DAY)
    return [
        wrong(
            where,
            one.name,
            f"must cover the run, {first_day} to {last_day}",
            f"{one.first_day} to {one.last_day}",
            "another first_day of the site, fewer days, or repeats: true (52 weeks of data)",
        )
        for one in series
        if any(one.missing_slots(first_day, n))
    ]


def _rows(path: Path, column: str, how: SeriesFormat, zone: tzinfo, report: Report) -> Rows | None:
    """Times and numbers of the file; None if a column is missing."""
    text = read_csv(path)
    report.problems += text.problems
    at = column_at(text, column, report)
    name = "" if how.start else time_name(text, how.time_column)
    time_at = column_at(text, name, report) if name else None
    if not name and not how.start:
        columns = f"columns {', '.join(text.header)}"
        report.wrong(
            "time_column",
            "must name the times, or start must say when the first row is",
            columns,
            "e.g. start: 2026-01-01T00:00",
        )
    if at is None or (time_at is None and not how.start):
        return None
    value = numbers(text, at, report)
    if time_at is None:
        return untimed(value, how.start, how.step_min, report)
    return timed(text, time_at, value, how.clock, zone, report)
