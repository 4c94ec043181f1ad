"""PVGIS (Joint Research Centre): hours of UTC, sun, perhaps a plant's power; typical years."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from io import BytesIO, StringIO

import numpy as np

from factory_env.door.weather.library import iotools
from factory_env.door.weather.weather import PV, SUN, TEMPERATURE, Weather

_SIZE = re.compile(r"Nominal power.*?\(kWp\)[^\d]*([\d.]+)", re.IGNORECASE)
_LONGITUDE = re.compile(r"Longitude \(decimal degrees\):\s*(-?[\d.]+)")
_SUN_PARTS = ("poa_direct", "poa_sky_diffuse", "poa_ground_diffuse")


def is_pvgis(head: str) -> bool:
    """Does a file begin like one of PVGIS?"""
    return head.startswith("Latitude (decimal degrees)")


def read_pvgis(text: str) -> Weather:
    """The weather of such a file; its clock is taken from the longitude."""
    zone, note = _zone(text)
    text = text.replace("\r\n", "\n")
    is_typical = bool(re.search(r"^month,year", text, re.MULTILINE))
    if is_typical:
        data, _ = iotools().read_pvgis_tmy(BytesIO(text.encode()), pvgis_format="csv")
    else:
        data, _ = iotools().read_pvgis_hourly(StringIO(text), pvgis_format="csv")
    columns = {TEMPERATURE: data["temp_air"]} if "temp_air" in data else {}
    if "ghi" in data:
        columns[SUN] = data["ghi"]
    elif "poa_global" in data:
        columns[SUN] = data["poa_global"]
    elif set(_SUN_PARTS) <= set(data.columns):
        columns[SUN] = sum(data[name] for name in _SUN_PARTS)
    size = _SIZE.search(text)
    if "P" in data and size and float(size[1]) > 0.0:
        columns[PV] = data["P"] / 1000.0 / float(size[1])
    times = [time.replace(minute=0, second=0) for time in data.index.to_pydatetime()]
    return Weather(
        format="PVGIS" + (" (typical year)" if is_typical else ""),
        times=times,
        columns={name: np.asarray(column, dtype=np.float64) for name, column in columns.items()},
        zone=zone,
        notes=(note,),
    )


def _zone(text: str) -> tuple[tzinfo, str]:
    longitude = _LONGITUDE.search(text)
    hours = round(float(longitude[1]) / 15.0) if longitude else 0
    return timezone(timedelta(hours=hours)), f"clock of UTC{hours:+d} h, from the longitude"
