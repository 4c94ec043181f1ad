"""Every policy over all scenarios: ratio of costs, and how often it is cheaper."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes

from experiments.report.canvas import save
from experiments.studying.pictures.look import (
    give_colours,
    leave_room,
    open_rows,
    write_beside,
    write_title,
)


def draw_aggregates(results: Mapping[str, Any], path: Path) -> Path | None:
    """Cheapest on top; None if nobody has played everything."""
    rows = results["tables"]["aggregates"]
    if not rows:
        return None
    colours = give_colours(results["policies"])
    figure, (ratios, odds) = open_rows([row["policy"] for row in rows], panels=2)
    for i, row in enumerate(rows):
        colour = colours[row["policy"]][0]
        _mark(ratios, i, row, "ratio", colour, 3)
        _mark(odds, i, row, "improvement", colour, 2)
    ratios.axvline(1.0, color="black", linewidth=0.8, zorder=0)
    odds.axvline(0.5, color="black", linewidth=0.8, zorder=0)
    leave_room(ratios, 0.3)
    odds.set_xlim(-0.03, 1.03)
    leave_room(odds, 0.25)
    odds.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0])
    baseline = str(results["baseline"]).replace("_", " ")
    ratios.set_xlabel(f"cost / cost of the {baseline}, interquartile mean, 95 % interval")
    odds.set_xlabel(f"probability of costing less than the {baseline}")
    write_title(figure, f"{results['title']}: all scenarios together")
    return save(figure, path)


def _mark(axes: Axes, at: int, row: Mapping[str, Any], key: str, colour: str, digits: int) -> None:
    value, low, high = row[key], row[f"{key}_ci_low"], row[f"{key}_ci_high"]
    axes.plot([low, high], [at, at], color=colour, linewidth=2.5, solid_capstyle="butt")
    axes.plot(value, at, "o", color=colour, markersize=6)
    write_beside(axes, high, at, f"{value:.{digits}f}")
