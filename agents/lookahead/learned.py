"""The numbers that the look-ahead learns: where they start and how far they may go."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# name: (start, lowest, highest); "share" = of the sanctioned load
LEARNED: Final[dict[str, tuple[float, float, float]]] = {
    "today": (0.95, 0.0, 1.2),  # how much of a load's deviation from the usual one is believed
    "fading": (0.985, 0.6, 1.0),  # of it is left a slot later
    "first_day": (0.50, 0.2, 1.0),  # share: load at work before any has been seen
    "sun_mean": (1.0, 0.5, 1.3),  # of the usual sun, expected of a day that has not begun
    "sun_low": (0.50, 0.2, 1.0),  # of that, in its dull case
    "sun_high": (1.20, 1.0, 1.6),  # and in its bright one
    "sun_careful": (0.40, 0.0, 1.1),  # and in the case for which the import to hold is chosen
    "load_up": (0.0, -0.1, 0.3),  # more load than foreseen, in that case
    "load_more": (0.01, 0.0, 0.1),  # share, likewise
    "floor": (0.24, 0.0, 0.6),  # share: import held from the first day of a month on
    "floor_late": (0.0, -0.3, 0.3),  # share: less of it towards the end of a month
    "dear_floor": (0.0, 0.0, 0.3),  # share: import held where a band of its own charges demand
    "dear_worth": (1.0, 0.2, 3.0),  # weight of that demand against demand at any time
    "soft": (0.40, 0.0, 2.0),  # USD per kW and slot over the paid import, at the import held
    "excess": (0.80, 0.01, 3.0),  # of a demand rate, for a kW over the import held, a slot
    "end_value": (0.8, 0.0, 1.5),  # of a kWh in a day's time, in mean prices
    "margin": (0.02, 0.0, 0.15),  # share: how far below the import held is aimed at work
    "margin_first": (0.06, 0.0, 0.25),  # and where work has just begun
    "margin_charge": (0.05, 0.0, 0.3),  # and if the battery is charged beside it
    "gain": (1.08, 0.5, 1.6),  # heat in the hall per kW of load above the empty house
    "hot_usd": (8.0, 1.0, 40.0),  # of a degree too hot, for an hour of work
    "hot_margin_k": (0.3, -0.5, 2.0),  # how far below the bearable heat that begins
}
NAMES: Final = tuple(LEARNED)
START: Final = np.array([numbers[0] for numbers in LEARNED.values()])
LOWEST: Final = np.array([numbers[1] for numbers in LEARNED.values()])
HIGHEST: Final = np.array([numbers[2] for numbers in LEARNED.values()])
DTYPE: Final = np.dtype([(name, "f8") for name in NAMES])


def record(numbers: Floats) -> NDArray[np.void]:
    """The numbers as a record that compiled code reads by name, shape (1,)."""
    inside = np.clip(np.asarray(numbers, dtype=np.float64), LOWEST, HIGHEST)
    return np.array([tuple(inside.tolist())], dtype=DTYPE)
