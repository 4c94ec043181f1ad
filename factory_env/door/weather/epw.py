"""EnergyPlus weather: a line LOCATION, seven lines above the rows, hours 1 to 24 of local time."""

from __future__ import annotations

import re
from io import StringIO

import numpy as np

from factory_env.domain.series import Floats
from factory_env.door.weather.library import iotools
from factory_env.door.weather.weather import SUN, TEMPERATURE, Weather

COLUMNS = 35
HEAD = 8
MISSING_C, MISSING_W = 99.0, 9999.0
_ROW = re.compile(r"\d{4},\d{1,2},\d{1,2},\d{1,2},")


def _drop(values: Floats, missing: float) -> Floats:
    """NaN where the file has its mark of a missing value."""
    return np.where(values >= missing, np.nan, values)


def is_epw(head: str) -> bool:
    """Does a file begin like one of EnergyPlus?"""
    return head.startswith("LOCATION,")


def read_epw(text: str) -> Weather:
    """The weather of such a file; lines above the rows may be missing, and cells behind them."""
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if _ROW.match(line)), len(lines))
    rows = [line.rstrip(",") for line in lines[first:] if _ROW.match(line)]
    whole = [line + "," * max(0, COLUMNS - 1 - line.count(",")) for line in rows]
    head = [lines[0], *["-"] * (HEAD - 2), "," * (COLUMNS - 1)]
    data, _ = iotools().read_epw(StringIO("\n".join([*head, *whole])))
    temperature, sun = data["temp_air"].to_numpy(float), data["ghi"].to_numpy(float)
    columns = {TEMPERATURE: _drop(temperature, MISSING_C)}
    if (sun > 0.0).any():
        columns[SUN] = _drop(sun, MISSING_W)
    times = data.index.to_pydatetime()
    return Weather(format="EPW", times=list(times), columns=columns, zone=times[0].tzinfo)
