"""The table and the picture of a comparison of inspectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.comparing.study import REST, SHOWN, YARDSTICK, Study
from experiments.evaluating.statistics import COST, Estimate
from experiments.report.canvas import lay_axes, legend_below, text_width_in
from experiments.report.palette import save

HEADERS = {
    COST: "total cost, USD",
    "tardiness_cost_usd": "lateness, USD",
    "returns_cost_usd": "returns, USD",
    "seconds_cost_usd": "seconds, USD",
    "inspection_cost_usd": "inspection, USD",
    "escape_share": "escaped, %",
    "rft_share": "right first time, %",
    "seconds_share": "seconds, %",
}
NAME_SIZE: Final = 9.5
LEAST_SHOWN: Final = 0.003  # of the highest cost: thinner parts are neither drawn nor named
ESCAPED: Final = "#D55E00"
WORDS: Final = {  # inspectors as people would call them
    "human": "human: one person",
    "human_twice": "human_twice: two, one after the other",
    "cnn": "cnn: camera, and a person for small defects",
    "cnn_live": "cnn_live: the same, picture by picture",
    "bench_only": "bench_only: the bench looks at every piece",
    "perfect": "perfect: finds every defect",
    "none": "none: nobody looks",
}
# Okabe and Ito's palette: tells apart for every kind of colour vision
LOOK = {
    "returns": ("returns of escaped defects", "#D55E00"),
    "seconds": ("pieces sold as seconds", "#E69F00"),
    "inspection": ("inspection and repair", "#F0E442"),
    "tardiness": ("lateness penalties", "#0072B2"),
    "changeover": ("labour lost in changeovers", "#56B4E9"),
    "learning": ("labour lost in learning", "#009E73"),
    "holding": ("capital in work in progress", "#999999"),
    "short": ("short shipment", "#000000"),
    "recheck": ("re-checks after failed audits", "#CC79A7"),
    REST: ("overtime, air freight, cancelled orders", "#FFFFFF"),
}


def study_table(study: Study) -> str:
    """One row an inspector, cheapest first: means with 95 % intervals, and the ratio of costs."""
    names = sorted(study.results, key=lambda name: study.results[name].mean(COST))
    yardstick = _yardstick(study)
    head = ["inspector", f"cost / {yardstick}", *(HEADERS[key] for key in SHOWN)]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for name in names:
        row = study.row(name)
        cells = [_cell(study.ratio(name, yardstick), 1.0, 3)]
        cells += [
            _cell(
                row[key], 100.0 if key.endswith("share") else 1.0, 2 if key.endswith("share") else 0
            )
            for key in SHOWN
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += [
        "",
        f"Means over {len(study.seeds)} seeds from {study.seeds[0]} on, 95 % bootstrap "
        f"intervals, seeds in pairs; lines run by {study.agent}.",
    ]
    return "\n".join(lines) + "\n"


def _yardstick(study: Study) -> str:
    """Whose cost the others are held against: the person's, or else the dearest."""
    dearest = max(study.results, key=lambda name: study.results[name].mean(COST))
    return YARDSTICK if YARDSTICK in study.results else dearest


def _cell(value: Estimate, scale: float, digits: int) -> str:
    mean, low, high = (x * scale for x in (value.mean, value.low, value.high))
    return f"{mean:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


def draw_study(study: Study, path: Path, *, plant: str) -> Path:
    """Cost by part, and what escapes, of every inspector, cheapest on top; a PNG."""
    names = sorted(study.results, key=lambda name: study.results[name].mean(COST))
    words = [WORDS.get(name, name) for name in names]
    figure = Figure(figsize=(14.0, 2.2 + 0.55 * len(names)))
    left = max(text_width_in(word, NAME_SIZE) for word in words) + 0.2
    costs = lay_axes(figure, left=left, right=4.3, top=0.75, bottom=1.1)
    escapes = lay_axes(figure, left=14.0 - 3.7, right=0.4, top=0.75, bottom=1.1)
    _costs(costs, study, names)
    _escapes(escapes, study, names)
    for axes in (costs, escapes):
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.spines[["top", "right"]].set_visible(False)
    costs.set_yticks(range(len(names)), words, fontsize=NAME_SIZE, parse_math=False)
    escapes.set_yticks(range(len(names)), [""] * len(names))
    figure.text(
        0.1 / 14.0,
        1 - 0.3 / figure.get_figheight(),
        f"What an inspector costs and saves: plant {plant}, mean of {len(study.seeds)} runs, the "
        "same orders and defects for all",
        fontsize=12,
        fontweight="bold",
    )
    legend_below(figure, costs.get_legend_handles_labels()[0], columns=4)
    return save(figure, path)


def _costs(axes: Axes, study: Study, names: list[str]) -> None:
    """A bar each; in words how much dearer or cheaper than the yardstick, seed by seed."""
    start = np.zeros(len(names))
    total = [study.results[name].mean(COST) / 1000 for name in names]
    # most telling first: what the inspector changes stands at the axis
    for part, (label, colour) in LOOK.items():
        widths = np.array([study.parts(name)[part] / 1000 for name in names])
        if widths.max() > LEAST_SHOWN * max(total):
            edge: dict[str, Any] = {"edgecolor": "black" if part == REST else "white"}
            look: dict[str, Any] = {"color": colour, "label": label, "height": 0.65}
            axes.barh(range(len(names)), widths, left=start, linewidth=0.5, **look, **edge)
        start = start + widths
    yardstick = _yardstick(study)
    for row, (name, cost) in enumerate(zip(names, total, strict=True)):
        words = f"  {cost:,.1f}"
        if name != yardstick:
            words += f"   {_against(study.ratio(name, yardstick))}"
        axes.text(cost, row, words, va="center", fontsize=9)
    axes.set_xlim(0.0, 1.55 * max([*total, 0.1]))
    axes.set_xlabel("cost of a run, 1,000 USD")
    axes.set_title(
        f"Cost by part, and against {WORDS.get(yardstick, yardstick)} (95 % interval, run by run)",
        loc="left",
        fontsize=10.5,
    )


def _against(ratio: Estimate) -> str:
    """A ratio of costs as a difference in percent.

    >>> _against(Estimate(0.891, 0.887, 0.896))
    '-11 % (-11 to -10)'
    """
    mean, low, high = (100 * (x - 1.0) for x in (ratio.mean, ratio.low, ratio.high))
    digits = 1 if abs(mean) < 5.0 else 0
    if ratio.low <= 1.0 <= ratio.high:
        return "not distinguishable"
    return f"{mean:+.{digits}f} % ({low:+.{digits}f} to {high:+.{digits}f})"


def _escapes(axes: Axes, study: Study, names: list[str]) -> None:
    shares = [100 * study.row(name)["escape_share"].mean for name in names]
    axes.barh(range(len(names)), shares, color=ESCAPED, height=0.35)
    for row, share in enumerate(shares):
        axes.text(share, row, f"  {share:.2f}", va="center", fontsize=9)
    axes.set_xlim(0, 1.25 * max([*shares, 0.1]))
    axes.set_xlabel("% of pieces")
    axes.set_title("Reach the customer with a defect", loc="left", fontsize=10.5)
