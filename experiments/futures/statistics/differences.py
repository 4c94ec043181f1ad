"""Variant less base, run by run under the same luck, with a 95 % interval of the mean.

The interval is Student's, and on the longer side of skewed differences it reaches as much further
as Johnson's correction shifts it (Modified t tests and confidence intervals for asymmetrical
populations, 1978). Of 20 pairs of runs of the factory it held the truth in 94.4 to 95.4 % of
studies, Student's alone in 93.5 to 95.0 %, bootstrap-t in 92.3 to 93.7 %, BCa with a wider level in
91.6 to 93.2 %, BCa in 89.3 to 91.3 % (decision 0028).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.futures.statistics.estimate import Estimate

Floats = NDArray[np.float64]
LEVEL: Final = 0.95
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
    mean, n = float(values.mean()), int(values.shape[0])
    if n == 1:
        return Estimate(mean, float("nan"), float("nan"))
    if np.ptp(values) == 0.0:  # the mean of equal values may be another one in its last bit
        same = float(values[0])
        return Estimate(same, same, same)
    spread = float(values.std(ddof=1))
    reach, shift = scale_reach(n) * spread, _shift(values, n) * spread
    return Estimate(mean, mean - reach + min(shift, 0.0), mean + reach + max(shift, 0.0))


def _shift(values: Floats, n: int) -> float:
    """Johnson's shift of both ends to the longer side, in standard deviations of the values."""
    centred = values - values.mean()
    skewness = float((centred**3).mean() / (centred**2).mean() ** 1.5)
    quantile_squared = scale_reach(n) ** 2 * n
    return skewness * (1.0 + 2.0 * quantile_squared) / (6.0 * n)


@cache
def scale_reach(n: int) -> float:
    """Half of Student's interval of the mean of n values, n > 1, in their standard deviations."""
    from scipy import special  # loads in a fifth of the time of scipy.stats

    return float(special.stdtrit(n - 1, 0.5 + LEVEL / 2)) / math.sqrt(n)
