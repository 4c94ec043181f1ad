"""A scenario whose site is decided on, from names, files or a ready scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from factory_env.domain.scenario import Scenario
from factory_env.presets import load_scenario


def decided_scenario(
    plant: str,
    scenario: str | Scenario,
    overrides: Mapping[str, Any] | None,
    disruptions: str | None,
    site: str,
    tariff: str,
) -> Scenario:
    """A scenario in which somebody is asked how the site runs; parameters as `load_scenario`.

    A ready `Scenario` keeps its site and tariff, and is only switched to ``control.mode: agent``.

    Raises
    ------
    InputError
        If a name is unknown, anything in the files is wrong, or a ready scenario has no site.
    """
    ready = (
        scenario
        if isinstance(scenario, Scenario)
        else load_scenario(plant, scenario, overrides, disruptions, site, tariff)
    )
    return ready.with_control("agent")
