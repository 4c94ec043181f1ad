"""The sun over a place, slot by slot: position and cloudless light by pvlib, panels below clouds.

pvlib is imported where it is used: it costs most of a second, and a run without a site needs none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from factory_env.domain.series import SLOT_MIN, SLOTS_PER_DAY, Floats, day_number, day_text
from factory_env.domain.weather.place import Place

# the Gregorian calendar repeats weekdays and leap years after 28 years while no century is passed;
# a year is taken for the one of these 28 that is like it, so that any date has a sun
LIKE_YEARS: Final = (2000, 2027)
ALBEDO: Final = 0.2  # of roof and ground [assumed: pvlib's urban value]
WIND_M_S: Final = 1.0  # over the modules [assumed]
REFERENCE_C: Final = 45.0  # temperature of a module at which `Solar.performance` holds
PER_K: Final = -0.0035  # power per degree [assumed; datasheets of silicon: -0.003 to -0.004]


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """Sun and cloudless light, (n,) each, at the middle of every slot."""

    zenith_deg: Floats
    azimuth_deg: Floats  # 180 = south
    clear_w_m2: Floats  # on level ground, without a cloud
    day_of_year: Floats
    noon_h: Floats  # hour of the wall clock at which the sun is highest, by slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """How the modules lie, and what they make of a sun of 1 kW/m2."""

    tilt_deg: float
    azimuth_deg: float
    performance: float


@lru_cache(maxsize=32)
def clear_sky(place: Place, first_day: str, days: int) -> Sky:
    """The sky over a place for ``days`` days of its wall clock from midnight of ``first_day``.

    Cloudless light after Ineichen and Perez with the turbidity that pvlib holds for the place.
    """
    from pvlib.location import Location

    times = _middles(place.zone, first_day, days)
    at = Location(place.latitude, place.longitude, altitude=place.altitude_m)
    sun = at.get_solarposition(times)
    light = at.get_clearsky(times, solar_position=sun)
    # minutes of UTC at which the sun is highest, then on the wall clock
    noon_h = 12.0 - place.longitude / 15.0 - sun["equation_of_time"].to_numpy() / 60.0
    shift_h = _offset_h(times)
    return Sky(
        zenith_deg=sun["apparent_zenith"].to_numpy(),
        azimuth_deg=sun["azimuth"].to_numpy(),
        clear_w_m2=light["ghi"].to_numpy(),
        day_of_year=times.day_of_year.to_numpy().astype(np.float64),
        noon_h=noon_h + shift_h,
    )


def panel_kw_per_kwp(sky: Sky, clearness: Floats, air_c: Floats, panels: Panels) -> Floats:
    """Power of one installed kilowatt under clouds, (n,).

    Clouds take ``1 - clearness`` of the light on level ground; what is left is split into beam and
    diffuse light after Erbs and seen by the tilted modules under an even sky; modules get warm
    after Faiman and lose `PER_K`.
    """
    from pvlib import irradiance, pvsystem, temperature

    level = clearness * sky.clear_w_m2
    split = irradiance.erbs(level, sky.zenith_deg, sky.day_of_year)
    total: Any = irradiance.get_total_irradiance(
        panels.tilt_deg,
        panels.azimuth_deg,
        sky.zenith_deg,
        sky.azimuth_deg,
        split["dni"],
        level,
        split["dhi"],
        albedo=ALBEDO,
    )
    seen = np.nan_to_num(np.asarray(total["poa_global"]), nan=0.0)
    warm_c = temperature.faiman(seen, air_c, wind_speed=WIND_M_S)
    power = pvsystem.pvwatts_dc(seen, warm_c, panels.performance, PER_K, temp_ref=REFERENCE_C)
    return np.asarray(np.maximum(0.0, np.asarray(power)))


def _middles(zone: str, first_day: str, days: int) -> Any:
    """The middle of every slot as a time of the place, (n,), in a year like that of the run."""
    import pandas as pd

    first = np.datetime64(first_day, "D")
    year = first.astype("datetime64[Y]").astype(int) + 1970
    low, high = LIKE_YEARS
    like = low + (year - low) % (high - low + 1)
    day = first - np.datetime64(f"{year}-01-01", "D") + np.datetime64(f"{like}-01-01", "D")
    begin = pd.Timestamp(day_text(day_number(str(day)))) + pd.Timedelta(minutes=SLOT_MIN / 2)
    wall = pd.date_range(begin, periods=days * SLOTS_PER_DAY, freq=f"{SLOT_MIN}min")
    is_summer = np.ones(len(wall), dtype=bool)
    return wall.tz_localize(zone, ambiguous=is_summer, nonexistent="shift_forward")


def _offset_h(times: Any) -> Floats:
    """Hours by which the wall clock is ahead of UTC, (n,)."""
    ahead = times.tz_localize(None) - times.tz_convert("UTC").tz_localize(None)
    return np.asarray(ahead.total_seconds()) / 3600.0
