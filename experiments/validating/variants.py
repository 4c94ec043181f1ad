"""Scenarios of the checks that compare calm factories with disrupted ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from factory_env import Scenario, load_scenario


def variant(plant: str, scenario: str, disruptions: str, overrides: Mapping[str, Any]) -> Scenario:
    """A shipped scenario under a level of disruptions.

    A plant that was never calibrated has no people of its own; the scenario's stand in.
    """
    calibrated = load_scenario(plant).plant.people is not None
    own = {} if calibrated or scenario == "default" else {"people": "scenario"}
    return load_scenario(plant, scenario, {**own, **overrides}, disruptions=disruptions)
