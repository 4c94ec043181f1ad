"""Who runs the factory, by name: rules with their tuned values, run folders, shipped agents."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agents import rules
from agents.card import PRETRAINED
from agents.team import Team
from experiments.building.scenario import ALWAYS_ON, FactoryConfig
from factory_env.catalogue import plug_names
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.door.gather import Gather
from factory_env.errors import ArtifactError, InputError, wrong
from factory_env.presets import DEFAULT_TARIFF


def policies_from(config: FactoryConfig, agent: str, params: Mapping[str, Any]) -> Policy:
    """Who runs the lines, and beside it who runs the site.

    Raises
    ------
    InputError
        With the problems of both.
    """
    gather = Gather()
    lines = gather(policy_from, agent, params, config.plant_name)
    site = gather(site_policy_from, config)
    gather.done()
    assert lines is not None
    return lines if site is None else Team(lines=lines, site=site)


def site_policy_from(config: FactoryConfig) -> EnergyPolicy | None:
    """Who runs the site: a rule tuned for its tariff, a run folder, or pretrained.

    None with ``energy=always_on``, and without a battery where nobody is named.
    """
    name = config.site_agent
    if name == ALWAYS_ON:
        return None
    from experiments.building.site_policy import site_agent  # brings a solver

    gather = Gather()
    tariff = config.tariff or {"name": DEFAULT_TARIFF}
    site = gather(site_agent, name, str(tariff.get("name", "")))
    if config.site is None and config.tariff is None:
        right = "site=pv_battery, tariff=us_demand, or both"
        gather.add([wrong("command line", "energy", "needs a site to run", repr(name), right)])
    gather.done()
    return site


def policy_from(
    agent: str, params: Mapping[str, Any] | None = None, plant_name: str = "mid"
) -> Policy:
    """A rule by name, the agent in a run folder, or the shipped ``pretrained`` one."""
    if agent in plug_names(rules):
        return rule_from(agent, params, plant_name)
    if agent == PRETRAINED or Path(agent).is_dir():
        if params:
            raise InputError.of(
                "command line",
                "params",
                "only rules have parameters",
                str(dict(params)),
                f"no params with agent={agent}",
            )
        from agents.deep.load import load_agent  # brings torch

        try:
            return load_agent(agent)
        except ArtifactError as error:
            raise InputError.of(
                "command line", "agent", "must hold an agent of this version", agent, str(error)
            ) from None
    known = [*plug_names(rules), PRETRAINED]
    near = [k for k in known if k == agent.lower()] or difflib.get_close_matches(agent, known, n=2)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    raise InputError.of(
        "command line",
        "agent",
        "must be a rule, a run folder or pretrained",
        repr(agent),
        f"{hint}rules: {', '.join(known[:-1])}",
    )


def rule_from(
    name: str, params: Mapping[str, Any] | None = None, plant_name: str = "mid"
) -> Policy:
    """A dispatching rule as `agents.rules.load` makes it, asked for on the command line.

    Raises
    ------
    InputError
        If there is no such rule or parameter, or a value is not a usable number.
    """
    return rules.load(name, plant_name, params, where="command line")


def policy_notes(agent: str, params: Mapping[str, Any], plant_name: str) -> tuple[str, ...]:
    """The values that a rule runs with, and where they come from."""
    if agent not in plug_names(rules):
        return ()
    try:
        told = rules.tell_values(agent, plant_name, params)
    except InputError:  # said where the rule is made
        return ()
    return (told,) if told else ()
