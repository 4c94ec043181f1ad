"""Where operators' minutes went, line by line: one bar a line, eight states that fill it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.figure import Figure

from experiments.report.palette import CHANGEOVER, save, text_on
from factory_env.domain.records import RunLog

# state -> (label, colour); Okabe and Ito, good work in blue, losses in warm colours
SHOWN: Final[dict[str, tuple[str, str]]] = {
    "work": ("sewing", "#0072B2"),
    "learning": ("sewing, lost to learning", "#56B4E9"),
    "setup": ("changing style or colour", CHANGEOVER),
    "starved": ("ready, without work", "#DDDDDD"),
    "blocked": ("blocked: gate is full", "#CC79A7"),
    "down": ("out of order", "#D55E00"),
    "absent": ("absent", "#E69F00"),
}
LEAST_LABEL: Final = 0.04  # shares below get no number


def draw_states(log: RunLog, folder: Path) -> Path:
    """Shares of the minutes on duty (shift and overtime) by line; they add up to 100 %."""
    table = log.tables["states"]
    figure = Figure(figsize=(11.0, 1.9 + 0.42 * len(log.lines)), layout="constrained")
    axes = figure.subplots()
    minutes = {
        name: np.array(
            [table[f"{name}_min"][table["line"] == i].sum() for i in range(len(log.lines))]
        )
        for name in SHOWN
    }
    duty = np.maximum(sum(minutes.values()), 1e-9)
    left = np.zeros(len(log.lines))
    for name, (label, colour) in SHOWN.items():
        share = minutes[name] / duty
        axes.barh(
            log.lines,
            share,
            left=left,
            color=colour,
            label=label,
            height=0.7,
            edgecolor="white",
            linewidth=0.6,
        )
        for y, (begin, width) in enumerate(zip(left, share, strict=True)):
            if width >= LEAST_LABEL:
                axes.text(
                    begin + width / 2,
                    y,
                    f"{width:.0%}",
                    ha="center",
                    va="center",
                    fontsize=8,
                    color=text_on(colour),
                )
        left = left + share
    axes.invert_yaxis()
    axes.set_xlim(0.0, 1.0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlabel("share of operators' time on duty (shift and overtime)")
    axes.set_title("Where the operators' time went", loc="left", fontweight="bold")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.legend(loc="outside lower center", ncols=4, fontsize=9, frameon=False)
    return save(figure, folder / "states.png")
