"""A figure with both ends of its 95 % interval."""

from __future__ import annotations

import math
from typing import NamedTuple


class Estimate(NamedTuple):
    """What every statistic of futures gives back: ``value, low, high = ...``."""

    value: float
    low: float
    high: float

    @property
    def is_alike(self) -> bool:
        """Were all runs the same to the last bit, so that the interval has no width?"""
        return self.low == self.high

    @property
    def has_interval(self) -> bool:
        """One run alone has none."""
        return not (math.isnan(self.low) or math.isnan(self.high))

    @property
    def holds_zero(self) -> bool:
        """Can a difference not be told from none?"""
        return not self.has_interval or self.low <= 0.0 <= self.high

    def say(self, runs: int) -> str:
        """What a reader of the interval has to know; empty where nothing is special.

        >>> Estimate(0.0, 0.0, 0.0).say(20)
        'the same in all 20 runs'
        """
        if not self.has_interval:
            return "a single run has no interval"
        return f"the same in all {runs} runs" if self.is_alike else ""
