"""Lines of a plant made from records: equally fast on every product they sew.

Records show a team's productivity whatever it sews. A catalogue product does not balance equally
well on a team of any size, which would show as a spread between styles that the records do not
have; the line's skills take it out. The spread between teams is part of the form of the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from factory_env import designs
from factory_env.catalogue import load_plug
from factory_env.door.scenario_door import build_scenario
from factory_env.sim.plant.tables import PlantTables

LEAST_SKILL, MOST_SKILL = 0.6, 1.6


def evened(plant: Mapping[str, Any], scenario: Mapping[str, Any]) -> dict[str, Any]:
    """The plant with skills that give every line and product the same settled productivity."""
    plain = {**scenario, "people": "scenario"}
    world = build_scenario(plain, plant, "calibration")
    source = load_plug(designs, world.designs)()
    styles = source.collection(world.library.products, np.random.default_rng(0))
    tables = PlantTables(world, styles)
    share: dict[tuple[int, str], float] = {}
    for line, spec in enumerate(world.plant.lines):
        for s, style in enumerate(styles):
            if tables.capable[line, s]:
                minutes = tables.piece_min[line, s] * spec.operators
                share[line, style.product.name] = float(style.smv_min / minutes)
    usual = float(np.median(list(share.values())))
    lines = [
        {
            **line,
            "skills": {
                name: round(float(np.clip(usual / share[i, name], LEAST_SKILL, MOST_SKILL)), 3)
                for name in line["skills"]
                if (i, name) in share
            },
        }
        for i, line in enumerate(plant["lines"])
    ]
    return {**plant, "lines": lines}
