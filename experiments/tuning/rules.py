"""Tunes an index rule: every point of its grid plays the validation seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from experiments.evaluating.statistics import COST, TARDINESS
from experiments.evaluating.tournament import Arena, Player, measure_floor, play_all
from experiments.tuning.options import RuleTuning, load_rule
from experiments.tuning.search import FULL_GRID, GridSearch, Point, default_point, grid_size
from factory_env import Scenario

GOALS: Final = {"cost": COST, "tardiness": TARDINESS}


def tune_rule(scenario: Scenario, name: str, tune: RuleTuning) -> tuple[Point, float]:
    """Best parameters of a rule and their mean on the validation seeds [USD]."""
    plug = load_rule(name)
    arena = Arena(scenario=scenario, measure=measure_floor)

    def costs(points: Sequence[Point], title: str) -> list[float]:
        players = [Player(name=str(p), lines=name, params=p) for p in points]
        results = play_all(arena, players, tune.seeds, workers=tune.workers, title=title)
        return [r.mean(GOALS[tune.goal]) for r in results]

    search = GridSearch(name, plug.GRID, costs)
    if grid_size(plug.GRID) <= FULL_GRID:
        search.everywhere()
    else:
        search.descend(default_point(plug), tune.sweeps)
    return search.best, search.cost(search.best)
