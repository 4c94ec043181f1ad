"""Matches the simulation to the records: the method of simulated moments.

The direct fits take a style change, a line's filling, stops and noise for part of learning and
form. The simulation makes all of these by itself. So the records are replayed, the replay is
measured as the records are, and level, learning curve and form are moved until it measures alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from experiments.calibrating.moments import Moments, joined, moments_of
from experiments.calibrating.replay import replay
from experiments.calibrating.team_days import TeamDays
from factory_env.domain.people import Curve, People

ROUNDS = 9
AVERAGED = 5  # the last rounds, whose points are averaged: single runs scatter
SEEDS = (11, 12, 13, 14, 15, 16)  # the same luck in every round
FRESH_SEEDS = (21, 22, 23, 24, 25, 26, 27, 28)  # for what is reported of the result
FORM_SHARE = (0.1, 1.5)
NOTICEABLE = {"sd": 0.015, "lag1": 0.15}  # misses that weigh alike, where both cannot be met


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far the search may go: the intervals of the direct fits, lowest and highest."""

    tau_days: tuple[float, float]
    correlation: tuple[float, float]  # of the form of the day


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
    limits: Limits,
    day_min: float,
) -> Refined:
    """Move level, learning and form until the replay measures like ``days``.

    Stochastic approximation: each round moves every number by the moment that it moves most, and
    the last rounds are averaged. The result is measured with luck that the search has not seen.
    """
    records = moments_of(days)

    def measured(step: _Step, seeds: Sequence[int]) -> Moments:
        world = replay(days, plant, scenario, step.people(), day_min)
        return moments_of(joined([world.run(seed) for seed in seeds]))

    tau = 1.0 if start.learning is None else start.learning.tau_days
    steps = [_Step(start=start, limits=limits, tau_days=tau, correlation=start.form.correlation)]
    before = found = measured(steps[0], SEEDS)
    for _ in range(ROUNDS):
        steps.append(steps[-1].towards(records, found))
        found = measured(steps[-1], SEEDS)
    best = _Step.average(steps[-AVERAGED:])
    return Refined(
        people=best.people(),
        form_share=best.form_share,
        records=records,
        before=before,
        after=measured(best, FRESH_SEEDS),
    )


def _missed(records: Moments, found: Moments, name: str) -> float:
    return float((getattr(records, name) - getattr(found, name)) / NOTICEABLE[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One point of the search, relative to the direct fits."""

    start: People
    limits: Limits
    speed: float = 1.0  # x grade efficiencies
    loss: float = 1.0  # x first_day_loss
    tau_days: float
    form_share: float = 1.0  # of the form's spread around 1
    correlation: float

    @classmethod
    def average(cls, steps: Sequence[_Step]) -> _Step:
        """The geometric mean of points."""
        names = ("speed", "loss", "tau_days", "form_share", "correlation")
        mean = {n: float(np.exp(np.mean([np.log(getattr(s, n)) for s in steps]))) for n in names}
        return cls(start=steps[0].start, limits=steps[0].limits, **mean)

    def people(self) -> People:
        start, form = self.start, self.start.form
        efficiencies = tuple(round(e * self.speed, 4) for e in start.grades.efficiencies)
        quantiles = tuple(round(1.0 + self.form_share * (q - 1.0), 4) for q in form.quantiles)
        return replace(
            start,
            grades=replace(start.grades, efficiencies=efficiencies),
            form=replace(form, quantiles=quantiles, correlation=round(self.correlation, 4)),
            learning=self._curve(),
        )

    def _curve(self) -> Curve | None:
        curve = self.start.learning
        if curve is None:
            return None
        return Curve(
            first_day_loss=round(float(np.clip(curve.first_day_loss * self.loss, 0.0, 0.9)), 4),
            tau_days=round(self.tau_days, 3),
        )

    def towards(self, records: Moments, found: Moments) -> _Step:
        """The next point: every number moved by the moment that it moves most."""
        z = np.arctanh(self.correlation)
        z += 0.7 * (np.arctanh(min(records.lag1, 0.98)) - np.arctanh(min(found.lag1, 0.98)))
        # more form means more spread and more memory; where both miss, they share the miss
        pull = _missed(records, found, "sd") + _missed(records, found, "lag1")
        tau = self.tau_days * _ratio(records.recovery_days, found.recovery_days) ** 0.5
        return replace(
            self,
            speed=self.speed * _ratio(records.mean, found.mean),
            loss=self.loss * _ratio(records.day_loss, found.day_loss) ** 0.8,
            tau_days=float(np.clip(tau, *self.limits.tau_days)),
            form_share=float(np.clip(self.form_share * np.exp(0.15 * pull), *FORM_SHARE)),
            correlation=float(np.clip(np.tanh(z), *self.limits.correlation)),
        )


def _ratio(a: float, b: float) -> float:
    return float(np.clip(a / max(b, 1e-3), 0.5, 2.0))
