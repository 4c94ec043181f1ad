"""The order's way as a strip of stretches, and days won without each cause and by each cure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.futures.reasons.colours import COLOURS
from experiments.futures.reasons.session import Effect, Reasons
from experiments.futures.reasons.telling import headline
from experiments.report.canvas import lay_axes, legend_below, save, shorten_text
from experiments.report.palette import LATE, as_days, day_axis
from factory_env.kpi.order_path import CAUSES
from factory_env.units import MIN_PER_DAY

BAR_IN: Final = 0.3
LABEL_IN: Final = 4.3
WIDTH_IN: Final = 12.5


def draw_reasons(reasons: Reasons, folder: Path) -> Path:
    """Write ``why.png``."""
    effects = [*reasons.causes, *reasons.cures]
    below = 0.9 + BAR_IN * max(len(effects), 1)
    height = 3.6 + below
    figure = Figure(figsize=(WIDTH_IN, height))
    figure.suptitle(
        headline(reasons), x=0.01, y=1 - 0.12 / height, ha="left", va="top", fontsize=11
    )
    strip = lay_axes(figure, left=0.35, right=0.3, top=0.55, bottom=height - 1.75)
    _draw_way(strip, reasons)
    bars = lay_axes(figure, left=LABEL_IN, right=0.4, top=2.7, bottom=height - 2.7 - below + 0.75)
    _draw_effects(bars, reasons.causes, reasons.cures)
    took = [c for c in CAUSES if reasons.minutes[c] > 0.0]
    handles = [
        Patch(facecolor=COLOURS[c], edgecolor="#555555", linewidth=0.4, label=_label(reasons, c))
        for c in took
    ]
    legend_below(figure, handles, 4)
    return save(figure, folder / "why.png")


def _label(reasons: Reasons, cause: str) -> str:
    return f"{CAUSES[cause]}: {reasons.minutes[cause] / 60.0:,.1f} h"


def _draw_way(axes: Axes, reasons: Reasons) -> None:
    """Every stretch, nights and standstills still in it; the due date as a line."""
    subject = reasons.subject
    day_axis(axes, as_days(reasons.end_min), subject.first_day, subject.factory.scenario.calendar)
    first = as_days(reasons.begin_min)
    axes.set_xlim(first, max(as_days(reasons.end_min), first + 0.5))
    for stretch in reasons.stretches:
        begin, end = as_days(stretch.begin_min), as_days(stretch.end_min)
        axes.broken_barh([(begin, end - begin)], (0.15, 0.7), color=COLOURS[stretch.cause])
    due = subject.order_due_min / MIN_PER_DAY
    if first <= due <= as_days(reasons.end_min):
        axes.axvline(due, color=LATE, linewidth=2.0)
        axes.text(due, 1.02, "due", color=LATE, ha="center", va="bottom", fontsize=9)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _draw_effects(axes: Axes, causes: Sequence[Effect], cures: Sequence[Effect]) -> None:
    rows = [(e, "#CC6677") for e in causes] + [(e, "#117733") for e in cures]
    for i, (effect, colour) in enumerate(rows):
        won = effect.days_won
        axes.barh(i, won.value, color=colour, alpha=1.0 if effect.helps else 0.35, height=0.7)
        if won.has_interval and not won.is_alike:
            axes.plot([won.low, won.high], [i, i], color="#222222", linewidth=1.2)
    labels = [shorten_text(e.words, 9.0, LABEL_IN - 0.3) for e, _ in rows]
    axes.set_yticks(range(len(rows)), labels, fontsize=9)
    axes.invert_yaxis()
    axes.axvline(0.0, color="#222222", linewidth=0.8)
    axes.set_xlabel(
        "days won under the same luck, 95 % interval (red: a cause removed; green: a cure)"
    )
    axes.spines[["top", "right"]].set_visible(False)
