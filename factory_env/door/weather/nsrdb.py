"""The National Solar Radiation Database (PSM3, PSM4): two lines of facts, then the columns."""

from __future__ import annotations

import csv
from datetime import timedelta, timezone
from io import StringIO

import numpy as np

from factory_env.door.weather.library import iotools
from factory_env.door.weather.weather import SUN, TEMPERATURE, Weather, shift

_NEEDED = ("Time Zone", "Local Time Zone", "Latitude", "Longitude", "Elevation")
HALF_H = 30


def is_nsrdb(head: str) -> bool:
    """Does a file begin like one of the database?"""
    return "Time Zone" in head[:2000] and "\nYear,Month,Day,Hour" in head.replace("\r", "")


def read_nsrdb(text: str) -> Weather:
    """The weather of such a file; hourly rows at half past are means of their hour."""
    lines = text.replace("\r\n", "\n").split("\n")
    facts = dict(zip(*(next(csv.reader([line])) for line in lines[:2]), strict=False))
    zone_h = float(facts["Time Zone"])
    whole = {name: facts.get(name) or "0" for name in _NEEDED}  # others may be missing
    whole["Time Zone"] = whole["Local Time Zone"] = "0"  # the library knows whole hours only
    whole["Elevation"] = str(round(float(whole["Elevation"])))
    head = [",".join(whole), ",".join(whole.values())]
    data, _ = iotools().read_nsrdb_psm4(StringIO("\n".join([*head, *lines[2:]])))
    zone = timezone(timedelta(hours=zone_h))
    times = [time.replace(tzinfo=zone) for time in data.index.to_pydatetime()]
    notes: tuple[str, ...] = ()
    if len(times) > 1 and all(t.minute == HALF_H for t in times[:48]):
        times, notes = shift(times, -HALF_H), ("rows at half past are means of their hour",)
    names = {TEMPERATURE: "temp_air", SUN: "ghi"}
    columns = {
        ours: np.asarray(data[name], dtype=np.float64)
        for ours, name in names.items()
        if name in data
    }
    return Weather(format="NSRDB", times=times, columns=columns, zone=zone, notes=notes)
