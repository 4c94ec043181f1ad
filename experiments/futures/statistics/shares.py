"""Shares of runs: the probability that an order is on time."""

from __future__ import annotations

import math
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
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} runs")
    if n == 0:
        return Estimate(0.5, 0.0, 1.0)
    from scipy import special  # loads in a fifth of the time of scipy.stats

    z = float(special.ndtri(0.5 + LEVEL / 2))
    whole = n + z**2
    middle = (successes + z**2 / 2) / whole
    reach = z / whole * math.sqrt(successes * (n - successes) / n + z**2 / 4)
    low = 0.0 if successes == 0 else middle - reach
    high = 1.0 if successes == n else middle + reach
    return Estimate(middle, low, high)


def is_beyond_chance(one_way: int, other_way: int) -> bool:
    """Do paired runs that differ go one way more often than a fair coin would have it?

    The exact sign test (McNemar's for pairs), one-sided at 5 %: five of five are enough, one of
    one is not.

    >>> is_beyond_chance(5, 0), is_beyond_chance(1, 0), is_beyond_chance(7, 1)
    (True, False, True)
    """
    count = one_way + other_way
    ways = sum(math.comb(count, k) for k in range(one_way, count + 1))
    return ways / 2.0**count <= 1.0 - LEVEL
