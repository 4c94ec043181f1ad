"""What is measured on team-days, real or simulated: the same functions for both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.calibrating.learning_curve import pooled_curve
from experiments.calibrating.team_days import TeamDays

Floats = NDArray[np.float64]
SAME = 1e-9  # values that are no farther apart are equal


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Productivity of team-days in a few numbers."""

    mean: float
    sd: float
    q05: float
    lag1: float  # correlation of following working days within a team, team means removed
    style_drop: float  # fall on the day of a style change against other days, share
    recovery_days: float  # in which 63 % of the fall is made good, exponential fit
    day_loss: float  # of that fit: share of the settled level missing on the first day
    changes: int


def moments_of(days: TeamDays) -> Moments:
    """Measure team-days."""
    productivity, is_new = days.productivity, days.is_new
    known = days.age >= 0
    settled, first, tau = pooled_curve(days.age[known], productivity[known])
    return Moments(
        mean=float(productivity.mean()),
        sd=float(productivity.std()),
        q05=float(np.quantile(productivity, 0.05)),
        lag1=lag_correlation(days, 1),
        style_drop=1.0 - float(productivity[is_new].mean() / productivity[~is_new].mean()),
        recovery_days=tau,
        day_loss=1.0 - first / settled,
        changes=int(is_new.sum()),
    )


def lag_correlation(days: TeamDays, lag: int, values: Floats | None = None) -> float:
    """Correlation ``lag`` working days apart within teams, each team's mean removed.

    ``values``: productivity if not given.
    """
    values = days.productivity if values is None else values
    n = days.teams
    mean = np.bincount(days.team, values, n) / np.maximum(np.bincount(days.team, minlength=n), 1)
    rest = values - mean[days.team]
    key = days.team * (int(days.day.max()) + lag + 1) + days.day
    at = np.minimum(np.searchsorted(key, key - lag), len(days) - 1)
    pair = (key[at] == key - lag) & (days.day >= lag)
    now, before = rest[pair], rest[at[pair]]
    if now.size < 2 or np.ptp(now) < SAME or np.ptp(before) < SAME:
        return 0.0  # what never varies has no memory
    return float(np.corrcoef(now, before)[0, 1])


def joined(runs: list[TeamDays]) -> TeamDays:
    """Several runs side by side, as if they were one factory with more teams."""
    first = runs[0]
    names = [name for name in first.__slots__ if name != "team"]
    shift = np.cumsum([0] + [run.teams for run in runs[:-1]])
    team = np.concatenate([run.team + s for run, s in zip(runs, shift, strict=True)])
    columns = {name: np.concatenate([getattr(run, name) for run in runs]) for name in names}
    return TeamDays(team=team, **columns)
