"""When an order ships with so much certainty, where some runs never ship it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.futures.statistics.estimate import Estimate

LEVEL: Final = 0.95
SHARES: Final = (0.5, 0.8, 0.95)  # of the runs: P50, P80, P95


def ship_quantile(ship_min: Sequence[float] | NDArray[np.float64], share: float) -> Estimate:
    """Minute by which a share of the runs has shipped an order, with its 95 % interval.

    The interval is made of ranks (Conover, Practical nonparametric statistics, 3.2), so no form
    of the distribution is assumed, and a run that never ships only counts as late.

    Parameters
    ----------
    ship_min
        Of every run, (n,); NaN or infinite = not within the run.

    Returns
    -------
    Minutes; infinite = not within the run. The low end is ``-inf`` and the high end ``inf`` where
    so few runs do not tell: of 20, those do not hold the P95 from above.
    """
    times = np.asarray(ship_min, dtype=float)
    times = np.sort(np.where(np.isnan(times), np.inf, times))
    n = times.shape[0]
    if not n:
        return Estimate(np.nan, -np.inf, np.inf)
    middle, low, high = _ranks(n, share)
    return Estimate(
        float(times[middle - 1]),
        float(times[low - 1]) if low >= 1 else -np.inf,
        float(times[high - 1]) if high <= n else np.inf,
    )


@cache
def _ranks(n: int, share: float) -> tuple[int, int, int]:
    """Ranks, from 1, of a quantile and of the ends of its interval; 0 and n + 1 = there is none."""
    from scipy import special  # loads in a fifth of the time of scipy.stats

    middle = max(1, int(np.ceil(n * share - 1e-9)))
    tail = (1.0 - LEVEL) / 2
    at_most = special.bdtr(np.arange(n + 1.0), n, share)  # P(at most so many runs before it)
    low, high = np.searchsorted(at_most, (tail, 1.0 - tail))
    return middle, int(low), int(high) + 1
