"""The alternatives of one question as bars: scores on the left, what each would have cost right."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from agents.scoring import PLANNED
from experiments.report.palette import GREY, save
from experiments.simulating.explaining.session import Explanation
from experiments.simulating.explaining.telling import headline
from experiments.simulating.explaining.verdict import Alternative

GIVEN_COLOUR: Final = "#222222"
COLOUR: Final = "#88B7D5"
OWN_COLOUR: Final = "#0072B2"
BAR_IN: Final = 0.42  # height of an alternative


def draw_explanation(explanation: Explanation, folder: Path) -> Path:
    """Write ``explain.png``: every alternative that was played out, the run's own on top."""
    shown = [a for a in explanation.alternatives if a.answer in explanation.played]
    height = 1.9 + BAR_IN * len(shown)
    figure = Figure(figsize=(12.0, max(3.2, height)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(2, 3))
    _draw_scores(left, explanation, shown)
    _draw_costs(right, explanation, shown)
    left.set_yticks(range(len(shown)), [_label(a) for a in shown])
    left.invert_yaxis()
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(headline(explanation), x=0.01, ha="left", fontsize=12)
    return save(figure, folder / "explain.png")


def _label(alternative: Alternative) -> str:
    takers = ["the run"] * alternative.is_given + list(alternative.takers)
    return alternative.name + (f"\n({', '.join(takers)})" if takers else "")


def _draw_scores(axes: Axes, explanation: Explanation, shown: list[Alternative]) -> None:
    """Probabilities of a network, else the scores of the agent or of whoever has some."""
    opinion = next((o for o in explanation.opinions if o.scores is not None), None)
    if opinion is None or opinion.scores is None:
        axes.set_xlabel("nobody here scores the answers")
        return
    is_planned = opinion.scores.kind == PLANNED
    if opinion.scores.probabilities is not None:
        values = [alternative.probability or 0.0 for alternative in shown]
        what = "probability"
    else:
        values = [alternative.scores[opinion.name] for alternative in shown]
        what = opinion.scores.kind
        known = [value for value in values if not math.isnan(value)]
        if is_planned:  # bars begin at nothing: what an answer costs more than the cheapest
            values = [value - min(known, default=0.0) for value in values]
            what = "planned cost above its cheapest answer, USD"
        else:
            axes.set_xlim(*_span(known))
    is_span = opinion.scores.probabilities is None and not is_planned
    start = axes.get_xlim()[0] if is_span else 0.0
    colours = [GIVEN_COLOUR if a.is_given else COLOUR for a in shown]
    axes.barh(range(len(shown)), np.array(values) - start, left=start, color=colours, height=0.6)
    axes.set_xlabel(f"{opinion.name}: {what}")


def _span(values: list[float]) -> tuple[float, float]:
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    margin = 0.08 * (high - low) or 1.0
    return low - margin, high + margin


def _draw_costs(axes: Axes, explanation: Explanation, shown: list[Alternative]) -> None:
    played = [explanation.played[a.answer] for a in shown]
    rows = np.arange(len(shown))
    axes.axvline(0.0, color=GREY, linewidth=1.0)
    fresh: list[Any] = [p.fresh for p in played]
    if all(estimate is not None for estimate in fresh):
        mean = np.array([estimate.mean for estimate in fresh])
        reach = np.array([[e.mean - e.low for e in fresh], [e.high - e.mean for e in fresh]])
        label = f"{len(explanation.fresh_seeds)} fresh futures: mean, 95 % interval"
        axes.barh(rows, mean, color=COLOUR, height=0.6, label=label)
        axes.errorbar(mean, rows, xerr=np.abs(reach), fmt="none", ecolor=GREY, capsize=3)
    own = [p.own_difference_usd for p in played]
    axes.plot(
        own, rows, "D", color=OWN_COLOUR, markersize=6, label="the run's own luck", clip_on=False
    )
    axes.set_xlabel("cost of the run against what it did, USD (left of 0: cheaper)")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+,.4g}" if value else "0")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=9, frameon=False)
