"""The built-in weather and price of a run: a place's climate, drawn with the run's luck.

Every quantity has a stream of its own, so that a longer run begins like a shorter one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.series import SLOTS_PER_DAY, Floats, SlotSeries, day_number
from factory_env.domain.weather.luck import draw_persistent
from factory_env.domain.weather.place import Climate, Place
from factory_env.domain.weather.price import PriceYear, draw_price
from factory_env.domain.weather.sky import Panels, Sky, clear_sky, panel_kw_per_kwp

DAYS_PER_YEAR: Final = 365.25
MONTH_DAYS: Final = DAYS_PER_YEAR / 12
HOTTEST_H: Final = 3.0  # after noon of the sun [assumed]
SURE: Final = 1e-6  # how near to 0 or 1 a day's mean clearness may come
FLAT: Final = Panels(tilt_deg=10.0, azimuth_deg=180.0, performance=0.8)  # as a site's defaults


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticSeries:
    """The built-in series of a run."""

    temperature_c: SlotSeries
    pv_kw_per_kwp: SlotSeries
    usual_pv_kw_per_kwp: SlotSeries  # of a day as clear and warm as its month's mean: no luck in it
    price_usd_per_kwh: SlotSeries


def synthetic_series(
    first_day: str,
    days: int,
    rng: np.random.Generator,
    place: Place | None = None,
    price: PriceYear | None = None,
    panels: Panels = FLAT,
) -> SyntheticSeries:
    """Weather and price of ``days`` days from ``first_day``, drawn with ``rng``.

    Parameters
    ----------
    rng
        A fresh generator; equal generators give equal series, and a longer span begins with the
        shorter one.
    """
    place, price = place or Place(), price or PriceYear()
    climate, sky = place.climate, clear_sky(place, first_day, days)
    clear_rng, noise_rng, price_rng = rng.spawn(3)
    day = day_number(first_day) + np.arange(days)
    usual = _by_day(climate.clearness, day)
    k = climate.steadiness
    mean = np.clip(usual, SURE, 1.0 - SURE)
    clearness = clear_rng.beta(k * mean, k * (1.0 - mean))
    usual_c = _usual_c(climate, day, sky, np.ones(days))
    deviation = draw_persistent(climate.noise_c, climate.noise_kept, days + 1, noise_rng)
    lasting = np.interp(np.arange(len(usual_c)) / SLOTS_PER_DAY, np.arange(days + 1), deviation)
    air_c = _usual_c(climate, day, sky, clearness / mean) + lasting
    columns = {
        "temperature": ("degrees C", air_c),
        "pv": ("kW per kWp", _panels(sky, clearness, air_c, panels)),
        "usual pv": ("kW per kWp", _panels(sky, mean, usual_c, panels)),
        "price": ("USD per kWh", draw_price(price, day, price_rng)),
    }
    made = [
        SlotSeries(name=f"synthetic {name}", unit=unit, first_day=first_day, values=values)
        for name, (unit, values) in columns.items()
    ]
    return SyntheticSeries(*made)


def _panels(sky: Sky, clearness: Floats, air_c: Floats, panels: Panels) -> Floats:
    return panel_kw_per_kwp(sky, np.repeat(clearness, SLOTS_PER_DAY), air_c, panels)


def _usual_c(climate: Climate, day: NDArray[np.int64], sky: Sky, brightness: Floats) -> Floats:
    """Season and daily wave, flatter on a duller day than usual (``brightness`` < 1); (n,)."""
    slot = np.arange(len(day) * SLOTS_PER_DAY)
    season = _smooth(climate.month_c, day[0] + slot / SLOTS_PER_DAY)
    swing = np.repeat(_by_day(climate.swing_c, day) * (0.5 + 0.5 * brightness), SLOTS_PER_DAY)
    hour = (slot % SLOTS_PER_DAY) * 24.0 / SLOTS_PER_DAY
    wave = np.cos(2.0 * np.pi * (hour - sky.noon_h - HOTTEST_H) / 24.0)
    return np.asarray(season + swing * wave)


def _by_day(values: tuple[float, ...], day: NDArray[np.int64]) -> Floats:
    """Each day's value of its month, (days,)."""
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    return np.asarray(values)[month]


def _smooth(values: tuple[float, ...], day: Floats) -> Floats:
    """A line from the middle of a month to that of the next with these monthly means, (n,)."""
    in_year = (day - _new_year(int(day[0]))) % DAYS_PER_YEAR
    middle = (np.arange(12) + 0.5) * MONTH_DAYS
    # a month's mean is 6/8 of its middle and 1/8 of either neighbour's: middles that give the means
    shares = 0.75 * np.eye(12) + 0.125 * (np.eye(12, k=1) + np.eye(12, k=-1))
    shares[0, 11] = shares[11, 0] = 0.125
    middles = np.linalg.solve(shares, np.asarray(values))
    return np.asarray(np.interp(in_year, middle, middles, period=DAYS_PER_YEAR))


def _new_year(day: int) -> int:
    first = np.datetime64(day, "D").astype("datetime64[Y]").astype("datetime64[D]")
    return int(first.astype(np.int64))
