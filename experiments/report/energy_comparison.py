"""Table and picture of energy policies on the same seeds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from experiments.comparison import bootstrap_mean


class Row(Protocol):
    """One policy, seed by seed [USD]."""

    @property
    def name(self) -> str: ...
    @property
    def cost_usd(self) -> NDArray[np.float64]: ...
    @property
    def lateness_usd(self) -> NDArray[np.float64]: ...


def print_table(rows: Sequence[Row], episodes: int, console: Console | None = None) -> None:
    """Print the table, dearest site first."""
    table = Table(
        title=f"Energy policies on the same {episodes} held-out seeds: mean and 95 % interval"
    )
    table.add_column("policy")
    table.add_column("energy, fuel, wear, carbon: USD", justify="right")
    table.add_column("lateness, USD", justify="right")
    for row in sorted(rows, key=lambda r: -float(r.cost_usd.mean())):
        cost, late = bootstrap_mean(row.cost_usd), bootstrap_mean(row.lateness_usd)
        table.add_row(row.name, f"{cost.mean:,.0f} ({cost.low:,.0f} to {cost.high:,.0f})",
                      f"{late.mean:,.0f}")  # fmt: skip
    (console or Console(width=100)).print(table)


def draw(rows: Sequence[Row], path: Path, title: str) -> None:
    """Cost of each policy with its interval, as a PNG."""
    ordered = sorted(rows, key=lambda r: float(r.cost_usd.mean()))
    estimates = [bootstrap_mean(row.cost_usd) for row in ordered]
    figure, axes = plt.subplots(figsize=(8, 1.5 + 0.5 * len(rows)), layout="constrained")
    at = np.arange(len(rows))
    axes.barh(at, [e.mean for e in estimates], color="#56B4E9")
    for i, e in enumerate(estimates):
        axes.plot([e.low, e.high], [i, i], color="black", linewidth=1.2)
    axes.set_yticks(at, [Path(row.name).name for row in ordered])
    axes.set_xlabel("electricity, fuel, battery wear, carbon of a run, USD (95 % intervals)")
    axes.set_title(title)
    figure.savefig(path, dpi=110)
    plt.close(figure)
