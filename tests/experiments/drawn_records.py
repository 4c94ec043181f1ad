"""Daily records drawn with known numbers, for round trips through the calibration."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from scipy.special import ndtr
from scipy.stats import beta

from experiments.calibrating.drawn import drawn_productivity
from experiments.calibrating.team_days import UNKNOWN, TeamDays
from factory_env.domain.people import Absence, DayForm

LEVEL, DAY_LOSS, TAU_DAYS = 0.8, 0.3, 2.5
# mean of the curve, linear between: (.5/2 + .8 + .92 + .98 + 1.04 + 1.16 + 1.7/2) / 6 = 1.0
FORM = DayForm(
    enabled=True,
    quantiles=(0.5, 0.8, 0.92, 0.98, 1.04, 1.16, 1.7),
    correlation=0.7,
    line_sd=0.3,
    after_change=0.5,
)
ABSENCE = Absence(mean=0.03, concentration=40.0, after_day_off_factor=1.5, correlation=0.5)
FIRST_DAY = date(2024, 1, 1)  # a Monday; Sundays are off


def drawn_days(teams: int, days: int, seed: int) -> TeamDays:
    """Team-days of a factory with the numbers above; styles last 7 days in the mean."""
    rng = np.random.default_rng(seed)
    n = teams * days
    team, day = np.divmod(np.arange(n), days)
    is_new = (rng.random(n) < 1 / 7) & (day > 0)
    age = np.full(n, UNKNOWN)
    for i in range(n):
        if day[i] > 0 and (is_new[i] or age[i - 1] != UNKNOWN):
            age[i] = 0 if is_new[i] else age[i - 1] + 1
    after_off = (day % 6 == 0) & (day > 0)
    layout = TeamDays(
        team=team,
        day=day,
        after_off=after_off,
        productivity=np.zeros(n),
        target=np.full(n, np.nan),
        smv_min=10.0 + np.cumsum(is_new) % 40,
        workers=_workers(team, after_off, rng),
        is_new=is_new,
        age=age,
    )
    drop = np.where(age >= 0, DAY_LOSS * np.exp(-np.maximum(age, 0) / TAU_DAYS), 0.0)
    drawn = drawn_productivity(layout, LEVEL, 1.0 - drop, FORM, rng)
    return TeamDays(**{f: getattr(layout, f) for f in layout.__slots__} | {"productivity": drawn})


def _workers(team: np.ndarray, after_off: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """People present: 60 less a beta distributed share, correlated from day to day."""
    rho, k = ABSENCE.correlation, ABSENCE.concentration
    mean = np.where(after_off, ABSENCE.after_day_off_factor, 1.0)
    mean *= ABSENCE.mean / mean.mean()
    state = rng.standard_normal(team.shape[0])
    for i in range(1, team.shape[0]):
        if team[i] == team[i - 1]:
            state[i] = rho * state[i - 1] + np.sqrt(1 - rho**2) * state[i]
    return 60.0 * (1.0 - beta.ppf(ndtr(state), mean * k, (1.0 - mean) * k))


def csv_text(days: TeamDays) -> str:
    """The rows as a factory would write them."""
    rows = [
        "date,quarter,department,day,team,targeted_productivity,smv,wip,over_time,incentive,"
        "idle_time,idle_men,no_of_style_change,no_of_workers,actual_productivity"
    ]
    for i in range(len(days)):
        week, weekday = divmod(int(days.day[i]), 6)
        at = FIRST_DAY + timedelta(days=7 * week + weekday)
        rows.append(
            f"{at.isoformat()},Quarter1,sweing ,{at:%A},{days.team[i] + 1},0.8,"
            f"{days.smv_min[i]:.2f},1000,6840,0,0,0,0,{days.workers[i]:.3f},"
            f"{days.productivity[i]:.6f}"
        )
    return "\n".join(rows) + "\n"
