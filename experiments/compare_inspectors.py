"""Says what inspection pays: one factory, one rule, every inspector.

All of them meet the same orders, people and defects, seed by seed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.building.policy import policy_from
from experiments.building.scenario import announce_scenario, scenario_from
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder, write_text
from experiments.comparing.options import CompareOptions
from experiments.comparing.pictures import draw_study, study_table
from experiments.comparing.study import study_figures, study_inspectors
from factory_env.door.gather import Gather


def task(options: CompareOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check everything, play, and leave table, picture and figures."""
    gather(policy_from, options.agent, None, options.plant_name)
    gather(announce_scenario, options)
    gather.done()
    built = {name: gather(scenario_from, options.with_inspector(name)) for name in options.names}
    gather.done()
    scenarios = {name: scenario for name, scenario in built.items() if scenario is not None}
    seeds, workers = options.eval.seeds, options.eval.workers
    study = study_inspectors(scenarios, options.agent, seeds, workers=workers)
    table = study_table(study)
    write_text(run.path / "inspectors.md", table)
    print(table)
    if options.pictures:
        draw_study(study, run.path / "inspectors.png", plant=options.plant_name)
    return {"plant": options.plant_name, **study_figures(study)}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("compare_inspectors", task, argv)


if __name__ == "__main__":
    main()
