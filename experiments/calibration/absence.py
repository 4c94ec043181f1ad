"""Absence as daily records show it: people present against the team's full strength.

Full strength is the largest number of people within some days around. A team that lends or
borrows people for a style is not absent: rows far from the team's usual strength are left out.
A team that is never complete looks complete, so the mean is a lower bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from experiments.calibration.intervals import Estimate, with_intervals
from experiments.calibration.team_days import TeamDays

Floats = NDArray[np.float64]
AROUND_DAYS = 5  # working days before and after
MOVED = 0.2  # further from the usual strength = people were moved between teams
LIMITS = {"mean": (0.0, 1.0), "concentration": (1.0, 1e4), "after_day_off_factor": (0.0, 20.0),
          "correlation": (0.0, 1.0)}  # fmt: skip


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
    """Fit by moments, team by team so that teams can be drawn again."""
    absent = absent_share(days)
    usable = ~np.isnan(absent)
    rows = _Moments.of(days, absent, usable)

    def fit(weights: Floats) -> Mapping[str, float]:
        return rows.fit(weights[days.team])

    found = with_intervals(fit, days.teams, draws, rng, LIMITS)
    return AbsenceFit(
        **found, absent=absent[usable], rows=int(usable.sum()), moved=int((~usable).sum())
    )


def absent_share(days: TeamDays) -> Floats:
    """Absent share of every team-day, shape (n,); NaN where people were moved."""
    absent = np.full(len(days), np.nan)
    for team in range(days.teams):
        at = np.flatnonzero(days.team == team)
        near = np.abs(days.day[at][:, None] - days.day[at][None, :]) <= AROUND_DAYS
        workers = days.workers[at]
        usual = np.array([np.median(workers[row]) for row in near])
        sound = np.abs(workers / usual - 1.0) <= MOVED
        # strength is that of days with the same usual crew; the largest of them was complete
        full = np.array([
            workers[row & sound & (np.abs(workers / u - 1.0) <= MOVED)].max(initial=0.0)
            for row, u in zip(near, usual, strict=True)
        ])  # fmt: skip
        absent[at[sound]] = np.maximum(0.0, 1.0 - workers[sound] / full[sound])
    return absent


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
