"""Many runs of a base and its variants on the same luck: so many that they are the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agents.rules.atcs_match import AtcsMatch
from experiments.validating.variants import variant
from factory_env import Factories, Scenario, play
from factory_env.kpi.table import kpis

Floats = NDArray[np.float64]
BASE = "base"
SHORTER_DAYS = 10  # of fabric than of run


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """What came of every variant under every seed; rows of all variants are in the same order."""

    figures: Mapping[str, Mapping[str, Floats]]  # variant -> figure -> (seeds,)
    ship_min: Mapping[str, Floats]  # variant -> (seeds, orders), NaN = not within the run
    due_min: Mapping[str, Floats]  # variant -> (seeds, orders): customers change it

    @property
    def variants(self) -> tuple[str, ...]:
        """Those that are not the base."""
        return tuple(name for name in self.figures if name != BASE)

    def difference(self, name: str, figure: str) -> Floats:
        """Variant less base, seed by seed."""
        return self.figures[name][figure] - self.figures[BASE][figure]

    def on_time(self, name: str) -> NDArray[np.bool_]:
        """Did an order ship by its due date? (seeds, orders)"""
        return np.asarray(self.ship_min[name] <= self.due_min[name])


def make_variants(plant: str, days: int, disruptions: str) -> dict[str, Scenario]:
    """A base, an hour of overtime every day, and a tenth fewer operators."""
    overrides = {"horizon_days": days, "demand.days": days - SHORTER_DAYS}
    base = variant(plant, "default", disruptions, overrides)
    longer = variant(plant, "default", disruptions, {**overrides, "calendar.overtime_min": 60})
    lines = tuple(replace(x, operators=round(0.9 * x.operators)) for x in base.plant.lines)
    fewer = base.replace(plant=replace(base.plant, lines=lines))
    return {BASE: base, "overtime": longer, "fewer operators": fewer}


def play_pool(
    variants: Mapping[str, Scenario], seeds: int, progress: Callable[[float], None]
) -> Pool:
    """Play the book that seed 0 draws under many seeds, in every variant."""
    book = tuple(Factories(variants[BASE])(0).book.orders)
    figures: dict[str, dict[str, Floats]] = {}
    ships: dict[str, Floats] = {}
    dues: dict[str, Floats] = {}
    for number, (name, scenario) in enumerate(variants.items()):
        make, rows, ship_rows, due_rows = Factories(scenario), [], [], []
        for seed in range(seeds):
            log = play(make(seed, orders=book), AtcsMatch())
            rows.append(kpis(log))
            ship_rows.append(log.tables["orders"]["shipped_min"])
            due_rows.append(log.tables["orders"]["due_min"])
            progress((number + (seed + 1) / seeds) / len(variants))
        figures[name] = {key: np.array([row[key] for row in rows]) for key in rows[0]}
        ships[name] = np.array(ship_rows, dtype=float)
        dues[name] = np.array(due_rows, dtype=float)
    return Pool(figures=figures, ship_min=ships, due_min=dues)
