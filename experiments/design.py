"""Draws designs by sliders and says what each would do: `design.py category=dress count=12`.

Or the way from one to another: `design.py category=dress between=[3,17] sliders.complexity=0.8`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from omegaconf import DictConfig

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.building.scenario import scenario_from
from experiments.command.checks import seed_from, switch_from
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.designing.options import options_from
from experiments.designing.session import rows_of, session, slider_error
from experiments.designing.sheet import draw_designs
from factory_env.door.gather import Gather


def task(cfg: DictConfig, run: RunFolder) -> dict[str, Any]:
    """Check, draw, reckon; sheets, pictures and one row a design."""
    gather = Gather()
    options, seed = gather(options_from, cfg), gather(seed_from, cfg)
    scenario, pictures = gather(scenario_from, cfg), gather(switch_from, cfg, "pictures")
    gather.done()
    assert options is not None
    assert scenario is not None
    assert seed is not None
    found = session(scenario, options, seed)
    if pictures:
        title = f"{cfg.category} by {scenario.designs}, seed {seed}, plant {scenario.plant.name}"
        drawn = draw_designs(found, run.path, title[0].upper() + title[1:])
        print(f"{len(drawn)} pictures in {run.path}, {drawn[0].name} first")
    rows = rows_of(found)
    return {
        "source": scenario.designs,
        "category": str(cfg.category),
        "seed": seed,
        "sliders": dict(options.sliders),
        "slider_error": slider_error(found, dict(options.sliders)),
        "slider_r2": found.r2,
        **{
            f"mean_{key}": float(np.mean([row[key] for row in rows]))
            for key in ("smv_min", "cost_usd", "novelty", "line_suitability")
        },
        "designs": rows,
    }


if __name__ == "__main__":
    run_main("design", task)
