"""A day-ahead price year without any file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.limits import NonNegative, Share
from factory_env.domain.series import SLOTS_PER_HOUR, Floats
from factory_env.domain.weather.luck import draw_persistent

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
class PriceYear:
    """A synthetic day-ahead price [assumed; spread and persistence of Germany 2023]."""

    mean_usd: float = 0.095  # per kWh
    weekend_factor: NonNegative = 0.79  # Saturday and Sunday
    day_sd: NonNegative = 0.30  # of a day's deviation, as a share of the mean
    day_kept: Share = 0.46  # from one day to the next
    hour_sd: NonNegative = 0.26  # of an hour's deviation from its day
    hour_kept: Share = 0.83  # from one hour to the next


def draw_price(price: PriceYear, day: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    """Hourly prices, each held for four slots; may be negative; (n,) USD per kWh."""
    day_rng, hour_rng = rng.spawn(2)
    weekend = (day + 3) % 7 >= 5
    level = np.where(weekend, price.weekend_factor, 1.0)
    usual = (5.0 + 2.0 * price.weekend_factor) / 7.0
    shape = np.asarray(DAY_SHAPE) / np.mean(DAY_SHAPE)
    expected = (level / usual)[:, None] * shape
    deviation = draw_persistent(price.day_sd, price.day_kept, len(day), day_rng)[:, None]
    hours = draw_persistent(price.hour_sd, price.hour_kept, expected.size, hour_rng)
    share = expected + deviation + hours.reshape(expected.shape)
    return np.repeat(price.mean_usd * share.ravel(), SLOTS_PER_HOUR)
