"""What the cost of every policy is made of, scenario by scenario."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from experiments.report.canvas import legend_below, legend_height_in, save
from experiments.studying.pictures.look import WIDTH_IN, leave_room, open_rows, write_title

# Okabe and Ito's palette: tells apart for every kind of colour vision
PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "tardiness": ("lateness penalties", "#D55E00"),
    "changeover": ("labour lost in changeovers", "#0072B2"),
    "learning": ("labour lost in learning", "#56B4E9"),
    "holding": ("capital in work in progress", "#999999"),
    "short": ("short shipment", "#000000"),
    "overtime": ("overtime", "#CC79A7"),
    "air": ("air freight", "#882255"),
    "seconds": ("pieces sold as seconds", "#E69F00"),
    "recheck": ("re-checks", "#AA4499"),
    "cancelled": ("cancelled orders", "#661100"),
    "inspection": ("inspection and repair", "#F0E442"),
    "returns": ("returns", "#009E73"),
    "site": ("electricity, fuel, wear of the site", "#E69F00"),
    "lateness": ("lateness penalties and air freight", "#D55E00"),
    "rest": ("the rest", "#BBBBBB"),
}
LEAST_SHOWN: Final = 0.003  # of the highest cost: thinner parts are neither drawn nor named


def draw_parts(results: Mapping[str, Any], scene: str, path: Path) -> Path | None:
    """A bar a policy, cheapest on top; None if nobody has played the scenario."""
    rows = [row for row in results["tables"]["parts"] if row["scenario"] == scene]
    if not rows:
        return None
    keys = [key for key in PARTS if key in rows[0]]
    rows = sorted(rows, key=lambda row: sum(row[key] for key in keys))
    figure, (axes,) = open_rows([row["policy"] for row in rows], panels=1)
    start = np.zeros(len(rows))
    highest = max(sum(row[key] for key in keys) for row in rows)
    for key in keys:
        widths = np.array([row[key] for row in rows])
        label, colour = PARTS[key]
        if np.abs(widths).max() > LEAST_SHOWN * highest:
            axes.barh(
                range(len(rows)),
                widths / 1000,
                left=start / 1000,
                color=colour,
                edgecolor="white",
                linewidth=0.5,
                label=label,
                height=0.68,
            )
        start = start + widths
    for i, total in enumerate(start):
        axes.text(total / 1000, i, f"  {total / 1000:,.1f}", va="center", fontsize=9)
    leave_room(axes, 0.08)
    axes.set_xlabel("1,000 USD a run")
    write_title(figure, f"{scene}: mean cost, by part")
    handles = axes.get_legend_handles_labels()[0]
    _add_legend(figure, axes, handles)
    return save(figure, path)


def _add_legend(figure: Any, axes: Any, handles: Any) -> None:
    """Make the figure higher by the legend, and leave the panel as high as it was."""
    extra, old = legend_height_in(handles, WIDTH_IN, 5), figure.get_figheight()
    box = axes.get_position()
    new = old + extra
    figure.texts[0].set_y(1 - 0.28 / new)
    figure.set_figheight(new)
    axes.set_position((box.x0, (box.y0 * old + extra) / new, box.width, box.height * old / new))
    legend_below(figure, handles, columns=5)
