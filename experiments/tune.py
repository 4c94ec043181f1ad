"""``python experiments/tune.py plant=mid``: tunes the index rules on validation seeds."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from agents import rules
from experiments.building.scenario import scenario_from
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.evaluating.statistics import COST, TARDINESS
from experiments.evaluating.tournament import Arena, Player, measure_floor, play_all
from factory_env import Scenario
from factory_env.catalogue import load_plug, plug_names

GOALS = {"cost": COST, "tardiness": TARDINESS}
FULL_GRID = 64  # a larger grid is searched by coordinate descent from the rule's defaults


def tune_rule(scenario: Scenario, name: str, cfg: DictConfig) -> tuple[dict[str, float], float]:
    """Best parameters of a rule and their mean on the validation seeds [USD]."""
    grid: dict[str, tuple[float, ...]] = load_plug(rules, name).GRID
    default = load_plug(rules, name)()
    start = {key: float(getattr(default, key)) for key in grid}
    known: dict[tuple[float, ...], float] = {}
    arena = Arena(scenario=scenario, measure=measure_floor)

    def costs(points: list[dict[str, float]], title: str) -> None:
        fresh = [p for p in points if tuple(p.values()) not in known]
        players = [Player(name=str(p), lines=name, params=p) for p in fresh]
        if not players:
            return
        seeds = range(cfg.tune.first_seed, cfg.tune.first_seed + cfg.tune.episodes)
        results = play_all(arena, players, seeds, workers=cfg.tune.workers, title=title)
        known.update(
            {
                tuple(p.values()): r.mean(GOALS[cfg.tune.goal])
                for p, r in zip(fresh, results, strict=True)
            }
        )

    if _size(grid) <= FULL_GRID:
        points = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
        costs(points, name)
    else:
        here = start
        for sweep in range(cfg.tune.sweeps):
            before = dict(here)
            for key, values in grid.items():
                costs([{**here, key: v} for v in values], f"{name} {key} sweep {sweep + 1}")
                here = min(
                    ({**here, key: v} for v in values), key=lambda p: known[tuple(p.values())]
                )
            if here == before:
                break
    best = min(known, key=lambda values: known[values])
    return dict(zip(grid, best, strict=True)), known[best]


def _size(grid: Mapping[str, tuple[float, ...]]) -> int:
    size = 1
    for values in grid.values():
        size *= len(values)
    return size


def task(cfg: DictConfig, run: RunFolder) -> Mapping[str, Any]:
    """Tune every rule that has a grid; writes ``tuned.yaml`` into the run folder."""
    scenario = scenario_from(cfg)
    names = [n for n in plug_names(rules) if hasattr(load_plug(rules, n), "GRID")]
    names = [n for n in names if cfg.tune.rules is None or n in cfg.tune.rules]
    tuned, costs = {}, {}
    for name in names:
        key = name if cfg.tune.goal == "cost" else f"{name}@{cfg.tune.goal}"
        tuned[key], costs[key] = tune_rule(scenario, name, cfg)
        print(f"{key}: {tuned[key]}, {costs[key]:,.0f} USD")
    seeds = f"{cfg.tune.first_seed} to {cfg.tune.first_seed + cfg.tune.episodes - 1}"
    head = (
        f"# Tuned by experiments/tune.py plant={scenario.plant.name} on validation seeds {seeds}\n"
    )
    (run.path / "tuned.yaml").write_text(head + OmegaConf.to_yaml(tuned))
    print(f"copy {run.path / 'tuned.yaml'} to conf/tuned/{scenario.plant.name}.yaml to use it")
    return {"tuned": tuned, "cost_usd": costs, "folder": str(run.path)}


if __name__ == "__main__":
    run_main("tune", task)
