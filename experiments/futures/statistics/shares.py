"""Shares of runs: the probability that an order is on time."""

from __future__ import annotations

from functools import cache

from experiments.futures.statistics.estimate import Estimate

LEVEL = 0.95


@cache
def wilson(successes: int, n: int) -> Estimate:
    """Midpoint and both ends of Wilson's 95 % interval of a probability.

    The midpoint is what Simio shows as risk: 20 of 20 runs on time are no certainty, but 0.92. Of
    no runs nothing is known: 0 to 1. Wilson, Probable inference (1927).

    >>> round(wilson(20, 20).value, 2)
    0.92
    """
    from scipy import stats

    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} runs")
    if n == 0:
        return Estimate(0.5, 0.0, 1.0)
    ends = stats.binomtest(successes, n).proportion_ci(LEVEL, method="wilson")
    low, high = float(ends.low), float(ends.high)
    return Estimate((low + high) / 2.0, low, high)
