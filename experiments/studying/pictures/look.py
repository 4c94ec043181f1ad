"""What the pictures of a study share: a colour for each policy, names that fit, room for words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.report.canvas import lay_axes, shorten_text, text_width_in

NAME_SIZE: Final = 9.5
NAME_IN: Final = 2.6
ROW_IN: Final = 0.34
WIDTH_IN: Final = 11.0
# Okabe and Ito's palette without its yellow, then Paul Tol's muted scheme
COLOURS: Final = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#000000",
    "#882255",
    "#44AA99",
    "#999933",
    "#332288",
    "#AA4499",
)
STYLES: Final = ("-", "--", ":", "-.")


def give_colours(policies: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Colour and line style of every policy, so that lines that lie on each other are both seen."""
    return {
        policy: (COLOURS[i % len(COLOURS)], STYLES[i % len(STYLES)])
        for i, policy in enumerate(policies)
    }


def open_rows(names: list[str], panels: int, top_in: float = 0.75) -> tuple[Figure, list[Axes]]:
    """Panels beside each other with a row for each name, the first on top."""
    figure = Figure(figsize=(WIDTH_IN, top_in + 0.65 + ROW_IN * max(1, len(names))))
    shown = [shorten_text(name, NAME_SIZE, NAME_IN) for name in names]
    left = max((text_width_in(name, NAME_SIZE) for name in shown), default=1.0) + 0.25
    width, gap = (WIDTH_IN - left - 0.2) / panels, 0.25
    axes = [
        lay_axes(
            figure,
            left=left + i * width,
            right=0.2 + (panels - 1 - i) * width + (gap if i < panels - 1 else 0.0),
            top=top_in,
            bottom=0.55,
        )
        for i in range(panels)
    ]
    for i, panel in enumerate(axes):
        panel.set_ylim(len(names) - 0.5, -0.5)
        words = shown if i == 0 else [""] * len(names)
        panel.set_yticks(range(len(names)), words, fontsize=NAME_SIZE, parse_math=False)
        panel.spines[["top", "right"]].set_visible(False)
    return figure, axes


def write_title(figure: Figure, words: str) -> None:
    """In the upper left corner."""
    at = 1 - 0.28 / figure.get_figheight()
    figure.text(0.1 / WIDTH_IN, at, words, fontsize=12, fontweight="bold", parse_math=False)


def write_beside(axes: Axes, at: float, row: int, words: str, colour: str = "black") -> None:
    """Words right of a mark; no line runs through them."""
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    axes.annotate(
        words,
        (at, row),
        (6, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        color=colour,
        bbox=ground,
    )


def leave_room(axes: Axes, share: float) -> None:
    """Room right of the last mark, for words: a share of the panel."""
    low, high = axes.get_xlim()
    axes.set_xlim(low, low + (high - low) / (1 - share))
