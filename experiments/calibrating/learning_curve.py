"""Learning after a style change: productivity against working days since the team's style began.

``level x (1 - loss x exp(-k / tau))`` with k = 0 on the day of the change. Every team has its
own level, so that teams with long runs do not pass for experience.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from experiments.calibrating.intervals import Estimate, with_intervals
from experiments.calibrating.team_days import TeamDays

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MIN_CHANGES = 8  # fewer style changes do not show a curve
LOSS = (0.0, 0.95)
TAU_DAYS = (0.2, 20.0)
LIMITS = {
    "level": (0.0, np.inf),
    "day_loss": LOSS,
    "tau_days": TAU_DAYS,
    "days_lost": (0.0, np.inf),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningFit:
    """The curve of a whole factory."""

    level: Estimate  # settled productivity, mean of the teams
    day_loss: Estimate  # share of it missing on the day of a change
    tau_days: Estimate
    days_lost: Estimate  # settled days' work lost by one change, in all
    changes: int  # style changes seen
    rows: int

    def factor(self, age: Ints) -> Floats:
        """Share of the settled level at ages; 1 where the age is not known."""
        drop = self.day_loss.value * np.exp(-np.maximum(age, 0) / self.tau_days.value)
        return np.where(age >= 0, 1.0 - drop, 1.0)


def fit_learning(days: TeamDays, draws: int, rng: np.random.Generator) -> LearningFit | None:
    """Fit the curve; None if the records show too few style changes."""
    known = days.rows(days.age >= 0)
    changes = int(days.is_new.sum())
    if changes < MIN_CHANGES or np.unique(known.team).shape[0] < 2:
        return None
    teams = days.teams

    def fit(weights: Floats) -> Mapping[str, float]:
        return _fit(known, weights)

    found = with_intervals(fit, teams, draws, rng, LIMITS)
    return LearningFit(**found, changes=changes, rows=len(known))


def _fit(days: TeamDays, weights: Floats) -> dict[str, float]:
    """Weighted least squares; the teams' levels are solved for inside."""
    row_weight = weights[days.team]
    root = np.sqrt(row_weight)
    n = weights.shape[0]

    def levels(factor: Floats) -> Floats:
        top = np.bincount(days.team, row_weight * factor * days.productivity, n)
        return top / np.maximum(np.bincount(days.team, row_weight * factor**2, n), 1e-12)

    def residuals(point: Floats) -> Floats:
        factor = 1.0 - point[0] * np.exp(-days.age / point[1])
        return root * (levels(factor)[days.team] * factor - days.productivity)

    low, high = zip(LOSS, TAU_DAYS, strict=True)
    loss, tau = least_squares(residuals, (0.3, 2.5), bounds=(low, high)).x
    level = levels(1.0 - loss * np.exp(-days.age / tau))
    here = weights * (np.bincount(days.team, minlength=n) > 0)
    return {
        "level": float(np.average(level, weights=here)),
        "day_loss": float(loss),
        "tau_days": float(tau),
        "days_lost": float(loss / (1.0 - np.exp(-1.0 / tau))),
    }


def pooled_curve(age: Ints, productivity: Floats) -> tuple[float, float, float]:
    """Settled level, level on the day of a change and tau (days), all teams alike.

    The form of ``calibration_targets.json``: p_inf - (p_inf - p0) exp(-k / tau).
    """

    def residuals(point: Floats) -> Floats:
        return point[0] - (point[0] - point[1]) * np.exp(-age / point[2]) - productivity

    bounds = ((0.05, 0.0, 0.05), (2.0, 2.0, 30.0))
    start = (float(np.quantile(productivity, 0.7)), float(productivity[age == 0].mean()), 2.5)
    p_inf, p_0, tau = least_squares(residuals, start, bounds=bounds).x
    return float(p_inf), float(p_0), float(tau)


def mean_by_age(days: TeamDays, ages: int) -> tuple[Floats, Floats]:
    """Mean productivity and rows at ages 0 to ``ages`` - 1; NaN where there is no row."""
    known = days.rows((days.age >= 0) & (days.age < ages))
    count = np.bincount(known.age, minlength=ages).astype(np.float64)
    total = np.bincount(known.age, known.productivity, minlength=ages)
    return np.where(count > 0, total / np.maximum(count, 1.0), np.nan), count
