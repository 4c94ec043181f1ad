"""Absence as daily records show it: people present against the team's full strength.

Full strength is the largest number of people within some days around. A team that lends or
borrows people for a style is not absent: rows far from the team's usual strength are left out.
A team that is never complete within these days looks complete. The fit therefore looks for the
numbers with which *drawn* absence, seen in the same way, looks like the records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr
from scipy.stats import spearmanr

from experiments.calibrating.intervals import Estimate, with_intervals
from experiments.calibrating.team_days import TeamDays

Floats = NDArray[np.float64]
AROUND_DAYS = 5  # working days before and after
MOVED = 0.2  # further from the usual strength = people were moved between teams
DRAWN = 8  # times absence is drawn to see what the fit makes of it
STEPS = 12  # of the search
LIMITS = {
    "mean": (0.0, 1.0),
    "concentration": (1.0, 1e4),
    "after_day_off_factor": (0.0, 20.0),
    "correlation": (0.0, 1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceFit:
    """Fitted parameters of `factory_env.domain.people.Absence`."""

    mean: Estimate
    concentration: Estimate  # of the beta distribution
    after_day_off_factor: Estimate
    correlation: Estimate  # of one working day with the next, on the normal scale
    absent: Floats  # the shares behind it
    rows: int
    moved: int  # rows left out, because people were moved between teams


def fit_absence(days: TeamDays, draws: int, rng: np.random.Generator) -> AbsenceFit:
    """Fit by moments, corrected for what the way of seeing hides; teams can be drawn again."""
    absent = absent_share(days)
    usable = ~np.isnan(absent)
    seen = _Moments.of(days, absent, usable)
    hidden = _hidden(days, usable, seen.fit(np.ones(len(days))), rng)

    def fit(weights: Floats) -> Mapping[str, float]:
        found = _scale(seen.fit(weights[days.team])) + hidden
        return _natural(found)

    found = with_intervals(fit, days.teams, draws, rng, LIMITS)
    return AbsenceFit(
        **found, absent=absent[usable], rows=int(usable.sum()), moved=int((~usable).sum())
    )


def _hidden(
    days: TeamDays, usable: NDArray[np.bool_], seen: Mapping[str, float], rng: np.random.Generator
) -> Floats:
    """Truth minus what is seen of it, on the scale of `_scale`, found by drawing."""
    shocks = rng.standard_normal((DRAWN, len(days)))
    target = _scale(seen)
    truth = target.copy()
    for _ in range(STEPS):
        now = np.zeros_like(truth)
        for shock in shocks:
            drawn = replace(days, workers=1.0 - drawn_absence(days, _natural(truth), shock))
            share = np.where(usable, absent_share(drawn), np.nan)
            now += _scale(_Moments.of(days, share, ~np.isnan(share)).fit(np.ones(len(days))))
        truth = truth + 0.8 * (target - now / DRAWN)
    return truth - target


def drawn_absence(days: TeamDays, numbers: Mapping[str, float], shocks: Floats) -> Floats:
    """Absent share of every team-day, from standard normal ``shocks`` of shape (n,)."""
    rho, k = numbers["correlation"], numbers["concentration"]
    level = np.where(days.after_off, numbers["after_day_off_factor"], 1.0)
    mean = np.clip(level * numbers["mean"] / level.mean(), 1e-5, 0.9)
    state, same_team = shocks.copy(), np.concatenate([[False], np.diff(days.team) == 0])
    for i in np.flatnonzero(same_team).tolist():
        state[i] = rho * state[i - 1] + np.sqrt(1.0 - rho * rho) * shocks[i]
    return np.asarray(betaincinv(mean * k, (1.0 - mean) * k, ndtr(state)))


def _scale(numbers: Mapping[str, float]) -> Floats:
    """Numbers on scales without limits: logarithms, and Fisher's z of the correlation."""
    return np.array(
        [
            np.log(numbers["mean"]),
            np.log(numbers["concentration"]),
            np.log(max(numbers["after_day_off_factor"], 1e-3)),
            np.arctanh(min(numbers["correlation"], 0.98)),
        ]
    )


def _natural(point: Floats) -> dict[str, float]:
    return {
        "mean": float(min(np.exp(point[0]), 0.5)),
        "concentration": float(np.clip(np.exp(point[1]), 1.0, 1e4)),
        "after_day_off_factor": float(min(np.exp(point[2]), 20.0)),
        "correlation": float(np.clip(np.tanh(point[3]), 0.0, 0.98)),
    }


def absent_share(days: TeamDays) -> Floats:
    """Absent share of every team-day, shape (n,); NaN where people were moved."""
    at = _neighbours(days)
    near = np.where(at >= 0, days.workers[at], np.nan)
    count = (at >= 0).sum(axis=1)
    ranked = np.sort(near, axis=1)  # NaN last
    rows = np.arange(len(days))
    usual = (ranked[rows, (count - 1) // 2] + ranked[rows, count // 2]) / 2.0
    moved = np.abs(days.workers / usual - 1.0) > MOVED
    # strength is that of days with the same usual crew; the largest of them was complete
    alike = (at >= 0) & ~moved[at] & (np.abs(near / usual[:, None] - 1.0) <= MOVED)
    full = np.where(alike, near, 0.0).max(axis=1)
    return np.where(moved, np.nan, 1.0 - days.workers / np.maximum(full, 1e-9))


def _neighbours(days: TeamDays) -> NDArray[np.int64]:
    """Rows of the same team within `AROUND_DAYS`, shape (n, 2 x AROUND_DAYS + 1); -1 = none."""
    steps = np.arange(-AROUND_DAYS, AROUND_DAYS + 1)
    key = days.team * (int(days.day.max()) + 4 * AROUND_DAYS) + days.day
    wanted = key[:, None] + steps[None, :]
    at = np.minimum(np.searchsorted(key, wanted), len(days) - 1)
    return np.where(key[at] == wanted, at, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moments:
    absent: Floats
    usable: NDArray[np.bool_]
    after_off: NDArray[np.bool_]
    pair: NDArray[np.bool_]  # this row and the one before are usable and follow each other

    @classmethod
    def of(cls, days: TeamDays, absent: Floats, usable: NDArray[np.bool_]) -> _Moments:
        pair = days.follows() & usable & np.concatenate([[False], usable[:-1]])
        return cls(absent=absent, usable=usable, after_off=days.after_off, pair=pair)

    def fit(self, weight: Floats) -> dict[str, float]:
        on = self.usable & (weight > 0)
        share, w = self.absent[on], weight[on]
        mean = max(float(np.average(share, weights=w)), 1e-4)
        after = self.after_off[on]
        factor = 1.0
        if after.any() and (~after).any():
            usual = max(float(np.average(share[~after], weights=w[~after])), 1e-4)
            factor = float(np.average(share[after], weights=w[after])) / usual
        level = np.where(after, factor, 1.0)
        level *= mean / np.average(level, weights=w)  # the mean of each kind of day
        variance = max(float(np.average((share - level) ** 2, weights=w)), 1e-8)
        between = float(np.average(level * (1.0 - level), weights=w))
        return {
            "mean": mean,
            "concentration": float(np.clip(between / variance - 1.0, 1.0, 1e4)),
            "after_day_off_factor": factor,
            "correlation": self._correlation(weight),
        }

    def _correlation(self, weight: Floats) -> float:
        """Pearson's on the normal scale from the rank correlation, 2 sin(pi r / 6)."""
        pair = np.flatnonzero(self.pair & (weight > 0))
        pair = np.repeat(pair, weight[pair].astype(np.int64))
        if pair.shape[0] < 3 or np.ptp(self.absent[pair]) == 0.0:
            return 0.0
        rank = float(spearmanr(self.absent[pair], self.absent[pair - 1]).statistic)
        return float(np.clip(2.0 * np.sin(np.pi * rank / 6.0), 0.0, 0.99))
