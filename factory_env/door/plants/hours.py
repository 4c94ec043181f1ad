"""The sheets ``calendar`` and ``holidays`` of a plant's workbook: when the factory works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from factory_env.door.plants.cells import PlantSheet, as_number
from factory_env.door.plants.layout import (
    BREAK_UNIT,
    COUNTRY,
    DAYS,
    HOURS,
    MOST_BREAKS,
    name_break,
)
from factory_env.door.plants.settings import Setting, read_minute, read_settings, read_switch
from factory_env.door.tables.day_column import Moment, read_days
from factory_env.door.tables.table import fold_name

HOLIDAY_COLUMNS: Final = ("date", "name", "closed")
Cells = dict[str, str]  # dotted key of the plant file -> cell


def read_hours(sheet: PlantSheet, cells: Cells) -> dict[str, Any]:
    """The fields of a calendar as plain values."""
    breaks = [name_break(n + 1, end) for n in range(MOST_BREAKS) for end in ("start", "end")]
    titles = [*(entry.title for entry in (*HOURS, COUNTRY)), *DAYS, *breaks]
    settings = read_settings(sheet, titles)
    hours: dict[str, Any] = {}
    for entry in HOURS:
        setting = settings.get(fold_name(entry.title))
        if setting is None:
            continue
        cells[f"calendar.{entry.key}"] = sheet.place(setting.line, setting.column)
        is_clock = entry.unit == BREAK_UNIT
        value = read_minute(sheet, setting) if is_clock else as_number(setting.text)
        if value is not None and value != "":
            hours[entry.key] = value
    if (country := settings.get(fold_name(COUNTRY.title))) is not None:
        hours[COUNTRY.key] = country.text.upper() if len(country.text) == 2 else country.text
        cells[f"calendar.{COUNTRY.key}"] = sheet.place(country.line, country.column)
    off = [i for i, day in enumerate(DAYS) if not _works(sheet, settings.get(fold_name(day)))]
    hours["days_off"] = off
    hours["breaks"] = list(_breaks(sheet, settings, cells))
    return hours


def _works(sheet: PlantSheet, setting: Setting | None) -> bool:
    """Is a weekday worked? One that is not named is."""
    return setting is None or read_switch(sheet, setting.line, setting.column, setting.text)


def _breaks(sheet: PlantSheet, settings: dict[str, Setting], cells: Cells) -> Iterator[list[float]]:
    count = 0
    for n in range(1, MOST_BREAKS + 1):
        ends = [settings.get(fold_name(name_break(n, end))) for end in ("start", "end")]
        given = [s for s in ends if s is not None and s.text]
        if len(given) == 1:
            rule, got = "must have a start and an end", f"{given[0].title} alone"
            sheet.say(given[0].line, given[0].column, rule, got, "give both, or neither")
        elif given:
            minutes = [read_minute(sheet, setting) for setting in given]
            cells[f"calendar.breaks.{count}"] = sheet.place(given[0].line, given[0].column)
            count += 1
            if None not in minutes:
                yield [m for m in minutes if m is not None]


def read_holidays(sheet: PlantSheet) -> list[str]:
    """The dates on which the factory is closed, as ``YYYY-MM-DD``."""
    at = sheet.find(HOLIDAY_COLUMNS)
    if len(at) < len(HOLIDAY_COLUMNS):
        return []
    texts = [cells[at["date"]] for _, cells in sheet.table.rows]
    (column,) = read_days([texts])
    closed = []
    for (line, cells), moment in zip(sheet.table.rows, column.cells, strict=True):
        is_off = read_switch(sheet, line, at["closed"], cells[at["closed"]])
        is_day = isinstance(moment, Moment) and moment.days > 366 * 1900
        if not is_day:
            got = repr(cells[at["date"]]) if cells[at["date"]] else "nothing"
            reason = f": {moment}" if isinstance(moment, str) and got != "nothing" else ""
            sheet.say(line, at["date"], "must be a date", f"{got}{reason}", "e.g. 2026-12-25")
        elif is_off and isinstance(moment, Moment):
            closed.append(date.fromordinal(int(moment.days)).isoformat())
    return sorted(dict.fromkeys(closed))
