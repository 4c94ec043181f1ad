"""``python experiments/tune_energy.py tariff=us_demand``: tunes the energy rules by replay."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from agents import energy
from experiments.building.policy import rule_from
from experiments.building.scenario import scenario_from
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.tuning.recording import Recording, record, replay
from factory_env import Scenario
from factory_env.catalogue import load_plug, plug_names

Point = dict[str, float]
SLOW = "mpc"


def tune_plug(
    name: str, scenario: Scenario, recordings: Sequence[Recording], sweeps: int
) -> tuple[Point, float]:
    """Best parameters by coordinate descent from the defaults, and their mean goal [USD]."""
    plug = load_plug(energy, name)
    default = plug()
    here = {key: float(getattr(default, key)) for key in plug.GRID}
    known: dict[tuple[float, ...], float] = {}

    def goal(point: Point) -> float:
        key = tuple(point.values())
        if key not in known:
            paid = [replay(r, scenario, plug(**point)).goal_usd for r in recordings]
            known[key] = sum(paid) / len(paid)
        return known[key]

    for sweep in range(sweeps):
        before = dict(here)
        for key, values in plug.GRID.items():
            here = min(({**here, key: value} for value in values), key=goal)
            print(f"{name} {key} sweep {sweep + 1}: {here[key]:g}, {goal(here):,.0f} USD")
        if here == before:
            break
    return here, goal(here)


def task(cfg: DictConfig, run: RunFolder) -> Mapping[str, Any]:
    """Tune every plug that has a grid; writes ``tuned.yaml`` into the run folder."""
    scenario = scenario_from(cfg)
    scheduler = rule_from(cfg.tune.scheduler, None, scenario.plant.name)
    seeds = range(cfg.tune.first_seed, cfg.tune.first_seed + cfg.tune.episodes)
    recordings = [record(scenario, scheduler, seed) for seed in seeds]
    tuned: dict[str, Point] = {}
    goals: dict[str, float] = {}
    names = [name for name in plug_names(energy) if hasattr(load_plug(energy, name), "GRID")]
    names = [name for name in names if cfg.tune.plugs is None or name in cfg.tune.plugs]
    for name in names:
        used = recordings[: cfg.tune.mpc_episodes] if name == SLOW else recordings
        tuned[name], goals[name] = tune_plug(name, scenario, used, cfg.tune.sweeps)
    head = f"# Tuned by experiments/tune_energy.py on validation seeds from {seeds[0]} on\n"
    (run.path / "tuned.yaml").write_text(head + OmegaConf.to_yaml(tuned))
    print(f"copy {run.path / 'tuned.yaml'} to conf/tuned/energy/<tariff>.yaml to use it")
    return {"tuned": tuned, "goal_usd": goals, "folder": str(run.path)}


if __name__ == "__main__":
    run_main("tune_energy", task)
