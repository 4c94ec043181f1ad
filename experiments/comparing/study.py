"""Plays a factory with different inspectors on the same seeds: what each of them costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.evaluating.statistics import COST, Estimate, bootstrap_mean, bootstrap_ratio
from experiments.evaluating.tournament import Arena, Player, Results, measure_floor, play_all
from factory_env import Scenario

PARTS = (
    "tardiness",
    "returns",
    "seconds",
    "inspection",
    "changeover",
    "learning",
    "holding",
    "short",
    "recheck",
)
REST = "rest"  # what ``PARTS`` leave of the total cost: overtime, air freight, cancelled orders
SHOWN = (
    COST,
    "tardiness_cost_usd",
    "returns_cost_usd",
    "seconds_cost_usd",
    "inspection_cost_usd",
    "escape_share",
    "rft_share",
    "seconds_share",
)
OURS, YARDSTICK = "cnn", "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What came of every inspector, seed by seed."""

    results: Mapping[str, Results]  # inspector -> KPIs
    seeds: tuple[int, ...]
    agent: str

    def row(self, name: str) -> dict[str, Estimate]:
        """Estimates of what the table shows, with the inspector's mean over the seeds."""
        return {key: bootstrap_mean(self.results[name].columns[key]) for key in SHOWN}

    def parts(self, name: str) -> dict[str, float]:
        """Mean cost by part [USD]; with ``REST`` they add up to the total cost."""
        parts = {part: self.results[name].mean(f"{part}_cost_usd") for part in PARTS}
        return {**parts, REST: self.results[name].mean(COST) - sum(parts.values())}

    def ratio(self, name: str, to: str = YARDSTICK) -> Estimate:
        """Total cost of an inspector over that of another, seeds resampled in pairs."""
        return bootstrap_ratio(self.results[name].columns[COST], self.results[to].columns[COST])


def study_inspectors(
    scenarios: Mapping[str, Scenario], agent: str, seeds: Sequence[int], *, workers: int
) -> Study:
    """Play every scenario, named by its inspector, under one rule on the same seeds."""
    results = {
        name: play_all(
            Arena(scenario=scenario, measure=measure_floor),
            [Player(name=agent, lines=agent)],
            seeds,
            workers=workers,
            title=f"inspector={name}",
        )[0]
        for name, scenario in scenarios.items()
    }
    return Study(results=results, seeds=tuple(seeds), agent=agent)


def study_figures(study: Study) -> dict[str, Any]:
    """Flat figures for machines: ``cnn_vs_human`` and its interval, the same against ``none``.

    Without one of the two inspectors the figure is left out.
    """
    figures: dict[str, Any] = {"seeds": len(study.seeds), "agent": study.agent}
    for other in study.results:
        if OURS in study.results and other != OURS:
            ratio = study.ratio(OURS, other)
            figures |= ratio.figures(f"{OURS}_vs_{other}")
    for name in study.results:
        figures |= {f"{key}_{name}": study.results[name].mean(key) for key in SHOWN}
    return figures
