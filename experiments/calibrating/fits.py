"""All fits of one set of daily records, in the order in which they need each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.calibrating.absence import AbsenceFit, fit_absence
from experiments.calibrating.day_form import FormFit, fit_form, flat_form
from experiments.calibrating.held_back import HeldBack, fit_held_back
from experiments.calibrating.learning_curve import LearningFit, fit_learning
from experiments.calibrating.team_days import TeamDays

Floats = NDArray[np.float64]
NO_SPREAD = 1e-6  # a productivity that varies less is a plan, not a measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """What daily records say about a factory's people."""

    days: TeamDays
    learning: LearningFit | None  # None = too few style changes, or nothing ever varies
    relative: Floats  # shape (n,), delivered productivity by level and learning; mean 1
    level: float  # delivered productivity of a settled line on a day of mean form
    form: FormFit
    absence: AbsenceFit
    held_back: HeldBack | None  # None = no targets, or nobody stops at them


def fit_all(days: TeamDays, points: int, draws: int, seed: int) -> Fits:
    """Fit everything.

    Parameters
    ----------
    points
        Points of the quantile curve of the form of the day.
    draws
        Bootstrap draws behind each interval.
    """
    # streams of their own, so that more draws behind an interval change no other number
    rngs = [np.random.default_rng([seed, part]) for part in range(4)]
    is_flat = bool(np.ptp(days.productivity) < NO_SPREAD)
    learning = None if is_flat else fit_learning(days, draws, rngs[0])
    factor = np.ones(len(days)) if learning is None else learning.factor(days.age)
    free = days.productivity / factor
    level = float(free.mean())
    relative = free / level
    return Fits(
        days=days,
        learning=learning,
        relative=relative,
        level=level,
        form=flat_form(points) if is_flat else fit_form(days, relative, points, draws, rngs[1]),
        absence=fit_absence(days, draws, rngs[2]),
        held_back=fit_held_back(days, draws, rngs[3]),
    )
