"""Paper of all pictures: figures measured in inches, letters of any script, PNG files.

Pictures of a run place their axes by hand: matplotlib's constrained layout draws every text twice.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.text import Text

from factory_env.whole_file import write_whole

DPI: Final = 110
PNG: Final = {"compress_level": 3}  # three times as fast as the usual 6, files a tenth larger
POINTS_PER_IN: Final = 72.0
LETTER: Final = 0.58  # width of a Latin letter over the size of the font
# scripts that the usual font lacks; the first of them that is installed writes them
WIDE_FONTS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "SimHei",
    "Arial Unicode MS",
    "Unifont",
)


def lay_axes(figure: Figure, *, left: float, right: float, top: float, bottom: float) -> Axes:
    """Axes that leave these margins [inches] of the figure."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height)
    return figure.add_axes(box)


def legend_below(figure: Figure, handles: Sequence[Any], columns: int, size: float = 8.5) -> None:
    """One legend in the middle of the figure's lower edge."""
    figure.legend(
        handles=handles,
        loc="lower center",
        ncols=_columns(handles, float(figure.get_figwidth()), columns, size),
        fontsize=size,
        frameon=False,
        borderaxespad=0.2,
        columnspacing=1.6,
        handlelength=1.6,
    )


def legend_height_in(
    handles: Sequence[Any], width_in: float, most: int, size: float = 8.5
) -> float:
    """What `legend_below` takes of a figure of this width."""
    rows = -(-len(handles) // _columns(handles, width_in, most, size))
    return 0.12 + rows * 1.75 * size / POINTS_PER_IN


def _columns(handles: Sequence[Any], width_in: float, most: int, size: float) -> int:
    """As many as fit beside each other, if all were as wide as the widest; or all in one row."""
    cells = [text_width_in(str(handle.get_label()), size) + 0.55 for handle in handles] or [1.0]
    if len(cells) <= most and sum(cells) <= width_in:
        return len(cells)
    return max(1, min(most, len(cells), int(width_in / max(cells))))


def text_width_in(text: str, size: float) -> float:
    """About how wide a text is [inches]; Chinese letters count for nearly two."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return (len(text) + 0.7 * wide) * LETTER * size / POINTS_PER_IN


def shorten_text(text: str, size: float, room_in: float) -> str:
    """A text that fits into a width; its middle is left out, for ends tell orders apart."""
    keep, short = len(text), text
    while keep > 2 and text_width_in(short, size) > room_in:
        keep -= 1
        head = keep // 2
        short = f"{text[:head]}\N{HORIZONTAL ELLIPSIS}{text[len(text) - (keep - head) :]}"
    return short


def save(figure: Figure, path: Path) -> Path:
    """Write a PNG so that nobody sees half of it; names are written as they are."""
    _write_as_is(figure)
    with warnings.catch_warnings():  # a box stands for a letter that no font has
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        write_whole(path, lambda part: figure.savefig(part, dpi=DPI, format="png", pil_kwargs=PNG))
    return path


def _write_as_is(figure: Figure) -> None:
    """No formulas in names with dollar signs; a font for letters that the usual one lacks."""
    for text in _texts(figure):
        words = text.get_text()
        if "$" in words and r"\math" not in words:
            text.set_parse_math(False)
        if not words.isascii() and any(ord(letter) not in _letters() for letter in words):
            text.set_fontfamily(["DejaVu Sans", *_wide_fonts()])


def _texts(figure: Figure) -> Iterator[Text]:
    """Words that may hold names; `Figure.findobj` would take as long as a small picture."""
    yield from figure.texts
    legends = [*figure.legends]
    for axes in figure.axes:
        children = axes.get_children()  # titles among them
        yield from (child for child in children if isinstance(child, Text))
        yield from (tick.label1 for tick in axes.yaxis.majorTicks)
        yield from (tick.label1 for tick in axes.xaxis.majorTicks)
        if legend := axes.get_legend():
            legends.append(legend)
    for legend in legends:
        yield from legend.get_texts()


@cache
def _letters() -> frozenset[int]:
    """What the usual font can write."""
    return frozenset({ord("\n"), *get_font(findfont(FontProperties())).get_charmap()})


@cache
def _wide_fonts() -> tuple[str, ...]:
    installed = {font.name for font in fontManager.ttflist}
    return tuple(name for name in WIDE_FONTS if name in installed)
