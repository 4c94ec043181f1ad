"""Which policies are worth considering? Lateness against bill, and carbon against bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.evaluating.statistics import bootstrap_mean
from experiments.evaluating.tournament import Results
from experiments.report.palette import save

Floats = NDArray[np.float64]
BILL: Final = ("paid", 1000.0, "electricity, fuel and battery wear, 1,000 USD a run")
GOALS: Final = (
    (
        "lateness",
        1000.0,
        "lateness and air freight, 1,000 USD a run",
        "Does a low bill make orders late?",
    ),
    ("co2_kg", 1000.0, "CO2 of grid, gas and diesel, t a run", "Does a low bill save carbon?"),
)
# Okabe and Ito, with a mark each, so that the picture can be read without colours
STYLES: Final = (
    ("#333333", "s"),
    ("#0072B2", "^"),
    ("#56B4E9", "v"),
    ("#D55E00", "D"),
    ("#009E73", "o"),
    ("#CC79A7", "P"),
    ("#8C6D31", "X"),
    ("#E69F00", "*"),
)


def front(bill: Floats, other: Floats) -> NDArray[np.int64]:
    """Numbers of the points that no other point beats, cheapest bill first.

    A point is beaten if another one is at most as high in both, and lower in one.

    >>> front(np.array([1.0, 2.0, 3.0]), np.array([5.0, 6.0, 4.0])).tolist()
    [0, 2]
    """
    lower = (bill[:, None] <= bill) & (other[:, None] <= other)
    below = (bill[:, None] < bill) | (other[:, None] < other)
    kept = np.flatnonzero(~(lower & below).any(axis=0))
    return np.asarray(kept[np.lexsort((other[kept], bill[kept]))])


def draw_pareto(
    results: Sequence[Results], path: Path, title: str, bound_usd: float | None = None
) -> Path:
    """Both fronts side by side, with 95 % intervals; points that are beaten are hollow.

    Parameters
    ----------
    bound_usd
        The clairvoyant bound of the bill: a policy that leaves production alone is right of it.
    """
    figure = Figure(figsize=(13.0, 6.2), layout="constrained")
    for axes, goal in zip(figure.subplots(1, 2), GOALS, strict=True):
        _panel(axes, results, goal)
        if bound_usd is not None:
            axes.axvline(
                bound_usd / BILL[1],
                color="#E69F00",
                linestyle="--",
                label="nobody can pay less (clairvoyant bound)",
            )
        _near(axes, results, goal)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=5, fontsize=9, frameon=False)
    figure.suptitle(
        f"{title}\nmean of {len(results[0].columns['site'])} runs on the same seeds, thin lines: "
        "its 95 % interval; filled: no other is better in both, hollow: another is",
        fontsize=11,
    )
    return save(figure, path)


def _panel(axes: Axes, results: Sequence[Results], goal: tuple[str, float, str, str]) -> None:
    key, unit, label, head = goal
    bill = np.array([r.mean(BILL[0]) for r in results]) / BILL[1]
    other = np.array([r.mean(key) for r in results]) / unit
    best = front(bill, other)
    axes.plot(
        bill[best],
        other[best],
        color="#AAAAAA",
        linewidth=1.5,
        zorder=1,
        label="what no other beats",
    )
    names = _letters(results)
    bases = list(dict.fromkeys(_base(r.name) for r in results))
    for i, r in enumerate(results):
        colour, mark = STYLES[bases.index(_base(r.name)) % len(STYLES)]
        across, up = (bootstrap_mean(r.columns[k]) for k in (BILL[0], key))
        bars = {"color": colour, "linewidth": 0.8, "alpha": 0.6}
        axes.plot([across.low / BILL[1], across.high / BILL[1]], [other[i]] * 2, **bars)
        axes.plot([bill[i]] * 2, [up.low / unit, up.high / unit], **bars)
        spot = Spot(at=(bill[i], other[i]), name=r.name, letter=names[r.name])
        spot.draw(axes, colour, mark, is_hollow=i not in best)
    axes.set_xlabel(f"{BILL[2]} (left is better)")
    axes.set_ylabel(f"{label} (down is better)")
    axes.set_title(head, loc="left", fontsize=11, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The mean of a policy."""

    at: tuple[float, float]
    name: str
    letter: str  # of a variant; "" = the policy itself

    def draw(self, axes: Axes, colour: str, mark: str, *, is_hollow: bool) -> None:
        """Variants are small, and named by their letter."""
        fill: Any = "white" if is_hollow else colour
        axes.plot(
            *self.at,
            mark,
            color=colour,
            markerfacecolor=fill,
            linestyle="none",
            markersize=6 if self.letter else 10,
            markeredgewidth=1.4,
            zorder=3,
            label=f"{self.letter}: {self.name}" if self.letter else self.name,
        )
        if self.letter:
            beside = {"xytext": (5, 4), "textcoords": "offset points"}
            axes.annotate(self.letter, self.at, fontsize=9, color=colour, **beside)


def _near(axes: Axes, results: Sequence[Results], goal: tuple[str, float, str, str]) -> None:
    """Look at the policies that compete; the others are named at the edge."""
    far = max(results, key=lambda r: r.mean(BILL[0]))
    rest = [bootstrap_mean(r.columns[BILL[0]]).high for r in results if r is not far]
    if not rest or far.mean(BILL[0]) < 1.25 * max(rest):
        return
    right = 1.04 * max(rest) / BILL[1]
    axes.set_xlim(right=right)
    means = far.mean(BILL[0]) / BILL[1], far.mean(goal[0]) / goal[1]
    axes.annotate(
        f"{far.name}: {means[0]:.1f}, {means[1]:.1f}",
        (right, means[1]),
        ha="right",
        xytext=(-2, -16),
        textcoords="offset points",
        fontsize=9,
    )
    axes.annotate(
        "",
        (right, means[1]),
        xytext=(-38, 0),
        textcoords="offset points",
        arrowprops={"arrowstyle": "->"},
        annotation_clip=False,
    )


def _letters(results: Sequence[Results]) -> dict[str, str]:
    """A letter for every variant of a policy, none for the policies themselves."""
    variants = [r.name for r in results if "@" in r.name]
    letters = {name: chr(ord("a") + i % 26) for i, name in enumerate(variants)}
    return {r.name: letters.get(r.name, "") for r in results}


def _base(name: str) -> str:
    return name.partition("@")[0]
