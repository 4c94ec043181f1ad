"""Pictures of real and simulated team-days side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.calibrating.learning_curve import pooled_curve
from experiments.calibrating.team_days import TeamDays
from experiments.report.palette import save

Floats = NDArray[np.float64]
# Okabe and Ito's palette; lines differ by dashes as well
EARLY, MARCH, SIMULATED = "#0072B2", "#CC79A7", "#222222"
AGES = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Team-days that are drawn side by side."""

    calibrated: TeamDays  # January and February
    march: TeamDays
    simulated: TeamDays


def draw_distributions(days: Compared, path: Path) -> Path:
    """Histogram and cumulative curve of productivity."""
    figure = Figure(figsize=(11.0, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    bins = np.arange(0.1, 1.31, 0.05)
    for name, part, colour, dash in (
        ("real, January and February", days.calibrated, EARLY, "--"),
        ("real, March", days.march, MARCH, ":"),
        ("simulated", days.simulated, SIMULATED, "-"),
    ):
        values = part.productivity
        label = f"{name} ({len(part):,} team-days)"
        left.hist(
            values,
            bins=bins,
            density=True,
            histtype="step",
            color=colour,
            linestyle=dash,
            linewidth=1.9,
            label=label,
        )
        right.plot(
            np.sort(values),
            np.linspace(0.0, 1.0, len(part)),
            dash,
            color=colour,
            linewidth=1.9,
            label=f"{name}: mean {values.mean():.3f}",
        )
    for axes in (left, right):
        _bare(axes)
        axes.set_xlim(0.1, 1.3)
        axes.set_xlabel("productivity of a team-day, share of standard")
        axes.legend(loc="upper left", fontsize=8)
    left.set_ylabel("density")
    right.set_ylabel("share of team-days below")
    left.set_title("How productive a day is", loc="left", fontweight="bold", fontsize=11)
    right.set_title("The same, added up", loc="left", fontweight="bold", fontsize=11)
    return save(figure, path)


def draw_learning(days: Compared, path: Path) -> Path:
    """Mean productivity by working days since a style change, with the exponential fits."""
    figure = Figure(figsize=(7.5, 4.4), layout="constrained")
    axes = figure.subplots()
    _bare(axes)
    real_age = np.concatenate([days.calibrated.age, days.march.age])
    real = np.concatenate([days.calibrated.productivity, days.march.productivity])
    simulated = days.simulated
    at = np.linspace(0.0, AGES - 1.0, 200)
    for name, age, values, colour, mark, dash in (
        ("real", real_age, real, EARLY, "o", "--"),
        ("simulated", simulated.age, simulated.productivity, SIMULATED, "s", "-"),
    ):
        known = age >= 0
        settled, first, tau = pooled_curve(age[known], values[known])
        means = [values[age == k].mean() for k in range(AGES)]
        errors = [values[age == k].std() / np.sqrt((age == k).sum()) for k in range(AGES)]
        points = f"{name}, mean +- standard error ({(age == 0).sum():,} changes)"
        axes.errorbar(
            range(AGES), means, yerr=errors, fmt=mark, color=colour, capsize=3, label=points
        )
        fit = f"{name}, fit: {first:.2f} to {settled:.2f}, tau {tau:.1f} days"
        curve = settled - (settled - first) * np.exp(-at / tau)
        axes.plot(at, curve, dash, color=colour, label=fit)
    axes.set_ylim(0.4, 0.9)
    axes.set_xlabel("working days since the team's style changed (0 = day of the change)")
    axes.set_ylabel("productivity, share of standard")
    axes.set_title("Learning after a style change", loc="left", fontweight="bold", fontsize=11)
    axes.legend(loc="lower right", fontsize=8)
    return save(figure, path)


def _bare(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
