"""Tunes the parameters of the site's rules for a tariff, by replaying runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.building.policy import policy_from
from experiments.building.scenario import announce_scenario
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder, write_text
from experiments.tuning.options import TuneEnergyOptions
from experiments.tuning.recording import record_runs
from experiments.tuning.search import Point
from experiments.tuning.site_rules import SLOW, tune_plug
from factory_env.door.gather import Gather


def task(options: TuneEnergyOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Tune every plug that has a grid; writes ``tuned.yaml`` into the run folder."""
    scenario, tune = gather(announce_scenario, options), options.tune
    scheduler = gather(policy_from, tune.scheduler, None, options.plant_name, "tune.scheduler")
    gather.done()
    assert scenario is not None
    assert scheduler is not None
    recordings = record_runs(scenario, scheduler, tune.seeds)
    tuned: dict[str, Point] = {}
    goals: dict[str, float] = {}
    for name in options.chosen():
        used = recordings[: tune.mpc_episodes] if name == SLOW else recordings
        tuned[name], goals[name] = tune_plug(name, scenario, used, tune.sweeps)
    head = f"# Tuned by experiments/tune_energy.py on validation seeds from {tune.first_seed} on\n"
    write_text(run.path / "tuned.yaml", head + OmegaConf.to_yaml(tuned))
    print(f"copy {run.path / 'tuned.yaml'} to conf/tuned/energy/<tariff>.yaml to use it")
    return {"tuned": tuned, "goal_usd": goals, "folder": str(run.path)}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("tune_energy", task, argv)


if __name__ == "__main__":
    main()
