"""Pictures of a calibration: what the records show, and what was fitted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import beta

from experiments.calibrating.drawn import drawn_productivity
from experiments.calibrating.fits import Fits
from experiments.calibrating.learning_curve import mean_by_age
from experiments.calibrating.moments import lag_correlation
from experiments.calibrating.team_days import TeamDays
from experiments.report.palette import save
from factory_env.domain.people import DayForm

Floats = NDArray[np.float64]
# Okabe and Ito's palette; lines differ by dashes as well
RECORDS, FITTED, OTHER, CHANGED = "#0072B2", "#222222", "#009E73", "#CC79A7"
AGES = 15  # working days after a style change that are drawn
LAGS = 8
DRAWS = 40  # times the fitted model is drawn for a picture


def draw_calibration(fits: Fits, folder: Path, seed: int = 0) -> list[Path]:
    """All pictures; PNG files in ``folder``."""
    rng = np.random.default_rng(seed)
    pictures = [
        draw_distribution(fits, folder, rng),
        draw_day_to_day(fits, folder, rng),
        draw_absence(fits, folder),
    ]
    return [draw_learning(fits, folder), *pictures] if fits.learning is not None else pictures


def draw_learning(fits: Fits, folder: Path) -> Path:
    """Productivity after a style change: means with standard errors, and the curve."""
    figure, axes = _figure(7.5, 4.6)
    fit = fits.learning
    assert fit is not None
    _records_by_age(axes, fits)
    at = np.linspace(0.0, AGES - 1.0, 200)
    curve = fits.level * (1.0 - fit.day_loss.value * np.exp(-at / fit.tau_days.value))
    axes.plot(at, curve, "-", color=FITTED, linewidth=2, label="fitted curve", zorder=2)
    held = fits.held_back
    if held is not None:
        drop = held.free_day_loss.value * np.exp(-at / held.free_tau_days.value)
        free, label = held.free_level.value * (1.0 - drop), "if no target held teams back"
        axes.plot(at, free, "--", color=OTHER, linewidth=1.6, label=label)
    axes.set_xlabel("working days since the team's style changed (0 = day of the change)")
    axes.set_ylabel("productivity, share of standard")
    axes.set_ylim(0.0, 1.2)
    axes.set_title(
        f"Learning: a change costs {fit.day_loss.value:.0%} on its day; "
        f"63 % of it is made up in {fit.tau_days.value:.1f} days ({fit.changes} changes)",
        loc="left",
        fontweight="bold",
        fontsize=11,
    )
    axes.legend(loc="lower right", fontsize=8, framealpha=0.95)
    return save(figure, folder / "learning.png")


def _records_by_age(axes: Axes, fits: Fits) -> None:
    """Every team-day, and the means by day since the change."""
    days = fits.days.rows((fits.days.age >= 0) & (fits.days.age < AGES))
    mean, count = mean_by_age(days, AGES)
    spread = np.array([days.productivity[days.age == k].std() for k in range(AGES)])
    error = spread / np.sqrt(np.maximum(count, 1.0))
    jitter = np.random.default_rng(0).uniform(-0.18, 0.18, len(days))
    axes.plot(
        days.age + jitter,
        days.productivity,
        ".",
        color="#BBBBBB",
        markersize=4,
        label="team-day",
        zorder=1,
    )
    axes.errorbar(
        np.arange(AGES),
        mean,
        yerr=error,
        fmt="o",
        color=RECORDS,
        capsize=3,
        label="mean of the records, +- standard error",
        zorder=3,
    )


def draw_distribution(fits: Fits, folder: Path, rng: np.random.Generator) -> Path:
    """Delivered productivity: records, and the fitted model drawn on the same team-days."""
    figure, axes = _figure(7.5, 4.4)
    days = fits.days
    drawn = np.concatenate([fitted_draw(fits, rng) for _ in range(DRAWS)])
    bins = np.arange(0.1, 1.36, 0.05)
    axes.hist(
        days.productivity,
        bins=bins,
        density=True,
        color=RECORDS,
        alpha=0.45,
        label=f"records ({len(days)} team-days)",
    )
    axes.hist(
        drawn,
        bins=bins,
        density=True,
        histtype="step",
        color=FITTED,
        linewidth=1.8,
        label="as the factory will draw it",
    )
    for values, colour, dash in ((days.productivity, RECORDS, ":"), (drawn, FITTED, "--")):
        axes.axvline(float(values.mean()), color=colour, linestyle=dash, linewidth=1.2)
    axes.set_xlabel("productivity of a team-day, share of standard (vertical lines: means)")
    axes.set_ylabel("density")
    axes.set_title(
        f"Productivity of a team's day: mean {days.productivity.mean():.2f} (spread "
        f"{days.productivity.std():.2f}); fitted {drawn.mean():.2f} ({drawn.std():.2f})",
        loc="left",
        fontweight="bold",
        fontsize=11,
    )
    axes.legend(loc="upper left", fontsize=9)
    return save(figure, folder / "distribution.png")


def draw_day_to_day(fits: Fits, folder: Path, rng: np.random.Generator) -> Path:
    """One working day against the next, and the correlation by lag."""
    figure = Figure(figsize=(10.5, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    _bare(left)
    _bare(right)
    _next_days(left, fits.days)
    _memory(right, fits, rng)
    return save(figure, folder / "day_to_day.png")


def _next_days(axes: Axes, days: TeamDays) -> None:
    pair = np.flatnonzero(days.follows())
    for is_new, colour, mark, label in (
        (False, RECORDS, "o", "same style"),
        (True, CHANGED, "x", "style changed between"),
    ):
        at = pair[days.is_new[pair] == is_new]
        axes.plot(
            days.productivity[at - 1],
            days.productivity[at],
            mark,
            color=colour,
            markersize=4,
            alpha=0.6,
            label=label,
        )
    axes.plot([0.2, 1.2], [0.2, 1.2], "-", color="#AAAAAA", linewidth=1)
    axes.set_xlabel("productivity on a working day")
    axes.set_ylabel("productivity on the next")
    axes.legend(loc="upper left", fontsize=9)
    axes.set_title(
        "Is a good day followed by a good day?", loc="left", fontweight="bold", fontsize=11
    )


def _memory(axes: Axes, fits: Fits, rng: np.random.Generator) -> None:
    """The correlation of the records by lag, and where fitted draws have it."""
    days = fits.days
    lags = np.arange(1, LAGS + 1)
    real = [lag_correlation(days, k) for k in lags.tolist()]
    drawn = np.array(
        [
            [lag_correlation(days, k, values) for k in lags.tolist()]
            for values in (fitted_draw(fits, rng) for _ in range(DRAWS))
        ]
    )
    low, high = np.quantile(drawn, (0.05, 0.95), axis=0)
    axes.fill_between(lags, low, high, color="#CCCCCC", label="fitted: 90 of 100 draws")
    axes.plot(lags, drawn.mean(axis=0), "--", color=FITTED, label="fitted, mean")
    axes.plot(lags, real, "o-", color=RECORDS, label="records")
    axes.axhline(0.0, color="#AAAAAA", linewidth=0.8)
    axes.set_xlabel("working days between two days of a team")
    axes.set_ylabel("correlation of its productivity")
    axes.set_ylim(-0.25, 1.0)
    axes.legend(loc="upper right", fontsize=9)
    axes.set_title("For how long does form last?", loc="left", fontweight="bold", fontsize=11)


def draw_absence(fits: Fits, folder: Path) -> Path:
    """Absent share of a team-day: records and the beta distribution of the fit."""
    figure, axes = _figure(7.5, 4.2)
    fit = fits.absence
    mean, k = fit.mean.value, fit.concentration.value
    edges = np.linspace(0.0, 0.2, 21)
    count = np.histogram(np.minimum(fit.absent, 0.1999), edges)[0] / fit.rows
    middle = (edges[:-1] + edges[1:]) / 2
    axes.bar(middle, count, width=0.0085, color=RECORDS, alpha=0.55, label="records")
    fitted = np.diff(beta.cdf(edges, mean * k, (1.0 - mean) * k))
    axes.plot(
        middle,
        fitted,
        "D--",
        color=FITTED,
        markersize=4,
        label="fitted, with absence that a record hides",
    )
    axes.set_xlabel("share of the team absent (against its most people within 5 working days)")
    axes.set_ylabel("share of team-days")
    axes.set_title(
        f"Absence: mean {mean:.1%}, {fit.rows} team-days; {fit.moved} left out (people moved)",
        loc="left",
        fontweight="bold",
        fontsize=11,
    )
    axes.legend(loc="upper right", fontsize=9)
    return save(figure, folder / "absence.png")


def fitted_draw(fits: Fits, rng: np.random.Generator) -> Floats:
    """The fitted model on the team-days of the records, shape (n,)."""
    form = DayForm(
        enabled=True,
        quantiles=fits.form.quantiles,
        correlation=fits.form.correlation.value,
        line_sd=fits.form.line_sd.value,
        after_change=fits.form.after_change.value,
    )
    learned = (
        np.ones(len(fits.days)) if fits.learning is None else fits.learning.factor(fits.days.age)
    )
    return drawn_productivity(fits.days, fits.level, learned, form, rng)


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    _bare(axes)
    return figure, axes


def _bare(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
