"""Draws productivity from fitted numbers: the model that the fits assume, in a few lines of NumPy.

For pictures (drawn beside real) and for the round trip: what is drawn with known numbers must be
fitted back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from experiments.calibrating.team_days import TeamDays
from factory_env.domain.people import DayForm

Floats = NDArray[np.float64]


def drawn_form(days: TeamDays, form: DayForm, rng: np.random.Generator) -> Floats:
    """Form of every team-day, shape (n,); `factory_env/sim/days/luck.py` draws the same process."""
    curve = np.asarray(form.quantiles)
    effect = rng.standard_normal(days.teams)
    shocks = rng.standard_normal(len(days))
    out = np.empty(len(days))
    state = 0.0
    for i in range(len(days)):
        is_first = i == 0 or days.team[i] != days.team[i - 1]
        gap = 1 if is_first else int(days.day[i] - days.day[i - 1])
        rho = 0.0 if is_first else form.correlation**gap
        if days.is_new[i]:
            rho *= form.after_change
        state = rho * state + np.sqrt(1.0 - rho * rho) * shocks[i]
        between = form.line_sd
        out[i] = between * effect[days.team[i]] + np.sqrt(1.0 - between * between) * state
    return np.interp(ndtr(out), np.linspace(0.0, 1.0, curve.shape[0]), curve)


def drawn_productivity(
    days: TeamDays, level: float, learned: Floats, form: DayForm, rng: np.random.Generator
) -> Floats:
    """Productivity of every team-day; ``learned`` (n,) is the factor of the learning curve."""
    return level * learned * drawn_form(days, form, rng)
