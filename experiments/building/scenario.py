"""The only place that makes scenarios and policies from a config."""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from agents import rules
from agents.card import PRETRAINED
from agents.pair import Pair
from factory_env.catalogue import load_plug, plug_names
from factory_env.decision import EnergyPolicy, Policy
from factory_env.domain.scenario import Scenario
from factory_env.door.gather import Gather
from factory_env.door.places import dotted, key_lines, line_of
from factory_env.door.scenario_door import build_scenario
from factory_env.errors import ArtifactError, InputError, Problem, wrong
from factory_env.presets import (
    CONF,
    DEFAULT_SITE,
    DEFAULT_TARIFF,
    ENERGY_PARTS,
    read_group,
    read_source,
    with_energy,
)

ALWAYS_ON = "always_on"  # the site as nobody runs it: needs no policy and no questions


def scenario_from(cfg: DictConfig, words: Sequence[str] | None = None) -> Scenario:
    """The checked scenario of a config; see `scenario_and_notes`."""
    return scenario_and_notes(cfg, words)[0]


def scenario_and_notes(
    cfg: DictConfig, words: Sequence[str] | None = None
) -> tuple[Scenario, tuple[str, ...]]:
    """The checked scenario of a config with the parts ``scenario`` and ``plant``, and remarks.

    With a part ``site`` or ``tariff`` the scenario has an energy side; the missing one of both is
    ``grid_only`` or ``bd_industry``.

    Parameters
    ----------
    words
        The command line's overrides, to name the guilty one; Hydra's if not given.

    Raises
    ------
    InputError
        With every problem, and the file and line or the override it comes from.
    """
    parts: Any = OmegaConf.to_container(cfg, resolve=True)
    try:
        scenario, plant = _mapping(parts, "scenario"), _mapping(parts, "plant")
        disruptions = _mapping(parts, "disruptions") if "disruptions" in parts else None
        market = _mapping(parts, "demand") if parts.get("demand") is not None else None
        named = parts.get("inspector") is not None
        inspection = _mapping(parts, "inspector") if named else None
        site_side = _energy_parts(parts)
        beside = {"disruptions": disruptions, "market": market, "inspection": inspection}
        if not site_side:
            return build_scenario(scenario, plant, **beside), ()
        given = {name: part for name, part in beside.items() if part is not None}
        return with_energy({**scenario, **given}, plant, site_side)
    except InputError as error:
        sources = parts.get("sources") or {}
        if words is None:
            words = HydraConfig.get().overrides.task if HydraConfig.initialized() else ()
        raise InputError([_placed(p, sources, words) for p in error.problems]) from None


def _energy_parts(parts: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Site, tariff and control of a config; empty if it has neither site nor tariff."""
    if parts.get("site") is None and parts.get("tariff") is None:
        return {}
    found = {name: _mapping(parts, name) for name in ENERGY_PARTS if parts.get(name) is not None}
    found.setdefault("site", read_source("site", DEFAULT_SITE))
    found.setdefault("tariff", read_source("tariff", DEFAULT_TARIFF))
    asked = (parts.get("energy") or ALWAYS_ON) != ALWAYS_ON
    control = dict(found.get("control", {}))
    return {**found, "control": control | ({"mode": "agent"} if asked else {})}


def policies_from(cfg: DictConfig) -> Policy:
    """Who runs the lines (``agent``, ``params``), and beside it who runs the site (``energy``).

    Raises
    ------
    InputError
        With the problems of both.
    """
    gather = Gather()
    lines = gather(policy_from, str(cfg.agent), cfg.params, str(cfg.plant.get("name")))
    site = gather(site_policy_from, cfg)
    gather.done()
    assert lines is not None
    return lines if site is None else Pair(lines, site)


def site_policy_from(cfg: DictConfig) -> EnergyPolicy | None:
    """Who runs the site: a rule tuned for its tariff, a run folder, or pretrained.

    None with ``energy=always_on``.
    """
    name = str(cfg.get("energy") or ALWAYS_ON)
    if name == ALWAYS_ON:
        return None
    from experiments.building.site_policy import site_agent  # brings a solver

    gather = Gather()
    tariff = cfg.get("tariff") or {"name": DEFAULT_TARIFF}
    site = gather(site_agent, name, str(tariff.get("name", "")))
    if cfg.get("site") is None and cfg.get("tariff") is None:
        gather.add(
            [
                _wrong(
                    "energy",
                    "needs a site to run",
                    repr(name),
                    "site=pv_battery, tariff=us_demand, or both",
                )
            ]
        )
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
            raise InputError(
                [
                    _wrong(
                        "params",
                        "only rules have parameters",
                        str(dict(params)),
                        f"no params with agent={agent}",
                    )
                ]
            )
        from agents.deep.load import load_agent  # brings torch

        try:
            return load_agent(agent)
        except ArtifactError as error:
            raise InputError(
                [_wrong("agent", "must hold an agent of this version", agent, str(error))]
            ) from None
    known = [*plug_names(rules), PRETRAINED]
    near = difflib.get_close_matches(agent, known, n=2)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    raise InputError(
        [
            _wrong(
                "agent",
                "must be a rule, a run folder or pretrained",
                repr(agent),
                f"{hint}rules: {', '.join(known[:-1])}",
            )
        ]
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
                _wrong(
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
                _wrong(f"params.{key}", f"must be a {kind}", repr(value), f"e.g. params.{key}=0.5")
            )
            continue
        values[key] = kinds[key](number)
    if problems:
        raise InputError(problems)
    policy: Policy = plug(**values)
    return policy


def tuned(plant_name: str) -> dict[str, dict[str, float]]:
    """All tuned parameters of a plant (rule -> parameter -> value); empty if never tuned."""
    if not (CONF / "tuned" / f"{plant_name}.yaml").is_file():
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


def _mapping(parts: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = parts.get(key)
    if not isinstance(part, Mapping):
        raise InputError([_wrong(key, "must hold keys and values", repr(part), f"see conf/{key}/")])
    return part


def _wrong(field: str, rule: str, got: str, right: str) -> Problem:
    return wrong("command line", field, rule, got, right)


def _placed(problem: Problem, sources: Mapping[str, str], words: Sequence[str]) -> Problem:
    """The same problem with the place it comes from: an override, or a file and its line."""
    key = dotted(problem.field)
    part = problem.where.removeprefix("config ")
    if not problem.where.startswith("config"):
        return problem  # a file of its own: a series, a published tariff
    if part in ENERGY_PARTS:
        group = part
    elif key.startswith("disruptions.") and "disruptions" in sources:
        group, key = "disruptions", key.removeprefix("disruptions.")
    elif key.startswith("market.") and "demand" in sources:
        group, key = "demand", key.removeprefix("market.")
    elif key.startswith("inspection.") and "inspector" in sources:
        group, key = "inspector", key.removeprefix("inspection.")
    elif problem.where == "config scenario" or not key.startswith("plant."):
        group = "plant" if problem.where == "config plant" else "scenario"
    else:
        group, key = "plant", key.removeprefix("plant.")
    for word in words:
        name = word.partition("=")[0].lstrip("+~")
        full = f"{group}.{key}"
        if (name != group and f"{full}.".startswith(f"{name}.")) or name.startswith(f"{full}."):
            return dataclasses.replace(problem, where=f"command line {word}")
    if group not in sources:
        return problem
    line = line_of(key, key_lines(Path(sources[group])))
    return dataclasses.replace(
        problem, where=sources[group] if line is None else f"{sources[group]}:{line}"
    )


def seed_from(cfg: DictConfig) -> int:
    """The run's seed: a whole number, 0 or more."""
    seed = cfg.seed
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        raise InputError(
            [_wrong("seed", "must be a whole number, 0 or more", repr(seed), "e.g. seed=0")]
        )
    return seed


def switch_from(cfg: DictConfig, key: str) -> bool:
    """A key that is true or false."""
    if not isinstance(cfg[key], bool):
        raise InputError([_wrong(key, "must be true or false", repr(cfg[key]), f"{key}=true")])
    return bool(cfg[key])
