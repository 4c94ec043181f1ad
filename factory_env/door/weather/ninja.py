"""renewables.ninja: lines with # that tell the inputs, then time (UTC), local_time and columns."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from io import StringIO

import numpy as np

from factory_env.domain.series import Floats
from factory_env.door.weather.weather import PV, SUN, TEMPERATURE, Weather

_CAPACITY = re.compile(r'"capacity"\s*:\s*"?([\d.]+)')
_SUN_PARTS = ("irradiance_direct", "irradiance_diffuse")  # kW/m2
PLAIN_FORM = "%Y-%m-%d %H:%M"


def is_ninja(head: str) -> bool:
    """Does a file begin like one of that site?"""
    return head.lstrip("\ufeff").startswith("#") and "ninja" in head.casefold()


def read_ninja(text: str) -> Weather:
    """The weather of such a file, on its local clock where it has one."""
    lines = text.splitlines()
    head = [line for line in lines if line.startswith("#")]
    table = list(csv.DictReader(StringIO("\n".join(lines[len(head) :]))))
    clock = "local_time" if table and table[0].get("local_time") else "time"
    times = [datetime.strptime(row[clock][:16], PLAIN_FORM) for row in table]
    columns: dict[str, Floats] = {}
    for name, ours in (("temperature", TEMPERATURE), ("t2m", TEMPERATURE)):
        if table and name in table[0]:
            columns[ours] = _column(table, name)
    notes = [f"times of the column {clock}"]
    if table and "electricity" in table[0]:
        capacity = _CAPACITY.search("\n".join(head))
        size = float(capacity[1]) if capacity else 1.0
        notes.append(
            f"electricity of {size:g} kW" + ("" if capacity else ", as nothing else is said")
        )
        columns[PV] = _column(table, "electricity") / size
    if table and set(_SUN_PARTS) <= set(table[0]):
        columns[SUN] = 1000.0 * (_column(table, _SUN_PARTS[0]) + _column(table, _SUN_PARTS[1]))
    if clock == "time":
        times = [time.replace(tzinfo=UTC) for time in times]
    return Weather(
        format="renewables.ninja", times=times, columns=columns, zone=None, notes=tuple(notes)
    )


def _column(table: list[dict[str, str]], name: str) -> Floats:
    return np.array([float(row[name] or "nan") for row in table])
