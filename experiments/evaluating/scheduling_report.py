"""The table and the picture of a comparison of policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table

from experiments.evaluating.statistics import COST, LEAST_SEEDS, SHOWN, Estimate
from experiments.report.canvas import lay_axes, legend_below, shorten_text, text_width_in
from experiments.report.palette import GREY, save

Row = Mapping[str, Any]
LEARNED: Final = "#009E73"
NAME_SIZE: Final = 9.5
NAME_IN: Final = 2.6
BOLD: Final = 1.14  # width of a text in bold letters / in plain ones
NOTE_IN: Final = 0.22  # height of a sentence below the title
SMALL_USD: Final = 2000.0  # the dearest run below it: the picture counts single dollars
LEAST_SHOWN: Final = 0.003  # of the highest cost: thinner parts are neither drawn nor named
HEADERS = {
    COST: "total cost, USD",
    "tardiness_cost_usd": "weighted tardiness\ncost, USD",
    "on_time_share": "on time, %",
    "pieces_per_day": "pieces/day",
    "changeover_h": "changeover, h",
    "wip_pieces": "WIP, pieces",
}
REST: Final = "rest"  # what the parts of the table leave of the total cost
# Okabe and Ito's palette: tells apart for every kind of colour vision
PARTS = {
    "tardiness": ("lateness penalties", "#D55E00"),
    "changeover": ("labour lost in changeovers", "#0072B2"),
    "learning": ("labour lost in learning", "#56B4E9"),
    "holding": ("capital in work in progress", "#999999"),
    "short": ("short shipment", "#000000"),
    REST: ("overtime, quality, energy and the rest", "#E69F00"),
}


def print_table(rows: Sequence[Row], episodes: int, console: Console | None = None) -> None:
    """Print the table; the narrow form keeps it readable in 100 columns."""
    few = (
        f"; fewer than {LEAST_SEEDS} seeds tell little: t intervals"
        if episodes < LEAST_SEEDS
        else ""
    )
    table = Table(
        title=f"Policies on the same {episodes} seeds, cheapest first: mean and 95 % interval",
        caption="difference: total cost minus that of the best rule, seed by seed; not "
        "distinguishable: the 95 % interval of the paired difference to the cheapest holds zero"
        + few,
    )
    table.add_column("policy", no_wrap=True)
    for key in SHOWN:
        table.add_column(HEADERS[key], justify="right")
    table.add_column("difference, USD", justify="right")
    has_learners = any(row["learned"] for row in rows)
    if has_learners:
        table.add_column("learned, USD", justify="right")
    for row in rows:
        style = None if row["is_rule"] else "bold"
        cells = [_cell(row[key], 100.0 if key == "on_time_share" else 1.0) for key in SHOWN]
        is_equal = row["from_best"].holds_zero and row is not rows[0]
        name = row["policy"] + ("\nnot distinguishable" if is_equal else "")
        cells.append(_cell(row["difference"], 1.0, sign=True))
        if has_learners:
            cells.append("" if row["learned"] is None else _cell(row["learned"], 1.0, sign=True))
        table.add_row(name, *cells, style=style)
    (console or Console(width=132 if has_learners else 118)).print(table)


def _cell(value: Estimate, scale: float, *, sign: bool = False) -> str:
    mean, low, high = (x * scale for x in (value.mean, value.low, value.high))
    digits = 1 if abs(mean) < 100 and scale > 1 else 0
    plus = "+" if sign else ""
    return f"{mean:{plus},.{digits}f}\n{low:,.{digits}f} .. {high:,.{digits}f}"


def draw(
    rows: Sequence[Row], path: Path, *, episodes: int, title: str, notes: Sequence[str] = ()
) -> None:
    """Cost by part, paired differences to the cheapest, orders on time; cheapest on top; a PNG.

    Parameters
    ----------
    notes
        Sentences below the title.
    """
    top = 0.95 + NOTE_IN * len(notes)
    figure = Figure(figsize=(14.0, 1.05 + top + 0.36 * len(rows)))
    names = [shorten_text(row["policy"], NAME_SIZE, NAME_IN) for row in rows]
    wide = [1.0 if row["is_rule"] else BOLD for row in rows]
    left = max(text_width_in(n, NAME_SIZE) * w for n, w in zip(names, wide, strict=True)) + 0.2
    panels = []
    for begin, end in ((0.0, 0.46), (0.48, 0.83), (0.86, 1.0)):
        width = 14.0 - left - 0.2
        panels.append(
            lay_axes(
                figure,
                left=left + begin * width,
                right=0.2 + (1.0 - end) * width,
                top=top,
                bottom=0.95,
            )
        )
    _costs(panels[0], rows)
    _differences(panels[1], rows)
    _on_time(panels[2], rows)
    for axes in panels:
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), [""] * len(rows))
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_yticks(range(len(rows)), names, fontsize=NAME_SIZE, parse_math=False)
    for label, row in zip(panels[0].get_yticklabels(), rows, strict=True):
        if not row["is_rule"]:
            label.set(fontweight="bold", color=LEARNED)
    figure.text(
        0.1 / 14.0,
        1 - 0.32 / figure.get_figheight(),
        f"{title}, the same {episodes} seeds for all",
        fontsize=12,
        fontweight="bold",
    )
    for i, note in enumerate(notes):
        at = 1 - (0.62 + NOTE_IN * i) / figure.get_figheight()
        figure.text(0.1 / 14.0, at, note, fontsize=9.5, color=LEARNED, parse_math=False)
    legend_below(figure, panels[0].get_legend_handles_labels()[0], columns=8)
    save(figure, path)


def _costs(axes: Axes, rows: Sequence[Row]) -> None:
    """Means by part, one beside the other; the number is their sum."""
    start = np.zeros(len(rows))
    highest = max(row[COST].mean for row in rows)
    unit = _money(rows)
    for part, (label, colour) in PARTS.items():
        widths = np.array([_part_usd(row, part) for row in rows])
        if widths.max() > LEAST_SHOWN * highest:
            axes.barh(
                range(len(rows)),
                widths / unit.usd,
                left=start / unit.usd,
                color=colour,
                label=label,
                height=0.7,
            )
        start = start + widths
    for i, row in enumerate(rows):
        cost = row[COST].mean / unit.usd
        axes.text(cost, i, f"  {unit.show(cost)}", va="center", size=9)
    axes.set_xlim(0.0, max(1.14 * highest / unit.usd, 0.1))
    axes.set_xlabel(f"{unit.name} a run")
    axes.set_title("Mean cost, by part", loc="left", fontsize=10.5)


def _part_usd(row: Row, part: str) -> float:
    parts: Mapping[str, float] = row["parts"]
    return float(row[COST].mean - sum(parts.values()) if part == REST else parts[part])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Money:
    """What the axes count in."""

    usd: float
    name: str
    digits: int

    def show(self, amount: float) -> str:
        return f"{amount:,.{self.digits}f}"


def _money(rows: Sequence[Row]) -> _Money:
    """Thousands, but single dollars where a run costs so little that thousands tell nothing."""
    if max(row[COST].mean for row in rows) < SMALL_USD:
        return _Money(usd=1.0, name="USD", digits=0)
    return _Money(usd=1000.0, name="1,000 USD", digits=1)


def _differences(axes: Axes, rows: Sequence[Row]) -> None:
    """Seeds differ more than policies do: each is held against the cheapest seed by seed."""
    unit = _money(rows)
    lowest = min(0.0, *(row["from_best"].low / unit.usd for row in rows))
    lowest -= 0.03 * (max(row["from_best"].high for row in rows) / unit.usd - lowest)
    width_in = axes.get_position().width * axes.get_figure(root=True).get_figwidth()
    ends = [0.1]
    axes.axvline(0.0, color="black", linewidth=0.8)
    for i, row in enumerate(rows[1:], start=1):
        gap = row["from_best"]
        colour = GREY if gap.holds_zero else "black"
        axes.plot([gap.low / unit.usd, gap.high / unit.usd], [i, i], color=colour, linewidth=2)
        axes.plot(gap.mean / unit.usd, i, "o", color=colour, markersize=5)
        words = (
            "not distinguishable from the best"
            if gap.holds_zero
            else f"+{unit.show(gap.mean / unit.usd)}"
        )
        at = gap.high / unit.usd
        axes.text(at, i, f"  {words}", va="center", fontsize=8.5, color=colour)
        room = 1.0 - (text_width_in(words, 8.5) + 0.2) / width_in  # of the panel, left of the words
        ends.append(lowest + (at - lowest) / max(room, 0.2))
    axes.text(0.0, 0, "  the best" if len(rows) > 1 else "", va="center", fontsize=9)
    axes.set_xlim(lowest, max(ends))
    axes.set_xlabel(f"{unit.name} a run, 95 % interval")
    axes.set_title("Dearer than the best, seed by seed", loc="left", fontsize=10.5)


def _on_time(axes: Axes, rows: Sequence[Row]) -> None:
    for i, row in enumerate(rows):
        share = 100 * row["on_time_share"].mean
        colour = "#333333" if row["is_rule"] else LEARNED
        axes.plot(share, i, "o", color=colour)
        axes.text(share, i, f"  {share:.0f}", va="center", fontsize=8.5, color=colour)
    low, high = axes.get_xlim()
    axes.set_xlim(max(low, 0.0), high + 0.2 * (high - low))
    axes.set_xticks([tick for tick in axes.get_xticks() if low <= tick <= 100.0])
    axes.grid(axis="x", alpha=0.3)
    axes.set_xlabel("%")
    axes.set_title("Orders on time", loc="left", fontsize=10.5)
