"""Typical years of the National Renewable Energy Laboratory (TMY3): hours end at their time."""

from __future__ import annotations

from io import StringIO

from factory_env.door.weather.library import iotools
from factory_env.door.weather.weather import SUN, TEMPERATURE, Weather, shift


def is_tmy3(head: str) -> bool:
    """Does a file begin like a TMY3 file?"""
    return "Date (MM/DD/YYYY)" in head and "Time (HH:MM)" in head


def read_tmy3(text: str) -> Weather:
    """The weather of such a file."""
    data, _ = iotools().read_tmy3(StringIO(text))
    times = shift(list(data.index.to_pydatetime()), -60.0)
    names = {TEMPERATURE: "temp_air", SUN: "ghi"}
    columns = {ours: data[name].to_numpy(float) for ours, name in names.items() if name in data}
    return Weather(format="TMY3", times=times, columns=columns, zone=times[0].tzinfo)
