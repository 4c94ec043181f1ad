"""Records policies at play as a dataset in Minari's format, for imitation and offline RL."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.building.policy import policy_from
from experiments.building.scenario import announce_scenario
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.recording.options import RecordOptions
from factory_env.door.gather import Gather


def task(options: RecordOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Every policy plays every seed; the dataset lies in the run folder."""
    scenario = gather(announce_scenario, options)
    for name in options.policies:
        gather(policy_from, name, None, options.plant_name, "policies")
    gather.done()
    assert scenario is not None
    from experiments.recording.session import hold_recording  # needs the extra `offline`

    figures = hold_recording(options, scenario, run.path)
    for name, cost_usd in figures["mean_costs_usd"].items():
        print(f"{name}: {cost_usd:,.0f} USD a run")
    print(f"{figures['decisions']} decisions, {figures['size_mb']} MB: {figures['dataset']}")
    return {**figures, "folder": str(run.path)}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("record", task, argv)


if __name__ == "__main__":
    main()
