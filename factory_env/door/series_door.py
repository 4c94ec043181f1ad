"""The door for series: prices, carbon, weather and PV from a user's CSV file, in quarter hours.

Every day of the result has 96 slots of wall time. On the day on which clocks go forward the hour
that does not exist repeats the one before; on the day on which they go back the hour that occurs
twice is averaged. Short gaps are filled by a straight line and listed; long ones are refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import Final

import numpy as np

from factory_env.domain.series import (
    CYCLE_SLOTS,
    SLOTS_PER_DAY,
    Ints,
    SeriesFormat,
    SlotSeries,
    day_number,
    day_text,
)
from factory_env.door.series_known import look_up_unit
from factory_env.door.series_report import Report
from factory_env.door.series_rows import Rows, column_at, numbers, time_name, timed, untimed
from factory_env.door.series_slots import (
    report_duplicates,
    row_minutes,
    slot_means,
    without_gaps,
)
from factory_env.door.series_times import zone_in_name, zone_of
from factory_env.door.series_units import Kind, convert
from factory_env.door.series_verdict import Converted, Size
from factory_env.door.tables.reading import read_table
from factory_env.door.tables.table import BLANK, Table, fold_name
from factory_env.door.weather.reading import choose_column, format_of, read_weather
from factory_env.errors import InputError, Problem, wrong

AS_IT_SAYS: Final = SeriesFormat()
_DIGIT = re.compile(r"\d")
_UNIT_DIGITS = re.compile(r"m2|m3|co2|m-2", re.IGNORECASE)
AS_IT_IS: Final = Size()


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
    size: Size = AS_IT_IS,
) -> SeriesFile:
    """One column of a CSV file or workbook as a series of quarter hours.

    Parameters
    ----------
    kind
        What it is, which decides the unit.
    usd_per_unit
        Value of the currency of a price.
    size
        What else is known of the column: the tariff's currency, the size of a PV plant.

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
    table, own_zone = _open(path, column, how, size, report)
    if format_of(path):
        own = choose_column(table, column, kind, report)
        if own is None:
            raise InputError(report.problems)
        column = own
    table, below = _split_units(table, column, report)
    zone = _site_zone(table, how, zone, size.zone or own_zone, report)
    rows, beside = _rows(table, column, how, zone, report)
    if rows is None or report.problems:
        raise InputError(report.problems)
    held = row_minutes(rows, how.step_min, report)
    if not len(held):
        raise InputError(report.problems)
    unit = how.unit or _publisher_unit(table, column, report)
    known = replace(size, unit=unit, beside=beside)
    name = f"{column} [{below}]" if below else column
    made = _convert(rows, name, kind, usd_per_unit, known, held, report)
    known_names = (column, time_name(table, how.time_column))
    others = [c for c in table.header if c and c not in known_names]
    report_duplicates(rows, zone, others, report)
    if report.problems:
        raise InputError(report.problems)
    series = _series(f"{path.name} {column}", rows, made, held, how, zone, report)
    if report.problems:
        raise InputError(report.problems)
    return SeriesFile(series=series, notes=tuple(report.notes))


def _convert(
    rows: Rows,
    column: str,
    kind: Kind,
    usd_per_unit: float,
    size: Size,
    held: Ints,
    report: Report,
) -> Converted:
    """The numbers in the unit of the house."""
    span_h = float(rows.instant[-1] - rows.instant[0]) / 60.0
    size = replace(size, step_h=np.maximum(held, 1) / 60.0, span_h=span_h)
    made = convert(rows.value, column, kind, usd_per_unit, size)
    if made.wrong:
        rule = f"must be in {made.unit}, or named by its unit"
        report.wrong(column, rule, made.wrong, made.right)
    if made.note:
        report.notes.append(f"{column}: {made.note}")
    return made


def _series(
    name: str,
    rows: Rows,
    made: Converted,
    held: Ints,
    how: SeriesFormat,
    zone: tzinfo,
    report: Report,
) -> SlotSeries:
    """The rows as quarter hours, short gaps filled."""
    first, values = slot_means(rows, made.values, held)
    values = without_gaps(values, first, how.max_gap_h, zone, report)
    if how.repeats and len(values) < CYCLE_SLOTS:
        days = f"{len(values) / SLOTS_PER_DAY:.1f} days"
        report.wrong("repeats", "needs a series of 52 weeks", days, "repeats: false")
    day, slot = divmod(first, SLOTS_PER_DAY)
    return SlotSeries(
        name=name,
        unit=made.unit,
        first_day=day_text(day),
        values=values,
        first_slot=slot,
        repeats=how.repeats,
    )


def _open(
    path: Path, column: str, how: SeriesFormat, size: Size, report: Report
) -> tuple[Table, tzinfo | None]:
    """The table of the file, its header found by the columns asked for; a weather file's zone."""
    own_zone = None
    if format_of(path):
        table, own_zone = read_weather(path, size.year)
    else:
        names = [name for name in map(fold_name, (column, how.time_column)) if name]
        table = read_table(path, names=names, skip=how.skip)
    report.problems += table.problems
    report.notes += table.notes
    return table, own_zone


def _split_units(table: Table, column: str, report: Report) -> tuple[Table, str]:
    """The table without a row of units below its header, and the column's unit in it."""
    plain = [cell.strip().casefold() for cell in table.header]
    wanted = column.strip().casefold()
    cells = table.rows[0][1] if table.rows else []
    at = plain.index(wanted) if wanted in plain else len(cells)
    cell = cells[at] if at < len(cells) else ""
    if cell.casefold() in BLANK or any(_DIGIT.search(_UNIT_DIGITS.sub("", c)) for c in cells):
        return table, ""
    report.notes.append(f"the row below the header holds units: {cell[:40]!r}")
    return replace(table, rows=table.rows[1:]), cell


def _site_zone(
    table: Table, how: SeriesFormat, zone: tzinfo, usual: tzinfo | str | None, report: Report
) -> tzinfo:
    """The zone of the site's clock: where nobody gave one, the site's or that of the file."""
    name = "" if how.start else time_name(table, how.time_column)
    own = zone_in_name(name)
    if how.zone != AS_IT_SAYS.zone or not (usual or own):
        return zone
    chosen = usual or own
    report.notes.append(f"{name}: no zone given, the site's clock is taken to be that of {chosen}")
    clock = zone_of(chosen) if isinstance(chosen, str) else chosen
    return zone if clock is None or isinstance(clock, str) else clock


def _publisher_unit(table: Table, column: str, report: Report) -> str:
    """The unit that the file's publisher names elsewhere, or ""."""
    unit = look_up_unit(table.header, column)
    if unit:
        report.notes.append(f"{column}: {unit}, as the publisher of this file says")
    return unit


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
            _span(one),
            _advise(one),
        )
        for one in series
        if any(one.missing_slots(first_day, n))
    ]


def _span(series: SlotSeries) -> str:
    """First and last moment of a series; the hours too where it does not hold whole days."""
    behind = series.first_slot + len(series.values)
    if series.first_slot == 0 and behind % SLOTS_PER_DAY == 0:
        return f"{series.first_day} to {series.last_day}"
    return f"{_moment(series, series.first_slot)} to {_moment(series, behind)}"


def _moment(series: SlotSeries, slot: int) -> str:
    """Day and hour, ``slot`` quarter hours after midnight of the first day."""
    days, quarter = divmod(slot, SLOTS_PER_DAY)
    day = day_text(day_number(series.first_day) + days)
    return f"{day} {quarter // 4}:{quarter % 4 * 15:02d}"


def _advise(series: SlotSeries) -> str:
    whole = day_number(series.first_day) + (1 if series.first_slot else 0)
    monday = whole + (-3 - whole) % 7  # 1 January 1970 was a Thursday
    right = f"a first_day of the site from {day_text(monday)} on, fewer days, or repeats: true"
    right += " (52 weeks of data)"
    if series.first_slot:
        right += "; it begins within a day: a file in UTC begins at another hour of the wall clock"
    return right


def _rows(
    table: Table, column: str, how: SeriesFormat, zone: tzinfo, report: Report
) -> tuple[Rows | None, str]:
    """Times and numbers of the file, None if a column is missing; the unit beside the numbers."""
    at = column_at(table, column, report)
    name = "" if how.start else time_name(table, how.time_column)
    time_at = column_at(table, name, report) if name else None
    if at is None or (name and time_at is None):
        return None, ""
    value, beside = numbers(table, at, how, report)
    if how.start:
        return untimed(value, how.start, how.step_min, report), beside
    rows = timed(table, time_at, value, how, zone, report)
    if rows is None and not report.problems:
        columns = "columns " + ", ".join(cell[:60] for cell in table.header[:40])
        rule = "must name the times, or start must say when the first row is"
        report.wrong("time_column", rule, columns, "e.g. start: 2026-01-01T00:00")
    return rows, beside
