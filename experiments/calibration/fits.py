"""All fits of one set of daily records, in the order in which they need each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.absence import AbsenceFit, fit_absence
from experiments.calibration.day_form import FormFit, fit_form
from experiments.calibration.held_back import HeldBack, fit_held_back
from experiments.calibration.learning_curve import LearningFit, fit_learning
from experiments.calibration.team_days import TeamDays

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """What daily records say about a factory's people."""

    days: TeamDays
    learning: LearningFit | None  # None = too few style changes
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
    rng = np.random.default_rng(seed)
    learning = fit_learning(days, draws, rng)
    factor = np.ones(len(days)) if learning is None else learning.factor(days.age)
    free = days.productivity / factor
    level = float(free.mean())
    relative = free / level
    return Fits(
        days=days,
        learning=learning,
        relative=relative,
        level=level,
        form=fit_form(days, relative, points, draws, rng),
        absence=fit_absence(days, draws, rng),
        held_back=fit_held_back(days, draws, rng),
    )
