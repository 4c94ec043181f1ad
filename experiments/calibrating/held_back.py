"""Held back at the target: the free productivity behind output that stops at the target.

Rows at their target say only that the team could have done at least that much. They count as
censored in a Tobit-like fit of the learning curve with normal scatter; the others count as they
are. The free level is what such a team would deliver without a target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_ndtr, logit

from experiments.calibrating.intervals import Estimate, with_intervals
from experiments.calibrating.team_days import TeamDays

Floats = NDArray[np.float64]
AT_TARGET = 0.001
MIN_ROWS = 50
LIMITS = {
    "free_level": (0.0, np.inf),
    "free_sd": (0.0, np.inf),
    "free_day_loss": (0.0, 1.0),
    "free_tau_days": (0.0, np.inf),
    "held_back": (-np.inf, np.inf),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """What the target hides."""

    at_target: float  # share of rows within 0.001 of the target
    short: float  # share of rows below it
    above: float
    free_level: Estimate  # settled productivity without the target
    free_day_loss: Estimate
    free_tau_days: Estimate
    free_sd: Estimate  # scatter around the free curve
    held_back: Estimate  # mean free minus mean delivered productivity


def fit_held_back(days: TeamDays, draws: int, rng: np.random.Generator) -> HeldBack | None:
    """Fit; None without targets or with hardly a row at them."""
    known = days.rows((days.age >= 0) & ~np.isnan(days.target))
    gap = known.productivity - known.target
    censored = np.abs(gap) <= AT_TARGET
    if len(known) < MIN_ROWS or censored.sum() < MIN_ROWS // 2 or (~censored).sum() < MIN_ROWS // 2:
        return None

    def fit(weights: Floats) -> Mapping[str, float]:
        return _fit(known, censored, weights[known.team])

    found = with_intervals(fit, days.teams, draws, rng, LIMITS)
    return HeldBack(
        at_target=float(censored.mean()),
        short=float((gap < -AT_TARGET).mean()),
        above=float((gap > AT_TARGET).mean()),
        **found,
    )


def _fit(days: TeamDays, censored: NDArray[np.bool_], weight: Floats) -> dict[str, float]:
    def curve(point: Floats) -> Floats:
        return np.exp(point[0]) * (1.0 - expit(point[1]) * np.exp(-days.age / np.exp(point[2])))

    def loss(point: Floats) -> float:
        sd = np.exp(point[3])
        z = (days.productivity - curve(point)) / sd
        log_density = -0.5 * z * z - point[3] - 0.9189385332046727  # log sqrt(2 pi)
        return -float(weight @ np.where(censored, log_ndtr(-z), log_density))

    start = np.array([np.log(0.85), logit(0.3), np.log(2.5), np.log(0.2)])
    best = minimize(loss, start, method="L-BFGS-B", bounds=[(-2, 1), (-5, 4), (-1.5, 3), (-4, 1)])
    free = curve(best.x)
    return {
        "free_level": float(np.exp(best.x[0])),
        "free_day_loss": float(expit(best.x[1])),
        "free_tau_days": float(np.exp(best.x[2])),
        "free_sd": float(np.exp(best.x[3])),
        "held_back": float(np.average(free - days.productivity, weights=weight)),
    }
