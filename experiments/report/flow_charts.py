"""Work in progress over time, and what the run cost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.report.canvas import lay_axes, legend_below, text_width_in
from experiments.report.palette import as_days, day_axis, save
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.records import RunLog
from factory_env.kpi.cost import TABLE, cost_table

Floats = NDArray[np.float64]
ALWAYS_SHOWN = ("lateness", "changeover", "learning", "holding")
STAGES = (
    ("cut, waiting for a line", "#DDCC77"),
    ("on the sewing lines", "#4C72B0"),
    ("inspection, repair, pressing, packing", "#44AA99"),
    ("packed, waiting for the rest of the order", "#BBBBBB"),
)


def wip_by_stage(log: RunLog, at_min: Floats) -> tuple[Floats, ...]:
    """Pieces in each of `STAGES` at given minutes, shape (n,); their mean is the KPI."""
    orders, lots = log.tables["orders"], log.tables["lots"]
    cut = np.where(np.isnan(orders["ready_min"]), 0.0, orders["cut"])
    ready = _entered(orders["ready_min"], cut, at_min)
    taken = _entered(_by(orders["taken_min"], orders["cancelled_min"]), cut, at_min)
    end = orders["cancelled_min"][lots["order"]]
    pieces = lots["pieces"].astype(np.float64)
    # a cancelled order leaves all stages at once: what was not through them goes with it
    gone = orders["cancelled_min"]
    stages = []
    for name in ("sewn_min", "packed_min"):
        times = _by(lots[name], end)
        through = np.bincount(lots["order"], weights=pieces, minlength=cut.shape[0])
        rest = np.where(np.isnan(gone), 0.0, cut - through)
        stages.append(_entered(times, pieces, at_min) + _entered(gone, rest, at_min))
    sewn, packed = stages
    shipped = _entered(_by(orders["shipped_min"], gone), cut, at_min)
    return ready - taken, taken - sewn, sewn - packed, packed - shipped


def _by(times: Floats, ends: Floats) -> Floats:
    """The earlier of two times, of which either may be NaN."""
    return np.asarray(np.fmin(times, ends))


def _entered(times: Floats, pieces: Floats, at_min: Floats) -> Floats:
    """Pieces whose time has come; NaN never comes."""
    known = ~np.isnan(times)
    order = np.argsort(times[known], kind="stable")
    total = np.concatenate([[0.0], np.cumsum(pieces[known][order])])
    return np.asarray(total[np.searchsorted(times[known][order], at_min, side="right")])


def draw_wip(
    log: RunLog, calendar: WorkCalendar, folder: Path, first_day: date | None = None
) -> Path:
    """Work in progress over time, by stage."""
    figure = Figure(figsize=(13.0, 4.6))
    axes = lay_axes(figure, left=0.95, right=0.3, top=0.42, bottom=1.0)
    at_min = np.linspace(0.0, log.end_min, 600)
    stages = [np.maximum(0.0, s) for s in wip_by_stage(log, at_min)]
    there = [(pieces, *look) for pieces, look in zip(stages, STAGES, strict=True) if pieces.any()]
    pieces, labels, colours = zip(*there, strict=True) if there else ((0.0 * at_min,), None, None)
    axes.stackplot(as_days(at_min), *pieces, labels=labels or (), colors=colours)
    mean = float(sum(s.mean() for s in stages))
    axes.axhline(mean, color="black", linestyle="--", linewidth=1, label=f"mean {mean:,.0f}")
    axes.set_ylabel("pieces in process")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_ylim(bottom=0)
    axes.set_title("Where the pieces are", loc="left", fontweight="bold")
    day_axis(axes, as_days(log.end_min), first_day, calendar)
    legend_below(figure, axes.get_legend_handles_labels()[0], columns=5, size=9)
    return save(figure, folder / "wip.png")


def draw_cost(log: RunLog, folder: Path) -> Path:
    """The parts of the scheduling cost, largest on top; wages and overhead in words."""
    parts = sorted(
        ((name, usd) for name, usd in log.cost_usd.items() if usd > 0 or name in ALWAYS_SHOWN),
        key=lambda item: item[1],
    )
    total = sum(usd for _, usd in parts)
    whole = cost_table(log)
    names = [TABLE[name][0] for name, _ in parts]
    figure = Figure(figsize=(10.5, 1.3 + 0.42 * len(parts)))
    left = max(text_width_in(name, 10.0) for name in names) + 0.1
    axes = lay_axes(figure, left=left, right=0.3, top=0.42, bottom=0.7)
    values = [usd for _, usd in parts]
    bars = axes.barh(names, values, color="#4C72B0", height=0.6)
    shares = [f"{usd:,.0f} USD ({usd / total:.0%})" if total > 0 else "0 USD" for usd in values]
    axes.bar_label(bars, shares, padding=4, fontsize=9)
    axes.set_xlim(0, max([*values, 1.0]) * 1.28)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlabel(
        f"USD over the whole run; besides, wages of the shift {whole['labour']:,.0f} and "
        f"overhead {whole['overhead']:,.0f} USD"
    )
    what = "scheduling and energy" if log.cost_usd.get("energy") else "scheduling"
    axes.set_title(f"What {what} cost: {total:,.0f} USD", loc="left", fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    return save(figure, folder / "cost.png")
