"""Means of paired figures with BCa intervals, which follow skewed costs to their longer side.

Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 14.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES: Final = 9_999
FEWEST: Final = 8  # values for a bootstrap: one of two spans no more than the two
LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval; of a single value there is none."""

    value: float
    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        """Can a difference not be told from none?"""
        return self.low <= 0.0 <= self.high

    def figures(self, key: str) -> dict[str, float]:
        """For machines: the value under ``key``, and its interval."""
        return {key: self.value, f"{key}_ci_low": self.low, f"{key}_ci_high": self.high}


def estimate_mean(values: Floats) -> Interval:
    """Mean of (n,) values: BCa from `FEWEST` on, a t interval below, none (NaN) of one value.

    Values that are all the same have no width.
    """
    from scipy import stats

    mean, n = float(values.mean()), values.shape[0]
    if n < 2:
        return Interval(mean, float("nan"), float("nan"))
    if np.ptp(values) == 0.0:
        return Interval(mean, mean, mean)
    if n < FEWEST:
        reach = float(stats.t.ppf(0.5 + LEVEL / 2, n - 1) * values.std(ddof=1) / np.sqrt(n))
        return Interval(mean, mean - reach, mean + reach)

    def bootstrap(method: str) -> tuple[float, float]:
        done = stats.bootstrap(
            (values,),
            np.mean,
            n_resamples=RESAMPLES,
            confidence_level=LEVEL,
            method=method,
            rng=np.random.default_rng(0),
        )
        return float(done.confidence_interval.low), float(done.confidence_interval.high)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # resamples that are all alike have no BCa interval
        low, high = bootstrap("BCa")
    if not np.isfinite((low, high)).all():
        low, high = bootstrap("percentile")
    return Interval(mean, low, high)


def span_middle(value: float, resampled: Floats) -> Interval:
    """A figure with the middle 95 % of what resampling made of it: (r,)."""
    low, high = np.quantile(resampled, (0.5 - LEVEL / 2, 0.5 + LEVEL / 2))
    return Interval(value, float(low), float(high))
