"""How many replications an interval of a given half-width takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.futures.statistics.differences import mean_interval, scale_reach

FEWEST: Final = 5  # before this many the spread itself is not known
MOST: Final = 1_000_000
LOOKAHEAD: Final = 5  # further runs in which the half-width has to stay


def enough(differences: Sequence[float] | NDArray[np.float64], half_width: float) -> int:
    """Number of runs after which half the 95 % interval of their mean is ``half_width`` at most.

    As the replications algorithm of Hoad, Robinson and Davies, Automated selection of the number of
    replications (2010): reached, and still so in the `LOOKAHEAD` runs that follow. Theirs (and
    sim-tools') half-width is a share of the mean, and the mean of a difference may be 0: here it is
    in the unit of the differences.

    Parameters
    ----------
    differences
        Of the runs so far, (n,), in the order of their seeds.

    Returns
    -------
    Runs in all: at most n where they are enough, else more: an estimate of what it takes.
    """
    values = np.asarray(differences, dtype=float)
    n = int(values.shape[0])
    if n < FEWEST:
        return FEWEST
    if not half_width > 0.0:
        raise ValueError(f"half_width must be above 0, not {half_width}")
    is_reached = half_widths(values) <= half_width
    for count in range(FEWEST, n + 1):
        if is_reached[count - 1 : count + LOOKAHEAD].all():
            return count + LOOKAHEAD
    return max(n + 1, _foresee(float(values.std(ddof=1)), half_width))


def half_widths(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half of the interval of the mean of the first 1, 2, ... n values; infinite of one."""
    ends = [mean_interval(values[:count]) for count in range(2, values.shape[0] + 1)]
    return np.array([np.inf, *((high - low) / 2.0 for _, low, high in ends)])


def _foresee(spread: float, half_width: float) -> int:
    """Runs that an interval of that half-width takes if the spread stays what it is."""
    runs = FEWEST
    for _ in range(20):  # the quantile depends on the number
        needed = runs * (scale_reach(runs) * spread / half_width) ** 2
        runs = max(FEWEST, min(MOST, math.ceil(needed)))
    return runs
