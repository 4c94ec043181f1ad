"""The built-in weather and price year: temperature, sun and day-ahead price without any file.

Every quantity has a stream of its own, so that a longer run begins like a shorter one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.limits import NonNegative, Positive, Share
from factory_env.domain.series import (
    SLOTS_PER_DAY,
    SLOTS_PER_HOUR,
    Floats,
    SlotSeries,
    day_number,
)

DAYS_PER_YEAR: Final = 365.25
SUN_HOURS: Final = 12.0  # the clear-day bell, 6 to 18 h [assumed: domain reference, section 14]
BELL_HOURS: Final = SUN_HOURS * 2.0 / np.pi  # full-sun hours of the bell: integral of its sine
# Hours of a working day against the mean; German day-ahead prices of 2023, rounded
# [source: hourly means of data/electricity/price_de_lu_2023.csv].
DAY_SHAPE: Final = (
    0.95,
    0.88,
    0.85,
    0.83,
    0.84,
    0.93,
    1.18,
    1.38,
    1.38,
    1.22,
    1.08,
    0.99,
    0.92,
    0.87,
    0.87,
    0.94,
    1.03,
    1.21,
    1.37,
    1.51,
    1.41,
    1.24,
    1.14,
    1.00,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Climate:
    """Weather of a site; the defaults are a monsoon climate (Bangladesh) [assumed].

    The yield is 1,300 kWh per kWp and year, a quarter less in the monsoon [source: BGMEA-PV;
    shape assumed].
    """

    mean_c: float = 26.0
    season_c: NonNegative = 5.0  # amplitude of the year
    hottest_day: NonNegative = 165.0  # day of the year
    daily_c: NonNegative = 4.0  # amplitude of a clear day; hottest at 15 h
    noise_c: NonNegative = 1.5  # standard deviation of the daily deviation
    noise_kept: Share = 0.7  # of it, from one day to the next
    monsoon_months: tuple[int, ...] = (6, 7, 8, 9)
    monsoon_factor: Share = 0.75  # on the sun
    clear_a: Positive = 5.0  # beta distribution of a day's clearness
    clear_b: Positive = 2.0
    pv_kwh_per_kwp: NonNegative = 1300.0  # expected yield of a year


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceYear:
    """A synthetic day-ahead price [assumed; spread and persistence of Germany 2023]."""

    mean_usd: float = 0.095  # per kWh
    weekend_factor: NonNegative = 0.79  # Saturday and Sunday
    day_sd: NonNegative = 0.30  # of a day's deviation, as a share of the mean
    day_kept: Share = 0.46  # from one day to the next
    hour_sd: NonNegative = 0.26  # of an hour's deviation from its day
    hour_kept: Share = 0.83  # from one hour to the next


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticSeries:
    """The built-in series of a run."""

    temperature_c: SlotSeries
    pv_kw_per_kwp: SlotSeries
    price_usd_per_kwh: SlotSeries


def synthetic_series(
    first_day: str,
    days: int,
    rng: np.random.Generator,
    climate: Climate | None = None,
    price: PriceYear | None = None,
) -> SyntheticSeries:
    """Weather and price of ``days`` days from ``first_day``, drawn with ``rng``.

    Parameters
    ----------
    rng
        A fresh generator; equal generators give equal series, and a longer span begins with the
        shorter one.
    """
    climate, price = climate or Climate(), price or PriceYear()
    clear_rng, noise_rng, price_rng = rng.spawn(3)
    day = day_number(first_day) + np.arange(days)
    clearness = clear_rng.beta(climate.clear_a, climate.clear_b, size=days)
    found = {
        "temperature": ("degrees C", _temperature(climate, day, clearness, noise_rng)),
        "pv": ("kW per kWp", _sun(climate, day, clearness)),
        "price": ("USD per kWh", _price(price, day, price_rng)),
    }
    made = [
        SlotSeries(name=f"synthetic {name}", unit=unit, first_day=first_day, values=values)
        for name, (unit, values) in found.items()
    ]
    return SyntheticSeries(*made)


def _temperature(
    climate: Climate, day: NDArray[np.int64], clearness: Floats, rng: np.random.Generator
) -> Floats:
    """Season, daily sine (flatter under clouds) and a deviation that lasts for days; (n,)."""
    slot = np.arange(len(day) * SLOTS_PER_DAY) / SLOTS_PER_DAY
    year = (day[0] + slot - _new_year(day[0]) - climate.hottest_day) / DAYS_PER_YEAR
    season = climate.mean_c + climate.season_c * np.cos(2.0 * np.pi * year)
    usual = climate.clear_a / (climate.clear_a + climate.clear_b)
    swing = climate.daily_c * (0.5 + 0.5 * np.repeat(clearness, SLOTS_PER_DAY) / usual)
    daily = swing * np.cos(2.0 * np.pi * (slot - 15.0 / 24.0))
    deviation = _persistent(climate.noise_c, climate.noise_kept, len(day) + 1, rng)
    lasting = np.interp(slot, np.arange(len(day) + 1), deviation)
    return np.asarray(season + daily + lasting)


def _sun(climate: Climate, day: NDArray[np.int64], clearness: Floats) -> Floats:
    """Power of one installed kilowatt, (n,) kW per kWp."""
    hour = (np.arange(SLOTS_PER_DAY) + 0.5) / SLOTS_PER_HOUR
    bell = np.maximum(0.0, np.sin(np.pi * (hour - 6.0) / SUN_HOURS))
    season = _monsoon(climate, day)
    whole_year = _monsoon(climate, day_number("2026-01-01") + np.arange(365)).mean()
    usual = climate.clear_a / (climate.clear_a + climate.clear_b) * whole_year
    peak = climate.pv_kwh_per_kwp / (365.0 * usual * BELL_HOURS)  # clear day, full sun
    return np.outer(peak * clearness * season, bell).ravel()


def _price(price: PriceYear, day: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    """Hourly prices, each held for four slots; may be negative; (n,) USD per kWh."""
    day_rng, hour_rng = rng.spawn(2)
    weekend = (day + 3) % 7 >= 5
    level = np.where(weekend, price.weekend_factor, 1.0)
    usual = (5.0 + 2.0 * price.weekend_factor) / 7.0
    shape = np.asarray(DAY_SHAPE) / np.mean(DAY_SHAPE)
    expected = (level / usual)[:, None] * shape
    deviation = _persistent(price.day_sd, price.day_kept, len(day), day_rng)[:, None]
    hours = _persistent(price.hour_sd, price.hour_kept, expected.size, hour_rng)
    share = expected + deviation + hours.reshape(expected.shape)
    return np.repeat(price.mean_usd * share.ravel(), SLOTS_PER_HOUR)


def _persistent(sd: float, kept: float, n: int, rng: np.random.Generator) -> Floats:
    """A first-order autoregression with standard deviation ``sd``; (n,)."""
    shocks = rng.standard_normal(n).tolist()
    fresh = float(np.sqrt(1.0 - kept * kept))
    values = [shocks[0]] if n else []
    for shock in shocks[1:]:
        values.append(kept * values[-1] + fresh * shock)
    return sd * np.asarray(values)


def _monsoon(climate: Climate, day: NDArray[np.int64]) -> Floats:
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
    return np.where(np.isin(month, climate.monsoon_months), climate.monsoon_factor, 1.0)


def _new_year(day: np.int64) -> int:
    first = np.datetime64(int(day), "D").astype("datetime64[Y]").astype("datetime64[D]")
    return int(first.astype(np.int64))
