"""Does inspection flag as it used to? A p-chart of the daily flagged share.

Products differ in their share, so a day is held against what the baseline says of the products
inspected on it; products that the baseline has not met are left out. Pieces of an order share line
and style; days therefore spread more than a binomial says, and the limits are widened by that
factor, taken from the baseline's moving ranges (Laney's p'-chart).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.records import RunLog
from factory_env.units import MIN_PER_DAY

Floats = NDArray[np.float64]
SIGMAS: Final = 3.0
RANGE_TO_SD: Final = 1.128  # mean moving range of two / standard deviation, normal


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlChart:
    """One number for each day on which a product of the baseline was sewn, in order."""

    day: NDArray[np.int64]  # calendar day of the run
    share: Floats  # flagged at the first inspection
    centre: Floats  # expected of that day's products
    low: Floats
    high: Floats

    @property
    def is_out(self) -> NDArray[np.bool_]:
        """Days beyond the limits."""
        return np.asarray((self.share < self.low) | (self.share > self.high))


def flagged_chart(log: RunLog, baseline_days: int = 14) -> ControlChart:
    """The chart of a run; its first ``baseline_days`` calendar days are taken for in control.

    Raises
    ------
    ValueError
        If nothing was sewn in the baseline.
    """
    lots, orders = log.tables["lots"], log.tables["orders"]
    day = (lots["sewn_min"] // MIN_PER_DAY).astype(np.int64)
    pieces, flagged = lots["pieces"].astype(float), lots["flagged"].astype(float)
    names, product = np.unique(orders["product"].astype(str), return_inverse=True)
    of_lot = product[lots["order"]]
    is_base = day < baseline_days
    if not pieces[is_base].sum():
        raise ValueError(f"no piece was sewn in the first {baseline_days} days")
    caught, of = (
        np.bincount(of_lot[is_base], column[is_base], len(names)) for column in (flagged, pieces)
    )
    known = of[of_lot] > 0
    expected = (caught / np.maximum(of, 1.0))[of_lot][known]
    pieces, flagged = pieces[known], flagged[known]
    days, row = np.unique(day[known], return_inverse=True)
    n, seen, mean, variance = (
        np.bincount(row, column, len(days))
        for column in (pieces, flagged, pieces * expected, pieces * expected * (1 - expected))
    )
    sd = np.sqrt(np.maximum(variance, 1e-9))
    half = SIGMAS * sd * _spread(((seen - mean) / sd)[days < baseline_days])
    return ControlChart(
        day=days,
        share=seen / n,
        centre=mean / n,
        low=np.maximum(mean - half, 0.0) / n,
        high=np.minimum(mean + half, n) / n,
    )


def _spread(z: Floats) -> float:
    """How much days differ, over what a binomial says; at least 1."""
    ranges = np.abs(np.diff(z))
    return max(1.0, float(ranges.mean()) / RANGE_TO_SD) if len(ranges) else 1.0
