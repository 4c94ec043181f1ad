"""What a decision takes against what it saves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from experiments.report.canvas import lay_axes, save
from experiments.studying.pictures.look import WIDTH_IN, give_colours, write_title

LEAST_MS: Final = 1e-3  # of a decision, on a logarithmic axis


def draw_times(results: Mapping[str, Any], path: Path) -> Path | None:
    """A point a policy; None if nobody has played everything."""
    ratios = {row["policy"]: row["ratio"] for row in results["tables"]["aggregates"]}
    if not ratios:
        return None
    colours = give_colours(results["policies"])
    figure = Figure(figsize=(WIDTH_IN, 4.2))
    axes = lay_axes(figure, left=0.8, right=0.3, top=0.6, bottom=0.65)
    for policy, ratio in ratios.items():
        spent = [row["cpu_ms_per_decision"] for row in results["times"] if row["policy"] == policy]
        ms = max(LEAST_MS, sum(spent) / len(spent))
        axes.plot(ms, ratio, "o", color=colours[policy][0], markersize=8)
        axes.annotate(policy, (ms, ratio), xytext=(7, 4), textcoords="offset points", fontsize=9)
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    axes.set_xlim(low / 3, high * 8)  # room for the names
    axes.xaxis.set_major_formatter(FuncFormatter(lambda ms, _: f"{ms:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(alpha=0.25, which="both")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel("milliseconds of processor time per decision, median run")
    axes.set_ylabel("cost / cost of the baseline")
    write_title(figure, "What a decision takes, and what it saves: further down is cheaper")
    return save(figure, path)
