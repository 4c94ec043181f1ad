"""Where operators' minutes went, line by line: one bar a line, eight states that fill it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.report.finished_run import FinishedRun
from experiments.report.palette import CHANGEOVER, save, text_on
from factory_env.domain.records import RunLog

Floats = NDArray[np.float64]
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


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``states.png``: shares of the minutes on duty (shift and overtime), 100 % in all."""
    log = run.log
    figure = Figure(figsize=(11.0, 1.9 + 0.42 * len(log.lines)), layout="constrained")
    axes = figure.subplots()
    minutes = _minutes(log)
    duty = np.maximum(sum(minutes.values()), 1e-9)
    left = np.zeros(len(log.lines))
    for name, spent in minutes.items():
        _stack(axes, log.lines, name, left, spent / duty)
        left = left + spent / duty
    axes.invert_yaxis()
    axes.set_xlim(0.0, 1.0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlabel("share of operators' time on duty (shift and overtime)")
    axes.set_title("Where the operators' time went", loc="left", fontweight="bold")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.legend(loc="outside lower center", ncols=4, fontsize=9, frameon=False)
    yield save(figure, folder / "states.png")


def _minutes(log: RunLog) -> dict[str, Floats]:
    """Minutes of every state by line."""
    table, lines = log.tables["states"], range(len(log.lines))
    return {
        name: np.array([table[f"{name}_min"][table["line"] == i].sum() for i in lines])
        for name in SHOWN
    }


def _stack(axes: Axes, lines: Sequence[str], state: str, left: Floats, share: Floats) -> None:
    """One state of all lines, with its share where there is room."""
    label, colour = SHOWN[state]
    style = {"height": 0.7, "edgecolor": "white", "linewidth": 0.6}
    axes.barh(lines, share, left=left, color=colour, label=label, **style)
    for y, (begin, width) in enumerate(zip(left, share, strict=True)):
        if width >= LEAST_LABEL:
            middle, ink = begin + width / 2, text_on(colour)
            axes.text(middle, y, f"{width:.0%}", ha="center", va="center", fontsize=8, color=ink)


PLUG = draw
