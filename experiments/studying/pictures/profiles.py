"""Performance profiles: how often a policy comes within a multiple of the cheapest run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from experiments.report.canvas import lay_axes, legend_below, legend_height_in, save
from experiments.studying.pictures.look import WIDTH_IN, give_colours, write_title


def draw_profiles(results: Mapping[str, Any], path: Path) -> Path | None:
    """A curve a policy, the band its 95 % interval; None if nobody has played everything."""
    rows = results["tables"]["profiles"]
    if not rows:
        return None
    colours = give_colours(results["policies"])
    figure = Figure(figsize=(WIDTH_IN, 4.6))
    axes = lay_axes(figure, left=0.75, right=0.3, top=0.6, bottom=0.95)
    for policy in dict.fromkeys(row["policy"] for row in rows):
        mine = [row for row in rows if row["policy"] == policy]
        limits = [row["limit"] for row in mine]
        colour, style = colours[policy]
        axes.plot(limits, [row["share"] for row in mine], style, color=colour, label=policy)
        axes.fill_between(
            limits,
            [row["share_ci_low"] for row in mine],
            [row["share_ci_high"] for row in mine],
            color=colour,
            alpha=0.12,
            linewidth=0,
        )
    open_until = [row["limit"] for row in rows if row["share"] < 1.0]
    axes.set_xlim(1.0, max([1.1, *(x + 0.05 for x in open_until)]))
    axes.set_ylim(0.0, 1.02)
    axes.grid(alpha=0.25)
    axes.set_xlabel("cost / cost of the cheapest run on the same luck")
    axes.set_ylabel("share of runs")
    axes.spines[["top", "right"]].set_visible(False)
    handles = axes.get_legend_handles_labels()[0]
    height = legend_height_in(handles, WIDTH_IN, 6)
    figure.set_figheight(4.3 + height)
    axes.set_position(
        (
            0.75 / WIDTH_IN,
            (0.6 + height) / (4.3 + height),
            1 - 1.05 / WIDTH_IN,
            3.1 / (4.3 + height),
        )
    )
    legend_below(figure, handles, columns=6)
    write_title(figure, "Performance profiles: higher and further left is better")
    return save(figure, path)
