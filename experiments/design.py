"""Draws designs by sliders and says what each would cost to make.

`category=dress between=[3,17]` draws the way from one design to another.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.building.scenario import announce_scenario
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.designing.options import DesignOptions
from experiments.designing.session import rows_of, session, slider_error
from experiments.designing.sheet import draw_designs
from factory_env.door.gather import Gather


def task(options: DesignOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check, draw, reckon; sheets, pictures and one row a design."""
    scenario = gather(announce_scenario, options)
    gather.done()
    assert scenario is not None
    found = session(scenario, options)
    if options.pictures:
        title = f"by {scenario.designs}, seed {options.seed}, plant {scenario.plant.name}"
        drawn = draw_designs(found, run.path, f"New designs of class {options.category} {title}")
        print(f"{len(drawn)} pictures in {run.path}, {drawn[0].name} first")
    rows = rows_of(found)
    return {
        "source": scenario.designs,
        "category": options.category,
        "seed": options.seed,
        "sliders": options.ranks,
        "slider_error": slider_error(found, options.ranks),
        "slider_r2": found.r2,
        **{
            f"mean_{key}": float(np.mean([row[key] for row in rows]))
            for key in ("smv_min", "cost_usd", "novelty", "line_suitability")
        },
        "designs": rows,
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("design", task, argv)


if __name__ == "__main__":
    main()
