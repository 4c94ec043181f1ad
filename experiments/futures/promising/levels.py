"""Dates that are kept: quantiles of the ship times of n futures, which hold for one more."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEVELS: Final = (0.5, 0.8, 0.95)


def promise_min(ship_min: NDArray[np.float64], level: float) -> float:
    """Minute by which one more future ships with a probability of at least ``level``.

    The k-th of n ship times is kept by a further one with probability k / (n + 1), whatever
    their distribution (conformal prediction), so k is the least with k / (n + 1) >= level.
    Infinite where n are too few or so many do not ship.

    >>> promise_min(np.arange(1.0, 20.0), 0.8)
    16.0
    """
    n = ship_min.shape[0]
    k = math.ceil(level * (n + 1) - 1e-9)
    if k > n:
        return math.inf
    return float(np.sort(np.where(np.isnan(ship_min), np.inf, ship_min))[k - 1])
