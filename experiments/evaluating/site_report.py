"""Table and picture of site policies on the same seeds, with the clairvoyant bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from experiments.evaluating.site_runs import PARTS, REFERENCE
from experiments.evaluating.statistics import Estimate, bootstrap_mean, bootstrap_ratio
from experiments.evaluating.tournament import Results
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What table and picture show."""

    results: Sequence[Results]
    agent: str
    best: str  # the rule whose site costs least
    bound: NDArray[np.float64]  # (seeds,) USD
    episodes: int

    def ordered(self) -> list[Results]:
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


def print_table(found: Comparison, title: str, console: Console | None = None) -> None:
    """The parts of the site's cost, lateness, and all that a run costs."""
    shown = [part for part in PARTS if any(r.mean(part) for r in found.results)]
    table = Table(
        title=f"Who runs the site: mean of {found.episodes} runs on the same seeds, USD a run, "
        f"with 95 % intervals\n{title}",
        caption="the site = its parts together, what the bound bounds; lateness with air freight; "
        "all = with changeovers,\nlearning, capital and the rest; gap closed = of the gap between "
        f"the best rule ({found.best}) and the bound",
    )
    table.add_column("policy", no_wrap=True)
    for part in shown:
        table.add_column(COLOURS[part][0].replace(" ", "\n"), justify="right")
    for head in ("the site", "lateness", "x always on", "all", "gap\nclosed"):
        table.add_column(head, justify="right")
    usual = found.of(REFERENCE).columns["lateness"]
    for r in reversed(found.ordered()):
        ratio = bootstrap_ratio(r.columns["lateness"], usual) if usual.all() else None
        table.add_row(
            r.name,
            *(f"{r.mean(part):,.0f}" for part in shown),
            _cell(r, "site"),
            _cell(r, "lateness"),
            "-" if ratio is None else f"{ratio.mean:.3f}\n{ratio.low:.3f} .. {ratio.high:.3f}",
            _cell(r, "total"),
            f"{found.gap_share(r):.0%}",
            style="bold" if r.name == found.agent else None,
        )
    least = bootstrap_mean(found.bound)
    table.add_row(
        "clairvoyant bound", *("" for _ in shown), _text(least), "", "", "", "100%", style="italic"
    )
    (console or Console(width=130)).print(table)


def _cell(result: Results, key: str) -> str:
    return _text(bootstrap_mean(result.columns[key]))


def _text(value: Estimate) -> str:
    return f"{value.mean:,.0f}\n{value.low:,.0f} .. {value.high:,.0f}"


def draw(found: Comparison, path: Path, title: str) -> Path:
    """Cost of the site by part and lateness of every policy, cheapest on top; a PNG."""
    rows = found.ordered()
    figure = Figure(figsize=(11.5, 2.4 + 0.5 * len(rows)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(2.6, 1.0))
    start = np.zeros(len(rows))
    for part, (label, colour) in COLOURS.items():
        widths = np.array([r.mean(part) for r in rows]) / 1000
        if np.abs(widths).max() > 0.005:
            left.barh(range(len(rows)), widths, left=start, color=colour, label=label, height=0.66)
        start = start + widths
    least = bootstrap_mean(found.bound)
    left.axvspan(least.low / 1000, least.high / 1000, color="#DDDDDD", zorder=0, linewidth=0)
    left.axvline(
        least.mean / 1000,
        color="black",
        linewidth=1.5,
        linestyle="--",
        label=f"clairvoyant bound: {least.mean / 1000:.1f}",
    )
    for i, r in enumerate(rows):
        for axes, key, colour in ((left, "site", "black"), (right, "lateness", _colour(r, found))):
            e = bootstrap_mean(r.columns[key])
            axes.plot([e.low / 1000, e.high / 1000], [i, i], color=colour, linewidth=1.6)
            if key == "lateness":
                axes.plot(e.mean / 1000, i, "o", color=colour)
            else:
                axes.text(
                    e.high / 1000,
                    i,
                    f"  {e.mean / 1000:.1f} ({found.gap_share(r):.0%})",
                    va="center",
                    fontsize=9,
                )
    left.set_yticks(range(len(rows)), [r.name for r in rows])
    for label_, r in zip(left.get_yticklabels(), rows, strict=True):
        if r.name == found.agent:
            label_.set(fontweight="bold", color=LEARNED)
    left.invert_yaxis()
    highest = max(bootstrap_mean(r.columns["site"]).high for r in rows) / 1000
    left.set_xlim(min(0.0, start.min()), 1.22 * highest)
    left.set_xlabel("cost of the site, 1,000 USD a run\n(in brackets: share of the gap closed)")
    right.set_xlabel("lateness and air freight,\n1,000 USD a run")
    right.grid(axis="x", alpha=0.3)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.legend(
        *left.get_legend_handles_labels(),
        loc="outside lower center",
        ncols=7,
        fontsize=8,
        frameon=False,
    )
    figure.suptitle(
        f"Who runs the site: {title}\n{found.episodes} runs on the same seeds; "
        "lines: 95 % intervals",
        fontsize=11,
    )
    return save(figure, path)


def _colour(result: Results, found: Comparison) -> str:
    return LEARNED if result.name == found.agent else "#333333"
