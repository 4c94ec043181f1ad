"""Intervals of fitted numbers: bootstrap over teams, because a team's days are not independent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

Weights = NDArray[np.float64]
Fit = Callable[[Weights], Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float

    def holds(self, truth: float) -> bool:
        """Does the interval hold ``truth``?"""
        return self.low <= truth <= self.high

    def __str__(self) -> str:
        return f"{self.value:.3g} ({self.low:.3g} to {self.high:.3g})"


def with_intervals(
    fit: Fit,
    teams: int,
    draws: int,
    rng: np.random.Generator,
    limits: Mapping[str, tuple[float, float]],
) -> dict[str, Estimate]:
    """Fit once with every team counted once, then ``draws`` times with teams drawn again.

    The interval is the value +- the t quantile x the standard deviation of the draws, enlarged
    for the small number of teams (percentiles of 12 teams are too narrow), cut at ``limits``.

    Parameters
    ----------
    fit
        Numbers by name for weights of shape (teams,).
    limits
        Name -> smallest and largest possible value.
    """
    found = dict(fit(np.ones(teams)))
    again: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(draws):
        weights = np.bincount(rng.integers(0, teams, teams), minlength=teams).astype(np.float64)
        for name, value in fit(weights).items():
            again[name].append(value)
    reach = float(t.ppf(0.975, teams - 1)) * np.sqrt(teams / (teams - 1))
    estimates = {}
    for name, value in found.items():
        low, high = limits.get(name, (-np.inf, np.inf))
        half = reach * float(np.nanstd(again[name])) if draws else np.inf
        estimates[name] = Estimate(
            value=value, low=max(low, value - half), high=min(high, value + half)
        )
    return estimates
