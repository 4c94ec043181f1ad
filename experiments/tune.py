"""``python experiments/tune.py plant=mid``: tunes the index rules on validation seeds."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from agents import rules
from experiments.building.scenario import scenario_from
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.evaluating.statistics import COST, TARDINESS
from experiments.evaluating.tournament import Arena, Player, measure_floor, play_all
from experiments.tuning.options import RuleTuning, TuneOptions
from experiments.tuning.search import FULL_GRID, GridSearch, Point, default_point, grid_size
from factory_env import Scenario
from factory_env.catalogue import load_plug
from factory_env.door.gather import Gather

GOALS = {"cost": COST, "tardiness": TARDINESS}


def tune_rule(scenario: Scenario, name: str, tune: RuleTuning) -> tuple[Point, float]:
    """Best parameters of a rule and their mean on the validation seeds [USD]."""
    plug = load_plug(rules, name)
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


def task(options: TuneOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Tune every rule that has a grid; writes ``tuned.yaml`` into the run folder."""
    scenario = gather(scenario_from, options)
    gather.done()
    assert scenario is not None
    tune, plant = options.tune, scenario.plant.name
    tuned, costs = {}, {}
    for name in options.chosen():
        key = name if tune.goal == "cost" else f"{name}@{tune.goal}"
        tuned[key], costs[key] = tune_rule(scenario, name, tune)
        print(f"{key}: {tuned[key]}, {costs[key]:,.0f} USD")
    seeds = f"{tune.seeds[0]} to {tune.seeds[-1]}"
    head = f"# Tuned by experiments/tune.py plant={plant} on validation seeds {seeds}\n"
    (run.path / "tuned.yaml").write_text(head + OmegaConf.to_yaml(tuned))
    print(f"copy {run.path / 'tuned.yaml'} to conf/tuned/{plant}.yaml to use it")
    return {"tuned": tuned, "cost_usd": costs, "folder": str(run.path)}


if __name__ == "__main__":
    run_main("tune", task)
