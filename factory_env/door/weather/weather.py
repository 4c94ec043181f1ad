"""A weather file as its publisher writes it: temperature, sun and PV by hour, on its own clock."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Final

import numpy as np

from factory_env.domain.series import Floats
from factory_env.door.tables.table import Table

TEMPERATURE, SUN, PV = "temperature (°C)", "ghi (W/m2)", "pv (kW/kWp)"
# what users call a column of such a file -> ours
NAMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("temperature", "temp_air", "t2m", "dry_bulb", "dry_bulb_temperature", "tdry", "temp"),
        TEMPERATURE,
    ),
    **dict.fromkeys(
        ("ghi", "g", "g_h", "g_i", "poa_global", "global_horizontal_radiation", "irradiance"), SUN
    ),
    **dict.fromkeys(("pv", "p", "electricity", "power"), PV),
}
YEAR_HOURS: Final = 8760
MOST_ROWS: Final = 600_000  # ten years of ten minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """What a weather file holds; times are the beginnings of their rows."""

    format: str
    times: Sequence[datetime]  # aware, or all of a wall clock
    columns: Mapping[str, Floats]  # `TEMPERATURE`, `SUN` or `PV` -> (rows,)
    zone: tzinfo | None  # of the place's clock; None = that of the times
    notes: tuple[str, ...] = field(default=())


def as_table(weather: Weather, where: str, year: int) -> Table:
    """The weather as a table of texts, a typical year moved into one year.

    Parameters
    ----------
    year
        In which a file whose months are of different years is to lie.
    """
    times, notes = _in_one_year(weather.times, year)
    names = [name for name in (TEMPERATURE, SUN, PV) if name in weather.columns]
    texts = [_texts(weather.columns[name]) for name in names]
    rows = [
        (i + 1, [time.isoformat(timespec="minutes"), *(column[i] for column in texts)])
        for i, time in enumerate(times)
        if time is not None
    ]
    return Table(
        where=where,
        header=("time", *names),
        header_line=1,
        rows=tuple(rows),
        delimiter=",",
        problems=(),
        notes=(f"a weather file in the format {weather.format}", *weather.notes, *notes),
    )


def _texts(values: Floats) -> list[str]:
    return ["" if not np.isfinite(v) else repr(v) for v in np.asarray(values, float).tolist()]


def _in_one_year(
    times: Sequence[datetime], year: int
) -> tuple[list[datetime | None], tuple[str, ...]]:
    """A typical year's months are of several years; in one of them they follow each other."""
    years = {time.year for time in times}
    months = [(time.year, time.month) for time in times]
    is_typical = len(years) > 1 and len(set(months)) <= 13 and len(times) >= YEAR_HOURS - 24
    if not is_typical or sorted(months) == months:
        return list(times), ()
    if calendar.isleap(year):
        year -= 1  # such files have no 29 February
    moved = [None if (t.month, t.day) == (2, 29) else t.replace(year=year) for t in times]
    return moved, (f"a typical year of months of {min(years)} to {max(years)}, taken as {year}",)


def shift(times: Sequence[datetime], minutes: float) -> list[datetime]:
    """The times moved by so many minutes."""
    return [time + timedelta(minutes=minutes) for time in times]
