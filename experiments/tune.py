"""Tunes the parameters of the dispatching rules for a plant, on seeds kept for that."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.building.scenario import announce_scenario
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder, write_text
from experiments.tuning.options import TuneOptions
from experiments.tuning.rules import tune_rule
from factory_env.door.gather import Gather


def task(options: TuneOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Tune every rule that has a grid; writes ``tuned.yaml`` into the run folder."""
    scenario = gather(announce_scenario, options)
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
    write_text(run.path / "tuned.yaml", head + OmegaConf.to_yaml(tuned))
    print(f"copy {run.path / 'tuned.yaml'} to conf/tuned/{plant}.yaml to use it")
    return {"tuned": tuned, "cost_usd": costs, "folder": str(run.path)}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("tune", task, argv)


if __name__ == "__main__":
    main()
