"""Who runs the factory, by name: rules with their tuned values, run folders, shipped agents."""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agents import rules
from agents.card import PRETRAINED
from agents.team import Team
from experiments.building.scenario import ALWAYS_ON, FactoryConfig
from factory_env.catalogue import load_plug, plug_names
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.door.gather import Gather
from factory_env.errors import ArtifactError, InputError, Problem, wrong
from factory_env.presets import DEFAULT_TARIFF, is_shipped, read_group


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

    None with ``energy=always_on``.
    """
    name = config.energy
    if name is None or name == ALWAYS_ON:
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
    near = difflib.get_close_matches(agent, known, n=2)
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
    """A dispatching rule: its own defaults, then tuned values, then ``params``.

    Tuned values are those of ``conf/tuned/<plant>.yaml`` (rule -> parameter -> value).

    Raises
    ------
    InputError
        If there is no such rule or parameter, or a value is not a usable number.
    """
    plug = load_plug(rules, name)
    fields = dataclasses.fields(plug) if dataclasses.is_dataclass(plug) else ()
    kinds = {f.name: int if str(f.type) == "int" else float for f in fields}
    values: dict[str, float] = {}
    problems: list[Problem] = []
    for key, value in {**tuned_params(name, plant_name), **(params or {})}.items():
        if key not in kinds:
            known = ", ".join(kinds) or "none"
            problems.append(
                wrong(
                    "command line",
                    f"params.{key}",
                    f"must be a parameter of {name}",
                    repr(value),
                    f"known: {known}",
                )
            )
            continue
        number = _number(value, positive=key.startswith("k"))
        if number is None:
            kind = "number more than 0" if key.startswith("k") else "finite number"
            problems.append(
                wrong(
                    "command line",
                    f"params.{key}",
                    f"must be a {kind}",
                    repr(value),
                    f"e.g. params.{key}=0.5",
                )
            )
            continue
        values[key] = kinds[key](number)
    if problems:
        raise InputError(problems)
    policy: Policy = plug(**values)
    return policy


def tuned(plant_name: str) -> dict[str, dict[str, float]]:
    """All tuned parameters of a plant (rule -> parameter -> value); empty if never tuned."""
    if not is_shipped("tuned", plant_name):
        return {}
    return {rule: dict(params) for rule, params in read_group("tuned", plant_name).items()}


def tuned_params(rule: str, plant_name: str) -> dict[str, float]:
    """Values of a rule's parameters tuned on validation seeds of a plant; empty if none."""
    return tuned(plant_name).get(rule, {})


def _number(value: Any, *, positive: bool) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    is_usable = math.isfinite(number) and (number > 0 or not positive)
    return number if is_usable and not isinstance(value, bool) else None
