"""The table and the picture of a comparison of policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from rich.console import Console
from rich.table import Table

from experiments.evaluating.statistics import COST, SHOWN, Estimate

Row = Mapping[str, Any]
HEADERS = {
    COST: "total cost, USD",
    "tardiness_cost_usd": "weighted tardiness\ncost, USD",
    "on_time_share": "on time, %",
    "pieces_per_day": "pieces/day",
    "changeover_h": "changeover, h",
    "wip_pieces": "WIP, pieces",
}
# Okabe and Ito's palette: tells apart for every kind of colour vision
PARTS = {
    "tardiness": ("lateness penalties", "#D55E00"),
    "changeover": ("labour lost in changeovers", "#0072B2"),
    "learning": ("labour lost in learning", "#56B4E9"),
    "holding": ("capital in work in progress", "#999999"),
    "short": ("short shipment", "#000000"),
}


def print_table(rows: Sequence[Row], episodes: int, console: Console | None = None) -> None:
    """Print the table; the narrow form keeps it readable in 100 columns."""
    table = Table(
        title=f"Policies on the same {episodes} held-out seeds: mean and 95 % interval",
        caption="difference: total cost minus that of the best rule, seed by seed",
    )
    table.add_column("policy", no_wrap=True)
    for key in SHOWN:
        table.add_column(HEADERS[key], justify="right")
    table.add_column("difference, USD", justify="right")
    for row in rows:
        style = None if row["is_rule"] else "bold"
        cells = [_cell(row[key], 100.0 if key == "on_time_share" else 1.0) for key in SHOWN]
        table.add_row(row["policy"], *cells, _cell(row["difference"], 1.0, sign=True), style=style)
    (console or Console(width=118)).print(table)


def _cell(value: Estimate, scale: float, *, sign: bool = False) -> str:
    mean, low, high = (x * scale for x in (value.mean, value.low, value.high))
    digits = 1 if abs(mean) < 100 and scale > 1 else 0
    plus = "+" if sign else ""
    return f"{mean:{plus},.{digits}f}\n{low:,.{digits}f} .. {high:,.{digits}f}"


def draw(rows: Sequence[Row], path: Path, *, episodes: int, title: str) -> None:
    """Cost by part and on-time share of every policy, cheapest on top; a PNG."""
    names = [row["policy"] for row in rows]
    height = 1.9 + 0.36 * len(rows)
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(11, height), sharey=True, width_ratios=(3, 1.2), layout="constrained"
    )
    at = range(len(rows))
    start = [0.0] * len(rows)
    for part, (label, colour) in PARTS.items():
        widths = [row["parts"][part] / 1000 for row in rows]
        if max(widths) > 0.005:
            left.barh(at, widths, left=start, color=colour, label=label, height=0.7)
        start = [a + b for a, b in zip(start, widths, strict=True)]
    _whiskers(left, [row[COST] for row in rows], 1 / 1000)
    for i, row in enumerate(rows):
        left.text(
            row[COST].high / 1000 + 0.3, i, f"{row[COST].mean / 1000:.1f}", va="center", fontsize=9
        )
    left.set_yticks(list(at), names)
    for label, row in zip(left.get_yticklabels(), rows, strict=True):
        if not row["is_rule"]:
            label.set_fontweight("bold")
            label.set_color("#009E73")
    left.invert_yaxis()
    left.set_xlabel("cost per run, 1,000 USD (lower is better)")
    left.legend(loc="upper right", fontsize=8, framealpha=0.95)
    left.set_xlim(0, max(row[COST].high for row in rows) / 1000 * 1.12)
    for i, row in enumerate(rows):
        share = row["on_time_share"]
        colour = "#333333" if row["is_rule"] else "#009E73"
        right.plot([share.low * 100, share.high * 100], [i, i], color=colour, linewidth=2)
        right.plot(share.mean * 100, i, "o", color=colour)
    right.set_xlabel("orders on time, % (higher is better)")
    right.grid(axis="x", alpha=0.3)
    figure.suptitle(f"{title}\n{episodes} held-out seeds; lines: 95 % intervals", fontsize=11)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _whiskers(axes: Any, estimates: Sequence[Estimate], scale: float) -> None:
    for i, e in enumerate(estimates):
        axes.plot([e.low * scale, e.high * scale], [i, i], color="black", linewidth=1.2)
