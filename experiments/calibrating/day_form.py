"""Form of the day: what is left of delivered productivity beside learning.

The relative productivity has a distribution (quantile curve) and, on the normal scale, a
dependence: state = line_sd x line effect + sqrt(1 - line_sd^2) x first-order autoregression.
Both are fitted: the curve as quantiles, the dependence by maximum likelihood with days that are
missing and with a correlation of its own over style changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import norm, rankdata

from experiments.calibrating.intervals import Estimate, with_intervals
from experiments.calibrating.team_days import TeamDays

Floats = NDArray[np.float64]
LIMITS = {"correlation": (0.0, 1.0), "line_sd": (0.0, 1.0), "after_change": (0.0, 1.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFit:
    """Fitted parameters of `factory_env.domain.people.DayForm`."""

    quantiles: tuple[float, ...]  # at equal probabilities; mean 1
    sd: float  # of the relative productivity
    correlation: Estimate
    line_sd: Estimate
    after_change: Estimate


def fit_form(
    days: TeamDays, relative: Floats, points: int, draws: int, rng: np.random.Generator
) -> FormFit:
    """Fit the form of the day.

    Parameters
    ----------
    relative : shape (n,), delivered productivity by settled level and learning
    points
        Points of the quantile curve.
    """
    state = normal_scores(relative)
    steps = _Steps.of(days)

    def fit(weights: Floats) -> Mapping[str, float]:
        return _fit(state, steps, weights)

    found = with_intervals(fit, days.teams, draws, rng, LIMITS)
    curve = np.quantile(relative, np.linspace(0.0, 1.0, points))
    curve /= np.trapezoid(curve, dx=1.0 / (points - 1))
    return FormFit(quantiles=tuple(float(q) for q in curve), sd=float(relative.std()), **found)


def flat_form(points: int) -> FormFit:
    """The form of days that are all alike."""
    none = Estimate(value=0.0, low=0.0, high=0.0)
    return FormFit(
        quantiles=(1.0,) * points, sd=0.0, correlation=none, line_sd=none, after_change=none
    )


def normal_scores(values: Floats) -> Floats:
    """Values by their rank on the normal scale; equal values share a rank."""
    return np.asarray(norm.ppf((rankdata(values) - 0.5) / values.shape[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Steps:
    """From each row to the same team's next one."""

    team: NDArray[np.int64]
    first: NDArray[np.bool_]  # the team's first row
    gap: Floats  # working days since the row before
    changed: NDArray[np.bool_]

    @classmethod
    def of(cls, days: TeamDays) -> _Steps:
        first = np.concatenate([[True], np.diff(days.team) != 0])
        gap = np.concatenate([[1], np.diff(days.day)]).astype(np.float64)
        return cls(team=days.team, first=first, gap=np.where(first, 1.0, gap), changed=days.is_new)


def _fit(state: Floats, steps: _Steps, weights: Floats) -> dict[str, float]:
    def loss(point: Floats) -> float:
        correlation, line_var, kept = expit(point)
        return -float(weights @ log_likelihood(state, steps, correlation, line_var, kept))

    start = logit(np.array([0.7, 0.1, 0.8]))
    best = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-3})
    correlation, line_var, kept = expit(best.x)
    return {
        "correlation": float(correlation),
        "line_sd": float(np.sqrt(line_var)),
        "after_change": float(kept),
    }


def log_likelihood(
    state: Floats, steps: _Steps, correlation: float, line_var: float, kept: float
) -> Floats:
    """Log likelihood of each team's states, shape (teams,), up to a constant.

    Given the line's effect the states are an autoregression with variance 1 - line_var; the
    effect is integrated out by the matrix determinant lemma.
    """
    rho = np.power(correlation, steps.gap) * np.where(steps.changed, kept, 1.0)
    rho = np.where(steps.first, 0.0, np.minimum(rho, 0.999))
    spread = np.sqrt((1.0 - rho**2) * (1.0 - line_var))
    before = np.concatenate([[0.0], state[:-1]])
    innovation = (state - rho * before) / spread
    ones = (1.0 - rho) / spread  # the line effect as the innovations see it
    n = int(steps.team.max()) + 1
    squares = np.bincount(steps.team, innovation**2, n)
    cross = np.bincount(steps.team, innovation * ones, n)
    weight = 1.0 + line_var * np.bincount(steps.team, ones**2, n)
    logs = np.bincount(steps.team, np.log(spread), n)
    return -0.5 * (squares - line_var * cross**2 / weight + np.log(weight)) - logs
