"""Table and picture of site policies on the same seeds, with the clairvoyant bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from experiments.evaluating.site_runs import PARTS, REFERENCE
from experiments.evaluating.statistics import Estimate, bootstrap_mean, bootstrap_ratio
from experiments.evaluating.tournament import Results
from experiments.report.canvas import lay_axes, legend_below, shorten_text, text_width_in
from experiments.report.palette import save

# part -> (what it is called, colour); Okabe and Ito
COLOURS: Final = {
    "energy": ("energy", "#0072B2"),
    "demand": ("demand", "#D55E00"),
    "standing": ("standing charge", "#777777"),
    "fuel": ("fuel", "#8C6D31"),
    "wear": ("battery wear", "#CC79A7"),
    "carbon": ("price on carbon", "#222222"),
}
LEARNED: Final = "#009E73"
WIDTH_IN: Final = 13.5
NAME_SIZE: Final = 9.5
NAME_IN: Final = 2.6
HEAD: Final[dict[str, Any]] = {"loc": "left", "fontsize": 10.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What table and picture show."""

    results: Sequence[Results]
    agent: str
    best: str  # the rule whose site costs least
    bound: NDArray[np.float64]  # (seeds,) USD
    episodes: int

    def by_cost(self) -> list[Results]:
        """Cheapest site first."""
        return sorted(self.results, key=lambda r: r.mean("site"))

    def of(self, name: str) -> Results:
        """The results of one policy."""
        return next(r for r in self.results if r.name == name)

    def gap_share(self, result: Results) -> float:
        """Share of the gap between best rule and bound that a policy closes."""
        best, bound = self.of(self.best).mean("site"), float(self.bound.mean())
        gap = best - bound
        return (best - result.mean("site")) / gap if gap > 0.0 else float("nan")


def print_table(comparison: Comparison, title: str, console: Console | None = None) -> None:
    """The parts of the site's cost, lateness, and all that a run costs."""
    shown = [part for part in PARTS if any(r.mean(part) for r in comparison.results)]
    table = Table(
        title=f"Who runs the site: mean of {comparison.episodes} runs on the same seeds, "
        f"USD a run, with 95 % intervals\n{title}",
        caption="the site = its parts together, what the bound bounds; lateness with air freight; "
        "all = with changeovers,\nlearning, capital and the rest; gap closed = of the gap between "
        f"the best rule ({comparison.best}) and the bound",
    )
    table.add_column("policy", no_wrap=True)
    for part in shown:
        table.add_column(COLOURS[part][0].replace(" ", "\n"), justify="right")
    for head in ("the site", "lateness", "x always on", "all", "gap\nclosed"):
        table.add_column(head, justify="right")
    usual = comparison.of(REFERENCE).columns["lateness"]
    for r in reversed(comparison.by_cost()):
        ratio = bootstrap_ratio(r.columns["lateness"], usual) if usual.all() else None
        table.add_row(
            r.name,
            *(f"{r.mean(part):,.0f}" for part in shown),
            _cell(r, "site"),
            _cell(r, "lateness"),
            "-" if ratio is None else f"{ratio.mean:.3f}\n{ratio.low:.3f} .. {ratio.high:.3f}",
            _cell(r, "total"),
            f"{comparison.gap_share(r):.0%}",
            style="bold" if r.name == comparison.agent else None,
        )
    least = bootstrap_mean(comparison.bound)
    table.add_row(
        "clairvoyant bound", *("" for _ in shown), _text(least), "", "", "", "100%", style="italic"
    )
    (console or Console(width=130)).print(table)


def _cell(result: Results, key: str) -> str:
    return _text(bootstrap_mean(result.columns[key]))


def _text(value: Estimate) -> str:
    return f"{value.mean:,.0f}\n{value.low:,.0f} .. {value.high:,.0f}"


def draw(comparison: Comparison, path: Path, title: str) -> Path:
    """Cost of the site by part, and lateness against usual, of every policy; a PNG."""
    rows = comparison.by_cost()
    figure = Figure(figsize=(WIDTH_IN, 2.5 + 0.46 * len(rows)))
    names = [shorten_text(r.name, NAME_SIZE, NAME_IN) for r in rows]
    begin = max(text_width_in(name, NAME_SIZE) for name in names) + 0.2
    left = lay_axes(figure, left=begin, right=4.1, top=0.95, bottom=1.15)
    right = lay_axes(figure, left=WIDTH_IN - 3.7, right=0.3, top=0.95, bottom=1.15)
    ends = _parts(left, rows)
    _bound(left, bootstrap_mean(comparison.bound))
    for i, r in enumerate(rows):
        words = _verdict(comparison, r, rows[0])
        left.text(
            max(ends[i], 0.0), i, f"  {r.mean('site') / 1000:.1f}{words}", va="center", size=9
        )
    left.set_yticks(range(len(rows)), names, fontsize=NAME_SIZE, parse_math=False)
    for label_, r in zip(left.get_yticklabels(), rows, strict=True):
        if r.name == comparison.agent:
            label_.set(fontweight="bold", color=LEARNED)
    left.set_xlim(min(0.0, ends.min()), 1.55 * max(ends.max(), 0.1))
    left.set_xlabel("cost of the site, 1,000 USD a run")
    left.set_title("Cost by part (of the gap: how far from the best rule to the bound)", **HEAD)
    _lateness(right, comparison, rows)
    for axes in (left, right):
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.spines[["top", "right"]].set_visible(False)
    legend_below(figure, left.get_legend_handles_labels()[0], columns=8)
    head = f"Who decides for the site: {title}, the same {comparison.episodes} seeds for all"
    at = 0.1 / WIDTH_IN, 1 - 0.32 / figure.get_figheight()
    figure.text(*at, head, fontsize=12, fontweight="bold")
    return save(figure, path)


def _verdict(comparison: Comparison, result: Results, cheapest: Results) -> str:
    """How much of the gap a policy closes, and whether it can be told from the cheapest."""
    share = comparison.gap_share(result)
    words = f" ({share:.0%} of the gap)" if share > 0.005 else ""
    if result.name == comparison.best:
        words = " (best rule)"
    gap = bootstrap_mean(result.columns["site"] - cheapest.columns["site"])
    same = gap.holds_zero and result is not cheapest
    return f"{words}, not distinguishable from the best" if same else words


def _lateness(axes: Axes, comparison: Comparison, rows: Sequence[Results]) -> None:
    """Seed by seed against the site that is always on: runs differ more than policies do."""
    usual = comparison.of(REFERENCE)
    axes.axvline(0.0, color="black", linewidth=0.8)
    for i, r in enumerate(rows):
        gap = bootstrap_mean(r.columns["lateness"] - usual.columns["lateness"])
        _spot(axes, i, gap, _colour(r, comparison))
    axes.set_yticks(range(len(rows)), [""] * len(rows))
    axes.set_xlabel("1,000 USD a run, 95 % interval")
    axes.set_title(f"Lateness and air freight, against {REFERENCE}", **HEAD)


def _parts(axes: Axes, rows: Sequence[Results]) -> NDArray[np.float64]:
    """A bar a policy, part beside part; where they end [1,000 USD]."""
    ends = np.zeros(len(rows))
    for part, (label, colour) in COLOURS.items():
        widths = np.array([r.mean(part) for r in rows]) / 1000
        if np.abs(widths).max() > 0.005:
            axes.barh(range(len(rows)), widths, left=ends, color=colour, label=label, height=0.66)
        ends = ends + widths
    return ends


def _bound(axes: Axes, least: Estimate) -> None:
    axes.axvspan(least.low / 1000, least.high / 1000, color="#DDDDDD", zorder=0, linewidth=0)
    label = f"nobody can pay less: {least.mean / 1000:.1f} (clairvoyant bound)"
    axes.axvline(least.mean / 1000, color="black", linewidth=1.5, linestyle="--", label=label)


def _spot(axes: Axes, row: int, cost: Estimate, colour: str) -> None:
    axes.plot([cost.low / 1000, cost.high / 1000], [row, row], color=colour, linewidth=1.6)
    axes.plot(cost.mean / 1000, row, "o", color=colour)


def _colour(result: Results, comparison: Comparison) -> str:
    return LEARNED if result.name == comparison.agent else "#333333"
