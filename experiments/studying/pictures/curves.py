"""Learning curves: cost on validation seeds against decisions and against minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.report.canvas import lay_axes, legend_below, save
from experiments.studying.pictures.look import WIDTH_IN, give_colours, write_title


def draw_curves(results: Mapping[str, Any], path: Path) -> Path | None:
    """A thin line a training seed, a thick one their mean; None if nobody learned."""
    rows = results["curves"]
    if not rows:
        return None
    colours = give_colours(results["policies"])
    figure = Figure(figsize=(WIDTH_IN, 4.6))
    left = lay_axes(figure, left=0.8, right=WIDTH_IN / 2 + 0.1, top=0.6, bottom=0.95)
    right = lay_axes(figure, left=WIDTH_IN / 2 + 0.5, right=0.3, top=0.6, bottom=0.95)
    for policy in dict.fromkeys(row["policy"] for row in rows):
        mine = [row for row in rows if row["policy"] == policy]
        _draw_policy(left, mine, "decisions", colours[policy], policy)
        if all(row["minutes"] is not None for row in mine):
            _draw_policy(right, mine, "minutes", colours[policy], policy)
    left.set_xlabel("decisions learned from")
    right.set_xlabel("minutes of training")
    left.set_ylabel("cost on validation seeds, 1,000 USD a run")
    for axes in (left, right):
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    right.set_ylim(left.get_ylim())
    legend_below(figure, left.get_legend_handles_labels()[0], columns=6)
    write_title(figure, "Learning: validation cost of every training seed, and their mean")
    return save(figure, path)


def _draw_policy(
    axes: Axes, rows: Sequence[Mapping[str, Any]], key: str, look: tuple[str, str], name: str
) -> None:
    colour, style = look
    lines = []
    for seed in dict.fromkeys(row["training_seed"] for row in rows):
        mine = [row for row in rows if row["training_seed"] == seed]
        xs = np.array([row[key] for row in mine], dtype=float)
        ys = np.array([row["validation_usd"] / 1000 for row in mine])
        axes.plot(xs, ys, color=colour, linewidth=0.8, alpha=0.4)
        lines.append((xs, ys))
    last = min(xs[-1] for xs, _ in lines)
    grid = np.linspace(0.0, last, 101)
    mean = np.mean([np.interp(grid, xs, ys) for xs, ys in lines], axis=0)
    axes.plot(grid, mean, style, color=colour, linewidth=2.2, label=name)
