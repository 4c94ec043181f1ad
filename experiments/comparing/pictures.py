"""The table and the picture of a comparison of inspectors."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.comparing.study import REST, SHOWN, YARDSTICK, Study
from experiments.evaluating.statistics import COST, Estimate
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
    names = sorted(study.results, key=lambda name: -study.results[name].mean(COST))
    figure = Figure(figsize=(12, 2.4 + 0.6 * len(names)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 1.2))
    _costs(left, study, names)
    _escapes(right, study, names)
    figure.legend(loc="outside lower center", ncols=4, fontsize=8, frameon=False)
    figure.suptitle(
        f"What inspection costs and what it saves: plant {plant}, {len(study.seeds)} common seeds",
        fontweight="bold",
    )
    return save(figure, path)


def _costs(axes: Axes, study: Study, names: list[str]) -> None:
    start = [0.0] * len(names)
    rows = range(len(names))
    # most telling first: what the inspector changes stands at the axis
    for part, (label, colour) in LOOK.items():
        widths = [study.parts(name)[part] / 1000 for name in names]
        if max(widths) > 0.005:
            edge = "black" if part == REST else "white"
            axes.barh(
                rows,
                widths,
                left=start,
                color=colour,
                label=label,
                height=0.65,
                edgecolor=edge,
                linewidth=0.5,
            )
        start = [a + b for a, b in zip(start, widths, strict=True)]
    for row, name in enumerate(names):
        cost = study.row(name)[COST]
        axes.plot([cost.low / 1000, cost.high / 1000], [row, row], color="black", linewidth=1.2)
        axes.text(cost.high / 1000, row, f"  {cost.mean / 1000:,.1f}", va="center", fontsize=9)
    yardstick = _yardstick(study)
    axes.set_yticks(list(rows), [_label(study, name, yardstick) for name in names])
    axes.set_ylabel(f"under a name: its cost / {yardstick}, 95 % interval of pairs", fontsize=8)
    axes.set_xlim(right=1.12 * max(axes.get_xlim()[1], 0.1))
    axes.set_xlabel("cost of a run, thousand USD; bar: mean by part, line: 95 % interval")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _label(study: Study, name: str, yardstick: str) -> str:
    """Intervals of single costs overlap because seeds differ; the ratio takes seeds in pairs."""
    return name if name == yardstick else f"{name}\n{_cell(study.ratio(name, yardstick), 1.0, 2)}"


def _escapes(axes: Axes, study: Study, names: list[str]) -> None:
    for row, name in enumerate(names):
        share = study.row(name)["escape_share"]
        axes.plot([100 * share.low, 100 * share.high], [row, row], color="#D55E00", linewidth=2)
        axes.plot(100 * share.mean, row, "o", color="#D55E00")
        axes.text(100 * share.high, row, f"  {100 * share.mean:.2f}", va="center", fontsize=9)
    axes.set_xlim(0, 1.25 * max(axes.get_xlim()[1], 0.1))
    axes.set_xlabel("defective at the customer, % of pieces")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
