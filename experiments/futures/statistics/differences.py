"""Variant less base, run by run under the same luck, with a 95 % interval of the mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.comparing.statistics.intervals import estimate_mean
from experiments.futures.statistics.estimate import Estimate

Floats = NDArray[np.float64]
ROUNDING: Final = 1e-12  # of the figures themselves: differences below are none


def paired_difference(
    base: Sequence[float] | Floats, variant: Sequence[float] | Floats
) -> Estimate:
    """Mean of ``variant - base`` and its interval; (n,) each, in the order of their seeds.

    Runs in which one of the two is NaN (a share of nothing) are left out. Of one pair there is no
    interval (NaN), of pairs that all differ alike it has no width: `Estimate.say` tells.
    """
    one, other = np.asarray(base, dtype=float), np.asarray(variant, dtype=float)
    if one.shape != other.shape or one.ndim != 1 or not one.shape[0]:
        raise ValueError(f"no pairs of runs: {one.shape} and {other.shape}")
    differences = other - one
    smallest = ROUNDING * np.maximum(np.abs(one), np.abs(other))
    differences = np.where(np.abs(differences) <= smallest, 0.0, differences)
    return mean_interval(differences[~np.isnan(differences)])


def mean_interval(values: Floats) -> Estimate:
    """Mean of figures of single runs, (n,), and its interval; NaN of none."""
    if not values.shape[0]:
        return Estimate(float("nan"), float("nan"), float("nan"))
    found = estimate_mean(values)
    return Estimate(found.value, found.low, found.high)
