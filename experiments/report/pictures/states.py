"""Where operators' minutes went, line by line: one bar a line, eight states that fill it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from experiments.report.canvas import lay_axes, legend_below, shorten_text, text_width_in
from experiments.report.finished_run import FinishedRun
from experiments.report.idle_lines import empty_share
from experiments.report.palette import CHANGEOVER, ink_colour, save

Floats = NDArray[np.float64]
# state -> (label, colour); Okabe and Ito, good work in blue, losses in warm colours
SHOWN: Final[dict[str, tuple[str, str]]] = {
    "work": ("sewing", "#0072B2"),
    "learning": ("sewing, lost to learning", "#56B4E9"),
    "setup": ("changing style or colour", CHANGEOVER),
    "waiting": ("waiting for a bundle: uneven operations, line filling or running out", "#BBBBBB"),
    "empty": ("line without an order", "#EEEEEE"),
    "blocked": ("blocked: gate is full", "#CC79A7"),
    "down": ("out of order", "#D55E00"),
    "absent": ("absent", "#E69F00"),
}
LEAST_LABEL: Final = 0.04  # shares below get no number
LEAST_SHOWN: Final = 0.0005  # smaller ones on all lines are not in the legend
WIDTH_IN: Final = 12.0
NAME_IN: Final = 2.4


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``states.png``: shares of the minutes on duty (shift and overtime), 100 % in all."""
    names = [shorten_text(name, 9.0, NAME_IN) for name in run.log.lines]
    shares = state_shares(run)
    shown = [name for name in SHOWN if shares[name].max(initial=0.0) > LEAST_SHOWN]
    figure = Figure(figsize=(WIDTH_IN, 1.75 + 0.4 * len(names)))
    left = max([text_width_in(name, 9.0) for name in names], default=0.5) + 0.2
    axes = lay_axes(figure, left=left, right=0.3, top=0.42, bottom=1.15)
    begin = np.zeros(len(names))
    for name in shown:
        _stack(axes, name, begin, shares[name])
        begin = begin + shares[name]
    axes.set_yticks(range(len(names)), names, fontsize=9, parse_math=False)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks(np.linspace(0.0, 1.0, 6), [f"{share} %" for share in range(0, 101, 20)])
    axes.set_xlabel("share of operators' time on duty (shift and overtime)")
    axes.set_title("Where the operators' time went", loc="left", fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    legend_below(figure, [Patch(color=SHOWN[n][1], label=SHOWN[n][0]) for n in shown], columns=4)
    yield save(figure, folder / "states.png")


def state_shares(run: FinishedRun) -> dict[str, Floats]:
    """Share of every state by line, shape (lines,); what is starved in the log is told in two.

    A line without an order has nothing to do. With one, its operators still wait for bundles: the
    slowest operation sets the pace of all, and a change empties the line and fills it again.
    """
    table, lines = run.log.tables["states"], range(len(run.log.lines))

    def minutes(name: str) -> Floats:
        spent = table[f"{name}_min"]
        return np.array([spent[table["line"] == i].sum() for i in lines])

    logged = {name: minutes(name) for name in SHOWN if name not in ("waiting", "empty")}
    starved = minutes("starved")
    here = sum(logged[name] for name in ("work", "learning", "setup")) + starved
    empty = np.minimum(starved, here * np.array([empty_share(run, i) for i in lines]))
    parts = logged | {"waiting": starved - empty, "empty": empty}
    duty = np.maximum(np.sum(list(parts.values()), axis=0), 1e-9)
    return {name: parts[name] / duty for name in SHOWN}


def _stack(axes: Axes, state: str, left: Floats, share: Floats) -> None:
    """One state of all lines, with its share where there is room."""
    _, colour = SHOWN[state]
    look: dict[str, Any] = {"height": 0.7, "edgecolor": "white", "linewidth": 0.6}
    axes.barh(range(len(share)), share, left=left, color=colour, **look)
    for y, (begin, width) in enumerate(zip(left, share, strict=True)):
        if width >= LEAST_LABEL:
            middle, ink = begin + width / 2, ink_colour(colour)
            axes.text(middle, y, f"{width:.0%}", ha="center", va="center", fontsize=8, color=ink)


PLUG = draw
