"""Cards with garments: a picture, a stripe in its product's colour, a few lines beneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from experiments.report.palette import GREY, product_colour
from factory_env.domain.design import SIDE_PX

CARD_IN: Final = 1.62  # width of a card
PAPER: Final = "#F6F5F2"
INK: Final = "#222222"
PALE: Final = 0.35  # opacity of what nobody ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One garment on a sheet. ``bar`` is a share of the sheet's longest bar, None = no bar."""

    picture: NDArray[np.uint8]  # (28, 28)
    product: str
    title: str
    lines: tuple[str, ...]
    bar: float | None = None
    is_pale: bool = False


def as_picture(grey: bytes) -> NDArray[np.uint8]:
    """The bytes of a design as (28, 28)."""
    return np.frombuffer(grey, dtype=np.uint8).reshape(SIDE_PX, SIDE_PX)


def sheet(title: str, subtitle: str, rows: Sequence[Sequence[Card]]) -> Figure:
    """Rows of cards under a title; rows may be of different length."""
    columns = max(len(row) for row in rows)
    text_lines = max(len(card.lines) for row in rows for card in row) + 1
    card_height = CARD_IN + 0.17 * text_lines + 0.2
    width, height = columns * CARD_IN + 0.5, len(rows) * card_height + 0.85
    figure = Figure(figsize=(max(width, 7.0), height), facecolor="white")
    figure.text(
        0.25 / figure.get_figwidth(),
        1.0 - 0.36 / height,
        title,
        fontsize=14,
        fontweight="bold",
        color=INK,
    )
    figure.text(
        0.25 / figure.get_figwidth(), 1.0 - 0.62 / height, subtitle, fontsize=9.5, color=GREY
    )
    for r, row in enumerate(rows):
        for c, card in enumerate(row):
            left = 0.25 + c * CARD_IN + 0.06
            bottom = height - 0.85 - (r + 1) * card_height + 0.12
            box = (left, bottom, CARD_IN - 0.12, card_height - 0.12)
            size = (figure.get_figwidth(), height)
            spot = [box[0] / size[0], box[1] / size[1], box[2] / size[0], box[3] / size[1]]
            _draw(figure.add_axes((spot[0], spot[1], spot[2], spot[3])), card, box[3] / box[2])
    return figure


def _draw(axes: Axes, card: Card, ratio: float) -> None:
    """One card in units of its own width; ``ratio`` is its height."""
    alpha = PALE if card.is_pale else 1.0
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, ratio)
    axes.axis("off")
    axes.add_patch(Rectangle((0.0, 0.0), 1.0, ratio, facecolor=PAPER, linewidth=0))
    colour = product_colour(card.product)
    axes.add_patch(Rectangle((0.0, ratio - 0.035), 1.0, 0.035, facecolor=colour, linewidth=0))
    cloth = np.clip(card.picture / 255.0, 0.0, 1.0)
    shade = np.dstack([np.full((*cloth.shape, 3), 0.13), np.clip(cloth * 1.1, 0.0, 1.0) * alpha])
    axes.imshow(
        shade,
        extent=(0.08, 0.92, ratio - 0.95, ratio - 0.11),
        interpolation="bicubic",
        aspect="auto",
        zorder=2,
    )
    top = ratio - 1.04
    ink = GREY if card.is_pale else INK
    axes.text(0.06, top, card.title, fontsize=8.5, fontweight="bold", color=ink, va="center")
    for i, line in enumerate(card.lines):
        axes.text(0.06, top - 0.113 * (i + 1), line, fontsize=6.9, color=ink, va="center")
    if card.bar is not None:
        y = 0.035
        axes.add_patch(Rectangle((0.06, y), 0.88, 0.035, facecolor="#E3E1DB", linewidth=0))
        axes.add_patch(Rectangle((0.06, y), 0.88 * card.bar, 0.035, facecolor=colour, linewidth=0))
