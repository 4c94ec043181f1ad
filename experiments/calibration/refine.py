"""Matches the simulation to the records: the method of simulated moments.

The direct fits take a style change, a line's filling, stops and noise for part of learning and
form. The simulation makes all of these by itself. So the records are replayed, the replay is
measured as the records are, and level, learning curve and form are moved until it measures alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from experiments.calibration.moments import Moments, joined, moments_of
from experiments.calibration.replay import replay
from experiments.calibration.team_days import TeamDays
from factory_env.domain.people import Curve, DayForm, People

ROUNDS = 10
SEEDS = (11, 12, 13)  # the same luck in every round, so that only the numbers differ
TAU_DAYS = (0.5, 8.0)
MOST_CORRELATION = 0.92  # beyond, a team's days differ too little within a quarter to be seen
FORM_SHARE = (0.1, 1.5)
NOTICEABLE = {"mean": 0.01, "sd": 0.02, "lag1": 0.1, "day_loss": 0.03, "recovery_days": 0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refined:
    """People with which the simulation measures like the records."""

    people: People
    form_share: float  # of the direct fit's spread that is left to the form of the day
    records: Moments
    before: Moments  # the simulation with the direct fits
    after: Moments


def refined(
    days: TeamDays,
    plant: Mapping[str, Any],
    scenario: Mapping[str, Any],
    start: People,
    day_min: float,
) -> Refined:
    """Move level, learning and form until the replay measures like ``days``.

    The best round counts: that with the smallest sum of squared relative misses.
    """
    records = moments_of(days)
    step = _Step(start=start)
    rounds: list[tuple[_Step, Moments]] = []
    for _ in range(ROUNDS):
        world = replay(days, plant, scenario, step.people(), day_min)
        found = moments_of(joined([world.run(seed) for seed in SEEDS]))
        rounds.append((step, found))
        step = step.towards(records, found)
    best, after = min(rounds, key=lambda item: _miss(item[1], records))
    return Refined(
        people=best.people(),
        form_share=best.form_share,
        records=records,
        before=rounds[0][1],
        after=after,
    )


def _miss(found: Moments, records: Moments) -> float:
    return sum(_missed(records, found, name) ** 2 for name in NOTICEABLE)


def _missed(records: Moments, found: Moments, name: str) -> float:
    return float((getattr(records, name) - getattr(found, name)) / NOTICEABLE[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One point of the search, relative to the direct fits."""

    start: People
    speed: float = 1.0  # x grade efficiencies
    loss: float = 1.0  # x first_day_loss
    tau: float = 1.0  # x tau_days
    form_share: float = 1.0  # of the form's spread around 1
    correlation: float | None = None  # None = the direct fit's

    def people(self) -> People:
        start, form = self.start, self.start.form
        efficiencies = tuple(round(e * self.speed, 4) for e in start.grades.efficiencies)
        quantiles = tuple(round(1.0 + self.form_share * (q - 1.0), 4) for q in form.quantiles)
        return replace(
            start,
            grades=replace(start.grades, efficiencies=efficiencies),
            form=replace(form, quantiles=quantiles, correlation=round(self._correlation(form), 4)),
            learning=self._curve(),
        )

    def _correlation(self, form: DayForm) -> float:
        return form.correlation if self.correlation is None else self.correlation

    def _curve(self) -> Curve | None:
        curve = self.start.learning
        if curve is None:
            return None
        return Curve(
            first_day_loss=round(float(np.clip(curve.first_day_loss * self.loss, 0.0, 0.9)), 4),
            tau_days=round(float(np.clip(curve.tau_days * self.tau, *TAU_DAYS)), 3),
        )

    def towards(self, records: Moments, found: Moments) -> _Step:
        """The next point: every number moved by the moment that it moves most."""
        z = np.arctanh(self._correlation(self.start.form))
        z += 0.7 * (np.arctanh(min(records.lag1, 0.98)) - np.arctanh(min(found.lag1, 0.98)))
        # more form means more spread and more memory; where both miss, they share the miss
        pull = _missed(records, found, "sd") + _missed(records, found, "lag1")
        return replace(
            self,
            speed=self.speed * _ratio(records.mean, found.mean),
            loss=self.loss * _ratio(records.day_loss, found.day_loss) ** 0.8,
            tau=self.tau * _ratio(records.recovery_days, found.recovery_days) ** 0.5,
            form_share=float(np.clip(self.form_share * np.exp(0.15 * pull), *FORM_SHARE)),
            correlation=float(np.clip(np.tanh(z), 0.0, MOST_CORRELATION)),
        )


def _ratio(a: float, b: float) -> float:
    return float(np.clip(a / max(b, 1e-3), 0.5, 2.0))
