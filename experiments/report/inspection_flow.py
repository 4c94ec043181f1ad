"""What became of the pieces at the inspection station: the repair loop as a flow, and by week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Curve
from numpy.typing import NDArray

from experiments.report.inspection_chart import draw_chart
from experiments.report.palette import save
from factory_env.domain.records import RunLog
from factory_env.kpi.quality import quality, quality_intervals, wilson
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY

Floats = NDArray[np.float64]
DEFECTIVE, SOUND, BENCH = "#CC6677", "#88CCEE", "#332288"
MENDED, SECONDS, ESCAPED = "#117733", "#DDCC77", "#D55E00"
WIDTH: Final = 0.05  # of a node, share of the flow's width
GAP: Final = 0.04  # between nodes, share of the tallest column
MIDDLE: Final = 0.5  # where the second of the three columns stands
MANY_ALARMS: Final = 0.05  # from here on the page says why there are so many
LEAST: Final = 0.08  # room of a node, however few its pieces: two lines of text


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A column's part: pieces, and where its bar stands."""

    x: float
    bottom: float
    pieces: float
    colour: str


def draw_inspection(log: RunLog, folder: Path) -> Path:
    """Flow of defective and flagged pieces, shares found by week, control chart by day."""
    figure = Figure(figsize=(13.0, 11.5), layout="constrained")
    flow, weeks, days = figure.subplots(3, 1, height_ratios=[1.7, 1.0, 1.0])
    _flow(flow, log)
    _weeks(weeks, log)
    draw_chart(days, log)
    return save(figure, folder / "inspection.png")


def fates(log: RunLog) -> dict[str, float]:
    """Pieces of all packed lots by fate; defective = missed + let_go + mended + seconds."""
    lots = log.tables["lots"]
    names = ("pieces", "defective", "flagged", "false_alarms", "seconds", "escapes")
    found = {name: float(lots[name].sum()) for name in names}
    caught = found["flagged"] - found["false_alarms"]
    missed = found["defective"] - caught
    let_go = found["escapes"] - missed
    return {
        **found,
        "caught": caught,
        "missed": missed,
        "let_go": let_go,
        "mended": caught - let_go - found["seconds"],
    }


def _flow(axes: Axes, log: RunLog) -> None:
    found = fates(log)
    tallest = max(1.0, found["defective"] + found["false_alarms"])
    nodes = _nodes(found, tallest)
    _bands(axes, nodes, found)
    for name, node in nodes.items():
        if node.pieces > 0.0:
            _node(axes, name, node, found["pieces"], tallest)
    head, *rest = _headline(log, found)
    axes.set_title("\n".join(rest), loc="left", fontsize=9.5, color="#444444")
    axes.figure.suptitle(head, x=0.01, ha="left", fontweight="bold", fontsize=12)
    axes.set_xlim(-0.12, 1.35)
    top = max(
        node.bottom + node.pieces for node in nodes.values() if node.pieces or not node.bottom
    )
    axes.set_ylim(-GAP * tallest, top + GAP * tallest)
    axes.axis("off")


def _headline(log: RunLog, found: Mapping[str, float]) -> list[str]:
    """What was sent to the bench, how much of it for nothing, and what reached the customer."""
    pieces = max(found["pieces"], 1.0)
    low, high = (f"{100 * end:.1f}" for end in quality_intervals(log)["rft_share"])
    lines = [
        f"{found['pieces']:,.0f} pieces inspected: {found['flagged'] / pieces:.0%} sent to the "
        f"repair bench, {found['escapes'] / pieces:.2%} go to the customer with a defect",
        f"passed at first sight, good or not (RFT): {quality(log)['rft_share']:.1%} "
        f"(95 % interval {low} to {high} %)",
    ]
    alarms = found["false_alarms"] / pieces
    if alarms > MANY_ALARMS:
        lines.append(
            f"False alarms: {alarms:.0%} of all pieces are sound and sent to the bench. A second "
            "look costs cents, a defect at the customer dollars: when in doubt, look.\n"
            "Fewer false alarms and more missed defects: inspector.strictness=0.5"
        )
    return lines


def _nodes(found: Mapping[str, float], tallest: float) -> dict[str, Node]:
    """The parts of the three columns, from below."""
    columns = (
        (
            ("defective", found["defective"], DEFECTIVE),
            ("sound, sent to the bench", found["false_alarms"], SOUND),
        ),
        (
            ("missed by the inspector", found["missed"], ESCAPED),
            ("at the repair bench", found["flagged"], BENCH),
        ),
        (
            ("to the customer, defective", found["escapes"], ESCAPED),
            ("sold as seconds", found["seconds"], SECONDS),
            ("repaired", found["mended"], MENDED),
            ("sound: back to the flow", found["false_alarms"], SOUND),
        ),
    )
    nodes = {}
    for number, column in enumerate(columns):
        bottom = 0.0
        for name, pieces, colour in column:
            nodes[name] = Node(x=number * MIDDLE, bottom=bottom, pieces=pieces, colour=colour)
            bottom += max(pieces, LEAST * tallest) + GAP * tallest
    return nodes


def _bands(axes: Axes, nodes: dict[str, Node], found: dict[str, float]) -> None:
    """The flows between nodes, from the bottom of each upwards."""
    begun = dict.fromkeys(nodes, 0.0)  # pieces that have left a node, from its bottom
    come = dict.fromkeys(nodes, 0.0)
    for begin, end, pieces in (
        ("defective", "missed by the inspector", found["missed"]),
        ("defective", "at the repair bench", found["caught"]),
        ("sound, sent to the bench", "at the repair bench", found["false_alarms"]),
        ("missed by the inspector", "to the customer, defective", found["missed"]),
        ("at the repair bench", "to the customer, defective", found["let_go"]),
        ("at the repair bench", "sold as seconds", found["seconds"]),
        ("at the repair bench", "repaired", found["mended"]),
        ("at the repair bench", "sound: back to the flow", found["false_alarms"]),
    ):
        a, b = nodes[begin], nodes[end]
        colour = b.colour if a.x else a.colour
        _band(
            axes,
            (a.x + WIDTH, a.bottom + begun[begin]),
            (b.x, b.bottom + come[end]),
            pieces,
            colour,
        )
        begun[begin] += pieces
        come[end] += pieces


def _band(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], height: float, colour: str
) -> None:
    if height <= 0.0:
        return
    (x, y), (u, v) = start, end
    m = (x + u) / 2.0
    points = [
        (x, y),
        (m, y),
        (m, v),
        (u, v),
        (u, v + height),
        (m, v + height),
        (m, y + height),
        (x, y + height),
        (x, y),
    ]
    codes = [Curve.MOVETO, *[Curve.CURVE4] * 3, Curve.LINETO, *[Curve.CURVE4] * 3, Curve.CLOSEPOLY]
    axes.add_patch(PathPatch(Curve(points, codes), facecolor=colour, alpha=0.35, linewidth=0))


def _node(axes: Axes, name: str, node: Node, pieces: float, tallest: float) -> None:
    """Bar and words; above a bar in the middle that is lower than them, for a band leaves it."""
    axes.bar(node.x, node.pieces, WIDTH, node.bottom, align="edge", color=node.colour)
    share = f"{node.pieces / max(1.0, pieces):.2%}"
    side = -0.01 if node.x == 0.0 else WIDTH + 0.01
    is_low = node.x == MIDDLE and node.pieces < LEAST * tallest / 2.0
    height = node.bottom + node.pieces / (1.0 if is_low else 2.0)
    axes.text(
        node.x + side,
        height,
        f"{name}\n{node.pieces:,.0f} ({share})",
        va="bottom" if is_low else "center",
        ha="right" if node.x == 0.0 else "left",
        fontsize=9,
    )


def _weeks(axes: Axes, log: RunLog) -> None:
    """Found and escaped pieces in 100, by the week in which lots were inspected."""
    lots = log.tables["lots"]
    week = (lots["inspected_min"] / (DAYS_PER_WEEK * MIN_PER_DAY)).astype(np.int64)
    count = max(1, int(week.max(initial=0)) + 1)
    pieces = np.bincount(week, weights=lots["pieces"], minlength=count)
    caught = lots["flagged"] - lots["false_alarms"]
    for label, number, colour, mark in (
        ("defective pieces found", caught, BENCH, "o-"),
        ("sound pieces sent to the bench (false alarms)", lots["false_alarms"], SOUND, "s-"),
        ("defective pieces missed or badly repaired", lots["escapes"], ESCAPED, "^-"),
    ):
        found = np.bincount(week, weights=number, minlength=count)
        at = np.flatnonzero(pieces > 0)
        share = 100.0 * found[at] / pieces[at]
        ends = 100.0 * np.array([wilson(found[i], pieces[i]) for i in at]).reshape(-1, 2)
        error = np.abs(ends.T - share)
        axes.errorbar(at + 1, share, yerr=error, fmt=mark, color=colour, capsize=3, label=label)
    axes.set_xticks(np.arange(1, count + 1))
    axes.set_xlabel("week of the run (upright lines: 95 % intervals)")
    axes.set_ylabel("of 100 pieces")
    axes.set_ylim(0.0, 1.3 * axes.get_ylim()[1])  # room for the legend
    axes.set_title(
        "Week by week: what the inspector finds, what it misses, and its false alarms",
        loc="left",
        fontweight="bold",
    )
    axes.legend(fontsize=9, frameon=False, ncols=3, loc="upper right")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
