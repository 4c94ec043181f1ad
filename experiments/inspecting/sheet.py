"""Contact sheet of judged pictures: the picture under its heat map, what the network saw, words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import matplotlib
import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from PIL import Image

from experiments.inspecting.judging import Verdict
from experiments.inspecting.options import InspectOptions
from experiments.inspecting.session import Session
from experiments.report.palette import GREY, LATE, save
from factory_env.learned.inspection.defects import KINDS

COLUMNS: Final = 4
ROWS: Final = 5
TILE_IN: Final = (3.5, 2.3)  # width and height of a tile
HEAD_IN: Final = 1.5
MARGIN_IN: Final = 0.3
PAPER: Final = "#F6F5F2"
INK: Final = "#222222"
SOUND: Final = "#0072B2"  # Okabe and Ito's blue; the words say it as well
HEAT: Final = matplotlib.colormaps["viridis"]
MOST_OPAQUE: Final = 0.75
LONGEST_NAME: Final = 44  # characters

KNOWN: Final = {
    "garment": (
        "It knows one whole garment, shoe or bag on a plain ground. On anything else its "
        "verdict means nothing.",
    ),
    "fabric": (
        "It knows evenly lit fabric close by, and looks for stains alone. On anything else "
        "its verdict means nothing.",
    ),
}


class Line(NamedTuple):
    """Words on a tile, in inches from its lower left corner."""

    x: float
    y: float
    text: str
    size: float
    weight: str
    ink: str
    align: str


def draw_sheets(found: Session, options: InspectOptions, folder: Path) -> list[Path]:
    """``sheet_1.png`` and so on, 20 pictures each, the likeliest defects first."""
    per_page = COLUMNS * ROWS
    pages = [found.shown[i : i + per_page] for i in range(0, len(found.shown), per_page)]
    drawn = []
    for number, verdicts in enumerate(pages, start=1):
        figure = _page(verdicts)
        _head(figure, found, options, f"page {number} of {len(pages)}")
        drawn.append(save(figure, folder / f"sheet_{number}.png"))
    return drawn


def _page(verdicts: Sequence[Verdict]) -> Figure:
    rows = -(-len(verdicts) // COLUMNS)
    width = COLUMNS * TILE_IN[0] + 2 * MARGIN_IN
    height = HEAD_IN + rows * TILE_IN[1] + MARGIN_IN
    figure = Figure(figsize=(width, height), facecolor="white")
    for i, verdict in enumerate(verdicts):
        row, column = divmod(i, COLUMNS)
        left = MARGIN_IN + column * TILE_IN[0]
        bottom = height - HEAD_IN - (row + 1) * TILE_IN[1]
        _tile(figure, verdict, left, bottom)
    return figure


def _head(figure: Figure, found: Session, options: InspectOptions, page: str) -> None:
    width, height = figure.get_size_inches()
    defective = sum(found.defects.values())
    title = f"{defective:,} of {found.pictures:,} pictures called defective"
    share = f"{100 * options.defective_share:.3g} %"
    pixels = " x ".join(map(str, found.shown[0].photo.picture.shape))
    lines = (
        f"Here: the {len(found.shown):,} with the highest probability of a defect, highest first "
        f"({page}). Files not judged: {sum(found.reasons.values()):,}; the table says why.",
        f"Risk: how likely a defect is where {share} of pieces are defective (defective_share=); "
        f"called defective from {100 * options.threshold:.3g} % on (threshold=).",
        "Left: your picture, coloured where a defect would lie if there is one; white line: 50 %."
        f" Right: the {pixels} pixels that the network saw.",
        *KNOWN[options.look],
    )
    figure.text(
        MARGIN_IN / width, 1 - 0.42 / height, title, fontsize=15, fontweight="bold", color=INK
    )
    for i, line in enumerate(lines):
        y = 1 - (0.68 + 0.19 * i) / height
        figure.text(MARGIN_IN / width, y, line, fontsize=9, color=GREY)
    bar = figure.add_axes((1 - 2.6 / width, 1 - 0.45 / height, 2.2 / width, 0.14 / height))
    scale = figure.colorbar(ScalarMappable(cmap=HEAT), cax=bar, orientation="horizontal")
    scale.set_label("how likely a defect lies here", fontsize=8)
    scale.ax.tick_params(labelsize=8)


def _tile(figure: Figure, verdict: Verdict, left: float, bottom: float) -> None:
    """A tile in inches from the lower left corner of the page."""
    width, height = figure.get_size_inches()
    wide, high = TILE_IN[0] - 0.14, TILE_IN[1] - 0.14

    def axes(x: float, y: float, w: float, h: float) -> Axes:
        one = figure.add_axes(((left + x) / width, (bottom + y) / height, w / width, h / height))
        one.axis("off")
        return one

    card = axes(0, 0, wide, high)
    card.set(xlim=(0, wide), ylim=(0, high))
    colour = LATE if verdict.is_defective else SOUND
    card.add_patch(Rectangle((0, 0), wide, high, facecolor=PAPER, linewidth=0))
    card.add_patch(Rectangle((0, 0), 0.06, high, facecolor=colour, linewidth=0))
    for line in _lines(verdict, wide):
        card.text(
            line.x,
            line.y,
            line.text,
            fontsize=line.size,
            fontweight=line.weight,
            color=line.ink,
            va="center",
            ha=line.align,
            parse_math=False,
        )
    side = high - 0.66 - 0.08
    _photo(axes(0.16, 0.66, wide - side - 0.34, side), verdict)
    seen = axes(wide - side - 0.1, 0.66, side, side)
    seen.imshow(verdict.photo.picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")


def _lines(verdict: Verdict, wide: float) -> tuple[Line, ...]:
    """The words of a tile."""
    colour = LATE if verdict.is_defective else SOUND
    said = "DEFECTIVE" if verdict.is_defective else "sound"
    judged = f"{said}, risk {_percent(verdict.defect_probability)}"
    likeliest = verdict.likeliest
    kind = f"{KINDS[likeliest].replace('_', ' ')}, {_percent(verdict.kinds[likeliest])}"
    name = _drawable(_short(verdict.entry.name))
    category = verdict.category
    if np.isfinite(verdict.category_probability):
        category += f", {_percent(verdict.category_probability)}"
    return (
        Line(0.16, 0.52, name, 7.5, "normal", GREY, "left"),
        Line(0.16, 0.31, judged, 9.5, "bold", colour, "left"),
        Line(wide - 0.1, 0.31, category, 8.5, "normal", INK, "right"),
        Line(0.16, 0.11, f"most likely defect: {kind}", 8.5, "normal", INK, "left"),
    )


def _percent(probability: float) -> str:
    """Neither 0 nor 100 % for what is neither impossible nor certain.

    >>> _percent(0.152), _percent(0.0004), _percent(0.9999)
    ('15 %', '< 1 %', '> 99 %')
    """
    if probability < 0.01:
        return "< 1 %"
    return "> 99 %" if probability > 0.99 else f"{100 * probability:.0f} %"


def _photo(axes: Axes, verdict: Verdict) -> None:
    """The picture with the heat map where its frame lies."""
    view = verdict.photo.view
    height, width = view.shape[:2]
    axes.imshow(view, extent=(0, width, height, 0))
    x0, y0, x1, y1 = verdict.photo.frame
    extent = (x0 * width, x1 * width, y1 * height, y0 * height)
    heat = _fine(verdict.heat)
    colours = HEAT(heat)
    colours[:, :, 3] = MOST_OPAQUE * heat
    axes.imshow(colours, extent=extent, interpolation="nearest")
    if heat.min() < 0.5 < heat.max():
        place = [
            np.linspace(a, b, n)
            for a, b, n in zip(
                (x0 * width, y0 * height), (x1 * width, y1 * height), heat.shape[::-1], strict=True
            )
        ]
        line = axes.contour(*place, heat, levels=[0.5], colors="white", linewidths=0.9)
        line.set_path_effects([patheffects.withStroke(linewidth=2.0, foreground="black")])
    axes.set(xlim=(0, width), ylim=(height, 0), aspect="equal")


def _fine(heat: NDArray[np.float32]) -> NDArray[np.float32]:
    """(7, 7) as (84, 84), linear between the middles of the parts."""
    fine = Image.fromarray(heat.astype(np.float32)).resize((84, 84), Image.Resampling.BILINEAR)
    return np.clip(np.asarray(fine), 0, 1)


def _short(name: str) -> str:
    """A long name with its middle left out: the end tells files apart."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[:14]}…{name[-(LONGEST_NAME - 15) :]}"


def _drawable(name: str) -> str:
    """Letters that the font of the sheet does not have as boxes."""
    known = get_font(findfont(FontProperties())).get_charmap()
    return "".join(c if ord(c) in known else "□" for c in name)
