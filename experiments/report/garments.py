"""Cards with garments: a picture, a stripe in its product's colour, a few lines beneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from experiments.report.canvas import lay_axes, shorten_text
from experiments.report.palette import GREY, product_colours
from factory_env.domain.design import SIDE_PX

CARD_IN: Final = 1.72  # width of a card
TITLE_SIZE: Final = 8.5
LINE_SIZE: Final = 7.0
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
        1.0 - 0.32 / height,
        title,
        fontsize=14,
        fontweight="bold",
        color=INK,
    )
    at = 0.25 / figure.get_figwidth(), 1.0 - 0.44 / height
    figure.text(*at, subtitle, fontsize=9.0, color=GREY, va="top")
    axes = lay_axes(figure, left=0.0, right=0.0, top=0.0, bottom=0.0)
    axes.axis("off")
    colours = product_colours(card.product for row in rows for card in row if card.product)
    for r, row in enumerate(rows):
        for c, card in enumerate(row):
            left = 0.25 + c * CARD_IN + 0.06
            bottom = height - 0.85 - (r + 1) * card_height + 0.12
            place = Place(left=left, bottom=bottom, height=card_height - 0.12)
            _draw(axes, card, place, colours.get(card.product, GREY))
    axes.set(xlim=(0.0, figure.get_figwidth()), ylim=(0.0, height))  # pictures set their own
    return figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a card lies on the sheet [inches]."""

    left: float
    bottom: float
    height: float
    width: float = CARD_IN - 0.12

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.bottom + self.height


def _draw(axes: Axes, card: Card, place: Place, colour: str) -> None:
    """One card; all cards share their axes, which count inches."""
    alpha = PALE if card.is_pale else 1.0
    left, top, width = place.left, place.top, place.width
    paper: dict[str, Any] = {"linewidth": 0, "zorder": 1}
    _box(axes, (left, place.bottom), width, place.height, facecolor=PAPER, **paper)
    _box(axes, (left, top - 0.05), width, 0.05, facecolor=colour, linewidth=0, zorder=2)
    cloth = np.clip(card.picture / 255.0, 0.0, 1.0)
    shade = np.dstack([np.full((*cloth.shape, 3), 0.13), np.clip(cloth * 1.1, 0.0, 1.0) * alpha])
    side = width - 0.26
    axes.imshow(
        shade,
        extent=(left + 0.13, left + width - 0.13, top - 0.16 - side, top - 0.16),
        interpolation="bicubic",
        aspect="auto",
        zorder=3,
    )
    ink = GREY if card.is_pale else INK
    room = width - 0.16
    y = top - 0.16 - side - 0.14
    look: dict[str, Any] = {"color": ink, "va": "center", "zorder": 4, "parse_math": False}
    title = shorten_text(card.title, TITLE_SIZE, room)
    axes.text(left + 0.09, y, title, fontsize=TITLE_SIZE, fontweight="bold", **look)
    for i, line in enumerate(card.lines):
        words = shorten_text(line, LINE_SIZE, room)
        axes.text(left + 0.09, y - 0.17 * (i + 1), words, fontsize=LINE_SIZE, **look)
    if card.bar is not None:
        at, whole = (left + 0.09, place.bottom + 0.06), width - 0.18
        _box(axes, at, whole, 0.05, facecolor="#E3E1DB", linewidth=0, zorder=2)
        _box(axes, at, whole * card.bar, 0.05, facecolor=colour, linewidth=0, zorder=3)


def _box(axes: Axes, corner: tuple[float, float], width: float, height: float, **look: Any) -> None:
    axes.add_patch(Rectangle(corner, width, height, **look))
